"""Whether an answer may be shown to people: one plain English line that kept every number."""

import re
from collections import Counter

from watcher.text import normalize, one_line
from watcher.translate.translator import Answer

_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"\d+")
_GROUPS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LINK = re.compile(r"https?:|www\.|<|>|\]\(", re.IGNORECASE)
_QUOTES = (("“", "”"), ('"', '"'), ("「", "」"))
LONGEST = 400


def checked(source: str, text: object) -> Answer:
    """`text` as a translation of `source` if it is one; a hostile title or a talkative model gives none."""
    if not isinstance(text, str):
        return Answer(problem="the answer is no text")
    text = text.replace("\u00a0", " ").strip()
    if not text.isprintable() or text != one_line(text):
        return Answer(problem="the answer is not one plain line")
    for first, last in _QUOTES:
        if text.startswith(first) and text.endswith(last) and not source.startswith(first):
            text = text[1:-1].strip()
    if not text or not re.search("[A-Za-z]", text):
        return Answer(problem="the answer is empty")
    if len(text) > min(LONGEST, 60 + 8 * len(source)):
        return Answer(problem="the answer is too long")
    if 2 * len(_HAN.findall(text)) > len(text):
        return Answer(problem="the answer is not English")
    if _LINK.search(text) and not _LINK.search(source):
        return Answer(problem="the answer holds a link or markup that the title has not")
    if lost := _numbers(source) - _numbers(text):
        return Answer(problem=f"the answer lost {', '.join(sorted(lost))}")
    return Answer(text=text)


def _numbers(text: str) -> Counter[str]:
    return Counter(_DIGITS.findall(_GROUPS.sub("", normalize(text))))
