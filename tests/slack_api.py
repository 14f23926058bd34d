"""A local Slack: the few Web API methods watcher calls and one incoming webhook, over real HTTP.

`with SlackApi() as api:` gives `api.url` (for channels.slack.base_url), `api.webhook_url` and
`api.posts`; `api.fail_next(2, "500")` spoils the next two posts, with `method=` any other call.
"""

import html
import json
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qsl

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

POST = "post"  # chat.postMessage or the webhook, whichever comes
WEBHOOK = "webhook"
_WEBHOOK_PATH = "/services/T0LAMP/B0LAMP/secret-of-the-webhook"
_ANSWERS_PATH = "/actions/T0LAMP/1/of-one-person"
WORKSPACE = "T0LAMP"
_WEBHOOK_STATUS = {"action_prohibited": 403, "no_service": 404, "channel_is_archived": 410}
_HANG = 20.0  # seconds a hung call waits, unless the server is stopped before


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message as it stands in its channel."""

    channel: str
    """The name or id the caller gave; "webhook" for the webhook's channel."""
    channel_id: str
    text: str
    blocks: Sequence[Mapping[str, Any]]
    delivery: str | None
    """The delivery's key in the metadata."""
    metadata: Mapping[str, Any] | None
    ts: str
    at: float
    """Wall-clock time of arrival, in seconds since the epoch."""
    thread: str = ""
    """The ts of the message that it follows; "" for one in the channel itself."""
    broadcast: bool = False
    """A reply that stands in the channel, too."""

    @property
    def said(self) -> str:
        """All that the blocks show, Slack's escapes undone."""
        return html.unescape(json.dumps(list(self.blocks), ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls one call.

    kind: an HTTP status ("500", "404"), "429", "hang" (no answer, nothing taken), "drop" (taken,
    the answer lost), "close" (nothing taken, connection closed), "html" (a proxy's page) or any
    error word of Slack's.
    """

    kind: str
    method: str
    retry_after: int


@dataclass
class SlackApi:
    token: str = "xoxb-test"
    channels: Mapping[str, str] | None = None
    """Name (without #) -> id; None: any channel exists."""
    page_size: int = 100
    app_token: str = "xapp-test"
    socket_url: str = ""
    """What apps.connections.open hands out (see slack_socket)."""
    posts: list[Post] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)
    """Ids of channels that the app and everybody are in."""
    zone: str = "Europe/Berlin"
    """Of every person."""
    views: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """(whom or by which trigger, what) of every page and form shown."""
    answers: list[Mapping[str, Any]] = field(default_factory=list)
    """What people were answered at `response_url`."""
    calls: list[str] = field(default_factory=list)
    """Every method called, in order, refused ones too."""

    def __post_init__(self) -> None:
        self._faults: deque[Fault] = deque()
        self._lock = threading.RLock()
        self._known: dict[str, str] = dict(self.channels or {})
        self._stop = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    @property
    def response_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{_ANSWERS_PATH}"

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{_WEBHOOK_PATH}"

    def fail_next(self, n: int, kind: str, *, method: str = POST, retry_after: int = 30) -> None:
        """Let the next `n` calls of `method` meet `kind` (see Fault)."""
        with self._lock:
            self._faults.extend(Fault(kind, method, retry_after) for _ in range(n))

    def accept(self, token: str) -> None:
        """From now on only `token` is valid: renewing or revoking is accepting another one."""
        with self._lock:
            self.token = token

    # ------------------------------------------------------------ what the handler asks

    def fault(self, method: str) -> Fault | None:
        names = {method, POST} if method in ("chat.postMessage", WEBHOOK) else {method}
        with self._lock:
            self.calls.append(method)
            for fault in self._faults:
                if fault.method in names:
                    self._faults.remove(fault)
                    return fault
        return None

    def hang(self) -> None:
        self._stop.wait(_HANG)

    def answer(self, method: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """What Slack answers to a call that meets no fault."""
        with self._lock:
            match method:
                case "auth.test":
                    who = {"team": "Lamps", "user": "watcher", "bot_id": "B0LAMP"}
                    return {"ok": True, "team_id": WORKSPACE, "enterprise_id": "E0LAMP", **who}
                case "chat.postMessage":
                    return self.post(str(wanted.get("channel", "")), wanted)
                case "chat.update":
                    return self._update(wanted)
                case "conversations.list":
                    rows = [{"id": i, "name": n} for n, i in sorted(self._known.items())]
                    return self._page("channels", rows, wanted)
                case "conversations.history":
                    return self._history(wanted)
                case "conversations.replies":
                    return self._replies(wanted)
                case "apps.connections.open":
                    return {"ok": True, "url": self.socket_url}
                case "users.info":
                    return {"ok": True, "user": {"id": wanted.get("user"), "tz": self.zone}}
                case "conversations.open":
                    return {"ok": True, "channel": {"id": f"D{str(wanted['users'])[1:]}"}}
                case "conversations.info":
                    if wanted.get("channel") not in self._known.values():
                        return {"ok": False, "error": "channel_not_found"}
                    row = {"id": wanted["channel"], "is_member": wanted["channel"] in self.joined}
                    return {"ok": True, "channel": row}
                case "users.conversations":
                    rows = [{"id": id_} for id_ in sorted(self.joined)]
                    return self._page("channels", rows, wanted)
                case "views.open" | "views.publish":
                    return self._view(method, wanted)
        return {"ok": False, "error": "unknown_method"}

    def post(self, channel: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            channel_id = self._channel_id(channel)
            if channel_id is None:
                return {"ok": False, "error": "channel_not_found"}
            if not wanted.get("text") and not wanted.get("blocks"):
                return {"ok": False, "error": "no_text"}
            blocks = wanted.get("blocks") or []
            if problems(blocks):
                return {"ok": False, "error": "invalid_blocks", "errors": problems(blocks)}
            metadata = wanted.get("metadata")
            now = time.time()
            post = Post(
                channel=channel,
                channel_id=channel_id,
                text=str(wanted.get("text", "")),
                blocks=blocks,
                delivery=((metadata or {}).get("event_payload") or {}).get("delivery"),
                metadata=metadata,
                ts=f"{int(now)}.{len(self.posts):06d}",
                at=now,
                thread=str(wanted.get("thread_ts") or ""),
                broadcast=bool(wanted.get("reply_broadcast")),
            )
            self.posts.append(post)
            return {"ok": True, "channel": channel_id, "ts": post.ts}

    def _update(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        blocks = wanted.get("blocks") or []
        if problems(blocks):
            return {"ok": False, "error": "invalid_blocks", "errors": problems(blocks)}
        for n, post in enumerate(self.posts):
            if (post.channel_id, post.ts) == (wanted.get("channel"), wanted.get("ts")):
                self.posts[n] = replace(post, text=str(wanted.get("text", "")), blocks=blocks)
                return {"ok": True, "channel": post.channel_id, "ts": post.ts}
        return {"ok": False, "error": "message_not_found"}

    def _view(self, method: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        if faults := view_problems(wanted.get("view") or {}):
            return {"ok": False, "error": "invalid_arguments", "errors": faults}
        if method == "views.open" and not wanted.get("trigger_id"):
            return {"ok": False, "error": "invalid_trigger_id"}
        self.views.append((str(wanted.get("user_id") or wanted.get("trigger_id")), wanted["view"]))
        return {"ok": True, "view": {"id": f"V{len(self.views)}"}}

    def _channel_id(self, channel: str) -> str | None:
        name = channel.removeprefix("#")
        if name in self._known.values():
            return name
        if self.channels is None and name:
            self._known.setdefault(name, f"C{len(self._known) + 1:04d}")
        return self._known.get(name)

    def _history(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The channel's own messages, the newest first: replies stand in their threads alone."""
        return self._messages([post for post in reversed(self.posts) if not post.thread], wanted)

    def _replies(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        first = str(wanted.get("ts"))
        if not any(post.ts == first for post in self.posts):
            return {"ok": False, "error": "thread_not_found"}
        return self._messages([p for p in self.posts if first in (p.ts, p.thread)], wanted)

    def _messages(self, posts: Sequence[Post], wanted: Mapping[str, Any]) -> dict[str, Any]:
        if wanted.get("channel") not in self._known.values():
            return {"ok": False, "error": "channel_not_found"}
        oldest = float(wanted.get("oldest", "0"))
        with_metadata = wanted.get("include_all_metadata") in ("true", "1")
        rows = [
            {"type": "message", "ts": post.ts, "text": post.text}
            | ({"metadata": post.metadata} if with_metadata and post.metadata else {})
            for post in posts
            if post.channel_id == wanted.get("channel") and float(post.ts) >= oldest
        ]
        return self._page("messages", rows, wanted)

    def _page(
        self, field_name: str, rows: Sequence[Mapping[str, Any]], wanted: Mapping[str, Any]
    ) -> dict[str, Any]:
        start = int(wanted.get("cursor") or 0)
        end = start + min(self.page_size, int(wanted.get("limit") or 100))
        following = str(end) if end < len(rows) else ""
        return {
            "ok": True,
            field_name: rows[start:end],
            "response_metadata": {"next_cursor": following},
        }


def problems(blocks: Sequence[Mapping[str, Any]], most: int = 50) -> list[str]:
    """Why Slack would refuse these blocks; [] when it would take them. A window has `most` = 100."""
    found = [] if len(blocks) <= most else [f"{len(blocks)} blocks"]
    if most == 50 and len(json.dumps(blocks, ensure_ascii=False)) > 12_000:
        found.append("msg_blocks_too_long")
    for block in Block.parse_all(cast("Any", list(blocks))):
        try:
            block.validate_json()
        except SlackObjectFormationError as exc:
            found.append(str(exc))
    return found + [fault for block in blocks for fault in _block_problems(block)]


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """Why Slack would refuse this form or page; [] when it would take it."""
    found = [] if view.get("type") in ("modal", "home") else [f"view type {view.get('type')!r}"]
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as exc:
        found.append(str(exc))
    blocks: Sequence[Mapping[str, Any]] = view.get("blocks") or []
    plain = [block for block in blocks if block["type"] != "input"]
    found += [fault for block in plain for fault in _block_problems(block)]
    for block in blocks:
        if block["type"] == "input":
            options = block["element"]["options"]
            found += [] if 1 <= len(options) <= 100 else [f"{len(options)} options"]
            found += [
                f"option {o!r}"
                for o in options
                if not (1 <= len(o["text"]["text"]) <= 75 and 1 <= len(o["value"]) <= 150)
            ]
    return found


def _block_problems(block: Mapping[str, Any]) -> list[str]:
    texts: list[tuple[Mapping[str, Any], int]] = []
    found: list[str] = []
    match block["type"]:
        case "header":
            texts.append((block["text"], 150))
        case "section":
            texts.append((block["text"], 3000))
        case "context":
            found += [] if 1 <= len(block["elements"]) <= 10 else ["context elements"]
            texts += [(element, 3000) for element in block["elements"]]
        case "actions":
            found += [] if 1 <= len(block["elements"]) <= 25 else ["actions elements"]
            for element in block["elements"]:
                found += _element_problems(element)
        case "divider":
            pass
        case "rich_text":
            for part in block["elements"]:
                found += _rich_problems(part)
        case other:
            found.append(f"block type {other!r}")
    for text, limit in texts:
        if not 1 <= len(text["text"]) <= limit:
            found.append(f"{block['type']} text of {len(text['text'])} characters")
    return found


def _element_problems(element: Mapping[str, Any]) -> list[str]:
    """What is wrong with a button or an overflow menu."""
    kind = element["type"]
    if kind not in ("button", "overflow"):
        return [f"actions element {kind!r}"]
    found = [] if 1 <= len(element["action_id"]) <= 255 else ["action_id"]
    options = element.get("options", [element])
    if kind == "overflow" and not 1 <= len(options) <= 5:
        found.append(f"{len(options)} options")
    for one in options:
        text, url = one["text"], one.get("url")
        if text["type"] != "plain_text" or not 1 <= len(text["text"]) <= 75:
            found.append(f"{kind} text {text!r}")
        if len(one.get("value", "")) > (150 if kind == "overflow" else 2000):
            found.append(f"{kind} value of {len(one['value'])} characters")
        if url is not None and not (len(url) <= 3000 and url.startswith(("http://", "https://"))):
            found.append(f"button url {url[:40]!r}")
    return found


def _rich_problems(part: Mapping[str, Any]) -> list[str]:
    """What is wrong with a part of a rich text, of which watcher makes bullets of plain text."""
    match part["type"]:
        case "rich_text_list" | "rich_text_section":
            none = [] if part["elements"] else [f"an empty {part['type']}"]
            return none + [fault for each in part["elements"] for fault in _rich_problems(each)]
        case "text":
            return [] if 1 <= len(part["text"]) <= 3000 else ["text of a rich text"]
        case other:
            return [f"rich text element {other!r}"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    api: SlackApi

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests read `posts` and `calls`."""

    def do_POST(self) -> None:
        api = cast("_Server", self.server).api
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        webhook = not self.path.startswith("/api/")
        method = WEBHOOK if webhook else self.path.removeprefix("/api/")
        wanted = self._wanted(body)
        if self.path == _ANSWERS_PATH:
            api.answers.append(wanted)
            found = problems(wanted.get("blocks") or [])
            self._say(400 if found else 200, str(found) if found else "ok")
            return
        fault = api.fault(method)
        if fault is not None and fault.kind == "hang":
            api.hang()
        if fault is not None and fault.kind in ("hang", "close"):
            self.close_connection = True
            return
        if fault is not None and fault.kind != "drop":
            self._spoil(fault, webhook=webhook)
            return
        refused = self._refused(api, method, webhook=webhook)
        if refused:
            self._say(404 if webhook else 200, "no_service" if webhook else refused)
            return
        answer = api.post(WEBHOOK, wanted) if webhook else api.answer(method, wanted)
        if fault is not None:
            self.close_connection = True
        elif webhook:
            error = answer.get("error")
            self._say(400 if error else 200, str(error or "ok"))
        else:
            self._say(200, answer)

    def _wanted(self, body: str) -> dict[str, Any]:
        if "json" in (self.headers.get("Content-Type") or ""):
            return cast("dict[str, Any]", json.loads(body or "{}"))
        return dict(parse_qsl(body))

    def _refused(self, api: SlackApi, method: str, *, webhook: bool) -> dict[str, Any] | None:
        if webhook:
            return None if self.path == _WEBHOOK_PATH else {"ok": False}
        given = self.headers.get("Authorization")
        if given is None:
            return {"ok": False, "error": "not_authed"}
        wanted = api.app_token if method == "apps.connections.open" else api.token
        return None if given == f"Bearer {wanted}" else {"ok": False, "error": "invalid_auth"}

    def _spoil(self, fault: Fault, *, webhook: bool) -> None:
        if fault.kind == "html":
            self._say(200, "<html>please log in to the proxy</html>")
        elif fault.kind.isdecimal():
            word: str | dict[str, Any] = {"ok": False, "error": "ratelimited"}
            headers = {"Retry-After": str(fault.retry_after)} if fault.kind == "429" else {}
            self._say(int(fault.kind), word if fault.kind == "429" else "", headers)
        elif webhook:
            self._say(_WEBHOOK_STATUS.get(fault.kind, 400), fault.kind)
        else:
            needed = {"needed": "channels:history"} if fault.kind == "missing_scope" else {}
            self._say(200, {"ok": False, "error": fault.kind, **needed})

    def _say(
        self, status: int, body: str | Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        kind = "text/plain" if isinstance(body, str) else "application/json"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
