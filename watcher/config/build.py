"""The typed file to the frozen `Config` that every other room reads."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from watcher.config.schema import (
    EmailEntry,
    File,
    MailboxEntry,
    SlackEntry,
    SourceEntry,
    SubscriptionEntry,
    TargetEntry,
    TeamEntry,
)
from watcher.settings import (
    LIBRARY,
    AppriseChannel,
    Config,
    DetailRule,
    EmailChannel,
    Mailbox,
    Manners,
    Network,
    Rule,
    SlackChannel,
    Source,
    Structure,
    Subscription,
    Target,
    Team,
    Translate,
    Web,
    WebhookChannel,
)

_MANNERS = ("tls", "headers", "user_agent", "cookies", "gap", "robots", "render")
_CONSOLE = Target(kind="console", address="-")


def build(file: File, path: Path) -> Config:
    """`path` is where the file stands; relative paths in it start from its folder."""
    folder = path.absolute().parent
    slack, email = file.channels.slack, file.channels.email
    zone = file.defaults.timezone
    return Config(
        path=path,
        state=file.state or folder / "state",
        database=file.database,
        timezone=zone,
        network=_network(file),
        rules=folder / file.rules if file.rules else None,
        sources=tuple(_source(entry, file) for entry in file.sources),
        teams=tuple(team(entry, zone) for entry in file.teams) or (_everyone(zone),),
        slack=_slack(slack) if slack else None,
        email=_email(email) if email else None,
        webhooks=tuple(WebhookChannel(**each.given()) for each in file.channels.webhooks),
        apprise=tuple(AppriseChannel(**each.given()) for each in file.channels.apprise),
        operators=_targets(file.operators.to),
        translate=Translate(**file.translate.given()) if file.translate else None,
        web=Web(**file.web.given()),
    )


def _network(file: File) -> Network:
    given = file.network.given("allow_addresses")
    return Network(allow_addresses=tuple(file.network.allow_addresses), **given)


def _source(entry: SourceEntry, file: File) -> Source:
    manners = {name: getattr(entry, name) for name in _MANNERS if name in entry.model_fields_set}
    parts = ("url", "name", "every", "timezone", "rule", "detail", "mailbox", "structure")
    own = entry.given(*_MANNERS, *parts)
    return Source(
        name=entry.name or entry.id,
        url=entry.url or LIBRARY,
        every=entry.every or file.defaults.every,
        timezone=entry.timezone or file.defaults.timezone,
        rule=Rule(**entry.rule.given()) if entry.rule else Rule(),
        detail=DetailRule(**entry.detail.given()) if entry.detail else DetailRule(),
        manners=Manners(**manners),
        mailbox=_mailbox(entry.mailbox) if entry.mailbox else None,
        structure=Structure(**entry.structure.given()) if entry.structure else None,
        **own,
    )


def _mailbox(entry: MailboxEntry) -> Mailbox:
    return Mailbox(senders=tuple(entry.senders), **entry.given("senders"))


def team(entry: TeamEntry, zone: str) -> Team:
    """`zone` is the one of a team that names none."""
    return Team(
        id=entry.id,
        name=entry.name or entry.id,
        timezone=entry.timezone or zone,
        to=_targets(entry.to) or (_CONSOLE,),
        subscriptions=tuple(subscription(each) for each in entry.subscriptions),
        greet=entry.greet,
    )


def _everyone(zone: str) -> Team:
    """Who hears when the file names no team: the console, so that the first run shows something."""
    everything = Subscription(id="all")
    return Team(
        id="everyone", name="Everyone", timezone=zone, to=(_CONSOLE,), subscriptions=(everything,)
    )


def subscription(entry: SubscriptionEntry) -> Subscription:
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in entry.given().items()
    }
    return Subscription(**given)


def _targets(entries: Sequence[TargetEntry]) -> tuple[Target, ...]:
    """Without repetitions: one channel named twice is told once."""
    return tuple(dict.fromkeys(_target(entry) for entry in entries))


def _target(entry: TargetEntry) -> Target:
    for kind in ("slack", "email", "webhook", "apprise"):
        if address := getattr(entry, kind):
            return Target(kind=kind, address=address)
    return _CONSOLE


def _slack(entry: SlackEntry) -> SlackChannel:
    base = entry.base_url
    given = entry.given("base_url")
    return SlackChannel(base_url=base if base is None else f"{base.rstrip('/')}/", **given)


def _email(entry: EmailEntry) -> EmailChannel:
    return EmailChannel(**entry.given())
