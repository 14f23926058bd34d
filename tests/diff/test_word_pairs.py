"""Two real guidelines and their drafts, as Word files: sections that are one are told as one, by name."""

import pytest

from tests.diff.test_diff import check_laws
from tests.real import shared
from watcher.diff import Entry, diff_texts
from watcher.sandbox import read_attachment

LENSES = (
    "2017-08-09_软性接触镜注册技术审查指导原则（征求意见稿）.docx",
    "2018-04-26_软性接触镜注册技术审查指导原则.doc",
)
DEVICES = (
    "2021-06-04_人工智能医疗器械注册审查指导原则（征求意见稿）.docx",
    "2022-03-09_人工智能医疗器械注册审查指导原则（2022年第8号）.docx",
)
ALIGNED = [
    (LENSES, "二、适用范围", "一、适用范围"),
    (LENSES, "三、注册单元划分", "二、常见注册单元划分"),
    (LENSES, "四、注册申报资料要求", "三、注册申报资料要求"),
    (LENSES, "（一）综述资料", "（一）综述资料"),
    (LENSES, "（二）研究资料", "（二）研究资料"),
    (LENSES, "2.生物相容性评价研究", "2.生物相容性评价研究"),
    (LENSES, "3.灭菌/消毒工艺研究", "3.灭菌工艺的研究"),
    (LENSES, "（三）生产制造信息", "（三）生产制造信息"),
    (LENSES, "（五）产品技术要求", "（五）产品技术要求"),
    (LENSES, "（五）产品注册检测报告：", "（六）产品注册检测报告"),
    (LENSES, "（1）普通软性亲水接触镜产品", "3.1普通软性接触镜产品"),
    (LENSES, "（六）产品说明书：", "（七）产品说明书"),
    (LENSES, "五、参考文献", "四、参考文献"),
    (DEVICES, "一、适用范围", "一、适用范围"),
    (DEVICES, "（三）全生命周期管理", "（三）全生命周期质控"),
    (DEVICES, "（二）数据收集", "（二）数据收集"),
    (DEVICES, "4.数据集构建", "4.数据集构建"),
    (DEVICES, "（四）人因设计与可用性", "（四）人因与可用性"),
    (DEVICES, "（八）基于模型的算法", "（八）白盒算法"),
    (DEVICES, "（九）迁移学习", "（十）迁移学习"),
    (DEVICES, "（十三）基于数据的无监督学习", "（十四）持续学习/自适应学习"),
    (DEVICES, "（十五）人工智能芯片", "（十六）人工智能芯片"),
    (DEVICES, "（二）许可事项变更", "（二）变更注册"),
    (DEVICES, "九、参考文献", "八、参考文献"),
    (DEVICES, "", "（九）集成学习"),
    (DEVICES, "八、编写单位", ""),
]


def text_of(name: str) -> str:
    file = shared(f"sites/files/attachments/nmpa_cmde/{name}")
    return read_attachment(file.read_bytes(), name).text


def name_of(entry: Entry, side: str) -> str:
    """Label and first line of the first section of one side, blanks aside."""
    labels = getattr(entry, f"{side}_labels")
    left_out = "insert" if side == "old" else "delete"
    text = "".join(text for op, text in entry.hunks if op != left_out)
    first = text.lstrip().split("\n")[0]
    return "".join(f"{labels[0]}{first}".split()) if labels else ""


@pytest.mark.parametrize("files", [LENSES, DEVICES], ids=["lenses", "AI devices"])
def test_sections_are_aligned_by_name(files: tuple[str, str]) -> None:
    old, new = map(text_of, files)
    diff = diff_texts(old, new)
    check_laws(old, new, diff)
    found = {(name_of(entry, "old"), name_of(entry, "new")) for entry in diff.entries}
    expected = {(was, now) for pair, was, now in ALIGNED if pair == files}
    assert expected - found == set()
    assert not diff.coarse


def test_a_contents_list_and_a_table_are_no_sections() -> None:
    diff = diff_texts(*map(text_of, DEVICES))
    captions = [name_of(entry, "old") for entry in diff.entries]
    assert captions.count("一、适用范围") == 1
    labels = {
        label
        for entry in diff_texts(*map(text_of, LENSES)).entries
        for label in (*entry.old_labels, *entry.new_labels)
    }
    assert not {"10.00", "2.00"} & labels
