"""Lists and pages together: what must not be lost, doubled or made up when they meet."""

from pathlib import Path

from tests.flows.house import (
    ARTICLES,
    DEADLINE,
    DRAFT,
    LONG,
    OLD,
    RETITLED,
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

# ---------------------------------------------------------------- a visit and a reading cross


def test_a_list_edit_during_a_reading_has_the_last_word(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    papers = home.parts.store.papers
    (due,) = papers.claim_due(["lamps"], home.clock.now(), 10)
    home.site.routes["/list.html"] = listing(RETITLED, *OLD)
    home.poll(minutes=1)
    home.parts.follower.read(due, home.source)  # it began before the edit
    assert document(home, RETITLED[1])
    assert home.read() == 1, "the page is read again, for the new title"
    assert papers.get([due.document.id])[due.document.id].text.startswith("意见反馈")
    assert kinds(home).count("modified") == 1


def test_a_reading_during_a_visit_keeps_its_text(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    papers, record = home.parts.store.papers, home.parts.store.record
    number = document(home, DRAFT[1])
    read_meanwhile: list[int] = []

    class Crossing(type(record)):  # type: ignore[misc]  # the recorder, with a reading just before it writes
        def visit(self, visit: object) -> int | None:
            if not read_meanwhile:
                read_meanwhile.append(home.read())
            return super().visit(visit)  # type: ignore[no-any-return]

    home.parts.store.record = Crossing(home.parts.store.db)
    home.site.routes["/list.html"] = listing(RETITLED, *OLD)
    assert home.poll(minutes=1).changes == 1
    assert read_meanwhile == [1]
    now = papers.get([number])[number]
    assert (now.title, now.text[:6]) == (RETITLED[1], "意见反馈截止")


def test_a_moved_address_is_not_undone_by_a_reading(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    (due,) = home.parts.store.papers.claim_due(["lamps"], home.clock.now(), 10)
    moved = ("/new/draft.html", DRAFT[1])
    home.site.routes["/list.html"] = listing(moved, *OLD)
    assert home.poll(minutes=1).changes == 0
    home.parts.follower.read(due, home.source)
    number = document(home, DRAFT[1])
    url = home.parts.store.papers.get([number])[number].url
    assert url == home.site.url("/new/draft.html")


# ---------------------------------------------------------------- one edit, one correction


def test_title_and_text_changed_together_are_one_correction(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    home.deliver()
    home.site.routes["/list.html"] = listing(RETITLED, *OLD)
    home.site.routes[DRAFT[0]] = paper(
        RETITLED[1], DEADLINE.replace("12月2日", "12月9日"), *ARTICLES
    )
    home.poll(minutes=30)
    home.read()
    said = home.deliver() + home.deliver(hours=1)
    assert said.count("Deadline extended ·") == 1
    assert "title was" in said
    assert "(was Wed 2 Dec 2026)" in said


def test_a_correction_does_not_overtake_its_alert(home: House) -> None:
    home.site.routes[DRAFT[0]] = Reply(status=500)
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    home.site.routes["/list.html"] = listing(RETITLED, *OLD)
    home.poll(minutes=5)
    said = home.deliver() + home.deliver(minutes=30)
    assert said.count("Draft for comment") == 1
    assert "Correction" not in said
    assert "智慧灯具" in said


# ---------------------------------------------------------------- leaving and coming back


def test_what_a_list_withdrew_its_page_does_not_restore(site: Loopback, tmp_path: Path) -> None:
    with house(tmp_path, sources=[source(site, complete=True)], site=site) as home:
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=30)
        home.read()
        site.routes["/list.html"] = listing(*OLD)
        home.poll(minutes=20)
        home.read(hours=1)
        assert kinds(home) == ["new", "withdrawn"]
        site.routes["/list.html"] = listing(RETITLED, *OLD)
        home.poll(hours=1)
        assert kinds(home) == ["new", "withdrawn", "restored"], (
            "back and retitled is one piece of news"
        )


def test_days_of_failures_do_not_switch_the_guard_off(site: Loopback, tmp_path: Path) -> None:
    with house(tmp_path, sources=[source(site, complete=True)], site=site) as home:
        home.poll()
        site.routes["/list.html"] = Reply(status=500)
        for _ in range(8):
            home.poll(hours=12)
        site.routes["/list.html"] = listing(OLD[0])
        assert "usual" in (home.poll(hours=2).error or "")
        assert kinds(home) == []
        for _ in range(7):
            home.poll(hours=12)
        assert kinds(home) == ["withdrawn"] * 7, "a list that stays short for three days is so"


def test_failures_do_not_use_up_the_guard_of_a_page(home: House) -> None:
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], TEXT[0], *LONG)
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    home.deliver()
    home.site.routes[DRAFT[0]] = Reply(status=503)
    home.read(hours=1)
    for _ in range(6):
        home.read(hours=7)
    home.site.routes[DRAFT[0]] = paper(DRAFT[1], "该页面内容正在更新，敬请期待。")
    home.read(hours=7)
    assert home.deliver() == ""
    assert kinds(home) == ["new"]


def test_without_a_day_a_title_does_not_tell_who_moved(site: Loopback, tmp_path: Path) -> None:
    row = ("/doc/1.html", "关于公开征求意见的公告")
    site.routes["/list.html"] = listing(row, *OLD, day="")
    with house(tmp_path, sources=[source(site)], site=site) as home:
        home.poll()
        site.routes["/list.html"] = listing(*OLD, day="")
        home.poll(days=10)
        site.routes["/list.html"] = listing(("/doc/77.html", row[1]), *OLD, day="")
        assert home.poll(days=300).changes == 1
