"""One reading of one document's page, with its own retries and re-reading times, apart from any list."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.clock import Clock
from watcher.detect import Shrunk, check_text
from watcher.errors import FetchError, SourceError, WatcherError
from watcher.extract.page import read_page
from watcher.fetch import Fetcher
from watcher.model import ChangeKind, Document, Page, PageText
from watcher.settings import Source
from watcher.store import Store
from watcher.store.findings import Reading
from watcher.store.papers import DueReading
from watcher.text import text_hash
from watcher.understand import Understanding

log = logging.getLogger(__name__)

AGAIN = (timedelta(hours=1), timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""When a page is read again, counted from when the document was first seen."""
DAILY = timedelta(days=1)
GIVE_UP = timedelta(days=14)
"""How long a page that never could be read is tried."""
GONE = 3
"""Readings in a row that must find a page gone before it is said to be withdrawn."""
STUBBORN = 5
"""A page that has been short for so many readings is taken to be so."""
_RETRY = timedelta(minutes=1)
_SLOWEST = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    store: Store
    fetcher: Fetcher
    understanding: Understanding
    clock: Clock

    def read(self, due: DueReading, source: Source) -> bool:
        """Read a document's page under the claim `due` and record what it says.

        Returns whether readers hear of a change. A fault of the site is recorded with the
        document, tried again later, and raises nothing.
        """
        url = due.document.url
        if url is None:
            raise ValueError(f"document {due.document.id} has no address to read")
        try:
            page = self.fetcher.fetch(url, manners=source.manners, validators=due.validators)
            text = read_page(page, source.detail) if page else None
            if text is not None and due.reads and due.short < STUBBORN:
                check_text(text.text, due.document.text)
            return self._recorded(due, source, page, text)
        except SourceError as exc:
            if self.fetcher.closed:  # we are stopping: nobody's fault
                self.store.papers.release(due)
                return False
            return self._failed(due, exc)
        except WatcherError:
            raise
        except Exception as exc:  # one page that meets a bug must not stop the others
            log.critical("a bug in reading document %d", due.document.id, exc_info=exc)
            return self._failed(due, SourceError(f"a bug in watcher: {exc!r}"))

    def _recorded(
        self, due: DueReading, source: Source, page: Page | None, text: PageText | None
    ) -> bool:
        now = self.clock.now()
        document = due.document
        if text is not None:
            document = self.understanding.from_page(document, text, source)
        reading = Reading(
            due=due,
            at=now,
            next_read_at=next_reading(due, document.facts.deadline, now),
            validators=page.validators if page else due.validators,
        )
        kind, was = _news(due, document)
        if kind is None and due.reads:
            self.store.record.reading(reading)
            return False
        told = bool(self.store.papers.heard([document.id]))
        if kind is None and told and document.facts.deadline != due.document.facts.deadline:
            # the alert went without the text, which turns out to matter
            kind, was = ChangeKind.MODIFIED, "the paper's text could not be read at first"
        silent = kind is None and not self._owed(document)
        paper = self.understanding.paper(
            document, kind or ChangeKind.NEW, now, silent=silent, was=was
        )
        snapshot = self.store.snapshots.put(page.body) if page else None
        self.store.record.reading(
            replace(reading, paper=paper, kind=kind, was=was, snapshot=snapshot)
        )
        return kind is not None

    def _owed(self, document: Document) -> bool:
        """Whether the document's arrival was news, not part of a baseline."""
        return any(c.kind is ChangeKind.NEW for c in self.store.papers.changes(document.id))

    def _failed(self, due: DueReading, error: SourceError) -> bool:
        now = self.clock.now()
        gone = due.gone + 1 if isinstance(error, FetchError) and error.gone else 0
        wait = min(_RETRY * 2 ** min(due.failures, 12), _SLOWEST)
        if gone and due.reads:  # a list is often put up before its papers
            wait = timedelta(hours=1)
        elif isinstance(error, FetchError):
            wait = max(wait, error.retry_after or wait)
        log.warning("document %d: %s (next reading in %s)", due.document.id, error, wait)
        hopeless = now - due.first_seen_at > GIVE_UP or due.withdrawn
        reading = Reading(
            due=due,
            at=now,
            next_read_at=None if hopeless else now + wait,
            validators=due.validators,
            gone=gone,
            short=due.short + 1 if isinstance(error, Shrunk) else due.short,
            error=str(error),
        )
        if gone == GONE and due.reads and not due.withdrawn:
            kind = ChangeKind.WITHDRAWN
            paper = self.understanding.paper(due.document, kind, now, silent=False)
            reading = replace(reading, paper=paper, kind=kind, next_read_at=now + DAILY)
        self.store.record.reading(reading)
        return reading.kind is not None


def _news(due: DueReading, document: Document) -> tuple[ChangeKind | None, str | None]:
    """What a reading says that readers should hear of."""
    if due.withdrawn and due.gone >= GONE:  # for its page was gone; a list speaks for itself
        return ChangeKind.RESTORED, None
    same = text_hash(document.title, document.text) == due.text_hash
    if same or not due.reads:
        return None, None
    before, after = due.document.facts.deadline, document.facts.deadline
    if before != after and before is not None and after is not None:
        return ChangeKind.MODIFIED, f"the deadline was {before.isoformat()}"
    return ChangeKind.MODIFIED, "the text of its page was changed"


def next_reading(due: DueReading, deadline: date | None, now: datetime) -> datetime | None:
    """When to read a page again after a good reading: 1 h, 1 d, 3 d, 7 d, then daily while comments are open."""
    later = [due.first_seen_at + wait for wait in AGAIN if due.first_seen_at + wait > now]
    if later:
        return later[0]
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    return now + DAILY if deadline is not None and deadline >= today else None
