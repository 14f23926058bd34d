"""Which papers of a period lead: points for what can be counted, each with its reason in words. Pure.

The points follow what analysts' briefs lead with: plans and rules of the highest bodies, before
lists, calls and interpretations. They are few and fixed, so that an editor can check them by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from watcher.compiled import Reason
from watcher.facts.bodies import BODIES
from watcher.model import DocType, Document, Stage

_HIGHEST = frozenset(("SC", "CCPCC", "NPCSC", "CCDR", "CCFEA"))
_BODIES, _MINISTRY, _OTHER, _EACH_MORE, _MOST_MORE = 40, 20, 8, 3, 12
_STAGES = {
    Stage.FINAL: 20,
    Stage.DRAFT: 16,
    Stage.CALL: 6,
    Stage.INTERPRETATION: 5,
    Stage.LIST: 4,
    Stage.SPEECH: 2,
}
_FORMS = {
    DocType.LAW: 12,
    DocType.REGULATIONS: 12,
    DocType.MEASURES: 9,
    DocType.RULES: 9,
    DocType.PLAN: 9,
    DocType.OPINIONS: 9,
    DocType.GUIDELINE: 7,
    DocType.CATALOGUE: 5,
    DocType.STANDARD: 4,
    DocType.NOTICE: 3,
    DocType.ANNOUNCEMENT: 2,
}
_SECTOR, _SECTORS = 4, 12
_TARGET, _TARGETS = 2, 12
_NEW, _FINAL_OF_DRAFT, _ROUND = 10, 8, 4
_TEAM, _TEAMS = 3, 12
_LEADS, _REVIEWED, _NOT_RELEVANT = 6, 2, -10


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What readers did with a paper."""

    teams: int = 0
    """How many teams were sent it, or are owed it."""
    reviewed: int = 0
    not_relevant: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper that may lead, with what is known beside its own words."""

    document: Document
    care: Care = Care()
    had_draft: bool = False
    """It is the final of a draft that is known, whenever that was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    document: int
    score: int
    reasons: tuple[Reason, ...]


def rank(candidates: list[Candidate]) -> list[Ranked]:
    """All candidates, the highest first; of equals those that were read, then the later published."""
    days = {each.document.id: _day(each.document) for each in candidates}
    found = [
        Ranked(
            document=each.document.id,
            score=sum(reason.points for reason in reasons),
            reasons=reasons,
        )
        for each in candidates
        for reasons in [tuple(_reasons(each))]
    ]
    unread = {each.document.id for each in candidates if not each.document.text}

    def place(ranked: Ranked) -> tuple[int, bool, int, int]:
        id_ = ranked.document
        return -ranked.score, id_ in unread, -days[id_].toordinal(), -id_

    return sorted(found, key=place)


def _day(document: Document) -> date:
    return document.published or document.signed or date.min


def _reasons(candidate: Candidate) -> Iterator[Reason]:
    document = candidate.document
    facts = document.facts
    yield _bodies(facts.bodies, facts.issuer)
    yield _stage(document)
    given = document.classification
    sectors = len({code for code in (given.primary, *given.secondary) if code not in ("", "none")})
    yield Reason(
        name="breadth",
        words=f"{_count(sectors, 'sector')}",
        points=min(_SECTOR * sectors, _SECTORS),
    )
    targets = len(facts.targets)
    yield Reason(
        name="targets",
        words=f"{_count(targets, 'target')} in numbers",
        points=min(_TARGET * targets, _TARGETS),
    )
    yield _novelty(candidate)
    yield _care(document, candidate.care)


def _bodies(codes: tuple[str, ...], issuer: str | None) -> Reason:
    named = [code for code in codes if not code.startswith("+")]
    unnamed = sum(int(code[1:]) for code in codes if code[1:].isdecimal() and code[0] == "+")
    highest = [code for code in named if code in _HIGHEST]
    count = len(named) + unnamed
    if highest:
        names = " and ".join(BODIES[code].en[0] for code in highest)
        return Reason(name="bodies", words=f"issued by {names}", points=_BODIES)
    if count > 1:
        lead = f", {named[0]} first" if named else ""
        more = min(_EACH_MORE * (count - 1), _MOST_MORE)
        return Reason(name="bodies", words=f"{count} bodies{lead}", points=_MINISTRY + more)
    if named and named[0] in BODIES:
        return Reason(name="bodies", words=f"one central body, {named[0]}", points=_MINISTRY)
    if issuer:
        return Reason(name="bodies", words="a body of no central rank", points=_OTHER)
    return Reason(name="bodies", words="issuing body unknown", points=0)


def _stage(document: Document) -> Reason:
    stage, form = document.facts.stage, document.facts.doc_type
    words = stage.value.replace("_", " ") if stage else "stage unknown"
    points = _STAGES.get(stage, 0) if stage else 0
    if form and form is not DocType.NEWS and form.value != words:
        words += f", {form.value}"
    # a list of plans is a list: the form counts for what binds or guides
    if form and stage in (Stage.FINAL, Stage.DRAFT, None):
        points += _FORMS.get(form, 0)
    return Reason(name="stage", words=words, points=points)


def _novelty(candidate: Candidate) -> Reason:
    facts = candidate.document.facts
    if (facts.round or 1) > 1:
        return Reason(name="novelty", words=f"round {facts.round} of a draft", points=_ROUND)
    if candidate.had_draft:
        return Reason(name="novelty", words="final of a known draft", points=_FINAL_OF_DRAFT)
    return Reason(name="novelty", words="new", points=_NEW)


def _care(document: Document, care: Care) -> Reason:
    words = [f"{_count(care.teams, 'team')} heard of it"]
    points = min(_TEAM * care.teams, _TEAMS)
    if care.reviewed:
        words.append(f"{_count(care.reviewed, 'team')} reviewed it")
        points += _REVIEWED * care.reviewed
    if care.not_relevant:
        words.append(f"{_count(care.not_relevant, 'team')} found it not relevant")
        points += _NOT_RELEVANT * care.not_relevant
    if document.section == "top5":
        words.append("a brief led with it")
        points += _LEADS
    return Reason(name="care", words=", ".join(words), points=points)


def _count(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
