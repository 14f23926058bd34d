"""When two sightings are one paper: by address, by document number, by title and day. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

from watcher.facts.issuers import issuing_bodies, named_issuer
from watcher.facts.stage import round_of
from watcher.facts.title import read_title, strip_tail
from watcher.model import Stage
from watcher.text import canonical_url, letters, normalize

NEAR = timedelta(days=3)
"""How far apart two sites put up the same paper."""
_SAME_NUMBER = timedelta(days=120)
"""A number is given once a year; a paper may be put up long after it was signed."""
_NAME_LETTERS = 14
"""A title this long is not shared by chance; shorter ones (关于公开征求意见的通知) are."""
_QUOTED_LETTERS = 8
_CONTAINED_LETTERS = 8

# ---------------------------------------------------------------- by address

_HOST_PREFIX = re.compile(r"^(?:www\d?|wap|m|mobile)\.(?=[^.]+\.[^.])")
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.I)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)
_TRACKING = re.compile(
    r"^(?:utm_\w+|spm|scm|fbclid|gclid|yclid|msclkid|mc_[ce]id|wxfrom|wx_\w+|isappinstalled|nsukey"
    r"|sharer?_?\w*|from_?source|hmsr|hmpl|hmcu|bd_vid|_ga|_hs\w+|sessionid|phpsessid)$",
    re.I,
)
_CACHE_BUSTER = re.compile(r"^(?:_|t|ts|v|r|rnd|rand|random|time|timestamp|nocache)$", re.I)
_STAMP = re.compile(r"^(?:\d{10}(?:\d{3})?|0?\.\d+)$")
_NO_PLACE = re.compile(r"^(?:wechat_redirect|wechat_qrcode|rd|top|)$", re.I)


def address_identity(url: str) -> str:
    """What stays of an address when its dress is taken off: two addresses of one page agree in it.

    Without the scheme, `www.`/`wap.`/`m.`, an index file's name, session ids, tracking parameters
    and cache busters; the order of the others does not count. A fragment stays, because some lists
    tell papers apart by it alone (NDRC).
    """
    parts = urlsplit(canonical_url(_SESSION.sub("", url)))
    host = _HOST_PREFIX.sub("", parts.netloc)
    path = _INDEX.sub("/", parts.path).rstrip("/")
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(name) and not (_CACHE_BUSTER.match(name) and _STAMP.match(value))
    )
    query = "&".join(f"{name}={value}" for name, value in kept)
    fragment = "" if _NO_PLACE.match(parts.fragment) else parts.fragment
    return f"{host}{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


def row_identity(key: str) -> str:
    """A row's key without what may change about the same row: its address's dress.

    A key of a row that shares its address with others, or has none, is its identity already.
    """
    if "://" not in key:
        return key
    address, _, rest = key.partition(" ")
    return f"{address_identity(address)} {rest}".rstrip()


def own_address(url: str | None, key: str) -> str | None:
    """The identity of a row's address, None when other rows share it or the row has none.

    A letter is known by its Message-ID, whichever mailboxes it came to.
    """
    if key.startswith("mid:"):
        return key
    return address_identity(url) if url and canonical_url(url) == key else None


# ---------------------------------------------------------------- by title and number


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What identity is judged by: a row as listed, or a document as known."""

    title: str
    published: date | None
    bodies: tuple[str, ...] = ()
    stage: Stage | None = None
    doc_number: str | None = None
    aka: tuple[str, ...] = ()
    """What else the paper is called: by a brief, its Chinese and its English title."""


def title_identity(title: str) -> str:
    """The letters of a title without who speaks at its head: 工业和信息化部关于… is 关于…."""
    parsed = read_title(title)
    about = parsed.whole.find("关于")
    if 0 < about <= 80 and "《" not in parsed.whole[:about] and issuing_bodies(title):
        return letters(parsed.whole[about:])
    return letters(parsed.whole)


def number_identity(profile: Profile) -> str | None:
    """What a document number says of whose paper it is; None when it says too little.

    工信部网安〔2022〕166号 names its organ; 2025年第54号 or 第31号令 is given by every body, and
    counts together with the first issuing body and a year.
    """
    number = letters(profile.doc_number or "")
    if not number or not re.search(r"\d", number):
        return None
    if re.match(r"[\u4e00-\u9fff]{2,}", number) and not re.match(r"(?:公告|通告|令|第)", number):
        organ = re.match(r"[\u4e00-\u9fff]+", number)
        if organ and re.search(r"(?:19|20)\d\d", number):
            return number
    if not profile.bodies or not re.search(r"(?:19|20)\d\d", number):
        return None
    return f"{profile.bodies[0]} {number}"


def same_by_title(one: Profile, other: Profile) -> bool:
    """Whether two sightings on different sources are one paper, judged by title and day.

    The same paper stands on a department's list, a feed and gov.cn under other addresses. It is
    taken for one when a title long enough to be a name reads the same, both dates are near, and
    nothing says that two different bodies speak: 关于做好春运工作的通知 comes from several.
    """
    name = title_identity(one.title)
    if len(name) < _NAME_LETTERS or name != title_identity(other.title):
        return False
    if one.published is None or other.published is None:
        return False
    if abs(one.published - other.published) > NEAR:
        return False
    return not _different_speakers(one, other)


def _different_speakers(one: Profile, other: Profile) -> bool:
    named = issuing_bodies(one.title), issuing_bodies(other.title)
    if all(named):
        return _plain(named[0]).isdisjoint(_plain(named[1]))
    bodies = _plain(one.bodies), _plain(other.bodies)
    if not all(bodies) or not bodies[0].isdisjoint(bodies[1]):
        return False
    # each list's own body, by default: a paper named in 《》 is a joint one, a bare subject is not
    return not any(len(letters(book)) >= _QUOTED_LETTERS for book in read_title(one.title).books)


def _plain(bodies: Sequence[str]) -> frozenset[str]:
    return frozenset(body for body in bodies if not body.startswith("+"))


def same_by_number(one: Profile, other: Profile) -> bool:
    """Whether two documents with the same `number_identity` are one paper.

    One announcement may put out many papers under its number, and an interpretation quotes its
    paper's: the stage must agree, and one title must hold the other's name.
    """
    if one.stage is not other.stage or one.stage is Stage.INTERPRETATION:
        return False
    if one.published and other.published and abs(one.published - other.published) > _SAME_NUMBER:
        return False
    if title_identity(one.title) == title_identity(other.title):
        return True
    short, long = sorted(map(_name, (one.title, other.title)), key=len)
    return len(short) >= _CONTAINED_LETTERS and short in long


# ---------------------------------------------------------------- as a brief tells of it


def same_as_told(told: Profile, paper: Profile) -> bool:
    """Whether `paper` is what a brief tells of in `told`, judged by the titles in its `aka`.

    The brief calls the paper by its own name or by its notice's, prints a day that is the paper's
    or its publication's, and comes weeks after. A draft is not the final of the same name, the
    plan of other years or another batch is another plan, and what explains, repeals or passes on a
    paper is not it. Where a day is missing, only a whole title that names its year is enough.
    An English title is one of many: it counts where one side has no Chinese one. In doubt they are
    two: told twice is noise, never told is a loss.
    """
    return any(_told(name, told, paper) for name in told.aka)


def _told(name: str, told: Profile, paper: Profile) -> bool:
    if not _HAN.search(name):
        return _told_in_english(name, told, paper)
    if _different_speakers(paper, replace(told, title=name)) or _local_and_not(told, name, paper):
        return False
    whole = title_identity(name)
    titles = (paper.title, *(title for title in paper.aka if _HAN.search(title)))
    if len(whole) >= _QUOTED_LETTERS and whole in map(title_identity, titles):
        named = name if len(whole) >= _NAME_LETTERS else ""
        return _near(told, paper, named=named, late=_late(name))
    if told.published is None or not _near(told, paper, named="", late=_late(name)):
        return False
    return _form(told) == _form(paper) and any(_same_name(name, title) for title in titles)


def _told_in_english(name: str, told: Profile, paper: Profile) -> bool:
    if _in_chinese(told) and _in_chinese(paper):
        return False
    english = letters(name)
    if len(english) < _ENGLISH_LETTERS or english not in map(letters, paper.aka):
        return False
    if _different_speakers(paper, told) or _form(told) != _form(paper):
        return False
    return _near(told, paper, named=name, late=_TOLD_SOON)


def _in_chinese(paper: Profile) -> bool:
    return any(_HAN.search(title) for title in (paper.title, *paper.aka))


def _local_and_not(told: Profile, name: str, paper: Profile) -> bool:
    """Whether one is a province's or a city's, and the other a body's that has a code."""
    local = _is_local(name), _is_local(paper.title)
    return local[0] is not local[1] and bool(_plain((paper if local[0] else told).bodies))


def _is_local(title: str) -> bool:
    issuer = named_issuer(read_title(title))
    return issuer is not None and bool(_LOCAL.match(issuer.value))


def _near(told: Profile, paper: Profile, *, named: str, late: timedelta) -> bool:
    if told.published and paper.published:
        return abs(told.published - paper.published) <= late
    return bool(_YEAR.search(named))


def _late(name: str) -> timedelta:
    """How far two days of a title may lie apart; a list may come every month under one title."""
    again = _COMES_AGAIN.search(strip_tail(name)) and not any(_edition(name))
    return _TOLD_SOON if again else _TOLD_LATE


def _form(paper: Profile) -> Stage | None:
    """What tells two papers of one name apart; whatever has no stage is taken for a final."""
    return None if paper.stage is Stage.FINAL else paper.stage


def _same_name(one: str, other: str) -> bool:
    names = _name(one), _name(other)
    if names[0] != names[1] or len(names[0]) < _QUOTED_LETTERS:
        return False
    if _manner(one) != _manner(other):
        return False
    years, parts = zip(*(_edition(title) for title in (one, other)), strict=True)
    return parts[0] == parts[1] and (not all(years) or years[0] == years[1])


def _manner(title: str) -> tuple[object, ...]:
    """What a title does with the paper it names: passes it on, repeals it, asks about it once more.

    Of many papers put out together, how many; of a paper made on top of it (《…》任务分工方案), what.
    """
    parsed = read_title(title)
    bare = strip_tail(parsed.outer)
    behind = bare.rpartition("《》")[2] if parsed.books else ""
    return (
        "转发" in bare,
        "废止" in bare,
        len(parsed.books) or 1,
        "" if _BEHIND.fullmatch(behind) else letters(behind),
        found.value if (found := round_of(parsed)) else 1,
    )


def _edition(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """The years in a title, and which part, batch or edition it says it is."""
    whole = normalize(title)
    return frozenset(_YEAR.findall(whole)), frozenset(_PART.findall(whole))


_HAN = re.compile(r"[\u4e00-\u9fff]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PART = re.compile(
    r"第[一二三四五六七八九十百零\d]+[批期版部号册]|十[一二三四五六]五|修[订正]|[英外]文"
)
_BEHIND = re.compile(
    r"(?:[（(][^（）()]*[)）])*(?:向社会|面向社会|公开|再次|第?[一二三四]次|征求|征集|征询|社会|公众|各界)*"
    r"的?(?:修改)?(?:意见(?:建议)?)?的?(?:通知|公告|通告|决定|函|命令|令|启事)?"
)
"""What stands behind a paper's name in the title that puts it out or asks about it."""
_LOCAL = re.compile(r".{2,8}?(?:省|市|自治区|自治州|县|区|旗|盟)")
_ENGLISH_LETTERS = 24
"""As long as "Lamp Safety Action Plan 2026": shorter English titles are shared."""
_TOLD_LATE = timedelta(days=45)
"""How far the day that a brief prints lies from the one on which the paper was put up."""
_TOLD_SOON = timedelta(days=20)
"""The same for what may come every month in the same words: a list, and any English title."""
_COMES_AGAIN = re.compile(
    r"(?:名单|清单|信息|情况|公示|通报|数据|指数|结果|批准件|批件)(?:的?(?:公告|通告|公示|通知))?$"
)


def _name(title: str) -> str:
    """The letters of the paper's own name: what 《》 quotes or what is issued, without its tails."""
    parsed = read_title(title)
    return letters(strip_tail(parsed.subject or parsed.whole))
