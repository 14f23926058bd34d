"""What is measured of answers, and what a gold file must look like."""

from pathlib import Path

import pytest

from watcher.classify.goldfile import Question, read_gold
from watcher.classify.measure import Case, measure
from watcher.errors import ConfigError
from watcher.model import Classification


def case(id_: str, primary: str, secondary: tuple[str, ...] | None = (), *accept: str) -> Case:
    return Case(id=id_, title=f"paper {id_}", primary=primary, secondary=secondary, accept=accept)


def said(primary: str, *secondary: str, score: float = 0.5) -> Classification:
    return Classification(primary=primary, secondary=secondary, score=score)


ANSWERS = [
    (case("1", "lamps"), said("lamps")),
    (case("2", "lamps", ("rain",)), said("rain", "lamps", score=0.9)),
    (case("3", "rain"), said("lamps", score=0.4)),
    (case("4", "rain", (), "lamps"), said("lamps", score=0.8)),
    (case("5", "rain"), said("none", score=0.0)),
    (case("6", "none"), said("none", score=0.0)),
    (case("7", "none"), said("rain", score=0.95)),
    (case("8", "lamps", None), said("lamps", "rain", "wind")),
]


def test_figures() -> None:
    report = measure(ANSWERS)
    assert report.cases == 8
    assert report.primary == 4 / 8
    assert report.none_recall == 1 / 2
    assert report.false_none == 1 / 6
    assert report.hit_any == 4 / 6
    # cases 1-7: right 1+2+0+0+0, given 1+2+1+1+0+0+1, wanted 1+2+1+1+1
    assert report.micro_f1 == pytest.approx(2 * 3 / (6 + 6))


def test_confusion_and_sectors() -> None:
    report = measure(ANSWERS)
    assert report.confusion == {
        ("lamps", "lamps"): 3,
        ("lamps", "rain"): 1,
        ("rain", "lamps"): 1,
        ("rain", "none"): 1,
        ("none", "none"): 1,
        ("none", "rain"): 1,
    }
    lamps = report.sectors["lamps"]
    assert (lamps.right, lamps.given, lamps.wanted) == (3, 4, 4)
    assert (lamps.precision, lamps.recall, lamps.f1) == (3 / 4, 3 / 4, 3 / 4)
    assert report.sectors["rain"].precision == 0


def test_the_surest_miss_comes_first() -> None:
    assert [miss.case.id for miss in measure(ANSWERS).misses] == ["7", "2", "3", "5"]


def test_nothing_to_judge_is_no_figure() -> None:
    report = measure([])
    assert (report.cases, report.primary, report.micro_f1, report.none_recall) == (
        0,
        None,
        None,
        None,
    )


# ---------------------------------------------------------------- gold files

GOLD = """
meta: {items: 2}
items:
- id: A1
  title: 路灯管理办法
  primary: energy
  secondary: [environment]
  accept: null
  doc_title_zh: 关于路灯
  doc_title_en: On street lamps
  date: 2031-05-06
  address: https://lamps.example/a.html
  stage: final
- {id: 2, title: 任免, primary: none, published: 2031-05}
"""


def gold(tmp_path: Path, text: str) -> list[Question]:
    path = tmp_path / "gold.yaml"
    path.write_text(text, encoding="utf-8")
    return read_gold(path, {"energy", "environment"})


def test_a_gold_file_is_read(tmp_path: Path) -> None:
    first, second = gold(tmp_path, GOLD)
    assert first.case == Case(
        id="A1", title="路灯管理办法", primary="energy", secondary=("environment",)
    )
    assert first.text == "关于路灯\nOn street lamps"
    assert str(first.published) == "2031-05-06"
    assert first.url == "https://lamps.example/a.html"
    assert second.case == Case(id="2", title="任免", primary="none", secondary=None)
    assert second.published is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: items: must be a list"),
        ("items: 3", ":1: items: must be a list"),
        ("items: [x]", ":1: items[0].id: must be given"),
        (
            "items:\n- {id: 1, title: x, primary: enrgy}",
            ":2: items[0].primary: no sector 'enrgy'; nearest: energy",
        ),
        (
            "items:\n- {id: 1, title: x, primary: none, secondary: energy}",
            "secondary: must be a list",
        ),
        ("items:\n- {id: 1, title: x, primary: none, accept: [[a]]}", "accept: must be a list"),
        ("items:\n- {id: 1, title: x, primary: none, accept: [rain]}", "accept: no sector 'rain'"),
        ("items: [{id: 1, title: , primary: none}]", "title: must be given"),
        ("items: &a [*a]", ":1: gold: aliases (*name) are not allowed"),
        ("items: ]", ":1: gold: "),
        ("items: []\n---\nitems: []", ":2: gold: "),
        ("[" * 100_000, ":1: gold: nested too deeply"),
    ],
)
def test_a_faulty_gold_file_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        gold(tmp_path, text)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "gold.yaml"))


def test_a_missing_gold_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_gold(tmp_path / "none.yaml", set())
