"""The tour's own part, against a small stand-in for watcher; the whole of it is tested with the real one."""

import io
import re
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from tests.demo import fake_watcher
from watcher.demo.ministries import Ministries
from watcher.demo.story import NEXT, story
from watcher.demo.tour import Teller, sources_yaml, tour, tour_folder
from watcher.errors import ConfigError

TODAY = date(2026, 11, 22)
FAKE = str(Path(fake_watcher.__file__))


def command(mood: str) -> list[str]:
    return [sys.executable, FAKE, mood]


def folder_of(told: str) -> Path:
    found = re.search(r"^  folder   (\S+)", told, re.M)
    assert found is not None
    return Path(found[1])


def test_the_whole_story_is_told() -> None:
    out = io.StringIO()
    assert tour(out, seconds=2, command=command("good")) == 0
    told = out.getvalue()
    lines = told.splitlines()
    headings = [line.split()[1] for line in lines if line.startswith("── ")]
    assert headings == ["The", "1/5", "2/5", "3/5", "4/5", "5/5", "What"]
    alerts = [line for line in lines if line.startswith("alert: ")]
    assert len(alerts) == 5, "the draft, its correction, the final, and two papers of the brief"
    assert "deadline 20" in told and "stage final" in told and "sector none" in told
    assert re.search(r"^diff of doc:\d+ and doc:\d+: 14 articles$", told, re.M)
    assert "What to do next" in told
    assert "\x1b" not in told
    assert not folder_of(told).exists()
    ours = [line for line in lines if not line.startswith(("alert: ", "  folder"))]
    assert [line for line in ours if len(line) > 80] == []


@pytest.mark.parametrize(
    ("mood", "message"),
    [
        ("dead", "the daemon exited 1 before the first visit"),
        ("loud", "an alert of '日晷总局关于冬至假期值班安排的通知', which no reader asked for"),
        ("forgetful", "paper 36 was not tied to its draft 35"),
    ],
)
def test_a_tour_that_fails_says_so_and_cleans_up(mood: str, message: str) -> None:
    out = io.StringIO()
    assert tour(out, seconds=2, command=command(mood)) == 1
    assert f"The tour failed: {message}" in out.getvalue()
    assert "What to do next" not in out.getvalue()
    if mood == "dead":
        assert "the database is unusable" in out.getvalue()
    assert not folder_of(out.getvalue()).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_tour_stops_everything(number: signal.Signals) -> None:
    program = (
        "import sys; from watcher.demo.tour import tour; "
        f"sys.exit(tour(sys.stdout, seconds=60, command={command('mute')!r}))"
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if line.startswith("── 1/5"):
            process.send_signal(number)
            break
    told += process.stdout.read()
    process.stdout.close()
    assert process.wait(20) == 130
    assert "Stopped: the daemon has ended" in told
    folder = folder_of(told)
    assert not folder.exists()
    assert str(folder) not in subprocess.check_output(["ps", "axww", "-o", "args="], text=True)


def test_a_kept_folder_holds_configuration_and_log(tmp_path: Path) -> None:
    keep = tmp_path / "new" / "demo"
    out = io.StringIO()
    assert tour(out, seconds=2, keep=keep, command=command("dead")) == 1
    assert {path.name for path in keep.iterdir()} == {"sources.yaml", "daemon.log"}


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(ConfigError, match="not an empty folder"), tour_folder(tmp_path):
        pass
    assert (tmp_path / "mine.txt").exists()


def test_a_tour_takes_time() -> None:
    with pytest.raises(ValueError, match="seconds must be above 0, not 0"):
        tour(io.StringIO(), seconds=0)


def test_the_configuration_names_every_source(tmp_path: Path) -> None:
    with Ministries(TODAY) as ministries:
        text = sources_yaml(ministries, tmp_path, every=timedelta(minutes=9), port=8123)
        settings = yaml.safe_load(text)
        assert "invented" in text.splitlines()[0]
        assert [source["kind"] for source in settings["sources"]] == [*["listing"] * 4, "brief"]
        assert [s["id"] for s in settings["sources"] if "rule" in s] == ["sundial-notices"]
        assert all(s["url"].startswith(ministries.base) for s in settings["sources"])
        assert {(s["every"], s["gap"]) for s in settings["sources"]} == {("540s", "0s")}


def test_each_step_is_told_apart_by_its_row() -> None:
    """A row that satisfied two steps would let the tour go on before the second had happened."""
    rows = [
        {
            "title": "灯具局关于公开征求《智能灯具数据管理办法（征求意见稿）》意见的通知",
            "stage": "draft_for_comments",
            "deadline": deadline,
            "source": "lamp-drafts",
            "primary": "data-security",
        }
        for deadline in ("2026-12-22", "2026-12-29", None)
    ] + [
        {
            "title": title,
            "stage": stage,
            "deadline": None,
            "source": source,
            "primary": primary,
        }
        for title, stage, source, primary in [
            (
                "灯具局关于印发《智能灯具数据管理办法》的通知",
                "final",
                "lamp-papers",
                "data-security",
            ),
            ("日晷总局关于冬至假期值班安排的通知", None, "sundial-notices", "none"),
            ("Shadows may not leave without a security assessment", "final", "lantern-brief", "x"),
            ("Smart lamps may know when you are at home", "final", "lantern-brief", "x"),
        ]
    ]
    with Ministries(TODAY) as ministries:
        found = [[n for n, row in enumerate(rows) if step.seen(row)] for step in story(ministries)]
    assert found == [[0], [1], [3], [4], [5]]


def test_what_to_do_next_can_be_done() -> None:
    from watcher.cli import cli

    commands = re.findall(r"^  watcher (\w+)", NEXT, re.M)
    assert "run" in commands
    assert set(commands) <= cli.commands.keys()


def test_headings_are_bold_on_a_terminal_alone() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for out, bold in ((Terminal(), True), (io.StringIO(), False)):
        Teller(out).heading("The first visit")
        assert ("\x1b[1m" in out.getvalue()) == bold


def test_a_daemon_that_does_not_stop_cleanly_is_told_of() -> None:
    out = io.StringIO()
    assert tour(out, seconds=2, command=command("sour")) == 1
    assert "The daemon exited 4 when it was asked to stop" in out.getvalue()
