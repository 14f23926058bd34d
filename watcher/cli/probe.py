"""The `probe` command: what watcher would see at an address, and the YAML that makes it look there."""

import logging
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.listings import known, say, show_lines, width
from watcher.clock import clock_from

if TYPE_CHECKING:
    from watcher.probe import Recorder
    from watcher.render.probe import Sheet
    from watcher.settings import Config, Network, Source


@click.command()
@click.argument("what", metavar="URL|SOURCE")
@click.option(
    "--kind",
    type=click.Choice(["listing", "feed", "endpoint", "brief"]),
    help="Read it as this; else it is found out.",
)
@click.option(
    "--allow",
    metavar="CIDR",
    multiple=True,
    help="Inner addresses that may be fetched from, on top of network.allow_addresses.",
)
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the bytes that were fetched in this folder, new or empty, with an index.yaml.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def probe(
    path: str, what: str, kind: str | None, allow: tuple[str, ...], save: Path | None, as_json: bool
) -> int:
    """Fetch a list twice; show what would be read, what is unstable, and the YAML to paste.

    An address needs no configuration; the network settings of one that is there are used. A
    source is read as it is configured. Exit code 1: it cannot be watched as it is.
    """
    from watcher.config.entries import CHINA
    from watcher.identity import address_identity
    from watcher.logs import start_logs
    from watcher.probe import Prober, Recorder
    from watcher.render.probe import probe_lines

    start_logs(level=logging.ERROR)  # what failed is said in the command's own answer
    config = _config(path)
    if save is not None and save.exists() and any(save.iterdir()):
        raise click.UsageError(f"--save {save}: the folder is not empty; nothing is overwritten")
    fetcher = Recorder(_network(config, allow), clock_from())
    prober = Prober(
        fetcher=fetcher,
        watched={address_identity(s.url): s.id for s in config.sources} if config else {},
        zone=config.timezone if config else CHINA,
        progress=_progress,
    )
    try:
        if "://" in what:
            sheet = prober.address(_address(what), kind)
        else:
            sheet = prober.source(_source(config, path, what, kind))
    finally:
        fetcher.close()
    if as_json:
        say(asdict(sheet))
    else:
        show_lines(probe_lines(sheet, width()))
    _save(fetcher, save)
    return _verdict(sheet)


def _config(path: str) -> "Config | None":
    """The configuration; None when there is none: an address can do without."""
    from watcher import config as configuration

    if not Path(path).exists():
        return None
    return configuration.load(Path(path))


def _network(config: "Config | None", allow: tuple[str, ...]) -> "Network":
    from watcher.config import values
    from watcher.settings import Network

    try:
        allowed = tuple(values.network(one) for one in allow)
    except ValueError as exc:
        raise click.UsageError(f"--allow: {exc}") from None
    network = config.network if config else Network()
    return replace(network, allow_addresses=(*network.allow_addresses, *allowed))


def _address(text: str) -> str:
    from watcher.config import values

    try:
        return values.url(text.strip())
    except ValueError as exc:
        raise click.UsageError(f"URL: {exc}") from None


def _source(config: "Config | None", path: str, what: str, kind: str | None) -> "Source":
    if config is None:
        raise click.UsageError(
            f"{what!r} is no address (https://…), and there is no {path} to name a source"
        )
    known("source", what, config.sources_by_id)
    source = config.sources_by_id[what]
    if kind is not None:
        raise click.UsageError("--kind is for an address; a source says its kind itself")
    if source.kind == "mailbox":
        raise click.UsageError(f"{what} is a mailbox; `watcher poll {what}` reads it")
    return source


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"… {text}", err=True)


def _save(fetcher: "Recorder", folder: Path | None) -> None:
    if folder is None:
        return
    paths = fetcher.save(folder)
    click.echo(f"{len(paths) - 1} answers kept in {folder}", err=True)


def _verdict(sheet: "Sheet") -> int:
    if sheet.trouble is None:
        return 0
    from watcher.render.scraped import clean

    click.echo(f"{sheet.trouble.reason} {clean(sheet.trouble.message)}", err=True)
    return 1


COMMANDS = (probe,)
