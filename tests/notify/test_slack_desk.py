"""What Slack is asked while people wait, against the local Slack: no failure is raised."""

import logging
import time
from collections.abc import Callable, Iterator

import pytest

from tests.slack_api import WORKSPACE, SlackApi
from watcher.notify import slack_desk
from watcher.notify.slack_desk import SlackDesk
from watcher.settings import Secret

VIEW = {"type": "home", "blocks": [{"type": "divider"}]}
FAULTS = ("500", "429", "close", "html", "invalid_auth", "missing_scope", "hang")


@pytest.fixture
def api() -> Iterator[SlackApi]:
    with SlackApi(channels={"law": "C0LAW001", "far": "C0FAR001"}) as api:
        api.joined.add("C0LAW001")
        yield api


@pytest.fixture
def desk(api: SlackApi, monkeypatch: pytest.MonkeyPatch) -> SlackDesk:
    monkeypatch.setattr(slack_desk, "TIMEOUT", 0.3)
    return SlackDesk(Secret("xoxb-test", "env:SLACK"), api.url)


def test_what_it_learns(api: SlackApi, desk: SlackDesk) -> None:
    assert desk.workspaces() == desk.workspaces() == {WORKSPACE, "E0LAMP"}
    assert api.calls.count("auth.test") == 1
    assert desk.zone("U0ANN001") == "Europe/Berlin"
    assert desk.member("C0LAW001") is True
    assert desk.member("C0FAR001") is False
    assert desk.member("C0HIDDEN") is False
    assert desk.channels_of("U0ANN001") == {"C0LAW001"}
    assert desk.direct("U0ANN001") == "D0ANN001"


def test_channels_are_asked_for_page_by_page(api: SlackApi, desk: SlackDesk) -> None:
    api.joined |= {f"C0MANY{n:03}" for n in range(250)}
    assert len(desk.channels_of("U0ANN001")) == 251


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    ("method", "ask", "nothing"),
    [
        ("auth.test", lambda desk: desk.workspaces(), frozenset()),
        ("users.info", lambda desk: desk.zone("U0ANN001"), None),
        ("conversations.info", lambda desk: desk.member("C0LAW001"), None),
        ("conversations.open", lambda desk: desk.direct("U0ANN001"), None),
        ("users.conversations", lambda desk: desk.channels_of("U0ANN001"), frozenset()),
        ("views.open", lambda desk: desk.open("1.2.a", VIEW), False),
        ("views.publish", lambda desk: desk.publish("U0ANN001", VIEW), False),
    ],
)
def test_failures_are_said_and_not_raised(
    api: SlackApi,
    desk: SlackDesk,
    caplog: pytest.LogCaptureFixture,
    method: str,
    ask: Callable[[SlackDesk], object],
    nothing: object,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    api.fail_next(1, fault, method=method)
    began = time.monotonic()
    assert ask(desk) == nothing
    assert time.monotonic() - began < 2
    assert "xoxb-test" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://hooks.slack.com/actions/1",
        "https://hooks.slack.com.evil.example/1",
        "https://user@evil.example/hooks.slack.com",
        "http://127.0.0.1:9/actions/1",
        "file:///etc/passwd",
        "https://[::1",
        "\ud800",
    ],
)
def test_answers_go_to_slack_alone(api: SlackApi, desk: SlackDesk, url: str) -> None:
    assert desk.respond(url, {"text": "x"}) is False
    assert api.answers == []


def test_an_answer_arrives(api: SlackApi, desk: SlackDesk) -> None:
    assert desk.respond(api.response_url, {"text": "x"}) is True
    assert [answer["text"] for answer in api.answers] == ["x"]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]
    assert desk.respond(api.response_url, {"text": "x", "blocks": blocks}) is False
