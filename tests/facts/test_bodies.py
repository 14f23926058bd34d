"""Which bodies a text names, and which names only look like one."""

from collections import defaultdict
from datetime import date, timedelta
from importlib.resources import files
from itertools import combinations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.real import shared
from watcher.facts.bodies import BODIES, Period, body_of_host, find_bodies


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


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("国家食品药品监督管理总局", "NMPA"),
        ("中国银行保险监督管理委员会", "NFRA"),
        ("中国保监会", "NFRA"),
        ("国家工商行政管理总局", "SAMR"),
        ("国家质检总局", "SAMR"),
        ("国家卫生和计划生育委员会", "NHC"),
        ("农业部", "MARA"),
        ("环境保护部", "MEE"),
        ("国土资源部", "MNR"),
        ("国务院法制办公室", "MOJ"),
        ("国家海洋局", "MNR"),
        ("国家电监会", "NEA"),
        ("信息产业部", "MIIT"),
        ("全国信息安全标准化技术委员会", "TC260"),
        ("中央全面深化改革领导小组", "CCDR"),
        ("Ministry of Environmental Protection", "MEE"),
        ("the CBIRC", "NFRA"),
    ],
)
@pytest.mark.parametrize("on", [None, date(2010, 1, 1), date(2026, 9, 16)])
def test_a_former_name_is_todays_body_s(name: str, code: str, on: date | None) -> None:
    assert [mention.code for mention in find_bodies(name, on)] == [code]


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (None, "MOHRSS"),
        (date(2018, 2, 28), "MOHRSS"),
        (date(2018, 3, 1), "MOST"),
        (date(2023, 2, 28), "MOST"),
        (date(2023, 3, 1), "MOHRSS"),
    ],
)
def test_a_name_that_moved_is_whose_it_was_on_the_day(on: date | None, code: str) -> None:
    assert [mention.code for mention in find_bodies("国家外国专家局", on)] == [code]


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("2018-03", date.min, date(2018, 3, 1)),
        ("2018-03/2023-03", date(2018, 3, 1), date(2023, 3, 1)),
    ],
)
def test_periods(words: str, since: date, until: date) -> None:
    assert Period.read(words) == Period(since=since, until=until)


@pytest.mark.parametrize("words", ["", "2018", "2018-13", "2018-03-01", "bis 2018-03", "/2018"])
def test_what_is_no_period(words: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month"):
        Period.read(words)


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
        for name, period in body.former.items():
            last = period.until - timedelta(days=1)
            assert [mention.code for mention in find_bodies(name, last)] == [body.code], name


def test_the_table_says_every_thing_once() -> None:
    names: dict[str, list[str]] = defaultdict(list)
    letters: dict[str, list[str]] = defaultdict(list)
    for body in BODIES.values():
        assert body.zh, body.code
        for name in (*body.zh, *body.local, *body.en, *body.abbr):
            names[name].append(body.code)
        for prefix in body.numbers:
            letters[prefix].append(body.code)
    assert {name: codes for name, codes in names.items() if len(codes) > 1} == {}
    assert {prefix: codes for prefix, codes in letters.items() if len(codes) > 1} == {}


def test_a_former_name_is_nobody_s_at_the_same_time() -> None:
    former = [(name, body, held) for body in BODIES.values() for name, held in body.former.items()]
    for name, body, held in former:
        assert held.since < held.until, name
        heirs = [other for other in BODIES.values() if name in (*other.zh, *other.en, *other.abbr)]
        assert body not in heirs, name
        assert bool(heirs) is (held.since > date.min), name  # a beginning only where it moved
    for one, other in combinations(former, 2):
        if one[0] == other[0]:
            assert one[2].until <= other[2].since or other[2].until <= one[2].since, one[0]


def test_the_file_has_no_keys_that_nothing_reads() -> None:
    raw = yaml.safe_load(files("watcher.facts").joinpath("bodies.yaml").read_text("utf-8"))
    keys = {"zh", "local", "en", "abbr", "former", "numbers", "hosts"}
    strange = {code: set(row) - keys for code, row in raw["bodies"].items()}
    assert {code: odd for code, odd in strange.items() if odd} == {}
    assert set(raw) == {"bodies", "others"}


def test_every_code_of_the_taxonomy_is_known() -> None:
    lines = shared("gold/taxonomy.yaml").read_text(encoding="utf-8").split("\n  bodies:\n")[1]
    codes = {line.split(":")[0].strip() for line in lines.splitlines() if line.startswith("    ")}
    assert codes == set(BODIES)
