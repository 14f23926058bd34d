"""What an alert says of differences: a correction's from before, a final's from its draft."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from watcher.model import Alert, ChangeKind, Document, Link
from watcher.render.days import day
from watcher.render.events import event_lines, is_event
from watcher.render.scraped import clean, cut

QUOTATIONS = 3
_LINE, _CHINESE, _ROOM = 280, 125, 500
"""Characters of a summary, of a Chinese one; of all that differs: its summary, then quotations
until this is used up."""
_ISO = re.compile(r"\b20\d\d-\d\d-\d\d\b")


def changed(alert: Alert, draft: str) -> tuple[str, ...]:
    """What differs, one line each: the summary in both languages, then the weightiest quoted.

    `draft` is the title of the draft that this is the final of.
    """
    lines = tuple(_told(alert, draft))
    return tuple(filter(None, (*lines, *quoted(alert, lines), whole(alert))))


def quoted(alert: Alert, after: Iterable[str]) -> tuple[str, ...]:
    """As many quotations as a phone has room for `after` these lines."""
    room = _ROOM - sum(map(len, after))
    shown = []
    for point in () if is_event(alert.kind) else map(clean, alert.diff_points[:QUOTATIONS]):
        if point and len(point) <= room:
            shown.append(point)
            room -= len(point)
    return tuple(shown)


def in_short(alert: Alert, draft: str) -> tuple[str, ...]:
    """What differs in a line or two, without quotations: for a phone."""
    summary = cut(clean(alert.diff_summary), _LINE)
    corrected = alert.kind is ChangeKind.MODIFIED
    if alert.was or alert.draft is None or corrected or is_event(alert.kind):
        chinese = cut(clean(alert.diff_summary_zh), _CHINESE)
        return tuple(line for line in _told(alert, draft) if line != chinese)
    return (f"{behind(alert.draft, alert.link)}: {summary or draft}",)


def since(kind: ChangeKind, was: str | None, at: datetime, timezone: str) -> str:
    """What became of a paper after it was told, for the posted alert that is put right."""
    on = day(at.astimezone(ZoneInfo(timezone)).date())
    if kind is ChangeKind.MODIFIED:
        what = _ISO.sub(_in_words, clean(was)) or "its text"
        return cut(f"Corrected {on}: {what}", _LINE)
    return f"Withdrawn, seen {on}" if kind is ChangeKind.WITHDRAWN else f"Back again since {on}"


def _told(alert: Alert, draft: str) -> Iterable[str]:
    yield from event_lines(alert)
    if is_event(alert.kind):  # the day alone has come: what the paper says was told before
        return
    corrected = alert.kind is ChangeKind.MODIFIED
    if corrected:
        yield from _compared("Against the text before: ", alert)
    if alert.draft is None:
        if not corrected:
            yield from _compared("Text: ", alert)
        return
    yield f"{behind(alert.draft, alert.link)}: {draft}"
    if not corrected:
        yield from _compared("Against it: ", alert)


def behind(draft: Document, link: Link | None) -> str:
    """Which draft a paper follows, and how sure that is: Final of the draft of Fri 9 Oct 2026."""
    dated = draft.published or draft.signed
    of = f"the draft of {day(dated)}" if dated else "a draft without a date"
    if link is not None and link.kind == "round":
        return f"New round after {of}"
    if link is not None and link.state == "suggested":
        return f"Perhaps the final of {of} (not confirmed)"
    return f"Final of {of}"


def whole(alert: Alert) -> str:
    """How to see the whole comparison, where no button opens it; "" where there is none."""
    if not alert.review or not alert.diff_summary:
        return ""
    return "" if is_event(alert.kind) else f"Whole comparison: {clean(alert.review)}"


def _compared(words: str, alert: Alert) -> Iterable[str]:
    """The summary in both languages."""
    if summary := cut(clean(alert.diff_summary), _LINE):
        yield words + summary
    if chinese := cut(clean(alert.diff_summary_zh), _CHINESE):
        yield chinese


def _in_words(found: re.Match[str]) -> str:
    try:
        return day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]
