"""Sources of kind brief: one issue, an index of issues, a feed of them; and papers that a ministry puts up too."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.flows.house import ARTICLES, OLD, House, house, listing, paper, rows_heard, source
from tests.loopback import Loopback, Reply
from watcher.model import Document
from watcher.poll import Outcome
from watcher.settings import Source

LAMPS = "智能灯具高质量发展行动计划（2026—2028年）"
NOTICE = f"工业和信息化部等六部门关于印发《{LAMPS}》的通知"
ENGLISH = "Action Plan for the High-quality Development of Smart Lamps (2026-2028)"


def brief(
    number: int,
    *,
    paper: str = "",
    english: str = "Rules for Lamps",
    date: str = "October 20, 2026",
) -> str:
    """An issue with one leading paper and one bullet."""
    title = paper or f"关于印发《{number}号灯具管理暂行办法》的通知"
    return (
        "<!DOCTYPE html><html><head><title>Lantern Papers</title></head><body>"
        f"<h1>Lantern Papers, issue {number}</h1>"
        f"<h2>1. Lamp makers asked to count bulb {number}</h2>"
        "<p><b>At a glance:</b> The ministry issued a plan:</p>"
        f"<ul><li>Build more than {number * 1000:,} lamp factories by 2028</li></ul>"
        f"<p><b>Comment:</b> Lamps matter.</p><p><b>Article:</b> {english} ({title})<br>"
        f"<b>Issuing body:</b> MIIT<br><b>Date:</b> {date}</p>"
        f"<h3>Policy news</h3><ul><li>October {number + 1}: MIIT launched lamp pilot no. {number} "
        "(MIIT notice)</li></ul></body></html>"
    )


def index(*numbers: int) -> str:
    """A publisher's page of issues, between a navigation and a footer."""
    rows = "".join(
        f'<li><a href="/issues/{n}.html">Lantern Papers {n}: lamps, bulbs and shades of autumn</a>'
        f"<span>2026-10-{n:02}</span></li>"
        for n in numbers
    )
    return (
        "<!DOCTYPE html><html><head><title>Lantern Papers</title></head><body>"
        '<div class="nav"><a href="/">Home</a><a href="/about">About</a></div>'
        f'<ul class="issues">{rows}</ul><div class="footer">Lantern House</div></body></html>'
    )


def cards(*numbers: int) -> str:
    """The same in English, with a teaser that says what briefs say."""
    rows = "".join(
        f'<article class="card"><h3><a href="/issues/{n}.html">Lamps + Bulbs {n}</a></h3>'
        f"<div>October {n}, 2026</div><p>Summary: lamps, bulbs and shades</p></article>"
        for n in numbers
    )
    return f"<!DOCTYPE html><html><body><nav><a href='/'>Home</a></nav><main>{rows}</main></body></html>"


def feed(*numbers: int) -> Reply:
    entries = "".join(
        f"<item><title>Lantern Papers {n}</title><link>SITE/issues/{n}.html</link>"
        f"<guid>SITE/issues/{n}.html</guid><pubDate>{n:02} Oct 2026 08:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>L</title>{entries}</channel></rss>'
    return Reply(body=body.encode(), content_type="application/rss+xml")


def shown(form: str, site: Loopback, *numbers: int) -> Reply | str:
    if form != "feed":
        return cards(*numbers) if form == "cards" else index(*numbers)
    reply = feed(*numbers)
    return replace(reply, body=reply.body.replace(b"SITE", site.url("").rstrip("/").encode()))


def put(site: Loopback, form: str, *numbers: int) -> None:
    site.routes["/list.html"] = shown(form, site, *numbers)
    for number in numbers:
        site.routes.setdefault(f"/issues/{number}.html", brief(number))


@pytest.fixture(params=["index", "cards", "feed"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(form: str) -> Iterator[Loopback]:
    with Loopback() as server:
        put(server, form, 5, 4, 3, 2, 1)
        yield server


@pytest.fixture
def home(site: Loopback, tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, sources=[source(site, kind="brief")], site=site) as made:
        made.poll()
        yield made


def asked(site: Loopback) -> list[str]:
    """The issues that were asked for since the last time, in order."""
    paths = [request.path for request in site.requests if request.path.startswith("/issues/")]
    site.requests.clear()
    return paths


def titles(home: House) -> list[str]:
    return [listed.document.title for listed in home.parts.store.papers.newest(limit=1000)]


def test_a_baseline_reads_the_newest_two_silently(home: House, site: Loopback) -> None:
    assert asked(site) == ["/issues/5.html", "/issues/4.html"]
    assert len(titles(home)) == 4
    assert rows_heard(home) == []
    assert home.poll(minutes=30).unchanged is not None
    assert asked(site) == []  # neither those that are read nor those that are old


def test_new_issues_are_read_item_by_item(home: House, site: Loopback, form: str) -> None:
    asked(site)
    put(site, form, 7, 6, 5, 4, 3)
    assert home.poll(minutes=30).changes == 4
    assert sorted(asked(site)) == ["/issues/6.html", "/issues/7.html"]
    assert sorted(rows_heard(home)) == [
        "new Lamp makers asked to count bulb 6",
        "new Lamp makers asked to count bulb 7",
        "new MIIT launched lamp pilot no. 6",
        "new MIIT launched lamp pilot no. 7",
    ]
    newest, *_ = home.parts.store.papers.newest()
    assert (newest.document.url or "").startswith(site.url("/issues/"))
    assert "#" in (newest.document.url or "")
    (version,) = home.parts.store.papers.versions(newest.document.id)
    assert version.snapshot is not None
    assert b"Lantern Papers, issue" in home.parts.store.snapshots.get(version.snapshot)
    assert home.poll(minutes=30).unchanged is not None


@pytest.mark.parametrize(
    "broken",
    [Reply(status=503), Reply(status=404), "<html><body><p>Please log in</p></body></html>"],
)
def test_one_issue_that_fails_keeps_none_back(
    home: House, site: Loopback, form: str, broken: Reply | str
) -> None:
    site.routes["/issues/7.html"] = broken
    put(site, form, 8, 7, 6, 5, 4)
    outcome = home.poll(minutes=30)
    assert outcome.changes == 4
    assert outcome.error is not None
    state = home.parts.store.sources.states()[home.source.id]
    assert state.failures == 1
    site.routes["/issues/7.html"] = brief(7)
    asked(site)
    assert home.poll(hours=3).changes == 2
    assert asked(site) == ["/issues/7.html"]
    assert len(rows_heard(home)) == 6
    assert home.parts.store.sources.states()[home.source.id].failures == 0


def test_an_issue_that_stays_gone_is_given_up(home: House, site: Loopback, form: str) -> None:
    """After operators were told; else a dead link would keep the source red as long as it is listed."""
    site.routes["/issues/6.html"] = Reply(status=410)
    put(site, form, 6, 5, 4)
    errors = [home.poll(hours=3).error for _ in range(7)]
    assert [error is not None for error in errors] == [True] * 5 + [False] * 2


def test_a_baseline_that_can_read_nothing_is_made_again(
    site: Loopback, tmp_path: Path, form: str
) -> None:
    for number in (5, 4):
        site.routes[f"/issues/{number}.html"] = Reply(status=503)
    with house(tmp_path, sources=[source(site, kind="brief")], site=site) as made:
        assert made.poll().error is not None
        site.routes["/issues/4.html"] = brief(4)
        assert made.poll(hours=1).error is None
        site.routes["/issues/5.html"] = brief(5)
        assert made.poll(hours=1).unchanged is not None
        assert rows_heard(made) == []
        put(site, form, 6, 5, 4)
        assert made.poll(hours=1).changes == 2


def test_issues_that_come_back_to_the_list_are_no_news(
    home: House, site: Loopback, form: str
) -> None:
    put(site, form, 5, 4)
    home.poll(minutes=30)
    put(site, form, 5, 4, 3, 2, 1)
    assert home.poll(minutes=30).unchanged is not None
    assert rows_heard(home) == []


def test_an_archive_of_any_length_is_no_news(site: Loopback, tmp_path: Path, form: str) -> None:
    site.routes["/list.html"] = shown(form, site, *range(28, 0, -1))
    for number in (28, 27):
        site.routes[f"/issues/{number}.html"] = brief(number)
    with (
        pytest.MonkeyPatch.context() as patch,
        house(tmp_path, sources=[source(site, kind="brief")], site=site) as made,
    ):
        patch.setattr("watcher.gather._REMEMBERED", 5)
        for _ in range(3):
            assert made.poll(hours=1).error is None
        assert asked(site) == ["/issues/28.html", "/issues/27.html"]


def test_a_source_that_stood_still_begins_anew(home: House, site: Loopback, form: str) -> None:
    """A stand-in's first visit after days is a baseline, also where there is nothing new to read."""
    resting = replace(home.source, enabled=False)
    home.clock.pass_(days=3)
    (state,) = home.parts.store.sources.claim([resting.id], home.clock.now())
    baseline = state.baseline_at
    assert home.parts.poller.visit(resting, state).changes == 0
    state = home.parts.store.sources.states()[resting.id]
    assert state.baseline_at not in (None, baseline)
    put(site, form, 6, 5, 4)
    assert home.poll(minutes=30).changes == 2


# ---------------------------------------------------------------- one page


@pytest.fixture
def page(tmp_path: Path) -> Iterator[House]:
    with (
        Loopback({"/list.html": brief(1)}) as server,
        house(tmp_path, sources=[source(server, kind="brief")], site=server) as made,
    ):
        made.poll()
        yield made


def test_a_source_may_be_one_page_that_is_written_anew(page: House) -> None:
    page.site.routes["/list.html"] = brief(2)
    assert page.poll(minutes=30).changes == 2
    assert page.poll(minutes=30).unchanged is not None
    assert asked(page.site) == []


def test_a_brief_that_turns_into_a_list_is_a_fault(page: House) -> None:
    put(page.site, "index", 5, 4, 3, 2, 1)
    assert "is it a brief" in (page.poll(minutes=30).error or "")
    assert asked(page.site) == []


def test_a_date_that_cannot_be_is_shown_with_the_paper(page: House) -> None:
    page.site.routes["/list.html"] = brief(2, date="September 31, 2026")
    page.poll(minutes=30)
    (found,) = [
        listed.document
        for listed in page.parts.store.papers.newest()
        if listed.document.title == "Lamp makers asked to count bulb 2"
    ]
    assert found.published is None
    (conflict,) = found.conflicts
    assert conflict.field == "published"
    assert conflict.values == (("brief", "date 'September 31, 2026' does not exist"),)


# ---------------------------------------------------------------- the ministry's paper


@pytest.fixture
def two(tmp_path: Path) -> Iterator[House]:
    """A brief and a ministry, each with its baseline."""
    with Loopback({"/list.html": listing(*OLD), "/brief.html": brief(1)}) as server:
        ministry = source(server, body="MIIT")
        lantern = source(server, id="lantern", kind="brief", url=server.url("/brief.html"))
        with house(tmp_path, sources=[ministry, lantern], site=server) as made:
            for each in made.parts.config.sources:
                visit(made, each)
            yield made


def visit(home: House, one: Source) -> Outcome:
    home.clock.pass_(hours=1)
    (state,) = home.parts.store.sources.claim([one.id], home.clock.now())
    return home.parts.poller.visit(one, state)


@pytest.mark.parametrize("called", [NOTICE, LAMPS], ids=["its notice", "its bare name"])
def test_a_paper_that_is_known_is_told_of_once(two: House, called: str) -> None:
    put_up(two)
    visit(two, two.parts.config.sources[0])
    two.site.routes["/brief.html"] = brief(2, paper=called, english=ENGLISH)
    visit(two, two.parts.config.sources[1])
    assert sorted(rows_heard(two)) == ["new MIIT launched lamp pilot no. 2", f"new {NOTICE}"]
    (known,) = seen_twice(two)
    assert known.title == NOTICE


@pytest.mark.parametrize("called", [NOTICE, LAMPS], ids=["its notice", "its bare name"])
def test_a_paper_that_a_brief_told_of_is_told_of_once(two: House, called: str) -> None:
    """When the ministry puts it up, it is the ministry's: its title, and its page is followed."""
    two.site.routes["/brief.html"] = brief(2, paper=called, english=ENGLISH)
    visit(two, two.parts.config.sources[1])
    two.site.routes["/doc/new.html"] = paper(NOTICE, *ARTICLES)
    put_up(two)
    assert visit(two, two.parts.config.sources[0]).changes == 0
    assert len(rows_heard(two)) == 2  # the paper, and the bullet
    (known,) = seen_twice(two)
    assert (known.title, known.source_id) == (NOTICE, "lamps")
    assert known.url == two.site.url("/doc/new.html")
    assert ENGLISH in known.aka
    assert two.read() == 1
    text = two.parts.store.papers.get([known.id])[known.id].text
    assert ARTICLES[0] in text
    assert len(rows_heard(two)) == 2


@pytest.mark.parametrize("first", ["ministry", "brief"])
@pytest.mark.parametrize("says", [ARTICLES[0], "到2027年，建设明亮示范工厂300家以上。"])
def test_what_a_brief_says_is_wanted_stays_unless_the_paper_says_it(
    two: House, first: str, says: str
) -> None:
    ministry, lantern = two.parts.config.sources
    two.site.routes["/brief.html"] = brief(2, paper=NOTICE, english=ENGLISH)
    two.site.routes["/doc/new.html"] = paper(NOTICE, says)
    put_up(two)
    for each in (ministry, lantern) if first == "ministry" else (lantern, ministry):
        visit(two, each)
    (known,) = seen_twice(two)
    assert [target.value for target in known.facts.targets] == [2000]
    assert two.read() == 1
    (known,) = seen_twice(two)
    wanted = 300 if "300" in says else 2000
    assert [target.value for target in known.facts.targets] == [wanted]


def test_a_known_paper_takes_the_briefs_names(two: House) -> None:
    put_up(two)
    visit(two, two.parts.config.sources[0])
    two.site.routes["/brief.html"] = brief(2, paper=LAMPS, english=ENGLISH)
    visit(two, two.parts.config.sources[1])
    (known,) = seen_twice(two)
    assert known.aka == (LAMPS, ENGLISH)


def put_up(home: House) -> None:
    """The ministry puts up the paper."""
    rows = [("/doc/new.html", NOTICE), *OLD]
    home.site.routes["/list.html"] = listing(*rows, day="2026-10-22")


def seen_twice(home: House) -> list[Document]:
    papers = home.parts.store.papers
    found = [listed.document for listed in papers.newest(limit=1000)]
    return [document for document in found if len(papers.sightings(document.id)) == 2]
