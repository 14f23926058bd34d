"""What watcher remembers: sources, papers, the outbox, and the raw bytes behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from watcher.errors import StoreError
from watcher.settings import Config
from watcher.store.acts import Acts
from watcher.store.attachments import Attachments
from watcher.store.briefs import Briefs
from watcher.store.calendar import Calendar
from watcher.store.database import Database
from watcher.store.history import History
from watcher.store.labels import Labels
from watcher.store.ledger import Ledger
from watcher.store.links import Links
from watcher.store.lock import LoopLock
from watcher.store.outbox import Outbox
from watcher.store.papers import Papers
from watcher.store.past import Past
from watcher.store.postings import Postings
from watcher.store.record import Recorder
from watcher.store.reviews import Reviews
from watcher.store.search import Search
from watcher.store.snapshots import Snapshots
from watcher.store.sources import Sources
from watcher.store.storms import Storms
from watcher.store.teams import Teams
from watcher.store.translations import Translations

__all__ = ["Store", "open_store"]


class Store:
    """The rooms of the memory behind one door. Close it, or use it as a context."""

    def __init__(self, url: str, state: Path) -> None:
        self.state = state
        self.db = Database(url)
        self.sources = Sources(self.db)
        self.papers = Papers(self.db)
        self.attachments = Attachments(self.db)
        self.outbox = Outbox(self.db)
        self.ledger = Ledger(self.db)
        self.storms = Storms(self.db)
        self.record = Recorder(self.db)
        self.labels = Labels(self.db)
        self.links = Links(self.db, self.papers)
        self.briefs = Briefs(self.db)
        self.history = History(self.db)
        self.calendar = Calendar(self.db)
        self.teams = Teams(self.db)
        self.past = Past(self.db)
        self.postings = Postings(self.db)
        self.acts = Acts(self.db)
        self.reviews = Reviews(self.db)
        self.search = Search(self.db)
        self.translations = Translations(self.db)
        self.snapshots = Snapshots(state / "snapshots")

    @contextmanager
    def loops(self) -> Iterator[None]:
        """Be the one process that runs the loops on this state folder; LoopsTaken if another is.

        The lock proves the owners of all leases dead, and they are freed. On PostgreSQL several
        nodes share the work: there is no lock, and leases of the dead end by themselves.
        """
        if not self.db.sqlite:
            yield
            return
        with LoopLock(self.state):
            self.sources.release_leases()
            self.papers.release_leases()
            self.outbox.release_leases()
            self.snapshots.sweep()
            yield

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(config: Config) -> Store:
    """Open the configured database, its tables brought to this version's form; StoreError if it cannot be."""
    try:
        config.state.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StoreError(f"state folder {str(config.state)!r}: {exc}") from exc
    url = config.database.reveal() if config.database else f"sqlite:///{config.state}/watcher.db"
    store = Store(url, config.state)
    try:
        store.db.upgrade()
    except BaseException:
        store.close()
        raise
    return store
