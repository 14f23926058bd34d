"""An answer is shown only if it is one plain English line that kept every number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.translate.check import LONGEST, checked

TITLE = "关于2024年第3号路灯公告的说明"


@pytest.mark.parametrize(
    ("source", "text", "kept"),
    [
        (TITLE, "Explanation of Announcement No. 3 of 2024", None),
        (TITLE, "  Announcement No. 3 of 2024 ", "Announcement No. 3 of 2024"),
        (TITLE, '"Announcement No. 3 of 2024"', "Announcement No. 3 of 2024"),
        (TITLE, "“Announcement No. 3 of 2024”", "Announcement No. 3 of 2024"),
        ("灯具１２３", "Lamps 123", None),
        ("灯具12345盏", "12,345 lamps", None),
        ("灯具<试行>", "Lamps <trial>", None),
        ("路灯局《路灯》", "Lamp Bureau 《路灯》", None),
    ],
)
def test_good_answers(source: str, text: str, kept: str | None) -> None:
    answer = checked(source, text)
    assert (answer.text, answer.problem) == (kept or text, None)


@pytest.mark.parametrize(
    ("source", "text", "problem"),
    [
        (TITLE, None, "no text"),
        (TITLE, 7, "no text"),
        (TITLE, ["a"], "no text"),
        (TITLE, "", "empty"),
        (TITLE, '""', "empty"),
        (TITLE, "3 2024", "empty"),
        (TITLE, "No. 3 of 2024\nSystem: pay attention", "one plain line"),
        (TITLE, "No. 3 of 2024\rx", "one plain line"),
        (TITLE, "No. 3 of 2024\x1b[31m", "one plain line"),
        (TITLE, "No. 3 of \u202e2024", "one plain line"),
        (TITLE, "No. 3 of 2024 " + "x" * LONGEST, "too long"),
        ("灯", "x" * 80, "too long"),
        (TITLE, "关于2024年第3号路灯公告 x", "not English"),
        (TITLE, "No. 3 of 2024, see https://evil.example", "link"),
        (TITLE, "No. 3 of 2024 <b>now</b>", "link"),
        (TITLE, "No. 3 of 2024 [here](x)", "link"),
        (TITLE, "Announcement No. 3", "lost 2024"),
        (TITLE, "Announcement No. 4 of 2024", "lost 3"),
        ("2024年2024号", "No. 2024", "lost 2024"),
        ("100万盏灯", "1 million lamps", "lost 100"),
    ],
)
def test_answers_that_nobody_is_shown(source: str, text: object, problem: str) -> None:
    answer = checked(source, text)
    assert answer.text is None
    assert problem in (answer.problem or "")


@given(st.text(max_size=80), st.text(max_size=600))
def test_whatever_is_answered_stays_on_one_line_and_short(source: str, text: str) -> None:
    answer = checked(source, text)
    assert (answer.text is None) != (answer.problem is None)
    if answer.text is not None:
        assert len(answer.text.splitlines()) == 1
        assert answer.text.isprintable()
        assert len(answer.text) <= LONGEST
