"""What an alert says of the text that a paper is compared with, and which text that is."""

import pytest

from tests.diff.lamps import blankless
from tests.flows.house import ARTICLES, DRAFT, FINAL, OLD, House, listing, paper

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
