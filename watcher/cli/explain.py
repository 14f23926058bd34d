"""The `explain` command: why a paper is what it is said to be, and who heard of it or not."""

from dataclasses import asdict

import click

from watcher.cli.listings import ROW_ID, as_json, known, opened, say, show_lines, width
from watcher.clock import clock_from


@click.command()
@click.argument("document", metavar="ID", type=ROW_ID)
@click.option("--team", help="Only whether this team heard of it.")
@as_json
@click.pass_obj
def explain(path: str, document: int, team: str | None, as_json: bool) -> None:
    """Say why paper ID has its sector, stage, bodies and deadline, and who heard of it or not."""
    from watcher.classify import load_rules
    from watcher.explain import explain as reasons
    from watcher.teams import Teams

    with opened(path) as (config, store):
        now = clock_from().now()
        everyone = Teams(store, config.teams).all(now)
        if team is not None:
            known("team", team, [each.id for each in everyone])
        found = store.papers.newest(ids=[document])
        if not found:
            raise click.UsageError(f"no paper {document}; `watcher items` lists them")
        teams = [each for each in everyone if team in (None, each.id)]
        why = reasons(store, config, load_rules(config.rules), found[0], teams, now)
    if as_json:
        said = asdict(why)
        paper = said.pop("document")
        kept = ("id", "title", "url", "source_id", "published", "classification")
        say({**{name: paper[name] for name in kept}, **said})
        return
    from watcher.render.explain import explanation_lines

    show_lines(explanation_lines(why, config.timezone, width()))


COMMANDS = (explain,)
