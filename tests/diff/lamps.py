"""Invented regulations of an invented Bureau of Lamps, for the tests of diff."""

import re

CLAUSES = {
    "purpose": "为了规范智能灯具数据处理活动，保障数据安全，促进产业健康发展，制定本办法。",
    "scope": "在境内开展智能灯具数据处理活动及其安全监管，应当遵守本办法。",
    "terms": "本办法所称智能灯具，是指能够联网并采集环境信息的照明产品。",
    "system": "处理者应当建立全流程安全管理制度，明确负责人和管理机构。",
    "report": "处理者发现数据泄露的，应当在三十日内向主管部门报告，并通知受影响的个人。",
    "catalogue": "灯具局会同有关部门编制重要灯具目录，每两年修订一次并向社会公布。",
    "export": "向境外提供灯具采集的影像，应当通过出境评估，评估结果有效期三年。",
    "test": "检测机构受理委托后，应当在十个工作日内出具检测报告，不得转让检测资质。",
    "fine": "违反本办法规定未履行报告义务的，由灯具局责令改正，处五万元以下罚款。",
    "small": "小型经营者可以简化备案手续，具体条件由省级主管部门另行公布。",
    "force": "本办法自2026年5月1日起施行。",
}
ORDER = tuple(CLAUSES)
_CN = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1..99 as it is written: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    return (f"{_CN[tens] if tens > 1 else ''}十" if tens else "") + (_CN[ones] if ones else "")


def regulation(*articles: str) -> str:
    """Numbered articles, each the name of a clause or a text of its own."""
    return "\n".join(
        f"第{chinese(n)}条 {CLAUSES.get(text, text)}" for n, text in enumerate(articles, 1)
    )


def blankless(text: str) -> str:
    return re.sub(r"\s+", "", text)


DRAFT = f"""智能灯具数据管理办法
（征求意见稿）
目　录
第一章 总则
第二章 处理
第一章 总　则
第一条　{CLAUSES["purpose"]}
第二条　{CLAUSES["scope"]}
第三条　{CLAUSES["system"]}处理者可以委托他人处理。
第二章 处理
第四条　{CLAUSES["report"]}
报告应当包括数据的类型和数量。
第五条　违反第四条规定的，处五万元以下罚款。
第六条　{CLAUSES["catalogue"]}
第七条　{CLAUSES["small"]}
第八条　本办法自2026年5月1日起施行。
灯具局
2026年3月1日
"""
FINAL = f"""智能灯具数据管理办法
目　录
第一章 总则
第二章 处理活动
第一章 总　则
第一条　{CLAUSES["purpose"]}
第二条　{CLAUSES["catalogue"]}
第三条　{CLAUSES["scope"]}
第四条　{CLAUSES["system"]}处理者不得委托他人处理。
第二章 处理活动
第五条　{CLAUSES["report"].replace("三十", "十五")}
报告应当包括数据的类型和数量。
第六条　违反第五条规定的，处五万元以下罚款。
第七条　境外处理者应当在境内指定代表，并向灯具局备案。
第八条　本办法自2026年10月1日起施行。
灯具局
2026年7月1日
附件：重要灯具目录
"""
