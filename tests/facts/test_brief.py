"""A brief read whole: days, bodies, stages, deadlines, targets; and its items for the poller."""

from datetime import date

import pytest

from tests.extract_brief.sample import FORMATS, MARKDOWN, PLAIN
from watcher.facts.brief import brief_conflicts, brief_items, read_brief
from watcher.facts.targets import targets_of
from watcher.model import Item, Page, Stage

URL = "https://example.org/papers/9"


@pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS)
def test_facts_of_the_items(text: str) -> None:
    brief = read_brief(Page(url=URL, body=text.encode()))
    plan, draft, shops, schools, pilots, deal, prices = brief.items
    assert plan.bodies == ("MOFCOM", "+4")
    assert (plan.stage, plan.dated) == (Stage.FINAL, date(2027, 1, 15))
    assert [(t.value, t.unit, t.by_year) for t in plan.targets] == [
        (12000, "shops (min)", 2028),
        (30, "cities", 2028),
        ((3, 5), "parks", 2028),
        (8, "percent", 2028),
    ]
    assert (draft.stage, draft.bodies) == (Stage.DRAFT, ("CAC",))
    assert draft.deadline == date(2027, 2, 19)
    assert (shops.stage, shops.dated, shops.bodies) == (Stage.CORPORATE, None, ())
    assert schools.bodies == ("MOE", "+3")
    assert (schools.stage, schools.dated) == (Stage.FINAL, date(2026, 12, 28))
    assert (pilots.stage, pilots.bodies) == (Stage.CALL, ("MIIT",))
    assert {deal.stage, prices.stage} == {Stage.CORPORATE}
    assert (3_000_000, "USD") in [(t.value, t.unit) for t in deal.targets]


def test_the_reporting_period_crosses_the_year() -> None:
    brief = read_brief(Page(url=URL, body=MARKDOWN.encode()))
    assert brief.period == (date(2026, 12, 20), date(2027, 1, 25))
    assert read_brief(Page(url=URL, body=PLAIN.encode())).period is None


def test_one_misprinted_year_does_not_move_the_others() -> None:
    """January's brief that prints last year in one paper's date."""
    misprinted = PLAIN.replace("Date: January 20, 2027", "Date: January 20, 2017")
    items = read_brief(Page(url=URL, body=misprinted.encode())).items
    assert items[3].dated is not None
    assert items[3].dated.year in (2016, 2026)
    more = misprinted.replace(
        "Comment: Busy.", "Comment: Busy.\n\nArticle: A\nDate: January 9, 2027"
    )
    assert read_brief(Page(url=URL, body=more.encode())).items[3].dated == date(2026, 12, 28)


ISSUED = "FEBRUARY 1, 2027 (REPORTING PERIOD: DECEMBER 20 - JANUARY 25)\n\n"
LATE = "date {!r} lies after the issue"
EARLY = "date {!r} lies long before the issue"
NEVER = "date {!r} does not exist"


@pytest.mark.parametrize("head", ["", ISSUED], ids=["undated issue", "dated issue"])
@pytest.mark.parametrize(
    ("printed", "day", "doubt"),
    [
        ("January 20, 2027", date(2027, 1, 20), None),
        ("20 January 2027", date(2027, 1, 20), None),
        ("Jan. 20, 2027", date(2027, 1, 20), None),
        ("20.01.2027", date(2027, 1, 20), None),
        ("01/20/2027", date(2027, 1, 20), None),
        ("2027-01-20", date(2027, 1, 20), None),
        ("January 20", date(2027, 1, 20), None),
        ("December 28", date(2026, 12, 28), None),
        ("December 1, 2026", date(2026, 12, 1), None),
        ("31 September 2026", None, NEVER),
        ("October 32, 2026", None, NEVER),
        ("February 30", None, NEVER),
        ("February 29, 2027", None, NEVER),
        ("31.02.2027", None, NEVER),
        ("13/13/2027", None, NEVER),
        ("02/01/2027", None, "date {!r} can be read in two ways"),
        ("early in the year", None, "date {!r} cannot be read"),
        ("January 20, 2026", date(2026, 1, 20), EARLY),
        ("August 1, 2026", date(2026, 8, 1), EARLY),
        ("April 3, 2027", date(2027, 4, 3), LATE),
        ("January 20, 2072", date(2072, 1, 20), LATE),
    ],
)
def test_odd_dates_are_told_of_and_not_mended(
    head: str, printed: str, day: date | None, doubt: str | None
) -> None:
    text = head + PLAIN.replace("Date: January 20, 2027", f"Date: {printed}")
    text = text.replace("Comment: Busy.", "Comment: Busy.\n\nArticle: A\nDate: January 9, 2027")
    (item,) = [
        item
        for item in read_brief(Page(url=URL, body=text.encode())).items
        if item.title == "Lamp data gets rules"
    ]
    assert item.dated == day
    assert item.doubts == ((doubt.format(printed),) if doubt else ())


def test_a_bullets_date_may_be_odd_too() -> None:
    text = PLAIN.replace("• January 4:", "• January 34:").replace("• January 6:", "• June 31:")
    brief = read_brief(Page(url=URL, body=text.encode()))
    assert [item.doubts for item in brief.items if item.doubts] == [
        (NEVER.format("January 34"),),
        (NEVER.format("June 31"),),
    ]
    items = brief_items(brief, URL)
    odd = brief_conflicts(brief, URL)
    assert {item.key for item in items if item.published is None and item.section != "top5"} == {
        *odd
    }
    assert {conflict.field for told in odd.values() for conflict in told} == {"published"}


def test_a_deadline_that_is_no_day_is_unknown() -> None:
    text = PLAIN.replace("until February 19", "until February 30")
    draft = read_brief(Page(url=URL, body=text.encode())).items[1]
    assert draft.deadline is None
    assert draft.doubts == ("deadline 'February 30' does not exist",)


def test_days_without_any_year_are_unknown() -> None:
    text = "Policy news\n• May 4: MIIT launched lamp pilots\n• May 5: MOF launched others"
    items = read_brief(Page(url=URL, body=text.encode())).items
    assert [item.dated for item in items] == [None, None]
    assert items[0].doubts == ("date 'May 4' bears no year, and nor does the issue",)


def test_items_for_the_poller() -> None:
    brief = read_brief(Page(url=URL, body=PLAIN.encode()))
    items = brief_items(brief, URL)
    assert [item.url for item in items] == [item.key for item in items]
    assert len({item.key for item in items}) == len(items)
    assert all(item.key.startswith(f"{URL}#") for item in items)
    assert items[1].deadline == date(2027, 2, 19)
    assert items[1].aka == (
        "灯具数据管理办法(征求意见稿)",
        "Measures for Lamp Data (Draft for Comments)",
    )
    assert items[1].stage is Stage.DRAFT
    assert "collecting feedback" in items[1].summary


def test_keys_hold_when_an_item_is_put_in_before() -> None:
    before = {item.title: item.key for item in _items(PLAIN)}
    added = PLAIN.replace(
        "  • December 28:", "  • December 27: MOF issued rules (MOF)\n  • December 28:"
    )
    after = {item.title: item.key for item in _items(added)}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


def _items(text: str) -> list[Item]:
    return brief_items(read_brief(Page(url=URL, body=text.encode())), URL)


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("Launch at least 100 projects by 2026", [(100, "projects (min)", 2026)]),
        ("Reach CNY 150 billion, with annual growth of 30 percent", [(150_000_000_000, "CNY", None), (30, "percent", None)]),
        ("Exceed 600 billion registrations", [(600_000_000_000, "registrations (min)", None)]),
        ("Cultivate two or three companies", [((2, 3), "companies", None)]),
        ("elevate 6-8 Chinese companies to the top 50", [((6, 8), "companies", None)]),
        ("Train five million new workers by 2027", [(5_000_000, "workers", 2027)]),
        ("invest USD 4 million over the next five years", [(4_000_000, "USD", 2032)]),
        ("a capacity of 1.5 MW", [(1.5, "MW", None)]),
        # no targets
        ("Twelve ministries led by MIIT issued a three-year plan", []),
        ("On February 7, 2027 it took effect (articles 13-15)", []),
        ("a 5G network in Level 3 cars, IPv6 and the C919", []),
        ("the SenseLamp 4.0 model by Three Gorges Lamps", []),
    ],
)  # fmt: skip
def test_targets(passage: str, expected: list[tuple[object, str, int | None]]) -> None:
    found = targets_of([passage], dated=date(2027, 1, 1), inherit=False)
    assert [(t.value, t.unit, t.by_year) for t in found] == expected
