"""What differs between two readings of one list, a sentence each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from watcher.identity import row_identity
from watcher.model import Item
from watcher.text import letters

_SHOWN = 60  # characters of a title or an address in an example


def unstable(first: Sequence[Item], second: Sequence[Item]) -> tuple[str, ...]:
    """What is not the same in the rows of two fetches a moment apart; empty when all is."""
    before = {row_identity(item.key): item for item in first}
    after = {row_identity(item.key): item for item in second}
    kept = [identity for identity in before if identity in after]
    gone = [item for identity, item in before.items() if identity not in after]
    come = [item for identity, item in after.items() if identity not in before]
    pairs = [(before[identity], after[identity]) for identity in kept]
    moved, gone, come = _moved(gone, come)
    found = [*_addresses(moved), *_presence(gone, come)]
    if kept != [identity for identity in after if identity in before]:
        found.append("the order of the rows differs; that does no harm")
    return (*found, *_wording([*pairs, *moved]))


def _moved(
    gone: Sequence[Item], come: Sequence[Item]
) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Rows that are the same by title and day under another address, and the others of both."""
    counts = Counter(_name(item) for item in (*gone, *come))
    waiting = {_name(item): item for item in come}
    moved = [
        (item, waiting.pop(_name(item)))
        for item in gone
        if counts[_name(item)] == 2 and _name(item) in waiting
    ]
    left = {id(one) for one, _ in moved}
    return moved, [item for item in gone if id(item) not in left], list(waiting.values())


def _name(item: Item) -> tuple[str, object]:
    return letters(item.title or ""), item.published


def _addresses(moved: Sequence[tuple[Item, Item]]) -> Iterator[str]:
    if not moved:
        return
    names = sorted({name for pair in moved for name in _changing(*pair)})
    what = f"in {', '.join(map(repr, names[:3]))}" if names else "in more than a parameter"
    undated = sum(one.published is None for one, _ in moved)
    outcome = (
        f"; {_rows(undated)} without a day would be told as new at every visit"
        if undated
        else "; these rows are known by title and day instead"
    )
    yield f"the addresses of {_rows(len(moved))} differ {what}{outcome}"


def _changing(one: Item, other: Item) -> list[str]:
    """The parameters of two addresses that differ, when nothing else does."""
    here, there = urlsplit(one.url or ""), urlsplit(other.url or "")
    if here[:3] != there[:3] or here.fragment != there.fragment:
        return []
    ours, theirs = (set(parse_qsl(parts.query, keep_blank_values=True)) for parts in (here, there))
    return [name[:40] for name, _ in ours ^ theirs]


def _presence(gone: Sequence[Item], come: Sequence[Item]) -> Iterator[str]:
    if gone:
        yield f"{_rows(len(gone))} stood there only the first time, such as {_example(gone[0])}"
    if come:
        yield f"{_rows(len(come))} stood there only the second time, such as {_example(come[0])}"


def _wording(pairs: Sequence[tuple[Item, Item]]) -> Iterator[str]:
    titles = [(a, b) for a, b in pairs if letters(a.title or "") != letters(b.title or "")]
    if titles:
        one, other = titles[0]
        yield (
            f"the titles of {_rows(len(titles))} differ, such as {_example(one)} and "
            f"{_example(other)}; each would be told as changed"
        )
    for field, word in (("published", "days"), ("deadline", "deadlines")):
        differ = sum(getattr(a, field) != getattr(b, field) for a, b in pairs)
        if differ:
            yield f"the {word} of {_rows(differ)} differ"


def _rows(number: int) -> str:
    return f"{number} row{'' if number == 1 else 's'}"


def _example(item: Item) -> str:
    return repr((item.title or item.url or item.key)[:_SHOWN])
