"""Companies that papers and briefs name, and words that look like one."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.facts.companies import companies_in


def told(text: str, title: str = "") -> str:
    return "; ".join(one.value for one in companies_in(title, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # registered names
        ("北京灯火科技有限公司", "北京灯火科技有限公司"),
        ("批准上海明灯集成电路股份有限公司设立分公司。", "上海明灯集成电路股份有限公司"),
        ("由广州灯芯材料有限责任公司承担。", "广州灯芯材料有限责任公司"),
        ("北京市灯具局支持深圳灯塔智能有限公司建设中心。", "深圳灯塔智能有限公司"),
        (
            "包括灯王控股集团有限公司、中国灯具集团有限公司和灯芯股份有限公司。",
            "灯王控股集团有限公司; 中国灯具集团有限公司; 灯芯股份有限公司",
        ),
        ("灯王（上海）照明有限公司被处罚。", "灯王（上海）照明有限公司"),
        ("（以下简称明灯有限公司）", "明灯有限公司"),
        ("中国灯塔集团公司上海分公司", "中国灯塔集团公司"),
        ("中国灯油总公司", "中国灯油总公司"),
        ("中国明灯集团联合浙江灯芯集团发布成果。", "中国明灯集团; 浙江灯芯集团"),
        ("明灯银行股份有限公司获准开业。", "明灯银行股份有限公司"),
        (
            "责令灯谜网络科技有限公司、灯会文化有限公司整改",
            "灯谜网络科技有限公司; 灯会文化有限公司",
        ),
        ("当事人：灯草贸易有限公司\n住所：上海", "灯草贸易有限公司"),
        ("北京灯火科技有限公司的股东。北京灯火科技有限公司应当整改。", "北京灯火科技有限公司"),
        ("中国投资有限责任公司", "中国投资有限责任公司"),
        ("同意上海自由贸易明灯有限公司开业", "上海自由贸易明灯有限公司"),
        # well-known names
        ("支持华为、比亚迪等企业牵头。", "华为; 比亚迪"),
        ("华为技术有限公司申请，华为负责。", "华为技术有限公司"),
        ("阿里巴巴和腾讯被约谈", "阿里巴巴; 腾讯"),
        # English
        ("Huawei and BYD opened a plant.", "Huawei; BYD"),
        ("The Lamp Light Co., Ltd. won.", "Lamp Light Co., Ltd."),
        ("Carmaker Geely and Bright Lamp Group signed.", "Geely; Bright Lamp Group"),
        ("Bright Lamps Inc. sued Dark Corp. in May.", "Bright Lamps Inc.; Dark Corp."),
        ("Lamp Engine Corporation of China shows an engine.", "Lamp Engine Corporation of China"),
        ("Samsung Electronics invests.", "Samsung Electronics"),
        # none
        ("外商投资有限公司的设立，依照公司法。", ""),
        ("有限公司变更为股份有限公司的，应当登记。", ""),
        ("国有独资有限责任公司、一人有限责任公司", ""),
        ("设立股份有限公司，应当有发起人。", ""),
        ("《股份有限公司登记办法》第三条", ""),
        ("证券股份有限公司、上市股份有限公司", ""),
        ("打造一批具有竞争力的产业集团、大型企业集团。", ""),
        ("加强集团化办学，集团军演习，中国企业集团。", ""),
        ("某有限公司、该有限公司、三家有限公司", ""),
        ("灯具局、中国灯具协会、全国灯具标准化技术委员会", ""),
        ("技术升华为产业，精华为先。", ""),
        ("中国人民银行、世界银行", ""),
        ("A working group: the Leading Group and an Expert Group met.", ""),
        ("Intelligence on Shelling; the People’s Bank of China and the Ford Foundation.", ""),
        ("limited liability; the Group. Public Holdings", ""),
    ],
)
def test_companies(text: str, expected: str) -> None:
    assert told(text) == expected


def test_title_and_text_are_read_as_one() -> None:
    title, text = "灯具局批准北京灯火科技有限公司", "华为与北京灯火科技有限公司合作"
    found = companies_in(title, text)
    assert [one.value for one in found] == ["北京灯火科技有限公司", "华为"]
    whole = f"{title}\n{text}"
    assert all(whole[one.start : one.end] == one.value for one in found)


def test_at_most_fifty() -> None:
    text = "、".join(f"北京明灯{chr(0x4E00 + n)}有限公司" for n in range(80))
    assert len(companies_in("", text)) == 50


@given(
    st.lists(
        st.sampled_from(
            ["有限公司", "股份", "集团", "华为", "技术", "北京", "、", "（", "）", "和", "\n", "由", "Huawei",
             "Lamp ", "Group", " Co., Ltd.", "Inc", " ", ",", "升华为", "总公司", "(", ")"]
        ),
        max_size=40,
    ).map("".join),
    st.sampled_from(["", "北京明灯有限公司"]),
)  # fmt: skip
def test_spans_lie_in_the_text_and_are_ordered(text: str, title: str) -> None:
    found = companies_in(title, text)
    whole = f"{title}\n{text}"
    places = [place for one in found for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(whole[one.start : one.end] == one.value for one in found)
    assert len({one.value for one in found}) == len(found)


@pytest.mark.parametrize(
    "unit",
    ["有限公司", "集团", "明灯有限公司、", "Aa ", "A", " Group", "Lamp Group ", "（", "华为", "北京", "甲", " ,Co"],
)  # fmt: skip
def test_crafted_text_does_not_hang(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = process_time()
    companies_in("", text)
    assert process_time() - began < 2
