"""The `replay` command: what changed rules would make of the papers known; and reading them again."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.listings import age, as_json, known, opened, say, show_lines, width
from watcher.clock import clock_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watcher.model import Document
    from watcher.reread import Difference
    from watcher.settings import Config, Team
    from watcher.store import Store


@click.command()
@click.option(
    "--rules",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The changed rules to compare with those in force.",
)
@click.option("--since", metavar="DAY|AGE", help="Only papers first seen since 2026-11-01, or 30d.")
@click.option("--team", help="Only what this team would hear.")
@click.option(
    "--apply", "apply_", is_flag=True, help="Read history again under the rules in force."
)
@as_json
@click.pass_obj
def replay(
    path: str,
    file: Path | None,
    since: str | None,
    team: str | None,
    apply_: bool,
    as_json: bool,
) -> None:
    """Show what would have alerted whom under changed rules; nothing is sent, nothing is written.

    With --apply papers that other rules concluded are read again under the rules of the
    configuration, as the daemon does by itself; nobody is alerted.
    """
    if apply_ == (file is not None):
        raise click.UsageError("say either --rules FILE, to compare, or --apply")
    if apply_ and (since or team):
        raise click.UsageError("--apply reads all papers again: --since and --team compare only")
    with opened(path) as (config, store):
        if file is None:
            _apply(config, store, as_json=as_json)
        else:
            _compare(config, store, file, _since(since), team, as_json=as_json)


def _apply(config: "Config", store: "Store", *, as_json: bool) -> None:
    from watcher import reread
    from watcher.classify import load_rules
    from watcher.understand import Understanding

    understanding = Understanding(store, load_rules(config.rules), config.teams)
    done = reread.apply(store, understanding, config.sources_by_id, clock_from())
    if as_json:
        say({"read": done.read, "changed": done.changed})
        return
    click.echo(
        f"{_papers(done.read)} read again; {_papers(len(done.changed))} labelled otherwise now"
    )


def _compare(
    config: "Config",
    store: "Store",
    file: Path,
    since: datetime | None,
    team: str | None,
    *,
    as_json: bool,
) -> None:
    from watcher import reread
    from watcher.classify import load_rules

    teams = _teams(config, store, team)
    counted = _Counted()
    found = list(
        reread.compare(
            counted.each(store.papers.every(since)),
            load_rules(config.rules),
            load_rules(file),
            teams,
            store.labels.standing(),
        )
    )
    rows = [_row(difference) for difference in found]
    if as_json:
        for row in rows:
            say(row)
        return
    from watcher.render.explain import replay_lines

    show_lines(replay_lines(rows, counted.number, [t.id for t in teams], width()))


class _Counted:
    """Counts papers as they pass."""

    def __init__(self) -> None:
        self.number = 0

    def each(self, papers: "Iterable[Document]") -> "Iterator[Document]":
        for paper in papers:
            self.number += 1
            yield paper


def _teams(config: "Config", store: "Store", team: str | None) -> "tuple[Team, ...]":
    from watcher.teams import Teams

    everyone = Teams(store, config.teams).all(clock_from().now())
    if team is None:
        return everyone
    known("team", team, [each.id for each in everyone])
    return tuple(each for each in everyone if each.id == team)


def _row(difference: "Difference") -> dict[str, Any]:
    document, label, other = (
        difference.document,
        difference.document.classification,
        difference.changed.classification,
    )
    return {
        "id": document.id,
        "title": document.title,
        "published": document.published,
        "before": {"primary": label.primary, "secondary": label.secondary, "score": label.score},
        "after": {"primary": other.primary, "secondary": other.secondary, "score": other.score},
        "more": [dict(zip(_HEARD, one, strict=True)) for one in difference.more],
        "less": [dict(zip(_HEARD, one, strict=True)) for one in difference.less],
    }


_HEARD = ("team", "subscription", "reason")


def _since(text: str | None) -> datetime | None:
    """Read 2026-11-01 (its midnight, UTC) or an age like 30d."""
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        span = age(text)
        return clock_from().now() - span if span else None


def _papers(number: int) -> str:
    return f"{number} paper{'' if number == 1 else 's'}"


COMMANDS = (replay,)
