"""The registrar of teams as commands ask it, and what they name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from watcher.cli.listings import opened
from watcher.clock import clock_from
from watcher.errors import ConfigError

if TYPE_CHECKING:
    from watcher.teams import Registrar

team_id = click.argument("team", metavar="TEAM")
one_subscription = click.option("--subscription", metavar="ID", help="Only this subscription.")


@contextmanager
def registrar(path: str) -> "Iterator[tuple[Registrar, datetime]]":
    """What is refused is said in the words of `watcher check`, and exits with 2 like bad usage."""
    from watcher.teams import Registrar

    with opened(path) as (config, store):
        try:
            yield Registrar(store, config), clock_from().now()
        except ConfigError as exc:
            raise click.ClickException("\n       ".join(exc.problems)) from exc
