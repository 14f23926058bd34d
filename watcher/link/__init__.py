"""Tie drafts to their finals and to each other by name, date and body, with reasons one can read. Pure."""

from watcher.link.names import cores
from watcher.link.pool import Paper, link

__all__ = ["Paper", "cores", "link"]
