"""What people do in Slack, acted on once and answered: buttons, forms, /watcher and the app's page."""

from watcher.interact.answering import Interactions
from watcher.interact.slack import Slack

__all__ = ["Interactions", "Slack"]
