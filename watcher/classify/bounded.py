"""YAML that a user wrote, read within bounds: no file is so large, deep or folded that it hangs or crashes."""

from pathlib import Path

import yaml

from watcher.errors import ConfigError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_BYTES = 8_000_000
"""50,000 terms need a third of it."""
MOST_DEPTH = 20


def read(path: Path, what: str) -> str:
    """The text of a YAML file that is safe to give to `yaml.compose`. Raises ConfigError as `check` does."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
        text = None if len(body) > MOST_BYTES else body.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError([f"{path}:1: {what}: cannot be read: {exc}"]) from exc
    if text is None:
        raise ConfigError([f"{path}:1: {what}: larger than {MOST_BYTES // 1_000_000} MB"])
    check(text, str(path), what)
    return text


def check(text: str, name: str, what: str) -> None:
    """Refuse what would be too much for `yaml.compose` or for whoever walks its nodes.

    Aliases are refused wholly: nine lines of them unfold to a thousand million values. Deep
    nesting crashes the C loader, whose recursion has no limit. Raises ConfigError as
    `FILE:LINE: what: problem`.
    """
    depth = 0
    try:
        for event in yaml.parse(text, _LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise ConfigError(
                    [f"{name}:{line}: {what}: aliases (*name) are not allowed; write it out"]
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MOST_DEPTH:
                raise ConfigError([f"{name}:{line}: {what}: nested too deeply"])
    except yaml.YAMLError as exc:
        raise _broken(exc, name, what) from exc


def compose(text: str, name: str, what: str) -> yaml.Node | None:
    """The nodes of one YAML document; None when it is empty. Raises ConfigError as `check` does."""
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as exc:
        raise _broken(exc, name, what) from exc


def _broken(error: yaml.YAMLError, name: str, what: str) -> ConfigError:
    """What the YAML reader says, with its line."""
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    return ConfigError([f"{name}:{line}: {what}: {problem}"])
