"""Compound files ([MS-CFB]), the boxes that .doc, .xls and WPS's own formats come in: streams by name."""

import struct
from collections.abc import Iterator, Sequence

from watcher.extract.attachment.package import Unreadable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MINI_SHIFT = 6
_NOWHERE = 0xFFFFFFFA  # this sector number and those above it are marks: end, free, table
_ENTRY = 128
_STREAM = 2


class CompoundFile:
    """The streams at the top of one compound file; those of embedded objects are not looked at.

    Raises Unreadable corrupt when its tables cannot be followed. Every chain of sectors is followed
    at most once round, and a stream that runs over the end of the file ends with it.
    """

    def __init__(self, body: bytes) -> None:
        if len(body) < 512 or not body.startswith(MAGIC):
            raise Unreadable("corrupt", "its compound file has no header")
        self._body = body
        self._shift: int = struct.unpack_from("<H", body, 30)[0]
        if self._shift not in (9, 12):
            raise Unreadable("corrupt", f"its compound file has sectors of 2^{self._shift} bytes")
        directory_at, self._cutoff, mini_at = struct.unpack_from("<I4xII", body, 48)
        self._next = self._table_of_sectors()
        self._entries = dict(self._top(self._chain(directory_at)))
        root = self._root
        self._mini = self._chain(root[0])[: root[1]]
        self._mini_next = _numbers(self._chain(mini_at))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._entries)

    def stream(self, name: str) -> bytes | None:
        """A stream's bytes, None when there is none of that name."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        start, size = entry
        if size < self._cutoff:
            return self._mini_chain(start, size)
        return self._chain(start, size)[:size]

    def _table_of_sectors(self) -> tuple[int, ...]:
        """Which sector follows which (FAT), put together from the sectors that hold it (DIFAT)."""
        first, count = struct.unpack_from("<II", self._body, 68)
        places = list(struct.unpack_from("<109I", self._body, 76))
        per_sector = (1 << self._shift) // 4
        seen: set[int] = set()
        while first < _NOWHERE and first not in seen and len(seen) < count:
            seen.add(first)
            more = _numbers(self._sector(first))
            if len(more) < per_sector:
                break
            places += more[:-1]
            first = more[-1]
        held = dict.fromkeys(place for place in places if place < _NOWHERE)
        return _numbers(b"".join(map(self._sector, held)))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        return self._body[start : start + (1 << self._shift)]

    def _chain(self, start: int, size: int | None = None) -> bytes:
        most = None if size is None else (size >> self._shift) + 1
        return b"".join(map(self._sector, _followed(self._next, start, most)))

    def _mini_chain(self, start: int, size: int) -> bytes:
        numbers = _followed(self._mini_next, start, (size >> _MINI_SHIFT) + 1)
        sectors = (self._mini[n << _MINI_SHIFT : (n + 1) << _MINI_SHIFT] for n in numbers)
        return b"".join(sectors)[:size]

    def _top(self, directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name, first sector and size of the streams right below the root."""
        count = len(directory) // _ENTRY
        if not count:
            raise Unreadable("corrupt", "its compound file has no directory")
        _, _, below, self._root = _entry(directory, 0)
        waiting, seen = [below[2]], set[int]()
        while waiting:
            at = waiting.pop()
            if at >= count or at in seen:
                continue
            seen.add(at)
            name, kind, (left, right, _), place = _entry(directory, at)
            waiting += [left, right]
            if kind == _STREAM:
                yield name, place


def _entry(directory: bytes, at: int) -> tuple[str, int, tuple[int, int, int], tuple[int, int]]:
    """Name, kind, neighbours and child, first sector and size of one entry of the directory."""
    raw = directory[at * _ENTRY : (at + 1) * _ENTRY]
    length = min(struct.unpack_from("<H", raw, 64)[0], 64)
    name = raw[: max(length - 2, 0)].decode("utf-16-le", "replace")
    left, right, child = struct.unpack_from("<III", raw, 68)
    # version 3 files may hold rubbish in the upper half of the size
    start, size = struct.unpack_from("<II", raw, 116)
    return name, raw[66], (left, right, child), (start, size)


def _numbers(raw: bytes) -> tuple[int, ...]:
    """Little-endian numbers of 32 bits."""
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _followed(table: Sequence[int], start: int, most: int | None) -> list[int]:
    """The numbers from `start` along `table`, at most `most`, each once."""
    numbers: dict[int, None] = {}
    while start < len(table) and start not in numbers and (most is None or len(numbers) < most):
        numbers[start] = None
        start = table[start]
    return list(numbers)
