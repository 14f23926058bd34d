"""What a translator made of titles is kept, charged by the month, and asked for once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.store.samples import NOW, after
from watcher.gloss import Translation
from watcher.store import Store
from watcher.store.translations import LEASE, Translations

LAMPS = "灯具局关于加强路灯管理的通知"
KITES = "风筝局关于2024年风筝节的公告"


def named(n: int) -> str:
    return f"第{n}号路灯公告"


@pytest.fixture
def kept(store: Store) -> Translations:
    return Translations(store.db)


def test_what_is_put_is_got_by_the_title_as_given(kept: Translations) -> None:
    kept.claim([LAMPS, KITES], NOW)
    kept.put({LAMPS: "Notice on street lamps"}, "DeepL", NOW)
    made = Translation(text="Notice on street lamps", by="DeepL")
    spaced = f" {LAMPS}\n"
    assert kept.get([LAMPS, spaced, KITES, "other"]) == {LAMPS: made, spaced: made}
    assert made.mark == "machine translation, DeepL"


def test_nothing_is_asked_for_nothing(kept: Translations) -> None:
    assert (kept.get([]), kept.asked([], NOW), kept.claim([], NOW), kept.spent(NOW)) == (
        {},
        set(),
        [],
        0,
    )


def test_more_titles_than_one_query_takes(kept: Translations) -> None:
    titles = [named(n) for n in range(1200)]
    assert kept.claim(titles, NOW) == titles
    kept.put(dict.fromkeys(titles, "x"), "DeepL", NOW)
    assert len(kept.get(titles)) == 1200
    assert kept.asked([*titles, LAMPS], NOW) == set(titles)


def test_a_claimed_title_is_given_to_nobody_else_until_its_lease_ends(kept: Translations) -> None:
    assert kept.claim([LAMPS, LAMPS], NOW) == [LAMPS]
    assert kept.asked([LAMPS, KITES], NOW) == {LAMPS}
    assert kept.claim([LAMPS, KITES], NOW) == [KITES]
    assert kept.claim([LAMPS], NOW + LEASE) == [LAMPS]


def test_two_nodes_share_the_titles(kept: Translations) -> None:
    titles = [named(n) for n in range(60)]
    with ThreadPoolExecutor(2) as nodes:
        one, other = nodes.map(lambda each: kept.claim(each, NOW), [titles, titles[::-1]])
    assert sorted(one + other) == sorted(titles)


def test_what_was_not_asked_for_is_given_back(kept: Translations) -> None:
    kept.claim([LAMPS], NOW)
    kept.release([LAMPS], NOW)
    assert kept.claim([LAMPS], NOW) == [LAMPS]
    assert kept.spent(NOW) == 0


def test_a_translated_title_is_never_claimed_again(kept: Translations) -> None:
    kept.claim([LAMPS], NOW)
    kept.put({LAMPS: "x"}, "DeepL", NOW)
    kept.release([LAMPS], NOW)
    assert kept.claim([LAMPS], after(days=400)) == []
    assert kept.asked([LAMPS], after(days=400)) == {LAMPS}


def test_failures_wait_longer_each_time(kept: Translations) -> None:
    now, pauses = NOW, []
    for _ in range(10):
        assert kept.claim([LAMPS], now) == [LAMPS]
        kept.fail([LAMPS], "too long", now, charged=False)
        hour = now
        while LAMPS in kept.asked([LAMPS], hour):
            hour += timedelta(hours=1)
        pauses.append((hour - now) // timedelta(hours=1))
        now = hour
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 168, 168]
    assert kept.spent(now) == 0


def test_characters_are_charged_for_answers_good_and_bad(kept: Translations) -> None:
    kept.claim([LAMPS, KITES], NOW)
    kept.put({LAMPS: "x"}, "DeepL", NOW)
    kept.fail([KITES], "lost 2024", NOW, charged=True)
    assert kept.spent(NOW) == len(LAMPS) + len(KITES)
    kept.claim([KITES], after(hours=2))
    kept.fail([KITES], "lost 2024", after(hours=2), charged=True)
    assert kept.spent(NOW) == len(LAMPS) + 2 * len(KITES)


@pytest.mark.parametrize(
    ("asked_at", "spent"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), len(LAMPS)),
        (datetime(2026, 12, 1, tzinfo=UTC), 0),
        (datetime(2027, 11, 5, tzinfo=UTC), 0),
    ],
)
def test_the_month_ends_in_utc(kept: Translations, asked_at: datetime, spent: int) -> None:
    kept.claim([LAMPS], NOW)
    kept.put({LAMPS: "x"}, "DeepL", datetime(2026, 11, 1, tzinfo=UTC))
    assert kept.spent(asked_at) == spent
