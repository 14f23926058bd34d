"""From hits to a decision: which sector a paper is for, how surely, and on what evidence. Pure."""

import sys
from collections.abc import Iterable, Sequence
from math import exp, log
from typing import NamedTuple

from watcher.classify.rules import Hit, Rules, Term
from watcher.model import Classification, Evidence, Stage

NONE = "none"

LEAD = 400
"""Characters of the text that say what a paper is about; to the end of the paragraph they end in."""
LEAD_MOST = 800
FADE = 0.6
"""Each further term of a sector counts this much less, so that a word list does not win."""
LEAD_SHARE, BODY_SHARE = 0.4, 0.2
LEAD_CAP, BODY_CAP = 2.6, 1.2
"""What lead and body may add at most: less than one strong term in the title."""
ENOUGH = 1.5
"""Less than this is no sector: one weak term is not enough, two are."""
TIERS = (1.0, 0.45, 0.3)
"""What a general sector keeps when a specific one is named beside it."""
NEAR = 1.34
"""Two sectors are named about as strongly when the one is worth at most this much more."""
HOME = 0.6
SECOND_ABSOLUTE, SECOND_RELATIVE = 2.4, 0.35
MOST_SECONDARY = 3
EVIDENCE_PER_SECTOR = 8
APPOINTMENT_NOISE = 3.0
"""An appointment belongs to the sector of its post only when the title names that sector twice."""


class _Found(NamedTuple):
    """The first occurrence of a term in a field, and how often it stands there."""

    field: str
    start: int
    end: int
    term: Term
    times: int


class _Tally(NamedTuple):
    """What speaks for one sector."""

    title: float
    total: float
    found: tuple[_Found, ...]


def classify(
    rules: Rules,
    title: str,
    text: str = "",
    *,
    bodies: Sequence[str] = (),
    stage: Stage | None = None,
) -> Classification:
    """Say which sector's team a paper concerns, or that it concerns none.

    `bodies` (codes) tip a balance between sectors that are named, `stage` makes an appointment
    harder to take for a policy paper. Evidence spans are offsets into `title` and `text` as
    given. Deterministic; linear in the length of the input.
    """
    in_title, in_text = rules.find(title), rules.find(text)
    tallies = _tally(rules, in_title, in_text, _lead_end(text), bodies)
    noise = _noise(in_title) + (APPOINTMENT_NOISE if stage is Stage.APPOINTMENT else 0.0)
    ranked = _ranked(rules, tallies)
    if not ranked:
        return Classification()
    best = ranked[0]
    strength = tallies[best[1]].title if noise else best[0]
    if best[0] < ENOUGH or noise > strength:
        return Classification()
    secondary = _secondary(best[1], ranked, tallies)
    runner_up = ranked[1][0] if len(ranked) > 1 else 0.0
    return Classification(
        primary=best[1],
        secondary=secondary,
        score=_certainty(best[0], runner_up, noise),
        evidence=tuple(
            e for code in (best[1], *secondary) for e in _evidence(code, tallies[code], title, text)
        ),
    )


def _lead_end(text: str) -> int:
    if len(text) <= LEAD:
        return len(text)
    stop = text.find("\n", LEAD, LEAD_MOST)
    return stop if stop >= 0 else LEAD_MOST


def _tally(
    rules: Rules, in_title: list[Hit], in_text: list[Hit], lead_end: int, bodies: Sequence[str]
) -> dict[str, _Tally]:
    title = _by_sector(in_title, "title")
    lead = _by_sector((hit for hit in in_text if hit.start < lead_end), "text")
    body = _by_sector((hit for hit in in_text if hit.start >= lead_end), "text")
    at_home = {rules.homes[code] for code in bodies if code in rules.homes}
    tallies = {}
    for code in sorted({*title, *lead, *body}):
        of_title = _sum(title.get(code, ()))
        of_lead = min(LEAD_CAP, LEAD_SHARE * _sum(lead.get(code, ())))
        of_body = min(BODY_CAP, BODY_SHARE * _sum(body.get(code, ()), repeats=True))
        total = of_title + of_lead + of_body + (HOME if code in at_home else 0.0)
        found = (*title.get(code, ()), *lead.get(code, ()), *body.get(code, ()))
        tallies[code] = _Tally(of_title, total, found)
    return tallies


def _by_sector(hits: Iterable[Hit], field: str) -> dict[str, list[_Found]]:
    counts: dict[tuple[str, str], int] = {}
    firsts: dict[tuple[str, str], tuple[Hit, Term]] = {}
    for hit in hits:
        for term in hit.sectors:
            key = (term.target, term.text)
            counts[key] = counts.get(key, 0) + 1
            if key not in firsts:
                firsts[key] = (hit, term)
    found: dict[str, list[_Found]] = {}
    for key, (hit, term) in firsts.items():
        found.setdefault(term.target, []).append(
            _Found(field, hit.start, hit.end, term, counts[key])
        )
    return found


def _sum(found: Iterable[_Found], *, repeats: bool = False) -> float:
    """The worth of distinct terms; with `repeats`, one said often is worth up to twice as much."""
    if repeats:
        return _faded(f.term.weight * min(2.0, 1 + log(f.times) / 4) for f in found)
    return _faded(f.term.weight for f in found)


def _faded(weights: Iterable[float]) -> float:
    """The strongest weight whole, each further one fading."""
    return sum(w * FADE**n for n, w in enumerate(sorted(weights, reverse=True)))


def _noise(in_title: list[Hit]) -> float:
    return _faded({term.text: term.weight for hit in in_title for term in hit.noise}.values())


def _ranked(rules: Rules, tallies: dict[str, _Tally]) -> list[tuple[float, str]]:
    """Sectors by what they are worth beside each other.

    A specific one pushes general ones back, and some give way to others named beside them.
    """
    named = [code for code in tallies if tallies[code].total >= ENOUGH]
    lowest = min((rules.sectors[code].tier for code in named), default=0)
    worth = {
        code: tally.total * TIERS[max(0, rules.sectors[code].tier - lowest)]
        for code, tally in tallies.items()
    }
    for code in named:
        rivals = [r for r in rules.sectors[code].behind if worth.get(r, 0.0) * NEAR >= worth[code]]
        if rivals:
            worth[code] = min([worth[code], *(worth[rival] * 0.99 for rival in rivals)])
    return sorted(
        ((value, code) for code, value in worth.items()),
        key=lambda pair: (-round(pair[0], 6), _place(tallies[pair[1]]), pair[1]),
    )


def _place(tally: _Tally) -> int:
    """Orders sectors of equal worth by where the title names them.

    A Chinese title ends on what it is about, an English one begins with it.
    """
    places = [
        (-f.start if f.term.text > "\u2e80" else f.start) for f in tally.found if f.field == "title"
    ]
    return min(places, default=sys.maxsize)


def _secondary(
    primary: str, ranked: list[tuple[float, str]], tallies: dict[str, _Tally]
) -> tuple[str, ...]:
    """Sectors that title or lead name in their own right."""
    floor = max(SECOND_ABSOLUTE, SECOND_RELATIVE * tallies[primary].total)
    also = [code for _, code in ranked if code != primary and tallies[code].total >= floor]
    return tuple(also[:MOST_SECONDARY])


def _certainty(best: float, runner_up: float, noise: float) -> float:
    """0..1: how much speaks for the sector, how far the next one is, and what speaks against."""
    lead = (best - runner_up) / best
    doubt = best / (best + noise)
    return round((1 - exp(-best / 3)) * (0.7 + 0.3 * max(0.0, lead)) * doubt, 3)


def _evidence(code: str, tally: _Tally, title: str, text: str) -> list[Evidence]:
    """The strongest occurrence of each term, title before text, at most a handful."""
    first: dict[str, _Found] = {}
    for one in tally.found:
        first.setdefault(one.term.text, one)
    order = sorted(first.values(), key=lambda f: (f.field == "text", -f.term.weight, f.start))
    return [
        Evidence(
            sector=code,
            term=(title if one.field == "title" else text)[one.start : one.end],
            rule_term=one.term.text,
            field=one.field,
            start=one.start,
            end=one.end,
            weight=one.term.weight,
        )
        for one in order[:EVIDENCE_PER_SECTOR]
    ]
