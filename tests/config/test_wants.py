"""Teams made at run time name the channels that the file configures."""

from pathlib import Path

import pytest

from watcher.config.tree import Plain
from watcher.config.wants import new_team
from watcher.errors import ConfigError
from watcher.settings import AppriseChannel, Config, Secret, Target, WebhookChannel

CONFIG = Config(
    path=Path("sources.yaml"),
    state=Path("state"),
    webhooks=(
        WebhookChannel(
            id="crm", url=Secret("https://crm.example.org/", "x"), secret=Secret("s", "x")
        ),
    ),
    apprise=(AppriseChannel(id="teams", url=Secret("feishu://token", "x")),),
)


@pytest.mark.parametrize(("kind", "name"), [("webhook", "crm"), ("apprise", "teams")])
def test_a_configured_channel_is_a_target(kind: str, name: str) -> None:
    made = new_team("lamps", None, None, [{kind: name}], CONFIG)
    assert made.to == (Target(kind=kind, address=name),)


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ({"webhook": "crn"}, "no channel 'crn'; nearest: crm"),
        ({"apprise": "feishu"}, "no channel 'feishu'; one of teams"),
        ({"email": "a@example.org"}, "needs channels.email, which is not configured"),
    ],
)
def test_another_is_a_fault(target: Plain, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        new_team("lamps", None, None, [target], CONFIG)
