"""Pages to items: one function and one line here per kind of list. Pure: bytes in, values out."""

from collections.abc import Callable

from watcher.extract.feeds.feed import feed
from watcher.extract.lists.endpoint import endpoint
from watcher.extract.lists.library import read_library
from watcher.extract.lists.listing import listing
from watcher.model import Item, Page
from watcher.settings import Rule

Extractor = Callable[[Page, Rule], list[Item]]

EXTRACTORS: dict[str, Extractor] = {
    "listing": listing,
    "feed": feed,
    "endpoint": endpoint,
    "library": read_library,
}
