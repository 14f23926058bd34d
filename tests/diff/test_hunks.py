import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.diff.hunks import FINE, Hunk, common, hunks

NUMERAL = re.compile(
    r"[0-9０-９]+(?:[.,．][0-9０-９]+)*[十百千万亿]*|[零〇一二三四五六七八九十百千万亿两]{2,}"
)
WORDS = st.text(alphabet="处理者应当在三十五日内2026年3.5万元罚款，。\n ", max_size=60)


def sides(found: tuple[Hunk, ...]) -> tuple[str, str]:
    old = "".join(text for op, text in found if op != "insert")
    return old, "".join(text for op, text in found if op != "delete")


def cuts(found: tuple[Hunk, ...], left_out: str) -> list[str]:
    """Numbers of one side that a boundary between hunks of two kinds falls into."""
    pieces = [(op, text) for op, text in found if op != left_out]
    text = "".join(text for _, text in pieces)
    inside = {n: m[0] for m in NUMERAL.finditer(text) for n in range(m.start() + 1, m.end())}
    at, cut = 0, []
    for (op, piece), (following, _) in pairwise(pieces):
        at += len(piece)
        if op != following and at in inside:
            cut.append(inside[at])
    return cut


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("应当在三十日内", "应当在十五日内", "应当在[三十→十五]日内"),
        ("罚款3000万元", "罚款3500万元", "罚款[3000万元→3500万元]"),
        ("自2023年起", "自2026年起", "自[2023→2026]年起"),
        ("限1,000元", "限2,000元", "限[1,000元→2,000元]"),
        ("比例3.5%", "比例3.8%", "比例[3.5%→3.8%]"),
        ("可以委托", "不得委托", "[可以→不得]委托"),
        # dates, titles, documents' numbers and Latin words are read as one
        ("自2026年3月1日起", "自2026年5月1日起", "自[2026年3月1日→2026年5月1日]起"),
        ("三月一日前", "三月十日前", "[三月一日→三月十日]前"),
        ("依照《灯具法》", "依照《灯泡法》", "依照[《灯具法》→《灯泡法》]"),
        ("灯发〔2025〕5号文", "灯发〔2026〕5号文", "灯发[〔2025〕5号→〔2026〕5号]文"),
        ("within thirty days", "within fifteen days", "within [thirty→fifteen] days"),
        ("百分之十以上", "百分之二十以上", "[百分之十→百分之二十]以上"),
        ("报告。", "报告并备案。", "报告[→并备案]。"),
        ("甲。乙。", "甲。", "甲。[乙。→]"),
        ("", "新", "[→新]"),
        ("旧", "", "[旧→]"),
        ("同", "同", "同"),
        ("", "", ""),
    ],
)
def test_hunks(old: str, new: str, expected: str) -> None:
    text = ""
    gone = come = ""
    found, coarse = hunks(old, new)
    for op, piece in [*found, ("equal", "")]:
        if op == "equal":
            text += (f"[{gone}→{come}]" if gone or come else "") + piece
            gone = come = ""
        elif op == "delete":
            gone = piece
        else:
            come = piece
    assert (text, coarse) == (expected, False)


@given(WORDS, WORDS)
def test_hunks_rebuild_both_texts_and_cut_no_number(old: str, new: str) -> None:
    found, _ = hunks(old, new)
    assert sides(found) == (old, new)
    assert cuts(found, "insert") == cuts(found, "delete") == []
    assert all(text for _, text in found)
    assert all(a[0] != b[0] for a, b in pairwise(found))


@given(st.text(max_size=80), st.text(max_size=80))
def test_hunks_rebuild_any_text(old: str, new: str) -> None:
    assert sides(hunks(old, new)[0]) == (old, new)


def test_a_long_text_is_anchored_on_what_stays() -> None:
    lines = [f"第{n}项，灯具编号{n * 7919}，由检测机构逐件检验并留存记录。" for n in range(400)]
    new = [*lines[:200], "新增一项。", *lines[200:]]
    new[50] = new[50].replace("逐件", "抽样")
    old_text, new_text = "\n".join(lines), "\n".join(new)
    assert len(old_text) * len(new_text) > FINE
    found, coarse = hunks(old_text, new_text)
    assert not coarse
    assert [h for h in found if h[0] != "equal"] == [
        ("delete", "逐件"),
        ("insert", "抽样"),
        ("insert", "新增一项。\n"),
    ]


def test_what_is_too_large_is_coarse_and_says_so() -> None:
    old, new = "甲乙" * 3000, "丙丁" * 3000
    assert hunks(old, new) == ((("delete", old), ("insert", new)), True)


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_common_is_a_longest_common_subsequence(old: list[int], new: list[int]) -> None:
    pairs = common(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, x in enumerate(old):
        for j, y in enumerate(new):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
            )
    assert len(pairs) == table[-1][-1]


ATOMS = """
三十日 30日 三十个工作日 15个工作日 五万元 50000元 1.5亿元 20万美元 百分之十 12.5% 3‰ 5个百分点 六个月 48小时
十六周岁 2026年3月1日 二〇二六年五月一日 2027年6月 三月一日 〔2025〕5号 灯规〔2026〕12号 《智能灯具数据管理办法》
《照明法》 第十二条 第十条之一 第三十条第二款 应当 不得 可以 以上 以下 500千瓦 20平方米 一百万人 GB/T 4943.1
ISO9001 处理者 主管部门 人工智能 个人信息
"""
LINKS = "，处 。在 内报告， 的，由 罚款。 依照 和 ； 于 前 向 的"
CLAUSES = st.lists(
    st.tuples(st.sampled_from(ATOMS.split()), st.sampled_from(LINKS.split())).map("".join),
    min_size=1,
    max_size=12,
)
WHOLE = re.compile(
    r"《[^》]*》|〔[0-9]{4}〕[0-9]+号|(?:[0-9]{4}|二〇二六)年[0-9五]{1,2}月(?:[0-9一]{1,2}日)?|三月一日"
    r"|百分之十|[0-9.]+(?:%|‰|个百分点)|(?:[0-9.]+|[一二三四五六七八九十百千万亿]+)(?:亿元|万美元|万元|元)"
    r"|[0-9.]+|[一二三四五六七八九十百千万亿]{2,}|个工作日|个月|小时|周岁|千瓦|平方米"
    r"|应当|不得|可以|以上|以下|处理者|主管部门|人工智能|个人信息"
)


@settings(max_examples=200, deadline=None)
@given(CLAUSES, st.data())
def test_no_figure_title_or_number_is_cut(clauses: list[str], data: st.DataObject) -> None:
    """An edit of any clauses: replaced, dropped, added."""
    edited: list[str] = []
    for clause in clauses:
        match data.draw(st.integers(0, 4)):
            case 0:
                edited += data.draw(CLAUSES)[:1]
            case 1:
                edited += [clause, *data.draw(CLAUSES)[:1]]
            case 2 | 3:
                edited.append(clause)
    old, new = "".join(clauses), "".join(edited)
    found, _ = hunks(old, new)
    assert sides(found) == (old, new)
    for left_out in ("insert", "delete"):
        pieces = [(op, text) for op, text in found if op != left_out]
        text = "".join(piece for _, piece in pieces)
        inside = {
            n: m[0] for m in WHOLE.finditer(text) if m[0] for n in range(m.start() + 1, m.end())
        }
        at = 0
        for (op, piece), (following, _) in pairwise(pieces):
            at += len(piece)
            assert op == following or at not in inside, (inside[at], found)
