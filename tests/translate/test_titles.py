"""Titles are translated ahead of being asked for: newest first, within the budget, without a loop of failures."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.flows.house import SetClock
from tests.loopback import Loopback, Reply
from tests.store.samples import NOW, OPS, after, item, show
from watcher import titles as flow
from watcher.gloss import Translation, gloss, reading
from watcher.gloss.reading import GLOSSARY
from watcher.model import EnglishTitle
from watcher.settings import Secret, Translate
from watcher.store import Store
from watcher.store.translations import Translations
from watcher.titles import Titles, needs_translation
from watcher.translate import Answer, DeepL, TranslateError


@dataclass
class Interpreter:
    """A translator that answers what it is told to, and remembers what it was asked."""

    answer: Callable[[str], Answer] = lambda title: Answer(text=f"English of {len(title)}")
    most: int = 2
    name: str = "Interpreter"
    asked: list[str] = field(default_factory=list)
    failure: TranslateError | None = None

    def translate(self, titles: Sequence[str]) -> list[Answer]:
        self.asked += titles
        if self.failure is not None:
            raise self.failure
        return [self.answer(title) for title in titles]

    def close(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path}/watcher.db", tmp_path) as opened:
        opened.db.upgrade()
        yield opened


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def someone() -> Interpreter:
    return Interpreter()


@pytest.fixture
def titles(store: Store, clock: SetClock, someone: Interpreter) -> Titles:
    return Titles(store=store, translator=someone, budget=10_000, clock=clock, operators=(OPS,))


def publish(store: Store, *papers: str, now: datetime = NOW) -> None:
    show(store, *(item(f"w{now:%H%M}{n}", title=title) for n, title in enumerate(papers)), now=now)


def named(n: int) -> str:
    return f"灯具局关于第{n}次巡灯的通知"


def test_each_title_is_asked_for_once(store: Store, titles: Titles, someone: Interpreter) -> None:
    publish(store, named(1), named(2), named(3))
    assert titles.translate_due() == 3
    assert titles.translate_due() == 0
    assert sorted(someone.asked) == [named(1), named(2), named(3)]
    kept = Translations(store.db).get([named(1)])
    assert kept == {named(1): Translation(text="English of 13", by="Interpreter")}


@pytest.mark.parametrize(
    "title",
    ["Notice on Lamps", "国务院关于《网络数据安全管理条例》的批复", "灯" * 301, "生成式人工智能服务管理暂行办法"],
    ids=["English", "known", "no title", "all known"],
)  # fmt: skip
def test_titles_that_need_no_translator(
    store: Store, titles: Titles, someone: Interpreter, title: str
) -> None:
    publish(store, title)
    assert (titles.translate_due(), someone.asked) == (0, [])


def test_the_newest_come_first_and_so_many_at_a_time(
    store: Store,
    titles: Titles,
    someone: Interpreter,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flow, "AT_ONCE", 2)
    for n in range(1, 4):
        publish(store, named(n), now=after(hours=n))
    clock.hands[0] = after(hours=9)
    assert [titles.translate_due() for _ in range(3)] == [2, 1, 0]
    assert someone.asked == [named(3), named(2), named(1)]


def test_the_budget_of_the_month_is_kept_and_ends_with_it(
    store: Store,
    titles: Titles,
    someone: Interpreter,
    clock: SetClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    titles.budget = 2 * len(named(1)) + 5
    publish(store, *(named(n) for n in range(1, 5)))
    assert [titles.translate_due() for _ in range(3)] == [2, 0, 0]
    assert len(someone.asked) == 2
    assert caplog.text.count("used up; titles show glosses until 2026-12-01") == 1
    clock.hands[0] = datetime(2026, 12, 1, tzinfo=UTC)
    assert titles.translate_due() == 2


def test_no_budget_is_no_translation(store: Store, titles: Titles, someone: Interpreter) -> None:
    titles.budget = 0
    publish(store, named(1))
    assert (titles.translate_due(), someone.asked) == (0, [])


def test_an_unusable_answer_is_charged_and_tried_again_later(
    store: Store, titles: Titles, someone: Interpreter, clock: SetClock
) -> None:
    someone.answer = lambda title: Answer(problem="the answer lost 1") if "1" in title else Answer(text="x")  # fmt: skip
    publish(store, named(1), named(2))
    assert [titles.translate_due(), titles.translate_due()] == [1, 0]
    kept = Translations(store.db)
    assert kept.spent(NOW) == 2 * len(named(1))
    someone.answer = lambda title: Answer(text="y")
    clock.hands[0] = after(hours=1)
    assert titles.translate_due() == 1
    assert kept.spent(NOW) == 3 * len(named(1))


def test_operators_hear_of_a_refusal_once_and_it_is_left_alone_for_a_day(
    store: Store, titles: Titles, someone: Interpreter, clock: SetClock
) -> None:
    someone.failure = TranslateError("DeepL: HTTP 456, the quota is used up", permanent=True)
    publish(store, named(1), named(2), named(3))
    for hour in range(72):
        clock.hands[0] = after(hours=hour)
        titles.translate_due()
    assert len(someone.asked) == 3 * someone.most
    (notice,) = [row for row in store.outbox.rows() if row["notice"]]
    assert notice["target"] == str(OPS)
    assert "quota" in str(notice["notice"])
    someone.failure = None
    clock.hands[0] = after(hours=72)
    assert titles.translate_due() == 3


def test_a_refusal_after_better_days_is_told_again(
    store: Store, titles: Titles, someone: Interpreter, clock: SetClock
) -> None:
    refusal = TranslateError("DeepL: HTTP 403, the key is refused", permanent=True)
    for day, failure in enumerate([refusal, None, refusal]):
        clock.hands[0] = after(days=day)
        someone.failure = failure
        publish(store, named(day), now=clock.hands[0])
        titles.translate_due()
    assert len([row for row in store.outbox.rows() if row["notice"]]) == 2


@pytest.mark.parametrize(
    ("wish", "first"),
    [(None, timedelta(minutes=1)), (timedelta(minutes=10), timedelta(minutes=10))],
)
def test_a_service_in_trouble_is_left_to_recover(
    store: Store,
    titles: Titles,
    someone: Interpreter,
    clock: SetClock,
    wish: timedelta | None,
    first: timedelta,
) -> None:
    someone.failure = TranslateError("DeepL: HTTP 429, too many requests", retry_after=wish)
    publish(store, *(named(n) for n in range(1, 7)))
    titles.translate_due()
    assert len(someone.asked) == someone.most  # the other batches of the look are given back
    clock.hands[0] = NOW + first - timedelta(seconds=1)
    titles.translate_due()
    assert len(someone.asked) == someone.most
    clock.hands[0] = NOW + first
    someone.failure = None
    assert titles.translate_due() == 4  # what was refused steps aside for an hour
    clock.hands[0] = after(hours=1)
    assert titles.translate_due() == 2
    assert [row for row in store.outbox.rows() if row["notice"]] == []


def test_a_title_the_service_will_not_take_does_not_stop_the_others(
    store: Store, titles: Titles, someone: Interpreter
) -> None:
    someone.most = 1
    refused = TranslateError("m: HTTP 400", about_titles=True)

    def answer(title: str) -> Answer:
        if "2" in title:
            raise refused
        return Answer(text="x")

    someone.answer = answer
    publish(store, named(1), named(2), named(3))
    assert titles.translate_due() == 2


def test_a_service_that_takes_no_title_at_all_is_told_of(
    store: Store, titles: Titles, someone: Interpreter
) -> None:
    someone.most = 1
    someone.failure = TranslateError("m: HTTP 400", about_titles=True)
    publish(store, *(named(n) for n in range(1, 12)))
    assert titles.translate_due() == 0
    assert len(someone.asked) == 5
    assert len([row for row in store.outbox.rows() if row["notice"]]) == 1


def test_it_stops_between_batches(store: Store, titles: Titles, someone: Interpreter) -> None:
    publish(store, *(named(n) for n in range(1, 6)))
    stop = threading.Event()

    def answer(title: str) -> Answer:
        stop.set()
        return Answer(text="x")

    someone.answer = answer
    assert titles.translate_due(stop) == 2
    assert titles.translate_due() == 3  # what was not asked for had been given back


def test_with_deepl_over_the_wire_and_on_to_the_reader(
    store: Store, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    publish(store, named(1), "风筝局关于放风筝的通知")
    said = b'{"translations": [{"text": "Kites\\nand orders"}, {"text": "Notice on the 1st lamp patrol"}]}'
    with (
        Loopback({"/v2/translate": Reply(body=said)}) as site,
        caplog.at_level(logging.DEBUG),
    ):
        key = Secret("hunter2", "env:K")
        deepl = DeepL(Translate(service="deepl", key=key, url=site.url("")))
        titles = Titles(store=store, translator=deepl, budget=1000, clock=clock)
        assert [titles.translate_due(), titles.translate_due()] == [1, 0]
        deepl.close()
        assert len(site.requests) == 1
    assert "hunter2" not in caplog.text
    documents = [listed.document for listed in store.papers.newest()]
    kept = Translations(store.db).get(document.title for document in documents)
    shown = {document.title: reading(document, kept) for document in documents}
    first, second = sorted(shown, key=lambda title: named(1) != title)
    assert shown[first] == EnglishTitle(
        text="Notice on the 1st lamp patrol", by="machine translation, DeepL", machine=True
    )
    assert shown[second] == EnglishTitle(text=gloss(second, documents[0].facts).text, by=GLOSSARY)


def test_need_is_told_by_the_gloss() -> None:
    assert needs_translation(named(1))
    assert not needs_translation("网络数据安全管理条例")
