"""One reading of one document's page and attachments, with its own retries, apart from any list."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.clock import Clock
from watcher.detect import Shrunk, check_text
from watcher.errors import FetchError, SourceError, WatcherError
from watcher.extract.paper.page import read_page
from watcher.fetch import Fetcher
from watcher.files import FileReader, changed_files, next_try
from watcher.gather import fetch_paper
from watcher.model import ChangeKind, Document, Page, PageText, Validators
from watcher.settings import Source
from watcher.store import Store
from watcher.store.codec import content_hash
from watcher.store.findings import File, Reading
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
class _Look:
    """What a reading found."""

    page: Page | None
    """None: not changed."""
    text: PageText | None
    files: list[File]
    known: list[File]
    """The files as they were known before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    store: Store
    fetcher: Fetcher
    understanding: Understanding
    clock: Clock

    @property
    def files(self) -> FileReader:
        return FileReader(fetcher=self.fetcher, snapshots=self.store.snapshots, clock=self.clock)

    def read(self, due: DueReading, source: Source) -> bool:
        """Read a document's page and attachments under the claim `due` and record what they say.

        Returns whether readers hear of a change. A fault of the site is recorded with the
        document, tried again later, and raises nothing.
        """
        if due.document.url is None:
            raise ValueError(f"document {due.document.id} has no address to read")
        try:
            return self._recorded(due, source, self._look(due, source, due.document.url))
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

    def _look(self, due: DueReading, source: Source, url: str) -> _Look:
        """Fetch and read the page, and the files it offers."""
        page = fetch_paper(self.fetcher, source, url, due.validators)
        text = read_page(page, source.detail) if page else None
        known = self.store.attachments.of(due.document.id)
        offered = text.attachments if text else due.document.attachments
        files = self.files.read(source, offered, known, referer=url)
        if page is None and [f.content for f in files] != [f.content for f in known]:
            # the paper is both together: the page's own words are needed again
            page = fetch_paper(self.fetcher, source, url, Validators())
            text = read_page(page, source.detail) if page else None
        if text is not None and due.reads and due.short < STUBBORN:
            check_text(text.text, due.document.notice or due.document.text)
        return _Look(page=page, text=text, files=files, known=known)

    def _recorded(self, due: DueReading, source: Source, look: _Look) -> bool:
        now = self.clock.now()
        document = due.document
        if look.text is not None:
            contents = [(f.attachment.name, f.content) for f in look.files if f.content]
            document = self.understanding.from_page(document, look.text, source, contents)
            if due.document.notice and not document.notice and due.short < STUBBORN:
                raise Shrunk("the attachment that is the paper is gone; taken for a fault")
        reading = Reading(
            due=due,
            at=now,
            next_read_at=earliest(
                next_reading(due, document.facts.deadline, now), next_try(look.files, now)
            ),
            validators=look.page.validators if look.page else due.validators,
            files=tuple(look.files),
        )
        before = due.document.facts.deadline
        if before != document.facts.deadline:  # perhaps by a changed rule, which is no news
            before = self.understanding.by_today(due.document, source).facts.deadline
        kind, was = _news(due, look, before, document.facts.deadline)
        if kind is None and due.reads and content_hash(document) == due.text_hash:
            self.store.record.reading(reading)
            return False
        told = bool(self.store.papers.heard([document.id]))
        if kind is None and told and document.facts.deadline != before:
            # the alert went without the text, which turns out to matter
            kind, was = ChangeKind.MODIFIED, "the paper's text could not be read at first"
        completes = not due.reads or _read_late(look)
        silent = kind is None and not (completes and self._owed(document))
        paper = self.understanding.paper(
            document, kind or ChangeKind.NEW, now, silent=silent, was=was
        )
        snapshot = self.store.snapshots.put(look.page.body) if look.page else None
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


def _news(
    due: DueReading, look: _Look, before: date | None, after: date | None
) -> tuple[ChangeKind | None, str | None]:
    """What a reading says that readers should hear of; `before` and `after` are the deadlines."""
    if due.withdrawn and due.gone >= GONE:  # for its page was gone; a list speaks for itself
        return ChangeKind.RESTORED, None
    if not due.reads or look.text is None:
        return None, None
    said = []
    if before != after and before is not None and after is not None:
        said.append(f"the deadline was {before.isoformat()}")
    elif text_hash(look.text.text) != text_hash(due.document.notice or due.document.text):
        said.append("the text of its page was changed")
    said += changed_files(look.files, look.known, due.document.attachments)
    return (ChangeKind.MODIFIED, "; ".join(said)) if said else (None, None)


def _read_late(look: _Look) -> bool:
    """Whether a file was read that could not be before: its words may concern somebody else."""
    unread = [file.attachment for file in look.known if file.content is None]
    places = {attachment.url for attachment in unread} | {attachment.name for attachment in unread}
    return any(
        file.content and not places.isdisjoint((file.attachment.url, file.attachment.name))
        for file in look.files
    )


def earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def next_reading(due: DueReading, deadline: date | None, now: datetime) -> datetime | None:
    """When to read a page again after a good reading: 1 h, 1 d, 3 d, 7 d, then daily while comments are open."""
    later = [due.first_seen_at + wait for wait in AGAIN if due.first_seen_at + wait > now]
    if later:
        return later[0]
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    return now + DAILY if deadline is not None and deadline >= today else None
