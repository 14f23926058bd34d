"""The papers a paper names in 《》, and why: its basis, what it repeals, amends, issues or explains."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from watcher.facts.number import normal_number
from watcher.facts.spanned import Spanned
from watcher.model import Citation

STRENGTH = ("repeals", "replaces", "amends", "issues", "basis", "explains", "cites")
"""Relations from the strongest: a paper named several times keeps the first of these."""
_CITES = "cites"
_MOST = 100  # papers of one text
_NEAR = 100  # characters of the words around a name that are read
_SENTENCE = 400  # characters within which a sentence that names its basis says what it makes

# Names within names stand in 《》 or 〈〉, two deep at most; 〈〉 alone is seen in titles.
_MARK = re.compile(
    r"《(?:[^《》]|《(?:[^《》]|《[^《》]{1,80}》){1,120}+》){2,160}+》|〈[^〈〉《》\n]{2,120}+〉"
)
_NUMBERED = re.compile(
    r"\s{0,3}(?:[（(](?P<in>(?:[^（）()\n]|[（(][^（）()\n]{1,20}[)）]){3,90}+)[)）]"
    r"|(?P<bare>[\u4e00-\u9fff]{1,12}[〔\[]\d{4}[〕\]]\s?\d{1,5}号))"
)
_HAS_NUMBER = re.compile(r"\d\s{0,2}号|第\s{0,2}[\d〇零一二三四五六七八九十百]{1,6}\s{0,2}号")
_SHORT_FOR = re.compile(r"[简统合]称(?:为)?[“\"「]?$")

# ---------------------------------------------------------------- which names are papers

_NO_PAPER = re.compile(
    r"(?:(?<![公通年快简])报|周刊|月刊|期刊|杂志|学报|新闻联播|表|(?<![清名])单"
    r"|(?<!白皮)(?<!蓝皮)(?<!绿皮)(?<!议定)(?<!指导)书|证|执照|证明|回执|模板|样本|样张|台账|简历|合同|封面"
    r"|资料|材料|(?:编制|起草|情况|填报|填表|修订|制定)说明"
    r"|资本论|选集|文集|文选|全集|论丛|谈治国理政|读本|教材|教程|词典|字典|之歌|进行曲)$"
)
_A_PAPER = re.compile(  # how names of papers end; without it a name is a book's, a film's, a song's
    r"(?:法|法典|条例|办法|规定|规则|细则|通知|公告|通告|意见|决定|方案|规划|计划|纲要|指南|指引|标准|规范|规程|目录|清单|名录|名单|要求|制度|准则|原则|"
    r"解释|批复|函|令|公报|决议|章程|公约|协定|协议|议定书|条约|[白蓝绿]皮书|报告|措施|举措|政策|要点|任务|预案|导则|大纲|体系|框架|机制|文本|手册|安排|"
    r"倡议|宣言|声明|行动|意见稿|草案|送审稿|修订稿|分类|方法|术语|[总通税]则|条件|限[值量额]|代码|技术|工程|检验|测定|建议|公示|备忘录|共识|纪要|议案|提案|"
    r"答复|产品|企业|部分|路线图|指标|等级|定额|规约|公开|须知|程序|流程|[\d年号版])[”\"]?$"
)
_OF_A_PAPER = re.compile(r"关于|函复|复函|批复")
_WORKS = re.compile(r"(?:电影|影片|纪录片|电视剧|歌曲|图书|小说|专著|节目|栏目|论文|期刊|杂志)\s?$")
_WORK_BEHIND = re.compile(r"\s?(?:一书|杂志|期刊|报社|电影|节目|栏目)")
_FORM_ONLY = re.compile(  # 《办法》 without more points at a paper named before
    r"(?:本|该)?(?:实施|管理|行动|工作|指导|若干)?"
    r"(?:办法|规定|条例|规则|细则|通知|公告|意见|决定|方案|规划|计划|纲要|指南|指引|标准|规范|规程|目录|清单|准则|措施|要求|"
    r"征求意见稿|草案|修订稿|送审稿|文件|章程|解释|导则)"
)
_TAIL = re.compile(r"[（(][^（）()]{1,20}[)）]$")

_SAME = str.maketrans(
    {"（": "(", "）": ")", "〈": "《", "〉": "》", "“": '"', "”": '"', " ": "", "　": ""}
)

# ---------------------------------------------------------------- why a paper is named

_ORDER = r"(?:[一二三四五六七八九十]{1,4}|\d{1,3})"
_ITEM = rf"[（(]?{_ORDER}[)）]?\s{{0,2}}[、.．:：]?\s{{0,2}}"
_LINK = re.compile(
    # 《甲》、《乙》和《丙》; 、2016年公布的《丁》; a list of lines, each with its own number
    rf"\s*(?:[、，,；;\n]|以及|和|与|及|或者|或|\s|(?<=\n){_ITEM})*"
    r"(?:(?<=[、和与及])[^，,。；;：:\n]{0,40})?"
    rf"|[^。\n]{{0,60}}[；;。，,、]?\s*\n\s*{_ITEM}[^。：:\n]{{0,60}}"
)
_PARENS = re.compile(r"[（(](?:[^（）()]|[（(][^（）()]{0,40}[)）]){0,120}[)）]")
_SINCE = r"(?:自[^，。；《》]{0,30}起|于[^，。；《》]{2,16}日?|同时|一并|相应|随之|现予?|均|也|亦|即行|立即|自行|全部|依法|决定|[，,\s])"

_REPEALS = re.compile(
    r"(?<![已未不])(?<!不再)(?:废止|停止执行|宣布失效)(?!的|后|前|和修改|或者?修改)[^。；;，,、]{0,30}$"
)
_REPEAL_LIST = re.compile(
    rf"(?:(?:下列|以下|如下)[^。；;]{{0,40}}?(?:废止|失效|停止执行)[^。；;]{{0,20}}[：:]"
    rf"|(?:废止|失效)(?:(?:下列|以下|如下)[^。；;]{{0,30}}[：:]|[^。；;，,\n]{{0,12}}(?:目录|清单|名单)[：:]?\s*\n))"
    rf"\s*(?:{_ITEM})?[^。；;\n]{{0,40}}$"
)
_REPEALED = re.compile(
    rf"\s*(?:等[^，。；《》]{{0,24}})?(?:[、和及与][^，。；《》]{{0,40}}?)??{_SINCE}{{0,8}}(?:予以)?(?:废止|停止执行|不再执行|宣布失效|失效)(?!的)"
)
_REPLACES = re.compile(r"(?<!被)(?:代替|替代|取代)[^。；;，,]{0,16}$")
_REPLACED = re.compile(r"\s*(?:同时|即)?(?:由|被)[^，。；《》]{0,20}(?:代替|替代|取代)")
_AMENDS = re.compile(r"(?:修改|修正|修订|修订完善|修改完善)了?$")
_AMENDED_LIST = re.compile(
    r"(?:(?:下列|以下)[^。；]{0,30}(?:作|做|进行|予以)[^。；]{0,8}(?:修改|修正|修订)|修改(?:下列|以下)[^。；]{0,30})[：:]"
    rf"\s*(?:{_ITEM})?[^。；;\n]{{0,40}}$"
)
_OBJECT = re.compile(r"(?:对|将|把)[^。；;，,]{0,24}$")
_AMENDED = re.compile(
    r"\s*(?:等[^，。；]{0,20}|(?:中|的)?(?:部分|有关)?(?:条款|内容|规定))?"
    r"(?:第[^，。；]{1,14}?[条款项章]的?)?(?:作出?如?下?|做出?如?下?|进行了?|予以|的|部分|适当|局部|全面|相应|以下|如下|一次|必要|[，,\s])*"
    r"(?:修改|修正|(?<!制)修订|调整|删去|增加)"
)
_ISSUES = re.compile(
    r"(?:印发|发布|公布|颁布|下发|颁发|发布实施|公布施行|出台)(?:了|实施|施行|执行|修订后的|新修订的|新版|经修订的)?$|(?:转发|批转)[^，。；]{0,40}$"
)
_LONG_AGO = re.compile(r"(?:19|20)\d\d年|先后|此前|曾|已")
_CITED = re.compile(r"根据|依据|按照|贯彻|落实")
_ISSUED = re.compile(
    r"(?:[^。；《》]{0,90}?(?:审议|讨论|会议|同意|批准)?[^。；《》]{0,40}?[，,])?\s*(?:现|特此|一并|联合)(?:予以?|将其|正式|全文)?(?:公布|发布|印发|颁布)"
)
_ISSUED_BY = re.compile(
    r"\s*(?:等[^，。；《》]{0,20})?(?:正式)?(?:印发|予以公布|予以发布|发布给|公布如下|印送|转发)"
)
_PRESENTS = re.compile(r"(?:现|兹)将[^。；;]{0,30}$")
_BASIS = re.compile(
    r"(?:根据|依据|依照|按照|遵照|贯彻|落实|贯彻落实|执行|实施)[^，,。；;《》]{0,60}$"
)
_MAKES = re.compile(
    r"制定|制订|编制|起草|拟定|研究提出|形成|修订|现(?:将|就|予|对|面向|组织|公开|开展|印发|提出|公布|公告|发布|决定)|决定|特[此制就对]|(?:印发|出台|发布|公布)了|公告如下|通知如下|组织开展"
)
_MADE_SO = re.compile(  # a law's history: 根据《关于修改〈甲法〉的决定》第一次修订
    r"\s*(?:第[一二三四五六七八九十]{1,2}次)?(?:修正|修订)(?!的?[一-鿿])"
)
_EXPLAINS = re.compile(r"(?:解读|一图读懂|一图看懂|图解|读懂|解析|答问|政策问答)[:：|｜丨\s]*$")
_EXPLAINED = re.compile(
    r"\s*(?:等[^，。；《》]{0,16})?(?:有关问题|相关问题|有关情况|相关政策|有关政策)?(?:的|进行|作出?|政策|专家|图文|文字|官方|权威|起草|编制|系列|之|如下|[—\-:：\s（(])*"
    r"(?:解读|(?:并?回)?答(?:[^，。；《》]{0,16})记者(?:提)?问|答问|图解|一图读懂|政策问答|问答)"
)
_CUES = re.compile(  # without one of these words no pattern above but that of a basis fits
    r"废止|失效|停止|不再|替|取代|修[改正订]|调整|删去|增加|[印颁下]发|发布|公布|颁布|转发|批转|出台|印送|解读|图解|懂|解析|问"
)
_DRAFT = re.compile(r"征求意见稿|修订草案|送审稿|修订稿")
_STOPS = re.compile(r"[。；;、，,\n]")
_BOUNDARY = re.compile(r"[。；;！!？?]")


class _Name(NamedTuple):
    """A name at `[start:end]`, its marks included."""

    start: int
    end: int


def citations(title: str, text: str) -> tuple[Spanned[Citation], ...]:
    """The papers that `text` names between 《》, in the order of their first mention, each once.

    Of several mentions the strongest relation counts (`STRENGTH`); one that the title has to the
    paper (关于印发《…》的通知, 《…》解读) counts too. The span is the name without its marks. Short
    names (以下简称《办法》) stand for the paper they were given to; newspapers, books, forms and a
    bare 《办法》 are passed over.
    """
    titled = {_key(one.value.title): one.value.relation for one in title_citations(title)}
    return _read(text, titled)


def title_citations(title: str) -> tuple[Spanned[Citation], ...]:
    """The papers that a title repeals, replaces, amends, issues or explains; spans are the title's."""
    return tuple(one for one in _read(title, {}) if one.value.relation not in (_CITES, "basis"))


def _read(text: str, titled: dict[str, str]) -> tuple[Spanned[Citation], ...]:
    if "《" not in text and "〈" not in text:
        return ()
    names = [_Name(*match.span()) for match in _MARK.finditer(text)]
    shortened = {
        name for name in names if _SHORT_FOR.search(text[max(0, name.start - 8) : name.start])
    }
    told_of = [name for name in names if name not in shortened]
    related = dict(zip(told_of, _relations(text, told_of), strict=True)) if told_of else {}
    found: dict[str, Spanned[Citation]] = {}
    short: dict[str, str] = {}
    latest = ""
    for name in names:
        relation = related.get(name, _CITES)
        inside = text[name.start + 1 : name.end - 1]
        title = _plain(inside)
        key = _key(title)
        if name in shortened and latest:
            short[key] = latest
            continue
        key = short.get(key, key)
        if key not in found:
            told = relation != _CITES or key in titled or _NUMBERED.match(text, name.end)
            if not _is_paper(title, text, name) or not (told or _formed(title)):
                continue
            if len(found) == _MOST:
                break
            found[key] = Spanned(
                Citation(title=title, relation=titled.get(key, _CITES)),
                name.end - 1 - len(inside.lstrip()),
                name.start + 1 + len(inside.rstrip()),
            )
        latest = key
        found[key] = _joined(found[key], relation, _number(text, name.end))
    return tuple(found.values())


def _joined(known: Spanned[Citation], relation: str, number: str | None) -> Spanned[Citation]:
    """What is known of a paper, with one more mention of it."""
    cite = known.value
    if STRENGTH.index(relation) >= STRENGTH.index(cite.relation) and (
        cite.doc_number or not number
    ):
        return known
    stronger = min(relation, cite.relation, key=STRENGTH.index)
    return known._replace(
        value=Citation(title=cite.title, relation=stronger, doc_number=cite.doc_number or number)
    )


def _plain(name: str) -> str:
    """A name without the line breaks that a page puts into it."""
    return re.sub(r"\s*\n\s*", "", name).strip() if "\n" in name else name.strip()


def _key(title: str) -> str:
    """What two mentions of one paper share."""
    return title.translate(_SAME).removeprefix("中华人民共和国")


def _is_paper(title: str, text: str, name: _Name) -> bool:
    bare = _TAIL.sub("", title)
    if _FORM_ONLY.fullmatch(title) or _FORM_ONLY.fullmatch(bare):
        return False
    if _NO_PAPER.search(bare) and not _OF_A_PAPER.search(title):
        return False
    before = text[max(0, name.start - 6) : name.start]
    return not (_WORKS.search(before) or _WORK_BEHIND.match(text, name.end))


def _formed(title: str) -> bool:
    """Whether a name has the form of a paper's."""
    bare = _TAIL.sub("", title)
    return bool(
        _A_PAPER.search(bare) or _OF_A_PAPER.search(title) or re.search(r"[A-Z]|20\d\d", title)
    )


def _number(text: str, end: int) -> str | None:
    """The document number behind a name, in normal form."""
    match = _NUMBERED.match(text, end)
    if match is None:
        return None
    said = match["in"] or match["bare"]
    return normal_number(said) if _HAS_NUMBER.search(said) else None


# ---------------------------------------------------------------- the words around the names


def _relations(text: str, names: Sequence[_Name]) -> list[str]:
    """The relation of each mention. Names in one list (《甲》、《乙》同时废止) share theirs."""
    relations: list[str] = []
    first = 0
    carried = False  # whether the sentence began with its basis and still names it
    for at in range(1, len(names) + 1):
        start, end = names[first].start, names[at - 1].end
        floor = names[first - 1].end if first else 0
        if at < len(names) and _linked(text[end : names[at].start], text[floor:start][-_NEAR:]):
            continue
        ceiling = names[at].start if at < len(names) else len(text)
        before = _unbracketed(text[max(floor, start - 2 * _NEAR) : start])[-_NEAR:]
        after = _unbracketed(text[end : min(ceiling, end + 2 * _NEAR)])[:_NEAR]
        carried = carried and not _BOUNDARY.search(before) and not _MAKES.search(before)
        leads = at < len(names) and ceiling - end <= 2 * _NEAR
        relation = _relation(before, after, leads=leads)
        if relation == _CITES and (carried or _BASIS.search(_sentence_end(before))):
            carried = _makes(text, end) and not _MADE_SO.match(after)
            relation = "basis" if carried else _CITES
        group = text[names[first].start : end]
        if relation == "amends" and _DRAFT.search(group):
            relation = _CITES  # 修订《…（征求意见稿）》: the draft is what comes of it
        relations += [relation] * (at - first)
        first = at
    return relations


def _linked(gap: str, before: str) -> bool:
    """Whether the words between two names only join them; `before` is what the first stands behind.

    A comma joins names (《甲》，《乙》同时废止), but not a basis to what follows (根据《甲》，《乙》废止);
    nor does a new sentence.
    """
    ends = gap in ("，", ",") or "。" in gap
    if len(gap) > 3 * _NEAR or (ends and _BASIS.search(_sentence_end(before))):
        return False
    return _LINK.fullmatch(_unbracketed(gap)) is not None


def _unbracketed(words: str) -> str:
    return _PARENS.sub("", words) if "（" in words or "(" in words else words


def _sentence_end(before: str) -> str:
    """The part of `before` that belongs to the sentence of the name behind it."""
    return _BOUNDARY.split(before)[-1].split("\n")[-1]


def _makes(text: str, end: int) -> bool:
    """Whether the sentence goes on to say what it makes of the papers it names."""
    rest = text[end : end + _SENTENCE]
    stop = _BOUNDARY.search(rest)
    return _MAKES.search(rest, 0, stop.start() if stop else len(rest)) is not None


def _relation(before: str, after: str, *, leads: bool) -> str:
    """The relation that the words right before and right behind a list of names say.

    With `leads`, the words behind run on to another name, to which a verb at their end belongs:
    《甲》，同时废止《乙》.
    """
    if not (_CUES.search(before) or _CUES.search(after)):
        return _CITES
    near = _sentence_end(before)
    ground = _BASIS.search(near) is not None  # 根据《甲》，现予公布: not 甲 is published
    if _REPEAL_LIST.search(before) or _REPEALS.search(near):
        return "repeals"
    if not ground and _done(_REPEALED, after, leads=leads):
        return "repeals"
    if _REPLACES.search(near) or _REPLACED.match(after):
        return "replaces"
    if (
        _AMENDED_LIST.search(before)
        or _AMENDS.search(near)
        or ((_OBJECT.search(near) or after.lstrip().startswith("第")) and _AMENDED.match(after))
    ):
        return "amends"
    clause = re.split(r"[，,]", near)[-1]
    if _ISSUES.search(clause) and not (_LONG_AGO.search(near) or _CITED.search(clause)):
        return "issues"
    if not ground and _done(_ISSUED, after, leads=leads):
        return "issues"
    if _PRESENTS.search(near) and _ISSUED_BY.match(after):
        return "issues"
    if _EXPLAINS.search(near) or _EXPLAINED.match(after):
        return "explains"
    return _CITES


def _done(verb: re.Pattern[str], after: str, *, leads: bool) -> bool:
    """Whether the words behind a name say that `verb` is done to it, and not to the next name."""
    match = verb.match(after)
    if match is None:
        return False
    return not leads or _STOPS.search(after, match.end()) is not None
