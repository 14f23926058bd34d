"""Which bodies a text names, and which names only look like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.real import shared
from watcher.facts.bodies import BODIES, body_of_host, find_bodies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工业和信息化部", "MIIT"),
        ("中华人民共和国工业和信息化部令", "MIIT"),
        ("工信部", "MIIT"),
        ("国家发展和改革委员会 国家能源局", "NDRC NEA"),
        ("国家发改委、国家能源局", "NDRC NEA"),
        ("科技部金融监管总局", "MOST NFRA"),
        ("国家互联网信息办公室", "CAC"),
        ("中央网信办", "CAC"),
        ("国家网信办", "CAC"),
        ("国务院办公厅", "SC"),
        ("国务院关税税则委员会", "TARIFF"),
        ("国务院国有资产监督管理委员会", "SASAC"),
        ("国务院新闻办公室", ""),
        ("国务院知识产权战略实施工作部际联席会议办公室", ""),
        ("中共中央 国务院", "CCPCC SC"),
        ("中共中央组织部 教育部", "MOE"),
        ("中央财经委员会", "CCFEA"),
        ("中国银保监会", "NFRA"),
        ("国家食品药品监督管理总局", "NMPA"),
        ("环境保护部", "MEE"),
        ("能源局关于印发", "NEA"),
        # names that only look like one
        ("湖北省能源局", ""),
        ("上海市知识产权局", ""),
        ("各级教育部门", ""),
        ("公安部队", ""),
        ("广州市民政局", ""),
        ("中央行政事业单位", ""),
        # English
        ("the Ministry of Industry and Information Technology", "MIIT"),
        ("China’s State Administration for Market Regulation", "SAMR"),
        ("People's Bank of China", "PBoC"),
        ("PBOC and CSRC", "PBoC CSRC"),
        ("MOA", "MARA"),
        ("Central Committee of the CCP", "CCPCC"),
        ("most of the sac", ""),
        ("MOSTLY", ""),
        ("Beijing Municipal Economic and Information Bureau", "BJ-JXJ"),
        ("State Council Information Office", ""),
    ],
)
def test_find_bodies(text: str, expected: str) -> None:
    assert " ".join(mention.code for mention in find_bodies(text)) == expected


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.miit.gov.cn/gzcy/yjzj/index.html", "MIIT"),
        ("https://xxgk.mot.gov.cn/2020/a.html", "MOT"),
        ("https://jxj.beijing.gov.cn/a", "BJ-JXJ"),
        ("https://www.gov.cn/zhengce/a.htm", None),
        ("https://notmiit.gov.cn.example.org/", None),
        (None, None),
    ],
)
def test_a_host_tells_its_body(url: str | None, code: str | None) -> None:
    assert body_of_host(url) == code


@given(
    st.lists(
        st.sampled_from(
            [
                "国务院",
                "办公厅",
                "教育部",
                "门",
                " ",
                "能源局",
                "国家",
                "MIIT",
                "省",
                "State Council",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_mentions_stand_where_they_say_and_never_overlap(text: str) -> None:
    reached = 0
    for mention in find_bodies(text):
        assert text[mention.start : mention.end] == mention.term
        assert mention.start >= reached
        reached = mention.end


def test_every_name_finds_its_own_body() -> None:
    for body in BODIES.values():
        for name in (*body.zh, *body.local, *body.en, *body.abbr):
            assert [mention.code for mention in find_bodies(name)] == [body.code], name


def test_every_code_of_the_taxonomy_is_known() -> None:
    lines = shared("gold/taxonomy.yaml").read_text(encoding="utf-8").split("\n  bodies:\n")[1]
    codes = {line.split(":")[0].strip() for line in lines.splitlines() if line.startswith("    ")}
    assert codes == set(BODIES)
