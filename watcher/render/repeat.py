"""A message that may have arrived before, marked so that its readers see it."""

from dataclasses import replace

from watcher.model import Message
from watcher.render.slack import BLOCKS, context

MARK = "Possible repeat"
WHY = f"{MARK}: this may have reached you before; the first sending was never answered."
_STYLE = "margin:0;padding:12px 12px 0;text-align:center;font:italic 14px/1.4 'Segoe UI',Arial,sans-serif"


def possible_repeat(message: Message) -> Message:
    """`message` with the mark in its subject, on the first line of its text and of what it shows."""
    html = message.html
    if html is not None:
        start = html.lower().find("<body")
        end = html.find(">", start) + 1 if start >= 0 else 0
        html = f'{html[:end]}<p style="{_STYLE}">{WHY}</p>{html[end:]}'
    blocks = message.blocks
    if blocks:
        # the last line of a full message gives way: it is the small print of a digest
        blocks = (context([f"_{WHY}_"]), *blocks[: BLOCKS - 1])
    return replace(
        message,
        subject=f"{MARK} · {message.subject}",
        text=f"{WHY}\n\n{message.text}",
        html=html,
        blocks=blocks,
    )
