"""Several alerts as one message: deadlines first, then by sector, each paper once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from watcher.model import Alert, ChangeKind
from watcher.render.alert import (
    AlertText,
    alert_text,
    oldest_first,
    sector_codes,
)
from watcher.render.days import day, days_left, period
from watcher.render.differs import behind
from watcher.render.events import event_lines
from watcher.render.scraped import clean, cut

_LINE = 280
NO_SECTOR = "Other papers"
_SHORT = 8
"""A digest of so few papers needs no contents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One paper of a digest."""

    when: str
    """Its deadline in the deadlines' group, its date elsewhere; "" when unknown."""
    days: int | None
    """Days left, in the deadlines' group."""
    text: AlertText
    differs: str
    """What was corrected, or what became of the draft, in one line; "" where nothing differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    title: str
    """China policy · 9–15 Oct 2023."""
    count: str
    """6 papers, 2 deadlines."""
    groups: tuple[Group, ...]
    """Deadlines (when there are any), then sectors by name, papers of no sector last."""
    why: tuple[str, ...]
    """The distinct reasons, at most five."""
    coverage: str = ""
    """How much of what is watched could be read, so that silence can be trusted."""

    @property
    def contents(self) -> tuple[tuple[str, int], ...]:
        """Groups with how many papers each holds; () where all is seen at a glance."""
        counts = tuple((group.name, len(group.rows)) for group in self.groups)
        return counts if len(counts) > 1 and sum(n for _, n in counts) > _SHORT else ()

    @property
    def subject(self) -> str:
        return f"{self.title} · {self.count}"


def compile_digest(alerts: Sequence[Alert], now: datetime, coverage: str = "") -> Digest:
    """Sort `alerts` into a digest; the reader's zone is that of the alerts.

    A paper with an open deadline stands under Deadlines and nowhere else; any other stands once,
    under its primary sector.
    """
    papers = [_merged(group) for group in _by_paper(alerts)]
    deadlines: list[tuple[date, Row]] = []
    sectors: dict[str, list[tuple[date, Row]]] = {}
    for alert in papers:
        text = alert_text(alert, now)
        deadline = alert.document.facts.deadline
        left = days_left(deadline, now, alert.timezone)
        dated = text.dated or date.min
        if deadline and left is not None and left >= 0 and alert.kind is not ChangeKind.WITHDRAWN:
            row = Row(
                when=day(deadline, year=deadline.year != now.year),
                days=left,
                text=text,
                differs=_differs(alert),
            )
            deadlines.append((deadline, row))
        else:
            when = day(text.dated, year=text.dated.year != now.year) if text.dated else ""
            name = text.sectors[0] if sector_codes(alert.document) else NO_SECTOR
            row = Row(when=when, days=None, text=text, differs=_differs(alert))
            sectors.setdefault(name, []).append((dated, row))
    groups = [Group(name="Deadlines", rows=_rows(deadlines))] if deadlines else []
    for name in sorted(sectors, key=lambda name: (name == NO_SECTOR, name)):
        groups.append(Group(name=name, rows=_rows(sectors[name])[::-1]))
    zone = ZoneInfo(alerts[0].timezone)
    days = [alert.seen_at.astimezone(zone).date() for alert in alerts]
    reasons = dict.fromkeys(text.why for group in groups for text in _texts(group))
    return Digest(
        title=f"China policy · {period(min(days), max(days))}",
        count=_plural(len(papers), "paper")
        + (f", {_plural(len(deadlines), 'deadline')}" if deadlines else ""),
        groups=tuple(groups),
        why=_few([reason.removeprefix("Why you: ") for reason in reasons], 5),
        coverage=coverage,
    )


def _by_paper(alerts: Iterable[Alert]) -> Iterable[list[Alert]]:
    papers: dict[int, list[Alert]] = {}
    for alert in oldest_first(alerts):
        papers.setdefault(alert.document.id, []).append(alert)
    return papers.values()


def _merged(group: Sequence[Alert]) -> Alert:
    """What became of one paper in the period: its latest state, told as new if it was new."""
    last = group[-1]
    new = next((alert for alert in group if alert.kind is ChangeKind.NEW), None)
    reason = "; ".join(dict.fromkeys(alert.reason for alert in group))
    if new and last.kind is not ChangeKind.WITHDRAWN:
        # who never heard of the paper needs no correction of it, but what differs from its draft
        return replace(
            last, kind=ChangeKind.NEW, was=None, reason=reason, diff_summary=new.diff_summary
        )
    changes = "; ".join(dict.fromkeys(alert.was for alert in group if alert.was))
    return replace(last, was=changes or None, reason=reason)


def _differs(alert: Alert) -> str:
    said = cut("; ".join(event_lines(alert)), _LINE // 2)
    if not said and alert.draft is not None:
        said = behind(alert.draft, alert.link)
    return cut(": ".join(filter(None, (said, clean(alert.diff_summary)))), _LINE)


def _rows(dated: Iterable[tuple[date, Row]]) -> tuple[Row, ...]:
    return tuple(row for _, row in sorted(dated, key=lambda pair: pair[0]))


def _texts(group: Group) -> Iterable[AlertText]:
    return (row.text for row in group.rows)


def _few(lines: Sequence[str], most: int) -> tuple[str, ...]:
    more = len(lines) - most
    return (*lines[:most], f"and {_plural(more, 'other reason')}") if more > 0 else tuple(lines)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
