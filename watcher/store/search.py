"""Papers found by words of their titles."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, cast, or_, select

from watcher.store import schema as t
from watcher.store.database import Database


class Search:
    def __init__(self, db: Database) -> None:
        self.db = db

    def titled(self, words: Sequence[str], limit: int) -> list[int]:
        """Ids of papers in whose titles, their other names or translations every word stands; the
        newest first."""
        standing = [t.document.c.merged_into.is_(None), *map(_named, words)]
        with self.db.read() as tx:
            query = select(t.document.c.id).where(*standing).order_by(*_newest()).limit(limit)
            return list(tx.execute(query).scalars())

    def newest(self, limit: int) -> list[tuple[int, str]]:
        """Id and title of the newest papers, the newest first."""
        query = (
            select(t.document.c.id, t.document.c.title)
            .where(t.document.c.merged_into.is_(None))
            .order_by(*_newest())
            .limit(limit)
        )
        with self.db.read() as tx:
            return [(row.id, row.title) for row in tx.execute(query)]


def _newest() -> tuple[ColumnElement[object], ...]:
    return (t.document.c.published.desc().nulls_last(), t.document.c.id.desc())


def _named(word: str) -> ColumnElement[bool]:
    """Where one word stands."""
    written = json.dumps(word)[1:-1]  # as names stand in the column, which is kept in ASCII
    listed = select(t.sighting.c.document_id).where(
        t.sighting.c.title.icontains(word, autoescape=True)
    )
    in_english = select(t.translation.c.source).where(
        t.translation.c.text.icontains(word, autoescape=True)
    )
    return or_(
        t.document.c.title.icontains(word, autoescape=True),
        cast(t.document.c.aka, Text).icontains(written, autoescape=True),
        t.document.c.id.in_(listed),
        t.document.c.title.in_(in_english),
    )
