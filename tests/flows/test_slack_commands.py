"""/watcher and the app's page against a local Slack: who hears what, in words people can act on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.house import FINAL, OLD, house, listing, paper, source
from tests.flows.slack_people import LAW, NEW, Office, config_of, office, said
from tests.loopback import Loopback
from tests.slack_api import WORKSPACE, SlackApi, view_problems
from watcher.settings import Subscription


@pytest.fixture
def law(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """For commands that only ask, or are refused."""
    with office(tmp_path_factory.mktemp("still")) as made:
        before = made.everything()
        yield made
        assert made.everything() == before


def made(law: Office) -> dict[str, dict[str, Any]]:
    """What teams made at run time want, by subscription."""
    roll = law.store.teams.roll(law.home.clock.now())
    return {f"{each.team}/{each.id}": dict(each.wants) for each in roll.subscriptions}


def publish_final(law: Office) -> None:
    law.home.site.routes[FINAL[0]] = paper(FINAL[1], "第一条 为了智能灯具数据安全。")
    law.home.site.routes["/list.html"] = listing(FINAL, *OLD, day="2026-11-03")
    law.home.poll(hours=1)
    law.home.read()
    law.send()


# ---------------------------------------------------------------- subscribing


def test_a_channel_subscribes_and_hears_of_news_alone(law: Office) -> None:
    told = law.command("subscribe")
    assert made(law) == {"slack-c0new001/all": {}}
    (team,) = law.store.teams.roll(law.home.clock.now()).teams
    assert (team.name, team.timezone, team.by) == ("#new", "Europe/Berlin", "slack:U0ANN001 ann")
    assert team.targets == ({"slack": NEW},)
    assert "From now on this channel hears of papers of every sector, at once." in told
    assert "Open for comment now: 1" in told
    assert "*30 days left* · until Wed 2 Dec 2026" in told
    law.send()
    assert [post.channel_id for post in law.slack.posts] == [LAW]  # nothing floods
    publish_final(law)
    assert sorted(post.channel_id for post in law.slack.posts[1:]) == [LAW, NEW]


def test_said_twice_it_is_done_once(law: Office) -> None:
    law.command("subscribe data-security drafts")
    law.again()
    assert "hears already of" in law.command("subscribe drafts data-security")
    assert list(made(law)) == ["slack-c0new001/data-security"]


def test_a_command_sent_again_after_it_was_undone_does_nothing(law: Office) -> None:
    law.command("subscribe data-security")
    asked = law.acts[-1]
    law.command("unsubscribe data-security")
    assert "ended since" in said(law.act(*asked))
    assert made(law) == {}


def test_two_subscriptions_have_names_of_their_own(law: Office) -> None:
    law.command("subscribe data-security drafts")
    law.command("subscribe data-security finals weekly fri 17:00")
    law.command("subscribe 稀土 daily as earths")
    assert made(law) == {
        "slack-c0new001/data-security": {
            "sectors": ["data-security"],
            "stages": ["draft_for_comments"],
        },
        "slack-c0new001/data-security-2": {
            "sectors": ["data-security"],
            "stages": ["final"],
            "when": "weekly fri 17:00",
        },
        "slack-c0new001/earths": {
            "require": ["稀土"],
            "when": "daily 08:00",
        },
    }
    told = law.command("list")
    assert "earths: papers with 稀土, daily at 08:00 (Europe/Berlin)" in told


def test_what_the_file_says_is_read_only_in_slack(law: Office) -> None:
    told = law.command("list", LAW, "law")
    assert "all: papers of every sector, at once" in told
    assert "Law is defined in sources.yaml" in told
    assert "defined in sources.yaml" in law.command("unsubscribe all", LAW, "law")
    assert "hears already of" in law.command("subscribe everything", LAW, "law")
    assert made(law) == {}


def test_a_channel_that_the_file_names_otherwise_is_told_once(law: Office) -> None:
    """C0LAW001 is #law: two targets for one channel would say each paper twice."""
    law.command("subscribe finals", LAW, "renamed-since")
    (team,) = law.store.teams.roll(law.home.clock.now()).teams
    assert team.targets == ({"slack": "#law"},)
    publish_final(law)
    assert len(law.slack.posts) == 2


def test_unsubscribing_ends_it_and_the_last_ends_the_team(law: Office) -> None:
    law.command("subscribe data-security")
    law.command("subscribe finals")
    assert "data-security is ended" in law.command('unsubscribe "data-security"')
    assert list(made(law)) == ["slack-c0new001/final"]
    law.command("unsubscribe final")
    law.again()
    assert law.store.teams.roll(law.home.clock.now()).teams == ()
    assert "hears of nothing yet" in law.command("list")


def test_a_conversation_of_two_is_the_persons_own(law: Office) -> None:
    law.command("subscribe finals", "D0ANN001", "directmessage")
    (team,) = law.store.teams.roll(law.home.clock.now()).teams
    assert (team.id, team.name) == ("slack-u0ann001", "ann (direct)")
    assert team.targets == ({"slack": "D0ANN001"},)
    assert "final: papers of every sector (only finals)" in law.command(
        "list", "D0X", "directmessage"
    )
    assert "final" not in law.command("list", "D0X", "directmessage", "U0BOB001")


# ---------------------------------------------------------------- refused and asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("subscribe datasecurity", "nearest: data-security"),
        ("subscribe daily 25:00", "25:00"),
        ("subscribe monthly 31", "31"),
        ("subscribe quiet 8-8", "quiet"),
        ("subscribe stages:drafft", "drafft"),
        ("subscribe finals as ../etc", "no id"),
        ("subscribe without", "what comes after"),
        ("subscribe " + "x " * 60, "too much"),
        ("subscrbe data-security", "did you mean subscribe?"),
        ("unsubscribe", "Which one?"),
        ("unsubscribe nothing", "Nothing was subscribed"),
        ("search", "which words?"),
        ("search <!channel> & <https://evil.example|x>", "No title holds"),
        ("search 不存在的词", "No title holds"),
        ("", "For example"),
        ("help", "/watcher subscribe data-security drafts"),
        ("list", "hears of nothing yet"),
        ("deadlines", "Open for comment, of what I know: 1"),
        ("search 智能灯具 征求意见", "智能灯具数据安全管理办法"),
        ("search comments smart", "No title holds"),
        ("search call COMMENTS measures", "智能灯具数据安全管理办法"),
        ("LIST", "hears of nothing yet"),
        ("\x00\u202e", "For example"),
    ],
)
def test_it_answers_in_words_and_changes_nothing(still: Office, text: str, told: str) -> None:
    answer = still.command(text)
    assert told in answer
    assert "<!" not in answer
    assert "<https://evil" not in answer
    assert made(still) == {}


def test_a_channel_that_the_app_is_not_in_asks_for_an_invitation(still: Office) -> None:
    assert "/invite" in still.command("subscribe finals", "C0OTHER1", "other")
    assert made(still) == {}


def test_a_conversation_that_slack_does_not_open_is_not_subscribed(still: Office) -> None:
    still.slack.fail_next(1, "user_not_found", method="conversations.open")
    assert "try again" in still.command("subscribe finals", "D0ANN001", "directmessage")
    assert made(still) == {}


def test_another_workspace_is_told_so(still: Office) -> None:
    payload = {"text": "subscribe", "team_id": "T0OTHER", "channel_id": NEW, "user_id": "U0ANN001"}
    answer = still.act("slash_commands", payload | {"trigger_id": "1"})
    assert "another workspace" in said(answer)
    assert made(still) == {}


def test_deadlines_are_those_that_the_channel_hears_of(law: Office) -> None:
    law.command("subscribe semiconductors finals")
    assert "Nothing that this channel hears of" in law.command("deadlines")
    assert "last day" not in law.command("deadlines", LAW, "law")
    law.home.clock.pass_(days=40)
    assert "Nothing that" in law.command("deadlines", LAW, "law")


# ---------------------------------------------------------------- the app's page


def opened(law: Office, user: str = "U0ANN001") -> str:
    event = {"type": "app_home_opened", "user": user, "tab": "home"}
    law.act("events_api", {"team_id": WORKSPACE, "event": event})
    whom, view = law.slack.views[-1]
    assert whom == user
    assert view_problems(view) == []
    return said(view)


def test_the_page_says_who_hears_what_and_what_is_open(law: Office) -> None:
    law.command("subscribe 稀土")
    page = opened(law)
    for words in ("Law", "all: papers of every sector", "#new", "papers with 稀土", "30 days left", "1 of 1"):  # fmt: skip
        assert words in page
    assert "defined in sources.yaml" in page


def test_the_page_does_not_show_channels_that_a_person_is_not_in(law: Office) -> None:
    law.command("subscribe 稀土")
    law.slack.joined.discard(NEW)
    assert "稀土" not in opened(law, "U0BOB001")


@pytest.mark.parametrize("count", [0, 1, 60])
def test_the_page_is_valid_however_much_there_is(tmp_path: Path, count: int) -> None:
    many = tuple(
        Subscription(id=f"s{n}", keywords=("<!channel> & *x* " * 30,) * 20) for n in range(count)
    )
    with Loopback({"/list.html": listing(*OLD)}) as site, SlackApi() as slack:
        config = config_of(tmp_path, slack, *many)
        with house(tmp_path, sources=[source(site)], site=site, config=config) as home:
            opened(Office(home, slack))
    assert "<!channel>" not in json.dumps(slack.views[-1][1])
