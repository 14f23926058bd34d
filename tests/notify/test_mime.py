"""What a mail's headers say, and that what was scraped can neither change nor break them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.message import Message as PythonMessage
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail_html import check_html
from tests.render.lamps import DRAFT, NEW_DRAFT, NOW
from watcher.model import Alert, Attachment, ChangeKind, Classification, Facts, Message, Stage
from watcher.notify.mime import message_id, mime
from watcher.posting import Posting
from watcher.render import render_alerts

SENDER = "China policy <watcher@lamp.example>"
PLAIN = Message(subject="灯具 and more", text="text")


def parsed(message: Message, **more: object) -> EmailMessage:
    made = mime(message, SENDER, "lamps@example.org", "7", now=NOW, **more)  # type: ignore[arg-type] # named by the tests
    raw = made.as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998  # RFC 5322, 2.1.1
    back = message_from_bytes(raw, policy=policy.default)
    assert isinstance(back, EmailMessage)
    assert sorted(back.keys()) == sorted(made.keys())
    assert not any(part.defects for part in back.walk())
    return back


def said(part: PythonMessage) -> str:
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


# ---------------------------------------------------------------- headers


def test_what_every_mail_says_of_itself() -> None:
    mail = parsed(PLAIN)
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == "<7@lamp.example>"
    assert mail["From"] == SENDER
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert (
        "Subject: =?utf-8?" in mime(PLAIN, SENDER, "lamps@example.org", "7", now=NOW).as_string()
    )  # RFC 2047
    for absent in ("List-Id", "List-Unsubscribe", "In-Reply-To", "X-Watcher-Possible-Repeat"):
        assert mail[absent] is None


@pytest.mark.parametrize(
    ("audience", "list_id", "subject"),
    [
        (
            "data-law/drafts",
            "data-law/drafts <drafts.data-law.watcher.lamp.example>",
            "unsubscribe data-law/drafts",
        ),
        ("data-law", "data-law <data-law.watcher.lamp.example>", "unsubscribe data-law"),
        ("a.b/c_.", "a.b/c_. <c.a-b.watcher.lamp.example>", "unsubscribe a.b/c_."),
        ("", None, None),
        ("a\r\nBcc: x@example.org", None, None),
    ],
)
def test_how_a_reader_unsubscribes(audience: str, list_id: str | None, subject: str | None) -> None:
    mail = parsed(replace(PLAIN, audience=audience))
    assert mail["List-Id"] == list_id
    assert mail["List-Unsubscribe-Post"] is None  # nothing acts on one click
    if subject is None:
        assert mail["List-Unsubscribe"] is None
    else:
        address = urlsplit(mail["List-Unsubscribe"].strip(" <>"))
        assert (address.scheme, address.path) == ("mailto", "watcher@lamp.example")
        assert parse_qs(address.query) == {"subject": [subject]}


@pytest.mark.parametrize(
    ("thread", "tied"),
    [
        ("<6@lamp.example>", True),
        ("", False),
        ("C024/1696852920.0001", False),
        ("<6@lamp.example>\r\nBcc: all@example.org", False),
        ("<a@b> <c@d>", False),
    ],
)
def test_what_a_mail_follows(thread: str, tied: bool) -> None:
    mail = parsed(PLAIN, thread=thread)
    expected = thread if tied else None
    assert (mail["In-Reply-To"], mail["References"]) == (expected, expected)
    assert mail["Bcc"] is None


def test_a_repeat_can_be_filtered() -> None:
    assert parsed(PLAIN, repeat=True)["X-Watcher-Possible-Repeat"] == "yes"


@given(key=st.text(), other=st.text())
def test_a_message_id_is_one_of_its_own_and_valid(key: str, other: str) -> None:
    made = message_id(key, "watcher@lamp.example")
    assert made.isascii() and made.isprintable() and " " not in made
    assert (made == message_id(other, "watcher@lamp.example")) == (key == other)


# ---------------------------------------------------------------- whatever was scraped

NASTY = [
    "Subject\r\nBcc: all@example.org\r\n\r\nbody",
    "\nBcc: all@example.org",
    "\n.\nQUIT",
    "--===============0123456789==",
    "=?utf-8?q?x=0D=0ABcc:_all@example.org?=",
    "=?utf-8?b?eA0KQmNjOiBh?= =?x?y?z?=",
    "From here to there",
    "👩‍👩‍👧‍👦🇨🇳 ✋🏽 e\u0301\u0301 مرحبا שלום",
    "\u202eevil\u202c \u2066isolate\u2069 \u200b\ufeff",
    "NUL \x00 BEL \x07 CR \r NEL \x85 LS \u2028 VT \x0b ESC \x1b[31m",
    "\ud800 lone surrogate",
    "<script>alert(1)</script><img src=x onerror=alert(1)><style>p{}</style>",
    "'\" onmouseover=alert(1) {{ 7*7 }} {% raw %} <!-- --> <![endif]-->",
    "[-x-]{+<script>y</script>+}[-{+",
    "javascript:alert(1)",
    "https://lamp.example/a b|c>d<e\"f'g",
    "灯" * 10_000,
    "x" * 10_000,
    "&<>" * 3_000,
    "智能灯具数据管理办法，" * 900,
    "",
]
SHORT = [text for text in NASTY if len(text) < 5_000]
LINKS = [
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "https://www.gov.cn@evil.example/",
    'https://lamp.example/"><script>',
    "https://lamp.example/" + "x" * 5_000,
    "https://lamp.example/灯?q=1&r=2",
]


def texts(chance: random.Random) -> str:
    # one in fifty is long: cutting ten thousand characters is the dear part
    one = chance.choice(NASTY if chance.random() < 0.02 else SHORT)
    return one + "".join(chance.choices("灯a &<>\r\n\t\x00\u202e😀=?", k=chance.randrange(12)))


def random_alert(chance: random.Random) -> Alert:
    def few() -> tuple[str, ...]:
        return tuple(texts(chance) for _ in range(chance.randrange(3)))

    document = replace(
        DRAFT,
        id=chance.randrange(1, 10**6),
        title=texts(chance),
        aka=few(),
        url=chance.choice([None, *LINKS, texts(chance)]),
        attachments=tuple(Attachment(name=name, url="x") for name in few()),
        classification=Classification(primary=texts(chance), secondary=few()),
        facts=Facts(
            stage=chance.choice([None, *Stage]),
            bodies=few(),
            doc_number=texts(chance),
            deadline=chance.choice([None, DRAFT.facts.deadline]),
            deadline_quote=texts(chance),
            comments_to=few(),
        ),
    )
    return Alert(
        kind=chance.choice(list(ChangeKind)),
        document=document,
        reason=texts(chance),
        source_name=texts(chance),
        seen_at=NEW_DRAFT.seen_at,
        timezone="Europe/Berlin",
        was=chance.choice([None, texts(chance)]),
        draft=chance.choice([None, DRAFT]),
        diff_summary=chance.choice([None, texts(chance)]),
        diff_points=few(),
        sightings=few(),
        posting=Posting(team="lamps", subscription="all"),
    )


def batches(chance: random.Random, items: int) -> Iterator[list[Alert]]:
    """Three in ten messages digests of 30, the others alerts."""
    while items > 0:
        size = min(items, 30 if chance.random() < 0.3 else 1)
        yield [random_alert(chance) for _ in range(size)]
        items -= size


def test_ten_thousand_items_make_mails_that_say_the_same() -> None:
    chance = random.Random(7)
    items = 0
    for batch in batches(chance, 10_000):
        message = render_alerts("email", batch, NOW, "26 of 27 read." if len(batch) > 1 else "")
        mail = parsed(replace(message, audience="lamps/all"))
        assert mail["Subject"] == message.subject
        assert [said(part) for part in mail.iter_parts()] == [message.text, message.html]
        check_html(message.html or "")
        items += len(batch)
    assert items == 10_000


def test_words_that_no_renderer_cleaned_make_no_header_either() -> None:
    """What `mime` promises of itself: one line of subject, one kind of line end, nothing unseen."""
    chance = random.Random(8)
    for _ in range(300):
        message = Message(
            subject=" ".join(texts(chance) for _ in range(chance.randrange(4))),
            text="\n".join(texts(chance) for _ in range(chance.randrange(4))),
            audience=texts(chance),
        )
        mail = parsed(message, thread=texts(chance))
        [part] = mail.iter_parts()
        subject, text = str(mail["Subject"]), said(part)
        assert subject.isprintable() or any(c in subject for c in "\u200d\u202e\u2066")
        assert letters(subject) == letters(message.subject)[: len(letters(subject))]
        assert letters(text) == letters(message.text)
        assert not set(text) & set("\x00\x07\x0b\x1b\x85\r\ud800")
        assert mail["Bcc"] is None


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def test_the_date_is_the_clocks() -> None:
    later = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)
    made = mime(PLAIN, SENDER, "lamps@example.org", "7", now=later)
    assert made["Date"] == "Thu, 02 Jan 2031 03:04:05 +0000"
