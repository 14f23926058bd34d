"""The invented ministries as a loopback HTTP server; what they have published is switched by methods."""

import sys
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from watcher.demo import pages, papers
from watcher.demo.papers import COLUMNS, Column, Paper

HOST = "127.0.0.1"
BRIEF_PATH = "/briefs/latest.html"
ROBOTS = "User-agent: *\nDisallow: /search/\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one address answers now. `revision` rises when its content, counters aside, changes."""

    body: bytes
    content_type: str = "text/html"
    revision: int = 0
    etag: bool = False
    dated: bool = False
    """Whether the server gives these validators; without either it answers in full every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAddress:
    """One thing to watch here: what a sources.yaml needs to know of it."""

    id: str
    name: str
    kind: str
    path: str
    preset: str | None = None
    """Of its rule; None: its structure is to be found from the page alone."""


class Ministries:
    """Lists, papers and a brief on one loopback port, dated from `today`.

    Validators differ as they do among real sites: 灯具局 and the brief answer conditional requests,
    影子部 and 日晷总局 send everything every time. Every HTML page counts its visitors.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self.asked: Counter[str] = Counter()
        """How often each path was asked for."""
        self._lock = threading.Lock()
        self._papers = list(papers.baseline(today))
        self._revisions: Counter[str] = Counter()
        self._issue = 0
        self._visitors = 4711
        self._server = _server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="ministries",
            daemon=True,
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        """http://127.0.0.1:PORT"""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def sources(self) -> tuple[SourceAddress, ...]:
        """What a sources.yaml should watch."""
        lists = [
            SourceAddress(
                id=column.id,
                name=f"{column.ministry} {column.name}",
                kind="listing",
                path=column.path,
                preset="jpaas" if column.site == "jpaas" else None,
            )
            for column in COLUMNS
        ]
        brief = SourceAddress(
            id="lantern-brief", name="Lantern Industries", kind="brief", path=BRIEF_PATH
        )
        return (*lists, brief)

    # ------------------------------------------------------------ what happens

    def publish_draft(self) -> Paper:
        """Call for comments on the draft: a new row on 灯具局's list, a new page."""
        return self._publish(papers.draft(self.today))

    def publish_correction(self) -> Paper:
        """Correct the draft on its own page: another deadline, another 第十一条; the list stays."""
        corrected = papers.draft(self.today, corrected=True)
        with self._lock:
            place = next(
                (n for n, paper in enumerate(self._papers) if paper.path == corrected.path), None
            )
            if place is None:
                raise ValueError("no draft to correct: call publish_draft() first")
            self._papers[place] = corrected
            self._revisions[corrected.path] += 1
        return corrected

    def publish_final(self) -> Paper:
        """Issue the regulation: a new row on another list of 灯具局."""
        return self._publish(papers.final(self.today))

    def publish_noise(self) -> Paper:
        """Put up a notice that no reader needs."""
        return self._publish(papers.noise(self.today))

    def publish_brief(self) -> str:
        """Replace the brief by its next issue; return its text."""
        with self._lock:
            self._issue = 1
            self._revisions[BRIEF_PATH] += 1
        return papers.brief(self.today, issue=1)

    def _publish(self, paper: Paper) -> Paper:
        with self._lock:
            if all(known.path != paper.path for known in self._papers):
                self._papers.insert(0, paper)
                self._revisions[paper.column.path] += 1
        return paper

    # ------------------------------------------------------------ what is answered

    def answer(self, target: str) -> Answer | None:
        """What a GET of `target` (path and query) gives now, or None."""
        path = urlsplit(target).path
        with self._lock:
            self.asked[path] += 1
            self._visitors += 1
            published = tuple(self._papers)
            visitors, issue, revision = self._visitors, self._issue, self._revisions[path]
        if path == "/robots.txt":
            return Answer(body=ROBOTS.encode(), content_type="text/plain")
        if path == BRIEF_PATH:
            text = papers.brief(self.today, issue=issue)
            page = pages.brief_page(text, published, visitors)
            return Answer(body=page.encode(), revision=revision, etag=True)
        for column in COLUMNS:
            rows = [paper for paper in published if paper.column is column]
            if path == column.path:
                return _answer(column, pages.list_page(column, rows, visitors), revision)
            if column.site == "jpaas" and path == pages.JPAAS_PATH:
                body = pages.jpaas_rows(rows).encode()
                return Answer(body=body, content_type="application/json;charset=utf-8")
            for paper in rows:
                if path == paper.path:
                    return _answer(column, pages.paper_page(paper, visitors), revision)
        return None

    def modified_at(self, revision: int) -> datetime:
        """Last-Modified of a revision: a minute apart, so that whole seconds tell them apart."""
        midnight = datetime.combine(self.today, time(), UTC)
        return midnight - timedelta(days=1) + timedelta(minutes=revision)


def _answer(column: Column, page: str, revision: int) -> Answer:
    if column.site == "gbk":
        return Answer(body=page.encode("gbk"))
    trs = column.site == "trs"
    return Answer(body=page.encode(), revision=revision, etag=trs, dated=trs)


# ---------------------------------------------------------------- HTTP


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Say nothing of a client that hung up: the terminal belongs to the tour."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _server(site: Ministries) -> ThreadingHTTPServer:
    """A server on a free loopback port. Loopback alone: what it says is invented."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "demo"
        sys_version = ""
        timeout = 30.0  # idle connections of a client that went away

        def do_GET(self) -> None:
            answer = site.answer(self.path)
            if answer is None:
                self._send(404, Answer(body="页面不存在\n".encode(), content_type="text/plain"), {})
                return
            validators = self._validators(answer)
            status = 304 if self._known(validators) else 200
            self._send(status, answer, validators)

        do_HEAD = do_GET

        def _validators(self, answer: Answer) -> dict[str, str]:
            validators = {}
            if answer.etag:
                validators["ETag"] = f'W/"demo-{answer.revision}"'
            if answer.dated:
                modified = site.modified_at(answer.revision)
                validators["Last-Modified"] = format_datetime(modified, usegmt=True)
            return validators

        def _known(self, validators: dict[str, str]) -> bool:
            """Whether the client has this already; If-None-Match goes first (RFC 9110, 13.2.2)."""
            tags = self.headers.get("If-None-Match")
            if tags is not None and "ETag" in validators:
                return validators["ETag"] in (tag.strip() for tag in tags.split(","))
            since, modified = self.headers.get("If-Modified-Since"), validators.get("Last-Modified")
            if not since or not modified:
                return False
            try:
                return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
            except (ValueError, TypeError):  # a date that is none, or one without a zone
                return False

        def _send(self, status: int, answer: Answer, validators: dict[str, str]) -> None:
            body = b"" if status == 304 else answer.body
            self.send_response(status)
            for name, value in validators.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the terminal belongs to the tour."""

    return _Server((HOST, 0), Handler)
