"""The operator's own rules on top of the built-in ones, and what is said of faulty files."""

from itertools import pairwise
from pathlib import Path

import pytest

from watcher.classify import NONE, classify, load_rules, sector_names
from watcher.errors import ConfigError

OWN = """
sectors:
  - code: lighting
    name_en: Lighting
    name_zh: 照明
    terms:
      strong: [智能灯具, lamp]
      plain:
        - {term: 开关, with: [灯]}
        - {term: 光源, unless: [激光]}
  - code: vehicles
    terms:
      decisive: [固态电池]
      off: [摩托车]
noise:
  fairs: {always: [灯展]}
masks: [灯具协会光伏分会]
homes: {LAMP: lighting}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("title", "built_in", "with_own"),
    [
        ("智能灯具管理办法", NONE, "lighting"),
        ("Rules for lamps", NONE, "lighting"),
        ("灯的开关规范", NONE, "lighting"),
        ("窗的开关规范", NONE, NONE),
        ("新光源目录", NONE, "lighting"),
        ("激光光源目录", NONE, NONE),
        ("光伏电网固态电池目录", "energy", "vehicles"),
        ("摩托车管理办法", "vehicles", NONE),
        ("光伏灯展", "energy", NONE),
        ("灯具协会光伏分会章程", "energy", NONE),
        ("数据安全管理办法", "data-security", "data-security"),
    ],
)
def test_own_rules_add_and_override(own: Path, title: str, built_in: str, with_own: str) -> None:
    assert classify(load_rules(), title).primary == built_in
    assert classify(load_rules(own), title).primary == with_own


def test_conditions_hold_within_a_paragraph(own: Path) -> None:
    rules = load_rules(own)
    assert classify(rules, "", "灯的开关").primary == NONE  # one plain word in a text is too little
    assert classify(rules, "", "灯的开关，新光源。").primary == "lighting"
    assert classify(rules, "", "灯\n开关\n激光光源").primary == NONE


def test_own_sectors_have_names_and_a_home(own: Path) -> None:
    assert sector_names(own)["lighting"] == ("Lighting", "照明")
    assert "lighting" not in sector_names()
    assert load_rules(own).homes["LAMP"] == "lighting"


def test_the_built_in_rules_are_whole() -> None:
    names = sector_names()
    assert len(names) == 26
    assert all(english and chinese for english, chinese in names.values())
    assert load_rules() is load_rules()
    assert names.keys() == load_rules().sectors.keys()


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert classify(load_rules(path), "数据安全管理办法").primary == "data-security"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("sectors: ]", 1, "rules: "),
        ("sectors:\n  - code: x\n\tbad", 3, "rules: "),
        ("- a", 1, "rules: must be a mapping"),
        ("masks: []\n---\nmasks: []", 2, "rules: "),
        ("sectors: {}", 1, "sectors: must be a list"),
        ("sector: []", 1, "rules.sector: unknown key; did you mean 'sectors'?"),
        ("masks: []\nmasks: []", 2, "rules.masks: said twice"),
        ("sectors:\n  - name_en: X", 2, "sectors[0].code: a sector needs its code"),
        ("sectors:\n  - code: lamps", 2, "a new sector 'lamps' needs name_en and name_zh"),
        ("sectors:\n  - code: none", 2, "'none' is not a sector; noise goes under 'noise'"),
        ("sectors:\n  - code: energy\n    tier: 7", 3, "sectors[0].tier: must be 0, 1 or 2"),
        (
            "sectors:\n  - code: energy\n    behind: [carbn]",
            3,
            "no sector 'carbn'; nearest: carbon",
        ),
        (
            "sectors:\n  - code: energy\n    terms:\n      strng: [灯]",
            4,
            "sectors[0].terms.strng: unknown key; did you mean 'strong'?",
        ),
        (
            "sectors:\n  - code: energy\n    terms:\n      strong: [灯, '']",
            4,
            "sectors[0].terms.strong[1]: must not be empty",
        ),
        (
            "sectors:\n  - code: energy\n    terms:\n      strong: [灯]\n      weak: [灯]",
            5,
            "sectors[0].terms.weak[0]: '灯' stands twice under 'energy'",
        ),
        ("sectors:\n  - code: energy\n    terms:\n      weak: [[灯]]", 4, "must be a single value"),
        ("noise:\n  fairs: {loud: [灯展]}", 2, "noise.fairs.loud: unknown key"),
        ("homes:\n  NEA: enrgy", 2, "homes.NEA: no sector 'enrgy'; nearest: energy"),
        ("masks: [a, '']", 1, "masks[1]: must not be empty"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rules(path)
    problem = caught.value.problems[0]
    assert problem.startswith(f"{path}:{line}: "), problem
    assert said in problem


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("mask: [a]\nhomes: {NEA: x}\nnoise: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        sector_names(path)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "rules.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_rules(path)


BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefgh"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, ":2: rules: aliases (*name) are not allowed"),
        ("masks: &m [*m]", ":1: rules: aliases"),
        ("[" * 200_000, ":1: rules: nested too deeply"),
        ("masks: " + "{a: " * 50_000, ":1: rules: nested too deeply"),
        ("# " + "x" * 8_000_001, ":1: rules: larger than 8 MB"),
        ("masks: [" + "灯," * 60_000 + "]", ":1: masks: more than 50,000 terms"),
        (
            "bodies:\n  stems: [" + "a," * 300 + "]\n  endings: [" + "b," * 300 + "]",
            ":2: bodies: stems and endings make more than 50,000 names",
        ),
        ("masks: [" + "灯" * 81 + "]", ":1: masks[0]: longer than 80 characters"),
        ("masks: ['灯*泡']", "masks[0]: a * may only end a term"),
        ("masks: ['灯*']", "masks[0]: a * may only end a term"),
        ("noise:\n  fairs: {weak: [{term: fair, with: ['lamp*']}]}", "a * may only end a term"),
        ("noise:\n  fairs: {weak: ['*']}", "fairs.weak[0]: must not be empty"),
        ('masks: ["\\u200b"]', "masks[0]: must not be empty"),
        ("noise:\n  fairs: {always: [{term: 灯展, with: ['']}]}", "with[0]: must not be empty"),
        (
            "noise:\n  fairs: {always: [{with: [灯]}]}",
            "fairs.always[0].term: must be a single value",
        ),
        (
            "sectors:\n  - code: energy\n    terms:\n      strong: [數據, 数 据]",
            "'数 据' stands twice under 'energy'",
        ),
    ],
)
def test_what_is_too_much_or_no_term_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rules(path)
    assert said in caught.value.problems[0]


def test_there_is_no_pattern_language(tmp_path: Path) -> None:
    """What would be a regular expression, or code, is a term like any other."""
    path = tmp_path / "rules.yaml"
    path.write_text(
        "sectors:\n  - code: energy\n    terms:\n      strong: ['(a+)+$', '.', '__import__(os)']\n"
        "      plain: ['!!python/name:os.system']\n",
        encoding="utf-8",
    )
    rules = load_rules(path)
    assert classify(rules, "a" * 5_000 + "b").primary == NONE
    assert classify(rules, "(a+)+$ 与 __import__(os)").primary == "energy"


def test_a_tag_is_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("masks: [!!python/object/apply:os.getcwd []]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="must be a single value"):
        load_rules(path)
