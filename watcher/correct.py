"""Readers' corrections put on top of what rules concluded. Pure.

A label stands until the next one for its field of the same paper; one whose value is UNSET hands the
field back to the rules. What rules say of a corrected field is kept in the same history, by RULES, so
that it can be given back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from watcher.model import Classification, DocType, Document, Facts, Stage

FIELDS = ("sector", "secondary", "stage", "doc_type", "bodies", "deadline")
NONE = "none"
UNSET = "unset"
"""The value of a label that takes back the one before it."""
RULES = "rules"
"""Who a label is by that keeps what the rules had said; no reader is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A reader's correction of what rules concluded: it stands until the next one for its field."""

    document_id: int
    field: str
    """sector, secondary, stage, doc_type, bodies or deadline."""
    value: str
    """A code, codes joined by blanks, a day; "none" or "" for nothing."""
    by: str
    at: datetime
    note: str = ""


def standing(history: Iterable[Label]) -> tuple[Label, ...]:
    """Of labels in the order they were made: the latest of each field, without those taken back."""
    latest = {(label.document_id, label.field): label for label in history if label.by != RULES}
    return tuple(label for label in latest.values() if label.value != UNSET)


def rules_said(history: Iterable[Label]) -> tuple[Label, ...]:
    """What rules said last of each field, as far as its corrections tell."""
    return tuple({label.field: label for label in history if label.by == RULES}.values())


def as_rules_said(document: Document, history: Sequence[Label]) -> Document:
    """`document` with each field that a label corrects now put back to what rules said of it."""
    mine = {label.field for label in standing(history)}
    return corrected(document, (each for each in rules_said(history) if each.field in mine))


def corrected(document: Document, labels: Iterable[Label]) -> Document:
    """`document` as labels (one a field) say it is; the same labels again change nothing."""
    for label in sorted(labels, key=lambda label: FIELDS.index(label.field)):
        if value_of(document, label.field) == label.value:
            continue
        if label.field in ("sector", "secondary"):
            found = _classified(document.classification, label)
            document = replace(document, classification=found)
        else:
            document = replace(document, facts=_told(document.facts, label))
    return document


def value_of(document: Document, field: str) -> str:
    """What a document says of a field, as the value of a label."""
    facts, found = document.facts, document.classification
    match field:
        case "sector":
            return found.primary
        case "secondary":
            return " ".join(found.secondary) or NONE
        case "stage":
            return facts.stage or NONE
        case "doc_type":
            return facts.doc_type or NONE
        case "bodies":
            return " ".join(facts.bodies) or NONE
        case "deadline":
            return facts.deadline.isoformat() if facts.deadline else NONE
    raise ValueError(f"no label has the field {field!r}")


def alike(one: Document, other: Document) -> bool:
    """Whether two conclusions give a paper the same labels."""
    return all(value_of(one, field) == value_of(other, field) for field in FIELDS)


def _classified(found: Classification, label: Label) -> Classification:
    codes = tuple(label.value.split()) if label.value != NONE else ()
    if label.field == "sector":
        primary = codes[0] if codes else NONE
        # what rules gave beside a wrong sector may be right; beside none nothing is
        secondary = tuple(code for code in found.secondary if code != primary) if codes else ()
        score = 1.0 if codes else 0.0
    else:
        primary, score = found.primary, found.score
        secondary = tuple(code for code in codes if code != primary)
    kept = {primary, *secondary}
    return Classification(
        primary=primary,
        secondary=secondary,
        score=score,
        evidence=tuple(each for each in found.evidence if each.sector in kept),
    )


def _told(facts: Facts, label: Label) -> Facts:
    value = None if label.value in (NONE, "") else label.value
    spans = tuple(s for s in facts.spans if s.fact.partition(".")[0] != label.field)
    facts = replace(facts, spans=spans)
    match label.field:
        case "stage":
            stage = Stage(value) if value else None
            return replace(facts, stage=stage, round=facts.round if stage is Stage.DRAFT else None)
        case "doc_type":
            return replace(facts, doc_type=DocType(value) if value else None)
        case "bodies":
            bodies = tuple((value or "").split())
            return replace(facts, bodies=bodies, issuer=None if bodies else facts.issuer)
        case "deadline":
            on = date.fromisoformat(value) if value else None
            return replace(facts, deadline=on, deadline_quote=None)
    raise ValueError(f"no label has the field {label.field!r}")
