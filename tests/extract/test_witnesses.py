"""Who is believed for title, dates, number and issuer, and which contradictions are kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.papers import PARAGRAPHS, read
from watcher.extract.paper.labels import labelled
from watcher.extract.paper.numbers import normal_number
from watcher.extract.paper.signature import signature
from watcher.extract.paper.witness import (
    Said,
    days_differ,
    issuers_differ,
    numbers_differ,
    titles_differ,
)
from watcher.model import PageText
from watcher.settings import DetailRule

PLAIN = "https://www.demo.gov.cn/zwgk/art_41.html"
BODY = f"<div class='TRS_Editor'>{PARAGRAPHS}</div>"


def conflicts(page: PageText) -> list[str]:
    """`field: witness value, witness value` for each."""
    return [
        f"{one.field}: {', '.join(' '.join(pair) for pair in one.values)}" for one in page.conflicts
    ]


def table(**values: str) -> str:
    """A site's metadata table."""
    labels = {"title": "标　题", "issuer": "发文机关", "by": "发布机构", "signed": "成文日期", "number": "发文字号", "published": "发布日期"}  # fmt: skip
    rows = "".join(f"<tr><td>{labels[k]}：</td><td>{v}</td></tr>" for k, v in values.items())
    return f"<table><tr><td>索引号：</td><td>A1</td></tr><tr><td>主题分类：</td><td>竹业</td></tr>{rows}</table>"


def meta(**values: str) -> str:
    names = {"title": "ArticleTitle", "published": "PubDate", "source": "ContentSource"}
    return "".join(f"<meta name='{names[k]}' content='{v}'>" for k, v in values.items())


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>[已结束]关于竹材的公告 - 示例部政府门户网站</title>", "<h1>关于竹材的公告</h1>", "关于竹材的公告"),
        ("<title>关于竹材的公告_示例部</title>", "<h1>您访问的链接即将离开本站</h1>", "关于竹材的公告"),
        ("<title>关于竹材的公告-竹业网</title>", "", "关于竹材的公告"),
        ("<title>示例部</title>", "<h1>关于竹材的公告</h1>", "关于竹材的公告"),
        ("<title>通知公告-示例部</title>", "<h2>关于印发《竹材管理办法》的通知</h2>", "关于印发《竹材管理办法》的通知"),
        ("<title>竹材、竹笋公告——一点说明--竹业--示例网</title>", "", "竹材、竹笋公告——一点说明"),
        ("<meta name='ArticleTitle' content='竹材&lt;BR&gt;公告'>", "", "竹材公告"),
        ("<title>竹材公告没有结尾", "<h1>竹材公告没有结尾</h1>", "竹材公告没有结尾"),
        (meta(title="关于竹楼 设计标准公开 征求意见的通知"), "<h1>关于竹楼设计标准公开征求意见的通知</h1>", "关于竹楼设计标准公开征求意见的通知"),
        # no variant has it whole, but the text writes the same words without the blank
        ("<title>关于规范 竹材经营的 通知</title>", "<h1>关于规范 竹材经营的 通知</h1>", "关于规范竹材经营的 通知"),
        (meta(title="竹业局 竹材局关于印发办法的通知"), "<h1>竹业局竹材局关于印发办法的通知</h1>", "竹业局 竹材局关于印发办法的通知"),
        (meta(title="关于公开征求《竹材管理办法（征求意…"), "<h1>关于公开征求《竹材管理办法（征求意见稿）》意见的通知</h1>", "关于公开征求《竹材管理办法（征求意见稿）》意见的通知"),
        ("<title>通知</title>", table(title="关于竹材的公告", number="竹发〔2026〕1号"), "关于竹材的公告"),
        ("<title>竹材</title>", "", "竹材"),
        ("", "", None),
    ],
)  # fmt: skip
def test_titles(head: str, body: str, title: str | None) -> None:
    page = read(f"{body}{BODY}", head=head)
    assert page.title == title
    assert page.conflicts == ()


@pytest.mark.parametrize(
    ("head", "body", "rule", "title", "kept"),
    [
        (meta(title="关于竹材的公告"), "<h1>关于藤材的公告</h1><h2>关于藤材的公告</h2>", None, "关于竹材的公告", []),
        (f"<title>关于藤材的公告_示例部</title>{meta(title='关于竹材的公告')}", "<h1>关于藤材的公告</h1>", None, "关于竹材的公告", ["title: meta 关于竹材的公告, text 关于藤材的公告"]),
        (f"<title>（转载）关于竹材的公告</title>{meta(title='关于竹材的公告')}", "<h1>（转载）关于竹材的公告</h1>", None, "关于竹材的公告", []),
        (meta(title="关于竹材的公告（第一批）"), table(title="关于竹材的公告（第二批）", number="竹发〔2026〕1号"), None, "关于竹材的公告（第二批）", ["title: table 关于竹材的公告（第二批）, meta 关于竹材的公告（第一批）"]),
        (meta(title="关于竹材的公告"), "<b class='t'>关于藤材的公告</b>", DetailRule(title=".t"), "关于藤材的公告", ["title: rule 关于藤材的公告, meta 关于竹材的公告"]),
        (meta(title="关于竹材的公告"), "", DetailRule(title=".missing"), "关于竹材的公告", []),
    ],
)  # fmt: skip
def test_titles_that_disagree(
    head: str, body: str, rule: DetailRule | None, title: str, kept: list[str]
) -> None:
    page = read(f"{body}{BODY}", head=head, rule=rule)
    assert page.title == title
    assert conflicts(page) == kept


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("body", "head", "url", "day"),
    [
        ("<div class='info'>发布时间：2026-09-03 10:00 来源：示例部</div>", "", PLAIN, date(2026, 9, 3)),
        ("<div>来源：示例部发布日期：2026-09-03字体：大 中 小</div>", "", PLAIN, date(2026, 9, 3)),
        ("<h1>关于竹材的公告</h1><p>2026年09月04日08:18</p>", "<title>关于竹材的公告</title>", PLAIN, date(2026, 9, 4)),
        ("<h1>关于竹材的公告</h1><p>实施日期：2027-01-01</p><p>2026/9/4</p>", "<title>关于竹材的公告</title>", PLAIN, date(2026, 9, 4)),
        ("<ul class='hot'><li>发布时间：2020-01-01</li></ul><p>发布时间：2026-09-03</p>", "", PLAIN, date(2026, 9, 3)),
        ("<span id='pubtime'>2026年6月26日 18:25</span>", "", PLAIN, date(2026, 6, 26)),
        ("", "<meta name='firstpublishedtime' content='2026-08-20-23:59:59'>", PLAIN, date(2026, 8, 20)),
        ("", meta(published="2026-09-14&nbsp;10:06:00"), PLAIN, date(2026, 9, 14)),
        ("", meta(published="2026-09-14 00:00:00"), PLAIN, date(2026, 9, 14)),
        ("", meta(published="竹年竹月") + "<meta name='createDate' content='2026.09.15'>", PLAIN, date(2026, 9, 15)),
        ("", "", "https://a.cn/202609/t20260903_1.html", date(2026, 9, 3)),
        ("<div class='side'><span class='date'>2020-01-01</span></div>", "", PLAIN, None),
        (f"</div>{BODY}<div>发布时间：2020-01-01</div><div hidden>", "", PLAIN, None),
    ],
)  # fmt: skip
def test_when_it_was_put_up(body: str, head: str, url: str, day: date | None) -> None:
    page = read(f"{body}{BODY}", head=head, url=url)
    assert page.published == day
    assert page.conflicts == ()


TITLED = "<title>关于竹材的公告</title><meta name='PubDate' content='2026-09-14 17:34'>"


@pytest.mark.parametrize(
    ("body", "url", "rule", "day", "kept"),
    [
        ("<h1>关于竹材的公告</h1><p>2026-09-14 16:56</p>", PLAIN, None, "2026-09-14", []),
        ("<h1>关于竹材的公告</h1><p>2026-09-15 16:56</p>", PLAIN, None, "2026-09-14", ["published: meta 2026-09-14, text 2026-09-15"]),
        (table(published="2026-09-12", number="竹发〔2026〕1号"), PLAIN, None, "2026-09-12", ["published: table 2026-09-12, meta 2026-09-14"]),
        ("<u class='d'>2026年9月1日</u>", PLAIN, DetailRule(published=".d"), "2026-09-01", ["published: rule 2026-09-01, meta 2026-09-14"]),
        ("<u class='d'>竹月</u>", PLAIN, DetailRule(published=".d"), "2026-09-14", []),
        ("", "https://a.cn/t20260912_1.html", None, "2026-09-14", []),
        ("", "https://a.cn/t20250912_1.html", None, "2026-09-14", ["published: meta 2026-09-14, url 2025-09-12"]),
        ("<em class='date'>2020-01-01</em>", PLAIN, None, "2026-09-14", []),
        (table(signed="2026-09-10", number="竹发〔2026〕1号"), PLAIN, None, "2026-09-14", []),
        (table(signed="2026-09-24", number="竹发〔2026〕1号"), PLAIN, None, "2026-09-14", ["signed: table 2026-09-24, meta 2026-09-14"]),
    ],
)  # fmt: skip
def test_days_that_disagree(
    body: str, url: str, rule: DetailRule | None, day: str, kept: list[str]
) -> None:
    page = read(f"{body}{BODY}", head=TITLED, url=url, rule=rule)
    assert str(page.published) == day
    assert conflicts(page) == kept


@pytest.mark.parametrize(
    ("text", "day", "bodies"),
    [
        (["现予发布。", "示例部办公厅", "2026年9月4日"], date(2026, 9, 4), "示例部办公厅"),
        (["示例部", "二〇二六年九月四日"], date(2026, 9, 4), "示例部"),
        (["甲，乙。", "示例部", "2026 年 9 月 4 日", "附件：1.竹材目录", "竹材目录", "有效期至", "2030年1月1日"], date(2026, 9, 4), "示例部"),
        (["甲，乙。", "示例部", "竹材署 竹业总局", "竹业委员会（竹办）", "（2026年9月4日）"], date(2026, 9, 4), "示例部 竹材署 竹业总局 竹业委员会（竹办）"),
        (["甲，乙。", "示例部、竹材署", "2026年9月4日", "第一章 总则"], date(2026, 9, 4), "示例部 竹材署"),
        (["甲，乙。", "示例部", "中央竹材信息化委员会办公室2026年9月4日"], date(2026, 9, 4), "示例部 中央竹材信息化委员会办公室"),
        (["甲，乙。", "示例部　竹材署　2026年9月4日"], date(2026, 9, 4), "示例部 竹材署"),
        (["甲，乙。", "国家竹信办　2026年9月4日", "附件1"], date(2026, 9, 4), "国家竹信办"),
        (["甲，乙。", "竹海证券交易所", "2026年9月4日"], date(2026, 9, 4), "竹海证券交易所"),
        (["甲，乙。", "示例部主办　2026年9月4日", "丙，丁。", "戊，己。", "庚，辛。"], None, ""),
        (["市 长：某某", "2026年9月4日", "竹材办法"], date(2026, 9, 4), ""),
        (["甲，乙。", "2026年9月4日"], date(2026, 9, 4), ""),
        (["请于2026年9月30日前反馈意见。"], None, ""),
        (["甲，乙。", "竹城政府办公厅 2026年9月7日印发"], None, ""),
        (["甲，乙。", "示例部\t2026年9月7日", "丙，丁。", "戊，己。", "庚，辛。"], None, ""),
        (["会议时间：", "2026年9月7日", "甲，乙。", "丙，丁。", "戊，己。"], None, ""),
        (["2026年9月4日", "女士们、先生们：", "甲，乙。", "丙，丁。"], None, ""),
        ([], None, ""),
    ],
)  # fmt: skip
def test_signatures(text: list[str], day: date | None, bodies: str) -> None:
    found = signature(text)
    assert (found.day if found else None) == day
    assert (" ".join(found.bodies) if found else "") == bodies


def test_table_and_signature_name_two_days() -> None:
    body = f"{table(signed='2026-08-30', number='竹发〔2026〕1号')}<div class='TRS_Editor'>{PARAGRAPHS}<p>示例部</p><p>2026年9月1日</p></div>"
    page = read(body, url=PLAIN)
    assert page.signed == date(2026, 8, 30)
    assert conflicts(page) == ["signed: table 2026-08-30, text 2026-09-01"]


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("first", "title", "number"),
    [
        ("<p>工信部竹安〔2026〕166号</p>", "关于竹材的通知", "工信部竹安〔2026〕166号"),
        ("<p>竹办规[2026]3号</p>", "关于竹材的通知", "竹办规〔2026〕3号"),
        ("<p>（竹办规【2026】 3 号）</p>", "关于竹材的通知", "竹办规〔2026〕3号"),
        ("<p>竹城人民政府令</p><p>第179号</p>", "竹材办法", "竹城人民政府令第179号"),
        ("<p>竹城人民政府公告</p><p>（2026年第3号）</p>", "竹材办法", "竹城人民政府公告2026年第3号"),
        ("<p>示例部公告2026年第5号</p>", "竹材公告", "示例部公告2026年第5号"),
        ("<p>根据《旧竹法》（竹经〔2001〕5号）修订。</p>", "竹材公告", None),
        ("<p>各单位：</p><p>《旧竹法》（竹经〔2001〕5号）同时废止。</p>", "关于废止竹经〔2001〕5号文件的通知", None),
        ("", "关于印发《竹材办法》的通知(竹改能源〔2026〕1171号)", "竹改能源〔2026〕1171号"),
        ("", "竹药局关于修订说明书的公告（2026年第101号）", "2026年第101号"),
        ("", "示例部公告2026年第53号 公布调查", "示例部公告2026年第53号"),
        (table(number="国竹发[2026] 7 号"), "关于竹材的通知", "国竹发〔2026〕7号"),
        (table(number="见正文", by="竹业局"), "关于竹材的通知", None),
        ("<div>文号：竹发﹝2026﹞7号</div>", "关于竹材的通知", "竹发〔2026〕7号"),
    ],
)  # fmt: skip
def test_numbers(first: str, title: str, number: str | None) -> None:
    page = read(f"<div class='TRS_Editor'>{first}{PARAGRAPHS}</div>", head=meta(title=title))
    assert page.doc_number == number
    assert page.conflicts == ()


@pytest.mark.parametrize(
    ("listed", "first", "title", "kept"),
    [
        ("竹发〔2026〕7号", "竹发[2026]第7号", "关于竹材的通知", []),
        ("第179号", "竹城人民政府令第179号", "竹材办法", []),
        ("竹发〔2026〕7号", "竹发〔2026〕8号", "关于竹材的通知", ["doc_number: table 竹发〔2026〕7号, text 竹发〔2026〕8号"]),
        ("", "竹发〔2026〕8号", "关于竹材的通知（竹发〔2026〕9号）", ["doc_number: text 竹发〔2026〕8号, text 竹发〔2026〕9号"]),
    ],
)  # fmt: skip
def test_numbers_that_disagree(listed: str, first: str, title: str, kept: list[str]) -> None:
    body = f"{table(number=listed)}<div class='TRS_Editor'><p>{first}</p>{PARAGRAPHS}</div>"
    assert conflicts(read(body, head=meta(title=title))) == kept


# ---------------------------------------------------------------- issuers

SIGNED = f"<div class='TRS_Editor'>{PARAGRAPHS}<p>竹业局　竹材署</p><p>2026年9月14日</p></div>"


@pytest.mark.parametrize(
    ("listed", "source", "body", "issuer"),
    [
        ("", "本网", BODY, None),
        ("", "", BODY, None),
        ("", "竹业网", BODY, None),
        ("", "新华社", BODY, None),
        ("", "竹业司", BODY, "竹业司"),
        ("", "来源：竹业局", BODY, "竹业局"),
        ("", "竹业司", SIGNED, "竹业局 竹材署"),
        (table(issuer="竹业局 竹材署", number="竹发〔2026〕1号"), "竹业司", BODY, "竹业局 竹材署"),
        (table(by="竹街道办事处", number="竹发〔2026〕1号"), "", BODY, "竹街道办事处"),
        (table(by="竹街道办事处", number="竹发〔2026〕1号"), "", SIGNED, "竹业局 竹材署"),
        ("<div>来源：竹业局 字体：大 中 小</div>", "", BODY, "竹业局"),
    ],
)  # fmt: skip
def test_issuers(listed: str, source: str, body: str, issuer: str | None) -> None:
    page = read(f"{listed}{body}", head=meta(source=source), url=PLAIN)
    assert page.issuer == issuer
    assert page.conflicts == ()


def test_table_and_signature_name_two_issuers() -> None:
    page = read(f"{table(issuer='示例部', number='竹发〔2026〕1号')}{SIGNED}", url=PLAIN)
    assert page.issuer == "示例部"
    assert conflicts(page) == ["issuer: table 示例部, text 竹业局 竹材署"]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("工业和信息化部", "工信部", False),
        ("国家发展改革委", "国家发展和改革委员会", False),
        ("竹业局", "竹业局 竹材署", False),
        ("竹业局、竹材署", "竹材署", False),
        ("教育部", "财政部", True),
    ],
)
def test_wordings_of_one_body(one: str, other: str, differ: bool) -> None:
    assert issuers_differ(Said("table", one), Said("text", other)) is differ


# ---------------------------------------------------------------- laws


@given(st.text(max_size=20), st.text(max_size=20))
def test_contradiction_is_mutual_and_nothing_contradicts_itself(one: str, other: str) -> None:
    for differ in (titles_differ, numbers_differ, issuers_differ):
        assert differ(Said("meta", one), Said("text", other)) == differ(
            Said("text", other), Said("meta", one)
        )
        assert not differ(Said("meta", one), Said("text", one))


@given(st.dates(), st.dates())
def test_days_contradict_each_other_mutually(one: date, other: date) -> None:
    assert days_differ(Said("meta", one), Said("url", other)) == days_differ(
        Said("url", other), Said("meta", one)
    )
    assert days_differ(Said("meta", one), Said("text", other)) == (one != other)


WORDS = st.sampled_from(
    ["文号：", "发文字号", "竹发〔2026〕7号", "成文日期", "2026-09-04", "\t", "【", "】", ":", "来源", "标题", " "]
)  # fmt: skip


@given(st.lists(st.lists(WORDS, max_size=6).map("".join), max_size=6))
def test_labels_of_any_lines_have_values(lines: list[str]) -> None:
    found = labelled(lines)
    for values in (found.table, found.line):
        assert all(value.strip() and value in "".join(lines) for value in values.values())


@given(st.text(alphabet="竹发〔[（2026〕]）第7号令公告年- ", max_size=30))
def test_a_normal_number_is_its_own_normal_form(text: str) -> None:
    once = normal_number(text)
    assert normal_number(once) == once
