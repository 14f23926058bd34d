"""Write a `TextDiff` for people and programs. To add a format: one function, one line in DIFF_FORMATS."""

from collections.abc import Callable

from watcher.diff import TextDiff
from watcher.render.diff.page import diff_html
from watcher.render.diff.records import diff_csv, diff_json
from watcher.render.diff.redline import diff_docx
from watcher.render.diff.terminal import diff_text
from watcher.render.diff.titles import DiffTitles, point_lines

__all__ = [
    "DIFF_FORMATS",
    "DiffTitles",
    "diff_csv",
    "diff_docx",
    "diff_html",
    "diff_json",
    "diff_text",
    "point_lines",
]


def _plain(diff: TextDiff, titles: DiffTitles) -> bytes:
    return diff_text(diff, titles).encode()


DIFF_FORMATS: dict[str, Callable[[TextDiff, DiffTitles], bytes]] = {
    "json": diff_json,
    "html": diff_html,
    "text": _plain,
    "docx": diff_docx,
    "csv": diff_csv,
}
