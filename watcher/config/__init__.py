"""sources.yaml and the environment to a frozen `Config`, or every fault at once with its line."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from watcher.config.build import build
from watcher.config.codes import read_codes
from watcher.config.crosscheck import crosscheck
from watcher.config.notes import notes
from watcher.config.schema import Door, File, ReadingEntry, read
from watcher.config.tree import Fault, Tree, parse, printable
from watcher.errors import ConfigError
from watcher.settings import Config, DetailRule, Rule

__all__ = ["load", "load_reading", "notes"]

_LARGEST = 4 * 1024 * 1024


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Read and check the file; ConfigError lists every fault, sorted by line.

    Relative paths in it (state, rules, file:…) start from its folder. Secrets are looked up now,
    so that a missing one stops the start and not the first alert.
    """
    tree = _tree(path, "expected keys and values, such as sources: and teams:")
    folder = path.absolute().parent
    codes = read_codes(tree, folder)
    door = Door(folder=folder, environ=environ, sectors=codes.sectors, bodies=codes.bodies)
    file = read(tree, door, File)
    faults = [*tree.faults, *codes.faults, *crosscheck(tree)]
    if isinstance(file, list):
        faults += file
    if isinstance(file, list) or faults or codes.problems:
        raise _error(path, faults, codes.problems)
    config = build(file, path)
    teams = [
        replace(team, line=tree.lines.get(("teams", n), 0)) for n, team in enumerate(config.teams)
    ]
    return replace(config, teams=tuple(teams))


def load_reading(path: Path) -> tuple[Rule, DetailRule]:
    """Read a file with `rule:` and `detail:` as a source has them; ConfigError lists every fault."""
    tree = _tree(path, "expected rule: and detail:, as a source has them")
    door = Door(folder=path.absolute().parent, environ={}, sectors={}, bodies={})
    found = read(tree, door, ReadingEntry)
    if isinstance(found, list) or tree.faults:
        raise _error(path, [*tree.faults, *(found if isinstance(found, list) else [])])
    return Rule(**found.rule.given()), DetailRule(**found.detail.given())


def _tree(path: Path, expected: str) -> Tree:
    tree = parse(_text(path))
    if not isinstance(tree.value, dict):
        raise _error(path, tree.faults or [tree.fault((), expected)])
    return tree


def _error(path: Path, faults: list[Fault], others: tuple[str, ...] = ()) -> ConfigError:
    own = [f"{path}:{f.line}: {f.path}: {printable(f.problem)}" for f in sorted(set(faults))]
    return ConfigError([*own, *others])


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST + 1)
    except FileNotFoundError:
        problem = (
            "no such file; name your sources.yaml, or start from the one that comes with watcher"
        )
        raise _error(path, [Fault(0, "(file)", problem)]) from None
    except OSError as exc:
        problem = f"cannot be read: {exc.strerror}"
        raise _error(path, [Fault(0, "(file)", problem)]) from None
    if len(body) > _LARGEST:
        raise _error(path, [Fault(0, "(file)", f"larger than {_LARGEST // 2**20} MB")])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = body.count(b"\n", 0, exc.start) + 1
        raise _error(path, [Fault(line, "(file)", "not UTF-8; save the file as UTF-8")]) from None
