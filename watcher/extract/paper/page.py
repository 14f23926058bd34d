"""A paper's own page to its title, dates, number, text and attachments; HTML or a site's JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from bs4 import BeautifulSoup

from watcher.errors import ExtractError, Reason
from watcher.extract.condition import Form, load_json, open_page
from watcher.extract.lists.rows import select
from watcher.extract.markup import base_of, clean_title, drop_unseen, inner_text, tree
from watcher.extract.paper.filenames import bare_name
from watcher.extract.paper.handouts import Handout, handouts
from watcher.extract.paper.labels import Labelled, labelled, metas_of
from watcher.extract.paper.maintext import TEXT_BOXES, MainText, main_text
from watcher.extract.paper.metadata import Evidence, concluded, headings
from watcher.extract.paper.paragraphs import MARK, read_lines, unseen
from watcher.extract.paper.record import Record, find_record
from watcher.extract.paper.survey import Survey
from watcher.model import Page, PageText
from watcher.settings import DetailRule
from watcher.text import letters

_DEFAULT = DetailRule()


def read_page(page: Page, rule: DetailRule = _DEFAULT) -> PageText:
    """Read a paper's page; selectors of `rule` come before the conventions.

    Dates are as the site says them, None when it does not. Where the page's witnesses contradict
    each other the first is believed and all are kept in `conflicts`. Raises ExtractError with the
    reason when the page is not the paper: blocked, challenge, truncated, undecodable, empty (no
    text and no file), not-a-listing (a feed, or JSON without a paper).
    """
    content = open_page(page)
    match content.form:
        case Form.HTML:
            return _read_html(content.text, page.url, rule)
        case Form.JSON:
            return _read_record(find_record(load_json(content.text, page.url), page.url), page.url)
        case Form.FEED:
            raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} answered a feed, not a paper")


def _read_html(html: str, url: str, rule: DetailRule) -> PageText:
    soup = tree(html)
    metas = metas_of(soup)
    files = _files(soup, base_of(soup, url), rule)
    drop_unseen(soup)
    survey = Survey(soup, TEXT_BOXES)
    main = main_text(survey, select(soup, rule.body) if rule.body else ())
    if not main.lines and not files:
        raise ExtractError(Reason.EMPTY, f"{url!r} has no main text")
    above, below = _around(soup, survey, main)
    head = soup.find("title")
    read = concluded(
        Evidence(
            url=url,
            lines=main.lines,
            rule_title=_selected(soup, rule.title),
            rule_published=_selected(soup, rule.published),
            labels=_labels(above, below),
            metas=metas,
            whole_title=clean_title(inner_text(head)) if head is not None else "",
            headings=headings(survey, _end(survey, main)),
            above=above,
            stamps=list(islice(_stamps(survey, main), _MOST_STAMPS)),
        ),
        tuple(file.attachment for file in files),
    )
    if rule.body:
        return read
    return replace(read, text="\n".join((*main.lines, *_listed_below(files, survey, main))))


def _read_record(record: Record, url: str) -> PageText:
    soup = tree(record.html)
    files = [file.attachment for file in handouts(Survey(soup, TEXT_BOXES), url)]
    known = {file.url for file in files}
    files += [file for file in record.files if file.url not in known]
    drop_unseen(soup)
    main = main_text(Survey(soup, TEXT_BOXES), [soup])
    if not main.lines and not files:
        raise ExtractError(Reason.EMPTY, f"{url!r} has a paper without text")
    evidence = Evidence(
        url=url,
        lines=main.lines,
        labels=Labelled(record.values, {}),
        metas={"contentsource": record.source},
    )
    return concluded(evidence, tuple(files))


def _selected(soup: BeautifulSoup, selector: str | None) -> str:
    return next((inner_text(tag) for tag in select(soup, selector)), "") if selector else ""


def _files(soup: BeautifulSoup, base: str, rule: DetailRule) -> list[Handout]:
    survey = Survey(soup, TEXT_BOXES)
    chosen = select(soup, rule.attachments) if rule.attachments else ()
    return handouts(survey, base, chosen) or handouts(survey, base)


# ---------------------------------------------------------------- around the text


def _around(
    soup: BeautifulSoup, survey: Survey, main: MainText
) -> tuple[Sequence[str], Sequence[str]]:
    """The page's lines above its text, with what was taken off the text's head, and those below it."""
    holders = {id(parent) for box in main.boxes for parent in (box, *box.parents)}
    hidden = {id(tag) for tag in survey.tags if unseen(tag)} - holders
    told = read_lines(soup, without=hidden, marked={id(box) for box in main.boxes})
    marks = [at for at, line in enumerate(told) if line is MARK]
    lines = [line.text for line in told]
    if not marks:
        return lines, ()
    return (*lines[: marks[0]], *main.head), lines[marks[-1] + 1 :]


def _labels(above: Sequence[str], below: Sequence[str]) -> Labelled:
    """What a metadata table says, which a few sites put below the text, and other labels above it."""
    found = labelled(above)
    return found if found.table else Labelled(labelled(below).table, found.line)


def _end(survey: Survey, main: MainText) -> int:
    """The place behind the last element of the text, or of the page where it has none."""
    if not main.boxes:
        return len(survey.tags)
    inside = main.boxes[-1].find_all(True)
    return survey.place(inside[-1] if inside else main.boxes[-1]) + 1


_DATE_WORDS = frozenset(("time", "date", "pubtime", "pubdate", "publishtime", "shijian", "riqi"))
_SHORT_DATE = 60  # characters of an element that is called a date
_MOST_STAMPS = 5
_LISTED = 60  # lines at the end of a text among which it names its own files


def _stamps(survey: Survey, main: MainText) -> Iterator[str]:
    """Short texts above the paper's in elements that are called a date, the nearest first."""
    for tag in survey.before(main.boxes[0]) if main.boxes else survey.tags:
        short = survey.plain(tag) + survey.linked(tag) <= _SHORT_DATE
        called = short and not _DATE_WORDS.isdisjoint(survey.words(tag))
        if called and not survey.framed(tag):
            yield inner_text(tag)


def _listed_below(files: Sequence[Handout], survey: Survey, main: MainText) -> Iterator[str]:
    """The lines of a list of files below the text (tc260, caac, mohurd), as the site shows them.

    What the text itself names is not told again.
    """
    if not main.boxes or not main.lines:
        return
    end = survey.place(main.boxes[-1])
    inside = {id(tag) for box in main.boxes for tag in box.find_all(True)}
    told = letters("".join(main.lines[-_LISTED:]))
    for file in files:
        name = letters(bare_name(file.attachment.name))
        if survey.place(file.tag) > end and id(file.tag) not in inside and name not in told:
            yield file.line or file.attachment.name
