"""Who hears of a change, and the reason they are given."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from watcher.model import (
    Change,
    ChangeKind,
    Classification,
    Document,
    Evidence,
    Facts,
    Notification,
    Stage,
)
from watcher.route import Verdict, route, why_not
from watcher.settings import Cadence, Quiet, Subscription, Target, Team

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # a Wednesday
SLACK = Target(kind="slack", address="#lamps")
MAIL = Target(kind="email", address="lamps@example.org")
DAILY = Cadence(every="daily", hour=8)


def evidence(sector: str, term: str, field: str = "title", weight: float = 1.0) -> Evidence:
    return Evidence(
        sector=sector, term=term, rule_term=term, field=field, start=0, end=len(term), weight=weight
    )


LAMPS = Document(
    id=7,
    source_id="lamp-drafts",
    url="https://www.example.gov.cn/7.html",
    title="灯具局关于公开征求《智能灯具数据管理办法（征求意见稿）》意见的通知",
    facts=Facts(stage=Stage.DRAFT, bodies=("MIIT", "CAC", "+3")),
    classification=Classification(
        primary="data-security",
        secondary=("consumer",),
        score=0.8,
        evidence=(
            evidence("data-security", "数据管理"),
            evidence("data-security", "个人信息", "text", 9.0),
            evidence("consumer", "灯具", "text"),
        ),
    ),
    text="灯具 数据处理者应当保护个人信息。\n联系邮箱：email@example.gov.cn。Smart lamps use ＡＩ models.",
)
HOLIDAY = replace(
    LAMPS,
    title="灯具局2026年国庆节放假安排",
    facts=Facts(stage=Stage.FINAL, bodies=("MIIT",)),
    classification=Classification(),
    text="",
)
SOCIAL_DRAFT = replace(
    HOLIDAY,
    title="《灯塔守护人抚恤办法（征求意见稿）》公开征求意见",
    facts=Facts(stage=Stage.DRAFT, bodies=("MCA",)),
)


def team(*subscriptions: Subscription, **but: Any) -> Team:
    usual: dict[str, Any] = {
        "id": "lamps",
        "name": "Lamps & law",
        "timezone": "Europe/Berlin",
        "to": (SLACK,),
        "subscriptions": subscriptions,
    }
    return Team(**(usual | but))


def routed(
    document: Document,
    *teams: Team,
    heard: Mapping[Target, datetime] | None = None,
    kind: ChangeKind = ChangeKind.NEW,
) -> list[Notification]:
    return route(Change(kind=kind, document=document), teams, NOW, heard=heard or {})


def why(document: Document, **wants: Any) -> str | None:
    """The reason a subscription hears of a document, without its own name."""
    told = routed(document, team(Subscription(id="s", **wants)))
    return told[0].reason.removeprefix("Lamps & law / s: ") if told else None


@pytest.mark.parametrize(
    ("wants", "reason"),
    [
        ({"sectors": ("data-security",)}, "数据管理 in the title"),
        ({"sectors": ("energy", "consumer")}, "灯具 in the text (secondary sector consumer)"),
        ({"sectors": ("consumer",), "secondary": False}, None),
        ({"sectors": ("energy",)}, None),
        ({"sectors": ("data-security",), "min_score": 0.8}, "数据管理 in the title"),
        ({"sectors": ("data-security",), "min_score": 0.9}, None),
        ({}, "all sectors; 数据管理 in the title"),
        ({"min_score": 0.9}, None),
        ({"bodies": ("CAC", "MOF")}, "all sectors; 数据管理 in the title; body CAC"),
        ({"bodies": ("MOF",)}, None),
        (
            {"sectors": ("data-security",), "stages": ("draft_for_comments", "final")},
            "数据管理 in the title; stage draft_for_comments",
        ),
        ({"stages": ("final",)}, None),
        ({"exclude": ("招聘", "征求")}, None),
        ({"exclude": ("招聘", "个人信息")}, "all sectors; 数据管理 in the title"),
        ({"sectors": ("energy",), "keywords": ("灯具",)}, "keyword 灯具 in the title"),
        ({"sectors": ("energy",), "keywords": ("稀土", "个人信息")}, "keyword 个人信息 in the text"),
        ({"sectors": ("energy",), "keywords": ("灯具数据处理者",)}, "keyword 灯具数据处理者 in the text"),
        ({"sectors": ("energy",), "keywords": ("稀土",)}, None),
        ({"sectors": ("energy",), "keywords": ("ai",)}, "keyword ai in the text"),
        ({"sectors": ("energy",), "keywords": ("mail",)}, None),
        ({"sectors": ("energy",), "keywords": ("Smart Lamps",)}, "keyword Smart Lamps in the text"),
        ({"sectors": ("energy",), "keywords": ("灯具",), "stages": ("final",)}, None),
        ({"sectors": ("energy",), "keywords": ("灯具",), "bodies": ("MOF",)}, None),
        ({"sectors": ("energy",), "keywords": ("灯具",), "min_score": 1.0}, "keyword 灯具 in the title"),
        ({"require": ("稀土", "灯具")}, "keyword 灯具 in the title"),
        ({"require": ("稀土",)}, None),
        ({"require": ("稀土",), "keywords": ("灯具",)}, None),
        ({"require": ("灯具",), "sectors": ("energy",)}, None),
        ({"require": ("个人信息",), "sectors": ("data-security",)}, "数据管理 in the title; keyword 个人信息 in the text"),
        ({"require": ("灯具",), "stages": ("final",)}, None),
    ],
)  # fmt: skip
def test_a_draft_on_lamps(wants: dict[str, Any], reason: str | None) -> None:
    assert why(LAMPS, **wants) == reason


@pytest.mark.parametrize(
    ("document", "wants", "reason"),
    [
        (HOLIDAY, {}, "everything; outside all sectors"),
        (HOLIDAY, {"exclude": ("招聘",)}, "everything; outside all sectors"),
        (HOLIDAY, {"exclude": ("放假",)}, None),
        (HOLIDAY, {"bodies": ("MIIT",)}, None),
        (HOLIDAY, {"stages": ("final",)}, None),
        (HOLIDAY, {"min_score": 0.1}, None),
        (HOLIDAY, {"keywords": ("稀土",)}, None),
        (HOLIDAY, {"keywords": ("国庆",)}, "keyword 国庆 in the title"),
        (HOLIDAY, {"require": ("国庆",)}, "keyword 国庆 in the title"),
        (HOLIDAY, {"require": ("国庆",), "sectors": ("energy",)}, None),
        (HOLIDAY, {"sectors": ("data-security",)}, None),
        (
            SOCIAL_DRAFT,
            {"stages": ("draft_for_comments",)},
            "a draft for comments outside all sectors; stage draft_for_comments",
        ),
        (SOCIAL_DRAFT, {"stages": ("draft_for_comments",), "bodies": ("MIIT",)}, None),
        (SOCIAL_DRAFT, {"stages": ("draft_for_comments",), "sectors": ("consumer",)}, None),
        (SOCIAL_DRAFT, {"bodies": ("MCA",)}, None),
    ],
)
def test_papers_outside_all_sectors(
    document: Document, wants: dict[str, Any], reason: str | None
) -> None:
    assert why(document, **wants) == reason


@pytest.mark.parametrize(
    ("document", "wants", "reason"),
    [
        (LAMPS, {"stages": ("final",)}, "stage draft_for_comments is not among [final]"),
        (
            replace(LAMPS, facts=Facts()),
            {"stages": ("final", "list")},
            "an unknown stage is not among [final, list]",
        ),
        (LAMPS, {"bodies": ("MOF",)}, "body MIIT, CAC, +3 is not among [MOF]"),
        (
            replace(LAMPS, facts=Facts()),
            {"bodies": ("MOF",)},
            "an unknown body is not among [MOF]",
        ),
        (LAMPS, {"exclude": ("招标", "征求")}, "excluded by 征求 in the title"),
        (LAMPS, {"sectors": ("energy",)}, "sector data-security is not among [energy]"),
        (
            LAMPS,
            {"sectors": ("energy",), "keywords": ("稀土",)},
            "sector data-security is not among [energy]; none of its keywords stands in title or text",
        ),
        (
            LAMPS,
            {"sectors": ("consumer",), "secondary": False},
            "sector consumer is a secondary one, and secondary ones are not wanted",
        ),
        (LAMPS, {"min_score": 0.9}, "certainty 0.80 < min_score 0.9"),
        (LAMPS, {"require": ("稀土", "锂")}, "none of [稀土, 锂] stands in title or text"),
        (HOLIDAY, {"sectors": ("energy",)}, "it is outside all sectors"),
        (HOLIDAY, {"stages": ("final",)}, "it is outside all sectors"),
        # the first reason is told
        (LAMPS, {"bodies": ("MOF",), "stages": ("final",)}, "body MIIT, CAC, +3 is not among [MOF]"),
        (LAMPS, {"stages": ("final",), "exclude": ("征求",)}, "stage draft_for_comments is not among [final]"),
    ],
)  # fmt: skip
def test_why_a_subscription_does_not_hear(
    document: Document, wants: dict[str, Any], reason: str
) -> None:
    assert why_not(document, Subscription(id="s", **wants)) == Verdict(False, reason)
    assert why(document, **wants) is None


@pytest.mark.parametrize("wants", [{}, {"sectors": ("consumer",)}, {"keywords": ("灯具",)}])
def test_who_hears_is_given_the_same_reason(wants: dict[str, Any]) -> None:
    assert why_not(LAMPS, Subscription(id="s", **wants)) == Verdict(True, why(LAMPS, **wants) or "")


def test_words_are_sought_in_other_titles_of_the_paper() -> None:
    item = replace(
        LAMPS, title="Smart lamp data rules", aka=("智能灯具数据管理办法",), section="top5"
    )
    assert why(item, sectors=("energy",), keywords=("智能灯具",)) == "keyword 智能灯具 in the title"
    assert why(item, exclude=("智能灯具",)) is None


def test_a_broken_title_still_holds_its_words() -> None:
    broken = replace(LAMPS, title="关于公开 征求\n《智能 灯具》 意见的通知")
    assert why(broken, sectors=("x",), keywords=("公开征求《智能灯具》意见",))


def test_an_unknown_stage_is_not_any_stage() -> None:
    unknown = replace(LAMPS, facts=Facts(stage=None))
    assert why(unknown, stages=("draft_for_comments", "final")) is None


def test_a_sector_without_evidence_is_named() -> None:
    bare = replace(LAMPS, classification=Classification(primary="energy", score=0.5))
    assert why(bare, sectors=("energy",)) == "sector energy"


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_of_change_uses_the_same_filters(kind: ChangeKind) -> None:
    hears = team(Subscription(id="s", sectors=("data-security",)))
    deaf = team(Subscription(id="s", sectors=("energy",)), id="deaf")
    assert [told.team for told in routed(LAMPS, hears, deaf, kind=kind)] == ["lamps"]


# ---------------------------------------------------------------- who, and in one message or two


def test_what_leaves_together_is_told_once() -> None:
    (told,) = routed(
        LAMPS,
        team(
            Subscription(id="data", sectors=("data-security",)),
            Subscription(id="deaf", sectors=("energy",)),
            Subscription(id="lamps", sectors=("consumer",)),
            to=(SLACK, MAIL),
        ),
    )
    assert told == Notification(
        team="lamps",
        subscription="data",
        targets=(SLACK, MAIL),
        reason="Lamps & law / data: 数据管理 in the title"
        " · Lamps & law / lamps: 灯具 in the text (secondary sector consumer)",
        due_at=NOW,
        digest=None,
    )


def test_an_alert_and_a_digest_are_two() -> None:
    alert, digest = routed(
        LAMPS, team(Subscription(id="now"), Subscription(id="daily", when=DAILY))
    )
    assert (alert.due_at, alert.digest) == (NOW, None)
    assert digest.due_at == datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
    assert digest.digest == "lamps/daily/2026-11-19T07:00Z"


def test_a_held_alert_does_not_join_a_digest_of_the_same_minute() -> None:
    quiet = Quiet(start=10 * 60, end=8 * 60)  # all day but for two hours
    told = routed(
        LAMPS, team(Subscription(id="now", quiet=quiet), Subscription(id="daily", when=DAILY))
    )
    assert {each.due_at for each in told} == {datetime(2026, 11, 19, 7, 0, tzinfo=UTC)}
    assert [each.digest is None for each in told] == [True, False]


def test_each_team_hears_in_its_own_zone() -> None:
    wants = Subscription(id="daily", when=DAILY)
    told = routed(LAMPS, team(wants), team(wants, id="sh", timezone="Asia/Shanghai"))
    assert [f"{each.team} {each.due_at:%dT%H:%M}" for each in told] == [
        "lamps 19T07:00",
        "sh 19T00:00",
    ]


def test_a_team_without_targets_hears_nothing() -> None:
    assert routed(LAMPS, team(Subscription(id="s"), to=())) == []


# ---------------------------------------------------------------- the final of a draft

HEARD = datetime(2023, 10, 8, 23, 30, tzinfo=UTC)  # the 9th in Berlin
FINAL = replace(LAMPS, facts=Facts(stage=Stage.FINAL, bodies=("MIIT",)))
REASON = "the final of a draft you heard of on 9 Oct 2023"


def test_who_heard_of_the_draft_hears_of_the_final() -> None:
    drafts = Subscription(id="drafts", sectors=("data-security",), stages=("draft_for_comments",))
    (told,) = routed(FINAL, team(drafts, to=(SLACK, MAIL)), heard={SLACK: HEARD})
    assert (told.targets, told.subscription) == ((SLACK,), "drafts")
    assert (told.reason, told.due_at) == (f"Lamps & law: {REASON}", NOW)


def test_it_comes_at_the_times_of_the_subscription_that_told_of_the_draft() -> None:
    other = Subscription(id="energy", sectors=("energy",))
    drafts = Subscription(
        id="drafts", sectors=("data-security",), stages=("draft_for_comments",), when=DAILY
    )
    (told,) = routed(FINAL, team(other, drafts), heard={SLACK: HEARD})
    assert told.digest == "lamps/drafts/2026-11-19T07:00Z"


def test_a_matching_subscription_gets_one_more_reason() -> None:
    (told,) = routed(FINAL, team(Subscription(id="s")), heard={SLACK: HEARD, MAIL: NOW})
    assert told.reason == f"Lamps & law / s: all sectors; 数据管理 in the title; {REASON}"


def test_who_did_not_hear_of_the_draft_does_not_hear_of_the_final() -> None:
    energy = Subscription(id="energy", sectors=("energy",))
    assert routed(FINAL, team(energy), heard={MAIL: HEARD}) == []


def test_a_subscription_to_a_brief_tells_of_no_single_paper() -> None:
    """The brief of the period has it; another subscription of the team still tells."""
    brief = Subscription(id="month", as_="brief", when=Cadence(every="monthly"))
    assert routed(LAMPS, team(brief)) == []
    assert routed(LAMPS, team(brief), heard={SLACK: NOW}) == []
    (told,) = routed(LAMPS, team(brief, Subscription(id="all")))
    assert told.subscription == "all"


# ---------------------------------------------------------------- since when


def listening(since: datetime | None, before: Subscription | None = None, **wants: Any) -> Team:
    return team(Subscription(id="s", since=since, before=before, **wants))


def days(number: int) -> datetime:
    return NOW + timedelta(days=number)


@pytest.mark.parametrize(
    ("before", "since"),
    [
        pytest.param(None, days(0), id="it is new"),
        pytest.param({"sectors": ("data-security",)}, days(-5), id="it wanted this before"),
        pytest.param({"sectors": ("energy",)}, days(0), id="it did not want this before"),
    ],
)
def test_a_notification_says_since_when_such_papers_are_wanted(
    before: dict[str, Any] | None, since: datetime
) -> None:
    earlier = Subscription(id="s", since=days(-5), **before) if before else None
    (told,) = routed(LAMPS, listening(days(0), earlier))
    assert told.since == since


def test_what_is_merged_is_wanted_since_the_first_of_them() -> None:
    both = team(Subscription(id="a", since=days(-1)), Subscription(id="b", since=days(-9)))
    assert [each.since for each in routed(LAMPS, both)] == [days(-9)]
    ever = team(Subscription(id="a", since=days(-1)), Subscription(id="b"))
    assert [each.since for each in routed(LAMPS, ever)] == [None]


def test_a_target_that_joined_late_is_told_apart() -> None:
    late = team(Subscription(id="s", since=days(-9)), to=(SLACK, MAIL), joined=((SLACK, days(-9)), (MAIL, days(-1))))  # fmt: skip
    found = routed(LAMPS, late)
    assert [(each.targets, each.since) for each in found] == [
        ((SLACK,), days(-9)),
        ((MAIL,), days(-1)),
    ]
