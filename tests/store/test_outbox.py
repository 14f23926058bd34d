"""The outbox: order, leases, fences, and that nothing owed is ever lost."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.samples import LAW, MAIL, NOW, OPS, after, claim, item, notice_to, owed, show
from watcher.settings import Target
from watcher.store import Store
from watcher.store.outbox import Batch


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
    again = taken(store, minutes=6)
    assert again.rows[0].key == first.rows[0].key
    assert (first.ambiguous, again.ambiguous) == (False, True)
    store.outbox.mark_sent(first, "late", after(minutes=7))  # the fence has risen: not its row now
    assert owed(store)[0].startswith("owed")
    store.outbox.mark_sent(again, "ok", after(minutes=7))
    assert owed(store)[0].startswith("sent")


def test_a_postponed_row_keeps_its_place_and_its_doubt(store: Store) -> None:
    fill(store, "a b")
    store.outbox.postpone(taken(store), after(minutes=10), "HTTP 500", ambiguous=True)
    assert take(store, minutes=9) is None
    batch = taken(store, minutes=10)
    assert (titles(store, batch), batch.ambiguous, batch.attempts) == (["a"], True, 1)
    store.outbox.postpone(batch, after(minutes=20), "refused", ambiguous=False)
    assert taken(store, minutes=20).ambiguous is False


def test_a_stubborn_row_lets_the_others_pass(store: Store) -> None:
    fill(store, "a b")
    for n in range(5):
        store.outbox.postpone(taken(store, hours=n), after(hours=n + 1), "no", ambiguous=False)
    assert titles(store, taken(store, hours=4, minutes=1)) == ["b"]


def test_a_digest_leaves_in_one_message(store: Store) -> None:
    fill(store, "a b", digest="law/all/1", due=after(hours=1))
    fill(store, "c", due=after(hours=2))
    assert take(store) is None
    batch = taken(store, hours=1)
    assert titles(store, batch) == ["a", "b"]
    store.outbox.mark_sent(batch, "ok", after(hours=1))
    assert titles(store, taken(store, hours=2)) == ["c"]


def test_a_row_that_joins_a_digest_in_doubt_is_sent_apart(store: Store) -> None:
    fill(store, "a b", digest="law/all/1")
    store.outbox.postpone(taken(store), NOW, "answer lost", ambiguous=True)
    fill(store, "c", digest="law/all/1")
    again = taken(store)
    assert (titles(store, again), again.ambiguous) == (["a", "b"], True)
    store.outbox.mark_sent(again, "found in the channel", NOW)
    rest = taken(store)
    assert (titles(store, rest), rest.ambiguous) == (["c"], False)


def test_a_dead_row_is_listed_and_can_be_owed_again(store: Store) -> None:
    fill(store, "a b")
    store.outbox.bury(taken(store), "invalid_blocks")
    (dead,) = store.outbox.rows("dead")
    assert dead["error"] == "invalid_blocks"
    assert titles(store, taken(store)) == ["b"]
    assert store.outbox.retry([dead["id"]], after(hours=1)) == 1
    assert store.outbox.retry([dead["id"]], after(hours=1)) == 0
    store.outbox.release()
    assert titles(store, taken(store, hours=1)) == ["b"]


def test_a_suspension_grows_and_ends(store: Store) -> None:
    fill(store, "a")
    waits: list[timedelta] = []
    now = NOW
    for _ in range(7):
        assert store.outbox.due_targets(now) == [LAW]
        batch = store.outbox.claim(LAW, now)
        assert batch is not None
        news = store.outbox.suspend(batch, "invalid_auth", now)
        assert news is (not waits)
        (row,) = store.outbox.suspended()
        waits.append(row["retry_at"] - now)
        now = row["retry_at"]
    assert waits == [timedelta(minutes=m) for m in (15, 30, 60, 120, 240, 360, 360)]
    batch = store.outbox.claim(LAW, now)
    assert batch is not None
    assert store.outbox.mark_sent(batch, "ok", now) is True
    assert store.outbox.suspended() == []


def test_a_started_daemon_tries_suspended_channels_at_once(store: Store) -> None:
    fill(store, "a b")
    store.outbox.suspend(taken(store), "invalid_auth", NOW)
    assert store.outbox.due_targets(NOW) == []
    store.release_leases()
    assert store.outbox.due_targets(NOW) == [LAW]
    assert titles(store, taken(store)) == ["a"]


def test_a_started_daemon_takes_what_a_dead_one_held(store: Store) -> None:
    fill(store, "a b", read_at=NOW)
    held = taken(store)
    store.papers.claim_due(["lamps"], NOW, 10)
    claim(store)
    assert take(store) is None
    assert store.papers.claim_due(["lamps"], NOW, 10) == []
    assert store.sources.claim(["lamps"], NOW) == []
    store.release_leases()
    again = taken(store)
    assert (titles(store, again), again.ambiguous) == (["a"], True)
    assert len(store.papers.claim_due(["lamps"], NOW, 10)) == 2
    assert len(store.sources.claim(["lamps"], NOW)) == 1
    store.outbox.mark_sent(held, "from the grave", NOW)
    assert owed(store)[0].startswith("owed")


def test_one_row_for_one_change_and_target(store: Store) -> None:
    from watcher.store.outbox import owe

    fill(store, "a")
    (row,) = store.outbox.rows()
    with store.db.write() as tx:
        owe(tx, row["change_id"], [notice_to(LAW, MAIL, due=after(hours=1))], NOW)
    assert sorted(line.split()[1] for line in owed(store)) == [str(MAIL), str(LAW)]
    assert store.outbox.due_targets(NOW) == []  # the new time stands, nothing had been tried


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
            store.release_leases()
        elif action == "later":
            now += timedelta(hours=7)
        elif held is not None and action == "sent":
            sent += [row.key for row in held.rows]
            store.outbox.mark_sent(held, "ok", now)
            held = None
        elif held is not None and action == "postpone":
            store.outbox.postpone(held, now + timedelta(minutes=1), "x", ambiguous=False)
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
