"""Alerts, digests and notices as Slack Block Kit, valid and harmless whatever was scraped.

Limits: docs.slack.dev/reference/block-kit; text is escaped as docs.slack.dev's "Formatting message
text" asks, and `verbatim` keeps Slack from reading mentions and addresses into it.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from watcher.model import Alert, ChangeKind, Message, Stage
from watcher.render import terminal
from watcher.render.alert import AlertText, alert_text
from watcher.render.days import countdown
from watcher.render.digest import Digest, Row, compile_digest
from watcher.render.notice import notice_lines, notice_subject
from watcher.render.scraped import clean, cut
from watcher.render.slack_actions import (
    CHOICES,
    MUTE,
    MUTE_SUBSCRIPTION,
    NOT_RELEVANT,
    OPEN_DIFF,
    OPEN_PAPER,
    OPTION,
    REVIEWED,
    Pressed,
    value,
)

Block = Mapping[str, Any]

BLOCKS, TEXT, HEADER, URL = 50, 3000, 150, 3000
# All blocks of a message together: undocumented, refused as msg_blocks_too_long from about 13,200
# characters (slackapi/bolt-js#2509), sooner with many small blocks (#2867).
PAYLOAD = 10_000
DIVIDER: Block = {"type": "divider"}
_FRAME = 150  # characters of JSON a section may add around a line, counted for every line
_TITLE = 120
_INLINE = 600
"""Characters of an address within text: a longer one would eat the whole message's room."""
_ENGLISH, _CHINESE, _SECTORS, _TOLD = 150, 75, 3, 200
"""Characters of titles, sectors, and characters of a line: an alert is no more than a phone's screen."""
_EDITS = re.compile(r"(\[-.+?-\]|\{\+.+?\+\})")

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
    """Small print of ready mrkdwn, in one element: Slack sets several side by side."""
    element = {"type": "mrkdwn", "text": _whole_lines("\n".join(lines)), "verbatim": True}
    return {"type": "context", "elements": [element]}


def _whole_lines(text: str) -> str:
    """As many lines as a text may have characters: cutting inside one could halve an entity."""
    while len(text) > TEXT:
        text = text.rpartition("\n")[0]
    return text


def styled(lines: Iterable[str]) -> Block:
    """Bullets of plain text, in which [-what went-] is struck out and {+what came+} is bold.

    Rich text, because mrkdwn has no marks that work inside a Chinese sentence, which has no blanks;
    its text is taken as it is, so nothing in it can be a mention or a link.
    """
    items = [{"type": "rich_text_section", "elements": _runs(line)} for line in lines]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}],
    }


def cut_edits(line: str, limit: int) -> str:
    """`line` cut to about `limit` characters; a mark that the cut left open is closed, else its
    signs would be read as the paper's own."""
    short = cut(line, limit)
    for opening, closing in (("[-", "-]"), ("{+", "+}")) if short != line else ():
        if short.rfind(opening) > short.rfind(closing):
            return short + closing
    return short


def _runs(line: str) -> list[Block]:
    runs: list[Block] = []
    for n, part in enumerate(_EDITS.split(line)):
        if n % 2:  # what the pattern takes stands between what it leaves
            style = {"strike": True} if part.startswith("[") else {"bold": True}
            runs.append({"type": "text", "text": part[2:-2], "style": style})
        elif part:
            runs.append({"type": "text", "text": part})
    return runs


def link(title: str, url: str | None) -> str:
    """The title as ready mrkdwn, linked where there is a usable address."""
    text = mrkdwn(cut(title, _TITLE), 400)
    if url is None or len(url) > _INLINE:
        return text
    return f"<{escape(url)}|{text}>"


# ---------------------------------------------------------------- one alert


def alert_blocks(alert: Alert, text: AlertText) -> list[Block]:
    """An alert in six blocks at most: header, paper, changes, small print, review, what to do."""
    urgency, _, until = (text.urgency or "").partition(" · ")
    until = f"comments {until}" if until.startswith("until") else until
    paper = [f"*{mrkdwn(cut(text.title, _ENGLISH), 900)}*"]
    if text.title_too:
        paper.append(mrkdwn(cut(text.title_too, _CHINESE), 900))
    if text.sectors:
        paper.append(mrkdwn(" · ".join(text.sectors[:_SECTORS]), 600))
    if until:
        paper.append(f"*{mrkdwn(until[0].upper() + until[1:], 200)}*")
    if text.since:
        paper.append(f"*{mrkdwn(text.since, 600)}*")
    pressable = alert.posting.pressable
    url = text.url if text.url and len(text.url) <= (URL if pressable else _INLINE) else None
    if url and not pressable:
        paper.append(f"<{escape(url)}|Open paper>")
    heading = f"{text.heading} · {urgency}" if urgency else text.heading
    blocks = [header(heading), section("\n".join(paper))]
    if told := (*text.in_short, *text.quoted, *text.points):
        blocks.append(styled(cut_edits(line, _TOLD) for line in told))
    whole = [text.whole] if text.whole and not pressable else []
    small = [*text.facts, *whole, text.seen, text.why]
    if url is None:
        small.append("No address known.")
    blocks.append(context(mrkdwn(line, 700) for line in small))
    if text.reviewed:
        blocks.append(section(f"*{mrkdwn(text.reviewed, 300)}*"))
    return [*blocks, *_buttons(alert, text, url)] if pressable else blocks


def _buttons(alert: Alert, text: AlertText, url: str | None) -> list[Block]:
    """The row of buttons; what was reviewed is only opened and muted.

    Only where clicks are heard: Slack reports those on links too, and shows a warning beside a
    button that nobody answered for (slackapi/node-slack-sdk#869).
    """
    buttons = [_button("Open paper", OPEN_PAPER, url=url)] if url else []
    pressed = Pressed(
        action=OPEN_DIFF,
        document=alert.document.id,
        delivery=alert.delivery,
        team=alert.posting.team,
        subscription=alert.posting.subscription,
    )
    if text.whole:
        buttons.append(_button("Open diff", OPEN_DIFF, value=value(pressed)))
    if not text.reviewed:
        pressed = replace(pressed, action=REVIEWED)
        buttons.append(_button("Reviewed", REVIEWED, value=value(pressed)))
        pressed = replace(pressed, action=NOT_RELEVANT)
        buttons.append(_button("Not relevant", NOT_RELEVANT, value=value(pressed)))
    options = [
        {"text": _plain(label), "value": value(replace(pressed, action=choice), OPTION)}
        for choice, label in CHOICES.items()
        if choice != MUTE_SUBSCRIPTION or alert.posting.subscription
    ]
    buttons.append({"type": "overflow", "action_id": MUTE, "options": options})
    return [{"type": "actions", "elements": buttons}]


def _button(label: str, action: str, **carries: str) -> Block:
    return {"type": "button", "text": _plain(label), "action_id": action, **carries}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def to_all(alert: Alert) -> bool:
    """Whether an alert in a thread is shown in the channel too.

    A thread alone notifies nobody who has not written in it: what opens or ends a time to act, and
    every new paper but an interpretation, is for all; corrections of the text are not.
    """
    kind, stage = alert.kind, alert.document.facts.stage
    if kind is ChangeKind.NEW:
        return stage is not Stage.INTERPRETATION
    if kind is ChangeKind.MODIFIED:
        return "deadline" in (alert.was or "")
    return kind in (ChangeKind.DEADLINE, ChangeKind.IN_FORCE, ChangeKind.WITHDRAWN)


# ---------------------------------------------------------------- several


def digest_blocks(digest: Digest) -> list[Block]:
    """A digest in one message; what Slack has no room for is counted at the end, never cut silently."""
    blocks = [
        header(digest.title),
        context(mrkdwn(line, 900) for line in (digest.count, clean(digest.coverage)) if line),
    ]
    why = context([mrkdwn("Why these: " + "; ".join(digest.why), 900)])
    room = PAYLOAD - _size([*blocks, why]) - 200
    left_out = 0
    for group in digest.groups:
        heading, rows = f"*{mrkdwn(group.name, 200)}*", ""
        shown = [DIVIDER]
        for row in group.rows:
            line = _row(row)
            cost = len(json.dumps(line, ensure_ascii=False)) + _FRAME
            if left_out or cost > room or len(blocks) + len(shown) > BLOCKS - 4:
                left_out += 1
                continue
            if len(f"{heading}{rows}\n\n{line}") > TEXT:
                shown.append(section(heading + rows))
                heading, rows = f"*{mrkdwn(group.name, 180)}*, continued", ""
            room -= cost
            rows += f"\n\n{line}" if rows else f"\n{line}"
        if rows:
            blocks += [*shown, section(heading + rows)]
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
    lines = [" · ".join(filter(None, head)), link(text.title, text.url)]
    if text.title_too:
        lines.append(mrkdwn(cut(text.title_too, _CHINESE), 400))
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
        message = _message(text.subject, lines, alert_blocks(batch[0], text))
        return replace(message, broadcast=to_all(batch[0]))
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
