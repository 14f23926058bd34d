"""Listings for the terminal: a line of columns, and below it what is too long for one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from watcher.model import Document, EnglishTitle, Stage
from watcher.render.alert import countdown, marked, target_words, who
from watcher.render.links import link_rows
from watcher.render.scraped import clean
from watcher.render.terminal import pad, wrap

_STAGES = {Stage.DRAFT: "draft", Stage.CALL: "call"}
_INDENT = "    "
_WIDEST = 28
"""Cells of one column; what is longer belongs below."""


def _columns(
    names: Sequence[str], rows: Sequence[Sequence[object]], below: Sequence[str], width: int
) -> list[str]:
    """Rows under their names, each followed by its indented text."""
    cells = [[clean(str(cell)) if cell not in (None, "") else "–" for cell in row] for row in rows]
    widths = [
        min(_WIDEST, max(cell_len(line[n]) for line in [list(names), *cells]))
        for n in range(len(names))
    ]
    lines = []
    for line, text in zip([list(names), *cells], ["", *below], strict=True):
        lines.append("  ".join(map(pad, line, widths)).rstrip())
        if text:
            lines += [_INDENT + part for part in wrap(clean(text), width - len(_INDENT))]
    return lines if rows else []


def _at(value: datetime | None, zone: str) -> str | None:
    return f"{value.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" if value else None


def paper_lines(
    papers: Iterable[tuple[Document, datetime]],
    zone: str,
    width: int,
    english: Mapping[int, EnglishTitle | None] = MappingProxyType({}),
) -> list[str]:
    """Documents with when they were first seen; `english` by id stands for their titles."""
    rows, titles = [], []
    for document, seen_at in papers:
        facts = document.facts
        stage = _STAGES.get(facts.stage, facts.stage.value) if facts.stage else None
        bodies = who(facts.bodies, facts.issuer) if facts.bodies or facts.issuer else None
        rows.append(
            (
                document.id,
                _at(seen_at, zone),
                bodies,
                stage,
                document.classification.primary,
                facts.deadline,
            )
        )
        made = english.get(document.id)
        titles.append((marked(made) if made else None) or document.title)
    names = ("id", "seen", "bodies", "stage", "sector", "deadline")
    found = _columns(names, rows, titles, width)
    return [*found, f"times in {zone}"] if found else []


def deadline_lines(
    papers: Sequence[tuple[Document, int]],
    english: Mapping[int, EnglishTitle | None],
    zone: str,
    width: int,
) -> list[str]:
    """Papers open for comment with their days left, in the reader's zone."""
    rows = [
        (
            paper.id,
            paper.facts.deadline,
            countdown(left),
            who(paper.facts.bodies, paper.facts.issuer),
            paper.classification.primary,
        )
        for paper, left in papers
    ]
    below = []
    for paper, _ in papers:
        made = english.get(paper.id)
        below.append((marked(made) if made else None) or paper.title)
    found = _columns(("id", "until", "left", "bodies", "sector"), rows, below, width)
    return [*found, f"days left in {zone}; a deadline ends at midnight in China"] if found else []


def paper_sheet(
    document: Document,
    english: EnglishTitle | None,
    history: Mapping[str, Any],
    zone: str,
    width: int,
) -> list[str]:
    """Everything known of one document, one fact a line, with its reason."""
    facts, label = document.facts, document.classification
    lines: list[str] = []

    def say(name: str, value: object) -> None:
        if value not in (None, "", ()):
            lines.extend(wrap(f"{pad(name, 12)}{clean(str(value))}", width, " " * 12))

    say("paper", f"{document.id}  {document.title}")
    if english:
        say("in English", f"{english.text} ({english.by})")
    for title in document.aka:
        say("also", title)
    say("address", document.url)
    say("stage", f"{facts.stage}, round {facts.round}" if facts.round else facts.stage)
    say("form", facts.doc_type)
    say("number", facts.doc_number)
    say("bodies", who(facts.bodies, facts.issuer))
    say("published", document.published)
    say("signed", document.signed)
    quote = f' — "{facts.deadline_quote}"' if facts.deadline_quote else ""
    say("deadline", f"{facts.deadline}{quote}" if facts.deadline else None)
    say("comments to", ", ".join(facts.comments_to))
    say("in force", facts.effective)
    for target in facts.targets:
        say("target", target_words(target))
    for citation in facts.cites:
        number = f"（{citation.doc_number}）" if citation.doc_number else ""
        say(citation.relation, f"《{citation.title}》{number}")
    say("companies", ", ".join(facts.companies))
    for sector in (label.primary, *label.secondary):
        why = [
            f"{e.term} ({e.field} {e.start}–{e.end})" for e in label.evidence if e.sector == sector
        ]
        score = f" {label.score:.2f}" if sector == label.primary else " (secondary)"
        say("sector", f"{sector}{score}  {', '.join(why[:8])}")
    for attachment in history["attachments"]:
        say("attachment", f"{attachment['name']}  {_reading(attachment)}  {attachment['url']}")
    for conflict in history["conflicts"]:
        said = ", ".join(f"{value} ({witness})" for witness, value in conflict["values"])
        say("conflict", f"{conflict['field']}: {said}")
    for name, text in link_rows(history["links"], zone):
        say(name, text)
    for version in history["versions"]:
        what = f"{version['cause']}, {version['characters']} characters"
        say("version", f"{document.id}@{version['number']}  {_at(version['at'], zone)}  {what}")
    for change in history["changes"]:
        was = f": {change['was']}" if change["was"] else ""
        say("change", f"{_at(change['at'], zone)}  {change['kind']} on {change['source']}{was}")
    for sighting in history["sightings"]:
        say("seen on", f"{sighting['source']}  {_at(sighting['first_seen_at'], zone)}")
    return [*lines, f"times in {zone}"]


def _reading(attachment: Mapping[str, Any]) -> str:
    """How reading an attachment went, in brackets."""
    if attachment["quality"] == "ok":
        return f"({attachment['kind']}, {attachment['characters']} characters)"
    said = [attachment["kind"], attachment["quality"] or "not read", attachment["reason"]]
    return f"({', '.join(word for word in said if word)})"


def source_lines(rows: Sequence[Mapping[str, Any]], now: datetime, width: int) -> list[str]:
    """Sources as `watcher sources --json` has them: how each is read, and what is to be done."""
    cells, below = [], []
    for row in rows:
        usual, pause = row["usual_rows"], row["usual_pause"]
        cells.append(
            (
                row["id"],
                _health(row, now),
                _ago(now - row["last_good_at"]) if row["last_good_at"] else None,
                _span(row["next_poll_at"] - now) if row["next_poll_at"] else None,
                f"{usual:.0f}" if usual else None,
                row["new_30d"],
                f"{max(pause, 1)} d" if pause is not None else None,
            )
        )
        below.append("; ".join(_remarks(row, now)))
    names = ("source", "health", "last good", "next", "rows", "new/30d", "pause")
    found = _columns(names, cells, below, width)
    if not found:
        return []
    counts = Counter(_health(row, now).split(" ")[0] for row in rows)
    said = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    legend = (
        "rows: usual on the list; new/30d: papers seen here first, with those of the first visit; "
        "pause: usual working days from one day with news to the next"
    )
    count = f"{len(rows)} source{'' if len(rows) == 1 else 's'}"
    return [*found, *wrap(f"{count}: {said}", width), *wrap(legend, width)]


def _health(row: Mapping[str, Any], now: datetime) -> str:
    if row["failing_since"] and row["health"] != "off":
        return f"failing {_span(now - row['failing_since'])}"
    if row["health"] == "not read yet":
        return "unread yet"
    if row["held_at"]:
        return f"held {_span(now - row['held_at'])}"
    if row["silent_since"] and row["health"] == "ok":
        return "silent"
    return str(row["health"])


def _remarks(row: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """What stands below a source: what is wrong, who stands in, what is held and how it ends."""
    if row["failing_since"] and row["health"] != "off":
        count = row["failures"]
        yield f"{count} failure{'' if count == 1 else 's'} in a row: {row['health']}"
    if row["stood_in_by"]:
        yield f"{row['stood_in_by']} stands in"
    if row["stands_in_for"]:
        yield f"stands in for {', '.join(row['stands_in_for'])}"
    if row["silent_since"]:
        quiet, pause = row["quiet_workdays"], row["usual_pause"]
        habit = (
            f", {quiet} working days (usual: {max(pause, 1)})"
            if quiet and pause is not None
            else ""
        )
        yield f"nothing new since {row['last_published']}{habit}"
    if row["held_at"]:
        what = "all alerts are held" if row["holding"] else "some alerts are held"
        yield (
            f"{what}: {row['held_reason']}; `watcher sources release {row['id']}` sends them, "
            "with --discard it does not"
        )


def delivery_lines(rows: Sequence[Mapping[Any, Any]], zone: str, width: int) -> list[str]:
    cells, below = [], []
    for row in rows:
        what = row["notice"]["subject"] if row["notice"] else row["title"]
        if row["letter"]:  # it tells of no single paper
            what = row["reason"] or row["letter"]["kind"]
        error = f" — {row['error']}" if row["error"] and row["state"] != "sent" else ""
        due, sent = _at(row["due_at"], zone), _at(row["sent_at"], zone)
        cells.append((row["id"], row["state"], row["target"], due, sent, row["attempts"]))
        below.append(f"{what}{error}")
    found = _columns(("id", "state", "target", "due", "sent", "tries"), cells, below, width)
    return [*found, f"times in {zone}"] if found else []


def _span(span: timedelta) -> str:
    """A length of time in one unit: 40 s, 12 min, 3 h, 5 d; "now" for none."""
    seconds = span.total_seconds()
    if seconds <= 0:
        return "now"
    if seconds > 120:
        seconds = round(seconds / 60) * 60  # 119 min and 59 s are 2 h
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _ago(span: timedelta) -> str:
    return "just now" if span < timedelta(seconds=1) else f"{_span(span)} ago"
