"""The `sources` command: how each source is doing; holding its alerts; taking in a subscription list."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from watcher.cli.given import bytes_of
from watcher.cli.listings import as_json, known, opened, say, show_lines, width
from watcher.clock import clock_from

if TYPE_CHECKING:
    from watcher.extract.feeds.opml import Opml
    from watcher.settings import Config, Source
    from watcher.store import Store
    from watcher.store.sources import SourceState


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def sources(context: click.Context, as_json: bool) -> None:
    """Show how each source is doing; import a subscription list; hold or release alerts."""
    if context.invoked_subcommand is not None:
        return
    now = clock_from().now()
    with opened(context.obj) as (config, store):
        rows = source_rows(config, store, now)
    if as_json:
        for row in rows:
            say(row)
        return
    from watcher.render.tables import source_lines

    show_lines(source_lines(rows, now, width()))


def source_rows(config: "Config", store: "Store", now: datetime) -> list[dict[str, Any]]:
    """What `watcher sources --json` says of each source, in the order of the file."""
    from watcher.health import SAMPLE, standing_in, to_visit

    states = store.sources.states()
    new = store.sources.new_since(now - timedelta(days=30))
    days = store.sources.days((now - SAMPLE).date())
    down = {id_: [s.id for s in found] for id_, found in standing_in(config, states).items()}
    visited = to_visit(config, states)
    return [
        {
            "id": source.id,
            "name": source.name,
            "kind": source.kind,
            "url": source.url,
            "enabled": source.enabled,
            "health": _health(source, states.get(source.id), down.get(source.id, [])),
            **_reading(states.get(source.id), visited=source.id in visited),
            "new_30d": new.get(source.id, 0),
            **_habit(source, states.get(source.id), days.get(source.id, []), now),
            "fallback": source.fallback,
            "stood_in_by": source.fallback
            if source.id in down.get(source.fallback or "", [])
            else None,
            "stands_in_for": down.get(source.id, []),
            "structure": asdict(source.structure) if source.structure else None,
        }
        for source in config.sources
    ]


def _health(source: "Source", state: "SourceState | None", down: Sequence[str]) -> str:
    if not source.enabled and not down:
        return "off"
    if state is None or not (state.error or state.last_good_at):
        return "not read yet"
    return state.error or "ok"


def _reading(state: "SourceState | None", *, visited: bool) -> dict[str, Any]:
    return {
        "failures": state.failures if state else 0,
        "failing_since": state.failing_since if state else None,
        "last_read_at": state.last_read_at if state else None,
        "last_good_at": state.last_good_at if state else None,
        "next_poll_at": state.next_poll_at if state and visited else None,
        "usual_rows": state.usual_rows if state else None,
        "silent_since": state.silent_since if state else None,
        "held_at": state.held_at if state else None,
        "held_reason": state.held_reason if state else None,
        "holding": bool(state and state.holding),
    }


def _habit(
    source: "Source", state: "SourceState | None", days: Sequence[date], now: datetime
) -> dict[str, Any]:
    from watcher.health import usual_pause
    from watcher.workdays import workdays_between

    last = days[-1] if days else None
    quiet = None
    if last is not None and state is not None and state.silent_since:
        quiet = workdays_between(last, now.astimezone(ZoneInfo(source.timezone)).date())
    return {
        "usual_pause": usual_pause(days),
        "last_published": last,
        "quiet_workdays": quiet,
    }


# ---------------------------------------------------------------- hold, release


@sources.command()
@click.argument("source")
@click.option("--reason", default="held by an operator", show_default=True)
@click.pass_obj
def hold(path: str, source: str, reason: str) -> None:
    """Keep back every alert of SOURCE from now on.

    It is read as before; what is new waits until it is released.
    """
    now = clock_from().now()
    with opened(path) as (config, store):
        known("source", source, config.sources_by_id)
        store.sources.sync([source], now)
        store.sources.hold(source, reason, now)
    click.echo(f"{source}: alerts are held; `watcher sources release {source}` sends them")


@sources.command()
@click.argument("source")
@click.option("--discard", is_flag=True, help="Bury what was held instead of sending it.")
@click.pass_obj
def release(path: str, source: str, discard: bool) -> int:
    """Send what was held of SOURCE, or discard it.

    What comes from now on is told again at once.
    """
    with opened(path) as (config, store):
        known("source", source, config.sources_by_id)
        state = store.sources.states().get(source)
        if state is None or not (state.held_at or state.holding):
            click.echo(f"{source}: nothing is held", err=True)
            return 1
        count = store.sources.release_held(source, clock_from().now(), discard=discard)
    deliveries = f"{count} {'delivery' if count == 1 else 'deliveries'}"
    click.echo(f"{source}: {deliveries} {'discarded' if discard else 'owed now'}; the hold is over")
    return 0


# ---------------------------------------------------------------- import


@sources.command("import")
@click.argument("file")
@click.option("--write", is_flag=True, help="Put them into the configuration file itself.")
@click.pass_obj
def import_(path: str, file: str, write: bool) -> int:
    """Print the feeds of an OPML list as YAML to paste.

    FILE is a feed reader's subscription list, - is standard input. What is configured already is
    left out. With --write they go behind the last source of the file, which keeps its comments
    and form.
    """
    from watcher import config as configuration
    from watcher.config.entries import CHINA, add_to_file, block
    from watcher.extract.feeds.opml import read_opml

    read = read_opml(bytes_of(file), file)
    # without a configuration there is nothing to be left out, and nothing to write into
    there = write or Path(path).exists()
    config = configuration.load(Path(path)) if there else None
    zone = config.timezone if config else CHINA
    new, left_out = _new(read, config.sources if config else (), zone)
    for name, why in left_out:
        click.echo(f"left out: {name}: {why}", err=True)
    if not new:
        click.echo(f"{file}: nothing to add", err=True)
        return 0 if read.found else 1
    if write:
        add_to_file(Path(path), new)
        click.echo(
            f"{path}: {_count(len(new))} added; `watcher probe ID` shows what one would bring"
        )
    else:
        click.echo("".join(block(source, zone=zone) for source in new), nl=False)
        click.echo(f"{_count(len(new))} to paste under sources:, or use --write", err=True)
    return 0


def _count(number: int) -> str:
    return f"{number} source{'' if number == 1 else 's'}"


def _new(
    read: "Opml", configured: Sequence["Source"], zone: str
) -> tuple[list["Source"], list[tuple[str, str]]]:
    """Sources for what a list names and the configuration does not, and what is left out, and why."""
    from watcher.config import values
    from watcher.config.entries import source_id
    from watcher.identity import address_identity
    from watcher.render.scraped import clean

    left_out = [(clean(line.name), clean(line.why)) for line in read.skipped]
    taken = {source.id for source in configured}
    watched = {
        address_identity(source.url): f"is watched already as {source.id}" for source in configured
    }
    new: list[Source] = []
    for line in read.found:
        name = clean(line.title) or clean(line.url)
        try:
            url = values.url(line.url)
        except ValueError as exc:
            left_out.append((name, str(exc)))
            continue
        if (why := watched.get(address_identity(url))) is not None:
            left_out.append((name, why))
            continue
        made = _source(line.title, url, line.kind, zone, source_id(url, taken))
        watched[address_identity(url)] = f"is in this list already as {made.id}"
        taken.add(made.id)
        new.append(made)
    return new, left_out


def _source(title: str, url: str, kind: str, zone: str, id_: str) -> "Source":
    from watcher.config.entries import name_from
    from watcher.facts.bodies import body_of_host
    from watcher.settings import DetailRule, Source

    body = body_of_host(url)
    return Source(
        id=id_,
        name=name_from(title) or id_,
        kind=kind,
        url=url,
        body=body,
        every=timedelta(hours=2) if kind == "feed" else timedelta(minutes=30),
        timezone=zone,
        # a newsletter's feed says what it has to say; a ministry's leads to the papers
        detail=DetailRule(follow=body is not None or kind == "listing"),
    )


COMMANDS = (sources,)
