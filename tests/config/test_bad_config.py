"""One file per fault under tests/bad_config; its first comments say what `watcher check` must answer.

# expect: LINE: path: problem, once per fault, in the order of the lines. TOKEN, HOOK and EMPTY are
variables of the environment; whatever holds "hunter2" is a secret and must not come back.
"""

from pathlib import Path

import pytest

from tests.real import ROOT
from watcher.config import load
from watcher.errors import ConfigError

FOLDER = ROOT / "tests" / "bad_config"
FILES = sorted(FOLDER.glob("*.yaml"))
ENVIRON = {"TOKEN": "xoxb-hunter2", "HOOK": "https://hooks.example.org/hunter2", "EMPTY": " "}


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, ENVIRON)
    return caught.value.problems


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_bad_config(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    mark = "# expect: "
    expected = [line.removeprefix(mark) for line in lines if line.startswith(mark)]
    found = problems(path)
    assert [problem.removeprefix(f"{path}:") for problem in found] == expected
    assert "hunter2" not in "".join(found)


def test_there_are_files() -> None:
    assert len(FILES) > 80


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"sources: \xb9\xa4\xd0\xc5\xb2\xbf\n", "1: (file): not UTF-8; save the file as UTF-8"),
        (
            b"a: 1\nb: \x07\n",
            "2: (file): a control character stands here; remove it",
        ),
        (b"- " * 100_000, "1: (file): nested too deeply"),
        (b"a: &a [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
            b"b%d: &b%d [%s]\n" % (n, n, b", ".join([b"*b%d" % (n - 1) if n else b"*a"] * 10))
            for n in range(8)
        ), "1: (file): aliases (*name) make more than 50000 values of this file"),
    ],
    ids=["gb18030", "control-character", "deep", "billion-laughs"],
)  # fmt: skip
def test_files_that_cannot_stand_in_a_repository(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(content)
    assert problems(path) == [f"{path}:{expected}"]


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "sources.yaml")
    assert problem.startswith(f"{tmp_path}/sources.yaml:0: (file): no such file;")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}:0: (file): cannot be read: Is a directory"]


def test_faults_of_a_rule_file_come_along_with_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("sectors: {}\n", encoding="utf-8")
    path = tmp_path / "sources.yaml"
    path.write_text("rules: rules.yaml\nsources: [{id: a}]\n", encoding="utf-8")
    own, other, rules = problems(path)
    assert own.endswith("kind: this key is required")
    assert other.endswith("url: this key is required")
    assert rules.startswith(f"{tmp_path}/rules.yaml:1: sectors")


def test_a_secret_file_with_two_lines(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2\nhunter2\n", encoding="utf-8")
    path = tmp_path / "sources.yaml"
    path.write_text("sources: []\nchannels: {slack: {token: file:secret}}\n", encoding="utf-8")
    assert problems(path) == [
        f"{path}:2: channels.slack.token: secret file 'secret' holds a line break or a control character"
    ]
