"""Papers as answers in Slack show them: found by words of their titles, or open for comment."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from watcher.gloss import gloss, reading
from watcher.model import Document
from watcher.render.alert import titles, who
from watcher.render.days import countdown, day, days_left
from watcher.render.slack_answers import Line, linked
from watcher.store import Store

GLOSSED = 2000
"""Newest papers whose English reading is searched: 0.4 s, and Slack waits 3."""
_WORDS = 8


def found(store: Store, text: str, limit: int) -> tuple[list[Line], bool]:
    """Papers in whose titles, in Chinese or in English, all words stand, the newest first; and
    whether there are more."""
    words = [word[:60] for word in text.split()][:_WORDS]
    ids = store.search.titled(words, limit + 1)
    if len(ids) <= limit and text.isascii():
        lower = [word.casefold() for word in words]
        newest = store.search.newest(GLOSSED)
        read = [id_ for id_, title in newest if _all_stand(lower, gloss(title).text)]
        order = {id_: n for n, (id_, _) in enumerate(newest)}
        ids = sorted({*ids, *read}, key=lambda id_: (order.get(id_, len(order)), -id_))
    shown = ids[:limit]
    papers = {
        each.document.id: each.document for each in store.papers.newest(ids=shown, limit=limit)
    }
    return [*_lines(store, [papers[i] for i in shown if i in papers])], len(ids) > limit


def _all_stand(words: Iterable[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _lines(store: Store, papers: Sequence[Document]) -> Iterable[Line]:
    english = store.translations.get([paper.title for paper in papers])
    for paper in papers:
        first, second = titles(paper, reading(paper, english))
        dated = paper.published or paper.signed
        stage = str(paper.facts.stage or "stage unknown").replace("_", " ")
        told = [stage, who(paper.facts.bodies, paper.facts.issuer), day(dated) if dated else ""]
        yield linked(" · ".join(filter(None, told)), "", first, second or "", paper.url)


def open_lines(store: Store, papers: Sequence[Document], zone: str, now: datetime) -> list[Line]:
    """Papers that are open for comment, with the days left in that zone."""
    english = store.translations.get([paper.title for paper in papers])
    lines = []
    for paper in papers:
        first, second = titles(paper, reading(paper, english))
        left = days_left(paper.facts.deadline, now, zone)
        urgent, head = "", who(paper.facts.bodies, paper.facts.issuer)
        if paper.facts.deadline and left is not None and left >= 0:
            urgent, head = countdown(left), f"until {day(paper.facts.deadline)} · {head}"
        lines.append(linked(head, urgent, first, second or "", paper.url))
    return lines
