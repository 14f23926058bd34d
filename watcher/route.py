"""Decide who hears of a change, why, and when. Pure: the clock is an argument, nothing is sent.

A subscription hears of a paper when all of these hold:

* none of its `exclude` words stands in the title (or in another title of the same paper);
* the paper has one of its `bodies` and one of its `stages`, where it names any;
* one of its `require` words, where it names any, stands in title or text; a subscription that
  names such words and no sectors wants nothing else;
* the paper is in one of its `sectors` (as a secondary one only if `secondary`) with at least
  `min_score`, or one of its `keywords` stands in title or text.

Without `sectors` it hears every sector. A paper labelled "none" (holiday notices, party study,
news, matters outside all sectors) is then heard only by a keyword, as a draft for comments that
`stages` asks for (a consultation is policy, whatever the label says), or by a subscription that
limits nothing at all: who asks for everything gets everything, others are spared the noise.

Who heard of a draft hears of its next round and of its final, and who heard of a paper hears when
it is corrected, withdrawn or explained, whatever the subscription says.

A notification says since when its subscriptions have been wanting such papers; the store owes
nothing for older changes, so that a new or edited subscription never brings a flood of old news.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from watcher.due import digest_key, due_at
from watcher.model import Change, Document, Notification, Stage
from watcher.settings import Subscription, Target, Team
from watcher.text import normalize

_NONE = "none"
_NOBODY: Mapping[Target, datetime] = MappingProxyType({})
_NAMED = 2  # as many terms are named as a reason


def route(
    change: Change,
    teams: Sequence[Team],
    now: datetime,
    *,
    heard: Mapping[Target, datetime] = _NOBODY,
    follows: str = "the final of a draft",
    wait: timedelta = timedelta(0),
) -> list[Notification]:
    """One notification per team and due time, in the teams' order.

    Subscriptions of one team that match and are due together are one notification with all their
    reasons, under the name of the first. `heard`: when each target was told of what this follows,
    and `follows` says how; such targets hear of it even if no subscription matches. `wait` holds
    back what would leave at once (for the paper's text); digests keep their times.
    """
    when = _When(now, now + wait)
    paper = _Paper(change.document)
    found: list[Notification] = []
    for team in map(_told_at_once, teams):
        if not team.to:
            continue
        told = [
            replace(
                _notification(
                    team, subscription, team.to, f"{_name(team, subscription)}: {why}", when
                ),
                since=_since(paper, subscription),
            )
            for subscription in team.subscriptions
            if (why := _why(paper, subscription))
        ]
        for each in _merged(_with_heard(told, paper, team, when, heard, follows)):
            found += _as_joined(each, team)
    return found


def _told_at_once(team: Team) -> Team:
    """A team without the subscriptions that a brief tells of a whole period, see `watcher.brief`."""
    return replace(team, subscriptions=tuple(s for s in team.subscriptions if s.as_ != "brief"))


# ---------------------------------------------------------------- whether, and why


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a subscription wants a paper, and why or why not, in words."""

    heard: bool
    reason: str


def why_not(document: Document, subscription: Subscription) -> Verdict:
    """Whether this subscription, by itself, wants to hear of this paper; the first reason if not."""
    return _verdict(_Paper(document), subscription)


class _Paper:
    """A document with its words folded once for all subscriptions."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def titles(self) -> str:
        return _fold("\n".join((self.document.title, *self.document.aka)))

    @cached_property
    def text(self) -> str:
        return _fold(self.document.text)

    def names(self, words: Sequence[str]) -> str | None:
        """The first of `words` that stands in a title."""
        return next((word for word in words if _stands(word, self.titles)), None)

    def holds(self, words: Sequence[str]) -> str | None:
        return next((word for word in words if _stands(word, self.text)), None)


_HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef\U00020000-\U0003ffff"
_BLANK_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")


def _fold(text: str) -> str:
    """Case and width folded; no blanks beside Chinese, where pages break words at random."""
    return _BLANK_BESIDE_HAN.sub("", normalize(text).casefold())


def _stands(word: str, folded: str) -> bool:
    """Whether `word` is in `folded`; Latin words only as whole words: AI is not in "email"."""
    wanted = _fold(word)
    if not wanted:
        return False
    left = r"(?<![a-z0-9])" if _latin(wanted[0]) else ""
    right = r"(?![a-z0-9])" if _latin(wanted[-1]) else ""
    if not left and not right:
        return wanted in folded
    return re.search(left + re.escape(wanted) + right, folded) is not None


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _why(paper: _Paper, wants: Subscription) -> str | None:
    """The reason in words, or None when the subscription does not want this paper."""
    verdict = _verdict(paper, wants)
    return verdict.reason if verdict.heard else None


def _since(paper: _Paper, wants: Subscription) -> datetime | None:
    """Since when a subscription has been wanting this paper, whatever else it wants now."""
    while wants.since is not None and wants.before is not None and _why(paper, wants.before):
        wants = wants.before
    return wants.since


def _verdict(paper: _Paper, wants: Subscription) -> Verdict:
    facts = paper.document.facts
    bodies = [body for body in facts.bodies if body in wants.bodies]
    if wants.bodies and not bodies:
        return _not(f"{_known('body', facts.bodies)} is not among {_listed(wants.bodies)}")
    if wants.stages and (facts.stage is None or facts.stage not in wants.stages):
        stage = (facts.stage,) if facts.stage else ()
        return _not(f"{_known('stage', stage)} is not among {_listed(wants.stages)}")
    if word := paper.names(wants.exclude):
        return _not(f"excluded by {word} in the title")
    required = _named(paper, wants.require)
    if wants.require and required is None:
        return _not(f"none of {_listed(wants.require)} stands in title or text")
    why = _named(paper, wants.keywords) or (None if wants.sectors else required)
    if why is None:
        by_sector = _sector(paper.document, wants)
        if not by_sector.heard:
            without = "; none of its keywords stands in title or text" if wants.keywords else ""
            return _not(f"{by_sector.reason}{without}")
        why = by_sector.reason
    parts = list(dict.fromkeys(each for each in (why, required) if each))
    if wants.stages:
        parts.append(f"stage {facts.stage}")
    if bodies:
        parts.append(f"body {', '.join(bodies)}")
    return Verdict(True, "; ".join(parts))


def _not(reason: str) -> Verdict:
    return Verdict(False, reason)


def _known(what: str, values: Sequence[str]) -> str:
    return f"{what} {', '.join(values)}" if values else f"an unknown {what}"


def _listed(values: Sequence[str]) -> str:
    return f"[{', '.join(values)}]"


def _named(paper: _Paper, words: Sequence[str]) -> str | None:
    if word := paper.names(words):
        return f"keyword {word} in the title"
    if word := paper.holds(words):
        return f"keyword {word} in the text"
    return None


def _sector(document: Document, wants: Subscription) -> Verdict:
    label = document.classification
    if label.score < wants.min_score:
        return _not(f"certainty {label.score:.2f} < min_score {wants.min_score:g}")
    if not wants.sectors:
        if label.primary != _NONE:
            return Verdict(True, f"all sectors; {_evidence(document, label.primary)}")
        return _outside(document, wants)
    if label.primary in wants.sectors:
        return Verdict(True, _evidence(document, label.primary))
    secondary = [code for code in label.secondary if code in wants.sectors]
    if secondary and wants.secondary:
        why = f"{_evidence(document, secondary[0])} (secondary sector {secondary[0]})"
        return Verdict(True, why)
    if secondary:
        return _not(f"sector {secondary[0]} is a secondary one, and secondary ones are not wanted")
    if label.primary == _NONE:
        return _not("it is outside all sectors")
    return _not(f"sector {label.primary} is not among {_listed(wants.sectors)}")


def _outside(document: Document, wants: Subscription) -> Verdict:
    """Whether a subscription to all sectors hears a paper that is in none of them."""
    if document.facts.stage is Stage.DRAFT and Stage.DRAFT in wants.stages:
        return Verdict(True, "a draft for comments outside all sectors")
    if not (wants.bodies or wants.stages or wants.keywords):
        return Verdict(True, "everything; outside all sectors")
    return _not("it is outside all sectors")


def _evidence(document: Document, sector: str) -> str:
    """The heaviest terms that spoke for `sector`, those of the title first."""
    found = sorted(
        (each for each in document.classification.evidence if each.sector == sector),
        key=lambda each: (each.field != "title", -each.weight, each.start),
    )
    if not found:
        return f"sector {sector}"
    field = found[0].field
    terms = dict.fromkeys(each.term for each in found if each.field == field)
    return f"{', '.join(list(terms)[:_NAMED])} in the {field}"


def _name(team: Team, subscription: Subscription) -> str:
    return f"{team.name} / {subscription.id}"


# ---------------------------------------------------------------- to whom


@dataclass(frozen=True, slots=True)
class _When:
    """Now, for digests; and for alerts the moment from which they may leave."""

    now: datetime
    alerts_from: datetime


def _notification(
    team: Team, wants: Subscription, to: tuple[Target, ...], reason: str, when: _When
) -> Notification:
    start = when.alerts_from if wants.when.every == "now" else when.now
    due = due_at(wants.when, wants.quiet, wants.days, ZoneInfo(team.timezone), start)
    digest = None if wants.when.every == "now" else digest_key(team.id, wants.id, due)
    return Notification(
        team=team.id, subscription=wants.id, targets=to, reason=reason, due_at=due, digest=digest
    )


def _as_joined(told: Notification, team: Team) -> Iterator[Notification]:
    """`told`, apart for targets that joined the team after it began to want such papers."""
    joined = dict(team.joined)
    groups: dict[datetime | None, list[Target]] = {}
    for target in told.targets:
        at = joined.get(target)
        late = at is not None and (told.since is None or at > told.since)
        groups.setdefault(at if late else told.since, []).append(target)
    for since, targets in groups.items():
        yield replace(told, targets=tuple(targets), since=since)


def _with_heard(
    told: list[Notification],
    paper: _Paper,
    team: Team,
    when: _When,
    heard: Mapping[Target, datetime],
    follows: str,
) -> list[Notification]:
    """Tell who heard of what this follows: as one more reason, or as the only one."""
    mine = [target for target in team.to if target in heard]
    if not mine or not team.subscriptions:
        return told
    first = min(heard[target] for target in mine).astimezone(ZoneInfo(team.timezone))
    reason = f"{follows} you heard of on {first.day} {first:%b %Y}"
    if told:
        return [replace(each, reason=f"{each.reason}; {reason}", since=None) for each in told]
    wants = _teller(paper, team)
    return [_notification(team, wants, tuple(mine), f"{team.name}: {reason}", when)]


def _teller(paper: _Paper, team: Team) -> Subscription:
    """The subscription that most likely told of what this follows: its times are kept."""
    return next(
        (each for each in team.subscriptions if _why(paper, replace(each, stages=()))),
        team.subscriptions[0],
    )


def _merged(told: Sequence[Notification]) -> Iterator[Notification]:
    """What leaves at one time for the same targets, told once."""
    groups: dict[tuple[tuple[Target, ...], datetime, bool], list[Notification]] = {}
    for each in told:
        key = (each.targets, each.due_at, each.digest is None)
        groups.setdefault(key, []).append(each)
    for group in groups.values():
        reasons = dict.fromkeys(each.reason for each in group)
        since = (
            None
            if any(each.since is None for each in group)
            else min(each.since for each in group if each.since is not None)
        )
        yield replace(group[0], reason=" · ".join(reasons), since=since)
