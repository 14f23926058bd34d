"""Invented ministries' pages for probing: each site generation in a few rows, all of lamps."""

import json
from collections.abc import Sequence

Rows = Sequence[tuple[str, str, str]]
"""(address, title, day)."""
TITLES = (
    "灯具局关于公开征求《智能灯具数据管理办法（征求意见稿）》意见的通知",
    "灯具局关于印发《路灯节能改造实施方案》的通知",
    "灯具局关于发布《台灯安全技术规范》的公告",
    "灯具局关于开展灯具质量提升行动的通知",
    "灯具局关于调整吊灯进口目录的公告",
    "灯具局关于废止部分规范性文件的决定",
)


def rows(form: str = "/doc/{n}.html") -> list[tuple[str, str, str]]:
    """Six rows, a day apart, at addresses of the given form ({n}, {day})."""
    found = []
    for n, title in enumerate(TITLES):
        day = f"2026-09-{20 - n:02}"
        found.append((form.format(n=n, day=day.replace("-", "")), title, day))
    return found


def items(listed: Rows) -> str:
    return "".join(
        f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>'
        for url, title, day in listed
    )


def page(body: str, *, head: str = "", title: str = "意见征集_灯具局") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>'
        f'{body}<div class="footer">灯具局 版权所有</div></body></html>'
    )


def listing(listed: Rows, *, head: str = "", below: str = "") -> str:
    return page(f'<ul class="list">{items(listed)}</ul>{below}', head=head)


def column(unit: str = "/unit") -> str:
    """A jpaas column page, whose rows are asked for at `unit`."""
    query = "{'webId':'w1','pageId':'p1','parseType':'bulidstatic','pageType':'column','tagId':'右侧内容'}"
    script = f'<script url="{unit}" querydata="{query}"></script>'
    return page(
        f'<div class="box">{script}</div>', head='<meta name="ColumnName" content="意见征集">'
    )


def unit(listed: Rows) -> str:
    return json.dumps(
        {"code": "200", "success": True, "data": {"html": f"<ul>{items(listed)}</ul>"}}
    )


def feed(listed: Rows) -> str:
    entries = "".join(
        f"<item><title>{title}</title><link>{url}</link><pubDate>{day}T08:00:00+08:00</pubDate></item>"
        for url, title, day in listed
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title><![CDATA[Lamp & Light]]></title><link>/</link>{entries}</channel></rss>"
    )


def records(listed: Rows) -> str:
    return json.dumps(
        [{"TITLE": title, "URL": url, "DOCRELPUBTIME": day} for url, title, day in listed]
    )


BRIEF = """Lamp Policy Brief
September 21, 2026
Reporting period: September 7 to September 20, 2026

1. Lamp Bureau issues rules on lamp data
Issuing body: Lamp Bureau
Date: September 18, 2026
At a glance: The Lamp Bureau issued measures on lamp data. They include:
- Makers keep lamp data inside the country
- Leaks are reported within 30 days
Article: 《智能灯具数据管理办法》
2. Lamp Bureau plans street lamps
Issuing body: Lamp Bureau
Date: September 12, 2026
At a glance: The Lamp Bureau published a plan for street lamps. It aims to:
- Change 500,000 street lamps by 2027
Article: 《路灯节能改造实施方案》

Policy news
- September 15: Lamp Bureau lowers tariffs on chandeliers (Lamp Daily)
- September 10: State opens lamp statistics to companies (Lamp Daily)

Corporate news
- September 9: Lamp maker Guangming opens a plant in Ningbo (Lamp Daily)
"""


def paper(title: str = TITLES[0], *, files: Sequence[tuple[str, str]] = (), long: int = 6) -> str:
    text = "".join(
        f"<p>第{n}条 灯具生产企业应当建立智能灯具数据管理制度，保障使用人的合法权益。</p>"
        for n in "一二三四五六七八九"[:long]
    )
    links = "".join(f'<p><a href="{url}">{name}</a></p>' for url, name in files)
    return (
        f'<!DOCTYPE html><html><head><title>{title}</title><meta name="ArticleTitle" content="{title}">'
        '<meta name="PubDate" content="2026-09-20 10:00"></head><body>'
        f'<h1>{title}</h1><div class="TRS_Editor"><p>灯具局起草了有关办法，现向社会公开征求意见。</p>'
        f"<p>意见反馈截止日期为2026年10月20日。</p>{text}{links}"
        "<p>灯具局</p><p>2026年9月18日</p></div></body></html>"
    )
