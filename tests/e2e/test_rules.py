"""`watcher rules` as a person meets it: a rule file looked over, and rules tested against known answers."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.product import WATCHER, Product, team
from tests.flows.house import DRAFT, OLD, listing
from tests.loopback import Loopback
from watcher import config as configuration
from watcher.correct import Label
from watcher.store import open_store

OWN = """
sectors:
  - code: lighting
    name_en: Lighting
    name_zh: 照明
    terms:
      strong: [智能灯具, 路灯]
      plain: [灯, 光伏]
"""
GOLD = """
items:
- {id: G1, title: 路灯管理办法, primary: lighting, secondary: [energy]}
- {id: G2, title: 光伏电站管理办法, primary: energy, secondary: []}
- {id: G3, title: 关于路灯人工智能应用的意见, primary: lighting, secondary: [ai-computing]}
- {id: G4, title: 芯片企业名单, primary: lighting}
- {id: G5, title: 某同志逝世, primary: none}
"""


def run(folder: Path, *words: str, columns: int = 100) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*WATCHER, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"COLUMNS": str(columns), "PATH": "", "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "gold.yaml").write_text(GOLD, encoding="utf-8")
    return tmp_path


# ---------------------------------------------------------------- check


def test_notes_stop_nothing(folder: Path) -> None:
    done = run(folder, "rules", "check", "own.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "own.yaml:8: short: '灯' is one character" in done.stdout
    assert "own.yaml:8: two sectors: '光伏' counts for energy (strong), lighting" in done.stdout
    assert "2 notes: 1 short, 1 two sectors" in done.stdout
    assert "own.yaml: 27 sectors, " in done.stdout.splitlines()[-1]


def test_notes_for_scripts(folder: Path) -> None:
    done = run(folder, "rules", "check", "own.yaml", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["where"], row["kind"]) for row in rows] == [
        ("own.yaml:8", "short"),
        ("own.yaml:8", "two sectors"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mask: [灯]", "own.yaml:1: rules.mask: unknown key; did you mean 'masks'?"),
        ("masks: &a [*a]", "own.yaml:1: rules: aliases (*name) are not allowed; write it out"),
        ("homes: {NEA: enrgy}", "own.yaml:1: homes.NEA: no sector 'enrgy'; nearest: energy"),
        (None, "own.yaml:1: rules: cannot be read"),
    ],
)
def test_faults_are_named_and_exit_with_2(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    for words in (["check", "own.yaml"], ["test", "gold.yaml", "--rules", "own.yaml"]):
        done = run(tmp_path, "rules", *words)
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stdout == ""


def test_without_a_file_the_configured_rules_are_meant(folder: Path) -> None:
    assert run(folder, "rules", "check").stdout.splitlines()[-1].startswith("built-in rules: 26 s")
    settings = "rules: own.yaml\nsources:\n  - {id: a, url: 'https://x.example/', kind: listing}\n"
    (folder / "sources.yaml").write_text(settings, encoding="utf-8")
    assert "27 sectors" in run(folder, "rules", "check").stdout.splitlines()[-1]
    assert "G3: lighting was right" in run(folder, "rules", "test", "gold.yaml").stdout


# ---------------------------------------------------------------- test


@pytest.mark.parametrize("columns", [80, 120])
def test_figures_confusion_and_the_worst_misses(folder: Path, columns: int) -> None:
    words = ["rules", "test", "gold.yaml", "--rules", "own.yaml", "--worst", "1"]
    done = run(folder, *words, columns=columns)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert [" ".join(line.split()) for line in lines[:6]] == [
        "cases 5",
        "primary right 0.600",
        "noise kept out 1.000",
        "papers lost as noise 0.000",
        "sectors micro-F1 0.889",
        "sector among answers 0.750",
    ]
    table = lines[lines.index("") + 1 :]
    assert [line.split() for line in table[:3]] == [
        ["taken", "for", "1", "2"],
        ["lighting", "1", "1"],
        ["1", "ai-computing", "2", "semiconductors"],
    ]
    assert "misses, the surest first (1 of 2)" in lines
    assert lines[-1].strip() == "芯片 → semiconductors (title 0–2, 4)"


def test_figures_for_scripts(folder: Path) -> None:
    done = run(folder, "rules", "test", "gold.yaml", "--rules", "own.yaml", "--json")
    report = json.loads(done.stdout)
    assert (report["cases"], report["primary"], report["none_recall"]) == (5, 0.6, 1.0)
    assert report["sectors"]["lighting"]["recall"] == pytest.approx(1 / 3)
    assert {miss["id"] for miss in report["misses"]} == {"G3", "G4"}
    assert report["misses"][0]["evidence"][0]["term"] == "芯片"


def test_a_gold_file_without_cases(folder: Path) -> None:
    (folder / "gold.yaml").write_text("items: []", encoding="utf-8")
    done = run(folder, "rules", "test", "gold.yaml")
    assert (done.returncode, done.stdout) == (0, "no cases: nothing was measured\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give a GOLD file, or --labels"),
        (["gold.yaml", "--labels"], "give a GOLD file, or --labels"),
        (["none.yaml"], "none.yaml:1: gold: cannot be read"),
        # a sector that only the own rules know
        (["gold.yaml"], "gold.yaml:3: items[0].primary: no sector 'lighting'"),
        (["--labels"], "no such file"),
    ],
)
def test_what_cannot_be_tested(folder: Path, words: list[str], said: str) -> None:
    done = run(folder, "rules", "test", *words)
    assert done.returncode == 2
    assert said in done.stderr


# ---------------------------------------------------------------- labels


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with Loopback({"/list.html": listing(DRAFT, *OLD)}) as site:
        entry = {"id": "lamps", "kind": "listing", "url": site.url("/list.html"), "every": "10m"}
        made = Product(
            tmp_path,
            {
                "state": "state",
                "network": {"allow_addresses": ["127.0.0.0/8"]},
                "sources": [entry],
                "teams": [team("everyone", {"console": "-"})],
            },
        )
        yield made
        made.end()


def test_rules_are_tested_against_what_readers_said(product: Product) -> None:
    product.run("poll")
    assert product.run("rules", "test", "--labels").stdout == "no cases: nothing was measured\n"
    ids = {row["title"]: row["id"] for row in product.rows("items")}
    said = [
        (ids[DRAFT[1]], "sector", "data-security"),
        (ids[DRAFT[1]], "stage", "draft_for_comments"),
        (ids[OLD[0][1]], "sector", "energy"),
        (ids[OLD[0][1]], "secondary", "consumer"),
        (ids[OLD[1][1]], "sector", "energy"),
        (ids[OLD[1][1]], "sector", "none"),  # the later one stands
    ]
    with open_store(configuration.load(product.config)) as store:
        for id_, field, value in said:
            label = Label(
                document_id=id_, field=field, value=value, by="reader", at=datetime.now(UTC)
            )
            store.labels.add(label)
    report = json.loads(product.run("rules", "test", "--labels", "--json").stdout)
    assert report["cases"] == 3
    assert report["primary"] == pytest.approx(2 / 3)
    assert report["none_recall"] == 1.0
    (miss,) = report["misses"]
    assert (miss["id"], miss["right"]) == (str(ids[OLD[0][1]]), "energy")
