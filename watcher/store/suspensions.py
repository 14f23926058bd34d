"""Who is sent nothing for now: targets that asked for a pause, and targets and channels that refuse us.

A channel as a whole stands in table `target` under its kind ("slack"), a target under its address
("slack:#law"). Everything here happens inside the outbox's transactions.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from watcher.settings import Target
from watcher.store import schema as t
from watcher.store.database import Database

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=6)


def resting(tx: Connection, now: datetime) -> frozenset[str]:
    """The addresses that are sent nothing at `now`."""
    found = select(t.target.c.address).where(t.target.c.retry_at > now)
    return frozenset(tx.execute(found).scalars())


def admit(tx: Connection, target: Target, now: datetime, probe_until: datetime) -> bool | None:
    """Whether something may be sent to `target` now; None: not now.

    True: its channel is suspended, and this is the one attempt that finds out whether it still
    refuses; until it is over, or `probe_until`, there is no other.
    """
    kind = t.target.c.address == target.kind
    row = tx.execute(select(t.target).where(kind).with_for_update()).mappings().first()
    if target.kind in (at_rest := resting(tx, now)) or str(target) in at_rest:
        return None
    if row is None or row["suspended_at"] is None:
        return False
    tx.execute(update(t.target).where(kind).values(retry_at=probe_until))
    return True


def suspend(
    tx: Connection, db: Database, address: str, error: str, now: datetime, *, probe: bool
) -> bool:
    """Pause for 15 minutes, then longer; whether this is news (not suspended for that reason before).

    Many messages may be under way when a credential is revoked: the first refusal counts, and
    later those of probes alone.
    """
    found = select(t.target).where(t.target.c.address == address).with_for_update()
    row = tx.execute(found).mappings().first()
    since = row["suspended_at"] if row else None
    if row is not None and since is not None and not probe:
        return False
    strikes = (row["strikes"] if row and since else 0) + 1
    pause = min(FIRST_PAUSE * 2 ** min(strikes - 1, 5), LONGEST_PAUSE)
    _put(
        tx,
        db,
        address,
        {
            "suspended_at": since or now,
            "retry_at": now + pause,
            "strikes": strikes,
            "error": error,
        },
    )
    return row is None or since is None or row["error"] != error


def hold(tx: Connection, db: Database, address: str, until: datetime) -> None:
    """Send nothing there before `until`: its provider asked for it. That is no suspension."""
    found = select(t.target.c.retry_at).where(t.target.c.address == address)
    later = max(tx.execute(found).scalar() or t.NEVER, until)
    _put(tx, db, address, {"retry_at": later})


def probe_again(tx: Connection, kind: str, at: datetime) -> None:
    """A probe told nothing of whether the channel refuses us: the next one may go at `at`."""
    suspended = t.target.c.suspended_at.isnot(None)
    tx.execute(update(t.target).where(t.target.c.address == kind, suspended).values(retry_at=at))


def heal(tx: Connection, target: Target) -> list[str]:
    """Something was taken: end the suspensions of this target and of its channel; return which."""
    both = t.target.c.address.in_([target.kind, str(target)])
    ended = (both, t.target.c.suspended_at.isnot(None))
    found = list(tx.execute(select(t.target.c.address).where(*ended)).scalars())
    if found:
        fine = {"suspended_at": None, "retry_at": t.NEVER, "strikes": 0, "error": None}
        tx.execute(update(t.target).where(*ended).values(**fine))
    return found


def lift(tx: Connection) -> None:
    """Let all that is suspended be tried again now, one probe at a time."""
    suspended = t.target.c.suspended_at.isnot(None)
    tx.execute(update(t.target).where(suspended).values(retry_at=t.NEVER))


def _put(tx: Connection, db: Database, address: str, values: dict[str, Any]) -> None:
    tx.execute(
        db.insert(t.target)
        .values(address=address, **values)
        .on_conflict_do_update(index_elements=["address"], set_=values)
    )
