"""What the buttons of a Slack alert carry comes back whole, and nothing else is believed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks.basic_components import Option
from slack_sdk.models.blocks.block_elements import ButtonElement

from watcher.render import slack_actions
from watcher.render.slack_actions import CHOICES, OPTION, VALUE, Pressed, read, value

KEY = "0f" * 16
PRESSED = Pressed(
    action="reviewed", document=1289, delivery=KEY, team="lamp-law", subscription="drafts"
)


def test_limits_are_those_of_the_sdk() -> None:
    assert ButtonElement.value_max_length == VALUE
    assert Option.value_max_length == OPTION
    assert all(len(label) <= Option.label_max_length for label in CHOICES.values())


@given(
    action=st.sampled_from(["reviewed", "not_relevant", *CHOICES]),
    document=st.integers(1, 2**63 - 1),
    key=st.from_regex(r"[0-9a-f]{32,64}", fullmatch=True),
    team=st.text(max_size=64),
    subscription=st.text(max_size=64),
)
def test_what_is_written_is_read(
    action: str, document: int, key: str, team: str, subscription: str
) -> None:
    pressed = Pressed(
        action=action, document=document, delivery=key, team=team, subscription=subscription
    )
    assert read(value(pressed)) == pressed
    short = value(pressed, OPTION)
    assert len(short) <= OPTION
    back = read(short)
    assert back is not None
    assert (back.action, back.document, back.delivery) == (action, document, key)
    assert back.team in ("", team)
    assert back.subscription in ("", subscription)


def test_an_option_says_the_team_where_there_is_room() -> None:
    assert read(value(PRESSED, OPTION)) == PRESSED


def test_no_room_at_all_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no room"):
        value(PRESSED, 20)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "[" * 5000,
        "[" * 1900,
        "reviewed",
        '{"a":"reviewed"}',
        None,
        7,
        {"a": "reviewed", "d": 1, "k": KEY},
        json.dumps({"a": "drop_tables", "d": 1, "k": KEY}),
        json.dumps({"a": ["reviewed"], "d": 1, "k": KEY}),
        json.dumps({"a": "reviewed", "d": True, "k": KEY}),
        json.dumps({"a": "reviewed", "d": "1", "k": KEY}),
        json.dumps({"a": "reviewed", "d": 0, "k": KEY}),
        json.dumps({"a": "reviewed", "d": 2**63, "k": KEY}),
        json.dumps({"a": "reviewed", "d": 1, "k": "' or 1=1"}),
        json.dumps({"a": "reviewed", "d": 1, "k": KEY, "t": 5}),
        json.dumps({"a": "reviewed", "d": 1, "k": KEY, "s": "s" * 300}),
    ],
    ids=lambda text: repr(text)[:40],
)
def test_anything_else_is_nothing(text: object) -> None:
    assert read(text) is None


def test_links_are_no_actions_of_ours() -> None:
    assert read(json.dumps({"a": slack_actions.OPEN_PAPER, "d": 1, "k": KEY})) is None
