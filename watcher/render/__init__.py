"""Alerts and notices to messages: the only room that writes terminal text, Slack blocks and mail.

Pure: values in, values out, the time is an argument. Scraped text is escaped here and nowhere else.
To add a medium: write one module with `alerts` and `notice`, add one line to each table.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from watcher.model import Alert, Message
from watcher.render import event, mail, slack, terminal
from watcher.render.terminal import render_terminal

ALERTS: Mapping[str, Callable[[Sequence[Alert], datetime, str], Message]] = {
    "slack": slack.alerts,
    "email": mail.alerts,
    "webhook": event.alerts,
    "apprise": terminal.alerts,
    "console": terminal.alerts,
}
NOTICES: Mapping[str, Callable[[str, Sequence[str]], Message]] = {
    "slack": slack.notice,
    "email": mail.notice,
    "webhook": event.notice,
    "apprise": terminal.notice,
    "console": terminal.notice,
}


def render_alerts(kind: str, alerts: Sequence[Alert], now: datetime, coverage: str = "") -> Message:
    """The message that tells a target of `kind` of these alerts: one alert, or a digest of several.

    `now` is an aware instant; days are counted on the readers' calendar (`Alert.timezone`), and a
    deadline ends at midnight in China. A digest says `coverage` under its title. Raises ValueError for no alerts, KeyError for a kind that
    is not in ALERTS.
    """
    if not alerts:
        raise ValueError("a message needs at least one alert")
    return ALERTS[kind](alerts, now, coverage)


def render_notice(kind: str, subject: str, lines: Sequence[str]) -> Message:
    """The message that tells operators of a source's or a channel's health."""
    return NOTICES[kind](subject, lines)


__all__ = ["ALERTS", "NOTICES", "render_alerts", "render_notice", "render_terminal"]
