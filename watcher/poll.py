"""One visit to one source, from the claim to the commit."""

import hashlib
import logging
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from watcher.clock import Clock
from watcher.detect import (
    Known,
    Rows,
    Shrunk,
    check_habit,
    detect,
    flood,
    knows_any,
    next_habit,
)
from watcher.errors import FetchError, SourceError, WatcherError
from watcher.extract.lists.fingerprint import fingerprint
from watcher.fetch import Fetcher
from watcher.gather import (
    Told,
    fetch_letters,
    fetch_list,
    further_rows,
    issues_on,
    read_issues,
    rows_of,
    settle_letters,
    told_in,
)
from watcher.model import ChangeKind, Conflict, Document, Item, Page, Stage, Validators
from watcher.settings import Source, Target
from watcher.store import Store
from watcher.store.findings import Arrival, RowChange, Visit
from watcher.store.record import Stale
from watcher.store.sources import SourceState, Unchanged
from watcher.text import letters
from watcher.understand import Together, Understanding

log = logging.getLogger(__name__)

UNHEALTHY = 5
"""Failures in a row after which operators are told."""
TRIES = 3
DESKS = 2
"""Pages worked on at once, in threads of their own. More would only cost: Python runs one thread at a time,
SQLite has one writer, a tree is megabytes, and lxml keeps 100 kB for every thread that ever parsed."""
NEW_HABIT = timedelta(days=3)
"""A list that has been short for so long is taken to be so."""
SLOWEST = timedelta(hours=2)
STALE = timedelta(days=1)
"""A stand-in that was not visited for so long begins anew: what is old there has been told."""
MINUTE = timedelta(minutes=1)
_NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a visit came to: changes for readers, or an unchanged visit still to be recorded."""

    changes: int = 0
    unchanged: Unchanged | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What a source showed, read."""

    items: Sequence[Item]
    body: bytes | None = None
    """The page they stand on, to be kept when they say something new."""
    on_page: int = 0
    """How many rows that page has: `items` may be those of further pages, too."""
    told: Told = _NOTHING_TOLD
    """For a mailbox, and for briefs: what `items` were read from, and what is odd about them."""

    @property
    def listed(self) -> bool:
        """Whether they are a list, whose length says something; letters only come."""
        return self.body is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """The parts a visit needs, put together once."""

    store: Store
    fetcher: Fetcher
    understanding: Understanding
    clock: Clock
    operators: tuple[Target, ...] = ()
    desks: Executor = field(
        default_factory=lambda: ThreadPoolExecutor(DESKS, thread_name_prefix="desk")
    )
    """Where what may be news is worked on; servers are waited for elsewhere."""

    def visit(self, source: Source, state: SourceState) -> Outcome:
        """Read `source` under the claim `state` and record what changed.

        The first visit only sets the baseline: a new subscriber must not be told that forty
        papers from last year are new. A fault of the site is recorded as such and raises nothing.
        """
        if state.definition not in (None, definition(source)):
            # another address or rule: what it shows differently now is our doing, not news
            state = replace(
                state, baseline_at=None, validators=Validators(), fingerprint=None, row_counts=()
            )
        elif not source.enabled and _long_ago(state, self.clock.now()):
            state = replace(state, baseline_at=None)
        try:
            look = self._look_into if source.kind == "mailbox" else self._look_at
            outcome = look(source, state)
        except SourceError as exc:
            if self.fetcher.closed:  # we are stopping: nobody's fault
                self.store.sources.release(state)
                return Outcome()
            return self.desks.submit(self._failed, source, state, exc).result()
        except WatcherError:
            raise
        except Exception as exc:  # one page that meets a bug must not stop the other sources
            log.critical("a bug in reading %s", source.id, exc_info=exc)
            return self._failed(source, state, SourceError(f"a bug in watcher: {exc!r}"))
        if state.failures >= UNHEALTHY and outcome.error is None:
            self._tell(f"{source.name} can be read again", source.url)
        return outcome

    def _look_at(self, source: Source, state: SourceState) -> Outcome:
        """Read the list that a source's page is."""
        page = fetch_list(self.fetcher, source, state.validators)
        now = self.clock.now()
        unchanged = Unchanged(state=state, at=now, next_poll_at=now + _spread(source))
        if page is None:
            return Outcome(unchanged=unchanged)
        seen = f"{_day_of(source, now)} {fingerprint(page, source.kind, source.rule)}"
        unchanged = replace(unchanged, validators=page.validators, fingerprint=seen)
        if seen == state.fingerprint:
            return Outcome(unchanged=unchanged)
        told = _NOTHING_TOLD
        if source.kind == "brief":
            settled = state.baseline_at is not None
            on_index = partial(issues_on, source, page, state.validators, settled=settled)
            issues = self.desks.submit(on_index).result()
            if issues is not None:
                return self._look_through(source, unchanged, issues)
        items = self.desks.submit(rows_of, source, page).result()
        if source.kind == "brief" and items:
            told = self.desks.submit(told_in, page, source.url).result()
        if not (state.short_since and now - state.short_since > NEW_HABIT):
            check_habit(len(items), state.usual_rows)
        further = self._behind(source, state, page, items)
        shown = _Shown(items=[*items, *further], body=page.body, on_page=len(items), told=told)
        return self.desks.submit(self._conclude, source, unchanged, shown).result()

    def _behind(
        self, source: Source, state: SourceState, page: Page, items: Sequence[Item]
    ) -> Sequence[Item]:
        """The rows between these and what is known, on the pages behind.

        A page behind that fails fails the visit, but not for ever: what stands before it is news.
        """
        known = self.store.sources.known(source.id) if state.baseline_at and items else {}

        def is_gap(rows: Sequence[Item]) -> bool:
            return not knows_any(known, rows)

        found: list[Item] = []
        if known and is_gap(items):
            try:
                found.extend(further_rows(self.fetcher, source, page, is_gap))
            except FetchError as exc:
                if state.failures < TRIES or self.fetcher.closed:
                    raise
                log.warning("%s: the pages behind the first are not read: %s", source.id, exc)
        return found

    def _look_through(self, source: Source, seen: Unchanged, issues: Sequence[Item]) -> Outcome:
        """Read the new issues of a brief; those that cannot be read are a fault, and owed."""
        state = seen.state
        give_up = state.failures >= UNHEALTHY
        read = read_issues(self.fetcher, source, issues, state.validators, give_up=give_up)
        seen = replace(seen, validators=Validators(etag=read.known), fingerprint="")
        outcome = Outcome(unchanged=seen)
        if read.told.items or state.baseline_at is None:
            shown = _Shown(items=read.told.items, told=read.told)
            outcome = self.desks.submit(self._conclude, source, seen, shown).result()
        if not read.faults:
            return outcome
        if self.fetcher.closed:
            self.store.sources.release(state)
            return outcome
        failed = self.desks.submit(self._failed, source, state, read.faults[0]).result()
        return replace(failed, changes=outcome.changes)

    def _look_into(self, source: Source, state: SourceState) -> Outcome:
        """Read what came into a mailbox."""
        letters = fetch_letters(source, state.validators.etag)
        now = self.clock.now()
        unchanged = Unchanged(
            state=state,
            at=now,
            next_poll_at=now + (MINUTE if letters.more else _spread(source)),
            validators=Validators(etag=letters.position),
        )
        if not letters.told.items and state.baseline_at is not None:
            return Outcome(unchanged=unchanged)
        shown = _Shown(items=letters.told.items, told=letters.told)
        outcome = self.desks.submit(self._conclude, source, unchanged, shown).result()
        settle_letters(source, letters)
        return outcome

    def _conclude(self, source: Source, seen: Unchanged, shown: _Shown) -> Outcome:
        """Compare what was shown with what is known, and record what is new about it."""
        for _ in range(TRIES):
            known = self.store.sources.known(source.id)
            rows = detect(known, shown.items, complete=source.complete and shown.listed)
            if not rows and seen.state.baseline_at is not None:
                return Outcome(unchanged=seen)
            try:
                return self._record(source, self._visit(source, seen, shown, rows))
            except Stale:  # a paper was read meanwhile: conclude again from what it is now
                continue
        self.store.sources.release(seen.state)
        return Outcome()

    def _visit(self, source: Source, seen: Unchanged, shown: _Shown, rows: Rows) -> Visit:
        state, now = seen.state, seen.at
        first = state.baseline_at is None
        edits, corrections = self._edits(source, rows, now, silent=first)
        since = None if first or not shown.listed else state.last_good_at
        odd = shown.told.conflicts
        new = [(item, self._met(source, item, odd.get(item.key, ()))) for item in rows.new]
        beside = self.understanding.together([document for _, document in reversed(new)])
        arrivals = [self._arrival(source, state, *each, now, beside) for each in new]
        news = {arrival.item.key for arrival in arrivals if arrival.news}
        held = flood(rows.new, len(shown.items), since, now) & news
        keep = self.store.snapshots.put
        counts = state.row_counts
        return Visit(
            state=state,
            at=now,
            next_poll_at=seen.next_poll_at,
            validators=seen.validators or state.validators,
            fingerprint=seen.fingerprint or "",
            definition=definition(source),
            row_counts=next_habit(shown.on_page, counts) if shown.listed else counts,
            snapshot=keep(shown.body) if rows and shown.body else None,
            arrivals=tuple(  # the top of a page is the newest: it gets the highest number
                replace(
                    arrival,
                    held=arrival.item.key in held,
                    snapshot=keep(raw) if (raw := shown.told.pages.get(arrival.item.key)) else None,
                )
                for arrival in reversed(arrivals)
            ),
            changes=edits if first else (*edits, *self._presences(rows, now)),
            corrections=(*rows.moved, *corrections),
            held_reason=f"{len(held)} rows that look like a redesign or an archive"
            if held
            else None,
        )

    def _record(self, source: Source, visit: Visit) -> Outcome:
        changes = self.store.record.visit(visit)
        if changes is None:
            log.info("another process visited %s meanwhile", source.id)
            return Outcome()
        if visit.held_reason is not None:
            self._tell(
                f"{source.name}: alerts are held",
                f"{source.url}: {visit.held_reason} came at once.",
                f"`watcher sources release {source.id}` sends them; with --discard it does not.",
            )
        if len(visit.arrivals) > 1:
            links = self.understanding.ties([arrival.paper for arrival in visit.arrivals])
            self.store.record.tie(links, visit.at)
        return Outcome(changes=changes)

    def _met(self, source: Source, item: Item, conflicts: tuple[Conflict, ...]) -> Document:
        document = replace(self.understanding.from_item(item, source), conflicts=conflicts)
        for conflict in conflicts:
            log.warning("%s: %r: %s", source.id, document.title, conflict.values[0][1])
        return document

    def _arrival(
        self,
        source: Source,
        state: SourceState,
        item: Item,
        document: Document,
        now: datetime,
        beside: Together,
    ) -> Arrival:
        silent = state.baseline_at is None and not (
            source.alert_since and item.published and item.published >= source.alert_since
        )
        follow = source.detail.follow and item.url is not None
        follow = follow and source.kind not in ("brief", "mailbox")
        if silent:  # of a baseline only open consultations are followed
            follow = follow and document.facts.stage is Stage.DRAFT
        paper = self.understanding.paper(
            document,
            ChangeKind.NEW,
            now,
            silent=silent,
            text_follows=follow,
            beside=beside,
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
        edited: set[int] = set()  # one paper may stand in two places of a list
        for edit in rows.edited:
            known = documents[edit.known.document_id]
            if known.id in edited or not _speaks_for(edit.known, known, source):
                corrections.append((edit.known, edit.item))
                continue
            edited.add(known.id)
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


def definition(source: Source) -> str:
    """A digest of what decides how a source is read."""
    what = f"{source.kind}\n{source.url}\n{source.rule}"
    return hashlib.sha256(what.encode()).hexdigest()


def _speaks_for(row: Known, document: Document, source: Source) -> bool:
    """Whether a row's edit is the document's: not so when a brief calls the paper by its own words."""
    return document.source_id == source.id or letters(row.title or "") == letters(document.title)


def _long_ago(state: SourceState, now: datetime) -> bool:
    return state.last_good_at is None or now - state.last_good_at > STALE


def _day_of(source: Source, now: datetime) -> str:
    """The day, begun at an hour of the source's own: once in it a list is read whatever its print.

    Where titles stand outside the links, the print does not know them all.
    """
    return (now + timedelta(minutes=zlib.crc32(source.id.encode()) % 1440)).date().isoformat()


def _spread(source: Source) -> timedelta:
    """The source's interval, up to a tenth longer, so that sources do not march in step."""
    return source.every * (1 + zlib.crc32(source.id.encode()) % 1000 / 10_000)
