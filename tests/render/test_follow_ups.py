"""What follow-ups say: reminders, corrections, finals, and posted alerts that are put right."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rich.cells import cell_len

from tests.render.lamps import DRAFT, FINAL, NEW_DRAFT, NEW_FINAL, NOW
from tests.render.situations import SITUATIONS
from watcher.followup import put_right
from watcher.model import Alert, ChangeKind, Link, Message, Stage
from watcher.posting import Posting
from watcher.render import render_alerts
from watcher.render.alert import alert_text
from watcher.render.differs import since
from watcher.render.slack import to_all
from watcher.store.papers import StoredChange
from watcher.store.postings import Review

FORCE = replace(FINAL, facts=replace(FINAL.facts, effective=date(2027, 5, 1)))


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("alert", "now", "heading", "urgency"),
    [
        (
            replace(NEW_DRAFT, kind=ChangeKind.DEADLINE),
            at("2026-11-06"),
            "Deadline near · draft for comment · LAMP, MIIT",
            "2 days left · until Sun 8 Nov 2026",
        ),
        (
            replace(NEW_DRAFT, kind=ChangeKind.CLOSED),
            at("2026-11-09"),
            "Comments closed · draft for comment · LAMP, MIIT",
            "comments closed Sun 8 Nov 2026",
        ),
        (
            replace(NEW_FINAL, document=FORCE, kind=ChangeKind.IN_FORCE),
            at("2027-04-24"),
            "In force soon · final · LAMP",
            "in 7 days · from Sat 1 May 2027",
        ),
        (
            replace(NEW_FINAL, document=FORCE, kind=ChangeKind.IN_FORCE),
            at("2027-04-30T08:00"),
            "In force soon · final · LAMP",
            "tomorrow · from Sat 1 May 2027",
        ),
        (
            replace(NEW_FINAL, document=FORCE),
            at("2027-03-01"),
            "Final · LAMP",
            "in force from Sat 1 May 2027",
        ),
        (
            replace(NEW_FINAL, document=FORCE),
            at("2027-06-01"),
            "Final · LAMP",
            "in force since Sat 1 May 2027",
        ),
    ],
)
def test_how_urgent(alert: Alert, now: datetime, heading: str, urgency: str) -> None:
    text = alert_text(alert, now)
    assert (text.heading, text.urgency) == (heading, urgency)
    assert not any("In force" in point for point in text.points), "said once"


@pytest.mark.parametrize("kind", [ChangeKind.DEADLINE, ChangeKind.IN_FORCE, ChangeKind.NO_FINAL])
def test_a_reminder_does_not_tell_the_differences_again(kind: ChangeKind) -> None:
    text = alert_text(replace(NEW_FINAL, kind=kind), NOW)
    assert text.changed == text.in_short
    assert text.quoted == ()
    assert "31 articles" not in str(text.changed)


def test_a_moved_deadline_is_told_first() -> None:
    text = alert_text(
        replace(NEW_DRAFT, kind=ChangeKind.MODIFIED, was="deadline was 2026-11-01"), NOW
    )
    assert text.what == "Deadline extended · draft for comment"
    assert text.in_short == ("Deadline extended: until Sun 8 Nov 2026 (was Sun 1 Nov 2026)",)


@pytest.mark.parametrize("pressable", [True, False])
def test_how_to_see_all_changes(pressable: bool) -> None:
    """By a button where clicks are heard, else by the command."""
    posting = Posting(pressable=pressable)
    alert = replace(NEW_FINAL, delivery="0f" * 16, posting=posting)
    said = str(render_alerts("slack", [alert], NOW).blocks)
    assert ("watcher diff doc:1 doc:2" in said) == (not pressable)
    assert ("open_diff" in said) == pressable
    reminder = render_alerts("slack", [replace(alert, kind=ChangeKind.IN_FORCE)], NOW)
    assert "watcher diff" not in str(reminder.blocks)
    assert "open_diff" not in str(reminder.blocks)


def test_a_digest_has_one_line_of_differences_and_no_quotation() -> None:
    said = str(render_alerts("slack", [NEW_FINAL, NEW_DRAFT], NOW).blocks)
    assert "Final of the draft of Fri 9 Oct 2026: 31 articles (draft 28)" in said
    assert "三十" not in said


def test_what_went_is_struck_out_and_what_came_is_bold() -> None:
    blocks = render_alerts("slack", [NEW_FINAL], NOW).blocks
    [rich] = [block for block in blocks if block["type"] == "rich_text"]
    runs = rich["elements"][0]["elements"][1]["elements"]
    assert [(run["text"], run.get("style")) for run in runs] == [
        ("第九条 → 第十条: 30 → 15 days · 期限: 应当在", None),
        ("三十", {"strike": True}),
        ("十五", {"bold": True}),
        ("日内报告。", None),
    ]


# ---------------------------------------------------------------- threads


def new(stage: Stage | None) -> Alert:
    return replace(NEW_DRAFT, document=replace(DRAFT, facts=replace(DRAFT.facts, stage=stage)))


@pytest.mark.parametrize(
    ("alert", "shown"),
    [
        (new(Stage.FINAL), True),
        (new(Stage.DRAFT), True),
        (new(None), True),
        (new(Stage.INTERPRETATION), False),
        (replace(NEW_DRAFT, kind=ChangeKind.MODIFIED, was="the deadline was 2026-11-08"), True),
        (replace(NEW_DRAFT, kind=ChangeKind.MODIFIED, was="the text has changed"), False),
        (replace(NEW_DRAFT, kind=ChangeKind.DEADLINE), True),
        (replace(NEW_DRAFT, kind=ChangeKind.IN_FORCE), True),
        (replace(NEW_DRAFT, kind=ChangeKind.WITHDRAWN), True),
        (replace(NEW_DRAFT, kind=ChangeKind.CLOSED), False),
        (replace(NEW_DRAFT, kind=ChangeKind.NO_FINAL), False),
        (replace(NEW_DRAFT, kind=ChangeKind.RESTORED), False),
    ],
)
def test_what_a_thread_must_not_hide(alert: Alert, shown: bool) -> None:
    assert to_all(alert) is shown
    assert render_alerts("slack", [alert], NOW).broadcast is shown


# ---------------------------------------------------------------- put right


def change(kind: ChangeKind, was: str | None = None, number: int = 8) -> StoredChange:
    return StoredChange(
        id=number,
        kind=kind,
        document=DRAFT,
        source_id="lamps",
        was=was,
        before_id=None,
        after_id=None,
        at=at("2026-10-12T23:00"),
    )


@pytest.mark.parametrize(
    ("after", "kind", "said"),
    [
        ([], ChangeKind.NEW, ""),
        ([change(ChangeKind.DEADLINE)], ChangeKind.NEW, ""),
        (
            [change(ChangeKind.MODIFIED, "the deadline was 2026-11-01")],
            ChangeKind.NEW,
            "Corrected Tue 13 Oct 2026: the deadline was Sun 1 Nov 2026",
        ),
        (
            [change(ChangeKind.MODIFIED), change(ChangeKind.WITHDRAWN)],
            ChangeKind.WITHDRAWN,
            "Withdrawn, seen Tue 13 Oct 2026",
        ),
        (
            [change(ChangeKind.WITHDRAWN), change(ChangeKind.RESTORED)],
            ChangeKind.NEW,
            "Back again since Tue 13 Oct 2026",
        ),
    ],
)
def test_what_became_of_a_paper_since(
    after: list[StoredChange], kind: ChangeKind, said: str
) -> None:
    now = put_right(NEW_DRAFT, after, None)
    assert (now.kind, now.posting.since) == (kind, said)
    assert (said in str(render_alerts("slack", [now], NOW).blocks)) or not said


def test_a_correction_without_words_is_of_the_text() -> None:
    assert since(ChangeKind.MODIFIED, None, NOW, "UTC") == "Corrected Sat 10 Oct 2026: its text"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("reviewed", "Reviewed by <@U1> & Ann"),
        ("not_relevant", "Marked not relevant by <@U1> & Ann"),
        ("open", ""),
        ("of a later version", ""),
    ],
)
def test_who_said_what(state: str, said: str) -> None:
    review = Review(state=state, by="<@U1> & Ann", at=NOW)
    posting = replace(NEW_DRAFT.posting, pressable=True)
    alert = put_right(replace(NEW_DRAFT, posting=posting), [], review)
    assert alert.posting.reviewed == said
    blocks = str(render_alerts("slack", [alert], NOW).blocks)
    assert ("&lt;@U1&gt; &amp; Ann" in blocks) == bool(said)
    assert ("'action_id': 'reviewed'" in blocks) != bool(said)


# ---------------------------------------------------------------- how much


@pytest.mark.parametrize(("name", "message"), SITUATIONS.items())
def test_no_alert_is_more_than_a_phones_screen(name: str, message: Message) -> None:
    """About forty narrow characters a line and thirty lines; a digest is a list, and longer."""
    lines = 0
    for block in message.blocks:
        for text in texts(block):
            lines += sum(1 + max(0, cell_len(line) - 1) // 42 for line in text.split("\n"))
        lines += block["type"] == "actions"
    assert lines <= 30 or name == "digest"


def texts(block: object) -> list[str]:
    """What is shown by a block, each paragraph once."""
    if isinstance(block, dict):
        if block.get("type") == "rich_text_section":
            return ["".join(run["text"] for run in block["elements"])]
        if isinstance(block.get("text"), str):
            return [block["text"]]
        if block.get("type") == "actions":
            return []
        return [found for value in block.values() for found in texts(value)]
    if isinstance(block, list | tuple):
        return [found for value in block for found in texts(value)]
    return []


def test_a_round_says_so() -> None:
    link = Link(draft="1", final="2", state="linked", score=0.9, kind="round")
    text = alert_text(replace(NEW_FINAL, link=link), NOW)
    assert text.in_short[0].startswith("New round after the draft of Fri 9 Oct 2026: 31 articles")
