"""What holds for any bytes: a reader gives values or an ExtractError, never anything else."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import ExtractError
from watcher.extract.extractors import EXTRACTORS
from watcher.extract.lists.paging import next_page
from watcher.extract.markup import clean_title
from watcher.extract.paper.page import read_page
from watcher.model import Page
from watcher.settings import Rule
from watcher.text import canonical_url

PIECES = """
<ul> <li> </li> <a_href=' x/t20260505_1.html '> </a> 关于竹材的通知 2026-05-05 </html> <table> <tr><td> { } [ ,
"title":"竹" "url":"/a" <rss> <item> <title> </title> <script> </script> 截止日期： 至 <!-- javascript: http://[
文号： 【进行中】 ( ) 新 - · [已结束] <a_onclick="go('a17')"> <p_data-url='x/1.html'> <h2> </h2> <th>文号</th> 暂无数据 08 2026-05
createPageHTML(3,0,"index","html") <script>function_go(a){location.href='/x/'+a} 竹规〔2026〕3号 <a_href='#'> …
"""
SCRAPS = st.sampled_from([piece.replace("_", " ", 1) for piece in PIECES.split()])
BODIES = st.one_of(
    st.binary(max_size=300),
    st.lists(SCRAPS, max_size=30).map(lambda parts: "".join(parts).encode()),
)


@pytest.mark.parametrize("kind", sorted(EXTRACTORS))
@given(body=BODIES)
def test_lists(kind: str, body: bytes) -> None:
    try:
        items = EXTRACTORS[kind](Page(url="https://a.cn/x/", body=body), Rule())
    except ExtractError:
        return
    assert items
    assert len({item.key for item in items}) == len(items)
    for item in items:
        assert item.url is None or canonical_url(item.url) in item.key
        assert item.title is None or clean_title(item.title) == item.title


@given(body=BODIES)
def test_pages(body: bytes) -> None:
    try:
        paper = read_page(Page(url="https://a.cn/x/", body=body))
    except ExtractError:
        return
    assert paper.text or paper.attachments
    assert all(line.strip() for line in paper.text.split("\n")) or not paper.text


@given(st.lists(SCRAPS | st.text(max_size=5), max_size=12).map("".join))
def test_cleaning_a_title_twice_changes_nothing(raw: str) -> None:
    once = clean_title(raw)
    assert clean_title(once) == once


PAPER = "<li><a href='/x/t20260505_{n}.html'>关于第{n}批竹材的通知</a>2026-05-05</li>"
ONE = f"<ul>{PAPER.format(n=1)}</ul>"
HOSTILE = {
    "marks": f"<ul><li><a href='/x/t20260505_1.html'>竹材{'[已结束]' * 100_000}</a>2026-05-05</li></ul>",
    "commas": ONE + "<div>" + "，" * 500_000 + "</div>",
    "months": ONE + "<div>" + "1 sep" * 200_000 + "</div>",
    "pieces of dates": ONE + "<b>09</b><b>2026-1</b>" * 10_000,
    "words of emptiness": ONE + ("<div>" * 200 + "暂无数据" + "</div>" * 200) * 100,
    "headings": "".join(f"<div><h2>{PAPER.format(n=n)}</h2></div>" for n in range(3000)),
    "links that call": "<li onclick=\"open('/x/1')\">" * 200 + "关于竹材的通知 2026-05-05" * 50,
    "a function without end": ONE + "<script>open" + "function a(b){location.href='" * 50_000 + "</script>",
    "a function of many names": ONE + "<script>open function " + "a" * 1_000_000 + "</script>",
    "a call without end": f"<ul><li><a onclick='{'a(' * 300_000}'>关于竹材</a>2026-05-05</li></ul>",
    "pagers": ONE + "<a href='x'>下一页</a>" * 10_000,
    "boxes alike": "".join(f"<div class='a'><ul>{PAPER.format(n=n)}</ul></div>" for n in range(3000)),
    "rows with a heading": "<table><tr><th>文号</th></tr>" + PAPER.format(n=1) + "<tr><td colspan='99'></td></tr>" * 9000,
    "nested lists": ("<ul><li>" * 100 + PAPER.format(n=1) + "</li></ul>" * 100) * 50,
}  # fmt: skip
PATIENCE = 20.0
"""Seconds of CPU; what costs the square of its length takes minutes."""


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_what_is_made_to_stall_a_reader_does_not(html: str) -> None:
    page = Page(url="https://a.cn/x/", body=f"<html><body>{html}</body></html>".encode())
    start = time.process_time()
    for read in (lambda: EXTRACTORS["listing"](page, Rule()), lambda: next_page(page, Rule(), 2)):
        with suppress(ExtractError):
            read()
    assert time.process_time() - start < PATIENCE
