"""Which sector a title is for. The papers are invented; the situations are those of real lists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.classify import NONE, classify, load_rules
from watcher.classify.folding import spelling
from watcher.model import Stage

RULES = load_rules()


@pytest.mark.parametrize(
    ("title", "primary"),
    [
        ("智能灯具数据安全管理办法（征求意见稿）", "data-security"),
        ("关于公开征求《灯具用锂离子电池规范条件》意见的通知", "vehicles"),
        ("关于路灯领域人工智能应用的指导意见", "ai-computing"),
        ("灯具产业“十五五”碳达峰实施方案", "carbon"),
        ("灯泡注册技术审查指导原则（2031年第7号）", "health"),
        ("Notice on large language models for street lamps", "ai-computing"),
        ("Lamp makers and their robots", "robotics-mfg"),
        ("YMTC cuts lamps and staff after blacklisting", "semiconductors"),
        ("Hainan prepares customs closure for lamps", "regional"),
        # full width, and a blank that is none of ours
        ("关于推进ＩＰｖ６部署的通知", "industrial-internet"),
    ],
)
def test_a_sector_is_read_from_the_title(title: str, primary: str) -> None:
    assert classify(RULES, title).primary == primary


@pytest.mark.parametrize(
    ("title", "primary", "why"),
    [
        ("制造业标准体系和机器人产业发展规划", "robotics-mfg", "specific before standards"),
        ("支持氢能产业发展的金融政策", "energy", "specific before finance"),
        ("新型工业化背景下的稀土行业规划", "materials", "specific before industrial policy"),
        ("长三角机器人产业规划", "robotics-mfg", "specific before regional"),
        ("国有企业知识产权管理办法", "innovation-ip", "industrial policy comes last"),
        ("能源领域碳排放管理办法", "carbon", "emissions before energy"),
        ("医疗机构药品管理规定", "health", "product before service"),
        ("汽车芯片推广目录", "semiconductors", "chips before cars"),
        ("碳排放核查员国家职业标准", "talent", "a trade's standard is about the trade"),
        ("灯具安全规范等14项国家标准制修订计划项目", "standards", "a mixed batch"),
        ("灯具市场监管行业标准管理办法", "standards", "how standards are made"),
        ("灯厂、水泥厂、钢铁厂碳排放权交易管理办法", "carbon", "carbon markets, whoever trades"),
        ("公布对稀土灯粉实施出口管制的决定", "materials", "critical minerals before trade"),
        ("路灯数据资源会计处理规定", "finance", "accounting, whatever is in the books"),
        ("灯具企业跨境投资外汇管理办法", "finance", "foreign exchange, whatever it pays for"),
        ("电信业务扩大对外开放的通告", "industrial-internet", "what is opened before opening"),
        ("灯用集成电路和软件企业清单", "semiconductors", "chips before software"),
        (
            "List of innovation tasks for future industries",
            "industrial-policy",
            "innovation is a word",
        ),
    ],
)
def test_the_order_of_sectors(title: str, primary: str, why: str) -> None:
    assert classify(RULES, title).primary == primary, why


@pytest.mark.parametrize(
    "body",
    [
        "工业和信息化部",
        "国家知识产权局",
        "国家能源局综合司",
        "农业农村部办公厅",
        "国家数据局",
        "国家互联网信息办公室",
        "交通运输部 生态环境部",
        "某省科学技术厅",
        "某市经济和信息化局",
        "深圳市人民政府",
        "商务部消费促进司",
    ],
)
def test_the_name_of_a_body_triggers_nothing(body: str) -> None:
    assert classify(RULES, f"{body}关于印发工作细则的通知").primary == NONE


@pytest.mark.parametrize(
    "title",
    [
        "国务院任免国家工作人员",
        "国家能源局直属单位公开招聘公告",
        "某部信息系统采购项目中标公告",
        "关于2031年国庆节放假安排的通知",
        "某部党组召开主题教育总结会",
        "部长会见外国能源公司总裁",
        "全国节约用水宣传周启动",
        "关于做好台风防御工作的通知",
        "财政部紧急下拨救灾资金",
        "关于调整退休人员基本养老金的通知",
        "关于公布国家历史文化名城的通知",
        "全国群众体育先进单位名单",
        "上半年国民经济运行情况新闻发布会",
        "某同志逝世",
        "",
        "   ",
        "2031年第3号",
    ],
)
def test_noise_is_kept_out(title: str) -> None:
    assert classify(RULES, title).primary == NONE


@pytest.mark.parametrize(
    ("title", "primary"),
    [
        ("油灯煤矿重大事故隐患判定标准", "energy"),
        ("道路运输突发事件应急预案", "transport"),
        ("某厂突发环境事件应急预案", "environment"),
        ("中小学人工智能教育指南", "ai-computing"),
        ("校园食品安全管理规定", "agriculture"),
        ("房屋建筑节能改造方案", "carbon"),
        ("商品房销售明码标价规定", "competition"),
        ("上半年软件业经济运行情况", "ai-computing"),
        ("退役军人就业服务办法", "talent"),
        ("残疾人就业促进方案", "talent"),
    ],
)
def test_a_word_of_noise_does_not_swallow_policy(title: str, primary: str) -> None:
    assert classify(RULES, title).primary == primary


@pytest.mark.parametrize(
    "title",
    ["部长在某省调研制造业", "全民国家安全教育日海报", "某部举办财政干部培训班开班式"],
)
def test_events_are_noise_though_they_name_a_sector(title: str) -> None:
    assert classify(RULES, title).primary == NONE


def test_a_long_text_does_not_drown_the_title() -> None:
    text = "完善电网、光伏、风电、储能和煤电政策，建设电力市场。\n" * 300
    found = classify(RULES, "个人信息保护办法", text)
    assert found.primary == "data-security"
    assert found.secondary == ("energy",)


def test_the_text_decides_when_the_title_is_silent() -> None:
    found = classify(RULES, "关于有关事项的公告", "为规范集成电路企业管理，制定本公告。")
    assert found.primary == "semiconductors"
    assert {e.field for e in found.evidence} == {"text"}
    assert found.score < classify(RULES, "集成电路企业管理公告").score


def test_noise_in_the_title_is_not_outvoted_by_the_text() -> None:
    assert classify(RULES, "某研究院公开招聘公告", "本院从事集成电路研究。" * 20).primary == NONE


def test_bodies_tip_the_balance_but_make_no_sector() -> None:
    title = "关于灯具的数据和环境工作"
    assert classify(RULES, title, bodies=["MEE"]).primary == "environment"
    assert classify(RULES, title, bodies=["NDA"]).primary == "data-security"
    assert classify(RULES, "关于有关事项的通知", bodies=["NEA"]).primary == NONE


def test_an_appointment_needs_more_than_a_word() -> None:
    title = "New head of the energy office"
    assert classify(RULES, title).primary == "energy"
    assert classify(RULES, title, stage=Stage.APPOINTMENT).primary == NONE


def test_the_longest_term_counts() -> None:
    found = classify(RULES, "生物医用材料推广目录")
    assert found.primary == "health"
    assert "materials" not in found.secondary
    assert [e.term for e in found.evidence] == ["生物医用材料"]


@pytest.mark.parametrize(
    ("title", "term"),
    [
        ("Rules for AI lamps", "AI"),
        ("Rules for chips in lamps", "chips"),
        ("Pharmaceutical lamps", "Pharma"),
    ],
)
def test_latin_terms_are_whole_words_with_their_plural(title: str, term: str) -> None:
    assert classify(RULES, title).evidence[0].term == term


@pytest.mark.parametrize("title", ["The mountain rain", "Rules for shipowners", "15G lamps"])
def test_latin_terms_are_not_parts_of_words(title: str) -> None:
    assert classify(RULES, title).primary == NONE


TERMS = [
    "数据安全",
    "工业互联网",
    "AI",
    "chips",
    "工业和信息化部",
    "任免",
    "碳",
    "绿色低碳",
    "营商环境",
    "京津冀",
]
TERMS += ["Ｄａｔａ", "医保", "\n", "的", " ", "İ", "ß", "》", "会见", "5G", "标准"]
TEXTS = st.lists(st.one_of(st.sampled_from(TERMS), st.text(max_size=4)), max_size=25).map("".join)


@settings(max_examples=150, deadline=None)
@given(title=TEXTS, text=TEXTS)
def test_any_text_has_one_answer_and_its_evidence_spells_the_terms(title: str, text: str) -> None:
    found = classify(RULES, title, text)
    assert found == classify(RULES, title, text)
    assert 0.0 <= found.score <= 1.0
    assert len(found.secondary) <= 3
    assert found.primary not in found.secondary
    assert {found.primary, *found.secondary} - {NONE} <= RULES.sectors.keys()
    fields = {"title": title, "text": text}
    for e in found.evidence:
        assert fields[e.field][e.start : e.end] == e.term
        assert spelling(e.term).startswith(spelling(e.rule_term.removesuffix("*")))
    shown = {e.sector for e in found.evidence}
    assert shown == {found.primary, *found.secondary} - {NONE}
