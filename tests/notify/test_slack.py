"""Slack over a real local API: who is blamed for what, and one post for one delivery."""

import io
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.slack_api import WEBHOOK, SlackApi
from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify import notifiers
from watcher.notify.slack import SlackBot, SlackWebhook
from watcher.settings import Config, Secret, SlackChannel, Target

TARGET = Target(kind="slack", address="#lamps")
MESSAGE = Message(
    subject="Final · LAMP",
    text="Final · LAMP",
    blocks=({"type": "section", "text": {"type": "mrkdwn", "text": "《智能灯具数据管理办法》"}},),
)
TOKEN = Secret("xoxb-test", "env:SLACK_BOT_TOKEN")


@pytest.fixture
def api() -> Iterator[SlackApi]:
    with SlackApi() as api:
        yield api


def bot(api: SlackApi) -> SlackBot:
    return SlackBot(TOKEN, api.url, timeout=0.4)


def webhook(api: SlackApi) -> SlackWebhook:
    return SlackWebhook(Secret(api.webhook_url, "env:SLACK_WEBHOOK_URL"), timeout=0.4)


def refusal(sender: SlackBot | SlackWebhook, *, ambiguous: bool = False) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.send(TARGET, MESSAGE, key="7", ambiguous=ambiguous)
    return caught.value


def test_a_post_carries_its_delivery(api: SlackApi) -> None:
    receipt = bot(api).send(TARGET, MESSAGE, key="7", ambiguous=False).receipt
    [post] = api.posts
    assert (post.channel, post.text, post.delivery) == ("#lamps", "Final · LAMP", "7")
    assert list(post.blocks) == list(MESSAGE.blocks)
    assert receipt == f"ts {post.ts} in {post.channel_id}"
    assert api.calls == ["chat.postMessage"]


@pytest.mark.parametrize(
    ("fault", "blame", "ambiguous"),
    [
        ("429", Blame.MOMENT, False),
        ("ratelimited", Blame.MOMENT, False),
        ("500", Blame.MOMENT, True),
        ("503", Blame.MOMENT, True),
        ("hang", Blame.MOMENT, True),
        ("drop", Blame.MOMENT, True),
        ("close", Blame.MOMENT, True),
        ("html", Blame.MOMENT, True),
        ("internal_error", Blame.MOMENT, True),
        ("fatal_error", Blame.MOMENT, True),
        ("service_unavailable", Blame.MOMENT, False),
        ("an_error_nobody_has_seen", Blame.MOMENT, False),
        ("invalid_auth", Blame.CHANNEL, False),
        ("token_revoked", Blame.CHANNEL, False),
        ("account_inactive", Blame.CHANNEL, False),
        ("not_authed", Blame.CHANNEL, False),
        ("missing_scope", Blame.CHANNEL, False),
        ("channel_not_found", Blame.TARGET, False),
        ("is_archived", Blame.TARGET, False),
        ("not_in_channel", Blame.TARGET, False),
        ("invalid_blocks", Blame.MESSAGE, False),
        ("msg_too_long", Blame.MESSAGE, False),
        ("no_text", Blame.MESSAGE, False),
    ],
)
def test_blame_of_a_bot(api: SlackApi, fault: str, blame: Blame, ambiguous: bool) -> None:
    api.fail_next(1, fault)
    error = refusal(bot(api))
    assert (error.blame, error.ambiguous) == (blame, ambiguous)
    assert len(api.posts) == (fault == "drop")
    assert "xoxb" not in str(error)


@pytest.mark.parametrize(
    ("fault", "blame", "ambiguous"),
    [
        ("429", Blame.MOMENT, False),
        ("500", Blame.MOMENT, True),
        ("hang", Blame.MOMENT, True),
        ("drop", Blame.MOMENT, True),
        ("html", Blame.MOMENT, True),
        ("401", Blame.CHANNEL, False),
        ("403", Blame.CHANNEL, False),
        ("404", Blame.CHANNEL, False),
        ("410", Blame.CHANNEL, False),
        ("action_prohibited", Blame.CHANNEL, False),
        ("no_service", Blame.CHANNEL, False),
        ("channel_is_archived", Blame.TARGET, False),
        ("invalid_payload", Blame.MESSAGE, False),
        ("no_text", Blame.MESSAGE, False),
        ("a_400_nobody_has_seen", Blame.MESSAGE, False),
    ],
)
def test_blame_of_a_webhook(api: SlackApi, fault: str, blame: Blame, ambiguous: bool) -> None:
    api.fail_next(1, fault)
    error = refusal(webhook(api))
    assert (error.blame, error.ambiguous) == (blame, ambiguous)
    assert "secret-of-the-webhook" not in str(error)


def test_slack_says_when_to_come_back(api: SlackApi) -> None:
    api.fail_next(2, "429", retry_after=17)
    assert refusal(bot(api)).retry_after == timedelta(seconds=17)
    assert refusal(webhook(api)).retry_after == timedelta(seconds=17)


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    for sender in (SlackBot(TOKEN, url), SlackWebhook(Secret(url, "env:HOOK"))):
        error = refusal(sender)
        assert (error.blame, error.ambiguous) == (Blame.MOMENT, False)
        assert not refusal(sender, ambiguous=True).ambiguous  # this attempt, that is


def test_a_renewed_token_is_what_the_remedy_says(api: SlackApi) -> None:
    api.accept("xoxb-new")
    assert "renew the token" in str(refusal(bot(api)))
    SlackBot(Secret("xoxb-new", "env:T"), api.url).send(TARGET, MESSAGE, key="7", ambiguous=False)
    assert len(api.posts) == 1


# ---------------------------------------------------------------- settling a lost answer


@pytest.mark.parametrize("fault", ["drop", "500", "hang"])
@pytest.mark.parametrize("address", ["#lamps", "C0042"])
def test_a_lost_answer_is_settled_by_one_post(fault: str, address: str) -> None:
    """Whether the message had arrived (drop) or not, one stands in the channel at the end."""
    with SlackApi(channels={"lamps": "C0042", "other": "C0043"}, page_size=3) as api:
        target = Target(kind="slack", address=address)
        for n in range(10):  # the message is not on the newest page, nor #lamps the only channel
            api.post("C0043", {"text": f"elsewhere {n}"})
        api.fail_next(1, fault)
        sender = bot(api)
        with pytest.raises(DeliveryError) as caught:
            sender.send(target, MESSAGE, key="7", ambiguous=False)
        assert caught.value.ambiguous
        for n in range(7):
            api.post("C0042", {"text": f"talk {n}"})
        receipt = sender.send(target, MESSAGE, key="7", ambiguous=True).receipt
        [post] = [post for post in api.posts if post.delivery == "7"]
        assert receipt.startswith(f"ts {post.ts} in C0042")
        assert ("found" in receipt) == (fault == "drop")


def test_another_delivery_settles_nothing(api: SlackApi) -> None:
    sender = bot(api)
    sender.send(TARGET, MESSAGE, key="70", ambiguous=False)
    sender.send(TARGET, MESSAGE, key="7", ambiguous=True)
    assert [post.delivery for post in api.posts] == ["70", "7"]


@pytest.mark.parametrize("method", ["conversations.list", "conversations.history"])
@pytest.mark.parametrize(
    ("fault", "blame"),
    [("500", Blame.MOMENT), ("429", Blame.MOMENT), ("invalid_auth", Blame.CHANNEL)],
)
def test_while_nobody_can_look_nothing_is_repeated(
    api: SlackApi, method: str, fault: str, blame: Blame
) -> None:
    api.fail_next(1, "drop")
    refusal(bot(api))
    api.fail_next(1, fault, method=method)
    error = refusal(bot(api), ambiguous=True)
    assert (error.blame, error.ambiguous, len(api.posts)) == (blame, False, 1)


@pytest.mark.parametrize("method", ["conversations.list", "conversations.history"])
def test_who_may_not_look_posts_again_and_says_so(api: SlackApi, method: str) -> None:
    api.fail_next(1, "drop")
    refusal(bot(api))
    api.fail_next(2, "missing_scope", method=method)
    receipt = bot(api).send(TARGET, MESSAGE, key="7", ambiguous=True).receipt
    assert "could not be looked up (missing_scope)" in receipt
    assert len(api.posts) == 2


def test_private_channels_need_not_be_listed(api: SlackApi) -> None:
    api.fail_next(1, "drop")
    refusal(bot(api))
    api.fail_next(1, "missing_scope", method="conversations.list")
    assert "found" in bot(api).send(TARGET, MESSAGE, key="7", ambiguous=True).receipt
    assert len(api.posts) == 1


def test_a_webhook_cannot_look_and_sends_again(api: SlackApi) -> None:
    api.fail_next(1, "drop", method=WEBHOOK)
    assert refusal(webhook(api)).ambiguous
    receipt = webhook(api).send(TARGET, MESSAGE, key="7", ambiguous=True).receipt
    assert "perhaps a second time" in receipt
    assert [post.channel for post in api.posts] == ["webhook", "webhook"]
    assert ["Possible repeat" in post.said for post in api.posts] == [False, True]


@pytest.mark.parametrize("fault", ["500", "429", "close", "no_service"])
def test_a_webhooks_one_repeat_is_not_spent_on_a_slack_that_does_not_answer(
    api: SlackApi, fault: str
) -> None:
    handed: list[bool] = []
    api.fail_next(1, fault, method=WEBHOOK)
    with pytest.raises(DeliveryError) as caught:
        webhook(api).send(
            TARGET,
            MESSAGE,
            key="7",
            ambiguous=True,
            hand_over=lambda *, blind: handed.append(blind),
        )
    assert (caught.value.ambiguous, handed, api.posts) == (False, [], [])


@pytest.mark.parametrize("stands", ["in its thread", "in the channel"])
def test_a_follow_up_is_looked_for_in_its_thread_too(api: SlackApi, stands: str) -> None:
    first = bot(api).send(TARGET, MESSAGE, key="1", ambiguous=False).place
    thread = first if stands == "in its thread" else ""
    bot(api).send(TARGET, MESSAGE, key="2", ambiguous=False, thread=thread)
    found = bot(api).send(TARGET, MESSAGE, key="2", ambiguous=True, thread=first)
    assert "found" in found.receipt
    bot(api).send(TARGET, MESSAGE, key="3", ambiguous=True, thread=first)
    assert [post.delivery for post in api.posts] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "word",
    [
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    ],
)
def test_what_may_not_stand_in_its_thread_stands_in_the_channel(api: SlackApi, word: str) -> None:
    """Suspending the channel for it would hold up everything behind it, again at every try."""
    first = bot(api).send(TARGET, MESSAGE, key="1", ambiguous=False).place
    api.fail_next(1, word)
    done = bot(api).send(TARGET, MESSAGE, key="2", ambiguous=False, thread=first)
    assert f"not in its thread ({word})" in done.receipt
    assert [(post.delivery, post.thread) for post in api.posts] == [("1", ""), ("2", "")]


def test_a_thread_that_was_deleted_holds_up_nothing(api: SlackApi) -> None:
    bot(api).send(TARGET, MESSAGE, key="1", ambiguous=False)
    gone = f"{api.posts[0].channel_id}/1.000001"
    assert (
        "could not"
        not in bot(api).send(TARGET, MESSAGE, key="2", ambiguous=True, thread=gone).receipt
    )


def test_who_can_look_only_some_way_back_says_so() -> None:
    with SlackApi(page_size=1) as api:
        for n in range(30):
            api.post("#lamps", {"text": f"talk {n}"})
        handed: list[bool] = []
        receipt = bot(api).send(
            TARGET,
            MESSAGE,
            key="7",
            ambiguous=True,
            hand_over=lambda *, blind: handed.append(blind),
        )
    assert "pages" in receipt.receipt
    assert handed == [True]
    assert "Possible repeat" in api.posts[-1].said


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        (SlackChannel(token=TOKEN), SlackBot),
        (SlackChannel(webhook=Secret("http://x", "env:HOOK")), SlackWebhook),
    ],
)
def test_the_channel_decides_the_notifier(channel: SlackChannel, kind: type) -> None:
    config = Config(path=Path("sources.yaml"), state=Path("state"), slack=channel)
    made = notifiers(config, io.StringIO())
    assert sorted(made) == ["console", "slack"]
    assert isinstance(made["slack"], kind)
