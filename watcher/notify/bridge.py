"""The bridge to Apprise (extra `apprise`): Teams, Feishu, DingTalk, WeCom, Telegram and others.

Apprise answers yes or no, and nothing about why: whatever fails is tried again as the moment's
fault, and an operator reads the reason in Apprise's own words.
"""

import logging
from collections.abc import Iterable
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from watcher.errors import Blame, ConfigError, DeliveryError
from watcher.model import Message
from watcher.notify.notifier import HandOver, Sent, scrubbed, unrecorded
from watcher.render.repeat import possible_repeat
from watcher.settings import AppriseChannel, Target

SERVICES = frozenset(
    [
        "dingtalk",
        "discord",
        "feishu",
        "gchat",
        "gotify",
        "gotifys",
        "json",
        "jsons",
        "lark",
        "line",
        "matrix",
        "matrixs",
        "mmost",
        "mmosts",
        "ntfy",
        "ntfys",
        "pover",
        "rocket",
        "rockets",
        "signal",
        "signals",
        "tgram",
        "webex",
        "wecombot",
        "workflow",
        "workflows",
        "wxteams",
        "zulip",
    ]
)
"""Of Apprise's services those that are reached by HTTP alone: others run programs, write files or
speak to the desktop, and no configuration of ours should."""
_LONGEST = 4_000  # characters said of a failure


class AppriseNotifier:
    """Sends through one Apprise service for each of `channels`; ConfigError where one cannot be."""

    def __init__(self, channels: Iterable[AppriseChannel]) -> None:
        apprise = _apprise()
        self._apprise = apprise
        asset = apprise.AppriseAsset(
            app_id="watcher", app_desc="", app_url="", plugin_paths=[], secure_logging=True
        )
        self._services = {}
        problems: list[str] = []
        for channel in channels:
            try:
                self._services[channel.id] = (channel, _service(apprise, asset, channel))
            except ConfigError as exc:
                problems += exc.problems
        if problems:
            raise ConfigError(problems)

    def send(
        self,
        target: Target,
        message: Message,
        *,
        key: str,
        ambiguous: bool,
        thread: str = "",
        hand_over: HandOver = unrecorded,
    ) -> Sent:
        """Send once; Apprise splits what a service takes only in parts."""
        found = self._services.get(target.address)
        if found is None:
            raise DeliveryError(f"{target} is not configured", blame=Blame.TARGET)
        channel, service = found
        told = possible_repeat(message) if ambiguous else message
        text = told.text.encode("utf-8", "backslashreplace").decode("utf-8")
        hand_over(blind=ambiguous)
        with self._apprise.LogCapture(level=logging.WARNING) as said:
            try:
                # the service's own method: Apprise.notify() would take a failure of one for success
                taken = service.notify(
                    body=text, title=told.subject, body_format=self._apprise.NotifyFormat.TEXT
                )
            except Exception as exc:  # noqa: BLE001  # a plugin's bug, or what a broken connection raises in it
                why = scrubbed(f"{target}: {type(exc).__name__}: {exc}", [channel.url])
                raise DeliveryError(why, blame=Blame.MOMENT, ambiguous=True) from None
            words = said.getvalue()[:_LONGEST]
        if not taken:
            raise DeliveryError(
                scrubbed(f"{target}: {words or 'refused without a word'}", [channel.url]),
                blame=Blame.MOMENT,
            )
        return Sent(receipt=f"{urlsplit(channel.url.reveal()).scheme} took {key}")


def _apprise() -> ModuleType:
    try:
        import apprise
    except ImportError:
        raise ConfigError(
            ["channels.apprise needs the extra 'apprise': pip install 'watcher[apprise]'"]
        ) from None
    return apprise


def _service(apprise: Any, asset: Any, channel: AppriseChannel) -> Any:
    """The service of an address; its credential is in no message."""
    scheme = channel.url.reveal().partition("://")[0].lower()
    if scheme == "https":  # the address that Teams, Feishu and others give out is one Apprise knows
        wanted = "an address that Apprise knows by its service"
    elif scheme not in SERVICES:
        raise ConfigError(
            [
                f"channels.apprise: {channel.id}: {channel.url.origin} is of no service we speak to "
                f"by HTTP; one of {', '.join(sorted(SERVICES))}"
            ]
        )
    else:
        wanted = f"a whole {scheme}:// address"
    service = apprise.Apprise.instantiate(channel.url.reveal(), asset=asset)
    if service is None or not _speaks_http(service):
        raise ConfigError(
            [f"channels.apprise: {channel.id}: {channel.url.origin} does not hold {wanted}"]
        )
    service.overflow_mode = apprise.OverflowMode.SPLIT
    return service


def _speaks_http(service: Any) -> bool:
    """Whether what Apprise made of an address is one of our services, whatever name it came by."""
    names: set[str] = set()
    for given in (service.protocol, service.secure_protocol):
        names.update([given] if isinstance(given, str) else given or ())
    return bool(names & SERVICES)
