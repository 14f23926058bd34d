"""Invented papers' pages: a frame such as every site has, and a paper's text to put into it."""

from watcher.extract.paper.page import read_page
from watcher.model import Page, PageText
from watcher.settings import DetailRule

URL = "https://www.demo.gov.cn/zwgk/202609/t20260914_41.html"
PARAGRAPHS = "<p>为规范竹材经营，根据《中华人民共和国竹法》，制定本办法。</p><p>一、竹材经营者应当建立台账，如实记录来源。</p>"
TEXT = [
    "为规范竹材经营，根据《中华人民共和国竹法》，制定本办法。",
    "一、竹材经营者应当建立台账，如实记录来源。",
]
FRAME = """<div class="header"><a href="/manual.pdf">使用指南</a></div><div class="crumb">当前位置：首页 &gt; 通知公告</div>"""
AFTER = """<div class="share">分享到：微信 微博</div><div class="xgxw">相关新闻<ul><li><a href="/jd/1.html">一图读懂竹材办法</a> 2026-09-20</li></ul></div>
<div class="footer">主办：示例部 网站标识码bm99000001 <a href="/gkbz.doc">公开标准</a></div>"""


def read(body: str, *, head: str = "", url: str = URL, rule: DetailRule | None = None) -> PageText:
    """What is read from `body` in a site's frame of menus and footers."""
    html = f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{FRAME}{body}{AFTER}</body></html>'
    return read_page(Page(url=url, body=html.encode()), rule or DetailRule())


def lines(page: PageText) -> list[str]:
    return page.text.split("\n")
