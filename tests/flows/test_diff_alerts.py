"""What an alert says of the text that a paper is compared with, and which text that is."""

from dataclasses import replace

import pytest

from tests.diff.lamps import blankless
from tests.flows.house import ARTICLES, DRAFT, FINAL, OLD, House, document, listing, paper

STRICTER = ARTICLES[2].replace("三十", "十五")
ROUND_TWO = ("/doc/again.html", DRAFT[1].replace("公开征求", "再次公开征求"))


def publish(home: House, row: tuple[str, str], *articles: str, day: str, beside: int = 0) -> str:
    """Put a paper up, read it, and return what readers were told."""
    home.site.routes[row[0]] = paper(row[1], *articles, day=day)
    known = [(DRAFT)] * beside
    head = listing(row, day=day)
    home.site.routes["/list.html"] = listing(*known, *OLD).replace(
        b"<li>", head[head.index(b"<li>") : head.index(b"</ul>")] + b"<li>", 1
    )
    home.poll(minutes=30)
    home.read()
    return home.deliver() + home.deliver(hours=1)


@pytest.fixture(name="drafted")
def with_a_draft(home: House) -> House:
    home.poll()
    publish(home, DRAFT, *ARTICLES, day="2026-11-01")
    return home


def test_a_final_is_compared_with_its_draft(drafted: House) -> None:
    drafted.clock.pass_(days=60)
    said = publish(drafted, FINAL, *ARTICLES[:2], STRICTER, day="2027-01-01", beside=1)
    assert "Against it: 3 articles (draft 3): 2 same, 1 changed (1 substantive)" in said
    assert "共3条（征求意见稿3条）：2条未变，1条修改（实质性1条）" in said
    assert "第三条:30→15days·期限:" in blankless(said)
    assert "应当在[-三十-]{+十五+}日内报告" in blankless(said)


def test_a_second_round_is_compared_with_the_first(drafted: House) -> None:
    drafted.clock.pass_(days=60)
    said = publish(drafted, ROUND_TWO, *ARTICLES[:2], STRICTER, day="2027-01-01", beside=1)
    assert "New round after the draft of" in said
    assert "[-三十-]{+十五+}日" in said


def test_a_corrected_final_is_compared_with_what_it_was(drafted: House) -> None:
    """Not with its draft: the first alert told of that."""
    drafted.clock.pass_(days=60)
    publish(drafted, FINAL, *ARTICLES[:2], STRICTER, day="2027-01-01", beside=1)
    again = STRICTER.replace("十五", "五")
    drafted.site.routes[FINAL[0]] = paper(FINAL[1], *ARTICLES[:2], again, day="2027-01-01")
    drafted.read(hours=24)
    said = drafted.deliver() + drafted.deliver(hours=1)
    assert "Against the text before: 3 articles (before 3)" in said
    assert "[-十五-]{+五+}日" in said
    assert "三十" not in said


def test_a_final_without_a_draft_is_compared_with_nothing(home: House) -> None:
    home.poll()
    said = publish(home, FINAL, *ARTICLES, day="2026-11-01")
    assert "Final · " in said
    assert "articles (" not in said


def test_the_way_to_the_whole_comparison_is_told(drafted: House) -> None:
    drafted.clock.pass_(days=60)
    said = publish(drafted, FINAL, *ARTICLES[:2], STRICTER, day="2027-01-01", beside=1)
    draft, final = document(drafted, DRAFT[1]), document(drafted, FINAL[1])
    assert f"Whole comparison: watcher diff doc:{draft} doc:{final}" in said


@pytest.mark.parametrize(
    ("row", "follows"),
    [(FINAL, "the final of a draft"), (ROUND_TWO, "a new round of a draft")],
    ids=["final", "second round"],
)
def test_who_heard_of_a_draft_hears_what_follows_it(
    drafted: House, row: tuple[str, str], follows: str
) -> None:
    """Though nobody's subscription asks for it any more."""
    drafted.clock.pass_(days=60)
    deaf(drafted)
    said = publish(drafted, row, *ARTICLES[:2], STRICTER, day="2027-01-01", beside=1)
    assert f"{follows} you heard of on 2 Nov 2026" in " ".join(said.split())
    assert "1 changed (1 substantive)" in said


def test_who_heard_of_a_paper_hears_of_its_correction(drafted: House) -> None:
    deaf(drafted)
    drafted.site.routes[DRAFT[0]] = paper(DRAFT[1], *ARTICLES[:2], STRICTER, day="2026-11-01")
    drafted.read(hours=24)
    said = " ".join((drafted.deliver() + drafted.deliver(hours=1)).split())
    assert "a change to a paper you heard of on 2 Nov 2026" in said
    assert "Against the text before: 3 articles (before 3)" in said
    assert "Whole comparison: watcher diff version:" in said


def deaf(home: House) -> None:
    """From now on the team's subscriptions exclude every paper there is."""
    poller, follower = home.parts.poller, home.parts.follower
    (team,) = home.parts.config.teams
    wants = tuple(replace(one, exclude=("灯具",)) for one in team.subscriptions)
    mind = replace(poller.understanding, teams=(replace(team, subscriptions=wants),))
    home.parts = replace(
        home.parts,
        poller=replace(poller, understanding=mind),
        follower=replace(follower, understanding=mind),
    )
