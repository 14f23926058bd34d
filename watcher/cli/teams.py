"""The `teams` command: who hears of what; teams made at run time, muting, tests."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from watcher.cli.backfill import backfill
from watcher.cli.given import person
from watcher.cli.listings import ROW_ID, age, as_json, say, show_lines, width
from watcher.cli.registrar import one_subscription, registrar, team_id
from watcher.errors import DeliveryError

if TYPE_CHECKING:
    from watcher.notify import Notifier
    from watcher.settings import Subscription, Target, Team
    from watcher.store.teams import Mute
    from watcher.teams import Registrar

by = click.option("--by", metavar="NAME", help="Who says so [default: the user who runs this].")


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def teams(context: click.Context, as_json: bool) -> None:
    """Show and change who hears of what; teams of sources.yaml are changed there, but can be muted."""
    if context.invoked_subcommand is None:
        _list(context.obj, as_json=as_json)


# ---------------------------------------------------------------- showing


@teams.command("list")
@as_json
@click.pass_obj
def list_(path: str, as_json: bool) -> None:
    """List every team, where it is told, what it subscribes to and what is muted."""
    _list(path, as_json=as_json)


def _list(path: str, *, as_json: bool) -> None:
    with registrar(path) as (people, now):
        rows = [_row(people, team, now) for team in people.teams.all(now)]
    _show(rows, as_json=as_json)


@teams.command()
@team_id
@as_json
@click.pass_obj
def show(path: str, team: str, as_json: bool) -> None:
    """Show one team."""
    with registrar(path) as (people, now):
        rows = [_row(people, people.find(team, now), now)]
    _show(rows, as_json=as_json)


def _show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    from watcher.render.teams import team_lines

    if as_json:
        for row in rows:
            say(row)
        return
    show_lines(team_lines(rows, width()))


def _row(people: "Registrar", team: "Team", now: datetime) -> dict[str, Any]:
    mutes = [mute for mute in people.store.teams.mutes(team.id) if mute.holds(now)]
    return {
        "id": team.id,
        "name": team.name,
        "timezone": team.timezone,
        "to": [str(target) for target in team.to],
        "made": team.made,
        "defined": f"{people.config.path}:{team.line}" if team.line else None,
        "mutes": [_mute(mute, team) for mute in mutes if mute.subscription is None],
        "subscriptions": [_subscription(each, team, mutes) for each in team.subscriptions],
    }


def _subscription(wants: "Subscription", team: "Team", mutes: "Sequence[Mute]") -> dict[str, Any]:
    from watcher.render.teams import in_words, keys_of

    return {
        "id": wants.id,
        "wants": keys_of(wants),
        "words": in_words(wants),
        "since": wants.since,
        "since_words": _at(wants.since, team) if wants.since else None,
        "mutes": [_mute(mute, team) for mute in mutes if mute.subscription == wants.id],
    }


def _mute(mute: "Mute", team: "Team") -> str:
    what = f"paper {mute.document_id} " if mute.document_id else ""
    until = f" until {_at(mute.until, team)}" if mute.until else ""
    return f"{what}muted by {mute.by}{until}"


def _at(when: datetime, team: "Team") -> str:
    return f"{when.astimezone(ZoneInfo(team.timezone)):%Y-%m-%d %H:%M %Z}"


# ---------------------------------------------------------------- making and ending


@teams.command()
@click.argument("team", metavar="ID")
@click.option("--name", help="What people see [default: the id].")
@click.option("--timezone", metavar="ZONE", help="Of its times and days, such as Europe/Berlin.")
@click.option("--to", "to", multiple=True, metavar="KIND:ADDRESS", help="slack:#channel, email:team@example.org; may be repeated.")  # fmt: skip
@by
@click.pass_obj
def add(
    path: str,
    team: str,
    name: str | None,
    timezone: str | None,
    to: tuple[str, ...],
    by: str | None,
) -> None:
    """Make a team that is told at these targets. It hears nothing until it subscribes."""
    targets = [_target(word) for word in to]
    with registrar(path) as (people, now):
        made = people.add(team, targets, person(by), now, name=name, timezone=timezone)
    click.echo(f"{made.id}: made, told at {', '.join(map(str, made.to))}")
    click.echo(f"now say what it hears: watcher teams subscribe {made.id} all", err=True)


def _target(word: str) -> dict[str, str]:
    kind, colon, address = word.partition(":")
    if not colon or not kind or not address:
        raise click.UsageError(f"--to {word!r}: write slack:#channel or email:team@example.org")
    return {kind: address}


@teams.command()
@team_id
@by
@click.pass_obj
def remove(path: str, team: str, by: str | None) -> None:
    """End a team that was made at run time. What it alone is owed is buried."""
    with registrar(path) as (people, now):
        buried = people.remove(team, person(by), now)
    click.echo(f"{team}: removed{_buried(buried)}")


_LISTS = ("sectors", "bodies", "stages", "keywords", "require", "exclude", "deadlines", "in_force")


@teams.command()
@team_id
@click.argument("subscription", metavar="SUBSCRIPTION")
@click.option("--sectors", multiple=True, metavar="CODES", help="With commas between them, or repeated; so are all lists.")  # fmt: skip
@click.option("--bodies", multiple=True, metavar="CODES")
@click.option("--stages", multiple=True, metavar="CODES")
@click.option("--keywords", multiple=True, metavar="WORDS", help="Any of these lets a paper in, on top of the sectors.")  # fmt: skip
@click.option("--require", multiple=True, metavar="WORDS", help="One of these must stand in title or text.")  # fmt: skip
@click.option("--exclude", multiple=True, metavar="WORDS", help="None of these in the title.")
@click.option("--no-secondary", is_flag=True, help="Not when the sector is only secondary.")
@click.option("--min-score", metavar="SHARE", help="Least certainty of the sector, 0 to 1.")
@click.option("--when", metavar="TIME", help="now, daily 08:00, weekly mon 08:00, monthly 1 08:00.")
@click.option("--as", "as_", metavar="FORM", help="alert or brief.")
@click.option("--days", metavar="DAYS", help="any or workdays.")
@click.option("--quiet", metavar="HOURS", help="22:00-07:00: held until then.")
@click.option("--deadlines", multiple=True, metavar="DAYS", help="Reminders before a comment deadline: 7d,2d.")  # fmt: skip
@click.option("--in-force", multiple=True, metavar="DAYS", help="Reminders before a final takes effect: 7d.")  # fmt: skip
@by
@click.pass_obj
def subscribe(
    path: str, /, team: str, subscription: str, by: str | None, no_secondary: bool, **given: Any
) -> None:
    """Let a team made at run time hear of what these options say; of everything without any.

    It is told of what comes from now on; `watcher teams backfill` tells of older papers. Of a
    subscription that stands already all is replaced by what is said now.
    """
    from watcher.config.notes import KEYWORDS_ALONE
    from watcher.render.teams import in_words

    wants: dict[str, Any] = {}
    for key, value in given.items():
        if key in _LISTS:
            words = [word.strip() for part in value for word in part.replace("，", ",").split(",")]
            wants |= {key: words} if words else {}
        elif value is not None:
            wants[key.rstrip("_")] = value
    if no_secondary:
        wants["secondary"] = "false"
    with registrar(path) as (people, now):
        made, new = people.subscribe(team, subscription, wants, person(by), now)
    click.echo(f"{team} / {made.id}: {'hears of' if new else 'hears now of'} {in_words(made)}")
    if made.keywords and not (made.sectors or made.require):
        click.echo(f"note: {KEYWORDS_ALONE}", err=True)


@teams.command()
@team_id
@click.argument("subscription", metavar="SUBSCRIPTION")
@by
@click.pass_obj
def unsubscribe(path: str, team: str, subscription: str, by: str | None) -> None:
    """End one subscription of a team made at run time. What it alone is owed is buried."""
    with registrar(path) as (people, now):
        buried = people.unsubscribe(team, subscription, person(by), now)
    click.echo(f"{team} / {subscription}: ended{_buried(buried)}")


def _buried(count: int) -> str:
    return (
        f"; {count} {'delivery' if count == 1 else 'deliveries'} it was owed buried"
        if count
        else ""
    )


# ---------------------------------------------------------------- muting

one_paper = click.option("--paper", metavar="ID", type=ROW_ID, help="Only this paper with its later rounds and final.")  # fmt: skip


@teams.command()
@team_id
@one_subscription
@one_paper
@click.option("--for", "span", metavar="AGE", help="For 12h or 7d [default: until unmuted].")
@by
@click.pass_obj
def mute(
    path: str,
    team: str,
    subscription: str | None,
    paper: int | None,
    span: str | None,
    by: str | None,
) -> None:
    """Tell a team no more, of anything or of one subscription or paper.

    What comes meanwhile is not made up for later; `watcher teams backfill` can do that. What it is
    owed and was not sent yet is buried.
    """
    _one(subscription, paper)
    length = age(span)
    with registrar(path) as (people, now):
        buried = people.mute(
            team, person(by), now, subscription=subscription, paper=paper, span=length
        )
        found = people.find(team, now)
        until = (
            f" until {_at(now + length, found)}" if length else "; `watcher teams unmute` ends it"
        )
    click.echo(f"{_what(team, subscription, paper)}: muted{until}{_buried(buried)}")


@teams.command()
@team_id
@one_subscription
@one_paper
@click.pass_obj
def unmute(path: str, team: str, subscription: str | None, paper: int | None) -> None:
    """Lift a mute, of the whole team or of just this subscription or paper."""
    _one(subscription, paper)
    with registrar(path) as (people, now):
        people.unmute(team, now, subscription=subscription, paper=paper)
    click.echo(f"{_what(team, subscription, paper)}: hears again")


def _one(subscription: str | None, paper: int | None) -> None:
    if subscription is not None and paper is not None:
        raise click.UsageError("give --subscription or --paper, not both")


def _what(team: str, subscription: str | None, paper: int | None) -> str:
    if subscription is not None:
        return f"{team} / {subscription}"
    return f"{team}, paper {paper}" if paper is not None else team


# ---------------------------------------------------------------- test


@teams.command()
@team_id
@as_json
@click.pass_obj
def test(path: str, team: str, as_json: bool) -> int:
    """Send a test message to every target of a team now, and say how each took it.

    Nothing is owed by it. Exits with 1 when a target does not take it.
    """
    import sys

    from watcher.notify import notifiers

    with registrar(path) as (people, now):
        found = people.find(team, now)
    senders = notifiers(people.config, sys.stdout)
    results = [_tested(senders, found, target) for target in found.to]
    for target, error, answer in results:
        if as_json:
            say({"target": str(target), "sent": not error, "answer": answer})
        else:
            click.echo(f"{target}: {'not sent: ' if error else 'sent: '}{answer}", err=error)
    return 1 if any(error for _, error, _ in results) else 0


def _tested(
    senders: "Mapping[str, Notifier]", team: "Team", target: "Target"
) -> "tuple[Target, bool, str]":
    """(target, whether it failed, what it answered)."""
    from watcher.render import render_notice

    sender = senders.get(target.kind)
    if sender is None:
        return target, True, f"channels.{target.kind} is not configured"
    subject = f"Test message for {team.name}"
    lines = [
        "Somebody asked watcher whether it reaches you here. It does; there is nothing to do.",
        "This is no paper, and nothing was changed.",
    ]
    try:
        message = render_notice(target.kind, subject, lines)
        sent = sender.send(target, message, key=uuid.uuid4().hex, ambiguous=False)
    except DeliveryError as exc:
        return target, True, str(exc)
    return target, False, sent.receipt


teams.add_command(backfill)

COMMANDS = (teams,)
