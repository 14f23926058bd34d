import pytest

from watcher.diff.hunks import hunks
from watcher.diff.substance import KINDS, marks
from watcher.diff.terms import terms


def read(old: str, new: str) -> list[str]:
    return [f"{mark.kind}: {mark.reason}" for mark in marks(hunks(old, new)[0])]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("应当在三十日内报告", "应当在十五日内报告", ["time_limit: 30 → 15 days"]),
        ("在30日内报告", "在15个工作日内报告", ["time_limit: 30 days → 15 working days"]),
        ("有效期一年", "有效期三年", ["time_limit: 1 year → 3 years"]),
        ("应当备案", "可以备案", ["obligation: obligation: 应当 → 可以"]),
        ("可以委托他人", "不得委托他人", ["obligation: obligation: 可以 → 不得"]),
        ("禁止转让", "不得转让", []),
        ("注册资本3000万元", "注册资本1.5亿元", ["amount: 30,000,000 → 150,000,000 yuan"]),
        ("比例为10%", "比例为百分之二十", ["percentage: 10% → 20%"]),
        ("处五万元以下罚款", "处20万元以下罚款", ["penalty: penalty: 50,000 → 200,000 yuan"]),
        ("处违法所得一倍罚款", "处违法所得五倍罚款", ["penalty: penalty: 1 → 5 times"]),
        ("给予警告", "吊销许可证", ["penalty: penalty: 警告 → 吊销"]),
        (
            "自2026年3月1日起施行",
            "自2026年10月1日起施行",
            ["effective_date: in force: 2026-03-01 → 2026-10-01"],
        ),
        (
            "2026年3月1日前完成登记",
            "2026年5月1日前完成登记",
            ["date: date: 2026-03-01 → 2026-05-01"],
        ),
        ("应当备案。", "应当备案，小型企业除外。", ["exception: exception added: 小型企业除外"]),
        ("不满十六周岁的", "不满十八周岁的", ["scope: scope: 16 → 18 years of age"]),
        ("应当报告。应当备案。", "应当备案。", ["obligation: obligation removed: 应当"]),
        # what only moved, or says the same in other figures, is no change
        ("应当在三十日内报告，并备案", "并备案，应当在三十日内报告", []),
        ("在三十日内", "在30日内", []),
        ("灯具处理者", "灯具经营者", []),
        ("", "应当在五日内备案", ["obligation: obligation added: 应当", "time_limit: time limit added: 5 days"]),
        ("不得转让，禁止出借", "", ["obligation: obligation removed: 不得, 禁止"]),
    ],
)  # fmt: skip
def test_marks(old: str, new: str, expected: list[str]) -> None:
    assert read(old, new) == expected


def test_a_mark_quotes_the_texts() -> None:
    (mark,) = marks(hunks("处五万元以下罚款", "处20万元以下罚款")[0])
    assert (mark.old, mark.new) == ("五万元", "20万元")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年内", []),
        ("每年三月底", [("time_limit", "every year")]),
        ("上一年度的第二日", []),
        ("三个月", [("time_limit", "3 months")]),
        ("处十日拘留", [("penalty", "10 days"), ("penalty", "拘留")]),
        ("不可以", [("obligation", "不可以")]),
        ("千分之五", [("percentage", "5‰")]),
        ("两千零二十五元", [("amount", "2,025 yuan")]),
    ],
)
def test_terms(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(term.kind, term.said) for term in terms(text)] == expected
    assert {term.kind for term in terms(text)} <= set(KINDS)
