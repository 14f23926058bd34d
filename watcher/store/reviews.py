"""What teams say of papers, and the posted alerts that show it."""

from datetime import datetime

from watcher.store import schema as t
from watcher.store.database import Database
from watcher.store.postings import owe_updates

REVIEWED, NOT_RELEVANT, OPEN = "reviewed", "not_relevant", "open"


class Reviews:
    def __init__(self, db: Database) -> None:
        self.db = db

    def say(self, document_id: int, team: str, state: str, by: str, now: datetime) -> None:
        """Record what a team says of a paper, and owe its alerts there an update that shows it."""
        with self.db.write() as tx:
            id_ = tx.execute(
                t.review.insert()
                .values(document_id=document_id, team_id=team, state=state, by=by, at=now)
                .returning(t.review.c.id)
            ).scalar_one()
            owe_updates(tx, self.db, document_id, f"review {id_}", now, team=team)
