"""What an answer or a failure means: pages, redirects, refusals. Pure; nothing here asks anything."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import quote_from_bytes

import httpx

from watcher.errors import FetchError
from watcher.settings import Manners

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSIENT = frozenset({408, 425, 429})  # and all of 5xx
_CHALLENGES = frozenset({412, 521})
"""What the shields in front of many ministries answer to a browser without script (瑞数, 加速乐)."""
_HOST = re.compile(rb"[a-z0-9._:-]+")  # names, IPv4 and IPv6; what httpx escapes is no host
_MOST_PATIENCE = timedelta(days=1)
"""A longer Retry-After is cut: being asked once a day hurts nobody."""


@dataclass(slots=True)
class Answer:
    """One server's answer to one request. `body` is read of 2xx, for the browser also of errors."""

    url: httpx.URL
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first header of that name, byte for character, so that it can be sent back."""
        wanted = name.lower().encode("ascii")
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return None


def octets(text: str) -> bytes:
    """A header as it came (see `Answer.header`), else as UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


@lru_cache(maxsize=2048)  # the same lists are asked for again and again
def address(url: str) -> httpx.URL:
    """Read an absolute http(s) address; FetchError for anything else."""
    try:
        parsed = httpx.URL(url.strip())
        host = parsed.host  # decodes punycode, and may find it wrong
    except (httpx.InvalidURL, ValueError) as exc:
        raise FetchError(f"{url[:200]!r} is not an address ({exc})", transient=False) from None
    if parsed.scheme not in ("http", "https") or not _HOST.fullmatch(parsed.raw_host):
        raise FetchError(
            f"{_shown(parsed)!r} is not an absolute http or https address", transient=False
        )
    if parsed.userinfo:
        raise FetchError(
            f"{host}: a name or password in an address is not sent; use `headers:`",
            transient=False,
        )
    if parsed.port is not None and not 0 < parsed.port < 65_536:
        raise FetchError(f"{host}: no such port: {parsed.port}", transient=False)
    return parsed


def redirect(answer: Answer) -> httpx.URL | None:
    """Return where an answer sends us on to, None if it does not.

    From https to http is followed, ministries do that. The fragment that was asked for stays,
    unless the server names its own (RFC 9110, 10.2.2).
    """
    if answer.status not in _REDIRECTS:
        return None
    host = answer.url.host
    location = _location(answer)
    if location is None:
        raise FetchError(
            f"{host}: HTTP {answer.status} without a Location", transient=True, status=answer.status
        )
    try:
        onward = address(str(answer.url.join(location)))
    except (FetchError, httpx.InvalidURL, ValueError) as exc:
        raise FetchError(f"{host}: redirects to nowhere: {exc}", transient=False) from None
    if not onward.fragment and answer.url.fragment:
        onward = onward.copy_with(fragment=answer.url.fragment)
    return onward


def _location(answer: Answer) -> str | None:
    """A Location's bytes may be UTF-8 or GBK: what is not UTF-8 goes back as it came, escaped."""
    text = answer.header("Location")
    if text is None or not text.strip():
        return None
    raw = text.strip().encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return quote_from_bytes(raw, safe=bytes(range(0x21, 0x7F)))


def loop(url: httpx.URL, manners: Manners) -> str:
    """The message for a redirect to where we have been before."""
    remedy = "" if manners.cookies else "; it may want its cookie back: try `cookies: true`"
    return f"{url.host}: redirects in a circle by way of {_shown(url)!r}{remedy}"


def check(answer: Answer, now: datetime) -> None:
    """Raise FetchError for every status but 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return
    host = answer.url.host
    if status in _CHALLENGES:
        raise FetchError(
            f"{host}: HTTP {status}, an anti-bot challenge page answered instead of the page",
            transient=True,
            retry_after=retry_after(answer, now),
            status=status,
        )
    phrase = HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""
    raise FetchError(
        f"{host}: HTTP {status} {phrase}".rstrip(),
        # An unasked-for 304 is a cache gone wrong, not an answer about the page.
        transient=status in _TRANSIENT or status >= 500 or status == 304,
        retry_after=retry_after(answer, now),
        status=status,
    )


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """Read a Retry-After of either form (RFC 9110, 10.2.3); a date counts from the server's own."""
    text = (answer.header("Retry-After") or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), _MOST_PATIENCE)
    until = _http_date(text)
    if until is None:
        return None
    since = _http_date(answer.header("Date") or "") or now
    return min(max(until - since, timedelta()), _MOST_PATIENCE)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def fault(
    host: str, exc: Exception, *, seconds: float, received: int | None, length: str | None
) -> FetchError:
    """Say in a line what went wrong on the way.

    `received` counts the body's bytes so far, None before it began; `length` is what the
    server had announced.
    """
    if isinstance(exc, httpx.TimeoutException):
        if received is None:
            return FetchError(f"{host}: no answer within {seconds:g} s", transient=True)
        return FetchError(
            f"{host}: body not complete after {seconds:g} s ({received} bytes so far)",
            transient=True,
        )
    if received is not None:
        total = f" of {length}" if length is not None and length.isdecimal() else ""
        return FetchError(f"{host}: body cut off after {received}{total} bytes", transient=True)
    match exc:
        case httpx.LocalProtocolError():  # its text would quote headers, maybe a credential
            return FetchError(
                f"{host}: this is not a valid request; check `headers:` and `user_agent:`",
                transient=False,
            )
        case httpx.ProxyError():
            return FetchError(f"{host}: the proxy refused: {str(exc)[:120]}", transient=True)
        case httpx.RemoteProtocolError() if "disconnected" not in str(exc):
            return FetchError(f"{host}: did not answer in HTTP: {str(exc)[:120]}", transient=True)
        case httpx.RemoteProtocolError() | httpx.NetworkError():
            return FetchError(f"{host}: closed the connection without an answer", transient=True)
    return FetchError(f"{host}: {type(exc).__name__}: {str(exc)[:120]}", transient=True)


def _shown(url: httpx.URL) -> str:
    """An address for messages: without what may hold a credential."""
    return str(url.copy_with(query=None, fragment=None, userinfo=b""))[:200]
