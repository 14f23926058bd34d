"""The running daemon at Slack's socket: what people do is done once, whatever becomes of the line."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.flows.slack_people import NEW, Office, office, press
from tests.slack_api import WORKSPACE
from tests.slack_socket import PATIENCE, SlackWorkspace
from watcher.daemon import Daemon
from watcher.errors import StoreError
from watcher.notify import socket
from watcher.render.slack_actions import REVIEWED
from watcher.settings import Config, Secret

COMMAND = {
    "command": "/watcher",
    "text": "subscribe finals",
    "team_id": WORKSPACE,
    "channel_id": NEW,
    "channel_name": "new",
    "user_id": "U0ANN001",
    "user_name": "ann",
    "trigger_id": "1.2.3",
}


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(socket, "REFUSED_PAUSE", 0.2)


@pytest.fixture
def workspace() -> Iterator[SlackWorkspace]:
    with SlackWorkspace() as workspace:
        yield workspace


@pytest.fixture
def law(tmp_path: Path, workspace: SlackWorkspace) -> Iterator[Office]:
    with office(tmp_path) as made:
        made.slack.socket_url = workspace.url
        yield made


class Running:
    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.fatal: list[StoreError] = []
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.daemon.run()
        except StoreError as exc:
            self.fatal.append(exc)


@contextmanager
def running(law: Office, config: Config | None = None) -> Iterator[Running]:
    parts = law.home.parts
    daemon = Daemon(config or parts.config, parts.store, law.home.clock, StringIO())
    run = Running(daemon)
    run.thread.start()
    try:
        yield run
    finally:
        daemon.stop()
        run.thread.join(10)
        assert not run.thread.is_alive()


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def reviews(law: Office) -> int:
    return len(law.store.teams.reviews(law.paper))


def test_a_press_is_done_shown_and_acknowledged(law: Office, workspace: SlackWorkspace) -> None:
    with running(law):
        workspace.send("interactive", press(law.slack.posts[0], REVIEWED, "", law.slack))
        assert reviews(law) == 1
        until(lambda: "Reviewed by ann" in law.slack.posts[0].said)


def test_a_command_is_answered_in_its_acknowledgement(
    law: Office, workspace: SlackWorkspace
) -> None:
    with running(law):
        answer = workspace.send("slash_commands", COMMAND)["payload"]
        assert answer["response_type"] == "ephemeral"
        assert "From now on" in answer["text"]
        workspace.send("events_api", {"type": "nonsense"})
        workspace.frame("\x00 garbage")
        workspace.send("slash_commands", COMMAND)
        assert len(law.store.teams.roll(law.home.clock.now()).subscriptions) == 1


def test_what_was_done_before_the_line_broke_is_not_done_again(
    law: Office, workspace: SlackWorkspace
) -> None:
    payload = press(law.slack.posts[0], REVIEWED, "", law.slack)
    with running(law):
        workspace.deafen()
        workspace.send("interactive", payload, acked=False)
        until(lambda: workspace.lost == 1)
        assert reviews(law) == 1
        workspace.drop()
        workspace.wait_for_connection(2)
        workspace.send("interactive", payload)
        workspace.send("slash_commands", COMMAND)
    assert reviews(law) == 1
    assert len(law.slack.answers) == 1


def test_what_came_while_the_daemon_was_down_is_done_by_the_next(
    law: Office, workspace: SlackWorkspace
) -> None:
    payload = press(law.slack.posts[0], REVIEWED, "", law.slack)
    with running(law):
        workspace.deafen()
        workspace.send("interactive", payload, acked=False)
        until(lambda: workspace.lost == 1)
    with running(law):
        workspace.wait_for_connection(2)
        workspace.send("interactive", payload)
    assert reviews(law) == 1


def test_a_database_that_fails_stops_the_daemon_and_nothing_is_acknowledged(
    law: Office, workspace: SlackWorkspace
) -> None:
    with law.store.db.write() as tx:
        tx.execute(text("ALTER TABLE interaction RENAME TO hidden"))
    with running(law) as run:
        workspace.send(
            "interactive", press(law.slack.posts[0], REVIEWED, "", law.slack), acked=False
        )
        run.thread.join(PATIENCE)
        assert run.fatal
    assert workspace.acks == []
    assert reviews(law) == 0


def test_operators_hear_once_of_a_refused_token(law: Office) -> None:
    config = law.home.parts.config
    assert config.slack is not None
    wrong = replace(config.slack, app_token=Secret("xapp-hunter2", "env:APP"))
    with running(law, replace(config, slack=wrong)):
        until(lambda: law.slack.calls.count("apps.connections.open") >= 3)
    notices = [row["notice"] for row in law.store.outbox.rows() if row["notice"]]
    assert [notice["subject"] for notice in notices] == ["Slack's socket cannot be opened"]
    assert "invalid_auth" in notices[0]["lines"][0]
    assert "hunter2" not in str(notices)


@pytest.mark.parametrize("keys", [{"app_token": None}, {"token": None}])
def test_without_both_tokens_nobody_listens(law: Office, keys: dict[str, None]) -> None:
    config = law.home.parts.config
    assert config.slack is not None
    with running(law, replace(config, slack=replace(config.slack, **keys))) as run:
        until(lambda: run.daemon.parts.config)
    assert "apps.connections.open" not in law.slack.calls


YAML = """\
sources: [{{id: a, kind: listing, enabled: false, url: "https://www.example.gov.cn/"}}]
teams: [{{id: law, name: {name}, timezone: Europe/Berlin, to: [{{slack: "#law"}}], subscriptions: [{{id: all}}]}}]
channels: {{slack: {{token: env:SLACK_T, app_token: env:SLACK_A, base_url: "{url}"}}}}
"""


def test_a_reload_keeps_the_line_unless_its_token_changed(
    law: Office, workspace: SlackWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watcher import config as configuration
    from watcher import daemon as daemons

    monkeypatch.setattr(daemons, "HOUSE", 0.1)
    monkeypatch.setenv("SLACK_T", "xoxb-test")
    monkeypatch.setenv("SLACK_A", "xapp-test")
    path = tmp_path / "sources.yaml"
    path.write_text(YAML.format(name="Law", url=law.slack.url), encoding="utf-8")
    with running(law, configuration.load(path)) as run:
        workspace.wait_for_connection(1)
        path.write_text(YAML.format(name="Lawyers", url=law.slack.url), encoding="utf-8")
        until(lambda: run.daemon.parts.config.teams[0].name == "Lawyers")
        workspace.send("slash_commands", COMMAND | {"text": "list", "channel_name": "law"})
        assert workspace.connections == 1
        law.slack.app_token = "xapp-other"
        monkeypatch.setenv("SLACK_A", "xapp-other")
        path.write_text(YAML.format(name="Legal", url=law.slack.url), encoding="utf-8")
        workspace.wait_for_connection(2)
        answer = workspace.send("slash_commands", COMMAND | {"text": "list", "channel_name": "law"})
        assert "Legal" in str(answer["payload"])
