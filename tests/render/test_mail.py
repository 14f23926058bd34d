"""Mails as their readers meet them: digests of a size that is shown whole, and what stands where."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import html as lxml_html
from rich.cells import cell_len

from tests.mail_html import check_html
from tests.render.lamps import DIGEST, NEW_DRAFT, NEW_FINAL, NOW, paper
from watcher.model import Alert, Classification, Facts, Message, Stage
from watcher.posting import Posting
from watcher.render import render_alerts, render_notice
from watcher.render.mail import CLIPPED, WIDTH

SECTORS = ("ai-computing", "consumer", "energy", "semiconductors", "none")
COVERAGE = "26 of 27 sources read; NHC unread since Tuesday."


def papers(count: int, title: str = "关于第{}批智能灯具节能改造行动方案的通知") -> list[Alert]:
    """Every fifth open for comment, the others by turns in three sectors and in none."""
    return [
        paper(
            n,
            title=title.format(n),
            aka=(f"Notice {n} on the action plan for the retrofitting of smart lamps",),
            url=f"https://www.lamp.example.cn/zwgk/zcwj/202610/t20261009_{1_300_000 + n}.html",
            classification=Classification(primary=SECTORS[n % 5]),
            published=date(2026, 10, 3) + timedelta(n % 7),
            facts=Facts(
                stage=Stage.DRAFT if n % 5 == 0 else Stage.FINAL,
                bodies=("LAMP",),
                deadline=date(2026, 10, 12) + timedelta(n) if n % 5 == 0 else None,
            ),
        )
        for n in range(100, 100 + count)
    ]


def mailed(batch: Sequence[Alert], coverage: str = COVERAGE) -> tuple[Message, str]:
    """A digest, and its HTML part."""
    message = render_alerts("email", batch, NOW, coverage)
    assert message.html is not None
    check_html(message.html)
    return message, message.html


# ---------------------------------------------------------------- size


@pytest.mark.parametrize(
    ("batch", "shortened"),
    [
        (papers(200), False),
        (papers(200, title="第{}号" + "智能灯具数据管理办法，" * 30), True),
        (
            [
                replace(
                    alert,
                    document=replace(alert.document, url=f"{alert.document.url}?{'x' * 2_000}"),
                )
                for alert in papers(200)
            ],
            True,
        ),
    ],
    ids=["as they come", "long titles", "long addresses"],
)
def test_two_hundred_papers_are_shown_whole(batch: list[Alert], shortened: bool) -> None:
    """Gmail hides what stands beyond 102 kB of a mail behind a link that few open."""
    message, html = mailed(batch)
    assert len(html.encode()) <= CLIPPED
    assert ("Shortened" in html) == shortened
    for alert in batch:
        assert f"Notice {alert.document.id} on" in html
        assert alert.document.url in message.text.split()


# ---------------------------------------------------------------- a digest


def test_contents_lead_to_every_group() -> None:
    message, html = mailed(papers(40))
    tree = lxml_html.document_fromstring(html)
    groups = ["".join(map(str, heading.itertext())) for heading in tree.iter("h2")]
    links = [a for a in tree.iter("a") if str(a.get("href", "")).startswith("#")]
    assert groups[0] == "Deadlines" and len(groups) == 5
    assert [a.text for a in links] == groups
    targets = [heading.get("id") for heading in tree.iter("h2")]
    assert [a.get("href") for a in links] == [f"#{target}" for target in targets]
    text = message.text
    assert [text.index(f"  8  {name}") for name in groups] == sorted(
        text.index(f"  8  {name}") for name in groups
    )
    assert text.index(COVERAGE) < text.index("  8  Deadlines") < text.index("\nDEADLINES\n")


def test_a_few_papers_need_no_contents() -> None:
    message, html = mailed(DIGEST)
    assert 'href="#' not in html
    assert "\n    1  " not in message.text


def test_each_paper_once_and_what_differs_in_a_line() -> None:
    corrected = replace(NEW_DRAFT, was="the deadline was 2026-11-01", delivery="18")
    message, html = mailed([NEW_DRAFT, corrected, NEW_FINAL, *papers(10)])
    for shown in (html, message.text):
        assert shown.count("智能灯具数据管理办法（征求意见稿）") == 1
        assert shown.count("31 articles (draft 28)") == 1
        assert "{+" not in shown and "日内报告" not in shown and "共31条" not in shown
    assert "<ins" not in html


def test_coverage_is_told_of_a_digest_of_one() -> None:
    message, html = mailed([NEW_DRAFT])
    assert COVERAGE in message.text and COVERAGE in html
    assert message.subject.endswith("1 paper, 1 deadline")


# ---------------------------------------------------------------- an alert


def test_what_went_and_what_came_is_set_off() -> None:
    point = "第十条: 应当在[-三十-]{+<b>十五</b>+}日内报告。"
    html = render_alerts("email", [replace(NEW_FINAL, diff_points=(point,))], NOW).html
    assert html is not None
    check_html(html)
    tree = lxml_html.document_fromstring(html)
    assert [part.text for part in tree.iter("del")] == ["三十"]
    assert [part.text for part in tree.iter("ins")] == ["<b>十五</b>"]


def test_who_hears_it_and_how_to_change_that() -> None:
    posting = Posting(team="data-law", subscription="drafts")
    message, html = mailed([replace(NEW_DRAFT, posting=posting)], "")
    footer = "Sent for data-law/drafts. To change what you hear, ask who runs watcher."
    assert message.text.endswith(f"\n\n{footer}")
    assert footer in html
    assert "Sent for" not in render_alerts("email", [NEW_DRAFT], NOW).text


def test_the_line_behind_the_subject_says_more_than_the_subject() -> None:
    message, html = mailed([NEW_DRAFT], "")
    tree = lxml_html.document_fromstring(html)
    [hidden] = [div.text for div in tree.iter("div") if "display:none" in div.get("style", "")]
    assert hidden is not None
    assert hidden.startswith("智能灯具数据管理办法（征求意见稿）")
    assert hidden not in message.subject


@pytest.mark.parametrize(
    "message",
    [
        render_alerts("email", [NEW_FINAL], NOW),
        render_alerts("email", papers(40), NOW, COVERAGE),
        render_notice("email", "1 source cannot be read", ["lamp-tzgg: 超时" * 40]),
    ],
    ids=["alert", "digest", "notice"],
)
def test_plain_text_keeps_within_78_columns(message: Message) -> None:
    for line in message.text.split("\n"):
        assert cell_len(line) <= WIDTH or line.lstrip().startswith("https://")
