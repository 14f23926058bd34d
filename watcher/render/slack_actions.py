"""What the buttons of a Slack alert carry: written by who draws them, read by who acts on a click.

A value comes back from Slack as it was sent, but anybody who can write to the app's socket could
send another: `read` takes nothing on trust, and who acts must look the delivery up.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

OPEN_PAPER, OPEN_DIFF = "open_paper", "open_diff"
REVIEWED, NOT_RELEVANT = "reviewed", "not_relevant"
MUTE = "mute"
"""action_id of the overflow menu; which of its options was chosen is `Pressed.action`."""
MUTE_PAPER, MUTE_SUBSCRIPTION = "mute_paper", "mute_subscription"
WRONG_SECTOR = "wrong_sector"

LINKS = frozenset({OPEN_PAPER})
"""Slack opens it itself and still reports the click, which only wants to be acknowledged."""
CHOICES: Mapping[str, str] = {
    MUTE_PAPER: "Mute this paper",
    MUTE_SUBSCRIPTION: "Mute this subscription for 7 days",
    WRONG_SECTOR: "The sector is wrong…",
}
"""The options of the menu, in order: what was chosen, and its label."""

VALUE, OPTION = 2000, 150
"""Characters a button's and an option's value may have (slack_sdk.models: value_max_length)."""
_KNOWN = frozenset({OPEN_DIFF, REVIEWED, NOT_RELEVANT, *CHOICES})
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button or a menu's option stands for."""

    action: str
    """open_diff, reviewed, not_relevant, mute_paper, mute_subscription or wrong_sector."""
    document: int
    delivery: str
    """The key of the delivery whose message was pressed."""
    team: str = ""
    subscription: str = ""
    """"" where a menu's option had no room for it: the delivery's row has both."""


def value(pressed: Pressed, limit: int = VALUE) -> str:
    """`pressed` as compact JSON of at most `limit` characters; team and subscription give way.

    Raises ValueError where even the document and the delivery do not fit.
    """
    for shorter in (pressed, replace(pressed, subscription=""), _bare(pressed)):
        fields = {"a": shorter.action, "d": shorter.document, "k": shorter.delivery}
        if shorter.team:
            fields["t"] = shorter.team
        if shorter.subscription:
            fields["s"] = shorter.subscription
        text = json.dumps(fields, separators=(",", ":"))
        if len(text) <= limit:
            return text
    raise ValueError(f"no room in {limit} characters for {pressed!r}")


def _bare(pressed: Pressed) -> Pressed:
    return replace(pressed, team="", subscription="")


def read(text: object) -> Pressed | None:
    """What `value` wrote, or None for anything else."""
    if not isinstance(text, str) or len(text) > VALUE:
        return None
    try:
        fields: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    action, document, key = fields.get("a"), fields.get("d"), fields.get("k")
    team, subscription = fields.get("t", ""), fields.get("s", "")
    if not isinstance(action, str) or action not in _KNOWN:
        return None
    if type(document) is not int or not 0 < document < 2**63:
        return None
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return None
    if not all(isinstance(x, str) and len(x) <= _LONGEST_ID for x in (team, subscription)):
        return None
    return Pressed(
        action=action, document=document, delivery=key, team=team, subscription=subscription
    )
