"""Chinese titles in English: a table of real ones, and what must hold for whatever a page calls a title."""

import re
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.real import ROOT, shared
from watcher.facts import facts_of
from watcher.gloss import LONGEST, gloss
from watcher.gloss.glossary import glossary
from watcher.model import Facts, Stage
from watcher.text import cn_number

TABLE: list[tuple[str, str]] = [
    (zh, en)
    for zh, en in yaml.safe_load((ROOT / "tests/gloss/titles.yaml").read_text(encoding="utf-8"))
]
HAN = re.compile(r"[\u4e00-\u9fff]")
LABEL = re.compile(r"(?:News|Paper|Speech|Draft|List): ")
"""What a line begins with when the title says neither who speaks nor what is done."""


@pytest.mark.parametrize(("title", "expected"), TABLE, ids=[zh[:40] for zh, _ in TABLE])
def test_a_title_reads_like_this(title: str, expected: str) -> None:
    assert gloss(title).text == expected
    assert gloss(title).complete == (HAN.search(expected) is None)


def test_the_table_is_long() -> None:
    assert len({title for title, _ in TABLE}) >= 120


@pytest.mark.parametrize(
    "title", ["", " ", "Notice on Lamps", "  Two  blanks ", "Ünïcode № 5", "a" * 500, "12345"]
)
def test_a_title_without_chinese_stays_as_it_is(title: str) -> None:
    made = gloss(title)
    assert (made.text, made.complete) == (title, True)


@pytest.mark.parametrize(
    ("title", "facts", "expected"),
    [
        (
            "三部门关于印发《灯具管理办法》的通知",
            Facts(bodies=("MIIT", "NDRC", "MOF")),
            "MIIT, NDRC and MOF · Notice issuing measures 《灯具管理办法》",
        ),
        (
            "十二部门关于印发《灯具管理办法》的通知",
            Facts(bodies=("MIIT", "+11")),
            "MIIT and 11 others · Notice issuing measures 《灯具管理办法》",
        ),
        (
            "十二部门关于印发《灯具管理办法》的通知",
            Facts(bodies=("MIIT",)),
            "12 departments · Notice issuing measures 《灯具管理办法》",
        ),
        (
            "关于印发《灯具管理办法》的通知",
            Facts(bodies=("SC",)),
            "State Council · Notice issuing measures 《灯具管理办法》",
        ),
        ("灯具管理办法", Facts(bodies=("XYZ",)), "XYZ · Measures 《灯具管理办法》"),
        ("灯具管理办法", Facts(stage=Stage.NEWS), "News: 灯具管理办法"),
        (
            "工业和信息化部关于灯具的公告",
            Facts(bodies=("NDRC",)),
            "MIIT · Announcement on 灯具",
        ),
    ],
)
def test_facts_say_what_the_title_does_not(title: str, facts: Facts, expected: str) -> None:
    assert gloss(title, facts).text == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于支持机器人发展的意见", "Opinions on supporting 机器人发展"),
        ("关于支持人工智能创新发展的意见", "Opinions on supporting the innovative development of AI"),
        ("关于规范化妆品标签的通知", "Notice on regulating 化妆品标签"),
        ("关于规范数据、算法和算力服务的通知", "Notice on regulating data, algorithms and computing power services"),
        ("关于加强数据安全管理有关工作的通知", "Notice on work concerning strengthening data security management"),
        ("关于同意在灯城设立跨境电子商务综合试验区的批复", "Reply approving the setting up of cross-border e-commerce pilot zones in 灯城"),
        ("关于同意将灯城列为国家历史文化名城的批复", "Reply approving the listing of 灯城 as a national historical and cultural city"),
        ("关于印发《“十四五”机器人产业发展规划》的通知", "Notice issuing the 14th Five-Year Development Plan for the Robotics Industry"),
    ],
)  # fmt: skip
def test_known_words_in_a_sure_order(title: str, expected: str) -> None:
    assert gloss(title).text == expected


@pytest.mark.parametrize("mark", ["", "（试行）", "（征求意见稿）"])
def test_names_that_the_caller_knows(mark: str) -> None:
    names = {"灯具管理办法": "the Lamp Measures"}
    made = gloss(f"关于印发《灯具管理办法{mark}》的通知", Facts(stage=Stage.FINAL), names=names)
    assert made.text.startswith("Notice issuing the Lamp Measures")
    assert made.complete


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("关于印发第十五个灯具年报告的通知", "FYP"),
        ("关于印发《灯具十五条措施》的通知", "FYP"),
        ("二十五五金店的通知", "25th"),
        ("教育部门关于灯具的通知", "MOE"),
        ("国务院灯具领导小组办公室关于灯具的通知", "State Council ·"),
        ("关于印发《算法》的通知", "law"),
        ("关于促进和规范灯具的意见", "promoting"),
        ("关于支持的函", "supporting"),
        ("关于加快推广灯具的通知", "accelerating 推广"),
        ("网络安全法院的通知", "Cybersecurity Law"),
        ("关于规范性文件清理的公告", "regulating"),
        ("加强灯具监管部署 强调灯具安全", "部署 ·"),
        ("市场监管总局（简称市场监管总局）关于灯具的公告", "SAMR and SAMR"),
        ("市场监管总局（灯具司）关于灯具的公告", "and"),
        ("关于组织机构代码的通知", "organizing"),
        ("关于实施方案的批复", "implementing"),
        ("关于灯具管理办法修改后的公告", "amending"),
        ("关于《灯具规则》等级划分的通知", "others"),
        ("进口药品管理办法", "Import Drugs"),
        ("关于延续实施灯具补贴的公告", "extending 实施"),
    ],
)
def test_rather_less_than_wrong(title: str, wrong: str) -> None:
    assert wrong not in gloss(title).text


PIECES = st.sampled_from(
    [
        *"《》（）()“”、和的年第号批〔〕[]：:—-·| 0123456789一二三十",
        "关于", "印发", "发布", "征求意见稿", "公开征求", "意见", "通知", "公告", "解读", "答记者问", "再次", "第二次",
        "工业和信息化部", "国家发展改革委", "等十二部门", "国务院", "办公厅", "转发", "同意", "有关事项", "工作", "等3项",
        "管理办法", "行动计划", "十五五", "2024—2026年", "2025年版", "试行", "草案", "次审议稿", "次征求意见稿", "年百月", "数据安全", "灯具", "令", "Lamp", "\ue000", "\u200b",
    ]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
def test_whatever_is_called_a_title_gives_one_short_line(title: str) -> None:
    made = gloss(title)
    assert made == gloss(title)
    if HAN.search(title):
        assert len(made.text) <= LONGEST
        assert "\n" not in made.text
        assert made.text.strip()
        assert made.complete == (re.search(r"[\u3400-\u9fff\uf900-\ufaff]", made.text) is None)


NAMES = st.sampled_from(
    [
        "灯具管理办法",
        "人工智能管理办法",
        "机器人产业发展规划",
        "网络安全法",
        "灯具名录",
        "数据安全实施细则",
    ]
)
YEARS = st.integers(1990, 2060)


@given(NAMES, YEARS, st.integers(0, 12), st.integers(1, 999), st.integers(2, 5), st.integers(2, 40))
def test_numbers_years_and_rounds_survive(
    name: str, year: int, span: int, number: int, round_: int, bodies: int
) -> None:
    nth = "零一二三四五"[round_]
    title = (
        f"工业和信息化部等{bodies}部门关于第{nth}次征求《{name}（{year}—{year + span}年）》意见的公告"
        f"（{year}年第{number}号）"
    )
    text = gloss(title).text
    assert f"({year}–{year + span})" in text
    assert f"(No. {number} of {year})" in text
    assert f"MIIT and {bodies - 1} other" in text
    assert f"{ {2: '2nd', 3: '3rd', 4: '4th', 5: '5th'}[round_] } call for comments" in text


def test_digits_of_real_titles_survive_and_most_begin_with_who_or_what() -> None:
    titles = real_titles()
    assert len(titles) > 400
    begun = 0
    for title in titles:
        made = gloss(title, facts_of(title))
        begun += not LABEL.match(made.text) and not HAN.match(made.text.lstrip("《"))
        if "…" not in made.text:
            lost = set(re.findall(r"\d+", title)) - set(re.findall(r"\d+", made.text))
            assert {cn_number(each) for each in lost} <= set(
                map(int, re.findall(r"\d+", made.text))
            ) | {int(n) + 1 for n in re.findall(r"and (\d+) others", made.text)}, title
    assert begun / len(titles) >= 0.9


def real_titles() -> list[str]:
    found: list[str] = []
    for file, rows in (("titles_dev.yaml", "items"), ("links_dev.yaml", "documents")):
        data = yaml.load(shared(f"gold/{file}").read_text(encoding="utf-8"), yaml.CSafeLoader)
        found += [row["title"] for row in data[rows]]
    return found


@pytest.mark.parametrize(
    "title",
    [
        "关于" * 100_000 + "的通知",
        "《" * 50_000 + "灯" + "》" * 50_000,
        "灯" + "（" * 100_000,
        "（试行）" * 50_000,
        "征求" * 100_000 + "意见",
        "、和" * 100_000,
        "《a》和" * 50_000,
        "数据" * 100_000 + "管理办法",
        "工业和信息化部、" * 30_000,
        "十五五" * 100_000,
        "有关" * 100_000,
        "\ue000等" * 100_000 + "灯",
        "1" * 100_000 + "年第" + "1" * 100_000 + "号灯",
    ],
    ids=lambda title: title[:8],
)
def test_a_hostile_title_is_read_quickly(title: str) -> None:
    begun = time.perf_counter()
    assert len(gloss(title).text) <= LONGEST
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "title",
    [
        "灯具公告（第1十号）",
        "国务院令第1十号",
        "国务院公告第百十零号",
        "关于印发《灯》等3十项规定的通知",
        "关于印发《灯》等十百项规定的通知",
        "关于《灯（1十次征求意见稿）》公开征求意见的通知",
        "灯（草案）（1十次审议稿）",
        "灯（草案〇〇次审议稿）",
        "灯（第٣批）",
        "1十部门关于灯的通知",
        "教育部等1十部门关于灯的通知",
        "关于灯的公告（2024年13月）",
        "关于灯的公告（2024年百月）",
    ],
)
def test_numbers_that_are_none(title: str) -> None:
    assert gloss(title).text


def test_chinese_is_cut_before_english() -> None:
    made = gloss(f"工业和信息化部关于印发《{'灯具' * 100}管理办法（2024—2026年）（试行）》的通知")
    assert len(made.text) == LONGEST
    assert made.text.startswith("MIIT · Notice issuing measures 《灯具灯具")
    assert made.text.endswith("灯…》 (2024–2026) (trial)") or made.text.endswith("具…》 (2024–2026) (trial)")  # fmt: skip


def test_the_glossary_is_well_formed() -> None:
    tables = glossary()
    assert len(tables.names) >= 100
    assert all(name.endswith(("法", "典")) or tables.form.search(name) or "（" in name for name in tables.names)  # fmt: skip
    assert all("{}" in shape for shape in tables.shapes.values())
    for table in (tables.names, tables.shapes, tables.verbs, tables.forms, tables.organs):
        assert not any(HAN.search(english) for english in table.values())
        assert all(HAN.search(chinese) for chinese in table)
    assert not any(HAN.search(f"{term.before}{term.last}") for term in tables.terms.values())
