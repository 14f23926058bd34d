"""Seeded scripts of edits on an invented paper of stock phrases: what became of each article is found again."""

import random
from itertools import product

import pytest

from tests.diff.lamps import chinese
from watcher.diff import diff_texts

WHEN = ("首次供应前，", "发生重大变化的，", "经书面同意后，", "每年十月底前，", "")
WHO = ("灯具企业", "检验机构", "行业协会", "进口商", "网络平台", "主管部门", "科研院所", "维修点")
DOES = ("应当备案", "不得停用", "可以推广", "必须妥善保存", "负责编制", "有权核验", "鼓励公开")
WHAT = ("应急预案", "技术标准", "供应链台账", "质量追溯体系", "培训计划", "碳核算结果", "采购合同")
CLOSE = ("，接受监督检查", "，不得收取任何费用", "，并向社会公布", "，并对其真实性负责", "")
TERM = ("灯具", "照明器材")
SIZE = 60
Pairs = set[tuple[str, str]]


def article(chance: random.Random) -> str:
    """Two to five sentences put together from the same few phrases: strangers share a third."""
    return "".join(
        "".join(map(chance.choice, (WHEN, WHO, DOES, WHAT, CLOSE))) + "。"
        for _ in range(chance.randint(2, 5))
    )


def written(articles: list[str]) -> str:
    return "\n".join(f"第{chinese(n)}条 {text}" for n, text in enumerate(articles, 1))


def revised(kind: str, share: float, seed: int) -> tuple[str, str, Pairs]:
    """Draft, final, and which article became which; "" where there is no partner."""
    chance = random.Random(f"{kind} {share} {seed}")
    draft = list(dict.fromkeys(article(chance) for _ in range(SIZE)))
    final: list[tuple[tuple[int, ...], str]] = [((n,), text) for n, text in enumerate(draft, 1)]
    for _ in range(round(share * len(draft))):
        at = chance.randrange(len(final))
        ranks, text = final[at]
        if kind in ("drop", "replace"):
            del final[at]
        if kind in ("insert", "replace"):
            final.insert(chance.randrange(len(final)), ((), article(chance)))
        if kind == "move":
            final.insert(chance.randrange(len(final)), final.pop(at))
        sentences = text.count("。")
        if kind == "split" and sentences > 3 and len(ranks) == 1:
            first = "。".join(text.split("。")[:2]) + "。"
            final[at : at + 1] = [(ranks, first), (ranks, text.removeprefix(first))]
    if kind == "term":
        final = [(ranks, text.replace(*TERM)) for ranks, text in final]
    kept = {rank for ranks, _ in final for rank in ranks}
    truth = {(str(r), str(n)) for n, (ranks, _) in enumerate(final, 1) for r in ranks or ("",)}
    truth |= {(str(rank), "") for rank in range(1, len(draft) + 1) if rank not in kept}
    return written(draft), written([text for _, text in final]), truth


@pytest.mark.parametrize("share", [0.05, 0.12, 0.25])
@pytest.mark.parametrize("kind", ["drop", "insert", "replace", "move", "split", "term"])
def test_articles_are_found_again(kind: str, share: float) -> None:
    hits = told = real = 0
    for seed in range(3):
        old, new, truth = revised(kind, share, seed)
        found = {
            pair
            for entry in diff_texts(old, new).entries
            for pair in product(entry.old or ("",), entry.new or ("",))
        }
        hits, told, real = hits + len(found & truth), told + len(found), real + len(truth)
    assert 2 * hits / (told + real) >= 0.97
