"""Lists without a rule, in every layout: the right rows are found, and no list where there is none."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.layouts import LAYOUTS
from tests.extract.places import CALENDAR, FARM, NO_LISTS, PLACES
from tests.extract.shapes import LIST_URL, Shape, page
from tests.extract.test_listing import read, refusal
from tests.real import shared
from watcher.errors import ExtractError, Reason
from watcher.extract.lists.listing import listing
from watcher.model import Page
from watcher.settings import Rule


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_rows_are_found(layout: Shape) -> None:
    assert read(layout.html, layout.url) == list(layout.rows)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_the_list_is_told_from_what_stands_around_it(place: Shape) -> None:
    assert read(place.html, place.url) == list(place.rows)


@pytest.mark.parametrize("html", NO_LISTS.values(), ids=NO_LISTS)
def test_no_list_is_made_up(html: str) -> None:
    assert refusal(html) in (Reason.EMPTY, Reason.NOT_A_LISTING)


def test_a_papers_own_page_is_no_empty_list() -> None:
    """A source that may be empty would otherwise pass over a redirect to a paper."""
    assert refusal(NO_LISTS["an article with related papers"]) is Reason.NOT_A_LISTING


def test_real_papers_are_no_lists() -> None:
    key = yaml.load(shared("sites/truth.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    papers = [row for row in key if row["as"] == "page"]
    lists = []
    for row in papers:
        body = shared(f"sites/files/{row['file']}").read_bytes()
        try:
            lists.append((row["file"], listing(Page(url=row["url"], body=body), Rule())))
        except ExtractError:
            continue
    assert len(papers) > 10
    assert lists == []


# ---------------------------------------------------------------- a law

FORMS = (
    ("<ul>", "<li><a href='{u}'>{t}</a><span>{d}</span></li>", "</ul>"),
    ("<ul>", "<li><span>[{d}]</span><a href='{u}' title='{t}'>{t}</a></li>", "</ul>"),
    ("<table>", "<tr><td>·</td><td><a href='{u}'>{t}</a></td><td>{d}</td></tr>", "</table>"),
    ("<div>", "<div class='i'><h4><a href='{u}'>{t}</a></h4><p>竹藤司 {d}</p></div>", "</div>"),
    ("<dl>", "<dt><a href='{u}'>{t}</a></dt><dd>{d}</dd>", "</dl>"),
    ("<td>", "<a href='{u}'>{t}</a> ({d})<br>", "</td>"),
    ("<div>", "<p>{d} <a href='{u}'>{t}</a></p>", "</div>"),
    ("<div>", "<a href='{u}'><b>{t}</b><i>{d}</i></a>", "</div>"),
)
NOISE = ("", f"<div class='x'>{FARM}</div>", CALENDAR, "<div><a href='/a/'>公告</a> | <a href='/b/'>通告</a></div>")  # fmt: skip
TITLES = st.lists(
    st.text("竹藤苔林木草花叶根茎", min_size=2, max_size=20), min_size=1, max_size=12, unique=True
)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(TITLES, st.data(), st.sampled_from(FORMS), st.sampled_from(NOISE), st.sampled_from(NOISE))
def test_every_row_of_any_list_is_found_with_its_day(
    names: list[str], data: st.DataObject, form: tuple[str, str, str], above: str, below: str
) -> None:
    head, row, tail = form
    days = [data.draw(DAYS) for _ in names]
    rows = "".join(
        row.format(t=f"关于{name}的通知", u=f"c_{n}00001.html", d=day)
        for n, (name, day) in enumerate(zip(names, days, strict=True))
    )
    html = page(above + head + rows + tail + below)
    items = listing(Page(url=LIST_URL, body=html.encode()), Rule())
    assert [(item.title, item.published) for item in items] == [
        (f"关于{name}的通知", day) for name, day in zip(names, days, strict=True)
    ]
