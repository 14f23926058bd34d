"""The `deliveries` command: what is owed, held, sent and dead, what became of each, and what to do about it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.listings import ROW_ID, as_json, here, opened, say, show_lines, width
from watcher.clock import clock_from

if TYPE_CHECKING:
    from watcher.settings import Config
    from watcher.store import Store

state = click.option("--state", type=click.Choice(["owed", "held", "sent", "dead"]))
limit = click.option("--limit", type=click.IntRange(1, 100_000), default=30, show_default=True)


@click.group(invoke_without_command=True)
@state
@limit
@as_json
@click.pass_context
def deliveries(context: click.Context, state: str | None, limit: int, as_json: bool) -> None:
    """List what is owed, held, sent and dead, and say what became of it."""
    if context.invoked_subcommand is None:
        _list(context.obj, state, limit, as_json)


@deliveries.command(name="list")
@state
@limit
@as_json
@click.pass_obj
def list_(path: str, state: str | None, limit: int, as_json: bool) -> None:
    """List deliveries, the newest first."""
    _list(path, state, limit, as_json)


def _list(path: str, state: str | None, limit: int, as_json: bool) -> None:
    with opened(path) as (config, store):
        rows = store.outbox.rows(state, limit)
        suspended = store.outbox.suspended()
        storms = store.storms.standing()
    if as_json:
        for row in rows:
            say(_delivery(row))
        return
    from watcher.render.tables import delivery_lines

    show_lines(delivery_lines(rows, config.timezone, width()))
    if not rows:
        click.echo(f"no delivery is {state}" if state else "no deliveries yet", err=True)
    for target in suspended:
        click.echo(
            f"{target['address']} has been suspended since {here(config, target['suspended_at'])}: "
            f"{target['error']} (tried again at {here(config, target['retry_at'])})",
            err=True,
        )
    for storm in storms:
        click.echo(
            f"alerts to {storm['target']} are held ({storm['count']}): too many came at once; "
            f"`watcher deliveries release '{storm['target']}'` sends them",
            err=True,
        )


@deliveries.command()
@click.argument("ids", nargs=-1, type=ROW_ID)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Every dead one that was tried: nothing that was discarded.",
)
@click.pass_obj
def retry(path: str, ids: tuple[int, ...], everything: bool) -> int:
    """Owe dead deliveries again.

    What may have arrived is looked for in Slack first; a mail is marked as a possible repeat.
    """
    if not ids and not everything:
        raise click.UsageError(
            "name the deliveries to retry, or --all; `watcher deliveries --state dead` lists them"
        )
    with opened(path) as (_, store):
        count = store.outbox.retry(None if everything else ids, clock_from().now())
    left = 0 if everything else len(set(ids)) - count
    said = f"{count} owed again" + (f"; {left} not dead, or unknown" if left else "")
    click.echo(said, err=not count)
    return 0 if count else 1


@deliveries.command()
@click.argument("target")
@click.option("--discard", is_flag=True, help="Bury what was held instead of sending it.")
@click.pass_obj
def release(path: str, target: str, discard: bool) -> int:
    """Send what was held for TARGET because too much came at once (slack:#law, email:a@b.org)."""
    from watcher.store.batch import target_of

    with opened(path) as (_, store):
        count = store.storms.release(target_of(target), clock_from().now(), discard=discard)
    if not count:
        click.echo(f"{target}: nothing is held; `watcher deliveries` names who waits", err=True)
        return 1
    what = f"{count} {'delivery' if count == 1 else 'deliveries'}"
    click.echo(f"{target}: {what} {'discarded' if discard else 'owed now'}")
    return 0


@deliveries.command()
@click.argument("ids", nargs=-1, type=ROW_ID)
@click.option("--paper", type=ROW_ID, help="What every team was told of this paper.")
@click.option("--team", help="What this team was told; with --paper, of that paper.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True)
@as_json
@click.pass_obj
def log(
    path: str,
    ids: tuple[int, ...],
    paper: int | None,
    team: str | None,
    limit: int,
    as_json: bool,
) -> int:
    """Say what was sent when, with the provider's answer, or why not."""
    if not ids and paper is None and team is None:
        raise click.UsageError("name deliveries, or give --paper or --team")
    with opened(path) as (config, store):
        steps = store.ledger.steps(deliveries=ids, paper=paper, team=team, limit=limit)
        why = "" if steps else _why_nothing(store, paper)
    if not steps:
        click.echo(why, err=True)
        return 1
    if as_json:
        for step in steps:
            say({name: step[name] for name in _STEP} | {"about": _about(step)})
        return 0
    _show(config, steps)
    return 0


def _show(config: "Config", steps: list[Any]) -> None:
    """The steps of each delivery under a line that says what it is, in the order it was owed."""
    from watcher.render.scraped import clean

    lines = []
    for id_ in dict.fromkeys(step["delivery_id"] for step in steps):
        own = [step for step in steps if step["delivery_id"] == id_]
        first = own[0]
        team = f" ({first['team']})" if first["team"] else ""
        lines.append(f"{id_}  {first['target']}{team}  {clean(_about(first))}")
        for step in own:
            said = f"  {clean(step['said'])}" if step["said"] else ""
            lines.append(f"    {here(config, step['at'])}  {step['what']:<11}{said}".rstrip())
    show_lines([*lines, f"times in {config.timezone}"])


def _about(step: Mapping[Any, Any]) -> str:
    if step["notice"]:
        return str(step["notice"]["subject"])
    if step["letter"]:
        return str(step["letter"].get("kind", "letter"))
    return f"{step['kind']}: {step['title']}"


def _why_nothing(store: "Store", paper: int | None) -> str:
    if paper is None:
        return "the ledger has nothing of it"
    if not store.papers.get([paper]):
        return f"no paper has the number {paper}"
    return f"nothing was owed for paper {paper}; `watcher explain {paper}` says why"


_STEP = ("delivery_id", "target", "team", "state", "document_id", "at", "what", "said")
_DELIVERY = (
    *("id", "key", "state", "target", "team", "subscription", "reason", "document_id", "title"),
    *("owed_at", "due_at", "attempts", "error", "receipt", "sent_at"),
)


def _delivery(row: Mapping[Any, Any]) -> dict[str, Any]:
    entry = {name: row[name] for name in _DELIVERY}
    if row["notice"]:
        entry["notice"] = row["notice"]["subject"]
    if row["letter"]:
        entry["letter"] = row["letter"]["kind"]
    return entry


COMMANDS = (deliveries,)
