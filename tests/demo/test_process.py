"""Child processes of the tour: heard while they run, stopped whatever they do, their faults told."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.clock import clock_from
from watcher.demo.process import (
    WATCHER,
    Daemon,
    TourError,
    ask,
    fast_environment,
    rows,
    shown,
    wait_for,
)

STUBBORN = (
    "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"
)
POLITE = "import time; print('up'); time.sleep(60)"
PARENT = (
    "import subprocess,sys,time; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(child.pid); time.sleep(60)"
)


def python(program: str) -> list[str]:
    return [sys.executable, "-u", "-c", program]


def start(program: str, folder: Path, heard: list[str]) -> Daemon:
    return Daemon(python(program), environ=os.environ, log=folder / "daemon.log", hear=heard.append)


def until_heard(daemon: Daemon, heard: list[str]) -> str:
    return wait_for(
        lambda: heard[0] if heard else None, what="a line", patience=20, daemon=daemon, pause=0.02
    )


@pytest.mark.parametrize(
    ("program", "code"), [(POLITE, -signal.SIGTERM), (STUBBORN, -signal.SIGKILL)]
)
def test_a_daemon_is_stopped_whether_it_minds_or_not(
    tmp_path: Path, program: str, code: int
) -> None:
    heard: list[str] = []
    with start(program, tmp_path, heard) as daemon:
        until_heard(daemon, heard)
        assert daemon.stop(patience=0.3) == code
        assert daemon.stop() == code  # again is no fault
    assert (heard, daemon.heard) == (["up"], "up")
    assert daemon.exit_code == code


def test_what_a_daemon_started_ends_with_it(tmp_path: Path) -> None:
    heard: list[str] = []
    with start(PARENT, tmp_path, heard) as daemon:
        child = int(until_heard(daemon, heard))
    deadline = time.monotonic() + 10
    while _runs(child):
        assert time.monotonic() < deadline, f"process {child} is still there"
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    """Whether it lives; a zombie that nobody has waited for does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


def test_lines_are_heard_without_white_space_too(tmp_path: Path) -> None:
    heard: list[str] = []
    program = f"print('智能灯具\\n  数据 管理办法'); {POLITE}"
    with start(program, tmp_path, heard) as daemon:
        wait_for(
            lambda: True if daemon.heard == "智能灯具数据管理办法up" else None,
            what="the title",
            patience=20,
            daemon=daemon,
            pause=0.02,
        )
    assert heard == ["智能灯具", "  数据 管理办法", "up"]


def test_the_log_ends_with_what_was_said_last(tmp_path: Path) -> None:
    heard: list[str] = []
    program = f"import sys; [print('line', n, file=sys.stderr) for n in range(100)]; {POLITE}"
    with start(program, tmp_path, heard) as daemon:
        until_heard(daemon, heard)
    assert daemon.log_tail().splitlines() == [f"line {n}" for n in range(70, 100)]


def test_waiting_ends_when_the_daemon_has_died(tmp_path: Path) -> None:
    with (
        start("raise SystemExit(3)", tmp_path, []) as daemon,
        pytest.raises(TourError, match="the daemon exited 3 before the alert"),
    ):
        wait_for(lambda: None, what="the alert", patience=20, daemon=daemon, pause=0.02)


def test_waiting_ends_when_time_is_up(tmp_path: Path) -> None:
    with (
        start(POLITE, tmp_path, []) as daemon,
        pytest.raises(TourError, match="waited 0 s for the alert"),
    ):
        wait_for(lambda: None, what="the alert", patience=0.05, daemon=daemon, pause=0.02)


@pytest.mark.parametrize(
    ("stdout", "expected"),
    [
        ("", []),
        ('{"id": 1}\n\n{"id": 2, "title": "灯"}\n', [{"id": 1}, {"id": 2, "title": "灯"}]),
    ],
)
def test_rows(stdout: str, expected: list[object]) -> None:
    assert rows(stdout) == expected


@pytest.mark.parametrize(
    ("stdout", "message"),
    [
        ('{"id": 1}\n1 paper', "not a line of JSON: '1 paper'"),
        ("[1]", r"not a JSON object: '\[1\]'"),
    ],
)
def test_rows_that_are_none(stdout: str, message: str) -> None:
    with pytest.raises(TourError, match=message):
        rows(stdout)


def test_asking() -> None:
    assert ask(python("print('灯')"), os.environ) == "灯\n"
    with pytest.raises(TourError, match=r"exited 1: no database"):
        ask(python("raise SystemExit('no database')"), os.environ)


def test_a_command_is_shown_as_it_is_typed() -> None:
    assert shown((*WATCHER, "items", "--json")) == "watcher items --json"
    assert shown(("other", "items")) == "other items"


def test_a_child_reads_the_fast_clock_from_its_environment() -> None:
    anchor = datetime(2026, 11, 22, 8, tzinfo=UTC)
    environ = fast_environment({"HOME": "/x"}, rate=360.0, anchor=anchor, columns=80)
    clock = clock_from(environ)
    assert (clock.rate, clock.anchor) == (360.0, anchor)
    assert (environ["HOME"], environ["COLUMNS"]) == ("/x", "80")
