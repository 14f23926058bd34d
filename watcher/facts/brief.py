"""A brief read whole: its structure from `extract.brief`, its days, bodies, stages and targets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from statistics import median_low

from watcher.extract.brief.brief import Outline, RawItem, brief_outline
from watcher.facts import facts_of
from watcher.facts.day import Day, english_days, make_date
from watcher.facts.deadline import comment_deadline
from watcher.facts.english import english_issuers, english_stage, named_bodies
from watcher.facts.issuers import issuing_bodies
from watcher.facts.targets import targets_of
from watcher.model import Brief, BriefItem, Conflict, Item, Page, Stage
from watcher.text import decode, letters, parse_date

_KEY_LETTERS = 12


def read_brief(page: Page) -> Brief:
    """Read a brief: plain text, markdown or HTML with the same content.

    Days without a year get the one that brings them closest to the issue: the end of the reporting
    period, its date, else the middle one of its papers' dates. A date that cannot be, or hardly,
    is told of in `doubts` and never mended. Raises ExtractError (`not-a-listing`) for a page that
    is no brief.
    """
    outline = brief_outline(decode(page.body, page.content_type), page.url)
    period = _period(outline)
    issue = _Issue(
        period=period,
        issued=_day(outline.issued, None),
        anchor=period[1] if period else _anchor(outline),
    )
    return Brief(period=period, items=tuple(_item(raw, issue) for raw in outline.items))


def brief_items(brief: Brief, url: str) -> list[Item]:
    """One Item per item of a brief, for the poller.

    Keys hold on to section and title, so that a corrected bullet above does not make every item
    below it new. The address is the key too: the next issue may stand where this one stood, and
    an ordinal of it is another item.
    """
    return [
        Item(
            key=(address := f"{url}#{_digest(item)}"),
            title=item.title,
            url=address,
            published=item.dated,
            deadline=item.deadline,
            summary=item.text,
            section=item.section,
            bodies=item.bodies,
            stage=item.stage,
            aka=tuple(name for name in (item.doc_title_zh, item.doc_title_en) if name),
            targets=item.targets,
        )
        for item in brief.items
    ]


def brief_conflicts(brief: Brief, url: str) -> dict[str, tuple[Conflict, ...]]:
    """What is odd about the dates of items, by the keys that `brief_items` gives them."""
    return {
        f"{url}#{_digest(item)}": tuple(
            Conflict(
                field="deadline" if doubt.startswith("deadline") else "published",
                values=(("brief", doubt),),
            )
            for doubt in item.doubts
        )
        for item in brief.items
        if item.doubts
    }


def _digest(item: BriefItem) -> str:
    seed = f"{item.section}\n{letters(item.title)}"
    return sha256(seed.encode()).hexdigest()[:_KEY_LETTERS]


# ---------------------------------------------------------------- days


def _anchor(outline: Outline) -> date | None:
    """The day by which years left out are filled in."""
    if issued := _day(outline.issued, None):
        return issued
    dates = [day for raw in outline.items if raw.date and (day := _day(raw.date, None))]
    return median_low(dates) if dates else None  # the middle one: a misprinted year does no harm


def _period(outline: Outline) -> tuple[date, date] | None:
    days = english_days(outline.period)
    if len(days) < 2:
        return None
    issued = _day(outline.issued, None)
    end = _backward(days[1], issued or _anchor(outline))
    start = _backward(days[0], end)
    return (start, end) if start and end else None


def _backward(day: Day, limit: date | None) -> date | None:
    """The date, in the last year in which it does not lie behind `limit`."""
    if day.year or limit is None:
        return day.near(limit)
    dates = [make_date(limit.year - step, day.month, day.day) for step in (0, 1)]
    return next((found for found in dates if found and found <= limit), None)


def _day(text: str, anchor: date | None) -> date | None:
    days = english_days(text)
    return days[0].near(anchor) if days else _numeric_day(text) or parse_date(text)


_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")


def _numeric_day(text: str) -> date | None:
    """26.02.2024 has its day first, as have 26/02/2024 and no 02/26/2024; 02/03/2024 says nothing."""
    if not (match := _NUMERIC.search(text)):
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    day_first, month_first = make_date(year, second, first), make_date(year, first, second)
    if match[2] == ".":
        return day_first
    return (day_first or month_first) if None in (day_first, month_first) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issue:
    """When a brief appeared, by which its items' days are judged."""

    period: tuple[date, date] | None
    issued: date | None
    anchor: date | None
    """The day by which years left out are filled in."""

    def doubts(self, printed: str, found: date | None) -> Iterator[str]:
        """What is odd about a date as printed, one sentence each."""
        if found is None:
            if printed:
                yield f"date {printed!r} {_fault(printed)}"
            return
        first = self.period[0] - _BEFORE_PERIOD if self.period else None
        if first is None and self.anchor:
            first = self.anchor - _BEFORE_ISSUE
        last = self.issued or (self.anchor + _BEHIND if self.anchor else None)
        if last and found > last:
            yield f"date {printed!r} lies after the issue"
        elif first and found < first:
            yield f"date {printed!r} lies long before the issue"


_BEFORE_PERIOD = timedelta(days=31)
_BEFORE_ISSUE = timedelta(days=100)
"""How old the papers of an issue are at most that does not say what time it covers."""
_BEHIND = timedelta(days=45)
"""How far apart papers of one issue may lie, where it does not say when it appeared."""
_LEAP = 2024


def _fault(printed: str) -> str:
    days = english_days(printed)
    if days and make_date(days[0].year or _LEAP, days[0].month, days[0].day):
        return "bears no year, and nor does the issue"
    numeric = _NUMERIC.search(printed)
    if numeric and int(numeric[1]) <= 12 and int(numeric[3]) <= 12:
        return "can be read in two ways"
    return "does not exist" if days or numeric else "cannot be read"


# ---------------------------------------------------------------- items


def _item(raw: RawItem, issue: _Issue) -> BriefItem:
    anchor = issue.anchor
    dated = _day(raw.date, anchor) if raw.date else None
    bodies = _bodies(raw)
    stage = _stage(raw, bodies)
    told = f"{raw.glance}\n" + "\n".join(raw.bullets) if raw.section == "top5" else raw.text
    deadline = comment_deadline(told, dated or anchor) if stage is Stage.DRAFT else None
    doubts = [*issue.doubts(raw.date, dated)]
    if stage is Stage.DRAFT and deadline is None:
        doubts += _no_days(told)
    return BriefItem(
        section=raw.section,
        ordinal=raw.ordinal,
        title=raw.title,
        dated=dated,
        doc_title_zh=raw.doc_title_zh,
        doc_title_en=raw.doc_title_en,
        bodies=bodies,
        stage=stage,
        deadline=deadline.on if deadline else None,
        at_a_glance=raw.bullets,
        targets=targets_of(_passages(raw), dated=dated or anchor, inherit=raw.section == "top5"),
        sources=raw.sources,
        text=raw.text,
        doubts=tuple(doubts),
    )


def _no_days(told: str) -> Iterator[str]:
    """The days of a draft's text that no year has: perhaps its deadline, but which day?"""
    for day in english_days(told):
        if make_date(day.year or _LEAP, day.month, day.day) is None:
            yield f"deadline {told[day.start : day.end]!r} does not exist"


def _passages(raw: RawItem) -> Sequence[str]:
    if raw.section != "top5":
        return (raw.text.removeprefix(raw.date),)
    return (*raw.glance.split("\n")[:1], *raw.bullets, *raw.glance.split("\n")[1:])


_LEADING_SENTENCE = re.compile(r"^.*?[.!?](?=\s+[A-Z“]|\s*$)", re.S)


def _bodies(raw: RawItem) -> tuple[str, ...]:
    """The paper's own bodies: its "Issuing body" line, else its Chinese title, else the summary."""
    titled = issuing_bodies(raw.doc_title_zh) if raw.doc_title_zh else ()
    if raw.section != "top5":
        return english_issuers(raw.title)
    sentence = _LEADING_SENTENCE.match(raw.glance)
    told = english_issuers(sentence[0] if sentence else raw.glance)
    listed = named_bodies(raw.bodies)
    if not listed:
        return titled or told
    total = _all_of(raw.doc_title_zh, titled) or _all_of(raw.doc_title_en, told)
    rest = total - len(listed)
    return (*listed, f"+{rest}") if rest > 0 else listed


def _all_of(title: str | None, bodies: tuple[str, ...]) -> int:
    """How many bodies a title speaks of in all, the unnamed ones counted; 0 when it does not tell."""
    unnamed = [int(code[1:]) for code in bodies if code.startswith("+")]
    return len(bodies) - 1 + unnamed[0] if title and unnamed else 0


def _stage(raw: RawItem, bodies: tuple[str, ...]) -> Stage:
    if raw.section == "corporate":
        return Stage.CORPORATE
    if raw.section == "policy":
        stage = english_stage(raw.title, issued=bool(bodies))
        return Stage.FINAL if stage is Stage.CORPORATE and bodies else stage
    if not raw.doc_title_zh and not raw.doc_title_en:
        # a leading item without a paper is about companies, unless a body speaks in it
        return english_stage(raw.glance, issued=True) if bodies else Stage.CORPORATE
    by_title = facts_of(raw.doc_title_zh or raw.doc_title_en or "").stage
    if by_title not in (None, Stage.NEWS, Stage.FINAL, Stage.CORPORATE):
        return by_title
    by_english = english_stage(raw.doc_title_en or "", issued=True)
    return by_english if by_english is Stage.DRAFT else Stage.FINAL
