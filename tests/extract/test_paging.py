"""Where the next page of a list is, and where it is not to be guessed."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.real import shared
from watcher.extract.lists.paging import next_page
from watcher.model import Page
from watcher.settings import Rule

HOST = "https://www.demo.gov.cn"
FOLDER = f"{HOST}/zwgk/tzgg/"
ROWS = (
    "<ul><li><a href='202609/t20260908_7.html'>关于竹材的通知</a><span>2026-09-08</span></li></ul>"
)


def after(body: str | bytes, url: str, number: int = 2, rule: Rule | None = None) -> str | None:
    raw = body if isinstance(body, bytes) else body.encode()
    found = next_page(Page(url=url, body=raw), rule or Rule(), number)
    return found.removeprefix(FOLDER) if found else None


def html(more: str, rows: str = ROWS) -> str:
    return f"<html><head><title>通知公告</title></head><body>{rows}{more}</body></html>"


def script(text: str) -> str:
    return html(f"<script>function createPageHTML(_n, _c) {{}} {text}</script>")


TRS = Rule(preset="trs")


# ---------------------------------------------------------------- HTML


@pytest.mark.parametrize(
    ("more", "file", "number", "found"),
    [
        # in words, as a link
        ("<a href='index_1.html'>下一页</a>", "", 2, "index_1.html"),
        ("<a href='list_2.shtml'>下页&gt;</a>", "list.shtml", 2, "list_2.shtml"),
        ("<a href='?page=3'>Next »</a>", "?page=2", 3, "?page=3"),
        ("<a href='p2.html' title='下一页'><img src='r.png'></a>", "", 2, "p2.html"),
        ("<a rel='next' href='?p=2'>→</a>", "", 2, "?p=2"),
        ("<a href='index_1.html'>&gt;</a>", "index.html", 2, "index_1.html"),
        # by its number
        ("<a href='list_1.htm'>1</a><a href='list_2.htm'>2</a>", "list_1.htm", 2, "list_2.htm"),
        ("<a href='index_pc_2.html'>[2]</a>", "index_pc_1.html", 2, "index_pc_2.html"),
        ("<a href='index_1.html'>2</a><a href='index_2.html'>3</a>", "", 3, "index_2.html"),
        ("<a href='./?pageNo=2&amp;c=7'>2</a>", "?c=7", 2, "?pageNo=2&c=7"),
        ("<a href='?start=20&amp;length=10'>3</a>", "?start=10&length=10", 3, "?start=20&length=10"),
        # nowhere that helps
        ("<a href='javascript:go(2)'>下一页</a>", "", 2, None),
        ("<a href='#'>下一页</a>", "", 2, None),
        ("<a href='index.html'>下一页</a>", "index.html", 2, None),
        ("<a href='https://www.other.gov.cn/index_1.html'>下一页</a>", "", 2, None),
        ("<a href='https://www.demo.gov.cn:8443/index_1.html'>下一页</a>", "", 2, None),
        ("<a href='http://[bad'>下一页</a>", "", 2, None),
        ("<a href='/zt/1.html'>下一篇</a>", "", 2, None),
        ("<a href='/swiper/x.html'>&gt;</a>", "", 2, None),
        ("<a href='/rl/2026-09-02/'>2</a>", "", 2, None),
        ("<a href='t20260902_2.html'>2</a>", "index.html", 2, None),
        ("", "", 2, None),
        ("", "index.html", 2, None),
        ("<a href='index_1.html'>下一页</a>", "", 1, None),
    ],
)  # fmt: skip
def test_a_page_says_where_it_goes_on(more: str, file: str, number: int, found: str | None) -> None:
    assert after(html(more), FOLDER + file, number) == found


@pytest.mark.parametrize(
    ("call", "file", "number", "found"),
    [
        ('createPageHTML(50, 0, "index","htm");', "", 2, "index_1.htm"),
        ("createPageHTML(3,0,'index','shtml')", "index.shtml", 2, "index_1.shtml"),
        ('createPageHTML(3, 1, "index", "html", 55);', "index_1.html", 3, "index_2.html"),
        ('createPageHTML(3, 2, "index", "html");', "index_2.html", 4, None),
        ('createPageHTML(1, 0, "index", "html");', "", 2, None),
        ("createPageHTML('page_div',22, 1,'common_list','shtml',325);", "common_list.shtml", 2, "common_list_2.shtml"),
        ("createPageHTML('page_div',22, 2,'common_list','shtml',325);", "common_list_2.shtml", 3, "common_list_3.shtml"),
        ("createPageHTML('p',5,1,'index_pc','html',90)", "index_pc_1.html", 2, "index_pc_2.html"),
        ("createPageHTML('p',2,2,'index_pc','html',40)", "index_pc_2.html", 3, None),
        ('createPageHTML(9, 7, "index", "html");', "index_7.html", 3, None),
        ("var currentPage = 0;//从0开始\nvar countPage = 4", "index.html", 2, "index_1.html"),
        ("var currentPage = 1; var countPage = 4;", "index_1.html", 3, "index_2.html"),
        ("var currentPage = 3; var countPage = 4;", "index_3.html", 5, None),
        ("var currentPage = 0; var countPage = 4;", "", 2, "index_1.html"),
    ],
)  # fmt: skip
def test_a_script_counts_the_pages(call: str, file: str, number: int, found: str | None) -> None:
    assert after(script(call), FOLDER + file, number) == found


def test_where_a_script_counts_links_are_not_asked() -> None:
    """The pager that the script writes is not on the page; what is linked there leads elsewhere."""
    body = html(
        "<a href='/zt/index_1.html'>下一页</a><script>createPageHTML(1,0,'index','html')</script>"
    )
    assert after(body, FOLDER) is None


@pytest.mark.parametrize(
    ("file", "number", "rule", "found"),
    [
        ("", 2, TRS, "index_1.html"),
        ("index.shtml", 2, TRS, "index_1.shtml"),
        ("index_1.html", 3, TRS, "index_2.html"),
        ("index_1.html", 2, TRS, None),
        ("list.jsp", 2, TRS, None),
        ("index.html", 2, Rule(preset="json"), None),
        ("?page=1", 2, Rule(), "?page=2"),
        ("?pageNo=0&size=10", 2, Rule(), "?pageNo=1&size=10"),
        ("?page=7", 2, Rule(), None),
    ],
)
def test_an_address_that_counts(file: str, number: int, rule: Rule, found: str | None) -> None:
    assert after(html(""), FOLDER + file, number, rule) == found


def test_a_trs_folder_ends_its_files_as_its_papers_do() -> None:
    rows = "<a href='./202609/t20260908_7.shtml'>关于竹材的通知</a>"
    assert after(html("", rows), FOLDER, 2, TRS) == "index_1.shtml"


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("a.more", "p2.html"),
        ("div.pager", "p2.html"),
        ("a.gone", None),
        ("a..bad", None),
    ],
)
def test_a_rule_selects_the_link_and_nothing_else_counts(selector: str, found: str | None) -> None:
    body = html(
        "<a href='x.html'>下一页</a><div class='pager'><a class='more' href='p2.html'>…</a></div>"
    )
    assert after(body, FOLDER, 2, Rule(next=selector)) == found


@pytest.mark.parametrize(
    "body",
    [b"", b"%PDF-1.7", b"{", b"<rss><channel><item><title>x</title></item></channel></rss>",
     "<html><body><h1>系统维护中</h1></body></html>".encode()],
)  # fmt: skip
def test_what_is_no_list_has_no_next_page(body: bytes) -> None:
    assert after(body, f"{FOLDER}?page=1") is None


# ---------------------------------------------------------------- JSON


def answer(url: str, value: Any, number: int = 2, rule: Rule | None = None) -> str | None:
    return after(json.dumps(value, ensure_ascii=False), url, number, rule)


PAPERS = [{"title": "关于竹材的通知", "url": "/a.html"}]


@pytest.mark.parametrize(
    ("query", "value", "number", "found"),
    [
        ("p=1&n=20", {"rows": PAPERS}, 2, "p=2&n=20"),
        ("p=0&n=20", {"rows": PAPERS}, 2, "p=1&n=20"),
        ("p=1&n=20", {"rows": PAPERS}, 3, "p=2&n=20"),
        ("q=%E7%AB%B9&pageNo=2&pageSize=10", {"total": 31, "rows": PAPERS}, 3, "q=%E7%AB%B9&pageNo=3&pageSize=10"),
        ("start=0&length=10", {"rows": PAPERS}, 2, "start=10&length=10"),
        ("page=1&per_page=100", {"totalCount": 100, "data": PAPERS}, 2, None),
        ("p=2&n=20", {"searchVO": {"totalCount": 0, "catMap": {"a": {"totalCount": 41}}}}, 3, "p=3&n=20"),
        ("p=3&n=20", {"searchVO": {"totalCount": 0, "catMap": {"a": {"totalCount": "41"}}}}, 4, None),
        ("page=3", {"data": {"pages": 3, "list": PAPERS}}, 4, None),
        ("page=3", {"data": {"pages": 4, "list": PAPERS}}, 4, "page=4"),
        ("p=9&n=20", {"rows": PAPERS}, 2, None),
        ("start=5&length=10", {"rows": PAPERS}, 2, None),
        ("start=0", {"rows": PAPERS}, 2, None),
        ("q=1", {"rows": PAPERS}, 2, None),
        ("", PAPERS, 2, None),
        ("p=x&n=20", PAPERS, 2, None),
        ("p=99999999999999999999", PAPERS, 2, None),
    ],
)  # fmt: skip
def test_numbers_in_a_query(query: str, value: Any, number: int, found: str | None) -> None:
    url = f"{HOST}/search-gov/data?"
    wanted = url + found if found else None
    assert answer(url + query, value, number) == wanted


@pytest.mark.parametrize(
    ("told", "found"),
    [("/api?cursor=ab", f"{HOST}/api?cursor=ab"), ("https://other.cn/api", None), ("", None), (None, None), (7, None)],
)  # fmt: skip
def test_a_rule_names_where_the_next_address_stands(told: Any, found: str | None) -> None:
    rule = Rule(row="rows", next="links.next")
    value = {"rows": PAPERS, "links": {"next": told}}
    assert answer(f"{HOST}/api?page=1", value, 2, rule) == found


UNIT = f"{HOST}/api-gateway/jpaas-publish-server/front/page/build/unit?pageType=column&tagId=%E5%8F%B3%E4%BE%A7%E5%86%85%E5%AE%B9"


def unit(pager: str) -> dict[str, Any]:
    return {"success": True, "data": {"html": f"<ul><li><a href='a.html'>竹</a></li></ul>{pager}"}}


@pytest.mark.parametrize(
    ("asked", "pager", "number", "params"),
    [
        ("", "<div class='pagination' pageNo='1' rows='15' count='44'></div>", 2, {"pageNo": 2, "pageSize": 15}),
        ("&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A%2224%22%7D", "<div pageno='2' rows='24' count='80'></div>", 3, {"pageNo": 3, "pageSize": "24"}),
        ("&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A20%2C%22search%22%3A%22x%22%7D", "", 2, {"pageNo": 2, "pageSize": 20, "search": "x"}),
        ("", "<div pageNo='3' rows='15' count='44'></div>", 4, None),
        ("", "<div pageNo='2' rows='15' count='44'></div>", 2, None),
        ("", "<div pageNo='one' rows='15' count='44'></div>", 2, None),
        ("", "", 2, None),
        ("&paramJson=%5B", "", 2, None),
    ],
)  # fmt: skip
def test_a_jpaas_pager_says_which_page_it_is(
    asked: str, pager: str, number: int, params: dict[str, Any] | None
) -> None:
    found = answer(UNIT + asked, unit(pager), number)
    if params is None:
        assert found is None
        return
    assert found is not None
    query = dict(parse_qsl(urlsplit(found).query))
    assert json.loads(query.pop("paramJson")) == params
    assert query == {"pageType": "column", "tagId": "右侧内容"}
    assert "tagId=%E5%8F%B3" in found


@pytest.mark.parametrize(
    ("file", "url", "rule"),
    [
        ("cac/list_wxan_20260921.html", "https://www.cac.gov.cn/hdfw/wxan/A093802index_1.htm", Rule()),
        ("mee/list_yjzj_20260920.html", "https://www.mee.gov.cn/hdjl/yjzj/", Rule()),
        ("gov_cn/ZUIXINZHENGCE_rows_2026.json", "https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json", Rule(preset="json")),
    ],
)  # fmt: skip
def test_real_lists_without_a_pager_have_no_next_page(file: str, url: str, rule: Rule) -> None:
    body = shared(f"sites/files/{file}").read_bytes()
    assert next_page(Page(url=url, body=body), rule, 2) is None


@pytest.mark.parametrize(
    ("file", "url", "found"),
    [
        ("nmpa/list_ypggtg_20251014.html", "https://www.nmpa.gov.cn/yaopin/ypggtg/index.html", "https://www.nmpa.gov.cn/yaopin/ypggtg/index_1.html"),
    ],
)  # fmt: skip
def test_real_lists_go_on_as_they_say(file: str, url: str, found: str) -> None:
    body = shared(f"sites/files/{file}").read_bytes()
    assert next_page(Page(url=url, body=body), Rule(), 2) == found
