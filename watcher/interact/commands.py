"""`/watcher` in a channel: subscribe, unsubscribe, list, search, deadlines, help."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from watcher.classify import sector_names
from watcher.config.wants import new_subscription
from watcher.errors import ConfigError
from watcher.facts.bodies import BODIES
from watcher.greet import open_now, when
from watcher.interact.acts import Command
from watcher.interact.channel import Channel, address_of, heard_in
from watcher.interact.grammar import Names, Wish, parse
from watcher.interact.papers import found, open_lines
from watcher.interact.slack import Slack
from watcher.render.slack_answers import Line, answer, bold, code, hearing
from watcher.render.teams import keys_of
from watcher.settings import Config, Subscription, Team
from watcher.store import Store
from watcher.teams import Registrar

Answer = dict[str, Any]

NAME = "/watcher"
SHOWN, FOUND = 3, 8
"""Open papers named after subscribing, and papers found."""
EXAMPLES = (
    "subscribe data-security drafts",
    "subscribe ai-computing finals daily 08:00",
    'subscribe 稀土 "rare earth" weekly mon 9:00',
    "subscribe MIIT drafts without 招聘 remind 7d 2d as miit",
    "list",
    "unsubscribe data-security",
    "search 数据安全",
    "deadlines",
)


@dataclass(frozen=True, slots=True)
class Commands:
    store: Store
    config: Config
    slack: Slack

    def run(self, act: Command, now: datetime) -> Answer:
        """Do what was written; return the answer that only its writer sees."""
        verb, _, rest = act.text.strip().partition(" ")
        verbs: Mapping[str, Callable[[Command, str, datetime], Answer]] = {
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "list": self._list,
            "search": self._search,
            "deadlines": self._deadlines,
            "help": self._help,
        }
        word = verb.casefold() or "help"
        if word not in verbs:
            near = get_close_matches(word, verbs, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            return answer([f"There is no {NAME} {verb[:40]}{hint} Nothing was changed."], [_HELP])
        try:
            return verbs[word](act, rest.strip(), now)
        except ConfigError as exc:
            return answer(
                ["Nothing was changed:", *(f"• {line}" for line in exc.problems)], [_HELP]
            )

    # ------------------------------------------------------------ subscribing

    def _subscribe(self, act: Command, text: str, now: datetime) -> Answer:
        wish = parse(text, _names(self.config.rules))
        if wish.faults:
            raise ConfigError(wish.faults)
        channel = Channel.of(act)
        here = heard_in(self.store, self.config, channel, now)
        if not channel.direct and self.slack.member(channel.id) is False:
            words = (
                "I am not in this channel yet, so nothing was changed. Invite me, then ask again:"
            )
            return answer([words, code("/invite @watcher")])
        address = self._address(channel, here)
        if not address:
            words = "Slack did not open a conversation with you; nothing was changed, try again."
            return answer([words])
        zone = (
            None
            if any(team.id == channel.team_id for team in here)
            else self.slack.zone(act.person.id)
        )
        asked = new_subscription(wish.name or "asked", wish.wants, self.config)
        with self.store.acts.once(act.id, now) as fresh:
            standing = _standing(here, asked)
            if standing is None and not fresh:
                return answer(["That was done, and has been ended since."])
            team, made = standing or self._made(act, channel, here, wish, address, zone, now)
        return self._subscribed(team, made, standing is None or not fresh, now)

    def _address(self, channel: Channel, here: list[Team]) -> str:
        """Where a team made here is told; "" while that is unknown."""
        if channel.direct:
            return self.slack.direct(channel.id) or ""
        return address_of(here, channel, self.store.acts.reaching(channel.id))

    def _made(
        self,
        act: Command,
        channel: Channel,
        here: list[Team],
        wish: Wish,
        address: str,
        zone: str | None,
        now: datetime,
    ) -> tuple[Team, Subscription]:
        people = Registrar(self.store, self.config)
        own = next((team for team in here if team.id == channel.team_id), None)
        taken = {each.id for team in here for each in team.subscriptions}
        if own is None:
            own = self._team(people, act, channel, address, zone, now)
        name = wish.name or _free(_name(wish.wants), taken)
        made, _ = people.subscribe(own.id, name, wish.wants, act.person.by, now)
        return own, made

    def _team(
        self,
        people: Registrar,
        act: Command,
        channel: Channel,
        address: str,
        zone: str | None,
        now: datetime,
    ) -> Team:
        name = channel.name or (
            f"{act.person.name} (direct)" if channel.direct else channel.team_id
        )
        if any(team.name == name for team in people.teams.all(now)):  # as a team of the file may be
            name = f"{name} ({channel.id})"
        to = [{"slack": address}]
        try:
            return people.add(channel.team_id, to, act.person.by, now, name=name, timezone=zone)
        except ConfigError:
            if zone is None:
                raise
            return people.add(channel.team_id, to, act.person.by, now, name=name)

    def _subscribed(self, team: Team, made: Subscription, new: bool, now: datetime) -> Answer:
        papers = open_now(self.store, (made,), now)
        shown = open_lines(self.store, papers[:SHOWN], team.timezone, now)
        head = "From now on this channel hears of" if new else "This channel hears already of"
        lines: list[str | Line] = [f"{head} {hearing(made)}, {_when(made, team)}."]
        if shown:
            lines += [bold(f"Open for comment now: {len(papers)}"), *shown]
        else:
            lines.append("Nothing of that is open for comment now.")
        more = len(papers) - len(shown)
        return answer(
            lines,
            [
                f"and {more} more: {NAME} deadlines" if more else "",
                f"Older papers are not told. To end it: {NAME} unsubscribe {made.id}"
                if team.made
                else _read_only(team),
            ],
        )

    def _unsubscribe(self, act: Command, text: str, now: datetime) -> Answer:
        channel, name = Channel.of(act), text.strip("\"'“”`")
        here = heard_in(self.store, self.config, channel, now)
        own = next((team for team in here if team.made and team.id == channel.team_id), None)
        if not name:
            return answer([f"Which one? {NAME} list names them."], [_HELP])
        fixed = next((t for t in here if t is not own and _has(t, name)), None)
        if fixed is not None and not (own and _has(own, name)):
            return answer([f"Nothing was changed: {_read_only(fixed)}"])
        with self.store.acts.once(act.id, now) as new:
            if not new:
                return answer([f"{name} is ended."])
            if own is None:
                return answer([f"Nothing was subscribed in this channel. {NAME} help shows how."])
            people = Registrar(self.store, self.config)
            buried = people.unsubscribe(own.id, name, act.person.by, now)
            if len(own.subscriptions) == 1:
                buried += people.remove(own.id, act.person.by, now)
        rest = f" {buried} that waited will not be sent." if buried else ""
        return answer([f"{name} is ended.{rest}"])

    # ------------------------------------------------------------ asking

    def _list(self, act: Command, text: str, now: datetime) -> Answer:
        here = heard_in(self.store, self.config, Channel.of(act), now)
        lines: list[str | Line] = []
        if not any(team.subscriptions for team in here):
            lines += ["This channel hears of nothing yet. For example:"]
            return answer([*lines, code(f"{NAME} {EXAMPLES[0]}")], [_HELP])
        for team in here:
            lines.append(bold(team.name))
            lines += subscription_lines(self.store, team, now)
            if not team.made:
                lines.append(_read_only(team))
        return answer(lines, [f"To end one: {NAME} unsubscribe ID"])

    def _search(self, act: Command, text: str, now: datetime) -> Answer:
        if not text:
            return answer([f"Search for which words? For example: {NAME} {EXAMPLES[6]}"])
        papers, more = found(self.store, text, FOUND)
        if not papers:
            return answer([f"No title holds all of: {text[:200]}"], ["Only titles are searched."])
        head = f"The newest {len(papers)}; there are more" if more else f"{len(papers)} found"
        return answer([f"{head}: {text[:200]}", *papers])

    def _deadlines(self, act: Command, text: str, now: datetime) -> Answer:
        here = heard_in(self.store, self.config, Channel.of(act), now)
        wants = tuple(each for team in here for each in team.subscriptions)
        papers = open_now(self.store, wants or None, now)
        zone = here[0].timezone if here else self.config.timezone
        whose = "this channel hears of" if wants else "I know"
        if not papers:
            return answer([f"Nothing that {whose} is open for comment now."])
        lines = open_lines(self.store, papers[:FOUND], zone, now)
        more = len(papers) - len(lines)
        head = bold(f"Open for comment, of what {whose}: {len(papers)}")
        return answer([head, *lines], [f"and {more} later" if more > 0 else ""])

    def _help(self, act: Command, text: str, now: datetime) -> Answer:
        sectors = ", ".join(sector_names(self.config.rules))
        return answer(
            [bold("For example"), *(code(f"{NAME} {each}") for each in EXAMPLES)],
            [
                "Say sectors, stages (drafts, finals), ministries and times in any order; "
                "what is in Chinese or in quotes is a keyword.",
                f"Sectors: {sectors}",
                "Keywords alone: only papers with one of them. Beside sectors they add papers.",
            ],
        )


_HELP = f"{NAME} help shows examples."


def subscription_lines(store: Store, team: Team, now: datetime) -> list[str]:
    """Each subscription of a team in a line, and what is muted."""
    mutes = [mute for mute in store.teams.roll(now).mutes if mute.team == team.id]
    quiet = {mute.subscription for mute in mutes if mute.document_id is None}
    lines = [
        f"• {each.id}: {hearing(each)}, {_when(each, team)}{' – muted' if each.id in quiet else ''}"
        for each in team.subscriptions
    ]
    if None in quiet:
        lines.append("Everything is muted.")
    if papers := sum(mute.document_id is not None for mute in mutes):
        lines.append(f"{papers} {'paper' if papers == 1 else 'papers'} muted.")
    return lines


def _when(wants: Subscription, team: Team) -> str:
    return when(wants) if wants.when.every == "now" else f"{when(wants)} ({team.timezone})"


def _read_only(team: Team) -> str:
    if team.made:
        return f"{team.id} was made elsewhere; end it where it was made."
    return f"{team.name} is defined in sources.yaml; ask who runs watcher to change it."


def _has(team: Team, subscription: str) -> bool:
    return any(each.id == subscription for each in team.subscriptions)


def _standing(here: Sequence[Team], asked: Subscription) -> tuple[Team, Subscription] | None:
    """Whoever is told here and hears just what is asked for."""
    for team in here:
        for each in team.subscriptions:
            if keys_of(each) == keys_of(asked):
                return team, each
    return None


def _name(wants: Mapping[str, Any]) -> str:
    """A name that is easily typed: what stands first of what it wants."""
    sectors = wants.get("sectors", ())
    bodies = [body.lower() for body in wants.get("bodies", ())]
    stages = ["drafts" if s.startswith("draft") else s for s in wants.get("stages", ())]
    words = [*sectors, *bodies, *stages]
    return words[0] if words else "keywords" if wants.get("require") else "all"


def _free(name: str, taken: set[str]) -> str:
    n = 2
    free = name
    while free in taken:
        free, n = f"{name}-{n}", n + 1
    return free


@lru_cache(maxsize=2)
def _names(rules: Path | None) -> Names:
    return Names.of(sector_names(rules), {c: (*b.zh, *b.en) for c, b in BODIES.items()})
