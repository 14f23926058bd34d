"""The real `watcher` as child processes: started, listened to, asked and stopped; knows no story."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from watcher.errors import WatcherError

WATCHER = (sys.executable, "-m", "watcher")
ASKING_TAKES = 60.0
"""Seconds after which a command that only reads the store is given up."""
STOPPING_TAKES = 15.0
TAIL = 30
"""Lines of the log shown when something went wrong."""

Row = Mapping[str, object]
Found = TypeVar("Found")


class TourError(WatcherError):
    """The tour did not go as it should; the message says at which step."""


def fast_environment(
    environ: Mapping[str, str], *, rate: float, anchor: datetime, columns: int
) -> dict[str, str]:
    """`environ` for a child whose clock runs `rate` times as fast from `anchor` on."""
    return {
        **environ,
        "WATCHER_CLOCK_RATE": f"{rate:g}",
        "WATCHER_CLOCK_ANCHOR": anchor.isoformat(),
        "COLUMNS": str(columns),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


class Daemon:
    """`watcher run` in a session of its own: Ctrl-C on the terminal reaches only the tour, which stops it.

    `hear` gets every line of its stdout, from another thread; stderr goes to the file `log`.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environ: Mapping[str, str],
        log: Path,
        hear: Callable[[str], None],
    ) -> None:
        self._log = log
        self._hear = hear
        self._heard: list[str] = []
        self._stopped = False
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        self._listener = threading.Thread(target=self._listen, name="daemon-stdout", daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _listen(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            raise ValueError("the daemon was started without a pipe")
        with stdout:
            for line in stdout:
                self._heard.append(line)
                self._hear(line.rstrip("\n"))

    @property
    def heard(self) -> str:
        """All of stdout so far without white space: a long title may be wrapped anywhere."""
        return "".join("".join(self._heard).split())

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def log_tail(self) -> str:
        try:
            with self._log.open(encoding="utf-8", errors="replace") as lines:
                return "".join(deque(lines, TAIL)).rstrip()
        except OSError as exc:
            return f"(no log: {exc})"

    def stop(self, patience: float = STOPPING_TAKES) -> int:
        """Ask it to stop (SIGTERM), kill its whole session if it does not; return its exit code."""
        if self._stopped:
            return self._process.wait()
        self._stopped = True
        self._process.terminate()
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        finally:
            self._kill_session()
        code = self._process.wait()
        self._listener.join(patience)
        return code

    def _kill_session(self) -> None:
        """End what is left of it, attachment readers included; the session's id is the daemon's pid."""
        # Nobody left: ESRCH; macOS says EPERM when only zombies are.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


def ask(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """Run a command that answers on stdout; TourError with its stderr when it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=ASKING_TAKES,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise TourError(f"{shown(command)} did not answer within {ASKING_TAKES:g} s") from exc
    if done.returncode != 0:
        raise TourError(f"{shown(command)} exited {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def rows(stdout: str) -> list[Row]:
    """Read one JSON object per line; TourError names the first line that is none."""
    found: list[Row] = []
    for line in filter(str.strip, stdout.splitlines()):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as exc:
            raise TourError(f"not a line of JSON: {line[:80]!r}") from exc
        if not isinstance(row, dict):
            raise TourError(f"not a JSON object: {line[:80]!r}")
        found.append(row)
    return found


def shown(command: Sequence[str]) -> str:
    """A command as a person would type it: `watcher items --json`."""
    words = list(command)
    if words[:3] == list(WATCHER):
        words[:3] = ["watcher"]
    return " ".join(words)


def wait_for(
    look: Callable[[], Found | None],
    *,
    what: str,
    patience: float,
    daemon: Daemon,
    pause: float = 0.2,
) -> Found:
    """Look until `look` gives something; TourError when time is up or the daemon has died.

    `patience` and `pause` are seconds on the wall; `what` completes "waited for …".
    """
    start = time.monotonic()
    while (found := look()) is None:
        if daemon.exit_code is not None:
            raise TourError(f"the daemon exited {daemon.exit_code} before {what}")
        if time.monotonic() - start > patience:
            raise TourError(f"waited {patience:.0f} s for {what}")
        time.sleep(pause)
    return found
