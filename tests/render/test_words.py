"""What an alert says of each situation, in tables."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.render.lamps import DIGEST, DRAFT, FINAL, NEW_DRAFT, NEW_FINAL, NOW, paper
from watcher.model import (
    Alert,
    ChangeKind,
    Citation,
    Classification,
    Document,
    EnglishTitle,
    Facts,
    Link,
    PolicyTarget,
    Stage,
)
from watcher.render import render_alerts, render_notice, render_terminal
from watcher.render.alert import alert_text, target_words, who
from watcher.render.days import days_left, period
from watcher.render.digest import compile_digest


def about(kind: ChangeKind, **facts: object) -> Alert:
    known = Facts(**facts)  # type: ignore[arg-type] # fields of Facts, named by the tables
    return replace(NEW_DRAFT, kind=kind, document=replace(DRAFT, facts=known))


@pytest.mark.parametrize(
    ("alert", "first_line"),
    [
        (NEW_DRAFT, "Draft for comment · LAMP, MIIT | 29 days left · until Sun 8 Nov 2026"),
        (NEW_FINAL, "Final · LAMP"),
        (
            about(ChangeKind.NEW, stage=Stage.DRAFT, round=2),
            "Draft for comment, round 2 · body unknown | deadline unknown",
        ),
        (
            about(ChangeKind.NEW, stage=Stage.DRAFT, bodies=("LAMP",), deadline=date(2026, 10, 9)),
            "Draft for comment · LAMP | comments closed Fri 9 Oct 2026",
        ),
        (
            about(ChangeKind.NEW, stage=Stage.INTERPRETATION, bodies=("LAMP",)),
            "Interpretation · LAMP",
        ),
        (
            about(ChangeKind.NEW, stage=Stage.CALL, bodies=("LAMP", "+11")),
            "Call for applications · LAMP and 11 more",
        ),
        (about(ChangeKind.NEW), "Paper of unknown stage · body unknown"),
        (
            about(ChangeKind.MODIFIED, stage=Stage.FINAL, bodies=("LAMP",)),
            "Correction · final · LAMP",
        ),
        (about(ChangeKind.MODIFIED), "Correction · body unknown"),
        (
            about(ChangeKind.WITHDRAWN, stage=Stage.DRAFT, deadline=date(2026, 11, 8)),
            "Withdrawn · draft for comment · body unknown",
        ),
        (about(ChangeKind.RESTORED, stage=Stage.NEWS), "Back again · news · body unknown"),
    ],
)
def test_what_who_how_urgent(alert: Alert, first_line: str) -> None:
    text = alert_text(alert, NOW)
    assert " | ".join(filter(None, (text.heading, text.urgency))) == first_line


@pytest.mark.parametrize(
    ("bodies", "said"),
    [
        ((), "body unknown"),
        (("LAMP",), "LAMP"),
        (("LAMP", "LAMP", "CAC"), "LAMP, CAC"),
        (("A", "B", "C", "D", "+11"), "A, B, C and 12 more"),
        (("+2",), "2 bodies, not named"),
    ],
)
def test_who(bodies: tuple[str, ...], said: str) -> None:
    assert who(bodies) == said


def test_a_body_without_a_code_is_called_by_its_name() -> None:
    assert who((), "灯具局") == "灯具局"
    assert who(("MIIT",), "灯具局") == "MIIT"


@pytest.mark.parametrize(
    ("now", "zone", "days"),
    [
        # 8 Nov ends in China at 16:00 UTC, at 17:00 in Berlin, at 11:00 in New York
        ("2026-11-01T12:00", "Asia/Shanghai", 7),
        ("2026-11-07T22:00", "Europe/Berlin", 1),
        ("2026-11-07T22:00", "Asia/Shanghai", 0),
        ("2026-11-08T15:59", "Europe/Berlin", 0),
        ("2026-11-08T16:00", "Europe/Berlin", -1),
        ("2026-11-08T16:00", "America/New_York", -1),
        ("2026-11-08T12:00", "Pacific/Auckland", 0),
    ],
)
def test_a_deadline_is_a_day_in_china_on_the_readers_calendar(
    now: str, zone: str, days: int
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert days_left(date(2026, 11, 8), moment, zone) == days


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 10, 9), date(2026, 10, 9), "9 Oct 2026"),
        (date(2026, 10, 9), date(2026, 10, 15), "9–15 Oct 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "28 Sep–4 Oct 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026–3 Jan 2027"),
    ],
)
def test_period(start: date, end: date, said: str) -> None:
    assert period(start, end) == said


UNDATED = replace(DRAFT, published=None)


@pytest.mark.parametrize(
    ("draft", "state", "kind", "said"),
    [
        (DRAFT, "linked", "final", "Final of the draft of Fri 9 Oct 2026: Measures"),
        (UNDATED, "linked", "final", "Final of a draft without a date: Measures"),
        (DRAFT, "suggested", "final", "Perhaps the final of the draft of Fri 9 Oct 2026 (not conf"),
        (DRAFT, "linked", "round", "New round after the draft of Fri 9 Oct 2026: Measures"),
    ],
)
def test_the_draft_behind(draft: Document, state: str, kind: str, said: str) -> None:
    link = Link(draft="1", final="2", state=state, score=0.9, kind=kind)
    text = alert_text(replace(NEW_FINAL, draft=draft, link=link), NOW)
    assert text.changed[0].startswith(said)
    assert text.changed[1].startswith("Against it: 31 articles")


def target(value: float | tuple[float, float], unit: str, by_year: int | None) -> PolicyTarget:
    return PolicyTarget(quantity="培育智能灯具工厂", value=value, unit=unit, by_year=by_year)


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        (Facts(), []),
        (Facts(effective=date(2027, 5, 1)), ["In force from Sat 1 May 2027"]),
        (
            Facts(cites=(Citation(title="灯具法", relation="basis"),)),
            [],
        ),
        (
            Facts(
                cites=tuple(
                    Citation(title=f"灯具数据办法（{n}）", relation="repeals") for n in range(3)
                )
            ),
            ["Repeals 《灯具数据办法（0）》 and 2 more"],
        ),
        (
            Facts(cites=(Citation(title="灯具条例", relation="amends"),)),
            ["Amends 《灯具条例》"],
        ),
        (
            Facts(targets=(target(500, "家 (min)", 2027), target((3, 5), "个", None))),
            ["培育智能灯具工厂: at least 500 家 by 2027", "培育智能灯具工厂: 3–5 个"],
        ),
        (
            Facts(targets=(target(12000, "万元 (max)", 2030), target(99.5, "percent", 2028))),
            [
                "培育智能灯具工厂: at most 12,000 万元 by 2030",
                "培育智能灯具工厂: 99.5% by 2028",
            ],
        ),
        (
            Facts(
                effective=date(2027, 5, 1),
                cites=(Citation(title="灯具办法", relation="replaces"),),
                targets=(target(1, "个", None), target(2, "个", None)),
            ),
            [
                "In force from Sat 1 May 2027",
                "Replaces 《灯具办法》",
                "培育智能灯具工厂: 1 个",
            ],
        ),
    ],
)
def test_what_the_paper_sets(facts: Facts, points: list[str]) -> None:
    alert = replace(NEW_FINAL, document=replace(FINAL, facts=facts))
    text = alert_text(alert, NOW)
    assert list(text.points) == points
    for kind in ("slack", "email", "console"):
        message = render_alerts(kind, [alert], NOW)
        assert all(point in message.text.replace("\n    ", " ") for point in points)
    assert alert_text(replace(alert, kind=ChangeKind.WITHDRAWN), NOW).points == ()


@pytest.mark.parametrize("machine", [True, False])
@pytest.mark.parametrize(
    ("title", "aka", "titles", "marked"),
    [
        ("智能灯具办法", (), ("Measures for Smart Lamps", "智能灯具办法"), True),
        ("智能灯具办法", ("Smart Lamps",), ("Smart Lamps", "智能灯具办法"), False),
        ("Smart Lamps", (), ("Smart Lamps", None), False),
    ],
)
def test_an_english_title_of_ours_is_marked(
    title: str, aka: tuple[str, ...], titles: tuple[str, str | None], marked: bool, machine: bool
) -> None:
    by = "machine translation, DeepL" if machine else "by pattern and glossary"
    made = EnglishTitle(text="Measures for Smart Lamps", by=by, machine=machine)
    document = replace(FINAL, title=title, aka=aka)
    alert = replace(NEW_FINAL, document=document, english=made)
    text = alert_text(alert, NOW)
    mark = " [machine translation]" if marked and machine else ""
    assert (text.title, text.title_too) == (titles[0] + mark, titles[1])
    assert (f"English title: {by}" in text.facts) == marked
    for kind in ("slack", "email", "console"):  # a digest too, which has no small print
        digest = render_alerts(kind, [alert, NEW_DRAFT], NOW)
        assert ("[machine translation]" in digest.text) == bool(mark)


def test_what_is_unknown_is_not_invented() -> None:
    bare = Document(
        id=9, source_id="x", url=None, title="", facts=Facts(), classification=Classification()
    )
    alert = replace(NEW_DRAFT, document=bare, reason="", source_name="", sightings=())
    assert render_terminal(alert, now=NOW).splitlines() == [
        "Paper of unknown stage · body unknown",
        "(no title)",
        "Seen Fri 9 Oct 2026 14:02 CEST at an unnamed source",
        "Why you: no reason recorded",
        "No address known.",
    ]


def test_a_sector_of_the_operators_own_goes_by_its_code() -> None:
    document = replace(DRAFT, classification=Classification(primary="lamps"))
    assert alert_text(replace(NEW_DRAFT, document=document), NOW).sectors == ("lamps",)


@pytest.mark.parametrize("kind", ["slack", "email", "console"])
def test_an_alert_fits_a_phone(kind: str) -> None:
    """The longest alert there can be: about forty lines of forty characters, without its link."""
    long = replace(
        NEW_FINAL,
        document=replace(
            FINAL,
            title="灯具" * 400,
            aka=("Lamps " * 300,),
            attachments=(),
            facts=replace(
                FINAL.facts,
                targets=(PolicyTarget(quantity="灯" * 900, value=1, unit="盏" * 900, by_year=2030),)
                * 9,
            ),
        ),
        reason="because " * 300,
        was="灯" * 3000,
        source_name="灯" * 300,
        sightings=tuple(f"source {n}" for n in range(50)),
    )
    assert len(render_alerts(kind, [long], NOW).text) < 2050


# ---------------------------------------------------------------- digests


def test_a_digest_tells_each_paper_once() -> None:
    corrected = replace(
        NEW_DRAFT,
        kind=ChangeKind.MODIFIED,
        was="deadline was 8 November",
        seen_at=datetime(2026, 10, 10, 6, 0, tzinfo=UTC),
    )
    for kind in ("slack", "email", "console"):
        text = render_alerts(kind, [corrected, *DIGEST], NOW).text
        assert text.count("智能灯具数据管理办法（征求意见稿）") == 1
        assert "correction: draft" not in text  # new to who reads the digest


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ("new modified", "final · LAMP"),
        ("new withdrawn", "withdrawn: final · LAMP"),
        ("modified modified", "correction: final · LAMP"),
        ("withdrawn restored", "back again: final · LAMP"),
    ],
)
def test_what_became_of_a_paper_in_the_period(kinds: str, said: str) -> None:
    alerts = [
        replace(paper(3), kind=ChangeKind(kind), was=f"was {n}", seen_at=NOW.replace(minute=n))
        for n, kind in enumerate(kinds.split())
    ]
    text = render_alerts("console", [*alerts[::-1], paper(4)], NOW).text
    assert f"  {said}\n    关于第3批" in text


def test_a_digest_begins_with_the_next_deadline() -> None:
    due = [
        paper(n, facts=Facts(stage=Stage.DRAFT, deadline=date(2026, 11, day)))
        for n, day in [(3, 20), (4, 2), (5, 9)]
    ]
    closed = paper(6, facts=Facts(stage=Stage.DRAFT, deadline=date(2026, 10, 1)))
    lines = render_alerts("email", [paper(7), closed, *due], NOW).text.splitlines()
    assert lines[0].endswith("5 papers, 3 deadlines")
    order = [line.strip()[3] for line in lines if line.startswith("    关于第")]
    assert "".join(order)[:3] == "453"
    assert sorted(order) == list("34567")


def test_slack_counts_what_it_has_no_room_for() -> None:
    alerts = [paper(n) for n in range(1, 200)]
    blocks = render_alerts("slack", alerts, NOW).blocks
    shown = sum(str(block).count("<https") for block in blocks)
    [more] = [str(block) for block in blocks if "too many for one Slack message" in str(block)]
    assert 20 < shown < 199
    assert f"{199 - shown} more papers" in more


def test_mail_shows_every_paper() -> None:
    message = render_alerts("email", [paper(n) for n in range(1, 200)], NOW)
    assert message.html is not None
    for text in (message.text, message.html):
        assert all(f"关于第{n}批智能灯具目录的通知" in text for n in range(1, 200))


def test_a_storm_of_faults_is_one_short_notice() -> None:
    message = render_notice("slack", "500 sources fail", [f"source {n}" for n in range(500)])
    assert "and 475 more" in message.text
    assert len(message.blocks) < 10


def test_no_alert_is_no_message() -> None:
    with pytest.raises(ValueError, match="at least one"):
        render_alerts("slack", [], NOW)


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("smart lamp factories by 2028", "smart lamp factories: at least 5 lamps by 2028"),
        ("rate of lamp makers to over by 2028", "rate of lamp makers: at least 5 lamps by 2028"),
        ("share of bulbs to more than", "share of bulbs: at least 5 lamps by 2028"),
        ("places to stand", "places to stand: at least 5 lamps by 2028"),
    ],
)
def test_a_target_in_english_says_its_year_once(quantity: str, said: str) -> None:
    found = PolicyTarget(quantity=quantity, value=5, unit="lamps (min)", by_year=2028)
    assert target_words(found) == said


def test_a_correction_is_told_against_the_text_before() -> None:
    text = alert_text(replace(NEW_FINAL, kind=ChangeKind.MODIFIED, was="the text"), NOW)
    assert [line.partition(":")[0] for line in text.changed[:3]] == [
        "Changed", "Against the text before", "共31条（征求意见稿28条）：14条未变，9条修改（实质性4条），3条仅序号变化，1条移动，新增4条，删除1条",
    ]  # fmt: skip
    assert any(line.startswith("Final of the draft of") for line in text.changed)
    assert not any(line.startswith("Against it") for line in text.changed)


@pytest.mark.parametrize(("length", "quoted"), [(20, 3), (100, 2), (600, 0)])
def test_quotations_leave_room_on_a_phone(length: int, quoted: int) -> None:
    points = tuple(f"{n}{'灯' * (length - 1)}" for n in range(5))
    text = alert_text(replace(NEW_FINAL, diff_points=points), NOW)
    assert text.changed[3:] == (*points[:quoted], "Whole comparison: watcher diff doc:1 doc:2")


COUNTS = "31 articles (draft 28): 14 same, 3 renumbered only, 9 changed (4 substantive), 4 new"


@pytest.mark.parametrize(
    ("alert", "brief"),
    [
        (NEW_DRAFT, ""),
        (replace(NEW_FINAL, diff_summary=None), "Final of the draft of Fri 9 Oct 2026"),
        (NEW_FINAL, f"Final of the draft of Fri 9 Oct 2026: {COUNTS}, 1 deleted, 1 moved"),
        (replace(NEW_DRAFT, kind=ChangeKind.MODIFIED, was="the deadline was 2026-11-01"), "Deadline extended: until Sun 8 Nov 2026 (was Sun 1 Nov 2026)"),
        (
            replace(NEW_FINAL, kind=ChangeKind.MODIFIED, was="the text of its page was changed", diff_summary="3 articles (before 3): 3 same"),
            "Changed: the text of its page was changed: 3 articles (before 3): 3 same",
        ),
    ],
    ids=["nothing", "draft without text", "final", "deadline", "correction"],
)  # fmt: skip
def test_what_differs_in_a_line(alert: Alert, brief: str) -> None:
    (group,) = compile_digest([alert], NOW).groups
    assert [row.differs for row in group.rows] == [brief]


def test_a_digest_counts_and_quotes_nothing() -> None:
    for kind in ("console", "email", "slack"):
        message = render_alerts(kind, DIGEST, NOW)
        whole = f"{message.text}{message.html}{message.blocks}"
        assert "9 changed (4 substantive)" in " ".join(whole.split())
        assert "十五" not in whole
        assert "共31条" not in whole


def test_who_hears_first_in_a_digest_is_told_of_the_draft_not_of_a_slip_since() -> None:
    slip = replace(
        NEW_FINAL, kind=ChangeKind.MODIFIED, was="the text", diff_summary="31 articles (before 31): 31 same",
        seen_at=NEW_FINAL.seen_at.replace(hour=9),
    )  # fmt: skip
    told = render_alerts("console", [NEW_FINAL, slip, NEW_DRAFT], NOW).text
    assert "31 articles (draft 28)" in " ".join(told.split())
    assert "before 31" not in told
