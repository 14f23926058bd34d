"""History read again under changed rules: silently, batch by batch, with readers' labels on top."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.flows.house import (
    ARTICLES,
    DEADLINE,
    DRAFT,
    FINAL,
    OLD,
    RETITLED,
    TEXT,
    House,
    document,
    house,
    kinds,
    listing,
    paper,
    rows_heard,
    source,
)
from tests.loopback import Loopback
from tests.real import ROOT
from watcher import reread
from watcher.classify import Rules, load_rules
from watcher.correct import FIELDS, UNSET, Label, value_of
from watcher.model import Document
from watcher.settings import Subscription, Team
from watcher.understand import Understanding

LAMPS_ARE_ENERGY = "sectors:\n  - code: energy\n    terms:\n      decisive: [灯具]\n"


@pytest.fixture
def changed(tmp_path: Path) -> Rules:
    """Rules under which every lamp is a matter of energy."""
    path = tmp_path / "new.yaml"
    path.write_text(LAMPS_ARE_ENERGY, encoding="utf-8")
    return load_rules(path)


def papers_of(home: House) -> list[Document]:
    return list(home.parts.store.papers.every())


def under(home: House, rules: Rules) -> Understanding:
    return Understanding(home.parts.store, rules, home.parts.config.teams)


def apply(home: House, rules: Rules, stop: threading.Event | None = None) -> reread.Reread:
    parts = home.parts
    return reread.apply(
        parts.store, under(home, rules), parts.config.sources_by_id, home.clock, stop=stop
    )


def labels_of(paper: Document) -> dict[str, str]:
    return {field: value_of(paper, field) for field in FIELDS}


def correct(home: House, id_: int, field: str, value: str) -> None:
    label = Label(document_id=id_, field=field, value=value, by="anna", at=home.clock.now())
    home.parts.store.labels.add(label)


# ---------------------------------------------------------------- applying


def test_changed_rules_relabel_history_and_tell_nobody(home: House, changed: Rules) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    told, before = rows_heard(home), kinds(home)
    done = apply(home, changed)
    assert (done.read, len(done.changed)) == (9, 9)
    assert {p.classification.primary for p in papers_of(home)} == {"energy"}
    assert (rows_heard(home), kinds(home)) == (told, before)
    draft = home.parts.store.papers.versions(document(home, DRAFT[1]))
    assert [version.cause for version in draft] == ["listed", "page", "rule"]
    assert draft[-1].text == draft[-2].text
    assert apply(home, changed) == reread.Reread(read=0, changed=())


def test_what_was_owed_is_still_told(home: House, changed: Rules) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    apply(home, changed)
    assert DRAFT[1] in home.deliver(minutes=16).replace("\n", "")


@pytest.mark.parametrize(
    ("row", "page"),
    [
        (DRAFT, paper(DRAFT[1], *TEXT)),
        (FINAL, paper(FINAL[1], *ARTICLES)),
        (FINAL, paper(FINAL[1], "工信部灯〔2026〕12号", *ARTICLES, "本办法自2027年1月1日起施行。")),
        (
            ("/doc/x.html", "关于公开征求《灯具目录》意见的公告"),
            paper(
                "关于公开征求《灯具目录》意见的公告", DEADLINE, "工业和信息化部", "2026年11月1日"
            ),
        ),
        (
            ("/doc/y.html", "智能灯具数据安全管理办法"),
            paper("智能灯具数据安全管理办法", *ARTICLES).replace(
                b"</head>",
                '<meta name="ContentSource" content="海关总署"></head>'.encode(),
            ),
        ),
    ],
    ids=["draft", "final", "numbered", "signed", "metadata"],
)
@pytest.mark.parametrize("body", [None, "MIIT"])
def test_the_same_rules_conclude_the_same_again(
    site: Loopback, tmp_path: Path, row: tuple[str, str], page: bytes, body: str | None
) -> None:
    with house(tmp_path, sources=[source(site, body=body)], site=site) as home:
        home.poll()
        site.routes |= {"/list.html": listing(row, *OLD), row[0]: page}
        home.poll(minutes=30)
        home.read()
        known = papers_of(home)
        with home.parts.store.db.write() as tx:  # as a store of an older watcher has them
            tx.exec_driver_sql("UPDATE document SET rules = NULL")
        done = apply(home, home.parts.follower.understanding.rules)
        assert (done.read, done.changed) == (9, ())
        for before, after in zip(known, papers_of(home), strict=True):
            assert after.classification == before.classification
            assert replace(after.facts, spans=()) == replace(before.facts, spans=())


def test_a_label_stays_on_top_whatever_is_read_again(home: House, changed: Rules) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    id_ = document(home, DRAFT[1])
    correct(home, id_, "sector", "materials")
    correct(home, id_, "deadline", "2026-12-24")
    apply(home, changed)
    assert labels_of(papers_of(home)[0])["sector"] == "materials"
    home.site.routes["/list.html"] = listing(RETITLED, *OLD)
    home.poll(minutes=30)
    assert labels_of(papers_of(home)[0])["sector"] == "materials"
    home.site.routes[DRAFT[0]] = paper(RETITLED[1], DEADLINE, *ARTICLES, "附则")
    assert home.read(hours=1) == 1
    now = labels_of(papers_of(home)[0])
    assert (now["sector"], now["deadline"]) == ("materials", "2026-12-24")
    assert papers_of(home)[0].title == RETITLED[1]


def test_what_is_taken_back_is_as_the_rules_in_force_say(home: House, changed: Rules) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    before = labels_of(papers_of(home)[0])
    for field, value in {
        "sector": "materials",
        "stage": "final",
        "doc_type": "plan",
        "bodies": "CAC",
        "deadline": "none",
    }.items():
        correct(home, papers_of(home)[0].id, field, value)
        correct(home, papers_of(home)[0].id, field, UNSET)
    apply(home, home.parts.follower.understanding.rules)
    assert labels_of(papers_of(home)[0]) == before
    apply(home, changed)
    assert labels_of(papers_of(home)[0]) == before | {
        "sector": "energy",
        "secondary": before["sector"],
    }


def test_a_deadline_that_rules_had_read_wrong_is_no_news_of_the_page(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    home.deliver(minutes=16)
    before = kinds(home)

    def misread(known: Document) -> Document:
        facts = replace(known.facts, deadline=date(2027, 1, 1), deadline_quote="附则")
        return replace(known, facts=facts)

    home.parts.store.history.conclude_again("older", misread, home.clock.now())
    assert home.read(hours=1) == 1
    assert kinds(home) == before
    apply(home, home.parts.follower.understanding.rules)
    assert papers_of(home)[0].facts.deadline == date(2026, 12, 2)


def test_a_paper_that_meets_a_bug_does_not_keep_the_others(
    home: House, changed: Rules, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sound = Understanding.again

    def broken(self: Understanding, paper: Document, where: object) -> Document:
        if paper.id == 3:
            raise ValueError("a bug")
        return sound(self, paper, None)

    monkeypatch.setattr(Understanding, "again", broken)
    assert len(apply(home, changed).changed) == 7
    assert "a bug in reading document 3 again" in caplog.text
    assert apply(home, changed).read == 0


def test_it_ends_between_batches_when_it_is_told_to(
    home: House, changed: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    stop.set()
    assert apply(home, changed, stop).read == 0
    monkeypatch.setattr(reread, "BATCH", 3)
    assert apply(home, changed).read == 8


KILLED = """
import os, signal, sys
from pathlib import Path
from watcher import config, reread
from watcher.classify import load_rules
from watcher.clock import Clock
from watcher.settings import Config
from watcher.store import open_store
from watcher.understand import Understanding

state, rules = map(Path, sys.argv[1:])
sound = Understanding.again

def again(self, document, source):
    if document.id == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return sound(self, document, source)

Understanding.again = again
reread.BATCH = 3
with open_store(Config(path=state, state=state)) as store:
    reread.apply(store, Understanding(store, load_rules(rules), ()), {}, Clock())
"""


def test_a_killed_process_goes_on_where_it_was(home: House, changed: Rules, tmp_path: Path) -> None:
    state = home.parts.config.state
    words = [sys.executable, "-c", KILLED, str(state), str(tmp_path / "new.yaml")]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    found = [paper.classification.primary for paper in papers_of(home)]
    assert found == ["energy"] * 6 + ["none"] * 2
    assert apply(home, changed).read == 2
    assert {paper.classification.primary for paper in papers_of(home)} == {"energy"}


# ---------------------------------------------------------------- comparing


ENERGY = Subscription(id="energy", sectors=("energy",))
DATA = Subscription(id="data", sectors=("data-security",), secondary=False)
FINALS = Subscription(id="finals", stages=("final",))


def team(home: House, *subscriptions: Subscription, name: str = "law") -> Team:
    return replace(home.parts.config.teams[0], id=name, subscriptions=subscriptions)


@pytest.fixture
def read_home(home: House) -> House:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()
    return home


@pytest.mark.parametrize(
    ("subscriptions", "more", "less"),
    [
        ((ENERGY,), ["energy"], []),
        ((DATA,), [], ["data"]),
        ((ENERGY, DATA), ["energy"], ["data"]),
        ((FINALS,), [], []),
        ((Subscription(id="all"),), [], []),
        ((), [], []),
    ],
)
def test_who_would_hear_of_a_draft_under_changed_rules(
    read_home: House,
    changed: Rules,
    subscriptions: tuple[Subscription, ...],
    more: list[str],
    less: list[str],
) -> None:
    (draft,) = (p for p in papers_of(read_home) if p.title == DRAFT[1])
    (found,) = reread.compare([draft], load_rules(), changed, [team(read_home, *subscriptions)])
    assert ([each[1] for each in found.more], [each[1] for each in found.less]) == (more, less)
    assert found.sectors_differ
    sectors = [each.classification.primary for each in (found.document, found.changed)]
    assert sectors == ["data-security", "energy"]


def test_the_same_rules_make_no_difference(read_home: House) -> None:
    teams = read_home.parts.config.teams
    assert list(reread.compare(papers_of(read_home), load_rules(), load_rules(), teams)) == []


def test_a_corrected_sector_is_not_for_rules_to_change(read_home: House, changed: Rules) -> None:
    for one in papers_of(read_home):
        for field, value in {"sector": "materials", "secondary": "none"}.items():
            correct(read_home, one.id, field, value)
    standing = read_home.parts.store.labels.standing()
    teams = [team(read_home, ENERGY, DATA)]
    assert list(reread.compare(papers_of(read_home), load_rules(), changed, teams, standing)) == []


def test_a_team_without_targets_hears_nothing(read_home: House, changed: Rules) -> None:
    deaf = replace(team(read_home, ENERGY), to=())
    found = list(reread.compare(papers_of(read_home), load_rules(), changed, [deaf]))
    assert len(found) == 9
    assert not any(each.more for each in found)


def test_comparing_writes_nothing_and_tells_nobody(read_home: House, changed: Rules) -> None:
    before = papers_of(read_home), rows_heard(read_home), kinds(read_home)
    assert list(reread.compare(papers_of(read_home), load_rules(), changed, ()))
    assert (papers_of(read_home), rows_heard(read_home), kinds(read_home)) == before
