"""Visits and readings against a real server that misbehaves: every fault is the source's, nothing is lost."""

import gzip
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.flows.house import (
    ARTICLES,
    DRAFT,
    FINAL,
    LONG,
    OLD,
    House,
    house,
    listing,
    paper,
    source,
)
from tests.loopback import Loopback, Reply, conditional, redirect, too_many
from watcher.errors import StoreError
from watcher.model import ChangeKind

CHALLENGE = b"<html><head><script>var __jsl_clearance_s=1;</script></head><body>Please enable JavaScript</body></html>"


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback({"/list.html": listing(*OLD)}) as server:
        yield server


@pytest.fixture
def home(site: Loopback, tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, sources=[source(site)], site=site) as made:
        yield made


def changes(home: House) -> list[str]:
    papers = home.parts.store.papers
    ids = [listed.document.id for listed in papers.newest(limit=1000)]
    found = sorted((c for i in ids for c in papers.changes(i)), key=lambda c: c.id)
    return [f"{c.kind} {c.document.title}" for c in found]


def test_baseline_then_news_then_nothing(home: House) -> None:
    assert home.poll().changes == 0
    assert len(home.parts.store.papers.newest()) == 8
    assert home.poll(minutes=30).unchanged is not None
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    assert home.poll(minutes=30).changes == 1
    assert home.poll(minutes=30).unchanged is not None
    assert changes(home) == [f"new {DRAFT[1]}"]


def test_an_unchanged_page_costs_no_download(home: House) -> None:
    home.site.routes["/list.html"] = conditional(listing(*OLD))
    home.poll()
    home.poll(minutes=30)
    assert "if-none-match" in home.site.requests[-1].headers


BOMB = Reply(body=bytes(30_000_000), encoding="gzip")


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Reply(status=500, body=listing(*OLD)), "500"),
        (Reply(status=412, body=CHALLENGE), "challenge"),
        (Reply(body=CHALLENGE), "challenge"),
        (Reply(status=404), "404"),
        (too_many("7200"), "429"),
        (Reply(delay=5), "2 s"),
        (Reply(body=listing(DRAFT, *OLD), only=300), "cut off"),
        (Reply(body=listing(DRAFT, *OLD)[:400]), "truncated"),
        (BOMB, "20 MB"),
        (Reply(body=b""), "empty"),
        (
            Reply(body="<html><body><h1>系统维护中，请稍后访问</h1></body></html>".encode()),
            "blocked",
        ),
        (listing(OLD[0]), "usual"),
        (redirect("http://169.254.169.254/latest/meta-data/"), "169.254.169.254"),
        (Reply(reset=True), "127.0.0.1"),
        (Reply(body=b"\xff\xfe\x00\xd8" * 500, content_type="text/html"), "undecodable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_the_sources_and_nothing_is_lost(
    home: House, fault: Reply | bytes, says: str
) -> None:
    home.poll()
    home.site.routes["/list.html"] = fault
    outcome = home.poll(minutes=30)
    assert outcome.error is not None
    assert says in outcome.error
    state = home.parts.store.sources.states()["lamps"]
    assert (state.failures, state.error) == (1, outcome.error)
    assert changes(home) == []
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    assert home.poll(hours=3).changes == 1
    assert changes(home) == [f"new {DRAFT[1]}"]
    assert home.parts.store.sources.states()["lamps"].error is None


def test_a_page_where_a_feed_should_be(site: Loopback, tmp_path: Path) -> None:
    with house(tmp_path, sources=[source(site, kind="feed")], site=site) as home:
        outcome = home.poll()
        assert outcome.error is not None
        assert outcome.error.startswith("not-a-listing")


def test_the_servers_wish_is_kept(home: House) -> None:
    home.site.routes["/list.html"] = too_many("7200")
    home.poll()
    state = home.parts.store.sources.states()["lamps"]
    assert state.next_poll_at - home.clock.now() == timedelta(seconds=7200)


def test_what_was_not_reached_is_tried_again_as_usual(home: House) -> None:
    """Our own line may be down: once it is back, nothing waits for hours."""
    home.site.routes["/list.html"] = Reply(reset=True)
    for _ in range(6):
        home.poll(hours=3)
    state = home.parts.store.sources.states()["lamps"]
    assert state.next_poll_at - home.clock.now() == home.source.every


def test_failures_are_waited_out_longer_and_operators_told_once(home: House) -> None:
    home.poll()
    home.site.routes["/list.html"] = Reply(status=500)
    waits = []
    for _ in range(7):
        home.poll(hours=3)
        state = home.parts.store.sources.states()["lamps"]
        waits.append((state.next_poll_at - home.clock.now()) // timedelta(minutes=1))
    assert waits == [30, 60, 120, 120, 120, 120, 120]
    said = home.deliver()
    assert said.count("cannot be read") == 1
    home.site.routes["/list.html"] = listing(*OLD)
    home.poll(hours=3)
    assert "can be read again" in home.deliver()


def test_a_bug_of_ours_does_not_stop_the_visit(site: Loopback, tmp_path: Path) -> None:
    with house(tmp_path, sources=[source(site, kind="no-such-kind")], site=site) as home:
        outcome = home.poll()
        assert outcome.error is not None
        assert "bug in watcher" in outcome.error


def test_a_full_disk_stops_everything(home: House) -> None:
    folder = home.parts.store.snapshots.folder
    folder.write_text(
        "a file where the folder should be"
    )  # as unwritable as a full disk, also for root
    with pytest.raises(StoreError, match="snapshot folder"):
        home.poll()
    folder.unlink()
    home.clock.pass_(minutes=6)
    assert home.poll().changes == 0
    assert len(home.parts.store.papers.newest()) == 8


# ---------------------------------------------------------------- reading papers


def publish(home: House, row: tuple[str, str], *paragraphs: str, day: str = "2026-11-01") -> None:
    """Put a paper on top of the list, and let it be seen half an hour later."""
    home.site.routes[row[0]] = paper(row[1], *paragraphs, day=day)
    shown, top = home.site.routes["/list.html"], listing(row, day=day)
    assert isinstance(shown, bytes)
    item = top[top.index(b"<li>") : top.index(b"</ul>")]
    home.site.routes["/list.html"] = shown.replace(b"<li>", item + b"<li>", 1)
    home.poll(minutes=30)


DEADLINE = "意见反馈截止日期为2026年12月2日。"


def test_an_alert_waits_for_the_text_and_says_what_it_says(home: House) -> None:
    home.poll()
    publish(home, DRAFT, DEADLINE, *ARTICLES)
    assert home.deliver() == "", "the text is about to be read"
    assert home.read() == 1
    said = home.deliver()
    assert "Draft for comment" in said
    assert "2 Dec 2026" in said
    assert "3 articles" in said


def test_an_alert_does_not_wait_longer_than_a_quarter_of_an_hour(home: House) -> None:
    home.poll()
    publish(home, DRAFT, DEADLINE, *ARTICLES)
    home.site.routes[DRAFT[0]] = Reply(status=500)
    home.read()
    assert home.deliver(minutes=14) == ""
    said = home.deliver(minutes=1)
    assert DRAFT[1][:20] in said
    assert "deadline unknown" in said
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], DEADLINE, *ARTICLES)
    assert home.read(minutes=5) == 1
    rest = home.deliver()
    assert "2 Dec 2026" in rest, "the rest follows"
    assert home.deliver(hours=1) == ""


def test_a_page_is_read_again_when_the_house_says(home: House) -> None:
    home.poll()
    publish(home, DRAFT, DEADLINE, *ARTICLES)
    home.read()
    home.deliver()
    seen = []
    for hour in range(1, 24 * 40):
        if home.read(hours=1):
            seen.append(hour)
    assert seen[:4] == [1, 24, 72, 168]
    days = [b - a for a, b in itertools.pairwise(seen[3:])]
    assert set(days) == {24}, "daily while comments are open"
    assert home.clock.now().date() > date(2026, 12, 2)
    assert seen[-1] <= 24 * 32
    assert home.deliver() == "", "an unchanged page is no news"


def test_a_corrected_text_is_a_change_with_the_old_deadline(home: House) -> None:
    home.poll()
    publish(home, DRAFT, DEADLINE, *ARTICLES)
    home.read()
    home.deliver()
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], DEADLINE.replace("12月2日", "12月9日"), *ARTICLES)
    assert home.read(hours=1) == 1
    said = home.deliver()
    assert "Deadline extended" in said
    assert "(was Wed 2 Dec 2026)" in said
    assert "9 Dec 2026" in said


@pytest.mark.parametrize("fault", [CHALLENGE, paper(DRAFT[1], "待续"), Reply(status=503), b""])
def test_a_broken_page_is_no_correction(home: House, fault: bytes | Reply) -> None:
    home.poll()
    publish(home, DRAFT, DEADLINE, *LONG)
    home.read()
    home.deliver()
    home.site.routes[DRAFT[0]] = fault
    assert home.read(hours=1) == 1
    assert home.deliver() == ""
    assert home.parts.store.papers.newest(limit=1)[0].read_error


def test_a_paper_is_withdrawn_when_its_page_is_gone_for_three_readings(home: House) -> None:
    home.poll()
    publish(home, DRAFT, DEADLINE, *ARTICLES)
    home.read()
    home.deliver()
    home.site.routes[DRAFT[0]] = Reply(status=404)
    told = [home.read(hours=1) and home.deliver() for _ in range(4)]
    assert [bool(said) for said in told] == [False, False, True, False]
    assert "Withdrawn" in str(told[2])
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], DEADLINE, *ARTICLES)
    assert home.read(hours=24) == 1
    assert changes(home)[-1].startswith(ChangeKind.RESTORED)


def test_the_final_finds_its_draft_and_says_what_changed(home: House) -> None:
    home.poll()
    publish(home, DRAFT, DEADLINE, *ARTICLES)
    home.read()
    home.deliver()
    home.clock.pass_(days=60)
    publish(home, FINAL, *ARTICLES[:2], ARTICLES[2].replace("三十", "十五"), day="2027-01-01")
    home.read()
    said = home.deliver()
    assert "Final of the draft of" in said
    assert "1 changed (1 substantive)" in said
    assert "the final of a draft you heard of" in said or "in the title" in said


def test_drafts_of_the_baseline_are_read_and_finals_are_not(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], DEADLINE, *ARTICLES)
    home.poll()
    assert home.read() == 1
    assert home.deliver(hours=1) == ""
    (listed,) = home.parts.store.papers.newest(limit=1)
    assert listed.document.facts.deadline == date(2026, 12, 2)


def test_alert_since_lets_a_first_visit_speak(site: Loopback, tmp_path: Path) -> None:
    site.routes["/list.html"] = listing(DRAFT)
    since = replace(source(site), alert_since=date(2026, 11, 1))
    with house(tmp_path, sources=[since], site=site) as home:
        home.poll()
        assert DRAFT[1][:16] in home.deliver(minutes=20)


def test_a_bombs_size_is_what_it_says() -> None:
    assert len(gzip.compress(BOMB.body)) < 40_000
