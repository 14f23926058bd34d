"""Attachments: kinds by their bytes, Word text with its numbers, and files that cannot be read."""

import io
import sys
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.extract.attachment import kind_of, read_attachment
from watcher.extract.attachment.numerals import chinese, written
from watcher.text import cn_number

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            box.writestr(name, content)
    return out.getvalue()


def docx(body: str, numbering: str = "", styles: str = "") -> bytes:
    parts = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {W}>{numbering}</w:numbering>"
    if styles:
        parts["word/styles.xml"] = f"<w:styles {W}>{styles}</w:styles>"
    return zipped(parts)


def p(text: str, num: str = "", level: int = 0, style: str = "", inner: str = "") -> str:
    numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>' if num else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbers}</w:pPr><w:r><w:t>{text}</w:t></w:r>{inner}</w:p>"


def level(at: int, form: str, text: str, *, suff: str = "nothing", more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:suff w:val="{suff}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*abstracts: str, nums: str = "") -> str:
    made = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{levels}</w:abstractNum>'
        for n, levels in enumerate(abstracts)
    )
    own = "".join(
        f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>'
        for n in range(len(abstracts))
    )
    return made + own + nums


CHAPTERS = level(0, "chineseCounting", "第%1章")
ARTICLES = level(0, "chineseCountingThousand", "第%1条", suff="space") + level(
    1, "chineseCounting", "（%2）"
)


def text_of(body: bytes) -> list[str]:
    read = read_attachment(body, "a.docx")
    assert (read.kind, read.quality, read.reason) == ("docx", "ok", None)
    return read.text.split("\n")


def test_articles_are_numbered_as_word_shows_them() -> None:
    body = (
        p("总则", "1")
        + p("为竹材管理，制定本办法。", "2")
        + p("竹材包括：", "2")
        + p("毛竹；", "2", 1)
        + p("楠竹。", "2", 1)
        + p("经营", "1")
        + p("经营者应当登记：", "2")
        + p("名称；", "2", 1)
        + p("不编号的一段")
    )
    assert text_of(docx(body, lists(CHAPTERS, ARTICLES))) == [
        "第一章总则",
        "第一条 为竹材管理，制定本办法。",
        "第二条 竹材包括：",
        "（一）毛竹；",
        "（二）楠竹。",
        "第二章经营",
        "第三条 经营者应当登记：",
        "（一）名称；",
        "不编号的一段",
    ]


def test_numbers_of_styles_overrides_and_switched_off() -> None:
    styles = (
        '<w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="H2"><w:basedOn w:val="H"/></w:style>'
    )
    numbering = lists(
        ARTICLES,
        level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2", suff="tab"),
        nums='<w:num w:numId="9"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>',
    )
    body = (
        p("甲", style="H2")
        + p("乙", style="H")
        + p("不要号", "0", style="H")
        + p("一", "2")
        + p("二", "2", 1)
        + p("五", "9")
        + p("六", "9")
    )
    assert text_of(docx(body, numbering, styles)) == [
        "第一条 甲",
        "第二条 乙",
        "不要号",
        "1.一",
        "1.1 二",
        "5.五",
        "6.六",
    ]


def test_a_list_style_lends_its_levels() -> None:
    """As Word writes lists that were made a style: one definition holds for all of them."""
    numbering = (
        f'<w:abstractNum w:abstractNumId="0"><w:styleLink w:val="S"/>{ARTICLES}</w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="S"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    body = p("甲", "2") + p("乙", "1") + p("丙", "2")
    assert text_of(docx(body, numbering)) == ["第一条 甲", "第二条 乙", "第三条 丙"]


def test_a_number_stands_with_the_words_behind_a_page_break() -> None:
    broken = p("", "1").replace("<w:t></w:t>", '<w:br w:type="page"/><w:t>甲</w:t>')
    assert text_of(docx(broken, lists(ARTICLES))) == ["第一条 甲"]


def test_insertions_stay_deletions_go() -> None:
    body = (
        "<w:p><w:r><w:t>每年</w:t></w:r><w:ins><w:r><w:t>一月</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>二月</w:delText></w:r></w:del><w:r><w:t>报送</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>后半</w:t></w:r><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>看见</w:t></w:r></w:p>"
        "<w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>行一</w:t><w:br/><w:t>行二</w:t></w:r></w:p>"
    )
    assert text_of(docx(body)) == ["每年一月报送", "前半后半", "看见", "行一", "行二"]


def test_tables_and_text_boxes() -> None:
    cell = "<w:tc>{}</w:tc>"
    table = (
        "<w:tbl><w:tr>"
        + cell.format(p("单位"))
        + cell.format(p("联系人") + p("电话"))
        + "</w:tr><w:tr>"
        + cell.format(p("一段") + p("二段"))
        + "</w:tr><w:tr><w:trPr><w:del/></w:trPr>"
        + cell.format(p("删去的行"))
        + "</w:tr></w:tbl>"
    )
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent>'
        + p("框内")
        + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
        + p("框内")
        + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert text_of(docx(table + p("正文", inner=box))) == [
        "单位\t联系人 电话",
        "一段",
        "二段",
        "正文",
        "框内",
    ]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (12, "chineseCounting", "十二"),
        (110, "chineseCountingThousand", "一百一十"),
        (101, "japaneseCounting", "一百零一"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (20, "ideographDigital", "二〇"),
        (3, "ideographTraditional", "丙"),
        (12, "ideographLegalTraditional", "壹拾貳"),
        (3, "ideographEnclosedCircle", "㊂"),
        (11, "ideographEnclosedCircle", "11"),
        (3, "decimalEnclosedCircle", "③"),
        (30, "decimalEnclosedCircle", "30"),
        (3, "decimalZero", "03"),
        (12, "decimalFullWidth", "１２"),
        (28, "lowerLetter", "bb"),
        (1994, "upperRoman", "MCMXCIV"),
        (1, "bullet", ""),
        (7, "somethingNew", "7"),
    ],
)
def test_number_formats(number: int, form: str, shown: str) -> None:
    assert written(number, form) == shown


@given(st.integers(min_value=1, max_value=99_999))
def test_counted_numbers_read_back(number: int) -> None:
    assert cn_number(chinese(number)) == number


def ofd(*codes: str, namespace: str = "http://www.ofdspec.org/2016") -> bytes:
    texts = "".join(
        f'<o:TextObject Boundary="{x} {y} {10 * len(text)} 7" Size="10"><o:TextCode X="0" Y="5">{text}</o:TextCode></o:TextObject>'
        for x, y, text in (code.split(",") for code in codes)
    )
    o = f'xmlns:o="{namespace}"'
    return zipped(
        {
            "OFD.xml": f"<o:OFD {o}><o:DocBody><o:DocRoot>/Doc_0/Document.xml</o:DocRoot></o:DocBody></o:OFD>",
            "Doc_0/Document.xml": f'<o:Document {o}><o:CommonData><o:TemplatePage ID="2" BaseLoc="T.xml"/></o:CommonData><o:Pages><o:Page BaseLoc="P.xml"/></o:Pages></o:Document>',
            "Doc_0/P.xml": f'<o:Page {o}><o:Template TemplateID="2"/><o:Content>{texts}</o:Content></o:Page>',
            "Doc_0/T.xml": f'<o:Page {o}><o:TextObject Boundary="100 0 20 7" Size="10"><o:TextCode X="0" Y="5">红头</o:TextCode></o:TextObject></o:Page>',
        }
    )


@pytest.mark.parametrize("namespace", ["http://www.ofdspec.org/2016", "urn:other"])
def test_ofd_lines_in_reading_order(namespace: str) -> None:
    body = ofd(
        "0,60,末行", "0,40,竹材经营者应当建", "20,50,立台账", "30,10,标题", namespace=namespace
    )
    read = read_attachment(body)
    assert (read.kind, read.quality) == ("ofd", "ok")
    assert read.text.split("\n") == ["红头", "标题", "竹材经营者应当建", "立台账", "末行"]


WORD = zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<w/>"})
BOMB = zipped({"word/document.xml": b" " * (51 * 1024 * 1024)})
ENTITIES = zipped(
    {
        "word/document.xml": f'<!DOCTYPE d [<!ENTITY a "竹竹竹竹">]><w:document {W}><w:body><w:p><w:r><w:t>x&a;</w:t></w:r></w:p></w:body></w:document>'
    }
)


def locked_zip() -> bytes:
    body = bytearray(WORD)
    at = body.rindex(b"PK\x01\x02")
    body[at + 8] |= 1
    return bytes(body)


@pytest.mark.parametrize(
    ("body", "name", "kind", "quality", "says"),
    [
        (b"", "a.docx", "unknown", "unsupported", "nothing"),
        (b"\0\0  ", "a.docx", "unknown", "unsupported", "nothing"),
        (b"\x01\x02\x03", "a.docx", "unknown", "unsupported", "kind not known"),
        (b"\x89PNG\r\n", "a.docx", "unknown", "unsupported", "picture"),
        (b"7z\xbc\xaf\x27\x1c", "a.zip", "unknown", "unsupported", "7z"),
        (OLE, "a.ppt", "unknown", "unsupported", "slides"),
        (zipped({"ppt/presentation.xml": "<x/>"}), "a.docx", "unknown", "unsupported", "slides"),
        (b"%PDF-1.7\nbroken", "a.doc", "pdf", "corrupt", ""),
        (WORD[: len(WORD) // 2], "a.pdf", "docx", "corrupt", "zip"),
        (WORD, "a.docx", "docx", "corrupt", "body"),
        (zipped({"word/a.xml": "<x/>"}), "a.zip", "docx", "corrupt", "document part"),
        (docx("<w:p/>").replace(b"PK\x01\x02", b"PK\x01\x03"), "a.docx", "docx", "corrupt", "zip"),
        (docx("<w:p/>"), "a.docx", "docx", "no-text", "pictures"),
        (BOMB, "a.docx", "docx", "too-large", "50 MB"),
        (locked_zip(), "a.docx", "docx", "encrypted", "password"),
        (zipped({"OFD.xml": "<OFD/>"}), "a.ofd", "ofd", "no-text", "pictures"),
        (zipped({"OFD.xml": "<OFD>"}), "a.ofd", "ofd", "corrupt", "whole XML"),
        (zipped({"OFD.xml": "<OFD/>"})[:40], "a.ofd", "ofd", "corrupt", "zip"),
        (zipped({"OFD.xml": "<OFD><Encryptions/></OFD>"}), "a.ofd", "ofd", "encrypted", "encrypted"),
        (zipped({"OFD.xml": "<OFD><DocRoot>D.xml</DocRoot></OFD>"}), "a.ofd", "ofd", "corrupt", "missing"),
        (zipped({"xl/workbook.xml": "<x/>"}), "a.docx", "xlsx", "corrupt", "workbook"),
        (b"Rar!\x1a\x07\x00", "a.zip", "rar", "corrupt", "no files"),
        (zipped({}), "a.zip", "zip", "no-text", "nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(
    body: bytes, name: str, kind: str, quality: str, says: str
) -> None:
    read = read_attachment(body, name)
    assert (read.kind, read.quality, read.text) == (kind, quality, "")
    assert says in (read.reason or "")


@pytest.mark.parametrize(
    ("library", "body", "kind"),
    [
        ("pypdfium2", b"%PDF-1.7\n", "pdf"),
        ("python_calamine", zipped({"xl/workbook.xml": "<x/>"}), "xlsx"),
        ("rarfile", b"Rar!\x1a\x07\x00", "rar"),
    ],
)
def test_without_the_extra_a_file_says_which_to_install(
    library: str, body: bytes, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    read = read_attachment(body)
    assert (read.kind, read.quality) == (kind, "unsupported")
    assert "watcher[attachments]" in (read.reason or "")


def test_entities_are_not_expanded() -> None:
    assert "竹" not in read_attachment(ENTITIES).text


@given(
    st.sampled_from(
        [b"", b"PK\x03\x04", b"%PDF-1.4\n", OLE, b"Rar!\x1a\x07", b"{\\rtf1", b"<html>"]
    ),
    st.binary(max_size=200),
)
def test_any_bytes_give_a_label(magic: bytes, rest: bytes) -> None:
    read = read_attachment(magic + rest, "x.doc")
    assert read.kind == kind_of(magic + rest, "x.doc")
    assert (read.quality == "ok") <= bool(read.text)
    assert (read.quality == "ok") == (read.reason is None)
