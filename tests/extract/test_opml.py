"""Subscription lists as feed readers write them, and as an attacker would."""

import time
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import ExtractError, Reason
from watcher.extract.feeds.opml import read_opml
from watcher.text import one_line


def opml(*outlines: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return (
        f'{head}<opml version="2.0"><head><title>灯具</title></head>'
        f"<body>{''.join(outlines)}</body></opml>"
    ).encode()


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        (
            '<outline type="rss" text="Lamps" title="Lamp News" xmlUrl="https://a.example/rss"/>',
            [("Lamp News", "https://a.example/rss", "feed")],
        ),
        (
            '<outline text="灯具 &amp; 灯" xmlurl="http://a.example/?a=1&amp;b=2"/>',
            [("灯具 & 灯", "http://a.example/?a=1&b=2", "feed")],
        ),
        (
            '<outline type="link" text="Notices" url="https://a.example/list.html"/>',
            [("Notices", "https://a.example/list.html", "listing")],
        ),
        (
            '<outline type="atom" url="https://a.example/atom"/>',
            [("", "https://a.example/atom", "feed")],
        ),
        (
            '<outline text="China"><outline text="Trade"><outline text="A" xmlUrl="https://a.example/"/>'
            '</outline><outline text="B" xmlUrl="https://b.example/"/></outline>',
            [("A", "https://a.example/", "feed"), ("B", "https://b.example/", "feed")],
        ),
        ('<outline text="only a folder"/>', []),
    ],
)
def test_what_outlines_name(outline: str, expected: list[tuple[str, str, str]]) -> None:
    read = read_opml(opml(outline), "lamps.opml")
    assert [(o.title, o.url, o.kind) for o in read.found] == expected
    assert read.skipped == ()


@pytest.mark.parametrize(
    ("outline", "name", "why"),
    [
        ('<outline text="A" xmlUrl="feed://a.example/"/>', "A", "no http or https address"),
        ('<outline text="A" xmlUrl="file:///etc/passwd"/>', "A", "'file:///etc/passwd'"),
        ('<outline xmlUrl="javascript:alert(1)"/>', "javascript:alert(1)", "no http"),
        ('<outline type="rss" text="A"/>', "A", "names no feed"),
        ('<outline text="A" htmlUrl="https://a.example/"/>', "A", "names no feed"),
        (
            '<outline type="include" text="More" url="https://a.example/more"/>',
            "More",
            "another subscription list",
        ),
        (
            '<outline text="A" xmlUrl="https://a.example/"/><outline text="B" xmlUrl="https://a.example/"/>',
            "B",
            "named twice",
        ),
        ('<outline type="rss"/>', "an outline without a name", "names no feed"),
    ],
)
def test_what_is_left_out_and_why(outline: str, name: str, why: str) -> None:
    (skipped,) = read_opml(opml(outline), "lamps.opml").skipped
    assert skipped.name == name
    assert why in skipped.why


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<?xml version="1.0" encoding="gb2312"?>', "gb18030"),
        ('<?xml version="1.0" encoding="GBK"?>', "gb18030"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8-sig"),
        ('<?xml version="1.0" encoding="gb2312"?>', "utf-8"),
        ("", "utf-16"),
    ],
)
def test_charsets(head: str, codec: str) -> None:
    outline = '<outline text="国家灯具局公开征求意见的通知公告" xmlUrl="https://a.example/"/>'
    body = opml(outline, head=head).decode().encode(codec)
    assert read_opml(body, "x").found[0].title == "国家灯具局公开征求意见的通知公告"


BOMB = (
    '<!DOCTYPE opml [<!ENTITY a "'
    + "x" * 50
    + '">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">' for n in range(12))
    + "]>"
)


@pytest.mark.parametrize(
    ("body", "reason", "says"),
    [
        (b"", Reason.EMPTY, "'x.opml' is empty"),
        (b"  \n", Reason.EMPTY, "is empty"),
        (b"not xml at all", Reason.NOT_A_LISTING, "is not whole XML"),
        (
            b"<rss version='2.0'><channel/></rss>",
            Reason.NOT_A_LISTING,
            "no OPML: it begins with <rss>",
        ),
        (b"<html><body></body></html>", Reason.NOT_A_LISTING, "begins with <html>"),
        (opml('<outline text="A" xmlUrl="https://a.example/"/>')[:-20], Reason.TRUNCATED, "whole"),
        (opml('<outline text="A & B"/>'), Reason.NOT_A_LISTING, "whole XML"),
        (opml('<outline text="&a11;"/>', head=BOMB), Reason.NOT_A_LISTING, "declares entities"),
        (
            opml(
                '<outline text="&a;" xmlUrl="https://a.example/"/>',
                head='<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
            ),
            Reason.NOT_A_LISTING,
            "declares entities",
        ),
        (opml("<outline>" * 5000 + "</outline>" * 5000), Reason.NOT_A_LISTING, "depth"),
    ],
    ids=str,
)
def test_what_is_refused(body: bytes, reason: Reason, says: str) -> None:
    with pytest.raises(ExtractError, match=r"x\.opml") as e:
        read_opml(body, "x.opml")
    assert e.value.reason is reason
    assert says in str(e.value)


def test_an_outside_dtd_is_never_fetched() -> None:
    head = '<!DOCTYPE opml SYSTEM "http://192.0.2.1/opml.dtd">'
    begun = time.monotonic()
    read = read_opml(opml('<outline text="A" xmlUrl="https://a.example/"/>', head=head), "x")
    assert [o.title for o in read.found] == ["A"]
    assert time.monotonic() - begun < 1


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"]), max_size=40))
def test_any_title_comes_back_on_one_line(title: str) -> None:
    outline = f"<outline text={quoteattr(title)} xmlUrl='https://a.example/'/>"
    (found,) = read_opml(opml(outline), "x").found
    assert found.title == one_line(title)
