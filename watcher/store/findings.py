"""What a visit to a source, or a reading of a paper's page, came to: the input of `record`."""

from dataclasses import dataclass
from datetime import datetime

from watcher.detect import Known
from watcher.model import ChangeKind, Document, Item, Link, Notification, Validators
from watcher.store.papers import DueReading
from watcher.store.sources import SourceState

NEW = "new"
"""Stands for the id of a paper that has none yet, in its links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as concluded from what was just read, with all that follows from it."""

    document: Document
    """id 0 for one that is not known yet."""
    cores: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    notifications: tuple[Notification, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A row that was not on this source before."""

    item: Item
    paper: Paper
    next_read_at: datetime | None
    news: bool = True
    """Whether readers may hear of it, now or when its text is read; not so in a baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A known row that reads otherwise, left a complete list or came back."""

    kind: ChangeKind | None
    """None: no news, but the document takes what the row says (a whole title for a cut one)."""
    known: Known
    item: Item | None
    paper: Paper
    was: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One good reading of a source that is not like the last."""

    state: SourceState
    at: datetime
    next_poll_at: datetime
    validators: Validators
    fingerprint: str
    definition: str
    usual_rows: float
    snapshot: str | None
    arrivals: tuple[Arrival, ...] = ()
    changes: tuple[RowChange, ...] = ()
    corrections: tuple[tuple[Known, Item], ...] = ()
    """Rows under another address, or of a paper that another source is the first witness of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reading of a document's page came to."""

    due: DueReading
    at: datetime
    next_read_at: datetime | None
    validators: Validators
    gone: int = 0
    short: int = 0
    error: str | None = None
    paper: Paper | None = None
    """None when the page says nothing new (or could not be read: then `error` says why)."""
    kind: ChangeKind | None = None
    """The change for readers, if there is one; a first reading completes the NEW that is owed."""
    was: str | None = None
    snapshot: str | None = None
