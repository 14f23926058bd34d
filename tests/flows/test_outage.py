"""What a list shows after an outage or a redesign, and what stands in for it: what is read, held, told."""

from dataclasses import replace
from pathlib import Path

from tests.flows.house import FINAL, house, listing, paper, rows_heard, source
from tests.flows.house import OLD as LISTED
from tests.flows.test_replay import MIRROR, OLD, N, dressed, news, rows
from tests.loopback import Loopback, Reply, Route
from watcher.cli.work import _round as run_round
from watcher.poll import TRIES
from watcher.settings import DetailRule

# ---------------------------------------------------------------- after an outage, after a redesign


def test_what_scrolled_off_while_we_were_away_is_read_from_the_pages_behind(tmp_path: Path) -> None:
    """Two pages of news behind each other, then the known: everything arrives, each once."""
    fresh = [f"/n/{n}.html | 关于印发《{n}型灯具管理办法》的通知 | 2026-11-02" for n in range(12)]
    old: Route = rows(*OLD)
    with Loopback({"/list.html": old}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            more = '<a href="list_{}.html">下一页</a></body>'
            for number, (path, part) in enumerate(
                [("/list.html", fresh[:6]), ("/list_2.html", fresh[6:]), ("/list_3.html", OLD)], 2
            ):
                site.routes[path] = rows(*part).replace("</body>", more.format(number))
            assert home.poll(hours=30).changes == 12
            assert "/list_4.html" not in site.paths()
            assert home.poll(minutes=30).unchanged is not None


def test_a_page_behind_that_always_fails_does_not_stop_the_first(tmp_path: Path) -> None:
    fresh = [f"/n/{n}.html | 关于印发《{n}型灯具管理办法》的通知 | 2026-11-02" for n in range(6)]
    with Loopback({"/list.html": rows(*OLD)}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            more = '<a href="list_2.html">下一页</a></body>'
            site.routes["/list.html"] = rows(*fresh).replace("</body>", more)
            site.routes["/list_2.html"] = Reply(status=503)
            came = [home.poll(hours=3).changes for _ in range(TRIES + 1)]
            assert came == [0] * TRIES + [6]


def test_a_long_list_begins_without_a_notice(tmp_path: Path) -> None:
    """Nothing of a baseline is sent, and so nothing of it is held."""
    many = [f"/n/{n}.html | 关于印发《{n}型灯具管理办法》的通知 | 2026-10-02" for n in range(320)]
    with Loopback({"/list.html": rows(*many)}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            assert home.deliver() == ""
            assert home.parts.store.sources.states()["lamps"].held_at is None


def test_pages_behind_are_no_habit(tmp_path: Path) -> None:
    """Five pages read after an outage do not make one page look cut off."""
    with Loopback({"/list.html": rows(*OLD, N)}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            for number in range(1, 6):
                shown = [
                    f"/n/{number}{n}.html | 关于印发《{number}{n}型灯具管理办法》的通知 | 2026-11-02"
                    for n in range(5 * number)
                ]
                path = "/list.html" if number == 1 else f"/list_{number}.html"
                more = f'<a href="list_{number + 1}.html">下一页</a></body>'
                site.routes[path] = rows(*shown).replace("</body>", more)
            home.poll(hours=3)
            assert home.parts.store.sources.states()["lamps"].row_counts == (5, 5)


def test_a_redesign_is_held_and_released_or_discarded(tmp_path: Path) -> None:
    archive = [
        f"/x/{n}.html | {n}型灯具管理办法有关事项的说明 | 2024-05-{n:02}" for n in range(1, 21)
    ]
    with Loopback({"/list.html": rows(*OLD)}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            site.routes["/list.html"] = rows(N, *archive)
            home.poll(minutes=30)
            shown = home.deliver()
            assert N.split("|")[1].strip()[:14] in shown  # a fresh day is news all the same
            assert "alerts are held" in shown and "20 rows" in shown
            sources = home.parts.store.sources
            assert sources.states()["lamps"].held_reason is not None
            assert sources.release_held("lamps", home.clock.now()) == 20
            assert "型灯具管理办法有关事项的说明" in home.deliver()
            assert sources.states()["lamps"].held_at is None


def test_what_is_discarded_is_never_sent(tmp_path: Path) -> None:
    archive = [
        f"/x/{n}.html | {n}型灯具管理办法有关事项的说明 | 2024-05-{n:02}" for n in range(1, 21)
    ]
    with Loopback({"/list.html": rows(*OLD)}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            site.routes["/list.html"] = rows(*archive)
            home.poll(minutes=30)
            home.deliver()
            assert (
                home.parts.store.sources.release_held("lamps", home.clock.now(), discard=True) == 20
            )
            assert home.deliver(minutes=1) == ""
            assert {row["state"] for row in home.parts.store.outbox.rows("dead")} == {"dead"}


def test_a_correction_of_what_is_held_is_held_with_it(tmp_path: Path) -> None:
    archive = [f"/x/{n}.html | {n}型灯具管理办法有关事项 | 2024-05-{n:02}" for n in range(1, 21)]
    with Loopback({"/list.html": rows(*OLD)}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            site.routes["/list.html"] = rows(*archive)
            home.poll(minutes=30)
            home.deliver()
            site.routes["/list.html"] = rows(dressed(archive[0], "灯具", "灯饰"), *archive[1:])
            assert home.poll(minutes=30).changes == 1
            assert home.deliver(minutes=1) == ""
            assert home.parts.store.sources.release_held("lamps", home.clock.now()) == 20


def test_a_source_on_hold_keeps_its_alerts(tmp_path: Path) -> None:
    with Loopback({"/list.html": rows(*OLD)}) as site:
        one = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            home.parts.store.sources.hold("lamps", "being rebuilt", home.clock.now())
            site.routes["/list.html"] = rows(N, *OLD)
            assert home.poll(minutes=30).changes == 1
            assert home.deliver(hours=1) == ""
            assert home.parts.store.sources.release_held("lamps", home.clock.now()) == 1
            assert N.split("|")[1].strip()[:14] in home.deliver()


# ---------------------------------------------------------------- one stands in for another


def test_a_stand_in_tells_of_what_came_since(tmp_path: Path) -> None:
    """The source is refused; its fallback, which is off, tells of what is new and of nothing else."""
    with Loopback({"/list.html": rows(*OLD), "/library": rows(*OLD)}) as site:
        plain = source(site, detail=DetailRule(follow=False))
        blocked = replace(plain, fallback="library")
        library = replace(plain, id="library", url=site.url("/library"), enabled=False)
        with house(tmp_path, sources=[blocked, library], site=site) as home:
            store = home.parts.store
            home.poll()
            site.routes["/list.html"] = Reply(status=412)
            for _ in range(3):
                home.poll(hours=3)
            site.routes["/library"] = rows(MIRROR, *OLD)
            from watcher.health import to_visit

            wanted = to_visit(home.parts.config, store.sources.states())
            (state,) = store.sources.claim(["library"], home.clock.now())
            home.parts.poller.visit(wanted["library"], state)
            assert rows_heard(home) == news(MIRROR)
            site.routes["/list.html"] = rows(N, *OLD)
            assert home.poll(hours=3).changes == 0  # back again: it is known by now
            assert list(to_visit(home.parts.config, store.sources.states())) == ["lamps"]
            assert rows_heard(home) == news(MIRROR)


def test_papers_of_a_source_taken_out_are_read_on_by_a_round(tmp_path: Path) -> None:
    """Their own source is not configured any more; another that shows them is."""
    with Loopback({"/list.html": listing(*LISTED)}) as site:
        kept = source(site)
        taken_out = replace(kept, id="former", url=site.url("/former"))
        site.routes["/former"] = listing(*LISTED)
        site.routes[FINAL[0]] = Reply(status=503)
        with house(tmp_path, sources=[kept], site=site) as home:
            store = home.parts.store
            store.sources.sync(["former"], home.clock.now())
            for shown in (LISTED, (FINAL, *LISTED)):
                site.routes["/former"] = listing(*shown)
                (state,) = store.sources.claim(["former"], home.clock.now())
                home.parts.poller.visit(taken_out, state)
            site.routes |= {"/list.html": listing(FINAL, *LISTED), FINAL[0]: paper(*FINAL)}
            home.poll(minutes=30)
            run_round(home.parts, {kept.id: kept})
            (read,) = store.papers.newest(limit=1)
            assert (read.document.source_id, read.reads) == (kept.id, 1)
