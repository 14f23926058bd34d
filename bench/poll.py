"""Poll N ministries with the real parts: three rounds, and beside them the floor of bare requests.

Rounds: baseline (first visit, once), then in turn unchanged (only a visitor counter differs, so every page's
bytes do), publish10 (a tenth of the lists have one new row) and the floor: one plain httpx.Client per host
that gets the same pages and reads nothing in them. State goes to SQLite in a temporary folder. Times are of
this process alone: the ministries run in another. Needs Linux, where all of 127.0.0.0/8 is loopback.
robots.txt is honoured, so the baseline asks each host twice.
"""

import argparse
import logging
import ssl
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import httpx
from measure.figures import Figures, Runs, Spent, last_line, peak_mb, table, timed
from measure.ministries import Ministries, server_in_use, serving

from watcher.clock import Clock
from watcher.parts import Parts, assemble
from watcher.poll import Outcome
from watcher.settings import Config, Manners, Network, Source, Subscription, Target, Team
from watcher.store import open_store
from watcher.store.sources import SourceState
from watcher.text import letters

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
EVERY = timedelta(minutes=30)
LATER = timedelta(minutes=40)
FLOORS = 5
"""Bare rounds for each of ours: one takes a tenth of a second, and any neighbour disturbs it."""
ROUNDS = ("baseline", "unchanged", "publish10", "floor")


@dataclass(frozen=True, slots=True)
class Hands(Clock):
    """Stands still until its hands are moved, so that a round makes every source due once."""

    hands: list[datetime] = field(default_factory=lambda: [START])

    def now(self) -> datetime:
        return self.hands[0]


def configuration(state: Path, ministries: Ministries, sites: int) -> Config:
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


def one_round(parts: Parts, pool: ThreadPoolExecutor, batch: int) -> list[Outcome]:
    """Visit all that is due as the daemon does: claimed and recorded in batches, visited by the pool."""
    store, sources = parts.store, parts.config.sources_by_id
    outcomes: list[Outcome] = []

    def gather(visits: Sequence["Future[Outcome]"]) -> None:
        found = [visit.result() for visit in visits]
        store.sources.record_unchanged([o.unchanged for o in found if o.unchanged is not None])
        outcomes.extend(found)

    def start(state: SourceState) -> "Future[Outcome]":
        return pool.submit(parts.poller.visit, sources[state.id], state)

    under_way: list[Future[Outcome]] = []
    while due := store.sources.claim_due(list(sources), parts.clock.now(), batch):
        next_batch = [start(state) for state in due]
        gather(under_way)
        under_way = next_batch
    gather(under_way)
    return outcomes


def floor(urls: Sequence[str], pool: ThreadPoolExecutor) -> Callable[[], int]:
    """Bare requests on open connections: one client per host, all of one SSLContext."""
    context = ssl.create_default_context()
    clients = [httpx.Client(verify=context, trust_env=False) for _ in urls]

    def get(client: httpx.Client, url: str) -> int:
        return len(client.get(url).raise_for_status().content)

    def everything() -> int:
        return sum(size > 0 for size in pool.map(get, clients, urls))

    everything()
    return everything


def rounds(args: argparse.Namespace, ministries: Ministries, state: Path) -> dict[str, Runs]:
    """The figures of every round, by its name."""
    figures: dict[str, list[Figures]] = {name: [] for name in ROUNDS}
    config, clock = configuration(state, ministries, args.sites), Hands()
    with open_store(config) as store, ThreadPoolExecutor(args.threads) as pool:
        parts = assemble(config, store, clock, StringIO())
        store.sources.sync(config.sources_by_id, clock.now())

        def visit(name: str, published: Mapping[int, Sequence[str]]) -> None:
            clock.hands[0] += LATER
            told, spent = timed(lambda: one_round(parts, pool, args.threads))
            figures[name].append(speed(len(told), spent) | truth(parts, told, published))

        visit("baseline", {})
        bare: Callable[[], int] | None = None
        for repetition in range(args.repeat):
            visit("unchanged", {})
            visit("publish10", ministries.publish(10, args.seed + repetition))
            if bare is None:  # its clients must not count as ours
                peak = peak_mb()
                bare = floor([source.url for source in config.sources], pool)
            figures["floor"] += [speed(*timed(bare)) for _ in range(FLOORS)]
        parts.fetcher.close()
    figures["publish10"] = [one | {"peak_mb": peak} for one in figures["publish10"]]
    return {name: Runs(found) for name, found in figures.items()}


def speed(checks: int, spent: Spent) -> Figures:
    return {
        "checks": checks,
        "checks_per_s": checks / spent.wall,
        "cpu_ms": spent.cpu / checks * 1000,
    }


def truth(parts: Parts, told: Sequence[Outcome], published: Mapping[int, Sequence[str]]) -> Figures:
    """What the store took for news in this round, against what was published."""
    true = {
        (source_id(site), letters(title)) for site, titles in published.items() for title in titles
    }
    changes = sum(outcome.changes for outcome in told)
    listed = parts.store.papers.newest(since=parts.clock.now(), limit=10_000_000) if changes else []
    found = {(one.document.source_id, letters(one.document.title)) for one in listed} & true
    return {
        "published": len(true),
        "found": len(found),
        "false": changes - len(found),
        "errors": sum(outcome.error is not None for outcome in told),
    }


def report(found: Mapping[str, Runs]) -> None:
    bare = found["floor"].median("cpu_ms")
    rows = []
    for name, runs in found.items():
        tally = (runs.cell(what) for what in ("found", "published", "false", "errors"))
        speeds = runs.cell("checks_per_s"), runs.cell("cpu_ms", 2)
        rows.append([name, *speeds, f"{runs.median('cpu_ms') / bare:.1f}", *tally])
    head = ("round", "checks/s", "CPU ms/check", "x floor", "found", "published", "false", "errors")
    table(head, rows)
    print(f"peak memory before the floor: {found['publish10'].cell('peak_mb')} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--threads", type=int, default=16, help="as many as the daemon has")
    parser.add_argument("--latency-ms", type=float, default=0, help="before each answer")
    parser.add_argument("--repeat", type=int, default=3, help="of every round but the baseline")
    parser.add_argument("--seed", type=int, default=1, help="which lists publish")
    parser.add_argument("--own-server", action="store_true", help="even where the kit's is there")
    args = parser.parse_args()
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    print(
        f"{args.sites} sites on {args.sites} hosts, {args.threads} threads, "
        f"latency {args.latency_ms:g} ms; {server_in_use(own=args.own_server)}; "
        f"median of {args.repeat} (least-greatest)",
        flush=True,
    )
    with (
        serving(args.sites, args.latency_ms, own=args.own_server) as ministries,
        tempfile.TemporaryDirectory() as state,
    ):
        found = rounds(args, ministries, Path(state))
    report(found)
    last_line("poll", {name: runs.medians() for name, runs in found.items()})


if __name__ == "__main__":
    main()
