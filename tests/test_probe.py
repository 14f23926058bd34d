"""Probing: what is recognised, what is unstable, what is proposed, and that the proposal reads the same."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from tests import ministry_pages as ministry
from tests.fetch.test_tls import server_context, trust
from tests.flows.test_attachments import docx
from tests.loopback import Loopback, Reply, Request, redirect
from watcher.clock import Clock
from watcher.config import load
from watcher.errors import FetchError
from watcher.gather import fetch_list, rows_of
from watcher.identity import address_identity
from watcher.model import Item, Page, Validators
from watcher.probe import Prober, Recorder
from watcher.probe.advice import on_trouble
from watcher.probe.compare import unstable
from watcher.probe.recognise import encoding_of
from watcher.render.probe import Sheet
from watcher.settings import DetailRule, Manners, Network, Rule, Source

LOCAL = Network(allow_addresses=("127.0.0.0/8",))


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback({"/robots.txt": Reply(status=404)}) as server:
        yield server


@pytest.fixture
def fetcher() -> Iterator[Recorder]:
    made = Recorder(LOCAL, Clock(rate=100))  # a second's gap takes 10 ms
    yield made
    made.close()


@pytest.fixture
def prober(fetcher: Recorder) -> Prober:
    return Prober(fetcher=fetcher)


def proposed(sheet: Sheet, folder: Path) -> Source:
    """The source that the proposal makes when it is pasted."""
    assert sheet.yaml is not None, sheet
    path = folder / "sources.yaml"
    path.write_text("sources:\n" + sheet.yaml, encoding="utf-8")
    (source,) = load(path, {}).sources
    return source


def read(fetcher: Recorder, source: Source) -> list[Item]:
    page = fetch_list(fetcher, source, Validators())
    assert page is not None
    return rows_of(source, page)


# ---------------------------------------------------------------- recognised


PLAIN = ministry.rows()
TRS = ministry.rows("./202609/t{day}_{n}.html")
TWO_HOP = ministry.rows("http://127.0.0.9/sa.html#/key{n}")
LISTS: dict[str, tuple[dict[str, str | Reply], str, str | None, int]] = {
    "plain": ({"/list": ministry.listing(PLAIN)}, "listing", None, 6),
    "gbk": (
        {
            "/list": Reply(
                body=ministry.listing(PLAIN).replace("utf-8", "gb2312").encode("gbk"),
                content_type="text/html",
            )
        },
        "listing",
        None,
        6,
    ),
    "trs": ({"/list": ministry.listing(TRS)}, "listing", "trs", 6),
    "two-hop": ({"/list": ministry.listing(TWO_HOP)}, "listing", "two-hop", 6),
    "jpaas": ({"/list": ministry.column(), "/unit": ministry.unit(PLAIN)}, "listing", "jpaas", 6),
    "jpaas beside other news": (
        {
            "/list": ministry.column().replace(
                '<div class="box">', f'<div class="box"><ul>{ministry.items(TRS[3:])}</ul>'
            ),
            "/unit": ministry.unit(PLAIN),
        },
        "listing",
        "jpaas",
        6,
    ),
    "a unit that adds nothing": (
        {
            "/list": ministry.column().replace(
                '<div class="box">', f'<div class="box"><ul>{ministry.items(PLAIN)}</ul>'
            ),
            "/unit": ministry.unit(PLAIN[:3]),
        },
        "listing",
        None,
        6,
    ),
    "a unit that fails": (
        {
            "/list": ministry.column().replace(
                '<div class="box">', f'<div class="box"><ul>{ministry.items(PLAIN)}</ul>'
            ),
            "/unit": '{"success": false}',
        },
        "listing",
        None,
        6,
    ),
    "unit's own address": ({"/list": ministry.unit(PLAIN)}, "endpoint", None, 6),
    "json": ({"/list": ministry.records(PLAIN)}, "endpoint", None, 6),
    "feed": ({"/list": ministry.feed(PLAIN)}, "feed", None, 6),
    "json feed": (
        {
            "/list": '{"version": "https://jsonfeed.org/version/1.1", "title": "L", "items": '
            '[{"id": "1", "url": "http://127.0.0.1/1", "title": "灯具"}]}'
        },
        "feed",
        None,
        1,
    ),
    "brief": ({"/list": ministry.BRIEF}, "brief", None, 5),
    "redirected": (
        {"/list": redirect("/there/index.html"), "/there/index.html": ministry.listing(TRS)},
        "listing",
        "trs",
        6,
    ),
}


@pytest.mark.parametrize(("routes", "kind", "preset", "count"), LISTS.values(), ids=LISTS)
def test_a_list_is_recognised_and_its_yaml_reads_the_same(
    site: Loopback,
    prober: Prober,
    tmp_path: Path,
    routes: dict[str, str | Reply],
    kind: str,
    preset: str | None,
    count: int,
) -> None:
    site.routes |= routes
    sheet = prober.address(site.url("/list"))
    assert (sheet.kind, sheet.preset, sheet.trouble) == (kind, preset, None)
    assert sheet.listed is not None
    assert sheet.listed.rows == count
    assert sheet.twice is not None
    assert (sheet.twice.same_bytes, sheet.twice.unstable) == (True, ())
    source = proposed(sheet, tmp_path)
    assert source.structure is not None
    assert (source.structure.sure, source.rule) == ("high", Rule(preset=preset))
    found = read(prober.fetcher, source)
    assert len(found) == count
    assert [(row.title, row.url, row.published) for row in sheet.listed.first] == [
        (item.title, item.url, item.published) for item in found[:5]
    ]


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        (ministry.listing(PLAIN), "意见征集"),
        (ministry.listing(PLAIN, head='<meta name="ColumnName" content="通知公告">'), "通知公告"),
        (
            ministry.listing(
                PLAIN,
                head='<meta name="ColumnName" content="通知公告"><meta name="SiteName" content="灯具局">',
            ),
            "灯具局 通知公告",
        ),
        (ministry.feed(PLAIN), "Lamp & Light"),
        (ministry.records(PLAIN), "127-0-0-1"),
        (ministry.listing(PLAIN).replace("意见征集_灯具局", ""), "127-0-0-1"),
    ],
)
def test_names(site: Loopback, prober: Prober, tmp_path: Path, route: str, expected: str) -> None:
    site.routes["/list"] = route
    assert proposed(prober.address(site.url("/list")), tmp_path).name == expected


def test_a_kind_that_is_asked_for_is_not_argued_with(site: Loopback, prober: Prober) -> None:
    site.routes["/list"] = ministry.listing(PLAIN)
    sheet = prober.address(site.url("/list"), "feed")
    assert sheet.trouble is not None
    assert (sheet.trouble.reason, sheet.yaml) == ("not-a-listing", None)


def test_what_is_watched_already_is_said_and_its_id_not_proposed_again(
    site: Loopback, fetcher: Recorder
) -> None:
    site.routes |= {"/zcfb/": ministry.listing(PLAIN), "/zcfb": ministry.listing(PLAIN)}
    known = {address_identity(site.url("/zcfb/")): "127-0-0-1-zcfb"}
    sheet = Prober(fetcher=fetcher, watched=known).address(site.url("/zcfb"))
    assert sheet.yaml is not None
    assert sheet.yaml.startswith("  - id: 127-0-0-1-zcfb-2\n")
    assert sheet.advice[0].startswith("It is watched already, as 127-0-0-1-zcfb:")


# ---------------------------------------------------------------- what it says of the list


def test_what_is_said_of_a_list(site: Loopback, prober: Prober) -> None:
    below = '<a href="list_2.html">下一页</a><script>createPageHTML(3, 0, "list", "html");</script>'
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    listed = [*PLAIN[:5], ("/doc/undated.html", PLAIN[5][1], "")]
    body = ministry.listing(listed, head=head, below=below).encode()
    headers = (("ETag", '"1"'),)
    site.routes["/list.html"] = Reply(body=body, headers=headers, content_type="text/html")
    sheet = prober.address(site.url("/list.html"))
    assert sheet.listed is not None and sheet.answer is not None and sheet.encoding is not None
    assert (sheet.listed.rows, sheet.listed.undated, sheet.listed.unaddressed) == (6, 1, 0)
    assert sheet.listed.next_page == site.url("/list_1.html")
    assert sheet.feeds == (site.url("/rss.xml"),)
    assert (sheet.answer.conditional, sheet.answer.size) == (True, len(body))
    assert (sheet.encoding.header, sheet.encoding.document, sheet.encoding.used) == (
        None,
        "utf-8",
        "utf-8",
    )
    assert sheet.robots == "does not forbid it"
    assert any("offers a feed" in text for text in sheet.advice)


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("灯具局的通知公告".encode(), "text/html; charset=GB2312", ("gb2312", None, "utf-8", 0)),
        ("灯具局的通知公告".encode("gbk"), "text/html; charset=gbk", ("gbk", None, "gb18030", 0)),
        (
            '<meta charset="gb2312">灯具局的通知公告'.encode("gbk"),
            None,
            (None, "gb2312", "gb18030", 0),
        ),
        ("\ufeff灯具局的通知公告".encode("utf-16"), "text/html", (None, None, "utf-16-le", 0)),
        (b"lamps", "text/plain", (None, None, "utf-8", 0)),
    ],
)
def test_encodings(
    body: bytes, content_type: str | None, expected: tuple[str | None, str | None, str, int]
) -> None:
    found = encoding_of(Page(url="https://x.example/", body=body, content_type=content_type))
    assert (found.header, found.document, found.used, found.broken) == expected


# ---------------------------------------------------------------- fetched twice


def each_time(*bodies: str) -> Callable[[Request], bytes]:
    turn = itertools.cycle(bodies)
    return lambda _: next(turn).encode()


def reordered() -> str:
    return ministry.listing([PLAIN[1], PLAIN[0], *PLAIN[2:]])


TOKENS = [ministry.rows("/doc/{n}.html?sid=" + word) for word in ("aa", "bb")]
PATHS = [ministry.rows("/" + word + "/{n}.html") for word in ("aa", "bb")]


@pytest.mark.parametrize(
    ("first", "second", "fingerprint", "says"),
    [
        (ministry.listing(PLAIN), ministry.listing(PLAIN), True, []),
        (
            ministry.listing(PLAIN, below="<i>visitor 17</i>"),
            ministry.listing(PLAIN, below="<i>visitor 18</i>"),
            True,
            [],
        ),
        (
            ministry.listing(PLAIN, below='<a href="/hot/1">热点</a>'),
            ministry.listing(PLAIN, below='<a href="/hot/2">热点</a>'),
            False,
            [],
        ),
        (ministry.listing(PLAIN), reordered(), False, ["the order of the rows differs"]),
        (
            ministry.listing(TOKENS[0]),
            ministry.listing(TOKENS[1]),
            False,
            ["the addresses of 6 rows differ in 'sid'; these rows are known by title and day"],
        ),
        (
            ministry.listing(PATHS[0]),
            ministry.listing(PATHS[1]),
            False,
            ["the addresses of 6 rows differ in more than a parameter"],
        ),
        (
            ministry.listing(PLAIN[:5]),
            ministry.listing(PLAIN[1:]),
            False,
            ["1 row stood there only the first time", "1 row stood there only the second time"],
        ),
        (
            ministry.listing(PLAIN),
            ministry.listing(PLAIN).replace("吊灯", "壁灯"),
            False,
            ["the titles of 1 row differ, such as '灯具局关于调整吊灯"],
        ),
        (
            ministry.listing(PLAIN),
            ministry.listing(PLAIN).replace("2026-09-20", "2026-09-21"),
            False,
            ["the days of 1 row differ"],
        ),
        (
            ministry.listing(PLAIN),
            "<html><body>系统维护中</body></html>",
            False,
            ["the second fetch failed"],
        ),
    ],
    ids=[
        *("same", "counter", "links beside", "order", "tokens", "paths", "turnover", "titles"),
        *("days", "second fails"),
    ],
)
def test_what_is_unstable_between_two_fetches(
    site: Loopback, prober: Prober, first: str, second: str, fingerprint: bool, says: list[str]
) -> None:
    site.routes["/list"] = each_time(first, second)
    sheet = prober.address(site.url("/list"))
    assert sheet.twice is not None
    assert sheet.twice.same_bytes is (first == second)
    assert sheet.twice.same_fingerprint is fingerprint
    assert [
        text[: len(said)] for text, said in zip(sheet.twice.unstable, says, strict=True)
    ] == says


def test_undated_rows_with_changing_addresses_would_be_news_each_time() -> None:
    item = Item(key="https://x.example/?t=1", title="灯具", url="https://x.example/?s=1")
    other = replace(item, key="https://x.example/?s=2", url="https://x.example/?s=2")
    (said,) = unstable([item], [other])
    assert "1 row without a day would be told as new at every visit" in said


def test_a_page_is_asked_for_twice_and_no_more(site: Loopback, prober: Prober) -> None:
    site.routes["/list"] = ministry.listing(PLAIN)
    prober.address(site.url("/list"))
    assert site.paths() == ["/robots.txt", "/list", "/list", "/doc/0.html"]


# ---------------------------------------------------------------- the first paper


def test_the_first_paper_is_read_with_its_attachments(site: Loopback, prober: Prober) -> None:
    files = [("/a.docx", "附件1.docx"), ("/b.pdf", "附件2.pdf"), ("/c.doc", "附件3.doc")]
    text = docx("智能灯具数据管理办法（征求意见稿）", "第一条 为了加强管理，制定本办法。")
    site.routes |= {
        "/list": ministry.listing(PLAIN),
        "/doc/0.html": ministry.paper(files=files),
        "/a.docx": Reply(body=text, content_type="application/octet-stream"),
        "/b.pdf": Reply(status=403),
    }
    sheet = prober.address(site.url("/list"))
    paper = sheet.paper
    assert paper is not None
    assert (paper.title, paper.published, paper.signed, paper.deadline, paper.stage) == (
        ministry.TITLES[0],
        date(2026, 9, 20),
        date(2026, 9, 18),
        date(2026, 10, 20),
        "draft_for_comments",
    )
    assert len(paper.begins) <= 200 < paper.characters
    one, two, three = paper.files
    assert (one.kind, one.quality, one.characters > 20) == ("docx", "ok", True)
    assert (two.quality, "403" in (two.reason or "")) == ("not fetched", True)
    assert (three.name, three.quality) == ("附件3.doc", None)
    assert "/c.doc" not in site.paths(), "at most two are fetched"


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        (Reply(status=404), "fetch"),
        ("<html><body></body></html>", "empty"),
        (Reply(body=b"%PDF-1.4 ...", content_type="application/pdf"), "not-a-listing"),
    ],
)
def test_a_paper_that_cannot_be_read_is_not_followed(
    site: Loopback, prober: Prober, tmp_path: Path, route: str | Reply, reason: str
) -> None:
    site.routes |= {"/list": ministry.listing(PLAIN), "/doc/0.html": route}
    sheet = prober.address(site.url("/list"))
    assert sheet.paper_trouble is not None
    assert sheet.paper_trouble.reason == reason
    assert proposed(sheet, tmp_path).detail.follow is False
    assert any("follow: false" in text for text in sheet.advice)


def test_a_paper_that_cannot_be_read_just_now_is_followed_all_the_same(
    site: Loopback, prober: Prober, tmp_path: Path
) -> None:
    site.routes |= {"/list": ministry.listing(PLAIN), "/doc/0.html": Reply(status=503)}
    sheet = prober.address(site.url("/list"))
    assert sheet.paper_trouble is not None
    assert sheet.paper_trouble.transient
    assert proposed(sheet, tmp_path).detail.follow is True
    assert any("followed all the same" in text for text in sheet.advice)


def test_a_paper_behind_two_answers(site: Loopback, prober: Prober, tmp_path: Path) -> None:
    service = "/public/submission-service"
    article = {
        "articleTitle": ministry.TITLES[0],
        "articleContent": "<p>灯具局起草了有关办法，现向社会公开征求意见。</p>" * 5,
        "publishDate": "2026-09-20",
    }
    site.routes |= {
        "/list": ministry.listing(ministry.rows(site.url("/sa.html#/key{n}"))),
        f"{service}/article/access-url": '{"status":1,"data":"https://x/article.html?articleId=a1"}',
        f"{service}/column/getArticleDetail": json.dumps({"status": 1, "data": article}),
    }
    sheet = prober.address(site.url("/list"))
    assert sheet.paper is not None, sheet.paper_trouble
    assert sheet.paper.published == date(2026, 9, 20)
    source = proposed(sheet, tmp_path)
    assert (source.rule.preset, source.detail.follow) == ("two-hop", True)


# ---------------------------------------------------------------- not a list


@pytest.mark.parametrize(
    ("route", "reason", "advice"),
    [
        (Reply(status=412), "fetch", "render: true"),
        (Reply(status=521), "fetch", "render: true"),
        (
            "<html><script>document.cookie='__tst_status=1';location.reload()</script></html>",
            "challenge",
            "render: true",
        ),
        (Reply(status=403), "fetch", "`user_agent:`"),
        (Reply(status=404), "fetch", "The page is gone"),
        (Reply(status=503), "fetch", "try again later"),
        (Reply(body=ministry.listing(PLAIN).encode(), only=900), "fetch", "try again later"),
        ("<html><body><h1>系统维护中</h1></body></html>", "blocked", "in a browser"),
        ("", "empty", "No list was found"),
        ('{"success": false, "code": 500}', "not-a-listing", "with its parameters"),
        (
            ministry.page('<div id="app"></div><iframe src="/inner.html"></iframe>'),
            "empty",
            "in a frame; probe that: http://127.0.0.1",
        ),
        (ministry.page('<div id="app"></div>'), "empty", "rule: {row, link, date}"),
        (Reply(body=b"PK\x03\x04abc"), "not-a-listing", "No list was found"),
        (
            ministry.page("<div>" * 400 + "x" * 400 + "</div>" * 400),
            "not-a-listing",
            "No list was found",
        ),
    ],
    ids=[
        *("412", "521", "script check", "403", "404", "503", "cut off", "maintenance", "nothing"),
        *("failed answer", "frame", "built by a script", "a file", "too deep"),
    ],
)
def test_what_cannot_be_watched_is_said_and_nothing_is_proposed(
    site: Loopback, prober: Prober, route: str | Reply, reason: str, advice: str
) -> None:
    site.routes["/list"] = route
    sheet = prober.address(site.url("/list"))
    assert sheet.trouble is not None
    assert (sheet.trouble.reason, sheet.yaml) == (reason, None)
    assert advice in " ".join(sheet.advice)


def test_a_challenged_ministry_gets_a_stand_in_proposed() -> None:
    source = Source(
        id="x", name="x", kind="listing", url="https://x/", every=timedelta(hours=1), body="NHC"
    )
    said = " ".join(on_trouble(source, FetchError("412", transient=True, status=412), None))
    assert "`fallback: nhc-library`" in said
    assert "{id: nhc-library, kind: library, body: NHC, enabled: false}" in said


def test_a_papers_page_is_no_list(site: Loopback, prober: Prober) -> None:
    below = f'<div class="more"><ul>{ministry.items(PLAIN[:3])}</ul></div></body>'
    site.routes["/paper.html"] = ministry.paper().replace("</body>", below)
    sheet = prober.address(site.url("/paper.html"))
    assert (sheet.recognised, sheet.yaml) == ("a paper's page", None)
    assert sheet.paper is not None
    assert sheet.paper.title == ministry.TITLES[0]


def test_robots_are_honoured(site: Loopback, prober: Prober) -> None:
    site.routes |= {
        "/robots.txt": "User-agent: *\nDisallow: /list",
        "/list": ministry.listing(PLAIN),
    }
    sheet = prober.address(site.url("/list"))
    assert sheet.trouble is not None
    assert "robots.txt disallows" in sheet.trouble.message
    assert "/list" not in site.paths()


def test_a_cookie_that_is_wanted_back_is_given_and_proposed(
    site: Loopback, prober: Prober, tmp_path: Path
) -> None:
    def shielded(request: Request) -> Reply:
        if "lamp=1" in request.headers.get("cookie", ""):
            return Reply(body=ministry.listing(PLAIN).encode())
        return redirect(request.path, headers=(("Set-Cookie", "lamp=1; Path=/"),))

    site.routes["/list"] = shielded
    source = proposed(prober.address(site.url("/list")), tmp_path)
    assert source.manners.cookies
    assert len(read(prober.fetcher, source)) == 6


def test_an_old_servers_tls_is_tried_and_proposed(
    prober: Prober, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, "weak")
    with Loopback({"/list": ministry.listing(PLAIN)}, tls=server_context("weak")) as site:
        sheet = prober.address(site.url("/list"))
        source = proposed(sheet, tmp_path)
        assert source.manners.tls == "seclevel1"
        assert len(read(prober.fetcher, source)) == 6
    assert "An old server: the YAML says tls: seclevel1" in " ".join(sheet.advice)


def test_a_certificate_that_no_setting_helps_is_refused_at_once(prober: Prober) -> None:
    with Loopback(tls=server_context("server")) as site:
        sheet = prober.address(site.url("/list"))
        assert site.connections <= 4, "robots.txt and the page, no more ways are tried"
    assert sheet.trouble is not None
    assert "certificate not accepted" in sheet.trouble.message


def test_what_was_tried_is_not_tried_again() -> None:
    """Refusals that recommend each other's remedy must come to an end."""

    class Contrary(Recorder):
        def fetch(self, url: str, **more: object) -> Page | None:
            manners = more["manners"]
            assert isinstance(manners, Manners)
            asked.append(manners.tls)
            other = "legacy" if manners.tls == "seclevel1" else "seclevel1"
            raise FetchError(f"old: try `tls: {other}`", transient=False)

    asked: list[str] = []
    fetcher = Contrary(LOCAL, Clock())
    sheet = Prober(fetcher=fetcher).address("https://x.example/")
    fetcher.close()
    assert sheet.trouble is not None
    assert asked == ["default", "seclevel1", "legacy"]


# ---------------------------------------------------------------- a configured source


def configured(site: Loopback, **more: object) -> Source:
    made = Source(
        id="lamps",
        name="灯具局",
        kind="listing",
        url=site.url("/list"),
        every=timedelta(minutes=20),
        manners=Manners(robots="ignore", headers=(("X-Lamp", "on"),)),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # field by field as the noun has them


def test_a_source_is_read_as_it_is_configured(
    site: Loopback, prober: Prober, tmp_path: Path
) -> None:
    site.routes |= {
        "/list": ministry.page(f"<div>{ministry.items(PLAIN)}</div>"),
        "/doc/0.html": ministry.paper(),
    }
    source = configured(site, rule=Rule(row="li", date="span"), complete=True)
    sheet = prober.source(source)
    assert sheet.recognised == "as it is configured: listing by the rule of the configuration"
    assert sheet.robots == "not asked (robots: ignore)"
    again = proposed(sheet, tmp_path)
    assert replace(again, structure=None) == source
    assert {request.headers.get("x-lamp") for request in site.requests} == {"on"}


def test_papers_that_are_not_followed_are_not_fetched(site: Loopback, prober: Prober) -> None:
    site.routes |= {"/list": ministry.listing(PLAIN), "/doc/0.html": ministry.paper()}
    sheet = prober.source(configured(site, detail=DetailRule(follow=False)))
    assert (sheet.paper, sheet.paper_trouble, sheet.advice) == (None, None, ())
    assert site.paths() == ["/list", "/list"]


def test_a_list_that_may_be_empty(site: Loopback, prober: Prober, tmp_path: Path) -> None:
    site.routes["/list"] = '{"rows": []}'
    source = configured(site, kind="endpoint", rule=Rule(row="rows"), allow_empty=True)
    sheet = prober.source(source)
    assert (sheet.trouble, sheet.advice) == (None, ())
    assert replace(proposed(sheet, tmp_path), structure=None) == source


def test_the_settings_of_a_source_are_not_changed_for_a_paper_that_fails(
    site: Loopback, prober: Prober, tmp_path: Path
) -> None:
    site.routes["/list"] = ministry.listing(PLAIN)
    sheet = prober.source(configured(site))
    assert proposed(sheet, tmp_path).detail.follow is True
    assert sheet.advice == (
        "The first paper could not be read (fetch: 127.0.0.1: HTTP 404 Not Found).",
    )


def test_a_source_that_moved_to_another_form_gets_new_yaml(
    site: Loopback, prober: Prober, tmp_path: Path
) -> None:
    site.routes["/list"] = ministry.listing(PLAIN)
    source = configured(site, rule=Rule(row="tr.gone"))
    sheet = prober.source(source)
    assert sheet.tried[0].startswith("as configured")
    assert "cannot be read any more" in sheet.advice[0]
    again = proposed(sheet, tmp_path)
    assert (again.id, again.name, again.every) == ("lamps", "灯具局", timedelta(minutes=20))
    assert again.rule == Rule()


def test_a_library_is_read_as_the_daemon_reads_it(
    site: Loopback, prober: Prober, tmp_path: Path
) -> None:
    rows = [
        {"title": title, "url": f"https://x.example/{n}", "pubtimeStr": "2026.09.20"}
        for n, title in enumerate(ministry.TITLES)
    ]
    site.routes["/search"] = json.dumps({"code": 200, "searchVO": {"listVO": rows}})
    source = configured(site, kind="library", url=site.url("/search"), body="NHC")
    sheet = prober.source(source)
    assert sheet.listed is not None, sheet.trouble
    assert sheet.listed.rows == 6
    assert "puborg=" in site.paths()[0]
    assert proposed(sheet, tmp_path).kind == "library"


def test_a_source_that_fails(site: Loopback, prober: Prober) -> None:
    sheet = prober.source(configured(site))
    assert sheet.trouble is not None
    assert "404" in sheet.trouble.message
    site.routes["/list"] = "<html><body></body></html>"
    sheet = prober.source(configured(site, rule=Rule(row="li")))
    assert sheet.yaml is None
    assert sheet.tried[0].startswith("as configured")


# ---------------------------------------------------------------- kept as a fixture


def test_what_was_fetched_is_kept_byte_for_byte(
    site: Loopback, fetcher: Recorder, prober: Prober, tmp_path: Path
) -> None:
    site.routes |= {
        "/list/": ministry.column(),
        "/unit": Reply(body=ministry.unit(PLAIN).encode(), content_type="application/json"),
        "/doc/0.html": ministry.paper(files=[("/file?id=1", "附件.docx")]),
        "/file": Reply(body=docx("x"), content_type="application/octet-stream"),
    }
    prober.address(site.url("/list/"))
    folder = tmp_path / "new" / "fixture"
    names = [path.name for path in fetcher.save(folder)]
    assert names == [
        *("01-list.html", "02-unit.json", "03-again.html", "04-again.json", "05-paper.html"),
        *("06-attachment.bin", "index.yaml"),
    ]
    assert (folder / "02-unit.json").read_text(encoding="utf-8") == ministry.unit(PLAIN)
    index = yaml.safe_load((folder / "index.yaml").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in index] == names[:-1]
    assert index[1]["url"].startswith(site.url("/unit?"))
    assert index[1]["content_type"] == "application/json"
    assert index[5]["asked"] == site.url("/file?id=1")
    with pytest.raises(FileExistsError):
        fetcher.save(folder)
