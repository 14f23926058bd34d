"""One visit to one source, from the claim to the commit."""

import logging
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.clock import Clock
from watcher.detect import Known, Rows, check_habit, detect, next_habit
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
from watcher.store.sources import SourceState, Unchanged
from watcher.understand import Understanding, wait_for_text

log = logging.getLogger(__name__)

UNHEALTHY = 5
"""Failures in a row after which operators are told."""
NEW_HABIT = timedelta(days=3)
"""A list that has been short for so long is taken to be so."""
SLOWEST = timedelta(hours=2)


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
        next_poll_at = now + _spread(source)
        unchanged = Unchanged(state=state, at=now, next_poll_at=next_poll_at)
        if page is None:
            return Outcome(unchanged=unchanged)
        seen = fingerprint(page, source.kind, source.rule)
        unchanged = replace(unchanged, validators=page.validators, fingerprint=seen)
        if seen == state.fingerprint:
            return Outcome(unchanged=unchanged)
        items = _items(source, page)
        if not (state.failing_since and now - state.failing_since > NEW_HABIT):
            check_habit(len(items), state.usual_rows)
        rows = detect(self.store.sources.known(source.id), items, complete=source.complete)
        if not rows and state.baseline_at is not None:
            return Outcome(unchanged=unchanged)
        visit = Visit(
            state=state,
            at=now,
            next_poll_at=next_poll_at,
            validators=page.validators,
            fingerprint=seen,
            usual_rows=next_habit(len(items), state.usual_rows),
            snapshot=self.store.snapshots.put(page.body) if rows else None,
            arrivals=tuple(  # the top of a page is the newest: it gets the highest number
                self._arrival(source, state, item, now) for item in reversed(rows.new)
            ),
            changes=self._changes(source, rows, now),
            corrections=(
                *rows.moved,
                *((edit.known, edit.item) for edit in rows.edited if edit.was is None),
            ),
            silent=state.baseline_at is None,
        )
        changes = self.store.record.visit(visit)
        if changes is None:
            log.info("another process visited %s meanwhile", source.id)
            return Outcome()
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
        paper = self.understanding.paper(document, ChangeKind.NEW, now, silent=silent)
        follow = source.detail.follow and source.kind != "brief" and item.url is not None
        if silent:  # of a baseline only open consultations are followed
            follow = follow and document.facts.stage is Stage.DRAFT
        elif follow:
            notifications = wait_for_text(paper.notifications, now)
            paper = replace(paper, notifications=notifications)
        return Arrival(item=item, paper=paper, next_read_at=now if follow else None)

    def _changes(self, source: Source, rows: Rows, now: datetime) -> tuple[RowChange, ...]:
        touched = [e.known for e in rows.edited] + [k for k, _ in rows.restored] + [*rows.withdrawn]
        documents = self.store.papers.get({known.document_id for known in touched})
        changes = []
        for edit in rows.edited:
            if edit.was is None:
                continue
            document = self.understanding.edited(
                documents[edit.known.document_id], edit.item, source
            )
            paper = self.understanding.paper(
                document, ChangeKind.MODIFIED, now, silent=False, was=edit.was
            )
            changes.append(
                RowChange(
                    kind=ChangeKind.MODIFIED,
                    known=edit.known,
                    item=edit.item,
                    paper=paper,
                    was=edit.was,
                )
            )
        for known, item in rows.restored:
            document = documents[known.document_id]
            changes.append(self._presence(ChangeKind.RESTORED, known, item, document, now))
        for known in rows.withdrawn:
            document = documents[known.document_id]
            changes.append(self._presence(ChangeKind.WITHDRAWN, known, None, document, now))
        return tuple(changes)

    def _presence(
        self, kind: ChangeKind, known: Known, item: Item | None, document: Document, now: datetime
    ) -> RowChange:
        paper = self.understanding.paper(document, kind, now, silent=False)
        return RowChange(kind=kind, known=known, item=item, paper=paper)

    def _failed(self, source: Source, state: SourceState, error: SourceError) -> Outcome:
        now = self.clock.now()
        failures = state.failures + 1
        wait = min(source.every * 2 ** min(failures - 1, 6), max(source.every, SLOWEST))
        if isinstance(error, FetchError) and error.retry_after:
            wait = max(wait, error.retry_after)
        log.warning("%s: %s (failure %d, next in %s)", source.id, error, failures, wait)
        self.store.sources.record_failure(state, now, str(error), now + wait)
        if failures == UNHEALTHY:
            self._tell(
                f"{source.name} cannot be read",
                f"{source.url}: {error}",
                f"{failures} failures in a row; it is tried again every {wait} and nothing of it is lost.",
            )
        return Outcome(error=str(error))

    def _tell(self, subject: str, *lines: str) -> None:
        log.warning("%s: %s", subject, " ".join(lines))
        self.store.outbox.notify(self.operators, subject, lines, self.clock.now())


def _items(source: Source, page: Page) -> list[Item]:
    """The rows of a page of any kind of source."""
    try:
        if source.kind == "brief":
            return brief_items(read_brief(page), source.url)
        return EXTRACTORS[source.kind](page, source.rule)
    except ExtractError as exc:
        if exc.reason is Reason.EMPTY and source.allow_empty:
            return []
        raise


def _spread(source: Source) -> timedelta:
    """The source's interval, up to a tenth longer, so that sources do not march in step."""
    return source.every * (1 + zlib.crc32(source.id.encode()) % 1000 / 10_000)
