"""What was fetched and read, in the words of the sheet that a person is shown."""

from collections.abc import Sequence

from watcher.errors import ExtractError, FetchError, SourceError
from watcher.extract.lists.paging import next_page
from watcher.model import Item, Page, Validators
from watcher.render.probe import Answer, Listed, Row, Trouble
from watcher.settings import Rule, Source

SHOWN = 5
"""Rows of a list that are shown."""


def listed_of(page: Page, items: Sequence[Item], rule: Rule) -> Listed:
    return Listed(
        rows=len(items),
        undated=sum(item.published is None for item in items),
        unaddressed=sum(item.url is None for item in items),
        first=tuple(
            Row(title=i.title, url=i.url, published=i.published, deadline=i.deadline)
            for i in items[:SHOWN]
        ),
        next_page=next_page(page, rule, 2),
    )


def answer_of(page: Page) -> Answer:
    return Answer(
        url=page.url,
        content_type=page.content_type,
        size=len(page.body),
        conditional=page.validators != Validators(),
    )


def trouble_of(error: SourceError) -> Trouble:
    if isinstance(error, ExtractError):
        message = str(error).removeprefix(f"{error.reason.value}: ")
        return Trouble(reason=error.reason.value, message=message)
    transient = isinstance(error, FetchError) and error.transient
    return Trouble(reason="fetch", message=str(error), transient=transient)


def robots_of(source: Source) -> str:
    if source.manners.robots == "ignore":
        return "not asked (robots: ignore)"
    return "does not forbid it"


_PRESETS = {
    "jpaas": "a column of the jpaas generation (大汉), its rows from a second address: preset jpaas",
    "trs": "a list of the TRS generation (拓尔思): preset trs",
    "two-hop": "a list whose papers stand behind two JSON answers: preset two-hop",
}
_KINDS = {
    "listing": "a list on a page, found by its own conventions",
    "feed": "a feed",
    "endpoint": "JSON that lists papers",
    "brief": "a brief on policy papers",
    "library": "gov.cn's policy library",
}


def words(source: Source) -> str:
    if source.rule.row or source.rule.title:
        return f"{source.kind} by the rule of the configuration"
    return _PRESETS.get(source.rule.preset or "") or _KINDS.get(source.kind, source.kind)
