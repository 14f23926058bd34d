import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.diff.lamps import DRAFT, FINAL, blankless
from watcher.diff import TextDiff, diff_texts
from watcher.render.diff import (
    DIFF_FORMATS,
    DiffTitles,
    diff_csv,
    diff_docx,
    diff_html,
    diff_json,
    diff_text,
)
from watcher.render.diff.titles import clean

TITLES = DiffTitles(old="draft 2026-03-01", new="final 2026-07-01", paper="智能灯具数据管理办法")
HOSTILE_OLD = "第一条 甲\x1b[2J\x07方<b>应当</b>&备案\x9b31m。\n第二条 =1+1"
HOSTILE_NEW = "第一条 乙\x1b]0;x\x07方<script>alert(1)</script>\u202e可以\u2066备案。\n第二条 @SUM(A1)\n第三条 -1"
HOSTILE = DiffTitles(old="<i>a\x1b[0m\n", new='b"\u202e', paper="=cmd|'/c calc'!A1<script>")
TEXT = st.text(alphabet=st.sampled_from("第一二条 甲乙应当。\n<&>=@\x00\x1b\x9b\r\x0c\u202e\ufffe\ud800") | st.characters(), max_size=60)  # fmt: skip


@pytest.fixture(name="diff", scope="module")
def whole() -> TextDiff:
    return diff_texts(DRAFT, FINAL)


@pytest.fixture(name="hostile", scope="module")
def hostile_diff() -> TextDiff:
    return diff_texts(HOSTILE_OLD, HOSTILE_NEW)


@pytest.mark.parametrize("name", sorted(DIFF_FORMATS))
def test_every_format_is_the_same_twice(name: str, diff: TextDiff) -> None:
    assert DIFF_FORMATS[name](diff, TITLES) == DIFF_FORMATS[name](diff, TITLES) != b""


# ---------------------------------------------------------------- json


def test_json_is_the_contract(diff: TextDiff) -> None:
    answer = json.loads(diff_json(diff, TITLES))
    assert list(answer)[:6] == ["articles", "preamble", "headings", "tail", "stats", "coarse"]
    assert answer["articles"][4] == {
        "op": "changed",
        "old": [4],
        "new": [5],
        "similarity": pytest.approx(0.96, abs=0.02),
        "hunks": [
            ["equal", "处理者发现数据泄露的，应当在"],
            ["delete", "三十"],
            ["insert", "十五"],
            ["equal", "日内向主管部门报告，并通知受影响的个人。\n报告应当包括数据的类型和数量。"],
        ],
        "substantive": [
            {
                "kind": "time_limit",
                "label": "time limit",
                "label_zh": "期限",
                "reason": "30 → 15 days",
                "reason_zh": "期限：三十日 → 十五日",
                "old": "三十日",
                "new": "十五日",
            }
        ],
        "followed": [],
    }
    assert answer["stats"]["changed"] == 3
    assert answer["coarse"] is False


def test_json_numbers() -> None:
    diff = diff_texts("第一条 甲。", "第一条 甲。\n第一条之一 乙。")
    answer = json.loads(diff_json(diff, TITLES))
    assert [entry["new"] for entry in answer["articles"]] == [[1], ["1.1"]]


def test_json_keeps_the_text_and_hides_its_controls(hostile: TextDiff) -> None:
    raw = diff_json(hostile, HOSTILE).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", raw)
    hunks = [hunk for entry in json.loads(raw)["articles"] for hunk in entry["hunks"]]
    assert "\u202e" in "".join(text for op, text in hunks if op != "delete")


# ---------------------------------------------------------------- terminal


def test_text_shows_what_changed(diff: TextDiff) -> None:
    text = diff_text(diff, TITLES, width=120)
    lines = text.splitlines()
    assert lines[0] == "智能灯具数据管理办法   draft 2026-03-01 → final 2026-07-01"
    assert "第四条 → 第五条   changed · 30 → 15 days" in lines
    assert (
        "  处理者发现数据泄露的，应当在[-三十-]{+十五+}日内向主管部门报告，并通知受影响的个人。"
        in lines
    )
    assert "第六条 → 第二条   moved" in lines
    assert "  {+境外处理者应当在境内指定代表，并向灯具局备案。+}" in lines
    assert lines[-1] == "…  1 same, 2 renumbered only (--all shows them)"
    assert "制定本办法" not in text


def test_text_shows_all_when_asked(diff: TextDiff) -> None:
    text = diff_text(diff, TITLES, show_all=True)
    assert "制定本办法" in text
    assert "--all" not in text


@pytest.mark.parametrize("width", [20, 80, 120])
@pytest.mark.parametrize("colour", [False, True])
def test_text_keeps_to_its_width(diff: TextDiff, width: int, colour: bool) -> None:
    text = re.sub(
        "\x1b\\[[0-9;]*m", "", diff_text(diff, TITLES, width=width, colour=colour, show_all=True)
    )
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert not re.search(r"(?m)^ *[，。、；：）》]", text)


def test_colour_ends_on_its_line(diff: TextDiff) -> None:
    for line in diff_text(diff, TITLES, width=40, colour=True).splitlines():
        codes = re.findall("\x1b\\[[0-9;]*m", line)
        assert not codes or codes[-1] == "\x1b[0m"


def test_a_coarse_diff_says_so() -> None:
    assert "too large to compare closely" in diff_text(
        diff_texts("灯具数据处理" * 900, "数据灯具处理" * 900), TITLES
    )


def test_a_terminal_is_not_given_orders(hostile: TextDiff) -> None:
    text = diff_text(hostile, HOSTILE, show_all=True)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", text)


# ---------------------------------------------------------------- html


class Reader(HTMLParser):
    """Collects tags and visible text, as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(page: bytes) -> Reader:
    reader = Reader()
    reader.feed(page.decode())
    return reader


def test_html_is_self_contained_and_readable(diff: TextDiff) -> None:
    page = diff_html(diff, TITLES).decode()
    assert "<del>三十</del><ins>十五</ins>" in page
    assert "第四条 → 第五条" in page
    assert "@media print" in page
    assert not re.search(r"src=|href=\"(?!#)|url\(|@import|<script", page)


def test_html_holds_both_texts(diff: TextDiff) -> None:
    text = blankless(read_page(diff_html(diff, TITLES)).text)
    for line in (*DRAFT.splitlines(), *FINAL.splitlines()):
        assert blankless(line.partition("　")[2] if line.startswith("第") else line)[:8] in text


def test_html_escapes(hostile: TextDiff) -> None:
    page = diff_html(hostile, HOSTILE)
    reader = read_page(page)
    assert {"script", "b", "i"}.isdisjoint(reader.tags)
    assert "<script>alert(1)</script>" in reader.text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", page.decode())


# ---------------------------------------------------------------- docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts(docx: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314  # our own file


def settled(docx: bytes, drop: str) -> str:
    """The document as Word leaves it when changes marked `drop` (ins or del) go, the others stay."""

    def spoken(paragraph: ElementTree.Element) -> Iterator[str]:
        for child in paragraph:
            if child.tag in (f"{W}r", f"{W}ins", f"{W}del") and child.tag != f"{W}{drop}":
                yield from (t.text or "" for t in child.iter() if t.tag in (f"{W}t", f"{W}delText"))
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{drop}") is None:
            yield "\n"

    body = parts(docx)["word/document.xml"]
    return "".join(piece for p in body.iter(f"{W}p") for piece in spoken(p))


def test_docx_accepts_to_the_new_text_and_rejects_to_the_old(diff: TextDiff) -> None:
    docx = diff_docx(diff, TITLES)

    def lines(text: str) -> list[str]:
        return [blankless(line) for line in text.splitlines()]

    assert lines(settled(docx, "del")) == lines(FINAL)
    assert lines(settled(docx, "ins")) == lines(DRAFT)


def test_docx_is_what_word_wants(diff: TextDiff) -> None:
    document = parts(diff_docx(diff, TITLES))["word/document.xml"]
    changes = [node for tag in ("ins", "del") for node in document.iter(f"{W}{tag}")]
    ids = [node.get(f"{W}id") for node in changes]
    assert len(ids) == len(set(ids)) > 0
    assert {node.get(f"{W}author") for node in changes} == {"watcher"}
    for gone in document.iter(f"{W}del"):
        assert not list(gone.iter(f"{W}t"))


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT)
def test_docx_settles_for_any_text(old: str, new: str) -> None:
    docx = diff_docx(diff_texts(old, new), HOSTILE)

    def bare(text: str) -> str:
        """What cannot stand in XML is replaced there, or was a line break to begin with."""
        return blankless(clean(text)).replace("\ufffd", "")

    assert bare(settled(docx, "ins")) == bare(old)
    assert bare(settled(docx, "del")) == bare(new)


# ---------------------------------------------------------------- csv


def rows(data: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv(diff: TextDiff) -> None:
    table = rows(diff_csv(diff, TITLES))
    changed = table[4]
    assert (changed["article"], changed["op"], changed["old"], changed["new"]) == (
        "第四条 → 第五条", "changed", "4", "5",
    )  # fmt: skip
    assert changed["substantive"] == "30 → 15 days"
    assert "[-三十-]{+十五+}" in changed["marked"]
    assert [row["article"] for row in table[-3:]] == ["preamble", "headings", "tail"]


def test_csv_runs_no_formula(hostile: TextDiff) -> None:
    data = diff_csv(hostile, HOSTILE)
    for row in rows(data):
        assert not any(
            value.lstrip()[:1] in tuple("=+-@＝＋－＠") for value in row.values() if value
        )
    assert "'=1+1" in data.decode("utf-8-sig")
    assert not re.search(
        "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\u2066]", data.decode("utf-8-sig")
    )


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT)
def test_every_format_takes_any_text(old: str, new: str) -> None:
    diff = diff_texts(old, new)
    for write in DIFF_FORMATS.values():
        write(diff, HOSTILE)
    diff_text(diff, HOSTILE, width=1, colour=True, show_all=True)
