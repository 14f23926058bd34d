"""Links through the store: renamed finals months later, what people say of links, lineages, drafts that wait."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.store.samples import NOW, after, claim
from watcher import reread
from watcher.classify import load_rules
from watcher.clock import Clock
from watcher.errors import StoreError
from watcher.link import index, near
from watcher.link.likeness import sketch
from watcher.model import (
    Attachment,
    ChangeKind,
    Citation,
    Classification,
    Document,
    Facts,
    Item,
    Stage,
    Validators,
)
from watcher.store import Store
from watcher.store.findings import Arrival, Visit
from watcher.understand import Understanding

DAY = date(2027, 1, 10)
DAYS = timedelta(days=600)
LAMPS = "智能灯具数据安全管理办法"
BODY = "".join(
    f"第{n}条　灯具企业应当在第{n * 7}日前报送灯具数据，违者罚款{n * 13}元。" for n in range(1, 60)
)
OTHER = "".join(
    f"第{n}条　渔船每年{n * 3}次检修锚链和缆绳，费用{n * 17}元由船东承担。" for n in range(1, 60)
)


def document_(
    word: str,
    title: str,
    days: int,
    stage: Stage | None = None,
    cites: tuple[Citation, ...] = (),
    body: str = "",
    number: str | None = None,
    files: tuple[str, ...] = (),
) -> Document:
    url = f"https://x.example/{word}"
    return Document(
        id=0,
        source_id="lamps",
        url=url,
        title=title,
        facts=Facts(stage=stage, bodies=("MIIT",), cites=cites, doc_number=number),
        classification=Classification(),
        published=DAY + timedelta(days=days),
        text=body,
        attachments=tuple(Attachment(url=f"{url}/{name}", name=name) for name in files),
    )


@dataclass
class Desk:
    """Papers arrive one visit at a time, understood as a poll would understand them."""

    store: Store
    ids: dict[str, int] = field(default_factory=dict)

    def arrives(
        self,
        word: str,
        title: str,
        days: int,
        stage: Stage | None = None,
        cites: tuple[Citation, ...] = (),
        body: str = "",
        number: str | None = None,
        files: tuple[str, ...] = (),
    ) -> int:
        document = document_(word, title, days, stage, cites, body, number, files)
        (id_,) = self.come({word: document}, days)
        return id_

    def come(self, documents: dict[str, Document], days: int) -> list[int]:
        """Papers that stand on the list together for the first time; the first is recorded first."""
        understanding = Understanding(self.store, load_rules(None), ())
        beside = understanding.together(list(documents.values()))
        arrivals = []
        for document in documents.values():
            paper = understanding.paper(document, ChangeKind.NEW, NOW, silent=True, beside=beside)
            url, title = document.url or "", document.title
            item = Item(key=url, url=url, title=title, published=document.published)
            arrivals.append(Arrival(item=item, paper=paper, next_read_at=None, news=False))
        now = after(days=days)
        done = self.store.record.visit(
            Visit(
                state=claim(self.store, now=now),
                at=now,
                next_poll_at=now + timedelta(minutes=30),
                validators=Validators(),
                fingerprint=str(days),
                definition="",
                row_counts=(1,),
                snapshot=None,
                arrivals=tuple(arrivals),
            )
        )
        assert done is not None
        self.store.record.tie(understanding.ties([one.paper for one in arrivals]), now)
        last = max(listed.document.id for listed in self.store.papers.newest(limit=500))
        ids = range(last - len(documents) + 1, last + 1)
        self.ids |= dict(zip(documents, ids, strict=True))
        return list(ids)

    def draft(self, name: str = LAMPS, days: int = 0, word: str = "draft", body: str = "") -> int:
        title = f"关于公开征求《{name}（征求意见稿）》意见的通知"
        return self.arrives(word, title, days, Stage.DRAFT, body=body)

    def final(self, name: str = LAMPS, days: int = 300, word: str = "final", body: str = "") -> int:
        title = f"灯具局关于印发《{name}》的通知"
        return self.arrives(word, title, days, Stage.FINAL, body=body)

    def state(self, draft: int, final: int) -> str | None:
        for link in self.store.links.of([draft]):
            if (link.draft, link.final) == (str(draft), str(final)):
                return link.state
        return None


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


# ---------------------------------------------------------------- found months later


@pytest.mark.parametrize(
    ("issued", "state"),
    [
        (LAMPS, "linked"),
        ("智能灯具数据安全管理规定", "linked"),
        ("智能灯具数据安全管理暂行办法", "linked"),
        ("智能灯具及其数据安全管理办法", "linked"),
        ("智能灯具重要数据安全管理办法", "linked"),
        ("国家智能灯具数据安全管理办法", "linked"),
        ("汽车智能灯具数据安全管理办法", None),
        ("智能灯具数据安全管理办法实施细则", None),
        ("智能灯具采购管理办法", None),
    ],
)
@pytest.mark.parametrize("first", ["draft", "final"])
def test_a_renamed_final_is_found_whichever_comes_first(
    desk: Desk, issued: str, state: str | None, first: str
) -> None:
    """A list of finals may be watched before the list of drafts is."""
    if first == "draft":
        draft, final = desk.draft(), desk.final(issued)
    else:
        final, draft = desk.final(issued), desk.draft()
    assert desk.state(draft, final) == state


@pytest.mark.parametrize(("body", "state"), [(BODY, "linked"), (OTHER, None), ("", None)])
def test_the_text_decides_where_names_are_alike(desk: Desk, body: str, state: str | None) -> None:
    draft = desk.draft("大型灯具数据处理者管理办法", body=BODY)
    assert desk.state(draft, desk.final("小型灯具数据处理者管理办法", body=body)) == state


def test_the_texts_of_known_papers_are_not_taken_apart_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their prints stand in the store: an arrival costs its own, however many it is compared with."""
    draft = desk.draft("灯具数据安全评估要点", body=BODY)
    assert desk.store.links.prints([draft]) == {draft: sketch(BODY)}
    taken: list[str] = []

    def noted(text: str) -> frozenset[str]:
        taken.append(text)
        return sketch(text)

    monkeypatch.setattr(index, "sketch", noted)
    final = desk.final("光源远程服务器操作指引", body=BODY + "第九十九条　本指引自公布之日起施行。")
    assert desk.state(draft, final) == "linked"
    assert taken
    assert all("第九十九条" in text for text in taken)


def test_of_two_batches_each_draft_has_its_own_final(desk: Desk) -> None:
    one = desk.draft("灯具目录", 0, "one", BODY)
    two = desk.draft("灯具目录", 5, "two", OTHER)
    first = desk.final("灯具目录（第一批）", 100, "first", OTHER)
    second = desk.final("灯具目录（第二批）", 200, "second", BODY)
    assert desk.state(two, first) == "linked"
    assert desk.state(one, second) in ("linked", "suggested")
    assert desk.state(one, first) != "linked"


@pytest.mark.parametrize(("many", "found"), [(40, 40), (41, 0)])
def test_a_key_that_too_many_share_says_nothing(desk: Desk, many: int, found: int) -> None:
    for n in range(many):
        rest = "".join(chr(0x4E00 + n * 7 + k) for k in (0, 1, 2, 3, 4))
        desk.arrives(f"p{n}", f"灯具光源管{rest}办法", n)
    asked = near("灯具光源管杆件远程器办法")
    assert len(desk.store.links.candidates((), asked)) == found


def issued(name: str, word: str, days: int = 300, body: str = "") -> Document:
    return document_(word, f"灯具局关于印发《{name}》的通知", days, Stage.FINAL, body=body)


@pytest.mark.parametrize("first", ["near", "exact"])
def test_of_two_finals_in_one_visit_the_better_is_linked(desk: Desk, first: str) -> None:
    draft = desk.draft()
    both = {
        "near": issued("智能灯具重要数据安全管理办法", "near"),
        "exact": issued(LAMPS, "exact"),
    }
    desk.come({word: both[word] for word in sorted(both, key=lambda word: word != first)}, 300)
    assert desk.state(draft, desk.ids["exact"]) == "linked"
    assert desk.state(draft, desk.ids["near"]) is None


def test_of_two_as_good_one_is_linked(desk: Desk) -> None:
    draft = desk.draft()
    words = ("智能灯具重要数据安全管理办法", "智能灯具一般数据安全管理办法")
    ids = desk.come({word: issued(word, str(n)) for n, word in enumerate(words)}, 300)
    assert [desk.state(draft, id_) for id_ in ids] == ["linked", None]


def test_a_draft_and_its_final_may_stand_on_the_list_from_the_start(desk: Desk) -> None:
    asked = document_("d", f"关于公开征求《{LAMPS}（征求意见稿）》意见的通知", 0, Stage.DRAFT)
    draft, near_, exact = desk.come(
        {
            "d": asked,
            "near": issued("智能灯具重要数据安全管理办法", "near"),
            "exact": issued(LAMPS, "exact"),
        },
        300,
    )
    assert (desk.state(draft, exact), desk.state(draft, near_)) == ("linked", None)


def test_several_finals_in_one_visit_are_each_of_its_own_draft(desk: Desk) -> None:
    names = ("路灯管理办法", "台灯管理办法")
    title = "关于公开征求《路灯管理办法》等2项规章意见的通知"
    files = tuple(f"{name}（征求意见稿）.docx" for name in names)
    notice = desk.arrives("notice", title, 0, Stage.DRAFT, files=files)
    ids = desk.come({name: issued(name, name) for name in names}, 300)
    assert [desk.state(notice, id_) for id_ in ids] == ["linked", "linked"]


@pytest.mark.parametrize(("body", "state"), [(BODY, "linked"), (OTHER, None)])
def test_a_final_with_another_name_is_found_by_its_text(
    desk: Desk, body: str, state: str | None
) -> None:
    draft = desk.draft("冰雪器材检测机构监督检查办法", body=BODY)
    assert desk.state(draft, desk.final("冬季运动用品质量抽查细则", body=body)) == state


# ---------------------------------------------------------------- what people say


def decide(desk: Desk, draft: int, final: int, state: str, **more: str) -> None:
    desk.store.links.decide(draft, final, state, by="anna", at=after(days=900), **more)


def test_a_better_final_is_proposed_not_swapped(desk: Desk) -> None:
    draft = desk.draft()
    near_ = desk.final("智能灯具重要数据安全管理办法", 200, "near")
    assert desk.state(draft, near_) == "linked"
    exact = desk.final(LAMPS, 300, "exact")
    assert desk.state(draft, near_) == "linked"
    assert desk.state(draft, exact) == "suggested"
    (tie,) = desk.store.links.listed(state="suggested")
    assert f"the draft is linked to {near_} already" in tie.link.evidence


def test_where_people_confirmed_nothing_else_is_proposed(desk: Desk) -> None:
    draft = desk.draft()
    near_ = desk.final("智能灯具重要数据安全管理办法", 200, "near")
    decide(desk, draft, near_, "confirmed")
    exact = desk.final(LAMPS, 300, "exact")
    assert desk.state(draft, exact) is None
    assert desk.state(draft, near_) == "confirmed"


def test_a_rejected_pair_gives_way_to_the_next_best(desk: Desk) -> None:
    draft = desk.draft()
    wrong = desk.final(LAMPS, 200, "wrong")
    decide(desk, draft, wrong, "rejected", note="another paper")
    right = desk.final("智能灯具重要数据安全管理办法", 300, "right")
    assert desk.state(draft, wrong) == "rejected"
    assert desk.state(draft, right) == "linked"


@pytest.mark.parametrize("state", ["confirmed", "rejected"])
def test_a_decision_is_recorded_and_readings_never_undo_it(desk: Desk, state: str) -> None:
    draft, final = desk.draft(), desk.final()
    decide(desk, draft, final, state, note="seen both")
    known = desk.store.papers.get([final])[final]
    understanding = Understanding(desk.store, load_rules(None), ())
    again = understanding.paper(known, ChangeKind.MODIFIED, after(days=901), silent=True)
    desk.store.record.tie(again.links, after(days=901))
    assert desk.state(draft, final) == state
    assert bool(again.links) is (state == "confirmed")
    (said,) = desk.store.links.decisions(final)
    assert (said.state, said.was, said.by, said.note) == (state, "linked", "anna", "seen both")
    assert said.at == after(days=900)


def test_a_mind_may_change_and_both_words_are_kept(desk: Desk) -> None:
    draft, final = desk.draft(), desk.final()
    decide(desk, draft, final, "rejected")
    decide(desk, draft, final, "confirmed")
    said = desk.store.links.decisions(draft)
    assert [(one.was, one.state) for one in said] == [
        ("linked", "rejected"),
        ("rejected", "confirmed"),
    ]


@pytest.mark.parametrize(("other", "kind"), [("final", "final"), ("draft", "round")])
def test_people_may_link_what_rules_did_not_find(desk: Desk, other: str, kind: str) -> None:
    draft = desk.draft()
    second = getattr(desk, other)("渔船检修规则", 300, "second")
    assert desk.state(draft, second) is None
    decide(desk, draft, second, "confirmed")
    (link,) = desk.store.links.of([draft])
    assert (link.state, link.kind) == ("confirmed", kind)


@pytest.mark.parametrize("pair", [(1, 99), (99, 1), (1, 1)])
def test_a_decision_needs_two_known_papers(desk: Desk, pair: tuple[int, int]) -> None:
    desk.draft()
    with pytest.raises(StoreError):
        decide(desk, *pair, "confirmed")
    assert desk.store.links.decisions(1) == []


# ---------------------------------------------------------------- lineages


def cite(relation: str, name: str = LAMPS, number: str | None = None) -> tuple[Citation, ...]:
    return (Citation(title=name, relation=relation, doc_number=number),)


def test_a_lineage_from_rounds_to_repeal(desk: Desk) -> None:
    desk.draft()
    again = f"关于《{LAMPS}（征求意见稿）》再次公开征求意见的通知"
    desk.arrives("second", again, 200, Stage.DRAFT)
    desk.final(days=400)
    desk.arrives("words", f"《{LAMPS}》解读", 401, Stage.INTERPRETATION, cite("explains"))
    desk.arrives("bare", f"{LAMPS}政策解读", 402, Stage.INTERPRETATION)
    changes = f"关于修改《{LAMPS}》的决定"
    desk.arrives("amends", changes, 800, Stage.FINAL, cite("amends"))
    desk.arrives("repeals", f"关于废止《{LAMPS}》的决定", 1200, Stage.FINAL, cite("repeals"))
    desk.arrives("noise", "渔船检修规则", 500, Stage.FINAL, cite("cites"))
    expected = [
        ("draft", "draft"),
        ("second", "round"),
        ("final", "final"),
        ("words", "interpretation"),
        ("bare", "interpretation"),
        ("amends", "amendment"),
        ("repeals", "repeal"),
    ]
    words = {id_: word for word, id_ in desk.ids.items()}
    for asked in ("draft", "second", "final", "words", "bare"):
        steps = desk.store.links.lineage(desk.ids[asked])
        assert [(words[s.document.id], s.role) for s in steps] == expected
        assert {s.state for s in steps} <= {"asked", "linked", "cited"}


def test_an_interpretation_is_of_the_edition_before_it(desk: Desk) -> None:
    old = desk.final(days=0, word="old")
    new = desk.final(days=900, word="new")
    note = desk.arrives("note", f"《{LAMPS}》解读", 898, Stage.INTERPRETATION, cite("explains"))
    assert {s.document.id for s in desk.store.links.lineage(new)} == {new, note}
    assert {s.document.id for s in desk.store.links.lineage(old)} == {old}


def test_a_number_says_which_edition_is_repealed(desk: Desk) -> None:
    old = desk.arrives(
        "old", f"关于印发《{LAMPS}》的通知", 0, Stage.FINAL, number="灯规〔2027〕7号"
    )
    mid = desk.arrives(
        "mid", f"关于印发《{LAMPS}》的通知", 400, Stage.FINAL, number="灯规〔2028〕9号"
    )
    new = desk.arrives(
        "new",
        f"关于印发《{LAMPS}》的通知",
        900,
        Stage.FINAL,
        cite("repeals", number="灯规〔2027〕7号"),
        number="灯规〔2029〕3号",
    )
    assert [(s.document.id, s.role) for s in desk.store.links.lineage(new)] == [
        (old, "predecessor"),
        (new, "final"),
    ]
    assert [(s.document.id, s.role) for s in desk.store.links.lineage(old)] == [
        (old, "final"),
        (new, "repeal"),
    ]
    assert [s.document.id for s in desk.store.links.lineage(mid)] == [mid]


def test_a_final_of_a_notice_of_several_has_its_own_drafts_only(desk: Desk) -> None:
    title = "关于公开征求《路灯管理办法（征求意见稿）》《台灯管理办法（征求意见稿）》意见的通知"
    notice = desk.arrives("notice", title, 0, Stage.DRAFT)
    street, desk_lamp = desk.final("路灯管理办法", 200, "a"), desk.final("台灯管理办法", 300, "b")
    assert [s.document.id for s in desk.store.links.lineage(street)] == [notice, street]
    steps = desk.store.links.lineage(notice)
    assert [s.document.id for s in steps] == [notice, street, desk_lamp]


# ---------------------------------------------------------------- waiting


def test_drafts_that_wait_for_a_final(desk: Desk) -> None:
    desk.draft("路灯管理办法", 0, "alone")
    desk.draft("台灯管理办法", 1, "done")
    desk.final("台灯管理办法", 200, "its final")
    desk.draft("吊灯管理办法", 2, "withdrawn")
    desk.arrives("note", "关于撤回《吊灯管理办法（征求意见稿）》的公告", 100)
    desk.draft("壁灯管理办法", 3, "first round")
    again = "关于《壁灯管理办法（征求意见稿）》再次公开征求意见的通知"
    desk.arrives("second round", again, 200, Stage.DRAFT)
    desk.draft("顶灯管理办法", 4, "rejected")
    decide(desk, desk.ids["rejected"], desk.final("顶灯管理办法", 300, "no final"), "rejected")
    desk.draft("夜灯管理办法", 390, "young")

    words = {id_: word for word, id_ in desk.ids.items()}
    found = desk.store.links.waiting(DAY + timedelta(days=380))
    assert [words[one.document.id] for one in found] == ["alone", "rejected", "second round"]
    assert desk.store.links.waiting(DAY) == []
    assert len(desk.store.links.waiting(DAY + timedelta(days=380), limit=2)) == 2


def test_what_is_only_suggested_is_no_final(desk: Desk) -> None:
    draft = desk.draft()
    late = desk.final(days=1900)
    assert desk.state(draft, late) == "suggested"
    (waits,) = desk.store.links.waiting(DAY + timedelta(days=900))
    assert (waits.document.id, waits.suggested) == (draft, (late,))


NOTICE = "关于公开征求《路灯管理办法》等3项规章意见的通知"
FILES = tuple(f"{name}管理办法（征求意见稿）.docx" for name in ("路灯", "台灯", "吊灯"))


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ((), None),
        (("路灯",), ("台灯管理办法", "吊灯管理办法")),
        (("路灯", "吊灯"), ("台灯管理办法",)),
        (("路灯", "台灯", "吊灯"), ()),
    ],
)
def test_a_notice_of_several_waits_until_each_has_its_final(
    desk: Desk, came: tuple[str, ...], left: tuple[str, ...] | None
) -> None:
    notice = desk.arrives("notice", NOTICE, 0, Stage.DRAFT, files=FILES)
    for n, name in enumerate(came):
        desk.final(f"{name}管理办法", 100 + n, name)
    found = [(one.document.id, one.names) for one in desk.store.links.waiting(DAY + DAYS)]
    assert found == ([] if left == () else [(notice, left or ())])


def test_a_final_of_another_name_stands_for_one_of_several(desk: Desk) -> None:
    notice = desk.arrives("notice", NOTICE, 0, Stage.DRAFT, files=FILES)
    for n, name in enumerate(("路灯", "台灯")):
        desk.final(f"{name}管理办法", 100 + n, name)
    other = desk.final("悬挂式灯具安全规程", 200, "other")
    assert [one.names for one in desk.store.links.waiting(DAY + DAYS)] == [("吊灯管理办法",)]
    decide(desk, notice, other, "confirmed")
    assert desk.store.links.waiting(DAY + DAYS) == []


# ---------------------------------------------------------------- papers of an older store


_BEFORE_0004 = (
    *(
        f"DROP TABLE {table}"
        for table in ("attempt", "mute", "review", "interaction", "brief_edit", "listener", "team")
    ),
    "DROP TABLE subscription",
    "DROP TABLE decision",
    "DROP INDEX uq_change_mark",
    "ALTER TABLE change DROP COLUMN mark",
    "DROP INDEX ix_delivery_owed_at",
    *(
        f"ALTER TABLE delivery DROP COLUMN {column}"
        for column in ("letter", "place", "exposed", "handed")
    ),
)
"""What later migrations made, taken away again."""


def read_again(desk: Desk) -> None:
    understanding = Understanding(desk.store, load_rules(None), ())
    reread.apply(desk.store, understanding, {}, Clock())


NAMES = text("SELECT name, kind, document_id FROM name WHERE kind IN ('core', 'near', 'about')")


def test_papers_of_an_older_store_are_named_as_history_is_read_again(desk: Desk) -> None:
    draft, final = desk.draft(), desk.final("渔船检修规则", word="other")
    note = desk.arrives("note", f"《{LAMPS}》解读", 10, Stage.INTERPRETATION)
    store = desk.store
    with store.db.write() as tx:
        before = sorted(map(tuple, tx.execute(NAMES)))
        tx.execute(text("DELETE FROM name WHERE kind IN ('near', 'about')"))
        tx.execute(text("INSERT INTO name VALUES ('of older rules', 'core', 1)"))
        for undo in _BEFORE_0004:
            tx.execute(text(undo))
        tx.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    store.db.upgrade()
    read_again(desk)
    with store.db.read() as tx:
        after_ = sorted(map(tuple, tx.execute(NAMES)))
    assert after_ == before
    assert {row[2] for row in after_} == {draft, final, note}
    renamed = desk.final("智能灯具数据安全管理规定", 400, "renamed")
    assert desk.state(draft, renamed) == "linked"


def test_what_older_rules_did_not_link_is_linked_as_history_is_read_again(desk: Desk) -> None:
    draft, final = desk.draft(), desk.final()
    with desk.store.db.write() as tx:
        tx.execute(text("DELETE FROM link"))
        tx.execute(text("UPDATE document SET rules = 'older'"))
    read_again(desk)
    assert desk.state(draft, final) == "linked"
