"""When a message leaves our hands, what is written of it, and who is sent nothing for now."""

from datetime import timedelta

import pytest

from tests.store.samples import LAW, MAIL, NOW, OPS, after, item, owed, show
from watcher.settings import Target
from watcher.store import Store
from watcher.store.batch import Batch
from watcher.store.outbox import SETTLE
from watcher.store.storms import STORM

TAX = Target(kind="slack", address="#tax")


def fill(store: Store, count: int = 1, to: tuple[Target, ...] = (LAW,), **when: object) -> None:
    if "lamps" not in store.sources.states():
        show(store)
    known = len(store.outbox.rows(limit=1000))
    for n in range(count):
        show(store, item(f"{known}-{n}"), to=to, **when)  # type: ignore[arg-type]  # due and digest


def taken(store: Store, target: Target = LAW, **span: float) -> Batch:
    batch = store.outbox.claim(target, after(**span))
    assert batch is not None
    return batch


def story(store: Store, **wanted: object) -> list[str]:
    steps = store.ledger.steps(**wanted)  # type: ignore[arg-type]  # deliveries, paper, team
    return [f"{step['what']} {step['said']}".strip() for step in steps]


def test_the_ledger_tells_the_whole_story(store: Store) -> None:
    fill(store, to=(LAW, MAIL))
    outbox = store.outbox
    first = taken(store)
    outbox.hand_over(first, NOW, blind=False)
    outbox.postpone(first, after(minutes=1), "slack answered 500", NOW, ambiguous=True)
    again = taken(store, minutes=1)
    outbox.mark_sent(again, "ts 1.1 in C1 (found)", after(minutes=1), found=True)
    mine = [row["id"] for row in outbox.rows() if row["target"] == str(LAW)]
    assert story(store, deliveries=mine) == [
        "owed 数据 in the title",
        "handed over",
        "postponed slack answered 500; again at 2026-11-02 01:01:00 UTC",
        "found ts 1.1 in C1 (found)",
    ]
    (row, _) = sorted(outbox.rows(), key=lambda row: row["target"] != str(LAW))
    assert len(story(store, paper=row["document_id"])) == 5
    assert len(story(store, team="law", paper=row["document_id"])) == 5
    assert story(store, team="tax") == []


def test_a_step_that_is_not_made_is_not_written(store: Store) -> None:
    fill(store)
    late = taken(store)
    taken(store, minutes=6)
    store.outbox.mark_sent(late, "from the grave", after(minutes=7))
    store.outbox.bury(late, "from the grave", after(minutes=7))
    assert story(store, team="law") == ["owed 数据 in the title"]


def test_death_before_the_hand_over_leaves_no_doubt(store: Store) -> None:
    fill(store)
    taken(store)
    store.outbox.release_leases()
    again = taken(store)
    assert (again.ambiguous, again.exposed) == (False, 0)


def test_death_after_the_hand_over_is_settled_later(store: Store) -> None:
    fill(store)
    store.outbox.hand_over(taken(store), NOW, blind=False)
    store.outbox.release_leases()
    assert store.outbox.claim(LAW, NOW + SETTLE / 2) is None
    again = store.outbox.claim(LAW, NOW + SETTLE)
    assert again is not None
    assert (again.ambiguous, again.exposed) == (True, 1)


@pytest.mark.parametrize(
    ("blind", "answered", "exposed"), [(True, False, 2), (True, True, 1), (False, False, 1)]
)
def test_what_was_never_answered_is_counted(
    store: Store, blind: bool, answered: bool, exposed: int
) -> None:
    fill(store)
    first = taken(store)
    store.outbox.hand_over(first, NOW, blind=False)
    store.outbox.postpone(first, NOW, "lost", NOW, ambiguous=True)
    second = taken(store)
    store.outbox.hand_over(second, NOW, blind=blind)
    store.outbox.postpone(second, NOW, "again", NOW, ambiguous=True, answered=answered)
    third = taken(store)
    assert (third.exposed, third.key) == (exposed, first.key)
    store.outbox.bury(third, "enough", NOW, ambiguous=True)
    assert store.outbox.retry(None, NOW) == 1
    assert (taken(store).exposed, taken_again_is_in_doubt(store)) == (1, True)


def taken_again_is_in_doubt(store: Store) -> bool:
    store.outbox.release_leases()
    return taken(store).ambiguous


def test_a_correction_takes_a_claimed_alert_back(store: Store) -> None:
    fill(store)
    claimed = taken(store)
    show(store, item("0-0", title="灯具局关于印发《乙》的通知"), to=(LAW,))
    assert not store.outbox.hand_over(claimed, NOW, blind=False), "it would not say the correction"
    assert len(owed(store)) == 1
    assert taken(store).rows[0].id == claimed.rows[0].id
    assert "joined a correction that it will tell as well" in story(store, team="law")


# ---------------------------------------------------------------- pauses


def test_a_refused_credential_stops_its_channel_and_one_probe_at_a_time_tries_it(
    store: Store,
) -> None:
    fill(store, to=(LAW, TAX, MAIL))
    outbox, refused = store.outbox, "slack answered invalid_auth"
    law, tax = taken(store), taken(store, TAX)
    assert outbox.suspend(law, f"{LAW}: {refused}", NOW, whole=True) is True
    assert outbox.suspend(tax, f"{TAX}: {refused}", NOW, whole=True) is False, "told once"
    assert outbox.due_targets(NOW) == [MAIL]
    assert outbox.claim(LAW, after(minutes=14)) is None
    assert set(outbox.due_targets(after(minutes=15))) == {LAW, TAX, MAIL}
    probe = taken(store, TAX, minutes=15)
    assert probe.probe
    assert outbox.claim(LAW, after(minutes=15)) is None, "one at a time"
    assert outbox.suspend(probe, f"{TAX}: {refused}", after(minutes=15), whole=True) is False
    (row,) = outbox.suspended()
    assert (row["address"], row["retry_at"]) == ("slack", after(minutes=45))
    outbox.lift_suspensions()
    assert outbox.mark_sent(taken(store, LAW, minutes=16), "ok", after(minutes=16)) == ["slack"]
    assert outbox.suspended() == []
    taken(store, TAX, minutes=16)


@pytest.mark.parametrize("fate", ["postponed", "dead", "its channel is gone", "put back"])
def test_a_probe_that_proves_nothing_lets_the_next_one_go(store: Store, fate: str) -> None:
    fill(store, to=(LAW, TAX))
    outbox = store.outbox
    outbox.suspend(taken(store), "invalid_auth", NOW, whole=True)
    probe, now = taken(store, minutes=15), after(minutes=15)
    match fate:
        case "postponed":
            outbox.postpone(probe, after(minutes=16), "HTTP 500", now, ambiguous=False)
        case "dead":
            outbox.bury(probe, "invalid_blocks", now)
        case "put back":
            outbox.put_back(probe)
        case _:
            outbox.suspend(probe, "channel_not_found", now)
    assert taken(store, TAX, minutes=16).probe


def test_a_wish_of_the_providers_holds_one_target_and_is_no_suspension(store: Store) -> None:
    fill(store, 2, to=(LAW, TAX))
    outbox = store.outbox
    outbox.postpone(taken(store), after(minutes=5), "429", NOW, ambiguous=False, hold=True)
    assert outbox.due_targets(after(minutes=4)) == [TAX]
    assert outbox.suspended() == []
    outbox.lift_suspensions()
    assert outbox.due_targets(after(minutes=4)) == [TAX]
    assert set(outbox.due_targets(after(minutes=5))) == {LAW, TAX}


# ---------------------------------------------------------------- storms


def test_a_storm_is_held_and_released_or_discarded(store: Store) -> None:
    fill(store, STORM + 2, to=(LAW, MAIL))
    states = [row["state"] for row in store.outbox.rows(limit=1000) if row["target"] == str(LAW)]
    assert (states.count("owed"), states.count("held")) == (STORM, 2)
    (mail, law) = store.storms.standing()
    assert (mail["target"], law["target"], law["count"]) == (str(MAIL), str(LAW), 2)
    assert store.storms.release(LAW, NOW) == 2
    assert store.storms.release(MAIL, NOW, discard=True) == 2
    assert store.storms.standing() == []
    assert story(store, team="law")[-4:] == ["released", "released", "discarded", "discarded"]
    assert store.outbox.retry(None, NOW) == 0, "what was discarded stays so"


def test_a_digest_is_no_storm_nor_is_a_long_day(store: Store) -> None:
    fill(store, STORM + 2, digest="law/all/1")
    assert store.storms.standing() == []
    for n in range(3):
        now = NOW + timedelta(minutes=15 * (n + 1))
        for m in range(STORM - 5):
            show(store, item(f"later-{n}-{m}"), to=(TAX,), now=now)
    assert store.storms.standing() == []


def test_operators_are_told_once_of_one_thing(store: Store) -> None:
    for _ in range(2):
        store.outbox.notify([OPS], "a storm", ["held"], NOW, once="storm 7")
    assert len(owed(store)) == 1
