"""What was read where: a value with its place in a title or text, and the spans readers get of it."""

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from watcher.facts.spanned import Spanned
from watcher.facts.title import Title
from watcher.model import FactSpan

T = TypeVar("T")

TITLE, TEXT, NUMBER, ELSEWHERE = "title", "text", "number", ""


class Said(NamedTuple, Generic[T]):
    """`value` was read at `[start:end]` of a field; a place of length 0 is none."""

    value: T
    field: str = ELSEWHERE
    """TITLE: places are those of `Title.whole`. TEXT: those of the text, or of the cover letter
    where there is one. NUMBER: it follows from the paper's own document number. ELSEWHERE: the
    page's metadata, its address or the source say it."""
    start: int = 0
    end: int = 0


def in_title(found: Spanned[T] | None) -> Said[T] | None:
    """What was read at a place of `Title.whole`."""
    return Said(found.value, TITLE, found.start, found.end) if found else None


def in_text(found: Spanned[T] | None) -> Said[T] | None:
    """What was read at a place of the text or cover letter."""
    return Said(found.value, TEXT, found.start, found.end) if found else None


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that facts are read from, as they were given."""

    title: str
    read: Title | None
    """The title taken apart; None where places are those of the title as given."""
    text: str = "text"
    """What TEXT stands for: text or notice."""
    title_in: tuple[str, int] = ("title", 0)
    """The field that holds the title, and where it begins there."""

    def span(self, fact: str, said: Said[T] | None) -> tuple[FactSpan, ...]:
        """The span of a fact as `Facts` has it; () when it was read in neither title nor text."""
        if said is None or said.start >= said.end:
            return ()
        if said.field == TEXT:
            return (FactSpan(fact=fact, field=self.text, start=said.start, end=said.end),)
        if said.field != TITLE:
            return ()
        start, end = said.start, said.end
        if self.read is not None:
            start, end = self.read.as_given(self.title, start, end)
        field, begins = self.title_in
        return (FactSpan(fact=fact, field=field, start=begins + start, end=begins + end),)
