"""Every act that comes in from Slack: whether it is ours, what it does, what it is answered.

What is unknown, malformed, forged, stale or another workspace's changes nothing.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from watcher.clock import Clock
from watcher.interact.acts import Act, Button, Command, HomeOpened, Submitted, read
from watcher.interact.buttons import Buttons
from watcher.interact.commands import Commands
from watcher.interact.home import Home
from watcher.interact.slack import Slack
from watcher.render.slack_answers import answer
from watcher.settings import Config
from watcher.store import Store
from watcher.wording import Wording

log = logging.getLogger(__name__)

UNKNOWN = "I do not understand that; nothing was changed. An old message may show what is gone now."
ELSEWHERE = "I work for another workspace; nothing was changed."
UNSURE = "I cannot reach Slack just now, so nothing was changed; try again in a minute."


@dataclass(frozen=True, slots=True)
class Interactions:
    """Answers the envelopes of Slack's socket."""

    store: Store
    config: Config
    clock: Clock
    slack: Slack
    conclude: Callable[[int], object]
    """Lets the rules conclude again what follows from a paper's corrected label."""

    def answer(self, kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Act on an envelope; return what its acknowledgement carries. Raises StoreError alone."""
        act = read(kind, payload)
        if act is None:
            log.info("slack sent what is not understood: %.40r %.40r", kind, payload.get("type"))
            return self._say(kind, str(payload.get("response_url") or ""), UNKNOWN)
        ours = self.slack.workspaces()
        if not _is_ours(act, ours):
            log.warning("an act of %s in %s was refused", act.person.id, act.workspace)
            return self._say(kind, act.response_url, ELSEWHERE if ours else UNSURE)
        return self._act(act)

    def _act(self, act: Act) -> Mapping[str, Any] | None:
        now = self.clock.now()
        match act:
            case Button():
                self._buttons().pressed(act, now)
            case Submitted():
                return self._buttons().submitted(act, now)
            case Command():
                return Commands(self.store, self.config, self.slack).run(act, now)
            case HomeOpened():
                Home(self.store, self.config, self.slack).show(act.person.id, now)
        return None

    def _buttons(self) -> Buttons:
        wording = Wording(store=self.store, config=self.config, clock=self.clock)
        return Buttons(self.store, self.config, self.slack, wording, self.conclude)

    def _say(self, kind: str, url: str, words: str) -> Mapping[str, Any] | None:
        """A word to who did what we do not do: in the acknowledgement where Slack shows that."""
        if kind == "slash_commands":
            return answer([words])
        if kind == "interactive" and url:
            self.slack.respond(url, answer([words]))
        return None


def _is_ours(act: Act, ours: frozenset[str]) -> bool:
    """Whether it was done in our workspace by one of its people, or anywhere in our organization.

    In a channel that is shared with another company its people see our alerts, and only read them.
    """
    places = {act.workspace, act.person.workspace} - {""}
    return bool(ours) and (places <= ours or act.organization in ours)
