"""The bridge to Apprise over a real loopback server (its service `json://`)."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import Loopback, Reply
from tests.render.lamps import NEW_DRAFT, NOW
from watcher.errors import Blame, ConfigError, DeliveryError
from watcher.model import Message
from watcher.notify.bridge import SERVICES, AppriseNotifier
from watcher.render import render_alerts
from watcher.settings import AppriseChannel, Secret, Target

TARGET = Target(kind="apprise", address="chat")
MESSAGE = render_alerts("apprise", [NEW_DRAFT], NOW)


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback({"/hunter2": b"ok"}) as site:
        yield site


def notifier(url: str) -> AppriseNotifier:
    return AppriseNotifier([AppriseChannel(id="chat", url=Secret(url, "env:CHAT"))])


def address(site: Loopback) -> str:
    return site.url("/hunter2").replace("http://", "json://") + "?rto=0.4&cto=0.4"


def test_a_message_arrives_whole(site: Loopback) -> None:
    sent = notifier(address(site)).send(TARGET, MESSAGE, key="k-7", ambiguous=False)
    assert sent.receipt == "json took k-7"
    body = json.loads(site.requests[0].body)
    assert body["title"] == MESSAGE.subject
    assert "智能灯具数据管理办法" in body["message"]
    assert "29 days left" in body["message"]


def test_a_repeat_says_so(site: Loopback) -> None:
    notifier(address(site)).send(TARGET, MESSAGE, key="k-7", ambiguous=True)
    assert json.loads(site.requests[0].body)["title"].startswith("Possible repeat · ")


def test_a_long_message_is_split_and_nothing_cut_off(site: Loopback) -> None:
    lines = [f"第{n}条 应当报告。" for n in range(9000)]
    long = Message(subject="s", text="\n".join(lines))
    notifier(address(site)).send(TARGET, long, key="7", ambiguous=False)
    parts = [json.loads(request.body)["message"] for request in site.requests]
    assert len(parts) > 1
    assert all(any(line in part for part in parts) for line in lines[::997])


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(status=403), Reply(delay=1.0)])
def test_a_refusal_is_tried_again_and_says_why_without_the_address(
    site: Loopback, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    site.routes["/hunter2"] = reply
    with caplog.at_level(logging.DEBUG), pytest.raises(DeliveryError) as caught:
        notifier(address(site)).send(TARGET, MESSAGE, key="7", ambiguous=False)
    assert caught.value.blame is Blame.MOMENT
    assert str(caught.value) != "apprise:chat: refused without a word"
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "dbus://",
        "syslog://",
        "macosx://",
        "windows://",
        "gnome://",
        "glib://",
        "blink1://",
        "exec:///bin/true",
        "file:///etc/passwd",
        "mailto://hunter2@example.org",
        "tgram://",
        "nothing",
    ],
)
def test_only_services_reached_by_http(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        notifier(url)
    assert "channels.apprise: chat: env:CHAT" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_the_check_of_a_configuration_tells_every_address_that_no_service_takes(
    tmp_path: Path,
) -> None:
    """The daemon would not start with it."""
    channels = [
        {"id": "one", "url": "env:ONE"},
        {"id": "two", "url": "env:TWO"},
        {"id": "good", "url": "env:GOOD"},
    ]
    file = tmp_path / "sources.yaml"
    file.write_text(
        json.dumps(
            {
                "sources": [{"id": "a", "kind": "feed", "url": "https://a.example/"}],
                "channels": {"apprise": channels},
            }
        )
    )
    named = {"ONE": "syslog://", "TWO": "mailto://hunter2@example.org", "GOOD": "feishu://12345678"}
    done = subprocess.run(
        [sys.executable, "-m", "watcher", "--config", str(file), "check"],
        env=os.environ | named,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "one: env:ONE is of no service" in done.stderr
    assert "two: env:TWO is of no service" in done.stderr
    assert "good" not in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    "url",
    [
        "feishu://01234567-89ab-cdef-0123-456789abcdef",
        "dingtalk://" + "a" * 64,
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/12315544/",
        # as Teams, WeCom and Lark give them out
        "https://prod-29.westus.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64"
        "/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&sig=KODuebWbDG",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=01234567-89ab-cdef-0123-456789abcdef",
        "https://open.larksuite.com/open-apis/bot/v2/hook/01234567-89ab-cdef-0123-456789abcdef",
    ],
)
def test_the_addresses_of_docs_channels_are_known(url: str) -> None:
    notifier(url)


def test_every_service_named_is_one_of_apprises() -> None:
    import apprise

    known = {
        name
        for service in apprise.Apprise().details()["schemas"]
        for key in ("protocols", "secure_protocols")
        for name in service[key] or ()
    }
    assert known >= SERVICES


def test_without_the_extra_it_is_a_fault_of_the_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError, match="watcher\\[apprise\\]"):
        notifier("json://127.0.0.1/")
