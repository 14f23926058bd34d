"""The day on which a paper takes effect, read from its order or its final article."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from watcher.facts.day import Day, add_days, add_months, add_workdays, chinese_days, english_days
from watcher.facts.folded import Folded
from watcher.facts.spanned import Spanned
from watcher.text import cn_number, letters, normalize

_LONGEST = 400_000  # the day stands in the last article
_DRAFT = re.compile(r"征求|征询|征集|草案|报批稿|送审稿")
_SPLIT_DATE = re.compile(r"(?<=[\d年月])\s+(?=[年月日])|(?<=[年月])\s+(?=\d)")


def effective_date(
    title: str, text: str, *, published: date | None, signed: date | None
) -> Spanned[date] | None:
    """Return from when the paper called `title` is in force, with the place of the words in `text`.

    自公布之日起 counts from `signed`, else from `published`, and is unknown without both. The day
    of another paper, of one article or of a draft is not the paper's; where own sentences give
    different days without a name that tells which is meant, the answer is None.
    """
    if _DRAFT.search(title):
        return None
    text = text[:_LONGEST]
    clean = _SPLIT_DATE.sub("", normalize(text))
    found = _decide([*_chinese(title, clean, signed or published), *_english(clean)])
    if found is None:
        return None
    return Spanned(found.value, *Folded(text, clean).span(found.start, found.end))


class _Claim(IntEnum):
    """How surely a sentence speaks of the paper itself; the highest claim wins."""

    LABEL = 0
    """A label (实施日期) or an English report."""
    RELATED = 1
    """Nothing named, or 以上规定: the sentence before says what is meant."""
    PUBLICATION = 2
    """本通知自印发之日起施行: the cover letter may say so of itself, and the paper name a day."""
    NAMED_DAY = 3
    """本办法自2027年5月1日起施行."""
    TITLE = 4
    """The same, where the title calls the paper so: the one meant among several."""


class _Effect(NamedTuple):
    claim: _Claim
    day: Spanned[date]


def _decide(effects: Sequence[_Effect]) -> Spanned[date] | None:
    if not effects:
        return None
    best = max(effect.claim for effect in effects)
    days = [effect.day for effect in effects if effect.claim is best]
    return days[0] if len({day.value for day in days}) == 1 else None


# ---------------------------------------------------------------- Chinese

# 起施行, 起正式实施, 生效; not 施行的《…》 and 施行以来, which tell of something in force already
_IN_FORCE = (
    r"\s*(?:\d{1,2}[时点]|零时)?\s*(?:起|开始|之日起)?\s*[，,]?\s*(?:正式|开始|全面|统一|同步|在全国|在全国范围内){0,2}\s*"
    r"(?:施行|实施|执行|生效|试行|适用|启用)(?!的|以来|以后|后|前|之日|细则|条例|方案|办法|情况)"
)
_BEHIND = re.compile(_IN_FORCE)
_TO = re.compile(r"\s*起?\s*[-—–至到]{1,2}\s*")
_LEADS = re.compile(r"(?:自|从|于|在)\s*$")
# 执行期限为2027年1月1日至2029年12月31日: the paper is in force from the first day on
_PERIOD = re.compile(r"(?:(?:执行|施行)期限?|有效期限?)\s*[为是:：]?\s*(?:自|从)?\s*$")
_COUNTED = re.compile(
    r"自\s*(?:(?:本\w{0,6}|公告|通知|文件)?\s*(?:公布|发布|印发|颁布|签发|下发|公告|刊发)|即)(?:之)?日起?(?:算)?"
    r"(?:\s*(?:满|第)?\s*(?P<n>\d{1,3}|[一二两三四五六七八九十百]{1,6})\s*(?P<unit>个工作日|工作日|个?自然日|日|天|个月)(?:之?后|起|后起)?)?"
    + _IN_FORCE
)
_LABEL = re.compile(r"(?:实施|施行|生效|执行)(?:日期|时间)\s*(?:为|是|[:：])?\s*(?:自|从)?\s*$")
_SENTENCE = re.compile(r"[^。！!\n]{1,2000}")
_VERB = re.compile(r"施行|实施|执行|生效|试行|适用|启用|有效期")
_NAMED = re.compile(r"《([^《》\n]{1,200})》")
_PART = re.compile(
    r"第[^，。\n]{1,12}[章条节款项编]|附件|附录|其中|除|部分|前款|表\d|过渡期|[但已原旧]"
)
# The heading of the article that tells it; 第五条自… without a gap would be its subject
_ARTICLE = re.compile(r"^\s*第[^，。\n]{1,9}条\s+(?=\S)")
_SELF = re.compile(
    r"(?:^|[\s、和及：:）)])(?:本|此次|新修订的|修订后的)"
    r"(?:若干|政策|实施|管理|工作|行动|暂行|试行|监督管理|技术|行业|规范(?=条件)|审查|指导){0,2}(?P<noun>办法|规定|细则|条例|规则|决定|公告|通知|通告|意见|法|标准|规范|指南|目录|方案|措施|规程|准则|令|文件|制度|清单|"
    r"计划|规划|纲要|政策|指引|解释|导则|要求|批复|修改单|名单|章程|程序|公约|通则|守则|规章|修正案|条件|解释内容|要点|大纲|预案)"
    r"(?=\s*(?:[（(][^（()）]{0,40}[）)])?[均将也]?\s*$|由[^，。]{2,30}解释\s*$)"
)
_RELATED = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)])?\s*"
    r"(?:现予公布|现予发布|予以公布|(?:以上|上述|该)\w{0,8}|[均并且]|现|[（(][^（()）]{0,60}(?:公布|发布|通过|修订|修正))?\s*$"
)


def _chinese(title: str, clean: str, anchor: date | None) -> Iterator[_Effect]:
    for found in _SENTENCE.finditer(clean):
        sentence, at = found[0], found.start()
        if not _VERB.search(sentence):
            continue
        for start, day in _days_in_force(sentence):
            claim = _claim(title, sentence[:start])
            if day.year and claim is not None and (on := day.after(None)):
                yield _Effect(claim, Spanned(on, at + day.start, at + day.end))
        for match in _COUNTED.finditer(sentence):
            claim = _claim(title, sentence[: match.start()])
            if claim is not None and (on := _count(match, anchor)):
                place = Spanned(on, at + match.start(), at + match.end())
                yield _Effect(min(claim, _Claim.PUBLICATION), place)


def _days_in_force(sentence: str) -> Iterator[tuple[int, Day]]:
    """The days with 施行 behind or 实施日期 before, each with where its phrase begins."""
    days = chinese_days(sentence)
    for place, day in enumerate(days):
        before = sentence[max(0, day.start - 40) : day.start]
        period = _PERIOD.search(before)
        lead = period or _LEADS.search(before)
        behind = _BEHIND.match(sentence, day.end)
        if lead and place + 1 < len(days):  # 自2027年1月1日至2029年12月31日执行
            last = days[place + 1]
            if _TO.fullmatch(sentence, day.end, last.start):
                behind = _BEHIND.match(sentence, last.end) or period
        if behind and not lead and not re.search("起|开始", behind[0]):
            behind = None  # 2027年5月1日实施情况
        if behind or _LABEL.search(before):
            yield day.start - (len(before) - lead.start() if lead else 0), day


def _claim(title: str, lead: str) -> _Claim | None:
    """What the words before a phrase say of whose effect it is; None when it is another's."""
    near = _ARTICLE.sub("", re.split(r"[，,；;]", lead[-200:])[-1])
    if _LABEL.search(near):
        return _Claim.LABEL
    named = [found[1] for found in _NAMED.finditer(near)]
    if named:
        return _Claim.TITLE if letters(named[-1]) in letters(title) else None
    if (own := _SELF.search(near)) and not _PART.search(near[: own.start()]):
        noun = own["noun"]
        return _Claim.TITLE if noun and noun in _nouns(title) else _Claim.NAMED_DAY
    return _Claim.RELATED if _RELATED.match(near) else None


def _nouns(title: str) -> str:
    """The part of a title that names the paper issued: inside its last 《》, else the whole."""
    if title.endswith("决定"):  # 关于修改《…》的决定, with the amended paper behind it
        return "决定"
    named = _NAMED.findall(title)
    return named[-1] if named else title


def _count(match: re.Match[str], anchor: date | None) -> date | None:
    if anchor is None or not match["n"]:
        return anchor
    count, unit = cn_number(match["n"]), match["unit"].removeprefix("个")
    if not 0 < count <= 400:
        return None
    if unit == "工作日":
        return add_workdays(anchor, count)
    if unit == "月":
        return add_months(anchor, count)
    return add_days(anchor, count)


# ---------------------------------------------------------------- English

_EN_EFFECT = re.compile(
    r"\b(?:takes?|took|taking|will take|shall take|goes?|comes?|came|coming|enters?|entered|entering|will come|"
    r"shall come|will enter|shall enter|will go)\s+(?:in)?(?:to\s+)?(?:effect|force)\s+(?:on|from|as of|starting)?\s*$|"
    r"\b(?:effective|in force|in effect|implemented|applicable)\s+(?:on|from|as of|since|starting)?\s*(?:from|on)?\s*$",
    re.I,
)
_EN_VERB = re.compile(r"effect|force|implemented|applicable", re.I)
_EN_OTHER = re.compile(
    r"\b(?:articles?|chapters?|sections?|clauses?|previous|former|old|draft)\b", re.I
)


def _english(clean: str) -> Iterator[_Effect]:
    for line in re.finditer(r"[^\n]{1,2000}", clean):
        if not _EN_VERB.search(line[0]):
            continue
        for day in english_days(line[0]):
            before = line[0][max(0, day.start - 120) : day.start]
            if day.year and _EN_EFFECT.search(before) and not _EN_OTHER.search(before):
                on = day.after(None)
                if on:
                    at = line.start()
                    yield _Effect(_Claim.LABEL, Spanned(on, at + day.start, at + day.end))
