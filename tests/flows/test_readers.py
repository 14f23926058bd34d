"""Times, readers and our own changes: who hears when, and what makes no news."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.flows.house import (
    ARTICLES,
    CONSOLE,
    DRAFT,
    FINAL,
    OLD,
    OPS,
    RETITLED,
    START,
    TEXT,
    House,
    document,
    house,
    kinds,
    listing,
    paper,
    source,
)
from tests.loopback import Loopback, Reply
from watcher.model import ChangeKind, Stage
from watcher.settings import (
    Cadence,
    Config,
    DetailRule,
    Quiet,
    Rule,
    Source,
    Subscription,
    Team,
)

# ---------------------------------------------------------------- times


def told(folder: Path, subscription: Subscription) -> Config:
    team = Team(
        id="law", name="Law", timezone="Europe/Berlin", to=(CONSOLE,), subscriptions=(subscription,)
    )
    return Config(path=folder / "sources.yaml", state=folder, teams=(team,), operators=(OPS,))


def test_waiting_for_the_text_keeps_quiet_hours(site: Loopback, tmp_path: Path) -> None:
    """Found at 02:30, quiet from 02:35, the page fails: it leaves when the quiet ends."""
    quiet = Subscription(id="all", quiet=Quiet(start=2 * 60 + 35, end=7 * 60))
    site.routes[DRAFT[0]] = Reply(status=500)
    with house(tmp_path, sources=[source(site)], site=site, config=told(tmp_path, quiet)) as home:
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=30)  # 01:30 UTC, 02:30 in Berlin
        assert home.deliver(minutes=20) == ""
        assert home.deliver(hours=4) == ""
        assert DRAFT[1][:12] in home.deliver(minutes=11)


def test_a_digest_takes_what_was_found_just_before_it(site: Loopback, tmp_path: Path) -> None:
    """Found on Monday at 01:58 UTC for 03:00 in Berlin, read after: it is Monday's, not next week's."""
    weekly = Subscription(id="all", when=Cadence(every="weekly", hour=3, minute=0, day=0))
    with house(tmp_path, sources=[source(site)], site=site, config=told(tmp_path, weekly)) as home:
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=58)
        home.read(minutes=3)
        assert datetime(2026, 11, 2, 2, 1, tzinfo=UTC) == home.clock.now()
        assert DRAFT[1][:12] in home.deliver()


def test_a_page_that_is_not_there_yet_is_asked_for_again_soon(home: House) -> None:
    home.site.routes[DRAFT[0]] = Reply(status=404)
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], *TEXT)
    assert home.read(minutes=2) == 1
    assert "2 Dec 2026" in home.deliver()


def test_edits_of_the_list_do_not_use_up_the_readings(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], *ARTICLES)
    home.poll(minutes=30)
    home.read()
    for n in range(4):
        home.site.routes["/list.html"] = listing((DRAFT[0], f"{DRAFT[1]}（{n}）"), *OLD)
        home.poll(minutes=5)
        home.read()
    assert home.read(minutes=45) == 1


# ---------------------------------------------------------------- who hears, and why


def test_a_paper_that_matches_only_by_its_text_on_a_first_visit(
    site: Loopback, tmp_path: Path
) -> None:
    keyword = Subscription(id="leaks", sectors=("carbon",), keywords=("数据泄露",))
    site.routes["/list.html"] = listing(DRAFT, *OLD)
    since = source(site, alert_since=date(2026, 11, 1))
    with house(tmp_path, sources=[since], site=site, config=told(tmp_path, keyword)) as home:
        home.poll()
        home.read()
        said = home.deliver()
        assert DRAFT[1][:12] in said
        assert "数据泄露 in the text" in said


def test_another_round_is_not_called_a_final(home: House) -> None:
    again = ("/doc/again.html", DRAFT[1].replace("公开征求", "再次公开征求"))
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    home.deliver()
    row = listing(again, day="2027-01-05")
    item = row[row.index(b"<li>") : row.index(b"</ul>")]
    home.site.routes[again[0]] = paper(again[1], *ARTICLES, day="2027-01-05")
    home.site.routes["/list.html"] = listing(DRAFT, *OLD).replace(b"<li>", item + b"<li>", 1)
    home.poll(days=60)
    home.read()
    said = home.deliver()
    assert "再次公开征求" in said
    assert "the final of a draft" not in said


def test_a_draft_and_its_final_that_come_together_are_linked(
    site: Loopback, tmp_path: Path
) -> None:
    unread = source(site, detail=DetailRule(follow=False))
    final = listing(FINAL, day="2026-12-20")
    item = final[final.index(b"<li>") : final.index(b"</ul>")]
    site.routes["/list.html"] = listing(DRAFT, *OLD).replace(b"<li>", item + b"<li>", 1)
    with house(tmp_path, sources=[unread], site=site) as home:
        home.poll()
        number = document(home, DRAFT[1])
        assert [link.state for link in home.parts.store.papers.links(number)] == ["linked"]


BRIEF = """China Lamps Brief

TOP 5

1. {heading}

At a glance: The Bureau of Lamps issued measures for the data security of lamps.

  • Report leaks within 15 days

Comment: Firms have to move.

Article: Measures for Data Security of Smart Lamps ({chinese}) (Link)
Issuing body: Bureau of Lamps
Date: November 1, 2026

NOTEWORTHY

Policy news

  • November 1: MIIT released a plan for lamps in factories (MIIT notice)

Corporate news

  • November 1: A lamp maker opened a plant in Taizhou (Yicai article)
"""


def test_a_briefs_wording_does_not_rename_the_ministrys_paper(
    site: Loopback, tmp_path: Path
) -> None:
    ministry = source(site)
    brief = Source(
        id="brief",
        name="Brief",
        kind="brief",
        url=site.url("/brief.txt"),
        every=timedelta(hours=1),
        manners=ministry.manners,
    )
    site.routes["/brief.txt"] = BRIEF.format(heading="Old news", chinese="别的办法").encode()
    with house(tmp_path, sources=[ministry, brief], site=site) as home:
        home.poll()
        site.routes["/list.html"] = listing(FINAL, *OLD)
        home.poll(minutes=30)
        store, poller = home.parts.store, home.parts.poller

        def poll_brief(heading: str) -> int:
            site.routes["/brief.txt"] = BRIEF.format(heading=heading, chinese=FINAL[1]).encode()
            home.clock.pass_(hours=1)
            (state,) = store.sources.claim(["brief"], home.clock.now())
            return poller.visit(brief, state).changes

        poll_brief("x")  # the baseline
        number = document(home, FINAL[1])
        before = kinds(home)
        for heading in ("Lamps get data rules", "Lamps get new data security rules"):
            poll_brief(heading)
        known = store.papers.get([number])[number]
        assert (known.title, known.facts.stage) == (FINAL[1], Stage.FINAL)
        assert ChangeKind.MODIFIED not in kinds(home)[len(before) :]


def test_a_mirror_that_lags_does_not_rename_the_paper(site: Loopback, tmp_path: Path) -> None:
    mirror = replace(source(site), id="mirror", url=site.url("/mirror.html"))
    site.routes["/mirror.html"] = listing(*((f"/m{url}", title) for url, title in OLD))
    with house(tmp_path, sources=[source(site), mirror], site=site) as home:
        store, poller = home.parts.store, home.parts.poller

        def poll_mirror(title: str | None = None) -> int:
            rows = [(f"/m{url}", name) for url, name in OLD]
            if title:
                rows.insert(0, ("/m/doc/draft.html", title))
            site.routes["/mirror.html"] = listing(*rows)
            (state,) = store.sources.claim(["mirror"], home.clock.now())
            return poller.visit(mirror, state).changes

        home.poll()
        poll_mirror()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=30)
        assert poll_mirror(DRAFT[1]) == 0
        site.routes["/list.html"] = listing(RETITLED, *OLD)
        home.poll(minutes=30)
        assert poll_mirror(DRAFT[1].replace("办法", "规定")) == 0
        assert document(home, RETITLED[1])
        assert kinds(home) == ["new", "modified"]


# ---------------------------------------------------------------- our own changes


@pytest.mark.parametrize(
    "change",
    [{"rule": Rule(row="ul.list li", title="span")}, {"url": "/other.html"}],
    ids=["rule", "address"],
)
def test_a_changed_source_makes_no_news(
    site: Loopback, tmp_path: Path, change: dict[str, object]
) -> None:
    site.routes["/other.html"] = listing(*(((f"/x{url}", title) for url, title in OLD)))
    with house(tmp_path, sources=[source(site)], site=site) as home:
        home.poll()
        if "url" in change:
            change = {"url": site.url("/other.html")}
        changed = replace(home.source, **change)  # type: ignore[arg-type]
        home.parts = replace(home.parts, config=replace(home.parts.config, sources=(changed,)))
        home.poll(minutes=30)
        assert kinds(home) == []
        assert "if-none-match" not in site.requests[-1].headers
        path = "/other.html" if "url" in change else "/list.html"
        page = site.routes[path]
        assert isinstance(page, bytes)
        row = listing(DRAFT)
        item = row[row.index(b"<li>") : row.index(b"</ul>")]
        site.routes[path] = page.replace(b"<li>", item + b"<li>", 1)
        home.poll(minutes=30)
        assert kinds(home) == ["new"], "and what comes then is news"


def test_a_cut_title_is_mended_without_news(site: Loopback, tmp_path: Path) -> None:
    cut = listing(DRAFT, *OLD).replace(
        f'title="{DRAFT[1]}">{DRAFT[1]}'.encode(), f">{DRAFT[1][:20]}…".encode()
    )
    unread = source(site, detail=DetailRule(follow=False))
    with house(tmp_path, sources=[unread], site=site) as home:
        home.poll()
        site.routes["/list.html"] = cut
        home.poll(minutes=30)
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=30)
        assert document(home, DRAFT[1])
        assert kinds(home) == ["new"]


def test_the_house_begins_on_a_monday() -> None:
    assert START.weekday() == 0, "the digest's test counts on it"
