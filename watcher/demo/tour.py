"""The tour itself: plays the ministries, runs the real daemon on them and tells what happens."""

import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import yaml

from watcher.demo import papers
from watcher.demo.ministries import HOST, Ministries
from watcher.demo.process import (
    WATCHER,
    Daemon,
    Found,
    Row,
    TourError,
    ask,
    fast_environment,
    rows,
    shown,
    wait_for,
)
from watcher.demo.story import BASELINE, GREETING, NEXT, Step, story
from watcher.errors import ConfigError
from watcher.follow import AGAIN
from watcher.understand import PATIENCE

WIDTH = 80
ZONE = ZoneInfo("Asia/Shanghai")
REREAD_SHARE = 1 / 4
"""Part of the tour that may pass until that second reading."""
LEAST_PATIENCE = 60.0
INTERRUPTED = 130

# ---------------------------------------------------------------- telling


class Teller:
    """Writes the tour's words and the daemon's alerts to one stream, line by whole line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._colour = out.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()

    def say(self, text: str = "") -> None:
        with self._lock:
            self._out.write(text + "\n")
            self._out.flush()

    def heading(self, text: str) -> None:
        line = f"── {text} ".ljust(WIDTH, "─")
        self.say("\n" + (f"\x1b[1m{line}\x1b[0m" if self._colour else line))

    def alert(self, line: str) -> None:
        """One line of the daemon's, as it came: it was rendered for this width."""
        self.say(line)


# ---------------------------------------------------------------- sources.yaml


def sources_yaml(ministries: Ministries, folder: Path, *, every: timedelta, port: int) -> str:
    """A complete configuration for the ministries: everything read every `every`, one team on the console."""
    seconds = max(1, round(every.total_seconds()))
    settings = {
        "state": str(folder / "state"),
        "network": {"allow_addresses": ["127.0.0.0/8"]},
        "sources": [
            {
                "id": source.id,
                "name": source.name,
                "kind": source.kind,
                "url": ministries.base + source.path,
                "every": f"{seconds}s",
                "gap": "0s",
                **({"rule": {"preset": source.preset}} if source.preset else {}),
            }
            for source in ministries.sources
        ],
        "teams": [
            {
                "id": "data-law",
                "name": "Data & cyber law",
                "timezone": "Asia/Shanghai",
                "to": [{"console": "terminal"}],
                "subscriptions": [{"id": "data", "sectors": ["data-security", "ai-computing"]}],
            }
        ],
        "web": {"host": HOST, "port": port},
    }
    head = "# Written by `watcher demo`; the ministries are invented.\n"
    return head + yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)


def free_port() -> int:
    """A loopback port that nothing listens on, so that the tour's daemon meets no other."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def tour_folder(keep: Path | None) -> Iterator[Path]:
    """A folder for configuration and state: `keep`, new or empty, or a temporary one that goes."""
    if keep is not None:
        if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
            raise ConfigError([f"{keep}: not an empty folder; name one that does not exist"])
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="watcher-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------- the tour


def tour(
    out: TextIO,
    *,
    seconds: float = 60,
    keep: Path | None = None,
    command: Sequence[str] = WATCHER,
) -> int:
    """Tell the story on `out` in about `seconds`; return 0, 1 when something failed, 130 when interrupted.

    `keep` names a new folder that holds configuration, database and log afterwards; without it
    everything is removed. `command` starts watcher. Raises ConfigError when `keep` is not empty.
    """
    if seconds <= 0:
        raise ValueError(f"seconds must be above 0, not {seconds}")
    teller = Teller(out)
    try:
        with _terminated_like_interrupted(), tour_folder(keep) as folder:
            return _guided(teller, folder, seconds=seconds, kept=keep is not None, command=command)
    except KeyboardInterrupt:
        kept = "" if keep is None else f"; {keep} is kept"
        teller.say(f"\nStopped: the daemon has ended{kept or ' and the folder is removed'}.")
        return INTERRUPTED


def _guided(
    teller: Teller, folder: Path, *, seconds: float, kept: bool, command: Sequence[str]
) -> int:
    rate = max(1.0, AGAIN[0].total_seconds() / (seconds * REREAD_SHARE))
    anchor = datetime.now(UTC)
    environ = fast_environment(os.environ, rate=rate, anchor=anchor, columns=WIDTH)
    with Ministries(anchor.astimezone(ZONE).date()) as ministries:
        config, log = folder / "sources.yaml", folder / "daemon.log"
        every = timedelta(seconds=rate * seconds / 40)
        config.write_text(
            sources_yaml(ministries, folder, every=every, port=free_port()), encoding="utf-8"
        )
        watcher = (*command, "--config", str(config))
        teller.say(GREETING)
        teller.say(f"  sites    {ministries.base}  (loopback only, no internet)")
        teller.say(f"  folder   {folder}  ({'kept' if kept else 'removed at the end'})")
        teller.say(f"  clock    {rate:.0f} times as fast: an hour takes {3600 / rate:.0f} seconds")
        with Daemon((*watcher, "run"), environ=environ, log=log, hear=teller.alert) as daemon:
            guide = Guide(
                teller=teller,
                ministries=ministries,
                daemon=daemon,
                ask=lambda *words: ask((*watcher, *words), environ),
                patience=max(LEAST_PATIENCE, 2 * seconds),
                silence=PATIENCE.total_seconds() / rate + seconds / 60,
            )
            try:
                guide.lead()
            except TourError as exc:
                teller.say(f"\nThe tour failed: {exc}")
                teller.say(f"The end of the daemon's log:\n{daemon.log_tail() or '(empty)'}")
                return 1
            code = daemon.stop()
        if code != 0:
            teller.say(f"\nThe daemon exited {code} when it was asked to stop:")
            teller.say(daemon.log_tail())
            return 1
    teller.say("")
    teller.say(NEXT)
    if kept:
        teller.say(f"Kept: {shown((*WATCHER, '--config', str(config), 'items'))}")
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Leads through the story: makes each thing happen and waits until watcher has seen it."""

    teller: Teller
    ministries: Ministries
    daemon: Daemon
    ask: Callable[..., str]
    """Runs a command of watcher on the tour's configuration and returns its stdout."""
    patience: float
    """Seconds after which a step has failed."""
    silence: float
    """Seconds after which an alert that has not come will not come: it waits for a text, then leaves."""

    def lead(self) -> None:
        """Tell all of it; TourError at the first step that does not come out."""
        self.baseline()
        steps = story(self.ministries)
        reached = [
            self.step(f"{number}/{len(steps)}  {step.heading}", step)
            for number, step in enumerate(steps, start=1)
        ]
        self.compare(draft=reached[0], final=reached[2])

    def baseline(self) -> None:
        self.teller.heading("The first visit")
        self.teller.say(BASELINE)
        paths = [source.path for source in self.ministries.sources]

        def twice() -> bool | None:
            """A source asked for again: its first visit is over and committed."""
            return all(self.ministries.asked[path] >= 2 for path in paths) or None

        wait_for(
            twice, what="the first visit of all sources", patience=self.patience, daemon=self.daemon
        )
        self.teller.say(f"{len(papers.baseline(self.ministries.today))} papers are known now.")

    def step(self, heading: str, step: Step) -> Row:
        """Make it happen; return the row of `watcher items` that it led to."""
        self.teller.heading(heading)
        self.teller.say(step.said + "\n")
        before = len(self.daemon.heard)
        step.act()

        def told() -> bool | None:
            since = self.daemon.heard[before:]
            return any("".join(name.split()) in since for name in step.named) or None

        if step.named:
            self._wait(told, f"the alert of step {heading.split()[0]}")
        row = self._wait(
            lambda: next(filter(step.seen, rows(self.ask("items", "--json"))), None),
            f"what step {heading.split()[0]} leads to in `watcher items`",
        )
        if not step.named:
            time.sleep(self.silence)
            if str(row["title"]) in self.daemon.heard[before:]:
                raise TourError(f"an alert of {row['title']!r}, which no reader asked for")
        self.teller.say(f"=> {recorded(row)}")
        return row

    def compare(self, *, draft: Row, final: Row) -> None:
        self.teller.heading("What became of the draft in the final")
        [shown] = rows(self.ask("show", str(final["id"]), "--json"))
        if not any(link["draft"] == draft["id"] for link in _list(shown["links"])):
            raise TourError(f"paper {final['id']} was not tied to its draft {draft['id']}")
        words = ("diff", f"doc:{draft['id']}", f"doc:{final['id']}")
        self.teller.say(f"$ watcher {' '.join(words)}\n")
        text = self.ask(*words, "--format", "text")
        if not text.strip():
            raise TourError(f"`watcher {' '.join(words)}` said nothing")
        self.teller.say(text.rstrip("\n"))

    def _wait(self, look: Callable[[], Found | None], what: str) -> Found:
        return wait_for(look, what=what, patience=self.patience, daemon=self.daemon)


def _list(value: object) -> list[Row]:
    return value if isinstance(value, list) else []


def recorded(row: Row) -> str:
    """One line on what watcher made of a paper: `item 33: sector …, stage …, deadline …`."""
    parts = [f"sector {row['primary'] or 'none'}", f"stage {row['stage'] or 'unknown'}"]
    if row["deadline"]:
        parts.append(f"deadline {row['deadline']}")
    return f"item {row['id']}: {', '.join(parts)}"


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the tour as Ctrl-C does, so that nothing is left running."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers
        return

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
