"""The command line: one function per command; every expected error becomes an exit code and a sentence."""

import os
import sys
import traceback

import click

from watcher import __version__
from watcher.cli import (
    brief,
    deadlines,
    deliveries,
    explain,
    files,
    labels,
    links,
    listings,
    probe,
    replay,
    rules,
    sources,
    teams,
    work,
)
from watcher.errors import ConfigError, ExtractError, WatcherError

FINE, FAILED, USAGE, BUG = 0, 1, 2, 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="watcher")
@click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False),
    default="sources.yaml",
    show_default=True,
    envvar="WATCHER_CONFIG",
    help="The file that says what is watched and who hears of it.",
)
@click.pass_context
def cli(context: click.Context, path: str) -> None:
    """Know what China's ministries have published, whom it concerns, and what changed."""
    context.obj = path


for command in (
    *work.COMMANDS,
    *probe.COMMANDS,
    *sources.COMMANDS,
    *teams.COMMANDS,
    *listings.COMMANDS,
    *deadlines.COMMANDS,
    *deliveries.COMMANDS,
    *explain.COMMANDS,
    *brief.COMMANDS,
    *labels.COMMANDS,
    *links.COMMANDS,
    *rules.COMMANDS,
    *replay.COMMANDS,
    *files.COMMANDS,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    sys.exit(_main())


def _main() -> int:
    try:
        result = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return 130
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.ClickException as exc:
        exc.show()
        if isinstance(exc, click.NoSuchOption) and exc.option_name == "--config":
            click.echo("put --config before the command: watcher --config FILE check", err=True)
        return USAGE
    except ConfigError as exc:
        for problem in exc.problems:
            click.echo(problem, err=True)
        count = len(exc.problems)
        click.echo(f"{count} problem{'s' if count != 1 else ''}; nothing was started", err=True)
        return USAGE
    except ExtractError as exc:
        click.echo(f"{exc.reason.value} {str(exc).partition(': ')[2]}", err=True)
        return FAILED
    except WatcherError as exc:
        click.echo(f"watcher: {exc}", err=True)
        return FAILED
    except BrokenPipeError:  # the reader of our output went away (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130
    except OSError as exc:  # our own output, or a file named on the command line
        click.echo(f"watcher: {exc}", err=True)
        return FAILED
    except Exception:  # noqa: BLE001 - the last door: the traceback is printed, the code says bug
        traceback.print_exc()
        click.echo("watcher: this is a bug; please report it with the lines above", err=True)
        return BUG
    return result if isinstance(result, int) else FINE
