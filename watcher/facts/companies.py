"""Companies that a paper names: by their registered form (…有限公司, … Co., Ltd.) or as well-known names."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice

import yaml
from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.facts.spanned import Spanned

_MOST = 50
_LOOKS = 1000  # places looked at for each language's forms
_WINDOW = 36  # characters before 有限公司 in which its name may begin
_LONGEST = 32

# ---------------------------------------------------------------- Chinese registered names

_FORM = re.compile(  # branches that begin with a letter of their own are searched fast
    r"集团(?:(?:股份)?有限(?:责任)?公司|(?:股份)?公司|(?![化军式性内]|作战|诉讼|采购|管控|企业|成员))"
    r"|股份(?:有限(?:责任)?)?公司|有限(?:责任)?公司|总公司"
)
_PLACES = (
    "中国|北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|"
    "台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|深圳|广州|杭州|南京|苏州|无锡|宁波|厦门|青岛|大连|沈阳|长春|哈尔滨|西安|成都|武汉|长沙|合肥|"
    "郑州|济南|福州|南昌|昆明|贵阳|兰州|太原|石家庄|呼和浩特|南宁|海口|珠海|东莞|佛山|温州|嘉兴|常州|南通|烟台|洛阳|唐山|保定|徐州"
)
_PLACE = re.compile(rf"(?:{_PLACES})(?:省|市|自治区|特别行政区)?")
_LIMIT = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9（）()·&\-－]")
_LEADS = re.compile(  # words that end before a name begins
    r"批准|核准|同意|授予|责令|责成|委托|依托|支持|包括|关于|通过|收到|认定|确定|选定|撤销|注销|吊销|约谈|通报|处罚|暂停|恢复|会同|其中|例如|比如|当事人|"
    r"申请人|供应商|中标人|承担单位|牵头单位|来自|名为|作为|简称|隶属于|所属|旗下|给予|准予|许可|依据|根据|以及|及其|设立|成立|组建|改制为|更名为|变更为|"
    r"登记为|收购|入股|转让|持有|对于|相关|有关|不超过|(?<![平高中初])等|的|(?<!自)由|被|给|让|请|称|与|及|或|是|向(?!阳)"
)
_BEFORE_PLACE = re.compile(
    rf"(?:[和对向将在从经按为据了]|联合|组织|投资|企业|单位|控股|参股|列入|纳入)(?=(?:{_PLACES}))"
)
_FIRST = re.compile(r"[和对将在从按据于把]+(?=.{2})")
_GENERIC = re.compile(
    r"(?:[一二三四五六七八九十多数几\d]+[家个户]?|[某该本各其此]|一人|其他|上述|外商|外资|内资|国有|独资|民营|私营|合资|合作|中外|全资|子|母|控股|参股|"
    r"上市|股份|证券|期货|基金|管理|保险|信托|租赁|金融|融资|担保|小额贷款|资产|企业|大型|中型|小型|特大型|龙头|骨干|重点|跨国|产业|医疗|教育|报业|出版|文化|传媒|"
    r"犯罪|科技|投资|多家|部分|国家|我国|全国|中央|地方|市属|省属|省级|市级|央企|依法|普通|特殊|合伙|公司|的|和|或|业务|工业|矿业|建筑|物流|旅游|农业|商业|利益|"
    r"联合|现代|大|专业|综合|世界级|国际|化|制造|零售|餐饮|医药|能源|汽车|钢铁|电力|以|按照|设立为|注册为|自然人|法人|两合|无限)*"
)
_DECIDES = re.compile(r"(?:登记|管理)?(?:法|条例|办法|规定)(?![\u4e00-\u9fff]?院)")

# ---------------------------------------------------------------- English registered names

_ENGLISH_FORM = re.compile(
    r"(?:,\s?|\s)(?:Co\.?,?\s?Ltd\.?|Company,? Limited|Inc\b\.?|Corp\b\.?|Corporation\b(?:\sof\sChina\b)?|Ltd\b\.?|Limited\b|Group\b(?:\s(?:Co\.?,?\s?Ltd\.?|Corp\b\.?|Holdings\b|China\b))?"
    r"|Holdings?\b|PLC\b|plc\b|LLC\b|GmbH\b|AG\b|Pharmaceuticals?\b|Therapeutics\b|Airlines\b)"
    r"(?:,?\s(?:Co\.?,?\s?Ltd\.?|Inc\b\.?|Ltd\b\.?|Corp\b\.?|Group\b|Company\b))?"
)
_ENGLISH_NAME = re.compile(
    r"(?<![\w&’'-])(?:[A-Z][\w&’'-]{0,30}\s|of\s|&\s){0,5}[A-Z][\w&’'.-]{0,30}$"
)
_NO_NAME = re.compile(
    r"(?:.*\b(?:Working|Leading|Expert|Steering|Focus|Task|Study|Small|Advisory|Coordination|Research|Interest|Action|Experts?|Special|Joint|State|World Bank|"
    r"Public|Private|Unlimited|Electric|Chinese|Foreign|Domestic|Several|Many|Other|Some|National|New Energy|Traditional|China’s|China's|Local|The|And|Of|Advanced)"
    r"|(?:The|A|An|In|On|For|By|With|And|Of|Its|Both)(?:\s.{0,3})?)"
)
_ARTICLES = re.compile(
    r"(?:(?:The|A|An|In|On|For|By|With|And|While|After|German|Chinese|US|U\.S\.|American|Japanese|French|British|Shares|and|of|&)\s)+"
)


def companies_in(title: str, text: str) -> tuple[Spanned[str], ...]:
    """The companies that title or text name, each once where it is first named in full.

    Spans are places in `f"{title}\\n{text}"`. At most fifty, in order. A registered name
    (华为技术有限公司) stands for the short one (华为). Ministries, associations and generic wording
    (外商投资有限公司) are none.
    """
    whole = f"{title}\n{text}"
    full = [*_chinese(whole), *_english(whole)]
    full.sort(key=lambda one: (one.start, -one.end))
    taken: list[Spanned[str]] = []
    for one in full:
        if not taken or one.start >= taken[-1].end:
            taken.append(one)
    names = {one.value: one for one in reversed(taken)}
    registered = "\n".join(names)
    for one in _well_known(whole):
        if one.value not in registered:
            names.setdefault(one.value, one)
    return tuple(sorted(names.values(), key=lambda one: one.start)[:_MOST])


# ---------------------------------------------------------------- registered names


def _chinese(text: str) -> Iterator[Spanned[str]]:
    floor = 0
    for form in islice(_FORM.finditer(text), _LOOKS):
        start = _name_start(text, max(floor, form.start() - _WINDOW), form.start())
        body = text[start : form.start()]
        if len(body) >= 2 and _is_name(body, form[0]) and not _DECIDES.match(text, form.end()):
            yield Spanned(text[start : form.end()], start, form.end())
            floor = form.end()


def _name_start(text: str, start: int, end: int) -> int:
    """Where the name that ends at `end` begins, not before `start`.

    Names have no mark of their own: one begins behind punctuation, behind words that lead to a
    name (批准, 由), or with a place (北京…) behind words that may be part of others (和, 在, 联合).
    """
    for pattern in (_LIMIT, _LEADS, _BEFORE_PLACE):
        for match in pattern.finditer(text, start, end):
            start = match.end()
    for opening, closing in ("（）", "()"):
        opened = text.rfind(opening, start, end)
        if opened >= 0 and text.find(closing, opened, end) < 0:
            start = opened + 1
        closed = text.find(closing, start, end)
        if closed >= 0 and text.find(opening, start, closed) < 0:
            start = closed + 1
    first = _FIRST.match(text, start, end)
    return first.end() if first and first.end() < end else start


def _is_name(body: str, form: str) -> bool:
    """Whether the words before a form are a name, and not 外商投资 or 大型企业."""
    if len(body) > _LONGEST or _GENERIC.fullmatch(body):
        return False
    if (
        form == "集团"
    ):  # by itself it makes a name only with a place: 报业集团, 中国企业集团 are none
        place = _PLACE.match(body)
        rest = body[place.end() :] if place else ""
        return len(rest) >= 2 and not _GENERIC.fullmatch(rest)
    return True


def _english(text: str) -> Iterator[Spanned[str]]:
    floor = 0
    for form in islice(_ENGLISH_FORM.finditer(text), _LOOKS):
        begin = max(floor, form.start() - 90)
        name = _ENGLISH_NAME.search(text[begin : form.start()])
        if name is None:
            continue
        start, end = begin + name.start(), form.end()
        if articles := _ARTICLES.match(text, start, form.start()):
            start = articles.end()
        body = text[start : form.start()].strip()
        if len(body) >= 2 and not _NO_NAME.fullmatch(body):
            said = text[start:end]
            kept = said.rstrip(" ,")
            yield Spanned(kept, start, start + len(kept))
            floor = end


# ---------------------------------------------------------------- well-known names


@cache
def _known() -> tuple[AhoCorasick, tuple[str, ...], frozenset[str]]:
    """The matcher, its names, and those among them that only mask (升华为 is not 华为)."""
    table = yaml.load(  # a C loader of plain scalars: the file is the package's own
        files("watcher.facts").joinpath("companies.yaml").read_text(encoding="utf-8"),
        Loader=yaml.CSafeLoader,
    )
    masks = frozenset(table["not_zh"].split()) | frozenset(_split(table["not_en"]))
    names = tuple(dict.fromkeys([*table["zh"].split(), *_split(table["en"]), *sorted(masks)]))
    return AhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest), names, masks


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split("|") if name.strip()]


def _well_known(text: str) -> Iterator[Spanned[str]]:
    matcher, names, masks = _known()
    for at, start, end in matcher.find_matches_as_indexes(text):
        name = names[at]
        if name not in masks and not (name[0].isascii() and _within_word(text, start, end)):
            yield Spanned(name, start, end)


def _within_word(text: str, start: int, end: int) -> bool:
    """Whether the letters go on before or behind: Shell in Shelling, Intel in Intelligence."""
    around = text[start - 1 : start] + text[end : end + 1]
    return any(char.isascii() and char.isalnum() for char in around)
