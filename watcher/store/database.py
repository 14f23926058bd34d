"""The database behind the store: one engine, short transactions, one kind of error."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.dialects.sqlite import Insert as SQLiteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from watcher.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert

HEAD = "0005"
"""The newest migration; `tests/store` holds it against the folder."""

_WRITING = "watcher_writing"
_RECORD_LOCK = 0x77617463  # PostgreSQL advisory lock: one recorder at a time, as SQLite's writer


class Database:
    """Reads and writes, each one transaction. Everything that fails is a StoreError."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._joined = threading.local()
        try:
            self.engine = _engine(self.url, sqlite=self.sqlite)
        except ModuleNotFoundError as exc:
            raise StoreError(
                f"database driver {exc.name!r} is not installed; "
                "pip install 'watcher[postgres]', and write postgresql://…"
            ) from exc

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database."""
        if (joined := self._together) is not None:
            yield joined
            return
        with _as_store_error(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is saved whole when the block ends, and not at all when it raises.

        On SQLite it is the only writer from its first statement on (BEGIN IMMEDIATE): a deferred
        transaction that turns to writing fails at once, whatever the busy timeout.
        """
        if (joined := self._together) is not None:
            yield joined
            return
        options = {_WRITING: True}
        with (
            _as_store_error(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def together(self) -> Iterator[Connection]:
        """One transaction for all that this thread reads and writes within the block."""
        with self.write() as connection:
            outer, self._joined.connection = self._together, connection
            try:
                yield connection
            finally:
                self._joined.connection = outer

    @property
    def _together(self) -> Connection | None:
        return getattr(self._joined, "connection", None)

    def alone(self, connection: Connection) -> None:
        """Let no other transaction record papers until this one ends (SQLite needs nothing more)."""
        if not self.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _RECORD_LOCK})

    def insert(self, table: Table) -> "SQLiteInsert | PostgresInsert":
        """An INSERT that can say what to do about a row that is there already."""
        if self.sqlite:
            return sqlite_insert(table)
        from sqlalchemy.dialects.postgresql import insert  # costs 60 ms: only where it is used

        return insert(table)

    def version(self) -> str | None:
        """The migration the tables stand at; None for an empty database."""
        with self.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def upgrade(self) -> None:
        """Bring the tables to this version's form. Does nothing when they are."""
        if self.version() == HEAD:
            return
        from alembic import command  # costs 0.1 s: only when there is something to do
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        try:
            with self.write() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as exc:
            raise StoreError(f"database was made by a newer watcher: {exc}") from exc

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _as_store_error() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as exc:
        reason = getattr(exc, "orig", None) or exc
        raise StoreError(f"database: {reason}") from exc


def _engine(url: URL, *, sqlite: bool) -> Engine:
    if not sqlite:
        return create_engine(url, pool_size=20, pool_pre_ping=True)
    # Few are kept, the last used first: each holds up to 2 MB of the file's pages as its own cache
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        pool_size=3,
        max_overflow=27,
        pool_use_lifo=True,
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: SQLiteConnection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a promise outlives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
