"""What probing an address found, and how it reads on a terminal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from watcher.render.scraped import clean, cut
from watcher.render.terminal import pad, wrap

_NAMES = 12
"""Cells of the column that says what a line is about."""
_TITLE = 200  # characters of a title or a message that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server sent first. `url` is where it came from after redirects."""

    url: str
    content_type: str | None
    size: int
    """Bytes, inflated."""
    conditional: bool
    """Whether it gave an ETag or Last-Modified, so that an unchanged page can be told unsent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """The charset that header and document name, and the one by which the bytes are text."""

    header: str | None
    document: str | None
    used: str | None
    broken: int = 0
    """Characters that no charset could read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    title: str | None
    url: str | None
    published: date | None
    deadline: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The list, read."""

    rows: int
    undated: int
    unaddressed: int
    """Rows that lead to no page of their own."""
    first: tuple[Row, ...]
    next_page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """What two fetches a moment apart have in common."""

    same_bytes: bool
    same_fingerprint: bool
    """What unchanged lists are known by without being read."""
    unstable: tuple[str, ...]
    """What differs among the rows themselves, a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    url: str
    kind: str | None = None
    quality: str | None = None
    """None: not looked at."""
    characters: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper's page, read, and what is concluded from it."""

    url: str
    title: str | None
    published: date | None
    signed: date | None
    doc_number: str | None
    bodies: tuple[str, ...]
    stage: str | None
    doc_type: str | None
    deadline: date | None
    characters: int
    begins: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a list or a paper could not be read; `reason` is a word of CONTRACT, or `fetch`."""

    reason: str
    message: str
    transient: bool = False
    """Whether it may pass by itself: a server that is down says nothing about its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that a probe found; `yaml` is there when the list could be read."""

    asked: str
    recognised: str
    robots: str | None = None
    kind: str | None = None
    preset: str | None = None
    answer: Answer | None = None
    encoding: Encoding | None = None
    listed: Listed | None = None
    twice: Twice | None = None
    paper: Paper | None = None
    paper_trouble: Trouble | None = None
    feeds: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    """What was tried in vain."""
    trouble: Trouble | None = None
    advice: tuple[str, ...] = ()
    yaml: str | None = None


def probe_lines(sheet: Sheet, width: int) -> list[str]:
    """The sheet as lines of `width` cells; addresses and the YAML stay whole, to be copied."""
    lines = [clean(sheet.asked), *_page(sheet, width)]
    if sheet.listed:
        lines += ["", *_rows(sheet.listed, width)]
    if sheet.paper:
        lines += [
            "",
            "The paper" if sheet.yaml is None else "The first paper",
            *_paper(sheet.paper, width),
        ]
    if sheet.advice:
        lines += [
            "",
            *(line for text in sheet.advice for line in wrap(f"* {clean(text)}", width, "  ")),
        ]
    if sheet.yaml:
        lines += [
            "",
            "To paste under sources: in sources.yaml",
            *sheet.yaml.rstrip("\n").split("\n"),
        ]
    return lines


def _said(name: str, text: object, width: int) -> list[str]:
    if text in (None, "", ()):
        return []
    line = f"{pad(name, _NAMES)} {cut(clean(str(text)), 600)}"
    return wrap(f"  {line}", width, " " * (_NAMES + 3))


def _whole(name: str, address: str | None) -> list[str]:
    """An address on one line, however long: broken in two it could not be opened."""
    return [f"  {pad(name, _NAMES)} {clean(address)}"] if address else []


def _page(sheet: Sheet, width: int) -> list[str]:
    lines: list[str] = []
    if answer := sheet.answer:
        kind = answer.content_type or "no type named"
        lines += _said("answered", f"{answer.size:,} bytes, {kind}", width)
        if answer.url != sheet.asked:
            lines += _whole("led on to", answer.url)
        if not answer.conditional:
            lines += _said("", "no ETag or Last-Modified: it is sent whole at every visit", width)
    if encoding := sheet.encoding:
        named = f"header: {encoding.header or 'none'}; document: {encoding.document or 'none'}"
        broken = f", {encoding.broken} characters broken" if encoding.broken else ""
        lines += _said("encoding", f"{encoding.used or 'unknown'}{broken} ({named})", width)
    lines += _said("robots.txt", sheet.robots, width)
    lines += _said("recognised", sheet.recognised, width)
    for tried in sheet.tried:
        lines += _said("tried", tried, width)
    for feed in sheet.feeds:
        lines += _whole("its feed", feed)
    if listed := sheet.listed:
        lines += _said("rows", _count(listed), width)
        lines += _whole("next page", listed.next_page)
        if not listed.next_page:
            lines += _said(
                "next page", "none found: after a long absence only these rows are seen", width
            )
    if sheet.twice:
        lines += _said("twice", _verdict(sheet.twice), width)
        for one in sheet.twice.unstable:
            lines += _said("unstable", one, width)
    if sheet.listed:
        lines += _said(
            "watched",
            f"the first visit is silent ({sheet.listed.rows} rows); then rows that are new, and "
            "titles and deadlines that change",
            width,
        )
    if trouble := sheet.trouble:
        lines += _said("trouble", f"{trouble.reason}: {trouble.message}", width)
    return lines


def _count(listed: Listed) -> str:
    gaps = [
        f"{number} without {what}"
        for number, what in ((listed.undated, "a day"), (listed.unaddressed, "an address"))
        if number
    ]
    return f"{listed.rows}, {' and '.join(gaps) or 'each with a day and an address'}"


def _verdict(twice: Twice) -> str:
    if twice.same_bytes:
        return "the same, byte for byte"
    if twice.unstable:
        return "the rows differ"
    if twice.same_fingerprint:
        return "the same rows; only what stands around the list differs (a counter, a token): fine"
    return "the same rows; links or days beside them differ, so every visit reads the page: fine"


def _rows(listed: Listed, width: int) -> list[str]:
    shown = len(listed.first)
    whole = shown == listed.rows
    lines = ["The rows" if whole else f"First {shown} of {listed.rows} rows"]
    for row in listed.first:
        day = str(row.published or "no day")
        title = cut(clean(row.title), _TITLE) or "(no title)"
        lines += wrap(f"  {pad(day, 10)}  {title}", width, " " * 14)
        if row.deadline:
            lines.append(f"{' ' * 14}comments until {row.deadline}")
        lines.append(f"{' ' * 14}{clean(row.url) or '(no address)'}")
    return lines


def _paper(paper: Paper, width: int) -> list[str]:
    lines = _said("title", cut(paper.title or "", _TITLE), width)
    lines += _whole("address", paper.url)
    facts: Iterable[tuple[str, object]] = (
        ("published", paper.published),
        ("signed", paper.signed),
        ("number", paper.doc_number),
        ("bodies", ", ".join(paper.bodies)),
        ("stage", " · ".join(filter(None, (paper.stage, paper.doc_type)))),
        ("deadline", paper.deadline),
        (
            "text",
            f"{paper.characters:,} characters: {paper.begins}" if paper.characters else "none",
        ),
    )
    for name, value in facts:
        lines += _said(name, value, width)
    for file in paper.files:
        lines += _said("attachment", _file(file), width)
    return lines


def _file(file: File) -> str:
    if file.quality is None:
        return f"{file.name} (not looked at)"
    found = ", ".join(filter(None, (file.kind, file.quality)))
    if file.characters:
        found += f", {file.characters:,} characters"
    return f"{file.name} ({found}{': ' + file.reason if file.reason else ''})"
