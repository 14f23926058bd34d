"""The browser's process: cut, replaced, ended; and what is said when there is none."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.fetch.world import World, show, text
from tests.real import absent
from watcher.errors import FetchError
from watcher.fetch import browser, chromium
from watcher.fetch.browser import Browser

HANGING = "<script>document.title = 1; for (;;);</script>"
SWELLING = "<script>const a = []; for (;;) a.push(new Uint8Array(9e6).fill(1))</script>"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a browser and its driver put their files, each browser in a home of its own."""
    if chromium.find(None) is None:
        absent("Chromium")
    with tempfile.TemporaryDirectory(prefix="w") as folder:  # short: a socket's path goes below it
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def home(folder: Path) -> Path | None:
    return next(folder.glob("watcher-browser-*"), None)


def processes(home: Path | None) -> list[Path]:
    """The processes whose environment names a folder as their home."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.fsencode(f"HOME={home}") in (entry / "environ").read_bytes():
                found.append(entry)
    return found


def soon(claim: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_page_that_hangs_or_swells_is_cut_and_the_next_is_read(
    world: World, folder: Path
) -> None:
    with closing(Browser(seconds=3, quiet=0.1, most_memory=450_000_000)) as chrome:
        for html, message in (
            (HANGING, "not done within 3 s"),
            (SWELLING, "more than 450 MB of memory"),
        ):
            with pytest.raises(FetchError, match=message) as e:
                show(chrome, world, html)
            assert e.value.transient
        assert "<p>next" in text(show(chrome, world, "<p>next"))
        assert processes(home(folder))
    assert list(folder.iterdir()) == []


def test_close_ends_what_is_under_way_and_what_waits(world: World, folder: Path) -> None:
    chrome = Browser(seconds=30)
    threads = threading.active_count()
    with ThreadPoolExecutor(2) as pool:
        doomed = [pool.submit(show, chrome, world, HANGING) for _ in range(2)]
        soon(lambda: bool(processes(home(folder))))
        time.sleep(0.5)
        own = home(folder)
        assert not any(future.done() for future in doomed)
        began = time.monotonic()
        chrome.close()
        chrome.close()
        for future in doomed:
            with pytest.raises(FetchError, match="watcher is stopping") as e:
                future.result(timeout=5)
            assert e.value.transient
        assert time.monotonic() - began < 3
    with pytest.raises(FetchError, match="watcher is stopping"):
        show(chrome, world, "<p>too late")
    soon(lambda: not processes(own) and threading.active_count() <= threads)
    assert list(folder.iterdir()) == []


def test_a_browser_knows_no_secret_ends_when_idle_and_is_replaced(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setattr(browser, "RECYCLE", 2)
    monkeypatch.setattr(browser, "IDLE", 0.3)
    with closing(Browser(quiet=0.1)) as chrome:
        show(chrome, world, "<p>1")
        first = home(folder)
        seen = processes(first)
        assert seen
        assert not any(b"xoxb" in (entry / "environ").read_bytes() for entry in seen)
        show(chrome, world, "<p>2")
        assert home(folder) is None
        show(chrome, world, "<p>3")
        assert home(folder) not in (None, first)
        soon(lambda: home(folder) is None)


def test_a_page_waits_for_its_turn_and_not_for_ever(world: World, folder: Path) -> None:
    with closing(Browser(seconds=0.1)) as chrome, ThreadPoolExecutor(3) as pool:
        ends = [pool.submit(show, chrome, world, HANGING).exception for _ in range(3)]
        messages = sorted(str(end()).partition(": ")[2] for end in ends)  # starting takes longer
    assert [message[:30] for message in messages] == [
        "no turn at the browser within ",
        "no turn at the browser within ",
        "the page was not done within 0",
    ]


@pytest.mark.parametrize(
    ("last_words", "message", "transient"),
    [
        ("FATAL:singleton.cc(3)] Socket path too long", "did not start: .*path too long", True),
        ("[1:1:FATAL:zygote.cc(1)] No usable sandbox! Update your kernel", "no sandbox", False),
        ("", "the browser did not start", True),
    ],
)
def test_programs_that_do_not_start(
    last_words: str, message: str, transient: bool, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "chromium"
    path.write_text(f"#!/bin/sh\necho '{last_words}' >&2\nexit 1\n")
    path.chmod(0o755)
    with (
        closing(Browser(executable=str(path))) as chrome,
        pytest.raises(FetchError, match=message) as e,
    ):
        show(chrome, world, "<p>x")
    assert e.value.transient is transient


def test_no_program_and_no_extra(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHER_CHROMIUM", "no-such-program")
    with closing(Browser()) as chrome:
        with pytest.raises(FetchError, match="'no-such-program' is not a program") as e:
            show(chrome, world, "<p>x")
        assert not e.value.transient
        monkeypatch.setitem(sys.modules, "playwright.async_api", None)
        with pytest.raises(FetchError, match="needs the extra `render`") as e:
            show(chrome, world, "<p>x")
        assert not e.value.transient


@pytest.mark.parametrize(
    ("named", "variable", "path", "found"),
    [
        ("one", "two", "chromium", "one"),
        (None, "two", "chromium", "two"),
        (None, None, "google-chrome chromium-browser", "chromium-browser"),
        (None, None, "", None),
    ],
)
def test_which_program_is_run(
    named: str | None,
    variable: str | None,
    path: str,
    found: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("one", "two", *path.split()):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("WATCHER_CHROMIUM", raising=False)
    if variable is not None:
        monkeypatch.setenv("WATCHER_CHROMIUM", variable)
    assert chromium.find(named) == (found and str(tmp_path / found))
