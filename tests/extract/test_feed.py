"""Feeds of every kind, their dates, and what is no feed."""

import json
from datetime import date

import pytest

from tests.extract.test_listing import told
from watcher.errors import ExtractError, Reason
from watcher.extract.feed import feed, feed_date
from watcher.model import Item, Page
from watcher.settings import Rule

URL = "https://www.demo.gov.cn/rss/feed.xml"


def items(text: str | bytes, content_type: str | None = None) -> list[Item]:
    body = text.encode() if isinstance(text, str) else text
    return feed(Page(url=URL, body=body, content_type=content_type), Rule())


def rss(*entries: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    body = "".join(f"<item>{entry}</item>" for entry in entries)
    return f'{head}<rss version="2.0"><channel><title>竹业</title>{body}</channel></rss>'


PAPER = "<title>关于竹材的通知</title><link>/a/1.html</link>"
FEEDS = {
    "rss 2.0": (
        rss(
            "<title><![CDATA[关于<em>竹材</em>的通知]]></title><link>https://a.cn/1.html</link>"
            "<pubDate>Tue, 14 Apr 2026 00:00:00 +0800</pubDate>"
        ),
        "关于竹材的通知 | https://a.cn/1.html | 2026-04-14 | -",
    ),
    "relative link": (rss(PAPER), "关于竹材的通知 | https://www.demo.gov.cn/a/1.html | - | -"),
    "no title": (rss("<link>https://a.cn/1</link>"), "- | https://a.cn/1 | - | -"),
    "no address": (rss("<title>竹材目录</title>"), "竹材目录 | - | - | -"),
    "an enclosure is no address": (
        rss('<title>竹材目录</title><enclosure url="https://a.cn/1.mp3" type="audio/mpeg"/>'),
        "竹材目录 | - | - | -",
    ),
    "rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"/><item rdf:about="https://a.cn/1">'
        "<title>竹材目录</title><link>https://a.cn/1</link><dc:date>2026-03-05</dc:date></item></rdf:RDF>",
        "竹材目录 | https://a.cn/1 | 2026-03-05 | -",
    ),
    "atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">竹材&lt;b&gt;目录&lt;/b&gt;</title>'
        '<link rel="alternate" href="/1"/><updated>2026-03-05T20:00:00Z</updated></entry></feed>',
        "竹材目录 | https://www.demo.gov.cn/1 | 2026-03-06 | -",
    ),
    "cdf": (
        '<CHANNEL><ITEM HREF="https://a.cn/1"><TITLE>竹材目录</TITLE></ITEM></CHANNEL>',
        "竹材目录 | https://a.cn/1 | - | -",
    ),
    "json feed": (
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [
                    {"id": "1", "url": "/1", "title": "竹材目录", "date_published": "2026-03-05T01:00:00+08:00"}
                ],
            }
        ),
        "竹材目录 | https://www.demo.gov.cn/1 | 2026-03-05 | -",
    ),
    "the last tag is cut": (rss(PAPER)[:-1], "关于竹材的通知 | https://www.demo.gov.cn/a/1.html | - | -"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "row"), FEEDS.values(), ids=FEEDS)
def test_kinds(text: str, row: str) -> None:
    assert [told(item) for item in items(text)] == [row]


@pytest.mark.parametrize(
    ("head", "charset", "content_type"),
    [
        ('<?xml version="1.0" encoding="gb2312"?>', "gb18030", None),
        ('<?xml version="1.0"?>', "gb18030", "text/xml; charset=GBK"),
        ('<?xml version="1.0" encoding="gb2312"?>', "utf-8", None),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-16", None),
        ('<?xml version="1.0" encoding="big5"?>', "big5", None),
        ("", "gb18030", None),
    ],
)
def test_charsets(head: str, charset: str, content_type: str | None) -> None:
    title = "關於竹材的公告" if charset == "big5" else "关于竹产品目录的通知，由部门公告"
    text = rss(f"<title>{title}</title>", head=head)
    (item,) = items(text.replace("竹业", "zhu").encode(charset), content_type)
    assert item.title == title


def test_unlabelled_korean_is_refused_rather_than_read_as_chinese() -> None:
    body = rss("<title>대나무 관리 규정에 관한 공고입니다</title>", head="").replace("竹业", "x")
    with pytest.raises(ExtractError) as caught:
        items(body.encode("euc-kr"))
    assert caught.value.reason is Reason.UNDECODABLE


def test_summaries_are_plain_text_and_keys_last() -> None:
    text = rss(
        "<guid isPermaLink='false'>g-1</guid><title>竹材</title><description>来源: 竹业局&lt;br/&gt;一、&amp;lt;申请&amp;gt;&amp;nbsp;要求</description>",
        "<title>藤材</title><pubDate>2026-05-05</pubDate>",
        "<title>藤材</title><pubDate>2026-05-06</pubDate>",
        "<title>竹笋</title><link>https://a.cn/1</link><guid>g-4</guid>",
    )
    found = items(text)
    assert found[0].summary == "来源: 竹业局 一、<申请> 要求"
    assert found[0].key == "g-1"
    assert found[3].key == "https://a.cn/1"
    assert len({item.key for item in found}) == 4


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("Thu, 05 Mar 2026 09:00:00 +0800", date(2026, 3, 5)),
        ("Thu, 05 Mar 2026 20:00:00 GMT", date(2026, 3, 6)),
        ("Thu, 05 Mar 2026 20:00:00 -0500", date(2026, 3, 6)),
        ("05 Mar 2026 23:00:00", date(2026, 3, 5)),
        ("Thu Mar 05 23:00:00 CST 2026", date(2026, 3, 5)),
        ("Thu, 05 Mar 2026 23:00:00 CST", date(2026, 3, 5)),
        ("2026-03-05T20:00:00Z", date(2026, 3, 6)),
        ("2026-03-05T20:00:00", date(2026, 3, 5)),
        ("2026-03-05 20:00:00.123 +0000", date(2026, 3, 6)),
        ("2026-03-05", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("二〇二六年三月五日", date(2026, 3, 5)),
        ("2026/3/5 08:00", date(2026, 3, 5)),
        ("星期四, 05 三月 2026", None),
        ("", None),
        ("2026-02-31T00:00:00Z", None),
    ],
)
def test_dates(raw: str, day: date | None) -> None:
    assert feed_date(raw) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (rss(), Reason.EMPTY),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', Reason.EMPTY),
        ("", Reason.EMPTY),
        ("<html><body><ul><li>列表</li></ul></body></html>", Reason.NOT_A_LISTING),
        ('{"title": "竹"}', Reason.NOT_A_LISTING),
        ("<html><head><title>安全验证</title></head><body></body></html>", Reason.CHALLENGE),
        ("<html><head><title>502 Bad Gateway</title></head><body></body></html>", Reason.BLOCKED),
        (rss(PAPER, PAPER)[:160], Reason.TRUNCATED),
    ],
)
def test_no_feed(text: str, reason: Reason) -> None:
    with pytest.raises(ExtractError) as caught:
        items(text)
    assert caught.value.reason is reason


def test_entities_of_a_document_type_are_not_expanded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "竹竹竹竹"><!ENTITY b "&a;&a;&a;&a;">]>'
    (item,) = items(rss("<title>x&b;y</title>", head=bomb))
    assert "竹" not in (item.title or "")


def test_a_feed_is_never_taken_for_an_address_to_fetch() -> None:
    with pytest.raises(ExtractError) as caught:
        items("http://127.0.0.1:9/feed.xml")
    assert caught.value.reason is Reason.NOT_A_LISTING
