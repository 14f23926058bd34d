"""What a page in the browser may ask for, as tables; no browser is started here."""

import json
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import FetchError
from watcher.fetch import questions
from watcher.fetch.answers import Answer
from watcher.fetch.questions import Question

PAGE = "http://www.lamps.gov.cn/list/index.html"


def answer(status: int = 200, body: bytes = b"<script>", **headers: str) -> Answer:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Answer(httpx.URL(PAGE), status, pairs, body)


@pytest.mark.parametrize(
    ("kind", "method", "url", "posted", "passed"),
    [
        ("document", "GET", "http://www.lamps.gov.cn/", 0, True),
        ("script", "GET", "https://cdn.example/vue.js", 0, True),
        ("stylesheet", "GET", "http://www.lamps.gov.cn/a.css", 0, True),
        ("fetch", "HEAD", "http://www.lamps.gov.cn/api", 0, True),
        ("xhr", "POST", "http://www.lamps.gov.cn/api", 40, True),
        ("fetch", "POST", "https://api.lamps.gov.cn:8443/list", 40, True),
        ("fetch", "POST", "http://www.lanterns.gov.cn/api", 40, False),
        ("fetch", "POST", "http://www.lamps.gov.cn/replay", 100_001, False),
        ("document", "POST", "http://www.lamps.gov.cn/comment", 40, False),
        ("xhr", "PUT", "http://www.lamps.gov.cn/api", 40, False),
        ("xhr", "DELETE", "http://www.lamps.gov.cn/api", 0, False),
        ("image", "GET", "http://www.lamps.gov.cn/a.png", 0, False),
        ("font", "GET", "http://www.lamps.gov.cn/a.woff2", 0, False),
        ("media", "GET", "http://www.lamps.gov.cn/a.mp4", 0, False),
        ("eventsource", "GET", "http://www.lamps.gov.cn/news", 0, False),
        ("ping", "POST", "http://www.lamps.gov.cn/bye", 9, False),
        ("other", "GET", "http://www.lamps.gov.cn/next.html", 0, False),
        ("script", "GET", "https://hm.baidu.com/hm.js?1", 0, False),
        ("script", "GET", "https://s4.cnzz.com/z_stat.php", 0, False),
        ("script", "GET", "https://notcnzz.com/z_stat.php", 0, True),
        ("script", "GET", "file:///etc/passwd", 0, False),
        ("script", "GET", "http://[half/", 0, False),
    ],
)
def test_what_is_asked_for(kind: str, method: str, url: str, posted: int, passed: bool) -> None:
    assert questions.wanted(kind, method, url, PAGE, posted) is passed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.lamps.gov.cn/", "https://api.lamps.gov.cn/", True),
        ("http://lamps.gov.cn/", "http://www.lamps.gov.cn/", True),
        ("http://www.lamps.gov.cn/", "http://www.oil.gov.cn/", False),
        ("http://www.gov.cn/", "http://www.lamps.gov.cn/", False),
        ("http://www.gov.cn/", "http://sousuo.www.gov.cn/", True),
        ("http://www.lamps.cn/", "http://data.lamps.cn/", True),
        ("http://a.lamps.com.cn/", "http://b.oil.com.cn/", False),
        ("http://www.lamps.org/", "http://lamps.org./", True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:9000/", True),
        ("http://10.0.0.1/", "http://11.0.0.1/", False),
        ("http://[::1]/", "http://[::1]:81/", True),
        ("http://intranet/", "http://intranet/x", True),
        ("http://intranet/", "http://other/", False),
        ("about:blank", "about:blank", False),
    ],
)
def test_one_site(one: str, other: str, same: bool) -> None:
    assert questions.same_site(one, other) is questions.same_site(other, one) is same


def test_a_question_says_what_the_page_says_and_not_who_asks() -> None:
    sent = {
        "Accept": "*/*",
        "Cookie": "a=1; b=2",
        "Referer": PAGE,
        "Content-Type": "application/json",
        "X-Token": "t",
        "Host": "www.lamps.gov.cn",
        "User-Agent": "Chrome",
        "Accept-Encoding": "br",
        "Sec-Fetch-Mode": "cors",
        "If-Modified-Since": "0",
        "Upgrade-Insecure-Requests": "1",
    }
    asked = questions.question("xhr", "POST", PAGE, sent.items(), b"{}")
    kept = ("accept", "cookie", "referer", "content-type", "x-token")
    assert [name for name, _ in asked.headers] == list(kept)
    assert asked.body == b"{}"


def test_the_browser_hears_of_cookies_and_types_but_not_of_the_transport() -> None:
    heard = questions.told(
        Answer(
            httpx.URL(PAGE),
            200,
            [
                (b"Content-Type", b"text/html"),
                (b"Set-Cookie", b"a=1"),
                (b"Set-Cookie", b"b=2; HttpOnly"),
                (b"Content-Encoding", b"gzip"),
                (b"Content-Length", b"9"),
                (b"Strict-Transport-Security", b"max-age=9"),
                (b"X-Total", b"1"),
                (b"x-total", b"2"),
                (b"X-Name", "部".encode("gbk")),
            ],
        )
    )
    assert heard == {
        "content-type": "text/html",
        "set-cookie": "a=1\nb=2; HttpOnly",
        "x-total": "1, 2",
    }


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_a_redirect_becomes_a_page_that_goes_there_and_says_nothing_else(tail: str) -> None:
    onward = httpx.URL("http://www.lamps.gov.cn/", params={"q": tail}, fragment=tail)
    page = questions.going_on(answer(302, Set_Cookie="a=1", Location="/"), onward)
    script = re.fullmatch(
        rb"<!doctype html><script>location\.replace\(([^<]*)\)</script>", page.body
    )
    assert script is not None
    assert json.loads(script[1]) == str(onward)
    assert page.header("Set-Cookie") == "a=1"
    assert page.header("Location") is None


@pytest.mark.parametrize(
    ("came", "html"),
    [
        (answer(content_type="text/html; charset=gbk"), True),
        (answer(content_type="Application/XHTML+xml"), True),
        (answer(content_type="text/htmlish"), False),
        (answer(content_type="application/pdf"), False),
        (answer(content_type="text/html", content_disposition='attachment; filename="a"'), False),
        (answer(body=b"\xef\xbb\xbf <!DOCTYPE HTML>"), True),
        (answer(body=b"%PDF-1.7"), False),
        (answer(body=b""), False),
    ],
)
def test_html(came: Answer, html: bool) -> None:
    assert questions.is_html(came) is html


@pytest.mark.parametrize(
    ("came", "status"),
    [
        (answer(404, content_type="text/html"), 404),
        (answer(410, content_type="text/html"), 410),
        (answer(503, b"<h1>later</h1>", content_type="text/html"), 503),
        (answer(403, b"{}", content_type="application/json"), 403),
    ],
)
def test_errors_without_a_challenge_are_final_before_a_browser_runs(
    came: Answer, status: int
) -> None:
    with pytest.raises(FetchError) as e:
        questions.plain(came)
    assert e.value.status == status


@pytest.mark.parametrize(
    "came",
    [
        answer(200, b"<p>no script", content_type="text/html"),
        answer(412, content_type="text/html"),
        answer(521, content_type="text/html"),
        answer(302, b"", location="/next"),
    ],
)
def test_what_a_browser_must_read(came: Answer) -> None:
    assert questions.plain(came) is None


OWN, OTHER = "http://api.lamps.gov.cn/list", "http://badges.example/b.js"
SILENT = FetchError("no answer", transient=True)
REFUSED = FetchError("robots.txt disallows", transient=False)


@pytest.mark.parametrize(
    ("kind", "url", "outcome", "spoilt"),
    [
        ("fetch", OWN, SILENT, True),
        ("script", OWN, SILENT, True),
        ("xhr", OWN, answer(503), True),
        ("xhr", OWN, answer(429), True),
        ("xhr", OWN, answer(500), False),
        ("script", OWN, answer(404), False),
        ("xhr", OWN, answer(200), False),
        ("xhr", OWN, REFUSED, False),
        ("stylesheet", OWN, SILENT, False),
        ("document", OWN, SILENT, False),
        ("script", OTHER, SILENT, False),
        ("fetch", OTHER, answer(503), False),
    ],
)
def test_what_spoils_a_page(
    kind: str, url: str, outcome: Answer | FetchError, spoilt: bool
) -> None:
    assert questions.spoils(Question(kind=kind, url=url), PAGE, outcome) is spoilt
