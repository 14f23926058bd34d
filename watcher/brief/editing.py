"""Keep what editors change in a compiled brief: said in a command, or written into its Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from watcher.brief.compiling import digest
from watcher.errors import StoreError
from watcher.render.brief.markdown import Returned
from watcher.render.brief.marks import LONGEST
from watcher.store import Store
from watcher.store.briefs import PLACE, SECTION, Kept

Change = tuple[int, str, Any, str]
"""Paper, field, value, and the digest of the words it was made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was kept of a file that an editor changed; paper and field each."""

    changed: tuple[tuple[int, str], ...]
    dropped: tuple[int, ...]
    placed: tuple[int, ...]

    @property
    def nothing(self) -> bool:
        return not (self.changed or self.dropped or self.placed)


def edit(
    store: Store,
    period: tuple[date, date],
    team: str | None,
    document: int,
    values: Mapping[str, str | int | None],
    *,
    by: str,
    now: datetime,
) -> None:
    """Keep an editor's values of one paper, by field; None puts back what was compiled.

    Raises StoreError for a paper that is not known, and ValueError for words that cannot be kept.
    """
    known = store.papers.get([document])
    if document not in known:
        raise StoreError(f"no paper {document}")
    against = digest(known[document])
    changes = [(document, name, _fit(value), against) for name, value in values.items()]
    _write(store, period, team, changes, by, now)


def restore(
    store: Store,
    period: tuple[date, date],
    team: str | None,
    document: int,
    *,
    by: str,
    now: datetime,
) -> int:
    """Put back all that was compiled of one paper; return how many edits that ends."""
    kept = [each for each in store.briefs.edits(team, *period) if each.document == document]
    _write(store, period, team, [(document, k.field, None, k.against) for k in kept], by, now)
    return len(kept)


def keep(store: Store, file: Returned, *, by: str, now: datetime) -> Outcome:
    """Keep what an editor changed in a brief's Markdown; what was kept before is not kept again."""
    changes = _changes(store, file)
    _write(store, (file.start, file.end), file.team, changes, by, now)
    places = [(id_, value) for id_, name, value, _ in changes if name == PLACE]
    return Outcome(
        changed=tuple((id_, name) for id_, name, _, _ in changes if name not in (PLACE, SECTION)),
        dropped=tuple(id_ for id_, value in places if value == 0),
        placed=tuple(id_ for id_, value in places if value),
    )


def unkept(store: Store, file: Returned) -> bool:
    """Whether a file holds what an editor wrote and nobody has kept."""
    return bool(_changes(store, file))


def _changes(store: Store, file: Returned) -> list[Change]:
    standing = {
        (kept.document, kept.field): kept.value
        for kept in store.briefs.edits(file.team, file.start, file.end)
    }
    wanted: list[Change] = [
        (each.document, each.field, _fit(each.text), each.against) for each in file.changed
    ]
    wanted += [(id_, PLACE, 0, file.digests[id_]) for id_ in file.dropped]
    if file.order is not None:
        wanted += [
            (id_, PLACE, place, file.digests[id_]) for place, id_ in enumerate(file.order, start=1)
        ]
    return [each for each in wanted if standing.get(each[:2]) != each[2]]


def _fit(value: str | int | None) -> str | int | None:
    """Words as they are kept. Raises ValueError where they would damage the file they go into."""
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(value) > LONGEST:
        raise ValueError(f"{len(value):,} characters are too many; {LONGEST:,} are kept")
    if "<!-- watcher" in value:
        raise ValueError("words that hold '<!-- watcher' would damage the marks of the file")
    return value


def _write(
    store: Store,
    period: tuple[date, date],
    team: str | None,
    changes: Sequence[Change],
    by: str,
    now: datetime,
) -> None:
    edits = [
        Kept(document=id_, field=name, value=value, against=against, by=by, at=now)
        for id_, name, value, against in changes
    ]
    if edits:
        store.briefs.keep(team, *period, edits)
