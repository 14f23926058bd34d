"""The browser's process: found, started without a network of its own, watched and killed."""

import asyncio
import logging
import os
import re
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser as Playwrights
from playwright.async_api import Error, Playwright, async_playwright

from watcher.errors import FetchError

log = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 30.0
_STOP_SECONDS = 5.0
_HEAR = 0.01
"""Seconds to hear of an end that came while the loop stood still, between two pages."""
_GLANCE = 0.5
"""Seconds between two looks at the memory."""
_HEAP_MB = 512

# Playwright answers the requests it sees. What it does not see (redirects, preconnects, sockets of
# workers, beacons of pages that are gone) must find no way out: no name resolves, and everything,
# loopback too, goes to a proxy whose name does not resolve either (RFC 2606, 2).
_WALLED = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    # Chromium reads the first, chrome-headless-shell the second
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_QUIET = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--js-flags=--max-old-space-size={_HEAP_MB}",
)


def find(executable: str | None) -> str | None:
    """Return the program to run, None for the one Playwright may have brought itself.

    `executable` or WATCHER_CHROMIUM name it; else the first of `NAMES` on the PATH.
    """
    named = executable or os.environ.get("WATCHER_CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise FetchError(
                f"rendering: {named!r} is not a program; set WATCHER_CHROMIUM to Chromium's path",
                transient=False,
            )
        return found
    return next(filter(None, map(shutil.which, NAMES)), None)


def memory(group: int, driver: int | None = None) -> int:
    """Bytes that the processes of a group, and the driver's, have to themselves; 0 without /proc."""
    pages = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):  # gone in the meantime
            pid = int(entry.name)
            if pid == driver or os.getpgid(pid) == group:
                _, resident, shared, *_ = (entry / "statm").read_text().split()
                pages += int(resident) - int(shared)
    return pages * os.sysconf("SC_PAGE_SIZE")


def _parent(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])  # the name may hold spaces and brackets


class Chromium:
    """One browser process, started when first asked for; for one thread and one event loop.

    There is nothing in it to save, so it is always ended by SIGKILL to its process group:
    that works, whatever a page is doing.
    """

    def __init__(self, executable: str | None, *, most_memory: int) -> None:
        self._executable = executable
        self._most_memory = most_memory
        self._playwright: Playwright | None = None
        self._browser: Playwrights | None = None
        self._home: TemporaryDirectory[str] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._warned = False
        self.group: int | None = None
        """Process group; None while none runs."""
        self._driver: int | None = None
        """Playwright's own process, which starts the browser and keeps what pages log."""
        self.overweight = False
        """Whether it was killed for its memory."""

    async def browser(self) -> Playwrights:
        """Return the running browser, starting one if need be; FetchError if none starts."""
        if self._browser is not None:
            await asyncio.sleep(_HEAR)
            if self._browser.is_connected():
                return self._browser
        await self.stop()
        try:
            async with asyncio.timeout(START_SECONDS):
                self._browser = await self._start()
        except TimeoutError:
            await self.stop()
            raise FetchError(
                f"rendering: the browser did not start within {START_SECONDS:g} s", transient=True
            ) from None
        except Error as exc:
            await self.stop()
            raise _start_fault(exc) from exc
        return self._browser

    async def stop(self) -> None:
        """Kill the browser, if one runs, and what it left in files."""
        if self._watch is not None:
            self._watch.cancel()
        self._kill()
        if self._playwright is not None:
            try:
                await asyncio.wait_for(self._playwright.stop(), _STOP_SECONDS)
            except (TimeoutError, Error):
                _end(self._driver)
        if self._home is not None:
            self._home.cleanup()
        self._playwright = self._browser = self._home = self._watch = None
        self.group = self._driver = None

    async def _start(self) -> Playwrights:
        self.overweight = False
        program = find(self._executable)
        starting = asyncio.ensure_future(async_playwright().start())
        try:
            self._playwright = await asyncio.shield(starting)
        except asyncio.CancelledError:
            self._playwright = await starting  # a driver half started could not be stopped
            raise
        self._home = TemporaryDirectory(prefix="watcher-browser-", ignore_cleanup_errors=True)
        root = os.geteuid() == 0
        if root and not self._warned:
            log.warning("rendering as root: Chromium refuses its sandbox to root and runs without")
            self._warned = True
        browser = await self._playwright.chromium.launch(
            executable_path=program,
            args=[*_QUIET, *_WALLED],
            chromium_sandbox=not root,
            # our environment holds credentials, and none of it is the browser's business
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": self._home.name,
                "TMPDIR": self._home.name,
                "LANG": "C.UTF-8",
            },
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=START_SECONDS * 1000,
        )
        session = await browser.new_browser_cdp_session()
        processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
        pid = next(process["id"] for process in processes if process["type"] == "browser")
        self.group = os.getpgid(pid)
        driver = _parent(self.group)
        self._driver = driver if driver is not None and _parent(driver) == os.getpid() else None
        self._watch = asyncio.create_task(self._weigh(self.group))
        return browser

    async def _weigh(self, group: int) -> None:
        while memory(group, self._driver) <= self._most_memory:
            await asyncio.sleep(_GLANCE)
        self.overweight = True
        self._kill()

    def _kill(self) -> None:
        # Playwright starts a browser as the leader of its own group
        if self.group is not None and self.group != os.getpgrp():
            with suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)


def _end(process: int | None) -> None:
    if process is not None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _start_fault(exc: Error) -> FetchError:
    """Say in a line why the browser did not start; its own last words are in Playwright's log."""
    text = exc.message
    if "No usable sandbox" in text:
        return FetchError(
            "rendering: Chromium has no sandbox here; allow this user to make user namespaces",
            transient=False,
        )
    if "Executable doesn't exist" in text:
        return FetchError(
            "rendering: no Chromium found; install the system's package `chromium`, "
            "or set WATCHER_CHROMIUM to its path",
            transient=False,
        )
    last_words = re.search(r"FATAL:.*", text) or re.search(r".*", text)
    why = last_words[0][:200] if last_words else ""
    return FetchError(f"rendering: the browser did not start: {why}", transient=True)
