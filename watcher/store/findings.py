"""What a visit to a source, or a reading of a paper's page, came to: the input of `record`."""

from dataclasses import dataclass
from datetime import datetime

from watcher.detect import Known
from watcher.model import (
    Attachment,
    AttachmentText,
    ChangeKind,
    Document,
    Item,
    Link,
    Notification,
    Validators,
)
from watcher.store.papers import DueReading
from watcher.store.sources import SourceState

_NOTHING = Validators()
NEW = "new"
"""Stands for the id of a paper that has none yet, in its links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as concluded from what was just read, with all that follows from it."""

    document: Document
    """id 0 for one that is not known yet."""
    cores: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    """What else it can be found by when papers are linked, see `link.near`."""
    links: tuple[Link, ...] = ()
    notifications: tuple[Notification, ...] = ()
    rules: str | None = None
    """The fingerprint of the rules that concluded it; None: it is to be concluded again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A row that was not on this source before."""

    item: Item
    paper: Paper
    next_read_at: datetime | None
    news: bool = True
    """Whether readers may hear of it, now or when its text is read; not so in a baseline."""
    held: bool = False
    """Whether an operator must release it first (see `detect.flood`)."""
    snapshot: str | None = None
    """Of its own bytes, where they are not the visit's (a letter)."""


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
    row_counts: tuple[int, ...]
    snapshot: str | None
    arrivals: tuple[Arrival, ...] = ()
    changes: tuple[RowChange, ...] = ()
    corrections: tuple[tuple[Known, Item], ...] = ()
    """Rows under another address, or of a paper that another source is the first witness of."""
    held_reason: str | None = None
    """Why some arrivals are held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment as the store knows it: where it is, what it says, how reading it went."""

    attachment: Attachment
    content: AttachmentText | None = None
    """None while it has not been read."""
    snapshot: str | None = None
    validators: Validators = _NOTHING
    read_at: datetime | None = None
    failures: int = 0
    """In a row; 0 after a good reading."""
    error: str | None = None
    """Why it could not be fetched; what it says may still be known from before."""


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
    files: tuple[File, ...] | None = None
    """The attachments the page offers, as read by now; None when that was not looked at."""
