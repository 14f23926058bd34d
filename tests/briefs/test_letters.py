"""Briefs that a team asked for: owed once for each time, for days that neither overlap nor leave a gap."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.briefs.shelf import poll_all
from tests.flows.house import OLD, House, house, listing, source
from tests.loopback import Loopback
from watcher.brief import brief_letter, owe_briefs
from watcher.brief.letters import last_two
from watcher.settings import Cadence, Quiet, Subscription, Target, Team

MAIL = Target(kind="email", address="law@example.org")
SLACK = Target(kind="slack", address="#law")
WEEKLY = Subscription(id="brief", as_="brief", when=Cadence(every="weekly", day=0, hour=8))
TEAM = Team(
    id="law", name="Law", timezone="Europe/Berlin", to=(MAIL, SLACK), subscriptions=(WEEKLY,)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wants", "now", "expected"),
    [
        (WEEKLY, "2026-11-10T12:00", ("2026-11-02T07:00", "2026-11-09T07:00")),
        (WEEKLY, "2026-11-09T07:00", ("2026-11-02T07:00", "2026-11-09T07:00")),
        (WEEKLY, "2026-11-09T06:59", ("2026-10-26T07:00", "2026-11-02T07:00")),
        (
            replace(WEEKLY, when=Cadence(every="daily", hour=8), days="workdays"),
            "2026-11-09T12:00",
            ("2026-11-06T07:00", "2026-11-09T07:00"),
        ),
        (
            replace(WEEKLY, when=Cadence(every="monthly", day=28, hour=8)),
            "2026-03-01T00:00",
            ("2026-01-28T07:00", "2026-02-28T07:00"),
        ),
        (
            replace(WEEKLY, quiet=Quiet(start=7 * 60, end=9 * 60)),
            "2026-10-27T12:00",
            ("2026-10-19T07:00", "2026-10-26T08:00"),
        ),
    ],
)
def test_the_last_two_times(wants: Subscription, now: str, expected: tuple[str, str]) -> None:
    assert last_two(wants, "Europe/Berlin", at(now)) == tuple(map(at, expected))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with (
        Loopback({"/list.html": listing(*OLD)}) as site,
        house(tmp_path, sources=[source(site)], site=site) as made,
    ):
        made.poll()
        yield made


def letters(home: House) -> list[dict[str, Any]]:
    rows = home.parts.store.outbox.rows(limit=1000)
    found = [dict(row["letter"]) for row in reversed(rows) if row["letter"]]
    return [letter for n, letter in enumerate(found) if letter not in found[:n]]


def periods(home: House) -> list[str]:
    return [f"{letter['from']} {letter['to']}" for letter in letters(home)]


def test_each_is_owed_once_to_each_target(home: House) -> None:
    store = home.parts.store
    assert owe_briefs(store, [TEAM], at("2026-11-10T12:00")) == 2
    for now in ("2026-11-10T12:00", "2026-11-15T12:00", "2026-11-16T06:59"):
        assert owe_briefs(store, [TEAM], at(now)) == 0
    assert owe_briefs(store, [TEAM], at("2026-11-16T07:00")) == 2
    assert periods(home) == ["2026-11-02 2026-11-08", "2026-11-09 2026-11-15"]
    assert {row["target"] for row in store.outbox.rows()} == {str(MAIL), str(SLACK)}
    assert {row["state"] for row in store.outbox.rows()} == {"owed"}


def test_who_was_down_for_weeks_skips_no_day(home: House) -> None:
    store = home.parts.store
    owe_briefs(store, [TEAM], at("2026-10-06T12:00"))
    assert owe_briefs(store, [TEAM], at("2026-11-10T12:00")) == 2
    assert periods(home) == ["2026-09-28 2026-10-04", "2026-10-05 2026-11-08"]


def test_a_target_that_joins_has_the_last_one_too(home: House) -> None:
    store = home.parts.store
    owe_briefs(store, [replace(TEAM, to=(MAIL,))], at("2026-11-10T12:00"))
    assert owe_briefs(store, [TEAM], at("2026-11-11T12:00")) == 1
    assert periods(home) == ["2026-11-02 2026-11-08"]


@pytest.mark.parametrize(
    "wants",
    [
        replace(WEEKLY, as_="alert"),
        replace(WEEKLY, when=Cadence(every="now")),
    ],
)
def test_others_are_owed_none(home: House, wants: Subscription) -> None:
    team = replace(TEAM, subscriptions=(wants,))
    assert owe_briefs(home.parts.store, [team], at("2026-11-10T12:00")) == 0
    assert owe_briefs(home.parts.store, [replace(TEAM, to=())], at("2026-11-10T12:00")) == 0


@pytest.mark.parametrize(
    ("every", "zone"),
    [("daily", "Europe/Berlin"), ("weekly", "America/Los_Angeles"), ("monthly", "Asia/Shanghai")],
)
def test_days_neither_overlap_nor_leave_a_gap(home: House, every: str, zone: str) -> None:
    """Over a change from summer time, asked at odd times."""
    wants = replace(WEEKLY, when=Cadence(every=every, hour=2, minute=30, day=5))
    team = replace(TEAM, timezone=zone, to=(MAIL,), subscriptions=(wants,))
    now = at("2026-10-01T00:07")
    while now < at("2026-12-10T00:00"):
        owe_briefs(home.parts.store, [team], now)
        now += timedelta(hours=31, minutes=11)
    found = letters(home)
    assert len(found) >= 2
    for one, next_ in pairwise(found):
        assert date.fromisoformat(next_["from"]) == date.fromisoformat(one["to"]) + timedelta(
            days=1
        )
        assert next_["since"] == one["until"]


# ---------------------------------------------------------------- which papers, and what is said


def said(home: House, letter: dict[str, Any], kind: str = "console") -> str | None:
    made = brief_letter(home.parts.store, home.parts.config, [TEAM], kind, letter)
    return made.text if made else None


def news(home: House, n: int, day: str) -> None:
    """A new paper of a day, on top of the list as it is."""
    row = (f"/doc/new{n}.html", f"灯具局关于印发《第{n}种灯具数据安全管理办法》的通知")
    top = listing(row, day=day)
    item = top[top.index(b"<li>") : top.index(b"</ul>")]
    shown = home.site.routes["/list.html"]
    assert isinstance(shown, bytes)
    home.site.routes["/list.html"] = shown.replace(b"<li>", item + b"<li>", 1)
    poll_all(home, home.parts.config.sources)


def test_a_paper_is_in_one_brief_whenever_it_was_found(home: House) -> None:
    """Of its days by its own day; what came late in the next; the baseline of old days in none."""
    store, clock = home.parts.store, home.clock
    clock.hands[0] = at("2026-11-05T01:00")
    news(home, 1, "2026-11-05")  # in its week
    clock.hands[0] = at("2026-11-09T01:00")
    news(home, 2, "2026-11-08")  # on the morning of the brief
    owe_briefs(store, [TEAM], at("2026-11-09T07:00"))
    clock.hands[0] = at("2026-11-09T08:00")
    news(home, 3, "2026-11-07")  # after the brief: late
    news(home, 4, "2026-11-09")
    owe_briefs(store, [TEAM], at("2026-11-16T07:00"))
    first, second = (said(home, letter) or "" for letter in letters(home))
    assert [n for n in range(1, 5) if f"第{n}种" in first] == [1, 2]
    assert [n for n in range(1, 5) if f"第{n}种" in second] == [3, 4]
    assert "1号灯具" not in second


def test_an_empty_brief_says_nothing(home: House) -> None:
    owe_briefs(home.parts.store, [TEAM], at("2026-10-20T12:00"))
    (letter,) = letters(home)
    assert said(home, letter) is None


def test_a_subscription_that_is_gone_says_nothing(home: House) -> None:
    owe_briefs(home.parts.store, [TEAM], at("2026-11-10T12:00"))
    (letter,) = letters(home)
    assert brief_letter(home.parts.store, home.parts.config, [], "email", letter) is None
    other = replace(TEAM, subscriptions=(replace(WEEKLY, id="other"),))
    assert brief_letter(home.parts.store, home.parts.config, [other], "email", letter) is None


def test_each_medium_has_its_form(home: House) -> None:
    home.clock.hands[0] = at("2026-11-05T01:00")
    news(home, 1, "2026-11-05")
    owe_briefs(home.parts.store, [TEAM], at("2026-11-10T12:00"))
    (letter,) = letters(home)
    store, config = home.parts.store, home.parts.config
    mail = brief_letter(store, config, [TEAM], "email", letter)
    slack = brief_letter(store, config, [TEAM], "slack", letter)
    assert mail is not None
    assert slack is not None
    assert mail.subject == "China policy brief · Law · November 2 – November 8, 2026 · 1 paper"
    assert mail.html is not None
    assert "To be written" not in mail.html
    assert max(map(len, mail.text.splitlines())) <= 78
    assert [block["type"] for block in slack.blocks] == ["header", "section", "context"]
    assert "watcher brief --from 2026-11-02 --to 2026-11-08 --team law" in str(slack.blocks[-1])


# ---------------------------------------------------------------- sent


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[House]:
    """A house whose team asked for a brief each week, at its console."""
    with (
        Loopback({"/list.html": listing(*OLD)}) as site,
        house(tmp_path, sources=[source(site)], site=site, subscription=WEEKLY) as made,
    ):
        made.poll()
        yield made


def test_a_brief_is_sent_at_its_time_and_nothing_else(asked: House) -> None:
    asked.clock.hands[0] = at("2026-11-05T01:00")
    news(asked, 1, "2026-11-05")
    assert asked.deliver(days=1) == ""
    asked.clock.hands[0] = at("2026-11-09T07:00")
    asked.parts.briefer.tick()
    shown = asked.deliver()
    assert "China policy brief · Law" in shown
    assert "第1种灯具" in shown
    asked.parts.briefer.tick()
    assert asked.deliver(minutes=5) == ""


@pytest.mark.parametrize(
    ("when_empty", "words"), [("skip", ""), ("say", "No paper of this period")]
)
def test_an_empty_period_is_told_of_where_that_is_wanted(
    asked: House, when_empty: str, words: str
) -> None:
    wants = replace(WEEKLY, when_empty=when_empty)
    team = replace(asked.parts.config.teams[0], subscriptions=(wants,))
    config = replace(asked.parts.config, teams=(team,))
    asked.parts = replace(
        asked.parts,
        config=config,
        deliverer=replace(
            asked.parts.deliverer,
            config=config,
            wording=replace(asked.parts.deliverer.wording, config=config),
        ),
    )
    asked.clock.hands[0] = at("2026-11-16T07:00")
    owe_briefs(asked.parts.store, config.teams, asked.clock.now())
    shown = asked.deliver()
    assert words in shown
    assert bool(shown) is bool(words)
    (row,) = (row for row in asked.parts.store.outbox.rows() if row["letter"])
    assert row["state"] == "sent"
    assert ("not sent" in row["receipt"]) is not bool(words)
