"""The outbox: order, leases, fences, and that nothing owed is ever lost."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.store.samples import LAW, MAIL, NOW, OPS, after, claim, item, notice_to, owed, show
from watcher.errors import LoopsTaken
from watcher.model import ChangeKind, Notification
from watcher.settings import Target
from watcher.store import Store, outbox
from watcher.store import schema as t
from watcher.store.batch import Batch
from watcher.store.owing import owe


def fill(store: Store, words: str, to: tuple[Target, ...] = (LAW,), **when: object) -> None:
    """Owe one alert for each word, in this order."""
    if "lamps" not in store.sources.states():
        show(store)
    for word in words.split():
        show(store, item(word), to=to, **when)  # type: ignore[arg-type]  # due and digest


def take(store: Store, target: Target = LAW, **span: float) -> Batch | None:
    return store.outbox.claim(target, after(**span))


def taken(store: Store, target: Target = LAW, **span: float) -> Batch:
    batch = take(store, target, **span)
    assert batch is not None
    return batch


def titles(store: Store, batch: Batch) -> list[str]:
    changes = [store.papers.change(row.change_id) for row in batch.rows if row.change_id]
    return [change.document.url.rpartition("/")[2] for change in changes if change.document.url]


def test_rows_leave_in_order_and_once(store: Store) -> None:
    fill(store, "a b c")
    seen = []
    while batch := take(store):
        seen += titles(store, batch)
        store.outbox.mark_sent(batch, "ok", NOW)
    assert seen == ["a", "b", "c"]
    assert store.outbox.due_targets(NOW) == []


def test_one_target_does_not_hold_up_another(store: Store) -> None:
    fill(store, "a", to=(LAW, MAIL))
    store.outbox.suspend(taken(store), "invalid_auth", NOW)
    assert store.outbox.due_targets(NOW) == [MAIL]
    store.outbox.mark_sent(taken(store, MAIL), "ok", NOW)
    assert [line.split()[0] for line in owed(store)] == ["owed", "sent"]


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(store: Store) -> None:
    fill(store, "a b")
    first = taken(store)
    assert take(store) is None  # b waits behind a
    assert store.outbox.hand_over(first, NOW, blind=False)
    again = taken(store, minutes=6)
    assert again.rows[0].key == first.rows[0].key
    assert (first.ambiguous, again.ambiguous) == (False, True)
    assert not store.outbox.hand_over(first, after(minutes=7), blind=True)
    store.outbox.mark_sent(first, "late", after(minutes=7))  # the fence has risen: not its row now
    assert owed(store)[0].startswith("owed")
    store.outbox.mark_sent(again, "ok", after(minutes=7))
    assert owed(store)[0].startswith("sent")


def test_many_hands_take_each_row_once(store: Store) -> None:
    fill(store, "a b c d e f")

    def work(_: int) -> list[str]:
        mine = []
        for _ in range(40):
            if batch := take(store):
                mine += titles(store, batch)
                store.outbox.mark_sent(batch, "ok", NOW)
        return mine

    with ThreadPoolExecutor(6) as pool:
        done = [word for words in pool.map(work, range(6)) for word in words]
    assert sorted(done) == list("abcdef")


def test_a_row_that_is_being_written_is_not_passed(store: Store) -> None:
    """PostgreSQL locks rows: a correction that joins the first must not let the second go before it."""
    fill(store, "a b")
    with ThreadPoolExecutor(1) as pool:
        with store.db.write() as tx:
            first = select(t.delivery.c.id).order_by(t.delivery.c.id).limit(1)
            tx.execute(first.with_for_update())
            claimed = pool.submit(taken, store)
            wait([claimed], timeout=0.5)
        assert titles(store, claimed.result(30)) == ["a"]


def test_the_lease_begins_anew_as_a_message_is_handed_over(store: Store) -> None:
    """Its channel's history may have been read for minutes; the answer may take half of one."""
    fill(store, "a")
    batch = taken(store)
    assert store.outbox.hand_over(batch, after(minutes=4.9), blind=False)
    assert take(store, minutes=5.5) is None
    assert taken(store, minutes=10).ambiguous


def test_a_postponed_row_keeps_its_place_and_its_doubt(store: Store) -> None:
    fill(store, "a b")
    store.outbox.postpone(taken(store), after(minutes=10), "HTTP 500", NOW, ambiguous=True)
    assert take(store, minutes=9) is None
    batch = taken(store, minutes=10)
    assert (titles(store, batch), batch.ambiguous, batch.attempts) == (["a"], True, 1)
    store.outbox.postpone(batch, after(minutes=20), "refused", NOW, ambiguous=False)
    assert taken(store, minutes=20).ambiguous is False


def test_a_stubborn_row_lets_the_others_pass(store: Store) -> None:
    fill(store, "a b")
    for n in range(6):
        again = taken(store, hours=2 * n)
        assert titles(store, again) == ["a"]
        store.outbox.postpone(again, after(hours=2 * n + 2), "no", NOW, ambiguous=False)
    assert take(store, hours=11, minutes=59) is None, "often, but not for long"
    then = after(hours=12)
    store.outbox.postpone(taken(store, hours=12), after(hours=13), "no", then, ambiguous=False)
    assert titles(store, taken(store, hours=12, minutes=1)) == ["b"]


def test_nobody_passes_a_stubborn_row_that_was_not_just_tried_once_more(store: Store) -> None:
    """At the end of a long outage the first goes first."""
    fill(store, "a b")
    for n in range(7):
        tried = after(hours=2 * n)
        store.outbox.postpone(
            taken(store, hours=2 * n),
            tried + timedelta(hours=2),
            "no",
            tried,
            ambiguous=False,
        )
    passing = taken(store, hours=12, minutes=1)
    assert titles(store, passing) == ["b"]
    now = after(hours=12, minutes=1)
    store.outbox.postpone(passing, after(hours=12, minutes=5), "no", now, ambiguous=False)
    assert take(store, hours=12, minutes=4) is None, "nobody presses"
    first = taken(store, hours=12, minutes=5)
    assert titles(store, first) == ["a"]
    store.outbox.mark_sent(first, "ok", after(hours=12, minutes=5))
    assert titles(store, taken(store, hours=12, minutes=5)) == ["b"]


def test_a_digest_leaves_in_one_message(store: Store) -> None:
    fill(store, "a b", digest="law/all/1", due=after(hours=1))
    fill(store, "c", due=after(hours=2))
    assert take(store) is None
    batch = taken(store, hours=1)
    assert titles(store, batch) == ["a", "b"]
    store.outbox.mark_sent(batch, "ok", after(hours=1))
    assert titles(store, taken(store, hours=2)) == ["c"]


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        (LAW, [(1, 3, 2), (2, 3, 2), (3, 3, 1)]),
        (MAIL, [(1, 1, 5)]),
    ],
    ids=["slack", "mail"],
)
def test_a_digest_is_counted_out_in_messages(
    store: Store, monkeypatch: pytest.MonkeyPatch, target: Target, parts: list[tuple[int, int, int]]
) -> None:
    """Slack's messages hold less than mails; who gets several is told which one it is."""
    monkeypatch.setattr(outbox, "BATCH", 2)
    fill(store, "a b c d e", to=(target,), digest="law/all/1")
    fill(store, "f", to=(target,), digest="law/all/2", due=after(hours=1))
    told = []
    for _ in parts:
        batch = taken(store, target)
        told.append((*store.outbox.part(batch), len(batch.rows)))
        store.outbox.hand_over(batch, NOW, blind=False)
        store.outbox.mark_sent(batch, "ok", NOW)
    assert told == parts
    assert take(store, target) is None


def test_a_row_that_joins_a_digest_in_doubt_is_sent_apart(store: Store) -> None:
    fill(store, "a b", digest="law/all/1")
    first = taken(store)
    store.outbox.hand_over(first, NOW, blind=False)
    store.outbox.postpone(first, NOW, "answer lost", NOW, ambiguous=True)
    fill(store, "c", digest="law/all/1")
    again = taken(store)
    assert (titles(store, again), again.ambiguous) == (["a", "b"], True)
    store.outbox.mark_sent(again, "found in the channel", NOW)
    rest = taken(store)
    assert (titles(store, rest), rest.ambiguous) == (["c"], False)


def test_a_dead_row_is_listed_and_can_be_owed_again(store: Store) -> None:
    fill(store, "a b")
    store.outbox.bury(taken(store), "invalid_blocks", NOW)
    (dead,) = store.outbox.rows("dead")
    assert dead["error"] == "invalid_blocks"
    assert titles(store, taken(store)) == ["b"]
    assert store.outbox.retry([dead["id"]], after(hours=1)) == 1
    assert store.outbox.retry([dead["id"]], after(hours=1)) == 0
    assert titles(store, taken(store, hours=1)) == ["b"]


def test_a_suspension_grows_and_ends(store: Store) -> None:
    fill(store, "a")
    waits: list[timedelta] = []
    now = NOW
    for _ in range(80):  # three weeks of a refused token
        assert store.outbox.due_targets(now) == [LAW]
        batch = store.outbox.claim(LAW, now)
        assert batch is not None
        news = store.outbox.suspend(batch, "invalid_auth", now)
        assert news is (not waits)
        (row,) = store.outbox.suspended()
        waits.append(row["retry_at"] - now)
        now = row["retry_at"]
    assert waits[:6] == [timedelta(minutes=m) for m in (15, 30, 60, 120, 240, 360)]
    assert set(waits[6:]) == {timedelta(hours=6)}
    batch = store.outbox.claim(LAW, now)
    assert batch is not None
    assert store.outbox.mark_sent(batch, "ok", now) == [str(LAW)]
    assert store.outbox.suspended() == []


def test_suspensions_can_be_lifted(store: Store) -> None:
    fill(store, "a b")
    store.outbox.suspend(taken(store), "invalid_auth", NOW)
    assert store.outbox.due_targets(NOW) == []
    store.outbox.lift_suspensions()
    assert store.outbox.due_targets(NOW) == [LAW]
    assert titles(store, taken(store)) == ["a"]


def test_a_started_daemon_takes_what_a_dead_one_held(store: Store) -> None:
    fill(store, "a b", read_at=NOW)
    held = taken(store)
    store.outbox.hand_over(held, NOW, blind=False)
    store.papers.claim_due(["lamps"], NOW, 10)
    claim(store)
    alone = store.db.sqlite  # on PostgreSQL another node may hold them, alive
    with store.loops():
        assert len(store.papers.claim_due(["lamps"], NOW, 10)) == (2 if alone else 0)
        assert len(store.sources.claim(["lamps"], NOW)) == (1 if alone else 0)
        assert take(store) is None, "what may be on its way is given time to arrive"
        again = take(store, seconds=10)
    if not alone:
        assert again is None
        return
    assert again is not None
    assert (titles(store, again), again.ambiguous) == (["a"], True)
    store.outbox.mark_sent(held, "from the grave", NOW)
    assert owed(store)[0].startswith("owed")


def test_one_process_runs_the_loops(store: Store) -> None:
    with store.loops():
        if store.db.sqlite:
            with pytest.raises(LoopsTaken, match="another watcher"), store.loops():
                pass
        else:
            with store.loops():
                pass
    with store.loops():
        pass


def rows_of(store: Store) -> list[tuple[str, str, datetime]]:
    return [(row["target"], row["reason"], row["due_at"]) for row in reversed(store.outbox.rows())]


def again(store: Store, kind: ChangeKind, *notifications: Notification) -> None:
    """Owe once more for the first change."""
    (row, *_) = reversed(store.outbox.rows())
    change = store.papers.change(row["change_id"])
    with store.db.write() as tx:
        owe(tx, kind, change.id, change.document.id, notifications, NOW)


def test_one_row_for_one_change_and_target(store: Store) -> None:
    fill(store, "a", due=after(hours=1))
    again(store, ChangeKind.NEW, replace(notice_to(LAW, MAIL), reason="数据 in the text"))
    assert rows_of(store) == [
        (str(LAW), "数据 in the text", NOW),  # the text has come: it leaves now
        (str(MAIL), "数据 in the text", NOW),
    ]


def test_a_digest_keeps_its_day(store: Store) -> None:
    """Found just before Monday's digest, read just after: it is still Monday's."""
    fill(store, "a", due=after(minutes=2), digest="law/all/monday")
    again(store, ChangeKind.NEW, notice_to(LAW, due=after(days=7), digest="law/all/next monday"))
    (row,) = store.outbox.rows()
    assert (row["due_at"], row["digest"]) == (after(minutes=2), "law/all/monday")


@pytest.mark.parametrize("tried", ["in flight", "refused", "sent"])
def test_what_has_been_tried_is_left_alone(store: Store, tried: str) -> None:
    fill(store, "a")
    batch = taken(store)
    store.outbox.hand_over(batch, NOW, blind=False)
    if tried == "refused":
        store.outbox.postpone(batch, after(minutes=1), "no", NOW, ambiguous=False)
    elif tried == "sent":
        store.outbox.mark_sent(batch, "ok", NOW)
    before = rows_of(store)
    again(store, ChangeKind.NEW, replace(notice_to(LAW), reason="another"))
    assert rows_of(store) == before


def test_a_modification_joins_what_has_not_left(store: Store) -> None:
    fill(store, "a", due=after(minutes=15))
    show(store, item("a", title="灯具局关于印发《甲》的通知"), to=(LAW, MAIL), due=after(minutes=1))
    assert [(target, due) for target, _, due in rows_of(store)] == [
        (str(LAW), after(minutes=1)),
        (str(MAIL), after(minutes=1)),
    ]
    store.outbox.mark_sent(taken(store, minutes=1), "ok", NOW)
    show(store, item("a", title="灯具局关于印发《乙》的通知"), to=(LAW,))
    assert len(rows_of(store)) == 3, "what has left is followed by a correction"


def test_a_modification_does_not_join_what_is_being_handed_over(store: Store) -> None:
    """The message was rendered before: what joined it now would never be told."""
    fill(store, "a")
    batch = taken(store)
    with ThreadPoolExecutor(1) as pool:
        with store.db.together():
            assert store.outbox.hand_over(batch, NOW, blind=False)
            title = "灯具局关于印发《甲》的通知"
            shown = pool.submit(show, store, item("a", title=title), to=(LAW,))
            wait([shown], timeout=0.5)
        shown.result(30)
    store.outbox.mark_sent(batch, "ok", NOW)
    assert [line.split()[0] for line in owed(store)] == ["sent", "owed"]


def test_a_withdrawal_does_not_hide_in_an_alert_that_waits(store: Store) -> None:
    show(store, item("b"))
    show(store, item("a"), item("b"), due=after(minutes=15), complete=True)
    show(store, item("b"), complete=True)
    assert len(rows_of(store)) == 2


def test_what_is_owed_to_a_target_that_went_is_buried(store: Store) -> None:
    fill(store, "a b", to=(LAW, MAIL))
    assert store.outbox.bury_all(LAW, "no longer in the configuration", NOW) == 2
    assert store.outbox.due_targets(NOW) == [MAIL]


def test_patience_counts_from_the_first_refusal(store: Store) -> None:
    fill(store, "a")
    assert taken(store, days=30).refused_at is None
    store.outbox.postpone(
        taken(store, days=31), after(days=31), "500", after(days=31), ambiguous=False
    )
    store.outbox.postpone(
        taken(store, days=32), after(days=32), "500", after(days=32), ambiguous=False
    )
    batch = taken(store, days=33)
    assert batch.refused_at == after(days=31)
    store.outbox.suspend(batch, "invalid_auth", after(days=33))
    assert taken(store, days=40).refused_at is None, "a refused credential does not use it up"


def test_two_nodes_may_owe_one_notice_at_once(store: Store) -> None:
    """Found out by a refusal of the database, it would stop the second node."""
    with ThreadPoolExecutor(1) as pool:
        with store.db.together():
            store.outbox.notify([OPS], "storm", ["1 so far"], NOW, once="storm 1")
            second = pool.submit(store.outbox.notify, [OPS], "storm", ["2"], NOW, once="storm 1")
            wait([second], timeout=0.5)
        second.result(30)
    (row,) = store.outbox.rows()
    assert row["notice"]["lines"] == ["1 so far"]


def test_operators_are_owed_notices(store: Store) -> None:
    store.outbox.notify([OPS], "slack refuses us", ["invalid_auth"], NOW)
    batch = taken(store, OPS)
    assert batch.rows[0].notice == {"subject": "slack refuses us", "lines": ["invalid_auth"]}


ACTIONS = st.lists(
    st.sampled_from(["claim", "sent", "postpone", "suspend", "die", "restart", "later"]),
    max_size=30,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=ACTIONS)
def test_the_outbox_loses_nothing(store: Store, actions: list[str]) -> None:
    """Whatever happens to the senders, every row is sent in the end, each exactly once here."""
    target = Target(kind="slack", address=f"#{len(store.outbox.rows(limit=100_000))}")
    fill(store, "", to=(target,))
    words = [f"{target.address}-{n}" for n in range(3)]
    for word in words:
        show(store, item(word), to=(target,))
    now, held, sent = NOW, None, []
    for action in [*actions, "restart", *["claim", "sent"] * 3]:
        if action == "claim" and held is None:
            held = store.outbox.claim(target, now)
        elif action == "restart":
            held = None
            store.outbox.release_leases()
            store.outbox.lift_suspensions()
        elif action == "later":
            now += timedelta(hours=7)
        elif held is not None and action == "sent":
            sent += [row.key for row in held.rows]
            store.outbox.mark_sent(held, "ok", now)
            held = None
        elif held is not None and action == "postpone":
            store.outbox.postpone(held, now + timedelta(minutes=1), "x", NOW, ambiguous=False)
            held = None
        elif held is not None and action == "suspend":
            store.outbox.suspend(held, "x", now)
            held = None
        elif action == "die":
            held = None
    while (now := now + timedelta(hours=7)) and store.outbox.due_targets(now):
        batch = store.outbox.claim(target, now)
        if batch:
            sent += [row.key for row in batch.rows]
            store.outbox.mark_sent(batch, "ok", now)
    assert len(sent) == len(set(sent)) == 3
