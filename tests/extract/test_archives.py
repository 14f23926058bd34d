"""Archives: what they hold is listed under its Chinese names."""

import struct
import zlib

import pytest

from tests.extract.test_attachment import zipped
from watcher.extract.attachment import read_attachment


def old_zip(*names: str, codec: str) -> bytes:
    """A zip as Chinese Windows writes it: names in its own code page, without a word of that."""
    marks = [f"{n:0{len(name.encode(codec))}d}" for n, name in enumerate(names)]
    body = zipped(dict.fromkeys(marks, "x"))
    for mark, name in zip(marks, names, strict=True):
        body = body.replace(mark.encode(), name.encode(codec))
    return body


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_the_names_in_a_zip_are_listed(codec: str) -> None:
    read = read_attachment(
        old_zip("附件1：竹材管理办法.doc", "说明/表格.xls", codec=codec), "a.rar"
    )
    assert (read.kind, read.quality) == ("zip", "unsupported")
    assert read.text.split("\n") == ["附件1：竹材管理办法.doc", "说明/表格.xls"]
    assert "listed" in (read.reason or "")


def test_folders_and_a_mac_s_own_files_are_not_listed() -> None:
    body = zipped({"竹/": "", "竹/甲.doc": "x", "__MACOSX/._甲.doc": "x"})
    assert read_attachment(body).text == "竹/甲.doc"


def test_a_long_list_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.extract.attachment.archive._MOST", 2)
    assert read_attachment(zipped(dict.fromkeys("abcd", "x"))).text == "a\nb\nand 2 more"


def rar(*names: str) -> bytes:
    """An archive of empty files in the format of RAR 3."""
    blocks = b"Rar!\x1a\x07\x00" + _block(0x73, 0, b"\0" * 6)
    for name in names:
        raw = name.encode("gb18030")
        place = struct.pack("<IIBIIBBHI", 0, 0, 2, 0, 0x21, 20, 0x30, len(raw), 0x20)
        blocks += _block(0x74, 0x8000, place + raw)
    return blocks + _block(0x7B, 0x4000, b"")


def _block(kind: int, flags: int, rest: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def test_the_names_in_a_rar_are_listed() -> None:
    read = read_attachment(rar("附件1：竹材管理办法.doc", "表格.xls"), "a.zip")
    assert (read.kind, read.quality) == ("rar", "unsupported")
    assert read.text.split("\n") == ["附件1：竹材管理办法.doc", "表格.xls"]


def test_a_middle_volume_lists_what_it_holds() -> None:
    head = b"Rar!\x1a\x07\x00" + _block(0x73, 0x11, b"\0" * 6)
    assert read_attachment(head + rar("a.doc")[20:]).text == "a.doc"


@pytest.mark.parametrize(
    ("body", "quality", "says"),
    [
        (rar("竹.doc")[:30], "corrupt", "no files"),
        (b"Rar!\x1a\x07\x00" + _block(0x73, 0x80, b"\0" * 6), "encrypted", "password"),
        (b"RE~^" + b"\0" * 40, "corrupt", "rar"),
    ],
)  # fmt: skip
def test_a_rar_that_cannot_be_listed_says_why(body: bytes, quality: str, says: str) -> None:
    read = read_attachment(body)
    assert (read.kind, read.quality, read.text) == ("rar", quality, "")
    assert says in (read.reason or "")
