"""Links for the terminal: each with both its papers, lineages by date, drafts that wait for a final."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from watcher.link.lineage import Step
from watcher.model import Document, Link
from watcher.render.alert import who
from watcher.render.scraped import clean
from watcher.render.terminal import wrap

_INDENT = "    "
_NO_DAY = "no date   "


class _Decision(Protocol):
    @property
    def by(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def note(self) -> str: ...


class _Tie(Protocol):
    @property
    def link(self) -> Link: ...
    @property
    def draft(self) -> Document: ...
    @property
    def final(self) -> Document: ...
    @property
    def decision(self) -> _Decision | None: ...


class _Waiting(Protocol):
    @property
    def document(self) -> Document: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def suggested(self) -> tuple[int, ...]: ...


def link_lines(ties: Iterable[_Tie], zone: str, width: int) -> list[str]:
    """Each link with its two papers, why it is one, and who decided it."""
    lines: list[str] = []
    for tie in ties:
        link = tie.link
        what = "round" if link.kind == "round" else "final"
        lines += [*([""] if lines else []), f"{link.state} {link.score:.2f}  {what}"]
        for paper in (tie.draft, tie.final):
            lines += _wrapped(f"{paper.id}  {_day(paper)}  {clean(paper.title)}", width)
        lines += _wrapped("; ".join(map(clean, link.evidence)), width)
        if tie.decision is not None and link.state in ("confirmed", "rejected"):
            at = tie.decision.at.astimezone(ZoneInfo(zone))
            said = f"{link.state} by {clean(tie.decision.by)} on {at:%Y-%m-%d %H:%M %Z}"
            lines += _wrapped(": ".join(filter(None, (said, clean(tie.decision.note)))), width)
    return lines


def lineage_lines(steps: Sequence[Step], asked: int, width: int) -> list[str]:
    """A paper a step, by date: what it is to the others, how sure that is, and why."""
    lines: list[str] = []
    for step in steps:
        document = step.document
        bodies = who(document.facts.bodies, document.facts.issuer)
        sure = step.state if step.score is None else f"{step.state} {step.score:.2f}"
        mark = "→" if document.id == asked else " "
        tail = "" if step.of is None else f"  ({sure}, by {step.of})"
        lines += wrap(
            clean(f"{_day(document)} {mark} {document.id}  {step.role}{tail}  {bodies or ''}"),
            width,
            _INDENT,
        )
        lines += _wrapped(clean(document.title), width)
        if step.why:
            lines += _wrapped("; ".join(map(clean, step.why)), width)
    return lines


def waiting_lines(drafts: Iterable[_Waiting], today: date, width: int) -> list[str]:
    """A draft a line, with how long it has waited and what may be its final."""
    return [line for each in drafts for line in _waiting(each, today, width)]


def link_rows(links: Iterable[Mapping[str, Any]], zone: str) -> Iterator[tuple[str, str]]:
    """(name, text) of each link of one paper, and of what people said of it, the last word last.

    The links are as `explain.links_of` has them.
    """
    for link in links:
        role = "final" if link["other"] == link["final"] else "draft"
        if link["kind"] == "round":
            role = "next round" if role == "final" else "round before"
        why = f"{link['score']:.2f}: {'; '.join(link['evidence'])}"
        yield link["state"], f"{role}: paper {link['other']}  {link['title']}  ({why})"
        for one in link["decisions"]:
            at = one["at"].astimezone(ZoneInfo(zone))
            was = f"it was {one['was']}" if one["was"] else "rules had not found it"
            note = f": {one['note']}" if one["note"] else ""
            yield "", f"{one['state']} by {one['by']} on {at:%Y-%m-%d %H:%M %Z}, {was}{note}"


def _waiting(each: _Waiting, today: date, width: int) -> Iterator[str]:
    document = each.document
    months = (today - document.published).days * 12 // 365 if document.published else 0
    bodies = who(document.facts.bodies, document.facts.issuer)
    perhaps = ", ".join(map(str, each.suggested))
    tail = f"  perhaps {perhaps}, not confirmed" if perhaps else ""
    head = clean(f"{document.id}  {_day(document)}  {months} months  {bodies or ''}{tail}")
    yield from wrap(head, width, _INDENT)
    yield from _wrapped(clean(document.title), width)
    if each.names:
        yield from _wrapped(f"of these without a final: {clean('、'.join(each.names))}", width)


def _wrapped(text: str, width: int) -> list[str]:
    return [_INDENT + line for line in wrap(text, width - len(_INDENT))] if text else []


def _day(document: Document) -> str:
    return document.published.isoformat() if document.published else _NO_DAY
