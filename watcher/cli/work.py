"""Commands that do the work: check, poll, run, demo."""

import logging
import math
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.clock import clock_from
from watcher.errors import LoopsTaken

if TYPE_CHECKING:
    from watcher.parts import Parts
    from watcher.poll import Outcome
    from watcher.settings import Source
    from watcher.store.sources import SourceState

AT_ONCE = 8


@click.command()
@click.pass_obj
def check(path: str) -> None:
    """Validate the configuration and say what it will do."""
    from watcher import config as configuration
    from watcher.notify import notifiers

    config = configuration.load(Path(path))
    notifiers(config, sys.stdout)  # an address that no service takes is told now, not by the daemon
    enabled = [source for source in config.sources if source.enabled]
    off = len(config.sources) - len(enabled)
    subscriptions = sum(len(team.subscriptions) for team in config.teams)
    click.echo(
        f"{path}: fine. {_count(len(enabled), 'source')}{f' and {off} switched off' if off else ''}, "
        f"{_count(len(config.teams), 'team')}, {_count(subscriptions, 'subscription')}"
    )
    if {target.kind for team in config.teams for target in team.to} <= {"console"}:
        click.echo("no team has a channel: what is new is shown where the daemon runs")
    if not config.operators:
        click.echo("no operators: faults of sources show in the log and in `watcher sources` only")
    for note in configuration.notes(config):
        click.echo(f"note: {note}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@click.command()
@click.argument("sources", nargs=-1)
@click.pass_obj
def poll(path: str, sources: tuple[str, ...]) -> int:
    """Visit sources once now (all that are enabled, or those named), then send what is owed."""
    from watcher import config as configuration
    from watcher.health import to_visit
    from watcher.logs import start_logs
    from watcher.parts import assemble
    from watcher.store import open_store

    start_logs(level=logging.ERROR)  # what failed is said in the command's own answer
    config = configuration.load(Path(path))
    unknown = sorted(set(sources) - config.sources_by_id.keys())
    if unknown:
        raise click.UsageError(f"no source {unknown[0]!r}; `watcher sources` lists them")
    with open_store(config) as store, ExitStack() as stack:
        parts = assemble(config, store, clock_from(), sys.stdout)
        try:
            stack.enter_context(store.loops())
            alone = True
        except LoopsTaken:
            alone = False
        wanted = to_visit(config, store.sources.states())
        if sources:
            wanted = {id_: wanted.get(id_, config.sources_by_id[id_]) for id_ in sources}
        try:
            failed = _round(parts, wanted)
            if alone:
                _deliver(parts)
            else:
                click.echo("a daemon is running on this state and sends what is owed", err=True)
        finally:
            parts.fetcher.close()
    return 1 if failed else 0


def _round(parts: "Parts", sources: dict[str, "Source"]) -> int:
    """Visit these sources and read what they show; return how many could not be read."""
    from watcher.health import to_read
    from watcher.teams import Registrar

    store, clock, ids = parts.store, parts.clock, list(sources)
    store.sources.sync(parts.config.sources_by_id, clock.now())
    store.papers.rehome(to_read(parts.config))
    Registrar(store, parts.config).listen(clock.now())
    pool = ThreadPoolExecutor(AT_ONCE)
    states = store.sources.claim(ids, clock.now())
    for busy in sorted(set(ids) - {state.id for state in states}):
        click.echo(f"{busy}: another process is visiting it", err=True)
    visits = {pool.submit(parts.poller.visit, sources[s.id], s): s for s in states}
    try:
        failed = sum(_reported(parts, visits[done], done.result()) for done in as_completed(visits))
        if len(visits) > 1:
            click.echo(f"{_count(len(visits), 'source')} visited, {failed} could not be read")
        while due := store.papers.claim_due(ids, clock.now(), 20):
            list(
                pool.map(lambda one: parts.follower.read(one, sources[one.document.source_id]), due)
            )
    except BaseException:  # Ctrl-C as well: what is under way ends at once, nobody's fault
        parts.fetcher.close()
        for visit, state in visits.items():
            if visit.cancel():
                store.sources.release(state)
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return failed


def _reported(parts: "Parts", state: "SourceState", outcome: "Outcome") -> bool:
    """Say what a visit came to; return whether it failed."""
    if outcome.unchanged is not None:
        parts.store.sources.record_unchanged([outcome.unchanged])
    if outcome.error is not None:
        click.echo(f"{state.id}: {outcome.error}")
    elif state.baseline_at is None:
        click.echo(f"{state.id}: baseline set; what comes from now on is told")
    else:
        held = "; its alerts are held" if state.holding and outcome.changes else ""
        click.echo(f"{state.id}: {_count(outcome.changes, 'change')}{held}")
    return outcome.error is not None


def _deliver(parts: "Parts") -> None:
    for target in parts.deliverer.due_targets():
        parts.deliverer.drain(target, patience=math.inf)


@click.command()
@click.pass_obj
def run(path: str) -> None:
    """Run the daemon: poll, read and deliver until SIGTERM or Ctrl-C."""
    from watcher import config as configuration
    from watcher import daemon
    from watcher.logs import start_logs
    from watcher.store import open_store

    start_logs()
    config = configuration.load(Path(path))
    with open_store(config) as store:
        daemon.run(config, store, clock_from(), sys.stdout)


@click.command()
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the tour's state in this folder.",
)
def demo(keep: Path | None) -> int:
    """Take an offline tour: invented ministries publish, the real daemon watches them."""
    from watcher.demo.tour import tour

    return tour(sys.stdout, keep=keep)


COMMANDS = (check, poll, run, demo)
