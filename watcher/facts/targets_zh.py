"""The numbers a Chinese plan sets itself: 到2027年，建成100个以上示范区. Obligations and statistics are none."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from watcher.facts.amounts import AMOUNT, AND, second_target, target_at
from watcher.facts.spanned import Spanned
from watcher.model import PolicyTarget
from watcher.text import cn_number

_MOST = 200  # targets of one text
_LONGEST_LINE = 4000  # characters of a paragraph that are read; plans' are below 1,500
_NEAR = 200  # characters before a number that are read with it
_THIS_CENTURY, _LAST_YEAR = 2000, 2070

# ---------------------------------------------------------------- years

_FIVE = {"四": 2025, "五": 2030, "六": 2035}  # “十四五” ends in 2025
_YEAR = re.compile(
    r"(?:20\d\d年?[-—–－~～至到]{1,2})?(?P<year>20\d\d)年(?P<by>(?:底|末)?(?:\d{1,2}月(?:\d{1,2}日|底|末)?)?(?:以前|之前|前)?)"
    r"|十(?P<five>[四五六])五[”\"]?(?:规划)?(?:时期|期间|期)?(?P<last>末|结束|收官)"
    r"|(?:用|经过|未来|今后|力争|争取)(?P<years>[2-9两三四五六七八九十]|1\d)个?年"
    r"|(?P<middle>本世纪中叶)"
)
_BY = re.compile(r"(?:到|至|在|于)[“\"\s]?$")
_SINCE = re.compile(r"(?:从|自|截至|截止到?)[“\"\s]?$")
# 比2020年提高: what it is measured against
_COMPARED = re.compile(r"(?:比|较|与|以|对照)[“\"\s]?$")
_ON_IT = re.compile(r"的?(?:基础|水平|基数|为基|相比)")

# ---------------------------------------------------------------- words

_AIM = re.compile(
    r"力争|争取|目标(?:是|为|：|:)|努力(?:实现|达到|使)|(?:预期|主要|总体|发展|年度|工作)目标|确保(?=[^。]{0,30}(?:达|超|不低于|以上))"
)
_MAKES = re.compile(
    r"建成|建设|培育|打造|形成|新增|新建|累计|完成|实现|推广|制定|修订|制订|发布|遴选|认定|支持|培养|培训|引进|布局|创建|覆盖|服务|"
    r"带动|开展|改造|推出|攻克|突破|实施|孵化|组建|设立|集聚|聚集|发展|拥有|达|超|提高|提升|增长|增加|扩大|增至|降|减少|压减|缩短|"
    r"控制|保持|稳定|维持|不低于|不少于|不高于|低于|高于|至少|翻|占|为|研制|研发|选树|评选|吸纳|吸引|落地|建立|构建|力争|下降|"
    r"投运|投产|投用|淘汰|更新|回收|利用|消纳|转化|惠及|筹集|开工|建|开发|绘制|部署|储备|扶持|选派|接入|上线|总结|凝练|种植|生产"
)
_NOT_HERE = re.compile(
    r"罚款|处以|罚金|违法|没收|拘留|徒刑|滞纳金|违约|赔偿|注册资本|实缴|净资产|利率|税率|贴息|费率|奖励|补助|补贴|资助|奖补|给予|"
    r"贷款额度|单笔|授信|收费|申报|申请(?:人|单位|企业|主体)|推荐(?:数量|名额|不超过|项目)|限报|有效期|工作日|以下简称|年满|表决权|持股|股东|出资比例|股权|"
    r"每(?:个?省|市|家?单位)[^，。]{0,10}(?:不超过|限)|预测|每人每|每月每人|标准(?:为|调整)|[电水气]价|缴费"
)
_BINDING = re.compile(r"应当|不得|必须|应(?:于|在|不|具备|符合)|方可|须(?!知)")
_PAST = re.compile(  # look behind at the end: branches that begin with a letter are searched fast
    r"同比|环比|去年|上年(?!增)|季度|上半年|目前(?<![比较]目前)|现有|截至|截止|已(?<![于比较]已)|十[二三]五|初步核算|曾|增长了|达到了|提高了|超过了|下降了"
)
_SENTENCE = re.compile(r"[^。；;！!？?]+")
_HEADING = re.compile(
    r"\s*(?:(?P<one>[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百零\d]{1,5}[章节条编部])"
    r"|[（(][一二三四五六七八九十]{1,3}[)）])"
)
_HEADS = tuple("一二三四五六七八九十第（(")
_ARTICLE = re.compile(r"\s*第[一二三四五六七八九十百零\d]{1,6}条")
_PLAIN = 3
_BULLET = re.compile(r"\s*(?:[—\-–•·●◆■▪]|\d{1,2}[.．、]|[（(]\d{1,2}[)）]|其中)")


class _Anchor(NamedTuple):
    """A year at `[start:end]` of a line; `aim` where it is one to come, by which something is due."""

    year: int
    start: int
    end: int
    aim: bool
    current: bool
    """The paper's own year, of which a wish (目标是) makes an aim as well."""


class _State(NamedTuple):
    """What paragraphs below inherit: the year of the aim above, and how deep its heading stands."""

    year: int | None = None
    level: int = _PLAIN
    listed: bool = False
    """Whether the aim ended in a colon: then the paragraphs below are its list."""


def chinese_targets(text: str, *, dated: date | None) -> tuple[Spanned[PolicyTarget], ...]:
    """The quantities that `text` sets itself for a year to come, in the order they stand.

    Values are scaled (1.5万亿元 is 1500000000000 元), units as written, with " (min)" or " (max)" for
    a bound; the quantity is what the text says is measured. The year is the nearest one before the
    number in its paragraph, else that of the paragraphs above under one heading. `dated` tells
    which years are to come; without it every "到…年" is. Penalties, thresholds, subsidies and
    figures of the past are no targets. A span is the quantity with its number.
    """
    hints = _hints(text, dated)
    found: list[Spanned[PolicyTarget]] = []
    state = _State()
    for raw, place in _lines(text) if hints else ():
        state = _enter(state, raw)
        nth = bisect_left(hints, place)
        hinted = nth < len(hints) and hints[nth] < place + len(raw)
        below = state.year is not None and (
            state.listed or state.level < _PLAIN or _BULLET.match(raw) is not None
        )
        if not (hinted or below):
            continue
        line, at = _closed(raw)
        anchors = _anchors(line, dated)
        for one in _line_targets(line, anchors, state.year if below else None):
            start, end = (at[one.start], at[one.end - 1] + 1) if at else one[1:]
            found.append(Spanned(one.value, place + start, place + end))
            if len(found) == _MOST:
                return tuple(found)
        if aims := [anchor.year for anchor in anchors if anchor.aim]:
            state = state._replace(year=aims[-1], listed=line.endswith(("：", ":")))
    return tuple(found)


_HINT = re.compile(
    r"[2２][0０](?P<year>[2-6２-６][\d])|十[四五六]五|本世纪中叶|未来|今后|经过|用[\d一二两三四五六七八九十]{1,2}个?年"
    r"|力争|争取|目标|努力|确保"
)


def _hints(text: str, dated: date | None) -> list[int]:
    """Where a year to come or a wish stands: paragraphs without one set nothing by themselves."""
    first = dated.year % 100 if dated and dated.year >= _THIS_CENTURY else 0
    return [
        match.start()
        for match in _HINT.finditer(text)
        if match["year"] is None or int(match["year"]) >= first
    ]


def _lines(text: str) -> Iterator[tuple[str, int]]:
    place = 0
    for line in text.split("\n"):
        if line.strip():
            yield line[:_LONGEST_LINE], place
        place += len(line) + 1


_WIDE = re.compile("[０-９]")
_NARROW = {ord("０") + n: ord("0") + n for n in range(10)}
_BLANKS = re.compile(r"(?<![A-Za-z])[ \u00a0\u3000\t]+|[ \u00a0\u3000\t]+(?![A-Za-z])")


def _closed(line: str) -> tuple[str, Sequence[int]]:
    """A line without the blanks that pages put around numbers (到 2027 年), and where its letters stood.

    Full-width digits become narrow. The places are empty where nothing moved.
    """
    if _WIDE.search(line):
        line = line.translate(_NARROW)
    gaps = [gap.span() for gap in _BLANKS.finditer(line)]
    if not gaps:
        return line, ()
    kept: list[int] = []
    last = 0
    for start, end in gaps:
        kept.extend(range(last, start))
        last = end
    kept.extend(range(last, len(line)))
    return _BLANKS.sub("", line), kept


def _level(line: str) -> int:
    """1 for 一、 and chapters, 2 for （一）, `_PLAIN` for paragraphs without such a number."""
    heading = _HEADING.match(line)
    return _PLAIN if heading is None else 1 if heading["one"] else 2


def _enter(state: _State, line: str) -> _State:
    """What is inherited at a new line: a heading as high as that of the aim ends it."""
    if not line.lstrip().startswith(_HEADS):
        return state
    level = _level(line)
    if level == _PLAIN or (state.year is not None and level > state.level):
        return state
    return _State(None, level)


def _anchors(line: str, dated: date | None) -> list[_Anchor]:
    anchors = []
    for match in _YEAR.finditer(line):
        start, end = match.span()
        before = line[max(0, start - 5) : start]
        if _COMPARED.search(before) or _ON_IT.match(line, end):
            continue
        if line.rfind("《", 0, start) > line.rfind("》", 0, start):
            continue  # the name of a plan
        year, by = _year(match, dated)
        if year <= _LAST_YEAR:
            by = by or _BY.search(before) is not None
            day = (match["by"] or "").endswith(("日", "月"))  # a date, such as the paper's own
            free = not day and not _SINCE.search(before)
            aim = free and _to_come(year, by, dated)
            current = free and dated is not None and year == dated.year
            anchors.append(_Anchor(year, start, end, aim, current))
    return anchors


def _year(match: re.Match[str], dated: date | None) -> tuple[int, bool]:
    """The year that a match of `_YEAR` names, 0 when it takes the unknown day to tell; whether it is a limit."""
    if match["year"]:
        return int(match["year"]), match["by"][-1:] in ("底", "末", "前")
    if match["five"]:
        return _FIVE[match["five"]], True
    if match["years"]:  # 用五年时间
        return (dated.year + cn_number(match["years"]) if dated else 0), dated is not None
    return 2050, True


def _to_come(year: int, by: bool, dated: date | None) -> bool:
    """Whether something is due in `year`: a later one, or this one where the words or a plan's season say so."""
    if dated is None:
        return by
    if year == dated.year:  # the year's own tasks (2026年，新建…) are set in its first half
        return by or dated.month <= 6
    return year > dated.year


def _line_targets(
    line: str, anchors: Sequence[_Anchor], inherited: int | None
) -> Iterator[Spanned[PolicyTarget]]:
    starts = [anchor.start for anchor in anchors]
    article = _ARTICLE.match(line) is not None
    floor = 0
    for sentence in _SENTENCE.finditer(line):
        begin, end = sentence.span()
        numbers = list(AMOUNT.finditer(line, begin, end))
        if not numbers:
            continue
        due = any(anchor.aim and begin <= anchor.start < end for anchor in anchors)
        if _NOT_HERE.search(line, begin, end):
            continue
        if not due and (article or _BINDING.search(line, begin, end)):
            continue
        wish = _AIM.search(line, begin, end) is not None
        last: Spanned[PolicyTarget] | None = None
        number = begin  # where the last number ended
        for match in numbers:
            nth = bisect_right(starts, match.start()) - 1
            anchor = anchors[nth] if nth >= 0 else None
            if anchor and not (anchor.aim or (wish and anchor.current)):
                continue
            year = anchor.year if anchor else inherited
            if (year is None and not wish) or match.start() < floor:
                continue
            near = max(begin, match.start() - _NEAR)
            since = max(near, anchor.end if anchor else 0)
            if _PAST.search(line, since, match.start()):
                continue
            if not _MAKES.search(line, near, match.end()):
                continue
            target = None
            if last and line[number : match.start()] in AND:
                target = second_target(line, match, last)
            target = target or target_at(line, match, (near, max(since, floor), floor), year)
            if target:
                floor, last, number = target.end, target, match.end()
                yield target
