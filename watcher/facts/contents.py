"""What a paper sets and names: its first day in force, targets, papers and companies, and where comments go."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from watcher.facts.cites import citations, title_citations
from watcher.facts.companies import companies_in
from watcher.facts.contact import comments_to
from watcher.facts.effective import effective_date
from watcher.facts.spanned import Spanned
from watcher.facts.targets_zh import chinese_targets
from watcher.facts.title import read_title, strip_tail
from watcher.model import Citation, Facts, FactSpan, Stage

T = TypeVar("T")

_Place = tuple[str, Spanned[T]]
"""A field's name, and what was read there."""


def with_contents(
    facts: Facts,
    title: str,
    text: str,
    notice: str = "",
    *,
    published: date | None = None,
    signed: date | None = None,
) -> Facts:
    """`facts` with what the words of a paper say beside its stage and issuers.

    The paper's own text is asked first and then the letter around it (`notice`), which may name a
    day in force too; comments go where the letter says, since the paper itself speaks to others.
    """
    draft = facts.stage is Stage.DRAFT
    letter = ("notice", notice) if notice else ("text", text)
    force = None if draft else _effective(title, text, notice, published, signed)
    to = [(letter[0], one) for one in comments_to(letter[1])] if draft else []
    targets = [("text", one) for one in chinese_targets(text, dated=published or signed)]
    cites = _cited(title, text, notice)
    companies = [_split(one, title) for one in companies_in(title, text)]
    return replace(
        facts,
        effective=force[1].value if force else None,
        comments_to=_values(to),
        targets=_values(targets),
        cites=_values(cites),
        companies=_values(companies),
        spans=(
            *facts.spans,
            *([_span("effective", force)] if force else ()),
            *_spans("comments_to", to),
            *_spans("targets", targets),
            *_spans("cites", cites),
            *_spans("companies", companies),
        ),
    )


def _effective(
    title: str, text: str, notice: str, published: date | None, signed: date | None
) -> _Place[date] | None:
    for field, words in (("text", text), ("notice", notice)):
        if found := effective_date(title, words, published=published, signed=signed):
            return field, found
    return None


def _cited(title: str, text: str, notice: str) -> list[_Place[Citation]]:
    """Each paper once, where it is named first: title, paper, letter; not itself, as a draft for comments."""
    found: dict[str, _Place[Citation]] = {}
    itself = strip_tail(read_title(title).subject or "")
    for field, named in (
        ("title", title_citations(title)),
        ("text", citations(title, text)),
        ("notice", citations(title, notice)),
    ):
        for one in named:
            if one.value.relation == "cites" and strip_tail(one.value.title) == itself:
                continue
            found.setdefault(one.value.title, (field, one))
    return list(found.values())


def _split(found: Spanned[str], title: str) -> _Place[str]:
    """A place in title and text, joined by a line break, as one in either."""
    begins = len(title) + 1
    if found.start < begins:
        return "title", found
    return "text", found._replace(start=found.start - begins, end=found.end - begins)


def _values(places: Iterable[_Place[T]]) -> tuple[T, ...]:
    return tuple(found.value for _, found in places)


def _spans(fact: str, places: Sequence[_Place[T]]) -> Iterator[FactSpan]:
    for n, place in enumerate(places):
        yield _span(f"{fact}.{n}", place)


def _span(fact: str, place: _Place[T]) -> FactSpan:
    field, found = place
    return FactSpan(fact=fact, field=field, start=found.start, end=found.end)
