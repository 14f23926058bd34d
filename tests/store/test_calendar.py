"""The calendar's rows on both databases: which papers stand, and what is owed once, by whichever node."""

import threading
from dataclasses import replace
from datetime import date

from sqlalchemy import update

from tests.store.samples import LAW, MAIL, NOW, after, item, notice_to, show
from watcher.model import ChangeKind, Stage
from watcher.store import Store
from watcher.store import schema as t
from watcher.store.calendar import Event, Letter

SOON = date(2026, 12, 2)


def paper(store: Store, word: str, **more: object) -> int:
    """The id of a paper that was shown and told to LAW."""
    row = item(word, **more)
    show(store)  # the baseline is silent
    show(store, row, to=(LAW,))
    (found,) = [x.document.id for x in store.papers.newest() if x.document.title == row.title]
    return found


def event(store: Store, id_: int, mark: str = "2026-12-02 7d", kind: str = "deadline") -> Event:
    return Event(
        kind=ChangeKind(kind),
        document=store.papers.get([id_])[id_],
        mark=mark,
        notifications=[notice_to(LAW), notice_to(MAIL)],
    )


def test_what_is_open_and_what_takes_effect(store: Store) -> None:
    late, soon = paper(store, "late", deadline=date(2026, 12, 9)), paper(store, "b", deadline=SOON)
    gone, held = paper(store, "gone", deadline=SOON), paper(store, "held", deadline=SOON)
    final = paper(store, "final")
    with store.db.write() as tx:
        papers, changes = t.document.c.id, t.change.c.document_id
        tx.execute(update(t.document).where(papers == gone).values(withdrawn_at=NOW))
        tx.execute(update(t.change).where(changes == held).values(held=True))
        facts = dict(
            tx.execute(t.document.select().where(papers == final)).mappings().one()["facts"]
        )
        tx.execute(
            update(t.document)
            .where(papers == final)
            .values(facts=facts | {"effective": "2027-01-01"})
        )
    calendar = store.calendar
    assert [each.document.id for each in calendar.open(SOON)] == [soon, late]
    assert [each.document.id for each in calendar.open(date(2026, 12, 3))] == [late]
    days = [(date(2027, 1, 1), date(2027, 1, 1)), (date(2027, 1, 2), date(2028, 1, 1))]
    found = [[each.document.id for each in calendar.taking_effect(*pair)] for pair in days]
    assert found == [[final], []]
    assert calendar.taking_effect(SOON, SOON) == []
    assert {each.document.facts.stage for each in calendar.open(SOON)} == {Stage.FINAL}


def test_an_event_is_owed_once_to_each(store: Store) -> None:
    id_ = paper(store, "a", deadline=SOON)
    assert store.calendar.owe([event(store, id_)], NOW) == 1
    assert store.calendar.owe([event(store, id_)], after(days=1)) == 0
    told = store.calendar.told([id_])[id_]
    assert sorted((str(x.target), x.kind, x.mark) for x in told) == [
        ("email:a@example.org", "deadline", "2026-12-02 7d"),
        ("slack:#law", "deadline", "2026-12-02 7d"),
        ("slack:#law", "new", None),
    ]


def test_nodes_that_look_at_the_same_moment_owe_it_once(store: Store) -> None:
    id_ = paper(store, "a", deadline=SOON)
    one, together = event(store, id_), threading.Barrier(4)
    new: list[int] = []

    def look() -> None:
        together.wait(timeout=10)
        new.append(store.calendar.owe([one], NOW))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(new) == [0, 0, 0, 1]
    assert [row.mark for row in store.calendar.pending()] == ["2026-12-02 7d"] * 2


def test_what_waits_is_taken_back_and_what_left_is_not(store: Store) -> None:
    id_ = paper(store, "a", deadline=SOON)
    store.calendar.owe([event(store, id_)], NOW)
    one, other = [row.delivery for row in store.calendar.pending()]
    assert store.calendar.take_back(one, "it was withdrawn", NOW)
    assert not store.calendar.take_back(one, "again", NOW)
    with store.db.write() as tx:
        tx.execute(update(t.delivery).where(t.delivery.c.id == other).values(in_flight=True))
    assert not store.calendar.take_back(other, "too late for that", NOW)
    assert store.calendar.pending() == []
    with store.db.read() as tx:
        ledger = tx.execute(t.attempt.select()).mappings().all()
    told = [(row["delivery_id"], row["what"], row["said"]) for row in ledger]
    assert [step for step in told if step[1] != "owed"] == [(one, "dead", "it was withdrawn")]


def test_a_letter_is_owed_once_and_can_come_sooner(store: Store) -> None:
    letter = Letter(
        says={"kind": "greeting"}, team="law", subscription=None, target=LAW, due_at=after(hours=1)
    )
    again = replace(letter, due_at=after(days=9), reason="after a restart")
    for one in (letter, again):
        store.calendar.owe_letter(one, NOW)
    store.calendar.hasten([letter.key], after(minutes=5))
    store.calendar.hasten([letter.key], after(minutes=9))
    (row,) = store.outbox.rows()
    assert (row["due_at"], row["letter"], row["notice"]) == (
        after(minutes=5),
        {"kind": "greeting"},
        None,
    )
    assert store.calendar.letters([letter.key, "other"]) == {letter.key: NOW}
    assert not store.calendar.ever_told("law", LAW)
    batch = store.outbox.claim(LAW, after(minutes=5))
    assert batch is not None
    assert [owed.letter for owed in batch.rows] == [{"kind": "greeting"}]
    keys = {replace(letter, target=MAIL).key, replace(letter, team="x").key, letter.key}
    assert len(keys) == 3


def test_letters_and_notices_are_no_batch(store: Store) -> None:
    """Both tell of no paper; only notices are gathered."""
    for n in range(2):
        letter = Letter(
            says={"kind": "quiet", "start": str(n)},
            team="law", subscription="s", target=LAW, due_at=NOW,
        )  # fmt: skip
        store.calendar.owe_letter(letter, NOW)
        store.outbox.notify((LAW,), f"lamp {n} is out", [], NOW)
    sizes = []
    while batch := store.outbox.claim(LAW, after(minutes=1)):
        sizes.append([(owed.letter is None, owed.notice is None) for owed in batch.rows])
        store.outbox.mark_sent(batch, "ok", after(minutes=1))
    assert sizes == [[(False, True)], [(True, False)] * 2, [(False, True)]]


def test_what_a_team_heard_is_counted_by_paper(store: Store) -> None:
    id_ = paper(store, "a", deadline=SOON)
    batch = store.outbox.claim(LAW, after(minutes=1))
    assert batch is not None
    store.outbox.mark_sent(batch, "ok", after(minutes=1))
    store.calendar.owe([event(store, id_), event(store, id_, "2026-12-02 2d")], NOW)
    assert store.calendar.heard_since(NOW) == {"law": {"sent": 1, "owed": 1}}
    assert store.calendar.heard_since(after(hours=1)) == {"law": {"sent": 0, "owed": 1}}
    assert store.calendar.ever_told("law", LAW)
    assert not store.calendar.in_digest("law", LAW, NOW)
