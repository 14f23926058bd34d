"""Real pages and texts stand beside the checkout, in ../shared; they are read, never copied."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
STRICT = os.environ.get("WATCHER_TEST_STRICT") == "1"


def absent(what: str) -> None:
    """Skip the test with a visible reason; under WATCHER_TEST_STRICT=1 fail it instead."""
    if STRICT:
        pytest.fail(f"{what} is missing, and WATCHER_TEST_STRICT=1 forbids skipping")
    pytest.skip(f"{what} is missing")


def shared(relative: str) -> Path:
    """A path below ../shared that exists."""
    path = SHARED / relative
    if not path.exists():
        absent(f"../shared/{relative}")
    return path
