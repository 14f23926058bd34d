"""What people see, kept as files: `WATCHER_REFRESH_GOLDEN=1 pytest tests/render` rewrites them.

Read the difference before committing it.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.render.lamps import DIGEST, NEW_DRAFT, NEW_FINAL, NOW
from watcher.model import Alert, Message
from watcher.render import render_alerts, render_notice, render_terminal

GOLDEN = Path(__file__).parent / "golden"
REFRESH = os.environ.get("WATCHER_REFRESH_GOLDEN") == "1"
LATER = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def compare(name: str, content: str) -> None:
    path = GOLDEN / name
    if REFRESH:
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert path.exists(), f"{name} is missing: WATCHER_REFRESH_GOLDEN=1 writes it"
    assert content == path.read_text(encoding="utf-8")


def in_files(name: str, kind: str, message: Message) -> None:
    match kind:
        case "slack":
            shown = {"text": message.subject, "blocks": message.blocks}
            compare(f"{name}.slack.json", json.dumps(shown, ensure_ascii=False, indent=1) + "\n")
        case "email":
            compare(f"{name}.mail.txt", f"Subject: {message.subject}\n\n{message.text}\n")
            compare(f"{name}.mail.html", f"{message.html}\n")
        case _:
            compare(f"{name}.console.txt", message.text + "\n")


@pytest.mark.parametrize("kind", ["slack", "email", "console"])
@pytest.mark.parametrize(
    ("name", "alerts", "now"),
    [
        ("draft", (NEW_DRAFT,), NOW),
        ("final", (NEW_FINAL,), LATER),
        ("digest", DIGEST, NOW),
    ],
)
def test_alerts(name: str, alerts: tuple[Alert, ...], now: datetime, kind: str) -> None:
    in_files(name, kind, render_alerts(kind, alerts, now))


@pytest.mark.parametrize("kind", ["slack", "email", "console"])
def test_notice(kind: str) -> None:
    lines = ["lamp-tzgg: blocked since Tue 6 Oct (412, a challenge page)", "gov.cn stands in"]
    in_files("notice", kind, render_notice(kind, "1 source cannot be read", lines))


@pytest.mark.parametrize(("width", "colour"), [(80, True), (120, False)])
def test_terminal(width: int, colour: bool) -> None:
    text = render_terminal(NEW_DRAFT, width, colour, now=NOW)
    compare(f"draft.{width}{'.colour' if colour else ''}.txt", text.replace("\x1b", "ESC") + "\n")
