"""The `teams backfill` command: old papers told on purpose, the count said first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from watcher.cli.listings import as_json, say
from watcher.cli.registrar import one_subscription, registrar, team_id

if TYPE_CHECKING:
    from watcher.settings import Subscription, Team
    from watcher.store import Store

MANY = 50
"""More old papers than this are told of only with --yes."""


@click.command()
@team_id
@one_subscription
@click.option("--since", required=True, metavar="DATE", help="Papers published on this day or later.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@click.option("--yes", is_flag=True, help=f"Send more than {MANY} papers.")
@as_json
@click.pass_obj
def backfill(
    path: str,
    team: str,
    subscription: str | None,
    since: str,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Tell a team of old papers it would have heard of since a day, as digests, each once.

    Papers of a source's first visit are among them. What a target was told already is left out.
    """
    from watcher.backfill import messages, owe_past, past

    start = _day(since)
    with registrar(path) as (people, now):
        store = people.store
        found = people.find(team, now)
        wanted = [people.subscription(found, subscription)] if subscription else found.subscriptions
        if muted := _silent(store, found, wanted, now):
            raise click.ClickException(muted)
        papers = past(store, found, wanted, start, now)
        if as_json:
            for old in papers:
                say(
                    {
                        "id": old.document_id,
                        "reason": old.reason,
                        "to": [str(x) for x in old.targets],
                    }
                )
        count = len(papers)
        parts = messages(papers)
        if not papers:
            click.echo(f"nothing since {start} that {found.id} was not told of", err=True)
            return 0
        click.echo(
            f"{count} paper{'' if count == 1 else 's'} since {start} that {found.id} was not told of, "
            f"in {parts} message{'' if parts == 1 else 's'} to {', '.join(map(str, found.to))}",
            err=as_json,
        )
        if dry_run:
            return 0
        if count > MANY and not yes:
            click.echo(f"nothing was sent; add --yes to send more than {MANY}", err=True)
            return 1
        owed = owe_past(store, found, papers, now)
    click.echo(
        f"{owed} {'delivery' if owed == 1 else 'deliveries'} owed now; the daemon sends them, "
        "or `watcher poll`",
        err=as_json,
    )
    return 0


def _silent(
    store: "Store", team: "Team", wanted: "Sequence[Subscription]", now: datetime
) -> str | None:
    """Why nothing is told at all: a mute of the team, or of all that is asked for."""
    held = [m for m in store.teams.mutes(team.id) if m.holds(now) and m.document_id is None]
    if any(mute.subscription is None for mute in held):
        return f"{team.id} is muted; `watcher teams unmute {team.id}` ends that"
    muted = {mute.subscription for mute in held}
    for each in wanted:
        if each.id in muted:
            return f"{team.id} / {each.id} is muted; unmute it, or name another --subscription"
    if not wanted:
        return f"{team.id} has no subscription; `watcher teams subscribe {team.id} all` makes one"
    return None


def _day(text: str) -> date:
    from watcher.config import values

    try:
        return values.day(text)
    except ValueError as exc:
        raise click.UsageError(f"--since: {exc}") from exc
