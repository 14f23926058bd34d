"""When two sightings are one paper: addresses, numbers, titles and days, in tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.identity import (
    Profile,
    address_identity,
    number_identity,
    own_address,
    row_identity,
    same_by_number,
    same_by_title,
    title_identity,
)
from watcher.model import Stage
from watcher.text import canonical_url

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.lamps.gov.cn/a/1.html", "https://www.lamps.gov.cn/a/1.html"),
        ("https://www.lamps.gov.cn/a/1.html", "https://wap.lamps.gov.cn/a/1.html"),
        ("https://lamps.gov.cn/a/1.html", "https://m.lamps.gov.cn/a/1.html"),
        ("https://lamps.gov.cn/a/", "https://lamps.gov.cn/a/index.html"),
        ("https://lamps.gov.cn/a", "https://lamps.gov.cn/a/"),
        ("https://lamps.gov.cn/a?id=1&utm_source=x", "https://lamps.gov.cn/a?id=1"),
        (
            "https://lamps.gov.cn/a?id=1&t=1764000000000",
            "https://lamps.gov.cn/a?id=1&t=1764000000999",
        ),
        ("https://lamps.gov.cn/a?b=2&a=1", "https://lamps.gov.cn/a?a=1&b=2"),
        ("https://lamps.gov.cn/a.jsp;jsessionid=1F?id=1", "https://lamps.gov.cn/a.jsp?id=1"),
        ("https://lamps.gov.cn/a.html#wechat_redirect", "https://lamps.gov.cn/a.html"),
        ("https://LAMPS.gov.cn:443/灯.html", "https://lamps.gov.cn/%E7%81%AF.html"),
    ],
)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert address_identity(one) == address_identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://lamps.gov.cn/a/1.html", "https://lamps.gov.cn/a/2.html"),
        ("https://lamps.gov.cn/a?id=1", "https://lamps.gov.cn/a?id=2"),
        ("https://lamps.gov.cn/a#1", "https://lamps.gov.cn/a#2"),
        ("https://lamps.gov.cn/a?t=5", "https://lamps.gov.cn/a?t=6"),
        ("https://lamps.gov.cn/a?from=2025", "https://lamps.gov.cn/a?from=2026"),
        ("https://lamps.gov.cn/a", "https://shades.gov.cn/a"),
        ("https://lamps.gov.cn/A.html", "https://lamps.gov.cn/a.html"),
        ("https://lamps.gov.cn/index_1.html", "https://lamps.gov.cn/index_2.html"),
        ("https://m.gov.cn/a", "https://www.cn/a"),
    ],
)
def test_addresses_of_two_pages(one: str, other: str) -> None:
    assert address_identity(one) != address_identity(other)


URLS = st.from_regex(
    r"https?://(www\.|wap\.|m\.)?(lamps|shades|a)\.gov\.cn(/[a-z0-9]{0,4}){0,3}(\?[a-z]=[0-9]{1,3})?",
    fullmatch=True,
)


@given(URLS)
def test_an_identity_is_one_of_its_own_address(url: str) -> None:
    identity = address_identity(url)
    assert address_identity(f"https://{identity}") == identity
    assert row_identity(canonical_url(url)) == identity


def test_a_row_that_shares_its_address_is_not_known_by_it() -> None:
    url = "https://lamps.gov.cn/list.html"
    assert own_address(url, url) == "lamps.gov.cn/list.html"
    assert own_address(url, f"{url} 0123456789abcdef") is None
    assert own_address(None, "17") is None
    assert row_identity(f"{url} 0123") == "lamps.gov.cn/list.html 0123"
    assert row_identity("17") == "17"


@pytest.mark.parametrize(
    ("title", "same_as"),
    [
        ("工业和信息化部关于印发《灯具办法》的通知", "关于印发《灯具办法》的通知"),
        ("工业和信息化部等十二部门关于印发《灯具办法》的通知", "关于印发《灯具办法》的通知"),
        ("国务院办公厅关于灯具的通知", "关于灯具的通知"),
        ("【进行中】关于灯具的通知", "关于灯具的通知"),
        ("关于 灯具 的通知", "关于灯具的通知"),
        ("《工业和信息化部关于灯具的规定》解读", "《工业和信息化部关于灯具的规定》解读"),
    ],
)
def test_titles_without_their_speaker(title: str, same_as: str) -> None:
    assert title_identity(title) == title_identity(same_as)


NOTICE = "关于印发《智能灯具安全管理办法》的通知"
SUBJECT = "关于做好二〇二六年冬季灯具安全检查工作的通知"


def paper(title: str, day: date | None = DAY, **known: object) -> Profile:
    return Profile(title=title, published=day, **known)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(paper(NOTICE), paper(NOTICE), True, id="as it is"),
        pytest.param(paper(NOTICE), paper(f"工业和信息化部{NOTICE}"), True, id="with its speaker"),
        pytest.param(paper(NOTICE), paper(NOTICE, DAY + timedelta(days=3)), True, id="days later"),
        pytest.param(paper(NOTICE), paper(NOTICE, DAY + timedelta(days=4)), False, id="too late"),
        pytest.param(paper(NOTICE), paper(NOTICE, None), False, id="no day"),
        pytest.param(
            paper("关于公开征求意见的通知"), paper("关于公开征求意见的通知"), False, id="no name"
        ),
        pytest.param(
            paper("关于印发《智能灯具目录（第一批）》的通知"),
            paper("关于印发《智能灯具目录（第二批）》的通知"),
            False,
            id="batches",
        ),
        pytest.param(
            paper("关于发布2025年智能灯具典型案例的通知"),
            paper("关于发布2026年智能灯具典型案例的通知"),
            False,
            id="a yearly series",
        ),
        pytest.param(
            paper(SUBJECT, bodies=("MIIT",)),
            paper(SUBJECT, bodies=("MOT",)),
            False,
            id="two ministries in the same words",
        ),
        pytest.param(
            paper(f"工业和信息化部{SUBJECT}"),
            paper(f"交通运输部{SUBJECT}"),
            False,
            id="two ministries, named",
        ),
        pytest.param(
            paper(NOTICE, bodies=("MIIT",)),
            paper(NOTICE, bodies=("MOF",)),
            True,
            id="a joint paper on the lists of both",
        ),
        pytest.param(
            paper(SUBJECT, bodies=("MIIT",)), paper(SUBJECT), True, id="a mirror that names nobody"
        ),
    ],
)
def test_one_paper_by_title(one: Profile, other: Profile, same: bool) -> None:
    assert same_by_title(one, other) is same
    assert same_by_title(other, one) is same


@pytest.mark.parametrize(
    ("number", "bodies", "identity"),
    [
        ("工信部科〔2026〕12号", (), "工信部科202612号"),
        ("工信部科〔2026〕12号", ("MIIT",), "工信部科202612号"),
        ("中国人民银行公告〔2026〕第3号", (), "中国人民银行公告2026第3号"),
        ("2026年第54号", ("NMPA",), "NMPA 2026年第54号"),
        ("公告2026年第54号", ("MOFCOM",), "MOFCOM 公告2026年第54号"),
        ("2026年第54号", (), None),
        ("第31号令", ("NDRC",), None),
        (None, ("NDRC",), None),
    ],
)
def test_what_a_number_identifies(
    number: str | None, bodies: tuple[str, ...], identity: str | None
) -> None:
    assert number_identity(paper("x", doc_number=number, bodies=bodies)) == identity


FINAL = Stage.FINAL


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            paper(NOTICE, stage=FINAL),
            paper("智能灯具安全管理办法", stage=FINAL),
            True,
            id="bare name",
        ),
        pytest.param(
            paper(NOTICE, stage=FINAL),
            paper("《智能灯具安全管理办法》解读", stage=Stage.INTERPRETATION),
            False,
            id="its interpretation",
        ),
        pytest.param(
            paper("智能灯具注册审查指导原则", stage=FINAL),
            paper("感应灯具注册审查指导原则", stage=FINAL),
            False,
            id="two papers of one announcement",
        ),
        pytest.param(
            paper(NOTICE, stage=FINAL),
            paper(NOTICE, DAY + timedelta(days=200), stage=FINAL),
            False,
            id="half a year apart",
        ),
        pytest.param(
            paper(NOTICE, stage=FINAL), paper(NOTICE, stage=Stage.DRAFT), False, id="its draft"
        ),
    ],
)
def test_one_paper_by_number(one: Profile, other: Profile, same: bool) -> None:
    assert same_by_number(one, other) is same
    assert same_by_number(other, one) is same
