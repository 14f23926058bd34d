"""Papers' pages: title, dates, number, issuer, text and files, in the templates ministries use."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from watcher.errors import ExtractError
from watcher.extract.page import read_page
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
    html = f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{FRAME}{body}{AFTER}</body></html>'
    return read_page(Page(url=url, body=html.encode()), rule or DetailRule())


def lines(page: PageText) -> list[str]:
    return page.text.split("\n")


METAS = """<title>关于印发《竹材管理办法》的通知_示例部</title>
<meta name="ArticleTitle" content="关于印发《竹材管理办法》的 通知"><meta name="PubDate" content="2026-09-14&nbsp;10:06:00"><meta name="ContentSource" content="竹业司">"""


def test_the_standard_meta_tags() -> None:
    page = read(
        f"<h1>关于印发《竹材管理办法》的通知</h1><div class='TRS_Editor'>{PARAGRAPHS}</div>",
        head=METAS,
    )
    assert page.title == "关于印发《竹材管理办法》的通知"
    assert page.published == date(2026, 9, 14)
    assert page.issuer == "竹业司"
    assert lines(page) == TEXT
    assert page.attachments == ()
    assert (page.signed, page.doc_number) == (None, None)


GOV_CN = """<table class="bd1"><tr><td>索 引 号：</td><td>000014349/2026</td><td>主题分类：</td><td>竹业</td></tr>
<tr><td>发文机关：</td><td>国务院办公厅</td><td>成文日期：</td><td>2026年08月30日</td></tr>
<tr><td>标　　题：</td><td>关于竹材的通知</td></tr>
<tr><td>发文字号：</td><td>国办发〔2026〕7号</td><td>发布日期：</td><td>2026年09月02日</td></tr></table>"""
MEE = """<div class="content_top_box"><ul><li><div><span>名　　称</span>关于竹材的函</div></li>
<li><div><span>发布机关</span>示例部办公厅</div><div><span>生成日期</span>2026-08-28</div></li>
<li><div><span>文　　号</span>环办竹函〔2026〕24号</div></li></ul></div>"""
MOFCOM = """<div class="art-title">关于竹材的公告</div><div class="art-con"><div class="art-con-gonggao">【发布单位】外竹司<br>
【发布文号】示例部 某某署公告2026年第54号<br>【发文日期】2026年09月01日</div></div>"""
GUANGZHOU = """<table><tr><td class="first">发布机构：</td><td>竹城竹业局</td><td class="second">成文日期：</td><td>2026-07-26</td></tr>
<tr><td class="first">文号：</td><td></td><td class="second">发布日期：</td><td>2026-09-12</td></tr></table>"""
NUMBERED = "<ul><li><b>文 号：</b>竹民规字〔2026〕2号</li><li><b>统一编号：</b>ZH0320260043</li><li><b>发布机关：</b>竹城民政局</li></ul>"


@pytest.mark.parametrize(
    ("table", "issuer", "signed", "published", "number"),
    [
        (GOV_CN, "国务院办公厅", "2026-08-30", "2026-09-02", "国办发〔2026〕7号"),
        (MEE, "示例部办公厅", "2026-08-28", "2026-09-14", "环办竹函〔2026〕24号"),
        (MOFCOM, "外竹司", "2026-09-01", "2026-09-14", "示例部 某某署公告2026年第54号"),
        (GUANGZHOU, "竹城竹业局", "2026-07-26", "2026-09-12", None),
        (NUMBERED, "竹城民政局", None, "2026-09-14", "竹民规字〔2026〕2号"),
    ],
)
def test_metadata_tables(
    table: str, issuer: str, signed: str | None, published: str, number: str | None
) -> None:
    page = read(f"{table}<h1>关于竹材的事</h1><div class='art-con TRS_UEDITOR'>{PARAGRAPHS}</div>")
    assert page.issuer == issuer
    assert (str(page.signed) if page.signed else None) == signed
    assert str(page.published) == published
    assert page.doc_number == number
    assert lines(page) == TEXT


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>[已结束]关于竹材的公告 - 示例部政府门户网站</title>", "<h1>关于竹材的公告</h1>", "关于竹材的公告"),
        ("<title>关于竹材的公告_示例部</title>", "<h1>您访问的链接即将离开本站</h1>", "关于竹材的公告"),
        ("<title>关于竹材的公告-竹业网</title>", "", "关于竹材的公告"),
        ("<title>示例部</title>", "<h1>关于竹材的公告</h1>", "关于竹材的公告"),
        ("<title>竹材、竹笋公告——一点说明--竹业--示例网</title>", "", "竹材、竹笋公告——一点说明"),
        ('<title>x</title><meta name="ArticleTitle" content="竹材&lt;BR&gt;公告">', "", "竹材公告"),
        ("<title>竹材公告没有结尾", "<h1>竹材公告没有结尾</h1>", "竹材公告没有结尾"),
    ],
)  # fmt: skip
def test_titles(head: str, body: str, title: str) -> None:
    assert read(f"{body}<div class='TRS_Editor'>{PARAGRAPHS}</div>", head=head).title == title


@pytest.mark.parametrize(
    ("body", "head", "url", "day"),
    [
        ("<div class='info'>发布时间：2026-09-03 10:00 来源：示例部</div>", "", "https://a.cn/1.html", date(2026, 9, 3)),
        ("<h1>关于竹材的公告</h1><p>2026年09月04日08:18</p>", "<title>关于竹材的公告</title>", "https://a.cn/1.html", date(2026, 9, 4)),
        ("<span id='pubtime'>2026年6月26日 18:25</span>", "", "https://a.cn/1.html", date(2026, 6, 26)),
        ("", '<meta name="firstpublishedtime" content="2026-08-20-23:59:59">', "https://a.cn/1.html", date(2026, 8, 20)),
        ("", "", "https://a.cn/202609/t20260903_1.html", date(2026, 9, 3)),
        ("<div class='side'><span class='date'>2020-01-01</span></div>", "", "https://a.cn/1.html", None),
    ],
)  # fmt: skip
def test_when_it_was_put_up(body: str, head: str, url: str, day: date | None) -> None:
    page = read(f"{body}<div class='TRS_Editor'>{PARAGRAPHS}</div>", head=head, url=url)
    assert page.published == day


@pytest.mark.parametrize(
    ("tail", "day"),
    [
        ("<p>示例部办公厅</p><p>2026年9月4日</p>", date(2026, 9, 4)),
        ("<p>示例部<br>二〇二六年九月四日</p>", date(2026, 9, 4)),
        ("<p>示例部</p><p>2026 年 9 月 4 日</p><p>附件：1.竹材目录</p><p>竹材目录</p><p>有效期至</p><p>2030年1月1日</p>", date(2026, 9, 4)),
        ("<p>请于2026年9月30日前反馈意见。</p>", None),
    ],
)  # fmt: skip
def test_when_it_was_signed(tail: str, day: date | None) -> None:
    assert read(f"<div class='TRS_Editor'>{PARAGRAPHS}{tail}</div>").signed == day


@pytest.mark.parametrize(
    ("first", "title", "number"),
    [
        ("<p>工信部竹安〔2026〕166号</p>", "关于竹材的通知", "工信部竹安〔2026〕166号"),
        ("<p>竹办规[2026]3号</p>", "关于竹材的通知", "竹办规[2026]3号"),
        ("<p>（竹办规【2026】3号）</p>", "关于竹材的通知", "竹办规【2026】3号"),
        ("<p>竹城人民政府令</p><p>第179号</p>", "竹材办法", "竹城人民政府令第179号"),
        ("<p>示例部公告2026年第5号</p>", "竹材公告", "示例部公告2026年第5号"),
        ("<p>根据《旧竹法》（竹经〔2001〕5号）修订。</p>", "竹材公告", None),
        ("", "关于印发《竹材办法》的通知(竹改能源〔2026〕1171号)", "竹改能源〔2026〕1171号"),
        ("", "竹药局关于修订说明书的公告（2026年第101号）", "2026年第101号"),
        ("", "示例部公告2026年第53号 公布调查", "示例部公告2026年第53号"),
    ],
)
def test_numbers(first: str, title: str, number: str | None) -> None:
    page = read(
        f"<div class='TRS_Editor'>{first}{PARAGRAPHS}</div>",
        head=f'<meta name="ArticleTitle" content="{title}">',
    )
    assert page.doc_number == number


@pytest.mark.parametrize(
    ("source", "issuer"),
    [
        ("本网", None),
        ("", None),
        ("竹业网", None),
        ("竹业司", "竹业司"),
        ("来源：竹业司", "竹业司"),
    ],
)
def test_issuers(source: str, issuer: str | None) -> None:
    page = read(
        f"<div class='TRS_Editor'>{PARAGRAPHS}</div>",
        head=f'<meta name="ContentSource" content="{source}">',
    )
    assert page.issuer == issuer


def test_spans_breaks_tables_and_hidden_parts() -> None:
    body = """<div class="TRS_Editor"><p><span>请于2026<span>年</span></span><span>10</span>月<span>16</span><span>日前</span>反馈
意见，邮寄至竹司。</p><p>第一行<br>第二行，内容</p><p style="display:none">看不见</p><style>.a{}</style><script>var x</script>
<table><tr><th>种类</th><th>数量</th></tr><tr><td>毛竹</td><td>10</td></tr><tr><td>只有一格</td></tr></table></div>"""
    assert lines(read(body)) == [
        "请于2026年10月16日前反馈意见，邮寄至竹司。",
        "第一行",
        "第二行，内容",
        "种类 | 数量",
        "毛竹 | 10",
        "只有一格",
    ]


def test_share_bars_editors_and_second_copies_are_left_out() -> None:
    body = f"""<div class="pages_content mhide"><p>来源：示例部</p>{PARAGRAPHS}<p>（责任编辑：某某）</p><div class="bdsharebuttonbox">分享</div><p>【打印】【关闭】</p></div>
    <div class="pages_content pchide">{PARAGRAPHS}</div>"""
    assert lines(read(body)) == TEXT


def test_an_unknown_template_is_read_by_where_the_sentences_are() -> None:
    menu = "".join(f"<li><a href='/{n}.html'>栏目{n}，通知，公告</a></li>" for n in range(40))
    body = f"<div class='q1'><ul>{menu}</ul></div><div class='q2'><div class='q3'><h2>竹</h2>{PARAGRAPHS}</div></div>"
    assert [line for line in lines(read(body)) if len(line) > 1] == TEXT


def test_a_print_box_around_the_paper_is_not_junk() -> None:
    body = f"<div class='TRS_Editor'><div class='print'>{PARAGRAPHS}</div></div>"
    assert lines(read(body)) == TEXT


def test_text_after_an_early_end_of_the_document() -> None:
    assert lines(read(f"</html><div id='UCAP-CONTENT'>{PARAGRAPHS}</div>")) == TEXT


FILES = """<div class="TRS_Editor">{text}<p>附件：1.<a href="./W020260914.pdf">竹材办法</a></p>
<p><a href="/cms/downloadfile.jsp?filepath=NUtq~z/x=&amp;fText=%E7%AB%B9">编制说明</a></p>
<p><a href="https://x.demo.gov.cn/file-submission/1.docx" title="竹材（征求意见稿）"></a></p>
<p><a href="mailto:a@b.cn">a@b.cn</a> <a href="http://www.demo.gov.cn/">门户网站</a></p></div>
<ul class="contentLeft0102box"><li><a href="/attach/bf4a.docx?fileName=附件1：竹材.docx">附件1：竹材.docx</a></li>
<li><a href="/attach/bf4a.docx?fileName=附件1：竹材.docx" download="竹材.docx">下载</a></li></ul>
<a href="/sysFile/downloadFile/e83fb6ca44834427bb498c5a090d33d4"> 《竹简
数字化》.pdf </a>
<a href="/api-gateway/front/document/download?fileUrl=abc&amp;fileName=竹笋表">下载</a>
<iframe src="/pdfjs/竹图.pdf"></iframe>
<script>var str_appendix = "<a href='./P02026.ofd'>竹业目录</a>";</script>"""


def test_files_by_extension_and_by_known_forms() -> None:
    page = read(FILES.format(text=PARAGRAPHS))
    assert [(a.name, urlsplit(a.url).path.rsplit("/", 1)[-1]) for a in page.attachments] == [
        ("竹材办法", "W020260914.pdf"),
        ("编制说明", "downloadfile.jsp"),
        ("竹材（征求意见稿）", "1.docx"),
        ("附件1：竹材.docx", "bf4a.docx"),
        ("《竹简数字化》.pdf", "e83fb6ca44834427bb498c5a090d33d4"),
        ("竹笋表", "download"),
        ("竹图.pdf", "竹图.pdf"),
        ("竹业目录", "P02026.ofd"),
    ]
    assert page.attachments[0].url == "https://www.demo.gov.cn/zwgk/202609/W020260914.pdf"


def test_a_page_of_files_alone_is_a_paper() -> None:
    page = read("<div><a href='a.pdf'>竹材办法全文</a></div>")
    assert [a.name for a in page.attachments] == ["竹材办法全文"]


def test_selectors_of_a_rule_come_first() -> None:
    rule = DetailRule(title="b.t", body="i.b", published="u.d", attachments="s.f")
    page = read(
        "<b class='t'>竹材 题目</b><i class='b'>只有这些内容。</i><u class='d'>2020年1月2日</u>"
        f"<s class='f'><a href='x.doc'>表</a></s><a href='y.doc'>不要</a><div class='TRS_Editor'>{PARAGRAPHS}</div>",
        rule=rule,
    )
    assert (page.title, page.text, page.published) == (
        "竹材 题目",
        "只有这些内容。",
        date(2020, 1, 2),
    )
    assert [a.name for a in page.attachments] == ["表"]


PAPER = {
    "status": 1,
    "data": {
        "articleTitle": "关于公开征求《竹电公司<BR>管理办法》意见的公告",
        "articleContent": f'{PARAGRAPHS}<p>附件：<a href="https://f.demo.gov.cn/1.docx">竹电公司管理办法</a></p><p>示例委</p><p>2026年9月4日</p>',
        "publishDate": "2026-09-05",
        "articleSource": "竹能局",
    },
}


def test_a_paper_sent_as_json() -> None:
    page = read_page(Page(url=URL, body=json.dumps(PAPER).encode()))
    assert page == PageText(
        title="关于公开征求《竹电公司管理办法》意见的公告",
        published=date(2026, 9, 5),
        signed=date(2026, 9, 4),
        doc_number=None,
        issuer="竹能局",
        text="\n".join([*TEXT, "附件：竹电公司管理办法", "示例委", "2026年9月4日"]),
        attachments=page.attachments,
    )
    assert [a.url for a in page.attachments] == ["https://f.demo.gov.cn/1.docx"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty"),
        ("<html><head><title>x</title></head><body><div></div></body></html>", "empty"),
        ("<html><head><title>403 Forbidden</title></head><body></body></html>", "blocked"),
        ("<!DOCTYPE html><html><body><div><div><div class='TRS_Editor'><p>竹", "truncated"),
        ("<rss><channel></channel></rss>", "not-a-listing"),
        ({"status": 1, "data": "x"}, "not-a-listing"),
        ({"title": "竹", "content": "<p></p>"}, "empty"),
        ('{"title": "竹", "cont', "truncated"),
    ],
)
def test_no_paper(body: Any, reason: str) -> None:
    data = body if isinstance(body, str) else json.dumps(body)
    with pytest.raises(ExtractError) as caught:
        read_page(Page(url=URL, body=data.encode()))
    assert caught.value.reason.value == reason
