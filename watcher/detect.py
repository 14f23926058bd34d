"""Decide what changed between what is known and what was just seen. Pure: no clock, network, database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from watcher.errors import ExtractError, Reason
from watcher.model import Item
from watcher.text import letters

_CUT = ("…", "...", "···")
_MIRROR_WINDOW = timedelta(days=3)
_MIRROR_LETTERS = 14
"""A title this long is not shared by chance; shorter ones (关于公开征求意见的通知) are."""


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
    `complete` lets items scroll off: their absence says nothing.
    """
    current: dict[str, Item] = {}
    for item in seen:
        current.setdefault(item.key, item)
    absent = [row for key, row in known.items() if key not in current]
    homeless = _by_title(absent)
    new: list[Item] = []
    back = [(known[key], item) for key, item in current.items() if key in known and known[key].gone]
    moved: list[tuple[Known, Item]] = []
    for key, item in current.items():
        if key in known:
            continue
        title = letters(item.title or "")
        former = homeless.pop((title, item.published), None)
        if former is None:
            new.append(item)
        elif former.gone:
            back.append((former, item))
        else:
            moved.append((former, item))
    stays = [
        (known[key], item) for key, item in current.items() if key in known and not known[key].gone
    ]
    elsewhere = {former.key for former, _ in (*moved, *back)}
    return Rows(
        new=tuple(new),
        moved=tuple(moved),
        restored=tuple(back),
        edited=tuple(edit for row, item in stays if (edit := _edit(row, item))),
        withdrawn=tuple(
            row for row in absent if complete and not row.gone and row.key not in elsewhere
        ),
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


def next_habit(rows: int, usual: float | None) -> float:
    """The usual number of rows after one more good reading."""
    return float(rows) if usual is None else usual * 0.8 + rows * 0.2


def is_mirror(item: Item, *, title: str, published: date | None) -> bool:
    """Whether a row of another source is the paper known as `title`, published on `published`.

    The same paper stands on a department's list, a feed and gov.cn under other addresses. It is
    taken for one when a title long enough to be a name reads the same and both dates are near.
    """
    if not item.title or letters(item.title) != letters(title):
        return False
    if len(letters(title)) < _MIRROR_LETTERS:
        return False
    if item.published is None or published is None:
        return False
    return abs(item.published - published) <= _MIRROR_WINDOW
