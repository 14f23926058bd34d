"""Attachments made to break or to stall a reader: a labelled quality or a plain answer, never a raise."""

import lzma
import struct

import pytest

from tests.extract.test_attachment import docx, level, lists, p, text_of, zipped
from watcher.extract import attachment
from watcher.extract.attachment import read_attachment
from watcher.extract.attachment.elements import int_of
from watcher.extract.attachment.numerals import written

FORMS = ("decimal", "upperRoman", "lowerLetter", "ideographDigital", "chineseCounting", "decimalZero",
         "ideographZodiac", "decimalEnclosedCircle", "decimalFullWidth")  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", [-7, 100_000, 10**11])
def test_numbers_no_list_counts_to_are_plain(number: int, form: str) -> None:
    assert written(number, form) == str(number)


def test_letters_end_somewhere() -> None:
    assert (written(28, "lowerLetter"), written(781, "upperLetter")) == ("bb", "781")


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" -3 ", -3), ("9" * 9, 999_999_999), ("9" * 10, None), ("9" * 9000, None), ("x", None), (None, None)],
)  # fmt: skip
def test_integers_are_short(text: str | None, number: int | None) -> None:
    assert int_of(text) == number


@pytest.mark.parametrize("start", ["9" * 30, "-5", "100000000000", "999999999"])
def test_a_list_that_starts_anywhere(start: str) -> None:
    own = level(0, "upperRoman", "%1.").replace('w:start w:val="1"', f'w:start w:val="{start}"')
    assert text_of(docx(p("甲", "1"), lists(own)))[0].endswith("甲")


@pytest.mark.parametrize(
    "raised",
    [lzma.LZMAError("x"), struct.error("x"), RuntimeError("x"), ValueError("x"), OverflowError("x"), KeyError("x"), RecursionError("x")],
)  # fmt: skip
def test_what_a_reader_raises_is_a_label(
    raised: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reader(_: bytes) -> list[str]:
        raise raised

    monkeypatch.setitem(attachment.READERS, "docx", reader)
    read = read_attachment(docx(p("甲")), "a.docx")
    assert (read.kind, read.quality) == ("docx", "corrupt")
    assert type(raised).__name__ in (read.reason or "")


def test_a_long_chain_of_styles_is_walked_once() -> None:
    """Walked for each paragraph, this would take half a minute."""
    chain = "".join(
        f'<w:style w:styleId="S{n}"><w:basedOn w:val="S{n + 1}"/></w:style>' for n in range(3000)
    )
    end = '<w:style w:styleId="S3000"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    body = "".join(p("甲", style="S0") for _ in range(20_000))
    lines = text_of(docx(body, lists(level(0, "decimal", "%1.")), chain + end))
    assert (lines[0], lines[-1]) == ("1.甲", "20000.甲")


def test_styles_based_on_each_other() -> None:
    ring = '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    assert text_of(docx(p("甲", style="A"), styles=ring)) == ["甲"]


def test_text_of_nested_ofd_objects_is_told_once() -> None:
    code = '<TextCode X="0" Y="5">甲</TextCode>'
    nested = '<TextObject Boundary="0 0 9 9">' * 50 + code + "</TextObject>" * 50
    body = zipped(
        {
            "OFD.xml": "<OFD><DocRoot>D.xml</DocRoot></OFD>",
            "D.xml": '<Document><Page BaseLoc="P.xml"/></Document>',
            "P.xml": f"<Page>{nested}</Page>",
        }
    )
    read = read_attachment(body)
    assert (read.kind, read.quality, read.text) == ("ofd", "ok", "甲")


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "x", "", "1 2", "0"])
def test_ofd_numbers_that_are_none(number: str) -> None:
    parts = {
        "OFD.xml": "<OFD><DocRoot>D.xml</DocRoot></OFD>",
        "D.xml": f'<Document><PhysicalBox>0 0 {number} {number}</PhysicalBox><Page BaseLoc="P.xml"/></Document>',
        "P.xml": f'<Page><TextObject Boundary="0 0 9 9" Size="{number}" CTM="{number} 0 0 1 0 0"><TextCode X="{number}"'
        f' DeltaX="g {number} {number} 1" Y="5">甲</TextCode></TextObject></Page>',
    }
    read = read_attachment(zipped(parts))
    assert (read.kind, read.quality, read.text) == ("ofd", "ok", "甲")


@pytest.mark.parametrize("text", ["TextCode", "Template", "Page", "DocRoot"])
def test_ofd_parts_that_name_themselves(text: str) -> None:
    parts = {
        "OFD.xml": "<OFD><DocRoot>D.xml</DocRoot></OFD>",
        "D.xml": '<Document><TemplatePage ID="1" BaseLoc="P.xml"/><Page BaseLoc="P.xml"/></Document>',
        "P.xml": f'<Page><Template TemplateID="1"/><{text} BaseLoc="P.xml">甲</{text}></Page>',
    }
    assert read_attachment(zipped(parts)).quality == "no-text"


def test_tables_in_tables_without_end() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 80 + p("甲") + "</w:tc></w:tr></w:tbl>" * 80
    assert text_of(docx(body)) == ["甲"]
    deep = "<w:tbl><w:tr><w:tc>" * 4000 + "</w:tc></w:tr></w:tbl>" * 4000
    assert read_attachment(docx(deep)).quality == "corrupt"


def test_a_reader_without_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def reader(_: bytes) -> list[str]:
        raise MemoryError

    monkeypatch.setitem(attachment.READERS, "docx", reader)
    assert read_attachment(docx(p("甲"))).quality == "too-large"
