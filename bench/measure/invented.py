"""Papers that no ministry wrote: the same seed gives the same words on every machine."""

import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        slot: tuple(words.split())
        for slot, words in {
            "when": "自收到申请之日起{n}日内， 每年{n}月底前， 发生重大变化的， 首次供应前， 经书面同意后， 在各自职责范围内， "
            "依照有关法律、行政法规， 根据国家有关规定， 遇有突发情形时， 超过{n}个月未处理的，",
            "who": "灯具生产企业 主管部门 县级以上地方人民政府 数据处理者 进口商 检验机构 平台经营者 申请人 行业协会 仓储单位 "
            "受托方 使用人 标准化技术委员会 维修点 出口经营者 集成电路设计企业 科研院所 网络运营者",
            "must": "应当 可以 不得 负责 鼓励 必须 有权 应当自行或者委托他人",
            "do": "建立 报送 妥善保存 公开披露 定期评估 如实记录 核验 变更 终止 完善 推广 编制 抽查 备案 停用",
            "what": "灯具安全管理制度 风险监测报告 应急预案 质量追溯体系 技术标准 从业人员培训计划 投诉渠道 数据出境安全评估材料 "
            "绿色低碳改造方案 人工智能模型清单 节能改造目录 个人信息保护措施 供应链台账 再生铜采购合同 关键零部件名录 "
            "工业互联网标识 碳排放核算结果 专利许可 外商投资项目 稀土永磁材料 光刻胶库存 医疗器械样品 食品添加剂配方 氢能示范工程",
            "tail": "，并向社会公布 ，保存期限不少于{n}年 ，不得收取任何费用 ，并对其真实性负责 ，接受监督检查 ，同时抄送同级财政部门 "
            "，拒不改正的处{n}万元以下罚款 ，其中新增产能占比不低于百分之{n}",
        }.items()
    }
)
OPTIONAL: Mapping[str, float] = MappingProxyType({"when": 0.6, "tail": 0.5})
"""Slots of a sentence that may stay empty, and how often they are filled."""

BODIES, REGIONS, PRODUCTS, ASPECTS, KINDS = (
    tuple(words.split())
    for words in (
        "工业和信息化部 商务部 生态环境部 国家药品监督管理局 国家发展改革委 灯具局 雨伞总局 某市人民政府",
        "城镇 农村 沿海 高原 边境 园区 船用 矿用 户外 家用 医用 校园",
        "灯具 雨伞 风筝 陶瓷 钟表 缆车 锅炉 渔网 算盘 竹编 香料 轴承 乐器 皮革 玻璃 邮筒 热泵 水车 帐篷 茶叶 "
        "芯片 电池 药品 种子 机器人 卫星 数据 网络",
        "安全 质量 回收 出口 许可 备案 运输 仓储 检验 召回 标识 计量 节能 采购 租赁 维修 登记 追溯 统计 应急 "
        "信用 培训 价格 收费 档案",
        "管理办法 实施细则 暂行规定 技术规范 工作指引 监督条例",
    )
)
_DIGITS = "零一二三四五六七八九"


def dice(seed: object) -> random.Random:
    """Chance that a seed repeats."""
    return random.Random(str(seed))  # noqa: S311 - nothing here is a secret


def numeral(n: int) -> str:
    """A whole number below 10,000 as Chinese texts count articles: 十二, 一百零五."""
    if n < 20:
        return ("十" if n > 9 else "") + (_DIGITS[n % 10] if n % 10 or not n else "")
    written, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            written += ("零" if gap else "") + _DIGITS[digit] + name
        gap = bool(written) and not digit
    return written


class Part(NamedTuple):
    """A word in its slot of a sentence."""

    slot: str
    word: str


Sentence = tuple[Part, ...]


def sentence(chance: random.Random) -> Sentence:
    """One rule: when, who, must, do, what, tail."""
    slots = [s for s in WORDS if chance.random() < OPTIONAL.get(s, 1.0)]
    return (*(Part(slot, word(chance, slot)) for slot in slots), Part("stop", "。"))


def word(chance: random.Random, slot: str) -> str:
    """A word for a slot, a number in it where it wants one."""
    return chance.choice(WORDS[slot]).replace("{n}", numeral(chance.randint(2, 60)))


def spoken(parts: Sentence) -> str:
    return "".join(part.word for part in parts)


def text(chance: random.Random, length: int) -> str:
    """Paragraphs of rules, an article each, of about `length` characters."""
    lines: list[str] = []
    size = 0
    while size < length:
        rules = "".join(spoken(sentence(chance)) for _ in range(chance.randint(1, 4)))
        lines.append(f"第{numeral(len(lines) + 1)}条　{rules}")
        size += len(lines[-1]) + 1
    return "\n".join(lines)[:length]


def name(n: int) -> str:
    """The `n`-th name of a paper; all below 50,400 differ."""
    n = n * 15_077 % 50_400  # neighbours in number are no neighbours in words (15,077 is coprime)
    n, kind = divmod(n, len(KINDS))
    n, aspect = divmod(n, len(ASPECTS))
    region, product = divmod(n, len(PRODUCTS))
    return REGIONS[region] + PRODUCTS[product] + ASPECTS[aspect] + KINDS[kind]


def draft_title(body: str, paper: str) -> str:
    return f"{body}关于公开征求《{paper}（征求意见稿）》意见的通知"


def final_title(body: str, paper: str) -> str:
    return f"{body}关于印发《{paper}》的通知"
