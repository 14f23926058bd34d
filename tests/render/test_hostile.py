"""Laws: whatever was scraped, every medium stays valid and nothing in the text acts on its own.

Of Slack: test_slack_hostile.py.
"""

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.mail_html import check_html
from tests.render.lamps import DRAFT, NEW_DRAFT, NOW
from watcher.model import Alert, Attachment, ChangeKind, Classification, Facts, Link, Message, Stage
from watcher.notify.mime import mime
from watcher.render import render_alerts, render_notice, render_terminal
from watcher.render.scraped import clean, cut, web_link
from watcher.render.terminal import wrap

NASTY = [
    "<!channel> <!here> <@U012345> <#C012345> <!subteam^S01> @channel @here #general",
    "<https://evil.example|gov.cn>",
    "&<>&amp;&lt;!channel&gt;",
    "*bold* _italic_ ~struck~ `code` ```fence``` > quote",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x9b31m",
    "\u202eevil\u202c \u2066isolate\u2069 \u200b \ufeff",
    "NUL \x00 BEL \x07 CR \r LF \n NEL \x85 LS \u2028 VT \x0b",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'\" onmouseover=alert(1) {{ 7*7 }} {% raw %}",
    "Subject\r\nBcc: all@example.org\r\n\r\nbody",
    "=?utf-8?q?x=0D=0ABcc:_all@example.org?=",
    "👩‍👩‍👧‍👦🇨🇳 ✋🏽 e\u0301\u0301\u0301 مرحبا שלום",
    "\ud800 lone surrogate",
    "智能灯具数据管理办法，" * 900,
    "灯" * 10_000,
    "&" * 10_000,
    "<" * 10_000,
    "x" * 10_000,
    " ",
    "",
]
LINKS = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://www.gov.cn@evil.example/",
    "https://lamp.example/a b|c>d<e\"f'g",
    "https://lamp.example/%zz?q=灯#片",
    "https://灯.example/",
    "http://[::1]:80/",
    "http://[::1/",
    "https://lamp.example/" + "x" * 5000,
    "//lamp.example/",
    "https:///lamp",
    "HTTPS://LAMP.EXAMPLE/\r\nX: y",
    "ftp://lamp.example/",
    "https://lamp.example/\ud800",
    "",
]
texts = st.sampled_from(NASTY) | st.text(
    st.characters() | st.sampled_from("&<>@!#|*_~`，。《》（）\x1b\r\n\u202e\u2066灯"), max_size=60
)
few = st.lists(texts, max_size=4).map(tuple)
facts = st.builds(
    Facts,
    stage=st.none() | st.sampled_from(Stage),
    round=st.none() | st.integers(1, 9),
    doc_number=st.none() | texts,
    bodies=few,
    deadline=st.none() | st.integers(-9, 90).map(lambda n: date(2026, 10, 10) + timedelta(n)),
    deadline_quote=st.none() | texts,
)
documents = st.builds(
    lambda i, changes, facts: replace(DRAFT, id=i, facts=facts, **changes),
    st.integers(1, 5),
    st.fixed_dictionaries(
        {
            "title": texts,
            "aka": few,
            "url": st.none() | st.sampled_from(LINKS) | texts,
            "text": texts,
            "attachments": few.map(lambda names: tuple(Attachment(name=n, url="x") for n in names)),
            "classification": st.builds(Classification, primary=texts, secondary=few),
        }
    ),
    facts,
)
alerts = st.builds(
    Alert,
    kind=st.sampled_from(ChangeKind),
    document=documents,
    reason=texts,
    source_name=texts,
    seen_at=st.just(NEW_DRAFT.seen_at),
    timezone=st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "America/New_York"]),
    was=st.none() | texts,
    draft=st.none() | documents,
    link=st.none()
    | st.builds(
        Link,
        draft=st.just("1"),
        final=st.just("2"),
        state=st.sampled_from(["linked", "suggested"]),
        score=st.just(0.5),
        kind=st.sampled_from(["final", "round"]),
    ),
    diff_summary=st.none() | texts,
    diff_summary_zh=st.none() | texts,
    diff_points=few,
    sightings=few,
    delivery=texts,
)
batches = st.lists(alerts, min_size=1, max_size=4)


def rich_texts(value: Any) -> list[str]:
    """The texts of rich text, which are no marks whatever they say (`problems` lets nothing else in)."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "text" else []
        return own + [found for v in value.values() for found in rich_texts(v)]
    if isinstance(value, list | tuple):
        return [found for v in value for found in rich_texts(v)]
    return []


def unseen(text: str) -> list[str]:
    """Characters that steer a terminal or a reader's eye, line ends aside."""
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Cf") and c != "\n"]


def check_mail(message: Message) -> None:
    made = mime(message, "watcher@lamp.example", "lamps@example.org", "7", now=NOW)
    back = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert isinstance(back, EmailMessage)
    assert back["Subject"] == message.subject
    assert back["Bcc"] is None
    parts = [part.get_content().replace("\r\n", "\n") for part in back.iter_parts()]
    assert parts == [message.text, message.html]
    assert unseen(message.text) == []
    check_html(parts[1])


def check_console(message: Message) -> None:
    for line in message.text.split("\n"):
        assert cell_len(line) <= 80 or line.lstrip().startswith(("http://", "https://"))
    assert unseen(message.text) == []


CHECKS = {"email": check_mail, "console": check_console}


@pytest.mark.parametrize("kind", sorted(CHECKS))
@settings(max_examples=200, deadline=None)
@given(batch=batches)
def test_alerts_whatever_they_say(kind: str, batch: list[Alert]) -> None:
    CHECKS[kind](render_alerts(kind, batch, NOW))


@pytest.mark.parametrize("kind", sorted(CHECKS))
@settings(max_examples=100, deadline=None)
@given(subject=texts, lines=st.lists(texts, max_size=40))
def test_notices_whatever_they_say(kind: str, subject: str, lines: list[str]) -> None:
    CHECKS[kind](render_notice(kind, subject, lines))


@settings(max_examples=100, deadline=None)
@given(alert=alerts, width=st.sampled_from([40, 80, 120]))
def test_colour_changes_no_word(alert: Alert, width: int) -> None:
    plain = render_terminal(alert, width, colour=False, now=NOW)
    coloured = render_terminal(alert, width, colour=True, now=NOW)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain


# ---------------------------------------------------------------- the parts


@given(text=texts)
def test_clean_is_idempotent_and_one_line(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unseen(once) == []
    assert "\n" not in once
    once.encode()


@given(text=texts.map(clean), limit=st.integers(1, 50))
def test_cut_keeps_a_beginning(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= limit
    assert text == short or (short[-1] == "…" and text.startswith(short[:-1].rstrip()))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        (
            "灯具应当联网。数据应当分类，并且分级保护。",
            30,
            "灯具应当联网。数据应当分类，并且分级保护。",
        ),
        ("灯具应当联网。数据应当分类，并且分级保护。", 12, "灯具应当联网。…"),
        ("灯具应当联网。数据应当分类，并且分级保护。", 17, "灯具应当联网。数据应当分类…"),
        ("智能灯具数据管理办法征求意见稿", 8, "智能灯具数据管…"),
        ("Measures for the Data of Smart Lamps", 20, "Measures for the…"),
        ("Version 3.11 of the rules", 12, "Version…"),
    ],
)
def test_where_text_is_cut(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@given(text=texts.map(clean), width=st.integers(4, 60), indent=st.sampled_from(["", "  "]))
def test_wrap_loses_nothing_and_keeps_the_width(text: str, width: int, indent: str) -> None:
    lines = wrap(text, width, indent)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("智能灯具数据，管理办法", 12, ["智能灯具数", "据，管理办法"]),
        ("关于《智能灯具》的通知", 10, ["关于《智能", "灯具》的通", "知"]),
        ("关于印发《灯具办法》", 10, ["关于印发", "《灯具办", "法》"]),
        ("应当在30日内报告MIIT", 12, ["应当在30日内", "报告MIIT"]),
        ("until Tue 7 Nov 2023", 12, ["until Tue 7", "Nov 2023"]),
        ("averyveryverylongword x", 8, ["averyver", "yverylon", "gword x"]),
    ],
)
def test_where_lines_break(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.lamp.example.cn/a/t1.html", "https://www.lamp.example.cn/a/t1.html"),
        ("HTTP://Lamp.example:80/?q=灯#片", "http://lamp.example/?q=%E7%81%AF#%E7%89%87"),
        ("https://灯.example/", "https://xn--znx.example/"),
        ("https://www.gov.cn@evil.example/", "https://evil.example/"),
        ("https://lamp.example/a b|c", "https://lamp.example/a%20b%7Cc"),
        ("https://lamp.example/100%", "https://lamp.example/100%25"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("ftp://lamp.example/", None),
        ("//lamp.example/", None),
        ("http://[::1/", None),
        ("https://", None),
        (None, None),
    ],
)
def test_what_is_a_web_address(url: str | None, link: str | None) -> None:
    assert web_link(url) == link
