"""gov.cn's policy library: how it is asked, and what its answers say."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.extract.test_listing import told
from tests.real import shared
from watcher.errors import ExtractError
from watcher.extract.lists.library import read_library, search_url
from watcher.extract.lists.paging import next_page
from watcher.model import Item, Page
from watcher.settings import LIBRARY, Rule


def asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


@pytest.mark.parametrize(
    ("body", "base", "expected"),
    [
        ("工业和信息化部", None, {"t": "zhengcelibrary_bm", "puborg": "工业和信息化部", "sort": "pubtime", "p": "1", "n": "50"}),
        (None, None, {"t": "zhengcelibrary_bm", "q": "", "p": "1"}),
        ("国务院办公厅", None, {"t": "zhengcelibrary_gw", "puborg": "国务院办公厅"}),
        ("财政部", f"{LIBRARY}?t=zhengcelibrary&q=%E7%AB%B9&p=9&n=5", {"t": "zhengcelibrary", "q": "竹", "puborg": "财政部", "p": "1", "n": "50"}),
    ],
)  # fmt: skip
def test_the_search_by_issuing_body(
    body: str | None, base: str | None, expected: dict[str, str]
) -> None:
    url = search_url(body, base=base)
    assert url.startswith(f"{LIBRARY}?")
    query = asked(url)
    assert {name: query.get(name) for name in expected} == expected
    assert ("puborg" in query) == (body is not None)


def test_pages_and_sizes_are_asked_for() -> None:
    query = asked(search_url("财政部", page=3, size=20, base="http://127.0.0.1:8/search?x=1"))
    assert (query["p"], query["n"], query["x"]) == ("3", "20", "1")
    assert search_url(None, base="http://127.0.0.1:8/s").startswith("http://127.0.0.1:8/s?")


def test_further_pages_follow_from_the_address() -> None:
    url = search_url("财政部")
    answer = {"code": 200, "searchVO": {"totalCount": 120, "listVO": [PAPER]}}
    page = Page(url=url, body=json.dumps(answer).encode())
    assert next_page(page, Rule(), 2) == search_url("财政部", page=2)
    assert next_page(Page(url=search_url("财政部", page=3), body=page.body), Rule(), 4) is None


# ---------------------------------------------------------------- answers

PAPER = {
    "title": "示例部关于<em>竹材</em>流通的通知",
    "url": "https://www.gov.example/zhengce/zhengceku/202609/content_70001.htm",
    "pubtimeStr": "2026.09.08",
    "puborg": "示例部 竹藤局",
    "pcode": "示例部竹〔2026〕7号",
    "summary": "为规范<em>竹材</em>流通，<br/>现通知如下",
    "id": "1",
}
BARE = {
    "title": "《竹材办法》解读",
    "url": "https://www.gov.example/b.htm",
    "puborg": "",
    "pcode": "无",
    "pubtime": "1788796800000",
}
ROWS = [
    "示例部关于竹材流通的通知 | https://www.gov.example/zhengce/zhengceku/202609/content_70001.htm | 2026-09-08 | -",
    "《竹材办法》解读 | https://www.gov.example/b.htm | 2026-09-08 | -",
]


def read(value: Any, rule: Rule | None = None) -> list[Item]:
    body = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return read_library(Page(url=LIBRARY, body=body.encode()), rule or Rule())


@pytest.mark.parametrize(
    "found",
    [
        {"listVO": [PAPER, BARE]},
        {"totalCount": 0, "catMap": {"bumenfile": {"listVO": [PAPER]}, "otherfile": {"listVO": [BARE]}}},
        {"catMap": {"gongwen": {"listVO": None}, "bumenfile": {"listVO": [PAPER, BARE, PAPER]}}},
        {"listVO": [PAPER, {"title": "无地址的公告"}, 7, BARE]},
    ],
)  # fmt: skip
def test_papers_stand_in_one_list_or_in_lists_by_kind(found: dict[str, Any]) -> None:
    assert [told(item) for item in read({"code": 200, "searchVO": found})] == ROWS


def test_an_item_carries_what_the_row_says() -> None:
    paper, bare = read({"code": 200, "searchVO": {"listVO": [PAPER, BARE]}})
    assert (paper.doc_number, paper.issuer) == ("示例部竹〔2026〕7号", "示例部 竹藤局")
    assert paper.summary == "为规范竹材流通，现通知如下"
    assert (bare.doc_number, bare.issuer, bare.summary) == (None, None, "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"code": 1001, "msg": "抱歉，没有找到相关结果", "data": [], "searchVO": None}, "empty"),
        ({"code": 200, "searchVO": {"listVO": []}}, "empty"),
        ({"code": 200, "searchVO": {"catMap": {"a": {"listVO": []}, "b": {"listVO": []}}}}, "empty"),
        ({"code": 200, "searchVO": {"totalCount": 0, "listVO": None}}, "not-a-listing"),
        ({"code": 200, "searchVO": {"catMap": {"a": {"listVO": []}, "b": {"listVO": None}}}}, "not-a-listing"),
        ({"code": 200, "searchVO": {"listVO": [{"x": 1}]}}, "not-a-listing"),
        ({"code": 200, "searchVO": {"catMap": None}}, "not-a-listing"),
        ({"code": 200, "searchVO": None}, "not-a-listing"),
        ({"code": 500, "msg": "系统错误"}, "not-a-listing"),
        ({"rows": [PAPER]}, "not-a-listing"),
        ([PAPER], "not-a-listing"),
        ("<html><body><p>403 Forbidden</p></body></html>", "blocked"),
        ("<ul><li><a href='/a.html'>关于竹材的通知</a>2026-09-08</li></ul>", "not-a-listing"),
        ('{"code": 200, "searchVO": {"listVO": [', "truncated"),
        ("", "empty"),
    ],
)  # fmt: skip
def test_answers_without_papers(value: Any, reason: str) -> None:
    with pytest.raises(ExtractError) as caught:
        read(value)
    assert caught.value.reason.value == reason


def test_a_rule_names_the_places_itself() -> None:
    value = {"found": [{"head": "竹材办法", "at": "/a.htm"}]}
    (item,) = read(value, Rule(row="found", title="head", link="at"))
    assert item.title == "竹材办法"


def test_the_real_answer() -> None:
    body = shared("sites/files/gov_cn/sousuo_found.json").read_bytes()
    (item,) = read_library(Page(url=LIBRARY, body=body), Rule())
    assert item.doc_number == "国办发明电〔2025〕7号"


def test_the_real_answer_that_found_nothing() -> None:
    body = shared("sites/files/traps/govcn_search_empty_1001.json").read_bytes()
    with pytest.raises(ExtractError, match=r"^empty: "):
        read_library(Page(url=LIBRARY, body=body), Rule())
