"""What the calendar makes of papers: told once, in time, to whom it concerns, and taken back in time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.flows.house import (
    CONSOLE,
    DRAFT,
    FINAL,
    OLD,
    OPS,
    START,
    TEXT,
    House,
    document,
    house,
    listing,
    paper,
    source,
)
from tests.loopback import Loopback
from watcher.model import ChangeKind
from watcher.remind import Reminder, months_after
from watcher.settings import Cadence, Config, Quiet, Subscription, Target, Team
from watcher.store import open_store
from watcher.store import schema as t

DEADLINE = date(2026, 12, 2)  # of the draft; the house opens on Mon 2 Nov 2026, 02:00 in Berlin
OTHER = Target(kind="console", address="other")


def team(*subscriptions: Subscription, **but: Any) -> Team:
    usual: dict[str, Any] = {
        "id": "law",
        "name": "Law",
        "timezone": "Europe/Berlin",
        "to": (CONSOLE,),
        "subscriptions": subscriptions,
        "greet": False,
    }
    return Team(**(usual | but))


@contextmanager
def opened(folder: Path, site: Loopback, *teams: Team) -> Iterator[House]:
    """A house with its baseline, in which the draft was found, read and told."""
    config = Config(path=folder / "sources.yaml", state=folder, teams=teams, operators=(OPS,))
    with house(folder, sources=[source(site)], site=site, config=config) as home:
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=30)
        home.read()
        home.deliver()
        yield home


def wants(*deadlines: int, **more: Any) -> Subscription:
    return Subscription(id="all", deadlines=deadlines, **more)


def walk(home: House, until: datetime) -> list[tuple[str, str]]:
    """Let the clock run on by days, and to when something is due: (when, first line) of what was told."""
    told = []
    while home.clock.now() < until:
        home.parts.reminder.tick()
        owed = home.parts.store.outbox.rows("owed")
        day = home.clock.now() + timedelta(days=1)
        home.clock.hands[0] = min([day, *(row["due_at"] for row in owed)])
        if said := home.deliver():
            told.append((f"{home.clock.now():%d %b %H:%M}", " ".join(said.splitlines()[0].split())))
    return told


def rows(home: House, kind: ChangeKind = ChangeKind.DEADLINE) -> list[tuple[str, str, str, str]]:
    """Of every delivery of an event: its mark, target, state, and when it is due in UTC."""
    found = []
    for row in home.parts.store.outbox.rows(limit=1000)[::-1]:
        if row["change_id"] is None:
            continue
        with home.parts.store.db.read() as tx:
            change = tx.execute(t.change.select().where(t.change.c.id == row["change_id"])).one()
        if change.kind == kind:
            due = f"{row['due_at']:%a %d %b %H:%M}"
            found.append((change.mark, row["target"].removeprefix("console:"), row["state"], due))
    return found


CLOSED = "Comments closed · draft for comment · 灯具局 comments closed Wed 2 Dec 2026"
NO_FINAL = "No final yet · draft for comment · 灯具局 draft of Sun 1 Nov 2026"
SEVEN, TWO = "2026-12-02 7d", "2026-12-02 2d"


@pytest.mark.parametrize(
    ("subscription", "expected"),
    [
        (wants(7, 2), [(SEVEN, "Wed 25 Nov 08:00"), (TWO, "Mon 30 Nov 08:00")]),
        (wants(7, quiet=Quiet(start=8 * 60, end=11 * 60)), [(SEVEN, "Wed 25 Nov 10:00")]),
        (wants(4, days="workdays"), [("2026-12-02 4d", "Fri 27 Nov 08:00")]),
        (wants(7, 2, when=Cadence(every="daily", hour=18)), [(SEVEN, "Wed 25 Nov 17:00"), (TWO, "Mon 30 Nov 17:00")]),
        # both days are nearest to one Monday's digest: one reminder
        (wants(2, 1, when=Cadence(every="weekly", hour=8, day=0)), [("2026-12-02 1d", "Mon 30 Nov 07:00")]),
        (wants(0), [("2026-12-02 0d", "Wed 02 Dec 08:00")]),
        (wants(), []),
        (wants(7, stages=("final",)), []),
        (wants(7, sectors=("energy",)), []),
    ],
)  # fmt: skip
def test_reminders_come_at_their_times_and_once(
    site: Loopback, tmp_path: Path, subscription: Subscription, expected: list[tuple[str, str]]
) -> None:
    with opened(tmp_path, site, team(subscription)) as home:
        walk(home, datetime(2026, 12, 20, tzinfo=UTC))
        assert [(mark, due) for mark, _, _, due in rows(home)] == expected
        assert {state for _, _, state, _ in rows(home)} <= {"sent"}


def test_what_a_reminder_says(site: Loopback, tmp_path: Path) -> None:
    site.routes[DRAFT[0]] = paper(
        DRAFT[1], TEXT[0], "请将意见发送至电子邮箱：lamps@example.gov.cn。", *TEXT[1:]
    )
    with opened(tmp_path, site, team(wants(7))) as home:
        home.clock.hands[0] = datetime(2026, 11, 24, 12, tzinfo=UTC)
        home.parts.reminder.tick()
        assert home.deliver() == ""
        said = home.deliver(hours=20)
        assert said.startswith("Deadline near · draft for comment")
        assert "7 days left · until Wed 2 Dec 2026" in said
        assert "Send comments to lamps@example.gov.cn" in said
        assert "Law / all: " in said


def test_a_silent_baseline_is_reminded_of_too(site: Loopback, tmp_path: Path) -> None:
    site.routes["/list.html"] = listing(DRAFT, *OLD)
    config = Config(path=tmp_path / "s", state=tmp_path, teams=(team(wants(7)),), operators=(OPS,))
    with house(tmp_path, sources=[source(site)], site=site, config=config) as home:
        home.poll()
        home.read()
        assert home.deliver() == ""
        told = walk(home, datetime(2026, 12, 3, tzinfo=UTC))
        assert [line[:13] for _, line in told] == ["Deadline near"]


def moved(home: House, day: str) -> None:
    """The ministry extends the deadline, and its page is read again."""
    text = f"意见反馈截止日期为{day}。"
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], text, *TEXT[1:])
    home.read(days=1)


def test_a_deadline_that_moves_takes_its_reminder_along(site: Loopback, tmp_path: Path) -> None:
    with opened(tmp_path, site, team(wants(7))) as home:
        home.clock.hands[0] = datetime(2026, 11, 23, 22, tzinfo=UTC)
        home.parts.reminder.tick()
        home.clock.pass_(hours=10)
        home.parts.reminder.tick()
        assert [(mark, state) for mark, _, state, _ in rows(home)] == [(SEVEN, "owed")]
        home.site.routes[DRAFT[0]] = paper(
            DRAFT[1], "意见反馈截止日期为2026年12月16日。", *TEXT[1:]
        )
        home.read(hours=1)
        said = home.deliver()
        assert "Deadline extended" in said.splitlines()[0]
        assert "until Wed 16 Dec 2026 (was Wed 2 Dec 2026)" in said
        walk(home, datetime(2026, 12, 20, tzinfo=UTC))
        assert rows(home) == [
            (SEVEN, "-", "dead", "Wed 25 Nov 08:00"),
            ("2026-12-16 7d", "-", "sent", "Wed 09 Dec 08:00"),
        ]
        (why,) = [row["error"] for row in home.parts.store.outbox.rows("dead")]
        assert why == "superseded: the day is 2026-12-16 now, not 2026-12-02"


@pytest.mark.parametrize("early", [True, False])
def test_a_paper_that_was_withdrawn_is_not_reminded_of(
    site: Loopback, tmp_path: Path, early: bool
) -> None:
    with opened(tmp_path, site, team(wants(7))) as home:
        home.clock.hands[0] = datetime(2026, 11, 24, 12, tzinfo=UTC)
        if not early:
            home.parts.reminder.check(home.clock.now())
        with home.parts.store.db.write() as tx:
            tx.execute(
                update(t.document)
                .where(t.document.c.id == document(home, DRAFT[1]))
                .values(withdrawn_at=home.clock.now())
            )
        assert walk(home, datetime(2026, 12, 4, tzinfo=UTC)) == []
        assert [state for _, _, state, _ in rows(home)] == ([] if early else ["dead"])


@pytest.mark.parametrize(
    ("limits", "count"),
    [
        ({}, 0),
        ({"document": True}, 0),
        ({"subscription_id": "all"}, 0),
        ({"subscription_id": "other"}, 1),
        ({"lifted_at": START}, 1),
        ({"team_id": "other"}, 1),
    ],
)
def test_what_is_muted_is_not_told(
    site: Loopback, tmp_path: Path, limits: dict[str, Any], count: int
) -> None:
    with opened(tmp_path, site, team(wants(7))) as home:
        values = {"team_id": "law", "by": "me", "at": START} | limits
        if values.pop("document", False):
            values["document_id"] = document(home, DRAFT[1])
        with home.parts.store.db.write() as tx:
            tx.execute(t.mute.insert().values(**values))
        assert len(walk(home, datetime(2026, 12, 4, tzinfo=UTC))) == count


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        pytest.param("2026-11-26 12:00", [SEVEN, TWO], id="one is late, one in time"),
        pytest.param("2026-11-29 12:00", [TWO], id="the next is near: the late one is spared"),
        pytest.param("2026-12-01 12:00", [TWO], id="two were missed: one comes"),
        pytest.param("2026-12-02 15:59", [TWO], id="the last minute in China"),
        pytest.param("2026-12-02 16:00", [], id="too late"),
    ],
)
def test_after_a_downtime_one_late_reminder_if_it_is_of_use(
    site: Loopback, tmp_path: Path, back: str, expected: list[str]
) -> None:
    with opened(tmp_path, site, team(wants(7, 2))) as home:
        home.clock.hands[0] = datetime.fromisoformat(back).replace(tzinfo=UTC)
        walk(home, datetime(2026, 12, 5, tzinfo=UTC))
        assert [mark for mark, _, _, _ in rows(home)] == expected


def test_what_waited_too_long_for_its_channel_is_not_sent(site: Loopback, tmp_path: Path) -> None:
    with opened(tmp_path, site, team(wants(2))) as home:
        home.clock.hands[0] = datetime(2026, 11, 30, 7, tzinfo=UTC)
        home.parts.reminder.tick()
        home.clock.hands[0] = datetime(2026, 12, 2, 16, 1, tzinfo=UTC)  # nobody could be reached
        home.parts.reminder.tick()
        assert home.deliver() == ""
        assert [state for _, _, state, _ in rows(home)] == ["dead"]


def test_who_is_told_of_a_paper_with_its_days_left_needs_no_late_reminder(
    site: Loopback, tmp_path: Path
) -> None:
    """Found five days before the end: the seven days' reminder would say the same again."""
    late = "意见反馈截止日期为2026年11月6日。"
    site.routes[DRAFT[0]] = paper(DRAFT[1], late, *TEXT[1:])
    with opened(tmp_path, site, team(wants(7, 2))) as home:
        walk(home, datetime(2026, 11, 8, tzinfo=UTC))
        assert [mark for mark, _, _, _ in rows(home)] == ["2026-11-06 2d"]


def test_a_digest_after_the_end_does_not_swallow_the_reminder(
    site: Loopback, tmp_path: Path
) -> None:
    """Found on Monday, the digest is next Monday's, comments end on Friday: it comes alone."""
    late = "意见反馈截止日期为2026年11月6日。"
    site.routes[DRAFT[0]] = paper(DRAFT[1], late, *TEXT[1:])
    weekly = wants(2, when=Cadence(every="weekly", hour=1, day=0))
    with opened(tmp_path, site, team(weekly)) as home:
        told = walk(home, datetime(2026, 11, 8, tzinfo=UTC))
        assert [(when, line[:13]) for when, line in told] == [("04 Nov 08:00", "Deadline near")]


def test_several_nodes_and_restarts_owe_it_once(site: Loopback, tmp_path: Path) -> None:
    law = team(wants(7), Subscription(id="too", deadlines=(7,)), to=(CONSOLE, OTHER))
    with opened(tmp_path, site, law) as home:
        home.clock.hands[0] = datetime(2026, 11, 24, 12, tzinfo=UTC)
        with open_store(home.parts.config) as second:
            nodes = [Reminder(s, home.parts.config, home.clock) for s in (home.parts.store, second)]
            new = [node.check(home.clock.now()) for node in (*nodes, *nodes)]
        assert new == [1, 0, 0, 0]
        assert [(mark, to) for mark, to, _, _ in rows(home)] == [(SEVEN, "-"), (SEVEN, "other")]
        (reason, _) = (
            {row["reason"] for row in home.parts.store.outbox.rows() if row["state"] == "owed"},
            None,
        )
        assert all("Law / all: " in why and "Law / too: " in why for why in reason)


def test_each_team_is_reminded_at_its_own_time(site: Loopback, tmp_path: Path) -> None:
    there = team(wants(7), id="ny", timezone="America/New_York", to=(OTHER,))
    with opened(tmp_path, site, team(wants(7)), there) as home:
        walk(home, datetime(2026, 12, 4, tzinfo=UTC))
        assert rows(home) == [
            (SEVEN, "-", "sent", "Wed 25 Nov 08:00"),
            (SEVEN, "other", "sent", "Wed 25 Nov 14:00"),
        ]


def test_who_listens_since_yesterday_is_not_reminded_of_last_week(
    site: Loopback, tmp_path: Path
) -> None:
    with opened(tmp_path, site, team(wants(7))) as home:
        home.clock.hands[0] = datetime(2026, 11, 28, 12, tzinfo=UTC)
        with home.parts.store.db.write() as tx:
            tx.execute(
                t.listener.insert().values(
                    team_id="law",
                    subscription_id="all",
                    wants="",
                    since=home.clock.now() - timedelta(days=1),
                )
            )
        assert walk(home, datetime(2026, 12, 4, tzinfo=UTC)) == []


def test_word_of_the_end_makes_no_reminder_of_who_joined_late(
    site: Loopback, tmp_path: Path
) -> None:
    """On the last day "comments closed" is owed already: that is no paper heard of too late."""
    with opened(tmp_path, site, team(wants(2, events=("closed",)))) as home:
        home.clock.hands[0] = datetime(2026, 11, 30, 12, tzinfo=UTC)
        joined = {"team_id": "law", "subscription_id": str(CONSOLE), "wants": ""}
        with home.parts.store.db.write() as tx:
            tx.execute(t.listener.insert().values(**joined, since=home.clock.now()))
        for hour in (9, 10):
            home.clock.hands[0] = datetime(2026, 12, 2, hour, tzinfo=UTC)
            home.parts.reminder.tick()
        assert [state for _, _, state, _ in rows(home, ChangeKind.CLOSED)] == ["owed"]
        assert rows(home) == []


# ---------------------------------------------------------------- after the fact


def test_comments_closed_is_told_to_who_asked_for_it(site: Loopback, tmp_path: Path) -> None:
    asked = team(Subscription(id="all", events=("closed",)))
    with opened(tmp_path, site, asked, team(wants(), id="not", to=(OTHER,))) as home:
        told = walk(home, datetime(2026, 12, 20, tzinfo=UTC))
        assert told == [("03 Dec 08:00", CLOSED)]
        assert rows(home, ChangeKind.CLOSED) == [("2026-12-02", "-", "sent", "Thu 03 Dec 08:00")]


@pytest.mark.parametrize(("back", "count"), [("2026-12-08", 1), ("2026-12-12", 0)])
def test_closed_is_old_news_after_a_week(
    site: Loopback, tmp_path: Path, back: str, count: int
) -> None:
    with opened(tmp_path, site, team(Subscription(id="all", events=("closed",)))) as home:
        home.clock.hands[0] = datetime.fromisoformat(back).replace(tzinfo=UTC)
        assert len(walk(home, datetime(2026, 12, 20, tzinfo=UTC))) == count


IN_FORCE = ("第一条 本办法适用于智能灯具的数据安全管理。", "第二条 本办法自2027年1月1日起施行。")


def test_a_final_is_reminded_of_before_it_is_in_force(site: Loopback, tmp_path: Path) -> None:
    site.routes[FINAL[0]] = paper(FINAL[1], *IN_FORCE)
    with opened(tmp_path, site, team(Subscription(id="all", in_force=(7,)))) as home:
        site.routes["/list.html"] = listing(FINAL, DRAFT, *OLD)
        home.poll(days=20)
        home.read()
        home.deliver()
        told = walk(home, datetime(2027, 1, 9, tzinfo=UTC))
        assert [line for _, line in told] == [
            "In force soon · final · 灯具局 in 7 days · from Fri 1 Jan 2027"
        ]
        assert rows(home, ChangeKind.IN_FORCE) == [
            ("2027-01-01 7d", "-", "sent", "Fri 25 Dec 08:00")
        ]


@pytest.mark.parametrize("final", [False, True])
def test_a_draft_without_a_final_for_long_is_told_of_once(
    site: Loopback, tmp_path: Path, final: bool
) -> None:
    asked = team(Subscription(id="all", events=("no_final",)))
    never = team(Subscription(id="energy", sectors=("energy",), events=("no_final",)), id="never")
    with opened(tmp_path, site, asked, replace(never, to=(OTHER,))) as home:
        if final:
            day = "2027-05-20"
            site.routes[FINAL[0]] = paper(FINAL[1], *IN_FORCE, day=day)
            site.routes["/list.html"] = listing(FINAL, DRAFT, *OLD, day=day)
            home.poll(days=200)
            home.read()
            home.deliver()
        home.clock.hands[0] = datetime(2028, 4, 28, tzinfo=UTC)
        told = walk(home, datetime(2028, 5, 20, tzinfo=UTC))
        expected = [("01 May 07:00", NO_FINAL)]
        assert told == ([] if final else expected)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-11-01", 18, "2028-05-01"),
        ("2026-08-31", 18, "2028-02-29"),
        ("2025-08-31", 18, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-11-30", 1, "2026-12-30"),
    ],
)
def test_months_after(day: str, months: int, expected: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(expected)


# ---------------------------------------------------------------- what follows a paper they heard of

LATER = "2026-11-20"


@pytest.mark.parametrize(
    ("row", "what", "reason"),
    [
        pytest.param(
            (
                "/doc/round2.html",
                "灯具局关于再次公开征求《智能灯具数据安全管理办法（征求意见稿）》意见的通知",
            ),
            "Draft for comment, round 2",
            "a new round of a draft you heard of on 2 Nov 2026",
            id="new round",
        ),
        pytest.param(
            ("/doc/explained.html", "《智能灯具数据安全管理办法（征求意见稿）》解读"),
            "Interpretation",
            "an interpretation of a paper you heard of on 2 Nov 2026",
            id="interpretation",
        ),
        pytest.param(
            ("/doc/other.html", "《路灯养护经费管理办法》解读"), None, None, id="of another paper"
        ),
    ],
)
def test_what_follows_reaches_who_heard_whatever_they_subscribe(
    site: Loopback, tmp_path: Path, row: tuple[str, str], what: str | None, reason: str | None
) -> None:
    once = Subscription(id="first", keywords=("征求意见稿",), stages=("draft_for_comments",))
    with opened(tmp_path, site, team(once)) as home:
        # since then they want something else
        deaf = replace(once, sectors=("energy",), keywords=(), stages=("list",))
        law = replace(home.parts.config.teams[0], subscriptions=(deaf,))
        understanding = replace(home.parts.poller.understanding, teams=(law,))
        poller = replace(home.parts.poller, understanding=understanding)
        follower = replace(home.parts.follower, understanding=understanding)
        home.parts = replace(home.parts, poller=poller, follower=follower)
        site.routes["/list.html"] = listing(row, DRAFT, *OLD, day=LATER)
        site.routes[row[0]] = paper(row[1], *TEXT[1:], day=LATER)
        home.poll(days=18)
        home.read()
        said = home.deliver()
        if what is None or reason is None:
            assert said == ""
        else:
            assert said.startswith(what)
            assert reason in " ".join(said.split())
