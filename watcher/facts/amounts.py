"""Numbers with their units in a Chinese sentence, and the words for what they measure."""

import re
from dataclasses import replace
from itertools import pairwise

from watcher.facts.spanned import Spanned
from watcher.model import PolicyTarget
from watcher.text import cn_number

Number = float | int

_LONGEST_QUANTITY = 40
_CLAUSES_BACK = 3  # in which the words for a number are looked for

# ---------------------------------------------------------------- numbers

_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d{1,6})?"
_HAN = r"[一二两三四五六七八九十百千]{1,7}"
_COUNTED = (
    "个(?!百分点)|[家户架台班]次|家|项|种|类|座|所|处|条|件|例|名|人次|人|户|台套|台|辆|艘|架|套|批次|支|部|篇|只|头|颗|枚|块|片|栋|间|门|款|"
    "场|次|幅|镇|村|县|对|列|班|亩|岁|倍|床|盏|根|组|粒|株|箱|瓶|册|卷|幢|孔|口|眼|罐|节|匹|羽|尾|宗|起|笔|剂|学位"
)
_MEASURED = (
    r"个百分点|(?<=\.\d)年|吨标准煤|吨标煤|吨|千克|公斤|千瓦时|千瓦|兆瓦|吉瓦|度|公里|千米|平方公里|平方千米|平方米|立方米|公顷|标准箱|"
    "美元|欧元|元|小时|分钟|毫秒|纳米|微克|斤|米|车位|桩|标准机架|机架|"
    "EFLOPS|PFLOPS|EFlops|PFlops|EB|ZB|PB|TB|GWh|GW|MW|kWh|Gbps|Tbps|Mbps|TEU|kW|P(?![A-Za-z])"
)
_FIRST = "盏根组个家项种类座所处条件例名人户台辆艘架套支部只头颗间万亿多余亩倍吨元公平"  # of units behind Chinese numerals
AMOUNT = re.compile(  # begins with the number itself, so that the search runs from digit to digit
    rf"(?:百分之(?P<part>{_HAN}|{_ARABIC})|(?P<a>{_ARABIC}|{_HAN}(?=[{_FIRST}以及左—-])))"
    r"(?P<scale_a>(?:[十百万亿]|千(?![瓦克米])){0,3})(?:[%％](?=[-—–－~～至到]))?"
    rf"(?:[-—–－~～至到]{{1,2}}(?P<b>{_ARABIC}|{_HAN}))?"
    r"(?P<more>[多余]?)(?P<scale>(?:[十百万亿]|千(?![瓦克米])){0,3})[ \u00a0]?"
    rf"(?P<unit>[%％‰]|{_MEASURED}|{_COUNTED})?(?P<per>/(?:立方米|平方米|[千万]?[人户台]|年|日|天|小时|亩|公顷|[A-Za-z]{{1,3}}))?"
    r"(?P<behind>[及或]?以上|[及或]?以内|[及或]?以下|之内|左右)?"
    r"|翻(?P<doubled>[一两])番"
)
_LEAST = ("不低于", "不少于", "不小于", "至少", "≥", "≧")
_MOST = ("不超过", "不高于", "不大于", "不多于", "不突破", "≤", "≦")
_OVER = ("超过", "突破", "高于", "大于", "多于", "逾", "超")
_UNDER = ("低于", "小于", "少于")
AND = ("、", "和", "，")
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

# ---------------------------------------------------------------- words

_NO_COUNT = re.compile(
    r"(?:中央|国家|地方|有关|相关|成员|主管|国务院)?(?:部门|部委|方面|环节|月|工作日|阶段|层面|章|条款|附件|季度|省(?![部级内])|自治区|直辖市|专栏|原则|步骤|"
    r"统筹|全面|现代化|一百年|维护|意识|自信|确立|代表|优先|支柱|小时内|组成|档|附录|专题|学时)"
)
_CLAUSE = re.compile(r"[，,：:]|[（(](?![^（）()]{0,30}[)）])")
_OPENS = re.compile(  # what stands before the words for what is measured
    r"(?:[\s—\-–•·●◆■▪、,，]|\d{1,2}[.．、](?!\d)|[（(][\d一二三四五六七八九十]{1,3}[)）]|其中|力争|争取|努力|确保|推动|提供|全面|并|且|以及|和|与|及|同时|预计|预期|"
    r"将|再|全国|我国|目前|已|建成|培育|打造|形成|建设|实现|完成|使|到|累计|新建|新培育|培训|培养|遴选|制修订|制定|引进|布局)*"
)
_ENDS = (  # and behind them, the longest first
    "“十四五”末", "进一步", "力争", "争取", "全部", "总体", "基本", "分别", "累计", "年均", "每年", "平均", "普遍", "稳步", "持续", "合计", "总数", "有望", "新增", "新建", "达到", "超过", "突破", "低于", "少于", "高于", "大于", "小于", "至少", "提高", "提升", "增长", "增加", "扩大", "增至", "降低", "下降", "减少", "压减", "缩短", "控制", "保持", "稳定", "维持", "接近", "实现", "完成", "将", "是", "要", "均", "再", "不", "共", "达", "超", "增", "降", "为", "逾", "占", "到", "至", "在", "了", "约", "近", "≥", "≤", "≧", "≦", "翻", "从", "由", "“",
)  # fmt: skip
_BASE_YEAR = re.compile(r"[比较在]?20\d\d年的?(?:基础上|水平)?$")
_DIGIT = re.compile(r"(?<=[\u4e00-\u9fff])\d{1,9}(?=[\u4e00-\u9fff])")
_COUNTS = re.compile(rf"(?:{_COUNTED})$")
_REACHED = re.compile(r"(?:达到?|至|到|超过|突破|低于|高于|以|为)$")
_BEHIND = re.compile(
    r"(?:的|左右|以上)?((?:[56]G|[23]D|[^，,。；;：:（）()、！!\d\n])[^，,。；;：:（）()！!\d\n]{0,38})"
)
_NOT_NOUN = re.compile(
    r"(?:左右|以上|以下|以内|并|且|和|与|及|比|较|，|。|占|达|超|增长|提高|提升|，|的?(?:水平|目标|基础))"
)
_OF_SUCH_SIZE = re.compile(
    r"(?:的|规模|级)?(?:[\u4e00-\u9fff]{0,4})(?:企业|单位|园区|集群|项目|县|城市|家庭|机组|基地)"
)
_A_YEAR = re.compile(r"20\d\d|十[四五六]五")
_JOINED = re.compile(r"[、和及与][^、和及与]{0,12}$")


def target_at(
    line: str, match: re.Match[str], bounds: tuple[int, int, int], year: int | None
) -> Spanned[PolicyTarget] | None:
    """The target at a number.

    `bounds`: where its sentence begins, its own words may begin, and the target before it ends.
    """
    begin, since, floor = bounds
    start, end = match.span()
    before = line[max(begin, start - 8) : start]
    value, unit = _value(match), _unit(match, before, line[end : end + 8])
    if value is None or unit is None or _glued(line, start):
        return None
    behind = match["behind"] or ""
    bound = _bound(before.rstrip("约近了 "), behind, match["more"] or "")
    if (
        match["a"]
        and not match["a"][0].isdigit()
        and not bound
        and unit not in ("倍", "%")
        and _small(value)
    ):
        return None  # 三个方面, 两类企业: counts of the sentence's own parts
    if unit not in _COUNTED and _OF_SUCH_SIZE.match(line, end):
        return None  # 产值100亿元以上企业20家: what is counted, not how much of it
    place = _quantity(line, match, since, begin)
    if place is None:
        return None
    return Spanned(
        PolicyTarget(
            quantity=line[place[0] : place[1]],
            value=value,
            unit=f"{unit} {bound}".strip(),
            by_year=year,
        ),
        min(place[0], start) if place[0] >= floor else start,
        max(place[1], end),
    )


def second_target(
    line: str, match: re.Match[str], first: Spanned[PolicyTarget]
) -> Spanned[PolicyTarget] | None:
    """The target at the second number of 普及率、数控化率分别超过90%、75%: of the same words and bound."""
    value, unit = _value(match), _unit(match, "", line[match.end() : match.end() + 8])
    kept, _, bound = first.value.unit.partition(" ")
    if value is None or unit != kept:
        return None
    unit = f"{unit} {bound}".strip()
    return Spanned(replace(first.value, value=value, unit=unit), match.start(), match.end())


def _bound(before: str, behind: str, more: str) -> str:
    if before.endswith(_MOST):
        return "(max)"
    if before.endswith((*_LEAST, *_OVER)) or behind.endswith("上") or more:
        return "(min)"
    return "(max)" if before.endswith(_UNDER) or behind.endswith(("下", "内")) else ""


def _glued(line: str, start: int) -> bool:
    """Whether a number is part of a word: a standard's number, an ordinal, a rank, 每万人."""
    last = line[start - 1 : start]
    if last == "前":  # 前10% is a rank, 2027年底前100个 a day
        return line[start - 2 : start - 1] not in tuple("年底末月日")
    return bool(last) and (last in "第每/.-—" or (last.isascii() and last.isalnum()))


def _small(value: Number | tuple[Number, Number]) -> bool:
    return (value[1] if isinstance(value, tuple) else value) < 10


def _unit(match: re.Match[str], before: str, after: str) -> str | None:
    """The unit as written; "" for an index (PUE 1.25以下), None for what counts nothing."""
    if match["doubled"]:
        return "倍"
    unit = "%" if match["part"] else (match["unit"] or "").replace("％", "%")
    if unit == "岁" and match["behind"] and after[:1].isalpha():
        return None  # 3岁以下婴幼儿: whose, not how much
    if unit:
        counted = _COUNTS.fullmatch(unit) is not None
        return None if counted and _NO_COUNT.match(after) else unit + (match["per"] or "")
    told = match["behind"] or (_REACHED.search(before) and (not after or after[0] in "，,、（("))
    plain = match["scale"] or match["scale_a"] or "." in (match["a"] or "")
    return "" if told and (plain or match["behind"]) and not match["per"] else None


def _value(match: re.Match[str]) -> Number | tuple[Number, Number] | None:
    if match["doubled"]:
        return 2 if match["doubled"] == "一" else 4
    low, high = _number(match["part"] or match["a"]), _number(match["b"])
    own, scale = _scale(match["scale_a"]), _scale(match["scale"])
    if low is None:
        return None
    if high is not None:
        low *= own if own > 1 else scale
        return (_clean(low), _clean(high * scale)) if low < high * scale else None
    return _clean(low * own * scale)


def _number(text: str | None) -> Number | None:
    if not text:
        return None
    if not text[0].isdigit():
        bare = len(text) > 1 and not set(text) & set("十百千")  # 三五家: three to five
        return None if bare else cn_number(text)
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _scale(letters: str) -> int:
    scale = 1
    for letter in letters:
        scale *= _SCALE[letter]
    return scale


def _clean(value: Number) -> Number:
    value = round(value, 6)
    return int(value) if float(value).is_integer() else value


def _quantity(line: str, match: re.Match[str], since: int, begin: int) -> tuple[int, int] | None:
    """Where the words stand for what is measured: behind a count, else before it in its clause."""
    if (
        match["unit"]
        and _COUNTS.fullmatch(match["unit"])
        and (behind := _BEHIND.match(line, match.end()))
        and not _NOT_NOUN.match(behind[1])
    ):
        end = behind.end(1)
        if line[end : end + 1].isdigit() and (cut := _JOINED.search(behind[1])):
            end = behind.start(1) + cut.start()  # 10个园区和20家工厂
        return behind.start(1), end
    starts = [begin, *(mark.end() for mark in _CLAUSE.finditer(line, begin, match.start()))]
    own = max(since, starts[-1])
    if place := _trimmed(line, own, match.start()):
        return place
    behind = _BEHIND.match(line, match.end()) if match["unit"] else None
    named = behind.span(1) if behind and not _NOT_NOUN.match(behind[0]) else None
    if named and line[match.end()] == "的":  # 提供3亿千瓦的公共照明容量
        return named
    for start, end in list(pairwise([*starts, own]))[: -_CLAUSES_BACK - 1 : -1]:
        if start >= end:
            continue
        cut = _A_YEAR.search(line, start, end) or _DIGIT.search(line, start, end - 1)
        if place := _trimmed(line, start, cut.start() if cut else end - 1):
            return place  # 机器人密度稳步提高，到2027年达到500台; 从2025年的50%提高到2027年的80%
    return named  # 完成500公里管网改造


def _trimmed(line: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of `line[start:end]` that names something, its last 40 characters at most."""
    opened = _OPENS.match(line, start, end)
    start = opened.end() if opened else start
    start = max(start, end - 2 * _LONGEST_QUANTITY)
    while True:
        if line.endswith(_ENDS, start, end):
            end -= next(len(word) for word in _ENDS if line.endswith(word, start, end))
        elif line.endswith(("年", "上", "平"), start, end) and (
            base := _BASE_YEAR.search(line, start, end)
        ):
            end = base.start()
        else:
            break
    start = max(start, end - _LONGEST_QUANTITY)
    return (start, end) if line[start:end].strip("，,、的 ") else None
