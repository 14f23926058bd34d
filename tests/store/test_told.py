"""A paper that a brief tells of and a ministry puts up: one document in either order, and no strangers merged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zlib import crc32

import pytest

from tests.store.samples import LAW, MAIL, after, claim, notice_to, owed
from watcher import link as linking
from watcher.facts import facts_of
from watcher.model import Classification, Document, Item, Stage
from watcher.store import Store
from watcher.store.findings import Arrival, Paper, Visit
from watcher.store.same import join, take_over, told_before
from watcher.store.schema import metadata

DAY = date(2026, 10, 20)
PLAN = "智能灯具高质量发展行动计划（2026—2028年）"
NOTICE = f"工业和信息化部等六部门关于印发《{PLAN}》的通知"
RULES = "《智能灯具数据安全管理办法（征求意见稿）》"
CALL = f"工业和信息化部公开征求对{RULES}的意见"
ENGLISH = "Action Plan for the High-quality Development of Smart Lamps (2026-2028)"


def told(name: str | None, day: date | None = DAY, *codes: str, english: str = "") -> Item:
    """A brief's leading item about a paper."""
    names = tuple(filter(None, (name, english)))
    stage = facts_of(name or "").stage
    return Item(
        key=f"https://brief.example/9#{crc32(repr(names).encode())}",
        url=f"https://brief.example/9#{crc32(repr(names).encode())}",
        title="Lamps go smart",
        published=day,
        section="top5",
        bodies=codes,
        stage=Stage.FINAL if stage in (None, Stage.NEWS, Stage.CORPORATE) else stage,
        aka=names,
    )


def put_up(title: str, day: date | None = DAY, *, body: str | None = None) -> Item:
    """The ministry's row."""
    codes = (body,) if body else facts_of(title).bodies
    url = f"https://lamps.gov.example/{crc32(title.encode())}.html"
    return Item(key=url, url=url, title=title, published=day, bodies=codes)


def document_of_row(source_id: str, row: Item) -> Document:
    """What a row alone tells of."""
    facts = facts_of(row.title or "", published=row.published)
    stage = row.stage or facts.stage
    return Document(
        id=0,
        source_id=source_id,
        url=row.url,
        title=row.title or "",
        facts=replace(facts, bodies=row.bodies, stage=stage, deadline=row.deadline),
        classification=Classification(),
        published=row.published,
        section=row.section,
        aka=row.aka,
    )


def arrival_of(
    source_id: str, row: Item, *, first: bool, read_at: datetime | None = None
) -> Arrival:
    made = document_of_row(source_id, row)
    cores = frozenset() if row.section else linking.cores(made.title)
    paper = Paper(document=made, cores=cores, notifications=() if first else (notice_to(LAW),))
    return Arrival(item=row, paper=paper, next_read_at=read_at, news=not first)


def arrive(store: Store, source_id: str, *rows: Item, hours: int = 1) -> int | None:
    """Let rows that are new come on a source, as a poll would record them."""
    state = claim(store, source_id, after(hours=hours))
    first = state.baseline_at is None
    return store.record.visit(
        Visit(
            state=state,
            at=after(hours=hours),
            next_poll_at=after(hours=hours),
            validators=state.validators,
            fingerprint="",
            definition="",
            row_counts=(),
            snapshot=None,
            arrivals=tuple(arrival_of(source_id, row, first=first) for row in rows),
        )
    )


TOGETHER = {
    "the notice in the same words": (told(NOTICE), put_up(NOTICE)),
    "the bare name in the brief": (told(PLAN), put_up(NOTICE)),
    "in 《》": (told(f"《{PLAN}》"), put_up(NOTICE)),
    "the bare name on the list": (told(NOTICE), put_up(PLAN)),
    "other brackets, other dashes": (told("智能灯具高质量发展行动计划 (2026-2028年)"), put_up(NOTICE)),
    "without its years": (told("智能灯具高质量发展行动计划"), put_up(NOTICE)),
    "without who speaks": (told(f"关于印发《{PLAN}》的通知"), put_up(NOTICE)),
    "a notice without 《》": (told("工业和信息化部关于印发智能灯具高质量发展行动计划的通知"), put_up("智能灯具高质量发展行动计划")),
    "weeks later": (told(NOTICE, DAY + timedelta(days=30)), put_up(NOTICE)),
    "put up after it was signed": (told(PLAN), put_up(NOTICE, DAY + timedelta(days=12))),
    "a call for comments": (told(CALL), put_up(f"关于公开征求{RULES}意见的通知")),
    "a draft by its name": (told(RULES), put_up(CALL)),
    "a trial paper": (told("智能灯具安全管理办法（试行）"), put_up("关于印发《智能灯具安全管理办法（试行）》的通知")),
    "no day in the brief, its years in the title": (told(NOTICE, None), put_up(NOTICE)),
    "bodies as the brief has them": (told(PLAN, DAY, "MIIT", "+5"), put_up(NOTICE)),
    "on another ministry's list": (told(PLAN, DAY, "MIIT", "+5"), put_up(f"关于印发《{PLAN}》的通知", body="MOF")),
    "full width and blanks": (told("智能灯具 高质量发展 行动计划（２０２６—２０２８年）"), put_up(NOTICE)),
    "the same round": (told("智能灯具数据安全管理办法（第二次征求意见稿）"), put_up(f"关于再次公开征求{RULES}意见的通知")),
    "a draft marked behind 《》": (told("智能灯具数据安全管理办法（征求意见稿）"), put_up("关于《智能灯具数据安全管理办法》（征求意见稿）公开征求意见的公告")),
    "a city's, told without its body": (told("智能灯具高质量发展行动方案"), put_up("灯城市人民政府关于印发《智能灯具高质量发展行动方案》的通知")),
    "this month's list": (told("智能灯具审批信息公示名单"), put_up("智能灯具审批信息公示名单", DAY - timedelta(days=9))),
    "the same batch": (told("关于公布智能灯具示范工厂名单（第二批）的通知"), put_up("工业和信息化部关于公布智能灯具示范工厂名单（第二批）的通知")),
}  # fmt: skip

APART = {
    "half a year later": (told(NOTICE, DAY + timedelta(days=180)), put_up(NOTICE)),
    "last year's, by a misprint": (told(NOTICE, DAY - timedelta(days=365)), put_up(NOTICE)),
    "the plan of other years": (told("智能灯具高质量发展行动计划（2023—2025年）"), put_up(NOTICE)),
    "another batch": (told("智能灯具示范工厂名单（第一批）"), put_up("关于公布《智能灯具示范工厂名单（第二批）》的通知")),
    "one batch, and none": (told("智能灯具示范工厂名单"), put_up("关于印发《智能灯具示范工厂名单（第二批）》的通知")),
    "a draft and its final": (told(RULES), put_up("关于印发《智能灯具数据安全管理办法》的通知")),
    "what explains it": (told(PLAN), put_up(f"《{PLAN}》解读")),
    "what passes it on": (told(PLAN), put_up(f"灯市经济局转发工业和信息化部等六部门关于印发《{PLAN}》的通知")),
    "its rules of application": (told("智能灯具安全管理办法"), put_up("关于印发《智能灯具安全管理办法实施细则》的通知")),
    "another ministry's": (told(f"交通运输部关于印发《{PLAN}》的通知"), put_up(NOTICE)),
    "a title too short": (told("管理办法"), put_up("关于印发《管理办法》的通知")),
    "no day, no year": (told("智能灯具安全管理办法", None), put_up("关于印发《智能灯具安全管理办法》的通知")),
    "a call for applications": (told("智能灯具示范工厂建设指南"), put_up("关于组织开展《智能灯具示范工厂建设指南》试点申报工作的通知")),
    "the next five-year plan": (told("“十五五”智能灯具发展规划"), put_up("关于印发《“十四五”智能灯具发展规划》的通知")),
    "a revision": (told("智能灯具安全管理办法"), put_up("关于印发《智能灯具安全管理办法（2026年修订）》的通知")),
    "no Chinese title": (told(None, english=ENGLISH), put_up(NOTICE)),
    "what repeals it": (told("智能灯具网络销售管理办法"), put_up("关于废止《智能灯具网络销售管理办法》的决定")),
    "who does what of it": (told("智能灯具场景培育实施意见"), put_up("关于印发《智能灯具场景培育实施意见》任务分工方案的通知")),
    "what was said of it": (told("智能灯具数据安全条例"), put_up("关于《智能灯具数据安全条例》公开征求意见情况的反馈")),
    "four put out together": (told("智能灯具注册审查指导原则"), put_up("关于发布《智能灯具注册审查指导原则》等四项指导原则的通告")),
    "two put out together": (told("智能灯具注册审查指导原则"), put_up("关于印发《智能灯具注册审查指导原则》《路灯注册审查指导原则》的通知")),
    "in English": (told("智能灯具发展专项行动方案"), put_up("《智能灯具发展专项行动方案》（英文版）")),
    "a second round": (told("智能灯具数据安全管理办法（二次征求意见稿）"), put_up(f"关于公开征求{RULES}意见的通知")),
    "asked once more": (told(RULES), put_up(f"关于再次公开征求{RULES}意见的通知")),
    "a city's": (told("智能灯具高质量发展行动方案", DAY, "MIIT"), put_up("灯城市人民政府关于印发《智能灯具高质量发展行动方案》的通知")),
    "a ministry's, told as a city's": (told("灯城市人民政府关于印发《智能灯具高质量发展行动方案》的通知"), put_up("智能灯具高质量发展行动方案", body="MIIT")),
    "last month's list": (told("智能灯具审批信息公示名单"), put_up("智能灯具审批信息公示名单", DAY - timedelta(days=30))),
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    state = tmp_path_factory.mktemp("told")
    with Store(f"sqlite:///{state}/watcher.db", state) as opened:
        opened.db.upgrade()
        yield opened


@pytest.fixture
def emptied(house: Store) -> Store:
    """One store for the table, swept between its rows: to make one takes longer than a test."""
    with house.db.write() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(table.delete())
    return house


@pytest.mark.parametrize(
    ("brief", "paper", "one"),
    [
        *(pytest.param(*pair, True, id=name) for name, pair in TOGETHER.items()),
        *(pytest.param(*pair, False, id=name) for name, pair in APART.items()),
    ],
)
class TestOnePaperOrTwo:
    def test_the_paper_came_first(
        self, emptied: Store, brief: Item, paper: Item, one: bool
    ) -> None:
        store = emptied
        for source_id in ("ministry", "brief"):
            arrive(store, source_id)
        arrive(store, "ministry", paper, hours=2)
        arrive(store, "brief", brief, hours=2)
        assert len(store.papers.newest()) == (1 if one else 2)
        assert len(owed(store)) == (1 if one else 2)
        (newest, *_) = store.papers.newest()
        assert len(store.papers.sightings(newest.document.id)) == (2 if one else 1)

    def test_the_brief_came_first(
        self, emptied: Store, brief: Item, paper: Item, one: bool
    ) -> None:
        store = emptied
        arrive(store, "brief")
        arrive(store, "brief", brief, hours=2)
        (listed,) = store.papers.newest()
        with store.db.write() as tx:
            made = document_of_row("ministry", paper)
            assert told_before(tx, "ministry", made, news=True) == (
                listed.document.id if one else None
            )


def test_what_a_silent_baseline_told_is_still_news(store: Store) -> None:
    """Nobody has heard of what stood in the first issue that was read."""
    arrive(store, "brief", told(NOTICE))
    made = document_of_row("ministry", put_up(NOTICE))
    with store.db.write() as tx:
        assert told_before(tx, "ministry", made, news=True) is None
        assert told_before(tx, "ministry", made, news=False) is not None


def test_the_ministrys_paper_takes_over(store: Store) -> None:
    """Its title, its page and its source; what the brief called it and its deadline stay."""
    arrive(store, "brief")
    item = replace(told(RULES, english=ENGLISH), deadline=date(2026, 11, 30))
    arrive(store, "brief", item, hours=2)
    row = put_up(CALL)
    arrival = arrival_of("ministry", row, first=False, read_at=after(hours=3))
    with store.db.write() as tx:
        known = told_before(tx, "ministry", arrival.paper.document, news=True)
        assert known is not None
        take_over(tx, store.db, known, arrival, after(hours=3), None)
    paper = store.papers.get([known])[known]
    assert (paper.title, paper.url, paper.source_id) == (CALL, row.url, "ministry")
    assert paper.section is None
    assert paper.aka == (RULES, ENGLISH)
    assert paper.facts.deadline == date(2026, 11, 30)
    assert [version.title for version in store.papers.versions(known)] == [item.title, CALL]
    (due,) = store.papers.claim_due(["ministry"], after(hours=3), 10)
    assert due.document.id == known
    # the next brief that names it, by either name, tells of the same paper
    for source_id, again in (("two", told(CALL)), ("three", told(None, english=ENGLISH))):
        arrive(store, source_id)
        stage = replace(again, stage=Stage.DRAFT)
        assert arrive(store, source_id, stage, hours=4) == 0


def test_its_own_title_may_concern_others(store: Store) -> None:
    """The brief's English words told the lawyers; the ministry's Chinese title tells others, too."""
    arrive(store, "brief")
    arrive(store, "brief", told(NOTICE), hours=2)
    arrive(store, "ministry")
    arrival = arrival_of("ministry", put_up(NOTICE), first=False)
    both = replace(arrival.paper, notifications=(notice_to(LAW, MAIL),))
    for hours in (3, 4):  # and each of them once
        state = claim(store, "ministry", after(hours=hours))
        store.record.visit(
            Visit(
                state=state,
                at=after(hours=hours),
                next_poll_at=after(hours=hours),
                validators=state.validators,
                fingerprint="",
                definition="",
                row_counts=(),
                snapshot=None,
                arrivals=(replace(arrival, paper=both),),
            )
        )
    assert owed(store) == [f"owed {LAW} {NOTICE}", f"owed {MAIL} {NOTICE}"]


def test_a_briefs_names_join_a_known_paper(store: Store) -> None:
    arrive(store, "ministry")
    arrive(store, "ministry", put_up(NOTICE), hours=2)
    (listed,) = store.papers.newest()
    for _ in range(2):  # told again, nothing is told twice
        with store.db.write() as tx:
            item = told(NOTICE, english=ENGLISH)
            join(tx, store.db, listed.document.id, document_of_row("brief", item))
    (paper,) = store.papers.get([listed.document.id]).values()
    assert (paper.title, paper.aka) == (NOTICE, (ENGLISH,))
    arrive(store, "two")
    assert arrive(store, "two", told(None, english=ENGLISH), hours=3) == 0


def test_two_briefs_of_one_paper(store: Store) -> None:
    """By the English title alone, where a brief prints no other."""
    for source_id in ("one", "two"):
        arrive(store, source_id)
    arrive(store, "one", told(NOTICE, english=ENGLISH), hours=2)
    assert arrive(store, "two", told(None, english=ENGLISH.upper()), hours=2) == 0
    assert arrive(store, "two", told(None, english="Smart Lamps (2026-2028)"), hours=3) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(told("路灯产业高质量发展行动计划（2026—2028年）", english=ENGLISH), id="of another Chinese title"),
        pytest.param(told(None, DAY - timedelta(days=30), english=ENGLISH), id="of another month"),
        pytest.param(told(None, DAY, "MOT", english=ENGLISH), id="of another ministry"),
    ],
)  # fmt: skip
def test_an_english_title_is_shared(store: Store, other: Item) -> None:
    for source_id in ("one", "two"):
        arrive(store, source_id)
    arrive(store, "one", told(NOTICE, DAY, "MIIT", english=ENGLISH), hours=2)
    assert arrive(store, "two", other, hours=3) == 1


def test_of_a_notice_that_comes_again_the_nearest_is_meant(store: Store) -> None:
    arrive(store, "ministry")
    days = [DAY - timedelta(days=20), DAY - timedelta(days=2)]
    title = "工业和信息化部关于开展智能灯具安全检查工作的通知"
    rows = [
        replace(put_up(title, day), key=f"k{day}", url=f"https://x.example/{day}") for day in days
    ]
    arrive(store, "ministry", *rows, hours=2)
    arrive(store, "brief")
    arrive(store, "brief", told(title), hours=2)
    (meant,) = [
        listed.document
        for listed in store.papers.newest()
        if len(store.papers.sightings(listed.document.id)) == 2
    ]
    assert meant.published == days[1]


def test_two_items_of_one_brief_are_two_papers(store: Store) -> None:
    arrive(store, "brief")
    rows = told(NOTICE), replace(told(NOTICE), key="another", url="https://brief.example/9#another")
    assert arrive(store, "brief", *rows, hours=2) == 2
