"""Commands about time: deadlines (what is open for comment) and coverage (whether a silence can be trusted)."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from watcher.cli.listings import age, as_json, in_english, known, opened, say, show_lines, width
from watcher.clock import clock_from

if TYPE_CHECKING:
    from watcher.settings import Config, Team
    from watcher.store import Store


def _teams(config: "Config", store: "Store", id_: str | None) -> "dict[str, Team]":
    """Every team by its id, or only the one that is asked for."""
    from watcher.greet import everyone

    teams = {team.id: team for team in everyone(store, config, clock_from().now())}
    if id_ is None:
        return teams
    known("team", id_, teams)
    return {id_: teams[id_]}


@click.command()
@click.option("--days", type=click.IntRange(0, 3650), default=30, show_default=True)
@click.option("--sector", help="Only papers whose primary sector is this.")
@click.option("--team", metavar="ID", help="Only what this team's subscriptions want.")
@as_json
@click.pass_obj
def deadlines(path: str, days: int, sector: str | None, team: str | None, as_json: bool) -> None:
    """List what is open for comment for at most --days more, the soonest first."""
    now = clock_from().now()
    with opened(path) as (config, store):
        from watcher.classify import sector_names
        from watcher.greet import open_now
        from watcher.render.alert import days_left

        if sector is not None:
            known("sector", sector, {**sector_names(config.rules), "none": ()})
        asks = _teams(config, store, team)[team] if team else None
        zone = asks.timezone if asks else config.timezone
        papers = [
            (paper, left)
            for paper in open_now(store, asks.subscriptions if asks else None, now)
            if (left := days_left(paper.facts.deadline, now, zone)) is not None
            and 0 <= left <= days
            and sector in (None, paper.classification.primary)
        ]
        english = in_english(store, [paper for paper, _ in papers])
    if as_json:
        for paper, left in papers:
            made = english[paper.id]
            say(
                {
                    "id": paper.id,
                    "title": paper.title,
                    "title_en": made and made.text,
                    "title_en_by": made and made.by,
                    "stage": paper.facts.stage,
                    "bodies": paper.facts.bodies,
                    "primary": paper.classification.primary,
                    "deadline": paper.facts.deadline,
                    "days_left": left,
                    "comments_to": paper.facts.comments_to,
                    "url": paper.url,
                    "source": paper.source_id,
                }
            )
        return
    from watcher.render.tables import deadline_lines

    show_lines(deadline_lines(papers, english, zone, width()))
    if not papers:
        click.echo(f"nothing that fits closes within {days} days", err=True)


@click.command()
@click.option("--team", metavar="ID", help="What this team heard; without it, all of them.")
@click.option("--since", metavar="AGE", default="7d", show_default=True, help="12h, 7d, 30d.")
@as_json
@click.pass_obj
def coverage(path: str, team: str | None, since: str, as_json: bool) -> None:
    """Confirm a silence: what was read lately, what came, and what each team heard of it."""
    now = clock_from().now()
    span = age(since) or timedelta(days=7)
    with opened(path) as (config, store):
        teams = _teams(config, store, team)
        counts, none = store.calendar.heard_since(now - span), {"sent": 0, "owed": 0}
        new = sum(store.sources.new_since(now - span).values())
        heard = {id_: counts.get(id_, none) for id_ in teams}
        from watcher.health import coverage as line_of
        from watcher.health import is_unread

        zone = teams[team].timezone if team else config.timezone
        states = store.sources.states()
        watched = [source for source in config.sources if source.enabled]
        unread = [s.id for s in watched if is_unread(s, states.get(s.id), now)]
        line = line_of(config, states, zone, now)
    if as_json:
        say(
            {
                "since": now - span,
                "sources": len(watched),
                "unread": unread,
                "new": new,
                "heard": heard,
            }
        )
        return
    start = (now - span).astimezone(ZoneInfo(zone))
    click.echo(f"since {start:%Y-%m-%d %H:%M %Z}")
    click.echo(line or "no source is watched")
    click.echo(f"{new} new {'paper' if new == 1 else 'papers'} came")
    for id_, papers in heard.items():
        rest = f", {papers['owed']} to come" if papers["owed"] else ""
        click.echo(f"{id_}: told of {papers['sent']}{rest}")


COMMANDS = (deadlines, coverage)
