"""What a command is given: a file or standard input to read, and who gives it."""

import getpass
import sys
from pathlib import Path

import click

MOST_BYTES = 50_000_000


def bytes_of(path: str) -> bytes:
    """The bytes of a file, of standard input for `-`. Raises UsageError when there are none or too many."""
    if path == "-":
        body = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise click.UsageError(f"standard input: larger than {MOST_BYTES // 1_000_000} MB")
        return body
    try:
        file = Path(path)
        if file.stat().st_size > MOST_BYTES:
            raise click.UsageError(f"{path}: larger than {MOST_BYTES // 1_000_000} MB")
        return file.read_bytes()
    except OSError as exc:
        raise click.UsageError(f"{path}: {exc.strerror}") from exc


def person(by: str | None) -> str:
    """Who does this: whom --by names, else the user who runs the command."""
    try:
        name = (getpass.getuser() if by is None else by).strip()
    except (KeyError, OSError) as exc:  # a container's user may have no name
        raise click.UsageError("this user has no name; say --by NAME") from exc
    if not name or not name.isprintable():
        raise click.UsageError(f"--by {name!r}: name a person")
    return name
