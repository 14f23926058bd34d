"""Calls for comments on one draft, tied to the next. Pure."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from watcher.link.index import Index, Named
from watcher.link.pair import EQUAL, agree
from watcher.model import Link

_AGAIN = re.compile(
    r"再次|第[二三四五2-5]次|第[二三四五2-5]轮|二次征求|(?:再|二)次公开|[二三四]次审议稿|[二三四]审稿"
)

NEXT_ROUND = 2 * 365 + 180
"""Days within which a further call for comments is a further round of the same draft."""
SAME_CALL = 14
"""A second notice this soon, not saying that it asks again, is the same call on another page."""


def rounds(drafts: Sequence[Named], finals: Sequence[Named]) -> list[Link]:
    """Tie each draft to the next call for comments on the same name, unless a final lies between."""
    done = Index(finals)
    by_name: dict[str, list[Named]] = defaultdict(list)
    for draft in drafts:
        if draft.paper.published:
            by_name[draft.name.rule].append(draft)
    found: dict[tuple[str, str], Link] = {}
    for same in by_name.values():
        same.sort(key=lambda d: (d.paper.published or date.min, d.paper.id))
        for earlier, later in pairwise(same):
            tie = _round(earlier, later, done)
            if tie:
                found.setdefault((tie.draft, tie.final), tie)
    return [found[pair] for pair in sorted(found)]


def _round(earlier: Named, later: Named, done: Index) -> Link | None:
    first, second = earlier.paper.published, later.paper.published
    if first is None or second is None or earlier.paper.id == later.paper.id:
        return None
    days = (second - first).days
    again = bool(_AGAIN.search(later.paper.title))
    same = agree(earlier.name, later.name)
    if same is None or not (days > SAME_CALL or (again and days > 0)) or days > NEXT_ROUND:
        return None
    if any(f.paper.published and first < f.paper.published < second for f in done.same(later.name)):
        return None
    reasons = [same.reason, f"asked again {days} days later"]
    if again:
        reasons.append("the later title says it asks again")
    return Link(
        draft=earlier.paper.id,
        final=later.paper.id,
        state="linked" if again or same.worth >= EQUAL else "suggested",
        score=0.95 if again else 0.85,
        evidence=tuple(reasons),
        kind="round",
    )
