"""One process runs the loops of a SQLite state folder: a file lock that dies with its owner."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from watcher.errors import LoopsTaken, StoreError


class LoopLock:
    """Held while a process polls and delivers. Raises LoopsTaken when another one does."""

    def __init__(self, state: Path) -> None:
        self.path = state / "watcher.lock"
        self._file: int | None = None

    def __enter__(self) -> Self:
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as exc:
            raise StoreError(f"lock file {str(self.path)!r}: {exc}") from exc
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            owner = os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise LoopsTaken(
                f"another watcher (process {owner}) is running on state folder "
                f"{str(self.path.parent)!r}; stop it first, or give this one its own `state:`"
            ) from exc
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
