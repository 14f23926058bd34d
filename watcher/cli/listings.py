"""Commands that show what the store knows of papers: items, show; and how a listing is shown."""

import difflib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from watcher.clock import clock_from
from watcher.model import Document, Stage

if TYPE_CHECKING:
    from watcher.model import EnglishTitle
    from watcher.settings import Config
    from watcher.store import Store
    from watcher.store.papers import Listed


class _RowId(click.IntRange):
    """The number of a paper or a delivery; a paper's also as `watcher diff` takes it, doc:12."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        bare: Any = value.removeprefix("doc:") if isinstance(value, str) else value
        return super().convert(bare, param, ctx)


ROW_ID = _RowId(1, 2**63 - 1)
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@contextmanager
def opened(path: str) -> "Iterator[tuple[Config, Store]]":
    from watcher import config as configuration
    from watcher.store import open_store

    config = configuration.load(Path(path))
    with open_store(config) as store:
        yield config, store


def say(row: Mapping[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def age(text: str | None) -> timedelta | None:
    """Read 7d, 12h, 30m."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,5})([mhd])", text)
    if match is None:
        raise click.BadParameter(f"{text!r} is no age; write 30m, 12h or 7d")
    return (
        int(match[1])
        * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[match[2]]
    )


def known(what: str, word: str, among: Iterable[str]) -> None:
    """Refuse a code that does not exist, with the nearest that does."""
    codes = sorted(among)
    if word not in codes:
        near = difflib.get_close_matches(word, codes, 1)
        raise click.UsageError(f"no {what} {word!r}" + (f"; nearest: {near[0]}" if near else ""))


def here(config: "Config", at: datetime | None) -> str:
    """An instant in the configuration's zone, the zone named."""
    return f"{at.astimezone(ZoneInfo(config.timezone)):%Y-%m-%d %H:%M %Z}" if at else "never"


def _paper(listed: "Listed", english: "EnglishTitle | None") -> dict[str, Any]:
    document = listed.document
    facts = document.facts
    return {
        "id": document.id,
        "title": document.title,
        "title_en": english and english.text,
        "title_en_by": english and english.by,
        "stage": facts.stage,
        "round": facts.round,
        "doc_type": facts.doc_type,
        "doc_number": facts.doc_number,
        "bodies": facts.bodies,
        "primary": document.classification.primary,
        "secondary": document.classification.secondary,
        "deadline": facts.deadline,
        "effective": facts.effective,
        "published": document.published,
        "section": document.section,
        "url": document.url,
        "source": document.source_id,
        "seen_at": listed.first_seen_at,
        "withdrawn_at": listed.withdrawn_at,
        "read_error": listed.read_error,
    }


def in_english(store: "Store", papers: Sequence[Document]) -> "dict[int, EnglishTitle | None]":
    """By document: its Chinese title in English, translated or else as a gloss."""
    from watcher.gloss import reading

    known = store.translations.get(paper.title for paper in papers)
    return {paper.id: reading(paper, known) for paper in papers}


@click.command()
@click.option("--source", help="Only what this source showed first.")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]))
@click.option("--sector", help="Only papers whose primary sector is this.")
@click.option("--since", metavar="AGE", help="Only papers first seen within 30m, 12h, 7d.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=30, show_default=True)
@click.option("--english", is_flag=True, help="Chinese titles in English: translated, or glosses.")
@as_json
@click.pass_obj
def items(
    path: str,
    source: str | None,
    stage: str | None,
    sector: str | None,
    since: str | None,
    limit: int,
    english: bool,
    as_json: bool,
) -> None:
    """List the papers seen, the newest first."""
    span = age(since)
    with opened(path) as (config, store):
        from watcher.classify import sector_names

        if source is not None:
            known("source", source, config.sources_by_id)
        if sector is not None:
            known("sector", sector, {**sector_names(config.rules), "none": ()})
        papers = store.papers.newest(
            source=source,
            stage=Stage(stage) if stage else None,
            sector=sector,
            since=clock_from().now() - span if span else None,
            limit=limit,
        )
        readings = in_english(store, [listed.document for listed in papers])
        if as_json:
            for listed in papers:
                say(_paper(listed, readings[listed.document.id]))
            return
        from watcher.render.tables import paper_lines

        seen = [(listed.document, listed.first_seen_at) for listed in papers]
        shown = readings if english else {}
        show_lines(paper_lines(seen, config.timezone, width(), shown))
        if not papers:
            chosen = any((source, stage, sector, since))
            click.echo(
                "no paper fits"
                if chosen
                else "no papers yet; `watcher poll` reads the sources once",
                err=True,
            )


def show_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def width() -> int:
    return max(40, shutil.get_terminal_size((100, 24)).columns)


@click.command()
@click.argument("document", metavar="ID", type=ROW_ID)
@click.option("--text", is_flag=True, help="Print the paper's text.")
@as_json
@click.pass_obj
def show(path: str, document: int, text: bool, as_json: bool) -> None:
    """Show one paper: what is known of it, why, and what became of it."""
    with opened(path) as (config, store):
        found = store.papers.newest(ids=[document])
        if not found:
            raise click.UsageError(f"no paper {document}; `watcher items` lists them")
        full = store.papers.get([document])[document]
        history = _history(store, full)
        english = in_english(store, [full])[full.id]
        if as_json:
            say(_paper(found[0], english) | history | {"text": full.text})
            return
        from watcher.render.tables import paper_sheet

        show_lines(paper_sheet(full, english, history, config.timezone, width()))
        if text:
            click.echo("\n" + full.text)


def _attachments(store: "Store", document: Document) -> list[dict[str, Any]]:
    """The files a paper's page offers, with how reading them went."""
    files = {file.attachment.url: file for file in store.attachments.of(document.id)}
    listed = []
    for attachment in document.attachments:
        file = files.get(attachment.url)
        content = file.content if file else None
        listed.append(
            {
                **asdict(attachment),
                "kind": content and content.kind,
                "quality": content and content.quality,
                "reason": (content and content.reason) or (file and file.error),
                "characters": len(content.text) if content else 0,
            }
        )
    return listed


def _history(store: "Store", document: Document) -> dict[str, Any]:
    from watcher.explain import links_of

    return {
        "evidence": [asdict(evidence) for evidence in document.classification.evidence],
        "score": document.classification.score,
        "deadline_quote": document.facts.deadline_quote,
        "comments_to": document.facts.comments_to,
        "targets": [asdict(target) for target in document.facts.targets],
        "companies": document.facts.companies,
        "cites": [asdict(citation) for citation in document.facts.cites],
        "attachments": _attachments(store, document),
        "conflicts": [asdict(conflict) for conflict in document.conflicts],
        "versions": [
            {
                "id": v.id,
                "number": v.number,
                "cause": v.cause,
                "characters": len(v.text),
                "at": v.recorded_at,
            }
            for v in store.papers.versions(document.id)
        ],
        "changes": [
            {"kind": c.kind, "source": c.source_id, "was": c.was, "at": c.at}
            for c in store.papers.changes(document.id)
        ],
        "links": list(links_of(store, document)),
        "sightings": [
            {"source": s["source_id"], "url": s["url"], "first_seen_at": s["first_seen_at"]}
            for s in store.papers.sightings(document.id)
        ],
    }


COMMANDS = (items, show)
