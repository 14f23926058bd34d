"""The servers around the daemon: ministries, a Slack API, a mail server; all on loopback."""

from collections.abc import Iterator

import pytest

from tests.loopback import Loopback
from tests.slack_api import SlackApi
from tests.smtp_sink import SmtpSink


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture
def slack() -> Iterator[SlackApi]:
    with SlackApi(token="xoxb-test") as api:
        yield api


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink
