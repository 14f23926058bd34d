"""Listings at the widths people have; a title is never squeezed into a column."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from tests.render.lamps import DRAFT
from watcher.model import Document
from watcher.render.tables import delivery_lines, paper_lines, paper_sheet, source_lines

SEEN = datetime(2026, 10, 9, 4, 2, tzinfo=UTC)
ZONE = "Europe/Berlin"
HISTORY: dict[str, list[dict[str, object]]] = {
    "links": [],
    "versions": [],
    "changes": [],
    "sightings": [],
}


def hostile() -> Document:
    return replace(DRAFT, title="灯具\x1b[31m办法\x07" + "很长的题目" * 40)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("document", [DRAFT, hostile()], ids=["draft", "hostile"])
def test_papers_fit(width: int, document: Document) -> None:
    lines = paper_lines([(document, SEEN)], ZONE, width)
    lines += paper_sheet(document, HISTORY, ZONE, width)
    assert max(map(cell_len, lines)) <= width
    assert "\x1b" not in "".join(lines)
    assert lines[1].split()[1:3] == ["10-09", "06:02"]
    assert "times in Europe/Berlin" in lines


def test_nothing_to_show_is_no_line() -> None:
    assert paper_lines([], ZONE, 80) == []
    assert delivery_lines([], ZONE, 80) == []
    assert source_lines([], SEEN, 80) == []


@pytest.mark.parametrize(
    ("last", "failing", "said"),
    [
        (None, None, "–"),
        (timedelta(0), None, "just now"),
        (timedelta(minutes=4), None, "4 min ago"),
        (timedelta(days=3), timedelta(days=3), "failing 3 d (7×)"),
    ],
)
def test_sources(last: timedelta | None, failing: timedelta | None, said: str) -> None:
    row = {
        "id": "nhc-notices",
        "health": "challenge: HTTP 412" if failing else "ok",
        "failures": 7,
        "failing_since": SEEN - failing if failing else None,
        "last_read_at": None if last is None else SEEN - last,
        "next_poll_at": SEEN + timedelta(minutes=16),
        "usual_rows": 20.2,
        "new_30d": 3,
    }
    lines = source_lines([row], SEEN, 80)
    assert said in lines[1]
    assert "16 min" in lines[1]
    assert ("    challenge: HTTP 412" in lines) is bool(failing)


def test_deliveries_say_why_they_are_owed() -> None:
    row = {
        "id": 7,
        "state": "owed",
        "target": "slack:#law",
        "due_at": SEEN,
        "sent_at": None,
        "attempts": 2,
        "error": "invalid_auth",
        "title": "智能灯具数据管理办法",
        "notice": None,
    }
    lines = delivery_lines([row, row | {"state": "sent"}], ZONE, 80)
    assert lines[2] == "    智能灯具数据管理办法 — invalid_auth"
    assert lines[4] == "    智能灯具数据管理办法"
