"""Who listens since when, what is withdrawn, and the past told on purpose: on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.store.samples import LAW, MAIL, NOW, OPS, after, item, notice_to, owed, show
from watcher.model import ChangeKind, Notification
from watcher.store import Store
from watcher.store import schema as t
from watcher.store.owing import owe
from watcher.store.past import Old

NAMES = {"law": "Law", "tax": "Tax"}


def news(store: Store, *to: Notification) -> int:
    """A paper that arrived an hour after the baseline, owed to these."""
    show(store)
    show(store, item("a"), now=after(hours=1), to=())
    with store.db.read() as tx:
        change_id = int(tx.execute(select(t.change.c.id)).scalar_one())
    tell(store, change_id, *to)
    return change_id


def tell(store: Store, change_id: int, *to: Notification) -> None:
    with store.db.write() as tx:
        owe(tx, ChangeKind.NEW, change_id, 1, to, after(hours=2))


def steps(store: Store) -> list[tuple[int, str, str]]:
    """What the ledger says, in its order: (delivery, what, said)."""
    columns = t.attempt.c.delivery_id, t.attempt.c.what, t.attempt.c.said
    with store.db.read() as tx:
        return [tuple(row) for row in tx.execute(select(*columns).order_by(t.attempt.c.id))]


def saying(reason: str, *, team: str = "law", subscription: str = "all") -> Notification:
    return replace(notice_to(LAW), reason=reason, team=team, subscription=subscription)


@pytest.mark.parametrize(
    ("since", "hears"),
    [(None, True), (after(minutes=59), True), (after(hours=1), True), (after(hours=1.1), False)],
)
def test_who_began_to_listen_after_a_change_is_owed_nothing(
    store: Store, since: object, *, hears: bool
) -> None:
    news(store, replace(notice_to(MAIL), since=since))  # type: ignore[arg-type]  # None or an instant
    assert bool(owed(store)) == hears


def test_one_target_is_owed_once_at_the_first_time_with_all_reasons(store: Store) -> None:
    digest = replace(saying("Tax / weekly: b", team="tax"), due_at=after(days=3), digest="d")
    news(store, digest, saying("Law / all: a"), replace(digest, targets=(MAIL,)))
    mail, law = store.outbox.rows()
    assert (law["reason"], law["team"]) == ("Tax / weekly: b · Law / all: a", "law")
    assert (law["due_at"], law["digest"]) == (NOW, None)
    assert (mail["reason"], mail["digest"]) == ("Tax / weekly: b", "d")


@pytest.mark.parametrize(
    ("reason", "subscription", "stays"),
    [
        pytest.param("Law / all: a", None, None, id="the team's alone"),
        pytest.param("Law / all: a · Tax / x: b", None, ("tax", "x", "Tax / x: b"), id="another team's too"),
        pytest.param("Tax / x: b · Law / all: a", None, ("tax", "x", "Tax / x: b"), id="in another order"),
        pytest.param("Law / all: a", "all", None, id="the subscription's alone"),
        pytest.param("Law / all: a · Law / x: b", "all", ("law", "x", "Law / x: b"), id="another subscription's too"),
        pytest.param("Law / x: b", "y", ("law", "all", "Law / x: b"), id="another subscription's"),
        pytest.param("Law: the final of a draft", "all", ("law", "all", "Law: the final of a draft"), id="the team's, for its draft"),
    ],
)  # fmt: skip
def test_what_is_withdrawn_stays_owed_to_others(
    store: Store, reason: str, subscription: str | None, stays: tuple[str, str, str] | None
) -> None:
    news(store, saying(reason))
    store.teams.mute("law", "anna", NOW, NAMES, why="muted", subscription=subscription)
    (row,) = store.outbox.rows()
    if stays is None:
        assert (row["state"], row["error"]) == ("dead", "muted")
        assert steps(store)[-1] == (row["id"], "dead", "muted")
    else:
        assert (row["team"], row["subscription"], row["reason"]) == stays
        assert row["state"] == "owed"


def test_what_is_being_sent_is_left_to_its_end(store: Store) -> None:
    news(store, saying("Law / all: a"))
    batch = store.outbox.claim(LAW, after(hours=2))
    assert batch is not None
    assert store.teams.remove("law", "removed", after(hours=2), NAMES) == 0
    store.outbox.mark_sent(batch, "ok", after(hours=2))
    assert owed(store) == [f"sent {LAW} {item('a').title}"]


def test_a_mute_ends_by_itself_or_by_somebody(store: Store) -> None:
    store.teams.mute("law", "anna", NOW, NAMES, why="", until=after(days=1))
    store.teams.mute("law", "bo", NOW, NAMES, why="", subscription="all")
    (until, lifted) = store.teams.roll(NOW).mutes
    assert (until.holds(NOW), until.holds(after(days=1))) == (True, False)
    assert not until.holds(after(hours=-1))
    assert store.teams.unmute("law", after(hours=1), subscription="all") == 1
    assert store.teams.unmute("law", after(hours=1), subscription="all") == 0
    assert store.teams.roll(after(hours=2)).mutes == (until,)
    assert [mute.holds(after(hours=2)) for mute in store.teams.mutes("law")] == [True, False]
    assert lifted.holds(NOW)


def test_listeners_are_those_that_are_named(store: Store) -> None:
    key, other = ("law", "all"), ("law", "x")
    store.teams.listen({key: "{}", other: "{}"}, NAMES, NOW)
    store.teams.listen({key: '{"a": 1}'}, NAMES, after(hours=1))
    assert store.teams.roll(NOW).listening == {key: ((after(hours=1), '{"a": 1}'), (NOW, "{}"))}
    store.teams.listen({key: '{"a": 1}', other: "{}"}, NAMES, after(hours=2))
    assert store.teams.roll(NOW).listening[other] == ((after(hours=2), "{}"),)
    store.teams.listen({key: "{}"}, NAMES, after(hours=3))
    assert store.teams.roll(NOW).listening == {key: ((NOW, "{}"),)}


def test_one_that_is_made_meanwhile_goes_on_listening(store: Store) -> None:
    store.teams.add("new", "New", "UTC", [{"console": "-"}], "anna", NOW)
    store.teams.subscribe("new", "s", {}, "{}", "anna", NOW)
    store.teams.listen({("law", "all"): "{}"}, NAMES, after(hours=1))
    assert store.teams.roll(NOW).listening[("new", "s")] == ((NOW, "{}"),)


def test_who_was_told_before_there_were_listeners_listens_since_then(store: Store) -> None:
    news(store, saying("Law / all: a · Law / x: b"))
    keys = {("law", "all"): "{}", ("law", "x"): "{}", ("tax", "all"): "{}"}
    store.teams.listen(keys, NAMES, after(days=9))
    found = {key: rows[0][0] for key, rows in store.teams.roll(NOW).listening.items()}
    first = after(hours=2)
    assert found == {("law", "all"): first, ("law", "x"): first, ("tax", "all"): after(days=9)}


def test_the_past_is_owed_once_and_a_dead_row_again(store: Store) -> None:
    change_id = news(store, saying("Law / all: a"))
    store.outbox.bury_all(LAW, "gone", NOW)
    show(store, item("a"), item("b"), now=after(hours=3), to=())
    both = [Old(document_id=n, reason="r", subscription="s", targets=(LAW, OPS)) for n in (1, 2)]
    assert store.past.told([LAW, OPS]) == {LAW: frozenset(), OPS: frozenset()}
    assert store.past.owe("law", both, "d", after(days=1)) == 4
    assert store.past.owe("law", both, "e", after(days=1)) == 0
    assert store.past.told([LAW, OPS]) == {LAW: {1, 2}, OPS: {1, 2}}
    rows = [row for row in store.outbox.rows() if row["change_id"] == change_id]
    assert {(row["state"], row["digest"], row["error"]) for row in rows} == {("owed", "d", None)}
    told = [what for _, what, said in steps(store) if said == "asked for on purpose; r"]
    assert told == ["owed"] * 4


def test_the_past_of_a_baseline_completes_nothing(store: Store) -> None:
    show(store, item("a"))
    old = Old(document_id=1, reason="r", subscription="s", targets=(OPS,))
    assert store.past.owe("law", [old], "d", after(hours=1)) == 1
    with store.db.read() as tx:
        (mark,) = tx.execute(select(t.change.c.mark)).scalars()
    assert mark == "backfill"


def test_a_team_may_come_back(store: Store) -> None:
    store.teams.add("new", "New", "UTC", [{"console": "-"}], "anna", NOW)
    assert store.teams.subscribe("new", "s", {"sectors": ["x"]}, "{}", "anna", NOW)
    store.teams.remove("new", "removed", after(hours=1), NAMES)
    assert store.teams.roll(NOW).teams == ()
    assert store.teams.roll(NOW).subscriptions == ()
    store.teams.add("new", "Newer", "UTC", [{"console": "-"}], "bo", after(hours=2))
    (made,) = store.teams.roll(NOW).teams
    assert (made.name, made.by, store.teams.roll(NOW).subscriptions) == ("Newer", "bo", ())
    assert store.teams.subscribe("new", "s", {}, "{}", "bo", after(hours=2))
    assert not store.teams.subscribe("new", "s", {}, "{}", "bo", after(hours=2))


def test_a_review_stays_with_a_paper_that_turned_out_to_be_another(store: Store) -> None:
    show(store, item("a"))
    with store.db.write() as tx:
        said = {"document_id": 1, "team_id": "law", "state": "reviewed", "by": "bo", "at": NOW}
        tx.execute(t.review.insert().values(**said))
    assert [each.state for each in store.teams.reviews(1)] == ["reviewed"]
    assert store.teams.reviews(2) == []
