"""What people do is done once and whole; papers are found by their titles; in every database."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.store.samples import LAW, NOW, after, item, show
from tests.store.test_postings import letters, paper_id, send
from watcher.errors import StoreError
from watcher.gloss import key_of
from watcher.store import Store
from watcher.store import schema as t
from watcher.store.acts import KEPT


def acts(store: Store) -> int:
    with store.db.read() as tx:
        return tx.execute(select(func.count()).select_from(t.interaction)).scalar_one()


def test_an_act_is_new_once(store: Store) -> None:
    found = []
    for act in ("a", "a", "b", "a", "\ud800"):
        with store.acts.once(act, NOW) as new:
            found.append(new)
    assert found == [True, False, True, False, True]


def test_old_acts_are_forgotten(store: Store) -> None:
    with store.acts.once("a", NOW):
        pass
    with store.acts.once("b", NOW + KEPT + timedelta(seconds=1)):
        pass
    assert acts(store) == 1


def test_what_raises_was_not_done(store: Store) -> None:
    show(store)
    show(store, item("a"))
    paper = paper_id(store, "a")
    with pytest.raises(ValueError, match="half way"), store.acts.once("a", NOW):
        store.reviews.say(paper, "law", "reviewed", "ann", NOW)
        store.teams.add("x", "X", "UTC", [], "ann", NOW)
        raise ValueError("half way")
    assert store.teams.reviews(paper) == []
    assert store.teams.roll(NOW).teams == ()
    with store.acts.once("a", NOW) as new:
        assert new
        store.reviews.say(paper, "law", "reviewed", "ann", NOW)
        assert len(store.teams.reviews(paper)) == 1  # seen from within
    assert len(store.teams.reviews(paper)) == 1


def test_what_one_thread_does_together_another_does_not_join(store: Store) -> None:
    with store.acts.once("a", NOW):
        seen: list[int] = []
        other = threading.Thread(target=lambda: seen.append(acts(store)))
        other.start()
        other.join(10)
    assert seen == [0]
    assert acts(store) == 1


def test_the_same_act_at_two_nodes_is_done_by_one(store: Store) -> None:
    found: list[bool] = []
    start = threading.Barrier(4)

    def act() -> None:
        start.wait(10)
        with store.acts.once("same", NOW) as new:
            found.append(new)

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(found) == [False, False, False, True]


def test_a_review_is_shown_where_the_paper_was_told(store: Store) -> None:
    show(store)
    show(store, item("a"))
    send(store)
    store.reviews.say(paper_id(store, "a"), "law", "reviewed", "ann", after(minutes=1))
    assert {"kind": "update"}.items() <= dict(letters(store)[-1] or {}).items()  # type: ignore[call-overload]


def test_an_alert_is_found_by_its_key(store: Store) -> None:
    show(store)
    show(store, item("a"))
    (row,) = store.outbox.rows()
    told = store.acts.alert(row["key"])
    assert told is not None
    assert (told.paper, told.place) == (paper_id(store, "a"), "")
    send(store, place="C01/1.2")
    told = store.acts.alert(row["key"])
    assert told is not None
    assert told.place == "C01/1.2"
    assert store.acts.alert("unknown") is None
    assert store.acts.reaching("C01") == {LAW.address}
    assert store.acts.reaching("C0") == frozenset()
    assert store.acts.reaching("%") == frozenset()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["灯具"], ["b", "a"]),
        (["灯具", "数据"], ["a"]),
        (["LAMP"], ["b"]),
        (["100%"], ["b"]),
        (["%"], ["b"]),
        (["_"], []),
        (["measures"], ["a"]),
        (["其他"], []),
    ],
)
def test_papers_are_found_by_all_words(store: Store, words: list[str], found: list[str]) -> None:
    show(store)
    show(store, item("a", title="灯具数据管理办法"))
    show(store, item("b", title="灯具办法 Lamp 100% rules"))
    with store.db.write() as tx:
        title = "灯具数据管理办法"
        tx.execute(
            t.translation.insert().values(
                key=key_of(title), source=title, text="Data Measures", by="x", at=NOW
            )
        )
    assert store.search.titled(words, 10) == [paper_id(store, word) for word in found]
    assert [id_ for id_, _ in store.search.newest(1)] == [paper_id(store, "b")]


def test_a_failing_database_is_a_store_error(store: Store) -> None:
    with store.db.write() as tx:
        t.interaction.drop(tx)
    with pytest.raises(StoreError), store.acts.once("a", NOW):
        raise AssertionError("it cannot be known whether this was done")
