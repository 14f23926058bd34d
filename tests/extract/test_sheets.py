"""Spreadsheets as rows of text."""

import struct

import pytest

from tests.extract.test_attachment import zipped
from tests.extract.test_legacy import box
from tests.real import shared
from watcher.extract.attachment import read_attachment

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(*sheets: tuple[str, str, list[list[str]]]) -> bytes:
    """A workbook of sheets: name, attributes, rows of cells as they stand in the XML."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" {more} r:id="r{n}"/>' for n, (name, more, _) in enumerate(sheets, 1)
    )  # fmt: skip
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_TYPE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r0" Type="{_TYPE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {SHEET}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{related}</Relationships>',
    }
    for n, (_, _, rows) in enumerate(sheets, 1):
        cells = "".join(
            f'<row r="{at}">{"".join(_cell(at, column, text) for column, text in enumerate(row))}</row>'
            for at, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f"<worksheet {SHEET}><sheetData>{cells}</sheetData></worksheet>"
        )
    return zipped(parts)


def _cell(row: int, column: int, text: str) -> str:
    place = f"{'ABCDEFG'[column]}{row}"
    if not text:
        return ""
    if text.startswith("<"):
        return f'<c r="{place}">{text}</c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_sheets_are_rows_of_text() -> None:
    body = xlsx(
        (
            "企业",
            "",
            [["单位", "", "数量"], [], ["甲\n公司", "<v>200020</v>", "<v>1.5</v>"], ["", "乙"]],
        ),
        ("空", "", []),
    )
    read = read_attachment(body, "a.doc")
    assert (read.kind, read.quality) == ("xlsx", "ok")
    assert read.text.split("\n") == ["单位\t\t数量", "甲 公司\t200020\t1.5", "\t乙"]


def test_several_sheets_have_their_names_and_hidden_ones_go() -> None:
    body = xlsx(
        ("甲表", "", [["一"]]), ("密表", 'state="hidden"', [["密"]]), ("乙表", "", [["二"]])
    )
    assert read_attachment(body).text.split("\n") == ["甲表", "一", "乙表", "二"]


def test_a_bomb_of_a_sheet_is_not_opened() -> None:
    bomb = zipped({"xl/workbook.xml": "<x/>", "xl/sharedStrings.xml": b" " * (51 * 1024 * 1024)})
    assert read_attachment(bomb).quality == "too-large"


def records(*told: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in told)


BEGIN = (0x809, struct.pack("<HHHHII", 0x600, 5, 0xDBB, 1996, 0, 0))


@pytest.mark.parametrize(
    ("stream", "quality", "says"),
    [
        (records(BEGIN, (0x2F, b"\x01\0\x01\0\x01\0" + b"\0" * 48)), "encrypted", "password"),
        (records(BEGIN), "no-text", "nothing"),
        (b"rubbish" * 900, "corrupt", "workbook"),
        (b"", "no-text", "nothing"),
    ],
)
def test_old_sheets_that_cannot_be_read_say_why(stream: bytes, quality: str, says: str) -> None:
    read = read_attachment(box({"Workbook": stream}), "a.xls")
    assert (read.kind, read.quality, read.text) == ("xls", quality, "")
    assert says in (read.reason or "")


def test_a_real_old_sheet_is_read_and_its_beginnings_are_labels() -> None:
    (file,) = shared("sites/files/attachments/nmpa_cmde").glob("*.xls")
    body = file.read_bytes()
    assert read_attachment(body, "a.doc").quality == "ok"
    for size in range(600, len(body), 997):  # the library panics at some of them
        read = read_attachment(body[:size], "a.xls")
        assert (read.quality == "ok") == (read.reason is None)
