"""Documents that turn out to be one, papers that pass to another source, alerts that are held; on both databases."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.store.samples import LAW, MAIL, NOW, after, document, item, notice_to, owed, show
from watcher.model import Attachment, AttachmentText, Facts, Link, Stage, Validators
from watcher.store import Store
from watcher.store.findings import Arrival, File, Paper, Reading, Visit
from watcher.store.papers import DueReading
from watcher.store.record import Stale
from watcher.store.sources import SourceState

NUMBER = "工信部灯〔2026〕12号"


def number(store: Store, due: DueReading, title: str | None = None) -> None:
    """Read a paper's page, which bears the number."""
    facts = Facts(stage=Stage.FINAL, bodies=("MIIT",), doc_number=NUMBER)
    made = replace(due.document, facts=facts, title=title or due.document.title, text="第一条")
    paper = Paper(document=made, notifications=(notice_to(LAW, MAIL),))
    store.record.reading(
        Reading(due=due, at=NOW, next_read_at=None, validators=Validators(), paper=paper)
    )


def arrivals_of(store: Store, second_title: str) -> tuple[DueReading, DueReading]:
    """Two papers new on two lists, each still to be read; the team LAW is owed both."""
    for source in ("one", "two"):
        show(store, source_id=source)
    show(store, item("a"), source_id="one", read_at=NOW, due=after(minutes=15))
    other = item("b", title=second_title)
    show(store, other, source_id="two", read_at=NOW, due=after(minutes=15))
    one, two = store.papers.claim_due(["one", "two"], NOW, 10)
    return one, two


def test_two_papers_of_one_number_become_one(store: Store) -> None:
    one, two = arrivals_of(store, "a号灯具数据管理办法")
    number(store, one)
    number(store, two)
    assert [listed.document.id for listed in store.papers.newest()] == [one.document.id]
    assert {s["source_id"] for s in store.papers.sightings(one.document.id)} == {"one", "two"}
    (merged,) = store.papers.newest(ids=[two.document.id])
    assert merged.merged_into == one.document.id
    assert len([row for row in owed(store) if "#law" in row]) == 1
    show(store, item("b", title="a号灯具数据管理办法"), source_id="two", now=after(hours=1))
    assert len(store.papers.newest()) == 1


def test_what_has_left_stays_as_it_is(store: Store) -> None:
    one, two = arrivals_of(store, "a号灯具数据管理办法")
    number(store, one)
    while batch := store.outbox.claim(LAW, after(minutes=20)):
        store.outbox.mark_sent(batch, "receipt", after(minutes=20))
    number(store, two)
    assert len([row for row in owed(store) if row.startswith("sent")]) == 2


def test_another_paper_of_the_same_number_stays_a_stranger(store: Store) -> None:
    one, two = arrivals_of(store, "感应灯具注册审查指导原则")
    number(store, one)
    number(store, two)
    assert len(store.papers.newest()) == 2


def law_rows(store: Store) -> list[str]:
    return [row.split()[0] for row in owed(store) if "#law" in row]


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ("owed", "owed", ["owed"]),
        ("held", "owed", ["owed"]),
        ("owed", "held", ["owed"]),
        ("held", "held", ["held"]),
        ("dead", "owed", ["dead", "owed"]),
        ("sent", "owed", ["sent"]),
        ("sent", "held", ["sent"]),
        ("owed", "sent", ["sent"]),
        ("held", "sent", ["sent"]),
    ],
)
@pytest.mark.parametrize("younger_first", [False, True], ids=["elder first", "younger first"])
def test_each_target_hears_of_one_paper_once(
    store: Store, first: str, second: str, left: list[str], younger_first: bool
) -> None:
    """Whatever became of the two alerts, and whichever page is read first."""
    one, two = arrivals_of(store, "a号灯具数据管理办法")
    with store.db.write() as tx:
        for state, source in ((first, "one"), (second, "two")):
            tx.execute(
                text(
                    "UPDATE delivery SET state = :state WHERE change_id IN"
                    " (SELECT id FROM change WHERE source_id = :source)"
                ),
                {"state": state, "source": source},
            )
    for due in (two, one) if younger_first else (one, two):
        number(store, due)
    assert [listed.document.id for listed in store.papers.newest()] == [one.document.id]
    assert law_rows(store) == left
    if "sent" in left:
        assert LAW in {**store.papers.heard([one.document.id])}


def test_a_reading_of_what_was_merged_ends(store: Store) -> None:
    one, two = arrivals_of(store, "a号灯具数据管理办法")
    number(store, two)
    (again,) = _read_again(store, two.document.id)
    number(store, one)
    reading = Reading(due=again, at=NOW, next_read_at=after(days=1), validators=Validators())
    assert not store.record.reading(reading)
    due = store.papers.claim_due(["one", "two"], after(days=9), 10)
    assert [reading.document.id for reading in due] == [one.document.id]  # read on in its place


def _read_again(store: Store, document_id: int) -> list[DueReading]:
    with store.db.write() as tx:
        values = {"due": 0, "id": document_id}
        tx.execute(text("UPDATE document SET next_read_at = :due WHERE id = :id"), values)
    return store.papers.claim_due(["one", "two"], after(minutes=1), 10)


def test_a_visit_that_saw_what_was_merged_looks_again(store: Store) -> None:
    """A row's paper became another between the visit's look and its record."""
    one, two = arrivals_of(store, "a号灯具数据管理办法")
    number(store, one)
    (known,) = store.sources.known("two").values()
    number(store, two)
    moved = item("b", key="https://y.example/b", url="https://y.example/b")
    visit = replace(_visit(_claim(store, "two")), corrections=((known, moved),))
    with pytest.raises(Stale):
        store.record.visit(visit)
    (known,) = store.sources.known("two").values()
    assert known.document_id == one.document.id
    assert store.record.visit(replace(visit, corrections=((known, moved),))) == 0


def test_merged_papers_follow_when_theirs_is_merged(store: Store) -> None:
    for source in ("one", "two", "three"):
        show(store, source_id=source)
    for source, word in (("one", "a"), ("two", "b"), ("three", "c")):
        title = "a号灯具数据管理办法"
        show(store, item(word, title=title), source_id=source, read_at=NOW)
    dues = store.papers.claim_due(["one", "two", "three"], NOW, 10)
    first, second, third = sorted(dues, key=lambda due: due.document.id)
    number(store, third)
    number(store, second)
    number(store, first)
    merged = store.papers.newest(ids=[second.document.id, third.document.id])
    assert {listed.merged_into for listed in merged} == {first.document.id}


def test_a_link_concluded_before_a_merge_is_the_elders(store: Store) -> None:
    one, two = arrivals_of(store, "a号灯具数据管理办法")
    show(store, source_id="drafts")
    number(store, one)
    number(store, two)
    concluded = Link(
        draft="new",
        final=str(two.document.id),
        state="linked",
        score=0.9,
        evidence=(),
        kind="final",
    )
    show(store, item("d"), source_id="drafts", now=after(minutes=1), links=(concluded,))
    assert len(store.papers.links(one.document.id)) == 1
    assert store.papers.links(two.document.id) == []


@pytest.mark.parametrize("own", [None, "suggested", "confirmed"])
@pytest.mark.parametrize("passed", ["linked", "confirmed", "rejected"])
def test_links_pass_over(store: Store, own: str | None, passed: str) -> None:
    one, two = arrivals_of(store, "a号灯具数据管理办法")
    show(store, source_id="drafts")
    show(store, item("d", title="无关的草稿"), source_id="drafts", now=after(minutes=1))
    (draft,) = (x.document.id for x in store.papers.newest() if x.document.title == "无关的草稿")

    def link(final: int, state: str) -> Link:
        made = Link(
            draft=str(draft), final=str(final), state="linked", score=0.9, evidence=(), kind="final"
        )
        return replace(made, state=state)

    store.record.tie([link(two.document.id, passed)], NOW)
    if own is not None:
        store.record.tie([link(one.document.id, own)], NOW)
    number(store, one)
    number(store, two)
    (left,) = store.papers.links(draft)
    decided = [state for state in (own, passed) if state in ("confirmed", "rejected")]
    assert left.final == str(one.document.id)
    assert left.state == (decided[0] if decided else own or passed)


def test_a_number_on_the_list_is_enough(store: Store) -> None:
    for source in ("one", "two"):
        show(store, source_id=source)
    row = item("a")
    for source, title in (("one", row.title), ("two", "a号灯具数据管理办法")):
        state = _claim(store, source)
        listed = replace(
            row, key=f"https://{source}.example/a", url=f"https://{source}.example/a", title=title
        )
        made = replace(
            document(listed, source),
            facts=Facts(stage=Stage.FINAL, bodies=("MIIT",), doc_number=NUMBER),
        )
        paper = Paper(document=made, notifications=(notice_to(LAW),))
        store.record.visit(_visit(state, Arrival(item=listed, paper=paper, next_read_at=None)))
    assert len(store.papers.newest()) == 1


def _claim(store: Store, source_id: str) -> SourceState:
    store.sources.sync([source_id], NOW)
    (state,) = store.sources.claim([source_id], after(hours=1))
    return state


def _visit(state: SourceState, *arrivals: Arrival) -> Visit:
    return Visit(
        state=state,
        at=NOW,
        next_poll_at=after(minutes=30),
        validators=Validators(),
        fingerprint="hash",
        definition="definition",
        row_counts=(1,),
        snapshot=None,
        arrivals=arrivals,
    )


def test_rows_that_share_an_address_are_strangers(store: Store) -> None:
    url = "https://x.example/column"
    show(store, item("a"))
    rows = [
        item("a", key=f"{url} {n}", url=url, title=f"第{n}次换届公告，以及其他有关事项")
        for n in "一二"
    ]
    show(store, *rows, now=after(minutes=30))
    assert len(store.papers.newest()) == 3


def test_a_letter_in_two_mailboxes_is_one_paper(store: Store) -> None:
    letter = item("a", key="mid:1@x.example", url=None, title="每周简报")
    for source in ("one", "two"):
        show(store, source_id=source)
        show(store, letter, source_id=source, now=after(minutes=1))
    assert len(store.papers.newest()) == 1


def test_papers_pass_to_another_source_that_shows_them(store: Store) -> None:
    show(store, source_id="gone")
    show(store, item("a"), item("b"), source_id="gone", read_at=NOW)
    show(store, source_id="stays")
    show(store, item("a"), source_id="stays", now=after(minutes=1))
    store.papers.rehome(["stays"])
    found = store.papers.claim_due(["stays"], after(minutes=3), 10)
    assert [due.document.title for due in found] == [item("a").title]


def test_held_rows_are_owed_when_they_are_released(store: Store) -> None:
    show(store)
    store.sources.hold("lamps", "being rebuilt", NOW)
    show(store, item("a"), to=(LAW, MAIL), now=after(minutes=30))
    assert store.outbox.due_targets(after(hours=1)) == []
    assert store.sources.states()["lamps"].holding
    assert store.sources.release_held("lamps", after(hours=2)) == 2
    assert store.outbox.due_targets(after(hours=2)) == [MAIL, LAW]
    assert store.sources.release_held("lamps", after(hours=2)) == 0
    assert not store.sources.states()["lamps"].holding


def test_a_later_time_stays_later_after_a_release(store: Store) -> None:
    show(store)
    store.sources.hold("lamps", "being rebuilt", NOW)
    show(store, item("a"), due=after(days=1), digest="d", now=after(minutes=30))
    store.sources.release_held("lamps", after(hours=2))
    assert store.outbox.due_targets(after(hours=3)) == []
    assert store.outbox.due_targets(after(days=1)) == [LAW]


def test_discarded_rows_are_dead_with_the_reason(store: Store) -> None:
    show(store)
    store.sources.hold("lamps", "being rebuilt", NOW)
    show(store, item("a"), now=after(minutes=30))
    assert store.sources.release_held("lamps", after(hours=2), discard=True) == 1
    (row,) = store.outbox.rows("dead")
    assert row["error"] == "discarded while it was held"


def test_files_are_kept_in_the_order_of_the_page(store: Store) -> None:
    show(store)
    show(store, item("a"), read_at=NOW)
    (due,) = store.papers.claim_due(["lamps"], NOW, 10)
    good = File(
        attachment=Attachment(name="办法.docx", url="https://x.example/1.docx"),
        content=AttachmentText(kind="docx", quality="ok", text="第一条"),
        snapshot="ab",
        validators=Validators(etag='"1"'),
        read_at=NOW,
    )
    bad = File(
        attachment=Attachment(name="办法.pdf", url="https://x.example/1.docx"),
        failures=3,
        error="503",
    )
    reading = Reading(
        due=due, at=NOW, next_read_at=after(minutes=1), validators=Validators(), files=(good, bad)
    )
    store.record.reading(reading)
    assert store.attachments.of(due.document.id) == [good, bad]
    (due,) = store.papers.claim_due(["lamps"], after(minutes=2), 10)
    store.record.reading(replace(reading, due=due, files=(bad,)))
    assert store.attachments.of(due.document.id) == [bad]


def test_days_of_publication(store: Store) -> None:
    show(
        store,
        item("a"),
        item("b"),
        item("c", published=date(2026, 10, 1)),
        item("d", published=date(2020, 1, 1)),
        item("e", published=None),
    )
    assert store.sources.days(date(2026, 1, 1)) == {
        "lamps": [date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 2)]
    }


@pytest.mark.parametrize("silent", [NOW, None])
def test_silence_is_marked(store: Store, silent: object) -> None:
    show(store)
    store.sources.mark_silent("lamps", NOW)
    store.sources.mark_silent("lamps", silent)  # type: ignore[arg-type]  # an instant or None
    assert store.sources.states()["lamps"].silent_since == silent


# ---------------------------------------------------------------- from the first version's tables


def test_a_database_of_the_first_version_is_brought_along(tmp_path: Path) -> None:
    """Rows of 0001 keep their meaning: habits, and names that papers are found by."""
    from alembic import command
    from alembic.config import Config

    import watcher.store.database as database

    with Store(f"sqlite:///{tmp_path}/old.db", tmp_path) as store:
        config = Config()
        folder = Path(database.__file__).parent / "migrations"
        config.set_main_option("script_location", str(folder))
        with store.db.write() as tx:
            config.attributes["connection"] = tx
            command.upgrade(config, "0001")
            tx.execute(
                text(
                    "INSERT INTO source (id, next_poll_at, leased_until, fence, failures, usual_rows, baseline_at)"
                    " VALUES ('lamps', 0, 0, 0, 0, 19.6, 0)"
                )
            )
            tx.execute(
                text(
                    "INSERT INTO document (id, source_id, url, title, published, aka, facts, stage, classification,"
                    " sector, attachments, first_seen_at, leased_until, fence, reads, read_failures, gone, short)"
                    " VALUES (7, 'lamps', :url, :title, '2026-11-01', '[]', :facts, 'final', :label, 'none', '[]',"
                    " 0, 0, 0, 0, 0, 0, 0)"
                ),
                {
                    "url": "http://www.x.example/a",
                    "title": f"工业和信息化部{A_TITLE}",
                    "facts": '{"stage": "final", "round": null, "doc_type": null, "doc_number": "'
                    + NUMBER
                    + '", "bodies": ["MIIT"], "issuer": null, "deadline": null, "deadline_quote": null}',
                    "label": '{"primary": "none", "secondary": [], "score": 0.0, "evidence": []}',
                },
            )
            tx.execute(
                text(
                    "INSERT INTO sighting (source_id, key, document_id, title, url, first_seen_at)"
                    " VALUES ('lamps', :url, 7, 'x', :url, 0)"
                ),
                {"url": "http://www.x.example/a"},
            )
        store.db.upgrade()
        assert store.sources.states()["lamps"].usual_rows == 20
        show(store, source_id="two")
        moved = item("a", key="https://two.example/9", url="https://two.example/9", title=A_TITLE)
        show(store, moved, source_id="two", now=after(minutes=30))
        same = item(
            "a", key="https://wap.x.example/a", url="https://wap.x.example/a", title="别的题目"
        )
        show(store, same, source_id="three", now=after(minutes=30))
        assert [listed.document.id for listed in store.papers.newest()] == [7]


A_TITLE = "关于印发《a号灯具数据管理办法》的通知"
