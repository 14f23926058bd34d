"""The main text: one paragraph a line, tables as rows, and nothing of what sites put around it."""

import time

import pytest

from tests.extract.papers import PARAGRAPHS, TEXT, URL, lines, read
from watcher.errors import ExtractError
from watcher.extract.paper.page import read_page
from watcher.model import Page
from watcher.settings import DetailRule


def editor(inner: str) -> list[str]:
    """The lines read from a text in a ministry's usual box."""
    return lines(read(f"<div class='TRS_Editor'>{inner}</div>"))


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<p>请于2026<span>年</span><span>10</span>月<span>16</span><span>日前</span>反馈\n意见。</p>", ["请于2026年10月16日前反馈意见。"]),
        ("<p>第一行，内容<br>第二行，内容<br/><br/>第三行</p>", ["第一行，内容", "第二行，内容", "第三行"]),
        ("<h2>竹材办法</h2><p>甲，乙。</p><h3>第一章 总则</h3><p>丙，丁。</p>", ["竹材办法", "甲，乙。", "第一章 总则", "丙，丁。"]),
        ("<pre>竹材办法\n　　第一条　为了竹材。\n\n　　第二条　同上。</pre>", ["竹材办法", "第一条 为了竹材。", "第二条 同上。"]),
        ("<div style='white-space: pre-wrap'>甲，乙。\n丙，丁。</div>", ["甲，乙。", "丙，丁。"]),
        ("<p>竹材，指竹子。<sup>[1]</sup></p><p>[1] 见《竹法》第二条。</p>", ["竹材，指竹子。[1]", "[1] 见《竹法》第二条。"]),
        ("<p class=MsoNormal>甲，<o:p></o:p>乙。<!--[if gte mso 9]><xml>x</xml><![endif]--></p><xml><w:View>Normal</w:View></xml><style>p{}</style><p><![if !supportLists]>1.<![endif]>丙。</p>", ["甲，乙。", "1.丙。"]),
        ("<p>甲，乙。<a name='_Toc1'>丙。</a></p><p><a name='_Toc2'></a>丁，戊。</p>", ["甲，乙。丙。", "丁，戊。"]),
        ("<ul><li>甲，乙。</li><li><p>丙，丁。</p></li></ul><blockquote>戊，己。</blockquote>", ["甲，乙。", "丙，丁。", "戊，己。"]),
        ("甲，乙。<div>丙，丁。</div>戊，己。", ["甲，乙。", "丙，丁。", "戊，己。"]),
        ("<p>甲，乙，丙。</p><script>var x='丁'</script><noscript>戊</noscript><video>浏览器不支持</video><button>复制</button>", ["甲，乙，丙。"]),
        ("<p>甲，&nbsp;乙\u200b。\u00ad</p><p>&nbsp;</p><p>　　丙，丁，戊。</p>", ["甲， 乙。", "丙，丁，戊。"]),
    ],
)  # fmt: skip
def test_one_paragraph_is_one_line(inner: str, expected: list[str]) -> None:
    assert editor(inner) == expected


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ("<div>各有关单位：</div><div>为了规范竹材经营，我部起草了办法，现公开征求意见。</div><div>示例部</div>", ["各有关单位：", "为了规范竹材经营，我部起草了办法，现公开征求意见。", "示例部"]),
        ("<div class=a>各有关单位：</div><div class=a>为了规范竹材经营，现公开征求意见。</div>", ["各有关单位：", "为了规范竹材经营，现公开征求意见。"]),
        # boxes that are called something else, and a box of several lines, are no paragraphs beside it
        ("<div class=bt>竹材</div><div class=nr>为了规范竹材经营，现公开征求意见。</div>", ["为了规范竹材经营，现公开征求意见。"]),
        ("<div>竹材</div><div>为了规范竹材经营，我部起草了办法。<br>现公开征求意见。</div>", ["为了规范竹材经营，我部起草了办法。", "现公开征求意见。"]),
    ],
)  # fmt: skip
def test_paragraphs_may_be_divs_in_a_box_not_known(box: str, expected: list[str]) -> None:
    assert lines(read(f"<div class='k7'>{box}</div>")) == expected


TALL = "".join(
    f"<p>第{n}项，竹材经营者应当如实记录来源、数量、去向，并且保存三年以上，以备查验。</p>"
    for n in range(12)
)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><th>种类</th><th>数量</th></tr><tr><td>毛竹</td><td>10</td></tr>", ["种类\t数量", "毛竹\t10"]),
        ("<caption>表1 竹材</caption><thead><tr><th>种类</th><th>数量</th></tr></thead><tbody><tr><td>毛竹<br>大径</td><td><p>10</p></td></tr></tbody>", ["表1 竹材", "种类\t数量", "毛竹 大径\t10"]),
        ("<tr><td rowspan=2>毛竹</td><td>一级</td><td>10</td></tr><tr><td>二级</td><td>8</td></tr><tr><td>藤</td><td>一级</td><td>3</td></tr>", ["毛竹\t一级\t10", "\t二级\t8", "藤\t一级\t3"]),
        ("<tr><td colspan=2>合计</td><td>21</td></tr><tr><td>甲</td><td></td><td>21</td></tr>", ["合计\t\t21", "甲\t\t21"]),
        ("<tr><td>甲</td><td>乙</td><td></td></tr><tr><td></td><td></td></tr>", ["甲\t乙"]),
        ("<tr><td>只有一格，内容。</td></tr><tr><td><p>甲，乙。</p><p>丙，丁。</p></td></tr>", ["只有一格，内容。", "甲，乙。", "丙，丁。"]),
        (f"<tr><td>左</td><td>{TALL}</td></tr>", ["左", *(f"第{n}项，竹材经营者应当如实记录来源、数量、去向，并且保存三年以上，以备查验。" for n in range(12))]),
        ("<tr><td>正文，如下。</td><td><table><tr><td>毛竹</td><td>10</td></tr><tr><td>藤</td><td>3</td></tr></table></td></tr>", ["正文，如下。", "毛竹\t10", "藤\t3"]),
        ("<tr><td colspan='9999999999' rowspan='x'>甲</td><td>乙</td></tr><tr><td rowspan='-3'>丙</td><td>丁</td></tr>", ["甲" + "\t" * 60 + "乙", "丙\t丁"]),
    ],
)  # fmt: skip
def test_tables_are_rows(table: str, expected: list[str]) -> None:
    assert editor(f"{PARAGRAPHS}<table>{table}</table>")[2:] == expected


COPY = "<p>竹材经营者应当每年向竹业主管部门报告一次。</p>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='pages_content mhide'>{PARAGRAPHS}</div><div class='pages_content pchide'>{PARAGRAPHS}</div>",
        f"<div class='pchide'>{PARAGRAPHS}</div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}</div><div class='TRS_Editor'>{PARAGRAPHS}</div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}<div style='display:none'>竹材，看不见的字。</div></div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}<p style='position:absolute;left:-9999px'>{TEXT[0]}</p></div>",
        f"<div class='q'>{PARAGRAPHS}</div><div style='display:none'>{PARAGRAPHS}<p>竹材，听读，朗读。</p></div>",
        f"<p>竹材，竹子，竹笋，等。</p><div id='zoom' style='display: none'>{PARAGRAPHS}</div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}<p hidden>竹材，看不见的字。</p><p style='font-size:0'>竹材</p></div>",
        f"<div class='TRS_Editor'><p>来源：示例部</p>{PARAGRAPHS}<p>（责任编辑：某某）</p></div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}<div class='bdsharebuttonbox'>分享</div><p>【打印】【关闭】</p></div>",
        f"<div class='TRS_Editor'><p>【字体：大 中 小】</p><p>分享到：</p>{PARAGRAPHS}<p>扫一扫在手机打开当前页</p><p>打印本页 | 关闭窗口</p></div>",
        f"<div class='TRS_Editor'><p>2026-09-14 10:06 来源：示例部 浏览次数：8</p>{PARAGRAPHS}<p>【纠错】责任编辑：某某</p></div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}<p>相关链接：</p><p><a href='/1.html'>一图读懂竹材办法</a></p><p><a href='/2.html'>专家解读竹材办法</a></p></div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}<p>上一篇：<a href='/1.html'>旧竹材办法</a></p><p>下一篇：没有了</p></div>",
        f"<div class='TRS_Editor'>{PARAGRAPHS}<p>【相关信息】</p><p><a href='/1.html'>竹材办法解读</a></p><p>【打印】</p><p>【关闭】</p></div>",
        f"<div class='TRS_Editor'><p>您现在的位置：首页 &gt; 公告</p>{PARAGRAPHS}<p>图集</p><p>+1</p></div>",
        f"<div class='TRS_Editor'><p><a href='/app'>点击进入客户端>></a></p>{PARAGRAPHS}</div>",
        f"<div class='TRS_Editor'><div class='print'>{PARAGRAPHS}</div></div>",
        f"</html><div id='UCAP-CONTENT'>{PARAGRAPHS}</div>",
        f"<table><tr><td class='left'>栏目</td><td><div id='Zoom'>{PARAGRAPHS}</div></td></tr></table>",
        f"<div class='Main-header-wrap'><div id='zoom'>{PARAGRAPHS}</div></div>",
    ],
)  # fmt: skip
def test_what_surrounds_a_text_is_left_out(body: str) -> None:
    assert lines(read(body)) == TEXT


@pytest.mark.parametrize(
    ("inner", "last"),
    [
        ("<p>我的分享到这里，谢谢大家！</p>", "我的分享到这里，谢谢大家！"),
        ("<p>相关附件：</p><p><a href='a.docx'>附件1 竹材目录.docx</a></p>", "附件1 竹材目录.docx"),
        ("<p>相关链接：竹法</p><p>本办法自印发之日起施行。</p>", "本办法自印发之日起施行。"),
        ("<p>公开方式：主动公开</p>", "公开方式：主动公开"),
        ("<p>附件：1.竹材目录</p><p>2.编制说明</p>", "2.编制说明"),
        ("<p>12</p>", "12"),
    ],
)  # fmt: skip
def test_words_of_the_text_itself_stay(inner: str, last: str) -> None:
    assert editor(PARAGRAPHS + inner)[-1] == last


def test_words_that_buttons_have_too_stay_inside_a_text() -> None:
    assert editor(f"{PARAGRAPHS}<p>微信</p><p>竹业部公众号。</p>")[2:] == ["微信", "竹业部公众号。"]


MENU = "".join(f"<li><a href='/{n}.html'>栏目{n}，通知，公告</a></li>" for n in range(40))
FOOT = "<div class='btm'><p>版权所有：示例部，主办单位：示例部办公厅，地址：竹城一路1号。</p></div>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<div class='q1'><ul>{MENU}</ul></div><div class='q2'><div class='q3'>{PARAGRAPHS}</div></div>", TEXT),
        (f"<div class='q1'><div class='a'>{PARAGRAPHS}</div><div class='b'>{COPY}{COPY}</div></div>", [*TEXT, "竹材经营者应当每年向竹业主管部门报告一次。", "竹材经营者应当每年向竹业主管部门报告一次。"]),
        (f"<div class='q1'><div class='a'>{PARAGRAPHS}</div><h3>第二章</h3><div class='a'>{COPY}</div></div>", [*TEXT, "第二章", "竹材经营者应当每年向竹业主管部门报告一次。"]),
        (f"<div class='TRS_Editor'>{PARAGRAPHS}</div><div class='TRS_Editor'>{COPY}</div>", [*TEXT, "竹材经营者应当每年向竹业主管部门报告一次。"]),
        ("<div class='q'><p><font>竹材</font><font>经营者</font><font>，应当</font><font>报告。</font></p><p><font>逾期，</font><font>责令其改正并且公示。</font></p></div>", ["竹材经营者，应当报告。", "逾期，责令其改正并且公示。"]),
        (f"{FOOT}<div class='q2'><span>竹材经营者，应当报告。</span><br><span>逾期不报，责令改正。</span></div>", ["竹材经营者，应当报告。", "逾期不报，责令改正。"]),
    ],
)  # fmt: skip
def test_where_no_known_box_holds_the_text(body: str, expected: list[str]) -> None:
    assert lines(read(body)) == expected


def test_a_list_of_files_below_the_text_is_told_as_shown_unless_the_text_names_them() -> None:
    body = f"""<div class='TRS_Editor'>{PARAGRAPHS}<p>附件：竹材目录</p></div><ul class='fj'>
    <li><label>征求意见稿：</label><a href='/f/1.pdf'>《竹材办法》.pdf</a></li><li><a href='/f/2.xls'>附件1：竹材目录.xls</a></li></ul>"""
    assert lines(read(body)) == [*TEXT, "附件：竹材目录", "征求意见稿：《竹材办法》.pdf"]
    chosen = DetailRule(body=".TRS_Editor")
    assert lines(read(body, rule=chosen)) == [*TEXT, "附件：竹材目录"]


@pytest.mark.parametrize(
    "body",
    [
        "<div class='TRS_Editor'><p><a href='a.pdf'>全文</a></p></div>",
        "<div class='TRS_Editor'><iframe src='/pdfjs/web/viewer.html?file=/a/b.pdf'></iframe></div>",
        f"<div class='TRS_Editor'><object data='a.pdf'></object></div>{FOOT}",
    ],
)
def test_a_page_whose_text_is_a_file(body: str) -> None:
    page = read(body)
    assert len(page.attachments) == 1
    assert page.text in ("", "全文")


def test_selectors_of_a_rule_are_believed_each_box_once() -> None:
    body = "<i class='b'>只有这些。<b class='b'>内层。</b></i><div class='TRS_Editor'><p>不要，这些。</p></div><i class='b'>还有这些。</i>"
    assert lines(read(body, rule=DetailRule(body=".b"))) == ["只有这些。内层。", "还有这些。"]
    assert lines(read(body, rule=DetailRule(body=".missing"))) == ["不要，这些。"]


# ---------------------------------------------------------------- bounds

SIZE = 100_000


def fill(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()))


CRAFTED = {
    "deep inline tags": fill("<p>" + "<b>" * 240 + "文。" + "</b>" * 240 + "</p>"),
    "unclosed tags": "<i>" * 200 + fill("文，<br>"),
    "unclosed paragraphs": fill("<p><b>文字，字。"),
    "a long table": "<table>" + fill("<tr><td>文</td><td>字</td></tr>") + "</table>",
    "a wide table": "<table><tr>" + fill("<td colspan=9>文</td>") + "</table>",
    "tables in tables": "<table><tr><td>文，字。" * 60 + fill("<p>文，字。</p>"),
    "boxes of known names in each other": "<div class='article content-body TRS_Editor'>" * 200
    + fill("<p>文字，字文字字字字字字字字字。</p>"),
    "links in one paragraph": "<p>文，字。" + fill("<a href='x.pdf'>文</a>"),
    "files in one paragraph": "<p>文，字。" + "".join(f"<a href='{n}.pdf'>文{n}</a>" for n in range(3000)),
    "long text and many files": f"<div class='TRS_Editor'><p>{'文，' * 15_000}</p></div>"
    + "".join(f"<p><a href='{n}.pdf'>竹材{n}</a></p>" for n in range(1200)),
    "script calls": fill("<span onclick=\"open('a/b')\">文</span>"),
    "scripts": fill('<script>var attach="<a href=x.pdf>x</a>"</script>'),
    "quotes in a script": "<script>var attach=" + fill("'x") + "</script>",
    "spans called a date": fill("<span class='date'>x</span>"),
    "headings": fill("<h1>文件标题一二</h1>"),
    "labels": "<p>" + fill("发 布 机 构 ") + "</p>",
    "rows of labels": "<table>" + fill("<tr><td>文号：</td><td></td></tr>") + "</table>",
    "dates": fill("<p>2026年9月4日</p>"),
    "numbers": fill("<p>竹发〔2026〕7号</p>"),
    "short lines": fill("<p>文</p>"),
    "buttons": fill("<p>打印A-A-A-A-A-A-A-</p>"),
    "one long word": f"<p>{'文' * (SIZE // 3)}</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", CRAFTED)
def test_no_page_holds_the_reader_up(name: str) -> None:
    """Twice as long, most took 1 to 13 s; now each is read in well under a second of CPU. What grows
    with the square of its length breaks the bound, a busy machine does not."""
    html = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{CRAFTED[name]}</body></html>"
    start = time.process_time()
    try:
        read_page(Page(url=URL, body=html.encode()))
    except ExtractError as exc:
        assert exc.reason in ("empty", "not-a-listing")
    assert time.process_time() - start < 2
