"""A paper that a site sends as JSON: the object that holds it, and its fields by what they mean."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watcher.errors import ExtractError, Reason
from watcher.extract.lists.rowdates import epoch_day
from watcher.extract.markup import resolve
from watcher.extract.paper.filenames import FILE
from watcher.model import Attachment

_TITLES = ("articletitle", "title", "doctitle", "showtitle")
_TEXTS = ("articlecontent", "content", "doccontent", "html", "body", "text", "doccontenthtml")
_DAYS: Mapping[str, Sequence[str]] = {
    "published": (
        "publishdate", "pubdate", "publishtime", "docreltime", "docpubtime", "releasetime", "date",
    ),
    "signed": ("writtendate", "signdate", "cwrq"),
}  # fmt: skip
_FIELDS: Mapping[str, Sequence[str]] = {
    "title": _TITLES,
    "number": ("pcode", "filenumbername", "docnumber", "wenhao", "filenum", "fileno"),
    "issuer": ("puborg", "publishorg", "fwjg"),
}
_SOURCES = ("articlesource", "source", "contentsource")
_NAMES = ("filename", "name", "title", "attachname", "originalname", "text")
_PATHS = ("fileurl", "url", "filepath", "path", "href", "attachurl", "downloadurl")
_TAG = re.compile(r"</?[a-z]", re.I)
_DEEPEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    html: str
    values: Mapping[str, str]
    """title, published, signed, number, issuer; dates in ISO form or as written."""
    source: str
    files: tuple[Attachment, ...]


def find_record(value: Any, url: str) -> Record:
    """The first object in a JSON answer that has a title and a text.

    Raises ExtractError not-a-listing when there is none.
    """
    paper = _paper(value, 0)
    if paper is None:
        raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} answered JSON without a paper in it")
    values = {kind: found for kind, names in _FIELDS.items() if (found := _text(paper, names))}
    values |= {kind: found for kind, names in _DAYS.items() if (found := _day(paper, names))}
    return Record(
        html=_markup(_text(paper, _TEXTS)),
        values=values,
        source=_text(paper, _SOURCES),
        files=tuple(_files(paper, url, 0)),
    )


def _markup(text: str) -> str:
    """A record's text as markup; some sites escape theirs once more, some send plain text."""
    if "<" not in text:
        text = html.unescape(text)
    return text if _TAG.search(text) else f"<pre>{html.escape(text)}</pre>"


def _paper(value: Any, depth: int) -> dict[str, Any] | None:
    if isinstance(value, dict):
        folded = {str(key).lower(): inner for key, inner in value.items()}
        if _text(folded, _TITLES) and _text(folded, _TEXTS):
            return folded
        value = list(value.values())
    if isinstance(value, list) and depth < _DEEPEST:
        found = (_paper(inner, depth + 1) for inner in value)
        return next((paper for paper in found if paper is not None), None)
    return None


def _text(record: Mapping[str, Any], names: Sequence[str]) -> str:
    """The first of the named fields that is not empty."""
    values = (record.get(name) for name in names)
    return next((v.strip() for v in values if isinstance(v, str) and v.strip()), "")


def _day(record: Mapping[str, Any], names: Sequence[str]) -> str:
    """The first of the named dates: as written, or of a time stamp or 20260905 in ISO form."""
    for name in names:
        value = record.get(name)
        text = str(value).strip() if isinstance(value, str) else ""
        if isinstance(value, int) and 1 < value < 10**14:  # True is an int
            text = str(value)
        if re.fullmatch(r"1\d{12}", text, re.A) and (day := epoch_day(int(text))):
            return day.isoformat()
        if compact := re.fullmatch(r"(20\d\d)(\d\d)(\d\d)(?:\d{6})?", text, re.A):
            return "-".join(compact.groups())
        if text:
            return text
    return ""


def _files(value: Any, url: str, depth: int) -> Iterator[Attachment]:
    """Files that the paper's object lists beside its text."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        folded = {str(key).lower(): inner for key, inner in value.items()}
        path, name = _text(folded, _PATHS), _text(folded, _NAMES)
        is_file = FILE.search(path.split("?")[0]) or FILE.search(name)
        if path and is_file and (where := resolve(path, url)):
            yield Attachment(name=name or path.rsplit("/", 1)[-1], url=where)
            return
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _files(inner, url, depth + 1)
