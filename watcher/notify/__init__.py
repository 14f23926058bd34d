"""Send rendered messages to targets: the only room that speaks to Slack and to mail servers.

To add a notifier: write one class with `send`, add one line to `notifiers`.
"""

from typing import TextIO

from watcher.clock import Clock
from watcher.notify.console import ConsoleNotifier
from watcher.notify.notifier import Notifier, Sent
from watcher.notify.pace import Pace, rates
from watcher.settings import Config


def notifiers(config: Config, console: TextIO, clock: Clock | None = None) -> dict[str, Notifier]:
    """The notifiers that `config` has channels for, by kind of target; the console always."""
    made: dict[str, Notifier] = {"console": ConsoleNotifier(console)}
    if config.slack is not None:
        # slack_sdk takes a quarter of a second to import; a process that only mails need not wait
        from watcher.notify.slack import SlackBot, SlackWebhook

        if config.slack.token is not None:
            made["slack"] = SlackBot(config.slack.token, config.slack.base_url)
        elif config.slack.webhook is not None:
            made["slack"] = SlackWebhook(config.slack.webhook)
    if config.email is not None:
        from watcher.notify.email import EmailNotifier

        made["email"] = EmailNotifier(config.email, clock=clock)
    if config.webhooks:
        from watcher.notify.webhook import WebhookNotifier

        made["webhook"] = WebhookNotifier(config.webhooks, config.network.proxy)
    if config.apprise:
        from watcher.notify.bridge import AppriseNotifier

        made["apprise"] = AppriseNotifier(config.apprise)
    return made


__all__ = ["ConsoleNotifier", "Notifier", "Pace", "Sent", "notifiers", "rates"]
