"""Which papers lead: what each thing that can be counted is worth, and in what words it is said."""

import pytest

from tests.briefs.papers import plain
from watcher.model import DocType, Document, PolicyTarget, Stage
from watcher.rank import Candidate, Care, rank

TARGET = PolicyTarget(quantity="灯具", value=100, unit="家", by_year=2030)


def reason(name: str, candidate: Candidate) -> tuple[str, int]:
    (ranked,) = rank([candidate])
    (found,) = (each for each in ranked.reasons if each.name == name)
    return found.words, found.points


@pytest.mark.parametrize(
    ("name", "given", "beside", "expected"),
    [
        ("bodies", {"bodies": ("SC",)}, {}, ("issued by State Council", 40)),
        (
            "bodies",
            {"bodies": ("CCPCC", "SC")},
            {},
            ("issued by Central Committee of the Communist Party of China and State Council", 40),
        ),
        ("bodies", {"bodies": ("MIIT", "+11")}, {}, ("12 bodies, MIIT first", 32)),
        ("bodies", {"bodies": ("MIIT", "MOF")}, {}, ("2 bodies, MIIT first", 23)),
        ("bodies", {"bodies": ("MIIT",)}, {}, ("one central body, MIIT", 20)),
        ("bodies", {"issuer": "灯具局"}, {}, ("a body of no central rank", 8)),
        ("bodies", {}, {}, ("issuing body unknown", 0)),
        ("stage", {"stage": Stage.FINAL, "doc_type": DocType.PLAN}, {}, ("final, plan", 29)),
        (
            "stage",
            {"stage": Stage.DRAFT, "doc_type": DocType.MEASURES},
            {},
            ("draft for comments, measures", 25),
        ),
        (
            "stage",
            {"stage": Stage.CALL, "doc_type": DocType.NOTICE},
            {},
            ("call for applications, notice", 6),
        ),
        ("stage", {"stage": Stage.FINAL, "doc_type": DocType.NEWS}, {}, ("final", 20)),
        ("stage", {}, {}, ("stage unknown", 0)),
        ("breadth", {"primary": "a", "secondary": ("b", "c", "d")}, {}, ("4 sectors", 12)),
        ("breadth", {"primary": "a"}, {}, ("1 sector", 4)),
        ("breadth", {}, {}, ("no sectors", 0)),
        ("targets", {"targets": (TARGET,) * 3}, {}, ("3 targets in numbers", 6)),
        ("targets", {"targets": (TARGET,) * 30}, {}, ("30 targets in numbers", 12)),
        ("novelty", {"stage": Stage.DRAFT, "round": 2}, {}, ("round 2 of a draft", 4)),
        ("novelty", {"stage": Stage.FINAL}, {"had_draft": True}, ("final of a known draft", 8)),
        ("novelty", {"stage": Stage.FINAL}, {}, ("new", 10)),
        ("care", {}, {"care": Care(teams=2)}, ("2 teams heard of it", 6)),
        (
            "care",
            {"section": "top5"},
            {"care": Care(teams=1, reviewed=1)},
            ("1 team heard of it, 1 team reviewed it, a brief led with it", 11),
        ),
        (
            "care",
            {},
            {"care": Care(not_relevant=1)},
            ("no teams heard of it, 1 team found it not relevant", -10),
        ),
    ],
)
def test_reasons(
    name: str, given: dict[str, object], beside: dict[str, object], expected: tuple[str, int]
) -> None:
    candidate = Candidate(document=plain(**given), **beside)  # type: ignore[arg-type]  # a table's
    assert reason(name, candidate) == expected


def order(*papers: Document) -> list[int]:
    return [each.document for each in rank([Candidate(document=paper) for paper in papers])]


def test_the_score_is_the_sum_of_its_reasons() -> None:
    (ranked,) = rank([Candidate(document=plain(bodies=("MIIT",), stage=Stage.FINAL))])
    assert ranked.score == sum(each.points for each in ranked.reasons) == 50


def test_equals_are_told_apart_always_alike() -> None:
    """Those that were read lead, then the later published, then the later known; an undated one comes last."""
    papers = [
        plain(1, published=None),
        plain(2),
        plain(3),
        plain(4, published=plain().published.replace(day=9)),  # type: ignore[union-attr]
        plain(5, published=None, text="灯具。"),
    ]
    assert order(*papers) == order(*reversed(papers)) == [5, 4, 3, 2, 1]
