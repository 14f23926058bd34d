"""Comment deadlines: the sentence that gives one, and the many dates that are none."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.deadlines import PHRASINGS, TRAPS, Case
from watcher.facts import facts_of
from watcher.facts.deadline import comment_deadline

PUBLISHED = date(2026, 9, 16)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # NOTES §6: the explicit forms
        ("意见反馈截止日期为2026年10月7日。", "2026-10-07"),
        ("意见反馈截止日期为：2026年10月7日。", "2026-10-07"),
        ("意见反馈截止时间为2026年10月16日。", "2026-10-16"),
        ("征求意见截止时间为2026年10月16日。", "2026-10-16"),
        ("本次征求意见截止日期为2026年10月8日。", "2026-10-08"),
        ("意见建议反馈截止日期：2026年10月20日", "2026-10-20"),
        ("请于2026年9月30日前将意见书面反馈至灯具局法规司。", "2026-09-30"),
        ("请于2026年9月30日之前反馈意见。", "2026-09-30"),
        ("有关单位和个人可提出意见，并于2026年10月9日前通过电子邮件反馈。", "2026-10-09"),
        (
            "欢迎提出修改意见，并于2026年10月16日前将《公开征求意见反馈表》反馈至灯具局。",
            "2026-10-16",
        ),
        ("征求意见时间为2026年9月16日至2026年10月16日。", "2026-10-16"),
        ("此次公开征求意见的时间为2026年9月16日至10月15日。", "2026-10-15"),
        ("征求意见时间：2026年9月16日—2026年9月23日", "2026-09-23"),
        ("公开征求意见时间自2026年12月20日起至2027年1月19日止。", "2027-01-19"),
        ("请登录网站提出意见，截止日期：2026-10-21", "2026-10-21"),
        ("征求意见的期限为2026.9.16-2026.10.17", "2026-10-17"),
        ("意见征集时间：2026/09/16至2026/10/18", "2026-10-18"),
        ("请在2026年10月12日17:00前将书面意见传真至我司。", "2026-10-12"),
        ("请于2026年10月12日（星期一）前反馈修改意见。", "2026-10-12"),
        ("请将意见于二〇二六年十月十日前反馈我局。", "2026-10-10"),
        ("意见请于10月31日前反馈。", "2026-10-31"),
        ("请于1月15日前提出宝贵意见。", "2027-01-15"),
        ("请于２０２６年１０月７日前将意见反馈我司。", "2026-10-07"),
        ("请于 2026 年 10 月 7 日前将意见反馈我司。", "2026-10-07"),
        ("请于2026\n年\n10\n月\n7\n日前将意见反馈我司。", "2026-10-07"),
        ("意见反馈截止日期为2026年\n10月7日。", "2026-10-07"),
        # counted from publication
        ("请自公告之日起30日内将意见反馈我局。", "2026-10-16"),
        ("自本通知发布之日起三十日内，可提出意见和建议。", "2026-10-16"),
        ("公开征求意见期限为60天，请将意见寄至我局。", "2026-11-15"),
        ("征求意见期为一个月。", "2026-10-16"),
        # a standards notice: the period of 公示 is the period for comments
        ("现公开征求意见。\n公示时间：2026年9月17日—2026年9月24日", "2026-09-24"),
        ("意见反馈截止日期为2026年10月7日。本办法自2027年1月1日起施行。", "2026-10-07"),
        ("本公告发布于2026年9月16日。请于2026年10月9日前将意见反馈我局。", "2026-10-09"),
    ],
)
def test_a_comment_deadline_is_read(sentence: str, expected: str) -> None:
    found = comment_deadline(sentence, PUBLISHED)
    assert found is not None
    assert found.on.isoformat() == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "请于2026年9月30日前将申报材料报送我局。",
        "报名截止日期：2026年9月30日。",
        "申报截止时间为2026年10月15日，逾期不予受理。",
        "项目应于2027年12月31日前完成。",
        "本办法自2026年10月1日起施行。",
        "请各地于2026年10月20日前将推荐意见和申报书报送我司。",
        "省级部门出具审核意见后于2026年10月20日前报送申请材料。",
        "公示期为2026年9月16日至9月22日。",
        "灯具局\n2026年9月16日",
        "现向社会公开征求意见。\n联系电话：010-12345678\n2026年9月16日",
        "2026年9月16日召开座谈会，听取企业意见。",
        "有效期至2031年12月31日止，意见由我局解释。",
        "根据《关于进一步加强灯具管理的意见》，2025年3月1日前已备案的除外。",
        "请于2月30日前反馈意见。",
        "当事人自收到通知之日起30日内提出书面意见。",
        "灯具局征求意见\n第一条 主管部门应当于2026年12月31日前提出意见。",
    ],
)
def test_other_dates_are_no_comment_deadline(sentence: str) -> None:
    assert comment_deadline(sentence, PUBLISHED) is None


@pytest.mark.parametrize(
    ("sentence", "published", "expected"),
    [
        ("The ministry is collecting feedback until November 7.", "2023-10-09", "2023-11-07"),
        ("Companies have until December 22, 2023, to submit feedback.", None, "2023-12-22"),
        ("Comments can be sent by December 3.", "2023-11-20", "2023-12-03"),
        ("The draft is open for comment through 15 January.", "2023-12-20", "2024-01-15"),
        ("Public consultation ends on Oct. 12, 2025.", None, "2025-10-12"),
        ("It seeks feedback from applicants by March 1.", "2024-02-01", "2024-03-01"),
        ("Comments are due May 4th.", "2024-04-01", "2024-05-04"),
    ],
)
def test_english_deadlines(sentence: str, published: str | None, expected: str) -> None:
    found = comment_deadline(sentence, date.fromisoformat(published) if published else None)
    assert found is not None
    assert found.on.isoformat() == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Consortia can apply to participate in the scheme by February 10.",
        "Candidates have until the end of the year to implement their projects.",
        "The rules enter into force on May 1, 2024.",
        "The draft was released for comment on November 10, 2020.",
        "Feedback was broadly positive. The fair runs until June 3.",
        "The ministry is collecting feedback until November 7.",  # no year to be had
    ],
)
def test_english_traps(sentence: str) -> None:
    assert comment_deadline(sentence, None) is None


def test_without_a_publication_date_nothing_is_counted_and_no_year_is_guessed() -> None:
    assert comment_deadline("请自公告之日起30日内将意见反馈我局。") is None
    assert comment_deadline("请于10月31日前反馈意见。") is None


def test_the_quote_is_the_sentence() -> None:
    found = comment_deadline("第一句。请于2026年10月7日前将意见反馈我局。第三句。")
    assert found is not None
    assert found.quote == "请于2026年10月7日前将意见反馈我局"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一轮征求意见已于2026年7月1日截止。请于10月8日前反馈意见。", "2026-10-08"),
        ("第一轮征求意见已于2026年9月25日截止。请于10月8日前反馈意见。", "2026-10-08"),
        ("根据2026年8月31日前征集到的意见修改。请于10月9日前反馈意见", "2026-10-09"),
        ("根据2026年9月30日前征集到的意见修改。请于10月9日前反馈意见", "2026-10-09"),
        ("目前征求意见稿要求2027年6月30日前全部淘汰。请于10月8日前提出意见", "2026-10-08"),
        ("《办法（征求意见稿）》规定2027年6月30日前备案并听取意见。请于10月8日前提出意见", "2026-10-08"),
        ("按照《通知》要求，请于2026年10月8日前反馈意见", "2026-10-08"),
        ("意见汇总工作2026年12月1日前开始。欢迎于2026年10月8日前反馈意见", "2026-10-08"),
        ("请于9月10日前反馈意见", None),
        ("请于2026年9月10日前反馈意见", None),
        ("请于1月10日前反馈意见", "2027-01-10"),
        ("现征求意见。\n起止时间：2026年9月21日-2026年10月20日", "2026-10-20"),
        ("现征求意见。\n起止时间：2026年9月21日至10月20日", "2026-10-20"),
        ("征求意见起止时间为2026-09-21至2026-10-21", "2026-10-21"),
        ("公众可于2026年9月21日至2026年10月20日期间提出意见。", "2026-10-20"),
        ("请于9月21日至10月20日期间将意见反馈我局。", "2026-10-20"),
        ("报名起止时间：2026年9月21日至10月20日。另行征求意见。", None),
        ("现征询意见，征询意见截止日期：2026年10月8日", "2026-10-08"),
    ],
)  # fmt: skip
def test_the_last_day_among_other_days(text: str, expected: str | None) -> None:
    found = comment_deadline(text, date(2026, 9, 21))
    assert (found.on.isoformat() if found else None) == expected


@pytest.mark.parametrize("case", PHRASINGS, ids=lambda case: case.text[:40])
def test_a_phrasing_is_read_and_its_place_told(case: Case) -> None:
    found = comment_deadline(case.text, case.published)
    assert found is not None
    assert found.on.isoformat() == case.on
    assert case.text[found.start : found.end] == case.words


@pytest.mark.parametrize("case", TRAPS, ids=lambda case: case.text[:40])
def test_a_trap_is_no_deadline(case: Case) -> None:
    assert comment_deadline(case.text, case.published) is None


_CHINESE = [case for case in (*PHRASINGS, *TRAPS) if not case.text.isascii()]


@pytest.mark.parametrize("case", _CHINESE, ids=lambda case: case.text[:40])
def test_a_deadline_is_read_the_same_among_other_lines(case: Case) -> None:
    before = "各有关单位：\n路灯多年未修。\n"
    after = "\n附件：1.路灯养护表\n灯具局\n2026年9月16日\n"
    alone = comment_deadline(case.text, case.published)
    found = comment_deadline(before + case.text + after, case.published)
    assert (found and found.on) == (alone and alone.on)
    if found and alone:
        assert (found.start, found.end) == (alone.start + len(before), alone.end + len(before))


_HIDDEN = st.sampled_from(["", "", " ", "\u200b", "\u3000", "\ufeff", "\x07", "\u00a0"])


@given(st.sampled_from(PHRASINGS[:30]), st.data())
def test_the_place_indexes_the_text_as_given(case: Case, data: st.DataObject) -> None:
    """Whatever a page strews between the characters of a date, the place is that of the date."""
    at = case.text.index(case.words)
    strewn = "".join(char + (data.draw(_HIDDEN) if char in "年月" else "") for char in case.words)
    lead = data.draw(st.text("灯，。\u200b \n\r\t\u3000", max_size=30))
    lead = lead + "。\n" if lead else ""
    found = comment_deadline(
        lead + case.text[:at] + strewn + case.text[at + len(case.words) :], case.published
    )
    assert found is not None
    assert (found.start, found.end) == (len(lead) + at, len(lead) + at + len(strewn))


def test_an_interpretation_that_tells_of_a_call_has_no_deadline() -> None:
    text = (
        "近日，灯具局就《路灯办法（征求意见稿）》公开征求意见。意见反馈截止时间为2026年10月16日。"
    )
    told = facts_of("《路灯办法（征求意见稿）》解读", text, published=PUBLISHED)
    called = facts_of("关于《路灯办法（征求意见稿）》公开征求意见的通知", text, published=PUBLISHED)
    assert told.deadline is None
    assert called.deadline == date(2026, 10, 16)


@pytest.mark.parametrize(
    "text",
    [
        "请自公告之日起" + "百" * 400 + "日内将意见反馈我局。",
        "请自公告之日起" + "9" * 5000 + "日内将意见反馈我局。",
        "请自公告之日起一二百三十日内将意见反馈我局。",
        "请自公告之日起30日内将意见反馈我局。",
        "征求意见期为十二个月。",
        "请于1月1日前反馈意见。",
    ],
)
def test_the_end_of_time_is_no_deadline(text: str) -> None:
    assert comment_deadline(text, date.max) is None


@pytest.mark.parametrize(
    "piece",
    ["《", "》", "\n", " ", "　\n", "日\n", "请于2026年10月8日前", "自", "意见", "（", "第一", "a. ",
     "until May 1, 2027 ", "征求意见", "2026年1月1日至", "请", "关于", "1", "十", "号"],
)  # fmt: skip
def test_no_text_holds_the_reader_up(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    begun = process_time()
    facts_of("关于公开征求《灯具办法》意见的通知", "日" + text, published=date(2026, 9, 21))
    facts_of(text, text, published=date.max, issuer=text[:300], doc_number=text)
    assert process_time() - begun < 1.0
