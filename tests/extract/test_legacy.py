"""Word's and WPS's old formats without LibreOffice: .doc, rich text, saved pages."""

import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.test_attachment import ARTICLES, CHAPTERS, level, lists, p, zipped
from tests.real import absent, shared
from watcher.extract.attachment import kind_of, read_attachment
from watcher.extract.attachment.ole import CompoundFile
from watcher.extract.attachment.package import Unreadable
from watcher.extract.attachment.word_file import read_formats, without_instructions

# ---------------------------------------------------------------- files made by hand


def box(streams: Mapping[str, bytes], *, shift: int = 9) -> bytes:
    """A compound file; streams under 4096 bytes are kept in the mini stream, as the format has it."""
    size = 1 << shift
    sectors: list[bytes] = []
    follows: list[int] = []

    def stored(data: bytes) -> int:
        first = len(sectors)
        for at in range(0, len(data), size):
            sectors.append(data[at : at + size].ljust(size, b"\0"))
            follows.append(len(sectors))
        if data:
            follows[-1] = 0xFFFFFFFE
        return first if data else 0xFFFFFFFE

    mini, mini_follows, entries = b"", list[int](), list[bytes]()
    for name, data in streams.items():
        if len(data) >= 4096:
            start = stored(data)
        else:
            start, count = len(mini) // 64, -(-len(data) // 64)
            mini += data.ljust(64 * count, b"\0")
            mini_follows += [*range(start + 1, start + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, start, len(data), len(entries) + 2))
    if entries:
        entries[-1] = entries[-1][:72] + b"\xff" * 4 + entries[-1][76:]
    root = _entry("Root Entry", 5, stored(mini), len(mini), 0xFFFFFFFF, below=1 if entries else 0xFFFFFFFF)  # fmt: skip
    directory = stored(b"".join([root, *entries]))
    mini_table = stored(struct.pack(f"<{len(mini_follows)}I", *mini_follows))
    # the table of sectors tells of its own sectors too
    own = -(-(len(follows) + 1) * 4 // size)
    own = -(-(len(follows) + own) * 4 // size)
    places = [*range(len(sectors), len(sectors) + own), *[0xFFFFFFFF] * (109 - own)]
    follows += [0xFFFFFFFD] * own
    sectors.append(struct.pack(f"<{len(follows)}I", *follows).ljust(own * size, b"\xff"))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
    head = (head + struct.pack("<HHHHH", 62, 3, 0xFFFE, shift, 6)).ljust(44, b"\0")
    head += struct.pack("<8I", own, directory, 0, 4096, mini_table, 1, 0xFFFFFFFE, 0)
    return (head + struct.pack("<109I", *places)).ljust(size, b"\0") + b"".join(sectors)


def _entry(
    name: str, kind: int, start: int, size: int, right: int, below: int = 0xFFFFFFFF
) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    links = struct.pack("<III", 0xFFFFFFFF, right, below)
    return (head + links).ljust(116, b"\0") + struct.pack("<II4x", start, size)


def word(
    *pieces: str, mark: int = 0xA5EC, flags: int = 0, repeat: int = 1, shift: int = 9
) -> bytes:
    """A .doc of plain paragraphs; pieces in ASCII have one byte a character, others two.

    With `repeat` all pieces name the same few bytes.
    """
    stream = bytearray(struct.pack("<H8xH", mark, flags).ljust(0x400, b"\0"))
    ends, places = [0], list[bytes]()
    for piece in pieces * repeat:
        narrow = piece.isascii()
        at = len(stream) if repeat == 1 else 0
        place = 2 * at | 0x4000_0000 if narrow else at
        places.append(struct.pack("<HIH", 0, place, 0))
        raw = piece.encode("ascii" if narrow else "utf-16-le")
        ends.append(ends[-1] + len(raw) // (1 if narrow else 2))
        if repeat == 1:
            stream += raw
    table = struct.pack(f"<{len(ends)}I", *ends) + b"".join(places)
    table = b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<I", stream, 0x4C, ends[-1])
    struct.pack_into("<II", stream, 0x9A + 8 * 33, 0, len(table))
    name = "1Table" if flags & 0x200 else "0Table"
    return box({"WordDocument": bytes(stream), name: table}, shift=shift)


TEXT = "竹材管理办法\r第一条 为竹材管理，制定本办法。\r"


@pytest.mark.parametrize("shift", [9, 12])
@pytest.mark.parametrize("flags", [0, 0x200])
@pytest.mark.parametrize("length", [1, 3000])
def test_a_document_of_pieces(shift: int, flags: int, length: int) -> None:
    body = word(TEXT * length, "GB 18030\r", shift=shift, flags=flags)
    read = read_attachment(body, "a.pdf")
    assert (read.kind, read.quality) == ("doc", "ok")
    lines = read.text.split("\n")
    assert len(lines) == 2 * length + 1
    assert (lines[0], lines[1]) == tuple(TEXT.strip().split("\r"))
    assert lines[-1] == "GB 18030"


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ("甲\x0b乙\r", ["甲", "乙"]),
        ("甲\x0c乙\r", ["甲", "乙"]),
        ("竹\x1e材\x1f一\r\r二\r", ["竹-材一", "二"]),
        ("前\x13 HYPERLINK \x14链接\x15后\r", ["前链接后"]),
        ("前\x13 PAGE \x15后\r", ["前后"]),
        ("前\x13 A \x13 B \x14乙\x15 \x14甲\x15后\r", ["前甲后"]),
        ("前\x13 不完\r后\x15\x14\r", ["前"]),
        ("前\x13 不完\r后\r", ["前 不完", "后"]),
        ("𠮷野\r", ["𠮷野"]),
        ("\x01\x08图\x05\r", ["图"]),
        ("没有结尾", ["没有结尾"]),
        ("甲\x07乙\x07\r", ["甲", "乙"]),
    ],
)
def test_marks_in_the_text(raw: str, lines: list[str]) -> None:
    read = read_attachment(word(TEXT, raw))
    assert read.text.split("\n") == [*TEXT.strip().split("\r"), *lines]


@pytest.mark.parametrize(
    ("body", "quality", "says"),
    [
        (word(TEXT, flags=0x100), "encrypted", "password"),
        (word(TEXT, mark=0xA5DC), "unsupported", "Word 97"),
        (word("\r\r"), "no-text", "pictures"),
        (word(TEXT)[:1024], "corrupt", ""),
        (word(TEXT)[:700], "corrupt", "directory"),
        (box({"WordDocument": b"short"}), "corrupt", "header"),
        (box({"WordDocument": struct.pack("<H", 0xA5EC).ljust(5000, b"\0")}), "corrupt", "pieces"),
        (word(TEXT).replace(b"\x09\x00\x06\x00", b"\x05\x00\x06\x00"), "corrupt", "2^5"),
    ],
)  # fmt: skip
def test_documents_that_cannot_be_read_say_why(body: bytes, quality: str, says: str) -> None:
    read = read_attachment(body, "a.doc")
    assert (read.kind, read.quality, read.text) == ("doc", quality, "")
    assert says in (read.reason or "")


def test_pieces_that_name_the_same_bytes_are_no_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.extract.attachment.word_file.CHARACTERS", 1000)
    read = read_attachment(word("竹" * 100, repeat=20))
    assert (read.kind, read.quality) == ("doc", "too-large")


@pytest.mark.parametrize(
    ("streams", "name", "kind"),
    [
        (["WordDocument"], "a.doc", "doc"),
        (["WordDocument"], "a.WPS", "wps"),
        (["WordDocument"], "a.pdf", "doc"),
        (["Workbook"], "a.doc", "xls"),
        (["Book"], "a.et", "xls"),
        (["Workbook"], "a.wps", "xls"),
        (["PowerPoint Document"], "a.dps", "unknown"),
        (["EncryptedPackage"], "a.doc", "docx"),
        (["EncryptedPackage"], "a.xlsx", "xlsx"),
        ([], "a.doc", "unknown"),
    ],
)
def test_streams_tell_kinds_apart(streams: list[str], name: str, kind: str) -> None:
    body = box(dict.fromkeys(streams, b"x"))
    assert kind_of(body, name) == kind
    read = read_attachment(body, name)
    assert read.kind == kind
    assert (read.quality == "encrypted") == ("EncryptedPackage" in streams)


@pytest.mark.parametrize(
    ("mark", "kind"), [(b"\xec\xa5", "doc"), (b"\x09\x08", "xls"), (b"", "unknown")]
)
def test_what_a_box_without_its_directory_was(mark: bytes, kind: str) -> None:
    assert kind_of(box({})[:512] + mark.ljust(600, b"\0"), "a.doc") == kind


def test_an_embedded_paper_is_not_the_file() -> None:
    """The name of a stream counts at the top of the box alone, not where an object in it has one."""
    body = box({"Workbook": "WordDocument".encode("utf-16-le") * 400})
    assert kind_of(body, "a.doc") == "xls"


@given(st.lists(st.binary(max_size=9000), max_size=5), st.sampled_from([9, 12]))
def test_streams_come_back_whole(contents: list[bytes], shift: int) -> None:
    streams = {f"s{n}": data for n, data in enumerate(contents)}
    file = CompoundFile(box(streams, shift=shift))
    assert file.names == frozenset(streams)
    assert {name: file.stream(name) for name in streams} == streams
    assert file.stream("other") is None


@given(st.data())
def test_a_damaged_document_is_a_label(data: st.DataObject) -> None:
    body = bytearray(word(TEXT * 3, "GB\r"))
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=20)):
        body[at] = data.draw(st.integers(0, 255))
    read = read_attachment(bytes(body), "a.doc")
    assert (read.quality == "ok") == (read.reason is None)


@given(st.binary(max_size=60))
def test_any_formats_are_read(raw: bytes) -> None:
    assert all(0 <= word < 65536 for word in read_formats(raw))


@given(st.text(alphabet="竹\x13\x14\x15\r", max_size=40))
def test_any_fields_leave_the_length(text: str) -> None:
    assert len(without_instructions(text)) == len(text)


@pytest.mark.parametrize("body", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600])
def test_what_is_no_box_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        CompoundFile(body)


# ---------------------------------------------------------------- files made by LibreOffice

_REVISED = 'w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"'
_CELL = '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{}</w:tc>'
_GRID = '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>'


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(_CELL.format(cell) for cell in row) for row in rows)
    return f"<w:tbl>{_GRID}{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def field_of(told: str, shown: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"{mark.format('begin')}<w:r><w:instrText> {told} </w:instrText></w:r>{mark.format('separate')}"
        f"<w:r><w:t>{shown}</w:t></w:r>{mark.format('end')}"
    )


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:basedOn w:val="N"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="Two"/><w:basedOn w:val="H"/></w:style>'
)
LISTS = lists(
    CHAPTERS,
    ARTICLES,
    level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2", suff="tab")
    + level(2, "decimalEnclosedCircle", "%3"),
    level(0, "upperLetter", "%1)") + level(1, "lowerRoman", "(%2)"),
)  # fmt: skip
BODY = (
    p("总则", style="H")
    + p("为竹材管理，制定本办法。", "2")
    + p("竹材包括：", "2")
    + p("毛竹；", "2", 1)
    + p("楠竹。", "2", 1)
    + p("经营", style="H2")
    + p("经营者应当登记：", "2")
    + p("名称；", "2", 1)
    + "<w:p><w:r><w:t>每年</w:t></w:r>"
    + f"<w:ins {_REVISED}><w:r><w:t>一月</w:t></w:r></w:ins>"
    + f"<w:del {_REVISED}><w:r><w:delText>二月</w:delText></w:r></w:del>"
    + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>报送</w:t></w:r></w:p>"
    + f"<w:p>{field_of('HYPERLINK &quot;http://example.org&quot;', '链接')}<w:r><w:br/><w:t>行二𠮷野</w:t></w:r></w:p>"
    + table(
        (p("单位"), p("联系人") + p("电话")),
        (p("一段") + p("二段"), p("")),
        (table((p("内一"), p("内二"))) + p(""), p("外")),
    )
    + p("表后", "2")
    + p("一", "3")
    + p("二", "3", 1)
    + p("三", "3", 2)
    + p("四", "3", 2)
    + p("五", "3")
    + p("甲", "4")
    + p("乙", "4", 1)
    + p("丙", "4", 1)
    + "<w:p><w:r><w:t>before</w:t></w:r><w:r><w:br w:type='page'/></w:r><w:r><w:t>after</w:t></w:r></w:p>"
)
SHOWN = [
    "第一章总则",
    "第一条 为竹材管理，制定本办法。",
    "第二条 竹材包括：",
    "（一）毛竹；",
    "（二）楠竹。",
    "第二章经营",
    "第三条 经营者应当登记：",
    "（一）名称；",
    "每年一月报送",
    "链接",
    "行二𠮷野",
    "单位\t联系人 电话",
    "一段",
    "二段",
    "内一\t内二\t外",
    "第四条 表后",
    "1.一",
    "1.1 二",
    "①三",
    "②四",
    "2.五",
    "A)甲",
    "(i)乙",
    "(ii)丙",
    "before",
    "after",
]


def whole_docx(body: str, numbering: str, styles: str, *, related_to: str = "") -> bytes:
    """A .docx with all that programs other than ours want to find in it."""
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    link = '<Relationship Id="{0}" Type="' + relations + '/{0}" Target="{1}"/>'
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts = {"document.main": body, "numbering": numbering, "styles": styles}
    types = "".join(
        f'<Override PartName="/word/{part.partition(".")[0]}.xml" ContentType="{kinds}.{part}+xml"/>'
        for part in parts
    )
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            + types
            + "</Types>",
            "_rels/.rels": related.format(link.format("officeDocument", "word/document.xml")),
            "word/_rels/document.xml.rels": related.format(
                link.format("numbering", "numbering.xml")
                + link.format("styles", "styles.xml")
                + related_to
            ),
            "word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
            "word/numbering.xml": f'<w:numbering xmlns:w="{space}">{numbering}</w:numbering>',
            "word/styles.xml": f'<w:styles xmlns:w="{space}">{styles}</w:styles>',
        }
    )


def converted(paper: bytes, form: str, folder: Path) -> bytes:
    """A .docx as LibreOffice saves it in another format, nothing kept from it."""
    office = shutil.which("soffice")
    if office is None:
        absent("soffice")
    file = folder / "paper.docx"
    file.write_bytes(paper)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(file)]
    subprocess.run([str(office), *words], check=True, timeout=120, capture_output=True)
    return (folder / f"paper.{form}").read_bytes()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The same paper as LibreOffice saves it in another format."""
    folder = tmp_path_factory.mktemp("made")
    return cache(lambda form: converted(whole_docx(BODY, LISTS, STYLES), form, folder))


def test_the_paper_itself_reads_as_it_should() -> None:
    read = read_attachment(whole_docx(BODY, LISTS, STYLES))
    assert read.text.split("\n") == SHOWN


@pytest.mark.parametrize("name", ["a.doc", "a.wps"])
def test_a_document_reads_like_a_docx(made: Callable[[str], bytes], name: str) -> None:
    read = read_attachment(made("doc"), name)
    assert (read.kind, read.quality) == (name[2:], "ok")
    assert read.text.split("\n") == SHOWN


def test_rich_text_reads_like_a_docx(made: Callable[[str], bytes]) -> None:
    read = read_attachment(made("rtf"), "a.doc")
    assert (read.kind, read.quality) == ("doc", "ok")
    # it has a tab behind every number, and keeps no cell's paragraphs apart
    tight = [line.replace(" ", "") for line in read.text.split("\n")]
    shown = [line.replace(" ", "") for line in SHOWN]
    shown[12:14] = ["一段二段"]
    assert tight == shown


def real_documents() -> Iterator[Path]:
    return shared("sites/files/attachments/nmpa_cmde").glob("*.doc")


def test_real_documents_are_read() -> None:
    for file in real_documents():
        read = read_attachment(file.read_bytes(), file.name)
        assert (read.kind, read.quality) == ("doc", "ok")
        assert len(read.text) > 4000
        assert "MERGEFORMAT" not in read.text
        assert sum(line.startswith(("一、", "二、", "三、")) for line in read.text.split("\n")) >= 2
