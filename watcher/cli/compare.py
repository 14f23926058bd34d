"""The command diff: two papers from files or from the store, and what changed between them."""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from watcher.cli.given import bytes_of
from watcher.errors import ExtractError, Reason

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
@click.pass_obj
def diff(path: str, old: str, new: str, form: str, everything: bool, output: str | None) -> None:
    """Compare two papers article by article.

    OLD and NEW are files (txt, html, docx, pdf, …), or versions in the store: `17` is version 17,
    `doc:5` the latest text of paper 5 (`watcher show` lists both).
    """
    from watcher.diff import diff_texts
    from watcher.render.diff import DIFF_FORMATS, DiffTitles, diff_text

    if form == "docx" and output is None and sys.stdout.isatty():
        raise click.UsageError("a .docx does not belong on a terminal; give --output FILE")
    if old == new == "-":
        raise click.UsageError("standard input can be one of the two texts, not both")
    before, after = _readable(path, old), _readable(path, new)
    found = diff_texts(before.text, after.text)
    titles = DiffTitles(
        old=before.name,
        new=after.name,
        paper=after.title,
        before="draft" if before.draft else "before",
    )
    if form == "text":
        tty = output is None and sys.stdout.isatty()
        width = max(40, shutil.get_terminal_size((100, 24)).columns)
        body = diff_text(found, titles, width=width, colour=tty, show_all=everything).encode()
    else:
        body = DIFF_FORMATS[form](found, titles)
    if output is not None:
        Path(output).write_bytes(body)
        return
    sys.stdout.buffer.write(body if body.endswith(b"\n") or form == "docx" else body + b"\n")
    sys.stdout.buffer.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readable:
    """One side of a comparison."""

    text: str
    name: str
    """A file's name, or stage and day of a stored version."""
    title: str = ""
    draft: bool = False


def _readable(config_path: str, word: str) -> _Readable:
    """A file's text, or a stored version's."""
    file = Path(word)
    stored = re.fullmatch(r"(doc:)?([0-9]{1,18})", word)
    if stored and not file.exists():
        return _stored(config_path, int(stored[2]), latest=bool(stored[1]))
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
        return _Readable(text=page.text, name=name, title=page.title or "")
    if unknown:
        return _Readable(text=decode(body), name=name)
    found = read_attachment(body, name)
    if found.quality != "ok":
        raise ExtractError(
            Reason.UNDECODABLE, f"{file}: {found.kind} {found.quality}: {found.reason}"
        )
    return _Readable(text=found.text, name=name)


def _stored(config_path: str, number: int, *, latest: bool) -> _Readable:
    from watcher import config as configuration
    from watcher.model import Stage
    from watcher.store import open_store

    with open_store(configuration.load(Path(config_path))) as store:
        if latest:
            versions = store.papers.versions(number)
            version = versions[-1] if versions else None
        else:
            version = store.papers.version(number)
        if version is None:
            kind = "paper" if latest else "version"
            raise click.UsageError(
                f"no file and no {kind} {number}; `watcher items` and `watcher show` list them"
            )
        document = store.papers.get([version.document_id])[version.document_id]
    if not version.text:
        raise ExtractError(
            Reason.EMPTY, f"the text of version {version.id} ({version.title}) has not been read"
        )
    day = document.published or version.recorded_at.date()
    stage = document.facts.stage
    word = "draft" if stage is Stage.DRAFT else (stage or "paper")
    return _Readable(
        text=version.text, name=f"{word} {day}", title=version.title, draft=stage is Stage.DRAFT
    )
