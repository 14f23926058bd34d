"""Listings for the terminal, as rich tables; scraped text enters them as plain Text, never as markup."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from watcher.model import Document, Stage
from watcher.text import one_line

STAGES = {
    Stage.DRAFT: "draft",
    Stage.CALL: "call",
    Stage.INTERPRETATION: "interpretation",
}


def _cell(value: object, style: str = "") -> Text:
    return Text(one_line(str(value)) if value not in (None, "") else "–", style=style)


def _table(*columns: str, wide: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold", ratio=1 if column == wide else None)
    table.expand = True
    return table


def _at(value: datetime | None, zone: str) -> str | None:
    return f"{value.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" if value else None


def paper_table(papers: Iterable[tuple[Document, datetime]], zone: str) -> RenderableType:
    """Documents with when they were first seen."""
    table = _table(
        "id", f"seen ({zone})", "bodies", "stage", "sector", "deadline", "title", wide="title"
    )
    for document, seen_at in papers:
        facts = document.facts
        stage = STAGES.get(facts.stage, facts.stage) if facts.stage else None
        table.add_row(
            _cell(document.id),
            _cell(_at(seen_at, zone)),
            _cell(" ".join(facts.bodies)),
            _cell(stage),
            _cell(document.classification.primary),
            _cell(facts.deadline),
            _cell(document.title),
        )
    return table


def paper_sheet(document: Document, history: Mapping[str, Any], zone: str) -> RenderableType:
    """Everything known of one document, one fact a line, with its reason."""
    facts, label = document.facts, document.classification
    sheet = Table(box=None, show_header=False, pad_edge=False)
    sheet.add_column(style="dim")
    sheet.add_column(overflow="fold")

    def say(name: str, value: object) -> None:
        if value not in (None, "", ()):
            sheet.add_row(name, _cell(value))

    say("paper", f"{document.id}  {document.title}")
    for title in document.aka:
        say("also", title)
    say("address", document.url)
    say("stage", f"{facts.stage}, round {facts.round}" if facts.round else facts.stage)
    say("form", facts.doc_type)
    say("number", facts.doc_number)
    say("bodies", ", ".join(facts.bodies))
    say("published", document.published)
    say("signed", document.signed)
    quote = f' — "{facts.deadline_quote}"' if facts.deadline_quote else ""
    say("deadline", f"{facts.deadline}{quote}" if facts.deadline else None)
    say("sector", f"{label.primary} {label.score:.2f}")
    say("secondary", ", ".join(label.secondary))
    for sector in (label.primary, *label.secondary):
        terms = [
            f"{e.term} ({e.field} {e.start}–{e.end})" for e in label.evidence if e.sector == sector
        ]
        say(f"  {sector}", ", ".join(terms[:8]))
    for attachment in document.attachments:
        say("attachment", f"{attachment.name}  {attachment.url}")
    for link in history["links"]:
        other = link["draft"] if link["final"] == document.id else link["final"]
        say(
            link["state"],
            f"{link['kind']}: {other}  {link['title']}  ({link['score']:.2f}: {'; '.join(link['evidence'])})",
        )
    for version in history["versions"]:
        say(
            "version",
            f"{version['id']}  {_at(version['at'], zone)}  {version['cause']}, {version['characters']} characters",
        )
    for change in history["changes"]:
        was = f": {change['was']}" if change["was"] else ""
        say("change", f"{_at(change['at'], zone)}  {change['kind']} on {change['source']}{was}")
    for sighting in history["sightings"]:
        say("seen on", f"{sighting['source']}  {_at(sighting['first_seen_at'], zone)}")
    return Group(sheet, Text(f"times in {zone}", style="dim"))


def source_table(rows: Sequence[Mapping[str, Any]], now: datetime) -> RenderableType:
    table = _table("source", "health", "last read", "next", "usual", "new/30d", wide="health")
    for row in rows:
        health, since = str(row["health"]), row["failing_since"]
        style = "" if health in ("ok", "off", "not read yet") else "red"
        if since:
            health = f"failing {_span(now - since)} ({row['failures']}×): {health}"
        usual = row["usual_rows"]
        table.add_row(
            _cell(row["id"]),
            _cell(health, style),
            _cell(f"{_span(now - row['last_read_at'])} ago" if row["last_read_at"] else None),
            _cell(_span(row["next_poll_at"] - now) if row["next_poll_at"] else None),
            _cell(f"{usual:.0f} rows" if usual else None),
            _cell(row["new_30d"]),
        )
    return table


def delivery_table(rows: Sequence[Mapping[Any, Any]], zone: str) -> RenderableType:
    table = _table("id", "state", "target", f"due ({zone})", "sent", "tries", "what", wide="what")
    styles = {"dead": "red", "owed": "yellow"}
    for row in rows:
        what = row["notice"]["subject"] if row["notice"] else row["title"]
        if row["error"] and row["state"] != "sent":
            what = f"{what} — {row['error']}"
        table.add_row(
            _cell(row["id"]),
            _cell(row["state"], styles.get(row["state"], "")),
            _cell(row["target"]),
            _cell(_at(row["due_at"], zone)),
            _cell(_at(row["sent_at"], zone)),
            _cell(row["attempts"]),
            _cell(what),
        )
    return table


def _span(span: timedelta) -> str:
    """A length of time in one unit: 40 s, 12 min, 3 h, 5 d; "now" for none."""
    seconds = span.total_seconds()
    if seconds <= 0:
        return "now"
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
