"""What a page in the browser may ask for, and what it is told. Pure; nothing here asks anything."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from watcher.errors import FetchError
from watcher.fetch import answers
from watcher.fetch.answers import Answer
from watcher.model import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request that the browser would have sent, to be put to a server once.

    `headers` are those that belong to the page (Accept, Cookie, Referer, what its scripts set);
    who we are, the host and the encodings are for whoever asks.
    """

    url: str
    kind: str
    """Of `KINDS`."""
    method: str = "GET"
    """GET, HEAD or POST."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Ask = Callable[[Question], Answer]
"""Asks one server once. The answer may have any status, with its body but for redirects, which are
not followed: the browser's own cookies go with the next step. FetchError when no answer came."""

KINDS = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
"""What makes a page's text. Pictures, fonts, films, beacons, event streams and sockets do not.
Style sheets are asked for: scripts measure what they lay out, and chunk loaders wait for them."""
_CALLS = frozenset({"xhr", "fetch"})
MOST_POSTED = 100_000
"""Bytes; a search is a few hundred, a recording of the visitor is more."""

_COUNTERS = (
    "hm.baidu.com", "hmcdn.baidu.com", "push.zhanzhang.baidu.com", "zz.bdstatic.com",
    "bdimg.share.baidu.com", "cnzz.com", "umeng.com", "51.la", "ta.trs.cn",
    "google-analytics.com", "googletagmanager.com", "doubleclick.net", "clarity.ms",
    "dcs.conac.cn", "bszs.conac.cn", "zfwzgl.www.gov.cn",
)  # fmt: skip
"""Hosts that count visitors, share pages or lend badges; none of them has a ministry's text."""

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "mil", "net", "org"})

_OURS = frozenset({
    "host", "user-agent", "accept-encoding", "connection", "content-length", "keep-alive",
    "te", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "priority", "range",
})  # fmt: skip
"""Request headers that are not the page's to choose; and all of sec-*, if-* and proxy-*."""

_UNTOLD = frozenset({
    "content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive",
    "trailer", "upgrade", "link", "alt-svc", "nel", "report-to", "reporting-endpoints",
    "strict-transport-security", "clear-site-data",
})  # fmt: skip
"""Answer headers about the transport, which was ours, or that would send the browser elsewhere."""

_LATER = frozenset({408, 425, 429, 502, 503, 504})
_GONE = frozenset({404, 410})
_HTML = re.compile(r"\s*(text/html|application/xhtml\+xml)\s*(;|$)", re.IGNORECASE)
_HTML_HEAD = re.compile(rb"<!doctype html|<html|<head|<script", re.IGNORECASE)

FIRST = (
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("accept-language", "zh-CN"),
)
"""Headers of the question for the page itself, put before there is a browser."""


def wanted(kind: str, method: str, url: str, page: str, posted: int = 0) -> bool:
    """Whether the page at address `page` gets an answer to such a request.

    A POST is how many single-page sites read their lists (a JSON body to an API of their
    own), so a script's call is passed on within the site; nothing is ever clicked or filled in, so
    it says no more than the page says to every visitor. A form that is sent off is not passed
    on, nor what would change something (PUT, DELETE, PATCH), nor anything to another site.
    """
    host = _host(url)
    if host is None or kind not in KINDS or _is(host, _COUNTERS):
        return False
    if method in ("GET", "HEAD"):
        return True
    if method != "POST" or kind not in _CALLS or posted > MOST_POSTED:
        return False
    return same_site(url, page)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site: www.lamps.gov.cn and api.lamps.gov.cn do."""
    site = _site(one)
    return site is not None and site == _site(other)


def question(
    kind: str, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes = b""
) -> Question:
    """Make a question of what the browser would have sent."""
    kept = (
        (name.lower(), value)
        for name, value in headers
        if name.lower() not in _OURS and not name.lower().startswith(("sec-", "if-", "proxy-", ":"))
    )
    return Question(kind=kind, method=method, url=url, headers=tuple(kept), body=body)


def told(answer: Answer) -> dict[str, str]:
    """The headers of an answer for the browser; cookies one a line, as Playwright takes them."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers:
        name = raw_name.decode("latin-1").lower()
        if name in _UNTOLD or not raw_value.isascii():
            continue
        value = raw_value.decode("ascii")
        between = "\n" if name == "set-cookie" else ", "
        headers[name] = f"{headers[name]}{between}{value}" if name in headers else value
    return headers


def going_on(answer: Answer, onward: httpx.URL) -> Answer:
    """A page that goes on by itself, in place of a redirect.

    Playwright lets what a redirect leads to pass by without asking us, and the browser has no
    network to find it; so the next step is made a visit of its own. The cookies stay.
    """
    address = json.dumps(str(onward)).replace("<", "\\u003c")
    cookies = [pair for pair in answer.headers if pair[0].lower() == b"set-cookie"]
    return Answer(
        answer.url,
        200,
        [(b"content-type", b"text/html; charset=utf-8"), *cookies],
        f"<!doctype html><script>location.replace({address})</script>".encode(),
    )


def plain(answer: Answer) -> Page | None:
    """The page as it came, where there is nothing to run; None for what a browser must read.

    An error page with a script may be a shield's challenge, after which the page comes; other
    errors are raised as FetchError.
    """
    if answers.redirect(answer) is not None:
        return None
    html = is_html(answer)
    if answer.status in _GONE or not (html and b"<script" in answer.body.lower()):
        check(answer)
    return None if html else as_it_came(answer)


def as_it_came(answer: Answer) -> Page:
    return Page(url=str(answer.url), body=answer.body, content_type=answer.header("Content-Type"))


def is_html(answer: Answer) -> bool:
    if (answer.header("Content-Disposition") or "").strip().lower().startswith("attachment"):
        return False
    kind = answer.header("Content-Type")
    if kind is None:
        return _HTML_HEAD.search(answer.body[:1024]) is not None
    return _HTML.match(kind) is not None


def check(answer: Answer) -> None:
    """Raise FetchError for every status but 2xx."""
    answers.check(answer, datetime.now(UTC))


def spoils(asked: Question, page: str, outcome: Answer | FetchError) -> bool:
    """Whether a part that did not come makes the whole page unfit to be read.

    Half a page would pass for a page that was changed. So what the site's own scripts wait for
    must come; what says "later" is asked again with the page. A broken visitor counter says 500
    or 404 for years, and other sites' parts are often out of reach from abroad: a page
    without them is the page.
    """
    if asked.kind not in ("script", *_CALLS) or not same_site(asked.url, page):
        return False
    if isinstance(outcome, FetchError):
        return outcome.transient
    return outcome.status in _LATER


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def _is(host: str, suffixes: tuple[str, ...]) -> bool:
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in suffixes)


def _site(url: str) -> str | None:
    """The part of a host's name that somebody registered; an address of numbers is its own."""
    host = _host(url)
    if host is None or ":" in host or host.rpartition(".")[2].isdecimal():
        return host
    labels = host.rstrip(".").split(".")
    deep = len(labels[-1]) == 2 and labels[-2:-1] and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:])
