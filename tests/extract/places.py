"""Invented pages around lists: what stands beside them, and pages that have none.

Every title, address and date is made up. `PLACES` have a list among other things; on `NO_LISTS`
nothing must be taken for one.
"""

from tests.extract.layouts import BAMBOO, HOST, MOSS, RATTAN, THREE, each, rows
from tests.extract.shapes import FOOTER, NAVIGATION, Shape, page

ROW = "<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>"
LIST = f"<ul>{each(ROW)}</ul>"
OLD = rows(
    "关于竹笋出口检验的公告 | c_0902.html | 2026-08-02 | -",
    "关于竹笋进口检验的公告 | c_0901.html | 2026-08-01 | -",
)
OLD_LIST = (
    "<ul><li><a href='c_0902.html'>关于竹笋出口检验的公告</a><span>2026-08-02</span></li>"
    "<li><a href='c_0901.html'>关于竹笋进口检验的公告</a><span>2026-08-01</span></li></ul>"
)


def named(column: str, html: str) -> str:
    """A page whose title is the column's name."""
    return html.replace("<title>通知公告</title>", f"<title>{column}_示例部</title>")


HOT = (
    '<div class="box2"><h3>热点新闻</h3><ul>'
    + "".join(
        f'<li><a href="/xw/2026/c_{n}00.html">全国竹藤产业大会第{n}场分会在某市隆重举行</a><span>2026-08-{n}</span></li>'
        for n in range(10, 22)
    )
    + "</ul></div>"
)
FARM = "".join(
    f'<li><a href="http://www.part{n}.gov.cn/">某某省竹藤产业管理部门第{n}号网站</a></li>'
    for n in range(40)
)
CALENDAR = (
    "<table class='cal'><tr><th>一</th><th>二</th></tr>"
    + "".join(
        f'<tr><td><a href="/rl/2026-09-{n:02}/">{n}</a></td><td><a href="/rl/2026-09-{n + 1:02}/">{n + 1}</a></td></tr>'
        for n in range(1, 30, 2)
    )
    + "</table>"
)

PLACES: dict[str, Shape] = {
    "a list per month under its heading": Shape(
        html=page(
            "<h4>2026年9月</h4><ul>"
            + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>")
            + "</ul><h4>2026年8月</h4><ul>"
            "<li><a href='c_0902.html'>关于竹笋出口检验的公告</a><span>2026-08-02</span></li></ul>"
        ),
        rows=THREE + rows("关于竹笋出口检验的公告 | c_0902.html | 2026-08-02 | -"),
    ),
    "a longer side bar of hot news": Shape(
        html=page("<ul>" + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>") + "</ul>")
        .replace("<div class='main'>", f"{HOT}<div class='main'>")
        .replace('</ul></div>\n<div class="footer"', f'</ul></div>{HOT}<div class="footer"'),
        rows=THREE,
    ),
    "the list that bears the column's name beside a longer one": Shape(
        html=page(
            "<div class='l'><h3>政策法规</h3><ul>"
            + "".join(
                f"<li><a href='/fg/c_20{n}.html'>关于竹藤产业政策法规汇编第{n}部分的通知</a><span>2026-07-{n}</span></li>"
                for n in range(10, 20)
            )
            + "</ul></div><div class='l'><h3>通知公告</h3><ul>"
            + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>")
            + "</ul></div>"
        ),
        rows=THREE,
    ),
    "the same list again for telephones, hidden and cut": Shape(
        html=page(
            "<ul class='pc'>"
            + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>")
            + "</ul><ul class='wap' style='display:none'>"
            + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>")
            + "</ul>"
        ),
        rows=THREE,
    ),
    "a farm of links longer than the list": Shape(
        html=page("<ul>" + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>") + "</ul>")
        + f"<div class='lj'><ul>{FARM}</ul></div>",
        rows=THREE,
    ),
    "a calendar beside a single row": Shape(
        html=page(
            CALENDAR
            + f"<ul><li><a href='c_1003.html'>{BAMBOO}</a><span>2026-09-08</span></li></ul>"
        ),
        rows=THREE[:1],
    ),
    "two rows only": Shape(
        html=page(
            f"<ul><li><a href='c_1003.html'>{BAMBOO}</a><span>2026-09-08</span></li><li><a href='c_1002.html'>{RATTAN}</a><span>2026-09-07</span></li></ul>"
        ),
        rows=THREE[:2],
    ),
    "a pager, a search form and tabs around the list": Shape(
        html=page(
            "<div class='tabs'><a href='/zwgk/gg/index.html'>公告</a><a href='/zwgk/tg/index.html'>通告</a></div><ul>"
            + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>")
            + "</ul><div><a href='index_1.html'>下一页</a><a href='index_9.html'>尾页</a></div>"
        ),
        rows=THREE,
    ),
    "a base address in a folder": Shape(
        html=page(
            "<ul>" + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>") + "</ul>",
            head="<base href='/zwgk/tzgg/'>",
        ),
        url=f"{HOST}/index.html",
        rows=THREE,
    ),
    "links that leave the scheme out": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='//www.demo.gov.cn/zwgk/tzgg/{u}'>{t}</a><span>2026-09-{d}</span></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "two halves side by side": Shape(
        html=page(f"<h2>通知公告</h2><ul class='fl'>{each(ROW)}</ul>" + OLD_LIST),
        rows=THREE + OLD,
    ),
    "a box per month": Shape(
        html=page(
            f"<div class='m'><h4>2026年9月</h4>{LIST}</div><div class='m'><h4>2026年8月</h4>{OLD_LIST}</div>"
        ),
        rows=THREE + OLD,
    ),
    "a box of other news made like the list's": Shape(
        html=named(
            "示例部",
            page(
                f"<div class='b'><h2>意见征集</h2>{LIST}</div><div class='b'><h2>工作动态</h2>{OLD_LIST}</div>"
            ),
        ),
        rows=THREE,
    ),
    "sections under headings of their own": Shape(
        html=named("规章库", page(f"<h3>部令</h3>{LIST}<h3>公告</h3>{OLD_LIST}")), rows=THREE + OLD
    ),
    "a tab that is not shown": Shape(
        html=page(
            f"<div class='t1'>{LIST}</div><div class='t2' style='display:none'>{OLD_LIST}</div>"
        ),
        rows=THREE,
    ),
    "a column that is called a side but bears the column's name": Shape(
        html=page(f"<div class='right-side'><h3>通知公告</h3>{LIST}</div>"), rows=THREE
    ),
    "a hidden word that there is nothing": Shape(
        html=page(f"<p style='display:none'>暂无数据</p>{LIST}"), rows=THREE
    ),
    "a word that there is nothing, shown only by a style sheet": Shape(
        html=page(f"<ul class='none'><li>暂无数据</li></ul>{LIST}"), rows=THREE
    ),
    "cells that say there is nothing": Shape(
        html=page(
            "<table>"
            + each(
                "<tr><td><a href='{u}'>{t}</a></td><td>暂无</td><td>暂无信息</td><td>2026-09-{d}</td></tr>"
            )
            + "</table>"
        ),
        rows=THREE,
    ),
    "an introduction longer than the titles": Shape(
        html=page(
            "<div class='r'><p>为广泛听取社会公众意见，提高决策科学化、民主化水平，现就下列文件公开征求意见。公众可以登录本栏目提出意见，"
            f"也可以通过信函、电子邮件等方式反馈，请注明字样并留下联系方式。</p>{LIST}</div>"
        ),
        rows=THREE,
    ),
    "a list titled as its newest paper": Shape(
        html=page(LIST).replace("<title>通知公告", f"<title>{BAMBOO}"), rows=THREE
    ),
    "a headline that is a paper of another column": Shape(
        html=page(f"<h2><a href='/tt/'>关于加强竹林防火工作的通知</a></h2>{LIST}"), rows=THREE
    ),
    "papers side by side in a table": Shape(
        html=page(
            f"<table><tr class='o'><td><a href='c_1003.html'>{BAMBOO}</a>(2026-09-08)</td><td><a href='c_1002.html'>{RATTAN}</a>(2026-09-07)</td></tr>"
            f"<tr class='e'><td><a href='c_1001.html'>{MOSS}</a>(2026-09-06)</td><td></td></tr></table>"
        ),
        rows=THREE,
    ),
}

SENTENCES = (
    "为规范竹藤流通，根据有关法律法规，制定本通知。各地应当按照职责分工，认真组织实施，及时报告情况。"
    * 8
)
RELATED = (
    "<div class='xg'><h4>相关链接</h4><ul>"
    + "".join(
        f"<li><a href='/x/2026/c_900{n}.html'>关于第{n}批竹种名录的公告</a><span>2026-05-0{n}</span></li>"
        for n in range(1, 6)
    )
    + "</ul></div>"
)

NO_LISTS: dict[str, str] = {
    "an empty list that says so, beside hot news": page(
        f"<ul class='list'><li>暂无数据</li></ul>{HOT}"
    ),
    "an empty table that says so, beside other news": page(
        "<table class='list'><tr><td colspan='3'>没有找到相关信息</td></tr></table>"
        "<div class='r'><h3>最新动态</h3><ul>"
        + each("<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>")
        + "</ul></div>"
    ),
    "an article with related papers": page(
        f"<h1>{BAMBOO}</h1><div class='sj'>发布时间：2026-09-08 来源：竹藤司</div><div class='nr'><p>{SENTENCES}</p><p>{SENTENCES}</p></div>{RELATED}"
    ),
    "a short article that its meta tags call one": page(
        f"<h1>{BAMBOO}</h1><div class='nr'><p>现将办法印发给你们，请认真贯彻执行。</p></div>{RELATED}",
        head=f"<meta name='ArticleTitle' content='{BAMBOO}'><meta name='PubDate' content='2026-09-08 10:00'>",
    ),
    "an article that cites papers in its text": page(
        f"<h1>{BAMBOO}</h1><div class='nr'><p>{SENTENCES}</p>"
        + each("<p>见<a href='{u}'>{t}</a>（2026年9月{d}日），该文件规定了流通各环节的要求。</p>")
        + f"<p>{SENTENCES}</p></div>"
    ),
    "an article with the papers before and after it": page(
        f"<h1>{BAMBOO}</h1><div class='nr'><p>{SENTENCES}</p></div>"
        "<p>上一篇：<a href='c_1002.html'>关于印发《藤材分级办法》的通知</a> 2026-09-07</p>"
        "<p>下一篇：<a href='c_1001.html'>苔藓资源调查工作规程（试行）</a> 2026-09-06</p>"
    ),
    "only menus": f"<html><body>{NAVIGATION}{FOOTER}<ul>{FARM}</ul></body></html>",
    "only a calendar": page(CALENDAR),
    "columns of the site": page(
        "<ul>"
        + "".join(
            f"<li><a href='/zwgk/lm{n}/index.html'>竹藤政务公开栏目第{n}部分</a></li>"
            for n in range(12)
        )
        + "</ul>"
    ),
}
