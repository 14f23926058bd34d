"""Reasons for the terminal: one paper explained, labels listed, what changed rules would make of history."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from watcher.correct import Label
from watcher.model import Document, Evidence, Stage
from watcher.render.alert import who
from watcher.render.links import link_rows
from watcher.render.scraped import clean, cut
from watcher.render.terminal import pad, wrap

_QUOTE = 60
"""Characters of a quoted sentence."""
_TERMS = 8
"""Terms shown of a sector."""
_STAGES = {Stage.DRAFT: "draft", Stage.CALL: "call"}

# ---------------------------------------------------------------- what an explanation says


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Words of a paper: `field[start:end]`."""

    field: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorWhy:
    """A sector that was given, and the terms that spoke for it."""

    code: str
    role: str
    """primary or secondary."""
    score: float | None
    """Certainty of the primary one."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """A sector that was named and not given."""

    code: str
    places: tuple[Place, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A phrase in the title within which a term does not count."""

    place: Place
    sectors: tuple[str, ...]
    """Whose terms it hides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWhy:
    name: str
    value: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    title: str
    relation: str
    doc_number: str | None
    known_as: tuple[int, ...]
    """The documents in the store that bear this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A label that stands, and what rules say of the same field."""

    label: Label
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A mute: of what, by whom, from when to when."""

    what: str
    by: str
    at: datetime
    until: datetime | None
    """When it ended or will end; None: when somebody ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    state: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Whether one subscription heard of the paper."""

    team: str
    zone: str
    subscription: str
    heard: bool
    """Whether something was owed to it; `deliveries` say what became of that."""
    reason: str
    deliveries: tuple[Mapping[str, Any], ...]
    """Its rows of the outbox: target, state, due_at, sent_at, receipt, error."""
    since: datetime | None = None
    """Since when it listens."""
    muted: tuple[Silence, ...] = ()
    """What of this paper is muted now, or was when it arrived."""
    reviews: tuple[Reviewed, ...] = ()
    """What the team said of the paper, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    document: Document
    first_seen_at: datetime
    merged_into: int | None
    """The document that this one turned out to be."""
    sectors: tuple[SectorWhy, ...]
    """As rules say, whatever readers corrected."""
    close: tuple[Close, ...]
    masked: tuple[Masked, ...]
    noise: tuple[tuple[str, Place], ...]
    """(kind, words) in the title that speak against every sector."""
    facts: tuple[FactWhy, ...]
    corrections: tuple[Correction, ...]
    cites: tuple[Cited, ...]
    links: tuple[Mapping[str, Any], ...]
    teams: tuple[Hearing, ...]
    outdated: bool
    """Other rules than those in force concluded it; it is yet to be read again."""


# ---------------------------------------------------------------- how it is shown


def explanation_lines(why: Explanation, zone: str, width: int) -> list[str]:
    """One paper with the reason for each thing said of it, a line a thing."""
    document = why.document
    facts = document.facts
    stage = _STAGES.get(facts.stage, facts.stage.value) if facts.stage else "stage unknown"
    bodies = who(facts.bodies, facts.issuer)
    head = f"{document.id}  {bodies}  {stage}  {clean(document.title)}"
    lines = wrap(head, width, "  ")
    rows = [
        *_about(why, zone),
        *_sector_rows(why, zone),
        *_fact_rows(why),
        *_other_rows(why, zone),
    ]
    name_width = max((cell_len(name) for name, _ in rows), default=0) + 2
    shown = ""
    for name, text in rows:
        lines += _row("" if name == shown else name, text, name_width, width)
        shown = name
    return lines + _team_lines(why.teams, width)


def _row(name: str, text: str, name_width: int, width: int) -> list[str]:
    return wrap(f"{pad(name, name_width)}{clean(text)}", width, " " * name_width)


def _about(why: Explanation, zone: str) -> Iterator[tuple[str, str]]:
    document = why.document
    yield "seen", f"{_at(why.first_seen_at, zone)} on {document.source_id}"
    if why.merged_into is not None:
        yield "merged", f"this turned out to be paper {why.merged_into}"
    if why.outdated:
        yield "rules", "concluded by other rules than are in force; it is yet to be read again"


def _sector_rows(why: Explanation, zone: str) -> Iterator[tuple[str, str]]:
    corrected = {each.label.field: each for each in why.corrections}
    for field in ("sector", "secondary"):
        if each := corrected.get(field):
            yield field, _correction(each, zone)
    said = "sector"
    if "sector" in corrected or "secondary" in corrected:
        said = "rules said"
    for sector in why.sectors:
        score = f" {sector.score:.2f}" if sector.score else ""
        role = ", secondary" if sector.role == "secondary" else ""
        terms = ", ".join(_terms(sector.evidence, why.document))
        yield said, f"{sector.code}{score}{role}{_behind(terms)}"
    for close in why.close:
        places = ", ".join(map(_place, close.places))
        yield "close", f"{close.code}: {close.why}{_behind(places)}"
    for kind, place in why.noise:
        yield "against", f"{_place(place)} says {kind}: it speaks against every sector"
    for masked in why.masked:
        hidden = ", ".join(masked.sectors)
        yield "masked", f"{_place(masked.place)} is a phrase of its own: not counted for {hidden}"


def _behind(reason: str) -> str:
    return f" — {reason}" if reason else ""


def _terms(evidence: Sequence[Evidence], document: Document) -> Iterator[str]:
    for each in evidence[:_TERMS]:
        words = cut(clean(each.term), _QUOTE)
        field = document.title if each.field == "title" else document.text
        times = field.count(each.term) if each.field != "notice" else 1
        often = f" ×{times}" if times > 1 else ""
        yield f"{words}{often} ({each.field} {each.start}–{each.end})"


def _place(place: Place) -> str:
    return f"{cut(clean(place.words), _QUOTE)} ({place.field} {place.start}–{place.end})"


def _correction(each: Correction, zone: str) -> str:
    label = each.label
    note = f" ({label.note})" if label.note else ""
    return (
        f"rules said {each.rules}; corrected by {label.by} on {_day(label.at, zone)}: "
        f"{label.value}{note}"
    )


_FACTS = {
    "doc_type": "form",
    "doc_number": "number",
    "comments_to": "comments",
    "targets": "target",
    "companies": "company",
}


def _fact_rows(why: Explanation) -> Iterator[tuple[str, str]]:
    for fact in why.facts:
        quotes = ", ".join(f'"{cut(clean(p.words), _QUOTE)}" {_where(p)}' for p in fact.places)
        yield _FACTS.get(fact.name, fact.name), f"{fact.value}{_behind(quotes)}"


def _where(place: Place) -> str:
    return f"({place.field} {place.start}–{place.end})" if place.end else f"({place.field})"


def _other_rows(why: Explanation, zone: str) -> Iterator[tuple[str, str]]:
    for cited in why.cites:
        number = f" ({cited.doc_number})" if cited.doc_number else ""
        known = f"paper {', '.join(map(str, cited.known_as))}" if cited.known_as else ""
        yield cited.relation, f"《{cited.title}》{number}{_behind(known)}"
    yield from link_rows(why.links, zone)
    for each in why.corrections:
        if each.label.field not in ("sector", "secondary"):
            yield "label", f"{each.label.field}: {_correction(each, zone)}"


def _team_lines(teams: Sequence[Hearing], width: int) -> list[str]:
    names = [f"{each.team} / {each.subscription}" for each in teams]
    name_width = min(max(map(cell_len, names), default=0) + 2, width // 3)
    lines = []
    for name, each in zip(names, teams, strict=True):
        text = "; ".join(_told(each)) if each.deliveries else f"not: {each.reason}"
        about = "".join(f"; {said}" for said in _aside(each))
        lines += _row(clean(name), text + about, name_width, width)
    return lines


def _aside(hearing: Hearing) -> Iterator[str]:
    """What else is known of a subscription and this paper."""
    zone = hearing.zone
    for mute in hearing.muted:
        until = f" until {_at(mute.until, zone)}" if mute.until else ""
        yield f"{mute.what} muted by {mute.by} on {_at(mute.at, zone)}{until}"
    for review in hearing.reviews[-1:]:
        yield f"{review.state.replace('_', ' ')}, said {review.by} on {_at(review.at, zone)}"
    if hearing.since:
        yield f"listens since {_at(hearing.since, zone)}"


def _told(hearing: Hearing) -> Iterator[str]:
    for row in hearing.deliveries:
        target = row["target"].partition(":")[2] or row["target"]
        receipt = f" ({row['receipt']})" if row["receipt"] else ""
        match row["state"]:
            case "sent":
                yield f"heard: sent {_at(row['sent_at'], hearing.zone)} to {target}{receipt}"
            case "owed":
                tried = f", last refused: {row['error']}" if row["error"] else ""
                yield f"hears: due {_at(row['due_at'], hearing.zone)} at {target}{tried}"
            case "held":
                yield f"held: an operator must release it before {target} hears"
            case _:
                yield f"not delivered to {target}: {row['error'] or row['state']}"
    yield f"because {hearing.reason}"


def _at(when: datetime, zone: str) -> str:
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def _day(when: datetime, zone: str) -> str:
    local = when.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b %Y}"


# ---------------------------------------------------------------- labels, replay


def label_lines(
    labels: Iterable[Label], titles: Mapping[int, str], zone: str, width: int
) -> list[str]:
    """Labels under the papers they are of."""
    lines: list[str] = []
    paper = None
    for label in labels:
        if label.document_id != paper:
            paper = label.document_id
            lines += wrap(f"{paper}  {clean(titles.get(paper, ''))}".rstrip(), width, "  ")
        note = f" – {label.note}" if label.note else ""
        said = clean(f"{label.field}: {label.value} – {label.by}, {_at(label.at, zone)}{note}")
        lines += wrap(f"    {said}", width, "      ")
    return lines


def replay_lines(
    rows: Sequence[Mapping[str, Any]], papers: int, teams: Sequence[str], width: int
) -> list[str]:
    """Rows as `watcher replay --json` has them: counts first, then paper by paper."""
    moved = sum(row["before"]["primary"] != row["after"]["primary"] for row in rows)
    lines = wrap(
        f"{_count(papers, 'paper')} looked at: {moved} in another primary sector; nothing was sent",
        width,
        "  ",
    )
    more, less = (
        Counter(team for row in rows for team in {one["team"] for one in row[way]})
        for way in ("more", "less")
    )
    for team in teams:
        count = f"{_count(more[team], 'paper')} more, {less[team]} fewer"
        lines += wrap(f"  {clean(team)}: {count}", width, "    ")
    for row in rows:
        lines += ["", *wrap(f"{row['id']}  {clean(row['title'])}", width, "  ")]
        before, after = (_sectors(row[side]) for side in ("before", "after"))
        if before != after:
            lines += wrap(f"    {before} → {after}", width, "      ")
        for sign, way in (("+", "more"), ("−", "less")):
            for one in row[way]:
                said = clean(f"{sign} {one['team']} / {one['subscription']}: {one['reason']}")
                lines += wrap(f"    {said}", width, "      ")
    return lines


def _sectors(label: Mapping[str, Any]) -> str:
    also = f" (also {', '.join(label['secondary'])})" if label["secondary"] else ""
    return f"{label['primary']}{also}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
