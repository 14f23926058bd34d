"""`watcher deadlines` and `watcher coverage`: what is open, and whether a silence can be trusted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.flows.house import DRAFT, OLD, TEXT, house, listing, paper, source
from tests.loopback import Loopback
from watcher import config as configuration
from watcher.cli import cli

DAY = "2026-11-10T12:00:00+00:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration file and the state it leads to: one draft was found, read and told."""
    folder = tmp_path_factory.mktemp("calendar")
    with Loopback({"/list.html": listing(*OLD), DRAFT[0]: paper(DRAFT[1], *TEXT)}) as site:
        lamps = source(site)
        entry = {"id": lamps.id, "name": lamps.name, "kind": lamps.kind, "url": lamps.url}
        teams: list[dict[str, Any]] = [
            {"id": "law", "subscriptions": [{"id": "all"}]},
            {"id": "power", "subscriptions": [{"id": "s", "sectors": ["energy"]}]},
        ]
        path = folder / "sources.yaml"
        path.write_text(yaml.safe_dump({"sources": [entry], "teams": teams}), encoding="utf-8")
        config = configuration.load(path)
        with house(config.state, sources=[lamps], site=site, config=config) as home:
            home.poll()
            site.routes["/list.html"] = listing(DRAFT, *OLD)
            home.poll(days=7)
            home.read()
            home.deliver()
    yield folder


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str, at: str = DAY) -> Result:
    monkeypatch.setenv("WATCHER_CLOCK_ANCHOR", at)
    monkeypatch.setenv("WATCHER_CLOCK_RATE", "1e-12")
    return CliRunner().invoke(
        cli, ["--config", str(folder / "sources.yaml"), *words], catch_exceptions=False,
        standalone_mode=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "at", "left"),
    [
        ((), DAY, [22]),
        (("--days", "22"), DAY, [22]),
        (("--days", "21"), DAY, []),
        (("--sector", "data-security"), DAY, [22]),
        (("--sector", "energy"), DAY, []),
        (("--team", "law"), DAY, [22]),
        (("--team", "power"), DAY, []),
        ((), "2026-12-02T15:59:00+00:00", [0]),
        ((), "2026-12-02T16:01:00+00:00", []),
    ],
)
def test_deadlines(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], at: str, left: list[int]
) -> None:
    said = run(folder, monkeypatch, "deadlines", *words, "--json", at=at).stdout
    rows = [json.loads(line) for line in said.splitlines()]
    assert [row["days_left"] for row in rows] == left
    assert {row["deadline"] for row in rows} <= {"2026-12-02"}
    assert {row["title"] for row in rows} <= {DRAFT[1]}


def test_deadlines_for_people(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run(folder, monkeypatch, "deadlines").stdout
    assert said.splitlines()[0].split() == ["id", "until", "left", "bodies", "sector"]
    assert "2026-12-02" in said and "22 days left" in said
    none = run(folder, monkeypatch, "deadlines", "--team", "power")
    assert "nothing that fits closes within 30 days" in none.output


@pytest.mark.parametrize("command", ["deadlines", "coverage"])
def test_an_unknown_team_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    from click import UsageError

    with pytest.raises(UsageError, match="no team 'lav'; nearest: law"):
        run(folder, monkeypatch, command, "--team", "lav")


def test_coverage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.loads(run(folder, monkeypatch, "coverage", "--json").stdout)
    assert said == {
        "since": "2026-11-03T12:00:00+00:00",
        "sources": 1,
        "unread": ["lamps"],  # for more than a day
        "new": 1,
        "heard": {"law": {"sent": 1, "owed": 0}, "power": {"sent": 0, "owed": 0}},
    }
    team = json.loads(run(folder, monkeypatch, "coverage", "--team", "power", "--json").stdout)
    assert team["heard"] == {"power": {"sent": 0, "owed": 0}}


def test_coverage_for_people(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run(folder, monkeypatch, "coverage", "--team", "power", "--since", "12h").stdout
    assert said.splitlines() == [
        "since 2026-11-10 08:00 CST",
        "0 of 1 sources read; 灯具局 unread since Monday.",
        "0 new papers came",
        "power: told of 0",
    ]
    week = run(folder, monkeypatch, "coverage").stdout
    assert "1 new paper came" in week.splitlines()
