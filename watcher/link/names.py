"""What a paper is called: titles of notices and papers to normalised names that can be compared. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from watcher.text import cn_number, letters, normalize

_FORM = r"(?:公开征求意见|征求意见|意见稿|草案|送审|报批|讨论稿|审议稿|[一二三四]审稿|修订|修正|试行|暂行|公示)"
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{0,14}[〔\[(（]\d{4}[〕\])）]\s*第?\d+号"  # 发改能源〔2025〕1171号
    r"|[（(]?\d{4}年\s*第?\s*\d+号(?:令|公告)?[）)]?"  # （2021年第68号）
    r"|[（(][^（）()]{0,40}第\s*[\d〇零一二三四五六七八九十百]{1,6}\s*号(?:令|公告|通告)?[）)]"  # （某部令第4号）
    r"|[（(][A-Z][A-Za-z/]{0,9}[- ]?\d+[-—.][\w.-]{1,20}[）)]"  # （GB 12345-2031）
)
_EDITION = re.compile(
    r"(\d{4})年?(?:第?[一二三四五六七八九十\d]+次)?(?:修订版|修订稿|修订|修正|版|本)"
)
_YEAR = re.compile(r"[（(]\s*(\d{4})\s*年?版?\s*[）)]")
_PERIOD = re.compile(r"(\d{4})年?\s*[-—–~－至到]+\s*(\d{4})年?")
_FIVE_YEARS = re.compile(r"[“\"”]?十([一二三四五六])五[“\"”]?(?:时期)?")
_ORDINAL = re.compile(r"第([一二三四五六七八九十百\d]+)(批|部分|期|版|阶段|分册)")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_PARENS = str.maketrans({"（": "(", "）": ")", "［": "(", "］": ")", "【": "(", "】": ")"})
_TAIL = re.compile(
    rf"[-—_ ]*(?:(?:公开)?征求意见稿|意见稿|(?:修订|修正)?草案(?:送审稿|征求意见稿)?|送审稿|报批稿|修订稿|{_EDITION.pattern})$"
)
_ISSUER = re.compile(r"^(?:.{2,60}?[院部委局署会办厅门])?\s*关于(?=.{4})")
_FILE = re.compile(r"\.(?:docx?|pdf|wps|ofd|rtf)$|(?<=[)）])x$", re.IGNORECASE)
_ENUMERATED = re.compile(r"^(?:附件|附)?\s*\d{0,2}\s*[.．、:：]?\s*")

_ATTACHMENTS = re.compile(r"\s*附件\s*\d{0,2}\s*[:：.．]?")
_HEADING = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]+[）)、.．]|第[一二三四五六七八九十百]+[编章节条])"
)
"""How a part of the paper begins that stands behind 附件; attachments are numbered 1, 2."""
_DRAFT_END = re.compile(r"(?:意见稿|草案|送审稿)\s*[）)]*\s*》?$")
_SLIP = re.compile(r"反馈|意见表|征求意见表|汇总|说明$|名单$")

_QUOTED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_ASKS = re.compile(r"征求|征集.{0,12}意见|听取.{0,12}意见")
_ASKED = (
    re.compile(r"征求(?:对)?(?P<name>.+)(?:的)?意见"),
    re.compile(r"关于(?:对)?(?P<name>.+?)(?:第.次|再次)?(?:向社会)?(?:公开)?征求"),
    re.compile(
        r"^(?:关于)?(?P<name>.+?)(?:第.次|再次)?(?:面?向社会)?(?:公开)?(?:征求|征集)(?:社会|公众|社会公众)?意见"
        r"(?:的?(?:通知|公告|通告|函|启事))?$"
    ),
)
_ISSUED = re.compile(
    # not the 发布 of 信息发布管理办法: the verb follows 关于 or whoever issues
    r"(?:^|关于|[部委局署办会院厅号）)\s])(?:联合|修订|重新|批准)*"
    r"(?:印发|发布|公布|颁布|颁发|转发|施行"
    r"|适用(?=《[^》]{2,60}》[^，,]{0,20}指导原则))"  # of others' guidelines, taken over whole
    r"(?:实施)?(?P<rest>[^与和及].+?)"
    r"(?:的(?:通知|公告|通告|命令|令|函|决定)|$)"
)
_ABOUT = re.compile(r".*关于(?:的?(?:通知|公告|通告|公示|命令|令))?")
_SEVERAL = re.compile(r"等\s*[\d一二两三四五六七八九十]+\s*[项个部件份种].*$")
_ORDER = re.compile(
    r"^.{2,40}?(?:令|公告|通告)\s*[（(]?(?:\d{4}年)?\s*"
    r"第\s*[\d〇零一二三四五六七八九十百]{1,6}\s*号[）)]?\s*(?=.{3})"
)
_MARK = re.compile(
    r"^(?:【[^】]{1,6}】|\[[^\]]{1,6}\])\s*|\s*(?:【[^】]{1,6}】|\[[^\]]{1,6}\]"
    r"|[（(](?:已截止|已结束|进行中|征集中|已发布|全文|附[^（）()]{1,6}|[含有]附件)[）)])$"
)
_GAP = re.compile(
    # a blank within a name says nothing: pages set one where a line breaks
    r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|(?<=[（(《〈【])\s+|\s+(?=[）)》〉】])"
)
_AMENDS = re.compile(
    r"关于(?P<how>修改|修正|修订|废止)(?P<names>(?:[《〈][^《》〈〉]{2,80}[》〉][、和及]?)+)"
    r"[^《》〈〉]{0,20}?的(?:决定|公告|令)"
)
_ANGLED = re.compile(r"[《〈]([^《》〈〉]+)[》〉]")
_AMENDMENT = re.compile(r"(?:的)?(?:部分条文|部分条款)?修正案$")
_REVISES = re.compile(r"修订|修正|修改")
_STATE = re.compile(r"^(修改|废止)?中华人民共和国")
_TWO = re.compile(r"([\u4e00-\u9fff]{2})[和与及]([\u4e00-\u9fff]{2})")

_REVIEW = re.compile(r"(?:注册|申报资料|技术|审查|审评)+(?=指导原则)")
_FILLERS = re.compile(r"产品|的|暂行|若干|试行")
_SYNONYMS = {"实验": "试验", "撰写": "编写", "测定试剂": "检测试剂", "试剂盒": "试剂"}
_KINDS = re.compile(
    r"(?:管理)?(办法|规定|条例|规则|细则|指南|指引|意见|方案|规划|计划|要求|指导原则)$"
)

BINDING = frozenset({"办法", "规定"})
"""Kinds of departmental rule that drafts change between freely."""
_CHANGES, _DECISION = "修改", "的决定"
SHORTEST = 3
"""The shortest name that says something: 密码法. 办法 and 实施细则 by themselves do not."""
MOST_NAMES = 40
DEEPEST = 3
"""How deep brackets are nested in titles."""
LONGEST = 90
"""Characters of a line that can be the name of an attachment."""


class Name(NamedTuple):
    """A name taken apart: what it is called, and which edition, period and part."""

    core: str
    """Letters and digits alone; without markers of form, years of revision, period and part."""
    loose: str
    """The core without words that ministries add and drop freely (产品, 注册技术审查 …)."""
    stem: str
    """`loose` without the kind of paper it ends in."""
    kind: str
    edition: int | None
    period: tuple[int, int] | None
    ordinals: frozenset[str]
    attached: bool = False
    """Found among the attachments rather than in the title."""
    revises: bool = False
    """Says that it revises a paper of that name."""
    said: str = ""
    """As one reads it, without the markers."""

    @property
    def amended(self) -> str | None:
        """What the paper is called (as `loose`) that this decision changes; None for other papers."""
        if not (self.core.startswith(_CHANGES) and self.core.endswith(_DECISION)):
            return None
        return loosened(self.core.removeprefix(_CHANGES).removesuffix(_DECISION))

    @property
    def rule(self) -> str:
        """`loose`, 办法 and 规定 being one: drafts of departmental rules change between them."""
        return f"{self.stem}办法" if self.kind in BINDING else self.loose

    @property
    def ordered(self) -> str:
        """`loose` with words joined by 和 in one order: 规范和促进 and 促进和规范 are one."""
        return _TWO.sub(lambda two: "和".join(sorted(two.groups())), self.loose)


def cores(title: str, text: str = "") -> frozenset[str]:
    """The normalised names under which a paper or notice can be found.

    A draft, its final and its rounds share at least one, unless the name was changed in more
    than form words. Width, blanks, punctuation, brackets with markers, document numbers, years of
    revision, periods (十四五, 2021—2025年) and parts (第二批) are folded away, so equal cores make
    candidates, not yet a link.
    """
    found = names(title, text)
    return frozenset(key for name in found for key in (name.core, name.loose))


def folded(title: str) -> str:
    """A title without what its page's setting put into it: width, blanks within words, 〈〉 for 《》."""
    title = _GAP.sub("", normalize(title)).strip()
    return title if "《" in title else title.replace("〈", "《").replace("〉", "》")


def names(title: str, text: str = "") -> tuple[Name, ...]:
    """Every paper that `title` is or announces, and those its attachments name."""
    title = folded(title)
    raw = [(one, False) for one in _in_title(title)]
    if text and (_ASKS.search(title) or _SEVERAL.search(title)):
        raw += [(one, True) for one in _attached(text)]
    found: dict[object, Name] = {}
    for one, attached in raw:
        name = _parse(one, attached)
        if len(name.core) >= SHORTEST and len(name.stem.removesuffix("实施")) >= 2:
            found.setdefault((name.core, name.ordinals, name.period), name)
    return tuple(found.values())[:MOST_NAMES]


def several(title: str) -> bool:
    """Whether a title says, or leaves open, that more than one paper is put out."""
    title = folded(title)
    quoted = len(_QUOTED.findall(title))
    return bool(_SEVERAL.search(title)) or quoted != 1


def _in_title(title: str) -> list[str]:
    title = _MARK.sub("", _MARK.sub("", title))
    amended = _AMENDS.search(title)
    if amended:  # of several papers changed by one decision each may be asked about by itself
        how = "废止" if amended["how"] == "废止" else _CHANGES
        return [f"{how}{each}{_DECISION}" for each in _ANGLED.findall(amended["names"])]
    quoted = _QUOTED.findall(title)
    outside = _QUOTED.sub("", title)
    if _ASKS.search(outside.replace("征求意见稿", "")):
        return quoted or _between(outside, _ASKED)
    issued = _ISSUED.search(title)
    if issued:
        return _QUOTED.findall(issued["rest"]) or [_SEVERAL.sub("", issued["rest"])]
    rest = letters(_TAIL.sub("", _NUMBER.sub("", _bare(outside))))
    if quoted and (rest in ("", "令", "公告") or _ABOUT.fullmatch(rest)):
        return quoted
    return [_ORDER.sub("", title)]


def _between(title: str, patterns: Iterable[re.Pattern[str]]) -> list[str]:
    for pattern in patterns:
        match = pattern.search(title)
        if match and len(letters(match["name"])) >= SHORTEST:
            return [_SEVERAL.sub("", match["name"])]
    return []


def _attached(text: str) -> list[str]:
    """Names of papers that a notice carries: its list of attachments, and drafts it quotes."""
    found: list[str] = []
    listing = False
    for line in normalize(text).split("\n"):
        listing = listing or bool(_ATTACHMENTS.match(line))
        bare = _FILE.sub("", _ENUMERATED.sub("", _HEADING.sub("", line).strip()).strip("《》 "))
        listed = listing and not _HEADING.match(line)
        ends_as_name = _DRAFT_END.search(bare) or (listed and _KINDS.search(_bare(bare)))
        if ends_as_name and len(bare) <= LONGEST and not _SLIP.search(bare):
            found.append(bare)
            continue
        found += [one for one in _QUOTED.findall(line) if re.search(r"意见稿|草案", one)]
        if len(found) >= MOST_NAMES:
            break
    return found


def _plain(text: str) -> str:
    """`text` with its brackets opened, and emptied where they hold only markers of form."""
    text = text.translate(_PARENS)
    for _ in range(DEEPEST):
        text = _BRACKETS.sub(lambda m: "" if _formal(m[1]) else f" {m[1]} ", text)
    return text


def _bare(text: str) -> str:
    """`text` without its brackets and all they hold."""
    text = text.translate(_PARENS)
    for _ in range(DEEPEST):
        text = _BRACKETS.sub("", text)
    return text.strip()


def _formal(inside: str) -> bool:
    return bool(re.search(_FORM, inside)) or not letters(inside)


def _parse(raw: str, attached: bool) -> Name:
    text = _NUMBER.sub("", _FILE.sub("", raw.strip()))
    edition = _EDITION.search(text) or _YEAR.search(text)
    text, period = _take_period(text)
    text = _YEAR.sub("", text)
    text = _plain(text)
    ordinals = frozenset(f"{_integer(m[1])}{m[2]}" for m in _ORDINAL.finditer(text))
    text = _ORDINAL.sub("", _EDITION.sub("", text))
    for _ in range(3):
        text = _TAIL.sub("", text.strip())
    core = _STATE.sub(r"\1", letters(_ISSUER.sub("", text.strip())))
    if _AMENDMENT.search(core):  # 某法修正案 is passed as 关于修改某法的决定
        core = f"{_CHANGES}{_AMENDMENT.sub('', core)}{_DECISION}"
    loose = loosened(core)
    kind = _KINDS.search(loose)
    return Name(
        core=core,
        loose=loose,
        stem=loose[: kind.start()] if kind else loose,
        kind=kind[1] if kind else "",
        edition=int(edition[1]) if edition else None,
        period=period,
        ordinals=ordinals,
        attached=attached,
        revises=bool(_REVISES.search(raw)),
        said=text.strip(),
    )


def loosened(core: str) -> str:
    """A core without what ministries add and drop freely, and with one word for each thing."""
    loose = _FILLERS.sub("", _REVIEW.sub("", core)) or core
    for word, usual in _SYNONYMS.items():
        loose = loose.replace(word, usual)
    return loose


def stem_of(loose: str) -> str:
    """What is left of `loose` without the kind of paper."""
    return _KINDS.sub("", loose)


def _take_period(text: str) -> tuple[str, tuple[int, int] | None]:
    """Take 十四五 or 2021—2025年 out of a name: the two say the same."""
    years = _PERIOD.search(text)
    plan = _FIVE_YEARS.search(text)
    period = None
    if years:
        period = (int(years[1]), int(years[2]))
    elif plan:
        first = 2006 + 5 * (cn_number(plan[1]) - 1)
        period = (first, first + 4)
    return _FIVE_YEARS.sub("", _PERIOD.sub("", text)), period


def _integer(numeral: str) -> str:
    try:
        return str(cn_number(numeral))
    except ValueError:
        return numeral
