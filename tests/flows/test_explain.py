"""Why a paper is what it is said to be, and what became of each subscription's alert."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.flows.house import ARTICLES, CONSOLE, DRAFT, FINAL, OLD, House, document, listing, paper
from watcher.classify import load_rules
from watcher.correct import Label
from watcher.explain import explain
from watcher.model import Citation, Document, PolicyTarget
from watcher.render.explain import Explanation, explanation_lines
from watcher.settings import Subscription, Target, Team
from watcher.store import schema as t

FINALS = Subscription(id="finals", stages=("final",))


def why(home: House, title: str = DRAFT[1], *teams: Team) -> Explanation:
    store, config = home.parts.store, home.parts.config
    (listed,) = store.papers.newest(ids=[document(home, title)])
    return explain(store, config, load_rules(), listed, teams or config.teams, home.clock.now())


def lines(explanation: Explanation, width: int = 200) -> list[str]:
    return [" ".join(line.split()) for line in explanation_lines(explanation, "UTC", width)]


def team(home: House, *subscriptions: Subscription, to: tuple[Target, ...] = (CONSOLE,)) -> Team:
    return replace(home.parts.config.teams[0], subscriptions=subscriptions, to=to)


def arrive(home: House) -> None:
    home.site.routes["/list.html"] = listing(DRAFT, *OLD)
    home.poll(minutes=30)
    home.read()


def hold(home: House) -> None:
    home.parts.store.sources.hold("lamps", "a redesign", home.clock.now())
    arrive(home)


def arrive_and_tell(home: House) -> None:
    arrive(home)
    home.deliver(minutes=16)


def arrive_and_bury(home: House) -> None:
    arrive(home)
    home.parts.store.outbox.bury_all(CONSOLE, "the channel is gone", home.clock.now())


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (arrive, "law / all hears: due 2026-11-02 02:30 CET at -"),
        (arrive_and_tell, "law / all heard: sent 2026-11-02 02:46 CET to - (written to console:-)"),
        (hold, "law / all held: an operator must release it before - hears"),
        (arrive_and_bury, "law / all not delivered to -: the channel is gone"),
    ],
)
def test_what_became_of_an_alert(home: House, happens: Callable[[House], None], says: str) -> None:
    happens(home)
    (told,) = [line for line in lines(why(home)) if line.startswith("law / all")]
    assert told.startswith(says)
    assert "because Law / all: all sectors; 数据安全 in the title" in told


@pytest.mark.parametrize(
    ("subscription", "to", "says"),
    [
        (FINALS, (CONSOLE,), "not: stage draft_for_comments is not among [final]"),
        (Subscription(id="s"), (), "not: the team has no target to be told at"),
        (Subscription(id="s"), (CONSOLE,), "not: console:- was told for law / all"),
        (
            Subscription(id="s", sectors=("data-security",)),
            (Target(kind="slack", address="#new"),),
            "not: it is wanted now (数据安全 in the title), and was not when it arrived on 2026-11-02",
        ),
    ],
)
def test_why_a_subscription_was_told_nothing(
    home: House, subscription: Subscription, to: tuple[Target, ...], says: str
) -> None:
    arrive_and_tell(home)
    hears = team(home, subscription, to=to)
    assert lines(why(home, DRAFT[1], hears))[-1] == f"law / {subscription.id} {says}"


def test_the_first_visit_was_silent(home: House) -> None:
    found = lines(why(home, OLD[0][1], team(home, Subscription(id="s"))))
    assert found[-1] == (
        "law / s not: it stood on the first visit to lamps, which is silent; "
        "wanted: everything; outside all sectors"
    )


def test_one_alert_that_tells_for_two_subscriptions_is_both_ones(home: House) -> None:
    config = home.parts.config
    both = team(home, Subscription(id="all"), Subscription(id="data", sectors=("data-security",)))
    understanding = replace(home.parts.poller.understanding, teams=(both,))
    home.parts = replace(
        home.parts,
        config=replace(config, teams=(both,)),
        poller=replace(home.parts.poller, understanding=understanding),
        follower=replace(home.parts.follower, understanding=understanding),
    )
    arrive_and_tell(home)
    assert [each.heard for each in why(home, DRAFT[1], both).teams] == [True, True]


def test_a_paper_it_is_linked_to(home: House) -> None:
    arrive(home)
    home.site.routes["/list.html"] = listing(FINAL, DRAFT, *OLD, day="2026-11-20")
    home.site.routes[FINAL[0]] = paper(FINAL[1], *ARTICLES, day="2026-11-20")
    home.poll(minutes=30)
    home.read()
    found = why(home, FINAL[1])
    (link,) = found.links
    assert (link["other"], link["title"]) == (document(home, DRAFT[1]), DRAFT[1])
    assert any(line.startswith(f"linked draft: paper {link['other']}") for line in lines(found))


def test_papers_it_cites_are_named_by_number_where_they_are_known(home: House) -> None:
    old = OLD[0][1].partition("《")[2].partition("》")[0]
    cites = (
        Citation(title=old, relation="replaces", doc_number="灯发〔2020〕1号"),
        Citation(title="灯塔法", relation="basis"),
    )
    target = PolicyTarget(quantity="路灯", value=(5, 7.5), unit="万盏", by_year=2027)

    def conclude(known: Document) -> Document:
        facts = replace(known.facts, cites=cites, targets=(target,), companies=("光明灯具",))
        return replace(known, facts=facts)

    arrive(home)
    home.parts.store.history.conclude_again("other", conclude, home.clock.now())
    found = why(home)
    assert found.outdated
    assert [each.known_as for each in found.cites] == [(document(home, OLD[0][1]),), ()]
    said = lines(found)
    assert f"replaces 《{old}》 (灯发〔2020〕1号) — paper {document(home, OLD[0][1])}" in said
    assert {"basis 《灯塔法》", "target 路灯: 5–7.5 万盏 by 2027", "company 光明灯具"} <= set(said)


def test_corrections_stand_beside_what_rules_say(home: House) -> None:
    arrive(home)
    id_ = document(home, DRAFT[1])
    for field, value in {"sector": "energy", "stage": "final"}.items():
        home.parts.store.labels.add(
            Label(
                document_id=id_,
                field=field,
                value=value,
                by="anna",
                at=home.clock.now(),
                note="so it is",
            )
        )
    found = why(home)
    rules = {each.label.field: each.rules for each in found.corrections}
    assert rules["sector"].startswith("data-security 0.")
    assert rules["stage"] == "draft_for_comments"
    said = lines(found)
    assert (
        f"sector rules said {rules['sector']}; corrected by anna on 2 Nov 2026: energy (so it is)"
        in said
    )
    assert (
        "label stage: rules said draft_for_comments; corrected by anna on 2 Nov 2026: "
        "final (so it is)"
    ) in said
    assert any(line.startswith("rules said data-security 0.") for line in said)


def test_a_paper_that_turned_out_to_be_another_waits_for_no_reading(home: House) -> None:
    arrive(home)
    store = home.parts.store
    id_ = document(home, DRAFT[1])
    store.labels.add(
        Label(document_id=1, field="sector", value="energy", by="anna", at=home.clock.now())
    )
    with store.db.write() as tx:
        merged = update(t.document).where(t.document.c.id == id_)
        tx.execute(merged.values(merged_into=1, rules=None))
    (listed,) = store.papers.newest(ids=[id_])
    found = explain(
        store, home.parts.config, load_rules(), listed, home.parts.config.teams, home.clock.now()
    )
    said = lines(found)
    assert "merged this turned out to be paper 1" in said
    assert not any("yet to be read again" in line for line in said)
    assert [each.label.value for each in found.corrections] == ["energy"]


def test_every_place_says_what_it_quotes(home: House) -> None:
    arrive(home)
    found = why(home)
    fields = {
        "title": found.document.title,
        "text": found.document.text,
        "notice": found.document.notice,
    }
    places = [
        *(place for fact in found.facts for place in fact.places),
        *(place for close in found.close for place in close.places),
    ]
    assert places
    assert all(fields[p.field][p.start : p.end] == p.words for p in places)
    assert {"stage", "deadline"} <= {fact.name for fact in found.facts}
