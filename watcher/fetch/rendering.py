"""One page in the browser: its requests answered by us, its scripts left to finish, its DOM read."""

import asyncio
import logging
import time
from concurrent.futures import Executor
from contextlib import suppress

import httpx
from playwright.async_api import Browser as Playwrights
from playwright.async_api import BrowserContext, CDPSession, Error, Request, Route, WebSocketRoute
from playwright.async_api import Page as Tab

from watcher.errors import FetchError
from watcher.fetch import answers, questions
from watcher.fetch.answers import Answer
from watcher.fetch.questions import Ask, Question
from watcher.model import Page

log = logging.getLogger(__name__)

MOST_CHARACTERS = 20_000_000
MOST_HOPS = 5
MOST_STEPS = 12
"""Redirects, reloads and pages that lead on, until the page that stays."""
_TICK = 0.1
_PATIENT = 5.0
"""Seconds after which a page that never rests is told apart from one that still loads."""
_SHARE = 0.8
"""Of the time, for loading; the rest is for reading what came of it."""

# Cheap to ask of a page of any size, the same after a clock's tick or a turn of a carousel, and no
# script of ours has to live in the page.
_WEIGH = """[
    location.href,
    document.getElementsByTagName("*").length,
    document.documentElement ? document.documentElement.textContent.length : 0,
]"""
_READ = f"""(() => {{
    const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
    const root = document.documentElement;
    const html = (kind + (root ? root.outerHTML : "")).toWellFormed();
    return html.length > {MOST_CHARACTERS} ? null : html;
}})()"""


class Rendering:
    """A page being read. `ask` runs on the threads of `pool`; all else on the event loop.

    `first` is the answer to the question for the page itself. `quiet`: seconds without a request
    and without a change after which a page is taken to be finished.
    """

    def __init__(
        self, first: Answer, ask: Ask, pool: Executor, *, most_requests: int, quiet: float
    ) -> None:
        self._first: Answer | None = first
        self._home = first.url
        self._ask = ask
        self._pool = pool
        self._most_requests = most_requests
        self._quiet = quiet
        self._tab: Tab | None = None
        self._session: CDPSession | None = None
        self._page = first
        """The last answer to a question for the page itself."""
        self._asked = 0
        self._steps = 0
        self._waiting: dict[Route, float] = {}
        """Requests without an answer yet, and since when."""
        self._idle_since = time.monotonic()
        self._building: asyncio.Future[object] | None = None
        self.fault: Exception | None = None
        """Why the page cannot be read; the first reason found."""

    async def read(self, browser: Playwrights, user_agent: str, seconds: float) -> Page:
        """Return the page as its scripts have built it, or as it came if it is no HTML.

        Raises FetchError, or Playwright's Error when the browser or the tab breaks. The
        caller bounds the whole by `seconds` and ends the browser if it does not end in time.
        """
        # One zone and language, wherever we run: scripts write dates and choose texts by them.
        context = await browser.new_context(
            user_agent=user_agent,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block",
            accept_downloads=False,
        )
        try:
            page = await self._read(context, time.monotonic() + seconds * _SHARE)
        except FetchError:
            await context.close()
            raise
        await context.close()
        return page

    async def _read(self, context: BrowserContext, until: float) -> Page:
        await context.route("**/*", self._route)
        await context.route_web_socket("**/*", _refuse_socket)
        tab = self._tab = await context.new_page()
        self._session = await context.new_cdp_session(tab)
        host = self._home.host
        context.on("page", _close)
        tab.on("crash", lambda _: self._fail(f"{host}: the page's tab crashed", transient=True))
        tab.on("download", lambda _: self._fail(f"{host}: turned into a download", transient=False))
        self._building = asyncio.ensure_future(self._build(tab, until))
        html: object = None
        try:
            html = await self._building
        except asyncio.CancelledError:
            if self.fault is None:
                raise
        except Error:
            if self.fault is None and questions.is_html(self._page):
                raise
        if self.fault is not None:
            raise self.fault
        questions.check(self._page)
        if not questions.is_html(self._page):  # where scripts led to; the browser was not shown it
            return questions.as_it_came(self._page)
        body = html.encode("utf-8") if isinstance(html, str) else None
        if body is None or len(body) > MOST_CHARACTERS:
            raise FetchError(
                f"{self._home.host}: larger than {MOST_CHARACTERS / 1e6:g} MB once rendered",
                transient=False,
            )
        return Page(url=tab.url, body=body, content_type="text/html; charset=utf-8")

    async def _build(self, tab: Tab, until: float) -> object:
        """Let the page's scripts run, and return its DOM as text, None if it is too large."""
        await tab.goto(str(self._home), wait_until="commit", timeout=0)
        await self._rest(tab, until)
        return await self._evaluate(_READ)

    def _fail(self, why: str | Exception, *, transient: bool = True) -> None:
        """Give the page up; the first reason counts."""
        fault = FetchError(why, transient=transient) if isinstance(why, str) else why
        self.fault = self.fault or fault
        if self._building is not None:
            self._building.cancel()

    # ------------------------------------------------------------ coming to rest

    async def _rest(self, tab: Tab, until: float) -> None:
        """Wait until nothing is on its way and nothing changes; FetchError if that cannot be."""
        weight: object = None
        same_since = time.monotonic()
        while True:
            seen = await self._weight(tab)
            now = time.monotonic()
            if seen is None or seen != weight:
                weight, same_since = seen, now
            idle = 0.0 if self._waiting else now - self._idle_since
            same = now - same_since
            if idle >= self._quiet and same >= self._quiet:
                return
            if idle >= _PATIENT and seen is not None:  # it moves for the eye: a ticker, a counter
                return
            if now >= until:
                oldest = min(self._waiting.values(), default=now)
                if same >= _PATIENT and now - oldest < _PATIENT:  # it asks for news for ever
                    return
                slow = f", {len(self._waiting)} of them unanswered" if self._waiting else ""
                raise FetchError(
                    f"{self._home.host}: still loading after {self._asked} requests{slow}",
                    transient=True,
                )
            await asyncio.sleep(_TICK)

    async def _weight(self, tab: Tab) -> object:
        """What tells whether a page has changed; None while it goes on to another."""
        try:
            return await self._evaluate(_WEIGH)
        except Error as exc:
            if tab.is_closed():
                raise
            log.debug("rendering %s: %s", self._home.host, exc.message)
            return None

    async def _evaluate(self, expression: str) -> object:
        """The value of an expression on the page, in a world beside that of its scripts.

        There the built-in functions are the browser's own, whatever an old library or a hostile page
        has made of them; the document is the same.
        """
        if self._session is None:
            raise AssertionError("no page was opened")
        tree = await self._session.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        world = await self._session.send("Page.createIsolatedWorld", {"frameId": frame})
        outcome = await self._session.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": world["executionContextId"],
                "returnByValue": True,
            },
        )
        value: object = outcome["result"].get("value")
        return value

    # ------------------------------------------------------------ requests

    async def _route(self, route: Route) -> None:
        """Answer one request, or refuse it; none goes on to the network."""
        self._waiting[route] = time.monotonic()
        try:
            answer = await self._answered(route.request)
            if answer is None:
                await route.abort("aborted")  # a page that was to go elsewhere stays
            else:
                await route.fulfill(
                    status=answer.status, headers=questions.told(answer), body=answer.body
                )
        except Error:  # the page has gone on, or the browser is gone; whoever waits for it hears
            pass
        except Exception as exc:  # noqa: BLE001  # raised again where the page is read
            self._fail(exc)
            with suppress(Error):
                await route.abort()
        finally:
            del self._waiting[route]
            self._idle_since = time.monotonic()

    async def _answered(self, request: Request) -> Answer | None:
        """The answer to a request of the page, None to refuse it; FetchError spoils the page."""
        posted = request.post_data_buffer or b""
        asked = questions.question(
            request.resource_type,
            request.method,
            request.url,
            request.headers.items(),
            posted,
        )
        if not self._is_ours(request):
            return None
        main = self._is_main(request)
        page = asked.url if main or self._tab is None else self._tab.url
        if self.fault is not None or not questions.wanted(
            asked.kind, asked.method, asked.url, page, len(posted)
        ):
            return None
        if main and self._first is not None:
            answer, self._first = self._first, None
        else:
            self._count()
            try:
                answer = await self._put(asked)
            except FetchError as exc:
                if main or questions.spoils(asked, page, exc):
                    raise
                log.info("rendering %s: goes without a part: %s", self._home.host, exc)
                return None
        return await self._judged(asked, answer, main=main, page=page)

    async def _judged(
        self, asked: Question, answer: Answer, *, main: bool, page: str
    ) -> Answer | None:
        """What the browser is told of an answer."""
        if asked.kind == "document":
            if main:
                self._page = answer
                self._steps += 1
                if self._steps > MOST_STEPS:
                    raise FetchError(
                        f"{self._home.host}: goes on from page to page without end",
                        transient=True,
                    )
            onward = answers.redirect(answer)
            if onward is not None:
                return questions.going_on(answer, onward)
            return answer if questions.is_html(answer) else None
        if 300 <= answer.status < 400:
            return None
        if questions.spoils(asked, page, answer):
            questions.check(answer)
        return answer

    async def _put(self, asked: Question) -> Answer:
        """Put a question to its server; for a part of the page also after redirects."""
        loop = asyncio.get_running_loop()
        for _ in range(MOST_HOPS):
            answer = await loop.run_in_executor(self._pool, self._ask, asked)
            if asked.kind == "document" or asked.method == "POST":
                return answer
            onward = answers.redirect(answer)
            if onward is None:
                return answer
            asked = _moved(asked, onward)
        return answer

    def _count(self) -> None:
        self._asked += 1
        if self._asked > self._most_requests:
            raise FetchError(
                f"{self._home.host}: asks for more than {self._most_requests} things",
                transient=False,
            )

    def _is_main(self, request: Request) -> bool:
        return (
            self._tab is not None
            and request.is_navigation_request()
            and request.frame == self._tab.main_frame
        )

    def _is_ours(self, request: Request) -> bool:
        """Whether a request comes from our tab, not from a window that it opened."""
        try:
            return request.frame.page == self._tab
        except Error:  # a window that is only just opening
            return False


def _moved(asked: Question, onward: httpx.URL) -> Question:
    """The same question at another address; what was meant for one host goes to no other."""
    same = httpx.URL(asked.url).host == onward.host
    private = ("cookie", "authorization")
    headers = tuple(pair for pair in asked.headers if same or pair[0] not in private)
    return Question(url=str(onward), kind=asked.kind, method=asked.method, headers=headers)


async def _close(tab: Tab) -> None:
    """No page needs a second window to be read."""
    with suppress(Error):
        await tab.close()


async def _refuse_socket(socket: WebSocketRoute) -> None:
    await socket.close()
