"""A diff as one self-contained web page: side by side or inline, without script, fit to print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from watcher.diff import Entry, Hunk, TextDiff, summary
from watcher.diff.points import summary_zh, weightiest
from watcher.render.diff.titles import DiffTitles, clean, headings, quiet, reason, replaced, verdict
from watcher.render.scraped import clean as one_line

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A stretch that begins and ends with a line on both sides, so that they stand side by side."""

    old: tuple[Hunk, ...]
    new: tuple[Hunk, ...]
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One section of the page: an article, a chapter's heading, or what stands around them."""

    style: str
    title: str = ""
    verdict: str = ""
    anchor: str = ""
    """Its place in the page, for articles."""
    following: str = ""
    """The anchor of the next change."""
    hunks: tuple[Hunk, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    """For two columns; () where one says it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    anchor: str
    title: str
    reason: str
    quote: tuple[Hunk, ...]


@cache
def _template() -> "Template":
    # half of this room's import time, and only pages need it
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("watcher.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("diff.html")


def diff_html(diff: TextDiff, titles: DiffTitles) -> bytes:
    """The whole of both texts; unchanged articles are folded away until asked for."""
    names = headings(diff)
    old, new = one_line(titles.old), one_line(titles.new)
    page = _template().render(
        title=one_line(titles.paper) or f"{old} → {new}",
        names=f"{old} → {new}",
        old=old,
        new=new,
        summary=one_line(summary(diff, before=titles.before)),
        summary_zh=one_line(summary_zh(diff, before=titles.before)),
        replaced=replaced(diff),
        coarse=diff.coarse,
        points=[
            Quoted(
                anchor=_anchor(point.entry),
                title=names[point.entry],
                reason=reason(point, diff),
                quote=_clean(point.quote),
            )
            for point in weightiest(diff)
        ],
        rows=_chained(list(_rows(diff, names))),
    )
    return page.lstrip().encode()


def _rows(diff: TextDiff, names: Sequence[str]) -> Iterator[Row]:
    """The joint text in reading order; an article stands where the new text has it."""
    told: set[int] = set()
    for passage in diff.flow:
        if passage.entry is None:
            chapter = passage.kind == "heading"
            folded = not chapter and all(op == "equal" for op, _ in passage.hunks)
            style = "chapter" if chapter else f"{passage.kind} quiet" if folded else passage.kind
            paragraphs = () if chapter else _paragraphs(passage.hunks)
            yield Row(style=style, hunks=_clean(passage.hunks), paragraphs=paragraphs)
            continue
        entry, name = diff.entries[passage.entry], names[passage.entry]
        leaving = bool(entry.new) and all(op == "delete" for op, _ in passage.hunks)
        if leaving:
            yield Row(style="stub", title=name, verdict=f"{entry.op}: stood here")
        elif passage.entry not in told:
            told.add(passage.entry)
            yield Row(
                style=_style(entry),
                title=name,
                verdict=verdict(entry),
                anchor=_anchor(passage.entry),
                hunks=_clean(entry.hunks),
                paragraphs=_paragraphs(entry.hunks),
            )


def _chained(rows: list[Row]) -> list[Row]:
    """Each article with the way to the next that changed."""
    following = ""
    for n in range(len(rows) - 1, -1, -1):
        row = rows[n]
        if row.anchor:
            rows[n] = replace(row, following=following)
            following = following if "quiet" in row.style else row.anchor
    return rows


def _anchor(rank: int) -> str:
    return f"a{rank}"


def _style(entry: Entry) -> str:
    return entry.op + " substantive" * bool(entry.substantive) + " quiet" * quiet(entry)


def _paragraphs(hunks: Sequence[Hunk]) -> tuple[Paragraph, ...]:
    """`hunks` broken at the line ends that both texts have; () where nothing changed."""
    if all(op == "equal" for op, _ in hunks):
        return ()
    stretches: list[list[Hunk]] = [[]]
    for op, text in hunks:
        for n, piece in enumerate(text.split("\n") if op == "equal" else [text]):
            if n:
                stretches.append([])
            if piece:
                stretches[-1].append((op, piece))
    return tuple(
        Paragraph(
            old=_clean([hunk for hunk in stretch if hunk[0] != "insert"]),
            new=_clean([hunk for hunk in stretch if hunk[0] != "delete"]),
            changed=any(op != "equal" for op, _ in stretch),
        )
        for stretch in stretches
        if stretch
    )


def _clean(hunks: Sequence[Hunk]) -> tuple[Hunk, ...]:
    return tuple((op, clean(text)) for op, text in hunks)
