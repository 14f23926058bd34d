"""Rich text and pages that Word, WPS and Excel save under the names of their own formats."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.extract.attachment import read_attachment

# ---------------------------------------------------------------- rich text


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (rb"{\rtf1\ansi\ansicpg936 \'d6\'f1\'b2\'c4\par B}", ["竹材", "B"]),
        (rb"{\rtf1\ansi\uc1 \u31481?\u26448?}", ["竹材"]),
        (rb"{\rtf1\ansi\uc2 \u31481\'d6\'f1\u26448\'b2\'c4!}", ["竹材!"]),
        (rb"{\rtf1\ansi\uc0 \u31481\u26448}", ["竹材"]),
        (rb"{\rtf1 \u-10174?\u-8265?}", ["𠮷"]),
        (rb"{\rtf1{\fonttbl{\f0\fcharset134 SimSun;}}\f0\'d6\'f1}", ["竹"]),
        (rb"{\rtf1\ansicpg1252 a\'97b}", ["a—b"]),
        (rb"{\rtf1\ansicpg99999 a\'e9}", ["aé"]),
        (rb"{\rtf1{\*\generator x}{\info{\title t}}{\header h}{\*\unknown u}a{\footnote f}}", ["a"]),
        (rb"{\rtf1{\listtext\'28\'31\'29\tab}a\par{\*\shpinst{\shptxt box}}}", ["(1) a", "box"]),
        (rb"{\rtf1 a{\v hidden}{\deleted gone}b\v no\v0 c\v no\plain d}", ["abcd"]),
        (rb"{\rtf1\trowd\pard\intbl a\par b\cell\cell c\cell\row\pard d}", ["a b\tc", "d"]),
        (rb"{\rtf1 a\{b\}\\c\~d\_e\-f\tab g\line h\emdash}", ["a{b}\\c d-ef g", "h—"]),
        (rb"{\rtf1 a{\bin3 x}y}b\bin-5 c}", ["abc"]),
        (b"{\\rtf1 a\r\nb\\\r\nc}", ["ab", "c"]),
        (rb"{\rtf1 {\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}}", ["shown"]),
        (rb"{\rtf1 a}}}b", ["ab"]),
        (rb"{\rtf1 a", ["a"]),
    ],
)  # fmt: skip
def test_rich_text(raw: bytes, lines: list[str]) -> None:
    read = read_attachment(raw, "a.doc")
    assert (read.kind, read.quality) == ("doc", "ok")
    assert read.text.split("\n") == lines


def test_rich_text_that_nests_without_end() -> None:
    read = read_attachment(b"{\\rtf1" + b"{" * 100_000)
    assert (read.quality, read.reason) == ("corrupt", "its groups are nested over 1000 deep")
    assert read_attachment(b"{\\rtf1 {\\pict abc}}").quality == "no-text"


@given(st.text(alphabet="{}\\\\'u1*bincel \n竹", max_size=80))
def test_any_rich_text_is_a_label(raw: str) -> None:
    read = read_attachment(b"{\\rtf" + raw.encode(), "a.doc")
    assert read.quality in ("ok", "no-text", "corrupt")


# ---------------------------------------------------------------- saved pages

BY_WORD = '<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><style>p{}</style></head><body>%s</body></html>'
BY_EXCEL = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>%s</table></body></html>'  # fmt: skip
NUMBERED = "<p><span style='mso-list:Ignore'>第一条<span>&nbsp;</span></span>竹材<del>不</del>应当登记。</p><p>第二条<ins>略</ins></p>"
PLAIN = "<!DOCTYPE html><html><head><title>竹材管理办法</title></head><body><p>竹材应当登记。</p></body></html>"
GONE = "<html><head><title>404 Not Found</title></head><body><h1>404</h1>页面不存在</body></html>"


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
def test_pages_that_word_saved_are_papers(codec: str) -> None:
    charset = "" if codec.startswith("utf") else '<meta charset="gb2312">'
    body = (BY_WORD % (charset + NUMBERED)).encode(codec)
    read = read_attachment(body, "P02026.docx")
    assert (read.kind, read.quality) == ("doc", "ok")
    assert read.text == "第一条 竹材应当登记。\n第二条略"


ENVELOPE = b"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="x"

--x
Content-Type: text/plain

not this
--x
Content-Type: text/html; charset="gb2312"
Content-Transfer-Encoding: base64

%s
--x--
"""


@pytest.mark.parametrize(
    ("body", "name", "kind", "quality", "text"),
    [
        (PLAIN.encode(), "a.doc", "doc", "ok", "竹材应当登记。"),
        (PLAIN.encode(), "a.wps", "wps", "ok", "竹材应当登记。"),
        (PLAIN.encode(), "", "unknown", "unsupported", ""),
        (PLAIN.encode(), "a.html", "unknown", "unsupported", ""),
        (GONE.encode(), "a.doc", "doc", "unsupported", ""),
        ((BY_WORD % NUMBERED).encode(), "a.wps", "wps", "ok", "第一条 竹材应当登记。\n第二条略"),
        ((BY_WORD % "").encode(), "a.doc", "doc", "no-text", ""),
        ((BY_WORD % ("<div>" * 400)).encode(), "a.doc", "doc", "too-large", ""),
        ((BY_EXCEL % "<tr><td>甲</td><td></td><td>乙</td></tr>").encode(), "a.doc", "xls", "ok", "甲\t\t乙"),
        (PLAIN.encode(), "a.xls", "xls", "ok", "竹材应当登记。"),
        (ENVELOPE % base64.b64encode("<p>竹材</p>".encode("gb2312")), "a.doc", "doc", "ok", "竹材"),
        (ENVELOPE.replace(b"text/html", b"image/png") % b"AAAA", "a.doc", "doc", "no-text", ""),
    ],
)  # fmt: skip
def test_saved_pages(body: bytes, name: str, kind: str, quality: str, text: str) -> None:
    read = read_attachment(body, name)
    assert (read.kind, read.quality, read.text) == (kind, quality, text)
    assert (read.reason is None) == (quality == "ok")
