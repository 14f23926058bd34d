"""A title without its tails, and titles made to hold the reader up."""

from time import perf_counter

import pytest

from watcher.facts.title import strip_tail


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("灯具办法（试行）", "灯具办法"),
        ("灯具办法（2023版）（试行）", "灯具办法"),
        ("关于灯具的通知（灯发〔2025〕205号）", "关于灯具的通知"),
        ("关于灯具的通知 灯发〔2025〕", "关于灯具的通知 灯发"),
        ("关于灯具的公告 2024年第5号", "关于灯具的公告"),
        ("灯具法（修订草案）（征求意见稿）", "灯具法"),
        ("“灯具办法”。", "“灯具办法"),
        ("灯具目录【附件】 ", "灯具目录"),
        ("（灯具", "（灯具"),
        ("", ""),
    ],
)
def test_tails(name: str, bare: str) -> None:
    assert strip_tail(name) == bare


@pytest.mark.parametrize(
    "name",
    [
        "关" + "（a）" * 200 + "x",
        "关" + "（a）" * 200,
        "关" + "（a）" * 200 + "）",
        "（" * 600 + "）",
        "关" + "【a】" * 200 + "]",
        "（〔a〕" * 150 + "号",
        " " * 600 + "号",
        "第1号" * 150,
        "草案征求意见稿" * 80 + "x案",
    ],
)
def test_no_title_holds_the_reader_up(name: str) -> None:
    begun = perf_counter()
    strip_tail(name)
    assert perf_counter() - begun < 0.05
