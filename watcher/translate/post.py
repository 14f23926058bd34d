"""One JSON question to a service by HTTP: TLS verified, no redirects, a bounded answer, a last moment."""

import email.utils
import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from watcher.settings import Secret
from watcher.translate.translator import TranslateError

LARGEST = 1024 * 1024
_LONGEST_WISH = timedelta(days=1)
_HERE = {"localhost", "127.0.0.1", "::1"}
_REFUSED = {401, 402, 403, 404, 405, 410, 456}
_TITLES = {400, 413, 414, 422}


class Service:
    """A translator's server. Its key goes into one header and nowhere else."""

    def __init__(
        self,
        name: str,
        url: str,
        timeout: timedelta,
        key: Secret | None,
        scheme: str,
        proxy: str | None,
    ) -> None:
        self._name = name
        self._url = url
        self._timeout = timeout.total_seconds()
        self._key = key
        self._scheme = scheme
        self._line: Any = None  # httpcore's stream of the connection that is open
        self._cut_off = threading.Event()
        self._closed = threading.Event()
        # trust_env: a proxy or a .netrc of the surroundings is not the operator's decision
        self._client = httpx.Client(
            timeout=self._timeout,
            follow_redirects=False,
            trust_env=False,
            verify=True,
            proxy=None if urlsplit(url).hostname in _HERE else proxy,
        )

    def __repr__(self) -> str:
        return f"Service({self._name}, {self._url})"

    def close(self) -> None:
        """May be called from another thread: a question under way ends with TranslateError."""
        self._closed.set()
        self._cut()
        self._client.close()

    def ask(self, question: Mapping[str, Any]) -> Any:
        """The answer's JSON; TranslateError for every other outcome."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._key is not None:
            headers["Authorization"] = f"{self._scheme} {self._key.reveal()}"
        if self._closed.is_set():
            raise self._stopping()
        self._cut_off.clear()
        # httpx bounds each read alone: a head or a body that comes byte by byte would never end
        guard = threading.Timer(self._timeout, self._cut)
        guard.daemon = True
        guard.start()
        try:
            return self._answer(question, headers)
        except RuntimeError:  # httpx, of a client that was closed since we looked
            if not self._closed.is_set():
                raise
            raise self._stopping() from None
        finally:
            guard.cancel()

    def _answer(self, question: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        watch = {"trace": self._watch}
        try:
            with self._client.stream(
                "POST", self._url, json=question, headers=headers, extensions=watch
            ) as answer:
                if answer.status_code != 200:
                    raise self._refusal(answer)
                return self._json(answer)
        except httpx.HTTPError as exc:
            if self._cut_off.is_set():
                raise self._too_slow() from None
            kind = type(exc).__name__  # its words may quote what was sent
            raise TranslateError(f"{self._name}: no answer ({kind})") from None
        except httpx.InvalidURL:
            raise TranslateError(
                f"{self._name}: the address cannot be used", permanent=True
            ) from None
        except UnicodeEncodeError:
            raise TranslateError(
                f"{self._name}: the key is not plain ASCII", permanent=True
            ) from None

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Hold on to the connection (httpx's extension "trace"), so that it can be cut."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._line = info["return_value"]

    def _cut(self) -> None:
        self._cut_off.set()
        line = self._line.get_extra_info("socket") if self._line is not None else None
        if line is not None:
            with suppress(OSError):  # it is closed already
                line.shutdown(socket.SHUT_RDWR)

    def _stopping(self) -> TranslateError:
        return TranslateError(f"{self._name}: not asked, we are stopping")

    def _too_slow(self) -> TranslateError:
        return TranslateError(f"{self._name}: no whole answer in {self._timeout:g} s")

    def _json(self, answer: httpx.Response) -> Any:
        body = b""
        for part in answer.iter_raw():
            body += part
            if len(body) > LARGEST:
                raise TranslateError(f"{self._name}: the answer is larger than {LARGEST} bytes")
            if self._cut_off.is_set():
                raise self._too_slow()
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise TranslateError(f"{self._name}: the answer is not JSON") from None

    def _refusal(self, answer: httpx.Response) -> TranslateError:
        status = answer.status_code
        why = {
            456: "the quota is used up",
            401: "the key is refused",
            403: "the key is refused",
            404: "there is nothing at this address",
            429: "too many requests",
        }.get(status, "redirects are not followed" if 300 <= status < 400 else "")
        said = f"{self._name}: HTTP {status}" + (f", {why}" if why else "")
        return TranslateError(
            said,
            permanent=status in _REFUSED or 300 <= status < 400,
            about_titles=status in _TITLES,
            retry_after=_wish(answer.headers.get("retry-after")),
        )


def _wish(header: str | None) -> timedelta | None:
    """Retry-After (RFC 9110, 10.2.3), in seconds or as a date; at most a day."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdecimal():
        return min(timedelta(seconds=int(header.strip()[:9])), _LONGEST_WISH)
    try:
        at = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - datetime.now(UTC), timedelta(0)), _LONGEST_WISH)
