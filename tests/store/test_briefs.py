"""Which papers a brief's days have, who cared for them, and what editors changed: on both databases."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.store.samples import LAW, MAIL, NOW, after, item, show
from watcher.rank import Care
from watcher.store import Store
from watcher.store import schema as t
from watcher.store.briefs import Kept, Seen

DAYS = date(2026, 11, 1), date(2026, 11, 7)


def titles(store: Store, *, seen: Seen | None = None) -> str:
    """The words of the papers that a brief of `DAYS` has."""
    papers = store.papers.get(store.briefs.papers(*DAYS, seen))
    return " ".join(sorted((papers[id_].url or "").rpartition("/")[2] for id_ in papers))


def test_papers_are_of_their_day_published_or_signed_or_first_seen(store: Store) -> None:
    show(
        store,
        item("first", published=DAYS[0]),
        item("last", published=DAYS[1]),
        item("before", published=date(2026, 10, 31)),
        item("behind", published=date(2026, 11, 8)),
        item("undated", published=None),
    )
    assert titles(store) == "first last undated"
    show(store, source_id="x", now=after(days=10))
    show(store, item("late", published=None), source_id="x", now=after(days=11))
    assert titles(store) == "first last undated"


def test_a_brief_that_is_sent_has_what_was_known_and_what_came_late(store: Store) -> None:
    show(store, item("baseline", published=date(2026, 10, 20)))
    rows = [item("late", published=date(2026, 10, 20)), item("mine", published=DAYS[0])]
    show(store, *rows, now=after(hours=1))
    show(store, *rows, item("after", published=DAYS[0]), now=after(hours=3))
    seen = Seen(since=NOW, until=after(hours=2))
    assert titles(store, seen=seen) == "late mine"
    assert titles(store, seen=Seen(since=after(hours=2), until=after(hours=4))) == "after mine"


def test_papers_that_are_held_back_are_in_no_brief(store: Store) -> None:
    show(store, item("old"))
    show(store, item("old"), item("held"), now=after(hours=1))
    with store.db.write() as tx:
        tx.execute(t.change.update().values(held=True))
    assert titles(store) == "old"


def test_who_cared_is_counted_by_team(store: Store) -> None:
    show(store, item("old"))
    show(store, item("old"), item("new"), now=after(hours=1), to=(LAW, MAIL))
    old, new = store.briefs.papers(*DAYS)
    with store.db.write() as tx:
        for team, state in (("law", "reviewed"), ("law", "not_relevant"), ("tax", "reviewed")):
            values = {"document_id": old, "team_id": team, "state": state, "by": "ada", "at": NOW}
            tx.execute(t.review.insert().values(**values))
    assert store.briefs.care([old, new]) == {
        old: Care(reviewed=1, not_relevant=1),
        new: Care(teams=1),
    }


def kept(document: int, field: str, value: Any) -> Kept:
    return Kept(document=document, field=field, value=value, against="x", by="ada", at=NOW)


def test_the_last_edit_of_a_field_stands(store: Store) -> None:
    show(store, item("a"))
    (id_,) = store.briefs.papers(*DAYS)
    first, second = kept(id_, "comment", "one"), kept(id_, "comment", "二")
    place = kept(id_, "place", 0)
    store.briefs.keep(None, *DAYS, [first, place, second])
    store.briefs.keep("law", *DAYS, [first])
    assert store.briefs.edits(None, *DAYS) == [second, place]
    assert store.briefs.edits("law", *DAYS) == [first]
    assert store.briefs.edits(None, DAYS[0], DAYS[0]) == []
    store.briefs.keep(None, *DAYS, [replace(second, value=None)])
    assert store.briefs.edits(None, *DAYS) == [place]


def test_a_brief_is_owed_once_to_a_target(store: Store) -> None:
    letter = {"kind": "brief", "until": NOW.isoformat()}

    def owe(key: str) -> bool:
        return store.briefs.owe(
            key, letter, LAW, team="law", subscription="s", reason="why", due_at=NOW, now=NOW
        )

    assert (owe("1"), owe("1"), owe("2")) == (True, False, True)
    assert store.briefs.last("law", "s") == letter
    assert store.briefs.last("law", "other") is None


@pytest.mark.parametrize("since", [(), (NOW,)])
def test_since_when_a_subscription_listens(store: Store, since: tuple[Any, ...]) -> None:
    with store.db.write() as tx:
        for at in since:
            row = {"team_id": "law", "subscription_id": "s", "wants": "{}", "since": at}
            tx.execute(t.listener.insert().values(**row))
    assert store.briefs.listening_since("law", "s") == (since[0] if since else None)
