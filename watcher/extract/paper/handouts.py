"""The files a paper's page hands out, wherever they hide: links, frames, script calls, inline scripts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from bs4 import Tag

from watcher.extract.markup import attr, inner_text, resolve
from watcher.extract.paper.filenames import FILE, bare_ordinal, better, named_file, no_name, tidy
from watcher.extract.paper.scripted import lists_files, scripted_files
from watcher.extract.paper.survey import Survey
from watcher.model import Attachment
from watcher.text import canonical_url

# Downloads whose address has no extension: cac, mohurd, tc260, ndrc and common CMS forms.
_DOWNLOAD = re.compile(
    r"downloadfile\.jsp|/document/download\b|/sysFile/downloadFile/|/file-submission/|/downloadFile\b"
    r"|[?&](?:fileName|fileUrl|filepath|attachId|fText)=",
    re.I,
)
# Addresses that can be a download; the link's own words must say that it is a file.
_FETCHES = re.compile(
    r"down-?load|attach|annex|fujian|file|upload|[?&]\w*id=|/[0-9a-f]{24,}\b", re.I
)
_WEB_PAGE = re.compile(r"\.s?html?$", re.I)
_VIEWED = ("file", "fileurl", "url", "src", "pdf", "path", "pdfurl", "filepath")
_CALLED = re.compile(r"""['"]([^'"\\<>\s]{3,500})['"]""")
_NAME_PARAMETERS = ("filename", "ftext", "name", "attachname", "title", "oldname")
_ATTRIBUTES = ("href", "src", "data", "data-href", "data-url", "data-src", "data-file")
_KINDS = frozenset(("a", "iframe", "frame", "embed", "object"))
_CALLS = frozenset(("onclick", "data-href"))
_LONGEST_LINE = 200  # characters of a line that names one file
_NUMBERED = re.compile(r"^\d{1,3}\s+")  # the first cell of a table of files
_MOST_LISTS = 20  # scripts of a page that are read
_FEW = 6  # links in such a line, fewer than that: an icon, the name, a button
_LINES = frozenset(("p", "li", "tr", "dd", "dt"))
_BOXES = frozenset(("div", "ul", "ol", "table", "section", "body"))


@dataclass(frozen=True, slots=True)
class Handout:
    """A file as one element of the page offers it."""

    attachment: Attachment
    tag: Tag
    line: str
    """The row, list item or paragraph around the element; "" when it holds more than this file."""


def handouts(survey: Survey, base: str, within: Iterable[Tag] | None = None) -> list[Handout]:
    """Every file offered by the page, in page order, each address once under its best name.

    Looks in the paper's text and beside it (samr and caac list files below the text), not in menus
    and footers; into inline scripts that write such a list (nra) and viewers in frames (miit).
    `within`: only in these boxes, wherever they stand. The page still holds its scripts.
    """
    found: dict[str, Handout] = {}
    last: Handout | None = None
    for offer in _offers(survey, base, within):
        key = _same_file(offer.attachment.url)
        known = found.get(key)
        if known is None:
            found[key] = last = offer
            continue
        name = better(known.attachment.name, offer.attachment.name, split=known is last)
        found[key] = last = Handout(
            Attachment(name=name, url=known.attachment.url), known.tag, known.line
        )
    return list(found.values())


def _offers(survey: Survey, base: str, within: Iterable[Tag] | None) -> Iterator[Handout]:
    if within is None:
        tags = (tag for tag in survey.tags if not survey.framed(tag))
    else:
        tags = (tag for box in within for tag in (box, *box.find_all(True)))
    lists = 0
    for tag in tags:
        if tag.name == "script":
            if lists < _MOST_LISTS and lists_files(code := tag.string or ""):
                lists += 1
                yield from (Handout(file, tag, "") for file in scripted_files(code, base))
        elif (url := _address(tag, base)) is not None:
            line = _line(tag, survey)
            yield Handout(Attachment(name=_name(tag, url, line), url=url), tag, line)


def _same_file(url: str) -> str:
    """What two addresses of one file share: not the scheme, not a mark that asks to save it."""
    canonical = canonical_url(url).split("://", 1)[-1].split("#")[0]
    return re.sub(r"[?&](?:download|attname|dl|v|t)=\d*$", "", canonical)


# ---------------------------------------------------------------- the address


def _address(tag: Tag, base: str) -> str | None:
    """The address of the file that `tag` offers, or None."""
    if tag.name not in _KINDS and _CALLS.isdisjoint(tag.attrs):
        return None
    for name in _ATTRIBUTES:
        url = resolve(attr(tag, name), base) if tag.has_attr(name) else None
        if url and ((file := _viewed(url)) or _is_file(tag, url)):
            return file or url
    for code in (attr(tag, "onclick"), attr(tag, "href")):
        if "(" not in code and "=" not in code:
            continue
        for word in _CALLED.findall(code):
            url = resolve(word, base) if "/" in word or FILE.search(word) else None
            if url and ((file := _viewed(url)) or FILE.search(urlsplit(url).path)):
                return file or url
            if url and _DOWNLOAD.search(url):
                return url
    return None


def _viewed(url: str) -> str | None:
    """The file that a viewer's address shows: `viewer.html?file=/a/b.pdf`."""
    parts = urlsplit(url)
    if FILE.search(parts.path) or not parts.query:
        return None
    for name, value in parse_qsl(parts.query):
        if name.lower() in _VIEWED and "/" in value and FILE.search(value.split("?")[0]):
            return resolve(value, url)
    return None


def _is_file(tag: Tag, url: str) -> bool:
    parts = urlsplit(url)
    if FILE.search(parts.path):
        return True
    if tag.name != "a":
        return False
    if tag.has_attr("download") or _DOWNLOAD.search(url):
        return True
    if any(FILE.search(value) for _, value in parse_qsl(parts.query)):
        return True
    if _WEB_PAGE.search(parts.path) or not _FETCHES.search(f"{parts.path}?{parts.query}"):
        return False
    return named_file(inner_text(tag)) or named_file(attr(tag, "title"))


# ---------------------------------------------------------------- the name


def _name(tag: Tag, url: str, line: str) -> str:
    parts = urlsplit(url)
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    path = unquote(parts.path.rsplit("/", 1)[-1])
    title = tidy(attr(tag, "title"))
    text = tidy(inner_text(tag)) if tag.name == "a" or tag.has_attr("onclick") else ""
    if text.endswith(("…", "...")) and title.startswith(text.rstrip("….")):
        text = title
    given = [text, title, tidy(attr(tag, "download"))]
    given += [tidy(query.get(name, "")) for name in _NAME_PARAMETERS]
    around = line if bare_ordinal(text) else line.replace(text, "", 1)
    given += [tidy(_NUMBERED.sub("", around))]
    names = [name for name in given if not no_name(name)]
    whole = (name for name in names if not bare_ordinal(name))
    return next(whole, "") or next(iter(names), "") or path or url


def _line(tag: Tag, survey: Survey) -> str:
    """The text of the row, list item or paragraph that names this file and no other."""
    for place in tag.parents:
        if tag.name != "a" or place.name in _BOXES:
            return ""
        if place.name in _LINES:
            if survey.plain(place) + survey.linked(place) > _LONGEST_LINE:
                return ""
            links = place.find_all("a", limit=_FEW)
            other = any(attr(link, "href") != attr(tag, "href") for link in links)
            return "" if other or len(links) == _FEW else inner_text(place)
    return ""
