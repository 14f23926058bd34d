"""What is written after /watcher subscribe, in the keys of sources.yaml."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.classify import sector_names
from watcher.facts.bodies import BODIES
from watcher.interact.grammar import Names, parse

NAMES = Names.of(sector_names(), {code: (*body.zh, *body.en) for code, body in BODIES.items()})
DATA, DRAFT = ["data-security"], ["draft_for_comments"]


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("", {}),
        ("all", {}),
        ("everything now", {"when": "now"}),
        ("data-security", {"sectors": DATA}),
        ("Data-Security, DRAFTS", {"sectors": DATA, "stages": DRAFT}),
        ("data security and consultations", {"sectors": DATA, "stages": DRAFT}),
        ("drafts about Data governance & security", {"sectors": DATA, "stages": DRAFT}),
        ("数据治理与安全 征求意见稿", {"sectors": DATA, "stages": DRAFT}),
        ("data-security，ai-computing", {"sectors": ["data-security", "ai-computing"]}),
        ("sectors:data-security,ai-computing", {"sectors": ["data-security", "ai-computing"]}),
        ("sectors: data-security stages: draft", {"sectors": DATA, "stages": DRAFT}),
        ("sector=data-security when:daily 7:30", {"sectors": DATA, "when": "daily 07:30"}),
        ("data-security data-security", {"sectors": DATA}),
        ("MIIT finals", {"bodies": ["MIIT"], "stages": ["final"]}),
        ("工业和信息化部", {"bodies": ["MIIT"]}),
        ("daily", {"when": "daily 08:00"}),
        ("daily at 9", {"when": "daily 09:00"}),
        ("daily 9pm", {"when": "daily 21:00"}),
        ("daily 12am", {"when": "daily 00:00"}),
        ("weekly", {"when": "weekly mon 08:00"}),
        ("weekly Friday at 17.30", {"when": "weekly fri 17:30"}),
        ("monthly 3 8:00 finals", {"when": "monthly 3 08:00", "stages": ["final"]}),
        ("weekly on Monday at 9", {"when": "weekly mon 09:00"}),
        ("drafts monthly on 3 at 9", {"when": "monthly 3 09:00", "stages": DRAFT}),
        ("drafts, reminders 7 days before", {"stages": DRAFT, "deadlines": ["7d"]}),
        ("remind me 3 days before drafts", {"stages": DRAFT, "deadlines": ["3d"]}),
        ("reminders: 7d, 2d drafts", {"stages": DRAFT, "deadlines": ["7d", "2d"]}),
        ('"monday" 2027 5G', {"require": ["monday", "2027", "5G"]}),
        ("daily workdays", {"when": "daily 08:00", "days": "workdays"}),
        ("drafts remind 7d 2d", {"stages": DRAFT, "deadlines": ["7d", "2d"]}),
        ("quiet 22-7", {"quiet": "22:00-07:00"}),
        ("quiet 22:30–6:15", {"quiet": "22:30-06:15"}),
        ("稀土", {"require": ["稀土"]}),
        ("稀土 data-security", {"keywords": ["稀土"], "sectors": DATA}),
        ('"rare earth" graphite', {"require": ["rare earth", "graphite"]}),
        ("keywords:draft finals", {"require": ["draft"], "stages": ["final"]}),
        ("“data-security”", {"require": ["data-security"]}),
        ("《数据安全法》", {"require": ["数据安全法"]}),
        ("data-security without 招聘", {"sectors": DATA, "exclude": ["招聘"]}),
        ("not 招聘 except 任命", {"exclude": ["招聘", "任命"]}),
        ("please tell me about data-security", {"sectors": DATA, "keywords": ["tell"]}),
    ],
)
def test_words_are_keys(text: str, wants: dict[str, Any]) -> None:
    wish = parse(text, NAMES)
    assert (wish.wants, wish.faults) == (wants, [])


def test_a_subscription_can_be_named() -> None:
    assert parse("drafts as law-drafts", NAMES).name == "law-drafts"
    assert parse("drafts name:law-drafts", NAMES).name == "law-drafts"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("datasecurity", "nearest: data-security"),
        ("semiconductor finals", "nearest: semiconductors"),
        ("finalss", "nearest: final"),
        ("drafts without", "after 'without'"),
        ("drafts as", "after 'as'"),
        ("a " * 50, "too much"),
        ("drafts every day at 9am", "'day' says no time"),
        ("drafts every day at 9am", "'9am' says no time"),
        ("drafts on fri", "weekly mon 9:00"),
        ("drafts immediately", "'immediately' says no time"),
        ("drafts quiet 22-7 8-9", "'8-9' says no time"),
    ],
)
def test_what_is_not_clear_is_asked(text: str, fault: str) -> None:
    assert any(fault in each for each in parse(text, NAMES).faults)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from(["sectors:", ",", "，", '"', "“", "”", "8:00", "daily", "weekly", "monthly", "as", "without", "remind", "数据", ":"])).map(" ".join))  # fmt: skip
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    wish = parse(text, NAMES)
    for value in wish.wants.values():
        assert isinstance(value, str) or all(isinstance(each, str) for each in value)
