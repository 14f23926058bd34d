"""What people meet in a channel, one message each: looked at as pictures, and measured by tests."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.render.lamps import DIGEST, DRAFT, FINAL, NEW_DRAFT, NEW_FINAL, NOW, paper
from watcher.model import Alert, ChangeKind, Classification, EnglishTitle, Facts, Message, Stage
from watcher.posting import Posting
from watcher.render import render_alerts, render_notice

LATER = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
PRESSABLE = Posting(team="lamp-law", subscription="drafts", pressable=True)

LONG = replace(
    NEW_DRAFT,
    document=replace(
        DRAFT,
        title="工业和信息化领域智能灯具数据安全风险评估实施细则（试行）（征求意见稿）",
        aka=(
            "Implementation Rules for Data Security Risk Assessment of Smart Lamps in Industry and "
            "Information Technology (Trial, draft for comments)",
        ),
    ),
    delivery="0f" * 16,
    posting=PRESSABLE,
)
"""As long as titles are on most days."""

FINAL_WITH_DIFF = replace(
    NEW_FINAL,
    document=replace(FINAL, facts=replace(FINAL.facts, effective=date(2027, 5, 1))),
    delivery="0f" * 16,
    posting=replace(PRESSABLE, subscription="finals"),
)
MOVED = replace(
    LONG,
    kind=ChangeKind.MODIFIED,
    document=replace(LONG.document, facts=replace(LONG.document.facts, deadline=date(2026, 12, 1))),
    was="the deadline was 2026-11-08",
    diff_summary="28 articles: 27 same, 1 changed (1 substantive)",
    diff_summary_zh="共28条：27条未变，1条修改（实质性1条）",
    diff_points=("第七条: 30 → 53 days · 期限: 于[-11月8日-]{+12月1日+}前反馈",),
)
REMINDER = replace(
    LONG,
    kind=ChangeKind.DEADLINE,
    document=replace(
        LONG.document,
        facts=replace(LONG.document.facts, comments_to=("law@lamp.example.cn", "灯具局政策法规司")),
    ),
    reason="Data & cyber law / drafts: reminder 2 days before the deadline",
)
COMPANY = replace(
    paper(
        44,
        title="Bright Lamps of Ningbo opens a research centre for lamps that listen",
        section="corporate",
        url="https://briefs.example/lamps/44",
        facts=Facts(stage=Stage.CORPORATE, companies=("Bright Lamps",)),
        classification=Classification(primary="consumer"),
        published=date(2026, 10, 9),
        text="Bright Lamps said on Friday that it would open a research centre.",
        attachments=(),
    ),
    source_name="Lamp brief",
    delivery="0f" * 16,
    posting=PRESSABLE,
)
MACHINE = replace(
    LONG,
    document=replace(LONG.document, aka=()),
    english=EnglishTitle(
        text="Rules for Assessing the Data Risks of Smart Lamps",
        by="machine translation, DeepL",
        machine=True,
    ),
)


def twelve() -> list[Alert]:
    """A week: three open drafts, a final with a diff, a correction, and what else came."""
    drafts = [
        paper(
            n,
            title=f"第{n}号智能灯具管理办法（征求意见稿）",
            aka=(f"Measures No. {n} for Smart Lamps (draft for comments)",),
            facts=Facts(
                stage=Stage.DRAFT, bodies=("LAMP",), deadline=date(2026, 10, 10) + timedelta(n)
            ),
        )
        for n in (4, 9, 30)
    ]
    final = replace(NEW_FINAL, seen_at=NOW - timedelta(days=1))
    rest = [paper(n, published=date(2026, 10, n % 9 + 1)) for n in range(50, 54)]
    return [*drafts, final, *rest, *DIGEST]


SITUATIONS: dict[str, Message] = {
    "draft": render_alerts("slack", [LONG], NOW),
    "machine": render_alerts("slack", [MACHINE], NOW),
    "no-buttons": render_alerts(
        "slack", [replace(LONG, posting=replace(PRESSABLE, pressable=False))], NOW
    ),
    "final": render_alerts("slack", [FINAL_WITH_DIFF], LATER),
    "correction": render_alerts("slack", [MOVED], NOW),
    "reminder": render_alerts("slack", [REMINDER], datetime(2026, 11, 6, 8, 0, tzinfo=UTC)),
    "reviewed": render_alerts(
        "slack",
        [
            replace(
                LONG,
                posting=replace(
                    PRESSABLE,
                    since="Corrected Tue 13 Oct 2026: the deadline was Sun 8 Nov 2026",
                    reviewed="Reviewed by Ann",
                ),
            )
        ],
        NOW,
    ),
    "company": render_alerts("slack", [COMPANY], NOW),
    "digest": render_alerts(
        "slack", twelve(), NOW, "26 of 27 sources read; NHC unread since Tuesday, gov.cn stands in."
    ),
    "notice": render_notice(
        "slack",
        "1 source cannot be read",
        ["lamp-tzgg: blocked since Tue 6 Oct (412, a challenge page)", "gov.cn stands in"],
    ),
}
