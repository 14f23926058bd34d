"""Who issues a paper: the head of its title, and what speaks when the title is silent."""

from datetime import date
from time import perf_counter

import pytest

from watcher.facts.issuers import issuers_of, issuing_bodies, named_issuer, signature
from watcher.facts.number import number_in_text
from watcher.facts.title import read_title


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("工业和信息化部关于印发《灯具管理办法》的通知", "MIIT"),
        ("工业和信息化部等十二部门关于印发《灯具计划》的通知", "MIIT +11"),
        ("商务部等14部门关于印发《行动方案》的通知", "MOFCOM +13"),
        ("国家发展改革委 国家能源局关于印发《规划》的通知", "NDRC NEA"),
        ("科技部金融监管总局关于支持灯具企业的通知", "MOST NFRA"),
        ("民政部 广电总局 国家网信办关于印发《办法》的通知", "MCA CAC"),
        ("国家发展改革委等部门关于同意建设灯具基地的复函", "NDRC"),
        ("国务院办公厅关于转发生态环境部等部门《行动方案》的通知", "SC MEE"),
        ("国务院办公厅转发国家发展改革委等部门关于灯具建设指导意见的通知", "SC NDRC"),
        ("工业和信息化部办公厅 财政部办公厅关于灯具的通知", "MIIT MOF"),
        ("商务部、海关总署和市场监管总局关于灯具的公告", "MOFCOM GACC SAMR"),
        ("科技部金融监管总局 财政部关于灯具的通知", "MOST NFRA MOF"),
        ("工业和信息化部 国家发展改革委 财政部等七部门关于灯具的意见", "MIIT NDRC MOF +4"),
        ("中国人民银行 国家金融监督管理总局令〔2025〕第3号", "PBoC NFRA"),
        ("国务院关于同意设立综合试验区的批复", "SC"),
        ("国务院关税税则委员会关于排除延期清单的公告", "TARIFF"),
        ("国家市场监督管理总局令（第79号） 禁止滥用灯具规定", "SAMR"),
        ("市场监管总局特种设备局关于《规程（征求意见稿）》公开征求意见的公告", "SAMR"),
        ("中国人民银行发布《统一登记办法》", "PBoC"),
        ("中国人民银行等九部门联合印发《灯具金融方案》", "PBoC +8"),
        ("国家发展改革委：制定统一大市场条例", "NDRC"),
        ("国家发展改革委副主任出席国务院政策例行吹风会 介绍方案", "NDRC"),
        ("稳步提升产能——农业农村部有关负责人解读一季度形势", "MARA"),
        ("推动事业发展——访住房和城乡建设部部长", "MOHURD"),
        ("教育部高等教育司负责人就《关于公布结果的通知》答记者问", "MOE"),
        ("经国务院同意，工业和信息化部、财政部印发《灯具计划》", "MIIT MOF"),
        ("工业和信息化部会同有关部门印发《灯具计划》", "MIIT"),
        ("工业和信息化部 教育部 财政部关于联合印发《灯具计划》的通知", "MIIT MOE MOF"),
        # who passes a paper on speaks first, then whose paper it is; a count is of the latter
        ("国务院办公厅转发国家发展改革委等五部门关于灯具意见的通知", "SC NDRC +4"),
        ("工业和信息化部转发《国务院办公厅关于灯具的意见》的通知", "MIIT SC"),
        ("工业和信息化部关于转发《灯具局关于灯具的意见》的通知", "MIIT"),
        # inside 《》, or after the head, a name issues nothing
        ("解读《国务院关于灯具的意见》", ""),
        ("关于学习贯彻国务院决定的通知", ""),
        ("商务部关于将路灯公司等3家企业列入名单的公告", "MOFCOM"),
        ("教育部关于表彰灯具学院等五单位的决定", "MOE"),
        ("灯城市卫生健康委员会 灯城市国资委关于灯具的通知", ""),
        ("《教育部关于灯具的通知》解读", ""),
        ("国务院新闻办举行发布会", ""),
        ("灯具行业运行平稳", ""),
    ],
)
def test_title_heads(title: str, expected: str) -> None:
    assert " ".join(issuing_bodies(title)) == expected


def test_the_weaker_witnesses_speak_in_order() -> None:
    silent = "关于印发《灯具管理办法》的通知"
    text = "各单位：\n现印发给你们。\n教育部办公厅\n2026年9月16日"
    assert issuing_bodies(silent) == ()
    assert issuing_bodies(silent, source_body="MOF") == ("MOF",)
    assert issuing_bodies(silent, source_body="MOF", doc_number="发改能源〔2025〕9号") == ("NDRC",)
    assert issuing_bodies(silent, text, source_body="MOF") == ("MOE",)
    assert issuing_bodies(silent, text, "财政部 税务总局") == ("MOF", "STA")
    number = "商务部 海关总署公告2025年第54号"
    assert issuing_bodies(silent, text, "财政部", doc_number=number) == ("MOFCOM", "GACC")
    assert issuing_bodies(f"公安部{silent}", text, "财政部", doc_number=number) == ("MPS",)


def test_unnamed_bodies_are_counted_once_somebody_is_named() -> None:
    title = "三部门关于印发《灯具规划》的通知"
    assert issuing_bodies(title) == ()
    assert issuing_bodies(title, source_body="MIIT") == ("MIIT", "+2")


SIGNED = "各单位：\n现印发给你们。\n工业和信息化部\n科技部 财政部\n2026年9月16日\n灯具办法\n第一条 为了灯具。"


@pytest.mark.parametrize(
    ("title", "issuer", "expected"),
    [
        ("工业和信息化部等十二部门关于印发《灯具计划》的通知", None, "MIIT MOST MOF +9"),
        ("工业和信息化部等三部门关于印发《灯具计划》的通知", None, "MIIT MOST MOF"),
        ("三部门关于印发《灯具计划》的通知", None, "MIIT MOST MOF"),
        ("三部门关于印发《灯具计划》的通知", "科技部", "MOST MIIT MOF"),
        # a signature of others is another paper's
        ("教育部等五部门关于印发《灯具计划》的通知", None, "MOE +4"),
        ("工业和信息化部关于印发《灯具计划》的通知", None, "MIIT"),
    ],
)
def test_the_signature_names_those_that_the_title_counts(
    title: str, issuer: str | None, expected: str
) -> None:
    assert " ".join(issuing_bodies(title, SIGNED, issuer)) == expected


FIVE = "工业和信息化部等五部门关于印发《灯具计划》的通知"
SILENT = "关于印发《灯具计划》的通知"
DAY = "2026年9月16日"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        # signatures: a body on each line, several on one, in a table, spread wide, with offices
        (FIVE, f"现印发。\n工业和信息化部\n科技部\n财政部\n商务部\n市场监管总局\n{DAY}", "MIIT MOST MOF MOFCOM SAMR"),
        (FIVE, f"现印发。\n工业和信息化部\t科技部\n财政部\t商务部\n市场监管总局\n{DAY}\n附表", "MIIT MOST MOF MOFCOM SAMR"),
        (FIVE, f"现印发。\n工业和信息化部　科 技 部\n财　政　部　商　务　部\n市场监管总局\n{DAY}", "MIIT MOST MOF MOFCOM SAMR"),
        (FIVE, f"现印发。\n工业和信息化部办公厅 科技部办公厅 财政部办公厅\n商务部办公厅 市场监管总局办公厅\n{DAY}", "MIIT MOST MOF MOFCOM SAMR"),
        # one of the five has no code
        (FIVE, f"现印发。\n工业和信息化部 科技部 中国灯业总会 财政部 商务部\n{DAY}", "MIIT MOST MOF MOFCOM +1"),
        # the text's opening names them
        (FIVE, "近日，工业和信息化部、科技部、财政部、商务部、市场监管总局联合印发《灯具计划》。", "MIIT MOST MOF MOFCOM SAMR"),
        ("八部门联合印发《灯具计划》", "近日，工业和信息化部、科技部、财政部等八部门联合印发《灯具计划》。", "MIIT MOST MOF +5"),
        (FIVE, "近日，教育部、财政部联合印发《灯具办法》。", "MIIT +4"),
        (FIVE, "工业和信息化部、科技部有关负责人表示，灯具很亮。", "MIIT +4"),
        ("八部门联合印发《灯具计划》", "灯具很亮。", ""),
        # a number with 联, and a title that names nobody
        (SILENT, f"工信部联灯〔2026〕7号\n现印发。\n工业和信息化部\n教育部\n{DAY}", "MIIT MOE"),
        (SILENT, f"现印发。\n工业和信息化部\n教育部\n{DAY}", "MIIT MOE"),
        # asked, addressed or sent a copy: none of them issues
        (FIVE, f"经国务院同意，经商财政部、商务部，现印发。\n工业和信息化部\n{DAY}\n抄送：财政部、商务部", "MIIT +4"),
        (SILENT, f"各省、自治区、直辖市工业和信息化厅、财政厅：\n财政部、商务部：\n现印发。\n教育部\n{DAY}", "MOE"),
        (SILENT, "现印发。\n教育部\n抄送：财政部\n国家能源局\n国家数据局", "MOE"),
        (SILENT, "现印发。\n抄送：教育部、财政部\n国家能源局 国家数据局", ""),
    ],
)  # fmt: skip
def test_who_issues_together(title: str, text: str, expected: str) -> None:
    number = number_in_text(text)
    found = issuing_bodies(title, text, doc_number=number.value if number else None)
    assert " ".join(found) == expected


def test_the_day_of_a_paper_settles_a_name_that_moved() -> None:
    title = read_title("国家外国专家局关于灯具专家的通知")
    by_year = {
        year: [said.value for said in issuers_of(title, published=date(year, 6, 1))]
        for year in (2016, 2020, 2026)
    }
    assert by_year == {2016: ["MOHRSS"], 2020: ["MOST"], 2026: ["MOHRSS"]}


def test_a_body_without_a_code_is_not_replaced_by_the_default() -> None:
    title = "广州市人民政府办公厅关于印发灯具管理办法的通知"
    assert issuing_bodies(title, source_body="MIIT", issuer="教育部") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("正文。\n国家发展改革委\n国家能源局\n2026年9月16日", "NDRC NEA"),
        ("正文。\n中央网络安全和信息化委员会办公室2026年6月26日", "CAC"),
        ("正文。\n工业和信息化部\n全国灯业总社\n财政部\n2026年9月16日", "MIIT MOF"),
        (
            "正文。\n商务部　海关总署\n（2026年9月16日）\n附件：灯具目录\n灯具目录\n1.灯",
            "MOFCOM GACC",
        ),
        ("正文。\n工业和信息化部灯具管理局\n2026年9月16日", "MIIT"),
        ("正文。\n湖北省能源局\n2026年9月16日", ""),
        ("正文。\n国家发展改革委办公厅 国家能源局综合司", "NDRC NEA"),
        ("正文。\n联系人：教育部灯具司 张三\n2026年9月16日", ""),
        ("由教育部负责解释。", ""),
    ],
)
def test_signature(text: str, expected: str) -> None:
    assert " ".join(signature(text)) == expected


@pytest.mark.parametrize(
    ("title", "issuer", "named"),
    [
        ("灯具局关于印发《智能灯具数据管理办法》的通知", None, "灯具局"),
        (
            "南山区科技创新局关于《操作规程（征求意见稿）》公开征求意见的通知",
            "本网",
            "南山区科技创新局",
        ),
        ("关于公开征求《操作规程》意见的通知", "深圳市商务局", "深圳市商务局"),
        ("中药保护品种公告（第31号）", None, None),
        ("栏目更新情况说明", "来源：本网，供稿：某某局", None),
        ("关于公布名单的通知", None, None),
    ],
)
def test_bodies_without_a_code_keep_their_name(
    title: str, issuer: str | None, named: str | None
) -> None:
    found = named_issuer(read_title(title), issuer)
    assert (found and found.value) == named


@pytest.mark.parametrize(
    "title",
    [
        "等三部门" * 150,
        "转发" * 300,
        "转发甲" * 200 + "等部门",
        "工业和信息化部、" * 80,
        "《" * 600,
    ],
)
@pytest.mark.parametrize(
    "text", ["教育部、" * 50_000, "教育部\n" * 30_000, "2026年9月16日\n" * 20_000, "教 " * 60_000]
)
def test_no_row_of_names_holds_the_reader_up(title: str, text: str) -> None:
    begun = perf_counter()
    issuing_bodies(title, text, doc_number="灯联〔2026〕7号")
    assert perf_counter() - begun < 0.5
