"""Letters in the dresses mailers give them: their texts, pages, headers and files."""

import quopri
from collections.abc import Sequence

import pytest

from tests.extract.letters import (
    B64,
    BIT8,
    HTML_KIND,
    LAMPS,
    PAGE,
    PDF,
    QP,
    TEXT,
    b64,
    inside,
    letter,
    part,
    several,
)
from watcher.extract.attachment import read_attachment
from watcher.extract.letters.letter import (
    letter_items,
    read_letter,
)

# ---------------------------------------------------------------- texts

TEXTS = [
    ("utf-8", letter(TEXT)),
    ("unannounced utf-8", letter(TEXT, kind="text/plain")),
    ("gb2312, quoted", letter(quopri.encodestring(TEXT.encode("gb18030")), QP, kind="text/plain; charset=GB2312")),
    ("gb2312, base64", letter(b64(TEXT.encode("gb18030")), B64, kind='text/plain; charset="gb2312"')),
    ("utf-8 called gb2312", letter(b64(TEXT.encode()), B64, kind="text/plain; charset=gb2312")),
    ("gbk called utf-8", letter(b64(TEXT.encode("gb18030")), B64, kind="text/plain; charset=UTF-8")),
    ("gbk called latin", letter(b64(TEXT.encode("gb18030")), B64, kind="text/plain; charset=iso-8859-1")),
    ("gbk called ascii", letter(TEXT.encode("gb18030"), BIT8, kind="text/plain; charset=us-ascii")),
    ("gbk, unannounced", letter(TEXT.encode("gb18030"), BIT8, kind="text/plain")),
    ("gbk of an unknown name", letter(TEXT.encode("gb18030"), BIT8, kind="text/plain; charset=x-lamp")),
    ("with a mark", letter(b"\xef\xbb\xbf" + TEXT.encode())),
    ("a broken type", letter(TEXT, kind="text/plain charset=utf-8;; =x")),
    ("an empty type", letter(TEXT, kind="")),
    ("two types", letter(TEXT, "Content-Type: application/pdf")),
    ("base64 cut off", letter(b64(TEXT.encode() + "。。".encode()).rstrip()[:-3], B64)),
    ("base64 and a footer", letter(b64(TEXT.encode() + b"  ") + b"\r\n-- \r\n", B64)),
    ("a mailbox's line", b"From news Tue Mar  3 10:00:00 2026\n" + letter(TEXT)),
    ("newlines alone", letter(TEXT).replace(b"\r\n", b"\n")),
    ("mixed", several("mixed", part(TEXT, "text/plain; charset=utf-8"))),
    ("the last boundary lost", several("mixed", part(TEXT, "text/plain")).removesuffix(b"\r\n--b--\r\n")),
    ("a boundary not announced", several("mixed", part(TEXT, "text/plain")).replace(b'; boundary="b"', b"").replace(b"preamble\r\n", b"")),
    ("a boundary like another", several("mixed", inside("alternative", part(TEXT, "text/plain"), mark="b-b"))),
    ("a part without header", several("mixed", b"\r\n" + TEXT.encode())),
    ("said to have parts", letter(TEXT, kind="multipart/mixed; boundary=none")),
    ("signed", several("signed", part(TEXT, "text/plain"), part("x", "application/pgp-signature; name=a.asc"))),
    ("attached as a file", several("mixed", part(TEXT, "text/plain; name=a.txt", "Content-Disposition: attachment"))),
    ("invited", several("alternative", part(TEXT, "text/plain"), part("BEGIN:VCALENDAR", "text/calendar; method=REQUEST"))),
]  # fmt: skip


@pytest.mark.parametrize(("dress", "raw"), TEXTS, ids=[name for name, _ in TEXTS])
def test_plain_text(dress: str, raw: bytes) -> None:
    read = read_letter(raw)
    assert read.text.rstrip("。\ufffd") == TEXT.rstrip("。")
    assert (read.html, read.files) == (None, ())


@pytest.mark.parametrize(
    ("label", "codec"), [("big5", "big5"), ("hz-gb-2312", "hz"), ("utf-16le", "utf-16-le")]
)
def test_rarer_charsets(label: str, codec: str) -> None:
    text = "燈具管理辦法於三月發布" if codec == "big5" else "灯具管理办法于三月发布，请照办"
    raw = letter(b64(text.encode(codec)), B64, kind=f"text/plain; charset={label}")
    assert read_letter(raw).text == text


def test_lines_that_flow_on() -> None:
    text = (
        "One long \r\nline of lamps.\r\nAnother one.\r\n> quoted \r\n> words\r\n-- \r\nA lamp\r\n"
    )
    flowed = letter(text, kind="text/plain; format=flowed")
    assert read_letter(flowed).text.split("\n")[:2] == ["One long line of lamps.", "Another one."]
    chinese = letter(
        "灯具 \r\n管理\r\n", kind="text/plain; format=flowed; delsp=yes; charset=utf-8"
    )
    assert read_letter(chinese).text == "灯具管理"


SEEN = f"{LAMPS}\n各灯具厂：请于三月底前\n反馈意见。"
GIF = part(b64(b"GIF89a"), "image/gif; name=logo.gif", B64, "Content-ID: <logo>")
BESIDE = (
    part("Your program shows no pages.", "text/plain"),
    part(PAGE, "text/html; charset=utf-8"),
)
PAGES = [
    ("alone", letter(PAGE, kind="text/html; charset=utf-8")),
    ("gbk by its meta", letter(PAGE.replace("<head>", "<head><meta charset=gb2312>").encode("gbk"), kind="text/html")),
    ("beside a text", several("alternative", *BESIDE)),
    ("with its pictures", several("related", inside("alternative", *BESIDE, mark="c"), GIF)),
    ("pictures inside", several("alternative", BESIDE[0], inside("related", BESIDE[1], GIF, mark="c"))),
    ("deep in boxes", several("mixed", inside("related", inside("alternative", *BESIDE, mark="d"), GIF, mark="c"), GIF)),
    ("and a livelier one", several("alternative", BESIDE[0], part("<p>amp</p>", "text/x-amp-html"), BESIDE[1])),
    ("as a file", several("mixed", part(PAGE, "text/html; name=news.html", "Content-Disposition: attachment"))),
    ("hidden words", letter(PAGE.replace("<h1>", "<div style='display:none'>preview</div><!--[if mso]><p>x</p><![endif]--><h1>"), kind="text/html")),
    ("a picture within", letter(PAGE.replace("<h1>", f"<img src='data:image/png;base64,{'A' * 1_100_000}'><h1>"), kind="text/html")),
]  # fmt: skip


@pytest.mark.parametrize(("dress", "raw"), PAGES, ids=[name for name, _ in PAGES])
def test_pages(dress: str, raw: bytes) -> None:
    read = read_letter(raw)
    assert read.text == SEEN
    assert read.html is not None
    assert read.files == ()


def test_an_attached_page_stands_below_the_note() -> None:
    page = part(PAGE, HTML_KIND, "Content-Disposition: attachment; filename=news.html")
    for note in (part("See below.", "text/plain"), part("<p>See below.</p>", "text/html")):
        told = read_letter(several("mixed", note, page))
        assert told.text == f"See below.\n{SEEN}"
        assert LAMPS in (told.html or "")


def test_a_page_without_end_is_read_from_its_top() -> None:
    told = read_letter(letter(f"<p>{LAMPS}</p>" + "<p>light</p>" * 100_000, kind=HTML_KIND))
    assert told.text.startswith(f"{LAMPS}\nlight\nlight")
    assert len(told.text) < 200_000


def test_pieces_follow_each_other() -> None:
    """Apple Mail puts a file between two texts."""
    raw = several(
        "mixed",
        part("first", "text/plain"),
        part(b64(PDF), "application/pdf; name=a.pdf", B64),
        part("second", "text/plain"),
    )
    read = read_letter(raw)
    assert (read.text, read.files) == ("first\nsecond", (("a.pdf", PDF),))


# ---------------------------------------------------------------- header


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("Lamps", "Lamps"),
        ("=?UTF-8?B?54Gv5YW3?=", "灯具"),
        ("=?gb2312?B?tcbH+A==?= No 5", "灯区 No 5"),
        ("=?gbk?Q?=B5=C6_=D6=EC=E9F?=", "灯 朱镕"),
        ("=?utf-8?B?54Gv5Q==?=\r\n =?utf-8?B?hbc=?=", "灯具"),  # a character in two words
        ("Re: =?utf-8?Q?a?= =?gbk?Q?b?= c", "Re: ab c"),
        ("=?utf-8*zh?Q?a?=", "a"),
        ("=?x-lamp?Q?a=E7=81=AF?=", "a灯"),
        ("=?utf-8?B?54Gv5YW3", "=?utf-8?B?54Gv5YW3"),
        ("=?utf-8?B?54Gv5YW?=", "灯�"),
        ("=?utf-8?Q?a=0D=0ABcc:_b@c.example?=", "a Bcc: b@c.example"),
        ("a\r\n b\r\n\tc", "a b c"),
        (LAMPS, LAMPS),
        (LAMPS.encode("gb18030").decode("utf-8", "surrogateescape"), LAMPS),
        ("", ""),
    ],
)
def test_subjects(value: str, subject: str) -> None:
    assert read_letter(letter("x", f"Subject: {value}")).subject == subject


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("=?utf-8?B?54Gv5YW35Y+4?= <news@lamps.example>", ("灯具司", "news@lamps.example")),
        ('"Lamp, Office" <news@lamps.example>, b@x.example', ("Lamp, Office", "news@lamps.example")),
        ("news@lamps.example", ("", "news@lamps.example")),
        ("undisclosed:;", ("", "")),
        ("<<>>\x00", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_senders(value: str, sender: tuple[str, str]) -> None:
    assert read_letter(f"From: {value}\r\n\r\nx".encode()).sender == sender


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("Date: Tue, 3 Mar 2026 22:15:00 +0800 (CST)",), "2026-03-03T22:15:00+08:00"),
        (("Date: Tue, 3 Mar 2026 22:15:00 CST",), "2026-03-03T22:15:00+08:00"),
        (("Date: Tue Mar 03 10:00:00 CST 2026",), "2026-03-03T10:00:00+08:00"),
        (("Date: 3 Mar 26 10:00 GMT",), "2026-03-03T10:00:00+00:00"),
        (("Date: 2026-03-03T10:00:00+01:00",), "2026-03-03T10:00:00+01:00"),
        (("Date: Tue, 3 Mar 2026 10:00:00",), "2026-03-03T10:00:00+00:00"),
        (("Received: from a by b; Tue, 3 Mar 2026 10:00:00 +0800", "Received: from x by a; Mon, 2 Mar 2026 10:00:00 +0800"), "2026-03-03T10:00:00+08:00"),
        (("Received: by b; Tue, 3 Mar 2026 10:00:00 +0800", "Date: Tue, 3 Mar 2026 08:00:00"), "2026-03-03T10:00:00+08:00"),
        (("Received: by b; Tue, 3 Mar 2026 10:00:00 +0800", "Date: 三月三日"), "2026-03-03T10:00:00+08:00"),
        (("Received: by b; Tue, 3 Mar 2026 10:00:00 +0800", "Date: Tue, 3 Mar 2036 10:00:00 +0800"), "2026-03-03T10:00:00+08:00"),
        (("Received: by b; Tue, 3 Mar 2026 10:00:00 +0800", "Date: Mon, 2 Mar 2026 10:00:00 +0800"), "2026-03-02T10:00:00+08:00"),
        (("Date: Tue, 33 Mar 2026 10:00:00 +0800",), None),
        (("Date: Tue, 3 Mar 1026 10:00:00 +0800",), None),
        (("Date: Tue, 3 Mar 2026 10:00:00 +9999999",), None),
        (("Date: Tue, 3 Mar 99999999999999999999 10:00:00 +0800",), None),
        (("Date: \x00",), None),
        ((), None),
    ],
)  # fmt: skip
def test_when_a_letter_was_sent(fields: Sequence[str], expected: str | None) -> None:
    moment = read_letter(letter("x", *fields)).date
    assert (moment.isoformat() if moment else None) == expected


def test_what_a_letter_is_called() -> None:
    assert (
        read_letter(letter("x", "Message-ID: <a.b@lamps.example>")).message_id
        == "a.b@lamps.example"
    )
    nameless = [
        "",
        "Message-ID: <>",
        "Message-ID: <a b>",
        f"Message-ID: <{'x' * 999}>",
        "Message-ID: none",
    ]
    for field in nameless:
        read = read_letter(letter("x", field) if field else letter("x"))
        assert read.message_id.startswith("sha256-")
        assert (
            read.message_id == read_letter(letter("x", field) if field else letter("x")).message_id
        )
        assert (
            read.message_id != read_letter(letter("y", field) if field else letter("y")).message_id
        )


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (('Content-Disposition: attachment; filename="plan.pdf"',), "plan.pdf"),
        (("Content-Disposition: attachment; filename*=GB2312''%B5%C6%BE%DF%D6%EC%E9F.pdf",), "灯具朱镕.pdf"),
        (("Content-Disposition: attachment; filename*0*=utf-8''%E7%81%AF;", " filename*1*=%E5%85%B7; filename*2=.pdf"), "灯具.pdf"),
        (('Content-Disposition: attachment; filename="=?gb2312?B?tcY=?= =?gb2312?B?x/g=?=.pdf"',), "灯区.pdf"),
        (('Content-Disposition: attachment; filename="%E7%81%AF%E5%85%B7.pdf"',), "灯具.pdf"),
        (('Content-Disposition: attachment; filename="灯具.pdf"',), "灯具.pdf"),
        ((f'Content-Disposition: attachment; filename="{"灯具管理.pdf".encode("gbk").decode("utf-8", "surrogateescape")}"',), "灯具管理.pdf"),
        (("Content-Disposition: attachment; filename=lamp plan.pdf",), "lamp plan.pdf"),
        (('Content-Disposition: inline; filename="../../etc/\x00plan.pdf"',), "plan.pdf"),
        (('Content-Disposition: attachment; filename="C:\\\\lamps\\\\plan.pdf"',), "plan.pdf"),
        ((f'Content-Disposition: attachment; filename="{"x" * 500}.pdf"',), "x" * 196 + ".pdf"),
        (("Content-Disposition: attachment; filename*=bad\x00'x'plan%2Epdf",), "plan.pdf"),
        (("Content-Disposition: attachment",), "unnamed.pdf"),
    ],
)  # fmt: skip
def test_names_of_files(fields: tuple[str, ...], name: str) -> None:
    raw = several(
        "mixed", part("see file", "text/plain"), part(b64(PDF), "application/pdf", B64, *fields)
    )
    assert read_letter(raw).files == ((name, PDF),)


def test_what_is_a_file_and_what_is_not() -> None:
    raw = several(
        "mixed",
        part("see files", "text/plain"),
        part(b64(b"TNEF"), "application/ms-tnef", B64),
        part(b64(b"PK"), "application/octet-stream; name=a.docx", B64),
        part("x", "image/png; name=logo.png", "Content-Disposition: attachment"),
        part("x", "application/pkcs7-signature; name=smime.p7s"),
        part("BEGIN:VCALENDAR", "text/calendar; name=invite.ics"),
        part("x", "message/delivery-status"),
        part("", "application/pdf; name=empty.pdf"),
    )
    read = read_letter(raw)
    assert read.files == (("winmail.dat", b"TNEF"), ("a.docx", b"PK"))
    files = [(name, read_attachment(body, name)) for name, body in read.files]
    (item,) = letter_items(read, files)
    assert item.summary.startswith("see files\nAttached: winmail.dat (not read: ")


def test_there_are_no_more_files_than_people_send() -> None:
    raw = several("mixed", *(part(PDF, f"application/pdf; name={n}.pdf") for n in range(300)))
    assert len(read_letter(raw).files) == 50
