"""One line of English for a Chinese title: who · what it does, to which paper, in which edition."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from watcher.facts.stage import stage_of
from watcher.facts.title import read_title
from watcher.gloss.acts import say_act, shelve
from watcher.gloss.names import HAN
from watcher.gloss.speakers import speakers
from watcher.model import Facts, Stage

LONGEST = 160
"""Characters of a gloss: two lines on a phone."""
_RUN = re.compile(r"[^\x00-\x7f–·…《》]{4,}(?:[\x21-\x7e“”]{0,12}[^\x00-\x7f–·…《》]+)*")
_COLUMN = re.compile(r"^【([^【】]{1,8})】\s*")  # 【政策解读】, 【一图读懂】
_STATUS = re.compile(r"[\[【（(](?:已结束|进行中|已截止)[\]】）)]$")
_LEAST = 8  # Chinese characters that a name keeps when it is cut
_NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss:
    """An English reading of a title; `complete` when no Chinese is left in it."""

    text: str
    complete: bool


def gloss(title: str, facts: Facts | None = None, *, names: Mapping[str, str] = _NO_NAMES) -> Gloss:
    """Read a Chinese title in English by pattern and glossary; a title without Chinese stays as it is.

    `facts` lend what the title does not say (the bodies behind 三部门, the stage); `names` are papers'
    names in English, by their Chinese name without marks. What is not sure stays Chinese. At most
    `LONGEST` characters: Chinese names are cut first.
    """
    if not HAN.search(title):
        return Gloss(text=title, complete=True)
    parsed = read_title(title)
    who = speakers(parsed.whole, facts.bodies if facts else ())
    rest = _out_of_column(parsed.whole[who.end :].lstrip(" ：:，,·|｜-—"))
    stage = facts.stage if facts and facts.stage else stage_of(parsed).stage
    if who.end and parsed.whole[who.end :].lstrip().startswith((":", "：")):
        stage = Stage.NEWS if stage is Stage.FINAL else stage  # 某部：将制定某条例
    if rest:
        text = _cut(" · ".join(filter(None, [who.text, say_act(shelve(rest, names), stage)])))
    else:  # a name, and of no paper
        text = _cut(parsed.whole)
    return Gloss(text=text, complete=not HAN.search(text))


def _out_of_column(title: str) -> str:
    """`title` without the name of its column and its status, which a list puts beside it."""
    title = _STATUS.sub("", title).rstrip()
    column = _COLUMN.match(title)
    if column is None:
        return title
    title = title[column.end() :]
    if "一图" in column[1] or "图解" in column[1]:
        return f"一图读懂{title}"
    explains = column[1].endswith("解读") and not title.endswith("解读")
    return f"解读{title}" if explains else title


def _cut(text: str) -> str:
    """`text` in `LONGEST` characters; the longest Chinese run is shortened first, at its end."""
    for _ in range(8):
        over = len(text) - LONGEST
        if over <= 0:
            return text
        runs = [match for match in _RUN.finditer(text) if match.end() - match.start() > _LEAST + 1]
        if not runs:
            break
        run = max(runs, key=lambda match: match.end() - match.start())
        keep = max(_LEAST, run.end() - run.start() - over - 1)
        text = f"{text[: run.start() + keep]}…{text[run.end() :]}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
