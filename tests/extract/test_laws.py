"""What holds for any bytes: a reader gives values or an ExtractError, never anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import ExtractError
from watcher.extract import EXTRACTORS
from watcher.extract.markup import clean_title
from watcher.extract.page import read_page
from watcher.model import Page
from watcher.settings import Rule
from watcher.text import canonical_url

PIECES = """
<ul> <li> </li> <a_href=' x/t20260505_1.html '> </a> 关于竹材的通知 2026-05-05 </html> <table> <tr><td> { } [ ,
"title":"竹" "url":"/a" <rss> <item> <title> </title> <script> </script> 截止日期： 至 <!-- javascript: http://[
文号： 【进行中】 ( ) 新 - · [已结束]
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
