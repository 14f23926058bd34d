"""What the calendar and corrections say beside the paper: days left, a deadline that moved, what to do."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from watcher.model import Alert, ChangeKind
from watcher.render.days import day, days_left
from watcher.render.scraped import clean, cut

_WAS, _TO = 200, 80  # characters of what a correction says of itself; of one address
_ADDRESSES = 2
_DEADLINE_WAS = re.compile(r"(?:the )?deadline was (\d{4}-\d\d-\d\d)(?:; )?")
"""As `detect` and `follow` note it in `Change.was`."""


def is_event(kind: ChangeKind) -> bool:
    """Whether the calendar says so, not a site."""
    return kind in (
        ChangeKind.DEADLINE,
        ChangeKind.CLOSED,
        ChangeKind.IN_FORCE,
        ChangeKind.NO_FINAL,
    )


def deadline_moved(alert: Alert) -> str | None:
    """Deadline extended, or Deadline brought forward; None where it stands as it was."""
    before, now = _deadline_before(alert), alert.document.facts.deadline
    if before is None or now is None or before == now:
        return None
    return "Deadline extended" if now > before else "Deadline brought forward"


def _deadline_before(alert: Alert) -> date | None:
    """The first that a correction names: of several that have not been told yet, the last known."""
    if alert.kind is not ChangeKind.MODIFIED:
        return None
    try:
        found = _DEADLINE_WAS.search(alert.was or "")
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def event_urgency(alert: Alert, now: datetime) -> str | None:
    """In 7 days · from Fri 1 Jan 2027: of what is near, where that is no deadline."""
    document = alert.document
    if alert.kind is ChangeKind.IN_FORCE and (on := document.facts.effective):
        left = days_left(on, now, alert.timezone)
        if left is None or left < 0:
            return f"in force since {day(on)}"
        near = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
        return f"{near} · from {day(on)}"
    if alert.kind is ChangeKind.NO_FINAL and document.published:
        return f"draft of {day(document.published)}"
    return None


def event_lines(alert: Alert) -> Iterable[str]:
    """What a correction changed, and what there is to do about an event, one line each."""
    facts = alert.document.facts
    was = clean(alert.was)
    if (moved := deadline_moved(alert)) and facts.deadline:
        before = _deadline_before(alert)
        yield f"{moved}: until {day(facts.deadline)}" + (f" (was {day(before)})" if before else "")
        was = _DEADLINE_WAS.sub("", was).removesuffix("; ")
    if was:
        yield "Changed: " + cut(was, _WAS)
    match alert.kind:
        case ChangeKind.DEADLINE:
            if to := [cut(clean(each), _TO) for each in facts.comments_to[:_ADDRESSES]]:
                yield f"Send comments to {' or '.join(to)}"
            else:
                yield "Where comments go stands on the paper's page"
        case ChangeKind.CLOSED:
            yield "No more comments are taken; the final, when it comes, is told here"
        case ChangeKind.NO_FINAL:
            yield (
                "Neither a final nor a new round was found in 18 months: "
                "it may have been dropped, or be out under another name"
            )
        case _:
            pass
