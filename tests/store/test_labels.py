"""Readers' labels, and history concluded again under changed rules; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.store.samples import LAW, NOW, after, document, item, owed, show
from tests.store.test_identity import arrivals_of, number
from watcher.correct import RULES, UNSET, Label, value_of
from watcher.errors import StoreError
from watcher.model import (
    ChangeKind,
    Classification,
    Document,
    Facts,
    Item,
    Stage,
    Validators,
)
from watcher.store import Store
from watcher.store.findings import Paper, Reading
from watcher.store.papers import DueReading
from watcher.store.same import known_as

SAID = "data-security"
"""What rules say of every paper of these tests."""


def label(document_id: int, field: str, value: str, by: str = "anna", minutes: float = 0) -> Label:
    return Label(
        document_id=document_id, field=field, value=value, by=by, at=after(minutes=minutes)
    )


def paper_of(store: Store, document_id: int = 1) -> Document:
    return store.papers.get([document_id])[document_id]


def news_of(store: Store) -> tuple[list[str], list[str], list[str]]:
    """What the first paper owes, its changes and its versions."""
    changes = [change.kind.value for change in store.papers.changes(1)]
    return owed(store), changes, [version.cause for version in store.papers.versions(1)]


def read(store: Store, due: DueReading, rules: str | None = None, text: str = "第一条") -> bool:
    """Read a paper's page, of which rules say what they said of its title."""
    made = replace(document(item("a")), id=due.document.id, text=text)
    paper = Paper(document=made)
    if rules is not None:
        paper = Paper(document=made, rules=rules)
    return store.record.reading(
        Reading(due=due, at=NOW, next_read_at=None, validators=Validators(), paper=paper)
    )


def due_reading(store: Store) -> DueReading:
    (due,) = store.papers.claim_due(["lamps"], NOW, 1)
    return due


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sector", "energy"),
        ("secondary", "energy consumer"),
        ("stage", "draft_for_comments"),
        ("doc_type", "measures"),
        ("bodies", "CAC MOF +3"),
        ("deadline", "2026-12-24"),
    ],
)
def test_a_label_corrects_its_paper_at_once_and_tells_nobody(
    store: Store, field: str, value: str
) -> None:
    show(store)
    show(store, item("a"))
    before = news_of(store)
    said = value_of(paper_of(store), field)
    told = store.labels.add(label(1, field, value))
    assert value_of(told, field) == value_of(paper_of(store), field) == value
    assert news_of(store) == before
    assert [(each.by, each.value) for each in store.labels.of(1)] == [
        (RULES, said),
        ("anna", value),
    ]
    assert store.labels.standing() == [label(1, field, value)]


def test_a_corrected_paper_is_found_by_what_it_is(store: Store) -> None:
    show(store, item("a"))
    store.labels.add(label(1, "sector", "energy"))
    store.labels.add(label(1, "stage", "list"))
    assert store.papers.newest(sector=SAID) == []
    assert [listed.document.id for listed in store.papers.newest(sector="energy")] == [1]
    assert [listed.document.id for listed in store.papers.newest(stage=Stage.LIST)] == [1]


def test_the_latest_label_stands_and_one_taken_back_gives_the_rules_their_word(
    store: Store,
) -> None:
    show(store, item("a"))
    store.labels.add(label(1, "sector", "energy"))
    store.labels.add(label(1, "sector", "materials", "bo", 5))
    assert [each.value for each in store.labels.standing()] == ["materials"]
    store.labels.add(label(1, "sector", UNSET, "bo", 10))
    assert store.labels.standing() == []
    assert value_of(paper_of(store), "sector") == SAID
    assert [each.value for each in store.labels.of(1)] == [SAID, "energy", "materials", UNSET]


def test_nothing_is_labelled_that_is_not_known(store: Store) -> None:
    with pytest.raises(StoreError, match="no paper 99"):
        store.labels.add(label(99, "sector", "energy"))
    assert store.labels.standing() == []


def test_a_reading_does_not_overwrite_a_label(store: Store) -> None:
    show(store, item("a"), read_at=NOW)
    store.labels.add(label(1, "sector", "energy"))
    store.labels.add(label(1, "deadline", "2026-12-24"))
    assert read(store, due_reading(store))
    paper = paper_of(store)
    assert (paper.text, value_of(paper, "sector")) == ("第一条", "energy")
    assert paper.facts.deadline == date(2026, 12, 24)


def test_a_reading_under_way_when_a_label_comes_ends(store: Store) -> None:
    show(store, item("a"), read_at=NOW)
    due = due_reading(store)
    store.labels.add(label(1, "sector", "energy"))
    assert read(store, due) is False
    assert read(store, due_reading(store)) is True
    assert value_of(paper_of(store), "sector") == "energy"


def test_a_visit_that_finds_the_row_edited_does_not_overwrite_a_label(store: Store) -> None:
    show(store, item("a"))
    store.labels.add(label(1, "sector", "energy"))
    store.labels.add(label(1, "stage", "list"))
    show(store, item("a", title="灯具局关于印发《新号灯具数据管理办法》的通知"), now=after(hours=1))
    paper = paper_of(store)
    assert "新号" in paper.title
    assert (value_of(paper, "sector"), value_of(paper, "stage")) == ("energy", "list")


def until(day: int) -> Item:
    return item("a", deadline=date(2026, 12, day))


def test_a_list_that_moves_a_deadline_is_heard_beneath_a_label(store: Store) -> None:
    show(store, until(2))
    show(store, until(2), source_id="other")
    store.labels.add(label(1, "deadline", "2026-12-05"))
    show(store, until(20), now=after(hours=1))
    show(store, until(20), now=after(hours=1), source_id="other")
    assert [change.kind for change in store.papers.changes(1)] == [ChangeKind.MODIFIED]
    assert paper_of(store).facts.deadline == date(2026, 12, 5)
    store.labels.add(label(1, "deadline", UNSET, minutes=90))
    assert paper_of(store).facts.deadline == date(2026, 12, 20)


def test_a_label_taken_back_does_not_hold_what_a_list_says_later(store: Store) -> None:
    show(store, until(2))
    store.labels.add(label(1, "deadline", "2026-12-05"))
    store.labels.add(label(1, "deadline", UNSET, minutes=5))
    show(store, until(20), now=after(hours=1))
    run(store, "new", lambda known: known)
    assert paper_of(store).facts.deadline == date(2026, 12, 20)
    store.labels.add(label(1, "deadline", UNSET, minutes=90))  # there is none to be taken back
    assert paper_of(store).facts.deadline == date(2026, 12, 20)
    store.labels.add(label(1, "deadline", "2026-12-06", minutes=95))
    store.labels.add(label(1, "deadline", UNSET, minutes=99))
    assert paper_of(store).facts.deadline == date(2026, 12, 20)


@pytest.mark.parametrize("first", [0, 1], ids=["elder read first", "younger read first"])
def test_papers_that_turn_out_to_be_one_keep_the_labels_of_both(store: Store, first: int) -> None:
    pair = arrivals_of(store, "a号灯具数据管理办法")
    elder, younger = (due.document.id for due in pair)
    store.labels.add(label(elder, "doc_type", "plan"))
    store.labels.add(label(younger, "sector", "energy"))
    store.labels.add(label(younger, "doc_type", "rules", "bo", 5))
    again = sorted(
        store.papers.claim_due(["one", "two"], NOW, 10),
        key=lambda due: (due.document.id == elder) == bool(first),
    )
    for due in again:
        number(store, due)
    assert [listed.document.id for listed in store.papers.newest()] == [elder]
    paper = paper_of(store, elder)
    assert (value_of(paper, "sector"), value_of(paper, "doc_type")) == ("energy", "rules")
    assert {(each.document_id, each.field) for each in store.labels.standing()} == {
        (elder, "sector"),
        (elder, "doc_type"),
    }
    told = store.labels.add(label(younger, "sector", "materials", minutes=10))  # by its old number
    assert (told.id, value_of(paper_of(store, elder), "sector")) == (elder, "materials")
    assert store.labels.of(younger) == store.labels.of(elder)


# ---------------------------------------------------------------- history


def several(store: Store, count: int) -> None:
    show(store)
    show(store, *(item(f"p{n}") for n in range(count)))


def energy(known: Document) -> Document:
    """Changed rules, under which every paper with an even id is of another sector."""
    if known.id % 2:
        return known
    return replace(known, classification=Classification(primary="energy", score=0.7))


def run(store: Store, rules: str, conclude: Callable[[Document], Document], limit: int = 2) -> int:
    """Conclude all again, batch by batch; return how many were."""
    read, below = 0, None
    while True:
        done = store.history.conclude_again(
            rules, conclude, after(hours=1), below=below, limit=limit
        )
        read += done.read
        below = done.last
        if below is None:
            return read


def causes(store: Store, document_id: int) -> list[str]:
    return [version.cause for version in store.papers.versions(document_id)]


def test_history_is_concluded_again_once_and_only_what_differs_has_a_version(store: Store) -> None:
    several(store, 5)
    before = owed(store), [store.papers.changes(n) for n in range(1, 6)]
    assert run(store, "new", energy) == 5
    assert [value_of(paper_of(store, n), "sector") for n in range(1, 6)] == [
        *(SAID, "energy", SAID, "energy", SAID)
    ]
    assert [causes(store, n) for n in (1, 2)] == [["listed"], ["listed", "rule"]]
    assert {listed.rules for listed in store.papers.newest()} == {"new"}
    assert owed(store) == before[0]
    assert [[c.kind for c in store.papers.changes(n)] for n in range(1, 6)] == [
        [c.kind for c in found] for found in before[1]
    ]
    assert run(store, "new", energy) == 0
    assert run(store, "newer", energy) == 5
    assert causes(store, 2) == ["listed", "rule"]


def test_what_is_owed_is_sent_after_history_was_concluded_again(store: Store) -> None:
    several(store, 2)
    assert run(store, "new", energy) == 2
    batch = store.outbox.claim(LAW, after(hours=2))
    assert batch is not None
    assert batch.rows[0].reason == "数据 in the title"


def test_a_batch_that_fails_leaves_all_as_it_was_and_what_is_done_done(store: Store) -> None:
    several(store, 4)

    def killed(known: Document) -> Document:
        if known.id == 1:
            raise KeyboardInterrupt
        return energy(known)

    with pytest.raises(KeyboardInterrupt):
        run(store, "new", killed)
    assert [listed.rules for listed in store.papers.newest()] == ["new", "new", None, None]
    assert causes(store, 2) == ["listed"]  # of the batch that was broken off
    assert run(store, "new", energy) == 2
    assert causes(store, 2) == ["listed", "rule"]


def test_rules_are_asked_without_the_labels_which_stay_on_top(store: Store) -> None:
    several(store, 2)
    store.labels.add(label(2, "sector", "materials"))
    asked = []

    def conclude(known: Document) -> Document:
        asked.append((known.id, value_of(known, "sector")))
        return energy(known)

    run(store, "new", conclude)
    assert asked == [(2, SAID), (1, SAID)]
    assert value_of(paper_of(store, 2), "sector") == "materials"
    assert causes(store, 2) == ["listed"]
    store.labels.add(label(2, "sector", UNSET, minutes=5))
    assert run(store, "new", conclude) == 1  # a paper that was labelled is asked about again
    assert value_of(paper_of(store, 2), "sector") == "energy"


def test_a_number_that_is_found_again_finds_the_paper(store: Store) -> None:
    show(store, item("a"), source_id="one")
    numbered = "工信部灯〔2026〕12号"

    def conclude(known: Document) -> Document:
        return replace(known, facts=replace(known.facts, doc_number=numbered))

    run(store, "new", conclude)
    other = item("b", title="a号灯具数据管理办法")
    facts = Facts(stage=Stage.FINAL, bodies=("MIIT",), doc_number=numbered)
    with store.db.read() as tx:
        assert known_as(tx, "two", other, replace(document(other, "two"), facts=facts)) == 1


@pytest.mark.parametrize(
    ("rules", "read_again"), [("new", 0), ("old", 1), (None, 1)], ids=["new", "old", "unknown"]
)
def test_what_a_reading_was_concluded_by_is_kept(
    store: Store, rules: str | None, read_again: int
) -> None:
    show(store, item("a"), read_at=NOW)
    run(store, "new", energy)
    read(store, due_reading(store), rules)
    assert store.papers.newest()[0].rules == rules
    assert run(store, "new", energy) == read_again


def test_a_row_that_was_edited_is_concluded_again(store: Store) -> None:
    several(store, 1)
    run(store, "new", energy)
    edited = item("p0", title="灯具局关于印发《新号灯具数据管理办法》的通知")
    show(store, edited, now=after(hours=2))
    assert store.papers.newest()[0].rules is None
    assert run(store, "new", energy) == 1


def test_a_paper_whose_page_is_gone_was_not_concluded_by_that(store: Store) -> None:
    show(store, item("a"), read_at=NOW)
    due = due_reading(store)
    run(store, "new", energy)
    gone = Paper(document=due.document, rules="new")
    store.record.reading(
        Reading(
            due=due,
            at=NOW,
            next_read_at=None,
            validators=Validators(),
            paper=gone,
            kind=ChangeKind.WITHDRAWN,
            error="gone",
        )
    )
    assert run(store, "new", energy) == 1


def test_only_the_papers_asked_for_are_concluded_again(store: Store) -> None:
    several(store, 3)
    done = store.history.conclude_again("new", energy, NOW, ids=frozenset({2}))
    assert (done.read, done.changed, done.last) == (1, (2,), None)


def test_a_paper_that_turned_out_to_be_another_is_left(store: Store) -> None:
    for due in arrivals_of(store, "a号灯具数据管理办法"):
        number(store, due)
    assert run(store, "new", energy) == 1


# ---------------------------------------------------------------- reading


def test_every_paper_comes_newest_first_with_its_text(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.store.papers._AT_ONCE", 2)
    show(store, item("a"), read_at=NOW)
    read(store, due_reading(store))
    show(store, item("a"), *(item(f"p{n}") for n in range(4)), now=after(hours=2))
    assert [paper.id for paper in store.papers.every()] == [5, 4, 3, 2, 1]
    assert [paper.text for paper in store.papers.every()][-1] == "第一条"
    assert [paper.id for paper in store.papers.every(after(hours=1))] == [5, 4, 3, 2]


def test_the_outbox_of_one_paper(store: Store) -> None:
    several(store, 2)
    assert [(row["target"], row["state"]) for row in store.papers.told(2)] == [
        ("slack:#law", "owed")
    ]
    assert store.papers.told(9) == []
