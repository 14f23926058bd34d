"""Document numbers in every form ministries print."""

import pytest

from watcher.facts.number import find_number, normal_number, number_in_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("灯规〔2026〕7号", "灯规〔2026〕7号"),
        ("发改能源规[2025]976号", "发改能源规〔2025〕976号"),
        ("财金【2026】71号", "财金〔2026〕71号"),
        ("穗建规字(2024)5号", "穗建规字〔2024〕5号"),
        ("环办标征函（2026）24号", "环办标征函〔2026〕24号"),
        ("国办发明电〔2025〕7号", "国办发明电〔2025〕7号"),
        ("中国人民银行公告〔2025〕第29号", "中国人民银行公告〔2025〕第29号"),
        ("穗府办规2020-10号", "穗府办规〔2020〕10号"),
        ("灯规〔２０２６〕７号", "灯规〔2026〕7号"),
        ("关于推广灯具的通知(发改办法规〔2025〕807号)", "发改办法规〔2025〕807号"),
        ("国令第845号", "国令第845号"),
        ("《灯具办法》 2025年第31号令", "2025年第31号令"),
        ("公告2025年第54号", "公告2025年第54号"),
        ("关于灯具的公告 2024年第5号", "2024年第5号"),
        ("关于发布《目录（2021年版）》的公告（2021年第62号）", "2021年第62号"),
        ("国家市场监督管理总局令（第79号） 规定", "国家市场监督管理总局令第79号"),
        ("灯规﹝2026﹞ 7 号", "灯规〔2026〕7号"),
        ("灯规［2026］第7号", "灯规〔2026〕第7号"),
        ("灯规〔2026年〕7-2号", "灯规〔2026〕7-2号"),
        ("中华人民共和国主席令 第七十八号", "中华人民共和国主席令第七十八号"),
        (
            "财政部 税务总局关于灯具税收的公告 财政部 税务总局公告2026年第3号",
            "财政部 税务总局公告2026年第3号",
        ),
        ("关于转发灯发〔2025〕3号文件的通知（灯办〔2026〕9号）", "灯办〔2026〕9号"),
        # of another paper, or of none
        ("关于废止《灯具办法》（灯发〔2020〕1号）的通知", None),
        ("关于贯彻落实灯发〔2024〕1号文件的通知", None),
        ("灯发〔2024〕1号文件解读", None),
        ("关于废止灯发〔2024〕1号", None),
        ("2026年第3号台风防御通知", None),
        ("关于印发2022年重点任务的通知", None),
        ("第3号楼", None),
        ("灯具指南（2024年修订版）", None),
    ],
)
def test_find_number(text: str, expected: str | None) -> None:
    assert find_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("灯规〔2026〕7号\n各单位：", "灯规〔2026〕7号"),
        ("灯具局公告\n2026年第3号\n为了", "灯具局公告2026年第3号"),
        ("灯城人民政府令\n第 179 号\n为了", "灯城人民政府令第179号"),
        ("文号：灯规[2026]7号\n各单位：", "灯规〔2026〕7号"),
        ("关于灯具的通知\n（灯规【2026】 7 号）\n各单位：", "灯规〔2026〕7号"),
        ("各单位：\n根据《灯法》（灯发〔2020〕1号），制定。", None),
        ("各单位：\n现将办法印发给你们。《旧办法》（灯规〔2020〕1号）同时废止。", None),
        ("各单位：\n" + "正文\n" * 20 + "灯规〔2020〕1号", None),
    ],
)
def test_only_a_line_of_its_own_near_the_top_counts(text: str, expected: str | None) -> None:
    found = number_in_text(text)
    assert (found and found.value) == expected


def test_metadata_that_cannot_be_read_is_kept() -> None:
    assert normal_number(" 无文号 3 ") == "无文号 3"
    assert normal_number("  ") is None


@pytest.mark.parametrize(
    "text", ["灯" * 100_000, "2026年第" * 50_000, "（" * 100_000, "令 " * 50_000]
)
def test_endless_text_is_read_no_further_than_a_number_can_stand(text: str) -> None:
    assert find_number(text) is None
    assert len(normal_number(text) or "") <= 300
