"""What is said of rules that are odd, and that nothing is said of rules that are not."""

from pathlib import Path

import pytest

from watcher.classify import load_rules
from watcher.classify.lint import Note, lint

SECTOR = "sectors:\n  - code: lamps\n    name_en: Lamps\n    name_zh: 灯具\n    terms:\n      strong: [路灯]\n"


def notes_on(tmp_path: Path, text: str) -> list[Note]:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return lint(load_rules(path), str(path))


@pytest.mark.parametrize(
    ("lines", "line", "kind", "said"),
    [
        ("masks: [路灯]", 7, "dead", "'路灯' (lamps) never counts: it is a mask as well"),
        ("masks: [路 燈]", 7, "dead", "'路灯' (lamps) never counts"),
        ("masks: [光伏]", 7, "dead", "'光伏' (energy) never counts"),
        (
            "      plain: [{term: 激光光源, unless: [激光]}]",
            7,
            "dead",
            "'激光光源' never counts: it excludes '激光', which it contains",
        ),
        ("      plain: [{term: 光源, unless: [光源]}]", 7, "dead", "excludes '光源'"),
        (
            "      plain: [{term: 光源, with: [医院], unless: [醫院]}]",
            7,
            "dead",
            "'光源' never counts: it excludes all that it needs",
        ),
        ("      plain: [{term: 光源, with: [光源, 医院]}]", 7, "idle", "is its own companion"),
        ("      plain: [{term: 光源, with: [医院, 醫院]}]", 7, "idle", "stands twice"),
        ("      plain: [lamp, lamps]", 7, "idle", "'lamps' adds nothing: 'lamp' has its plural"),
        (
            "      off: [台灯]",
            7,
            "idle",
            "'台灯' is taken out of 'lamps', which does not have it",
        ),
        ("noise:\n  fairs: {off: [灯展]}", 8, "idle", "'灯展' is taken out of 'fairs'"),
        ("      plain: [灯]", 7, "short", "'灯' is one character"),
        (
            "      plain:\n        - 光伏",
            8,
            "two sectors",
            "'光伏' counts for energy (strong), lamps (plain)",
        ),
        (
            "noise:\n  fairs: {weak: [灯展]}\n  shows: {plain: [灯展]}",
            8,
            "two kinds of noise",
            "'灯展' counts for fairs (weak), shows (plain)",
        ),
    ],
)
def test_an_oddity_is_named_with_its_line(
    tmp_path: Path, lines: str, line: int, kind: str, said: str
) -> None:
    (note,) = notes_on(tmp_path, f"{SECTOR}{lines}\n")
    assert (note.where, note.kind) == (f"{tmp_path / 'rules.yaml'}:{line}", kind)
    assert said in note.text


def test_a_sector_without_a_strong_term(tmp_path: Path) -> None:
    (note,) = notes_on(tmp_path, SECTOR.replace("strong", "plain"))
    assert note.kind == "weak sector"
    assert "'lamps' has no strong term" in note.text


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "masks: [国家路灯局]",
        "      plain: [{term: 灯, with: [路, 街]}]",
        "      plain: [{term: 光源, with: [医院], unless: [激光, 激光束]}]",
        "      plain: [lamp, lampshade*, brolliness, lamps and more]",
        "  - code: energy\n    terms: {off: [光伏]}",
        # the longer word is not in the term: whole words only
        "      plain: [{term: solar lamp, unless: [sola, lam]}]",
    ],
)
def test_sound_rules_are_left_in_peace(tmp_path: Path, lines: str) -> None:
    assert notes_on(tmp_path, f"{SECTOR}{lines}\n") == []


def test_only_the_file_s_own_lines_are_named_and_all_without_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(SECTOR + "      plain: [灯]\n", encoding="utf-8")
    rules = load_rules(path)
    assert [note.where for note in lint(rules, str(path))] == [f"{path}:7"]
    assert {note.where.split(":")[0] for note in lint(rules)} == {str(path), "taxonomy.yaml"}


def test_every_built_in_sector_can_stand_on_a_title() -> None:
    assert [note for note in lint(load_rules()) if note.kind == "weak sector"] == []
