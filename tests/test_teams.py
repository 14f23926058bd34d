"""What people may do about teams at run time, and how what they may not is refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from watcher.errors import ConfigError
from watcher.render.teams import in_words
from watcher.settings import Cadence, Config, Quiet, Subscription, Target, Team
from watcher.store import open_store
from watcher.store import schema as t
from watcher.store.teams import GENERATIONS
from watcher.teams import MATCHING, Registrar, wants_of

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TO = (Target(kind="console", address="-"),)
LAW = Team(id="law", name="Law", timezone="Europe/Berlin", to=TO, subscriptions=(Subscription(id="all"),), line=31)  # fmt: skip
EVERYONE = replace(LAW, id="everyone", name="Everyone", line=0)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Registrar]:
    config = Config(path=Path("sources.yaml"), state=tmp_path, teams=(LAW, EVERYONE))
    with open_store(config) as store:
        made = Registrar(store, config)
        made.add("made", [{"console": "-"}], "anna", NOW, name="Made")
        yield made


@pytest.mark.parametrize(
    ("does", "says"),
    [
        (lambda p, now: p.remove("everyone", "a", now), "everyone stands in"),
        (lambda p, now: p.subscribe("law", "x", {}, "a", now), "law is defined in sources.yaml:31; change it there"),
        (lambda p, now: p.unsubscribe("law", "all", "a", now), "change it there"),
        (lambda p, now: p.add("law", [{"console": "-"}], "a", now), "choose another id"),
        (lambda p, now: p.add("new", [], "a", now), "to: name a target"),
        (lambda p, now: p.add("new", [{"slack": "#x"}], "a", now), "needs channels.slack"),
        (lambda p, now: p.add("n w", [{"console": "-"}], "a", now), "is no id"),
        (lambda p, now: p.add("new", [{"console": "-"}], "a", now, name="Law"), "is the name of law"),
        (lambda p, now: p.remove("laws", "a", now), "no team 'laws'; nearest: law"),
        (lambda p, now: p.mute("law", "a", now, subscription="al"), "nearest: all"),
        (lambda p, now: p.mute("law", "a", now, paper=999), "no paper 999"),
        (lambda p, now: p.unmute("law", now), "has not muted everything"),
        (lambda p, now: p.subscribe("made", "x", {"sectors": ["enrgy"]}, "a", now), "sectors[0]: no sector 'enrgy'; nearest: energy"),
        (lambda p, now: p.subscribe("made", "x", {"sector": ["energy"]}, "a", now), "did you mean 'sectors'?"),
        (lambda p, now: p.subscribe("made", "x", {"as": "brief"}, "a", now), "a brief covers a period"),
        (lambda p, now: p.subscribe("made", "x", {"when": "\x1b[2J"}, "a", now), "is no time to send"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing_and_says_why(
    people: Registrar, does: Callable[[Registrar, object], object], says: str
) -> None:
    before = people.teams.all(NOW)
    with pytest.raises(ConfigError) as caught:
        does(people, NOW)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()
    assert people.teams.all(NOW) == before


def test_a_team_is_made_and_read_back_as_it_was_said(people: Registrar) -> None:
    wants: Mapping[str, Any] = {
        "sectors": ["data-security"],
        "keywords": ["个人信息"],
        "secondary": "false",
        "min_score": "0.3",
        "when": "weekly mon 08:00",
        "days": "workdays",
        "quiet": "22:00-07:00",
        "deadlines": ["7d", "2d"],
    }
    said, new = people.subscribe("made", "weekly", wants, "anna", NOW)
    assert new
    assert said == Subscription(
        id="weekly",
        sectors=("data-security",),
        keywords=("个人信息",),
        secondary=False,
        min_score=0.3,
        when=Cadence(every="weekly", hour=8, day=0),
        days="workdays",
        quiet=Quiet(start=22 * 60, end=7 * 60),
        deadlines=(7, 2),
    )
    team = people.find("made", NOW)
    assert (team.name, team.timezone, team.to, team.made) == ("Made", "Asia/Shanghai", TO, True)
    assert team.subscriptions == (replace(said, since=NOW),)
    assert in_words(said) == (
        "sectors data-security; keywords 个人信息; secondary false; min_score 0.3; "
        "when weekly mon 08:00; days workdays; quiet 22:00-07:00; deadlines 7d, 2d"
    )
    assert not people.subscribe("made", "weekly", {}, "anna", NOW)[1]


def test_a_team_of_another_version_silences_nobody_else(people: Registrar) -> None:
    people.subscribe("made", "good", {}, "anna", NOW)
    people.subscribe("made", "bad", {}, "anna", NOW)
    people.add("broken", [{"console": "-"}], "anna", NOW)
    with people.store.db.write() as tx:
        bad = t.subscription.c.id == "bad"
        tx.execute(update(t.subscription).where(bad).values(wants={"when": "at full moon"}))
        tx.execute(update(t.team).where(t.team.c.id == "broken").values(targets=[{"pigeon": "x"}]))
    made = [team for team in people.teams.all(NOW) if team.made]
    assert [(team.id, [each.id for each in team.subscriptions]) for team in made] == [
        ("made", ["good"])
    ]


def test_a_sector_that_has_gone_silences_nobody(people: Registrar) -> None:
    people.subscribe("made", "s", {"sectors": ["energy"]}, "anna", NOW)
    with people.store.db.write() as tx:
        tx.execute(update(t.subscription).values(wants={"sectors": ["gone", "energy"]}))
    (wants,) = people.find("made", NOW).subscriptions
    assert wants.sectors == ("gone", "energy")


def test_what_was_wanted_before_is_remembered_within_bounds(people: Registrar) -> None:
    for n in range(2 * GENERATIONS):
        at = NOW + timedelta(hours=n)
        people.subscribe("made", "s", {"keywords": [f"词{n}"]}, "anna", at)
    (wants,) = people.find("made", at).subscriptions
    chain = [wants]
    while chain[-1].before is not None:
        chain.append(chain[-1].before)
    assert [each.keywords for each in chain] == [
        (f"词{n}",) for n in range(2 * GENERATIONS - 1, GENERATIONS - 1, -1)
    ]
    assert [each.since for each in chain] == [at - timedelta(hours=n) for n in range(GENERATIONS)]


@pytest.mark.parametrize("name", MATCHING)
def test_each_key_that_chooses_papers_counts(name: str) -> None:
    other: Any = {"secondary": False, "min_score": 0.5}.get(name, ("x",))
    changed = replace(Subscription(id="s"), **{name: other})
    assert wants_of(changed) != wants_of(Subscription(id="s"))


def test_a_mute_of_one_thing_is_lifted_alone(people: Registrar) -> None:
    people.mute("law", "anna", NOW)
    people.mute("law", "anna", NOW, subscription="all")
    people.unmute("law", NOW, subscription="all")
    (held,) = [m for m in people.store.teams.mutes("law") if m.holds(NOW)]
    assert held.subscription is None
