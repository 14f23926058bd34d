"""Bytes to characters: every charset, declared well, badly or not at all, whole, cut and broken."""

import codecs
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from watcher.errors import ExtractError, Reason
from watcher.text import decode

SIMPLIFIED = "关于公布竹材加工企业名单的公告，朱镕基、陶喆二〇二六年三月五日起施行"
RARE = "㙓𠮷"  # four bytes in gb18030, and in no older charset
TRADITIONAL = "關於公布竹材加工企業名單的公告，陶喆等應於三月五日前向主管機關提出意見"
HONG_KONG = "𨋢㗎"  # Big5 has them since HKSCS
LATIN = "Décision relative à la façade du musée"


def page(text: str, *, meta: str = "", ahead: int = 0) -> str:
    filler = f"<!--{'x' * ahead}-->" if ahead else ""
    return (
        f"<!DOCTYPE html><html><head>{filler}{meta}<title>{text}</title></head>"
        f"<body><h1>{text}</h1><p>{text}</p></body></html>"
    )


def meta(label: str) -> str:
    return f'<meta charset="{label}">' if label else ""


def http_equiv(label: str) -> str:
    return f"<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset={label.upper()}'>"


# label: the codec that writes the bytes, and what is written in them
CHARSETS = {
    "utf-8": ("utf-8", SIMPLIFIED + RARE),
    "gb2312": ("gb18030", SIMPLIFIED),  # 镕 and 喆 are not in it, and on such pages all the same
    "gbk": ("gbk", SIMPLIFIED),
    "gb18030": ("gb18030", SIMPLIFIED + RARE),
    "big5": ("big5hkscs", TRADITIONAL + HONG_KONG),
    "utf-16": ("utf-16-le", SIMPLIFIED + RARE),
    "utf-16be": ("utf-16-be", TRADITIONAL),
}
OTHER = {"utf-8": "gbk", "gb2312": "big5", "gbk": "utf-8", "gb18030": "big5", "big5": "gb2312"}


def fixtures() -> Iterator[tuple[str, bytes, str | None, str]]:
    """Name, body, Content-Type and the text that is to be read."""
    for label, (codec, text) in CHARSETS.items():
        wrong = OTHER.get(label, "gb2312")
        plain = page(text)
        said = page(text, meta=meta(label))
        told = {
            "header": (plain, label),
            "header in quotes": (plain, f'"{label}"; boundary=x'),
            "meta": (said, None),
            "http-equiv": (page(text, meta=http_equiv(label)), None),
            "meta at byte 5000": (page(text, meta=meta(label), ahead=5000), None),
            "meta at byte 40000": (page(text, meta=meta(label), ahead=40_000), None),
            "none": (plain, None),
            "header against meta": (page(text, meta=meta(wrong)), label),
            "meta against header": (said, wrong),
            "both wrong": (page(text, meta=meta("iso-8859-1")), wrong),
            "the server's default": (said, "iso-8859-1"),
            "an unknown label": (page(text, meta=meta("x-zh")), "chinese-text"),
            "xml": (f'<?xml version="1.0" encoding="{label}"?><rss><t>{text}</t></rss>', None),
        }
        for where, (html, header) in told.items():
            content_type = f"text/html; charset={header}" if header else None
            yield f"{label}, {where}", html.encode(codec), content_type, html
    for codec, bom in {
        "utf-8": codecs.BOM_UTF8,
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
        "utf-32-be": codecs.BOM_UTF32_BE,
    }.items():
        html = page(SIMPLIFIED + RARE, meta=meta("gb2312"))
        yield f"{codec}, mark", bom + html.encode(codec), "text/html; charset=big5", html
        if codec.startswith("utf-32"):
            yield f"{codec}, none", html.encode(codec), None, html


FIXTURES = {name: rest for name, *rest in fixtures()}


def test_there_are_fixtures_enough() -> None:
    assert len(FIXTURES) >= 60


@pytest.mark.parametrize(("body", "content_type", "text"), FIXTURES.values(), ids=FIXTURES)
def test_every_charset_is_read_whatever_is_declared(
    body: bytes, content_type: str | None, text: str
) -> None:
    assert decode(body, content_type) == text


@pytest.mark.parametrize(("body", "content_type", "text"), FIXTURES.values(), ids=FIXTURES)
def test_a_body_cut_anywhere_loses_its_last_character_at_most(
    body: bytes, content_type: str | None, text: str
) -> None:
    for kept in range(len(body) - 120, len(body)):
        read = decode(body[:kept], content_type)
        assert text.startswith(read.removesuffix("\ufffd")), kept


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("GB_2312-80", "gb18030", SIMPLIFIED),
        ("x-gbk", "gbk", SIMPLIFIED),
        ("chinese", "gbk", SIMPLIFIED),
        ("Big5-HKSCS", "big5hkscs", TRADITIONAL),
        ("cn-big5", "big5", TRADITIONAL.replace("喆", "")),
        ("iso-8859-1", "cp1252", "“竹” – 5 €".replace("竹", "Bambus")),
        ("latin1", "cp1252", LATIN),
        ("us-ascii", "cp1252", LATIN),
        ("iso-8859-15", "iso-8859-15", "Œuvre à 5 €"),
        ("windows-1251", "cp1251", "Постановление о бамбуке"),
        ("koi8-r", "koi8-r", "Постановление о бамбуке"),
        ("windows-874", "cp874", "ประกาศกรมป่าไม้"),
        ("Shift_JIS", "cp932", "竹製品①の品質管理に関する省令"),
        ("x-sjis", "cp932", "竹製品の品質管理に関する省令"),
        ("euc-jp", "euc_jp", "竹製品の品質管理に関する省令"),
        ("euc-kr", "cp949", "대나무 관리 규정에 관한 공고입니다 똠"),
        ("ks_c_5601-1987", "cp949", "대나무 관리 규정에 관한 공고입니다"),
    ],
)
def test_labels_mean_what_browsers_read_by_them(label: str, codec: str, text: str) -> None:
    for html, header in ((page(text), label), (page(text, meta=meta(label)), None)):
        assert decode(html.encode(codec), header and f"text/html;charset={header}") == html


def test_utf_16_in_a_meta_tag_that_could_be_read_means_utf_8() -> None:
    html = page(SIMPLIFIED, meta=meta("utf-16"))
    broken = html.encode() + b"\xff"
    assert decode(broken) == html + "\ufffd"


@pytest.mark.parametrize("label", ["replacement", "x-user-defined", "hz-gb-2312", "", "  "])
def test_labels_that_browsers_do_not_decode_are_passed_over(label: str) -> None:
    html = page(SIMPLIFIED, meta=meta(label))
    assert decode(html.encode("gb18030"), f"text/html; charset={label}") == html


# ---------------------------------------------------------------- two readings that both decode


@pytest.mark.parametrize(
    ("text", "codec", "labels"),
    [
        (TRADITIONAL, "big5", ("gb2312", "big5")),
        (TRADITIONAL, "big5", ("big5", "gb2312")),
        (SIMPLIFIED, "gbk", ("big5", "gbk")),
        (SIMPLIFIED, "gbk", ("euc-kr", "gbk")),
        (SIMPLIFIED, "gbk", ("shift_jis", "gbk")),
        (SIMPLIFIED, "gbk", ("windows-1252", "utf-8")),
        (TRADITIONAL, "gbk", ("big5", "gbk")),
        (SIMPLIFIED, "gbk", ("utf-16", "gbk")),
    ],
)
def test_sense_decides_between_labels(text: str, codec: str, labels: tuple[str, str]) -> None:
    html = page(text.replace("喆", "").replace("镕", ""), meta=meta(labels[1]))
    assert decode(html.encode(codec), f"text/html; charset={labels[0]}") == html


@pytest.mark.parametrize(
    "text", ["竹", "鞣鞘", "竹笋罐头", "邓氏藤编", "鞣鞘藤竹笋罐邓编鞣鞘藤竹笋罐邓编"]
)
def test_a_label_that_decodes_is_believed_of_rare_characters(text: str) -> None:
    assert decode(text.encode("gbk"), "text/plain; charset=gbk") == text


# ---------------------------------------------------------------- damage


def test_a_stray_of_gbk_in_a_page_of_utf_8_is_all_that_is_lost() -> None:
    parts = [page(SIMPLIFIED, meta=meta("gb2312")), page(TRADITIONAL) * 40]
    stray = "页脚".encode("gbk")
    read = decode(parts[0].encode() + stray + parts[1].encode())
    assert read.startswith(parts[0])
    assert read.endswith(parts[1])
    assert 0 < read.count("\ufffd") <= len(stray)


def test_a_few_broken_bytes_are_shown_and_nothing_else_is_lost() -> None:
    text = page(SIMPLIFIED) * 60
    body = text.encode("gbk")
    at = body.index("朱".encode("gbk"))
    read = decode(body[:at] + b"\xff" + body[at:])
    assert read.replace("\ufffd", "") == text


@pytest.mark.parametrize(
    ("codec", "broken", "step"),
    [
        ("utf-8", b"\xff", 40),
        ("gbk", b"\xff", 40),
        ("big5", b"\xff", 40),
        ("utf-16-le", b"\x00\xd8", 80),
    ],
)
@pytest.mark.parametrize("label", ["", "gb2312", "utf-8"])
def test_destroyed_bytes_are_no_text(codec: str, broken: bytes, step: int, label: str) -> None:
    text = TRADITIONAL.replace("喆", "") if codec == "big5" else SIMPLIFIED
    body = bytearray(page(text * 40, meta=meta(label)).encode(codec))
    for at in range(400, len(body) - 400, step):
        body[at : at + len(broken)] = broken
    with pytest.raises(ExtractError) as caught:
        decode(bytes(body))
    assert caught.value.reason is Reason.UNDECODABLE


@pytest.mark.parametrize(
    "body",
    [
        ("竹材\ufffd\ufffd目录\ufffd\ufffd" * 50).encode(),
        ("竹材锟斤拷目录锟斤拷" * 50).encode("gbk"),
    ],
    ids=["U+FFFD saved as UTF-8", "U+FFFD saved as UTF-8 and read as GBK"],
)
def test_what_was_destroyed_before_it_was_sent_is_no_text_either(body: bytes) -> None:
    with pytest.raises(ExtractError, match="undecodable"):
        decode(body, "text/html; charset=gbk")


def test_summaries_shortened_by_bytes_are_no_damage() -> None:
    row = "<item><title>关于竹材目录的通知</title><description>{}</description></item>"
    whole = row.format("各单位：现将竹材目录印发给你们").encode()
    cut = (
        row.format("各单位：现将竹材目录印发给你们").encode().replace("们<".encode(), b"\xe4\xbb<")
    )
    read = decode(b"<rss>" + cut * 30 + whole + b"</rss>")
    assert read.count("给你\ufffd") == 30


@pytest.mark.parametrize(
    "body",
    [
        "대나무 관리 규정에 관한 공고입니다. 의견을 제출하여 주시기 바랍니다".encode("euc-kr"),
        "竹製品の品質管理に関する省令の一部を改正する省令案についての意見募集".encode("cp932"),
        "竹製品の品質管理に関する省令の一部を改正する省令案についての意見募集".encode("euc_jp"),
        "Постановление о бамбуке, принятое советом".encode("cp1251"),
        "ประกาศกรมป่าไม้เรื่องการจัดการไม้ไผ่".encode("cp874"),
        bytes(range(0x81, 0xFF)) * 20,
        b"<p>" + bytes(range(128, 256)) * 20 + b"</p>",
    ],
    ids=["euc-kr", "shift_jis", "euc-jp", "windows-1251", "windows-874", "pairs", "every byte"],
)
@pytest.mark.parametrize("header", [None, "text/html", "text/html; charset=utf-8"])
def test_other_bytes_are_not_taken_for_chinese(body: bytes, header: str | None) -> None:
    with pytest.raises(ExtractError) as caught:
        decode(body, header)
    assert caught.value.reason is Reason.UNDECODABLE


# ---------------------------------------------------------------- odds and ends


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"", None, ""),
        (b"\xef\xbb\xbf", None, ""),
        (b"\xef\xbb\xbf" + page(SIMPLIFIED).encode("gbk"), None, page(SIMPLIFIED)),
        (b"<p>a\x00b</p>", None, "<p>ab</p>"),
        ("竹材目录公告".encode("gbk") + b"\x00" * 4000, None, "竹材目录公告"),
        ("进口价格 ".encode("gbk") + b"\x80" + "15，出口价格".encode("gbk"), "a; charset=gbk", "进口价格 €15，出口价格"),
        ("竹\r\n材".encode("utf-16-le"), "text/plain; charset=utf-16", "竹\r\n材"),
        ("caf\xe9".encode("cp1252"), "text/plain; charset=iso-8859-1", "café"),
        (b"Espa\xf1a", "text/plain; charset=utf-8", "Espa\ufffda"),
        (b"\xef\xbb\xbfEspa\xf1a", None, "Espa\ufffda"),
        (page(LATIN).encode("cp1252"), None, page(LATIN)),
        ("China’s “draft” – 5 €".encode("cp1252"), "text/html", "China’s “draft” – 5 €"),
        ("联通".encode("gbk"), None, "联通"),
    ],
)  # fmt: skip
def test_odds_and_ends(body: bytes, content_type: str | None, text: str) -> None:
    assert decode(body, content_type) == text


@pytest.mark.parametrize(
    "unit",
    [b"\xff", b"\x80", b"\xef\xbf\xbd", b"charset=", b"charset ", b"encoding=gbk ", b"\x00\xff"],
)
def test_bytes_made_to_hurt_are_read_in_no_time(unit: bytes) -> None:
    started = monotonic()
    with suppress(ExtractError):
        decode(unit * (500_000 // len(unit)) + b"\xff")
    assert monotonic() - started < 5  # a tenth of a second on an idle machine


# ---------------------------------------------------------------- laws

ENCODED = {
    "utf-8": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gbk",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}


def encodable(text: str, codec: str) -> str:
    """What `codec` can write of `text` and reads back as written (it may have two codes for one)."""
    body = text.encode(codec, "ignore").decode(codec, "ignore")
    return body if body.encode(codec, "ignore").decode(codec) == body else ""


@given(
    label=st.sampled_from(sorted(ENCODED)), raw=st.text(st.characters(exclude_categories=["Cs"]))
)
def test_what_is_declared_rightly_is_read_exactly(label: str, raw: str) -> None:
    codec = ENCODED[label]
    text = encodable(raw.replace("\x00", "").replace("\ufffd", ""), codec)
    html = page(text, meta=meta(label))
    body = html.encode(codec)
    if label != "utf-8":  # bytes that are also UTF-8 are read as that, whatever is declared
        assume(text.isascii() or not is_utf8(body))
    for content_type in (None, f"text/html; charset={label}", "text/html; charset=utf-8"):
        assert decode(body, content_type) == html


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(raw=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffd")))
def test_utf_16_and_utf_8_need_no_declaration(raw: str) -> None:
    html = page(raw)
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        assert decode(html.encode(codec)) == html


@given(st.binary(max_size=400), st.none() | st.text(max_size=30))
def test_any_bytes_give_text_or_the_error_that_says_so(body: bytes, header: str | None) -> None:
    try:
        text = decode(body, header and f"text/html; charset={header}")
    except ExtractError as exc:
        assert exc.reason is Reason.UNDECODABLE
    else:
        assert "\x00" not in text
