"""What people do in Slack, taken out of what its socket sends. Pure; nothing is taken on trust.

Shapes: docs.slack.dev/reference/interaction-payloads, .../interactivity/implementing-slash-commands
and .../reference/events/app_home_opened.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watcher.render.scraped import clean

_ID = re.compile(r"[A-Z0-9]{2,24}")
_CHANNEL = re.compile(r"[^\s,#@]{1,80}")
_TS = re.compile(r"[0-9]{1,16}\.[0-9]{1,8}")
_UNSAFE = re.compile(r"[^\w .,'@+-]")
_NAME, _SHORT, _LONG = 40, 200, 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    name: str
    workspace: str
    """Where the person is at home; "" when Slack did not say."""

    @property
    def by(self) -> str:
        """As whoever reads a history sees it: slack:U012 ann."""
        return f"slack:{self.id} {self.name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    person: Person
    workspace: str
    """Where it was done."""
    organization: str
    """That the workspace belongs to; "" for none."""
    response_url: str
    """Where it may be answered for half an hour; "" for nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button(Act):
    """A press of a button, or of an option of an overflow menu."""

    action: str
    """The element's action_id."""
    value: str
    channel: str
    message: str
    """The ts of the message it stands in."""
    ephemeral: bool
    """Only this person sees that message."""
    trigger: str
    """With which a form may be opened within 3 s."""
    at: str
    """When it was pressed; Slack keeps it when it sends the press again."""

    @property
    def id(self) -> str:
        return json.dumps(["press", self.person.id, self.action, self.value, self.message, self.at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Act):
    """/watcher and what was written after it."""

    text: str
    channel: str
    channel_name: str
    """directmessage and privategroup for what has no name."""
    trigger: str

    @property
    def id(self) -> str:
        return json.dumps(["command", self.person.id, self.trigger, self.text])


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Act):
    """A form that was filled in."""

    form: str
    """Its callback_id."""
    about: str
    """Its private_metadata, as we wrote it."""
    chosen: Mapping[str, str]
    """By action_id the value of each chosen option."""
    view: str
    """Its id and hash."""

    @property
    def id(self) -> str:
        return json.dumps(["form", self.person.id, self.view])


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened(Act):
    """Somebody looks at the app's own page."""


def read(kind: str, payload: Mapping[str, Any]) -> Act | None:
    """The act that an envelope of `kind` tells of; None for one that is unknown or malformed."""
    match kind, payload.get("type"):
        case "interactive", "block_actions":
            return _button(payload)
        case "interactive", "view_submission":
            return _submitted(payload)
        case "slash_commands", _:
            return _command(payload)
        case "events_api", _:
            return _event(payload)
    return None


def _button(payload: Mapping[str, Any]) -> Button | None:
    person, actions = _person(payload.get("user")), payload.get("actions")
    if person is None or not isinstance(actions, list) or len(actions) != 1:
        return None
    action, container = _mapping(actions[0]), _mapping(payload.get("container"))
    value = action.get("value")
    if "selected_option" in action:
        value = _mapping(action["selected_option"]).get("value")
    channel = _id(container.get("channel_id")) or _id(_mapping(payload.get("channel")).get("id"))
    message, workspace = container.get("message_ts"), _workspace(payload)
    if not channel or not workspace or not _matches(_TS, message):
        return None
    return Button(
        person=person,
        workspace=workspace,
        organization=_organization(payload),
        response_url=_text(payload.get("response_url"), _SHORT),
        action=_text(action.get("action_id"), _SHORT),
        value=_text(value, _LONG),
        channel=channel,
        message=str(message),
        ephemeral=container.get("is_ephemeral") is True,
        trigger=_text(payload.get("trigger_id"), _SHORT),
        at=_text(action.get("action_ts"), _SHORT),
    )


def _command(payload: Mapping[str, Any]) -> Command | None:
    user = {"id": payload.get("user_id"), "name": payload.get("user_name")}
    person, channel = _person(user), _id(payload.get("channel_id"))
    workspace, trigger = _id(payload.get("team_id")), _text(payload.get("trigger_id"), _SHORT)
    text, name = payload.get("text"), _text(payload.get("channel_name"), _SHORT)
    if person is None or not channel or not workspace or not trigger:
        return None
    if not isinstance(text, str) or len(text) > _LONG:
        return None
    return Command(
        person=person,
        workspace=workspace,
        organization=_organization(payload),
        response_url=_text(payload.get("response_url"), _SHORT),
        text=clean(text),
        channel=channel,
        channel_name=name if _matches(_CHANNEL, name) and name.isprintable() else "",
        trigger=trigger,
    )


def _submitted(payload: Mapping[str, Any]) -> Submitted | None:
    person, view, workspace = (
        _person(payload.get("user")),
        _mapping(payload.get("view")),
        _workspace(payload),
    )
    id_, hash_ = _text(view.get("id"), _SHORT), _text(view.get("hash"), _SHORT)
    if person is None or not workspace or not id_:
        return None
    chosen: dict[str, str] = {}
    for block in _mapping(_mapping(view.get("state")).get("values")).values():
        for name, field in _mapping(block).items():
            value = _mapping(_mapping(field).get("selected_option")).get("value")
            if isinstance(value, str):
                chosen[str(name)] = value
    return Submitted(
        person=person,
        workspace=workspace,
        organization=_organization(payload),
        response_url="",
        form=_text(view.get("callback_id"), _SHORT),
        about=_text(view.get("private_metadata"), _LONG),
        chosen=chosen,
        view=f"{id_} {hash_}",
    )


def _event(payload: Mapping[str, Any]) -> HomeOpened | None:
    event, workspace = _mapping(payload.get("event")), _id(payload.get("team_id"))
    person = _person({"id": event.get("user")})
    if event.get("type") != "app_home_opened" or event.get("tab") != "home":
        return None
    if person is None or not workspace:
        return None
    return HomeOpened(
        person=person,
        workspace=workspace,
        organization=_organization(payload),
        response_url="",
    )


# ---------------------------------------------------------------- values


def _person(user: object) -> Person | None:
    found = _mapping(user)
    id_ = _id(found.get("id"))
    if not id_:
        return None
    said = _text(found.get("username") or found.get("name"), _SHORT)
    name = _UNSAFE.sub("", said).strip()[:_NAME]
    return Person(id=id_, name=name, workspace=_id(found.get("team_id")))


def _workspace(payload: Mapping[str, Any]) -> str:
    """The workspace; of an app that a whole organization installed it may be the organization."""
    return _id(_mapping(payload.get("team")).get("id")) or _organization(payload)


def _organization(payload: Mapping[str, Any]) -> str:
    return _id(_mapping(payload.get("enterprise")).get("id")) or _id(payload.get("enterprise_id"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object, longest: int) -> str:
    return value if isinstance(value, str) and len(value) <= longest else ""


def _id(value: object) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
