"""Pages read as their scripts build them: a headless Chromium without a network of its own.

Every request that a page makes is stopped inside the browser and put as a `Question` to a function
that is handed in, and what it answers is all that the browser ever hears. So the address guard,
TLS verification, limits of size, politeness and robots.txt hold for each script and call
of a page as for the page itself, and there is one way out to the world. Behind that stands a second
wall, for what such interception does not see (`chromium._WALLED`).

The browser does not hide what it is. It runs scripts, it does not solve riddles meant for people.
"""

import asyncio
import queue
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from watcher.errors import FetchError
from watcher.fetch import answers, questions
from watcher.fetch.answers import Answer
from watcher.fetch.questions import Ask, Question
from watcher.model import Page

if TYPE_CHECKING:
    from watcher.fetch.chromium import Chromium

RECYCLE = 50
"""Pages after which a browser is replaced: its memory only grows."""
IDLE = 60.0
"""Seconds after which a browser with nothing to do is ended: it and its driver hold 400 MB."""
_AT_ONCE = 6
_MOST_MEMORY = 1_000_000_000


@dataclass(slots=True, eq=False)
class _Job:
    first: Answer
    ask: Ask
    user_agent: str
    page: Future[Page] = field(default_factory=Future)

    @property
    def host(self) -> str:
        return self.first.url.host


class Browser:
    """A browser for all threads of a process, one page at a time in order of arrival.

    `seconds` bounds the work on one page, from its first script to its DOM, with the
    turns that its requests wait for; waiting for the browser comes on top, at most twice as long.
    What exceeds it, or `most_memory` bytes, is ended with the whole browser, and the next page
    starts another. `most_requests` bounds what one page may ask for. `quiet`: a page is
    finished after so many seconds without a request and without a change.

    Playwright is bound to one thread, which is ours: started with the first page, it waits for jobs.
    """

    def __init__(
        self,
        *,
        executable: str | None = None,
        seconds: float = 45.0,
        most_requests: int = 200,
        most_memory: int = _MOST_MEMORY,
        quiet: float = 1.0,
    ) -> None:
        self._executable = executable
        self._seconds = seconds
        self._most_requests = most_requests
        self._most_memory = most_memory
        self._quiet = quiet
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[Page]] | None = None
        self._closed = False
        self._count = 0

    def render(self, url: str, ask: Ask, *, user_agent: str) -> Page:
        """Return the page at `url` as UTF-8 HTML of its DOM, or as it came if it is no HTML.

        `ask` is called on several threads. `user_agent` is what scripts see; what servers see is
        `ask`'s matter, and should be the same. Raises FetchError: as `ask` did for the page
        itself or for a part of it that its own site owes; transient for a browser that crashed or
        a page that came to no rest; final for what is too large or a download.
        """
        _need_extra()
        address = answers.address(url)
        first = ask(Question(url=str(address), kind="document", headers=questions.FIRST))
        page = questions.plain(first) or self._rendered(_Job(first, ask, user_agent))
        return replace(page, url=url) if answers.address(page.url) == address else page

    def close(self) -> None:
        """Stop: the page under way fails at once with FetchError, and so do those that wait."""
        with self._lock:
            self._closed = True
            thread = self._thread
            if self._running is not None:
                loop, task = self._running
                loop.call_soon_threadsafe(task.cancel)
        self._jobs.put(None)
        if thread is not None:
            thread.join()

    def _rendered(self, job: _Job) -> Page:
        """Wait for the browser's turn and for what it makes of the page."""
        with self._lock:
            if self._closed:
                raise _stopping(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="browser", daemon=True)
                self._thread.start()
            self._jobs.put(job)
        patience = 2 * self._seconds
        try:
            return job.page.result(timeout=patience)
        except TimeoutError:
            if job.page.cancel():
                raise FetchError(
                    f"{job.host}: no turn at the browser within {patience:g} s, "
                    "too many pages wait for it",
                    transient=True,
                ) from None
        return job.page.result()  # its turn has come, and that is bounded

    # ------------------------------------------------------------ the thread

    def _work(self) -> None:
        """Read one page after the other until closed."""
        from watcher.fetch.chromium import Chromium

        chromium = Chromium(self._executable, most_memory=self._most_memory)
        pool = ThreadPoolExecutor(_AT_ONCE, "browser-ask")
        with asyncio.Runner() as runner:
            while True:
                try:
                    job = self._jobs.get(timeout=None if chromium.group is None else IDLE)
                except queue.Empty:
                    runner.run(chromium.stop())
                    continue
                if job is None:
                    break
                if not job.page.set_running_or_notify_cancel():
                    continue
                try:
                    job.page.set_result(runner.run(self._read(job, chromium, pool)))
                except asyncio.CancelledError:
                    job.page.set_exception(_stopping(job))
                except Exception as exc:  # noqa: BLE001  # raised again where it was asked for
                    job.page.set_exception(exc)
            runner.run(chromium.stop())
        pool.shutdown(wait=False, cancel_futures=True)

    async def _read(self, job: _Job, chromium: "Chromium", pool: Executor) -> Page:
        from playwright.async_api import Error

        from watcher.fetch.rendering import Rendering

        task = asyncio.current_task()
        with self._lock:
            if self._closed or task is None:
                raise _stopping(job)
            self._running = (asyncio.get_running_loop(), task)
        rendering = Rendering(
            job.first, job.ask, pool, most_requests=self._most_requests, quiet=self._quiet
        )
        sound = False
        try:
            browser = await chromium.browser()
            async with asyncio.timeout(self._seconds):
                page = await rendering.read(browser, job.user_agent, self._seconds)
            self._count += 1
            sound = self._count % RECYCLE != 0
            return page
        except FetchError:
            sound = True
            raise
        except TimeoutError:
            raise rendering.fault or FetchError(
                f"{job.host}: the page was not done within {self._seconds:g} s",
                transient=True,
            ) from None
        except Error as exc:
            why = exc.message.partition("\n")[0][:120]
            if chromium.overweight:
                why = f"the page took more than {self._most_memory / 1e6:g} MB of memory"
            raise FetchError(f"{job.host}: rendering failed: {why}", transient=True) from exc
        finally:
            with self._lock:
                self._running = None
            if not sound:
                await chromium.stop()


def _need_extra() -> None:
    try:
        import playwright.async_api  # noqa: F401
    except ImportError as exc:
        raise FetchError(
            "rendering needs the extra `render` (pip install 'watcher[render]') and Chromium",
            transient=False,
        ) from exc


def _stopping(job: _Job) -> FetchError:
    return FetchError(f"{job.host}: not rendered, watcher is stopping", transient=True)
