"""Spellings that differ in width, case, script or white space meet, and lead back to the input."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.classify.folding import fold, folded, spelling
from watcher.classify.traditional_table import pairs


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＩＰｖ６部署", "ipv6部署"),
        ("數據安全條例", "数据安全条例"),
        ("徵求意見", "征求意见"),
        # several traditional characters share one simplified form
        ("後臺 后台", "后台后台"),
        ("理髮與發展", "理发与发展"),
        ("裡面、裏面、里面", "里面、里面、里面"),
        ("雲計算與云计算", "云计算与云计算"),
        ("為了 爲了", "为了为了"),
        # a PDF's radicals and compatibility ideographs
        ("⽤⼾", "用户"),
        ("\uf9e4", "理"),
        ("首台（套）：", "首台(套):"),
        ("China’s “AI”", 'china\'s "ai"'),
        ("İstanbul ß", "İstanbul ß"),
    ],
)
def test_one_form(written: str, read: str) -> None:
    assert folded(written).text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("数 据　安\xa0全", "数据安全"),
        ("数\u200b据\ufeff安全", "数据安全"),
        ("数据\n安全", "数据安全"),
        ("数据\r\n安全", "数据安全"),
        ("数据 \n　安全", "数据安全"),
        ("5G 工厂", "5g工厂"),
        ("AI\u3000芯片", "ai芯片"),
        ("  数据 ", "数据"),
        ("data  security", "data security"),
        ("data\nsecurity", "data security"),
        ("data\xa0security", "data security"),
        ("da\xadta\u200b", "data"),
        # a line's end that parts paragraphs
        ("数据。\n安全", "数据。\n安全"),
        ("数据\n\n安全", "数据\n安全"),
        ("数据\n第三条　安全", "数据\n第三条安全"),
        ("数据\n一、安全", "数据\n一、安全"),
        ("数据\nsecurity", "数据\nsecurity"),
        ("2031\nsecurity", "2031\nsecurity"),
        ("", ""),
        (" ", " "),
        ("\n", "\n"),
    ],
)
def test_white_space(written: str, read: str) -> None:
    assert folded(written).text == read


PIECES = st.one_of(
    st.sampled_from(["数据", "數據", "AI", "ａｉ", " ", "\n", "　", "\u200b", "。", "一、", "⽤"]),
    st.text(max_size=3),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_every_place_leads_back(text: str) -> None:
    read = folded(text)
    spans = [read.span(n, n + 1) for n in range(len(read.text))]
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
    for (start, end), char in zip(spans, read.text, strict=True):
        if not char.isspace():
            assert fold(text[start:end]) == char


def test_a_term_is_looked_up_in_the_same_form() -> None:
    assert spelling(" 數據 安全 ") == spelling("数据安全")
    assert spelling("Data  Security") == "data security"


def test_the_table_is_made_from_opencc_lines() -> None:
    lines = [
        "後\t后",
        "乾\t干 乾",
        "徵\t徵 征",
        "薴\t苧 苎",
        "苧\t苎",
        "同\t同",
        "長\t两个字",
        "",
        "\U00020000\t字",
    ]
    assert list(pairs(lines)) == ["乾干", "後后", "徵征", "苧苎", "薴苎"]
