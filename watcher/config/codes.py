"""The codes that sources.yaml may name: sectors (the user's own rule file included) and bodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watcher.config import values
from watcher.config.tree import Fault, Tree
from watcher.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    bodies: Mapping[str, tuple[str, ...]]
    """Code to names."""
    sectors: Mapping[str, tuple[str, ...]] | None
    """None: not known because the user's rule file cannot be read."""
    faults: tuple[Fault, ...] = ()
    problems: tuple[str, ...] = ()
    """Faults of the rule file itself, already with its name and line."""


def read_codes(tree: Tree, folder: Path) -> Codes:
    # heavy: an automaton and its tables, wanted only once a file is worth checking
    from watcher.classify import sector_names
    from watcher.facts.bodies import BODIES

    bodies = {code: (*body.zh, *body.en) for code, body in BODIES.items()}
    named = tree.value.get("rules") if isinstance(tree.value, dict) else None
    if not isinstance(named, str):
        return Codes(bodies=bodies, sectors=sector_names())
    try:
        path = folder / values.line(named)
        if not path.is_file():
            raise ValueError(f"no such file {values.quoted(named)}")
        return Codes(bodies=bodies, sectors=sector_names(path))
    except (ValueError, OSError) as exc:
        words = str(exc) if isinstance(exc, ValueError) else f"cannot be read: {exc.strerror}"
        fault = tree.fault(("rules",), words)
        return Codes(bodies=bodies, sectors=None, faults=(fault,))
    except ConfigError as exc:
        return Codes(bodies=bodies, sectors=None, problems=tuple(exc.problems))
