"""Alerts, digests and notices as mail: a text part, and an HTML part that needs nothing from outside."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from watcher.model import Alert, Message
from watcher.posting import Posting
from watcher.render import terminal
from watcher.render.alert import AlertText, alert_text
from watcher.render.days import countdown
from watcher.render.digest import Digest, compile_digest
from watcher.render.notice import notice_lines, notice_subject
from watcher.render.scraped import cut

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

WIDTH = 78  # RFC 5322, 2.1.1
CLIPPED = 100_000
"""Bytes of HTML from which on Gmail hides the rest of a mail (102 kB), less what it adds itself."""
_PREVIEW = 140
_EDITS = re.compile(r"(\[-.+?-\]|\{\+.+?\+\})")
_STYLES = {
    "small": "font-size:14px;line-height:1.4",
    "heading": "margin:0;font-size:20px;line-height:1.3",
    "badge": "display:inline-block;background-color:#b3261e;color:#ffffff;padding:1px 7px;"
    "border-radius:3px;font-weight:bold",
}
_GONE = "background-color:#ffd9d6;color:#5c100b;text-decoration:line-through"
_CAME = "background-color:#d2f0d3;color:#0b3d0e;text-decoration:none;font-weight:bold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much a digest's HTML says of each paper."""

    title: int = 200
    """Characters of a title."""
    address: int = 20_000
    """Characters of an address; a longer one is no link."""
    both: bool = True
    """The title in both languages, sectors and what changed."""
    short: bool = False
    """It says less than the text part, and says so."""


_DETAILS = (
    Detail(),
    Detail(title=120, address=500, short=True),
    Detail(title=80, address=300, both=False, short=True),
    Detail(title=40, address=120, both=False, short=True),
)


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
    environment.filters |= {"countdown": countdown, "cut": cut, "redline": _redline}
    environment.globals |= _STYLES
    return environment


def page(template: str, **values: object) -> str:
    """A template of this room filled in, for what else is sent as mail."""
    return _templates().get_template(template).render({"preview": "", "footer": "", **values})


def _redline(line: str) -> "Markup":
    """A line in which [-what went-] is struck out and {+what came+} is set off."""
    from markupsafe import Markup

    shown = Markup()
    for n, part in enumerate(_EDITS.split(line)):
        if not n % 2:
            shown += part
        elif part.startswith("["):
            shown += Markup('<del style="{}">{}</del>').format(_GONE, part[2:-2])
        else:
            shown += Markup('<ins style="{}">{}</ins>').format(_CAME, part[2:-2])
    return shown


# ---------------------------------------------------------------- messages


def alerts(batch: Sequence[Alert], now: datetime, coverage: str = "") -> Message:
    """One alert, or a digest where there are several or its `coverage` is told, as mail."""
    footer = _footer(alert.posting for alert in batch)
    if len(batch) == 1 and not coverage:
        text = alert_text(batch[0], now)
        return Message(
            subject=text.subject,
            text=_text(terminal.alert_lines(text, WIDTH), footer),
            html=page(
                "alert.html",
                subject=text.subject,
                alert=text,
                preview=_preview(text),
                footer=footer,
            ),
        )
    digest = compile_digest(batch, now, coverage)
    return Message(
        subject=digest.subject,
        text=_text(terminal.digest_lines(digest, WIDTH), footer),
        html=_digest_html(digest, footer),
    )


def notice(subject: str, lines: Sequence[str]) -> Message:
    """A notice to operators as mail."""
    heading, said = notice_subject(subject), notice_lines(lines)
    return Message(
        subject=heading,
        text="\n".join(terminal.notice_text(heading, lines, WIDTH)),
        html=page(
            "notice.html", subject=heading, lines=said, preview=cut(" ".join(said[:2]), _PREVIEW)
        ),
    )


def _text(lines: Sequence[str], footer: str) -> str:
    end = ["", *terminal.wrap(footer, WIDTH, "  ")] if footer else []
    return "\n".join([*lines, *end])


def _digest_html(digest: Digest, footer: str) -> str:
    """The digest in as much detail as no mail program hides the end of."""
    titles = [row.text.title for group in digest.groups for row in group.rows]
    preview = cut(" · ".join(cut(title, 60) for title in titles[:3]), _PREVIEW)
    for detail in _DETAILS:
        html = page(
            "digest.html",
            subject=digest.subject,
            digest=digest,
            detail=detail,
            preview=preview,
            footer=footer,
        )
        if len(html.encode()) <= CLIPPED:
            break
    return html


def _preview(text: AlertText) -> str:
    """What a list of mails shows behind the subject, which has the heading and the title."""
    return cut(" · ".join(filter(None, (text.title_too, *text.in_short, *text.sectors))), _PREVIEW)


def _footer(postings: Iterable[Posting]) -> str:
    """How to hear something else; "" where it is not known for whom this was made."""
    named = dict.fromkeys(
        "/".join(filter(None, (posting.team, posting.subscription))) for posting in postings
    )
    names = ", ".join(list(filter(None, named))[:3])
    return f"Sent for {names}. To change what you hear, ask who runs watcher." if names else ""
