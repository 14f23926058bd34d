"""What people in Slack are answered: valid and harmless whatever was scraped or typed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.slack_api import problems, view_problems
from watcher.render.slack_actions import Pressed
from watcher.render.slack_answers import (
    Line,
    answer,
    blocks_of,
    bold,
    closing,
    code,
    hearing,
    linked,
    sector_form,
)
from watcher.render.slack_home import TeamCard, home
from watcher.settings import Subscription

hostile = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        [
            "<!channel>",
            "<@U0ANN001> & <https://evil.example|gov.cn>",
            "*b* _i_ ~s~ `c`",
            "数据安全，" * 2000,
            "\x00\u202e\ud800\U000e0041",
            "&" * 5000,
            "",
        ]
    ),
)
urls = st.sampled_from(
    [None, "javascript:alert(1)", "https://a.cn/x|y>", "https://a.cn/" + "x" * 4000, "https://a.cn"]
)


def injected(made: object) -> list[str]:
    """What Slack would take for a mention, or for a link that we did not make."""
    text = json.dumps(made, ensure_ascii=False)
    return [
        each
        for each in ("<!", "<@", "<#", "<https://evil", "<javascript", "\ud800")
        if each in text
    ]


@settings(max_examples=150, deadline=None)
@given(hostile, hostile, hostile, urls, st.integers(0, 60))
def test_an_answer_is_valid_and_harmless(
    one: str, two: str, three: str, url: str | None, count: int
) -> None:
    lines: list[str | Line] = [one or "x", bold(two or "x"), code(three or "x")]
    lines += [linked(one, two, three or "x", two, url)] * count
    undo = Pressed(action="reviewed", document=1, delivery="k", team="t", subscription="s")
    made = answer(lines, [one, two], undo=undo)
    assert problems(made["blocks"]) == []
    assert injected(made) == []
    assert view_problems(closing(lines[:3])) == []


@settings(max_examples=100, deadline=None)
@given(hostile, hostile, st.dictionaries(st.text(min_size=1, max_size=60), hostile, max_size=120))
def test_a_form_is_valid_whatever_sectors_there_are(
    title: str, now: str, sectors: dict[str, str]
) -> None:
    form = sector_form("k" * 32, title or "x", now, sectors)
    assert view_problems(form) == []
    assert injected(form) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(hostile, max_size=30), hostile, st.integers(0, 30), st.integers(0, 99))
def test_a_page_is_valid_however_much_there_is(
    words: list[str], one: str, cards: int, more: int
) -> None:
    card = TeamCard(name=one or "x", where=one, hears=words)
    papers = [linked(one, one, one or "x", one, None)] * cards
    view = home([card] * cards, papers, more, one, ["how"])
    assert view_problems(view) == []
    assert injected(view) == []


def test_what_there_is_no_room_for_is_counted() -> None:
    blocks = blocks_of(["《办法》" * 50] * 300, ["how to change it"])
    assert problems(blocks) == []
    shown = sum(block["text"]["text"].count("\n") + 1 for block in blocks[:-1])
    small = blocks[-1]["elements"][0]["text"]
    assert small == f"{300 - shown} more that there is no room for\nhow to change it"


@pytest.mark.parametrize(
    ("wants", "words"),
    [
        (Subscription(id="a"), "papers of every sector"),
        (Subscription(id="a", require=("稀土",)), "papers with 稀土"),
        (
            Subscription(id="a", keywords=("稀土",)),
            "papers of every sector and any paper with 稀土",
        ),
        (
            Subscription(
                id="a",
                sectors=("data-security", "energy"),
                require=("稀土", "石墨"),
                stages=("final", "draft_for_comments"),
                bodies=("MIIT",),
                exclude=("招聘",),
            ),
            "papers of Data governance & security or Energy & power with 稀土 or 石墨 "
            "(only finals or drafts for comment) by MIIT without 招聘",
        ),
    ],
)
def test_what_a_subscription_hears_is_a_sentence(wants: Subscription, words: str) -> None:
    said = hearing(wants)
    assert said == words
