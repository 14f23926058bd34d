"""Listings at the widths people have; a title is never squeezed into a column."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.cells import cell_len

from tests.render.lamps import DRAFT
from watcher.model import Document
from watcher.render.tables import delivery_lines, paper_lines, paper_sheet, source_lines

SEEN = datetime(2026, 10, 9, 4, 2, tzinfo=UTC)
ZONE = "Europe/Berlin"
HISTORY: dict[str, list[dict[str, object]]] = {
    "attachments": [
        {
            "name": "附件1 \x1b[31m办法.docx",
            "url": "https://x.example/1.docx",
            "kind": "docx",
            "quality": "ok",
            "reason": None,
            "characters": 5120,
        },
        {
            "name": "附件2.pdf",
            "url": "https://x.example/2.pdf",
            "kind": None,
            "quality": None,
            "reason": "x.example: HTTP 404 Not Found",
            "characters": 0,
        },
    ],
    "conflicts": [
        {"field": "published", "values": (("table", "2026-11-01"), ("url", "2026-11-09"))}
    ],
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
    lines += paper_sheet(document, None, HISTORY, ZONE, width)
    assert max(map(cell_len, lines)) <= width
    assert "\x1b" not in "".join(lines)
    assert lines[1].split()[1:3] == ["10-09", "06:02"]
    assert "times in Europe/Berlin" in lines
    shown = " ".join(" ".join(lines).split())
    assert "(docx, 5120 characters)" in shown
    assert "(not read, x.example: HTTP 404 Not Found)" in shown
    assert "published: 2026-11-01 (table), 2026-11-09 (url)" in shown


def test_nothing_to_show_is_no_line() -> None:
    assert paper_lines([], ZONE, 80) == []
    assert delivery_lines([], ZONE, 80) == []
    assert source_lines([], SEEN, 80) == []


def listed(**more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "id": "samr-antitrust-drafts",
        "health": "ok",
        "failures": 0,
        "failing_since": None,
        "last_good_at": SEEN - timedelta(minutes=4),
        "next_poll_at": SEEN + timedelta(minutes=16),
        "usual_rows": 20.2,
        "usual_pause": 2,
        "last_published": date(2026, 9, 21),
        "quiet_workdays": 12,
        "new_30d": 3,
        "held_at": None,
        "held_reason": None,
        "holding": False,
        "silent_since": None,
        "stood_in_by": None,
        "stands_in_for": [],
    }
    return row | more


FAILING: dict[str, object] = {
    "health": "challenge: HTTP 412",
    "failures": 7,
    "failing_since": SEEN - timedelta(days=3),
    "last_good_at": SEEN - timedelta(days=3),
}


@pytest.mark.parametrize(
    ("row", "said", "remark"),
    [
        ({}, "ok      4 min ago  16 min  20    3        2 d", None),
        ({"usual_pause": 0}, "1 d", None),
        ({"usual_pause": None, "usual_rows": None, "new_30d": 0}, "–     0        –", None),
        ({"last_good_at": SEEN}, "just now", None),
        ({"next_poll_at": SEEN + timedelta(hours=2, seconds=-3)}, "2 h", None),
        ({"health": "not read yet", "last_good_at": None}, "unread yet", None),
        ({"health": "off", "next_poll_at": None}, "off", None),
        (FAILING, "failing 3 d", "    7 failures in a row: challenge: HTTP 412"),
        (
            FAILING | {"stood_in_by": "nhc-library"},
            "failing 3 d",
            "    7 failures in a row: challenge: HTTP 412; nhc-library stands in",
        ),
        ({"stands_in_for": ["nhc", "mps"]}, "ok", "    stands in for nhc, mps"),
        (FAILING | {"health": "off", "next_poll_at": None}, "off", None),
        (
            {"silent_since": SEEN},
            "silent",
            "    nothing new since 2026-09-21, 12 working days (usual: 2)",
        ),
        (
            {"held_at": SEEN - timedelta(hours=3), "held_reason": "500 rows", "id": "lamps"},
            "held 3 h",
            "    some alerts are held: 500 rows; `watcher sources release lamps` sends them,",
        ),
        (
            {"held_at": SEEN, "held_reason": "a\x1b[31m", "holding": True, "id": "lamps"},
            "held now",
            "    all alerts are held: a[31m; `watcher sources release lamps` sends them, with",
        ),
    ],
)
def test_sources(row: dict[str, object], said: str, remark: str | None) -> None:
    lines = source_lines([listed(**row)], SEEN, 80)
    assert said in lines[1]
    assert (lines[2] == remark) if remark else lines[2].startswith("1 source: 1 ")
    assert max(map(cell_len, lines)) <= 80


def test_sources_are_counted() -> None:
    rows = [listed(), listed(), listed(**FAILING), listed(health="off")]
    assert "4 sources: 2 ok, 1 failing, 1 off" in source_lines(rows, SEEN, 80)


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
        "letter": None,
    }
    lines = delivery_lines([row, row | {"state": "sent"}], ZONE, 80)
    assert lines[2] == "    智能灯具数据管理办法 — invalid_auth"
    assert lines[4] == "    智能灯具数据管理办法"
