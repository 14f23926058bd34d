"""The app's own page in Slack: who hears of what, the next deadlines, and how to change it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from watcher.render.slack import DIVIDER, Block, context, header
from watcher.render.slack_answers import Line, blocks_of, bold

BLOCKS = 100
"""That a page of an app may have (docs.slack.dev/reference/views/home-tab-views)."""
TEAMS, SUBSCRIPTIONS, OPEN, CARD = 15, 12, 10, 5000
"""What is shown, and the characters of one team."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCard:
    """A team as the page shows it, all in plain words."""

    name: str
    where: str
    """Where it is told, and where it is defined."""
    hears: Sequence[str]
    """A line for each subscription."""


def home(
    cards: Sequence[TeamCard],
    deadlines: Sequence[Line],
    more: int,
    coverage: str,
    how: Iterable[str],
) -> dict[str, Any]:
    """The view; `more` papers that are open besides `deadlines` are counted."""
    blocks: list[Block] = [header("Open for comment")]
    blocks += blocks_of(
        deadlines[:OPEN] or ["Nothing that these teams hear of is open for comment."]
    )
    if more > 0:
        blocks.append(context([f"and {more} more: /watcher deadlines"]))
    blocks += [DIVIDER, header("Who hears of what")]
    for card in cards[:TEAMS]:
        lines: list[str | Line] = [bold(card.name)]
        lines += card.hears[:SUBSCRIPTIONS]
        if len(card.hears) > SUBSCRIPTIONS:
            lines.append(f"and {len(card.hears) - SUBSCRIPTIONS} more")
        blocks += blocks_of(lines, [card.where], CARD)
    if len(cards) > TEAMS:
        blocks.append(context([f"and {len(cards) - TEAMS} more teams"]))
    if not cards:
        blocks += blocks_of(["No channel of yours hears of anything yet."])
    tail = [DIVIDER, *blocks_of(how), *blocks_of((), [coverage])]
    return {"type": "home", "blocks": [*blocks[: BLOCKS - len(tail)], *tail]}
