"""A diff as data: JSON for programs (CONTRACT.md, `watcher diff`), CSV for spreadsheets."""

import csv
import io
import json
import re
from collections.abc import Sequence

from watcher.diff import Entry, Hunk, Mark, TextDiff, summary
from watcher.diff.points import Point, summary_zh, weightiest
from watcher.render.diff.titles import DiffTitles, clean, headings, marked
from watcher.render.scraped import clean as one_line

# Legal inside JSON strings, but a terminal or an editor may obey them: \u keeps the value.
_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def diff_json(diff: TextDiff, titles: DiffTitles) -> bytes:
    """One JSON object; article numbers are integers, 第十二条之一 is "12.1"."""
    answer = {
        "articles": [_entry(entry) for entry in diff.entries],
        "preamble": {"hunks": diff.preamble},
        "headings": {"hunks": diff.headings},
        "tail": {"hunks": diff.tail},
        "stats": dict(diff.stats),
        "coarse": diff.coarse,
        "unit": diff.unit,
        "summary": summary(diff, before=titles.before),
        "summary_zh": summary_zh(diff, before=titles.before),
        "points": [_point(point, diff) for point in weightiest(diff)],
        "replacements": [
            {"old": each.old, "new": each.new, "articles": each.entries}
            for each in diff.replacements
        ],
        "old": titles.old,
        "new": titles.new,
    }
    text = json.dumps(answer, ensure_ascii=False)
    return (_UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n").encode()


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "op": entry.op,
        "old": [_number(n) for n in entry.old],
        "new": [_number(n) for n in entry.new],
        "similarity": entry.similarity,
        "hunks": entry.hunks,
        "substantive": [_mark(mark) for mark in entry.substantive],
        "followed": entry.followed,
    }


def _mark(mark: Mark) -> dict[str, str]:
    return {
        "kind": mark.kind,
        "label": mark.label,
        "label_zh": mark.label_zh,
        "reason": mark.reason,
        "reason_zh": mark.reason_zh,
        "old": mark.old,
        "new": mark.new,
    }


def _point(point: Point, diff: TextDiff) -> dict[str, object]:
    """One of the weightiest changes: its rank in `articles`, and the clause as hunks."""
    return {
        "article": point.entry,
        "op": diff.entries[point.entry].op,
        "substantive": _mark(point.mark) if point.mark else None,
        "quote": point.quote,
    }


def _number(number: str) -> int | str:
    return int(number) if number.isdecimal() else number


_FORMULA = tuple("=+-@＝＋－＠")

COLUMNS = (
    "article",
    "op",
    "old",
    "new",
    "similarity",
    "substantive",
    "old text",
    "new text",
    "marked",
)


def diff_csv(diff: TextDiff, titles: DiffTitles) -> bytes:
    """One row per entry, then what belongs to no article and changed; UTF-8 with BOM for Excel."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for name, entry in zip(headings(diff), diff.entries, strict=True):
        reasons = "; ".join(mark.reason for mark in entry.substantive)
        row = [
            one_line(name),
            entry.op,
            " ".join(entry.old),
            " ".join(entry.new),
            f"{entry.similarity:.2f}",
            reasons,
        ]
        writer.writerow([_cell(value) for value in (*row, *_texts(entry.hunks))])
    for name in ("preamble", "headings", "tail"):
        found: Sequence[Hunk] = getattr(diff, name)
        if any(op != "equal" for op, _ in found):
            row = [name, "changed", "", "", "", ""]
            writer.writerow([_cell(value) for value in (*row, *_texts(found))])
    return out.getvalue().encode("utf-8-sig")


def _texts(hunks: Sequence[Hunk]) -> tuple[str, str, str]:
    old = "".join(text for op, text in hunks if op != "insert")
    new = "".join(text for op, text in hunks if op != "delete")
    return old, new, marked(hunks)


def _cell(value: str) -> str:
    """A cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    value = clean(value)
    risky = value.lstrip().startswith(_FORMULA) or value.startswith(("\t", "\n"))
    return f"'{value}" if risky else value
