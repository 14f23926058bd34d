"""The flows put together from one configuration over one store."""

from dataclasses import dataclass
from typing import TextIO

from watcher import reread
from watcher.brief import Briefer
from watcher.classify import load_rules
from watcher.clock import Clock
from watcher.deliver import Deliverer
from watcher.fetch import Fetcher
from watcher.follow import Follower
from watcher.greet import Greeter
from watcher.health import Health
from watcher.interact import Interactions
from watcher.notify import Pace, notifiers, rates
from watcher.poll import Poller
from watcher.remind import Reminder
from watcher.settings import Config
from watcher.store import Store
from watcher.titles import Titles
from watcher.translate import translator
from watcher.understand import Understanding
from watcher.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    config: Config
    store: Store
    fetcher: Fetcher
    poller: Poller
    follower: Follower
    deliverer: Deliverer
    health: Health
    greeter: Greeter
    reminder: Reminder
    briefer: Briefer
    interactions: Interactions | None
    """Answers what people do in Slack, where its socket is configured."""
    titles: Titles | None
    """Has titles translated, where a service is configured."""
    clock: Clock


def assemble(config: Config, store: Store, clock: Clock, console: TextIO) -> Parts:
    """Build what polls, reads and delivers; `console` shows the alerts of console targets."""
    fetcher = Fetcher(config.network, clock)
    understanding = Understanding(store, load_rules(config.rules), config.teams)
    return Parts(
        config=config,
        store=store,
        fetcher=fetcher,
        poller=Poller(
            store=store,
            fetcher=fetcher,
            understanding=understanding,
            clock=clock,
            operators=config.operators,
        ),
        follower=Follower(store=store, fetcher=fetcher, understanding=understanding, clock=clock),
        deliverer=Deliverer(
            store=store,
            notifiers=notifiers(config, console, clock),
            config=config,
            clock=clock,
            wording=Wording(store=store, config=config, clock=clock),
            pace=Pace(rates(config)),
        ),
        health=Health(store=store, config=config, clock=clock),
        greeter=Greeter(store, config, clock),
        reminder=Reminder(store, config, clock),
        briefer=Briefer(store, config, clock),
        interactions=_interactions(config, store, clock, understanding),
        titles=_titles(config, store, clock),
        clock=clock,
    )


def _interactions(
    config: Config, store: Store, clock: Clock, understanding: Understanding
) -> Interactions | None:
    slack = config.slack
    if slack is None or slack.token is None or slack.app_token is None:
        return None
    from watcher.notify.slack_desk import SlackDesk  # slack_sdk takes a quarter of a second

    def conclude(paper: int) -> None:
        sources, ids = config.sources_by_id, frozenset({paper})
        reread.apply(store, understanding, sources, clock, ids=ids)

    desk = SlackDesk(slack.token, slack.base_url)
    return Interactions(store, config, clock, desk, conclude)


def _titles(config: Config, store: Store, clock: Clock) -> Titles | None:
    service = translator(config.translate, config.network.proxy)
    if service is None or config.translate is None:
        return None
    return Titles(
        store=store,
        translator=service,
        budget=config.translate.characters_per_month,
        clock=clock,
        operators=config.operators,
    )
