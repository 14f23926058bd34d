"""People in a local Slack: what their presses and commands send, and a house that answers them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.flows.house import (
    ARTICLES,
    DRAFT,
    OLD,
    House,
    document,
    house,
    listing,
    paper,
    source,
)
from tests.loopback import Loopback
from tests.slack_api import WORKSPACE, Post, SlackApi
from watcher.settings import Config, Secret, SlackChannel, Subscription, Target, Team

LAW, NEW, PRIVATE = "C0LAW001", "C0NEW001", "G0PRIV01"
UNTIL = "意见反馈截止日期为2026年12月2日。"
_serial = count(1)


@dataclass
class Office:
    """A house whose team reads in #law, and the Slack it is in."""

    home: House
    slack: SlackApi
    acts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Every act as it was sent, to be sent again."""

    @property
    def store(self) -> Any:
        return self.home.parts.store

    def act(self, kind: str, payload: dict[str, Any]) -> Mapping[str, Any]:
        self.acts.append((kind, payload))
        interactions = self.home.parts.interactions
        assert interactions is not None
        return interactions.answer(kind, payload) or {}

    def again(self) -> Mapping[str, Any]:
        """Slack sends the last act again."""
        return self.act(*self.acts[-1])

    def press(self, post: Post, action: str, choice: str = "", **more: Any) -> Mapping[str, Any]:
        """Press a button of a message, or choose what has `choice` in its value."""
        return self.act("interactive", press(post, action, choice, self.slack, **more))

    def undo(self, user: str = "U0ANN001") -> Mapping[str, Any]:
        """Press the button of the last answer, which only this person sees."""
        blocks = self.slack.answers[-1]["blocks"]
        (button,) = [e for b in blocks if b["type"] == "actions" for e in b["elements"]]
        element = {"action_id": button["action_id"], "value": button["value"]}
        payload = pressed(element, LAW, "1.5", self.slack, user=user)
        payload["container"]["is_ephemeral"] = True
        return self.act("interactive", payload)

    def command(
        self, text: str, channel: str = NEW, name: str = "new", user: str = "U0ANN001"
    ) -> str:
        """Write /watcher; return what the writer is answered."""
        payload = {
            "command": "/watcher",
            "text": text,
            "team_id": WORKSPACE,
            "channel_id": channel,
            "channel_name": name,
            "user_id": user,
            "user_name": "ann",
            "trigger_id": f"{next(_serial)}.2.trigger",
            "response_url": self.slack.response_url,
        }
        return said(self.act("slash_commands", payload))

    def send(self) -> None:
        for _ in range(4):
            self.home.deliver(minutes=20)

    @property
    def told(self) -> list[str]:
        """What people were answered beside the acknowledgement, the oldest first."""
        return [said(answer) for answer in self.slack.answers]

    @property
    def paper(self) -> int:
        return document(self.home, DRAFT[1])

    def everything(self) -> dict[str, object]:
        """What acts could change."""
        teams, id_ = self.store.teams, self.paper
        return {
            "roll": teams.roll(self.home.clock.now()),
            "reviews": teams.reviews(id_),
            "labels": self.store.labels.of(id_),
            "rows": [(row["id"], row["state"]) for row in self.store.outbox.rows()],
        }


def said(answer: Mapping[str, Any]) -> str:
    """All that an answer shows."""
    texts: list[str] = []
    for block in answer.get("blocks", ()):
        parts = block.get("elements", [block])
        texts += [part["text"]["text"] if "text" in part and isinstance(part["text"], dict) else part.get("text", "") for part in parts]  # fmt: skip
    return "\n".join(texts)


def press(post: Post, action: str, choice: str, slack: SlackApi, **more: Any) -> dict[str, Any]:
    elements = [e for b in post.blocks if b["type"] == "actions" for e in b["elements"]]
    (element,) = [e for e in elements if e["action_id"] == action]
    made = {"action_id": action}
    if choice:
        (option,) = [o for o in element["options"] if choice in o["value"]]
        made["selected_option"] = option
    else:
        made["value"] = element.get("value", "")
    return pressed(made, post.channel_id, post.ts, slack, **more)


def pressed(
    element: Mapping[str, Any],
    channel: str,
    message: str,
    slack: SlackApi,
    *,
    user: str = "U0ANN001",
    workspace: str = WORKSPACE,
) -> dict[str, Any]:
    n = next(_serial)
    return {
        "type": "block_actions",
        "api_app_id": "A0LAMP",
        "team": {"id": workspace},
        "user": {"id": user, "username": user[2:5].lower(), "team_id": workspace},
        "container": {"type": "message", "channel_id": channel, "message_ts": message},
        "channel": {"id": channel},
        "trigger_id": f"{n}.1.trigger",
        "response_url": slack.response_url,
        "actions": [{**element, "action_ts": f"{n}.0"}],
    }


def submitted(view: Mapping[str, Any], chosen: str, user: str = "U0ANN001") -> dict[str, Any]:
    """What a filled-in form sends."""
    n = next(_serial)
    option = {"selected_option": {"value": chosen}}
    return {
        "type": "view_submission",
        "team": {"id": WORKSPACE},
        "user": {"id": user, "username": user[2:5].lower(), "team_id": WORKSPACE},
        "view": {
            "id": f"V{n}",
            "hash": f"{n}.abc",
            "callback_id": view["callback_id"],
            "private_metadata": view["private_metadata"],
            "state": {"values": {"sector": {"sector": option}}},
        },
    }


def config_of(state: Path, slack: SlackApi, *subscriptions: Subscription) -> Config:
    team = Team(
        id="law",
        name="Law",
        timezone="Europe/Berlin",
        to=(Target(kind="slack", address="#law"),),
        subscriptions=subscriptions or (Subscription(id="all"),),
    )
    return Config(
        path=state / "sources.yaml",
        state=state,
        teams=(team,),
        operators=(Target(kind="console", address="ops"),),
        slack=SlackChannel(
            token=Secret("xoxb-test", "env:SLACK"),
            app_token=Secret("xapp-test", "env:APP"),
            base_url=slack.url,
        ),
    )


@contextmanager
def office(state: Path) -> Iterator[Office]:
    """An office where a draft was posted in #law."""
    channels = {"law": LAW, "new": NEW}
    with Loopback({"/list.html": listing(*OLD)}) as site, SlackApi(channels=channels) as slack:
        slack.joined |= {LAW, NEW}
        config = config_of(state, slack)
        with house(state, sources=[source(site)], site=site, config=config) as home:
            home.poll()
            site.routes[DRAFT[0]] = paper(DRAFT[1], UNTIL, *ARTICLES, day="2026-11-02")
            site.routes["/list.html"] = listing(DRAFT, *OLD, day="2026-11-02")
            home.poll(minutes=30)
            home.read()
            made = Office(home, slack)
            made.send()
            assert len(slack.posts) == 1
            yield made
