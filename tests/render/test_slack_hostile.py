"""Ten thousand random items, as bad as pages can be: Slack takes every message, and nothing in it acts."""

import html
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.render.lamps import DRAFT, NEW_DRAFT, NOW
from tests.render.test_hostile import LINKS, NASTY, rich_texts, unseen
from tests.slack_api import problems
from watcher.model import (
    Alert,
    Attachment,
    ChangeKind,
    Citation,
    Classification,
    EnglishTitle,
    Facts,
    Link,
    Message,
    PolicyTarget,
    Stage,
)
from watcher.posting import Posting
from watcher.render import render_alerts, render_notice
from watcher.render.slack_actions import CHOICES, MUTE, NOT_RELEVANT, OPEN_DIFF, REVIEWED, read

ITEMS = 10_000
SEED = 20261123
CHARS = "&<>@!#|*_~`，。《》（）[-]{+}\x00\x07\x1b\r\n\u202e\u2066\u200b\ud800灯具数据管理办法 abc123👩🇨🇳مש"
NESTED = [
    "{+<!channel>+} [-<@U1>-]",
    "[-[-[-[-",
    "{+" * 3000,
    "<http://evil.example|gov.cn>",
    "javascript:alert(1)",
    "&lt;!here&gt; &amp;lt;!here&amp;gt;",
    "```<!everyone>```",
    "<!date^1392734382^{date}|x>",
    "<mailto:all@example.org|Bureau>",
    "mailto:all@example.org tel:110 https://evil.example/?a=<b>",
]
SHORT = [text for text in NASTY if len(text) < 1000]
LONG = [text for text in NASTY if len(text) >= 1000]
_MARK = re.compile(r"<([^<>]*)>")
_LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")


def text(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(SHORT) + rng.choice(("", "", rng.choice(NESTED)))
    if kind < 0.4:
        return rng.choice(NESTED)
    if kind < 0.42:
        return rng.choice(LONG)
    if kind < 0.425:
        return rng.choice(CHARS) * 10_000
    return "".join(rng.choices(CHARS, k=rng.randrange(80)))


def texts(rng: random.Random, most: int = 4) -> tuple[str, ...]:
    return tuple(text(rng) for _ in range(rng.randrange(most + 1)))


def maybe(rng: random.Random, made: Callable[[random.Random], Any]) -> Any:
    return made(rng) if rng.random() < 0.6 else None


def facts(rng: random.Random) -> Facts:
    def day(r: random.Random) -> date:
        return date(2026, 10, 10) + timedelta(r.randrange(-9, 90))

    targets = tuple(
        PolicyTarget(
            quantity=text(rng), value=rng.choice((1, 2.5, (3, 9))), unit=text(rng), by_year=2030
        )
        for _ in range(rng.randrange(4))
    )
    return Facts(
        stage=maybe(rng, lambda r: r.choice(list(Stage))),
        round=rng.choice((None, 2, 9)),
        doc_number=maybe(rng, text),
        bodies=texts(rng),
        issuer=maybe(rng, text),
        deadline=maybe(rng, day),
        deadline_quote=maybe(rng, text),
        comments_to=texts(rng),
        effective=maybe(rng, day),
        targets=targets,
        cites=tuple(Citation(title=t, relation="repeals") for t in texts(rng, 2)),
    )


def item(rng: random.Random, number: int) -> Alert:
    """One alert of any kind about a paper that says anything."""

    def paper(id_: int) -> Any:
        return replace(
            DRAFT,
            id=id_,
            title=text(rng),
            aka=texts(rng, 2),
            url=rng.choice(
                (None, rng.choice(LINKS), text(rng), "https://lamp.example/a?b=1&c=<2>")
            ),
            text=text(rng),
            attachments=tuple(Attachment(name=n, url="x") for n in texts(rng)),
            classification=Classification(primary=text(rng), secondary=texts(rng)),
            facts=facts(rng),
            section=rng.choice((None, None, "corporate")),
        )

    return Alert(
        kind=rng.choice(list(ChangeKind)),
        document=paper(number),
        reason=text(rng),
        source_name=text(rng),
        seen_at=NEW_DRAFT.seen_at,
        timezone=rng.choice(("Europe/Berlin", "Asia/Shanghai", "America/New_York")),
        was=maybe(rng, text),
        draft=maybe(rng, lambda _: paper(number + ITEMS)),
        link=maybe(rng, lambda r: Link(draft="1", final="2", state="linked", score=0.5)),
        diff_summary=maybe(rng, text),
        diff_summary_zh=maybe(rng, text),
        diff_points=texts(rng),
        review=maybe(rng, text),
        sightings=texts(rng),
        english=maybe(rng, lambda r: EnglishTitle(text=text(r), by=text(r), machine=True)),
        delivery=f"{number:032x}",
        posting=Posting(
            team="lamp-law",
            subscription=rng.choice(("", "drafts", "s" * 200)),
            pressable=rng.random() < 0.5,
            since=text(rng),
            reviewed=rng.choice(("", "", text(rng))),
        ),
    )


# ---------------------------------------------------------------- what is checked


def mrkdwn(value: Any) -> Iterator[str]:
    """Every text in which Slack reads marks."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            assert value["verbatim"] is True  # else addresses and names become links
            yield value["text"]
        for each in value.values():
            yield from mrkdwn(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from mrkdwn(each)


def links_in(text: str) -> list[str]:
    """The addresses of all <…> of a mrkdwn text; fails for a mention, a date, a bare entity."""
    assert not _LONE_AMPERSAND.search(text)
    addresses = []
    for inside in _MARK.findall(text):
        address, bar, label = inside.partition("|")
        assert bar and label, inside
        assert address.startswith(("http://", "https://")), inside
        addresses.append(html.unescape(address))
    bare = _MARK.sub("", text)
    assert "<" not in bare and ">" not in bare
    return addresses


def meant(alert: Alert) -> set[str]:
    from watcher.render.scraped import web_link

    return {url for url in map(web_link, (alert.document.url,)) if url}


def check(message: Message, alerts: Sequence[Alert]) -> None:
    assert problems(message.blocks) == []  # slack_sdk's own models first
    json.dumps(message.blocks).encode()  # a lone surrogate would not be sent
    assert 0 < len(message.subject) <= 1000
    assert "\n" not in message.subject
    assert links_in(message.subject) == []
    ours = set().union(*map(meant, alerts)) if alerts else set()
    for text in mrkdwn(message.blocks):
        assert set(links_in(text)) <= ours
        assert unseen(text) == []
    for text in rich_texts(message.blocks):
        assert unseen(text) == []
    for block in message.blocks:
        if block["type"] == "header":
            assert unseen(block["text"]["text"]) == []
        if block["type"] == "actions":
            check_buttons(block["elements"], alerts[0], ours)


def check_buttons(elements: Sequence[Any], alert: Alert, ours: set[str]) -> None:
    assert alert.posting.pressable
    assert len({element["action_id"] for element in elements}) == len(elements)
    for element in elements:
        if "url" in element:
            assert element["url"] in ours
            continue
        options = element.get("options", [element])
        for one in options:
            pressed = read(one["value"])
            assert pressed is not None
            assert (pressed.document, pressed.delivery) == (alert.document.id, alert.delivery)
            menu = element["action_id"] == MUTE
            assert pressed.action in (CHOICES if menu else (OPEN_DIFF, REVIEWED, NOT_RELEVANT))


# ---------------------------------------------------------------- the laws


def test_ten_thousand_items() -> None:
    """Half of them as alerts of their own, half in digests of up to 25 papers."""
    rng = random.Random(SEED)
    made = [item(rng, n + 1) for n in range(ITEMS)]
    alone, digested = made[: ITEMS // 2], made[ITEMS // 2 :]
    for alert in alone:
        check(render_alerts("slack", [alert], NOW), [alert])
    start = 0
    while start < len(digested):
        batch = digested[start : start + rng.randrange(2, 26)]
        check(render_alerts("slack", batch, NOW, text(rng)), batch)
        start += len(batch)


def test_notices() -> None:
    rng = random.Random(SEED)
    for _ in range(300):
        check(render_notice("slack", text(rng), texts(rng, 40)), [])


@pytest.mark.parametrize(
    "spoiled",
    [
        "<!channel>",
        "<@U1>",
        "<#C1|lamps>",
        "<mailto:a@b.c|d>",
        "<javascript:alert(1)|x>",
        "a < b",
        "a & b",
    ],
)
def test_the_check_itself_sees_what_acts(spoiled: str) -> None:
    with pytest.raises(AssertionError):
        links_in(spoiled)
