"""What a translator made of titles, what it was charged for, and which titles wait for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from watcher.gloss import Translation, key_of
from watcher.store import schema as t
from watcher.store.database import Database
from watcher.text import one_line

LEASE = timedelta(minutes=10)
"""Longer than a translator may take for what it was given; then the titles of a dead process are free."""
_FIRST_PAUSE = timedelta(hours=1)
_LONGEST_PAUSE = timedelta(days=7)
_AT_ONCE = 500
"""Keys in one query: SQLite takes no more than so many parameters everywhere."""


class Translations:
    def __init__(self, db: Database) -> None:
        self.db = db

    def get(self, titles: Iterable[str]) -> dict[str, Translation]:
        """The translations there are, by title as given."""
        found: dict[str, Translation] = {}
        for keys in _by_key(titles):
            query = select(t.translation.c.key, t.translation.c.text, t.translation.c.by).where(
                t.translation.c.key.in_(keys), t.translation.c.text.isnot(None)
            )
            with self.db.read() as tx:
                for row in tx.execute(query).mappings():
                    made = Translation(text=row["text"], by=row["by"] or "")
                    found |= dict.fromkeys(keys[row["key"]], made)
        return found

    def asked(self, titles: Iterable[str], now: datetime) -> set[str]:
        """Those of `titles` that are translated, being translated, or not to be tried again yet."""
        known: set[str] = set()
        for keys in _by_key(titles):
            query = select(t.translation.c.key).where(
                t.translation.c.key.in_(keys),
                t.translation.c.text.isnot(None) | (t.translation.c.retry_at > now),
            )
            with self.db.read() as tx:
                known.update(title for key in tx.execute(query).scalars() for title in keys[key])
        return known

    def claim(self, titles: Sequence[str], now: datetime) -> list[str]:
        """Take titles that wait, in their order; nobody else is given them for `LEASE`."""
        taken: set[str] = set()
        with self.db.write() as tx:
            for title in sorted(
                set(titles)
            ):  # in one order: two nodes must not wait for each other
                row = {"key": key_of(title), "source": one_line(title), "characters": 0, "at": now}
                insert = self.db.insert(t.translation).values(**row, retry_at=now + LEASE)
                claimed = insert.on_conflict_do_update(
                    index_elements=["key"],
                    set_={"retry_at": now + LEASE},
                    where=t.translation.c.text.is_(None) & (t.translation.c.retry_at <= now),
                ).returning(t.translation.c.key)
                if tx.execute(claimed).first() is not None:
                    taken.add(title)
        return [title for title in dict.fromkeys(titles) if title in taken]

    def put(self, answers: Mapping[str, str], by: str, now: datetime) -> None:
        """Keep translations, by title; they are charged for."""
        with self.db.write() as tx:
            for title, text in answers.items():
                tx.execute(
                    t.translation.update()
                    .where(t.translation.c.key == key_of(title))
                    .values(
                        text=text,
                        by=by,
                        at=now,
                        characters=t.translation.c.characters + len(one_line(title)),
                        failures=0,
                        error=None,
                    )
                )

    def fail(self, titles: Iterable[str], error: str, now: datetime, *, charged: bool) -> None:
        """These got no translation: try again after a pause that doubles from an hour to a week.

        What was `charged` for counts in the month of `now`, with all that was charged for the same
        title before: the budget is rather kept too well than exceeded.
        """
        keys = {key_of(title): len(one_line(title)) for title in titles}
        failures = select(t.translation.c.key, t.translation.c.failures)
        with self.db.write() as tx:
            rows = tx.execute(failures.where(t.translation.c.key.in_(keys))).all()
            for key, before in rows:
                pause = min(_FIRST_PAUSE * 2 ** min(before, 10), _LONGEST_PAUSE)
                values = {"failures": before + 1, "retry_at": now + pause, "error": error}
                if charged:
                    values |= {"at": now, "characters": t.translation.c.characters + keys[key]}
                tx.execute(t.translation.update().where(t.translation.c.key == key).values(values))

    def release(self, titles: Iterable[str], now: datetime) -> None:
        """Give back what was claimed and not asked for."""
        keys = [key_of(title) for title in titles]
        with self.db.write() as tx:
            tx.execute(
                t.translation.update().where(t.translation.c.key.in_(keys)).values(retry_at=now)
            )

    def spent(self, now: datetime) -> int:
        """Characters charged for in the calendar month of `now`, in UTC."""
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        query = select(func.coalesce(func.sum(t.translation.c.characters), 0))
        with self.db.read() as tx:
            return int(tx.execute(query.where(t.translation.c.at >= month)).scalar_one())


def _by_key(titles: Iterable[str]) -> Iterator[dict[str, list[str]]]:
    """Titles by their keys (several spellings may share one), as many as one query takes."""
    keys: dict[str, list[str]] = {}
    for title in dict.fromkeys(titles):
        keys.setdefault(key_of(title), []).append(title)
    for part in _parts(list(keys.items())):
        yield dict(part)


def _parts(items: list[tuple[str, list[str]]]) -> Iterator[list[tuple[str, list[str]]]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
