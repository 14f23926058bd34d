"""What becomes of a letter: of one forwarded, of its place on the web, its item, its brief; and of bad ones."""

import quopri
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from tests.extract.letters import (
    B64,
    LAMPS,
    PAGE,
    PDF,
    QP,
    TEXT,
    b64,
    bound,
    inside,
    letter,
    part,
    several,
)
from tests.extract.test_letter import SEEN
from tests.extract_brief.sample import HTML, PLAIN
from tests.real import shared
from watcher.extract.letters.letter import (
    SUMMARY,
    LetterText,
    brief_page,
    letter_items,
    read_letter,
    title_of,
)
from watcher.extract.letters.webversion import impersonal
from watcher.facts.brief import brief_items, read_brief
from watcher.model import AttachmentText, Page

# ---------------------------------------------------------------- forwarded

INNER = letter(
    TEXT,
    f"Subject: {LAMPS}",
    "Message-ID: <inner@lamps.example>",
    "Date: Tue, 3 Mar 2026 10:00:00 +0800",
)
OUTER = (
    "Subject: Fwd: look",
    "Message-ID: <outer@desk.example>",
    "Date: Fri, 6 Mar 2026 10:00:00 +0100",
)


def forwarded(note: str, *parts: bytes) -> bytes:
    body, kind = bound("mixed", part(note, "text/plain; charset=utf-8"), *parts)
    return letter(body, *OUTER, kind=kind)


@pytest.mark.parametrize(
    "attached",
    [
        part(INNER, "message/rfc822"),
        part(b64(INNER), "message/rfc822", B64),
        part(INNER, 'message/rfc822; name="lamps.eml"', "Content-Disposition: attachment"),
        part(b64(INNER), 'application/octet-stream; name="lamps.eml"', B64),
        inside("digest", b"\r\n" + INNER, mark="d"),
        part(forwarded("again", part(INNER, "message/rfc822")).replace(b'"b"', b'"q"').replace(b"--b", b"--q"), "message/rfc822"),
    ],
)  # fmt: skip
def test_a_letter_forwarded_as_a_file_is_that_letter(attached: bytes) -> None:
    pdf = part(b64(PDF), "application/pdf; name=a.pdf", B64)
    read = read_letter(forwarded("Look at this, please.", attached, pdf))
    assert (read.message_id, read.subject, read.text) == ("inner@lamps.example", LAMPS, TEXT)
    assert read.date is not None
    assert read.date.isoformat() == "2026-03-03T10:00:00+08:00"
    assert read.files == (("a.pdf", PDF),)


def test_letters_forwarded_together_stay_one_letter() -> None:
    two = (
        part(INNER, "message/rfc822"),
        part(INNER.replace(LAMPS.encode(), b"Bulbs"), "message/rfc822"),
    )
    read = read_letter(forwarded("Two of them.", *two))
    assert (read.message_id, read.subject) == ("outer@desk.example", "Fwd: look")
    assert [line for line in read.text.split("\n") if line in ("Two of them.", LAMPS, "Bulbs")] == [
        "Two of them.", LAMPS, LAMPS, "Bulbs", "Bulbs"
    ]  # fmt: skip


def test_a_nameless_letter_is_called_by_its_envelope() -> None:
    nameless = part(INNER.replace(b"Message-ID: <inner@lamps.example>\r\n", b""), "message/rfc822")
    assert read_letter(forwarded("look", nameless)).message_id == "outer@desk.example"


HEADS = [
    "---------- Forwarded message ---------\nFrom: Lamps <news@lamps.example>\nDate: Tue, Mar 3, 2026 at 10:00 AM\nSubject: News\nTo: <a@desk.example>\n",
    "From: Lamps <news@lamps.example>\nSent: Tuesday, 3 March 2026 10:00\nTo: A <a@desk.example>\nSubject: News\n",
    "*From:* Lamps\n*Sent:* Tuesday, March 3, 2026 10:00 AM\n*To:* A\n*Cc:* B\n*Subject:* News\n",
    "发件人：灯具司 <news@lamps.example>\n发送时间：2026年3月3日 10:00\n收件人：甲\n主题：新闻\n",
    "-------- 转发邮件 --------\n发件人: 灯具司\n日期: 2026-03-03 10:00:00\n收件人: 甲\n主题: 新闻\n",
    "Von: Lampen <news@lamps.example>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: A\nBetreff: Neues\n",
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head[:12])
@pytest.mark.parametrize("prefix", ["Fwd:", "FW: ", "转发：", "WG: Re: ", "Re: Fwd: "])
def test_a_letter_forwarded_in_the_text(head: str, prefix: str) -> None:
    raw = letter(f"看一下\n\n{head}\n{TEXT}\n", f"Subject: {prefix} {LAMPS}", *OUTER[1:])
    read = read_letter(raw)
    lines = [line for line in read.text.split("\n") if line]
    assert lines == ["看一下", *TEXT.split("\n")]
    assert read.date is not None
    assert read.date.date() == date(2026, 3, 6 if "März" in head else 3)
    assert title_of(read) == LAMPS


def test_a_page_forwarded_in_the_text() -> None:
    head = "".join(
        f"<b>{line.replace(':', ':</b>', 1)}<br>" for line in HEADS[1].strip().split("\n")
    )
    html = f"<p>see below</p><div>{head}</div>{PAGE}"
    read = read_letter(letter(html, "Subject: Fw: x", kind="text/html; charset=utf-8"))
    assert read.text == f"see below\n{SEEN}"


def test_forwarded_twice() -> None:
    later = HEADS[1].replace("3 March", "5 March")
    read = read_letter(letter(f"{later}\n\n{HEADS[0]}\n{TEXT}", "Subject: Fwd: Fwd: x"))
    assert read.text.strip() == TEXT
    assert read.date is not None
    assert read.date.date() == date(2026, 3, 3)


@pytest.mark.parametrize("head", HEADS[1:2] + HEADS[3:4])
def test_a_reply_keeps_what_it_quotes(head: str) -> None:
    read = read_letter(letter(f"No.\n\n{head}\n{TEXT}", f"Subject: Re: {LAMPS}", *OUTER[1:]))
    assert head.split("\n")[0] in read.text
    assert read.date is not None
    assert read.date.date() == date(2026, 3, 6)


# ---------------------------------------------------------------- the letter on the web


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<p><a href="https://l.example/1">View this email in your browser</a></p>', "https://l.example/1"),
        ('<a href="https://l.example/1"><span>View</span> online</a>', "https://l.example/1"),
        ('<p>Not displaying correctly? <a href="https://l.example/1">Click here</a></p>', "https://l.example/1"),
        ('<p>如果邮件无法正常显示，请<a href="https://l.example/1">点击这里</a></p>', "https://l.example/1"),
        ('<a href="https://l.example/1">在浏览器中查看</a>', "https://l.example/1"),
        ('<a href="https://l.example/1">Im Browser ansehen</a>', "https://l.example/1"),
        ('<a href="https://l.example/2">Read our new study online</a>', None),
        ('<a href="https://l.example/2">Lamp rules in the web of law</a>', None),
        ('<p>View online: <a href="https://l.example/2">a</a> <a href="https://l.example/3">b</a></p>', None),
        ('<a href="javascript:alert(1)">View online</a>', None),
        ('<a href="https://[broken/1">View online</a>', None),
        ("<p>View online</p>", None),
        (
            '<a href="https://mailchi.mp/lamps/no-5?e=abc123&utm_source=x">View this email in your browser</a>',
            "https://mailchi.mp/lamps/no-5",
        ),
    ],
)  # fmt: skip
def test_where_a_page_says_it_stands(html: str, url: str | None) -> None:
    assert read_letter(letter(html, kind="text/html; charset=utf-8")).view_url == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("View this email in your browser (https://l.example/1)\nNews", "https://l.example/1"),
        ("View this post on the web at https://l.example/p/1", "https://l.example/p/1"),
        ("网页版：\n\nhttps://l.example/1，谢谢", "https://l.example/1"),
        ("https://l.example/2\nView online is not offered", None),
        ("Nothing", None),
    ],
)
def test_where_a_text_says_it_stands(text: str, url: str | None) -> None:
    assert read_letter(letter(text)).view_url == url


def test_where_a_list_keeps_a_letter() -> None:
    raw = letter("x", "Archived-At: <https://lists.example/arch/msg1.html>")
    assert read_letter(raw).view_url == "https://lists.example/arch/msg1.html"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://L.example:443/a?utm_source=x&id=5&utm_medium=y", "https://l.example/a?id=5"),
        ("https://l.example/a?id=5&mc_eid=abc#top", "https://l.example/a?id=5#top"),
        ("https://us1.campaign-archive.com/?u=1&id=2&e=abc", "https://us1.campaign-archive.com/?u=1&id=2"),
        ("https://l.example/?e=5", "https://l.example/?e=5"),
    ],
)  # fmt: skip
def test_addresses_that_name_nobody(url: str, expected: str) -> None:
    assert impersonal(url) == expected


# ---------------------------------------------------------------- items


def read(subject: str = "", text: str = "", **more: object) -> LetterText:
    values = {"message_id": "a@b", "sender": ("", ""), "date": None, "html": None, **more}
    return LetterText(subject=subject, text=text, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Fwd: Re: [Lamp News] New rules for lamp makers", "New rules for lamp makers"),
        ("[EXTERNAL] FW: 回复：灯具管理办法公开征求意见", "灯具管理办法公开征求意见"),
        ("转发: 【政策速递】灯具管理办法", "【政策速递】灯具管理办法"),
        ("[Lamp Weekly] No 5", "[Lamp Weekly] No 5"),
        ("WG: AW: SV: Lampen", "Lampen"),
        ("Re[2]: Lamps", "Lamps"),
        ("Regarding: lamps", "Regarding: lamps"),
        ("Fwd:", "First words."),
        ("", "First words."),
    ],
)
def test_titles(subject: str, title: str) -> None:
    assert title_of(read(subject, "First words.\nMore.")) == title


def test_a_letter_without_any_words() -> None:
    (item,) = letter_items(read())
    assert (item.title, item.summary, item.published, item.url) == (None, "", None, None)


def test_an_item() -> None:
    sent = datetime.fromisoformat("2026-03-03T23:30:00+00:00")
    (item,) = letter_items(read(LAMPS, TEXT, date=sent, view_url="https://l.example/1"))
    assert (item.key, item.title, item.url) == ("mid:a@b", LAMPS, "https://l.example/1")
    assert (item.summary, item.published) == (TEXT, date(2026, 3, 4))
    (item,) = letter_items(read(date=sent), zone="Europe/Berlin")
    assert item.published == date(2026, 3, 4)
    (item,) = letter_items(read(date=sent), zone="America/New_York")
    assert item.published == date(2026, 3, 3)


def file(text: str = "", quality: str = "ok", reason: str | None = None) -> AttachmentText:
    return AttachmentText(kind="pdf", quality=quality, text=text, reason=reason)


@pytest.mark.parametrize(
    ("note", "files", "summary"),
    [
        ("see file", (("a.pdf", file(TEXT * 9)),), f"{TEXT * 9}\nAttached: a.pdf"),
        ("long " * 500, (("a.pdf", file(TEXT * 9)),), f"{'long ' * 500}\nAttached: a.pdf"),
        (
            "see files",
            (("a.pdf", file("short")), ("b.pdf", file(quality="no-text", reason="it holds pictures"))),
            "see files\nAttached: a.pdf, b.pdf (not read: it holds pictures)",
        ),
        ("see file", (("a.pdf", file(quality="encrypted")),), "see file\nAttached: a.pdf (not read: encrypted)"),
        ("", (("a\nb.pdf", file(TEXT)),), f"{TEXT}\nAttached: a b.pdf"),
    ],
)  # fmt: skip
def test_what_comes_with_a_letter(
    note: str, files: tuple[tuple[str, AttachmentText], ...], summary: str
) -> None:
    assert letter_items(read("x", note), files)[0].summary == summary


def test_an_item_is_no_longer_than_it_may_be() -> None:
    files = [(f"{n}.pdf", file("long " * 9_000)) for n in range(500)]
    for text in ("", "lamp " * 9_000):
        assert len(letter_items(read("x", text), files)[0].summary) <= SUMMARY


# ---------------------------------------------------------------- briefs

SENT = "Date: Wed, 3 Feb 2027 10:00:00 +0800"
TOP = ["Lamp makers asked to count their bulbs", "Lamp data gets rules", "Shops rush into lamps"]


def with_brief(dress: str) -> bytes:
    note = part("Dear all, please find our brief.", "text/plain")
    match dress:
        case "plain":
            return letter(quopri.encodestring(PLAIN.encode()), SENT, QP)
        case "html":
            return letter(HTML, SENT, kind="text/html; charset=utf-8")
        case "both":
            told = (part("No pages here.", "text/plain"), part(HTML, "text/html; charset=utf-8"))
            body, kind = bound("alternative", *told)
            return letter(body, SENT, kind=kind)
        case "attached letter":
            inner = part(letter(HTML, SENT, kind="text/html; charset=utf-8"), "message/rfc822")
            return several("mixed", note, inner)
        case "forwarded":
            return letter(f"FYI\n\n{HEADS[1]}\n{PLAIN}", SENT, "Subject: Fwd: Lantern")
        case _:
            return several("mixed", note, part(b64(PDF), "application/pdf; name=brief.pdf", B64))


@pytest.mark.parametrize("dress", ["plain", "html", "both", "attached letter", "forwarded", "file"])
def test_a_letter_that_is_or_brings_a_brief(dress: str) -> None:
    told = read_letter(with_brief(dress))
    files = [(name, file(PLAIN)) for name, _ in told.files]
    page = brief_page(told, files)
    assert page is not None
    assert page.url == f"mid:{told.message_id}"
    items = brief_items(read_brief(page), page.url)
    assert [item.title for item in items if item.section == "top5"] == TOP
    assert {item.section for item in items} == {"top5", "policy", "corporate"}
    assert all(item.url and item.url.startswith(f"{page.url}#") for item in items)


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("coding", ["8bit", "quoted-printable", "base64"])
def test_a_real_brief_is_the_same_in_a_letter(number: int, coding: str) -> None:
    (path,) = shared("seeds").glob(f"{number:03}_*.txt")
    message = EmailMessage()
    message["From"] = "news@lamps.example"
    text = path.read_text(encoding="utf-8")
    message.set_content(text, cte=coding)
    page = brief_page(read_letter(message.as_bytes(policy=SMTP)))
    assert page is not None
    assert read_brief(page) == read_brief(Page(url="x", body=text.encode()))


def test_days_without_a_year_are_those_before_the_letter() -> None:
    """What has no date of issue of its own gets the letter's."""
    bullets = "Policy news\n\n- December 28: MIIT issued rules for lamps (MIIT notice)\n- January 4: MOFCOM counted bulbs (Lamp Daily)\n"
    html = "<html><head><title>News</title></head><body class='x'><h2>Policy news</h2><ul><li>December 28: MIIT issued rules (MIIT notice)</li><li>January 4: MOFCOM counted bulbs</li></ul><p>End</p></body></html>"
    for raw in (letter(bullets, SENT), letter(html, SENT, kind="text/html")):
        page = brief_page(read_letter(raw))
        assert page is not None
        dates = [item.dated for item in read_brief(page).items]
        assert dates == [date(2026, 12, 28), date(2027, 1, 4)]


def test_the_address_of_a_brief_is_its_place_on_the_web() -> None:
    html = HTML.replace(
        "<body>", '<body><a href="https://l.example/no5?utm_source=m">View online</a>'
    )
    keys = []
    for number in "12":  # the same issue, sent to two people
        raw = letter(
            html, SENT, f"Message-ID: <{number}@x.example>", kind="text/html; charset=utf-8"
        )
        page = brief_page(read_letter(raw))
        assert page is not None
        assert page.url == "https://l.example/no5"
        keys.append([item.key for item in brief_items(read_brief(page), page.url)])
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Dear all\nSummary: we are closed on Monday.\nBest regards",
        "Minutes\nKey points: none\nDate: March 3, 2026\nPolicy news\n\n- none this week",
        "Policy news\n\n- March 3: one lamp (Lamp Daily)",
        "Invitation\nSummary: a talk on lamps\nDepartment: Light\nDate: March 3, 2026",
        "",
    ],
)
def test_other_letters_are_no_briefs(text: str) -> None:
    assert brief_page(read_letter(letter(text, SENT))) is None
