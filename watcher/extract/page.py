"""A paper's own page to its title, dates, number, text and attachments; HTML or a site's JSON."""

from itertools import takewhile
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString

from watcher.errors import ExtractError, Reason
from watcher.extract.article import body_lines, drop_duplicates, find_body
from watcher.extract.condition import Form, load_json, open_page
from watcher.extract.handouts import handouts
from watcher.extract.markup import base_of, clean_title, inner_text, lines_of, tree
from watcher.extract.metadata import (
    date_above,
    issuer_of,
    labelled,
    metas_of,
    number_of,
    published_of,
    signed_of,
    title_of,
)
from watcher.extract.rows import select
from watcher.model import Attachment, Page, PageText
from watcher.settings import DetailRule
from watcher.text import parse_date, url_date

_DEFAULT = DetailRule()
_CELLS = "\t"
_MARK = "\ue000"  # a private character: no page has it


def read_page(page: Page, rule: DetailRule = _DEFAULT) -> PageText:
    """Read a paper's page; selectors of `rule` come before the conventions.

    Dates are as the site says them, None when it does not. Raises ExtractError with the reason when
    the page is not the paper: blocked, challenge, truncated, undecodable, empty (no text and no
    file), not-a-listing (a feed, or JSON without a paper).
    """
    content = open_page(page)
    match content.form:
        case Form.HTML:
            return _read_html(content.text, page.url, rule)
        case Form.JSON:
            return _read_record(load_json(content.text, page.url), page.url)
        case Form.FEED:
            raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} answered a feed, not a paper")


def _read_html(html: str, url: str, rule: DetailRule) -> PageText:
    soup = tree(html)
    base = base_of(soup, url)
    metas = metas_of(soup)
    attachments = _by_rule(soup, base, rule) or handouts(soup, base)
    drop_duplicates(soup)
    title = clean_title(_selected(soup, rule.title)) or title_of(soup, metas)
    chosen_day = parse_date(_selected(soup, rule.published))
    body = find_body(soup, select(soup, rule.body) if rule.body else None)
    lines = body_lines(body) if body is not None else []
    if not lines and not attachments:
        raise ExtractError(Reason.EMPTY, f"{url!r} has no main text")
    # what is left of the page speaks about the paper; the mark parts what stands above its text
    mark = NavigableString(_MARK)
    if body is not None:
        body.replace_with(mark)
    rest = lines_of(soup, _CELLS)
    above = list(takewhile(lambda line: _MARK not in line, rest))
    labels = labelled(rest)
    return PageText(
        title=title,
        published=chosen_day
        or published_of(labels, metas)
        or date_above(above, title, mark)
        or url_date(url),
        signed=signed_of(labels, lines),
        doc_number=number_of(labels, lines, title),
        issuer=issuer_of(labels, metas),
        text="\n".join(lines),
        attachments=attachments,
    )


def _selected(soup: BeautifulSoup, selector: str | None) -> str:
    return next((inner_text(tag) for tag in select(soup, selector)), "") if selector else ""


def _by_rule(soup: BeautifulSoup, base: str, rule: DetailRule) -> tuple[Attachment, ...]:
    if rule.attachments is None:
        return ()
    boxes = "".join(str(tag) for tag in select(soup, rule.attachments))
    return handouts(BeautifulSoup(boxes, "lxml"), base) if boxes else ()


# ---------------------------------------------------------------- JSON

_TITLES = ("articletitle", "title", "doctitle", "showtitle")
_TEXTS = ("articlecontent", "content", "doccontent", "html", "body", "text", "doccontenthtml")
_DAYS = ("publishdate", "pubdate", "publishtime", "docreltime", "docpubtime", "releasetime", "date")
_SOURCES = ("articlesource", "source", "contentsource", "puborg")
_NUMBERS = ("pcode", "filenumbername", "docnumber", "wenhao")


def _read_record(value: Any, url: str) -> PageText:
    record = _paper(value)
    if record is None:
        raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} answered JSON without a paper in it")
    soup = tree(_text(record, _TEXTS))
    attachments = handouts(soup, url)
    drop_duplicates(soup)
    lines = body_lines(soup)
    if not lines and not attachments:
        raise ExtractError(Reason.EMPTY, f"{url!r} has a paper without text")
    title = clean_title(_text(record, _TITLES))
    source = _text(record, _SOURCES)
    return PageText(
        title=title or None,
        published=parse_date(_text(record, _DAYS)) or url_date(url),
        signed=signed_of({}, lines),
        doc_number=number_of({"number": _text(record, _NUMBERS)}, lines, title),
        issuer=issuer_of({"issuer": source}, {}),
        text="\n".join(lines),
        attachments=attachments,
    )


def _paper(value: Any) -> dict[str, Any] | None:
    """The first object that has a title and a text."""
    if isinstance(value, dict):
        folded = {str(key).lower(): inner for key, inner in value.items()}
        if _text(folded, _TITLES) and _text(folded, _TEXTS):
            return folded
        value = list(value.values())
    if isinstance(value, list):
        return next((found for inner in value if (found := _paper(inner)) is not None), None)
    return None


def _text(record: dict[str, Any], names: tuple[str, ...]) -> str:
    values = (record.get(name) for name in names)
    return next((v.strip() for v in values if isinstance(v, str) and v.strip()), "")
