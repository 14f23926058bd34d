"""Invented pairs of every structure ministries use, each aligned by hand before it was first run."""

import pytest

from tests.diff.test_diff import check_laws
from watcher.diff import TextDiff, diff_texts

PAIRS = {
    "inserted 之一": (
        "第十一条\u3000经营灯具的，应当备案。\n"
        "第十二条\u3000灯具应当标明功率和产地。\n"
        "第十三条\u3000本办法自公布之日起施行。",
        "第十一条\u3000经营灯具的，应当备案。\n"
        "第十二条\u3000灯具应当标明功率和产地。\n"
        "第十二条之一\u3000网络平台应当核验灯具经营者的备案信息。\n"
        "第十二条之二\u3000平台发现违法灯具的，应当停止服务。\n"
        "第十三条\u3000本办法自公布之日起施行。",
        "same 第十一条>第十一条, same 第十二条>第十二条, inserted >第十二条之一, inserted >第十二条之二, same 第十三条>第十三条",
    ),
    "编章节": (
        "灯具法\n"
        "第一编\u3000总则\n"
        "第一分编\u3000通则\n"
        "第一章\u3000一般规定\n"
        "第一节\u3000目的\n"
        "第一条\u3000为了规范照明，制定本法。\n"
        "第二条\u3000在境内使用灯具，适用本法。\n"
        "第二编\u3000使用\n"
        "第三条\u3000使用人应当定期检修灯具。",
        "灯具法\n"
        "第一编\u3000总则\n"
        "第一章\u3000一般规定\n"
        "第一节\u3000目的和范围\n"
        "第一条\u3000为了规范照明，制定本法。\n"
        "第二条\u3000在境内使用灯具，适用本法。\n"
        "第二编\u3000使用和检修\n"
        "第三条\u3000使用人应当每年检修灯具。",
        "same 第一条>第一条, same 第二条>第二条, changed 第三条>第三条",
    ),
    "digits of any width": (
        "第1条 灯具分为甲、乙两类。\n第2条 甲类灯具应当备案。\n第3条 乙类灯具免于备案。",
        "第１条 灯具分为甲、乙两类。\n第２条 甲类灯具应当备案。\n第３条 乙类灯具无须备案。",
        "same 第1条>第１条, same 第2条>第２条, changed 第3条>第３条",
    ),
    "numerals of two kinds": (
        "第一条 灯具分为甲、乙两类。\n第二条 甲类灯具应当备案。\n第三条 乙类灯具免于备案。",
        "第1条 灯具分为甲、乙两类。\n第2条 甲类灯具应当备案。\n第3条 乙类灯具免于备案。",
        "same 第一条>第1条, same 第二条>第2条, same 第三条>第3条",
    ),
    "Article 12 bis": (
        "Article 11 Lamps shall be registered.\n"
        "Article 12 Lamps shall bear a label.\n"
        "Article 13 These Measures take effect on 1 May 2026.",
        "Article 11 Lamps shall be registered.\n"
        "Article 12 Lamps shall bear a label.\n"
        "Article 12 bis Platforms shall check the registration of sellers.\n"
        "Article 13 These Measures take effect on 1 July 2026.",
        "same Article 11>Article 11, same Article 12>Article 12, inserted >Article 12 bis, changed Article 13>Article 13",
    ),
    "Section": (
        "Section 1. Scope\n"
        "This guideline applies to lamps.\n"
        "Section 2. Testing\n"
        "Lamps shall be tested every year.\n"
        "Section 3. Records\n"
        "Records are kept for three years.",
        "Section 1. Scope\n"
        "This guideline applies to lamps.\n"
        "Section 2. Testing\n"
        "Lamps shall be tested every two years.\n"
        "Section 3. Records\n"
        "Records are kept for three years.",
        "same Section 1.>Section 1., changed Section 2.>Section 2., same Section 3.>Section 3.",
    ),
    "decision to amend": (
        "关于修改《灯具办法》的决定\n"
        "一、将第三条修改为：“第三条\u3000灯具应当每两年检测一次。”\n"
        "二、删去第五条。\n"
        "三、增加一条，作为第九条：\n"
        "“第九条\u3000检测机构应当公开收费标准。”\n"
        "四、第十条中的“照明局”修改为“灯具局”。\n"
        "本决定自公布之日起施行。",
        "关于修改《灯具办法》的决定\n"
        "一、将第三条修改为：“第三条\u3000灯具应当每年检测一次。”\n"
        "二、增加一条，作为第九条：\n"
        "“第九条\u3000检测机构应当公开收费标准和检测依据。”\n"
        "三、第十条中的“照明局”修改为“灯具局”。\n"
        "本决定自公布之日起施行。",
        "changed 一、>一、, deleted 二、>, changed 三、>二、, renumbered 四、>三、",
    ),
    "decision that quotes articles": (
        "关于修改《灯具办法》的决定\n"
        "一、将第三条修改为：\n"
        "“第三条\u3000灯具应当每两年检测一次。\n"
        "检测费用由经营者承担。”\n"
        "二、将第七条修改为：\n"
        "“第七条\u3000违反本办法的，处五万元罚款。”\n"
        "三、将第八条修改为：\n"
        "“第八条\u3000本办法由灯具局解释。”",
        "关于修改《灯具办法》的决定\n"
        "一、将第三条修改为：\n"
        "“第三条\u3000灯具应当每两年检测一次。\n"
        "检测费用由生产者承担。”\n"
        "二、将第七条修改为：\n"
        "“第七条\u3000违反本办法的，处十万元罚款。”\n"
        "三、将第八条修改为：\n"
        "“第八条\u3000本办法由灯具局解释。”",
        "changed 一、>一、, changed 二、>二、, same 三、>三、",
    ),
    "annex with articles of its own": (
        "第一条 灯具应当备案。\n"
        "第二条 备案表见附件。\n"
        "第三条 本办法自2026年5月1日起施行。\n"
        "附件：灯具备案合同（示范文本）\n"
        "第一条 甲方提供灯具。\n"
        "第二条 乙方支付价款。",
        "第一条 灯具应当备案。\n"
        "第二条 备案表见附件1。\n"
        "第三条 本办法自2026年5月1日起施行。\n"
        "附件1：灯具备案合同（示范文本）\n"
        "第一条 甲方提供合格灯具。\n"
        "第二条 乙方支付价款。",
        "same 第一条>第一条, changed 第二条>第二条, same 第三条>第三条",
    ),
    "references at line starts": (
        "第一条 灯具应当备案。\n"
        "第二条 有下列情形的，依照下列规定处理：\n"
        "第十条规定的情形，处警告；\n"
        "第十一条、第十二条规定的情形，处罚款。\n"
        "第三条 本办法由灯具局解释。",
        "第一条 灯具应当备案。\n"
        "第二条 有下列情形的，依照下列规定处理：\n"
        "第十条规定的情形，处警告；\n"
        "第十一条、第十二条规定的情形，处十万元罚款。\n"
        "第三条 本办法由灯具局解释。",
        "same 第一条>第一条, changed 第二条>第二条, same 第三条>第三条",
    ),
    "plan with labels that come again": (
        "照明产业发展规划\n"
        "一、总体要求\n"
        "（一）指导思想。坚持创新驱动。\n"
        "（二）发展目标。到2027年，产值达到三千亿元。\n"
        "二、重点任务\n"
        "（一）突破关键技术。\n"
        "1. 研制高效芯片。\n"
        "2. 建设中试平台。\n"
        "（二）推广绿色照明。改造城市路灯。\n"
        "三、保障措施\n"
        "（一）加强组织领导。各地要制定方案。\n"
        "（二）加大财税支持。落实税收优惠。",
        "照明产业发展规划\n"
        "一、总体要求\n"
        "（一）指导思想。坚持创新驱动。\n"
        "（二）发展目标。到2028年，产值达到三千亿元。\n"
        "二、重点任务\n"
        "（一）突破关键技术。\n"
        "1. 研制高效芯片。\n"
        "2. 攻克封装工艺。\n"
        "3. 建设中试平台。\n"
        "（二）推广绿色照明。改造城市路灯和景观灯。\n"
        "三、保障措施\n"
        "（一）加大财税支持。落实税收优惠。",
        "same 一、>一、, same （一）>（一）, changed （二）>（二）, same 二、>二、, same （一）>（一）, same 1.>1., inserted >2., renumbered 2.>3., changed （二）>（二）, same 三、>三、, deleted （一）>, renumbered （二）>（一）",
    ),
    "contents of one side": (
        "灯具注册审查指导原则\n"
        "目录\n"
        "一、适用范围\t1\n"
        "二、审查要点\t2\n"
        "（一）光学性能\t2\n"
        "（二）电气安全\t3\n"
        "三、参考文献\t5\n"
        "一、适用范围\n"
        "本原则适用于手术灯。\n"
        "二、审查要点\n"
        "（一）光学性能\n"
        "照度不低于四万勒克斯。\n"
        "（二）电气安全\n"
        "符合国家标准。\n"
        "三、参考文献\n"
        "[1] 灯具标准。",
        "灯具注册审查指导原则\n"
        "一、适用范围\n"
        "本原则适用于手术灯和检查灯。\n"
        "二、审查要点\n"
        "（一）光学性能\n"
        "照度不低于四万勒克斯。\n"
        "（二）电气安全\n"
        "符合国家标准。\n"
        "三、参考文献\n"
        "[1] 灯具标准。",
        "changed 一、>一、, same 二、>二、, same （一）>（一）, same （二）>（二）, same 三、>三、",
    ),
    "standard with measures in its text": (
        "1 范围\n"
        "本文件规定手术灯要求。\n"
        "2 要求\n"
        "2.1 照度\n"
        "照度为10.00 klx。\n"
        "10.00 klx以下的不合格。\n"
        "2.2 色温\n"
        "3.50 V的电源。\n"
        "2.00 A\n"
        "3 检验\n"
        "每批检验。",
        "1 范围\n"
        "本文件规定手术灯要求。\n"
        "2 要求\n"
        "2.1 照度\n"
        "照度为20.00 klx。\n"
        "10.00 klx以下的不合格。\n"
        "2.2 色温\n"
        "3.50 V的电源。\n"
        "2.00 A\n"
        "3 检验\n"
        "每批检验两次。",
        "same 1>1, same 2>2, changed 2.1>2.1, same 2.2>2.2, changed 3>3",
    ),
    "labels of another style": (
        "一、要求\n"
        "（1）灯罩应当透明。\n"
        "（2）灯座应当绝缘。\n"
        "（3）电线应当阻燃。\n"
        "二、检验\n"
        "（1）每批抽检。",
        "一、要求\n"
        "1.1 灯罩应当透明。\n"
        "1.2 灯座应当绝缘并接地。\n"
        "1.3 电线应当阻燃。\n"
        "二、检验\n"
        "2.1 每批抽检。",
        "same 一、>一、, renumbered （1）>1.1, changed （2）>1.2, renumbered （3）>1.3, same 二、>二、, renumbered （1）>2.1",
    ),
    "English law with annex": (
        "Measures on Lamps\n"
        "Chapter I General Provisions\n"
        "Article 1 These Measures regulate lamps.\n"
        "Article 2 Lamps under Article 1 shall be safe.\n"
        "Chapter II Duties\n"
        "Article 3 Makers shall keep records for three years.\n"
        "Article 4 These Measures take effect on 1 May 2026.\n"
        "Bureau of Lamps\n"
        "1 March 2026\n"
        "Annex 1 List of Lamps\n"
        "Article 1 does not apply.",
        "Measures on Lamps\n"
        "Chapter I General Provisions\n"
        "Article 1 These Measures regulate lamps.\n"
        "Article 2 Makers shall be licensed.\n"
        "Article 3 Lamps under Article 1 shall be safe.\n"
        "Chapter II Duties of Makers\n"
        "Article 4 Makers shall keep records for five years.\n"
        "Article 5 These Measures take effect on 1 May 2026.\n"
        "Bureau of Lamps\n"
        "1 April 2026\n"
        "Annex 1 List of Lamps",
        "same Article 1>Article 1, inserted >Article 2, renumbered Article 2>Article 3, changed Article 3>Article 4, renumbered Article 4>Article 5",
    ),
    "foreword of one side": (
        "灯具注册指导原则\n"
        "一、前言\n"
        "本指导原则旨在为注册申请人准备申报资料提供技术指导。\n"
        "二、适用范围\n"
        "适用于手术灯。\n"
        "三、要求\n"
        "应当提交照度报告。",
        "灯具注册指导原则\n"
        "本指导原则旨在为注册申请人准备申报资料提供技术指导。\n"
        "一、适用范围\n"
        "适用于手术灯。\n"
        "二、要求\n"
        "应当提交照度报告和色温报告。",
        "renumbered 二、>一、, changed 三、>二、",
    ),
    "split and merge": (
        "第一条 经营者应当建立灯具进货台账，记录名称、规格和数量。经营者应当每年培训安全员，培训时间不少于二十学时。\n"
        "第二条 灯具局对灯具质量进行监督抽查。\n"
        "第三条 抽查结果应当向社会公布。\n"
        "第四条 违反本办法的，处警告。",
        "第一条 经营者应当建立灯具进货台账，记录名称、规格和数量。\n"
        "第二条 经营者应当每年培训安全员，培训时间不少于二十学时。\n"
        "第三条 灯具局对灯具质量进行监督抽查。抽查结果应当向社会公布。\n"
        "第四条 违反本办法的，处警告。",
        "split 第一条>第一条+第二条, merged 第二条+第三条>第三条, same 第四条>第四条",
    ),
    "signatures": (
        "第一条 灯具应当备案。\n"
        "第二条 本办法由灯具局解释。\n"
        "灯具局\u3000能源局\n"
        "二〇二六年三月一日",
        "第一条 灯具应当备案。\n第二条 本办法由灯具局解释。\n灯具局\n能源局\n2026年4月1日",
        "same 第一条>第一条, same 第二条>第二条",
    ),
    "items change places": (
        "第一条 有下列情形之一的，不予备案：\n"
        "（一）材料不全的；\n"
        "（二）灯具不合格的；\n"
        "（三）提供虚假材料的。\n"
        "第二条 备案有效期三年。",
        "第一条 有下列情形之一的，不予备案：\n"
        "（一）材料不全的；\n"
        "（二）提供虚假材料的；\n"
        "（三）灯具不合格的。\n"
        "第二条 备案有效期五年。",
        "changed 第一条>第一条, changed 第二条>第二条",
    ),
    "parts and an annex table": (
        "灯具指南\n"
        "第一部分\u3000总论\n"
        "灯具的基本概念。\n"
        "第二部分\u3000检测\n"
        "1．光学检测\n"
        "用照度计。\n"
        "2．电气检测\n"
        "用电压表。\n"
        "附录A\u3000照度表\n"
        "1．手术灯",
        "灯具指南\n"
        "第一部分\u3000总论\n"
        "灯具的基本概念和分类。\n"
        "第二部分\u3000检测\n"
        "1．光学检测\n"
        "用照度计。\n"
        "2．机械检测\n"
        "用推力计。\n"
        "3．电气检测\n"
        "用电压表。\n"
        "附录A\u3000照度表\n"
        "1．手术灯",
        "changed 第一部分>第一部分, same 第二部分>第二部分, same 1．>1．, inserted >2．, renumbered 2．>3．",
    ),
    "circled items": (
        "一、总体要求\n坚持统筹。\n二、任务\n①研制芯片。\n②建设平台。\n三、保障\n加强领导。",
        "一、总体要求\n"
        "坚持统筹发展。\n"
        "二、任务\n"
        "①研制芯片。\n"
        "②建设平台。\n"
        "③推广应用。\n"
        "三、保障\n"
        "加强领导。",
        "changed 一、>一、, changed 二、>二、, same 三、>三、",
    ),
}


def labelled(diff: TextDiff) -> str:
    """What became of each article under the labels the papers print: "same 第一条>第一条"."""
    return ", ".join(
        f"{entry.op} {'+'.join(entry.old_labels)}>{'+'.join(entry.new_labels)}"
        for entry in diff.entries
    )


@pytest.mark.parametrize("name", PAIRS)
def test_pair(name: str) -> None:
    old, new, expected = PAIRS[name]
    diff = diff_texts(old, new)
    assert labelled(diff) == expected
    check_laws(old, new, diff)


def test_a_section_of_one_title_is_one_though_it_is_rewritten() -> None:
    old = "一、组织保障\n成立专班，定期会商。\n二、资金支持\n统筹使用各类资金。\n三、宣传引导\n开展科普活动。"
    new = "一、资金支持\n发行债券，落实贴息。\n二、技术攻关\n成立创新联合体。\n三、宣传引导\n开展科普活动。"
    assert (
        labelled(diff_texts(old, new))
        == "deleted 一、>, changed 二、>一、, inserted >二、, same 三、>三、"
    )


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("一、甲\n（一）乙\n1. 丙\n（1）丁\n（二）戊\n1. 己\n二、庚", ["", "一、", "一、（一）", "一、（一）1.", "一、", "一、（二）", ""]),
        ("1 甲\n1.1 乙\n1.1.1 丙\n1.2 丁\n2 戊", ["", "1", "11.1", "1", ""]),
        ("第一章 甲\n第一节 乙\n第一条 丙。\n第二节 丁\n第二条 戊。\n第二章 己\n第三条 庚。", ["第一章 甲第一节 乙", "第一章 甲第二节 丁", "第二章 己"]),
        ("第一条 甲。\n第二条 乙。", ["", ""]),
    ],
)  # fmt: skip
def test_what_an_entry_stands_under(text: str, paths: list[str]) -> None:
    assert ["".join(entry.above) for entry in diff_texts(text, text).entries] == paths
