"""Labels on top of what rules concluded."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.correct import (
    FIELDS,
    RULES,
    UNSET,
    Label,
    alike,
    corrected,
    rules_said,
    standing,
    value_of,
)
from watcher.model import (
    Classification,
    DocType,
    Document,
    Evidence,
    Facts,
    FactSpan,
    Stage,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EVIDENCE = tuple(
    Evidence(sector=sector, term=term, rule_term=term, field="title", start=0, end=2, weight=4.0)
    for sector, term in (("data-security", "数据"), ("consumer", "灯具"))
)
PAPER = Document(
    id=7,
    source_id="lamps",
    url=None,
    title="数据灯具",
    facts=Facts(
        stage=Stage.DRAFT,
        round=2,
        bodies=("MIIT", "+3"),
        issuer=None,
        deadline=date(2026, 12, 2),
        deadline_quote="截止12月2日",
        spans=(
            FactSpan(fact="deadline", field="title", start=0, end=1),
            FactSpan(fact="bodies.0", field="title", start=1, end=2),
            FactSpan(fact="stage", field="title", start=2, end=3),
        ),
    ),
    classification=Classification(
        primary="data-security", secondary=("consumer",), score=0.8, evidence=EVIDENCE
    ),
)


def label(field: str, value: str, by: str = "anna") -> Label:
    return Label(document_id=7, field=field, value=value, by=by, at=NOW)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("sector", "energy", {"sector": "energy", "secondary": "consumer"}),
        ("sector", "consumer", {"sector": "consumer", "secondary": "none"}),
        ("sector", "none", {"sector": "none", "secondary": "none"}),
        (
            "secondary",
            "energy materials",
            {"sector": "data-security", "secondary": "energy materials"},
        ),
        ("secondary", "none", {"secondary": "none"}),
        ("secondary", "data-security energy", {"secondary": "energy"}),
        ("stage", "final", {"stage": "final"}),
        ("stage", "none", {"stage": "none"}),
        ("doc_type", "measures", {"doc_type": "measures"}),
        ("bodies", "CAC MIIT +2", {"bodies": "CAC MIIT +2"}),
        ("bodies", "none", {"bodies": "none"}),
        ("deadline", "2026-12-24", {"deadline": "2026-12-24"}),
        ("deadline", "none", {"deadline": "none"}),
    ],
)
def test_a_label_corrects_its_field_and_no_other(
    field: str, value: str, expected: dict[str, str]
) -> None:
    said = {name: value_of(PAPER, name) for name in FIELDS}
    told = corrected(PAPER, [label(field, value)])
    assert {name: value_of(told, name) for name in FIELDS} == said | expected


def test_what_spoke_for_a_wrong_sector_is_no_evidence_of_the_right_one() -> None:
    told = corrected(PAPER, [label("sector", "consumer")]).classification
    assert (told.score, [each.sector for each in told.evidence]) == (1.0, ["consumer"])


def test_a_corrected_fact_keeps_no_quote_of_the_wrong_one() -> None:
    facts = corrected(PAPER, [label("deadline", "2026-12-24"), label("bodies", "CAC")]).facts
    assert facts.deadline_quote is None
    assert [span.fact for span in facts.spans] == ["stage"]


def test_a_label_that_agrees_with_the_rules_leaves_their_evidence() -> None:
    assert corrected(PAPER, [label(name, value_of(PAPER, name)) for name in FIELDS]) == PAPER


def test_a_draft_that_turns_out_to_be_none_has_no_round() -> None:
    assert corrected(PAPER, [label("stage", "final")]).facts.round is None
    assert corrected(PAPER, [label("stage", "draft_for_comments")]).facts.round == 2


@pytest.mark.parametrize(
    ("history", "stands", "said"),
    [
        ([], {}, {}),
        ([("sector", "a", "anna"), ("sector", "b", "bo")], {"sector": "b"}, {}),
        (
            [("sector", "r", RULES), ("sector", "a", "anna"), ("sector", UNSET, "bo")],
            {},
            {"sector": "r"},
        ),
        (
            [("sector", "r", RULES), ("sector", "a", "anna"), ("sector", "q", RULES)],
            {"sector": "a"},
            {"sector": "q"},
        ),
        (
            [("sector", "a", "anna"), ("stage", "final", "bo"), ("sector", UNSET, "bo")],
            {"stage": "final"},
            {},
        ),
        (
            [("sector", "a", "anna"), ("sector", UNSET, "bo"), ("sector", "c", "cem")],
            {"sector": "c"},
            {},
        ),
    ],
)
def test_the_latest_label_of_a_field_stands(
    history: list[tuple[str, str, str]], stands: dict[str, str], said: dict[str, str]
) -> None:
    labels = [label(*each) for each in history]
    assert {each.field: each.value for each in standing(labels)} == stands
    assert {each.field: each.value for each in rules_said(labels)} == said


CODES = st.sampled_from(["none", "energy", "materials", "consumer", "data-security"])
LABELS = st.fixed_dictionaries(
    {},
    optional={
        "sector": CODES,
        "secondary": st.lists(CODES.filter(lambda code: code != "none"), unique=True).map(
            lambda codes: " ".join(codes) or "none"
        ),
        "stage": st.sampled_from(["none", *(stage.value for stage in Stage)]),
        "doc_type": st.sampled_from(["none", *(form.value for form in DocType)]),
        "bodies": st.sampled_from(["none", "MIIT", "CAC MIIT", "MIIT +11"]),
        "deadline": st.dates().map(lambda day: day.isoformat()),
    },
)


@given(LABELS, st.randoms())
def test_the_same_labels_again_in_any_order_change_nothing(
    said: dict[str, str], chance: object
) -> None:
    labels = [label(*each) for each in said.items()]
    once = corrected(PAPER, labels)
    chance.shuffle(labels)  # type: ignore[attr-defined]  # Hypothesis' Random
    assert corrected(once, labels) == once
    assert corrected(PAPER, labels) == once
    for field in said.keys() - {"secondary"}:
        assert value_of(once, field) == said[field]


def test_papers_are_alike_when_all_their_labels_are() -> None:
    assert alike(PAPER, replace(PAPER, title="other", url="https://x.example/"))
    assert not any(alike(PAPER, corrected(PAPER, [label(f, "none")])) for f in FIELDS[:3])
