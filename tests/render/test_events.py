"""What reminders and moved deadlines say: how urgent, what moved, what to do."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.render.lamps import DRAFT, FINAL, NEW_DRAFT
from watcher.model import Alert, ChangeKind, Document, Facts
from watcher.render import NOTICES, render_alerts
from watcher.render.alert import alert_text
from watcher.render.letter import letter, open_paper, render_letter

NOW = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)  # the draft's comments end on the 8th
IN_FORCE = replace(FINAL, facts=replace(FINAL.facts, effective=date(2026, 11, 13)))


def said(kind: ChangeKind, document: Document = DRAFT, **but: Any) -> Alert:
    return replace(NEW_DRAFT, kind=kind, document=document, **but)


def draft(**facts: Any) -> Document:
    return replace(DRAFT, facts=replace(DRAFT.facts, **facts))


@pytest.mark.parametrize(
    ("alert", "what", "urgency", "changed"),
    [
        (
            said(ChangeKind.DEADLINE),
            "Deadline near · draft for comment",
            "2 days left · until Sun 8 Nov 2026",
            ("Where comments go stands on the paper's page",),
        ),
        (
            said(ChangeKind.DEADLINE, draft(comments_to=("a@lamp.cn", "https://lamp.cn/x", "b@c.cn"))),
            "Deadline near · draft for comment",
            "2 days left · until Sun 8 Nov 2026",
            ("Send comments to a@lamp.cn or https://lamp.cn/x",),
        ),
        (
            said(ChangeKind.CLOSED, draft(deadline=date(2026, 11, 5))),
            "Comments closed · draft for comment",
            "comments closed Thu 5 Nov 2026",
            ("No more comments are taken; the final, when it comes, is told here",),
        ),
        (
            said(ChangeKind.IN_FORCE, IN_FORCE),
            "In force soon · final",
            "in 7 days · from Fri 13 Nov 2026",
            (),
        ),
        (
            said(ChangeKind.IN_FORCE, replace(IN_FORCE, facts=Facts(effective=date(2026, 11, 6)))),
            "In force soon",
            "today · from Fri 6 Nov 2026",
            (),
        ),
        (
            said(ChangeKind.NO_FINAL, replace(DRAFT, published=date(2025, 5, 6))),
            "No final yet · draft for comment",
            "draft of Tue 6 May 2025",
            (
                "Neither a final nor a new round was found in 18 months: it may have been dropped, "
                "or be out under another name",
            ),
        ),
        (
            said(ChangeKind.MODIFIED, was="the deadline was 2026-11-01; the text of its page was changed"),
            "Deadline extended · draft for comment",
            "2 days left · until Sun 8 Nov 2026",
            (
                "Deadline extended: until Sun 8 Nov 2026 (was Sun 1 Nov 2026)",
                "Changed: the text of its page was changed",
            ),
        ),
        (
            said(ChangeKind.MODIFIED, was="title was 'x'; deadline was 2026-12-01"),
            "Deadline brought forward · draft for comment",
            "2 days left · until Sun 8 Nov 2026",
            (
                "Deadline brought forward: until Sun 8 Nov 2026 (was Tue 1 Dec 2026)",
                "Changed: title was 'x'",
            ),
        ),
        # moved to and fro: as it was
        (
            said(ChangeKind.MODIFIED, was="deadline was 2026-11-08"),
            "Correction · draft for comment",
            "2 days left · until Sun 8 Nov 2026",
            ("Changed: deadline was 2026-11-08",),
        ),
        (
            said(ChangeKind.MODIFIED, was="deadline was 2026-99-99"),
            "Correction · draft for comment",
            "2 days left · until Sun 8 Nov 2026",
            ("Changed: deadline was 2026-99-99",),
        ),
    ],
)  # fmt: skip
def test_events_in_words(alert: Alert, what: str, urgency: str, changed: tuple[str, ...]) -> None:
    text = alert_text(alert, NOW)
    assert (text.what, text.urgency, text.changed) == (what, urgency, changed)
    if alert.kind is not ChangeKind.MODIFIED:  # the day came: nobody saw anything then
        assert text.seen.startswith("Seen at 灯具局")


@pytest.mark.parametrize("medium", sorted(NOTICES))
@pytest.mark.parametrize("kind", ChangeKind)
def test_every_event_is_told_in_every_medium(medium: str, kind: ChangeKind) -> None:
    message = render_alerts(medium, [said(kind, IN_FORCE)], NOW)
    assert message.subject and FINAL.title in message.text


@pytest.mark.parametrize("medium", [*sorted(NOTICES), "a medium of later"])
def test_a_letter_is_harmless_in_every_medium(medium: str) -> None:
    bad = "<!channel> & <b>\x00\x1b[2J *x*"
    paper = replace(DRAFT, title=f"{bad}稿", aka=(), url="javascript:alert(1)")
    entry = open_paper(paper, None, NOW, "Europe/Berlin")
    message = render_letter(medium, letter(f"{bad} team", [bad], [entry], [bad]))
    assert entry.url is None
    for sent in (message.subject, message.text, message.html or ""):
        assert "\x00" not in sent and "\x1b" not in sent and "javascript:" not in sent
    if message.html is not None:
        assert "<b>" not in message.html and "&lt;b&gt;" in message.html
    if message.blocks:
        assert "<!channel>" not in str(message.blocks) and "<!channel>" not in message.text
