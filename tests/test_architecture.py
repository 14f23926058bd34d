"""Imports point down: a room knows the floors below it and the rooms named before it on its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real import ROOT

PACKAGE = ROOT / "watcher"
FLOORS = [
    ["errors", "settings", "posting", "model", "compiled", "text", "clock", "workdays"],
    [
        "extract",
        "facts",
        "gloss",
        "identity",
        "detect",
        "classify",
        "correct",
        "diff",
        "link",
        "due",
        "route",
        "rank",
        "render",
        "glance",
    ],
    ["logs", "sandbox", "fetch", "store", "notify", "translate"],
    [
        "config",
        "heard",
        "teams",
        "understand",
        "reread",
        "explain",
        "titles",
        "gather",
        "files",
        "health",
        "probe",
        "greet",
        "remind",
        "poll",
        "follow",
        "brief",
        "followup",
        "wording",
        "deliver",
        "interact",
        "backfill",
        "parts",
    ],
    ["crew", "daemon", "demo"],
    ["cli"],
    ["__main__"],
]
ORDER = {room: n for n, room in enumerate(room for floor in FLOORS for room in floor)}
ONLY_IN = {
    "httpx": ("fetch", "notify", "translate"),
    "apprise": ("notify",),
    "httpcore": ("fetch",),
    "protego": ("fetch",),
    "apscheduler": ("daemon",),
    "slack_sdk": ("notify",),
    "websockets": ("notify",),
    "smtplib": ("notify",),
    "imaplib": ("fetch",),
    "imap_tools": ("fetch",),
    "playwright": ("fetch",),
    "sqlalchemy": ("store",),
}
LINES = 420


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names of everything imported, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms(tree: ast.AST) -> set[str]:
    names = (name.split(".") for name in imported(tree))
    return {parts[1] for parts in names if parts[0] == "watcher" and len(parts) > 1} - {
        "__version__"
    }


def upward(room: str, others: set[str]) -> list[str]:
    return sorted(other for other in others - {room} if ORDER[other] >= ORDER[room])


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    room = room_of(path)
    assert room in ORDER, f"{room} has no floor: name it in FLOORS"
    assert upward(room, rooms(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_outside_libraries_keep_to_their_room(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(ast.parse(path.read_text(encoding="utf-8")))}
    strays = {lib for lib, owners in ONLY_IN.items() if lib in tops and room_of(path) not in owners}
    assert strays == set()


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize(
    ("room", "source", "expected"),
    [
        ("poll", "from watcher.store import Store", []),
        ("store", "from watcher.poll import poll", ["poll"]),
        ("extract", "def f() -> None:\n    import watcher.render.alert", ["render"]),
        ("detect", "from watcher import extract, store", ["store"]),
    ],
)
def test_the_rule_bites(room: str, source: str, expected: list[str]) -> None:
    assert upward(room, rooms(ast.parse(source))) == expected
