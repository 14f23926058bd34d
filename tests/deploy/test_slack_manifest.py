"""The Slack app that the manifest makes can do what the code asks for, and no more."""

import ast
import re
from typing import Any

import pytest
import yaml

from tests.real import ROOT

# docs.slack.dev/reference/methods: what each method takes of a bot; apps.connections.open takes
# the app token's connections:write
SCOPES: dict[str, set[str]] = {
    "apps.connections.open": set(),
    "auth.test": set(),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "users.conversations": {"channels:read", "groups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
}
METHOD = re.compile(
    r"(?:api|apps|auth|bots|chat|conversations|dialog|files|im|reactions|users|views)(?:\.[a-zA-Z]+)+"
)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    text = (ROOT / "deploy" / "slack-manifest.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def called() -> set[str]:
    """Every method of Slack's that the code names."""
    found = set()
    notify = ROOT / "watcher" / "notify"
    for path in (*sorted(notify.glob("slack*.py")), notify / "socket.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if METHOD.fullmatch(node.value) else set()
    return found


def test_it_asks_for_exactly_the_scopes_of_what_is_called(manifest: dict[str, Any]) -> None:
    methods = called()
    assert methods <= set(SCOPES)
    assert {"chat.postMessage", "views.publish", "apps.connections.open"} <= methods
    needed = set().union(*(SCOPES[method] for method in methods)) | {"commands"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def test_it_opens_the_ways_in_that_are_answered(manifest: dict[str, Any]) -> None:
    settings, features = manifest["settings"], manifest["features"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["event_subscriptions"]["bot_events"] == ["app_home_opened"]
    assert [each["command"] for each in features["slash_commands"]] == ["/watcher"]
    assert features["app_home"]["home_tab_enabled"] is True


def test_it_keeps_within_slacks_lengths(manifest: dict[str, Any]) -> None:
    """docs.slack.dev/reference/app-manifest: "features", "display_information"."""
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    (command,) = manifest["features"]["slash_commands"]
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_the_readme_names_what_the_manifest_cannot_give() -> None:
    text = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    for words in ("slack-manifest.yaml", "connections:write", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        assert words in text
    example = (ROOT / "deploy" / "environment.example").read_text(encoding="utf-8")
    assert "SLACK_APP_TOKEN=" in example
