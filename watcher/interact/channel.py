"""Who hears in a Slack channel: the team made there, and the teams of sources.yaml told there."""

from dataclasses import dataclass
from datetime import datetime

from watcher.interact.acts import Command
from watcher.settings import Config, Team
from watcher.store import Store
from watcher.teams import Teams

DIRECT, UNNAMED = "directmessage", "privategroup"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel where /watcher was written; a conversation of two is the person's own with the app."""

    id: str
    name: str
    """#law; "" where Slack does not say."""

    @classmethod
    def of(cls, act: Command) -> "Channel":
        if act.channel_name == DIRECT:
            return cls(act.person.id, "")
        named = act.channel_name and act.channel_name != UNNAMED
        return cls(act.channel, f"#{act.channel_name}" if named else "")

    @property
    def direct(self) -> bool:
        return self.id.startswith(("U", "W"))

    @property
    def team_id(self) -> str:
        """Of the team that is made by subscribing here."""
        return f"slack-{self.id.lower()}"


def heard_in(store: Store, config: Config, channel: Channel, now: datetime) -> list[Team]:
    """The teams that are told in a channel, whichever way their targets name it."""
    addresses = {channel.id, channel.name.casefold()} | store.acts.reaching(channel.id)
    return [
        team
        for team in Teams(store, config.teams).all(now)
        if team.id == channel.team_id
        or any(each.kind == "slack" and _named(each.address, addresses) for each in team.to)
    ]


def _named(address: str, addresses: set[str] | frozenset[str]) -> bool:
    return address in addresses or address.casefold() in addresses


def address_of(teams: list[Team], channel: Channel, reaching: frozenset[str]) -> str:
    """What a team made here calls the channel: as the teams that are told there already do.

    One target by two names would hear of each paper twice.
    """
    known = {channel.name.casefold(), channel.name} | reaching
    for team in teams:
        for each in team.to:
            if each.kind == "slack" and _named(each.address, known):
                return each.address
    return channel.id
