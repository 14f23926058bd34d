"""Whole papers' pages, in the templates ministries use, and what is no paper's page."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.extract.papers import PARAGRAPHS, TEXT, URL, lines, read
from watcher.errors import ExtractError
from watcher.extract.paper.page import read_page
from watcher.model import Page, PageText


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    html: str
    said: str
    """`title | published | signed | number | issuer`, "-" for none."""
    head: str = ""
    url: str = "https://www.demo.gov.cn/zwgk/202609/art_41.html"
    text: tuple[str, ...] = tuple(TEXT)
    files: tuple[str, ...] = ()
    """`name | end of its address`."""


def metas(title: str, published: str, source: str) -> str:
    return (
        f"<title>{title}_示例部</title><meta name='ArticleTitle' content='{title}'>"
        f"<meta name='PubDate' content='{published}'><meta name='ContentSource' content='{source}'>"
    )


DRAFT = "关于《竹筏运输规则（征求意见稿）》公开征求意见的通知"
PAPERS = {
    "gov.cn: a table of pairs, a copy for telephones, the text in a PDF": Paper(
        head="<title>国务院办公厅关于竹材的通知_国务院文件_中国政府网</title><meta name='firstpublishedtime' content='2026-09-02-17:00:00'>",
        html=f"""<table class="bd1"><tr><td>索 引 号：</td><td>000014349/2026</td><td>主题分类：</td><td>竹业</td></tr>
        <tr><td>发文机关：</td><td>国务院办公厅</td><td>成文日期：</td><td>2026年08月30日</td></tr>
        <tr><td>标　　题：</td><td>国务院办公厅关于竹材的通知</td></tr>
        <tr><td>发文字号：</td><td>国办发〔2026〕7号</td><td>发布日期：</td><td>2026年09月02日</td></tr>
        <tr><td>主 题 词：</td><td></td></tr></table>
        <div class="share-title">国务院办公厅关于竹材的通知</div><div class="pages-date">2026-09-02 17:00 来源：中国政府网</div>
        <div class="pages_content mhide" id="UCAP-CONTENT"><div class="view TRS_UEDITOR">{PARAGRAPHS}<p>附件：<a href="./W020260902.pdf">竹材办法</a></p>
        <p>国务院办公厅</p><p>2026年8月30日</p></div></div><div class="pages_content pchide">{PARAGRAPHS}</div>""",
        said="国务院办公厅关于竹材的通知 | 2026-09-02 | 2026-08-30 | 国办发〔2026〕7号 | 国务院办公厅",
        text=(*TEXT, "附件：竹材办法", "国务院办公厅", "2026年8月30日"),
        files=("竹材办法 | /zwgk/202609/W020260902.pdf",),
    ),
    "mee: labels in boxes of their own, a dialog with a heading": Paper(
        head=metas("关于征求《竹炭排放标准（征求意见稿）》意见的函", "2026-09-04", "")
        + "<meta name='author' content='张三'>",
        html=f"""<div class="dialog"><h1>您访问的链接即将离开本站</h1></div><div class="content_top_box"><ul><li><div><span>名　　称</span>关于征求《竹炭排放标准（征求意见稿）》意见的函</div></li>
        <li><div><span>索 引 号</span>000014672/2026-00123</div><div><span>分　　类</span>竹炭</div></li>
        <li><div><span>发布机关</span>生态竹业部办公厅</div><div><span>生成日期</span>2026-08-28</div></li>
        <li><div><span>文　　号</span>环办竹函〔2026〕24号</div><div><span>主 题 词</span></div></li></ul></div>
        <div class="content_body"><h1>关于征求《竹炭排放标准（征求意见稿）》意见的函</h1><div class="content_body_box">{PARAGRAPHS}
        <p>联系人：竹司　张三</p><p>附件：<a href="./W020260904.pdf">竹炭排放标准（征求意见稿）</a></p><p>生态竹业部办公厅</p><p>2026年8月28日</p></div></div>""",
        said="关于征求《竹炭排放标准（征求意见稿）》意见的函 | 2026-09-04 | 2026-08-28 | 环办竹函〔2026〕24号 | 生态竹业部办公厅",
        text=(*TEXT, "联系人：竹司 张三", "附件：竹炭排放标准（征求意见稿）", "生态竹业部办公厅", "2026年8月28日"),
        files=("竹炭排放标准（征求意见稿） | W020260904.pdf",),
    ),
    "mofcom: the first of two like boxes holds the metadata": Paper(
        head=metas("公布对竹材实施出口许可证管理", "2026-09-26 17:34", "外竹司"),
        html=f"""<div class="art-title">公布对竹材实施出口许可证管理</div><div class="article-tool"><p>来源：外竹司类型：原创</p><p>2026-09-26 16:56</p></div>
        <div class="art-con"><div class="art-con-gonggao">【发布单位】外竹司<br>【发布文号】示例部 竹材署公告2026年第54号<br>【发文日期】2026年09月26日</div></div>
        <div class="art-con" ergodic="article"><style>p.Mso{{}}</style>{PARAGRAPHS}<p>示例部　竹材署</p><p>2026年9月26日</p></div>""",
        said="公布对竹材实施出口许可证管理 | 2026-09-26 | 2026-09-26 | 示例部 竹材署公告2026年第54号 | 示例部 竹材署",
        text=(*TEXT, "示例部 竹材署", "2026年9月26日"),
    ),
    "gkmlpt: an empty number in the table, the paper's own above its text": Paper(
        head="<title>竹城竹业局关于印发竹材办法的通知</title>",
        html=f"""<table class="classify"><tr><td class="first">索引号：</td><td>1144/2026-00031</td><td class="second">分类：</td><td></td></tr>
        <tr><td class="first">发布机构：</td><td>竹城区竹街道办事处</td><td class="second">成文日期：</td><td>2026-07-26</td></tr>
        <tr><td class="first">名称：</td><td colspan="3">竹城竹业局关于印发竹材办法的通知</td></tr>
        <tr><td class="first">文号：</td><td></td><td class="second">发布日期：</td><td>2026-09-12</td></tr><tr><td>主题词：</td><td></td></tr></table>
        <div>【打印】【字体：大 中 小】</div><h1 class="content_title">竹城竹业局关于印发竹材办法的通知</h1><div>发布日期：2026-09-12 浏览次数：-</div>
        <div class="article-content"><p>竹业规〔2026〕13号</p>{PARAGRAPHS}<p>竹城竹业局</p><p>2026年7月26日</p><p>公开方式：主动公开</p></div>""",
        said="竹城竹业局关于印发竹材办法的通知 | 2026-09-12 | 2026-07-26 | 竹业规〔2026〕13号 | 竹城竹业局",
        text=("竹业规〔2026〕13号", *TEXT, "竹城竹业局", "2026年7月26日", "公开方式：主动公开"),
    ),
    "a city's rules: a list of labels, an order in two lines": Paper(
        head=metas("竹城市竹材优待办法", "2026-02-09 10:00:00", "本网"),
        html=f"""<ul class="info"><li><b>统一编号：</b> ZC0320260043</li><li><b>文 号：</b>竹城市人民政府令第179号</li><li><b>实施日期：</b> 2026年06月01日</li>
        <li><b>失效日期：</b></li><li><b>发布机关：</b>竹城市人民政府办公厅</li><li><b>文件状态：</b></li></ul><h1>竹城市竹材优待办法</h1><p>2026-02-09</p>
        <div id="zoomcon"><p>竹城市人民政府令</p><p>第179号</p>{PARAGRAPHS}<p>市 长：某某</p><p>2026年1月29日</p><p>竹城市人民政府办公厅　2026年2月7日印发</p></div>""",
        said="竹城市竹材优待办法 | 2026-02-09 | 2026-01-29 | 竹城市人民政府令第179号 | 竹城市人民政府办公厅",
        text=("竹城市人民政府令", "第179号", *TEXT, "市 长：某某", "2026年1月29日", "竹城市人民政府办公厅 2026年2月7日印发"),
    ),
    "mot: each file twice, the drafting department as source": Paper(
        head=metas(DRAFT, "2026-09-10 09:15", "竹规司"),
        html=f"""<h1 class="article-title">{DRAFT}</h1><div class="article-meta"><span class="publish-date">2026-09-10 09:15</span><span class="source">来源: 竹规司</span></div>
        <div id="article-content">{PARAGRAPHS}<ol><li><a href="./P020260910.docx" target="_blank">竹筏运输规则（征求意见稿）</a> <a href="./P020260910.docx" download="竹筏运输规则（征求意见稿）.docx">下载</a></li>
        <li><a href="./P020260911.wps" target="_blank">起草说明.wps</a><a href="./P020260911.wps" download="起草说明.wps"><img src="down.png"></a></li></ol></div>""",
        said=f"{DRAFT} | 2026-09-10 | - | - | 竹规司",
        text=(*TEXT, "竹筏运输规则（征求意见稿） 下载", "起草说明.wps"),
        files=("竹筏运输规则（征求意见稿）.docx | P020260910.docx", "起草说明.wps | P020260911.wps"),
    ),
    "caac: a table of files below the text": Paper(
        html=f"""<div class="content"><div class="content_t">{DRAFT}</div><font id="zoom"><div class="TRS_Editor">{PARAGRAPHS}<p>意见反馈截止日期为：2026年10月8日。</p></div></font></div>
        <table id="id_tblAppendix"><tr><td>附件：</td></tr><tr><td><a href="./P020260908.docx">竹筏运输规则（征求意见稿）.docx</a></td></tr><tr><td><a href="./P020260909.xlsx">反馈表.xlsx</a></td></tr></table>""",
        head=f"<title>{DRAFT}-竹航局</title>",
        url="https://www.demo.gov.cn/HDJL/YJZJ/202609/t20260908_231688.html",
        said=f"{DRAFT} | 2026-09-08 | - | - | -",
        text=(*TEXT, "意见反馈截止日期为：2026年10月8日。", "竹筏运输规则（征求意见稿）.docx", "反馈表.xlsx"),
        files=("竹筏运输规则（征求意见稿）.docx | P020260908.docx", "反馈表.xlsx | P020260909.xlsx"),
    ),
    "nra: the list of files is a string of a script": Paper(
        html=f"""<h1>{DRAFT}</h1><span class="time">2026-09-07</span><div class="TRS_Editor">{PARAGRAPHS}</div><div id="fj"></div>
        <script>var str_appendix = '<a href="./P020260907.docx" target="_blank">竹筏运输规则（征求意见稿）</a><br/><a href="./P020260908.doc">起草说明</a>'; if(str_appendix!=''){{show(str_appendix);}}</script>""",
        head=f"<title>{DRAFT}</title>",
        said=f"{DRAFT} | 2026-09-07 | - | - | -",
        files=("竹筏运输规则（征求意见稿） | P020260907.docx", "起草说明 | P020260908.doc"),
    ),
    "mohurd: blanks in the meta title, downloads without extension": Paper(
        head=metas("关于竹楼 设计标准…公开 征求意见的通知", "2026-09-11 16:20", "竹建司"),
        html=f"""<h1>关于竹楼设计标准…公开征求意见的通知</h1><div class="editor-content">{PARAGRAPHS}</div><div class="editorContent-download"><p>附件下载</p>
        <a href="/api-gateway/jpaas-web-server/front/document/download?fileUrl=abc%2Fd&amp;fileName=%E7%AB%B9%E6%A5%BC%E6%A0%87%E5%87%86.pdf">竹楼标准.pdf</a></div>""",
        said="关于竹楼设计标准…公开征求意见的通知 | 2026-09-11 | - | - | 竹建司",
        text=(*TEXT, "竹楼标准.pdf"),
        files=("竹楼标准.pdf | download",),
    ),
    "cac: no meta tags, a number of a page in a script": Paper(
        head=f"<title>{DRAFT}_竹信办</title>",
        html=f"""<h1 class="title">{DRAFT}</h1><div class="info"><span id="pubtime">2026年6月26日 18:25</span><span>来源： 中国竹信网</span></div>
        <div class="main-content"><div id="BodyLabel">{PARAGRAPHS}<p>附件：<a href="/cms/pub/interact/downloadfile.jsp?filepath=NU~z/x=&amp;fText=%E7%AB%B9">竹材规定（征求意见稿）</a></p>
        <p>中央竹材信息化委员会办公室</p><p>2026年6月26日</p><script>pagestat(1)</script></div></div>""",
        url="https://www.demo.gov.cn/2026-06/26/c_1784217637474922.htm",
        said=f"{DRAFT} | 2026-06-26 | 2026-06-26 | - | 中央竹材信息化委员会办公室",
        text=(*TEXT, "附件：竹材规定（征求意见稿）", "中央竹材信息化委员会办公室", "2026年6月26日"),
        files=("竹材规定（征求意见稿） | downloadfile.jsp",),
    ),
    "tc260's portal: labels before the files below the text": Paper(
        head="<title>征求意见-竹标委</title>",
        html="""<h2 class="title">关于征求《竹简数字化》标准意见的通知</h2><div class="info"><p>各相关单位和专家：</p><p>恳切希望您对该标准提出宝贵意见。</p></div>
        <div class="list"><ul><li><label>征求意见稿：</label><a href="/sysFile/downloadFile/e83fb6ca44834427bb498c5a090d33d4">
        《竹简数字化》标准文本.pdf
        </a></li><li><label>编制说明：</label><a href="/sysFile/downloadFile/7381e1e3bff5405ab6dfc1eb943abc9e">编制说明.pdf</a></li></ul></div>""",
        url="https://www.demo.gov.cn/portal/suggestion-detail/3bb57023c00a464faf4c2f7b9a5524c7",
        said="关于征求《竹简数字化》标准意见的通知 | - | - | - | -",
        text=("各相关单位和专家：", "恳切希望您对该标准提出宝贵意见。", "征求意见稿：《竹简数字化》标准文本.pdf", "编制说明：编制说明.pdf"),
        files=("《竹简数字化》标准文本.pdf | e83fb6ca44834427bb498c5a090d33d4", "编制说明.pdf | 7381e1e3bff5405ab6dfc1eb943abc9e"),
    ),
    "miit: the paper's file in a viewer": Paper(
        head=metas("公开征求对《竹业无线电规定》的意见", "2026-09-14 20:26", "竹电局"),
        html=f"""<h1 id="con_title">公开征求对《竹业无线电规定》的意见</h1><p id="con_time">发布时间：2026-09-14 20:26</p><div class="ccontent center" id="con_con">{PARAGRAPHS}
        <iframe src="/static/pdfjs/web/viewer.html?file=/cms_files/attach/20269/2d8d.pdf"></iframe></div>""",
        said="公开征求对《竹业无线电规定》的意见 | 2026-09-14 | - | - | 竹电局",
        files=("2d8d.pdf | /cms_files/attach/20269/2d8d.pdf",),
    ),
    "nmpa: a number in the title, a text in a box of any name": Paper(
        head=metas("竹药局关于修订说明书的公告（2026年第101号）", "2026-09-22", "竹药局"),
        html=f"""<h2 class="title">竹药局关于修订说明书的公告（2026年第101号）</h2><div class="mark">发布时间：2026-09-22</div><div class="text">{PARAGRAPHS}<p>特此公告。</p>
        <p>附件：<a href="/directory/web/images/1695.docx" title="竹药说明书.docx"><img src="word.gif">竹药说明书</a></p><p>竹药局</p><p>2026年9月21日</p></div>""",
        said="竹药局关于修订说明书的公告（2026年第101号） | 2026-09-22 | 2026-09-21 | 2026年第101号 | 竹药局",
        text=(*TEXT, "特此公告。", "附件：竹药说明书", "竹药局", "2026年9月21日"),
        files=("竹药说明书 | 1695.docx",),
    ),
    "an unknown site: everything in one box, the table above the text": Paper(
        head="<title>竹业厅</title>",
        html=f"""<div class="k1"><h3>关于竹材的若干意见</h3><table><tr><td>索引号</td><td>SM001/2026</td></tr><tr><td>发文机关</td><td>竹省竹业厅</td></tr><tr><td>发文字号</td><td>竹业发〔2026〕3号</td></tr>
        <tr><td>成文时间</td><td>2026年7月1日</td></tr><tr><td>发布时间</td><td>2026年7月5日</td></tr></table>{PARAGRAPHS}{PARAGRAPHS}<p>竹省竹业厅</p><p>2026年7月1日</p></div>""",
        url="https://www.demo.gov.cn/x/1.html",
        said="关于竹材的若干意见 | 2026-07-05 | 2026-07-01 | 竹业发〔2026〕3号 | 竹省竹业厅",
        text=(*TEXT, *TEXT, "竹省竹业厅", "2026年7月1日"),
    ),
}  # fmt: skip


def said(page: PageText) -> str:
    values = (page.title, page.published, page.signed, page.doc_number, page.issuer)
    return " | ".join(str(value) if value else "-" for value in values)


@pytest.mark.parametrize("name", PAPERS)
def test_a_ministrys_page(name: str) -> None:
    paper = PAPERS[name]
    page = read(paper.html, head=paper.head, url=paper.url)
    assert said(page) == paper.said
    assert tuple(lines(page)) == paper.text
    assert [a.name for a in page.attachments] == [f.split(" | ")[0] for f in paper.files]
    for attachment, file in zip(page.attachments, paper.files, strict=True):
        assert urlsplit(attachment.url).path.endswith(file.split(" | ")[1])
    assert page.conflicts == ()


# ---------------------------------------------------------------- JSON

API = "https://api.demo.gov.cn/article?articleId=2c97d16b"
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
    page = read_page(Page(url=API, body=json.dumps(PAPER).encode()))
    assert page == PageText(
        title="关于公开征求《竹电公司管理办法》意见的公告",
        published=date(2026, 9, 5),
        signed=date(2026, 9, 4),
        doc_number=None,
        issuer="示例委",
        text="\n".join([*TEXT, "附件：竹电公司管理办法", "示例委", "2026年9月4日"]),
        attachments=page.attachments,
    )
    assert [a.url for a in page.attachments] == ["https://f.demo.gov.cn/1.docx"]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"title": "竹材公告", "content": PARAGRAPHS, "publishTime": 1788998400000}, "竹材公告 | 2026-09-10 | - | - | -"),
        ({"title": "竹材公告", "content": PARAGRAPHS, "pcode": "竹发[2026]3号", "puborg": "竹业局", "source": "竹业网"}, "竹材公告 | - | - | 竹发〔2026〕3号 | 竹业局"),
        ({"title": "竹材公告", "content": PARAGRAPHS, "pubDate": 20260910, "date": "2020-01-01"}, "竹材公告 | 2026-09-10 | - | - | -"),
        ({"title": "竹材公告", "content": PARAGRAPHS, "pubDate": True, "date": "2026/9/10"}, "竹材公告 | 2026-09-10 | - | - | -"),
        ({"title": "竹材公告", "content": PARAGRAPHS.replace("<", "&lt;")}, "竹材公告 | - | - | - | -"),
        ({"title": 5, "content": 7, "data": {"title": "竹材公告", "content": PARAGRAPHS}}, "竹材公告 | - | - | - | -"),
        ({"title": "公告", "content": PARAGRAPHS}, "公告 | - | - | - | -"),
        ([{"id": 1}, {"rows": [{"TITLE": "竹材公告", "HTML": PARAGRAPHS, "PUBDATE": "2026年9月10日"}]}], "竹材公告 | 2026-09-10 | - | - | -"),
    ],
)  # fmt: skip
def test_the_fields_of_a_record(record: Any, expected: str) -> None:
    page = read_page(Page(url=API, body=json.dumps(record).encode()))
    assert said(page) == expected
    assert lines(page) == TEXT


def test_a_record_of_plain_text_with_its_files_beside() -> None:
    record = {
        "title": "竹材公告",
        "content": "竹材经营者，应当报告。\n逾期<不报>，责令改正。",
        "files": [{"fileName": "竹材目录.xls", "filePath": "/f/1.xls"}, {"name": "图", "url": "/1.jpg"}],
    }  # fmt: skip
    page = read_page(Page(url=API, body=json.dumps(record).encode()))
    assert lines(page) == ["竹材经营者，应当报告。", "逾期<不报>，责令改正。"]
    assert [(a.name, a.url) for a in page.attachments] == [
        ("竹材目录.xls", "https://api.demo.gov.cn/f/1.xls")
    ]


# ---------------------------------------------------------------- no paper


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty"),
        ("<html><head><title>x</title></head><body><div></div></body></html>", "empty"),
        ("<html><body><div class='TRS_Editor'><img src='a.jpg'></div></body></html>", "empty"),
        ("<html><head><title>403 Forbidden</title></head><body></body></html>", "blocked"),
        ("<!DOCTYPE html><html><body><div><div><div class='TRS_Editor'><p>竹", "truncated"),
        ("<rss><channel></channel></rss>", "not-a-listing"),
        ({"status": 1, "data": "x"}, "not-a-listing"),
        ({"title": "竹", "content": "<p></p>"}, "empty"),
        ('{"title": "竹", "cont', "truncated"),
        ("[" * 3000 + "]" * 3000, "not-a-listing"),
    ],
)
def test_no_paper(body: Any, reason: str) -> None:
    data = body if isinstance(body, str) else json.dumps(body)
    with pytest.raises(ExtractError) as caught:
        read_page(Page(url=URL, body=data.encode()))
    assert caught.value.reason.value == reason
