"""docs/rules.md names every key, and its examples do what it says."""

import re
from pathlib import Path

import pytest

from tests.real import ROOT
from watcher.classify import NONE, classify, load_rules
from watcher.classify import engine as judging
from watcher.classify.bounded import MOST_BYTES
from watcher.classify.goldfile import read_gold
from watcher.classify.lint import lint
from watcher.classify.rulefile import LONGEST_TERM, MOST_TERMS
from watcher.classify.rules import NOISE_WEIGHTS, WEIGHTS

TEXT = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
RULES, GOLD = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("title", "primary"),
    [
        ("照明产业发展规划", "lighting"),
        ("Rules for luminaires", "lighting"),
        ("路灯的光源", "lighting"),
        ("激光光源目录", NONE),
        ("门的开关", NONE),
        ("照明协会章程", NONE),
        ("国家照明工程研究中心照明产业名单", "lighting"),
        ("路灯灯展", NONE),
        ("固态电池目录", "vehicles"),
        ("摩托车目录", NONE),
    ],
)
def test_the_example_does_what_it_says(own: Path, title: str, primary: str) -> None:
    assert classify(load_rules(own), title).primary == primary


def test_the_only_oddity_of_the_example_is_its_short_term(own: Path) -> None:
    assert [note.kind for note in lint(load_rules(own), str(own))] == ["short"]


def test_the_example_of_cases_is_read(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "gold.yaml"
    path.write_text(GOLD, encoding="utf-8")
    rules = load_rules(own)
    first, second = read_gold(path, rules.sectors.keys())
    assert (first.case.secondary, first.case.accept) == (("energy",), ("energy",))
    assert (second.case.secondary, str(second.published)) == (None, "2031-05-06")


def test_every_strength_is_listed_with_its_weight() -> None:
    rows = {
        cells[0].strip("`"): cells[1:3]
        for cells in ([c.strip() for c in line.split("|")[1:]] for line in TEXT.splitlines())
        if len(cells) > 3
    }
    for name in {*WEIGHTS, *NOISE_WEIGHTS}:
        said = [f"{table[name]:g}" if name in table else "" for table in (WEIGHTS, NOISE_WEIGHTS)]
        assert rows[name] == said, name


@pytest.mark.parametrize(
    "said",
    [
        f"{MOST_TERMS:,} terms",
        f"terms of more\nthan {LONGEST_TERM} characters",
        f"{MOST_BYTES // 1_000_000} MB",
        f"about {judging.LEAD} characters",
        f"add {judging.LEAD_CAP} at most",
        f"{judging.BODY_CAP} at most",
        f"Below {judging.ENOUGH} in all",
    ],
)
def test_figures_of_the_docs_are_those_of_the_engine(said: str) -> None:
    assert said in TEXT
