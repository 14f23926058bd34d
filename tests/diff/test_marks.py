"""What a change means: kinds of marks by pairs of sentences, and changes that mean nothing."""

import pytest

from watcher.diff.hunks import hunks
from watcher.diff.substance import KINDS, LABELS, Mark, marks


def read(old: str, new: str) -> tuple[Mark, ...]:
    return marks(hunks(old, new)[0])


@pytest.mark.parametrize(
    ("old", "new", "kind", "reason"),
    [
        ("应当备案", "可以备案", "obligation", "obligation: 应当 → 可以"),
        ("可以转让", "不得转让", "obligation", "obligation: 可以 → 不得"),
        ("鼓励备案", "应当备案", "obligation", "obligation: 鼓励 → 应当"),
        ("应当报告", "必须报告", "obligation", "obligation: 应当 → 必须"),
        ("无需批准", "应当批准", "obligation", "obligation: 无需 → 应当"),
        ("应当报告。", "应当报告，不得拖延。", "obligation", "obligation added: 不得"),
        ("Operators shall report", "Operators may report", "obligation", "obligation: shall → may"),
        ("Operators may sell", "Operators must not sell", "obligation", "obligation: may → must not"),
        ("注册资本300万元", "注册资本500万元", "amount", "3,000,000 → 5,000,000 yuan"),
        ("补贴两千元", "补贴三千元", "amount", "2,000 → 3,000 yuan"),
        ("价值10万美元", "价值20万美元", "amount", "100,000 → 200,000 US dollar"),
        ("补贴五万元。", "补贴。", "amount", "amount removed: 50,000 yuan"),
        ("比例达到10%", "比例达到15%", "percentage", "10% → 15%"),
        ("百分之五", "百分之八", "percentage", "5% → 8%"),
        ("千分之三", "千分之五", "percentage", "3‰ → 5‰"),
        ("占比１０％", "占比12%", "percentage", "10% → 12%"),
        ("在三十日内报告", "在十五日内报告", "time_limit", "30 → 15 days"),
        ("10个工作日内", "5个工作日内", "time_limit", "10 → 5 working days"),
        ("保存三年", "保存五年", "time_limit", "3 → 5 years"),
        ("24小时内", "12小时内", "time_limit", "24 → 12 hours"),
        ("每六个月一次", "每三个月一次", "time_limit", "6 → 3 months"),
        ("30日内", "30个工作日内", "time_limit", "30 days → 30 working days"),
        ("within thirty days", "within 15 days", "time_limit", "30 → 15 days"),
        ("及时报告", "在二日内报告", "time_limit", "promptly → 2 days"),
        (
            "自2026年5月1日起施行", "自2026年10月1日起施行",
            "effective_date", "in force: 2026-05-01 → 2026-10-01",
        ),
        (
            "自公布之日起施行", "自2026年5月1日起施行",
            "effective_date", "in force: day of issue → 2026-05-01",
        ),
        (
            "有效期至2027年12月31日", "有效期至2029年12月31日",
            "effective_date", "in force: 2027-12-31 → 2029-12-31",
        ),
        ("2026年3月1日前登记", "2026年6月1日前登记", "date", "date: 2026-03-01 → 2026-06-01"),
        ("处理10万人信息的", "处理100万人信息的", "threshold", "100,000 → 1,000,000 人"),
        ("年产500辆的", "年产1000辆的", "threshold", "500 → 1,000 辆"),
        ("违规三次的", "违规两次的", "threshold", "3 → 2 次"),
        ("三十日以上的", "三十日以下的", "threshold", "threshold: 以上 → 以下"),
        ("比例不低于30%", "比例不高于30%", "threshold", "threshold: 不低于 → 不高于"),
        ("超过五百户", "不足五百户", "threshold", "threshold: 超过 → 不足"),
        ("处五万元罚款", "处十万元罚款", "penalty", "penalty: 50,000 → 100,000 yuan"),
        ("处一倍罚款", "处三倍罚款", "penalty", "penalty: 1 → 3 times"),
        ("给予警告", "吊销许可证", "penalty", "penalty: 警告 → 吊销"),
        ("责令改正", "责令停产停业", "penalty", "penalty: 责令改正 → 责令停产停业"),
        ("处五日拘留", "处十日拘留", "penalty", "penalty: 5 → 10 days"),
        ("处警告", "处警告，没收违法所得", "penalty", "penalty added: 没收违法所得"),
        (
            "处一年以下有期徒刑", "处三年以下有期徒刑",
            "penalty", "penalty: 1 year → 3 years",
        ),
        ("不满十六周岁", "不满十八周岁", "scope", "scope: 16 → 18 years of age"),
        ("适用于境内", "适用于境内和境外", "scope", "scope added: 境外"),
        ("适用本办法", "不适用本办法", "scope", "scope added: 不适用"),
        (
            "处理者应当备案", "处理者和受托人应当备案",
            "scope", "scope: 处理者 → 处理者和受托人",
        ),
        (
            "生产企业不得转让", "销售企业不得转让",
            "scope", "scope: 生产企业 → 销售企业",
        ),
        ("应当备案。", "应当备案，小微企业除外。", "exception", "exception added: 小微企业除外"),
        ("应当公开，法律另有规定的从其规定", "应当公开", "exception", "exception removed: 法律另有规定"),
        (
            "但合同另有约定或者法律、行政法规另有规定的除外", "但法律、行政法规另有规定的除外",
            "exception", "exception removed: 合同另有约定",
        ),
        (
            "应当公开", "除涉密项目外，应当公开",
            "exception", "exception added: 除涉密项目外",
        ),
        ("处一万元以上五万元以下罚款", "处五万元以上二十万元以下罚款", "penalty", "penalty: 10,000–50,000 → 50,000–200,000 yuan"),
        ("处五万元以下罚款", "处一万元以上五万元以下罚款", "penalty", "penalty: 50,000 → 10,000–50,000 yuan"),
        ("每季度报送", "每月报送", "time_limit", "every quarter → every month"),
        ("立即停止", "在三日内停止", "time_limit", "at once → 3 days"),
        ("到2027年建成", "到2028年建成", "date", "date: 2027 → 2028"),
        ("于每年3月31日前报送", "于每年4月30日前报送", "date", "date: 31 Mar → 30 Apr"),
        ("总投资的三分之一", "总投资的二分之一", "percentage", "1/3 → 1/2"),
        ("达到两成。", "达到三成。", "percentage", "20% → 30%"),
        ("超过300流明的", "超过500流明的", "threshold", "300 → 500 流明"),
        ("本办法适用于民用灯具。", "本办法适用于民用灯具和商用灯具。", "scope", "scope added: 商用灯具"),
        ("所称灯具，是指照明灯。", "所称灯具，是指装饰灯。", "scope", "scope: 照明灯 → 装饰灯"),
        ("grants of RMB 5 million", "grants of RMB 8 million", "amount", "5,000,000 → 8,000,000 yuan"),
        ("They apply to makers.", "They apply to makers and importers.", "scope", "scope added: importers"),
        ("effective 1 March 2027", "effective 1 June 2027", "effective_date", "in force: 2027-03-01 → 2027-06-01"),
        ("It shall report", "It shall report unless exempted", "exception", "exception added: unless, exempted"),
    ],
)  # fmt: skip
def test_what_a_change_means(old: str, new: str, kind: str, reason: str) -> None:
    assert [(mark.kind, mark.reason) for mark in read(old, new)] == [(kind, reason)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("违反第十条规定的", "违反第十一条规定的"),
        ("依照第三十条第二款", "依照第三十一条第三款"),
        ("处理者应当建帐", "处理者应当建账"),
        ("应当备案、登记", "应当备案，登记"),
        ("在30日内", "在三十日内"),
        ("在３０日内", "在30日内"),
        ("3000万元", "三千万元"),
        ("百分之二十", "20%"),
        ("2026年3月1日前", "二〇二六年三月一日前"),
        ("禁止转让", "不得转让"),
        ("第一次会议", "第二次会议"),
        ("上一年度报告", "下一年度报告"),
        ("第二十日起", "第三十日起"),
        ("应当备案，不得转让", "不得转让，应当备案"),
        ("工商部门应当公布", "市场监管部门应当公布"),
        ("灯具的处理者", "灯具的经营者"),
        ("一般性要求", "一次性要求"),
        ("自然人", "个人"),
    ],
)
def test_what_means_nothing(old: str, new: str) -> None:
    assert read(old, new) == ()


def test_marks_are_labelled_in_both_languages() -> None:
    (mark,) = read("在三十日内报告", "在十五日内报告")
    assert (mark.label, mark.label_zh) == ("time limit", "期限")
    assert mark.reason_zh == "期限：三十日 → 十五日"
    (come,) = read("应当备案。", "应当备案，小微企业除外。")
    (gone,) = read("应当备案，小微企业除外。", "应当备案。")
    assert (come.reason_zh, gone.reason_zh) == ("新增例外：小微企业除外", "删去例外：小微企业除外")
    assert list(LABELS) == list(KINDS)
    assert len({zh for _, zh in LABELS.values()}) == len(KINDS)
