"""Invented papers of the invented Bureau of Lamps, for tests of what a person reads."""

from dataclasses import replace
from datetime import UTC, date, datetime

from watcher.model import (
    Alert,
    Attachment,
    ChangeKind,
    Classification,
    DocType,
    Document,
    Facts,
    Link,
    Stage,
)

NOW = datetime(2026, 10, 10, 8, 0, tzinfo=UTC)

DRAFT = Document(
    id=1,
    source_id="lamp-tzgg",
    url="https://www.lamp.example.cn/tzgg/202610/t20261009_17.html?a=1&b=2",
    title="智能灯具数据管理办法（征求意见稿）",
    aka=("Measures for Data of Smart Lamps (draft for comments)",),
    facts=Facts(
        stage=Stage.DRAFT,
        doc_type=DocType.MEASURES,
        bodies=("LAMP", "MIIT"),
        deadline=date(2026, 11, 8),
        deadline_quote="请于2026年11月8日前将意见反馈至灯具局",
    ),
    classification=Classification(
        primary="data-security", secondary=("industrial-internet",), score=0.94
    ),
    published=date(2026, 10, 9),
    text="第一条 为了规范智能灯具数据处理活动，制定本办法。\n第二条 本办法所称智能灯具，是指能够联网的灯具。",
    attachments=(
        Attachment(name="附件：征求意见稿.docx", url="https://www.lamp.example.cn/1.docx"),
    ),
)

FINAL = replace(
    DRAFT,
    id=2,
    url="https://www.lamp.example.cn/tzgg/202703/t20270301_3.html",
    title="智能灯具数据管理办法",
    aka=("Measures for Data of Smart Lamps",),
    facts=Facts(
        stage=Stage.FINAL,
        doc_type=DocType.MEASURES,
        bodies=("LAMP",),
        doc_number="灯规〔2027〕7号",
    ),
    published=date(2027, 3, 1),
)

NEW_DRAFT = Alert(
    kind=ChangeKind.NEW,
    document=DRAFT,
    reason="Data & cyber law / drafts — 数据 in the title; stage draft; body LAMP",
    source_name="灯具局 通知公告",
    seen_at=datetime(2026, 10, 9, 12, 2, tzinfo=UTC),
    timezone="Europe/Berlin",
    sightings=("gov.cn 政策文件库",),
    delivery="17",
)

NEW_FINAL = replace(
    NEW_DRAFT,
    document=FINAL,
    reason="Data & cyber law / finals — 数据 in the title; stage final",
    seen_at=datetime(2027, 3, 1, 6, 30, tzinfo=UTC),
    draft=DRAFT,
    link=Link(draft="1", final="2", state="linked", score=0.97),
    diff_summary="31 articles (draft 28): 14 same, 3 renumbered only, 9 changed (4 substantive), "
    "4 new, 1 deleted, 1 moved",
    diff_summary_zh="共31条（征求意见稿28条）：14条未变，9条修改（实质性4条），3条仅序号变化，1条移动，"
    "新增4条，删除1条",
    diff_points=(
        "第九条 → 第十条: 30 → 15 days · 期限: 应当在[-三十-]{+十五+}日内报告。",
        "第二十条: penalty: 50,000 → 200,000 yuan · 处罚: 处[-五万-]{+二十万+}元以下罚款。",
        "第十七条: new · scope added: 境外 · 适用范围: {+境外处理者应当指定代表。+}",
        "第三条: new: a fourth, for which a phone has no room",
    ),
    review="watcher diff doc:1 doc:2",
    sightings=(),
)


def paper(number: int, **changes: object) -> Alert:
    """An alert about one more paper of the bureau, without a deadline unless given."""
    known: dict[str, object] = {
        "id": number,
        "url": f"https://www.lamp.example.cn/tzgg/{number}.html",
        "title": f"关于第{number}批智能灯具目录的通知",
        "aka": (),
    }
    document = replace(FINAL, **(known | changes))  # type: ignore[arg-type] # named by the tests
    return replace(NEW_DRAFT, document=document, sightings=())


DIGEST = (
    NEW_DRAFT,
    paper(5, classification=Classification(primary="consumer"), published=date(2026, 10, 7)),
    paper(6, published=date(2026, 10, 8)),
    replace(
        paper(7, classification=Classification(), published=None, facts=Facts(), url=None),
        kind=ChangeKind.MODIFIED,
        was="title was 关于第六批智能灯具目录的通知",
        seen_at=datetime(2026, 10, 6, 1, 0, tzinfo=UTC),
    ),
    replace(NEW_FINAL, seen_at=datetime(2026, 10, 8, 1, 0, tzinfo=UTC)),
)
