"""Alerts, digests and notices as plain text of a given width; also the text part of mails.

Widths are terminal cells: a Chinese character takes two.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size

from watcher.model import Alert, Message
from watcher.render.alert import AlertText, alert_text
from watcher.render.days import countdown
from watcher.render.digest import Digest, Row, compile_digest
from watcher.render.notice import notice_lines, notice_subject

WIDTH = 80

# What may not open a line and what may not close one (the usual rules of Chinese typesetting,
# GB/T 15834-2011 5.1).
_NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕〗’”…—～·,.;:?!)]}%‰℃")
_NOT_LAST = frozenset("（《〈「『【〔〖‘“([{")
_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    "\U0001f300-\U0001faff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"\s+|[{_WIDE}]|[^\s{_WIDE}]+")

Paint = Callable[[str, str], str]
_STYLES = {"bold": "1", "dim": "2", "urgent": "1;31", "link": "4"}


def plain(text: str, _style: str) -> str:
    return text


def colours(text: str, style: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if text else text


# ---------------------------------------------------------------- width


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break `text` into lines of at most `width` cells, the second and later ones after `indent`.

    Latin words stay whole where they fit; Chinese breaks between any two characters, except that
    no line begins with a closing mark or ends with an opening one.
    """
    if cell_len(text) <= width:
        return [text.rstrip()]
    lines: list[str] = []
    line, used, hang = "", 0, cell_len(indent)
    for piece in _unbreakable(text, max(2, width - hang)):
        if used + cell_len(piece.rstrip()) <= width:
            line += piece
            used += cell_len(piece)
            continue
        lines.append(line.rstrip())
        line = indent + piece.lstrip()
        used = hang + cell_len(piece.lstrip())
    lines.append(line.rstrip())
    return lines


def _unbreakable(text: str, width: int) -> Iterable[str]:
    """The pieces of `text` between which a line may break; none wider than `width` cells."""
    held = ""
    for piece in _PIECE.findall(text):
        opens = bool(held) and held[-1] in _NOT_LAST
        closes = piece[0] in _NOT_FIRST
        if held and not opens and not closes:
            yield from _chopped(held, width)
            held = ""
        held += piece
    if held:
        yield from _chopped(held, width)


def _chopped(piece: str, width: int) -> Iterable[str]:
    while cell_len(piece) > width:
        head = ""
        for char in piece:
            if cell_len(head + char) > width:
                break
            head += char
        yield head
        piece = piece[len(head) :]
    yield piece


def pad(text: str, width: int) -> str:
    """`text` in exactly `width` cells, cut when it is wider."""
    return set_cell_size(text, width)


# ---------------------------------------------------------------- one alert


def render_terminal(
    alert: Alert, width: int = WIDTH, colour: bool = False, now: datetime | None = None
) -> str:
    """One alert as text of `width` cells; days are counted from `now` (default: when it was seen).

    Only the address may be wider: broken in two it could not be opened.
    """
    text = alert_text(alert, now or alert.seen_at)
    return "\n".join(alert_lines(text, width, colours if colour else plain))


def alert_lines(text: AlertText, width: int, paint: Paint = plain) -> list[str]:
    """The lines of one alert: what and who and how urgent, title, changes, context, reason, link."""
    lines = _first_line(text, width, paint)
    lines += [paint(line, "bold") for line in wrap(text.title, width)]
    if text.title_too:
        lines += wrap(text.title_too, width)
    if text.sectors:
        lines += wrap(" · ".join(text.sectors), width)
    for line in (*text.changed, *text.points):
        lines += wrap(f"  › {line}", width, "    ")
    for fact in (*text.facts, text.seen):
        lines += [paint(line, "dim") for line in wrap(fact, width, "  ")]
    lines += wrap(text.why, width, "  ")
    lines.append(paint(text.url, "link") if text.url else "No address known.")
    return lines


def _first_line(text: AlertText, width: int, paint: Paint) -> list[str]:
    style = "urgent" if text.urgent else "bold"
    gap = width - cell_len(text.heading) - cell_len(text.urgency or "")
    if not text.urgency:
        return [paint(line, "bold") for line in wrap(text.heading, width)]
    if gap >= 2:
        return [paint(text.heading, "bold") + " " * gap + paint(text.urgency, style)]
    heading = [paint(line, "bold") for line in wrap(text.heading, width)]
    return heading + [paint(line, style) for line in wrap(text.urgency, width)]


# ---------------------------------------------------------------- several


def digest_lines(digest: Digest, width: int) -> list[str]:
    """The lines of a digest: a heading, then one block a group, one or two lines a paper."""
    gap = width - cell_len(digest.title) - cell_len(digest.count)
    if gap >= 2:
        lines = [digest.title + " " * gap + digest.count]
    else:
        lines = [*wrap(digest.title, width), *wrap(digest.count, width)]
    if digest.coverage:
        lines += wrap(digest.coverage, width, "  ")
    if digest.contents:
        lines.append("")
    for name, count in digest.contents:
        lines += wrap(f"  {count:>3}  {name}", width, " " * 7)
    for group in digest.groups:
        lines += ["", *wrap(group.name.upper(), width)]
        when = max(cell_len(row.when) for row in group.rows)
        for row in group.rows:
            lines += _row_lines(row, when, width)
    lines += ["", *wrap("Why these: " + "; ".join(digest.why), width, "  ")]
    return lines


def _row_lines(row: Row, when_width: int, width: int) -> list[str]:
    text = row.text
    left = f"  {countdown(row.days)}" if row.days is not None else ""
    head = f"  {pad(row.when, when_width)}{left}  {text.short_heading}"
    lines = wrap(head, width, "    ")
    lines += wrap(f"    {text.title}", width, "    ")
    if text.title_too:
        lines += wrap(f"    {text.title_too}", width, "    ")
    if row.days is not None and text.sectors:
        lines += wrap(f"    {' · '.join(text.sectors)}", width, "    ")
    if row.differs:
        lines += wrap(f"    › {row.differs}", width, "      ")
    if text.url:
        lines.append(f"    {text.url}")
    return lines


# ---------------------------------------------------------------- messages


def alerts(batch: Sequence[Alert], now: datetime, coverage: str = "") -> Message:
    """One alert, or a digest where there are several or its `coverage` is told, for the console."""
    if len(batch) == 1 and not coverage:
        text = alert_text(batch[0], now)
        return Message(subject=text.subject, text="\n".join(alert_lines(text, WIDTH)))
    digest = compile_digest(batch, now, coverage)
    return Message(subject=digest.subject, text="\n".join(digest_lines(digest, WIDTH)))


def notice(subject: str, lines: Sequence[str]) -> Message:
    """A notice to operators for the console."""
    heading = notice_subject(subject)
    return Message(subject=heading, text="\n".join(notice_text(heading, lines, WIDTH)))


def notice_text(heading: str, lines: Sequence[str], width: int) -> list[str]:
    body = [part for line in notice_lines(lines) for part in wrap(line, width, "  ")]
    return [*wrap(heading, width), *body]
