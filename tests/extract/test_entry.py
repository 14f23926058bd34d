"""What tells one entry of a feed from another, poll after poll, and its text without markup."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.extract.feeds.entry import MOST_TEXT, plain
from watcher.extract.feeds.feed import feed
from watcher.model import Item, Page
from watcher.settings import Rule

URL = "https://www.demo.gov.cn/rss/feed.xml"
HOME = "<title>竹业</title><link>https://www.demo.gov.cn/</link>"


def items(*entries: str, url: str = URL) -> list[Item]:
    body = "".join(f"<item>{entry}</item>" for entry in entries)
    text = f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{HOME}{body}</channel></rss>'
    return feed(Page(url=url, body=text.encode()), Rule())


def keys(*entries: str) -> list[str]:
    found = [item.key for item in items(*entries)]
    assert len(set(found)) == len(found)
    return found


DAY = "<pubDate>2026-03-05</pubDate>"
UUIDS = ("8d3f0e5c-3f10-4f0a-9a34-0d5f2f1f7a11", "0b9d7c52-61aa-4c11-8f7e-aa5b4c1d2e3f")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # the guid is rolled anew at every poll
        ("<title>竹材</title><link>https://a.cn/1</link><guid>1</guid>", "<title>竹材</title><link>https://a.cn/1</link><guid>2</guid>"),
        (f"<title>竹材</title><link>/1</link><guid isPermaLink='false'>{UUIDS[0]}</guid>", f"<title>竹材</title><link>/1</link><guid isPermaLink='false'>{UUIDS[1]}</guid>"),
        (f"<title>竹材</title>{DAY}<guid isPermaLink='false'>{UUIDS[0]}</guid>", f"<title>竹材</title>{DAY}<guid isPermaLink='false'>{UUIDS[1]}</guid>"),
        (f"<title>竹材</title>{DAY}<guid>urn:uuid:{UUIDS[0]}</guid>", f"<title>竹材</title>{DAY}<guid>urn:uuid:{UUIDS[1]}</guid>"),
        (f"<title>竹材</title>{DAY}<guid isPermaLink='false'>1772672400123</guid>", f"<title>竹材</title>{DAY}<guid isPermaLink='false'>1772673400456</guid>"),
        (f"<title>竹材</title>{DAY}<guid isPermaLink='false'>{'ab12' * 10}</guid>", f"<title>竹材</title>{DAY}"),
        # all links lead to the site's own page, and the guid is rolled anew
        (f"<title>竹材</title>{DAY}<link>https://www.demo.gov.cn</link><guid isPermaLink='false'>{UUIDS[0]}</guid>",
         f"<title>竹材</title>{DAY}<link>https://www.demo.gov.cn/</link><guid isPermaLink='false'>{UUIDS[1]}</guid>"),
        # a steady guid outlives a title that is corrected
        ("<title>竹材</title><guid isPermaLink='false'>g-1</guid>", "<title>竹材（更正）</title><guid isPermaLink='false'>g-1</guid>"),
        ("<title>竹材</title><link>https://a.cn/1</link>", "<title>竹材（更正）</title><link>HTTPS://A.cn:443/1</link>"),
    ],
)  # fmt: skip
def test_the_same_paper_keeps_its_key(before: str, after: str) -> None:
    assert keys(before) == keys(after)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"<title>竹材</title>{DAY}", "<title>竹材</title><pubDate>2026-03-06</pubDate>"),
        (f"<title>竹材</title>{DAY}", f"<title>藤材</title>{DAY}"),
        (f"<title>公告</title>{DAY}<description>竹</description>", f"<title>公告</title>{DAY}<description>藤</description>"),
        ("<title>公告</title><guid isPermaLink='false'>g-1</guid>", "<title>公告</title><guid isPermaLink='false'>g-2</guid>"),
        ("<title>周报</title><link>https://www.demo.gov.cn/</link><pubDate>2026-03-05</pubDate>",
         "<title>周报</title><link>https://www.demo.gov.cn/</link><pubDate>2026-03-12</pubDate>"),
        ("<title>竹材</title><link>https://a.cn/list</link>", "<title>藤材</title><link>https://a.cn/list</link>"),
        ("<description>竹</description>", "<description>藤</description>"),
    ],
)  # fmt: skip
def test_two_papers_are_two(one: str, other: str) -> None:
    assert len(keys(one, other)) == 2


def test_what_says_the_same_again_is_one() -> None:
    assert len(keys(*[f"<title>竹材</title><link>/1</link>{DAY}"] * 3)) == 1


def test_a_link_to_the_site_itself_stays_the_address() -> None:
    (item,) = items(f"<title>竹材</title><link>https://www.demo.gov.cn/</link>{DAY}")
    assert item.url == "https://www.demo.gov.cn/"
    assert item.key.startswith("https://www.demo.gov.cn/ ")


def test_json_feeds_name_their_site_too() -> None:
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://www.demo.gov.cn/",
        "items": [{"id": n, "url": "https://www.demo.gov.cn/", "title": "公告"} for n in (1, 2)],
    }
    found = feed(Page(url=URL, body=json.dumps(value).encode()), Rule())
    assert [item.key for item in found] == [f"https://www.demo.gov.cn/ {n}" for n in (1, 2)]


# ---------------------------------------------------------------- plain text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("竹 &amp; 藤", "竹 & 藤"),
        ("来源: 竹业局<br/>一、&lt;申请&gt;&nbsp;要求", "来源: 竹业局\n一、<申请> 要求"),
        ("&lt;p&gt;一&lt;/p&gt;&lt;p&gt;二 &amp;amp; 三&lt;/p&gt;", "一\n二 & 三"),
        ("<div><p>一</p>\n<ul><li>二</li><li>三</li></ul></div>", "一\n二\n三"),
        ("<p>关于<em>竹</em>材<sup>2</sup></p>", "关于竹材2"),
        ("<style>p{color:red}</style><script>if(a<b)x()</script>竹<!-- 藤 -->材", "竹材"),
        ("温度<5度，a < b 且 c > d，<A级>", "温度<5度，a < b 且 c > d，<A级>"),
        ("竹<a href='x'", "竹<a href='x'"),
        ("<table><tr><td>竹</td><td>藤</td></tr></table>", "竹\n藤"),
        ("竹\n  材\tand  x", "竹材 and x"),
        ("<![CDATA[竹]]>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_markup_goes_and_paragraphs_stay(html: str, text: str) -> None:
    assert plain(html) == text


@given(st.text(alphabet="竹<>/&;#x1!-pbr\"'= \n[]", max_size=60))
def test_plain_text_holds_no_tag(html: str) -> None:
    text = plain(html)
    assert "\x00" not in text
    assert all(line == line.strip() and line for line in text.split("\n")) or not text


def test_the_fuller_text_is_the_summary_and_has_its_bound() -> None:
    short, full = "竹材目录", "竹" * (MOST_TEXT + 7)
    (item,) = items(
        f"<title>t</title><description>{short}</description><content:encoded>{full}</content:encoded>"
    )
    assert item.summary == full[:MOST_TEXT]
    (item,) = items(
        f"<title>t</title><description>{short}</description><content:encoded>竹…</content:encoded>"
    )
    assert item.summary == short


def test_json_feeds_give_their_fullest_text() -> None:
    entry = {
        "id": "1",
        "summary": "竹",
        "content_text": "一、竹\n二、<藤>",
        "content_html": "<p>竹</p>",
    }
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [entry]}).encode()
    (item,) = feed(Page(url=URL, body=body), Rule())
    assert item.summary == "一、竹\n二、<藤>"


def test_content_that_is_no_text_is_none() -> None:
    entry = '<entry><title>竹</title><content type="image/png">aGVsbG8gd29ybGQgaGVsbG8=</content></entry>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()
    (item,) = feed(Page(url=URL, body=body), Rule())
    assert item.summary == ""
