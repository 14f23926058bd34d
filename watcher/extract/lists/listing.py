"""The `listing` kind: a page that lists papers. The bytes decide how it is read."""

from watcher.extract.condition import Form, open_page
from watcher.extract.feeds.feed import read_feed
from watcher.extract.lists.endpoint import read_json
from watcher.extract.lists.rows import read_rows
from watcher.model import Item, Page
from watcher.settings import Rule


def listing(page: Page, rule: Rule) -> list[Item]:
    """Read a list of papers in page order; a JSON answer or a feed is read as what it is.

    Raises ExtractError with the reason when the page is not the list, or has no rows.
    """
    content = open_page(page)
    match content.form:
        case Form.JSON:
            return read_json(content.text, page.url, rule)
        case Form.FEED:
            return read_feed(content.text, page.url)
        case Form.HTML:
            return read_rows(content.text, page.url, rule)
