"""Read history again: under the rules in force, silently; or under changed ones, only to compare."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.classify import Rules
from watcher.clock import Clock
from watcher.correct import Label, corrected, standing
from watcher.model import Document
from watcher.route import why_not
from watcher.settings import Source, Team
from watcher.store import Store
from watcher.store.history import Pass
from watcher.understand import Understanding, classified

log = logging.getLogger(__name__)

BATCH = 10
"""Papers concluded anew in one transaction: some 50 ms, in which nothing else can be recorded."""


# ---------------------------------------------------------------- applying


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    read: int
    changed: tuple[int, ...]
    """The papers that have other labels now."""


def apply(
    store: Store,
    understanding: Understanding,
    sources: Mapping[str, Source],
    clock: Clock,
    *,
    ids: frozenset[int] | None = None,
    stop: threading.Event | None = None,
) -> Reread:
    """Conclude anew every paper (or those of `ids`) that other rules concluded, and link it; nobody is
    alerted.

    Batch by batch, each a transaction of its own, and as long a pause behind it for others to write
    in. What is done says so itself, so that a killed process goes on where it was. Ends early when
    `stop` is set.
    """
    stop = stop or threading.Event()
    read, changed = 0, list[int]()
    below: int | None = None
    while not stop.is_set():
        began = time.perf_counter()
        done = _batch(store, understanding, sources, clock, below, ids)
        read += done.read
        changed += done.changed
        below = done.last
        if below is None:
            break
        stop.wait(time.perf_counter() - began)
    if read and ids is None:
        log.info("%d papers read again under changed rules; %d labels changed", read, len(changed))
    return Reread(read=read, changed=tuple(changed))


def _batch(
    store: Store,
    understanding: Understanding,
    sources: Mapping[str, Source],
    clock: Clock,
    below: int | None,
    ids: frozenset[int] | None,
) -> Pass:
    read: list[int] = []

    def conclude(document: Document) -> Document:
        read.append(document.id)
        try:
            return understanding.again(document, sources.get(document.source_id))
        except Exception as exc:  # one paper that meets a bug must not keep the others as they were
            log.critical("a bug in reading document %d again", document.id, exc_info=exc)
            return document

    done = store.history.conclude_again(
        understanding.fingerprint, conclude, clock.now(), below=below, ids=ids, limit=BATCH
    )
    for document in store.papers.get(read).values():
        store.record.tie(understanding.links(document), clock.now())
    return done


# ---------------------------------------------------------------- comparing


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A paper that changed rules see otherwise."""

    document: Document
    """As the rules in force say."""
    changed: Document
    more: tuple[tuple[str, str, str], ...] = ()
    """(team, subscription, reason) that would hear of it under the changed rules only."""
    less: tuple[tuple[str, str, str], ...] = ()
    """(team, subscription, reason why not) that would not hear of it any more."""

    @property
    def sectors_differ(self) -> bool:
        one, other = self.document.classification, self.changed.classification
        return (one.primary, one.secondary) != (other.primary, other.secondary)


def compare(
    documents: Iterable[Document],
    old: Rules,
    new: Rules,
    teams: Sequence[Team],
    labels: Sequence[Label] = (),
) -> Iterator[Difference]:
    """What changed rules would make of papers: of which teams they would be heard, in which sector.

    Like is compared with like: both rules label the same words, readers' labels on top of both, and
    today's subscriptions listen. Pure; nothing is written, nobody is told.
    """
    of: dict[int, list[Label]] = {}
    for label in labels:
        of.setdefault(label.document_id, []).append(label)
    for document in documents:
        mine = standing(of.get(document.id, ()))
        one, other = (
            corrected(replace(document, classification=classified(rules, document)), mine)
            for rules in (old, new)
        )
        if one.classification == other.classification:
            continue
        more: list[tuple[str, str, str]] = []
        less: list[tuple[str, str, str]] = []
        for team in teams:
            for wants in team.subscriptions if team.to else ():
                before, after = why_not(one, wants), why_not(other, wants)
                if before.heard != after.heard:
                    (more if after.heard else less).append((team.id, wants.id, after.reason))
        found = Difference(document=one, changed=other, more=tuple(more), less=tuple(less))
        if more or less or found.sectors_differ:
            yield found
