"""One row of a list: its title, its dates, its number, and where it leads when only a script knows."""

import pytest

from tests.extract.shapes import LIST_URL, page
from tests.extract.test_listing import read
from watcher.extract.lists.listing import listing
from watcher.model import Page
from watcher.settings import Rule

# ---------------------------------------------------------------- what else a row says

HEADED = page(
    """<table><tr><td colspan="5">规范性文件</td></tr>
    <tr><th>序号</th><th>名称</th><th>发文字号</th><th>发布机构</th><th>发布日期</th></tr>
    <tr><td>1</td><td><a href="/gk/202609/t20260903_9.html">关于加强竹桥养护的指导意见</a></td><td>竹规[2026]3号</td><td>竹桥司</td><td>2026年09月03日</td></tr>
    <tr><td>2</td><td><a href="/gk/202607/t20260720_8.html">关于修订竹桥检测规程的公告</a></td><td>2026年第8号</td><td> </td><td>2026-07-20</td></tr>
    <tr><td>3</td><td><a href="/gk/202607/t20260719_7.html">关于竹桥改造的通知</a></td><td>无</td><td>竹桥司</td><td>2026-07-19</td></tr></table>"""
)


def test_columns_with_headings_give_number_and_issuing_body() -> None:
    items = listing(Page(url=LIST_URL, body=HEADED.encode()), Rule())
    assert [(item.doc_number, item.issuer) for item in items] == [
        ("竹规〔2026〕3号", "竹桥司"),
        ("2026年第8号", None),
        (None, "竹桥司"),
    ]


def test_a_column_of_running_numbers_is_no_number() -> None:
    html = HEADED.replace("<th>序号</th>", "<th>编号</th>").replace(
        "<th>发文字号</th>", "<th>备注</th>"
    )
    items = listing(Page(url=LIST_URL, body=html.encode()), Rule())
    assert [item.doc_number for item in items] == ["竹规〔2026〕3号", None, None]


def test_a_standards_name_is_its_title_where_its_number_is_a_link_too() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td><a href='#' onclick=\"showInfo('8F3A0{n}')\">ZB {n}000-2026</a></td>"
        f"<td><a href='#' onclick=\"showInfo('8F3A0{n}')\">{name}</a></td><td>2026-03-3{n}</td>"
        f"<td><a href='#' onclick=\"showInfo('8F3A0{n}')\">查看详细</a></td></tr>"
        for n, name in enumerate(("竹桥用竹材 第1部分", "竹笋安全标准"))
    )
    items = listing(Page(url=LIST_URL, body=page(f"<table>{rows}</table>").encode()), Rule())
    assert [item.title for item in items] == ["竹桥用竹材 第1部分", "竹笋安全标准"]


@pytest.mark.parametrize(
    ("beside", "number"),
    [
        ("<i>竹规〔2026〕3号</i>", "竹规〔2026〕3号"),
        ("<p>发文字号：竹规〔2026〕3号</p>", "竹规〔2026〕3号"),
        ("<p>（竹规〔2026〕3号）</p>", "竹规〔2026〕3号"),
        ("<p>根据竹规〔2026〕3号制定</p>", None),
        ("<p>2026年第8号</p>", None),  # an issue of a journal, perhaps
        ("<p>电话：010-12345678</p>", None),
    ],
)
def test_a_number_that_stands_alone_is_the_papers(beside: str, number: str | None) -> None:
    row = f"<li><a href='/zc/a1.html'>关于第一批竹种名录的通知</a>{beside}<span>2026-05-05</span></li>"
    (item,) = listing(Page(url=LIST_URL, body=page(f"<ul>{row}</ul>").encode()), Rule())
    assert item.doc_number == number


@pytest.mark.parametrize(
    ("shown", "published", "deadline"),
    [
        ("2026-05-05", "2026-05-05", "-"),
        ("[已结束] 2026-05-05", "2026-05-05", "-"),
        ("(已截止)2026-05-05", "2026-05-05", "-"),
        ("[截至日期:2026-06-05]", "-", "2026-06-05"),
        ("2026-05-05 截止日期：2026-06-05", "2026-05-05", "2026-06-05"),
        ("2026年5月5日至6月5日", "2026-05-05", "2026-06-05"),
        ("2026年12月5日—1月5日", "2026-12-05", "2027-01-05"),
        ("2026-05-05 至 2026-06-05", "2026-05-05", "2026-06-05"),
        ("成文日期：2026-05-01 发布日期：2026-05-05 施行日期：2026-07-01", "2026-05-05", "-"),
        ("成文日期：2026-05-01", "2026-05-01", "-"),
        ("05 2026-05", "2026-05-05", "-"),
        ("05-05 2026年", "2026-05-05", "-"),
        ("May 5th, 2026", "2026-05-05", "-"),
        ("Tue, 05 May 2026 08:00:00 +0800", "2026-05-05", "-"),
        ("45 2026-05", "-", "-"),
        ("Feb 31, 2026", "-", "-"),
    ],
)
def test_dates_beside_a_title(shown: str, published: str, deadline: str) -> None:
    rows = (
        f"<ul><li><a href='/zc/a1.html'>关于第一批竹种名录的通知</a><span>{shown}</span></li></ul>"
    )
    assert read(page(rows), rule=Rule(row="div.main li")) == [
        f"关于第一批竹种名录的通知 | https://www.demo.gov.cn/zc/a1.html | {published} | {deadline}"
    ]


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("<a href='1.html'><span class='status1'>[进行中]</span> - 关于竹材的通知</a>", "关于竹材的通知"),
        ("<a href='1.html' title='关于竹材&#10;的通知'>关于竹材…</a>", "关于竹材的通知"),
        ("<a href='1.html' title='关于竹材的通知...'>关于竹材的通知（试行）</a>", "关于竹材的通知（试行）"),
        ("<a href='1.html' title='点击查看'>关于竹材的通知</a>", "关于竹材的通知"),
        ("<a href='1.html' title='竹材目录（公示时间：5月5日）'>竹材目录…</a>", "竹材目录（公示时间：5月5日）"),
        ("<a href='1.html' title='竹材目录&#10;发布时间：2026-05-05'>竹材目录</a>", "竹材目录"),
        ("<a href='1.html'><em>新</em>能源竹材的通知</a>", "新能源竹材的通知"),
        ("<a href='1.html'><em>【竹业】</em>关于竹材的通知</a>", "关于竹材的通知"),
        ("<a href='1.html'><div><p>关于竹材的通知</p><p>为规范竹材流通，现就有关事项通知如下。</p></div></a>", "关于竹材的通知"),
        ("<a href='1.html'>关于竹材的通知 [2026-05-05]</a>", "关于竹材的通知"),
        ("<a href='1.html'>2026-05-05</a>", "2026-05-05"),
        ("<a href='/bm/index.html'>竹藤产业发展司</a><a href='1.html'>竹材法</a>", "竹材法"),
        ("<a href='1.html'>竹材条例</a><a href='2.html'>一图读懂竹材条例</a>", "竹材条例"),
        ("<a href='1.html'>附件下载</a>", "附件下载"),
    ],
)  # fmt: skip
def test_titles(link: str, title: str) -> None:
    html = page(f"<ul><li>{link}<span>2026-05-05</span></li></ul>")
    (row,) = read(html, rule=Rule(row="div.main li"))
    assert row.partition(" | ")[0] == title


# ---------------------------------------------------------------- addresses only a script knows

SCRIPT = """<script>
var open = function (kind, id) { if (kind) { window.open("/zw/" + kind + "/" + id + ".html", "_blank"); } };
function go(id) { var where = base + id; location.href = where; }
</script>"""


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("<a onclick=\"open('tz', 17)\">关于竹材的通知</a>", "https://www.demo.gov.cn/zw/tz/17.html"),
        ("<a href=\"javascript:open('tz','17');\">关于竹材的通知</a>", "https://www.demo.gov.cn/zw/tz/17.html"),
        ("<a href='#' data-href='/zw/17.html'>关于竹材的通知</a>", "https://www.demo.gov.cn/zw/17.html"),
        ("<a onclick=\"window.open('17.html')\">关于竹材的通知</a>", "https://www.demo.gov.cn/zwgk/tzgg/17.html"),
        ("<p onclick=\"location.href='/zw/17.html'\">关于竹材的通知</p>", "https://www.demo.gov.cn/zw/17.html"),
        ("<a onclick=\"go('a-17')\">关于竹材的通知</a>", "-"),
        ("<a href='javascript:show(17)'>竹</a><a href='/zw/17.html'>关于竹材的通知</a>", "https://www.demo.gov.cn/zw/17.html"),
    ],
)  # fmt: skip
def test_where_a_script_leads(link: str, address: str) -> None:
    html = page(f"{SCRIPT}<ul><li>{link}<span>2026-05-05</span></li></ul>")
    assert read(html) == [f"关于竹材的通知 | {address} | 2026-05-05 | -"]


def test_rows_whose_address_nobody_knows_are_told_apart_by_their_ids() -> None:
    rows = "".join(
        f"<li><a href='javascript:;' onclick=\"view('10{n}')\">关于竹材的通知</a>2026-05-0{n}</li>"
        for n in (1, 2)
    )
    items = listing(Page(url=LIST_URL, body=page(f"<ul>{rows}</ul>").encode()), Rule())
    assert [(item.key, item.url) for item in items] == [("view(101)", None), ("view(102)", None)]
