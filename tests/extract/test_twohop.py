"""The two answers between a consultation's list row and its article."""

import json
from datetime import date
from typing import Any

import pytest

from tests.loopback import Loopback, Reply
from tests.real import shared
from watcher.clock import Clock
from watcher.errors import ExtractError
from watcher.extract.lists.listing import listing
from watcher.extract.lists.twohop import first_hop, second_hop
from watcher.extract.paper.page import read_page
from watcher.fetch import Fetcher
from watcher.model import Page
from watcher.settings import Manners, Network, Rule

ITEM = "https://form.demo.gov.cn/sa.html#/zhucai"
ARTICLE = "https://elsewhere.example/htmls/article/article.html?articleId="
DETAIL = "https://form.demo.gov.cn/public/submission-service/column/getArticleDetail?articleId="


@pytest.mark.parametrize(
    ("item", "first"),
    [
        (ITEM, "https://form.demo.gov.cn/public/submission-service/article/access-url?shortKey=zhucai"),
        ("http://127.0.0.1:8080/x/sa.html#/a-1_B", "http://127.0.0.1:8080/public/submission-service/article/access-url?shortKey=a-1_B"),
        ("https://form.demo.gov.cn/sa.html", None),
        ("https://form.demo.gov.cn/sa.html#/", None),
        ("https://form.demo.gov.cn/sa.html#/a/b", None),
        ("https://form.demo.gov.cn/sa.html#/a%2Fb&x=1", None),
        ("https://www.demo.gov.cn/202609/t20260908_1.html", None),
        ("http://[bad", None),
    ],
)  # fmt: skip
def test_a_key_in_the_fragment_is_asked_for(item: str, first: str | None) -> None:
    assert first_hop(item) == first


def hop(value: Any) -> str:
    body = value if isinstance(value, str) else json.dumps(value)
    return second_hop(Page(url="https://form.demo.gov.cn/x", body=body.encode()), ITEM)


@pytest.mark.parametrize(
    "told",
    [f"{ARTICLE}2c97-01", "/article.html?x=1&articleId=2c97-01", "https://x.cn/#/a?articleId=2c97-01"],
)  # fmt: skip
def test_the_article_stands_on_the_items_own_host(told: str) -> None:
    assert hop({"status": 1, "message": "成功", "data": told}) == f"{DETAIL}2c97-01"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"status": 0, "message": "链接已失效", "data": None}, "not-a-listing"),
        ({"status": 0, "data": f"{ARTICLE}2c97"}, "not-a-listing"),
        ({"status": 1, "data": None}, "not-a-listing"),
        ({"status": 1, "data": "https://x.cn/a.html"}, "not-a-listing"),
        ({"status": 1, "data": f"{ARTICLE}../../admin"}, "not-a-listing"),
        ({"status": 1, "data": "http://[bad"}, "not-a-listing"),
        ([], "not-a-listing"),
        ("<html><body><p>竹</p></body></html>", "not-a-listing"),
        ("<html><body><h1>系统维护中</h1></body></html>", "blocked"),
        ('{"status": 1, "data": "https', "truncated"),
        ("", "empty"),
    ],
)
def test_an_answer_that_names_no_article(value: Any, reason: str) -> None:
    with pytest.raises(ExtractError) as caught:
        hop(value)
    assert caught.value.reason.value == reason


def test_a_consultation_is_read_over_both_hops() -> None:
    detail = {
        "articleTitle": "关于公开征求《竹材<BR>管理办法》意见的公告",
        "articleContent": "<p>现将《竹材管理办法（征求意见稿）》公布，征求社会各界意见。</p>"
        "<p>意见请于2026年10月5日前反馈，感谢您的参与和支持！</p>",
        "publishDate": "2026-09-04",
    }
    prefix = "/public/submission-service"
    with Loopback(
        {
            f"{prefix}/article/access-url?shortKey=zhucai": Reply(
                body=json.dumps({"status": 1, "data": f"{ARTICLE}9ff0"}).encode()
            ),
            f"{prefix}/column/getArticleDetail?articleId=9ff0": Reply(
                body=json.dumps({"status": 1, "data": detail}).encode()
            ),
        }
    ) as site:
        fetcher = Fetcher(Network(allow_addresses=("127.0.0.0/8",)), Clock())
        item = site.url("/sa.html#/zhucai")
        first = first_hop(item)
        assert first is not None
        answer = fetcher.fetch(first, manners=Manners(robots="ignore"))
        assert answer is not None
        page = fetcher.fetch(second_hop(answer, item), manners=Manners(robots="ignore"))
        fetcher.close()
        assert page is not None
        paper = read_page(page)
    assert paper.title == "关于公开征求《竹材管理办法》意见的公告"
    assert paper.published == date(2026, 9, 4)
    assert "2026年10月5日前反馈" in paper.text


def test_the_real_answers_lead_from_the_list_to_the_paper() -> None:
    folder = shared("sites/files/ndrc")
    items = listing(
        Page(
            url="https://www.ndrc.gov.cn/hdjl/yjzq/",
            body=(folder / "list_yjzq_20260920.html").read_bytes(),
        ),
        Rule(preset="two-hop"),
    )
    assert all(item.url is not None and first_hop(item.url) is not None for item in items)
    first = first_hop(items[0].url or "")
    assert first is not None
    assert first.endswith("shortKey=sdgsglbf")
    answer = Page(url=first, body=(folder / "api_access-url_sdgsglbf.json").read_bytes())
    second = second_hop(answer, items[0].url or "")
    article = (folder / "api_getArticleDetail_sdgsglbf.json").read_bytes()
    assert json.loads(article)["data"]["articleId"] in second
    paper = read_page(Page(url=second, body=article))
    assert paper.title == items[0].title
    assert paper.published == items[0].published
    assert len(paper.attachments) == 1
