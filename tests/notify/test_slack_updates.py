"""A posted message that is changed: by a bot only, and never posted a second time."""

import pytest

from tests.slack_api import SlackApi
from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify.slack import SlackBot, SlackWebhook
from watcher.settings import Secret, Target

LAW = Target(kind="slack", address="#law")
BLOCKS = ({"type": "section", "text": {"type": "mrkdwn", "text": "lamps", "verbatim": True}},)


def test_a_bot_changes_what_it_posted_as_often_as_it_is_told() -> None:
    with SlackApi() as api:
        bot = SlackBot(Secret("xoxb-test", "env:SLACK"), api.url)
        place = bot.send(LAW, Message(subject="lamps", text=""), key="1", ambiguous=False).place
        update = Message(subject="lamps, corrected", text="", blocks=BLOCKS, edits=place)
        for ambiguous in (False, True):
            bot.send(LAW, update, key="2", ambiguous=ambiguous)
        assert [(post.text, post.delivery) for post in api.posts] == [("lamps, corrected", "1")]
        assert api.calls == ["chat.postMessage", "chat.update", "chat.update"]


@pytest.mark.parametrize(
    ("fault", "blame"),
    [("500", Blame.MOMENT), ("429", Blame.MOMENT), ("invalid_blocks", Blame.MESSAGE)],
)
def test_other_refusals_are_what_they_are_for_a_post(fault: str, blame: Blame) -> None:
    with SlackApi() as api:
        bot = SlackBot(Secret("xoxb-test", "env:SLACK"), api.url)
        api.fail_next(1, fault, method="chat.update")
        update = Message(subject="lamps", text="", blocks=BLOCKS, edits="C0001/1.000001")
        with pytest.raises(DeliveryError) as caught:
            bot.send(LAW, update, key="2", ambiguous=False)
        assert caught.value.blame is blame


def test_a_webhook_leaves_what_was_posted() -> None:
    with SlackApi() as api:
        webhook = SlackWebhook(Secret(api.webhook_url, "env:HOOK"))
        update = Message(subject="lamps", text="", edits="C0001/1.000001")
        sent = webhook.send(LAW, update, key="2", ambiguous=False)
        assert "cannot change" in sent.receipt
        assert api.posts == []
        assert api.calls == []
