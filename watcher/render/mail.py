"""Alerts, digests and notices as mail: a text part, and an HTML part that needs nothing from outside."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from watcher.model import Alert, Message
from watcher.render import terminal
from watcher.render.alert import alert_text
from watcher.render.days import countdown
from watcher.render.digest import compile_digest
from watcher.render.notice import notice_lines, notice_subject

if TYPE_CHECKING:
    from jinja2 import Environment

WIDTH = 78  # RFC 5322, 2.1.1


@cache
def _templates() -> "Environment":
    # half of this room's import time, and only mails need it
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("watcher.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["countdown"] = countdown
    return environment


def _html(template: str, **values: object) -> str:
    return _templates().get_template(template).render(values)


def alerts(batch: Sequence[Alert], now: datetime, coverage: str = "") -> Message:
    """One alert, or a digest where there are several or its `coverage` is told, as mail."""
    if len(batch) == 1 and not coverage:
        text = alert_text(batch[0], now)
        return Message(
            subject=text.subject,
            text="\n".join(terminal.alert_lines(text, WIDTH)),
            html=_html("alert.html", subject=text.subject, alert=text),
        )
    digest = compile_digest(batch, now, coverage)
    return Message(
        subject=digest.subject,
        text="\n".join(terminal.digest_lines(digest, WIDTH)),
        html=_html("digest.html", subject=digest.subject, digest=digest),
    )


def notice(subject: str, lines: Sequence[str]) -> Message:
    """A notice to operators as mail."""
    heading = notice_subject(subject)
    return Message(
        subject=heading,
        text="\n".join(terminal.notice_text(heading, lines, WIDTH)),
        html=_html("notice.html", subject=heading, lines=notice_lines(lines)),
    )


def page(template: str, **values: object) -> str:
    """A template of this room filled in, for what else is sent as mail."""
    return _html(template, **values)
