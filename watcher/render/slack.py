"""Alerts, digests and notices as Slack Block Kit, valid and harmless whatever was scraped.

Limits: docs.slack.dev/reference/block-kit; text is escaped as docs.slack.dev's "Formatting message
text" asks, and `verbatim` keeps Slack from reading mentions and addresses into it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from watcher.model import Alert, Message
from watcher.render import terminal
from watcher.render.alert import AlertText, alert_text, countdown
from watcher.render.digest import Digest, Row, compile_digest
from watcher.render.notice import notice_lines, notice_subject
from watcher.render.scraped import cut

Block = Mapping[str, Any]

BLOCKS, TEXT, HEADER, URL = 50, 3000, 150, 3000
# All blocks of a message together: undocumented, refused as msg_blocks_too_long from about 13,200
# characters (slackapi/bolt-js#2509), sooner with many small blocks (#2867).
PAYLOAD = 10_000
_FRAME = 150  # characters of JSON a section may add around a line, counted for every line
_TITLE = 120

_ENTITIES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
# Look-alikes for Slack's formatting marks: it has no escape for them.
_MARKS = {ord("*"): "∗", ord("_"): "ˍ", ord("~"): "∼", ord("`"): "ˋ"}


def escape(text: str, limit: int = TEXT) -> str:
    """`text` without meaning to Slack, in at most `limit` characters once escaped."""
    escaped = text.translate(_ENTITIES)
    room = limit
    while len(escaped) > limit:
        room -= max(1, (len(escaped) - limit) // 5)
        escaped = cut(text, room).translate(_ENTITIES)
    return escaped


def mrkdwn(text: str, limit: int = TEXT) -> str:
    """`text` escaped for a mrkdwn object, its formatting marks replaced by look-alikes."""
    return escape(text.translate(_MARKS), limit)


# ---------------------------------------------------------------- blocks


def header(text: str) -> Block:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": escape(text, HEADER), "emoji": False},
    }


def section(text: str) -> Block:
    """A section of ready mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(lines: Iterable[str]) -> Block:
    """Small print of ready mrkdwn, one element a line; Slack takes ten."""
    elements = [{"type": "mrkdwn", "text": line, "verbatim": True} for line in lines]
    return {"type": "context", "elements": elements[:10]}


def buttons(url: str | None) -> list[Block]:
    """The row of buttons, or nothing where there is no address Slack takes."""
    if url is None or len(url) > URL:
        return []
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Open paper", "emoji": False},
        "url": url,
        "action_id": "open_paper",
    }
    return [{"type": "actions", "elements": [button]}]


def link(title: str, url: str | None) -> str:
    """The title as ready mrkdwn, linked where there is a usable address."""
    text = mrkdwn(cut(title, _TITLE), 400)
    if url is None or len(url) > 600:  # a longer one would eat the whole message's room
        return text
    return f"<{escape(url)}|{text}>"


# ---------------------------------------------------------------- one alert


def alert_blocks(text: AlertText) -> list[Block]:
    """An alert in five blocks at most: header, paper, changes, small print, button."""
    paper = [f"*{mrkdwn(text.title, 900)}*"]
    if text.title_too:
        paper.append(mrkdwn(text.title_too, 900))
    if text.sectors:
        paper.append(mrkdwn(" · ".join(text.sectors), 600))
    blocks = [header(_heading(text)), section("\n".join(paper))]
    if told := (*text.changed, *text.points):
        blocks.append(section("\n".join(f"› {mrkdwn(line, 400)}" for line in told)))
    small = [*text.facts, text.seen, text.why]
    if text.url is None or len(text.url) > URL:
        small.append("No address known.")
    blocks.append(context(mrkdwn(line, 900) for line in small))
    return [*blocks, *buttons(text.url)]


def _heading(text: AlertText) -> str:
    return f"{text.heading} · {text.urgency}" if text.urgency else text.heading


# ---------------------------------------------------------------- several


def digest_blocks(digest: Digest) -> list[Block]:
    """A digest in one message; what Slack has no room for is counted at the end, never cut silently."""
    blocks = [
        header(digest.title),
        context([mrkdwn(line, 900) for line in (digest.count, digest.coverage) if line]),
    ]
    why = context([mrkdwn("Why these: " + "; ".join(digest.why), 900)])
    room = PAYLOAD - _size([*blocks, why]) - 200
    left_out = 0
    for group in digest.groups:
        lines = [f"*{mrkdwn(group.name, 200)}*"]
        for row in group.rows:
            line = _row(row)
            if len("\n".join([*lines, line])) > TEXT:
                blocks.append(section("\n".join(lines)))
                lines = []
            cost = len(json.dumps(line, ensure_ascii=False)) + _FRAME
            if left_out or cost > room or len(blocks) > BLOCKS - 4:
                left_out += 1
                continue
            room -= cost
            lines.append(line)
        if any(line.startswith("•") for line in lines):
            blocks.append(section("\n".join(lines)))
    if left_out:
        more = f"{left_out} more {'paper' if left_out == 1 else 'papers'}: too many for one Slack message."
        blocks.append(context([more]))
    return [*blocks, why]


def _row(row: Row) -> str:
    text = row.text
    head = [f"*{row.when}*" if row.days is not None else row.when]
    if row.days is not None:
        head.append(countdown(row.days))
    head.append(mrkdwn(text.short_heading, 240))
    lines = [f"• {' · '.join(filter(None, head))}", link(text.title, text.url)]
    if text.title_too:
        lines.append(mrkdwn(cut(text.title_too, _TITLE), 400))
    if row.differs:
        lines.append(f"› {mrkdwn(row.differs, 300)}")
    return "\n".join(lines)


def _size(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


# ---------------------------------------------------------------- messages


def alerts(batch: Sequence[Alert], now: datetime, coverage: str = "") -> Message:
    """One alert, or a digest where there are several or its `coverage` is told, for Slack; subject and text are escaped for it too."""
    if len(batch) == 1 and not coverage:
        text = alert_text(batch[0], now)
        lines = terminal.alert_lines(text, terminal.WIDTH)
        return _message(text.subject, lines, alert_blocks(text))
    digest = compile_digest(batch, now, coverage)
    lines = terminal.digest_lines(digest, terminal.WIDTH)
    return _message(digest.subject, lines, digest_blocks(digest))


def notice(subject: str, lines: Sequence[str]) -> Message:
    """A notice to operators for Slack."""
    heading, body = notice_subject(subject), notice_lines(lines)
    blocks = [header(heading)]
    for start in range(0, len(body), 5):  # five lines stay within a section's 3000 characters
        part = body[start : start + 5]
        blocks.append(section("\n".join(f"• {mrkdwn(line, 350)}" for line in part)))
    return _message(heading, [heading, *body], blocks)


def _message(subject: str, lines: Iterable[str], blocks: Iterable[Block]) -> Message:
    text = "\n".join(line.translate(_ENTITIES) for line in lines)
    return Message(subject=mrkdwn(subject, 600), text=text, blocks=tuple(blocks))
