"""Briefs of a period: compiled from the store, edited by people, and owed to teams that asked for them."""

from watcher.brief.compiling import NEWS, compile_brief
from watcher.brief.editing import Outcome, edit, keep, restore, unkept
from watcher.brief.letters import KIND, Briefer, brief_letter, owe_briefs

__all__ = [
    "KIND",
    "NEWS",
    "Briefer",
    "Outcome",
    "brief_letter",
    "compile_brief",
    "edit",
    "keep",
    "owe_briefs",
    "restore",
    "unkept",
]
