"""What a team would have heard of since a day, told on purpose: new teams never get old news by themselves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from watcher.model import Document
from watcher.route import why_not
from watcher.settings import Subscription, Team
from watcher.store import Store
from watcher.store.outbox import BATCH
from watcher.store.past import Old
from watcher.store.reasons import BETWEEN
from watcher.teams import lineage

__all__ = ["messages", "owe_past", "past"]


def past(
    store: Store,
    team: Team,
    wanted: Sequence[Subscription],
    since: date,
    now: datetime,
) -> list[Old]:
    """The papers published since that day, a baseline's too, that these subscriptions want, oldest
    first; of each the targets of `team` that were never told of it.

    A paper without a day counts by the day it was first seen. Left out is what was withdrawn, and
    what the team has muted with its drafts and earlier rounds.
    """
    told, gone = store.past.told(team.to), store.past.withdrawn()
    muted = frozenset(m.document_id for m in store.teams.mutes(team.id) if m.holds(now)) - {None}
    # nothing is seen long before it is published; days are Beijing's
    start = datetime.combine(since, datetime.min.time(), UTC) - timedelta(days=1)
    found: list[tuple[date, Old]] = []
    for document in store.papers.every(start):
        left = tuple(target for target in team.to if document.id not in told[target])
        if not left or document.id in gone or (document.published or since) < since:
            continue
        why = _reasons(team, wanted, document)
        if not why or (muted and muted & lineage(store, document)):
            continue
        old = Old(
            document_id=document.id,
            reason=BETWEEN.join(why.values()),
            subscription=next(iter(why)),
            targets=left,
        )
        found.append((document.published or since, old))
    found.sort(key=lambda each: (each[0], each[1].document_id))
    return [old for _, old in found]


def _reasons(team: Team, wanted: Sequence[Subscription], document: Document) -> dict[str, str]:
    """By subscription, why it wants a paper; only those that do."""
    verdicts = {wants.id: why_not(document, wants) for wants in wanted}
    return {
        id_: f"{team.name} / {id_}: {verdict.reason}"
        for id_, verdict in verdicts.items()
        if verdict.heard
    }


def messages(papers: Sequence[Old]) -> int:
    """How many messages these are at most at one target: digests of a screenful each."""
    return -(-len(papers) // BATCH)


def owe_past(store: Store, team: Team, papers: Sequence[Old], now: datetime) -> int:
    """Owe these to the team's targets as digests; return how many deliveries."""
    return store.past.owe(team.id, papers, f"{team.id}/backfill/{now:%Y-%m-%dT%H:%M:%SZ}", now)
