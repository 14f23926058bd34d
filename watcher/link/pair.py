"""Whether two names are those of one paper, and how sure that is. Pure."""

from difflib import SequenceMatcher
from typing import NamedTuple

from watcher.link.names import BINDING, Name

EQUAL, FORM_WORDS, OTHER_KIND, ONE_WORD, DOUBT = 0.96, 0.9, 0.84, 0.8, 0.4
"""Worth of a match: the same core; all but form words; 规定 become 办法; one word put in or out; and
names so alike that the texts must decide (大型/小型): by itself this is worth no link."""

_LONGEST_WORD = 3
_SHORTEST_NAME = 8
_TELLING = frozenset("非不无未有大小中高低软硬新老男女内外前后上下儿成人") | {
    "动物",
    "临床",
    "同品种",
    "家用",
    "备案",
    "安全",
}
"""Inserted words that make another subject of it: 临床试验 is not 非临床试验."""
_HEADS = frozenset({"医用", "国家", "全国", "我国"})
_ALIKE = 0.6
"""How much of two names must agree, 0..1, for their texts to be compared."""


class Match(NamedTuple):
    worth: float
    reason: str


def match(draft: Name, final: Name) -> Match | None:
    """How the two names agree, or None when they name different papers."""
    if _contradict(draft, final):
        return None
    if draft.core == final.core:
        return Match(EQUAL, f"same title core {final.core!r}")
    if draft.loose == final.loose or draft.ordered == final.ordered:
        return Match(
            FORM_WORDS,
            f"title cores differ in form words only: {draft.core!r}, {final.core!r}",
        )
    if draft.stem == final.stem and {draft.kind, final.kind} == BINDING:
        return Match(
            OTHER_KIND, f"same title core {final.stem!r}, {draft.kind} became {final.kind}"
        )
    word = _one_word(draft, final)
    if word:
        return Match(ONE_WORD, f"title cores differ in one word {word!r}: {final.core!r}")
    if _alike(draft, final):
        return Match(DOUBT, f"title cores are alike: {draft.core!r}, {final.core!r}")
    return None


def keys(name: Name) -> tuple[str, ...]:
    """What names that may match share, besides `loose`: the stem, and how it begins or ends.

    Where a word is put into a name, the longer half of the shorter name, before or behind the word,
    stands in both; so each name has the halves of all lengths that a partner's can have.
    """
    stem = name.stem
    joins = any(word in name.loose for word in "和与及")
    whole = (f"={stem}", f"~{name.ordered}") if joins else (f"={stem}",)
    if len(stem) < _SHORTEST_NAME - 1:
        return whole
    shortest = max(len(stem) - _LONGEST_WORD, _SHORTEST_NAME - 1)
    halves = sorted({(length + 1) // 2 for length in range(shortest, len(stem) + 1)})
    begins = [f"{stem[:half]}…" for half in halves]
    return (*whole, *begins, *(f"…{stem[-half:]}" for half in halves))


def _alike(draft: Name, final: Name) -> bool:
    """Whether the names are near enough to let the texts decide."""
    if min(len(draft.stem), len(final.stem)) < _SHORTEST_NAME - 2:
        return False
    matcher = SequenceMatcher(None, draft.loose, final.loose, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _contradict(draft: Name, final: Name) -> bool:
    """Other part, other period, or an edition that cannot come of this draft."""
    if draft.ordinals and final.ordinals and draft.ordinals != final.ordinals:
        return True
    if draft.period and final.period and draft.period != final.period:
        return True
    if draft.edition and final.edition:
        return not 0 <= final.edition - draft.edition <= 1
    return False


def _one_word(draft: Name, final: Name) -> str | None:
    """The one word by which the names differ, when it does not make another subject of it."""
    shorter, longer = sorted((draft.stem, final.stem), key=len)
    extra = len(longer) - len(shorter)
    if draft.kind != final.kind or len(shorter) < _SHORTEST_NAME - 1 or not extra <= _LONGEST_WORD:
        return None
    ops = SequenceMatcher(None, shorter, longer, autojunk=False).get_opcodes()
    changed = [op for op in ops if op[0] != "equal"]
    if len(changed) != 1 or changed[0][0] != "insert":
        return None
    _, _, _, start, end = changed[0]
    word = longer[start:end]
    # A word at the head narrows the subject (汽车数据 is not 数据); a sign (α-) does not.
    if start == 0 and word not in _HEADS and any("\u4e00" <= c <= "\u9fff" for c in word):
        return None
    if any(c.isdigit() or c.isascii() for c in word) or word in _TELLING:
        return None
    return word
