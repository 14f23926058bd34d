"""What a source shows now: its list's pages fetched and read to rows, whatever its kind."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from watcher.errors import ExtractError, FetchError, Reason
from watcher.extract.extractors import EXTRACTORS
from watcher.extract.letters.letter import brief_page, letter_items, read_letter
from watcher.extract.lists.jpaas import unit_url
from watcher.extract.lists.library import search_url
from watcher.extract.lists.paging import next_page
from watcher.extract.lists.twohop import first_hop, second_hop
from watcher.facts.bodies import BODIES
from watcher.facts.brief import brief_items, read_brief
from watcher.fetch import Fetcher
from watcher.fetch.lines import tls_context
from watcher.fetch.mailbox import mark_read, read_mailbox
from watcher.model import Item, Page, Validators
from watcher.sandbox import read_attachment
from watcher.settings import Source

log = logging.getLogger(__name__)

PAGES = 5
"""Pages of one list that are read at most in one visit."""
LONGEST = 600
"""Characters of a title, an address or a key."""


def fetch_list(fetcher: Fetcher, source: Source, validators: Validators) -> Page | None:
    """The first page of a source's list, None when it has not changed since `validators`."""
    if source.kind == "library":
        address = search_url(_name_of(source.body), base=source.url)
        return fetcher.fetch(address, manners=source.manners, validators=validators)
    if source.rule.preset != "jpaas":
        return fetcher.fetch(source.url, manners=source.manners, validators=validators)
    column = fetcher.fetch(source.url, manners=source.manners)
    unit = unit_url(column) if column else None
    if unit is None:
        raise ExtractError(
            Reason.NOT_A_LISTING, f"{source.url}: no script[querydata] on the column page"
        )
    return fetcher.fetch(unit, manners=source.manners, validators=validators, referer=source.url)


def fetch_paper(fetcher: Fetcher, source: Source, url: str, validators: Validators) -> Page | None:
    """A paper's own page, None when it has not changed; behind two JSON answers where it stands so."""
    if source.rule.preset == "two-hop" and (first := first_hop(url)) is not None:
        answer = fetcher.fetch(first, manners=source.manners, referer=url)
        if answer is not None:
            second = second_hop(answer, url)
            return fetcher.fetch(second, manners=source.manners, validators=validators, referer=url)
    return fetcher.fetch(url, manners=source.manners, validators=validators)


def _name_of(body: str | None) -> str | None:
    return BODIES[body].zh[0] if body else None


def rows_of(source: Source, page: Page) -> list[Item]:
    """The rows of a page of any kind of source, none longer than an index takes."""
    try:
        if source.kind == "brief":
            found = brief_items(read_brief(page), source.url)
        else:
            found = EXTRACTORS[source.kind](page, source.rule)
    except ExtractError as exc:
        if exc.reason is Reason.EMPTY and source.allow_empty:
            return []
        raise
    return [bounded(item) for item in found]


def further_rows(
    fetcher: Fetcher, source: Source, page: Page, is_gap: Callable[[list[Item]], bool]
) -> Iterator[Item]:
    """The rows of the pages behind `page`, as long as `is_gap` says that what is known is not reached.

    So nothing is missed that scrolled off while we were away. A page that cannot be reached for
    the moment fails the visit, which is then made again as a whole; one that is no list ends it, and
    so does one that shows the same rows again (mohurd gives its first page under every number).
    """
    shown: set[str] = set()
    for number in range(2, PAGES + 1):
        address = next_page(page, source.rule, number)
        if address is None:
            return
        try:
            fetched = fetcher.fetch(address, manners=source.manners, referer=source.url)
            rows = rows_of(source, fetched) if fetched else []
        except (ExtractError, FetchError) as exc:
            if isinstance(exc, FetchError) and exc.transient:
                raise
            log.info("%s: page %d is not read: %s", source.id, number, exc)
            return
        yield from rows
        if fetched is None or not is_gap(rows) or shown.issuperset(row.key for row in rows):
            return
        shown.update(row.key for row in rows)
        page = fetched


def bounded(item: Item) -> Item:
    """Cut what no ministry writes: PostgreSQL refuses to index more than 2,700 bytes."""
    digest = hashlib.sha256(item.key.encode("utf-8", "replace")).hexdigest()
    return replace(
        item,
        key=item.key if len(item.key) <= LONGEST else digest,
        url=item.url if item.url and len(item.url) <= LONGEST else None,
        title=item.title[:LONGEST] if item.title else item.title,
    )


# ---------------------------------------------------------------- mailboxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What came into a mailbox since it was last looked at."""

    items: tuple[tuple[Item, bytes], ...]
    """Each with the letter it was read from."""
    position: str
    """Where to go on next time."""
    more: bool
    """Whether there are more than one reading takes."""
    uids: tuple[int, ...]


def fetch_letters(source: Source, position: str | None) -> Letters:
    """Read what is new in a mailbox: an item a letter, or those of the brief that it is.

    A letter that cannot be read well is an item with its subject all the same.
    """
    mailbox = source.mailbox
    if mailbox is None:
        raise FetchError(f"{source.id}: no name and password for this mailbox", transient=False)
    context = tls_context(source.manners.tls)
    post = read_mailbox(source.url, mailbox, position, ssl_context=context)
    items: list[tuple[Item, bytes]] = []
    for letter in post.letters:
        items += ((bounded(item), letter.raw) for item in _items_of(letter.raw, source))
    return Letters(
        items=tuple(items),
        position=post.position,
        more=post.more,
        uids=tuple(letter.uid for letter in post.letters),
    )


def settle_letters(source: Source, letters: Letters) -> None:
    """Mark letters as read where the source says so, once what they say is saved."""
    if source.mailbox is None or not source.mailbox.mark_read or not letters.uids:
        return
    try:
        context = tls_context(source.manners.tls)
        mark_read(
            source.url,
            source.mailbox,
            letters.uids,
            position=letters.position,
            ssl_context=context,
        )
    except FetchError as exc:  # they are known by their place, whatever the server thinks of them
        log.warning("%s: letters could not be marked as read: %s", source.id, exc)


def _items_of(raw: bytes, source: Source) -> list[Item]:
    letter = read_letter(raw)
    files = [(name, read_attachment(body, name)) for name, body in letter.files]
    if (page := brief_page(letter, files)) is not None:
        try:
            found = brief_items(read_brief(page), page.url)
            if page.url.startswith("mid:"):  # the letter is nowhere to be seen
                found = [replace(item, url=None) for item in found]
            return found
        except ExtractError as exc:
            log.info("%s: a letter looks like a brief and is none: %s", source.id, exc)
    return letter_items(letter, files, zone=source.timezone)
