import pytest

from tests.diff.lamps import CLAUSES, DRAFT, blankless
from watcher.diff.articles import split_pair


def cut(text: str) -> list[str]:
    """Each block as kind, number and the first characters of its text."""
    return [
        f"{block.kind} {block.number} {block.text[:6]}".replace("  ", " ")
        for block in split_pair(text, "")[0]
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一条 甲方。\n第二条 乙方。", ["article 1 甲方。", "article 2 乙方。"]),
        ("第1条　甲方。\n第２条　乙方。", ["article 1 甲方。", "article 2 乙方。"]),
        ("第一条甲方。\n第二条乙方。", ["article 1 甲方。", "article 2 乙方。"]),
        (
            "第十二条 甲方。\n第十二条之一 乙方。\n第十三条 丙方。",
            ["article 12 甲方。", "article 12.1 乙方。", "article 13 丙方。"],
        ),
        (
            "第一条【目的】甲方。\n第二条（范围）乙方。",
            ["article 1 【目的】甲方", "article 2 （范围）乙方"],
        ),
        (
            "办法\n第一编 总则\n第一章 目的\n第一节 一般\n第一条 甲方。",
            [
                "preamble 办法",
                "heading 第一编 总则",
                "heading 第一章 目的",
                "heading 第一节 一般",
                "article 1 甲方。",
            ],
        ),
        # references at a line's start are no articles
        (
            "第一条 甲方。\n第三条规定的情形除外。\n第二条 乙方。\n第一条第二款所列的。",
            ["article 1 甲方。\n第三", "article 2 乙方。\n第一"],
        ),
        # a chapter named inside a sentence is no heading
        (
            "第一条 甲方。\n第二章规定的除外。\n第二条 乙方。",
            ["article 1 甲方。\n第二", "article 2 乙方。"],
        ),
        ("第一条 甲方。\n灯具局\n2026年3月1日", ["article 1 甲方。", "tail 灯具局\n20"]),
        ("第一条 甲方。\n附件1：目录\n一、灯泡", ["article 1 甲方。", "tail 附件1：目录"]),
        (
            "第一条 甲方。\n第二条 乙方。\n附件：合同样本\n第一条 丙方。",
            ["article 1 甲方。", "article 2 乙方。", "tail 附件：合同样"],
        ),
        # an annex that is only mentioned does not end the articles
        ("附件：办法\n第一条 甲方。", ["preamble 附件：办法", "article 1 甲方。"]),
        ("第一条 甲方。\n本条附件由灯具局公布。", ["article 1 甲方。\n本条"]),
        # no 第X条: headings, then paragraphs
        (
            "通知\n一、总体要求\n推进。\n（一）目标。到2030年。\n二、任务",
            ["preamble 0 通知", "article 1 总体要求\n推", "article 2 目标。到20", "article 3 任务"],
        ),
        ("1. 灯泡\n2. 灯座\n3.5 毫米", ["article 1 灯泡", "article 2 灯座\n3.5"]),
        ("甲方。\n\n乙方。", ["article 1 甲方。", "article 2 乙方。"]),
        ("甲方。\n灯具局\n二〇二六年三月一日", ["article 1 甲方。", "tail 灯具局\n二〇"]),
        ("", []),
        (" \n\n", []),
    ],
)
def test_cut(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "contents",
    [
        "目录\n第一章 总则\n第二章 附则\n",
        "目 次\n第一章　总　则……1\n第二章　附　则……9\n",
        "目录\n第一条 目的 1\n第二条 范围 2\n",
        "第一章 总则\n第二章 附则\n",
    ],
)
def test_a_table_of_contents_is_no_article(contents: str) -> None:
    chapters = "第一章 总则\n" if "章" in contents else ""
    body = f"{chapters}第一条 {CLAUSES['purpose']}\n第二条 {CLAUSES['scope']}"
    blocks, _, unit = split_pair(f"灯具办法\n{contents}{body}", "")
    assert unit == "article"
    assert [b.number for b in blocks if b.kind == "article"] == ["1", "2"]
    assert [b.text for b in blocks if b.kind == "heading"] == (["第一章 总则"] if chapters else [])
    assert blankless(blocks[0].text) == blankless(f"灯具办法{contents}")


@pytest.mark.parametrize("title", ["目录\n", ""])
def test_a_table_of_contents_of_headings(title: str) -> None:
    text = f"指导原则\n{title}一、范围 1\n（一）产品 1\n二、要求 3\n一、范围\n适用。\n（一）产品\n灯泡。\n二、要求\n齐全。"
    blocks, _, _ = split_pair(text, "")
    assert [(b.number, b.label) for b in blocks if b.kind == "article"] == [
        ("1", "一、"),
        ("2", "（一）"),
        ("3", "二、"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "unit"),
    [
        ("第一条 甲。", "第一条 乙。", "article"),
        ("第一条 甲。\n第二条 乙。", "一、甲\n二、乙", "paragraph"),
        ("第一条 甲。", "", "article"),
        ("", "", "paragraph"),
        ("一、甲\n二、乙", "一、甲\n二、丙", "paragraph"),
        ("第十条 只此一条。", "第十条 只此一条。", "paragraph"),
    ],
)
def test_both_texts_are_cut_the_same_way(old: str, new: str, unit: str) -> None:
    assert split_pair(old, new)[2] == unit


def test_labels_stand_as_printed() -> None:
    blocks, _, _ = split_pair("第十二条之一　甲。\n第十三条 乙。", "")
    assert [block.label for block in blocks] == ["第十二条之一", "第十三条"]


def test_nothing_is_lost() -> None:
    blocks, _, _ = split_pair(DRAFT, "")
    assert blankless("".join(block.whole for block in blocks)) == blankless(DRAFT)
    assert [block.kind for block in blocks] == [
        "preamble", "heading", *["article"] * 3, "heading", *["article"] * 5, "tail",
    ]  # fmt: skip
