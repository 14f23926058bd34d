"""Day one and empty periods: what is open now, once; and silence that says how far it can be trusted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.flows.house import (
    CONSOLE,
    DRAFT,
    OLD,
    OPS,
    START,
    TEXT,
    House,
    house,
    listing,
    paper,
    source,
)
from tests.flows.test_remind import team
from tests.loopback import Loopback, Reply
from watcher.greet import Greeter, hears
from watcher.settings import Cadence, Config, Quiet, Source, Subscription, Target, Team
from watcher.store import schema as t
from watcher.teams import Registrar

ALL = Subscription(id="all")
OTHER = Target(kind="console", address="other")
WEEKLY = Subscription(
    id="weekly", when=Cadence(every="weekly", hour=8, day=0), when_empty="say", stages=("final",)
)


@contextmanager
def fresh(
    folder: Path, site: Loopback, *teams: Team, sources: tuple[Source, ...] = ()
) -> Iterator[House]:
    """A house that has read nothing yet; its ministry has an open draft among old papers."""
    site.routes["/list.html"] = listing(DRAFT, *OLD)
    config = Config(path=folder / "sources.yaml", state=folder, teams=teams, operators=(OPS,))
    with house(folder, sources=sources or [source(site)], site=site, config=config) as home:
        yield home


def looked(home: House, **later: float) -> str:
    """What is told when somebody looks some time later."""
    home.clock.pass_(**later)
    home.parts.greeter.tick()
    return home.deliver()


def test_a_new_team_is_told_once_what_is_open(site: Loopback, tmp_path: Path) -> None:
    with fresh(tmp_path, site, team(ALL, greet=True)) as home:
        assert looked(home) == ""  # the sources have not been read
        home.poll()
        home.read()
        said = looked(home, minutes=2)
        assert said.splitlines()[0] == "Law: 1 paper is open for comment now"
        assert "30 days left · until Wed 2 Dec 2026 · 灯具局" in said
        assert DRAFT[1] in said
        assert "灯具安全管理办法" not in said.replace(DRAFT[1], "")
        assert "Law hears: all (all sectors), at once" in said
        assert "Law hears of China's policy papers from now on." in said  # mails are no channel
        assert "To change what you hear, ask who runs watcher: team law in sources.yaml." in said
        assert "1 of 1 sources read." in said
        again = Greeter(home.parts.store, home.parts.config, home.clock)  # after a restart
        again.check(home.clock.now())
        assert looked(home, days=3) == ""


@pytest.mark.parametrize(
    ("but", "routes", "minutes", "expected"),
    [
        pytest.param({}, {}, 2, "Law: 1 paper", id="read once"),
        pytest.param(
            {"subscriptions": (Subscription(id="all", sectors=("energy",)),)},
            {},
            2,
            "Law: nothing is open for comment now",
            id="nothing open",
        ),
        pytest.param({"greet": False}, {}, 120, "", id="switched off"),
        pytest.param({"subscriptions": ()}, {}, 120, "", id="hears nothing at all"),
        pytest.param(
            {"subscriptions": (Subscription(id="all", quiet=Quiet(start=60, end=420)),)},
            {},
            120,
            "",
            id="quiet hours",
        ),
    ],
)
def test_who_is_greeted_when(
    site: Loopback, tmp_path: Path, but: Any, routes: Any, minutes: float, expected: str
) -> None:
    law = replace(team(ALL, greet=True), **but)
    with fresh(tmp_path, site, law) as home:
        looked(home)
        home.poll()
        home.read()
        assert looked(home, minutes=minutes).startswith(expected) and (
            expected or home.deliver() == ""
        )


@pytest.mark.parametrize(("answers", "minutes"), [(True, 0), (False, 61)])
def test_a_source_never_read_is_waited_for_an_hour(
    site: Loopback, tmp_path: Path, answers: bool, minutes: int
) -> None:
    """One that answers badly is not waited for; one that was not visited is, for an hour."""
    second = replace(source(site), id="second", url=site.url("/second.html"))
    site.routes["/second.html"] = Reply(status=500)
    with fresh(tmp_path, site, team(ALL, greet=True), sources=(source(site), second)) as home:
        looked(home)
        home.poll()
        home.read()
        if answers:
            (state,) = home.parts.store.sources.claim(["second"], home.clock.now())
            home.parts.poller.visit(second, state)
        early = looked(home, minutes=2)
        assert bool(early) is answers
        said = early or looked(home, minutes=minutes)
        assert said.startswith("Law: 1 paper")
        assert "1 of 2 sources read; 灯具局" in said


def test_a_new_target_is_greeted_and_an_old_one_is_not(site: Loopback, tmp_path: Path) -> None:
    """A store from before greetings: who was told of papers knows; a channel added since does not."""
    law = team(ALL, greet=False)
    with fresh(tmp_path, site, law) as home:
        site.routes["/list.html"] = listing(*OLD)
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=30)
        home.read()
        assert DRAFT[1] in home.deliver()
        now = replace(home.parts.config, teams=(replace(law, greet=True, to=(CONSOLE, OTHER)),))
        Greeter(home.parts.store, now, home.clock).check(home.clock.now())
        rows = home.parts.store.outbox.rows("owed")
        assert [(row["target"], row["letter"]) for row in rows] == [
            ("console:other", {"kind": "greeting"})
        ]


def test_a_team_made_at_run_time_is_greeted_though_a_paper_was_quicker(
    site: Loopback, tmp_path: Path
) -> None:
    with fresh(tmp_path, site, team(ALL, id="file", to=(OPS,))) as home:
        site.routes["/list.html"] = listing(*OLD)
        home.poll()
        people = Registrar(home.parts.store, home.parts.config)
        people.add("lamps", [{"console": "-"}], "anna", home.clock.now(), name="Lamps")
        people.subscribe("lamps", "all", {}, "anna", home.clock.now())
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(seconds=30)
        home.read()
        assert DRAFT[1] in home.deliver(minutes=1)
        said = looked(home)
        assert said.startswith("Lamps: 1 paper is open for comment now")
        assert "ask who runs watcher: watcher teams subscribe lamps." in said


def test_a_muted_team_is_not_greeted(site: Loopback, tmp_path: Path) -> None:
    with fresh(tmp_path, site, team(ALL, greet=True)) as home:
        with home.parts.store.db.write() as tx:
            tx.execute(t.mute.insert().values(team_id="law", by="me", at=START))
        assert looked(home, hours=2) == ""


def test_many_open_papers_are_counted(site: Loopback, tmp_path: Path) -> None:
    rows = [
        (
            f"/doc/{n}.html",
            f"灯具局关于公开征求《{n}号灯具数据安全管理办法（征求意见稿）》意见的通知",
        )
        for n in range(101, 113)
    ]
    for n, (url, title) in enumerate(rows):
        site.routes[url] = paper(title, f"意见反馈截止日期为2026年12月{28 - n}日。", *TEXT[1:])
    with fresh(tmp_path, site, team(ALL, greet=True)) as home:
        site.routes["/list.html"] = listing(*rows, *OLD)
        looked(home)
        home.poll()
        home.read()
        said = looked(home, minutes=2)
        assert said.startswith("Law: 12 papers are open for comment now")
        days = [line.split()[0] for line in said.splitlines() if "days left" in line]
        assert days == sorted(days, key=int)
        assert len(days) == 10
        assert "and 2 more: watcher deadlines --team law" in said


# ---------------------------------------------------------------- empty periods


def test_an_empty_period_is_said_to_be_one(site: Loopback, tmp_path: Path) -> None:
    with fresh(tmp_path, site, team(WEEKLY, replace(WEEKLY, id="mute", when_empty="skip"))) as home:
        home.poll(days=1)
        told = []
        for _ in range(16):
            home.clock.pass_(hours=23.5)
            outcome = home.poll()
            assert outcome.error is None
            if said := looked(home):
                told.append((f"{home.clock.now():%a %d}", " ".join(said.split())))
        # of the week in which it began to watch nothing can be said
        assert told == [
            (
                "Mon 16",
                "Law: nothing new 9–15 Nov 2026 Nothing new 9–15 Nov 2026 that matches weekly (all sectors; "
                "stages final), Mondays at 08:00. 1 of 1 sources read.",
            )
        ]


def test_a_period_that_had_a_paper_was_not_empty(site: Loopback, tmp_path: Path) -> None:
    wants = replace(WEEKLY, stages=())
    site.routes[DRAFT[0]] = paper(DRAFT[1], *TEXT)
    with fresh(tmp_path, site, team(wants)) as home:
        site.routes["/list.html"] = listing(*OLD)
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(days=1)
        home.read()
        home.clock.hands[0] = datetime(2026, 11, 9, 7, 1, tzinfo=UTC)
        said = looked(home)
        assert DRAFT[1] in said and "nothing new" not in said
        # a digest of one paper says what was read, too
        assert "0 of 1 sources read; 灯具局 unread since Tuesday." in said
        assert looked(home, hours=2) == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param((ALL,), "nothing more 2–8 Nov 2026", id="told at once"),
        pytest.param((), "nothing new 2–8 Nov 2026", id="taken back"),
    ],
)
def test_word_of_an_empty_period_is_true(
    site: Loopback, tmp_path: Path, more: tuple[Subscription, ...], said: str
) -> None:
    """What was told outside the digest was no silence; a digest that was taken back is one."""
    wants = replace(WEEKLY, stages=())
    site.routes[DRAFT[0]] = paper(DRAFT[1], *TEXT)
    with fresh(tmp_path, site, team(wants, *more)) as home:
        home.clock.hands[0] = datetime(2026, 11, 1, 1, tzinfo=UTC)
        site.routes["/list.html"] = listing(*OLD)
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(days=2)
        home.read()
        assert (DRAFT[1] in home.deliver()) is bool(more)
        if not more:
            Registrar(home.parts.store, home.parts.config).mute(
                "law",
                "anna",
                home.clock.now(),
                paper=home.parts.store.papers.newest()[0].document.id,
            )
        home.clock.hands[0] = datetime(2026, 11, 9, 7, 1, tzinfo=UTC)
        told = " ".join(looked(home).split())
        assert said in told
        assert ("beside the 1 told here already" in told) is bool(more)


def test_after_long_downtime_nothing_is_said_of_old_periods(site: Loopback, tmp_path: Path) -> None:
    with fresh(tmp_path, site, team(WEEKLY)) as home:
        home.poll()
        home.clock.hands[0] = datetime(2026, 11, 18, 7, 1, tzinfo=UTC)
        assert looked(home) == ""


def test_daily_word_names_the_hour(site: Loopback, tmp_path: Path) -> None:
    daily = replace(WEEKLY, when=Cadence(every="daily", hour=8))
    with fresh(tmp_path, site, team(daily)) as home:
        home.poll()
        home.clock.hands[0] = datetime(2026, 11, 3, 7, 1, tzinfo=UTC)
        assert looked(home).startswith("Law: nothing new since Mon 2 Nov 2026 08:00 CET")


@pytest.mark.parametrize(
    ("wants", "words"),
    [
        (ALL, "all (all sectors), at once"),
        (
            Subscription(
                id="s",
                sectors=("data-security",),
                bodies=("MIIT",),
                stages=("draft_for_comments",),
                keywords=("AI",),
                exclude=("招聘",),
                when=Cadence(every="monthly", hour=8, day=1),
                days="workdays",
                quiet=Quiet(start=22 * 60, end=7 * 60),
                deadlines=(2, 7),
            ),
            "s (Data governance & security; bodies MIIT; stages draft for comments; or keywords AI; "
            "without 招聘), on day 1 of each month at 08:00, on workdays, not 22:00–07:00, "
            "reminders 7 and 2 days before a deadline",
        ),
    ],
)
def test_what_a_subscription_hears_in_words(wants: Subscription, words: str) -> None:
    assert hears(wants) == words


def test_letters_and_notices_keep_apart(site: Loopback, tmp_path: Path) -> None:
    """Letters go to readers, notices to operators: neither is taken for the other in one message."""
    with fresh(tmp_path, site, team(ALL, greet=True, to=(OPS,))) as home:
        looked(home)
        home.parts.store.outbox.notify((OPS,), "lamps are out", ["all of them"], home.clock.now())
        said = looked(home, hours=2)
        assert said.count("watcher: lamps are out") == 1
        assert "Law: nothing is open for comment now" in said
        states = {row["target"]: row["state"] for row in home.parts.store.outbox.rows()}
        assert states == {str(OPS): "sent"}
