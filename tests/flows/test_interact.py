"""Buttons and forms under a posted alert, against a local Slack: done once, shown to all, taken back."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.flows.house import ARTICLES, DRAFT, paper
from tests.flows.slack_people import LAW, NEW, UNTIL, Office, office, press, pressed, submitted
from tests.slack_api import problems
from watcher.render.slack_actions import MUTE, NOT_RELEVANT, OPEN_DIFF, REVIEWED, Pressed, value


@pytest.fixture
def law(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """For what changes nothing."""
    with office(tmp_path_factory.mktemp("shared")) as made:
        yield made


@pytest.fixture
def still(shared: Office) -> Iterator[Office]:
    before = shared.everything()
    shared.slack.answers.clear()
    shared.slack.views.clear()
    yield shared
    assert shared.everything() == before


def reviews(law: Office) -> list[tuple[str, str, str]]:
    return [(r.team, r.state, r.by) for r in law.store.teams.reviews(law.paper)]


def mutes(law: Office) -> list[tuple[str | None, int | None]]:
    roll = law.store.teams.roll(law.home.clock.now())
    return [(mute.subscription, mute.document_id) for mute in roll.mutes]


# ---------------------------------------------------------------- reviewing


@pytest.mark.parametrize(
    ("action", "shown"),
    [(REVIEWED, "Reviewed by ann"), (NOT_RELEVANT, "Marked not relevant by ann")],
)
def test_a_button_marks_the_paper_and_everybody_sees_who_did(
    law: Office, action: str, shown: str
) -> None:
    law.press(law.slack.posts[0], action)
    assert reviews(law) == [("law", action, "slack:U0ANN001 ann")]
    law.send()
    (post,) = law.slack.posts
    assert shown in post.said
    assert REVIEWED not in [e["action_id"] for b in post.blocks for e in b.get("elements", ()) if "action_id" in e]  # fmt: skip
    assert law.store.labels.of(law.paper) == []


def test_what_slack_sends_again_is_done_once(law: Office) -> None:
    law.press(law.slack.posts[0], REVIEWED)
    law.again()
    law.again()
    assert len(reviews(law)) == 1
    assert len(law.told) == 1


def test_the_second_to_press_hears_who_was_first(law: Office) -> None:
    post = law.slack.posts[0]
    law.press(post, REVIEWED)
    law.press(post, REVIEWED, user="U0BOB001")
    assert len(reviews(law)) == 1
    assert "ann marked this reviewed already" in law.told[-1]


def test_a_review_is_taken_back_by_who_made_it(law: Office) -> None:
    law.press(law.slack.posts[0], NOT_RELEVANT)
    law.undo()
    assert [state for _, state, _ in reviews(law)] == ["not_relevant", "open"]
    law.send()
    assert "not relevant by" not in law.slack.posts[0].said
    assert law.slack.answers[-1]["replace_original"] is True


def test_a_review_that_another_changed_since_stands(law: Office) -> None:
    post = law.slack.posts[0]
    law.press(post, REVIEWED)
    first = law.slack.answers[-1]
    law.press(post, NOT_RELEVANT, user="U0BOB001")
    law.slack.answers.append(first)
    law.undo()
    assert [state for _, state, _ in reviews(law)] == ["reviewed", "not_relevant"]


# ---------------------------------------------------------------- muting


def test_a_paper_is_muted_and_heard_again(law: Office) -> None:
    post = law.slack.posts[0]
    law.press(post, MUTE, "mute_paper")
    assert mutes(law) == [(None, law.paper)]
    law.press(post, MUTE, "mute_paper", user="U0BOB001")
    assert "already" in law.told[-1]
    law.slack.answers.pop()
    law.undo()
    assert mutes(law) == []


def test_a_subscription_is_muted_for_a_week(law: Office) -> None:
    law.press(law.slack.posts[0], MUTE, "mute_subscription")
    assert mutes(law) == [("all", None)]
    assert "for 7 days" in law.told[-1]
    law.home.clock.pass_(days=7, seconds=1)
    assert mutes(law) == []


# ---------------------------------------------------------------- a wrong sector


def test_a_label_is_stored_by_the_form(law: Office) -> None:
    law.press(law.slack.posts[0], MUTE, "wrong_sector")
    ((_, form),) = law.slack.views
    answer = law.act("interactive", submitted(form, "semiconductors"))
    law.again()
    made = [(x.field, x.value, x.by) for x in law.store.labels.of(law.paper) if x.by != "rules"]
    assert made == [("sector", "semiconductors", "slack:U0ANN001 ann")]
    assert law.store.papers.get([law.paper])[law.paper].classification.primary == "semiconductors"
    assert answer["response_action"] == "update"
    assert "Stored" in json.dumps(answer)


@pytest.mark.parametrize(
    ("form", "chosen"),
    [
        ({"callback_id": "wrong_sector", "private_metadata": '{"k": "unknown"}'}, "semiconductors"),
        ({"callback_id": "wrong_sector", "private_metadata": "{"}, "semiconductors"),
        ({"callback_id": "wrong_sector", "private_metadata": "[]"}, "semiconductors"),
        ({"callback_id": "another"}, "semiconductors"),
        ({}, "no-such-sector"),
        ({}, ""),
    ],
)
def test_a_forged_form_stores_nothing(still: Office, form: dict[str, str], chosen: str) -> None:
    still.press(still.slack.posts[0], MUTE, "wrong_sector")
    ((_, shown),) = still.slack.views
    answer = still.act("interactive", submitted({**shown, **form}, chosen))
    assert answer["response_action"] == "update"


def test_a_form_that_slack_does_not_open_is_told(still: Office) -> None:
    still.slack.fail_next(1, "expired_trigger_id", method="views.open")
    still.press(still.slack.posts[0], MUTE, "wrong_sector")
    assert "press again" in still.told[-1]


# ---------------------------------------------------------------- what changes nothing

Spoil = Callable[[dict[str, Any]], object]


def _value(**fields: object) -> Spoil:
    """Another value in the button."""

    def spoil(payload: dict[str, Any]) -> None:
        action = payload["actions"][0]
        action["value"] = json.dumps(json.loads(action["value"]) | fields)

    return spoil


SPOILT: list[Spoil] = [
    lambda p: p.clear(),
    lambda p: p.update(type="shortcut"),
    lambda p: p.update(type=7),
    lambda p: p.update(actions=[]),
    lambda p: p.update(actions="reviewed"),
    lambda p: p.update(actions=p["actions"] * 2),
    lambda p: p.update(actions=[None]),
    lambda p: p.update(user=None),
    lambda p: p.update(user={"id": "<!channel>"}),
    lambda p: p.update(team={"id": "T0OTHER"}),
    lambda p: p["user"].update(team_id="T0OTHER"),
    lambda p: p.update(container={}, channel={}),
    lambda p: p["container"].update(channel_id=NEW),
    lambda p: p["container"].update(message_ts="1.1"),
    lambda p: p["container"].update(message_ts=["1.1"]),
    lambda p: p["actions"][0].update(value=""),
    lambda p: p["actions"][0].update(value="{"),
    lambda p: p["actions"][0].update(value="[" * 4000),
    lambda p: p["actions"][0].update(value={"a": "reviewed"}),
    lambda p: p["actions"][0].update(action_id="delete_all"),
    lambda p: p["actions"][0].update(action_id="mute"),
    lambda p: p["actions"][0].update(action_id="undo"),
    _value(k="f" * 32),
    _value(k="../../etc"),
    _value(d=1),
    _value(d=-1),
    _value(d="1"),
    _value(t="another"),
    _value(a="drop_tables"),
    _value(a="not_relevant"),
]


@pytest.mark.parametrize("spoil", SPOILT, ids=range(len(SPOILT)))
def test_a_spoilt_press_changes_nothing(
    still: Office, spoil: Spoil, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    payload = press(still.slack.posts[0], REVIEWED, "", still.slack)
    spoil(payload)
    still.act("interactive", payload)
    assert not [r for r in caplog.records if r.levelno > logging.WARNING]
    assert "xoxb-test" not in caplog.text
    assert all("nothing was changed" in told for told in still.told)


def test_a_press_whose_answer_would_go_elsewhere_is_not_answered(law: Office) -> None:
    payload = press(law.slack.posts[0], REVIEWED, "", law.slack)
    law.act("interactive", payload | {"response_url": "http://127.0.0.1:9/steal"})
    assert len(reviews(law)) == 1
    assert law.told == []


def test_a_forged_value_for_another_delivery_of_the_same_channel_is_refused(still: Office) -> None:
    """The key must be that of the very message that was pressed."""
    post = still.slack.posts[0]
    key = json.loads(press(post, REVIEWED, "", still.slack)["actions"][0]["value"])["k"]
    forged = value(Pressed(action=REVIEWED, document=still.paper, delivery=key, team="law"))
    still.act(
        "interactive", pressed({"action_id": REVIEWED, "value": forged}, LAW, "9.9", still.slack)
    )


def test_nothing_is_done_while_slack_does_not_say_who_we_are(law: Office) -> None:
    law.slack.fail_next(1, "500", method="auth.test")
    before = law.everything()
    law.press(law.slack.posts[0], REVIEWED)
    assert law.everything() == before
    assert "try again" in law.told[-1]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("", {}),
        ("hello", {"type": "hello"}),
        ("events_api", {"event": {"type": "message", "user": "U0ANN001"}}),
        ("events_api", {"event": "app_home_opened"}),
        ("slash_commands", {}),
        ("slash_commands", {"text": 7, "user_id": "U0ANN001"}),
        ("interactive", {"type": "view_submission", "view": None}),
        ("interactive", {"type": "message_action"}),
    ],
)
def test_what_is_unknown_is_passed_over(still: Office, kind: str, payload: dict[str, Any]) -> None:
    still.act(kind, payload)


def test_people_of_one_organization_act_in_its_other_workspaces(law: Office) -> None:
    payload = press(law.slack.posts[0], REVIEWED, "", law.slack, workspace="T0SISTER")
    law.act("interactive", payload | {"enterprise": {"id": "E0OTHER"}})
    assert reviews(law) == []
    law.act("interactive", payload | {"enterprise": {"id": "E0LAMP"}})
    assert len(reviews(law)) == 1


def test_links_only_want_to_be_acknowledged(still: Office) -> None:
    still.press(still.slack.posts[0], "open_paper")
    assert still.told == []


# ---------------------------------------------------------------- the whole comparison


@pytest.fixture
def corrected(law: Office) -> Office:
    """The paper of the first alert has been corrected, and the correction was told."""
    law.home.site.routes[DRAFT[0]] = paper(
        DRAFT[1], UNTIL, *ARTICLES[:2], ARTICLES[2].replace("三十", "十五")
    )
    law.home.read(hours=25)
    law.send()
    return law


def test_open_diff_shows_what_changed(corrected: Office) -> None:
    before = corrected.everything()
    assert "open_diff" not in str(corrected.slack.posts[0].blocks)
    corrected.press(corrected.slack.posts[-1], OPEN_DIFF)
    ((_, view),) = corrected.slack.views
    assert problems(view["blocks"], most=100) == []
    said = json.dumps(view, ensure_ascii=False)
    assert "2 same, 1 changed" in said, said
    assert "第三条" in said and "strike" in said and "十五" in said
    assert "watcher diff version:" in said
    assert corrected.everything() == before


@pytest.mark.parametrize("lost", ["text", "form"])
def test_a_diff_that_cannot_be_shown_is_told(corrected: Office, lost: str) -> None:
    if lost == "form":
        corrected.slack.fail_next(1, "expired_trigger_id", method="views.open")
    else:
        with corrected.store.db.write() as tx:
            tx.execute(text("UPDATE version SET text = ''"))
    corrected.press(corrected.slack.posts[-1], OPEN_DIFF)
    wanted = "press again" if lost == "form" else "not known any more"
    assert wanted in corrected.told[-1]


def test_a_team_that_is_gone_is_told_so(law: Office) -> None:
    payload = press(law.slack.posts[0], MUTE, "mute_paper", law.slack)
    interactions = law.home.parts.interactions
    assert interactions is not None
    with law.store.db.write() as tx:
        tx.execute(text("UPDATE delivery SET team = 'gone'"))
        tx.execute(text("UPDATE delivery SET subscription = 'gone'"))
    payload["actions"][0]["selected_option"]["value"] = payload["actions"][0]["selected_option"]["value"].replace('"t":"law"', '"t":"gone"')  # fmt: skip
    law.act("interactive", payload)
    assert mutes(law) == []
    assert "no team" in law.told[-1]
