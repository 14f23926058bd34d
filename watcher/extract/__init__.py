"""Pages to items: one function and one line here per kind of list. Pure: bytes in, values out."""

from collections.abc import Callable

from watcher.extract.endpoint import endpoint
from watcher.extract.feed import feed
from watcher.extract.library import read_library
from watcher.extract.listing import listing
from watcher.model import Item, Page
from watcher.settings import Rule

Extractor = Callable[[Page, Rule], list[Item]]

EXTRACTORS: dict[str, Extractor] = {
    "listing": listing,
    "feed": feed,
    "endpoint": endpoint,
    "library": read_library,
}
