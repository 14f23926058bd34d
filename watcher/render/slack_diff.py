"""A whole comparison as a Slack window, for who presses "Open diff". Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from watcher.diff import Hunk, TextDiff, summary
from watcher.diff.points import summary_zh
from watcher.render.diff.titles import MARKS, clean, headings, quiet, verdict
from watcher.render.scraped import clean as one_line
from watcher.render.scraped import cut
from watcher.render.slack import DIVIDER, Block, context, cut_edits, mrkdwn, section, styled

BLOCKS, PAYLOAD = 100, 60_000
"""Of a window: docs.slack.dev/reference/views/modal-views; Slack takes 250,000 bytes of one view."""
_AROUND, _ENTRY = 30, 1500
"""Characters shown before and after a change, and of one article."""


def diff_window(title: str, diff: TextDiff, before: str, command: str) -> dict[str, Any]:
    """What changed, article by article, in the paper's order.

    `before`: what the older text is called; `command` shows what there is no room for.
    """
    told = [summary(diff, before=before), summary_zh(diff, before=before)]
    head = [f"*{mrkdwn(cut(one_line(title), 150), 600)}*", *(mrkdwn(line, 900) for line in told)]
    blocks: list[Block] = [section("\n".join(head)), DIVIDER]
    room = PAYLOAD
    entries = [
        (name, entry)
        for name, entry in zip(headings(diff), diff.entries, strict=True)
        if not quiet(entry)
    ]
    shown = 0
    for name, entry in entries:
        line = cut_edits("".join(_marked(entry.hunks)), _ENTRY)
        room -= len(line) + 400
        if room < 0 or len(blocks) > BLOCKS - 4:
            break
        said = mrkdwn(f"{one_line(name)}   {verdict(entry)}", 600)
        blocks += [section(f"*{said}*"), styled([line])]
        shown += 1
    more = len(entries) - shown
    rest = f"{more} more change{'s' * (more > 1)}: " if more else "On a terminal: "
    blocks.append(context([mrkdwn(f"{rest}{command}", 900)]))
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "What changed", "emoji": False},
        "close": {"type": "plain_text", "text": "Close", "emoji": False},
        "blocks": blocks,
    }


def _marked(hunks: Sequence[Hunk]) -> Iterator[str]:
    """An article on one line with its changes marked; of what is the same only what stands beside them."""
    for n, (op, text) in enumerate(hunks):
        line = one_line(clean(text))
        if op == "equal" and len(line) > 2 * _AROUND:
            left = line[:_AROUND] if n else ""
            right = line[-_AROUND:] if n < len(hunks) - 1 else ""
            line = f"{left}…{right}"
        opening, closing = MARKS[op]
        yield f"{opening}{line}{closing}" if line else ""
