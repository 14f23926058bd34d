"""A compiled brief as Markdown that an editor may change, and the changed parts read back.

What may be changed stands between marks, HTML comments that name its paper and its field with a
digest of what stood there. Entries may be put in another order or deleted. A digest of every other
line ends the file: words that are written elsewhere would be lost, and are refused instead.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from watcher.compiled import CompiledBrief, Entry, Point, Quote
from watcher.errors import WatcherError
from watcher.render.brief import words as say
from watcher.render.scraped import clean, web_link

BLOCKS = ("headline", "at_a_glance", "comment")
"""What may be changed of a leading paper, in order."""
_HEAD = re.compile(
    r"<!-- watcher brief from=(?P<start>\d{4}-\d\d-\d\d) to=(?P<end>\d{4}-\d\d-\d\d) "
    r"team=(?P<team>[\w.-]+|) top=(?P<top>[\da-f.,]*) news=(?P<news>[\da-f.,]*) -->"
)
_BEGIN = re.compile(r"<!-- watcher (?P<field>[a-z_]+) of (?P<id>\d{1,18}): (?P<is>[0-9a-f]{8}) -->")
_LINE = re.compile(r"- (?P<text>.*) <!-- watcher line of (?P<id>\d{1,18}): (?P<is>[0-9a-f]{8}) -->")
_END = "<!-- watcher end -->"
_REST = re.compile(r"<!-- watcher rest:(?P<is>(?: [0-9a-f]{6})*) -->")
_MARK = "<!-- watcher"


class ReturnedError(WatcherError):
    """A file is no brief that watcher wrote, or its marks are damaged; `problems` says all of it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join([*problems, "nothing of it was kept"]))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A part that reads otherwise than it was written; `text` None: the compiled one is wanted back."""

    document: int
    field: str
    text: str | None
    against: str
    """The digest of the paper's words that the editor saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What an editor made of a brief's Markdown."""

    start: date
    end: date
    team: str | None
    changed: tuple[Changed, ...]
    dropped: tuple[int, ...]
    """Papers whose entry or line was deleted."""
    order: tuple[int, ...] | None
    """The leading papers as they stand now, where that is not how they stood."""
    digests: Mapping[int, str]
    """Of the words of every paper in it, as the editor saw them."""


# ---------------------------------------------------------------- escaping

_SPECIAL = re.compile(
    r"[\\`*_\[\]<>&~|$]|(?<=www)\.|:(?=//)|(?<=\w)@|^(?:[#+=-]|\d+(?=[.)]))", re.I
)


def escape(text: str) -> str:
    """Text without meaning to Markdown (CommonMark and GitHub's), at the start of a line or within one."""

    def plain(match: re.Match[str]) -> str:
        found = match[0]
        return f"{found}\\" if found[0].isdecimal() else f"\\{found}"

    return _SPECIAL.sub(plain, clean(text))


def _link(label: str, url: str | None) -> str:
    address = web_link(url)
    if address is None:
        return escape(label)
    return f"[{escape(label)}]({address.replace('(', '%28').replace(')', '%29')})"


# ---------------------------------------------------------------- writing


def brief_markdown(brief: CompiledBrief) -> bytes:
    """The whole brief; see `returned` for what may be changed in it."""
    body = list(_body(brief))
    rest = " ".join(_digest(line, 6) for line in _outside(body))
    ids = [
        ",".join(f"{entry.document}.{entry.digest}" for entry in some)
        for some in (brief.top, _news(brief))
    ]
    head = (
        f"<!-- watcher brief from={brief.start} to={brief.end} team={brief.team or ''} "
        f"top={ids[0]} news={ids[1]} -->"
    )
    end = f"<!-- watcher rest: {rest} -->" if rest else "<!-- watcher rest: -->"
    return ("\n".join([head, *body, end]) + "\n").encode()


def _news(brief: CompiledBrief) -> tuple[Entry, ...]:
    return (*brief.policy, *brief.corporate)


def _body(brief: CompiledBrief) -> Iterator[str]:
    yield f"# {escape(say.heading(brief))}"
    yield ""
    yield f"Reporting period: {say.span(brief.start, brief.end)}"
    yield ""
    parts = say.sections(brief)
    if not parts:
        yield say.EMPTY
        yield ""
    else:
        yield "## Contents"
        yield ""
    for part in parts:
        count = "" if part.leading else f" ({len(part.entries)})"
        yield f"- [{part.name}](#{part.anchor}){count}"
        if part.leading:
            for place, entry in enumerate(part.entries, start=1):
                yield f"  {place}. [{escape(say.headline(entry))}](#paper-{entry.document})"
    for part in parts:
        yield ""
        yield f'<a id="{part.anchor}"></a>'
        yield ""
        yield f"## {part.name}"
        yield ""
        if part.leading:
            for place, entry in enumerate(part.entries, start=1):
                yield from _entry(entry, place)
        else:
            for entry in part.entries:
                yield _news_line(entry, brief)
    if line := say.left_out(brief):
        yield ""
        yield escape(line)
    yield ""
    yield escape(say.MADE)
    yield ""


def _entry(entry: Entry, place: int) -> Iterator[str]:
    edits = entry.edits
    yield f'<a id="paper-{entry.document}"></a>'
    yield ""
    headline = edits["headline"].text if "headline" in edits else escape(say.words(entry.headline))
    yield from _block(entry, "headline", [f"### {place}. {headline}"])
    glance = [edits["at_a_glance"].text] if "at_a_glance" in edits else list(_glance(entry))
    yield from _block(entry, "at_a_glance", _labelled("At a glance", glance))
    comment = [edits["comment"].text] if "comment" in edits else []
    yield from _block(entry, "comment", _labelled("Comment", comment))
    yield f"**Article:** {escape(say.article(entry))} ({_link(say.LINK, entry.url)})"
    yield ""
    yield f"**{say.bodies_label(entry)}:** {escape(say.bodies(entry))}"
    yield ""
    yield f"**Date:** {say.dated(entry)}"
    yield ""
    if entry.told:
        yield f"**{say.TOLD}:** {escape(say.source(entry))}"
        yield ""
    for role, title, url in say.related(entry):
        yield f"**Also in this period:** {escape(role)}: {_link(title, url)}"
        yield ""
    yield f"*Why it leads: {escape(say.reasons(entry))}*"
    yield ""


def _labelled(label: str, lines: Sequence[str]) -> list[str]:
    first = f"**{label}:** {lines[0]}" if lines and lines[0] else f"**{label}:**"
    return [first, *lines[1:]]


def _block(entry: Entry, name: str, lines: Iterable[str]) -> Iterator[str]:
    content = "\n".join(lines)
    yield f"<!-- watcher {name} of {entry.document}: {_digest(content)} -->"
    yield content
    yield _END
    yield ""


def _glance(entry: Entry) -> Iterator[str]:
    """The sentence on the label's line, then a list."""
    yield _quoted(entry.sentence) if entry.sentence else ""
    if entry.points:
        yield ""
        yield from (f"- {_point(point)}" for point in entry.points)


def _quoted(quote: Quote) -> str:
    return f"{escape(say.quoted(quote))} ({escape(say.where(quote))})"


def _point(point: Point) -> str:
    english = f"{escape(point.said.text)} — " if point.said else ""
    return f"{english}{_quoted(point.quote)}"


def _news_line(entry: Entry, brief: CompiledBrief) -> str:
    if "line" in entry.edits:
        said = " ".join(entry.edits["line"].text.split())
    else:
        said = f"{escape(say.news_text(entry))} ({_link(say.source(entry), entry.url)})"
    text = f"**{say.news_day(entry, brief)}:** {said}"
    return f"- {text} <!-- watcher line of {entry.document}: {_digest(text)} -->"


def _digest(text: str, length: int = 8) -> str:
    bare = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    return sha256(bare.encode(errors="replace")).hexdigest()[:length]


def _outside(lines: Iterable[str]) -> Iterator[str]:
    """The lines that stand in no block."""
    within = False
    for line in "\n".join(lines).splitlines():
        if line.strip() == _END:
            within = False
        elif _BEGIN.fullmatch(line.strip()):
            within = True
        elif not within and line.strip() and not _LINE.fullmatch(line.strip()):
            yield line.strip()


# ---------------------------------------------------------------- reading back


@dataclass(slots=True)
class _Reader:
    """Goes through the lines once and notes what is there and what is wrong."""

    problems: list[str] = field(default_factory=list)
    found: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    """By paper and field: the digest of what stood there, and what stands there."""
    rest: list[tuple[int, str]] = field(default_factory=list)
    known: frozenset[str] | None = None
    """Digests of the lines that stood outside of blocks."""

    def read(self, lines: Sequence[tuple[int, str]]) -> None:
        block: tuple[int, re.Match[str], list[str]] | None = None
        for number, line in lines:
            bare = line.strip()
            begin, news = _BEGIN.fullmatch(bare), _LINE.fullmatch(bare)
            if begin or bare == _END:
                block = self._turn(number, begin, block)
            elif block is None and news:
                self._note(number, int(news["id"]), "line", news["is"], news["text"])
            elif block is None and (rest := _REST.fullmatch(bare)):
                self.known = frozenset(rest["is"].split())
            elif _MARK in bare:
                self.problems.append(f"line {number}: the mark is damaged: {bare[:80]!r}")
            elif block is not None:
                block[2].append(line)
            elif bare:
                self.rest.append((number, bare))
        if block is not None:
            self._unended(block)
        if self.known is None:
            self.problems.append("its last line, the mark 'watcher rest', is missing")

    def _turn(
        self,
        number: int,
        begin: re.Match[str] | None,
        block: tuple[int, re.Match[str], list[str]] | None,
    ) -> tuple[int, re.Match[str], list[str]] | None:
        """What is open after a mark."""
        if begin:
            if block is not None:
                self._unended(block)
            return number, begin, []
        if block is None:
            self.problems.append(f"line {number}: an end mark where no block is open")
            return None
        began, mark, content = block
        self._note(began, int(mark["id"]), mark["field"], mark["is"], "\n".join(content))
        return None

    def _unended(self, block: tuple[int, re.Match[str], list[str]]) -> None:
        began, mark, _ = block
        self.problems.append(
            f"line {began}: the {mark['field']} of {mark['id']} has no end mark {_END!r}"
        )

    def _note(self, number: int, id_: int, name: str, was: str, content: str) -> None:
        if name not in (*BLOCKS, "line"):
            self.problems.append(f"line {number}: no field {name!r}")
        elif (id_, name) in self.found:
            self.problems.append(f"line {number}: a second {name} of {id_}")
        else:
            self.found[id_, name] = was, content


def returned(body: bytes) -> Returned:
    """Read what an editor made of `brief_markdown`. Raises ReturnedError, all or nothing."""
    try:
        lines = list(enumerate(body.decode("utf-8-sig").splitlines(), start=1))
    except UnicodeDecodeError as exc:
        raise ReturnedError([f"the file is not UTF-8: {exc.reason}"]) from exc
    first = next((n for n, (_, line) in enumerate(lines) if line.strip()), len(lines))
    head = _HEAD.fullmatch(lines[first][1].strip()) if first < len(lines) else None
    if head is None:
        raise ReturnedError(
            [
                "this is no brief that watcher wrote: its first line, the mark 'watcher brief', is missing"
            ]
        )
    reader = _Reader()
    reader.read(lines[first + 1 :])
    top, news = _ids(head["top"]), _ids(head["news"])
    digests = {**top, **news}
    dropped: list[int] = []
    for id_ in sorted({id_ for id_, _ in reader.found} - {*top, *news}):
        reader.problems.append(f"paper {id_} was not in this brief")
    for ids, names in ((top, BLOCKS), (news, ("line",))):
        for id_ in ids:
            missing = [name for name in names if (id_, name) not in reader.found]
            if len(missing) == len(names):
                dropped.append(id_)
            elif missing:
                reader.problems.append(
                    f"paper {id_}: its {' and '.join(missing)} is gone, the rest of it is there"
                )
    for number, line in reader.rest:
        if reader.known is not None and _digest(line, 6) not in reader.known:
            reader.problems.append(
                f"line {number} stands outside of what can be kept, and would be lost; move it "
                f"into a comment: {line[:60]!r}"
            )
    try:
        start, end = date.fromisoformat(head["start"]), date.fromisoformat(head["end"])
    except ValueError as exc:
        raise ReturnedError([f"its first line names a day that does not exist: {exc}"]) from exc
    if reader.problems:
        raise ReturnedError(reader.problems)
    now = [id_ for id_, name in reader.found if name == "headline"]
    return Returned(
        start=start,
        end=end,
        team=head["team"] or None,
        changed=tuple(
            Changed(document=id_, field=name, text=_value(name, content), against=digests[id_])
            for (id_, name), (was, content) in reader.found.items()
            if _digest(content) != was
        ),
        dropped=tuple(dropped),
        order=tuple(now) if now != [id_ for id_ in top if id_ in now] else None,
        digests=digests,
    )


def _ids(words: str) -> dict[int, str]:
    """Digests by paper, in the order in which they stand."""
    pairs = (word.partition(".") for word in words.split(",") if word)
    return {int(id_): digest for id_, _, digest in pairs if id_.isdecimal()}


_LABELS = re.compile(r"\s*\*\*(?:At a glance|Comment):\*\*[ \t]*", re.I)
_HEADING = re.compile(r"\s*(?:#{1,6}\s+)?(?:\d{1,2}\.\s+)?")
_DAY = re.compile(r"\s*\*\*[^*]{1,40}:\*\*\s*")


def _value(name: str, content: str) -> str | None:
    """What an editor wrote, without the label that the file puts before it."""
    match name:
        case "headline":
            return _HEADING.sub("", " ".join(content.split()), count=1) or None
        case "line":
            return _DAY.sub("", content, count=1).strip() or None
        case "comment":
            return _LABELS.sub("", content, count=1).strip() or None
        case _:
            return _LABELS.sub("", content, count=1).strip()
