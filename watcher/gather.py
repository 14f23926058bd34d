"""What a source shows now: its list's pages fetched and read to rows, whatever its kind."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from watcher.errors import ExtractError, FetchError, Reason, SourceError
from watcher.extract.brief.index import issue_rows
from watcher.extract.condition import Form, form_of
from watcher.extract.extractors import EXTRACTORS
from watcher.extract.letters.letter import brief_page, letter_items, read_letter
from watcher.extract.lists.jpaas import unit_url
from watcher.extract.lists.library import search_url
from watcher.extract.lists.paging import next_page
from watcher.extract.lists.twohop import first_hop, second_hop
from watcher.facts.bodies import BODIES
from watcher.facts.brief import brief_conflicts, brief_items, read_brief
from watcher.fetch import Fetcher
from watcher.fetch.lines import tls_context
from watcher.fetch.mailbox import mark_read, read_mailbox
from watcher.identity import address_identity
from watcher.model import BriefItem, Conflict, Item, Page, Validators
from watcher.sandbox import read_attachment
from watcher.settings import Rule, Source
from watcher.text import decode

log = logging.getLogger(__name__)

PAGES = 5
"""Pages of one list that are read at most in one visit."""
LONGEST = 600
"""Characters of a title, an address or a key."""


def fetch_list(fetcher: Fetcher, source: Source, validators: Validators) -> Page | None:
    """The first page of a source's list, None when it has not changed since `validators`."""
    if source.kind == "brief" and _issues_known(validators):
        validators = Validators()  # what we keep of an index in their place is no server's
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


# ---------------------------------------------------------------- briefs


_ISSUES = "issues"
_REMEMBERED = 500
"""Issues that left an index and are still known, by digest; the oldest are forgotten first."""
FIRST_ISSUES = 2
"""How many issues a baseline reads, the newest."""
MOST_ISSUES = 10
"""Issues that are read in one visit; the next reads on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Items of briefs, with what `Item` does not hold of them, by their keys."""

    items: tuple[Item, ...] = ()
    pages: Mapping[str, bytes] = field(default_factory=dict)
    """The issue, or letter, that an item stands in."""
    conflicts: Mapping[str, tuple[Conflict, ...]] = field(default_factory=dict)
    """What is odd about its dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issues:
    """The new issues on an index, read."""

    told: Told
    known: str
    """Which issues need not be read again, to be given back next time in the place of an ETag."""
    faults: tuple[SourceError, ...] = ()
    """Of issues that could not be read: they are not known yet."""


def issues_on(
    source: Source, page: Page, validators: Validators, *, settled: bool
) -> list[Item] | None:
    """The issues that a brief's address lists, the newest first; None when it is a brief itself.

    An index is a feed, or a page that is no brief and holds a list. `settled`: the page was read
    before, and what was read as one of the two is not taken for the other: a brief that was
    redesigned is a fault, not an index. Raises ExtractError.
    """
    if settled and not _issues_known(validators):
        return None
    text = decode(page.body, page.content_type).lstrip()
    if form_of(text) is Form.FEED:
        rows = EXTRACTORS["feed"](page, source.rule)
    elif settled:
        rows = _rows_of_index(source, page, text)
    else:
        told = _items_of_brief(page)
        if told is None or any(_says_its_source(item) for item in told):
            return None
        try:
            rows = _rows_of_index(source, page, text)
        except ExtractError:
            if told:
                return None
            raise
    issues = list({row.url: bounded(row) for row in rows if row.url}.values())
    if all(row.published for row in issues):
        issues.sort(key=lambda row: row.published or date.min, reverse=True)
    return issues


def _items_of_brief(page: Page) -> tuple[BriefItem, ...] | None:
    """What a page holds of a brief; None if it cannot be read for another reason than being none."""
    try:
        return read_brief(page).items
    except ExtractError as exc:
        return () if exc.reason is Reason.NOT_A_LISTING else None


def _says_its_source(item: BriefItem) -> bool:
    """Whether an item is a brief's beyond doubt: the teasers of an index have a "Summary:", too."""
    return bool(item.doc_title_zh or item.doc_title_en or item.sources or item.at_a_glance)


def _rows_of_index(source: Source, page: Page, text: str) -> list[Item]:
    """The rows of an index page as ministries' lists are read, else as English ones are."""
    try:
        return EXTRACTORS["listing"](page, source.rule)
    except ExtractError as exc:
        if exc.reason not in (Reason.EMPTY, Reason.NOT_A_LISTING) or source.rule != Rule():
            raise
        return issue_rows(text, page.url)


def read_issues(
    fetcher: Fetcher,
    source: Source,
    issues: Sequence[Item],
    validators: Validators,
    *,
    give_up: bool = False,
) -> Issues:
    """Read what is new among the issues of an index; of one that was never read only the newest.

    One issue that cannot be read keeps none of the others back; it is told of in `faults` and
    tried again. The first time it is passed over instead, if another could be read: what is old
    is no news. `give_up`: one that is gone, or is no brief, is not tried any more. Raises
    SourceError when nothing could be read the first time.
    """
    before = _issues_known(validators)
    digests = {issue.key: _issue_digest(issue) for issue in issues}
    fresh = [issue for issue in issues if digests[issue.key] not in before]
    chosen = fresh[-MOST_ISSUES:] if before else fresh[:FIRST_ISSUES]
    read: list[Told] = []
    faults: list[SourceError] = []
    done: list[str] = []
    for issue in chosen:
        try:
            read.append(_read_issue(fetcher, source, issue))
            done.append(digests[issue.key])
        except SourceError as exc:
            log.warning("%s: issue %s: %s", source.id, issue.url, exc)
            if give_up and _is_hopeless(exc):
                done.append(digests[issue.key])
            else:
                faults.append(exc)
    if not before:
        if not read and faults:
            raise faults[0]
        done, faults = list(digests.values())[::-1], []
    known = (*before, *done)[-_REMEMBERED - len(issues) :]
    return Issues(
        told=_together(read),
        known=" ".join((_ISSUES, *known)),
        faults=tuple(faults),
    )


def _together(read: Sequence[Told]) -> Told:
    return Told(
        items=tuple(item for told in read for item in told.items),
        pages={key: body for told in read for key, body in told.pages.items()},
        conflicts={key: odd for told in read for key, odd in told.conflicts.items()},
    )


def _read_issue(fetcher: Fetcher, source: Source, issue: Item) -> Told:
    page = fetcher.fetch(issue.url or "", manners=source.manners, referer=source.url)
    if page is None:
        raise FetchError(f"{issue.url}: said to be as before, but was never read", transient=True)
    told = told_in(page, issue.url or "")
    return replace(told, pages={item.key: page.body for item in told.items})


def _is_hopeless(error: SourceError) -> bool:
    if isinstance(error, ExtractError):
        return error.reason is Reason.NOT_A_LISTING
    return isinstance(error, FetchError) and error.gone


def told_in(page: Page, url: str) -> Told:
    """The items of a brief that stands at `url`. Raises ExtractError where the page is none."""
    brief = read_brief(page)
    items = tuple(bounded(item) for item in brief_items(brief, url))
    return Told(items=items, conflicts=brief_conflicts(brief, url))


def _issues_known(validators: Validators) -> tuple[str, ...]:
    """The digests of the issues of an index that are known; () for what is none, or is new."""
    words = (validators.etag or "").split(" ")
    return tuple(words[1:]) if words[0] == _ISSUES else ()


def _issue_digest(issue: Item) -> str:
    return hashlib.sha256(address_identity(issue.url or "").encode()).hexdigest()[:12]


# ---------------------------------------------------------------- mailboxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What came into a mailbox since it was last looked at."""

    told: Told
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
    read = [_in_letter(letter.raw, source) for letter in post.letters]
    return Letters(
        told=_together(read),
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


def _in_letter(raw: bytes, source: Source) -> Told:
    letter = read_letter(raw)
    files = [(name, read_attachment(body, name)) for name, body in letter.files]
    told = None
    if (page := brief_page(letter, files)) is not None:
        try:
            told = told_in(page, page.url)
            if page.url.startswith("mid:"):  # the letter is nowhere to be seen
                told = replace(told, items=tuple(replace(item, url=None) for item in told.items))
        except ExtractError as exc:
            log.info("%s: a letter looks like a brief and is none: %s", source.id, exc)
    if told is None:
        items = letter_items(letter, files, zone=source.timezone)
        told = Told(items=tuple(bounded(item) for item in items))
    return replace(told, pages={item.key: raw for item in told.items})
