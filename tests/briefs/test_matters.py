"""One entry for each matter of a period: who stands for whom, and what is said of the others."""

from dataclasses import replace
from datetime import date

import pytest

from tests.briefs.papers import plain
from watcher.brief.matters import matters_of
from watcher.model import Citation, Document, Link, Stage

DRAFT = plain(
    1, title="关于公开征求《灯具数据管理办法（征求意见稿）》意见的通知", stage=Stage.DRAFT
)
ROUND = plain(
    2,
    title="关于再次公开征求《灯具数据管理办法（征求意见稿）》意见的通知",
    stage=Stage.DRAFT,
    round=2,
)
FINAL = plain(3, title="灯具局关于印发《灯具数据管理办法》的通知", stage=Stage.FINAL)
EXPLAINED = plain(
    4,
    title="《灯具数据管理办法》解读",
    stage=Stage.INTERPRETATION,
    cites=(Citation(title="灯具数据管理办法", relation="explains"),),
)
OTHER = plain(5, title="影子部关于印发《影子回收办法》的通知", stage=Stage.FINAL)
TOLD = plain(6, title="《灯具数据管理办法》解读", stage=Stage.INTERPRETATION, section="policy")


def link(draft: int, final: int, kind: str = "final") -> Link:
    return Link(
        draft=str(draft), final=str(final), state="linked", score=1.0, evidence=(), kind=kind
    )


def said(papers: list[Document], links: list[Link], picked: tuple[int, ...] = ()) -> str:
    leads, related = matters_of({paper.id: paper for paper in papers}, links, picked)
    return "; ".join(
        f"{lead}" + "".join(f" {other.role} {other.document}" for other in related[lead])
        for lead in leads
    )


@pytest.mark.parametrize(
    ("papers", "links", "expected"),
    [
        ([DRAFT, FINAL, OTHER], [link(1, 3)], "3 draft 1; 5"),
        ([DRAFT, ROUND], [link(1, 2, "round")], "2 draft 1"),
        ([DRAFT, ROUND, FINAL], [link(1, 2, "round"), link(2, 3)], "3 draft 1 round 2 2"),
        ([FINAL, EXPLAINED], [], "3 interpretation 4"),
        ([DRAFT, EXPLAINED], [], "1 interpretation 4"),
        ([OTHER, EXPLAINED], [], "4; 5"),
        ([FINAL, TOLD], [], "3; 6"),  # another brief's words on it are news by themselves
        ([DRAFT, OTHER], [link(1, 3)], "1; 5"),  # its final is of another time
        ([], [], ""),
    ],
)
def test_matters(papers: list[Document], links: list[Link], expected: str) -> None:
    assert said(papers, links) == expected


def test_what_an_editor_picked_stands_itself() -> None:
    assert said([DRAFT, FINAL], [link(1, 3)], picked=(1,)) == "1; 3"


def test_of_two_finals_the_later_stands() -> None:
    later = replace(plain(9, stage=Stage.FINAL), published=date(2026, 11, 20))
    assert said([DRAFT, FINAL, later], [link(1, 3), link(1, 9)]) == "9 draft 1 final 3"
