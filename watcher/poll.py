"""One visit to one source, from the claim to the commit."""

import hashlib
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.clock import Clock
from watcher.detect import Known, Rows, Shrunk, check_habit, detect, next_habit
from watcher.errors import ExtractError, FetchError, Reason, SourceError, WatcherError
from watcher.extract import EXTRACTORS
from watcher.extract.fingerprint import fingerprint
from watcher.extract.jpaas import unit_url
from watcher.facts.brief import brief_items, read_brief
from watcher.fetch import Fetcher
from watcher.model import ChangeKind, Document, Item, Page, Stage, Validators
from watcher.settings import Source, Target
from watcher.store import Store
from watcher.store.findings import Arrival, RowChange, Visit
from watcher.store.record import Stale
from watcher.store.sources import SourceState, Unchanged
from watcher.text import letters
from watcher.understand import Understanding

log = logging.getLogger(__name__)

UNHEALTHY = 5
"""Failures in a row after which operators are told."""
TRIES = 3
LONGEST = 600
"""Characters of a title, an address or a key."""
NEW_HABIT = timedelta(days=3)
"""A list that has been short for so long is taken to be so."""
SLOWEST = timedelta(hours=2)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a visit came to: changes for readers, or an unchanged visit still to be recorded."""

    changes: int = 0
    unchanged: Unchanged | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """The parts a visit needs, put together once."""

    store: Store
    fetcher: Fetcher
    understanding: Understanding
    clock: Clock
    operators: tuple[Target, ...] = ()

    def visit(self, source: Source, state: SourceState) -> Outcome:
        """Read `source` under the claim `state` and record what changed.

        The first visit only sets the baseline: a new subscriber must not be told that forty
        papers from last year are new. A fault of the site is recorded as such and raises nothing.
        """
        if state.definition not in (None, definition(source)):
            # another address or rule: what it shows differently now is our doing, not news
            state = replace(
                state, baseline_at=None, validators=Validators(), fingerprint=None, usual_rows=None
            )
        try:
            outcome = self._read(source, state)
        except SourceError as exc:
            if self.fetcher.closed:  # we are stopping: nobody's fault
                self.store.sources.release(state)
                return Outcome()
            return self._failed(source, state, exc)
        except WatcherError:
            raise
        except Exception as exc:  # one page that meets a bug must not stop the other sources
            log.critical("a bug in reading %s", source.id, exc_info=exc)
            return self._failed(source, state, SourceError(f"a bug in watcher: {exc!r}"))
        if state.failures >= UNHEALTHY:
            self._tell(f"{source.name} can be read again", source.url)
        return outcome

    def _read(self, source: Source, state: SourceState) -> Outcome:
        page = self._fetch(source, state.validators)
        now = self.clock.now()
        unchanged = Unchanged(state=state, at=now, next_poll_at=now + _spread(source))
        if page is None:
            return Outcome(unchanged=unchanged)
        seen = fingerprint(page, source.kind, source.rule)
        unchanged = replace(unchanged, validators=page.validators, fingerprint=seen)
        if seen == state.fingerprint:
            return Outcome(unchanged=unchanged)
        items = _items(source, page)
        if not (state.short_since and now - state.short_since > NEW_HABIT):
            check_habit(len(items), state.usual_rows)
        for _ in range(TRIES):
            rows = detect(self.store.sources.known(source.id), items, complete=source.complete)
            if not rows and state.baseline_at is not None:
                return Outcome(unchanged=unchanged)
            visit = self._visit(source, unchanged, page, rows, len(items))
            try:
                return self._record(source, visit)
            except Stale:  # a paper was read meanwhile: conclude again from what it is now
                continue
        self.store.sources.release(state)
        return Outcome()

    def _visit(self, source: Source, seen: Unchanged, page: Page, rows: Rows, count: int) -> Visit:
        state, now = seen.state, seen.at
        first = state.baseline_at is None
        edits, corrections = self._edits(source, rows, now, silent=first)
        return Visit(
            state=state,
            at=now,
            next_poll_at=seen.next_poll_at,
            validators=page.validators,
            fingerprint=seen.fingerprint or "",
            definition=definition(source),
            usual_rows=next_habit(count, state.usual_rows),
            snapshot=self.store.snapshots.put(page.body) if rows else None,
            arrivals=tuple(  # the top of a page is the newest: it gets the highest number
                self._arrival(source, state, item, now) for item in reversed(rows.new)
            ),
            changes=edits if first else (*edits, *self._presences(rows, now)),
            corrections=(*rows.moved, *corrections),
        )

    def _record(self, source: Source, visit: Visit) -> Outcome:
        changes = self.store.record.visit(visit)
        if changes is None:
            log.info("another process visited %s meanwhile", source.id)
            return Outcome()
        if len(visit.arrivals) > 1:
            links = self.understanding.ties([arrival.paper for arrival in visit.arrivals])
            self.store.record.tie(links, visit.at)
        return Outcome(changes=changes)

    def _fetch(self, source: Source, validators: Validators) -> Page | None:
        if source.kind == "mailbox":
            raise ExtractError(Reason.BLOCKED, "this version cannot read mailboxes")
        if source.rule.preset != "jpaas":
            return self.fetcher.fetch(source.url, manners=source.manners, validators=validators)
        column = self.fetcher.fetch(source.url, manners=source.manners)
        unit = unit_url(column) if column else None
        if unit is None:
            raise ExtractError(
                Reason.NOT_A_LISTING, f"{source.url}: no script[querydata] on the column page"
            )
        return self.fetcher.fetch(
            unit, manners=source.manners, validators=validators, referer=source.url
        )

    def _arrival(self, source: Source, state: SourceState, item: Item, now: datetime) -> Arrival:
        document = self.understanding.from_item(item, source)
        silent = state.baseline_at is None and not (
            source.alert_since and item.published and item.published >= source.alert_since
        )
        follow = source.detail.follow and source.kind != "brief" and item.url is not None
        if silent:  # of a baseline only open consultations are followed
            follow = follow and document.facts.stage is Stage.DRAFT
        paper = self.understanding.paper(
            document, ChangeKind.NEW, now, silent=silent, text_follows=follow
        )
        return Arrival(
            item=item, paper=paper, next_read_at=now if follow else None, news=not silent
        )

    def _edits(
        self, source: Source, rows: Rows, now: datetime, *, silent: bool
    ) -> tuple[tuple[RowChange, ...], tuple[tuple[Known, Item], ...]]:
        """What edited rows mean for their documents, and those that concern the sighting alone."""
        documents = self.store.papers.get({edit.known.document_id for edit in rows.edited})
        changes, corrections = [], []
        for edit in rows.edited:
            known = documents[edit.known.document_id]
            if not _speaks_for(edit.known, known, source):
                corrections.append((edit.known, edit.item))
                continue
            document = self.understanding.edited(known, edit.item, source)
            news = edit.was is not None and not silent
            paper = self.understanding.paper(
                document,
                ChangeKind.MODIFIED,
                now,
                silent=not news,
                was=edit.was,
                text_follows=source.detail.follow and bool(known.text),
            )
            kind = ChangeKind.MODIFIED if news else None
            changes.append(
                RowChange(kind=kind, known=edit.known, item=edit.item, paper=paper, was=edit.was)
            )
        return tuple(changes), tuple(corrections)

    def _presences(self, rows: Rows, now: datetime) -> Iterator[RowChange]:
        """Papers that left a complete list, and those that came back to it."""
        found = [(ChangeKind.RESTORED, known, item) for known, item in rows.restored]
        gone = [(ChangeKind.WITHDRAWN, known, None) for known in rows.withdrawn]
        ids = {known.document_id for _, known, _ in (*found, *gone)}
        documents = self.store.papers.get(ids)
        for kind, known, item in (*found, *gone):
            document = documents[known.document_id]
            paper = self.understanding.paper(document, kind, now, silent=False)
            yield RowChange(kind=kind, known=known, item=item, paper=paper)

    def _failed(self, source: Source, state: SourceState, error: SourceError) -> Outcome:
        now = self.clock.now()
        failures = state.failures + 1
        wait = min(source.every * 2 ** min(failures - 1, 6), max(source.every, SLOWEST))
        if isinstance(error, FetchError) and error.transient and error.status is None:
            wait = source.every  # nobody was reached, perhaps by our own fault: nobody to spare
        elif isinstance(error, FetchError) and error.retry_after:
            wait = max(wait, error.retry_after)
        log.warning("%s: %s (failure %d, next in %s)", source.id, error, failures, wait)
        short = isinstance(error, Shrunk)
        self.store.sources.record_failure(state, now, str(error), now + wait, short=short)
        if failures == UNHEALTHY:
            self._tell(
                f"{source.name} cannot be read",
                f"{source.url}: {error}",
                f"{failures} failures in a row; it is tried again in {wait // MINUTE} minutes.",
            )
        return Outcome(error=str(error))

    def _tell(self, subject: str, *lines: str) -> None:
        log.warning("%s: %s", subject, " ".join(lines))
        self.store.outbox.notify(self.operators, subject, lines, self.clock.now())


def _items(source: Source, page: Page) -> list[Item]:
    """The rows of a page of any kind of source, none longer than an index takes."""
    try:
        if source.kind == "brief":
            found = brief_items(read_brief(page), source.url)
        else:
            found = EXTRACTORS[source.kind](page, source.rule)
    except ExtractError as exc:
        if exc.reason is Reason.EMPTY and source.allow_empty:
            return []
        raise
    return [_bounded(item) for item in found]


def _bounded(item: Item) -> Item:
    """Cut what no ministry writes: PostgreSQL refuses to index more than 2,700 bytes."""
    digest = hashlib.sha256(item.key.encode("utf-8", "replace")).hexdigest()
    return replace(
        item,
        key=item.key if len(item.key) <= LONGEST else digest,
        url=item.url if item.url and len(item.url) <= LONGEST else None,
        title=item.title[:LONGEST] if item.title else item.title,
    )


def definition(source: Source) -> str:
    """A digest of what decides how a source is read."""
    what = f"{source.kind}\n{source.url}\n{source.rule}"
    return hashlib.sha256(what.encode()).hexdigest()


def _speaks_for(row: Known, document: Document, source: Source) -> bool:
    """Whether a row's edit is the document's: not so when a brief calls the paper by its own words."""
    return document.source_id == source.id or letters(row.title or "") == letters(document.title)


def _spread(source: Source) -> timedelta:
    """The source's interval, up to a tenth longer, so that sources do not march in step."""
    return source.every * (1 + zlib.crc32(source.id.encode()) % 1000 / 10_000)
