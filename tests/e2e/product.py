"""The real product as a process: a folder with a configuration, a daemon that can be stopped and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

WATCHER = (sys.executable, "-m", "watcher")
RATE = 240
"""A minute of the product's clock takes a quarter of a second."""


@dataclass
class Product:
    """One installation below `folder`. `settings` becomes its sources.yaml."""

    folder: Path
    settings: Mapping[str, Any]
    environ: Mapping[str, str] = field(default_factory=dict)
    rate: float = RATE
    anchor: datetime = field(default_factory=lambda: datetime.now(UTC))
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        settings = dict(self.settings)
        # messages are counted: a greeting only where a test is about it
        settings["teams"] = [{"greet": False, **team} for team in settings.get("teams", ())]
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")

    @property
    def config(self) -> Path:
        return self.folder / "sources.yaml"

    @property
    def log(self) -> str:
        path = self.folder / "daemon.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def told(self) -> str:
        """What console targets were shown."""
        path = self.folder / "console.txt"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _environ(self) -> dict[str, str]:
        clock = {
            "WATCHER_CLOCK_RATE": str(self.rate),
            "WATCHER_CLOCK_ANCHOR": self.anchor.isoformat(),
        }
        return {**os.environ, **clock, **self.environ}

    def start(self, *, ready: bool = False) -> subprocess.Popen[bytes]:
        """Start the daemon; with `ready`, come back when its loops run."""
        before = self.log.count('"watching ')
        with (
            (self.folder / "daemon.log").open("ab") as log,
            (self.folder / "console.txt").open("ab") as console,
        ):
            self.process = subprocess.Popen(
                [*WATCHER, "--config", str(self.config), "run"],
                env=self._environ(),
                stdout=console,
                stderr=log,
            )
        if ready:
            self.wait(lambda: self.log.count('"watching ') > before, "the daemon to be ready")
        return self.process

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask the daemon to end as systemd would; it has ten seconds."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=10)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*WATCHER, "--config", str(self.config), *words],
            env=self._environ(),
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """What a listing says with --json."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait(self, until: Callable[[], object], what: str, seconds: float = 60) -> None:
        """Look every 50 ms until `until` holds; fail with the end of the log when it never does."""
        end = time.monotonic() + seconds
        while not until():
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(
                    f"the daemon exited {self.process.returncode} while waiting for {what}\n"
                    + self.log[-3000:]
                )
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {what}\n{self.log[-3000:]}")
            time.sleep(0.05)


def team(
    name: str, to: Mapping[str, str], sectors: Sequence[str] = (), **more: object
) -> dict[str, Any]:
    subscription = {"id": "all", "sectors": list(sectors), **more}
    return {"id": name, "to": [dict(to)], "subscriptions": [subscription]}
