"""Visits and readings: what they leave behind, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from tests.store.samples import LAW, MAIL, NOW, after, claim, document, item, notice_to, owed, show
from watcher.errors import StoreError
from watcher.model import ChangeKind, Link, Validators
from watcher.store import Store, schema
from watcher.store.findings import NEW, Paper, Reading
from watcher.store.papers import DueReading
from watcher.store.sources import Unchanged


def kinds(store: Store) -> list[str]:
    """All changes as "kind document-id", oldest first."""
    ids = [listed.document.id for listed in store.papers.newest(limit=1000)]
    changes = sorted((c for i in ids for c in store.papers.changes(i)), key=lambda c: c.id)
    return [f"{change.kind} {change.document.id}" for change in changes]


def test_a_baseline_is_silent_and_what_comes_later_is_owed(store: Store) -> None:
    assert show(store, item("a"), item("b")) == 0
    assert (kinds(store), owed(store)) == ([], [])
    assert show(store, item("c"), item("a"), item("b"), to=(LAW, MAIL)) == 1
    assert kinds(store) == ["new 3"]
    assert len(owed(store)) == 2
    assert show(store, item("c"), item("a"), item("b")) == 0


def test_store_then_detect_gives_nothing(store: Store) -> None:
    rows = [item("a", deadline=date(2026, 12, 1)), item("b", published=None), item("c", title=None)]
    show(store, *rows)
    assert show(store, *rows) == 0
    assert len(store.papers.newest()) == 3


@pytest.mark.parametrize(
    ("first", "second", "complete", "expected"),
    [
        ("a b", "a b", True, ""),
        ("a b", "a", False, ""),
        ("a b", "a", True, "withdrawn"),
        ("a", "a!", False, "modified"),
        ("a", "a b", False, "new"),
    ],
)
def test_changes_are_recorded(
    store: Store, first: str, second: str, complete: bool, expected: str
) -> None:
    def rows(words: str) -> list[object]:
        made = [item(w.rstrip("!")) for w in words.split()]
        return [
            replace(row, title=f"{row.title}（修订）") if "!" in word else row
            for row, word in zip(made, words.split(), strict=True)
        ]

    show(store, *rows(first), complete=complete)  # type: ignore[arg-type]  # rows are items
    show(store, *rows(second), complete=complete)  # type: ignore[arg-type]  # as above
    assert " ".join(line.split()[0] for line in kinds(store)) == expected
    assert len(owed(store)) == len(kinds(store))


def test_there_and_back_is_two_changes(store: Store) -> None:
    a, b = item("a"), item("a", title="灯具局关于印发《别的办法》的通知")
    for row in (a, b, a):
        show(store, row)
    assert kinds(store) == ["modified 1", "modified 1"]
    assert [version.title for version in store.papers.versions(1)] == [a.title, b.title, a.title]


def test_withdrawn_and_restored(store: Store) -> None:
    show(store, item("a"), item("b"), complete=True)
    show(store, item("a"), complete=True)
    assert store.papers.newest(ids=[2])[0].withdrawn_at == NOW
    show(store, item("a"), item("b"), complete=True)
    assert store.papers.newest(ids=[2])[0].withdrawn_at is None
    assert kinds(store) == ["withdrawn 2", "restored 2"]


def test_a_paper_on_two_sources_is_one_document_and_one_alert(store: Store) -> None:
    show(store, item("old"))
    show(store, item("old2"), source_id="mirror")
    show(store, item("a"), item("old"))
    mirrored = item("a", key="https://gov.example/1", url="https://gov.example/1")
    assert show(store, mirrored, item("old2"), source_id="mirror") == 0
    assert [s["source_id"] for s in store.papers.sightings(3)] == ["lamps", "mirror"]
    assert len(owed(store)) == 1


@pytest.mark.parametrize(
    ("change", "one"),
    [
        ({}, True),
        ({"published": date(2026, 11, 3)}, True),
        ({"published": date(2026, 11, 9)}, False),  # a yearly notice, or a correction
        ({"published": None}, False),
        ({"title": "灯具局关于印发《二号灯具数据管理办法》的通知"}, False),
    ],
)
def test_what_counts_as_a_mirror(store: Store, change: dict[str, object], one: bool) -> None:
    show(store)
    show(store, source_id="mirror")
    show(store, item("一"))
    address = {"key": "https://gov.example/1", "url": "https://gov.example/1"}
    show(store, item("一", **(address | change)), source_id="mirror")
    assert (len(store.papers.newest()) == 1) is one


def test_twins_on_one_list_stay_strangers(store: Store) -> None:
    show(store)
    show(
        store,
        item("a", title="关于公开征求《灯具标准》意见的通知"),
        item("b", title="关于公开征求《灯具标准》意见的通知"),
    )
    assert len(store.papers.newest()) == 2


def test_a_brief_names_a_known_paper(store: Store) -> None:
    show(store, source_id="brief")
    show(store)
    paper = item("a")
    show(store, paper)
    named = item("b1", title="Lamps get data rules", aka=(str(paper.title),))
    assert show(store, named, source_id="brief") == 0
    assert len(store.papers.newest()) == 1


def test_a_moved_address_is_no_news(store: Store) -> None:
    show(store, item("a"), item("b"))
    moved = item("a", key="https://x.example/new/a", url="https://x.example/new/a")
    assert show(store, moved, item("b")) == 0
    assert store.papers.get([1])[1].url == moved.url
    assert set(store.sources.known("lamps")) == {moved.key, item("b").key}


def test_a_lost_claim_records_nothing(store: Store) -> None:
    show(store, item("a"))
    stale = claim(store)
    store.sources.release_leases()
    fresh = claim(store)
    assert fresh.fence == stale.fence + 1
    assert show(store, item("a"), item("b"), state=stale) is None
    assert len(store.papers.newest()) == 1
    assert show(store, item("a"), item("b"), state=fresh) == 1


def test_links_are_saved_with_the_paper(store: Store) -> None:
    show(store)
    show(store, item("draft"))
    tie = Link(draft="1", final=NEW, state="linked", score=0.9, evidence=("same name",))
    show(store, item("final"), item("draft"), links=(tie,))
    assert store.papers.links(2) == [replace(tie, final="2")]
    assert store.papers.links(1) == store.papers.links(2)


def test_a_paper_that_stands_elsewhere_is_not_withdrawn(store: Store) -> None:
    show(store, item("b"), complete=True)
    show(store, source_id="mirror")
    show(store, item("a"), item("b"), complete=True)
    here = item("a", key="https://gov.example/1", url="https://gov.example/1")
    show(store, here, source_id="mirror")
    assert show(store, item("b"), complete=True) == 0
    assert kinds(store) == ["new 2"]


def test_an_edit_that_another_source_told_before_is_no_news(store: Store) -> None:
    show(store)
    show(store, source_id="mirror")
    show(store, item("a"))
    here = item("a", key="https://gov.example/1", url="https://gov.example/1")
    show(store, here, source_id="mirror")
    title = "灯具局关于印发《智慧灯具办法》的通知"
    assert show(store, replace(item("a"), title=title)) == 1
    assert show(store, replace(here, title=title), source_id="mirror") == 0


@pytest.mark.parametrize("state", ["confirmed", "rejected"])
def test_what_people_said_of_a_link_stays(store: Store, state: str) -> None:
    show(store)
    show(store, item("draft"), item("final"))
    ours = Link(draft="1", final="2", state="suggested", score=0.6)
    store.record.tie([ours], NOW)
    with store.db.write() as tx:
        tx.execute(update(schema.link).values(state=state))
    store.record.tie([replace(ours, state="linked", score=0.9)], NOW)
    assert [link.state for link in store.papers.links(1)] == [state]


def test_one_paper_on_many_sources_at_the_same_moment(store: Store) -> None:
    """Whichever visit is saved first brings the paper; the others only see it."""
    names = [f"list{n}" for n in range(6)]
    for name in names:
        show(store, source_id=name)

    def visit(name: str) -> int | None:
        row = item("a", key=f"https://{name}.example/a", url=f"https://{name}.example/a")
        return show(store, row, source_id=name)

    with ThreadPoolExecutor(len(names)) as pool:
        news = list(pool.map(visit, names))
    assert sorted(news, key=str) == [0] * 5 + [1]
    assert len(store.papers.newest()) == 1
    assert len(owed(store)) == 1


# ---------------------------------------------------------------- claims


@pytest.mark.parametrize("late", ["unchanged", "failure", "release"])
def test_a_claim_that_was_lost_says_nothing(store: Store, late: str) -> None:
    stale = claim(store)
    store.sources.release_leases()
    held = claim(store)
    if late == "unchanged":
        store.sources.record_unchanged(
            [Unchanged(state=stale, at=NOW, next_poll_at=after(hours=9))]
        )
    elif late == "failure":
        store.sources.record_failure(stale, NOW, "x", after(hours=9))
    else:
        store.sources.release(stale)
    state = store.sources.states()["lamps"]
    assert (state.error, state.next_poll_at) == (None, held.next_poll_at)
    assert store.sources.claim(["lamps"], NOW) == [], "the other claim still holds"


def test_a_source_is_claimed_once(store: Store) -> None:
    store.sources.sync(["a", "b"], NOW)
    assert [s.id for s in store.sources.claim_due(["a", "b"], NOW, 10)] == ["a", "b"]
    assert store.sources.claim_due(["a", "b"], NOW, 10) == []
    assert len(store.sources.claim_due(["a", "b"], after(minutes=6), 10)) == 2  # the lease ended


def test_unchanged_visits_are_recorded_together(store: Store) -> None:
    states = [claim(store, name) for name in ("a", "b")]
    visits = [
        Unchanged(
            state=state, at=NOW, next_poll_at=after(hours=1), validators=Validators(etag='"9"')
        )
        for state in states
    ]
    store.sources.record_unchanged(visits)
    assert {s.validators.etag for s in store.sources.states().values()} == {'"9"'}
    assert store.sources.claim_due(["a", "b"], after(minutes=59), 10) == []
    assert len(store.sources.claim_due(["a", "b"], after(hours=1), 10)) == 2


def test_a_failure_keeps_what_is_known(store: Store) -> None:
    show(store, item("a"))
    store.sources.record_failure(claim(store), NOW, "blocked: a login page", after(hours=1))
    state = store.sources.states()["lamps"]
    assert (state.failures, state.error, state.failing_since) == (1, "blocked: a login page", NOW)
    assert len(store.sources.known("lamps")) == 1
    store.sources.record_failure(claim(store, now=after(hours=1)), after(hours=1), "x", NOW)
    assert store.sources.states()["lamps"].failing_since == NOW
    show(store, item("a"), item("b"), now=after(hours=2))
    assert store.sources.states()["lamps"].error is None


# ---------------------------------------------------------------- reading pages


def due_reading(store: Store, minutes: float = 0) -> DueReading:
    (due,) = store.papers.claim_due(["lamps"], after(minutes=minutes), 10)
    return due


def read(store: Store, due: DueReading, text: str, kind: ChangeKind | None = None) -> bool:
    made = replace(document(item("a")), id=due.document.id, text=text)
    paper = Paper(document=made, notifications=(notice_to(LAW, MAIL),))
    return store.record.reading(
        Reading(
            due=due,
            at=NOW,
            next_read_at=after(hours=1),
            validators=Validators(),
            paper=paper,
            kind=kind,
        )
    )


def test_the_first_reading_completes_the_alert_that_waits(store: Store) -> None:
    show(store)
    show(store, item("a"), read_at=NOW, due=after(minutes=15))
    assert store.outbox.due_targets(NOW) == []
    assert read(store, due_reading(store), "第一条　灯具数据。")
    assert store.outbox.due_targets(NOW) == [MAIL, LAW]  # pulled forward, and one more team
    assert kinds(store) == ["new 1"]
    assert store.papers.get([1])[1].text == "第一条　灯具数据。"
    assert [v.cause for v in store.papers.versions(1)] == ["listed", "page"]


def test_a_later_reading_with_another_text_is_a_change(store: Store) -> None:
    show(store)
    show(store, item("a"), read_at=NOW)
    read(store, due_reading(store), "旧")
    read(store, due_reading(store, 61), "新", ChangeKind.MODIFIED)
    assert kinds(store) == ["new 1", "modified 1"]
    change = store.papers.changes(1)[1]
    texts = {version.id: version.text for version in store.papers.versions(1)}
    assert [texts[i] for i in (change.before_id, change.after_id) if i] == ["旧", "新"]


def test_a_reading_that_failed_is_kept_with_its_reason(store: Store) -> None:
    show(store)
    show(store, item("a"), read_at=NOW)
    due = due_reading(store)
    store.record.reading(
        Reading(
            due=due,
            at=NOW,
            next_read_at=after(minutes=1),
            validators=Validators(),
            error="timed out",
        )
    )
    assert store.papers.newest()[0].read_error == "timed out"
    again = due_reading(store, 2)
    assert (again.failures, again.reads) == (1, 0)
    assert read(store, due, "late") is False  # its claim has passed on
    assert read(store, again, "text") is True
    assert store.papers.newest()[0].read_error is None


# ---------------------------------------------------------------- the database itself


def test_migrations_give_the_tables_of_the_schema(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from watcher.store.database import HEAD
    from watcher.store.schema import metadata

    with store.db.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert store.db.version() == HEAD


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    show(store, item("a"))
    broken = replace(item("b"), title="x", published="no date")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(StoreError, match="database"):
        show(store, item("c"), broken)
    assert len(store.papers.newest()) == 1
