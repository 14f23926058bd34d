"""JSON that lists papers, in every known shape, and answers that are no list."""

import json
from typing import Any

import pytest

from tests.extract.shapes import SHAPES
from tests.extract.test_listing import told
from watcher.errors import ExtractError, Reason
from watcher.extract.lists.endpoint import endpoint
from watcher.extract.lists.listing import listing
from watcher.model import Page
from watcher.settings import Rule

URL = "https://www.demo.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=1"
FRAGMENT = """<div class="clist_con"><ul>
<li><span class="fr">2026-09-20</span><a href="gzcy/art/2026/art_03d6631242cd45c5bef6e8d62571beff.html" title="公开征求《竹浆制造规范条件（征求意见稿）》的意见"><i></i>公开征求《竹浆制造规范条件》…</a><span class="endtime" style="display:none">1792252800000</span></li>
<li><span class="fr">2026-09-14</span><a href="/gzcy/art/2026/art_ebc8c235df1b4582bcbdb5b54a1d0125.html">公开征求对《竹业无线电规定》的意见</a><span class="endtime" style="display:none">1791993600000</span></li>
</ul></div>"""
FRAGMENT_ROWS = [
    "公开征求《竹浆制造规范条件（征求意见稿）》的意见 | https://www.demo.gov.cn/gzcy/art/2026/art_03d6631242cd45c5bef6e8d62571beff.html | 2026-09-20 | 2026-10-18",
    "公开征求对《竹业无线电规定》的意见 | https://www.demo.gov.cn/gzcy/art/2026/art_ebc8c235df1b4582bcbdb5b54a1d0125.html | 2026-09-14 | 2026-10-15",
]
JPAAS = {"code": "200", "success": True, "data": {"html": FRAGMENT}}


def page_of(value: Any) -> Page:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Page(url=URL, body=text.encode())


def read(value: Any, rule: Rule | None = None) -> list[str]:
    return [told(item) for item in endpoint(page_of(value), rule or Rule())]


def paper(number: int, **more: Any) -> dict[str, Any]:
    return {"title": f"第{number}号竹业通知", "url": f"/c/{number}.html", **more}


SHAPES_OF_JSON: dict[str, tuple[Any, list[str]]] = {
    "jpaas fragment, links relative to the host, epoch deadlines": (JPAAS, FRAGMENT_ROWS),
    "gov.cn array": (
        [
            {
                "TITLE": "竹业促进条例",
                "SUB_TITLE": "竹业",
                "URL": "https://www.gov.example/zhengce/content_7081587.htm",
                "DOCRELPUBTIME": "2026-09-20",
            }
        ],
        ["竹业促进条例 | https://www.gov.example/zhengce/content_7081587.htm | 2026-09-20 | -"],
    ),
    "gov.cn search, several lists, marked words": (
        {
            "code": 200,
            "searchVO": {
                "totalCount": 0,
                "catMap": {
                    "gongwen": {"listVO": [paper(1, pubtimeStr="2026.09.08")]},
                    "bumenfile": {
                        "listVO": [
                            {
                                "title": "关于<em>竹业</em>的函",
                                "url": "https://a.cn/202511/content_70.htm",
                            }
                        ]
                    },
                },
            },
        },
        [
            "第1号竹业通知 | https://www.demo.gov.cn/c/1.html | 2026-09-08 | -",
            "关于竹业的函 | https://a.cn/202511/content_70.htm | - | -",
        ],
    ),
    "nea data source": (
        {
            "categoryName": "通知",
            "datasource": [
                {
                    "showTitle": "<span>竹能源发展<br>通知</span>",
                    "publishUrl": "http://www.demo.gov.cn/20260904/aa/c.html",
                    "publishTime": "2026-09-04 10:11:12",
                }
            ],
        },
        ["竹能源发展通知 | http://www.demo.gov.cn/20260904/aa/c.html | 2026-09-04 | -"],
    ),
    "miit search, epoch as text": (
        {
            "success": True,
            "data": {
                "searchResult": {
                    "dataResults": [
                        {"groupData": [{"data": paper(5, publishtime="1791993600000")}]},
                        {"groupData": [{"data": paper(4, publishtime="1789056000000")}]},
                    ]
                }
            },
        },
        [
            "第5号竹业通知 | https://www.demo.gov.cn/c/5.html | 2026-10-15 | -",
            "第4号竹业通知 | https://www.demo.gov.cn/c/4.html | 2026-09-11 | -",
        ],
    ),
    "wrapped in a call": (
        f"callback({json.dumps({'list': [paper(2, date='2026-01-02')]})});",
        ["第2号竹业通知 | https://www.demo.gov.cn/c/2.html | 2026-01-02 | -"],
    ),
}


@pytest.mark.parametrize(("value", "rows"), SHAPES_OF_JSON.values(), ids=SHAPES_OF_JSON)
def test_shapes(value: Any, rows: list[str]) -> None:
    assert read(value) == rows


@pytest.mark.parametrize(("value", "rows"), SHAPES_OF_JSON.values(), ids=SHAPES_OF_JSON)
def test_the_bytes_decide_also_when_a_listing_is_asked_for(value: Any, rows: list[str]) -> None:
    assert [told(item) for item in listing(page_of(value), Rule())] == rows


def test_html_given_to_an_endpoint_is_read_as_html_but_not_by_a_json_rule() -> None:
    shape = SHAPES["one row only"]
    page = Page(url=shape.url, body=shape.html.encode())
    assert [told(item) for item in endpoint(page, Rule())] == list(shape.rows)
    with pytest.raises(ExtractError) as caught:
        endpoint(page, Rule(row="data.list"))
    assert caught.value.reason is Reason.NOT_A_LISTING


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"code": "500", "success": False, "message": "参数错误", "data": None}, "not-a-listing"),
        ({"success": "false", "data": {"html": FRAGMENT}}, "not-a-listing"),
        ({"code": 401, "msg": "未登录"}, "not-a-listing"),
        ({"code": 1001, "msg": "抱歉", "data": [], "searchVO": None}, "empty"),
        ({"code": 200, "searchVO": {"totalCount": 0, "listVO": None}}, "not-a-listing"),
        (
            {"code": 200, "searchVO": {"catMap": {"a": {"listVO": None}}, "x": []}},
            "not-a-listing",
        ),
        ({"code": 200, "searchVO": {"listVO": []}}, "empty"),
        ([], "empty"),
        ({"success": True, "data": {"html": ""}}, "empty"),
        ({"success": True, "data": {"html": "<ul></ul>"}}, "empty"),
        ({"status": 1, "data": "https://a.cn/article.html?articleId=2c97"}, "not-a-listing"),
        ('{"code": 200, "data": [{"title": "竹', "truncated"),
        ('{"code": 200, "data": [{"title": "竹业"},', "truncated"),
        ("{broken: yes}" + " " * 20, "not-a-listing"),
        ('{"a":' * 100_000, "not-a-listing"),
        ("", "empty"),
        (" \n\t ", "empty"),
    ],
)
def test_answers_that_are_no_list(value: Any, reason: str) -> None:
    with pytest.raises(ExtractError) as caught:
        endpoint(page_of(value), Rule())
    assert caught.value.reason.value == reason


@pytest.mark.parametrize(
    ("record", "number", "issuer"),
    [
        ({"pcode": "竹规〔2026〕7号", "puborg": "示例部 竹藤局"}, "竹规〔2026〕7号", "示例部 竹藤局"),
        ({"FILENUMBERNAME": "竹规〔2026〕7号", "publishgroupname": "竹藤司"}, "竹规〔2026〕7号", "竹藤司"),
        ({"pcode": "", "puborg": "无"}, None, None),
        ({"pcode": None, "puborg": ["竹藤司"]}, None, None),
        ({}, None, None),
    ],
)  # fmt: skip
def test_records_tell_number_and_issuing_body(
    record: dict[str, Any], number: str | None, issuer: str | None
) -> None:
    for value, rule in (
        ([paper(1, **record)], Rule()),
        ({"rows": [paper(1, **record)]}, RULE_OF_ROWS),
    ):
        (item,) = endpoint(page_of(value), rule)
        assert (item.doc_number, item.issuer) == (number, issuer)


RULE_OF_ROWS = Rule(row="rows")


def test_a_list_nested_deeply_is_found() -> None:
    value: Any = [paper(1)]
    for _ in range(900):
        value = {"a": value}
    assert len(endpoint(page_of(value), Rule())) == 1


# ---------------------------------------------------------------- by a rule

RULE = Rule(row="result.0.rows", title="head.name", link="path", date="when.day")
RULED = {
    "result": [
        {
            "rows": [
                {"head": {"name": "竹业目录"}, "path": "/d/1", "when": {"day": "20260506"}},
                {"head": {"name": "无地址的公告"}, "path": None, "when": {"day": None}},
                {"head": {}, "path": None},
            ]
        }
    ]
}


def test_a_rule_gives_dotted_paths() -> None:
    assert read(RULED, RULE) == [
        "竹业目录 | https://www.demo.gov.cn/d/1 | 2026-05-06 | -",
        "无地址的公告 | - | - | -",
    ]


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        (Rule(row="no.such"), RULED, "not-a-listing"),
        (Rule(row="result.0"), RULED, "not-a-listing"),
        (Rule(row="rows"), {"rows": []}, "empty"),
        (Rule(row="rows"), {"rows": [{"x": 1}, 7]}, "not-a-listing"),
    ],
)
def test_a_rule_that_does_not_fit(rule: Rule, value: Any, reason: str) -> None:
    with pytest.raises(ExtractError) as caught:
        endpoint(page_of(value), rule)
    assert caught.value.reason.value == reason


def test_a_rule_of_selectors_reads_the_fragment_in_an_answer() -> None:
    rule = Rule(preset="jpaas", row="div.clist_con li", title="a", date="span.fr")
    assert read(JPAAS, rule)[1] == FRAGMENT_ROWS[1]
    with pytest.raises(ExtractError) as caught:
        endpoint(page_of(JPAAS), Rule(preset="jpaas", row="div.gone li"))
    assert caught.value.reason is Reason.NOT_A_LISTING
