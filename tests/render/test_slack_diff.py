"""The whole comparison in Slack's window: every change is marked, whatever its length."""

from typing import Any

import pytest

from watcher.diff import diff_texts
from watcher.render.slack import cut_edits, styled
from watcher.render.slack_diff import diff_window

LONG = "".join(f"第{n}类灯具企业应当建立健全管理制度，明确责任；" for n in range(4000))
FIRST = "第一条 为了规范灯具管理，制定本办法。\n"
OLD, NEW = "第二条 应当在三十日内报告。\n", "第二条 应当在十五日内报告。\n"


def window(old: str, new: str) -> dict[str, Any]:
    return diff_window("灯具管理办法", diff_texts(old, new), "draft", "watcher diff doc:1 doc:2")


def runs(blocks: list[Any]) -> list[Any]:
    return [
        run
        for block in blocks
        if block["type"] == "rich_text"
        for line in block["elements"][0]["elements"]
        for run in line["elements"]
    ]


def test_an_article_too_long_to_show_is_still_marked_as_new() -> None:
    shown = runs(window(FIRST + OLD, FIRST + OLD + f"第三条 {LONG[:4000]}\n")["blocks"])
    (new,) = (run for run in shown if "第9类" in run["text"])
    assert new["style"] == {"bold": True}
    assert new["text"].endswith("…")
    assert "{+" not in new["text"]


def test_a_very_long_article_leaves_room_for_the_others() -> None:
    blocks = window(FIRST + OLD, f"{FIRST}第一条之一 {LONG}\n{NEW}")["blocks"]
    assert {"十五", "三十"} <= {run["text"] for run in runs(blocks)}
    assert blocks[-1]["elements"][0]["text"] == "On a terminal: watcher diff doc:1 doc:2"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("期限: [-三十-]{+十五+}日", [("三十", "strike"), ("十五", "bold"), ("日", "")]),
        ("期限: [-" + "甲" * 90 + "-]", [("甲" * 33 + "…", "strike")]),
        ("期限: [-三-]{+" + "甲" * 90 + "+}", [("三", "strike"), ("甲" * 28 + "…", "bold")]),
        ("期限: [-三-]" + "甲" * 90, [("三", "strike"), ("甲" * 30 + "…", "")]),
    ],
)
def test_a_change_that_is_cut_keeps_its_mark(line: str, shown: list[tuple[str, str]]) -> None:
    told = [
        (run["text"], *run.get("style", {"": True}))
        for run in runs([styled([cut_edits(line, 40)])])
    ]
    assert told == [("期限: ", ""), *shown]
