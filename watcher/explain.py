"""Why a paper is what it is said to be, and who heard of it or not: from rules, words and the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from watcher import link as linking
from watcher.classify import NONE, Rules
from watcher.classify.rules import Entry
from watcher.correct import as_rules_said, standing, value_of
from watcher.model import ChangeKind, Document
from watcher.render.explain import (
    Cited,
    Close,
    Correction,
    Explanation,
    FactWhy,
    Hearing,
    Masked,
    Place,
    Reviewed,
    SectorWhy,
    Silence,
)
from watcher.route import why_not
from watcher.settings import Config, Subscription, Team
from watcher.store import Store
from watcher.store.papers import Listed
from watcher.store.teams import Mute
from watcher.teams import lineage
from watcher.understand import Understanding

_CLOSE = 3
"""Sectors that came close, at most."""
_TERMS = 4
"""Terms named of each of them."""


def explain(
    store: Store,
    config: Config,
    rules: Rules,
    paper: Listed,
    teams: Sequence[Team],
    now: datetime,
) -> Explanation:
    """Everything that is known of why, for a document that is in the store."""
    document = store.papers.get([paper.document.id])[paper.document.id]
    history = store.labels.of(document.id)
    said = document
    if history:  # what rules say by themselves, beside what readers made of it
        source = config.sources_by_id.get(document.source_id)
        understanding = Understanding(store, rules, config.teams)
        said = understanding.again(as_rules_said(document, history), source)
    return Explanation(
        document=document,
        first_seen_at=paper.first_seen_at,
        merged_into=paper.merged_into,
        sectors=tuple(_given(said)),
        close=tuple(_close(rules, said)),
        masked=tuple(_masked(rules, document)),
        noise=tuple(_noise(rules, document)),
        facts=tuple(_facts(document)),
        corrections=tuple(
            Correction(label=label, rules=_value_said(said, label.field))
            for label in standing(history)
        ),
        cites=tuple(_cited(store, document)),
        links=tuple(links_of(store, document)),
        teams=tuple(_hearings(store, config, document, teams, now)),
        outdated=paper.merged_into is None and paper.rules != rules.fingerprint,
    )


# ---------------------------------------------------------------- sectors


def _given(document: Document) -> Iterable[SectorWhy]:
    label = document.classification
    for code in (label.primary, *label.secondary):
        primary = code == label.primary
        yield SectorWhy(
            code=code,
            role="primary" if primary else "secondary",
            score=label.score if primary else None,
            evidence=tuple(each for each in label.evidence if each.sector == code),
        )


def _close(rules: Rules, document: Document) -> Iterable[Close]:
    """The sectors named most strongly of those not given, and what keeps them back."""
    label = document.classification
    given = {label.primary, *label.secondary}
    weights: dict[str, float] = {}
    places: dict[str, dict[str, Place]] = {}
    fields = (("title", document.title), ("notice", document.notice), ("text", document.text))
    for field, text in fields:
        for entry, place in _hits(rules, field, text):
            for term in entry.sectors:
                if term.target in given or term.text in places.get(term.target, {}):
                    continue
                worth = term.weight if field == "title" else term.weight / 4
                weights[term.target] = weights.get(term.target, 0.0) + worth
                places.setdefault(term.target, {})[term.text] = place
    against = bool(list(_noise(rules, document)))
    for code in sorted(weights, key=lambda code: (-weights[code], code))[:_CLOSE]:
        found = tuple(places[code].values())
        why = _kept_back(rules, code, label.primary, found, against=against)
        yield Close(code=code, places=found[:_TERMS], why=why)


def _kept_back(
    rules: Rules, code: str, primary: str, found: Sequence[Place], *, against: bool
) -> str:
    if primary == NONE:
        return "outweighed by what speaks against every sector" if against else "too weak alone"
    sector, winner = rules.sectors[code], rules.sectors.get(primary)
    if primary in sector.behind:
        return f"gives way to {primary} where both are named"
    if winner is not None and sector.tier > winner.tier:
        return f"general: counts less beside the specific {primary}"
    if all(place.field != "title" for place in found):
        return "not named in the title"
    return f"named less strongly than {primary}"


def _masked(rules: Rules, document: Document) -> Iterable[Masked]:
    for entry, place in _hits(rules, "title", document.title):
        if not entry.mask:
            continue
        # a part of the phrase is not masked: what it says then is what the phrase hides
        parts = (place.words[1:], place.words[:-1])
        hidden = {
            term.target
            for part in parts
            for inner, _ in _hits(rules, "title", part)
            for term in inner.sectors
        }
        if hidden:
            yield Masked(place=place, sectors=tuple(sorted(hidden)))


def _noise(rules: Rules, document: Document) -> Iterable[tuple[str, Place]]:
    for entry, place in _hits(rules, "title", document.title):
        for term in entry.noise:
            yield term.target, place


def _hits(rules: Rules, field: str, text: str) -> Iterable[tuple[Entry, Place]]:
    """What rules find in a text, with its place in the words as given."""
    hits = rules.find(text)
    for n, start, end in hits.found:
        first, last = hits.text.span(start, end)
        yield hits.entry(n), Place(field=field, start=first, end=last, words=text[first:last])


# ---------------------------------------------------------------- facts

_TOLD = ("stage", "round", "doc_type", "doc_number", "bodies", "issuer", "deadline", "effective")
_SEVERAL = ("comments_to", "targets", "companies")


def _facts(document: Document) -> Iterable[FactWhy]:
    facts = document.facts
    fields = {"title": document.title, "text": document.text, "notice": document.notice}
    places: dict[str, list[Place]] = {}
    for span in facts.spans:
        words = fields.get(span.field, "")[span.start : span.end]
        place = Place(field=span.field, start=span.start, end=span.end, words=words)
        for name in {span.fact, span.fact.partition(".")[0]}:
            places.setdefault(name, []).append(place)
    for name in _TOLD:
        value = getattr(facts, name)
        if value in (None, ()):
            continue
        said = ", ".join(value) if isinstance(value, tuple) else str(value)
        found = places.get(name, [])
        if name == "deadline" and not found and facts.deadline_quote:
            found = [_quoted(facts.deadline_quote, fields)]
        yield FactWhy(name=name, value=said, places=tuple(found))
    for name in _SEVERAL:
        for n, each in enumerate(getattr(facts, name)):
            said = each if isinstance(each, str) else _target(each)
            yield FactWhy(name=name, value=said, places=tuple(places.get(f"{name}.{n}", ())))


def _quoted(quote: str, fields: Mapping[str, str]) -> Place:
    """A quoted sentence where it stands; at 0–0 where folding changed it too much to be found."""
    for field in ("notice", "text", "title"):
        at = fields[field].find(quote)
        if at >= 0:
            return Place(field=field, start=at, end=at + len(quote), words=quote)
    return Place(field="text", start=0, end=0, words=quote)


def _target(target: Any) -> str:
    value = target.value
    amount = "–".join(f"{one:g}" for one in value) if isinstance(value, tuple) else f"{value:g}"
    by = f" by {target.by_year}" if target.by_year else ""
    return f"{target.quantity}: {amount} {target.unit}".rstrip() + by


def _value_said(document: Document, field: str) -> str:
    """What rules say of a field, with how sure they are of a sector."""
    value = value_of(document, field)
    if field == "sector" and value != NONE:
        return f"{value} {document.classification.score:.2f}"
    return value


# ---------------------------------------------------------------- other papers


def _cited(store: Store, document: Document) -> Iterable[Cited]:
    cores = {each.title: linking.cores(f"《{each.title}》") for each in document.facts.cites}
    wanted = frozenset[str]().union(*cores.values())
    named = {
        other.id: linking.cores(other.title)
        for other in (store.links.candidates(wanted, ()) if wanted else ())
        if other.id != document.id
    }
    for each in document.facts.cites:
        mine = cores[each.title]
        known = sorted(id_ for id_, theirs in named.items() if mine & theirs)
        yield Cited(
            title=each.title,
            relation=each.relation,
            doc_number=each.doc_number,
            known_as=tuple(known),
        )


def links_of(store: Store, document: Document) -> Iterable[Mapping[str, Any]]:
    """A paper's links, the surest first, each with the other paper and all that people said of it."""
    found = store.papers.links(document.id)
    others = store.papers.get({int(end) for each in found for end in (each.draft, each.final)})
    said = store.links.decisions(document.id) if found else []
    for each in found:
        draft, final = int(each.draft), int(each.final)
        other = draft if final == document.id else final
        yield {
            "kind": each.kind,
            "draft": draft,
            "final": final,
            "state": each.state,
            "score": each.score,
            "evidence": each.evidence,
            "other": other,
            "title": others[other].title,
            "decisions": [asdict(one) for one in said if (one.draft, one.final) == (draft, final)],
        }


# ---------------------------------------------------------------- who heard


def _hearings(
    store: Store, config: Config, document: Document, teams: Sequence[Team], now: datetime
) -> Iterable[Hearing]:
    rows = [_row(row) for row in store.papers.told(document.id)]
    news = [c.at for c in store.papers.changes(document.id) if c.kind is ChangeKind.NEW]
    reviews = store.teams.reviews(document.id)
    kin = lineage(store, document)
    source = config.sources_by_id.get(document.source_id)
    silent = f"it stood on the first visit to {source.id if source else document.source_id}"
    for team in teams:
        mutes = [
            m for m in store.teams.mutes(team.id) if m.document_id is None or m.document_id in kin
        ]
        said = tuple(
            Reviewed(state=each.state, by=each.by, at=each.at)
            for each in reviews
            if each.team == team.id
        )
        for wants in team.subscriptions:
            silence = tuple(_silences(mutes, wants, [now, *news]))
            mine = tuple(row for row in rows if _is_of(row, team, wants))
            if mine:
                reason, heard = mine[0]["reason"], True
            else:
                verdict = why_not(document, wants)
                reason, heard = verdict.reason, False
                if verdict.heard and wants.as_ == "brief":
                    reason = f"its brief of the period tells of it; wanted: {verdict.reason}"
                elif verdict.heard:
                    reason = _unsaid(team, wants, rows, news, silent, verdict.reason)
                    if any(True for _ in _silences(mutes, wants, news[:1])):
                        reason = f"it was muted when it arrived; wanted: {verdict.reason}"
            yield Hearing(
                team=team.id,
                zone=team.timezone,
                subscription=wants.id,
                heard=heard,
                reason=reason,
                deliveries=mine,
                since=wants.since,
                muted=silence,
                reviews=said,
            )


def _silences(
    mutes: Sequence[Mute], wants: Subscription, moments: Sequence[datetime]
) -> Iterable[Silence]:
    """The mutes that kept, or keep, a subscription from hearing of a paper at one of these moments."""
    for mute in mutes:
        if mute.subscription in (None, wants.id) and any(map(mute.holds, moments)):
            what = "this subscription" if mute.subscription else "everything"
            if mute.document_id is not None:
                what = f"paper {mute.document_id}"
            ends = [end for end in (mute.until, mute.lifted_at) if end is not None]
            yield Silence(what=what, by=mute.by, at=mute.at, until=min(ends, default=None))


def _unsaid(
    team: Team,
    wants: Subscription,
    rows: Sequence[Mapping[str, Any]],
    news: Sequence[datetime],
    silent: str,
    wanted: str,
) -> str:
    """Why a subscription that wants a paper has no row of its own in the outbox."""
    if not team.to:
        return "the team has no target to be told at"
    targets = {str(target) for target in team.to}
    for row in rows:
        if row["target"] in targets:  # nobody is told twice at one place
            return f"{row['target']} was told for {row['team']} / {row['subscription']}"
    if not news:
        return f"{silent}, which is silent; wanted: {wanted}"
    if wants.since is not None and wants.since > news[0]:
        return f"it arrived on {news[0]:%Y-%m-%d}, before this began to listen; wanted: {wanted}"
    return f"it is wanted now ({wanted}), and was not when it arrived on {news[0]:%Y-%m-%d}"


def _is_of(row: Mapping[str, Any], team: Team, wants: Subscription) -> bool:
    """Whether a row tells for this subscription: one row may tell for several, named in its reason."""
    if row["team"] != team.id:
        return False
    return row["subscription"] == wants.id or f"{team.name} / {wants.id}: " in row["reason"]


_ROW = ("id", "team", "subscription", "target", "state", "reason", "due_at", "sent_at", "receipt")


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in (*_ROW, "error")}
