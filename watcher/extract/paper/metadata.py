"""What a page says of its paper: title, dates, number and issuer, by every witness it has."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from watcher.extract.markup import clean_title, inner_text
from watcher.extract.paper.labels import Labelled, Values, first
from watcher.extract.paper.numbers import normal_number, own_number, title_number
from watcher.extract.paper.signature import Signature, signature
from watcher.extract.paper.survey import BoxNames, Survey
from watcher.extract.paper.witness import (
    META,
    RULE,
    TABLE,
    TEXT,
    URL,
    Said,
    days_differ,
    issuers_differ,
    numbers_differ,
    settle,
    titles_differ,
)
from watcher.model import Attachment, Conflict, PageText
from watcher.text import letters, parse_date, url_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a page shows of its paper, before any of it is believed."""

    url: str
    lines: Sequence[str]
    """Its main text."""
    rule_title: str = ""
    rule_published: str = ""
    labels: Labelled = field(default_factory=lambda: Labelled({}, {}))
    metas: Values = field(default_factory=dict)
    whole_title: str = ""
    """The page's `<title>`, cleaned."""
    headings: Sequence[str] = ()
    """Cleaned, in page order."""
    above: Sequence[str] = ()
    """The lines between the page's beginning and the text."""
    stamps: Sequence[str] = ()
    """Texts of elements above the text that are called a date, the nearest first."""


def concluded(evidence: Evidence, attachments: tuple[Attachment, ...]) -> PageText:
    """Believe the first witness for each field, and keep what contradicts it."""
    title, title_conflict = _title(evidence)
    signed_by = signature(evidence.lines)
    days = list(_published(evidence, title))
    published, published_conflict = settle("published", days, days_differ)
    signing = list(_signed(evidence, signed_by))
    signed, signed_conflict = settle("signed", signing, days_differ)
    numbers = list(_numbers(evidence, title))
    number, number_conflict = settle("doc_number", numbers, numbers_differ)
    issuer, issuer_conflict = _issuer(evidence, signed_by)
    conflicts = (
        title_conflict,
        published_conflict,
        signed_conflict or _signed_later(signing, days),
        number_conflict,
        issuer_conflict,
    )
    return PageText(
        title=title,
        published=published,
        signed=signed,
        doc_number=number,
        issuer=issuer,
        text="\n".join(evidence.lines),
        attachments=attachments,
        conflicts=tuple(conflict for conflict in conflicts if conflict is not None),
    )


# ---------------------------------------------------------------- title

_TITLE_BOXES = BoxNames(
    "#con_title ucaptitle .art-title .neiright_title .article-title h1.title .share-title .info_title"
    " .content_title .con-title .h-title .xxgk_title .detail-title .art_title .bt_title .title h1 h2 h3"
)
_SUFFIX = re.compile(r"\s*(?:_+|[|｜]|--+|\s[-–—]\s).*$")
_SITE = re.compile(
    r"\s*[-–—]\s*[^-–—]{2,40}(?:网|网站|门户|政府|政府网|委员会|办公室|部|局|厅|官网|平台|中心)$"
)
_NOT_A_TITLE = re.compile(
    r"您访问的链接|当前所?在?的?位置|即将离开|网站导航|^首页|无障碍|^\s*$|^(?:19|20)\d\d[-年/.]"
)
_PAPER = re.compile(r"关于|《|通知|公告|通告|公示|办法|规定|条例|意见|方案|决定|细则|解读|答记者问")
_FULLER = 1.5  # times as long as what `<title>` says, which then is a column's or a site's name
_SHORTEST, _LONGEST = 4, 300
_MOST_HEADINGS = 60
_CUT = re.compile(r"(?:…+|\.{3,})$")
_STRAY = re.compile(r"(?<![部委局厅办会院署行府室司社])(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def headings(survey: Survey, end: int) -> list[str]:
    """The texts of headings and of boxes that templates put the title in, before place `end`."""
    found: list[str] = []
    for tag in survey.tags[:end]:
        if len(found) >= _MOST_HEADINGS:
            break
        size = survey.plain(tag) + survey.linked(tag)
        if _SHORTEST <= size <= _LONGEST and _TITLE_BOXES.rank(tag) is not None:
            text = clean_title(inner_text(tag))
            if len(text) >= _SHORTEST and not _NOT_A_TITLE.search(text):
                found.append(text)
    return found


def _title(evidence: Evidence) -> tuple[str | None, Conflict | None]:
    seen, sure = _seen_title(evidence)
    table = clean_title(first(evidence.labels.table, ("title",)))
    given = [
        Said(RULE, clean_title(evidence.rule_title)),
        Said(TABLE, table if len(letters(table)) >= _SHORTEST else ""),
        Said(META, clean_title(first(evidence.metas, ("articletitle", "article_title")))),
    ]
    said = [one for one in given if one.value]
    if seen and (sure or not said):
        said.append(Said(TEXT, seen))
    if table and not said:
        said.append(Said(TABLE, table))
    title, conflict = settle("title", said, titles_differ)
    if title is None:
        return None, None
    variants = [title, *(one.value for one in said), *evidence.headings, evidence.whole_title]
    return _rejoined(_cleanest(title, variants), evidence.lines), conflict


def _seen_title(evidence: Evidence) -> tuple[str | None, bool]:
    """The title as a reader sees it, and whether heading and `<title>` agree on it.

    A heading counts when `<title>` holds it, so that a dialog's or a site's own heading does not.
    """
    whole = evidence.whole_title
    cut = _SITE.sub("", _SUFFIX.sub("", whole))
    held = [h for h in evidence.headings if letters(h) and letters(h) in letters(whole)]
    if held:
        exact = (h for h in held if letters(h) == letters(cut))
        return next(exact, None) or max(held, key=lambda h: len(letters(h))), True
    names = [h for h in evidence.headings if _PAPER.search(h)] or evidence.headings
    if names and len(letters(names[0])) >= len(letters(cut)) * _FULLER:
        return names[0], False
    return cut or None, False


def _cleanest(title: str, variants: Sequence[str]) -> str:
    """`title` as the variant that has it whole, without blanks from a broken source line (mohurd).

    A blank behind a body's name parts it from the next one and stays.
    """
    if _CUT.search(title):
        start = letters(_CUT.sub("", title))
        title = next(
            (v for v in variants if not _CUT.search(v) and letters(v).startswith(start)), title
        )
    same = [variant for variant in variants if letters(variant) == letters(title)]
    return min([title, *same], key=lambda variant: len(_STRAY.findall(variant)))


_FEW = 30  # lines of a text that are asked how its title is written
_BEFORE, _BEHIND = 2, 4  # letters around a blank by which it is found in the text


def _rejoined(title: str, lines: Sequence[str]) -> str:
    """`title` without the blanks that its own text does not have in the same words (mohurd)."""
    told = "\n".join(line[:_LONGEST] for line in lines[:_FEW])
    for blank in reversed(list(_STRAY.finditer(title))):
        before, behind = title[: blank.start()], title[blank.end() :]
        words = before[-_BEFORE:] + behind[:_BEHIND]
        if len(words) == _BEFORE + _BEHIND and words in told:
            title = before + behind
    return title


# ---------------------------------------------------------------- dates

_PUBLISHED_METAS = (
    "pubdate publishdate firstpublishedtime publish_time publishtime article:published_time"
    " og:release_date createdate"
)
_LONGEST_DATE_LINE = 80
_NEAR_TITLE = 14  # lines below the title among which its date stands
_OTHER_DATE = re.compile(r"成文|生成|发文|印发|实施|失效|施行|有效|截止|修订|更新")


def _published(evidence: Evidence, title: str | None) -> Iterator[Said[date]]:
    if day := parse_date(evidence.rule_published):
        yield Said(RULE, day)
    if day := parse_date(evidence.labels.table.get("published")):
        yield Said(TABLE, day)
    metas = (parse_date(evidence.metas.get(name)) for name in _PUBLISHED_METAS.split())
    meta = next((day for day in metas if day), None)
    if meta:
        yield Said(META, meta)
    day = parse_date(evidence.labels.line.get("published")) or _below_title(evidence.above, title)
    if day is None and meta is None:  # what is only called a date contradicts nobody
        day = next((found for text in evidence.stamps if (found := parse_date(text))), None)
    if day:
        yield Said(TEXT, day)
    if day := url_date(evidence.url):
        yield Said(URL, day)


def _below_title(above: Sequence[str], title: str | None) -> date | None:
    """The date that stands below the title, above the text."""
    wanted = letters(title or "")
    places = [at for at, line in enumerate(above) if wanted and wanted in letters(line)]
    for line in above[places[-1] + 1 :][:_NEAR_TITLE] if places else ():
        if _OTHER_DATE.search(line) or len(line) > _LONGEST_DATE_LINE:
            continue
        if day := parse_date(line):
            return day
    return None


def _signed(evidence: Evidence, signed_by: Signature | None) -> Iterator[Said[date]]:
    if day := parse_date(evidence.labels.table.get("signed")):
        yield Said(TABLE, day)
    if day := parse_date(evidence.labels.line.get("signed")):
        yield Said(TEXT, day)
    if signed_by is not None:
        yield Said(TEXT, signed_by.day)


_SOON = timedelta(days=3)


def _signed_later(signing: Sequence[Said[date]], days: Sequence[Said[date]]) -> Conflict | None:
    """A paper is not put up days before it is signed; an address alone is too weak to say so."""
    if not signing or not days or days[0].witness == URL:
        return None
    signed, published = signing[0], days[0]
    if signed.value <= published.value + _SOON:
        return None
    pair = tuple((one.witness, str(one.value)) for one in (signed, published))
    return Conflict(field="signed", values=pair)


# ---------------------------------------------------------------- number


def _numbers(evidence: Evidence, title: str | None) -> Iterator[Said[str]]:
    for witness, labels in ((TABLE, evidence.labels.table), (TEXT, evidence.labels.line)):
        value = labels.get("number", "")
        if re.search(r"\d", value) and (number := normal_number(value)):
            yield Said(witness, number)
    if number := own_number(evidence.lines):
        yield Said(TEXT, number)
    if title and (number := title_number(title)):
        yield Said(TEXT, number)


# ---------------------------------------------------------------- issuer

_MEDIUM = re.compile(
    r"(?:网|网站|日报|晚报|时报|通讯社|新华社|电视台|客户端|杂志|公众号|微信|本网|本站|频道)$"
)
_DEPARTMENT = re.compile(r"(?:司|(?<!办事)处|科|(?<!办公)室|编辑部|研究所)$")
_LONGEST_NAME = 80


def _issuer(evidence: Evidence, signed_by: Signature | None) -> tuple[str | None, Conflict | None]:
    """The issuing body as worded, or None. A site or newspaper is no issuer; a department speaks last.

    发布机构 only names who put the page up, and the signature is heard before it. Nothing but a table
    that names the issuer (发文机关) and the signature can contradict each other.
    """
    table, line = evidence.labels.table, evidence.labels.line
    signers = " ".join(signed_by.bodies) if signed_by else ""
    named = [Said(TABLE, table.get("issuer", "")), Said(TEXT, signers)]
    _, conflict = settle("issuer", [one for one in named if one.value], issuers_differ)
    said = (
        table.get("issuer", ""),
        line.get("issuer", ""),
        signers,
        table.get("publisher", ""),
        first(evidence.metas, ("contentsource", "contensource")),  # mnr drops the t
        line.get("publisher", ""),
        table.get("source", "") or line.get("source", ""),
    )
    bodies = [name for value in said if (name := _body_name(value))]
    whole = (name for name in bodies if not _DEPARTMENT.search(name))
    return next(whole, None) or next(iter(bodies), None), conflict


def _body_name(value: str) -> str:
    name = re.sub(r"^(?:信息)?来源\s*[:：]\s*", "", " ".join(value.split()))
    return "" if _MEDIUM.search(name) or len(name) > _LONGEST_NAME else name
