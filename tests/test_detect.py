"""What changed: tables of what was known, what is seen, what follows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.detect import (
    HABIT,
    Known,
    check_habit,
    check_text,
    detect,
    flood,
    next_habit,
    usual_rows,
)
from watcher.errors import ExtractError
from watcher.model import Item

DAY = date(2026, 11, 2)


def rows(spec: str) -> list[Item]:
    """Read "a1 b2" as rows with keys a and b and titles 题1 and 题2; a date may follow: a1@3."""
    made = []
    for word in spec.split():
        row, _, day = word.partition("@")
        made.append(
            Item(
                key=row[0],
                url=f"https://x.example/{row[0]}",
                title=f"关于灯具的通知题{row[1:]}",
                published=date(2026, 11, int(day)) if day else DAY,
            )
        )
    return made


def known(spec: str) -> dict[str, Known]:
    """The same, as known rows; a trailing - says that it had left the list."""
    found = {}
    for n, word in enumerate(spec.split()):
        (item,) = rows(word.rstrip("-"))
        found[item.key] = Known(
            key=item.key,
            document_id=n,
            title=item.title,
            url=item.url,
            published=item.published,
            gone=word.endswith("-"),
        )
    return found


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("", "a1", "new a"),
        ("a1", "a1", ""),
        ("a1", "a2", "edited a"),
        ("a2", "a1", "edited a"),
        ("a1 b2", "b2 a1", ""),
        ("a1 b2", "a1 b2 c3", "new c"),
        ("a1 b2", "a1 a1 b2", ""),
        ("a1 b2 c3", "a1 c9", "edited c, withdrawn b"),
        ("a1 b2-", "a1", ""),
        ("a1 b2-", "a1 b2", "restored b"),
        ("a1 b2", "x1 b2", "moved a>x"),
        ("a1 b2", "x1@9 b2", "new x, withdrawn a"),
        ("a1 b1", "x1", "new x, withdrawn a, withdrawn b"),  # twins: no telling which one moved
        ("a1", "", "withdrawn a"),
    ],
)
def test_detect(before: str, now: str, expected: str) -> None:
    found = detect(known(before), rows(now), complete=True)
    lines = [f"new {item.key}" for item in found.new]
    lines += [f"edited {edit.known.key}" for edit in found.edited]
    lines += [f"restored {row.key}" for row, _ in found.restored]
    lines += [f"moved {row.key}>{item.key}" for row, item in found.moved]
    lines += [f"withdrawn {row.key}" for row in found.withdrawn]
    assert ", ".join(lines) == expected


def test_items_scroll_off_an_incomplete_list() -> None:
    assert not detect(known("a1 b1 c1"), [], complete=False)


@pytest.mark.parametrize(
    ("old", "new", "was"),
    [
        ({"title": "甲乙丙丁"}, {"title": "甲乙丙戊"}, "title was '甲乙丙丁'"),
        ({"title": "甲乙 丙"}, {"title": "甲乙丙"}, None),
        ({"title": "甲（2026）"}, {"title": "甲(2026)"}, None),
        ({"title": "甲乙丙丁戊己"}, {"title": "甲乙丙…"}, "nothing"),
        ({"title": "甲乙丙..."}, {"title": "甲乙丙丁戊己"}, None),
        ({"title": "甲乙丙..."}, {"title": "甲乙己丁戊己"}, "title was '甲乙丙...'"),
        ({"deadline": DAY}, {"deadline": date(2026, 11, 9)}, "deadline was 2026-11-02"),
        ({"deadline": None}, {"deadline": DAY}, "a deadline was added"),
        ({"deadline": DAY}, {"deadline": None}, "nothing"),
        ({"published": None}, {"published": DAY}, None),
        ({"title": None}, {"title": "甲"}, None),
    ],
)
def test_an_edit_is_news_only_when_it_says_something_else(
    old: dict[str, object], new: dict[str, object], was: str | None
) -> None:
    row = {"title": "甲", "published": DAY, "deadline": None, "key": "a", "url": None}
    before = Known(document_id=1, **(row | old))  # type: ignore[arg-type]  # fields by name
    found = detect({"a": before}, [Item(**(row | new))], complete=False)  # type: ignore[arg-type]
    assert [edit.was for edit in found.edited] == ([] if was == "nothing" else [was])


@pytest.mark.parametrize(
    ("count", "usual", "fault"),
    [(20, None, False), (0, 3.0, False), (7, 20.0, False), (6, 20.0, True), (0, 20.0, True)],
)
def test_a_list_is_held_against_its_habit(count: int, usual: float | None, fault: bool) -> None:
    if fault:
        with pytest.raises(ExtractError, match="where about 20 are usual"):
            check_habit(count, usual)
    else:
        check_habit(count, usual)


def test_a_page_that_lost_its_text_is_a_fault() -> None:
    check_text("短" * 200, "长" * 500)
    check_text("", "短")
    with pytest.raises(ExtractError, match="100 characters of text where there were 500"):
        check_text("短" * 100, "长" * 500)


def test_a_habit_is_the_median_of_the_last_readings() -> None:
    counts: tuple[int, ...] = ()
    assert usual_rows(counts) is None
    for rows in (20, 20, 200, 20):
        counts = next_habit(rows, counts)
    assert usual_rows(counts) == 20
    assert len(next_habit(1, (20,) * HABIT)) == HABIT


NEWS = [Item(key=f"k{n}", url=None, title=f"t{n}", published=DAY) for n in range(40)]
OLD = [replace(item, published=date(2024, 5, 1)) for item in NEWS]
UNDATED = [replace(item, published=None) for item in NEWS]
LAST = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("new", "shown", "since", "held"),
    [
        pytest.param(NEWS, 40, LAST, 0, id="a busy day"),
        pytest.param(
            NEWS, 40, LAST - timedelta(days=90), 0, id="back after a long silence of ours"
        ),
        pytest.param(OLD[:9], 20, LAST, 0, id="a few old papers put up late"),
        pytest.param(OLD[:20], 20, LAST, 20, id="an archive in place of the list"),
        pytest.param([*OLD[:20], NEWS[30]], 21, LAST, 20, id="news among an archive still flows"),
        pytest.param(UNDATED[:20], 20, LAST, 20, id="every address changed, and no days"),
        pytest.param(UNDATED[:12], 40, LAST, 0, id="a third of an undated list is new"),
        pytest.param(UNDATED[:20], 20, LAST - timedelta(days=9), 0, id="undated, after an outage"),
        pytest.param(OLD[:20], 20, None, 0, id="never read before"),
        pytest.param(
            [replace(item, key=f"{n}{item.key}") for n in range(8) for item in NEWS],
            320,
            LAST,
            320,
            id="a torrent",
        ),
    ],
)
def test_a_flood_is_told_from_news(
    new: list[Item], shown: int, since: datetime | None, held: int
) -> None:
    assert len(flood(new, shown, since, LAST + timedelta(hours=1))) == held


ITEMS = st.lists(
    st.builds(
        Item,
        key=st.sampled_from("abcdef"),
        url=st.none(),
        title=st.one_of(st.none(), st.text(max_size=8)),
        published=st.sampled_from([None, DAY, date(2026, 11, 3)]),
        deadline=st.sampled_from([None, DAY]),
    )
)


@given(ITEMS)
def test_what_was_just_recorded_is_no_news(items: list[Item]) -> None:
    seen: dict[str, Known] = {}
    for n, item in enumerate(items):
        seen.setdefault(
            item.key,
            Known(
                key=item.key,
                document_id=n,
                title=item.title,
                published=item.published,
                deadline=item.deadline,
            ),
        )
    assert not detect(seen, items, complete=True)
