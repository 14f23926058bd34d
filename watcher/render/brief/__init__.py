"""Write a compiled brief for people and programs. To add a format: one function, one line in BRIEF_FORMATS."""

from collections.abc import Callable

from watcher.compiled import CompiledBrief
from watcher.render.brief.markdown import brief_markdown
from watcher.render.brief.page import brief_page
from watcher.render.brief.record import brief_json
from watcher.render.brief.word import brief_docx

__all__ = ["BRIEF_FORMATS", "brief_docx", "brief_json", "brief_markdown", "brief_page"]

BRIEF_FORMATS: dict[str, Callable[[CompiledBrief], bytes]] = {
    "md": brief_markdown,
    "html": brief_page,
    "docx": brief_docx,
    "json": brief_json,
}
