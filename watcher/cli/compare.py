"""The command diff: two papers from files or from the store, and what changed between them."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.given import bytes_of
from watcher.errors import ExtractError, Reason

if TYPE_CHECKING:  # the store is read only where a command names something in it
    from watcher.diff import TextDiff
    from watcher.store.papers import Papers, StoredVersion

_STORED = re.compile(
    r"(?:version:)?(?P<version>[0-9]{1,18})|doc:(?P<paper>[0-9]{1,18})|(?:doc:)?(?P<of>[0-9]{1,18})@(?P<rank>[0-9]{1,9})"
)
_DRAFT = re.compile(r"征求意见|公开征集意见|草案|送审稿|讨论稿|\bdraft\b", re.I)
_TOP = 120
"""Characters of a text among which its title stands."""
_HTML = re.compile(rb"\s*(?:<!doctype html|<html)\b", re.I)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "docx", "csv"]),
    default="text",
    show_default=True,
)
@click.option(
    "--all", "everything", is_flag=True, help="Show unchanged and renumbered articles too."
)
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Write to this file.")
@click.option("--no-pager", is_flag=True, help="Print a long text at once.")
@click.pass_obj
def diff(
    path: str,
    old: str,
    new: str,
    form: str,
    everything: bool,
    output: str | None,
    no_pager: bool,
) -> None:
    """Compare two papers article by article.

    OLD and NEW are files (txt, html, docx, doc, pdf, ofd), `-` for standard input, or texts in the
    store: `doc:5` is the latest text of paper 5, `5@2` its second version, `version:17` or `17` the
    version of that number (`watcher show` lists them).
    """
    from watcher.diff import diff_texts
    from watcher.render.diff import DIFF_FORMATS, DiffTitles, diff_text

    if form == "docx" and output is None and sys.stdout.isatty():
        raise click.UsageError("a .docx does not belong on a terminal; give --output FILE")
    if old == new == "-":
        raise click.UsageError("standard input can be one of the two texts, not both")
    before, after = _readable(path, old), _readable(path, new)
    found = diff_texts(before.text, after.text)
    for note in _notes(before, after, found):
        click.echo(f"note: {note}", err=True)
    titles = DiffTitles(
        old=before.name,
        new=after.name,
        paper=after.title,
        before="draft" if before.draft else "before",
    )
    if form == "text":
        paged = output is None and not no_pager and sys.stdout.isatty()
        text = diff_text(
            found,
            titles,
            width=max(40, shutil.get_terminal_size((100, 24)).columns),
            colour=output is None and sys.stdout.isatty() and _takes_colour(paged=paged),
            show_all=everything,
        )
        if paged:
            os.environ.setdefault("LESS", "-FRX")  # as git: what fits on one screen is not paged
            click.echo_via_pager(text)
            return
        body = text.encode()
    else:
        body = DIFF_FORMATS[form](found, titles)
    if output is not None:
        try:
            Path(output).write_bytes(body)
        except OSError as exc:
            raise click.FileError(output, hint=exc.strerror or str(exc)) from exc
        return
    sys.stdout.buffer.write(body if body.endswith(b"\n") or form == "docx" else body + b"\n")
    sys.stdout.buffer.flush()


def _notes(before: "_Readable", after: "_Readable", found: "TextDiff") -> Iterator[str]:
    """What a reader should doubt before believing the comparison."""
    empty = [side.name for side in (before, after) if not side.text.strip()]
    if empty:
        yield f"{' and '.join(empty)}: no text; there is nothing to compare with"
    elif not any(entry.old and entry.new for entry in found.entries):
        yield "no article or paragraph of one is like any of the other: are these texts of one paper?"


def _takes_colour(*, paged: bool) -> bool:
    """Whether colours would be shown. Without them a change is known by its signs alone, so where
    a pager might drop them, or print them as letters, the signs are written instead."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    pager = (os.environ.get("PAGER") or "less").split()
    plain = Path(pager[0]).name != "less" or not shutil.which(pager[0])
    return not paged or not (plain or "r" not in os.environ.get("LESS", "-R").lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readable:
    """One side of a comparison."""

    text: str
    name: str
    """A file's name, or stage and day of a stored version."""
    title: str = ""
    draft: bool = False


def _readable(config_path: str, word: str) -> _Readable:
    """A file's text, or a stored version's; a file named like a number is a file."""
    file = Path(word)
    stored = _STORED.fullmatch(word)
    if stored and not file.exists():
        return _stored(config_path, stored)
    return _file(file, bytes_of(word))


def _file(file: Path, body: bytes) -> _Readable:
    """The text of a plain text, a page, or an attachment of any kind that can be read."""
    from watcher.extract.attachment import kind_of
    from watcher.extract.paper.page import read_page
    from watcher.model import Page
    from watcher.sandbox import read_attachment
    from watcher.text import decode

    name = file.name
    unknown = kind_of(body, name) == "unknown"
    if file.suffix.lower() in (".html", ".htm", ".shtml") or (unknown and _HTML.match(body)):
        page = read_page(Page(url=file.absolute().as_uri(), body=body))
        return _read(page.text, name, page.title or "")
    if unknown:
        try:
            return _read(decode(body), name)
        except ExtractError as exc:
            raise ExtractError(exc.reason, f"{file}: {str(exc).partition(': ')[2]}") from exc
    found = read_attachment(body, name)
    if found.quality != "ok":
        raise ExtractError(
            Reason.UNDECODABLE, f"{file}: {found.kind} {found.quality}: {found.reason}"
        )
    return _read(found.text, name)


def _read(text: str, name: str, title: str = "") -> _Readable:
    """A file's text; that it is a draft stands in its name or on its first lines."""
    said = f"{name}\n{title}\n{text[:_TOP]}"
    return _Readable(text=text, name=name, title=title, draft=bool(_DRAFT.search(said)))


def _stored(config_path: str, named: re.Match[str]) -> _Readable:
    from watcher import config as configuration
    from watcher.model import Stage
    from watcher.store import open_store

    with open_store(configuration.load(Path(config_path))) as store:
        version = _version(store.papers, named)
        document = store.papers.get([version.document_id])[version.document_id]
    if not version.text:
        raise ExtractError(
            Reason.EMPTY, f"the text of version {version.id} ({version.title}) has not been read"
        )
    day = document.published or version.recorded_at.date()
    stage = document.facts.stage
    word = "draft" if stage is Stage.DRAFT else (stage or "paper")
    rank = f", version {version.number}" if named["rank"] or named["version"] else ""
    return _Readable(
        text=version.text,
        name=f"{word} {day}{rank}",
        title=version.title,
        draft=stage is Stage.DRAFT,
    )


def _version(papers: "Papers", named: re.Match[str]) -> "StoredVersion":
    """The version that a command names."""
    if number := named["version"]:
        version = papers.version(int(number))
        what = f"version {number}"
    else:
        paper = named["paper"] or named["of"]
        versions = papers.versions(int(paper))
        what = f"paper {paper}"
        rank = int(named["rank"] or len(versions))
        version = next((v for v in versions if v.number == rank), None) if versions else None
        if versions and version is None:
            known = ", ".join(str(v.number) for v in versions)
            raise click.UsageError(f"paper {paper} has no version {rank}; it has {known}")
    if version is None:
        raise click.UsageError(
            f"no file and no {what}; `watcher items` and `watcher show` list them"
        )
    return version
