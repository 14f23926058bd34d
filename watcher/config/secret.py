"""Credentials are named in sources.yaml, never written there: env:NAME or file:PATH."""

import re
from collections.abc import Mapping
from pathlib import Path

from watcher.settings import Secret

_LARGEST = 64 * 1024


def read_secret(text: str, folder: Path, environ: Mapping[str, str]) -> Secret:
    """The credential that `text` names; ValueError without its value where there is none.

    Files are relative to `folder`; blanks and line breaks around the value are dropped.
    """
    kind, _, name = text.partition(":")
    if kind == "env" and re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        value = environ.get(name)
        if value is None:
            raise ValueError(f"environment variable {name} is not set")
        return Secret(_clean(value, f"environment variable {name}"), text)
    if kind == "env":  # not quoted: it may be the secret, written behind env:
        raise ValueError("write env:NAME with the name of a variable, such as env:SLACK_BOT_TOKEN")
    if kind == "file" and name.strip():
        return Secret(_clean(_content(folder / name.strip(), name), f"secret file {name!r}"), text)
    raise ValueError("write env:NAME or file:PATH, not the secret itself")


def _content(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode()
    except UnicodeDecodeError:
        raise ValueError(f"secret file {name!r} is not text") from None
    except OSError as exc:
        raise ValueError(f"secret file {name!r} cannot be read: {exc.strerror}") from None
    except ValueError:  # a NUL in the path
        raise ValueError(f"secret file {name!r} cannot be read") from None


def _clean(value: str, origin: str) -> str:
    value = value.strip()
    if not value:
        raise ValueError(f"{origin} is empty")
    if not value.isprintable():
        raise ValueError(f"{origin} holds a line break or a control character")
    return value
