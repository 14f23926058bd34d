"""Envelopes as acts: whatever comes, it is a whole act or none."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.interact.acts import Act, Button, Command, HomeOpened, Submitted, read
from watcher.render.people import shown

PRESS: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T01"},
    "user": {"id": "U01", "username": "ann", "team_id": "T01"},
    "container": {"channel_id": "C01", "message_ts": "1.2"},
    "trigger_id": "1.2.a",
    "response_url": "https://hooks.slack.com/actions/1",
    "actions": [{"action_id": "reviewed", "value": "{}", "action_ts": "3.4"}],
}
COMMAND: dict[str, Any] = {
    "team_id": "T01",
    "user_id": "U01",
    "user_name": "ann",
    "channel_id": "C01",
    "channel_name": "law",
    "text": "subscribe",
    "trigger_id": "1.2.a",
}
FORM: dict[str, Any] = {
    "type": "view_submission",
    "team": {"id": "T01"},
    "user": {"id": "U01", "name": "ann"},
    "view": {
        "id": "V01",
        "hash": "1.a",
        "callback_id": "wrong_sector",
        "private_metadata": "{}",
        "state": {"values": {"b": {"sector": {"selected_option": {"value": "energy"}}}}},
    },
}
HOME: dict[str, Any] = {
    "team_id": "T01",
    "event": {"type": "app_home_opened", "tab": "home", "user": "U01"},
}
SHAPES: list[tuple[str, dict[str, Any], type[Act]]] = [
    ("interactive", PRESS, Button),
    ("interactive", FORM, Submitted),
    ("slash_commands", COMMAND, Command),
    ("events_api", HOME, HomeOpened),
]


@pytest.mark.parametrize(("kind", "payload", "act"), SHAPES)
def test_each_shape_is_its_act(kind: str, payload: dict[str, Any], act: type[Act]) -> None:
    found = read(kind, payload)
    assert isinstance(found, act)
    assert (found.person.id, found.workspace) == ("U01", "T01")


def test_an_option_counts_by_its_value() -> None:
    payload = copy.deepcopy(PRESS)
    payload["actions"][0] = {"action_id": "mute", "selected_option": {"value": "x"}}
    found = read("interactive", payload)
    assert isinstance(found, Button)
    assert (found.action, found.value) == ("mute", "x")


def test_the_same_act_sent_again_has_the_same_id_and_another_has_not() -> None:
    one, again = read("interactive", PRESS), read("interactive", copy.deepcopy(PRESS))
    later = copy.deepcopy(PRESS)
    later["actions"][0]["action_ts"] = "3.5"
    other = read("interactive", later)
    assert isinstance(one, Button)
    assert isinstance(again, Button)
    assert isinstance(other, Button)
    assert one.id == again.id != other.id


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(SHAPES))
def test_junk_anywhere_is_no_act_or_a_whole_one(
    data: st.DataObject, shape: tuple[str, dict[str, Any], type[Act]]
) -> None:
    kind, payload, act = shape[0], copy.deepcopy(shape[1]), shape[2]
    node: Any = payload
    while True:
        key = data.draw(
            st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node)))
        )
        if not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            node[key] = data.draw(junk)
            break
        node = node[key]
        if not node:
            break
    found = read(kind, payload)
    assert found is None or isinstance(found, act)
    if isinstance(found, Command):
        found.text.encode()


@pytest.mark.parametrize(
    ("by", "name"),
    [("slack:U012 ann", "ann"), ("slack:U012", "slack:U012"), ("ann", "ann"), ("me slack:U1 x", "me slack:U1 x")],
)  # fmt: skip
def test_people_are_shown_by_name(by: str, name: str) -> None:
    assert shown(by) == name
