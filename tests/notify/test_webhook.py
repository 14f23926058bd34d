"""The signed webhook over a real loopback server: what is posted, and who is blamed for what."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loopback import Loopback, Reply, redirect
from tests.real import ROOT
from tests.render.lamps import DIGEST, NEW_DRAFT, NEW_FINAL, NOW
from watcher.errors import Blame, DeliveryError
from watcher.model import Alert, Message
from watcher.notify.webhook import WebhookNotifier
from watcher.render import render_alerts, render_notice
from watcher.settings import Secret, Target, WebhookChannel

TARGET = Target(kind="webhook", address="crm")
SECRET = Secret("hunter2-hunter2", "env:CRM_SECRET")
SCHEMA: Any = json.loads(
    (ROOT / "watcher" / "render" / "webhook.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback({"/in": Reply(status=204)}) as site:
        yield site


def notifier(url: str) -> WebhookNotifier:
    channel = WebhookChannel(id="crm", url=Secret(url, "env:CRM_URL"), secret=SECRET)
    return WebhookNotifier([channel], timeout=0.4)


def refusal(url: str, *, ambiguous: bool = False) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        notifier(url).send(TARGET, Message(subject="", text=""), key="7", ambiguous=ambiguous)
    assert "hunter2" not in str(caught.value)
    return caught.value


MESSAGES = [
    render_alerts("webhook", [NEW_DRAFT], NOW),
    render_alerts("webhook", [NEW_FINAL], NOW),
    render_alerts("webhook", DIGEST, NOW, "Sources: 26 of 27 read."),
    render_notice("webhook", "NHC cannot be read", ["https://example.cn: HTTP 412"]),
    Message(subject="Data law: nothing new 9–15 Oct", text="Nothing new.\n26 of 27 read."),
]


@pytest.mark.parametrize("message", MESSAGES, ids=["draft", "final", "digest", "notice", "letter"])
def test_what_is_posted_is_as_documented_and_signed(site: Loopback, message: Message) -> None:
    sent = notifier(site.url("/in")).send(TARGET, message, key="k-7", ambiguous=False)
    assert sent.receipt == "HTTP 204 for k-7"
    (request,) = site.requests
    body = json.loads(request.body)
    jsonschema.validate(body, SCHEMA)
    assert (body["delivery"], body["repeat"]) == ("k-7", False)
    assert (body["subject"], body["text"]) == (message.subject, message.text)
    headers = request.headers
    assert headers["x-watcher-delivery"] == "k-7"
    signed = headers["x-watcher-timestamp"].encode() + b"." + request.body
    expected = hmac.new(b"hunter2-hunter2", signed, hashlib.sha256).hexdigest()
    assert headers["x-watcher-signature"] == f"v1={expected}"


def test_the_paper_is_told_as_data() -> None:
    assert MESSAGES[0].data is not None
    (alert,) = MESSAGES[0].data["alerts"]
    assert alert["event"] == "new"
    assert alert["paper"]["deadline"] == "2026-11-08"
    assert alert["paper"]["stage"] == "draft_for_comments"
    assert alert["paper"]["sectors"] == ["data-security", "industrial-internet"]
    assert alert["paper"]["attachments"][0]["name"] == "附件：征求意见稿.docx"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_was_scraped_is_data(title: str, name: str) -> None:
    from dataclasses import replace

    document = replace(NEW_DRAFT.document, title=title, url=f"javascript:{name}")
    alert: Alert = replace(NEW_DRAFT, document=document, source_name=name)
    message = render_alerts("webhook", [alert], NOW)
    body = json.loads(json.dumps(message.data))
    jsonschema.validate(body | {"delivery": "7"}, SCHEMA)
    assert body["alerts"][0]["paper"]["url"] is None


@pytest.mark.parametrize(
    ("reply", "blame", "ambiguous", "wait"),
    [
        (Reply(status=500), Blame.MOMENT, False, None),
        (Reply(status=429, headers=(("Retry-After", "90"),)), Blame.MOMENT, False, 90),
        (Reply(status=503, headers=(("Retry-After", "soon"),)), Blame.MOMENT, False, None),
        (Reply(status=401), Blame.TARGET, False, None),
        (Reply(status=410), Blame.TARGET, False, None),
        (redirect("https://elsewhere.example.org/"), Blame.TARGET, False, None),
        (Reply(status=400), Blame.MESSAGE, False, None),
        (Reply(status=413), Blame.MESSAGE, False, None),
        (Reply(delay=1.0), Blame.MOMENT, True, None),
        (Reply(reset=True), Blame.MOMENT, True, None),
        (Reply(raw=b"what?\r\n\r\n"), Blame.MOMENT, True, None),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Reply) else None,
)
def test_who_must_act(
    site: Loopback, reply: Reply, blame: Blame, ambiguous: bool, wait: int | None
) -> None:
    site.routes["/in"] = reply
    error = refusal(site.url("/in"))
    assert (error.blame, error.ambiguous) == (blame, ambiguous)
    assert error.retry_after == (timedelta(seconds=wait) if wait else None)
    assert len(site.requests) == 1, "no redirect is followed, nothing is repeated here"


def test_nobody_there_is_the_moments_fault_and_nothing_was_sent() -> None:
    error = refusal("http://127.0.0.1:9/hunter2")
    assert (error.blame, error.ambiguous) == (Blame.MOMENT, False)


def test_a_repeat_says_so(site: Loopback) -> None:
    notifier(site.url("/in")).send(TARGET, MESSAGES[0], key="k-7", ambiguous=True)
    assert json.loads(site.requests[0].body)["repeat"] is True


class GoneError(Exception):
    """What an outbox raises when somebody else has the claim."""


def gone(*, blind: bool) -> None:
    assert not blind, "a program knows what it has: a repeat is never one too many"
    raise GoneError


@pytest.mark.parametrize("ambiguous", [False, True])
def test_nothing_is_posted_before_it_is_written_down(site: Loopback, ambiguous: bool) -> None:
    with pytest.raises(GoneError):
        notifier(site.url("/in")).send(
            TARGET, MESSAGES[0], key="k-7", ambiguous=ambiguous, hand_over=gone
        )
    assert site.requests == []


def test_a_webhook_that_is_not_configured_waits_for_the_operator() -> None:
    with pytest.raises(DeliveryError) as caught:
        WebhookNotifier([]).send(TARGET, MESSAGES[0], key="7", ambiguous=False)
    assert caught.value.blame is Blame.TARGET
