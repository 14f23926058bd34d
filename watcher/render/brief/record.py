"""A compiled brief as JSON: every sentence with its source, compiled parts told from edited ones."""

import json
from datetime import date
from typing import Any

from watcher.compiled import FIELDS, CompiledBrief, Edit, Entry, Quote, Said


def brief_json(brief: CompiledBrief) -> bytes:
    """One JSON object, UTF-8, for programs; the words are as they stand in the papers, not escaped."""
    record = {
        "period": [brief.start.isoformat(), brief.end.isoformat()],
        "team": brief.team,
        "top5": [_entry(entry, place) for place, entry in enumerate(brief.top, start=1)],
        "policy": [_entry(entry) for entry in brief.policy],
        "corporate": [_entry(entry) for entry in brief.corporate],
        "left_out": brief.left_out,
        "dropped": list(brief.dropped),
        "notes": list(brief.notes),
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode(
        errors="backslashreplace"
    )


def _entry(entry: Entry, place: int | None = None) -> dict[str, Any]:
    return {
        "document": entry.document,
        "place": place,
        "picked": entry.picked,
        "headline": _said(entry.headline),
        "at_a_glance": {
            "sentence": entry.sentence and _said(entry.sentence),
            "points": [
                {"said": point.said and _said(point.said), "quote": _said(point.quote)}
                for point in entry.points
            ],
        },
        "article": {
            "title_en": entry.title_en and _said(entry.title_en),
            "title_zh": entry.title_zh and _said(entry.title_zh),
            "url": entry.url,
        },
        "bodies": [
            {"code": body.code, "en": body.english, "zh": body.chinese} for body in entry.bodies
        ],
        "bodies_not_named": entry.others,
        "date": _day(entry.day),
        "stage": entry.stage,
        "round": entry.round,
        "doc_type": entry.doc_type,
        "withdrawn": entry.withdrawn,
        "source": entry.source,
        "told_by_another_brief": entry.told,
        "score": entry.score,
        "reasons": [
            {"name": reason.name, "words": reason.words, "points": reason.points}
            for reason in entry.reasons
        ],
        "related": [
            {
                "document": other.document,
                "role": other.role,
                "title": other.title,
                "url": other.url,
                "date": _day(other.day),
            }
            for other in entry.related
        ],
        "edited": {name: _edit(entry.edits[name]) for name in FIELDS if name in entry.edits},
    }


def _said(said: Said | Quote) -> dict[str, Any]:
    if isinstance(said, Said):
        return {"text": said.text, "source": {"template": said.template}}
    place = {name: getattr(said, name) for name in ("document", "field", "start", "end")}
    return {"text": said.text, "source": place, "where": said.where}


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "text": edit.text,
        "by": edit.by,
        "at": edit.at.isoformat(timespec="seconds"),
        "stale": edit.stale,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
