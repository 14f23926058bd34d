"""Stand-ins, silence and the line of coverage: states of sources in, words out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from watcher.health import coverage, silence, standing_in, to_visit, usual_pause
from watcher.model import Validators
from watcher.settings import Config, Source
from watcher.store.sources import SourceState

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # a Friday
TODAY = NOW.date()


def source(id_: str, fallback: str | None = None, *, enabled: bool = True) -> Source:
    return Source(
        id=id_,
        name=id_.upper(),
        kind="listing",
        url=f"https://{id_}.example/",
        every=timedelta(minutes=30),
        fallback=fallback,
        enabled=enabled,
    )


def state(id_: str, failures: int = 0, last_good: datetime | None = NOW) -> SourceState:
    return SourceState(
        id=id_,
        fence=1,
        next_poll_at=NOW,
        baseline_at=last_good,
        last_read_at=NOW,
        last_good_at=last_good,
        failures=failures,
        failing_since=None,
        error="challenge" if failures else None,
        validators=Validators(),
        fingerprint=None,
        definition=None,
        row_counts=(),
        short_since=None,
        silent_since=None,
        held_at=None,
        held_reason=None,
        holding=False,
    )


def config(*sources: Source) -> Config:
    return Config(path=Path("sources.yaml"), state=Path("state"), sources=sources)


LIBRARY = source("library", enabled=False)
DOWN = datetime(2026, 11, 17, 20, tzinfo=UTC)  # already the 18th in China


@pytest.mark.parametrize(
    ("failures", "last_good", "since"),
    [
        pytest.param(2, DOWN, "off", id="not yet"),
        pytest.param(3, DOWN, date(2026, 11, 18), id="tells from the day it was last read"),
        pytest.param(30, None, None, id="never read: a silent baseline"),
    ],
)
def test_a_fallback_that_is_off_is_visited_while_it_stands_in(
    failures: int, last_good: datetime | None, since: object
) -> None:
    both = config(source("nhc", "library"), LIBRARY)
    states = {"nhc": state("nhc", failures, last_good), "library": state("library")}
    wanted = to_visit(both, states)
    if since == "off":
        assert list(wanted) == ["nhc"]
        assert standing_in(both, states) == {}
    else:
        assert wanted["library"].alert_since == since
        assert [s.id for s in standing_in(both, states)["library"]] == ["nhc"]


def test_one_fallback_for_two_goes_back_to_the_earlier() -> None:
    three = config(source("nhc", "library"), source("mps", "library"), LIBRARY)
    states = {"nhc": state("nhc", 5, NOW), "mps": state("mps", 5, DOWN)}
    assert to_visit(three, states)["library"].alert_since == date(2026, 11, 18)


def test_a_fallback_that_is_on_stays_as_it_is() -> None:
    library = replace(LIBRARY, enabled=True)
    states = {"nhc": state("nhc", 5, DOWN)}
    assert to_visit(config(source("nhc", "library"), library), states)["library"] == library


def test_who_is_off_needs_no_stand_in() -> None:
    off = source("nhc", "library", enabled=False)
    assert to_visit(config(off, LIBRARY), {"nhc": state("nhc", 9, DOWN)}) == {}


def days(*before: int) -> list[date]:
    """Days of publication, as so many days before today."""
    return [TODAY - timedelta(days=n) for n in sorted(before, reverse=True)]


DAILY = [TODAY - timedelta(days=n) for n in range(60, 20, -1)]


@pytest.mark.parametrize(
    ("published", "pause"),
    [
        pytest.param([], None, id="nothing known"),
        pytest.param(days(300, 200, 90), None, id="too little for a habit"),
        pytest.param(DAILY, 15, id="daily, then three weeks of nothing"),
        pytest.param([*DAILY, TODAY], None, id="it has published today"),
        pytest.param([day + timedelta(days=8) for day in DAILY], None, id="not yet long enough"),
        pytest.param(days(60, 160, 230, 300, 360, 390), None, id="a list that is slow by nature"),
    ],
)
def test_silence_is_measured_by_habit(published: Sequence[date], pause: int | None) -> None:
    assert silence(published, TODAY) == pause


def test_holidays_are_no_silence() -> None:
    """The National Day week and its weekends are no working days."""
    before = [date(2026, 9, 30) - timedelta(days=n) for n in range(40, -1, -1)]
    assert silence(before, date(2026, 10, 14)) is None
    assert silence(before, date(2026, 10, 23)) is not None


def test_the_usual_pause_leaves_out_the_rare_long_one() -> None:
    assert usual_pause(days(*range(0, 50, 2), 200)) == 2


@pytest.mark.parametrize(
    ("failing", "line"),
    [
        ({}, "4 of 4 sources read."),
        (
            {"nhc": 4},
            "3 of 4 sources read; NHC unread since Wednesday (challenge page), LIBRARY stands in.",
        ),
        ({"a": 4}, "3 of 4 sources read; A unread since Wednesday (challenge page)."),
        ({"a": 2}, "4 of 4 sources read."),
        (
            {"nhc": 4, "a": 3, "b": 3, "c": 9},
            "0 of 4 sources read; NHC unread since Wednesday (challenge page), LIBRARY stands in;"
            " A unread since Wednesday (challenge page); B unread since Wednesday (challenge page);"
            " 1 more unread.",
        ),
    ],
)
def test_the_line_of_coverage(failing: dict[str, int], line: str) -> None:
    watched = config(source("nhc", "library"), source("a"), source("b"), source("c"), LIBRARY)
    last_good = {id_: DOWN if failing.get(id_, 0) > 2 else NOW for id_ in ("nhc", "a", "b", "c")}
    states = {id_: state(id_, failing.get(id_, 0), at) for id_, at in last_good.items()}
    assert coverage(watched, states, "Asia/Shanghai", NOW) == line


@pytest.mark.parametrize(
    ("known", "line"),
    [
        pytest.param({}, "0 of 1 sources read; A not read yet.", id="never visited"),
        pytest.param(
            {"a": replace(state("a", 3, None), error="timed out")},
            "0 of 1 sources read; A unread (no good answer).",
            id="never read",
        ),
        pytest.param(
            {"a": replace(state("a", 9, NOW - timedelta(days=9)), error="blocked: 412 for GET /x")},
            "0 of 1 sources read; A unread since Wed 11 Nov (blocked).",
            id="longer than a week, and no word of the error itself",
        ),
        pytest.param(
            {"a": state("a", 0, NOW - timedelta(days=2))},
            "0 of 1 sources read; A unread since Wednesday.",
            id="nobody looked for two days",
        ),
        pytest.param(
            {"a": state("a", 0, NOW - timedelta(hours=23))}, "1 of 1 sources read.", id="read"
        ),
    ],
)
def test_what_was_not_read_is_not_said_to_be(known: dict[str, SourceState], line: str) -> None:
    assert coverage(config(source("a")), known, "Asia/Shanghai", NOW) == line


def test_no_sources_no_line() -> None:
    assert coverage(config(LIBRARY), {}, "Asia/Shanghai", NOW) == ""
