"""Whether two names are those of one paper, and how sure that is. Pure."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from watcher.link.names import BINDING, Name, stem_of

EQUAL, FORM_WORDS, OTHER_KIND, ONE_WORD, DOUBT, OPPOSED, UNLIKE = (
    0.96,
    0.9,
    0.84,
    0.8,
    0.4,
    0.3,
    0.2,
)
"""Worth of a match: the same core; all but form words; 规定 become 办法; one word put in or out. By
themselves worth no link, so that the texts must decide: names that are alike; alike but for a word and
its opposite (大型/小型); not alike at all."""

_LONGEST_WORD = 3
_SHORTEST_NAME = 8
_TELLING = frozenset("非不无未有大小中高低软硬新老男女内外前后上下儿成人") | {
    "动物",
    "临床",
    "同品种",
    "家用",
    *("备案", "安全", "评价", "评估", "考核", "认定", "审批", "登记", "检验", "监测", "统计"),
    *("采购", "招标", "处罚", "查询", "申报", "补贴", "收费", "培训", "应急", "示范"),
}
"""Inserted words that make another subject of it: 临床试验 is not 非临床试验."""
_OPPOSITES = (
    *(
        "大中小微",
        "高低",
        "软硬",
        "内外",
        "进出",
        "前后",
        "上下",
        "左右",
        "东南西北",
        "男女",
        "成儿老幼",
    ),
    *(
        "甲乙丙丁戊",
        "一二三四五六七八九十",
        "公私",
        "国省市县",
        "鼻皮口眼耳",
        "公铁水航",
        "有无",
        "主被",
        "冷热",
        "干湿",
        "生熟",
    ),
)
_YEARS = re.compile(r"(?:19|20)\d\d(?=年(?![前底末]))")
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
    if draft.stem == final.stem and draft.kind == final.kind:
        return Match(OTHER_KIND, f"title cores differ in 管理: {draft.core!r}, {final.core!r}")
    if draft.revises and final.amended == draft.loose:
        return Match(OTHER_KIND, f"{draft.core!r} is revised by a decision")
    word = _one_word(draft, final)
    if word:
        return Match(ONE_WORD, f"title cores differ in one word {word!r}: {final.core!r}")
    if _alike(draft, final):
        opposed = _opposed(draft, final)
        if opposed:
            return Match(OPPOSED, f"title cores have {opposed}: {draft.core!r}, {final.core!r}")
        return Match(DOUBT, f"title cores are alike: {draft.core!r}, {final.core!r}")
    return None


def agree(one: Name, other: Name) -> Match | None:
    """How two names agree, where no text need be asked."""
    found = match(one, other)
    return found if found and found.worth > DOUBT else None


def unlike(draft: Name, final: Name) -> Match | None:
    """For names that are not alike: what may be said where the texts are, or None."""
    if _contradict(draft, final):
        return None
    return Match(UNLIKE, f"title cores are not alike: {draft.core!r}, {final.core!r}")


def keys(name: Name) -> tuple[str, ...]:
    """What names that may match share, besides `loose`: the stem, and how it begins or ends.

    Where a word is put into a name, the longer half of the shorter name, before or behind the word,
    stands in both; so each name has the halves of all lengths that a partner's can have.
    """
    stem = name.stem
    joins = any(word in name.loose for word in "和与及")
    whole = (f"={stem}", f"~{name.ordered}") if joins else (f"={stem}",)
    if name.amended:
        whole = (*whole, f"={stem_of(name.amended)}")
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


def _opposed(draft: Name, final: Name) -> str:
    """The words by which one name says the opposite of the other, as 大/小; "" where none does."""
    ops = SequenceMatcher(None, draft.loose, final.loose, autojunk=False).get_opcodes()
    for tag, start, end, first, last in ops:
        ours, theirs = draft.loose[start:end], final.loose[first:last]
        one, other = set(ours), set(theirs)
        if tag == "replace" and any(one & set(s) and other & set(s) for s in _OPPOSITES):
            return f"{ours}/{theirs}"
    return ""


def _contradict(draft: Name, final: Name) -> bool:
    """Other part, period or year, an edition that cannot come of this draft, another decision."""
    years = set(_YEARS.findall(draft.core)), set(_YEARS.findall(final.core))
    if all(years) and years[0] != years[1]:
        return True
    if draft.amended and final.amended and draft.amended != final.amended:
        return True
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
    if longer.startswith(shorter) and draft.loose.count("管理") != final.loose.count("管理"):
        return None  # 评估办法 beside 管理办法: the word stands in for another
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
