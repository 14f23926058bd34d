"""The app's own page: what is published to whoever opens it."""

from dataclasses import dataclass
from datetime import datetime

from watcher.greet import open_now
from watcher.health import coverage
from watcher.interact.commands import NAME, subscription_lines
from watcher.interact.papers import open_lines
from watcher.interact.slack import Slack
from watcher.render.slack_home import OPEN, TeamCard, home
from watcher.settings import Config, Target, Team
from watcher.store import Store
from watcher.teams import Teams

_HOW = (
    f"In any channel that I am in: {NAME} subscribe data-security drafts. {NAME} help shows more.",
    "Teams of sources.yaml are changed there, by who runs watcher; under each alert anybody can mute.",
)


@dataclass(frozen=True, slots=True)
class Home:
    store: Store
    config: Config
    slack: Slack

    def show(self, person: str, now: datetime) -> None:
        """Publish the page: the teams of the file, and those of channels that the person is in.

        What is said in other channels, and to other persons, is theirs.
        """
        places = self.slack.channels_of(person) | {person}
        teams = [
            team
            for team in Teams(self.store, self.config.teams).all(now)
            if team.subscriptions and (not team.made or self._is_in(team, places))
        ]
        wants = tuple(each for team in teams for each in team.subscriptions)
        papers = open_now(self.store, wants, now) if wants else []
        zone = teams[-1].timezone if teams else self.config.timezone
        cards = [
            TeamCard(
                name=team.name,
                where=f"told {', '.join(dict.fromkeys(map(_where, team.to)))}; {_origin(team)}",
                hears=subscription_lines(self.store, team, now),
            )
            for team in teams
        ]
        line = coverage(self.config, self.store.sources.states(), zone, now)
        shown = open_lines(self.store, papers[:OPEN], zone, now)
        self.slack.publish(person, home(cards, shown, len(papers) - len(shown), line, _HOW))

    def _is_in(self, team: Team, places: frozenset[str]) -> bool:
        made_in = {f"slack-{place.lower()}" for place in places}
        return team.id in made_in or any(each.address in places for each in team.to)


def _where(target: Target) -> str:
    if target.kind == "slack":
        return f"in {target.address}" if target.address.startswith("#") else "in Slack"
    return f"by mail to {target.address}" if target.kind == "email" else f"at {target}"


def _origin(team: Team) -> str:
    return "made in Slack or by command" if team.made else "defined in sources.yaml"
