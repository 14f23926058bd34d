"""Decide what changed between what is known and what was just seen. Pure: no clock, network, database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from urllib.parse import urlsplit

from watcher.errors import ExtractError, Reason
from watcher.identity import row_identity
from watcher.model import Item
from watcher.text import letters

_CUT = ("…", "...", "···")
FLOOD = 10
"""Fewer new rows at once are never held."""
TORRENT = 300
"""So many new rows at once are held whatever their days."""
_STALE = timedelta(days=7)
HABIT = 15
"""Readings that a list's usual length is judged by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A sighting as it was when the source was last read well."""

    key: str
    document_id: int
    title: str | None
    url: str | None = None
    published: date | None = None
    deadline: date | None = None
    gone: bool = False
    """It had left a complete list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A known row that says something else now; `was` tells a reader what, or is None for no news."""

    known: Known
    item: Item
    was: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What one reading of a list says against what is known of it."""

    new: tuple[Item, ...] = ()
    edited: tuple[Edited, ...] = ()
    restored: tuple[tuple[Known, Item], ...] = ()
    withdrawn: tuple[Known, ...] = ()
    moved: tuple[tuple[Known, Item], ...] = ()
    """The same row under another address (a site went to https, a path was renamed)."""

    def __bool__(self) -> bool:
        return bool(self.new or self.edited or self.restored or self.withdrawn or self.moved)


def detect(known: Mapping[str, Known], seen: Iterable[Item], *, complete: bool) -> Rows:
    """Compare the latest known rows of a source with the rows just seen.

    Compares with the *latest* row only, so A -> B -> A is two changes. A list that is not
    `complete` lets items scroll off: their absence says nothing. A row is known by its identity:
    whether its link says http or https, www or wap, or carries a tracking parameter, is no change.
    """
    current: dict[str, Item] = {}
    for item in seen:
        current.setdefault(row_identity(item.key), item)
    same = _matched(known, current)
    taken = {row.key for row in same.values()}
    absent = [row for row in known.values() if row.key not in taken]
    homeless = _by_title(absent)
    new: list[Item] = []
    back: list[tuple[Known, Item]] = []
    moved: list[tuple[Known, Item]] = []
    edited: list[Edited] = []
    for identity, item in current.items():
        row = same.get(identity) or homeless.pop((letters(item.title or ""), item.published), None)
        if row is None:
            new.append(item)
        elif row.gone:
            back.append((row, item))
        elif identity not in same or _goes_elsewhere(row, item):
            moved.append((row, item))
        if row is not None and not row.gone and identity in same and (edit := _edit(row, item)):
            edited.append(edit)
    elsewhere = {row.key for row, _ in (*moved, *back)}
    return Rows(
        new=tuple(new),
        moved=tuple(moved),
        restored=tuple(back),
        edited=tuple(edited),
        withdrawn=tuple(
            row for row in absent if complete and not row.gone and row.key not in elsewhere
        ),
    )


def knows_any(known: Mapping[str, Known], seen: Iterable[Item]) -> bool:
    """Whether any of these rows is known: then nothing scrolled off unseen between them and it."""
    return bool(_matched(known, {row_identity(item.key): item for item in seen}))


def _matched(known: Mapping[str, Known], current: Mapping[str, Item]) -> dict[str, Known]:
    """The known row of each identity seen: by its key, else by its address's identity.

    A row that shares its address with others is told from them by its title, also when it had the
    address to itself before, or has it now.
    """
    same = {identity: known[item.key] for identity, item in current.items() if item.key in known}
    strangers = current.keys() - same.keys()
    if strangers:  # only then is it worth reading every known address
        taken = {row.key for row in same.values()}
        dressed = {row_identity(key): row for key, row in known.items() if key not in taken}
        same |= {identity: dressed[identity] for identity in strangers & dressed.keys()}
        strangers = current.keys() - same.keys()
        titled = {_titled(identity, row.title): row for identity, row in dressed.items()}
        for identity in strangers:
            row = titled.get(_titled(identity, current[identity].title))
            if row is not None and " " in f"{identity}{row.key}":
                same[identity] = row
    return same


def _titled(identity: str, title: str | None) -> tuple[str, str]:
    return identity.partition(" ")[0], letters(title or "")


def _goes_elsewhere(row: Known, item: Item) -> bool:
    """Whether a known row is to be kept under another key or address from now on.

    Parameters that come and go are not worth it; another server is, and so is an address that the
    row has begun, or ceased, to share with others.
    """
    if row.key != item.key and " " in f"{row.key}{item.key}":
        return True
    return (
        bool(row.url and item.url) and urlsplit(row.url or "")[:2] != urlsplit(item.url or "")[:2]
    )


def _by_title(rows: Sequence[Known]) -> dict[tuple[str, date | None], Known]:
    """Rows by title and day, those alone that can be told apart so.

    Twin notices stay strangers, and without a day a title says too little: 关于公开征求意见的公告
    may come back next year.
    """
    dated = [row for row in rows if row.title and row.published]
    keys = [(letters(row.title or ""), row.published) for row in dated]
    counts = Counter(keys)
    return {key: row for key, row in zip(keys, dated, strict=True) if key[0] and counts[key] == 1}


def _edit(row: Known, item: Item) -> Edited | None:
    news = []
    if not _same_title(row.title, item.title):
        news.append(f"title was {row.title!r}")
    if item.deadline is not None and item.deadline != row.deadline:
        news.append(
            f"deadline was {row.deadline.isoformat()}" if row.deadline else "a deadline was added"
        )
    if news:
        return Edited(known=row, item=item, was="; ".join(news))
    if item.title and item.title != row.title and not is_cut(item.title):
        return Edited(known=row, item=item, was=None)
    if item.published and item.published != row.published:
        return Edited(known=row, item=item, was=None)
    return None


def is_cut(title: str) -> bool:
    """Whether a list shortened this title."""
    return title.rstrip().endswith(_CUT)


def _same_title(old: str | None, new: str | None) -> bool:
    """Whether two titles read alike: white space, width and a cut-off end do not count."""
    if not old or not new:
        return True
    if letters(old) == letters(new):
        return True
    if is_cut(old) or is_cut(new):
        a, b = letters(old.rstrip(". …·")), letters(new.rstrip(". …·"))
        return a.startswith(b) or b.startswith(a)
    return False


class Shrunk(ExtractError):
    """There is much less on a page than there used to be."""

    def __init__(self, message: str) -> None:
        super().__init__(Reason.TRUNCATED, message)


def usual_rows(counts: Sequence[int]) -> float | None:
    """The median of the row counts of a list's last readings, None when there were none."""
    return median(counts) if counts else None


def check_habit(rows: int, usual: float | None) -> None:
    """Raise Shrunk when a list holds less than a third of its usual rows.

    Half a page, a new layout or a filtered answer shows so; what it lacks has not been withdrawn.
    """
    if usual is not None and usual >= 6 and rows < usual / 3:
        raise Shrunk(
            f"{rows} rows where about {usual:.0f} are usual; taken for a fault of the page"
        )


def check_text(text: str, before: str) -> None:
    """Raise Shrunk when a page keeps less than a third of the text it had.

    A redesign or a half-loaded page shows so far more often than a paper that lost its content.
    """
    if len(before) >= 300 and len(text) < len(before) / 3:
        raise Shrunk(
            f"{len(text)} characters of text where there were {len(before)}; "
            "taken for a fault of the page"
        )


def next_habit(rows: int, counts: Sequence[int]) -> tuple[int, ...]:
    """The row counts of a list's last readings after one more good one, the newest last."""
    return (*counts, rows)[-HABIT:]


def flood(new: Sequence[Item], shown: int, since: datetime | None, now: datetime) -> frozenset[str]:
    """Keys of the new rows that look like a redesign, an archive or another list, not like news.

    `new` of the `shown` rows were not there before; `since` is when the list was last read well.
    News bears days since then. Rows that are older, or bear no day on a list that turned over
    almost whole within days, are to be looked at by a person before readers hear of them.
    """
    if len(new) >= TORRENT:
        return frozenset(item.key for item in new)
    if len(new) < FLOOD or since is None:
        return frozenset()
    turned_over = len(new) >= shown * 0.8 and now - since < _STALE
    limit = since.date() - _STALE
    old = [
        item
        for item in new
        if (item.published < limit if item.published is not None else turned_over)
    ]
    return frozenset(item.key for item in old) if len(old) >= FLOOD else frozenset()
