"""What a title does: issues a paper, calls for comments, replies, explains; said in English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher.gloss.glossary import glossary
from watcher.gloss.marks import NUMERAL, bracketed, nth, take_marks
from watcher.gloss.names import HAN, form_of, known, say_name, say_nouns
from watcher.gloss.speakers import speakers
from watcher.model import Stage
from watcher.text import cn_number

SHELF = "\ue000-\ue01f"
"""Each paper named in 《》 is put aside under one of these, so that no rule reads inside a name."""
_BOOK = re.compile(r"《((?:[^《》]|《[^《》]*》)*)》?")
_PRIVATE = re.compile("[\ue000-\uf8ff]")

_NOUNS = {
    "指导意见": "Guiding opinions",
    "实施意见": "Implementing opinions",
    "若干意见": "Opinions",
    "意见": "Opinions",
    "通知": "Notice",
    "公告": "Announcement",
    "通告": "Circular",
    "公示": "Public notice",
    "通报": "Circular",
    "决定": "Decision",
    "决议": "Resolution",
    "批复": "Reply",
    "复函": "Reply",
    "函": "Letter",
    "命令": "Order",
    "令": "Order",
    "若干规定": "Provisions",
    "规定": "Provisions",
    "若干措施": "Measures",
    "措施": "Measures",
    "报告": "Report",
    "说明": "Explanation",
    "倡议": "Initiative",
    "建议": "Proposal",
    "议案": "Bill",
    "解释": "Interpretation",
    "办法": "Measures",
    "实施方案": "Implementation plan",
}
_NOUN = "|".join(_NOUNS)
_ROUND = r"(?:(?P<again>再次|再度|重新)|第?(?P<n>[一二三四五])次|向社会|面向社会|公开|广泛|\s)*"
_SEEK = r"(?:征求|征集|征询|听取)(?:社会各界|社会|各界|公众|各方)*"
_OPINIONS = r"(?:的)?(?:修改|反馈|公开)?(?:意见建议|意见和建议|意见|建议)"
_END = rf"(?:的?(?:{_NOUN}|启事))?$"
_CALLS = (
    re.compile(rf"^(?:关于)?{_ROUND}{_SEEK}(?:对|关于|就)?(?P<x>.+?){_OPINIONS}{_END}"),
    re.compile(rf"^(?:关于)?(?:对|就)?(?P<x>.+?){_ROUND}{_SEEK}(?:修改)?意见(?:建议)?{_END}"),
)
_AGAIN = "(?:的?(?:政策)?解读)?"  # 图解：《…》政策解读 says twice that it explains
_PICTURE = re.compile(
    r"^.{0,8}?(?:一图|一张图|图解)(?:，|,)?(?:读懂|看懂|解读|了解|速览)?\s*[:：|｜]?\s*"
    rf"(?P<x>.+?){_AGAIN}$"
)
_ANSWERS = re.compile(r"^(?:就|关于)?(?P<x>.+?)答记者问$")
_EXPLAINS = (
    re.compile(
        rf"^(?:关于)?(?P<x>[{SHELF}].{{0,30}}?)的?(?:政策)?(?:解读|问答|解析|起草说明|编制说明)$"
    ),
    re.compile(rf"^(?:政策)?解读\s*[:：|｜]?\s*(?P<x>.+?){_AGAIN}$"),
    re.compile(r"^(?P<x>[^，。：:！？—|]+?)的?(?:政策)?解读$"),
)
_NUMBER = (
    rf"\s*[（(]?(?:[〔\[]?(?P<year>\d{{4}})[年〕\]]\s*)?第(?P<n>{NUMERAL})号[）)]?\s*(?P<x>.*)$"
)
_ORDER = re.compile(f"^令{_NUMBER}")
_NUMBERED = re.compile(f"^公告{_NUMBER}")
_HEADLINE = re.compile(
    r"^(?:今日|近日|日前)?(?:联合|正式|修订|批准)?(?:印发|发布(?!会)|公布|出台|颁布)(?P<x>.+)$"
)
_FORWARDS = re.compile(
    r"^(?:关于)?(?:转发|批转)(?P<by>.+?)(?P<x>关于.+?|[" + SHELF + r"].*?)的通知$"
)
_ABOUT = re.compile(rf"^(?:关于)?(?P<x>.+?)的?(?P<noun>{_NOUN})$")
_APPOINTS = re.compile(r"任免(?:.{0,12}(?:人员|职务))?$|免去|任命|任免")

_ISSUING = re.compile(r"^(?:印发|发布|公布|颁布|转发|修改|修订|废止|启用|下达|出台|推介|宣布)")
_RELATED = re.compile(r"^(?P<x>.+?)(?:等|的)?(?:有关|相关|若干)(?P<tail>事项|事宜|问题|工作|政策)$")
_TAILS = {
    "事项": "matters concerning",
    "事宜": "matters concerning",
    "问题": "questions of",
    "工作": "work concerning",
    "政策": "policies on",
}
# 促进和规范…, 规范性文件, 实施方案: what stands before is no verb, or not alone
_NO_VERB = re.compile(
    r"[、和及与或的并，,性后者版稿]|化(?![工学肥妆])|证书|细则|方案|办法|条例|意见|规划"
)
_LISTED = re.compile(r"^将(?P<x>.+?)列为(?P<y>.+)$")
_SET_UP = re.compile(r"^(?:在(?P<x>.+?))?(?:设立|建立)(?P<y>.+)$")
_TALK = re.compile(r"强调|举行|召开|出席|会见|调研|座谈|致辞")
_PART = re.compile(r"第[一二三四五六七八九十\d]{1,3}(?:部分[:：]|号——)")
_NOTED = re.compile(r"^(.+?)([（(][^（）()]{1,40}[）)])$")
_OUTER = {"notice", "announcement", "circular", "decision", "reply"}
_ROW = re.compile(
    rf"^[{SHELF}][^{SHELF}]{{0,30}}?(?:(?:、|和|及|与|以及|及其|\s)*[{SHELF}][^{SHELF}]{{0,30}}?){{0,5}}$"
)
_ONE = re.compile(rf"[{SHELF}](?:[^{SHELF}、和及与以])*")
_KIND = r"(?:标准|规范|规程|指导原则|规范性文件|规章|法规)"
_DRESSED = re.compile(  # 国家标准《…》, 《…》强制性国家标准征求意见稿: the kind adds nothing to the name
    rf"^(?:[^{SHELF}，。]{{0,12}}{_KIND})?(?P<row>[{SHELF}].*?)(?:[^{SHELF}，。、和及等]{{0,8}}{_KIND}(?P<mark>（?(?:征求意见稿|报批稿)）?)?)?$"
)
_NO_TITLE = re.compile("[，。！？：—]")
_NO_NAME = re.compile(r"[，。；！？]|——|批|等|部分|若干|及相关|有关")
_AND_OTHERS = re.compile(
    rf"^(?P<first>[{SHELF}][^等{SHELF}]{{0,20}})等(?![级同效])\s*(?P<n>{NUMERAL})?\s*(?:个|项|部|件|份|则|批)?(?P<what>.*)$"
)

_LABELS = {
    Stage.NEWS: "News",
    Stage.SPEECH: "Speech",
    Stage.INTERPRETATION: "Interpretation",
    Stage.CALL: "Call for applications",
    Stage.LIST: "List",
    Stage.APPOINTMENT: "Appointments",
    Stage.DRAFT: "Draft",
    Stage.CORPORATE: "Company news",
    Stage.FINAL: "Paper",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A title without its speakers, the papers it names put aside."""

    text: str
    books: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def book(self, place: str) -> str:
        return self.books[ord(place) - 0xE000]

    def restored(self, text: str) -> str:
        """`text` in Chinese again, as it stood."""
        return re.sub(f"[{SHELF}]", lambda match: f"《{self.book(match[0])}》", text).strip()


def shelve(text: str, names: Mapping[str, str]) -> Line:
    """Put the papers named in 《》 aside; beyond the thirty-second they stay where they are."""
    books: list[str] = []

    def aside(match: re.Match[str]) -> str:
        if len(books) == 32 or not match[1].strip():
            return match[0]
        books.append(match[1].strip())
        return chr(0xE000 + len(books) - 1)

    return Line(text=_BOOK.sub(aside, _PRIVATE.sub("", text)), books=tuple(books), names=names)


def say_act(line: Line, stage: Stage) -> str:
    """The rest of a title in English; what is not understood stands in Chinese behind its kind."""
    if numbered := _numbered(line, line.text.strip()):
        return numbered
    text, marks = take_marks(line.text)
    said = _said(line, text, stage)
    if said is None and (noted := _NOTED.match(text)):  # 关于…的公告（延长保护期第24号）
        said = _said(line, noted[1].strip(), stage)
        said = said and f"{said} {line.restored(noted[2])}"
    if said is None:
        talk = stage is Stage.FINAL and _TALK.search(text)
        label = _LABELS[Stage.NEWS if talk else stage]
        return f"{label}: {line.restored(line.text)}"
    return f"{said}{bracketed(marks)}"


def _said(line: Line, text: str, stage: Stage) -> str | None:
    return (
        (_called(line, text) if stage is Stage.DRAFT else None)
        or _explained(line, text)
        or _forwarded(line, text)
        or _papers(line, text, stage)
        or _about(line, text, stage)
        or _announced(line, text)
        or _bare(line, text, stage)
    )


def _called(line: Line, text: str) -> str | None:
    for pattern in _CALLS:
        if match := pattern.match(text):
            # what comments are asked on is a draft for comments: that need not be said twice
            paper = _paper(line, match["x"]).replace(" (draft for comments)", "")
            return f"{_call(match)} {paper}"
    return None


def _call(match: re.Match[str]) -> str:
    if match["n"] and (number := cn_number(match["n"])) > 1:
        return f"{nth(number)} call for comments on"
    return "Renewed call for comments on" if match["again"] else "Call for comments on"


def _explained(line: Line, text: str) -> str | None:
    if match := _PICTURE.match(text):
        return f"Infographic on {_paper(line, match['x'])}"
    if match := _ANSWERS.match(text):
        return f"Q&A on {_paper(line, match['x'])}"
    for pattern in _EXPLAINS:
        if match := pattern.match(text):
            return f"Interpretation of {_paper(line, match['x'])}"
    return None


def _numbered(line: Line, text: str) -> str | None:
    for noun, pattern in (("Order", _ORDER), ("Announcement", _NUMBERED)):
        if match := pattern.match(text):
            year = f" of {match['year']}" if match["year"] else ""
            said = f"{noun} No. {cn_number(match['n'])}{year}"
            return f"{said}{_what_for(line, match['x'], noun)}"
    return None


def _what_for(line: Line, x: str, noun: str) -> str:
    """What stands behind an order's or announcement's number: " on X", ": measures 《X》" or nothing."""
    x = x.strip()
    if x[:1] in "（(" and x[-1:] in "）)":
        x = x[1:-1].strip()
    if not x:
        return ""
    core, marks = take_marks(x)
    if (about := _ABOUT.match(core)) and x.startswith("关于"):
        said = f"{_matter(line, about['x'], about['noun'])}{bracketed(marks)}"
        return said.removeprefix(noun) if said.startswith(f"{noun} ") else f": {said}"
    return f": {_paper(line, re.sub('^(?:现予)?(?:公布|发布)', '', x))}"


def _forwarded(line: Line, text: str) -> str | None:
    match = _FORWARDS.match(text)
    if match is None:
        return None
    by = speakers(match["by"])
    if by.end < len(match["by"].rstrip()):
        return None
    x = match["x"]
    about = _ABOUT.match(x) if x.startswith("关于") else None
    paper = _matter(line, about["x"], about["noun"]) if about else _paper(line, x)
    paper = paper[:1].lower() + paper[1:] if about else paper
    act = "endorsing" if "批转" in text[:4] else "forwarding"
    return f"Notice {act} {paper} (by {by.text})"


def _about(line: Line, text: str, stage: Stage) -> str | None:
    match = _ABOUT.match(text)
    if match is None or not (text.startswith("关于") or _issues(match)):
        return None
    if stage is Stage.APPOINTMENT:
        return f"Appointments: {line.restored(match['x'])}"
    x = match["x"].strip()
    if stage is Stage.CALL:
        x = re.sub(r"^(?:组织开展|组织|开展|做好)", "", x)
        return f"Call for applications: {_plain(line, x)}"
    return _matter(line, x, match["noun"])


def _issues(match: re.Match[str]) -> bool:
    """印发…的通知 without 关于; but 公布…的决定 makes the decision known."""
    return bool(_ISSUING.match(match["x"])) and match["noun"] in ("通知", "公告", "通告")


def _matter(line: Line, x: str, noun: str) -> str:
    """What an act is about, by its first verb: Notice issuing X, Reply approving X, Opinions on promoting X."""
    act, tables = _NOUNS[noun], glossary()
    verb = tables.verb.match(x)
    rest = x[verb.end() :].strip() if verb else ""
    if verb is None or not rest or _NO_VERB.match(rest):
        return f"{act} on {_plain(line, x)}"
    gerund = tables.verbs[verb[0]]
    if _ISSUING.match(x) and noun not in ("规定", "若干规定"):
        return f"{act} {gerund} {_paper(line, rest)}"
    if act in ("Reply", "Letter") and verb[0] in ("同意", "批准"):
        return f"{act} approving {_approved(line, rest)}"
    if gerund.endswith("work on"):
        rest = re.sub("(?:等?(?:有关|相关))?工作$", "", rest) or rest
    elif tables.verb.match(rest):  # 延续实施…: two verbs that are one
        return f"{act} on {_plain(line, x)}"
    elif related := _RELATED.match(rest):
        gerund, rest = f"{_TAILS[related['tail']]} {gerund}", related["x"]
    return f"{act} on {gerund} {_plain(line, rest)}"


def _approved(line: Line, x: str) -> str:
    if match := _LISTED.match(x):
        as_ = _plain(line, match["y"])
        article = "" if HAN.search(as_) else "an " if as_[0].lower() in "aeiou" else "a "
        return f"the listing of {_plain(line, match['x'])} as {article}{as_}"
    if match := _SET_UP.match(x):
        where = f" in {_plain(line, match['x'])}" if match["x"] else ""
        return f"the setting up of {_plain(line, match['y'])}{where}"
    return _plain(line, x)


def _papers(line: Line, text: str, stage: Stage) -> str | None:
    row = _row(line, text)
    if row is None:
        return None
    return f"{_LABELS[stage]}: {row}" if row.startswith("《") else _sentence_case(row)


def _announced(line: Line, text: str) -> str | None:
    match = _HEADLINE.match(text)
    return f"Issued: {_paper(line, match['x'].strip())}" if match else None


def _bare(line: Line, text: str, stage: Stage) -> str | None:
    if stage is Stage.APPOINTMENT and _APPOINTS.search(text):
        return "Appointments and removals" if text.startswith("任免") else None
    named = _PART.sub("", text)
    named = named.replace("——", "") if stage is Stage.DRAFT else named
    if stage in (Stage.NEWS, Stage.SPEECH, Stage.CALL) or _NO_TITLE.search(named):
        return None
    if _TALK.search(text) or text.startswith("关于"):
        return None
    name = line.restored(text)
    form = form_of(name)
    if form in _OUTER:
        return f"{form.capitalize()}: {name}"
    if known(name, line.names) or form:
        return _sentence_case(say_name(name, line.names))
    return None


def _paper(line: Line, x: str) -> str:
    """The paper that an act is about: named in 《》 or not."""
    x = x.strip(" ：:")
    if row := _row(line, x):
        return row
    if match := _AND_OTHERS.match(x):
        return _with_others(line, match)
    if (match := _DRESSED.match(x)) and (row := _row(line, match["row"])):
        return f"{row}{bracketed(take_marks('x' + (match['mark'] or ''))[1])}"
    if re.search(f"[{SHELF}]", x):
        return _plain(line, x)
    core, marks = take_marks(x)
    if (nouns := say_nouns(core)) and known(core, line.names) is None:
        return f"{nouns}{bracketed(marks)}"
    form = form_of(core)
    if known(core, line.names) or (form and form not in _OUTER and not _NO_NAME.search(core)):
        return say_name(x, line.names)
    return f"{core}{bracketed(marks)}"


def _row(line: Line, x: str) -> str | None:
    """One or several papers in a row, each with its marks; None when other words stand there."""
    if not _ROW.match(x):
        return None
    said: list[str] = []
    for piece in _ONE.findall(x):
        rest, marks = take_marks(piece)
        if len(rest) > 1:
            return None
        said.append(f"{say_name(line.book(rest), line.names)}{bracketed(marks)}")
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]


def _with_others(line: Line, match: re.Match[str]) -> str:
    first = _paper(line, match["first"])
    what = match["what"].strip()
    count = f"{cn_number(match['n'])} in all" if match["n"] else ""
    kind = f"{_plain(line, what)}" if what else ""
    inner = ": ".join(filter(None, [count, kind]))
    return f"{first} and others ({inner})" if inner else f"{first} and others"


def _plain(line: Line, x: str) -> str:
    """A matter in English where all its words are known; else as it stands, "matters concerning" aside."""
    x = x.strip()
    if row := _row(line, x):
        return row
    if match := _RELATED.match(x):
        return f"{_TAILS[match['tail']]} {_plain(line, match['x'])}"
    return say_nouns(x) or line.restored(x)


def _sentence_case(text: str) -> str:
    """A line begins with a capital, and without an article."""
    text = text.removeprefix("the ")
    return text[:1].upper() + text[1:] if not HAN.match(text) else text
