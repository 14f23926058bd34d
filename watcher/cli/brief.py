"""The `brief` command: a period's papers compiled in the form of analysts' briefs, edited and kept."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.given import bytes_of, person
from watcher.cli.listings import ROW_ID, known, opened
from watcher.clock import clock_from

if TYPE_CHECKING:
    from watcher.settings import Config, Team
    from watcher.store import Store

FORMATS = ("md", "html", "docx", "json")
DAY = click.DateTime(["%Y-%m-%d"])
since = click.option("--from", "start", type=DAY, metavar="DAY", help="The first day, in China.")
until = click.option("--to", "end", type=DAY, metavar="DAY", help="The last day.")
of_team = click.option("--team", metavar="ID", help="What this team wants [default: every sector].")
by = click.option("--by", metavar="NAME", help="Who says so [default: the user who runs this].")


@click.group(invoke_without_command=True)
@since
@until
@of_team
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="[default: by --out's name, else md]"
)
@click.option("--out", type=click.Path(dir_okay=False), help="Write to this file.")
@click.option(
    "--news", type=click.IntRange(1, 10_000), help="Papers under policy news [default: 40]."
)
@click.option("--all-news", is_flag=True, help="Every paper under policy news.")
@click.pass_context
def brief(
    context: click.Context,
    start: datetime | None,
    end: datetime | None,
    team: str | None,
    form: str | None,
    out: str | None,
    news: int | None,
    all_news: bool,
) -> None:
    """Compile the papers from one day to another into a brief to be edited.

    The five that lead stand first, each with what it says at a glance in its own words, then
    policy and corporate news by date. Nothing is invented: `--format json` says where every
    sentence comes from. Change the Markdown and `watcher brief keep` it: the next one has it.
    """
    if context.invoked_subcommand is not None:
        if start or end or team or form or out or news or all_news:
            raise click.UsageError("options of a command stand behind its name")
        return
    from watcher.brief import NEWS, compile_brief
    from watcher.render.brief import BRIEF_FORMATS

    first, last = _period(start, end)
    form = _format(form, out)
    with opened(context.obj) as (config, store):
        whose = _team(config, store, team)
        limit = None if all_news else news or NEWS
        made = compile_brief(store, config, first, last, team=whose, news=limit)
        if out is not None:
            _spare(store, Path(out))
    body = BRIEF_FORMATS[form](made)
    if out is None:
        sys.stdout.buffer.write(body)
    else:
        Path(out).write_bytes(body)
        papers = len(made.entries)
        click.echo(f"{out}: {papers} paper{'' if papers == 1 else 's'}", err=True)
    for note in made.notes:
        click.echo(note, err=True)
    if made.empty:
        click.echo("no paper of this period matches", err=True)


@brief.command()
@click.argument("document", metavar="ID", type=ROW_ID)
@since
@until
@of_team
@click.option("--headline", help='Its headline; "" puts back the compiled one.')
@click.option("--at-a-glance", "at_a_glance", help="What stands at a glance, as Markdown.")
@click.option("--comment", help="The comment, as Markdown.")
@click.option("--line", help="Its line in the news, as Markdown.")
@click.option("--pick", type=click.IntRange(1, 50), metavar="N", help="Put it at place N.")
@click.option("--drop", is_flag=True, help="Leave it out.")
@click.option("--section", type=click.Choice(["policy", "corporate"]), help="List it there.")
@click.option("--restore", "whole", is_flag=True, help="Put back all that was compiled of it.")
@by
@click.pass_obj
def edit(
    path: str,
    /,
    document: int,
    start: datetime | None,
    end: datetime | None,
    team: str | None,
    pick: int | None,
    drop: bool,
    whole: bool,
    by: str | None,
    **words: str | None,
) -> None:
    """Change what a brief says of paper ID; the change is kept whenever it is compiled again."""
    from watcher import brief as briefs
    from watcher.store.briefs import PLACE

    values: dict[str, str | int | None] = {
        name: value or None for name, value in words.items() if value is not None
    }
    if pick is not None and drop:
        raise click.UsageError("--pick and --drop contradict each other")
    if pick is not None or drop:
        values[PLACE] = pick or 0
    if whole and values:
        raise click.UsageError("--restore stands alone")
    if not whole and not values:
        raise click.UsageError("say what to change: --headline, --comment, --pick, --drop …")
    period, who, now = _period(start, end), person(by), clock_from().now()
    with opened(path) as (config, store):
        whose = _team(config, store, team)
        id_ = whose.id if whose else None
        if document not in store.papers.get([document]):
            raise click.UsageError(f"no paper {document}; `watcher items` lists them")
        try:
            if whole:
                count = briefs.restore(store, period, id_, document, by=who, now=now)
                click.echo(f"{document}: {count} edit{'' if count == 1 else 's'} undone")
                return
            briefs.edit(store, period, id_, document, values, by=who, now=now)
        except ValueError as exc:
            raise click.UsageError(str(exc)) from exc
    click.echo(f"{document}: kept {', '.join(name.replace('_', ' ') for name in values)}")


@brief.command()
@click.argument("file", metavar="FILE")
@by
@click.pass_obj
def keep(path: str, file: str, by: str | None) -> None:
    """Keep what was changed in FILE, a brief in Markdown: headlines, glances, comments, lines.

    Entries in another order keep that order; an entry or line that was deleted is left out of the
    brief (`watcher brief edit … --restore` brings it back). All of it is kept, or nothing.
    """
    from watcher.brief import keep as keep_file
    from watcher.render.brief.markdown import returned

    read = returned(bytes_of(file))
    with opened(path) as (config, store):
        _team(config, store, read.team)
        try:
            kept = keep_file(store, read, by=person(by), now=clock_from().now())
        except ValueError as exc:
            raise click.UsageError(f"{file}: {exc}") from exc
    for id_, name in kept.changed:
        click.echo(f"{id_}: kept {name.replace('_', ' ')}")
    for id_ in kept.dropped:
        click.echo(f"{id_}: left out, its entry was deleted")
    if kept.placed:
        click.echo(f"order kept: {', '.join(map(str, kept.placed))}")
    if kept.nothing:
        click.echo("nothing was changed that is not kept already", err=True)


def _period(start: datetime | None, end: datetime | None) -> tuple[date, date]:
    if start is None or end is None:
        raise click.UsageError("say the period: --from 2023-10-25 --to 2023-11-28")
    if start > end:
        raise click.UsageError(f"--from {start.date()} lies behind --to {end.date()}")
    return start.date(), end.date()


def _format(form: str | None, out: str | None) -> str:
    if form is None:
        ending = Path(out).suffix.lower().removeprefix(".") if out else ""
        form = {"markdown": "md", "htm": "html", "txt": "md", "": "md"}.get(ending, ending)
        if form not in FORMATS:
            raise click.UsageError(
                f"no brief is written as .{ending}; name a file in {', '.join(FORMATS)}, or say --format"
            )
    if form == "docx" and out is None and sys.stdout.isatty():
        raise click.UsageError("a Word file is nothing for a terminal; say --out brief.docx")
    return form


def _team(config: "Config", store: "Store", id_: str | None) -> "Team | None":
    if id_ is None:
        return None
    from watcher.teams import Teams

    teams = {team.id: team for team in Teams(store, config.teams).all(clock_from().now())}
    known("team", id_, teams)
    return teams[id_]


def _spare(store: "Store", out: Path) -> None:
    """Refuse to write over what an editor wrote and nobody has kept."""
    from watcher.brief import unkept
    from watcher.render.brief.markdown import ReturnedError, returned

    if not out.exists() or out.suffix.lower() not in (".md", ".markdown"):
        return
    try:
        lost = unkept(store, returned(bytes_of(str(out))))
    except (ReturnedError, ValueError):
        lost = out.stat().st_size > 0
    if lost:
        raise click.UsageError(
            f"{out} holds changes that are not kept: `watcher brief keep {out}` first, "
            "or name another file"
        )


COMMANDS = (brief,)
