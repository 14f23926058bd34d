"""Nouns to JSON columns and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from watcher.model import (
    Attachment,
    Citation,
    Classification,
    Conflict,
    DocType,
    Document,
    Evidence,
    Facts,
    FactSpan,
    Link,
    PolicyTarget,
    Stage,
)
from watcher.text import text_hash

Json = dict[str, Any]


def facts_to_json(facts: Facts) -> Json:
    data = asdict(facts)
    for name in ("deadline", "effective"):
        data[name] = data[name] and data[name].isoformat()
    return data


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """The facts of a row; what an older watcher did not know of is unknown."""
    return Facts(
        stage=Stage(data["stage"]) if data["stage"] else None,
        round=data["round"],
        doc_type=DocType(data["doc_type"]) if data["doc_type"] else None,
        doc_number=data["doc_number"],
        bodies=tuple(data["bodies"]),
        issuer=data["issuer"],
        deadline=_day(data["deadline"]),
        deadline_quote=data["deadline_quote"],
        comments_to=tuple(data.get("comments_to", ())),
        effective=_day(data.get("effective")),
        targets=tuple(_target(target) for target in data.get("targets", ())),
        companies=tuple(data.get("companies", ())),
        cites=tuple(Citation(**citation) for citation in data.get("cites", ())),
        spans=tuple(FactSpan(**span) for span in data.get("spans", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _target(data: Mapping[str, Any]) -> PolicyTarget:
    value = data["value"]
    return PolicyTarget(
        quantity=data["quantity"],
        value=(value[0], value[1]) if isinstance(value, list) else value,
        unit=data["unit"],
        by_year=data["by_year"],
    )


def classification_to_json(classification: Classification) -> Json:
    return asdict(classification)


def classification_from_json(data: Mapping[str, Any]) -> Classification:
    return Classification(
        primary=data["primary"],
        secondary=tuple(data["secondary"]),
        score=data["score"],
        evidence=tuple(Evidence(**evidence) for evidence in data["evidence"]),
    )


def attachments_to_json(attachments: Sequence[Attachment]) -> list[Json]:
    return [asdict(attachment) for attachment in attachments]


def document_columns(document: Document) -> Json:
    """The columns of table `document` that say what is known of a paper (not its id or its text)."""
    return {
        "source_id": document.source_id,
        "url": document.url,
        "title": document.title,
        "published": document.published,
        "signed": document.signed,
        "section": document.section,
        "aka": list(document.aka),
        "facts": facts_to_json(document.facts),
        "stage": document.facts.stage,
        "deadline": document.facts.deadline,
        "classification": classification_to_json(document.classification),
        "sector": document.classification.primary,
        "attachments": attachments_to_json(document.attachments),
        "conflicts": [asdict(conflict) for conflict in document.conflicts],
    }


def listed_columns(document: Document) -> Json:
    """The columns that a row of a list can change; the others are the page's, or settled at arrival."""
    kept = ("url", "source_id", "section", "aka", "signed", "attachments", "conflicts")
    return {name: value for name, value in document_columns(document).items() if name not in kept}


def read_columns(document: Document) -> Json:
    """The columns that the paper's page can change."""
    kept = ("url", "source_id", "section", "aka")
    return {name: value for name, value in document_columns(document).items() if name not in kept}


def content_hash(document: Document) -> str:
    """A digest of all that a document says: a version differs from the next in it."""
    parts = [document.title, document.text]
    return text_hash(*parts, document.notice) if document.notice else text_hash(*parts)


def document_of(row: RowMapping, text: str = "", notice: str = "") -> Document:
    """A row of table `document` (and what its latest version says) as a noun."""
    return Document(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        title=row["title"],
        facts=facts_from_json(row["facts"]),
        classification=classification_from_json(row["classification"]),
        published=row["published"],
        signed=row["signed"],
        section=row["section"],
        aka=tuple(row["aka"]),
        text=text,
        notice=notice,
        version_id=row["version_id"],
        attachments=tuple(Attachment(**attachment) for attachment in row["attachments"]),
        conflicts=tuple(
            Conflict(field=c["field"], values=tuple((w, v) for w, v in c["values"]))
            for c in row["conflicts"]
        ),
    )


def link_of(row: RowMapping) -> Link:
    return Link(
        draft=str(row["draft_id"]),
        final=str(row["final_id"]),
        state=row["state"],
        score=row["score"],
        evidence=tuple(row["evidence"]),
        kind=row["kind"],
    )
