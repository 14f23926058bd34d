"""Links for the terminal: what waits, and what people said."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rich.cells import cell_len

from watcher.model import Classification, Document, Facts
from watcher.render.links import link_rows, waiting_lines

NOTICE = Document(
    id=7,
    source_id="lamps",
    url=None,
    title="关于公开征求《路灯管理办法》等3项规章意见的通知",
    facts=Facts(bodies=("MIIT",)),
    classification=Classification(),
    published=date(2031, 3, 1),
)


@dataclass
class Waits:
    names: tuple[str, ...] = ()
    suggested: tuple[int, ...] = ()
    document: Document = NOTICE


@pytest.mark.parametrize("width", [40, 100])
def test_the_names_that_wait_are_told(width: int) -> None:
    waits = Waits(names=("台灯管理办法", "吊灯\x1b[31m管理办法"), suggested=(9,))
    lines = waiting_lines([waits], date(2033, 3, 1), width)
    assert max(map(cell_len, lines)) <= width
    shown = "".join(" ".join(lines).split())
    assert "24months" in shown
    assert "perhaps9,notconfirmed" in shown
    assert "ofthesewithoutafinal:台灯管理办法、吊灯" in shown
    assert "\x1b" not in shown
    assert not any(
        "without a final" in line for line in waiting_lines([Waits()], date(2033, 3, 1), 99)
    )


@pytest.mark.parametrize(
    ("kind", "other", "role"),
    [
        ("final", 2, "final: paper 2"),
        ("final", 1, "draft: paper 1"),
        ("round", 2, "next round: paper 2"),
        ("round", 1, "round before: paper 1"),
    ],
)
def test_a_link_says_what_the_other_is_and_who_decided(kind: str, other: int, role: str) -> None:
    at = datetime(2033, 1, 2, 3, tzinfo=UTC)
    said = {"by": "anna", "state": "rejected", "was": None, "note": "another", "at": at}
    link: dict[str, Any] = {
        "kind": kind,
        "draft": 1,
        "final": 2,
        "other": other,
        "state": "rejected",
        "score": 0.9,
        "evidence": ("same title core",),
        "title": "路灯管理办法",
        "decisions": [said],
    }
    (name, text), (under, words) = link_rows([link], "Asia/Shanghai")
    assert (name, under) == ("rejected", "")
    assert text == f"{role}  路灯管理办法  (0.90: same title core)"
    assert words == "rejected by anna on 2033-01-02 11:00 CST, rules had not found it: another"
