"""The files a page hands out, wherever they hide, each once under its best name; and no others."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.papers import PARAGRAPHS, read
from watcher.extract.paper.filenames import bare_name, better, no_name, tidy
from watcher.extract.paper.scripted import lists_files, scripted_files
from watcher.settings import DetailRule

ROOT = "https://www.demo.gov.cn"
HERE = f"{ROOT}/zwgk/202609"


def files(body: str, rule: DetailRule | None = None) -> list[str]:
    """`name | address` of each file on a page with `body` below its text."""
    page = read(f"<div class='TRS_Editor'>{PARAGRAPHS}</div>{body}", rule=rule)
    return [f"{a.name} | {a.url.removeprefix(HERE).removeprefix(ROOT)}" for a in page.attachments]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # by extension, in the address or its query
        ("<a href='./W020260914.pdf'>竹材办法</a>", ["竹材办法 | /W020260914.pdf"]),
        ("<a href='../f/1.OFD?v=2#x'>竹材办法</a>", ["竹材办法 | /zwgk/f/1.OFD?v=2#x"]),
        ("<a href='/attach/bf4a.docx?fileName=附件1：竹材.docx'>附件1：竹材.docx</a>", ["附件1：竹材.docx | /attach/bf4a.docx?fileName=附件1：竹材.docx"]),
        ("<a href='/x?id=7&n=竹材.wps'>竹材</a>", ["竹材 | /x?id=7&n=竹材.wps"]),
        # by the site's way to download
        ("<a href='/cms/downloadfile.jsp?filepath=NU~z/x=&fText=%E7%AB%B9'>编制说明</a>", ["编制说明 | /cms/downloadfile.jsp?filepath=NU~z/x=&fText=%E7%AB%B9"]),
        ("<a href='/cms/downloadfile.jsp?filepath=NU&fText=%E7%AB%B9'>下载</a>", ["竹 | /cms/downloadfile.jsp?filepath=NU&fText=%E7%AB%B9"]),
        ("<a href='/sysFile/downloadFile/e83fb6ca'> 《竹简\n数字化》.pdf </a>", ["《竹简数字化》.pdf | /sysFile/downloadFile/e83fb6ca"]),
        ("<a href='/front/document/download?fileUrl=abc&fileName=竹笋表'>下载</a>", ["竹笋表 | /front/document/download?fileUrl=abc&fileName=竹笋表"]),
        ("<a href='https://x.demo.gov.cn/file-submission/1.docx' title='竹材（征求意见稿）'></a>", ["竹材（征求意见稿） | https://x.demo.gov.cn/file-submission/1.docx"]),
        # by what the link says or asks for
        ("<a href='/d/8f3a' download='竹材目录.xls'>下载</a>", ["竹材目录.xls | /d/8f3a"]),
        ("<a href='/attach/down?id=7'>附件：竹材目录.docx</a>", ["附件：竹材目录.docx | /attach/down?id=7"]),
        ("<a href='/art/2026/1.html'>竹材目录.docx 已发布</a><a href='/art/2.html'>竹材目录.docx</a>", []),
        # frames, viewers and embedded objects
        ("<iframe src='/pdfjs/竹图.pdf'></iframe>", ["竹图.pdf | /pdfjs/竹图.pdf"]),
        ("<iframe src='/pdfjs/web/viewer.html?file=/f/竹.pdf'></iframe>", ["竹.pdf | /f/竹.pdf"]),
        ("<a href='/viewer.html?file=%2Ff%2Fa.pdf%3Ft%3D1'>竹材办法</a>", ["竹材办法 | /f/a.pdf?t=1"]),
        ("<object data='a.pdf' type='application/pdf'></object><embed src='b.pdf'>", ["a.pdf | /a.pdf", "b.pdf | /b.pdf"]),
        ("<iframe src='/inner.html'></iframe>", []),
        # attributes and calls that a script acts on
        ("<a href='javascript:;' data-href='/f/1.docx'>竹材办法</a>", ["竹材办法 | /f/1.docx"]),
        ("<a href='javascript:void(0)' onclick=\"window.open('./1.pdf')\">竹材办法</a>", ["竹材办法 | /1.pdf"]),
        ("<a href=\"javascript:download('/f/1.docx','竹材')\">竹材办法</a>", ["竹材办法 | /f/1.docx"]),
        ("<span onclick=\"downloadFile('/f/1.xlsx')\">竹材目录</span>", ["竹材目录 | /f/1.xlsx"]),
        ("<span onclick=\"openPage('/f/')\">竹材</span><a onclick=\"goto('x.html')\">竹材</a>", []),
        # strings of inline scripts
        ("<script>var str_appendix = \"<a href='./P02026.ofd'>竹业目录</a>\";</script>", ["竹业目录 | /P02026.ofd"]),
        ("<script>var attachs=[{\"name\":\"竹材目录\",\"url\":\"\\/f\\/1.docx\"},{\"url\":\"/f/2.xls\",\"name\":\"竹表\"}]</script>", ["竹材目录 | /f/1.docx", "竹表 | /f/2.xls"]),
        ("<script>var fujian='./P01.docx;./P02.pdf'</script>", ["P01.docx | /P01.docx", "P02.pdf | /P02.pdf"]),
        ("<script>var str_appendix='竹材办法.docx;竹表.xls', urls='./P01.docx;./P02.xls'</script>", ["竹材办法.docx | /P01.docx", "竹表.xls | /P02.xls"]),
        ("<script>var fujian=['./P01.docx','./P02.xls'], names=['竹材办法','竹表']</script>", ["竹材办法 | /P01.docx", "竹表 | /P02.xls"]),
        ("<script>var help='/help/使用.pdf'</script><script src='attach.js'></script>", []),
        # rows and items that name the file outside its link
        ("<table><tr><td>1</td><td>竹材办法.docx</td><td><a href='/f?fileUrl=5'>下载</a></td></tr></table>", ["竹材办法.docx | /f?fileUrl=5"]),
        ("<ul><li>竹材办法：<a href='/f/1.doc'>[点击下载]</a></li></ul>", ["竹材办法： | /f/1.doc"]),
        ("<p><a href='/f/1.doc'>附件</a></p>", ["附件 | /f/1.doc"]),
        ("<p><a href='/f/1.doc'>附件1</a>：竹材办法</p>", ["附件1：竹材办法 | /f/1.doc"]),
        # one file linked several times
        ("<p><a href='a.doc'><img src='w.gif'></a><a href='a.doc'>竹材办法</a> <a href='a.doc'>下载</a></p>", ["竹材办法 | /a.doc"]),
        ("<p><a href='a.doc'>竹材办法</a></p><ul><li><a href='http://www.demo.gov.cn/zwgk/202609/a.doc' download='竹材办法.doc'>下载</a></li></ul>", ["竹材办法.doc | /a.doc"]),
        ("<p><a href='a.doc'>附件1</a><a href='a.doc'>：竹材办法</a></p>", ["附件1：竹材办法 | /a.doc"]),
        ("<p><a href='a.doc'>1.</a><a href='a.doc'>竹材办法</a></p>", ["1.竹材办法 | /a.doc"]),
        ("<a href='P020260914.doc'>P020260914.doc</a><a href='P020260914.doc'>竹材办法</a>", ["竹材办法 | /P020260914.doc"]),
        ("<a href='a.doc?fileName=甲'>甲</a><a href='a.doc?fileName=乙'>乙</a>", ["甲 | /a.doc?fileName=甲", "乙 | /a.doc?fileName=乙"]),
        # names tidied
        ("<a href='a.doc'>竹材办法.doc（25.6KB）</a>", ["竹材办法.doc | /a.doc"]),
        ("<a href='a.doc'>点击下载：竹材办法（2026）</a>", ["竹材办法（2026） | /a.doc"]),
        ("<a href='a.doc' title='竹材办法（征求意见稿）.doc'>竹材办法（征…</a>", ["竹材办法（征求意见稿）.doc | /a.doc"]),
        ("<a href='/f/%E7%AB%B9%E6%9D%90.pdf'>PDF版下载</a>", ["竹材.pdf | /f/%E7%AB%B9%E6%9D%90.pdf"]),
        # never these
        ("<a href='mailto:a@b.cn'>a@b.cn</a><a href='http://www.demo.gov.cn/'>门户网站</a><a href='#top'>附件.doc</a>", []),
        ("<a href='/app/zhu.apk'>客户端下载</a><img src='/ewm.png'><a href='/logo.png'>标志</a>", []),
        ("<div class='nav'><a href='/a.pdf'>手册</a></div><footer><a href='/b.doc'>标准</a></footer><div class='side'><a href='/c.doc'>表格</a></div>", []),
        ("<a href='/download/index.html'>下载中心</a><a href='/fujian/list.jsp'>附件</a>", []),
        ("<a href='http://[bad'>竹.doc</a><a href='ftp://x/a.doc'>竹</a><a>竹.doc</a>", []),
    ],
)  # fmt: skip
def test_what_is_handed_out(body: str, expected: list[str]) -> None:
    assert files(body) == expected


def test_files_come_in_page_order_from_inside_and_outside_the_text() -> None:
    page = read(
        f"<p><a href='0.doc'>零</a></p><div class='TRS_Editor'>{PARAGRAPHS}<a href='1.doc'>一</a></div><ul><li><a href='2.doc'>二</a></li></ul>"
    )
    assert [a.name for a in page.attachments] == ["零", "一", "二"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (".f", ["表 | /x.doc"]),
        (".side", ["边 | /z.doc"]),
        (".f a", ["表 | /x.doc"]),
        (".none", ["表 | /x.doc", "不要 | /y.doc"]),
    ],
)
def test_a_rules_selector_says_where_the_files_are(selector: str, expected: list[str]) -> None:
    body = "<s class='f'><a href='x.doc'>表</a></s><a href='y.doc'>不要</a><div class='side'><a href='z.doc'>边</a></div>"
    assert files(body, DetailRule(attachments=selector)) == expected


@pytest.mark.parametrize(
    ("known", "other", "split", "expected"),
    [
        ("下载", "竹材办法", False, "竹材办法"),
        ("竹材办法", "下载", True, "竹材办法"),
        ("附件1", "竹材办法", False, "竹材办法"),
        ("附件1", "：竹材办法", True, "附件1：竹材办法"),
        ("竹材办法", "竹材办法（全文）", True, "竹材办法（全文）"),
        ("竹材办法", "藤材办法", True, "竹材办法"),
        ("P020260914.pdf", "竹材办法", True, "竹材办法"),
    ],
)
def test_the_better_of_two_names(known: str, other: str, split: bool, expected: str) -> None:
    assert better(known, other, split=split) == expected


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("附件1：竹材办法.docx", "竹材办法"),
        ("2.编制说明", "编制说明"),
        ("附件一 竹材目录.xls", "竹材目录"),
        ("附件", "附件"),
        ("竹材办法", "竹材办法"),
    ],
)
def test_a_name_without_its_ordinal(name: str, bare: str) -> None:
    assert bare_name(name) == bare


@given(st.text(max_size=40))
def test_tidying_a_name_twice_changes_nothing(raw: str) -> None:
    once = tidy(raw)
    assert tidy(once) == once or no_name(once)


@pytest.mark.parametrize(
    "code",
    ["attach '" * 6000, "attach \"" + "\\" * 40_000, "fujian='" + "a;" * 20_000 + ".doc'", "附件 .pdf <a " * 4000],
)  # fmt: skip
def test_no_script_holds_the_reader_up(code: str) -> None:
    start = time.process_time()
    if lists_files(code):
        scripted_files(code, f"{HERE}/1.html")
    assert time.process_time() - start < 1
