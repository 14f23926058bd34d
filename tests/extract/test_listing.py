"""Lists in HTML: found by convention in every site generation, or read by a rule."""

from datetime import date

import pytest

from tests.extract.shapes import FOOTER, LIST_URL, NAVIGATION, SHAPES, Shape, page
from watcher.errors import ExtractError, Reason
from watcher.extract.extractors import EXTRACTORS
from watcher.extract.lists.listing import listing
from watcher.model import Item, Page
from watcher.settings import Rule
from watcher.text import canonical_url


def told(item: Item) -> str:
    parts = (item.title, item.url, item.published, item.deadline)
    return " | ".join(str(part) if part else "-" for part in parts)


def read(html: str, url: str = LIST_URL, rule: Rule | None = None) -> list[str]:
    return [told(item) for item in listing(Page(url=url, body=html.encode()), rule or Rule())]


def refusal(html: str | bytes, rule: Rule | None = None) -> Reason:
    body = html.encode() if isinstance(html, str) else html
    with pytest.raises(ExtractError) as caught:
        listing(Page(url=LIST_URL, body=body), rule or Rule())
    assert str(caught.value).startswith(f"{caught.value.reason.value}: ")
    return caught.value.reason


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_rows_are_found_by_convention(shape: Shape) -> None:
    assert read(shape.html, shape.url) == list(shape.rows)


@pytest.mark.parametrize("label", ["gb2312", "gbk", "utf-8", None])
def test_a_list_in_gbk_whatever_it_is_called(label: str | None) -> None:
    shape = SHAPES["samr: a period of comment"]
    html = shape.html.replace('charset="utf-8"', f'charset="{label}"' if label else "")
    items = listing(Page(url=shape.url, body=html.encode("gb18030")), Rule())
    assert [told(item) for item in items] == list(shape.rows)


def test_every_kind_has_a_reader() -> None:
    assert {"endpoint", "feed", "listing"} <= set(EXTRACTORS)


def test_the_key_is_the_canonical_address_with_its_fragment() -> None:
    html = page(
        '<ul><li><a href="HTTPS://Form.Demo.gov.cn:443/sa.html#/zt1">关于竹材的通知</a>2026-05-05</li></ul>'
    )
    (item,) = listing(Page(url=LIST_URL, body=html.encode()), Rule())
    assert item.key == "https://form.demo.gov.cn/sa.html#/zt1"
    assert item.url is not None
    assert canonical_url(item.url) == item.key


def test_papers_that_share_an_address_have_keys_of_their_own() -> None:
    rows = "".join(
        f'<li><a href="/zc/zchj.html">{title}</a><span>2026-05-05</span></li>'
        for title in ("关于第一批竹种的通知", "关于第二批竹种的通知", "关于第一批竹种的通知")
    )
    items = listing(Page(url=LIST_URL, body=page(f"<ul>{rows}</ul>").encode()), Rule())
    assert [item.title for item in items] == ["关于第一批竹种的通知", "关于第二批竹种的通知"]
    assert len({item.key for item in items}) == 2


def test_a_second_copy_with_cut_titles_makes_no_second_paper() -> None:
    whole = "<li><a href='/zc/a1.html'>关于第一批竹种名录的通知</a><span>2026-05-05</span></li>"
    cut = "<li><a href='/zc/a1.html'>关于第一批…</a><span>2026-05-05</span></li>"
    (item,) = listing(Page(url=LIST_URL, body=page(f"<ul>{whole}{cut}</ul>").encode()), Rule())
    assert item.title == "关于第一批竹种名录的通知"
    assert item.key == item.url


# ---------------------------------------------------------------- by a rule

RULED = page(
    """<div class="r"><i>关于竹材的通知</i><a class="go" href="1.html">查看</a><u>发布于 2026年5月6日</u></div>
    <div class="r"><i>这一行没有链接</i><u>2026-05-05</u></div>
    <div class="r"><i>关于藤材的通知</i><a class="go" href="2.html">查看</a><u>2026-05-04</u></div>"""
)
RULE = Rule(row="div.r", link="a.go", title="i", date="u")


def test_a_rule_names_the_parts_and_rows_without_link_are_skipped() -> None:
    assert read(RULED, rule=RULE) == [
        "关于竹材的通知 | https://www.demo.gov.cn/zwgk/tzgg/1.html | 2026-05-06 | -",
        "关于藤材的通知 | https://www.demo.gov.cn/zwgk/tzgg/2.html | 2026-05-04 | -",
    ]


@pytest.mark.parametrize(
    ("rule", "html", "reason"),
    [
        (Rule(row="ul.list > li"), page('<ul class="list"></ul>'), Reason.EMPTY),
        (Rule(row="ul.list > li"), page('<ul class="other"></ul>'), Reason.NOT_A_LISTING),
        (Rule(row="div.r", link="a.gone"), RULED, Reason.NOT_A_LISTING),
        (Rule(row="div..r"), RULED, Reason.NOT_A_LISTING),
        (Rule(row="p", preset="json"), page("<p>竹</p>"), Reason.NOT_A_LISTING),
    ],
)
def test_a_rule_that_does_not_fit(rule: Rule, html: str, reason: Reason) -> None:
    assert refusal(html, rule) is reason


@pytest.mark.parametrize("preset", ["jpaas", "trs", "json", "two-hop"])
@pytest.mark.parametrize("row", [None, "ul.five > li"])
def test_a_preset_makes_no_list_unreadable(preset: str, row: str | None) -> None:
    shape = SHAPES["a list in parts of five"]
    assert read(shape.html, shape.url, Rule(preset=preset, row=row)) == list(shape.rows)


# ---------------------------------------------------------------- what is no list


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (page('<ul class="list"></ul><p>暂无数据</p>'), Reason.EMPTY),
        (f"<html><body>{NAVIGATION}{FOOTER}</body></html>", Reason.EMPTY),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3", Reason.NOT_A_LISTING),
        ("<html><body>" + "<div>" * 5000 + "</body></html>", Reason.NOT_A_LISTING),
    ],
)
def test_no_list(html: str | bytes, reason: Reason) -> None:
    assert refusal(html) is reason


def test_a_feed_given_as_a_listing_is_read_as_a_feed() -> None:
    feed = (
        "<rss><channel><item><title>竹材</title><link>http://x.cn/1</link></item></channel></rss>"
    )
    assert read(feed) == ["竹材 | http://x.cn/1 | - | -"]


def test_a_row_without_year_in_its_date_takes_the_date_of_its_address() -> None:
    html = page(
        '<ul><li><a href="202609/t20260910_1.html">关于竹材的通知</a><span>09-10</span></li></ul>'
    )
    (item,) = listing(Page(url=LIST_URL, body=html.encode()), Rule())
    assert item.published == date(2026, 9, 10)
