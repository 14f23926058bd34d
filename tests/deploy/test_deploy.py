"""What deploy/ starts is what the command line takes, and the files stay safe to hand on."""

import json
import re
import shlex
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.real import ROOT

DEPLOY = ROOT / "deploy"


def unit() -> dict[str, list[str]]:
    """Every key of the unit with all its values; a unit may name a key twice, an INI file may not."""
    values = defaultdict(list)
    for line in (DEPLOY / "watcher.service").read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            values[name].append(value)
    return values


def dockerfile() -> list[tuple[str, str]]:
    """Instructions with their arguments, continued lines joined."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines]


def unit_command() -> list[str]:
    [line] = unit()["ExecStart"]
    return shlex.split(line)


def container_command() -> list[str]:
    [command] = [json.loads(words) for name, words in dockerfile() if name == "CMD"]
    assert isinstance(command, list)
    return command


# ---------------------------------------------------------------- the commands


@pytest.mark.parametrize("command", [unit_command(), container_command()], ids=["unit", "image"])
def test_the_command_line_takes_what_is_started(command: list[str], tmp_path: Path) -> None:
    """Run for real on a faulty file: it must get as far as the file, and say that it is wrong."""
    from click.testing import CliRunner

    from watcher.cli import cli
    from watcher.errors import ConfigError

    program, *words = command
    assert Path(program).name == "watcher"
    assert words[0] == "--config"
    faulty = tmp_path / "sources.yaml"
    faulty.write_text("sources: []\nevry: 5m\n", encoding="utf-8")
    words[words.index("/etc/watcher/sources.yaml")] = str(faulty)
    result = CliRunner().invoke(cli, words)
    assert isinstance(result.exception, ConfigError), result.output
    assert "evry" in str(result.exception)


def test_the_program_has_the_name_the_package_installs() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["scripts"]) == {"watcher"}


# ---------------------------------------------------------------- the unit


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing")
    text = (DEPLOY / "watcher.service").read_text(encoding="utf-8")
    installed = tmp_path / "watcher.service"  # as if the program were where the unit says
    installed.write_text(text.replace("/opt/watcher/bin/watcher", "/bin/true"), encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(installed)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    ours = [line for line in checked.stderr.splitlines() if "watcher.service" in line]
    assert ours == []
    assert checked.returncode == 0


def test_systemd_takes_the_drop_in_for_rendering(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing")
    text = (DEPLOY / "watcher.service").read_text(encoding="utf-8")
    installed = tmp_path / "watcher.service"
    installed.write_text(text.replace("/opt/watcher/bin/watcher", "/bin/true"), encoding="utf-8")
    folder = tmp_path / "watcher.service.d"
    folder.mkdir()
    shutil.copy(DEPLOY / "rendering.conf", folder)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(installed)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert [line for line in checked.stderr.splitlines() if "rendering.conf" in line] == []


def test_the_drop_in_allows_what_the_unit_forbids_chromium() -> None:
    """The calls that its sandbox was seen to make: clone and unshare with these, chroot, capset."""
    text = (DEPLOY / "rendering.conf").read_text(encoding="utf-8")
    assert unit()["RestrictNamespaces"] == ["yes"]
    assert "~@privileged @obsolete" in unit()["SystemCallFilter"]
    assert {"RestrictNamespaces=user pid net", "SystemCallFilter=chroot capset"} <= set(
        text.splitlines()
    )


def test_the_unit_stops_in_time_and_starts_again() -> None:
    values = unit()
    assert values["TimeoutStopSec"] == ["15"]
    assert values["Restart"] == ["on-failure"]
    assert values["RestartPreventExitStatus"] == ["2"]  # a faulty sources.yaml stays faulty
    assert values["StateDirectory"] == ["watcher"]
    assert values["User"] not in ([], ["root"])


def test_the_daemon_stops_before_systemd_loses_patience() -> None:
    from watcher.daemon import STOP_WITHIN

    assert int(unit()["TimeoutStopSec"][0]) > STOP_WITHIN


# ---------------------------------------------------------------- the image


def test_the_image_runs_as_nobody_in_particular() -> None:
    steps = dockerfile()
    users = [words for name, words in steps if name == "USER"]
    assert users == ["watcher"]
    assert ("VOLUME", "/state") in steps
    assert ("ARG", "BASE=python:3.11-slim") in steps and ("FROM", "${BASE}") in steps


def test_the_image_is_built_from_files_that_are_there_and_let_in() -> None:
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    named = [line.removeprefix("!") for line in let_in if line.startswith("!")]
    assert "*" in let_in
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert {"requirements.lock", "pyproject.toml", "watcher"} <= set(named)


# ---------------------------------------------------------------- what is handed on


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_no_secret_and_no_registry_is_written_down(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"xox[abp]-\w|hooks\.slack\.com", text)
    assert not re.search(r"(docker|ghcr|quay|gcr|pypi|pythonhosted)\.(io|org|com)", text)


def test_every_secret_of_the_example_is_one_that_a_configuration_can_name() -> None:
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    names = re.findall(r"^#?([A-Z_]+)=", text, re.M)
    assert "SLACK_BOT_TOKEN" in names
    for name in names:
        assert f"env:{name}" in text, f"{name} is not said to belong to a key"


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "Copyright 2026 the watcher authors" in text
    assert all(f"\n   {number}. " in text for number in range(1, 10))
    assert "[yyyy]" not in text
