"""Notes and test reports of rules at the widths people have; nothing scraped reaches the terminal raw."""

import pytest
from rich.cells import cell_len

from watcher.classify.lint import Note
from watcher.classify.measure import Case, measure
from watcher.model import Classification, Evidence
from watcher.render.rules import note_lines, report_lines

CODES = [f"sector-number-{n}" for n in range(40)]


def answer(n: int, right: str, said: str) -> tuple[Case, Classification]:
    title = f"关于公开征求《第{n}号智能灯具数据安全管理办法（征求意见稿）》意见的通知\x1b[31m"
    spoke = Evidence(
        sector=said, term="灯\x1b具", rule_term="灯具", field="title", start=9, end=11, weight=4.0
    )
    found = Classification(primary=said, score=n / 100, evidence=(spoke,) if said != "none" else ())
    return Case(id=f"H{n}", title=title, primary=right), found


def confused(number: int) -> list[tuple[Case, Classification]]:
    """One right answer, and `number` that are each wrong in another way."""
    wrong = [answer(n, CODES[n], CODES[n + 1]) for n in range(number)]
    return [answer(99, "none", "none"), *wrong]


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("number", [0, 1, 12, 39])
def test_a_report_keeps_to_the_width(number: int, width: int) -> None:
    lines = report_lines(measure(confused(number)), 5, width)
    # the table of sectors needs 58 cells
    assert max(map(cell_len, lines)) <= max(width, 58)
    assert not any("\x1b" in line for line in lines)
    assert lines[0].split() == ["cases", str(number + 1)]
    assert (f"misses, the surest first (5 of {number})" in lines) == (number > 5)


def test_a_confusion_too_wide_for_a_table_is_a_list() -> None:
    report = measure([*confused(39), answer(50, CODES[3], CODES[4])])
    assert any(line.startswith("taken for") for line in report_lines(report, 0, 240))
    lines = report_lines(report, 0, 80)
    start = lines.index("wrong (right → answered)")
    assert lines[start + 1] == "  sector-number-3 → sector-number-4  2"
    assert lines[start + 39].endswith("  1")


def test_only_sectors_with_errors_stand_in_the_confusion_table() -> None:
    lines = report_lines(measure(confused(2)), 0, 80)
    start = next(n for n, line in enumerate(lines) if line.startswith("taken for"))
    assert [line.split() for line in lines[start : start + 4]] == [
        ["taken", "for", "1", "2"],
        ["sector-number-0", "1", "·"],
        ["sector-number-1", "·", "1"],
        ["1", "sector-number-1", "2", "sector-number-2"],
    ]


def test_a_miss_shows_the_terms_that_spoke_or_that_none_did() -> None:
    lines = report_lines(measure([answer(1, "a", "b"), answer(0, "a", "none")]), 9, 80)
    assert "H1: a was right, b was said (0.01)" in lines
    assert "    灯具 → b (title 9–11, 4)" in lines
    assert "H0: a was right, none was said" in lines
    assert "    no term spoke, or noise outweighed them" in lines


def test_the_poorest_sector_comes_first() -> None:
    found = measure([answer(1, "a", "b"), answer(2, "b", "b"), answer(3, "c", "c")])
    lines = report_lines(found, 0, 80)
    start = next(n for n, line in enumerate(lines) if "wanted" in line and "given" in line)
    rows = [line.split() for line in lines[start + 1 : start + 4]]
    assert rows == [
        ["a", "1", "0", "0", "–", "0.000"],
        ["b", "1", "2", "1", "0.500", "1.000"],
        ["c", "1", "1", "1", "1.000", "1.000"],
    ]


def test_nothing_measured() -> None:
    assert report_lines(measure([]), 5, 80) == ["no cases: nothing was measured"]


@pytest.mark.parametrize(
    ("notes", "last"),
    [
        ([], "no notes"),
        ([Note("own.yaml:1", "dead", "x")], "1 note: 1 dead"),
        (
            [Note("own.yaml:1", "dead", "灯" * 80), Note("own.yaml:2", "short", "\x1b[31m灯")],
            "2 notes: 1 dead, 1 short",
        ),
    ],
)
def test_notes(notes: list[Note], last: str) -> None:
    lines = note_lines(notes, 80)
    assert lines[-1] == last
    assert max(map(cell_len, lines)) <= 80
    assert not any("\x1b" in line for line in lines)
