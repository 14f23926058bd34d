"""Who hears when teams come, change, fall silent and go, while papers arrive and are read late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from tests.flows.house import (
    ARTICLES,
    CONSOLE,
    DRAFT,
    FINAL,
    OLD,
    TEXT,
    House,
    document,
    listing,
    paper,
)
from tests.loopback import Reply
from watcher import reread
from watcher.backfill import messages, owe_past, past
from watcher.classify import load_rules
from watcher.correct import Label
from watcher.explain import explain
from watcher.render.explain import explanation_lines
from watcher.settings import Quiet, Subscription, Target, Team
from watcher.store import schema as t
from watcher.teams import Registrar, Teams

MAIL = Target(kind="email", address="lamps@example.org")
TITLE = Subscription(id="s", sectors=("data-security",))
LATE = Subscription(id="s", sectors=("energy",), keywords=("三十日内",))
"""Wants the draft for words that only its page says."""
NOT = Subscription(id="s", sectors=("energy",))


def people(home: House) -> Registrar:
    return Registrar(home.parts.store, home.parts.config)


def team(*subscriptions: Subscription, id_: str = "law", to: Target = CONSOLE) -> Team:
    return Team(
        id=id_, name=id_.title(), timezone="Europe/Berlin", to=(to,), subscriptions=subscriptions
    )


def take_up(home: House, *teams: Team) -> None:
    """Let the file name these teams from now on, as a daemon takes up a changed one."""
    config = replace(home.parts.config, teams=teams)
    understanding = replace(home.parts.poller.understanding, teams=teams)
    home.parts = replace(
        home.parts,
        config=config,
        poller=replace(home.parts.poller, understanding=understanding),
        follower=replace(home.parts.follower, understanding=understanding),
        deliverer=replace(home.parts.deliverer, config=config),
    )
    people(home).listen(home.clock.now())


def arrive(home: House, *rows: tuple[str, str]) -> None:
    home.site.routes["/list.html"] = listing(*(rows or (DRAFT,)), *OLD)
    home.poll(minutes=30)


def rows(home: House) -> list[str]:
    """What readers are owed or were told, oldest first: "state target: reason"."""
    found = home.parts.store.outbox.rows(limit=1000)
    return [
        f"{row['state']} {row['target']}: {row['reason']}"
        for row in reversed(found)
        if row["change_id"] is not None
    ]


# ---------------------------------------------------------------- since when


@pytest.mark.parametrize(
    ("before", "after", "hears"),
    [
        pytest.param(LATE, LATE, True, id="wanted it all along"),
        pytest.param(LATE, replace(LATE, quiet=Quiet(start=0, end=60)), True, id="told at other hours now"),
        pytest.param(LATE, replace(LATE, exclude=("路灯",)), True, id="wants less now, and this still"),
        pytest.param(LATE, replace(LATE, exclude=("智能灯具",)), False, id="does not want it any more"),
        pytest.param(NOT, LATE, False, id="a keyword was added"),
        pytest.param(NOT, replace(NOT, sectors=("energy", "data-security")), False, id="a sector was added"),
        pytest.param(NOT, replace(NOT, id="new", sectors=()), False, id="a subscription was added"),
        pytest.param(replace(NOT, min_score=1.0), replace(LATE, min_score=0.0), False, id="less certainty is enough now"),
    ],
)  # fmt: skip
def test_a_paper_that_is_read_after_a_subscription_changed(
    home: House, before: Subscription, after: Subscription, *, hears: bool
) -> None:
    take_up(home, team(before))
    home.site.routes[DRAFT[0]] = Reply(status=503)
    arrive(home)
    home.read()
    assert rows(home) == []
    home.clock.pass_(minutes=5)
    take_up(home, team(after))
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], *TEXT)
    assert home.read(hours=2) == 1
    assert bool(rows(home)) == hears


def test_what_was_changed_and_changed_back_was_never_changed(home: House) -> None:
    take_up(home, team(LATE))
    home.site.routes[DRAFT[0]] = Reply(status=503)
    arrive(home)
    home.read()
    for subscription in (NOT, LATE):
        home.clock.pass_(minutes=5)
        take_up(home, team(subscription))
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], *TEXT)
    home.read(hours=2)
    assert len(rows(home)) == 1


def test_a_target_that_joins_a_team_is_owed_nothing_of_old_papers(home: House) -> None:
    take_up(home, team(LATE))
    home.site.routes[DRAFT[0]] = Reply(status=503)
    arrive(home)
    home.read()
    home.clock.pass_(minutes=5)
    take_up(home, replace(team(LATE), to=(CONSOLE, MAIL)))
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], *TEXT)
    home.read(hours=2)
    (row,) = rows(home)
    assert str(CONSOLE) in row
    home.site.routes[FINAL[0]] = paper(FINAL[1], *TEXT)
    arrive(home, FINAL, DRAFT)
    home.read()
    assert [MAIL.address in row for row in rows(home)] == [False, False, True]


def read_daily(home: House) -> None:
    for _ in range(3):
        home.read(days=1)


def change_rules(home: House) -> None:
    """Every paper is concluded anew, as after a changed file of rules."""
    with home.parts.store.db.write() as tx:
        tx.execute(update(t.document).values(rules="other"))
    understanding = home.parts.follower.understanding
    sources = home.parts.config.sources_by_id
    assert reread.apply(home.parts.store, understanding, sources, home.clock).read == 9
    read_daily(home)


def correct(home: House) -> None:
    label = Label(
        document_id=document(home, DRAFT[1]),
        field="sector",
        value="energy",
        by="anna",
        at=home.clock.now(),
    )
    home.parts.store.labels.add(label)
    read_daily(home)


@pytest.mark.parametrize("happens", [read_daily, change_rules, correct])
def test_a_new_team_is_owed_nothing_of_old_papers(
    home: House, happens: Callable[[House], None]
) -> None:
    take_up(home, team(TITLE))
    arrive(home)
    home.read()
    home.deliver(minutes=16)
    before = rows(home)
    take_up(home, team(TITLE), team(Subscription(id="all"), id_="new", to=MAIL))
    people(home).add("made", [{"console": "-"}], "anna", home.clock.now())
    people(home).subscribe("made", "all", {}, "anna", home.clock.now())
    happens(home)
    assert rows(home) == before


def test_a_corrected_paper_is_news_for_a_new_team(home: House) -> None:
    take_up(home, team(TITLE))
    arrive(home)
    home.read()
    home.deliver(minutes=16)
    take_up(home, team(TITLE), team(TITLE, id_="new", to=MAIL))
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], TEXT[0], "第一条 全文重写。", *ARTICLES)
    home.read(days=1)
    assert [row.partition(":")[0] for row in rows(home)][1:] == ["owed console", "owed email"]


def test_a_store_from_before_there_were_listeners(home: House) -> None:
    """Who was told already listens since then, and not anew since the upgrade."""
    home.site.routes[DRAFT[0]] = Reply(status=503)
    arrive(home, FINAL)
    home.deliver(minutes=16)
    first = home.parts.store.outbox.rows()[0]["owed_at"]
    with home.parts.store.db.write() as tx:
        tx.execute(delete(t.listener))
    home.clock.pass_(days=3)
    extra = team(TITLE, id_="new", to=MAIL)
    take_up(home, home.parts.config.teams[0], extra)
    law, new = Teams(home.parts.store, home.parts.config.teams).all(home.clock.now())
    assert law.subscriptions[0].since == first
    assert new.subscriptions[0].since == home.clock.now()


# ---------------------------------------------------------------- made at run time


def make(home: House, wants: dict[str, object] | None = None) -> None:
    now = home.clock.now()
    people(home).add("made", [{"console": "-"}], "anna", now, name="Made")
    people(home).subscribe("made", "s", wants or {"sectors": ["data-security"]}, "anna", now)  # type: ignore[arg-type]  # plain words, as a form gives them


def test_a_running_daemon_hears_at_once_of_a_new_team(home: House) -> None:
    take_up(home, team(NOT))
    make(home)
    arrive(home)
    home.read()
    assert [row.partition("; ")[0] for row in rows(home)] == [
        "owed console:-: Made / s: 数据安全 in the title"
    ]
    assert "数据安全" in home.deliver(minutes=16)


def test_two_teams_at_one_target_are_told_once_with_both_reasons(home: House) -> None:
    take_up(home, team(TITLE), team(replace(TITLE, sectors=()), id_="other"))
    make(home)
    arrive(home)
    home.read()
    (row,) = rows(home)
    for name in ("Law / s: 数据安全 in the title", "Other / s: all sectors", "Made / s: 数据安全"):
        assert name in row


def test_a_team_that_is_removed_is_owed_nothing_any_more(home: House) -> None:
    take_up(home, team(NOT))
    make(home)
    arrive(home)
    assert people(home).remove("made", "anna", home.clock.now()) == 1
    home.read()
    (row,) = home.parts.store.outbox.rows()
    assert (row["state"], row["error"]) == ("dead", "the team made was removed by anna")


def test_what_another_team_is_owed_stays_when_one_is_removed(home: House) -> None:
    make(home)  # its target is that of the file's team
    arrive(home)
    assert people(home).remove("made", "anna", home.clock.now()) == 0
    (row,) = home.parts.store.outbox.rows()
    assert (row["state"], row["team"], row["subscription"]) == ("owed", "law", "all")
    assert "Made" not in row["reason"]


def test_a_subscription_that_ends_leaves_what_others_want(home: House) -> None:
    take_up(home, team(NOT))
    make(home)
    now = home.clock.now()
    people(home).subscribe("made", "two", {}, "anna", now)
    arrive(home)
    assert people(home).unsubscribe("made", "s", "anna", home.clock.now()) == 0
    assert people(home).unsubscribe("made", "two", "anna", home.clock.now()) == 1
    assert rows(home)[0].startswith("dead")


def test_a_team_that_comes_back_listens_anew(home: House) -> None:
    take_up(home, team(NOT))
    make(home)
    people(home).remove("made", "anna", home.clock.now())
    home.clock.pass_(days=1)
    make(home)
    (made,) = [each for each in people(home).teams.all(home.clock.now()) if each.made]
    assert made.subscriptions[0].since == home.clock.now()


def test_a_team_of_the_file_hides_one_made_under_its_id(home: House) -> None:
    make(home)
    take_up(home, team(TITLE, id_="made", to=MAIL))
    (found,) = people(home).teams.all(home.clock.now())
    assert (found.to, found.made) == ((MAIL,), False)


# ---------------------------------------------------------------- muting


@pytest.mark.parametrize("only", [None, "all"])
def test_a_muted_team_or_subscription_hears_nothing_until_the_mute_ends(
    home: House, only: str | None
) -> None:
    now = home.clock.now()
    people(home).mute("law", "anna", now, subscription=only, span=timedelta(days=7))
    arrive(home)
    home.read()
    assert rows(home) == []
    home.clock.pass_(days=7)
    arrive(home, FINAL, DRAFT)
    assert len(rows(home)) == 1


def test_a_mute_is_lifted(home: House) -> None:
    people(home).mute("law", "anna", home.clock.now())
    people(home).unmute("law", home.clock.now())
    arrive(home)
    assert len(rows(home)) == 1


def test_other_subscriptions_of_a_team_are_not_muted(home: House) -> None:
    take_up(home, team(TITLE, Subscription(id="all")))
    people(home).mute("law", "anna", home.clock.now(), subscription="s")
    arrive(home)
    (row,) = rows(home)
    assert "Law / all: " in row
    assert "Law / s: " not in row


def test_what_is_owed_of_a_muted_paper_is_buried(home: House) -> None:
    arrive(home)
    id_ = document(home, DRAFT[1])
    assert people(home).mute("law", "anna", home.clock.now(), paper=id_) == 1
    (row,) = home.parts.store.outbox.rows()
    assert (row["state"], row["error"]) == ("dead", f"law muted paper {id_} (anna)")


def test_a_muted_paper_is_silent_with_its_corrections_and_its_final(home: House) -> None:
    take_up(home, team(TITLE), team(TITLE, id_="other", to=MAIL))
    arrive(home)
    home.read()
    home.deliver(minutes=16)
    people(home).mute("law", "anna", home.clock.now(), paper=document(home, DRAFT[1]))
    told = len(rows(home))
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], TEXT[0], "第一条 全文重写。", *ARTICLES)
    home.read(days=1)
    home.site.routes["/list.html"] = listing(FINAL, DRAFT, *OLD, day="2026-11-20")
    home.site.routes[FINAL[0]] = paper(FINAL[1], *ARTICLES, day="2026-11-20")
    home.poll(minutes=30)
    home.read()
    new = rows(home)[told:]
    assert len(new) == 2
    assert all(MAIL.address in row for row in new)


# ---------------------------------------------------------------- the past, on purpose


def test_the_past_is_told_on_purpose_as_digests_and_once(home: House) -> None:
    take_up(home, team(Subscription(id="all")))
    arrive(home)
    home.read()
    home.deliver(minutes=16)
    now = home.clock.now()
    (law,) = people(home).teams.all(now)
    store = home.parts.store
    assert past(store, law, law.subscriptions, date(2026, 11, 2), now) == []
    found = past(store, law, law.subscriptions, date(2026, 11, 1), now)
    assert len(found) == len(OLD)  # the baseline's; the draft was told
    assert messages(found) == 1
    assert owe_past(store, law, found, now) == len(OLD)
    assert owe_past(store, law, found, now) == 0
    shown = home.deliver()
    assert all(title in shown for _, title in OLD)
    assert past(store, law, law.subscriptions, date(2026, 11, 1), now) == []


def test_a_paper_told_of_late_makes_no_news_for_others(home: House) -> None:
    """A baseline's draft is read again and again: nobody else hears of it for that."""
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    with home.parts.store.db.write() as tx:
        tx.execute(update(t.source).values(baseline_at=None, fingerprint=None))
    home.site.routes[DRAFT[0]] = Reply(status=503)
    home.poll(minutes=30)
    home.read()
    law = team(Subscription(id="all"), to=MAIL)
    found = past(home.parts.store, law, law.subscriptions, date(2026, 11, 1), home.clock.now())
    owe_past(home.parts.store, law, found, home.clock.now())
    before = rows(home)
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], *TEXT)
    for _ in range(3):
        home.read(days=1)
    assert rows(home) == before


def test_what_was_muted_or_withdrawn_is_left_in_the_past(home: House) -> None:
    store, now = home.parts.store, home.clock.now()
    people(home).mute("law", "anna", now, paper=document(home, OLD[0][1]))
    with store.db.write() as tx:
        gone = t.document.c.title == OLD[1][1]
        tx.execute(update(t.document).where(gone).values(withdrawn_at=now))
    law = home.parts.config.teams[0]
    assert len(past(store, law, law.subscriptions, date(2026, 11, 1), now)) == len(OLD) - 2


# ---------------------------------------------------------------- explained


def said(home: House, title: str = DRAFT[1]) -> str:
    store, config, now = home.parts.store, home.parts.config, home.clock.now()
    (listed,) = store.papers.newest(ids=[document(home, title)])
    found = explain(store, config, load_rules(), listed, people(home).teams.all(now), now)
    return explanation_lines(found, "UTC", 400)[-1]


def test_it_is_explained_that_a_mute_kept_a_team_from_hearing(home: House) -> None:
    people(home).mute("law", "anna", home.clock.now(), span=timedelta(days=7))
    arrive(home)
    home.clock.pass_(days=8)
    line = said(home)
    assert "not: it was muted when it arrived; wanted: all sectors" in line
    assert "everything muted by anna on 2026-11-02 02:00 CET until 2026-11-09 02:00 CET" in line


def test_it_is_explained_that_a_team_did_not_listen_yet(home: House) -> None:
    take_up(home, team(NOT))
    arrive(home)
    home.clock.pass_(days=1)
    take_up(home, team(TITLE, to=MAIL))
    line = said(home)
    assert "it arrived on 2026-11-02, before this began to listen" in line
    assert "listens since 2026-11-03" in line


def test_a_review_is_shown_with_who_heard(home: House) -> None:
    arrive(home)
    with home.parts.store.db.write() as tx:
        tx.execute(
            t.review.insert().values(
                document_id=document(home, DRAFT[1]),
                team_id="law",
                state="not_relevant",
                by="bo",
                at=home.clock.now(),
            )
        )
    assert "not relevant, said bo on 2026-11-02" in said(home)
