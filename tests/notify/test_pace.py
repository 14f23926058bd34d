"""Turns: how fast each provider is sent to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.notify import Pace, rates
from watcher.settings import Config, EmailChannel, Secret, SlackChannel, Target

NOW = datetime(2026, 11, 2, tzinfo=UTC)
LAW, TAX = (Target(kind="slack", address=f"#{name}") for name in ("law", "tax"))
MAILS = [Target(kind="email", address=f"{n}@example.org") for n in range(3)]
SECRET = Secret("x", "env:X")


def pace(**channels: object) -> Pace:
    config = Config(path=Path("sources.yaml"), state=Path("state"))
    for name, channel in channels.items():
        object.__setattr__(config, name, channel)
    return Pace(rates(config))


def waits(pace: Pace, *targets: Target, at: datetime = NOW) -> list[float]:
    return [pace.take(target, at).total_seconds() for target in targets]


def test_slack_takes_one_message_a_second_a_channel() -> None:
    bot = pace(slack=SlackChannel(token=SECRET))
    assert waits(bot, LAW, LAW, LAW) == [0, 1, 2]
    # the workspace as a whole has its own rate: ten a second
    assert waits(bot, TAX) == [2.1]
    assert bot.wait(LAW, NOW + timedelta(seconds=9)) == timedelta(0)
    assert waits(bot, LAW, at=NOW + timedelta(seconds=9)) == [0]


def test_all_targets_of_a_webhook_are_one_channel() -> None:
    assert waits(pace(slack=SlackChannel(webhook=SECRET)), LAW, TAX, LAW) == [0, 1, 2]


def test_a_mail_servers_rate_is_configured() -> None:
    assert waits(pace(email=EmailChannel(per_minute=30)), *MAILS) == [0, 2, 4]


def test_what_has_no_provider_need_not_wait() -> None:
    console = Target(kind="console", address="-")
    assert waits(pace(), console, console) == [0, 0]


def test_who_had_no_turn_for_longest_comes_first() -> None:
    bot = pace(slack=SlackChannel(token=SECRET))
    bot.take(LAW, NOW)
    assert bot.longest_ago([LAW, TAX]) == [TAX, LAW]
    bot.take(TAX, NOW)
    assert bot.longest_ago([TAX, LAW]) == [LAW, TAX]
