"""Ask a server for one page: politely, within limits, and with every failure a FetchError.

What httpx.Client would do of its own accord is done here, because each must be bounded:
redirects are followed, cookies kept and bodies inflated by our own hand.
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import httpx

from watcher import __version__
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import answers
from watcher.fetch.answers import Answer
from watcher.fetch.browser import Browser
from watcher.fetch.guard import Guard
from watcher.fetch.inflate import Body
from watcher.fetch.lines import TLS_KINDS, Line, Lines, Origin
from watcher.fetch.questions import Question
from watcher.fetch.robots import LIMIT as ROBOTS_LIMIT
from watcher.fetch.robots import Robots
from watcher.fetch.turns import Turns
from watcher.model import Page, Validators
from watcher.settings import Manners, Network

ROBOTS_SECONDS = 10.0
_DRAIN = 65_536  # a body that nobody wants is read this far, to keep its connection
_DRAIN_SECONDS = 0.5
_PLAIN = Manners()
_NOTHING = Validators()
_COOKIES = 50  # per host; a server that sets more is starting over
_PART_GAP = timedelta(seconds=0.2)
"""Between the parts of one rendered page: forty scripts at a second each would never end, and this is
still far from the haste of any visitor's browser."""


@dataclass(slots=True, kw_only=True)
class _Call:
    """One question on its way through redirects, and what it may still spend."""

    manners: Manners
    validators: Validators
    accept: str | None
    referer: str | None
    limit: int
    seconds: float
    robots: bool
    expires: float
    patience: float
    home: httpx.URL
    """Where the question was first put: what is meant for that host goes to no other."""
    part: Question | None = None
    """What a page in the browser asks for: one step, with the browser's own headers and cookies."""

    def pause(self, seconds: float) -> None:
        """Waiting for a turn is not the server's slowness."""
        self.expires += seconds
        self.patience -= seconds


class Fetcher:
    """Fetches pages for all threads of a process.

    `deadline` is real time for one question, from connecting through all redirects to the
    last byte. Waiting for a turn at a busy host comes on top, at most as long again, and so does
    reading a robots.txt. Resolving a name cannot be interrupted; the system bounds it.
    `max_bytes` bounds the body both as sent and inflated.
    """

    def __init__(
        self,
        network: Network,
        clock: Clock,
        *,
        deadline: timedelta = timedelta(seconds=60),
        max_bytes: int = 20_000_000,
        max_redirects: int = 5,
    ) -> None:
        self._clock = clock
        self._seconds = deadline.total_seconds()
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._guard = Guard(network.allow_addresses)
        self._proxied = network.proxy is not None
        self._lines = Lines(self._guard, network.proxy)
        self._turns = Turns()
        self._robots = Robots(clock)
        self._cookies: dict[str, httpx.Cookies] = {}
        self._cookie_lock = threading.Lock()
        self._closed = threading.Event()
        self._browser = Browser()
        contact = f" (+{network.contact})" if network.contact else ""
        self._user_agent = f"watcher/{__version__}{contact}"

    def fetch(
        self,
        url: str,
        *,
        manners: Manners = _PLAIN,
        validators: Validators = _NOTHING,
        accept: str | None = None,
        referer: str | None = None,
    ) -> Page | None:
        """Return the page at `url`, or None if it has not changed since `validators`.

        Raises FetchError for everything else. The page's url is `url` itself unless a redirect
        led elsewhere; the fragment stays, because some sites tell papers apart by it alone.

        With `manners.render` it is the page as its scripts build it. Then `validators` count for
        nothing: an unchanged shell says nothing of what its scripts go and get.
        """
        home = answers.address(url)
        if manners.tls not in TLS_KINDS:
            raise FetchError(f"{home.host}: unknown tls {manners.tls!r}", transient=False)
        if manners.render:
            return self._browser.render(
                url,
                lambda part: self._part(part, manners, home),
                user_agent=manners.user_agent or self._user_agent,
            )
        answer = self._follow(
            _Call(
                manners=manners,
                validators=validators,
                accept=accept,
                referer=referer,
                limit=self._max_bytes,
                seconds=self._seconds,
                robots=manners.robots == "honour",
                expires=time.monotonic() + self._seconds,
                patience=self._seconds,
                home=home,
            )
        )
        if answer.status == 304 and validators != _NOTHING and _same_host(answer.url, home):
            return None
        answers.check(answer, self._clock.now())
        return Page(
            url=url if answer.url == home else str(answer.url),
            body=answer.body,
            content_type=answer.header("Content-Type"),
            validators=Validators(
                etag=answer.header("ETag"), last_modified=answer.header("Last-Modified")
            ),
        )

    @property
    def closed(self) -> bool:
        """Whether a failure now says nothing about the server."""
        return self._closed.is_set()

    def close(self) -> None:
        """Stop: requests under way fail at once with FetchError, and so do later ones."""
        self._closed.set()
        self._turns.close()
        self._lines.close()
        self._browser.close()

    def _part(self, part: Question, manners: Manners, home: httpx.URL) -> Answer:
        """Ask once, for a page in the browser: it follows redirects and keeps cookies itself."""
        call = _Call(
            manners=manners,
            validators=_NOTHING,
            accept=None,
            referer=None,
            limit=self._max_bytes,
            seconds=self._seconds,
            robots=manners.robots == "honour",
            expires=time.monotonic() + self._seconds,
            patience=self._seconds,
            home=home,
            part=part,
        )
        return self._ask(call, answers.address(part.url), None)

    # ------------------------------------------------------------ redirects

    def _follow(self, call: _Call) -> Answer:
        """Return the first answer that is not a redirect."""
        url, cookie = call.home, self._cookie_for(call, call.home)
        seen: set[tuple[str, str | None]] = set()
        while True:
            answer = self._ask(call, url, cookie)
            if call.manners.cookies:
                self._keep_cookies(answer)
            onward = answers.redirect(answer)
            if onward is None:
                return answer
            seen.add(_step(url, cookie))
            url, cookie = onward, self._cookie_for(call, onward)
            if _step(url, cookie) in seen:
                raise FetchError(answers.loop(url, call.manners), transient=False)
            if len(seen) > self._max_redirects:
                raise FetchError(
                    f"{call.home.host}: more than {self._max_redirects} redirects",
                    transient=False,
                )

    def _cookie_for(self, call: _Call, url: httpx.URL) -> str | None:
        if not call.manners.cookies:
            return None
        request = httpx.Request("GET", url)
        with self._cookie_lock:
            jar = self._cookies.get(url.host)
            if jar is not None:
                jar.set_cookie_header(request)
        cookie: str | None = request.headers.get("Cookie")
        return cookie

    def _keep_cookies(self, answer: Answer) -> None:
        """One jar per host, whatever domain a cookie claims: none crosses to another host."""
        if answer.header("Set-Cookie") is None:
            return
        request = httpx.Request("GET", answer.url)
        # a cookie in GBK could never be sent back in a header
        headers = [(name, value) for name, value in answer.headers if value.isascii()]
        response = httpx.Response(answer.status, headers=headers, request=request)
        with self._cookie_lock:
            jar = self._cookies.setdefault(answer.url.host, httpx.Cookies())
            if len(jar) >= _COOKIES:
                jar.clear()
            jar.extract_cookies(response)

    # ------------------------------------------------------------ one request

    def _ask(self, call: _Call, url: httpx.URL, cookie: str | None) -> Answer:
        """Put the question to one server, when it is its turn."""
        shortest = call.manners.gap
        if call.part is not None and call.part.kind != "document":
            shortest = min(shortest, _PART_GAP)
        gap = self._clock.real_seconds(shortest)
        if call.robots:
            gap = max(gap, self._robots_gap(call, url))
        port = url.port or (443 if url.scheme == "https" else 80)
        if self._proxied:
            self._guard.check_behind_proxy(url.host, port)
        seat = url.host if url.port is None else f"{url.host}:{url.port}"
        began = time.monotonic()
        if not self._turns.take(seat, gap=gap, patience=call.patience):
            self._stopped(url.host)
            raise FetchError(
                f"{url.host}: no turn within {call.seconds:g} s, too many requests wait for it",
                transient=True,
            )
        try:
            call.pause(time.monotonic() - began)
            line = self._lines.borrow(Origin(url.scheme, url.host, port, call.manners.tls))
            sound = False
            try:
                line.wire.expires = call.expires
                answer = self._exchange(call, line, url, cookie)
                sound = True
            finally:
                self._lines.give_back(line, sound=sound)
        finally:
            self._turns.leave(seat)
        return answer

    def _exchange(self, call: _Call, line: Line, url: httpx.URL, cookie: str | None) -> Answer:
        part = call.part
        request = httpx.Request(
            part.method if part else "GET",
            url,
            headers=self._headers(call, url, cookie),
            content=part.body if part and part.method == "POST" else None,
        )
        body: Body | None = None
        length: str | None = None
        try:
            response = line.transport.handle_request(request)
            try:
                answer = Answer(url, response.status_code, response.headers.raw)
                length = answer.header("Content-Length")
                # a shield's challenge is an error page, with a script for the browser
                if not 200 <= answer.status < 300 and (part is None or answer.status < 400):
                    _drain(response, length, line)
                    return answer
                body = Body(url.host, answer.header("Content-Encoding") or "", call.limit)
                body.announce(length)
                for chunk in response.iter_raw():
                    body.feed(chunk)
                answer.body = body.finish()
                return answer
            finally:
                response.close()
        except FetchError:
            self._stopped(url.host)
            raise
        except Exception as exc:  # noqa: BLE001  # the server speaks through three protocol libraries
            self._stopped(url.host)
            received = None if body is None else body.received
            raise answers.fault(
                url.host, exc, seconds=call.seconds, received=received, length=length
            ) from None  # its text may quote a header, and a header may be a credential

    def _stopped(self, host: str) -> None:
        if self._closed.is_set():
            raise FetchError(f"{host}: cut off, watcher is stopping", transient=True) from None

    def _headers(
        self, call: _Call, url: httpx.URL, cookie: str | None
    ) -> list[tuple[bytes, bytes]]:
        """Everything a server is told; the source's own headers only where they were meant to go."""
        chosen = {
            "host": url.netloc.decode("ascii"),
            "user-agent": call.manners.user_agent or self._user_agent,
            "accept": call.accept or "*/*",
            "accept-encoding": "gzip, deflate",
        }
        if call.part is not None:
            chosen.update(call.part.headers)
        if call.referer is not None:
            chosen["referer"] = call.referer
        if cookie is not None:
            chosen["cookie"] = cookie
        if _same_host(url, call.home):
            if call.validators.etag:
                chosen["if-none-match"] = call.validators.etag
            if call.validators.last_modified:
                chosen["if-modified-since"] = call.validators.last_modified
            if url.scheme == call.home.scheme or url.scheme == "https":
                chosen.update((name.lower(), value) for name, value in call.manners.headers)
        return [(answers.octets(name), answers.octets(value)) for name, value in chosen.items()]

    # ------------------------------------------------------------ robots.txt

    def _robots_gap(self, call: _Call, url: httpx.URL) -> float:
        """Return the gap in real seconds that robots.txt wishes for, or refuse the address."""

        def read(address: str) -> bytes:
            seconds = min(ROBOTS_SECONDS, self._seconds)
            answer = self._follow(
                _Call(
                    manners=call.manners,
                    validators=_NOTHING,
                    accept=None,
                    referer=None,
                    limit=ROBOTS_LIMIT,
                    seconds=seconds,
                    robots=False,
                    expires=time.monotonic() + seconds,
                    patience=self._seconds,
                    home=answers.address(address),
                )
            )
            answers.check(answer, self._clock.now())
            return answer.body

        began = time.monotonic()
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        ruling = self._robots.ruling(origin, str(url), read)
        call.expires += time.monotonic() - began
        self._stopped(url.host)
        if not ruling.allowed:
            raise FetchError(
                f"{url.host}: robots.txt disallows {url.path!r}; "
                "if you may read it all the same, set `robots: ignore` for this source",
                transient=False,
            )
        return self._clock.real_seconds(timedelta(seconds=ruling.delay))


def _step(url: httpx.URL, cookie: str | None) -> tuple[str, str | None]:
    """What makes a request the same as one before."""
    return str(url.copy_with(fragment=None)), cookie


def _same_host(one: httpx.URL, other: httpx.URL) -> bool:
    return one.host == other.host


def _drain(response: httpx.Response, length: str | None, line: Line) -> None:
    """Read a body that nobody wants, if it is short: closing early costs the connection.

    Whatever goes wrong with it, the answer has been given.
    """
    if length is not None and length.isdecimal() and int(length) > _DRAIN:
        return
    line.wire.expires = min(line.wire.expires, time.monotonic() + _DRAIN_SECONDS)
    read = 0
    with suppress(httpx.TransportError):
        for chunk in response.iter_raw():
            read += len(chunk)
            if read > _DRAIN:
                return
