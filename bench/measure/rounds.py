"""The real daemon, in a process of its own, on rounds of visits to N ministries; scored against what was published.

`python -m measure.rounds PORT SITES STATE ROUND…` prints one JSON object: the figures of each round, in order.
STATE is kept, so that a second process can go on where the first one ended.
"""

import argparse
import json
import logging
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from queue import SimpleQueue

from sqlalchemy import select

from measure.figures import Figures, peak_mb, timed
from measure.ministries import Ministries, Published
from watcher.clock import Clock
from watcher.daemon import Daemon
from watcher.model import ChangeKind
from watcher.poll import Outcome, Poller
from watcher.settings import (
    Config,
    DetailRule,
    Manners,
    Network,
    Source,
    Subscription,
    Target,
    Team,
)
from watcher.store import Store, open_store
from watcher.store import schema as t
from watcher.store.sources import SourceState
from watcher.text import letters

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
EVERY = timedelta(minutes=1)
LATER = timedelta(minutes=2)
SHARE = 10.0
"""Per cent of the sites that a round changes; half as many are blocked in `waf`."""
PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Hands(Clock):
    """Stands still until its hands are moved, so that a round makes every source due once."""

    hands: list[datetime] = field(default_factory=lambda: [START])

    def now(self) -> datetime:
        return self.hands[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Poller):
    """The poller, with a queue at its end: a round is over when so many visits came out."""

    ended: "SimpleQueue[Outcome]"

    def visit(self, source: Source, state: SourceState) -> Outcome:
        outcome = Poller.visit(self, source, state)
        self.ended.put(outcome)
        return outcome


def configuration(state: Path, ministries: Ministries, sites: int) -> Config:
    """One team that hears of everything; lists alone are read, as the peers do."""
    team = Team(
        id="all",
        name="All",
        timezone="Europe/Berlin",
        to=(Target(kind="console", address="-"),),
        subscriptions=(Subscription(id="everything"),),
    )
    sources = tuple(
        Source(
            id=source_id(n),
            name=f"site {n}",
            kind="listing",
            url=ministries.url(n),
            every=EVERY,
            detail=DetailRule(follow=False),
            manners=Manners(gap=timedelta(0)),  # rounds follow each other faster than real ones
        )
        for n in range(sites)
    )
    return Config(
        path=state / "sources.yaml",
        state=state,
        network=Network(allow_addresses=("127.0.0.0/8",)),
        sources=sources,
        teams=(team,),
    )


def source_id(site: int) -> str:
    return f"site-{site}"


class Watch:
    """A running daemon whose clock is in our hands."""

    def __init__(self, daemon: Daemon, clock: Hands, ended: "SimpleQueue[Outcome]") -> None:
        self._daemon = daemon
        self._clock = clock
        self._ended = ended
        self._sites = len(daemon.parts.config.sources)

    def round(self) -> list[Outcome]:
        """Let every source be due, and wait until each is visited and recorded."""
        self._clock.hands[0] += LATER
        self._daemon.look()
        outcomes = [self._ended.get(timeout=PATIENCE) for _ in range(self._sites)]
        database = self._daemon.parts.config.state / "watcher.db"
        now = (self._clock.now() - t.EPOCH) // timedelta(microseconds=1)
        with closing(sqlite3.connect(database, timeout=30)) as reader:
            while reader.execute(
                "SELECT 1 FROM source WHERE last_read_at < ? OR last_read_at IS NULL", (now,)
            ).fetchone():
                time.sleep(0.001)
        return outcomes

    def changes(self) -> Counter[tuple[ChangeKind, str, str]]:
        """What the store took for news in the last round: kind, source and letters of the title."""
        query = (
            select(t.change.c.kind, t.change.c.source_id, t.document.c.title)
            .join(t.document, t.document.c.id == t.change.c.document_id)
            .where(t.change.c.at == self._clock.now())
        )
        with self._daemon.store.db.read() as tx:
            rows = tx.execute(query).all()
        return Counter((ChangeKind(kind), source, letters(title)) for kind, source, title in rows)


@contextmanager
def watching(config: Config) -> Iterator[Watch]:
    """Run the daemon in a thread, with a clock that goes on where its state stands."""
    clock, ended = Hands(), SimpleQueue[Outcome]()
    with open_store(config) as store, store.loops():
        clock.hands[0] = last_round(store)
        daemon = Daemon(config, store, clock, StringIO())
        poller = daemon.parts.poller
        known = {one.name: getattr(poller, one.name) for one in fields(poller)}
        daemon.parts = replace(daemon.parts, poller=Counting(**known, ended=ended))
        thread = threading.Thread(target=daemon.run)
        thread.start()
        try:
            yield Watch(daemon, clock, ended)
        finally:
            daemon.stop()
            thread.join()


def last_round(store: Store) -> datetime:
    """When a state was last used, by the clock of its rounds."""
    read = [state.last_read_at for state in store.sources.states().values() if state.last_read_at]
    return max(read, default=START)


def truth(changes: Counter[tuple[ChangeKind, str, str]], published: Published) -> Figures:
    """How much of what was published was told, and how much was told that was not."""
    if published.titles:
        true = Counter(
            (ChangeKind.NEW, source_id(site), letters(title))
            for site, titles in published.titles.items()
            for title in titles
        )
    else:  # one edited row on each site; the server does not say what it reads now
        edited = {source_id(site) for site in published.sites}
        told = {one[1]: one for one in changes if one[0] is ChangeKind.MODIFIED}
        true = Counter(told[source] for source in edited & told.keys())
    found = (changes & true).total()
    return {
        "published": sum(map(len, published.titles.values())) or len(published.sites),
        "found": found,
        "false": changes.total() - found,
    }


# ---------------------------------------------------------------- what each round changes


def nothing(ministries: Ministries, seed: str) -> Published:
    return Published()


def new(ministries: Ministries, seed: str) -> Published:
    ministries.unblock()
    return ministries.publish(SHARE, seed)


def blocked(ministries: Ministries, seed: str) -> Published:
    ministries.block(SHARE / 2, seed)
    return Published()


def reorder(ministries: Ministries, seed: str) -> Published:
    ministries.publish(SHARE, seed, "reorder")
    return Published()


def retitle(ministries: Ministries, seed: str) -> Published:
    return ministries.publish(SHARE, seed, "retitle")


CHANGES: dict[str, Callable[[Ministries, str], Published]] = {
    "baseline": nothing,
    "start": nothing,
    "unchanged": nothing,
    "publish10": new,
    "waf": blocked,
    "after-waf": new,
    "reorder": reorder,
    "retitle": retitle,
}
"""`start` is the first round of a process that finds a state: no connection is open, no robots.txt known."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("port", type=int)
    parser.add_argument("sites", type=int)
    parser.add_argument("state", type=Path)
    parser.add_argument("rounds", nargs="+", choices=CHANGES, metavar="ROUND")
    parser.add_argument("--seed", default="1", help="which lists publish")
    args = parser.parse_args()
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    ministries = Ministries(args.port)
    figures: list[tuple[str, Figures]] = []
    with watching(configuration(args.state, ministries, args.sites)) as watch:
        for number, name in enumerate(args.rounds):
            published = CHANGES[name](ministries, f"{args.seed}.{number}")
            outcomes, spent = timed(watch.round)
            figures.append(
                (
                    name,
                    {
                        "checks_per_s": len(outcomes) / spent.wall,
                        "cpu_ms": spent.cpu / len(outcomes) * 1000,
                        "errors": sum(outcome.error is not None for outcome in outcomes),
                        **truth(watch.changes(), published),
                    },
                )
            )
    print(json.dumps({"rounds": figures, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
