"""Letters made to hurt: parts in parts, all that might be slow, and bytes that are no letter."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.letters import (
    B64,
    HTML_KIND,
    b64,
    inside,
    letter,
    part,
    several,
)
from tests.extract.test_letter import PAGES
from watcher.extract.attachment import read_attachment
from watcher.extract.letters.letter import (
    brief_page,
    letter_items,
    read_letter,
)
from watcher.extract.letters.mime import words


def nested(levels: int, leaf: bytes) -> bytes:
    piece = part(leaf, "text/plain")
    for level in range(levels):
        piece = inside("mixed", piece, mark=f"m{level}")
    return b"Subject: x\r\n" + piece


def test_parts_in_parts() -> None:
    assert read_letter(nested(15, b"light")).text == "light"
    deep = read_letter(nested(300, b"light"))
    assert (deep.text, [name for name, _ in deep.files]) == ("", ["unnamed.octet-stream"])
    (item,) = letter_items(deep, [(name, read_attachment(body)) for name, body in deep.files])
    assert item.summary.startswith("Attached: unnamed.octet-stream (not read: ")


SLOW = [
    ("a large file", several("mixed", part("see file", "text/plain"), part(b64(b"%PDF" + bytes(7_000_000)), "application/pdf; name=a.pdf", B64))),
    ("short lines in many boxes", nested(300, b"a\r\n" * 2_000_000)),
    ("short lines in boxes", nested(18, b"--m1x\r\n" * 700_000)),
    ("a box like all others", letter(b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 60_000, kind="multipart/mixed; boundary=b")),
    ("parts", letter(b"--b\r\n\r\nx\r\n" * 300_000, kind="multipart/mixed; boundary=b")),
    ("letters in letters", b"Content-Type: message/rfc822\r\n\r\n" * 50_000),
    ("fields", b"A: b\r\n" * 500_000),
    ("encoded words", b"Subject: " + b"=?utf-8?Q?" * 300_000 + b"\r\n\r\nx"),
    ("parameters", letter("x", kind="text/html; " + 'a="\\";' * 300_000)),
    ("prefixes", b"Subject: " + b"Re: Fwd: [x] " * 200_000 + b"\r\n\r\nx"),
    ("heads", letter(b"From: a\r\nTo: b\r\n" * 150_000, "Subject: Fwd: x")),
    ("offers", letter(b"view this email online\r\n" * 100_000)),
    ("half offers", letter(b"view this mail " * 200_000)),
    ("tags", letter(b"<b>x" * 700_000, kind=HTML_KIND)),
    ("half tags", letter(b"<a href='http://x/" * 150_000, kind=HTML_KIND)),
    ("pictures", letter(b"<img src='data:" * 200_000, kind=HTML_KIND)),
    ("tables", letter(b"<table><tr><td>" * 15_000, kind=HTML_KIND)),
    ("boxes", letter(b"<div>" * 15_000, kind=HTML_KIND)),
    ("comments", letter(b"<!--" * 700_000, kind=HTML_KIND)),
    ("labels", letter(b"Lamp rules\r\nSummary: x\r\n" * 100_000)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "raw"), SLOW, ids=[name for name, _ in SLOW])
def test_a_letter_made_to_be_slow(what: str, raw: bytes) -> None:
    began = time.process_time()
    told = read_letter(raw)
    brief_page(told)
    letter_items(told)
    assert time.process_time() - began < 6


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are(raw: bytes) -> None:
    told = read_letter(raw)
    assert told == read_letter(raw)
    (item,) = letter_items(told)
    assert item.key.isprintable()
    assert "\n" not in (item.title or "")


@given(st.integers(0, len(PAGES) - 1), st.data())
def test_letters_damaged_on_the_way(number: int, data: st.DataObject) -> None:
    raw = PAGES[number][1][:3_000]
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    told = read_letter(raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:])
    brief_page(told)
    assert len(letter_items(told)) == 1


@given(st.text(max_size=60), st.sampled_from(["utf-8", "gb18030", "utf-16", "x-lamp"]))
def test_words_come_on_one_line(text: str, charset: str) -> None:
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode()
    for value in (text, f"=?{charset}?B?{encoded}?=", f"=?{charset}?Q?{text}?="):
        assert len(words(value).splitlines()) <= 1
