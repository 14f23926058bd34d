"""What is asked of Slack to answer people; `notify.slack_desk` asks it."""

from collections.abc import Mapping
from typing import Any, Protocol


class Slack(Protocol):
    """Nothing here raises: people wait for an answer, and what fails is said in the log."""

    def workspaces(self) -> frozenset[str]:
        """Ids of the workspace, and the organization, that the app was installed in; empty while
        unknown."""

    def zone(self, person: str) -> str | None:
        """The time zone a person keeps."""

    def member(self, channel: str) -> bool | None:
        """Whether the app is in a channel; None while unknown."""

    def channels_of(self, person: str) -> frozenset[str]:
        """Ids of the channels that both a person and the app are in."""

    def direct(self, person: str) -> str | None:
        """The id of the app's conversation with a person."""

    def open(self, trigger: str, view: Mapping[str, Any]) -> bool:
        """Open a form; whether it was."""

    def publish(self, person: str, view: Mapping[str, Any]) -> bool:
        """Show a person the app's page."""

    def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Answer an act, where Slack's own address for that is given."""
