"""From hits to a decision: which sector a paper is for, how surely, and on what evidence. Pure."""

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import exp, log
from typing import NamedTuple

from watcher.classify.rules import Hit, Hits, Rules, Term
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
SECOND_ABSOLUTE, SECOND_RELATIVE = 2.6, 0.35
SECOND_OF_MOST = 10.0
"""A decisive term settles what is first, not what may be second."""
MOST_SECONDARY = 3
EVIDENCE_PER_SECTOR = 8
APPOINTMENT_NOISE = 3.0
"""An appointment belongs to the sector of its post only when the title names that sector twice."""


class _Found(NamedTuple):
    """The first occurrence of a term in a field, and how often it stands there."""

    field: str
    start: int
    end: int
    """By the folded field."""
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
    notice: str = "",
    bodies: Sequence[str] = (),
    stage: Stage | None = None,
) -> Classification:
    """Say which sector's team a paper concerns, or that it concerns none.

    `notice` is the cover letter of a paper whose `text` is its attachment's: it counts as the
    text's first paragraphs do. `bodies` (codes) tip a balance between sectors that are named,
    `stage` makes an appointment harder to take for a policy paper. Evidence spans are offsets
    into `title`, `text` and `notice` as given. Deterministic; linear in the length of the input.
    """
    fields = {"title": title, "text": text, "notice": notice}
    hits = {field: rules.find(words) for field, words in fields.items()}
    tallies = _tally(rules, hits, bodies)
    noise = _noise(hits["title"]) + (APPOINTMENT_NOISE if stage is Stage.APPOINTMENT else 0.0)
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
            e
            for code in (best[1], *secondary)
            for e in _evidence(code, tallies[code], fields, hits)
        ),
    )


def _parted(hits: Hits) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """The hits of a text's lead, and those of its body."""
    text = hits.text.text
    end = text.find("\n", LEAD, LEAD_MOST)
    end = end if end >= 0 else LEAD_MOST if len(text) > LEAD else len(text)
    n = bisect_left(hits.found, end, key=_first)
    return hits.found[:n], hits.found[n:]


def _first(hit: Hit) -> int:
    return hit[1]


def _tally(rules: Rules, hits: Mapping[str, Hits], bodies: Sequence[str]) -> dict[str, _Tally]:
    in_title, in_text, in_notice = hits["title"], hits["text"], hits["notice"]
    above, below = _parted(in_text)
    title = _by_sector(in_title, in_title.found, "title")
    cover = _by_sector(in_notice, _parted(in_notice)[0], "notice")
    leads = _by_sector(in_text, above, "text")
    body = _by_sector(in_text, below, "text")
    at_home = {rules.homes[code] for code in bodies if code in rules.homes}
    tallies = {}
    for code in sorted({*title, *cover, *leads, *body}):
        lead = _distinct((*cover.get(code, ()), *leads.get(code, ())))
        of_title = _sum(title.get(code, ()))
        of_lead = min(LEAD_CAP, LEAD_SHARE * _sum(lead))
        of_body = min(BODY_CAP, BODY_SHARE * _sum(body.get(code, ()), repeats=True))
        total = of_title + of_lead + of_body + (HOME if code in at_home else 0.0)
        found = (*title.get(code, ()), *lead, *body.get(code, ()))
        tallies[code] = _Tally(of_title, total, found)
    return tallies


def _by_sector(hits: Hits, part: Sequence[Hit], field: str) -> dict[str, list[_Found]]:
    """The distinct terms of one part of a field, by sector, each where it stands first."""
    echoes = _echoes(hits, part)
    apart = [hit for hit in part if hit not in echoes] if echoes else part
    counts = Counter([n for n, _, _ in apart])
    firsts = {hit[0]: hit for hit in reversed(apart)}
    told = [(hit, counts[hit[0]]) for hit in firsts.values()]
    found: dict[str, dict[str, _Found]] = {}
    for hit, times in (*told, *((echo, 1) for echo in echoes)):
        n, start, end = hit
        silent = echoes.get(hit, ())
        for term in hits.entry(n).sectors:
            if term.target in silent:
                continue
            terms = found.setdefault(term.target, {})
            one = _Found(field, start, end, term, times)
            also = terms.get(term.text)
            if also:  # with conditions, a term may speak in several companies
                one = min(one, also, key=_start)._replace(times=one.times + also.times)
            terms[term.text] = one
    return {code: list(terms.values()) for code, terms in found.items()}


def _echoes(hits: Hits, part: Sequence[Hit]) -> dict[Hit, set[str]]:
    """Hits that share words with a heavier one of a sector, each with the sectors it is silent for.

    A phrase that two terms of a sector read in part (信息通信 and 通信业 in 信息通信业) speaks once.
    """
    echoes: dict[Hit, set[str]] = {}
    for at in [n for n, (hit, after) in enumerate(pairwise(part)) if after[1] < hit[2]]:
        hit = part[at]
        for other in _overlapping(part, at):
            for one, two in product(hits.entry(hit[0]).sectors, hits.entry(other[0]).sectors):
                if one.target == two.target and one.target not in echoes.get(hit, ()):
                    lighter = hit if one.weight < two.weight else other
                    echoes.setdefault(lighter, set()).add(one.target)
    return echoes


def _overlapping(part: Sequence[Hit], at: int) -> Iterator[Hit]:
    """The hits that begin before the one at `at` ends."""
    stop = part[at][2]
    for later in range(at + 1, len(part)):
        if part[later][1] >= stop:
            return
        yield part[later]


def _start(one: _Found) -> int:
    return one.start


def _distinct(found: Iterable[_Found]) -> list[_Found]:
    """Each term once, where it stands first."""
    firsts: dict[str, _Found] = {}
    for one in found:
        firsts.setdefault(one.term.text, one)
    return list(firsts.values())


def _sum(found: Iterable[_Found], *, repeats: bool = False) -> float:
    """The worth of distinct terms; with `repeats`, one said often is worth up to twice as much."""
    if repeats:
        return _faded([f.term.weight * min(2.0, 1 + log(f.times) / 4) for f in found])
    return _faded([f.term.weight for f in found])


def _faded(weights: Iterable[float]) -> float:
    """The strongest weight whole, each further one fading."""
    total = 0.0
    for weight in sorted(weights):
        total = total * FADE + weight
    return total


def _noise(in_title: Hits) -> float:
    return _faded(
        {
            term.text: term.weight for n, _, _ in in_title.found for term in in_title.entry(n).noise
        }.values()
    )


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
    floor = max(SECOND_ABSOLUTE, SECOND_RELATIVE * min(SECOND_OF_MOST, tallies[primary].total))
    also = [code for _, code in ranked if code != primary and tallies[code].total >= floor]
    return tuple(also[:MOST_SECONDARY])


def _certainty(best: float, runner_up: float, noise: float) -> float:
    """0..1: how much speaks for the sector, how far the next one is, and what speaks against."""
    lead = (best - runner_up) / best
    doubt = best / (best + noise)
    return round((1 - exp(-best / 3)) * (0.7 + 0.3 * max(0.0, lead)) * doubt, 3)


def _evidence(
    code: str, tally: _Tally, fields: Mapping[str, str], hits: Mapping[str, Hits]
) -> list[Evidence]:
    """The strongest occurrence of each term, title before the rest, at most a handful."""
    order = sorted(
        _distinct(tally.found), key=lambda f: (f.field != "title", -f.term.weight, f.field, f.start)
    )
    shown = []
    for one in order[:EVIDENCE_PER_SECTOR]:
        start, end = hits[one.field].text.span(one.start, one.end)
        shown.append(
            Evidence(
                sector=code,
                term=fields[one.field][start:end],
                rule_term=one.term.text,
                field=one.field,
                start=start,
                end=end,
                weight=one.term.weight,
            )
        )
    return shown
