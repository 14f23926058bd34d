"""Alerts and notices as data for programs: what a webhook posts. webhook.schema.json holds its form.

Text is cleaned (one line, no control characters) and not escaped: who shows it must escape it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from watcher.model import Alert, Document, Message
from watcher.render import terminal
from watcher.render.alert import alert_text, sector_codes
from watcher.render.notice import notice_lines, notice_subject
from watcher.render.scraped import clean, web_link

VERSION = 1
"""Raised when a key is renamed or taken away; keys may be added under the same number."""


def alerts(batch: Sequence[Alert], now: datetime, coverage: str = "") -> Message:
    """One alert, or those of a digest, as data; subject and text as on a terminal."""
    plain = terminal.alerts(batch, now, coverage)
    told = [_alert(alert, now) for alert in batch]
    return _message(plain, "alerts", alerts=told, coverage=clean(coverage))


def notice(subject: str, lines: Sequence[str]) -> Message:
    """A notice to operators as data."""
    plain = terminal.notice(subject, lines)
    return _message(plain, "notice", lines=notice_lines(lines), title=notice_subject(subject))


def letter(message: Message) -> Message:
    """What has no data of its own (a greeting, an empty period, a brief) as its words alone."""
    return _message(message, "letter")


def _message(plain: Message, kind: str, **content: Any) -> Message:
    data = {"version": VERSION, "kind": kind, "subject": plain.subject, **content}
    return Message(subject=plain.subject, text=plain.text, data=data | {"text": plain.text})


def _alert(alert: Alert, now: datetime) -> Mapping[str, Any]:
    text = alert_text(alert, now)
    return {
        "event": alert.kind.value,
        "heading": text.heading,
        "urgency": text.urgency,
        "paper": _paper(alert.document)
        | {
            "title_en": clean(alert.english.text) if alert.english else None,
            "title_en_by": clean(alert.english.by) if alert.english else None,
            "title_en_machine": bool(alert.english and alert.english.machine),
        },
        "draft": _paper(alert.draft) if alert.draft else None,
        "link": alert.link.state if alert.link else None,
        "changed": list(text.changed),
        "points": list(text.points),
        "diff_summary": clean(alert.diff_summary) or None,
        "diff_summary_zh": clean(alert.diff_summary_zh) or None,
        "reason": clean(alert.reason),
        "source": clean(alert.source_name),
        "also_at": [clean(name) for name in alert.sightings],
        "seen_at": alert.seen_at.isoformat(),
        "delivery": clean(alert.delivery),
    }


def _paper(document: Document) -> dict[str, Any]:
    facts = document.facts
    return {
        "id": document.id,
        "title": clean(document.title),
        "url": web_link(document.url),
        "published": _day(document.published),
        "signed": _day(document.signed),
        "number": clean(facts.doc_number) or None,
        "stage": facts.stage.value if facts.stage else None,
        "round": facts.round,
        "doc_type": facts.doc_type.value if facts.doc_type else None,
        "bodies": list(facts.bodies),
        "issuer": clean(facts.issuer) or None,
        "sectors": list(sector_codes(document)),
        "deadline": _day(facts.deadline),
        "effective": _day(facts.effective),
        "attachments": [
            {"name": clean(each.name), "url": web_link(each.url)} for each in document.attachments
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
