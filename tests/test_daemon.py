"""The daemon's places: many lists at once, few at one host, and nobody held up by another's slowness."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from tests.flows.house import CONSOLE, OLD, SetClock, listing, source
from tests.loopback import Loopback, Reply, Request
from watcher import config as configuration
from watcher import daemon as daemons
from watcher.crew import AT_ONE_HOST, REFILL, Crew
from watcher.daemon import Daemon
from watcher.errors import StoreError
from watcher.parts import Parts
from watcher.settings import (
    Config,
    DetailRule,
    Network,
    Secret,
    Source,
    Subscription,
    Team,
    Translate,
)
from watcher.store import Store, open_store


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


# ---------------------------------------------------------------- a crew


class Desk:
    """Work that lasts until it is let go, and what became of it."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.failures: list[Exception] = []
        self.calls = 0
        self.may_end = threading.Semaphore(0)

    def work(self, name: str) -> Callable[[], None]:
        def run() -> None:
            self.begun.append(name)
            assert self.may_end.acquire(timeout=10)
            if name.startswith("bad"):
                raise ValueError(name)

        return run

    def call(self) -> None:
        self.calls += 1

    def let_go(self, count: int) -> None:
        self.may_end.release(count)


@contextmanager
def crew_of(places: int, desk: Desk) -> Iterator[Crew]:
    crew = Crew("test", places, desk.failures.append, desk.call)
    try:
        yield crew
    finally:
        desk.let_go(1000)
        crew.close()


def test_a_busy_host_fills_no_places() -> None:
    desk = Desk()
    with crew_of(8, desk) as crew:
        for n in range(20):
            crew.start("slow.test", desk.work(f"slow {n}"))
        assert not crew.takes("slow.test")
        assert crew.room == 8 - AT_ONE_HOST
        crew.start("other.test", desk.work("other"))
        until(lambda: "other" in desk.begun)
        assert len(desk.begun) == AT_ONE_HOST + 1


def test_what_waits_for_a_host_is_done_in_order_and_its_place_given_back() -> None:
    desk = Desk()
    with crew_of(8, desk) as crew:
        for n in range(5):
            crew.start("one.test", desk.work(str(n)))
        desk.let_go(5)
        until(lambda: crew.room == 8)
        assert desk.begun == sorted(desk.begun)
        assert len(desk.begun) == 5
        assert crew.takes("one.test")


def test_a_failure_is_handed_on_and_costs_no_place() -> None:
    desk = Desk()
    with crew_of(4, desk) as crew:
        for name in ("bad 1", "bad 2", "good"):
            crew.start("one.test", desk.work(name))
        desk.let_go(3)
        until(lambda: crew.room == 4)
        assert sorted(map(str, desk.failures)) == ["bad 1", "bad 2"]
        assert desk.begun[-1] == "good"


@pytest.mark.parametrize(
    ("all_due", "ended", "calls"),
    [
        (False, 8 // REFILL - 1, 0),
        (False, 8 // REFILL, 1),
        (False, 8 // REFILL + 1, 1),
        (True, 7, 0),
        (True, 8, 1),
    ],
)
def test_it_calls_once_when_there_is_room_for_more_or_all_is_done(
    all_due: bool, ended: int, calls: int
) -> None:
    desk = Desk()
    with crew_of(8, desk) as crew:
        for n in range(8):
            crew.start(f"{n}.test", desk.work(str(n)))
        crew.served(all_due=all_due)
        desk.let_go(ended)
        until(lambda: crew.room == ended)
        time.sleep(0.02)
        assert desk.calls == calls


def test_a_closed_crew_leaves_what_waits() -> None:
    desk = Desk()
    crew = Crew("test", 4, desk.failures.append, desk.call)
    for n in range(6):
        crew.start("one.test", desk.work(str(n)))
    closing = threading.Thread(target=crew.close)
    closing.start()
    until(lambda: len(desk.begun) == AT_ONE_HOST)
    time.sleep(0.05)  # close() has been entered
    desk.let_go(6)
    closing.join(5)
    assert not closing.is_alive()
    assert len(desk.begun) == AT_ONE_HOST


# ---------------------------------------------------------------- the daemon


@contextmanager
def running(
    state: Path, sources: Sequence[Source], *, translate: Translate | None = None
) -> Iterator[tuple[Daemon, Store, SetClock]]:
    config = Config(
        path=state / "sources.yaml",
        state=state,
        network=Network(allow_addresses=("127.0.0.0/8",)),
        sources=tuple(sources),
        translate=translate,
    )
    clock = SetClock()
    with open_store(config) as store:
        daemon = Daemon(config, store, clock, StringIO())
        fatal: list[StoreError] = []

        def run() -> None:
            try:
                daemon.run()
            except StoreError as exc:
                fatal.append(exc)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield daemon, store, clock
        finally:
            daemon.stop()
            thread.join(10)
            assert not thread.is_alive()
        if fatal:
            raise fatal[0]


def lists(site: Loopback, name: str, count: int) -> list[Source]:
    """So many lists at one host."""
    found = []
    for n in range(count):
        path = f"/{name}/{n}.html"
        site.routes.setdefault(path, listing(*OLD))
        made = source(site, id=f"{name}-{n}", url=site.url(path))
        found.append(replace(made, detail=DetailRule(follow=False)))
    return found


def read_well(store: Store) -> set[str]:
    return {id_ for id_, state in store.sources.states().items() if state.last_good_at}


def test_all_that_is_due_is_asked_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(24)

    def meet(request: Request) -> Reply:
        together.wait(timeout=10)  # breaks, and is no answer, unless all are being asked
        return Reply(body=listing(*OLD))

    with ExitStack() as stack:
        sources = []
        for n in range(24):
            site = stack.enter_context(Loopback(host=f"127.0.0.{n + 2}"))
            site.routes[f"/{n}/0.html"] = meet
            sources += lists(site, str(n), 1)
        with running(tmp_path, sources) as (daemon, store, _):
            daemon.look()
            until(lambda: len(read_well(store)) == 24, 20)


def test_more_than_there_is_room_for_needs_no_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemons, "VISITS", 4)
    monkeypatch.setattr(daemons, "TICK", 60.0)
    with ExitStack() as stack:
        sites = [stack.enter_context(Loopback(host=f"127.0.0.{n}")) for n in range(2, 18)]
        sources = [one for n, site in enumerate(sites) for one in lists(site, str(n), 1)]
        with running(tmp_path, sources) as (daemon, store, _):
            daemon.look()
            until(lambda: len(read_well(store)) == len(sources), 20)


def test_many_that_were_never_read_are_asked_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemons, "VISITS", 9)
    monkeypatch.setattr(daemons, "FIRST_VISITS", 3)
    monkeypatch.setattr(daemons, "HOUSE", 0.2)
    with ExitStack() as stack:
        sites = [stack.enter_context(Loopback(host=f"127.0.0.{n}")) for n in range(2, 11)]
        for n, site in enumerate(sites):
            site.routes[f"/{n}/0.html"] = Reply(body=listing(*OLD), delay=1)
        sources = [one for n, site in enumerate(sites) for one in lists(site, str(n), 1)]

        def asked() -> int:
            return sum(len(site.requests) for site in sites)

        with running(tmp_path, sources) as (daemon, store, clock):
            daemon.look()
            until(lambda: asked() == 3)
            time.sleep(0.3)
            assert asked() == 3
            until(lambda: len(read_well(store)) == len(sources), 20)
            time.sleep(0.5)  # until house is kept
            before = asked()
            clock.pass_(hours=1)
            daemon.look()
            until(lambda: asked() == before + len(sources), 1.9)


def test_a_slow_host_of_many_lists_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemons, "VISITS", 4)
    with Loopback() as slow, Loopback(host="127.0.0.2") as quick:
        for n in range(10):
            slow.routes[f"/a/{n}.html"] = Reply(body=listing(*OLD), delay=5)
        sources = [*lists(slow, "a", 10), *lists(quick, "b", 3)]
        with running(tmp_path, sources) as (daemon, store, _):
            daemon.look()
            until(lambda: read_well(store) == {"b-0", "b-1", "b-2"}, 4)
            assert len(slow.requests) == AT_ONE_HOST


def test_lists_of_one_host_are_all_read_in_the_end(tmp_path: Path) -> None:
    with Loopback() as site:
        sources = lists(site, "a", 9)
        with running(tmp_path, sources) as (daemon, store, clock):
            daemon.look()
            until(lambda: len(read_well(store)) == 9, 20)
            clock.pass_(hours=1)
            daemon.look()
            until(lambda: len(site.requests) == 18)
            daemon.look()
            until(
                lambda: all(s.last_read_at == clock.now() for s in store.sources.states().values())
            )


def test_it_stops_at_once_in_the_middle_of_many(tmp_path: Path) -> None:
    with Loopback() as site:
        sources = lists(site, "a", 8)
        for n in range(8):
            site.routes[f"/a/{n}.html"] = Reply(body=listing(*OLD), delay=30)
        with running(tmp_path, sources) as (daemon, _store, _clock):
            daemon.look()
            until(lambda: len(site.requests) == AT_ONE_HOST)
            began = time.monotonic()
        assert time.monotonic() - began < 2
        with open_store(Config(path=tmp_path / "x", state=tmp_path)) as again:
            failures = [s.failures for s in again.sources.states().values()]
        assert failures == [0] * 8, "being stopped is nobody's fault"


def test_it_does_not_wait_for_a_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemons, "TRANSLATE", 0.1)
    monkeypatch.setattr(daemons, "STOP_WITHIN", 60.0)
    with Loopback() as site:
        site.routes["/v2/translate"] = Reply(delay=30)
        (one,) = lists(site, "a", 1)
        key, patience = Secret("k", "env:K"), timedelta(seconds=7)
        slow = Translate(service="deepl", key=key, url=site.url(""), timeout=patience)
        with running(tmp_path, [one], translate=slow) as (daemon, _store, _clock):
            daemon.look()
            until(lambda: any(r.method == "POST" for r in site.requests))
            began = time.monotonic()
        assert time.monotonic() - began < 4


def test_a_failing_database_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("database: gone")

    with (
        Loopback() as site,
        pytest.raises(StoreError, match="gone"),
        running(tmp_path, lists(site, "a", 1)) as (daemon, store, _),
    ):
        monkeypatch.setattr(store.sources, "claim_due", fail)
        daemon.look()
        until(lambda: daemon.stopped)


def test_a_bug_in_one_call_does_not_stop_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(*_: object) -> None:
        raise ZeroDivisionError

    with Loopback() as site, running(tmp_path, lists(site, "a", 1)) as (daemon, store, _):
        with monkeypatch.context() as patch:
            patch.setattr(store.papers, "claim_due", trip)
            daemon.look()
            until(lambda: "a bug in _start_due" in caplog.text)
        daemon.look()
        until(lambda: read_well(store) == {"a-0"})
        assert not daemon.stopped


def test_the_daemon_greets_and_reminds_while_it_keeps_house(tmp_path: Path) -> None:
    """A team without sources to wait for is greeted when the daemon takes it up, once."""
    everyone = Team(
        id="law", name="Law", timezone="UTC", to=(CONSOLE,), subscriptions=(Subscription(id="all"),)
    )
    config = Config(path=tmp_path / "sources.yaml", state=tmp_path, teams=(everyone,))
    with open_store(config) as store:
        daemon = Daemon(config, store, SetClock(), StringIO())
        (row,) = store.outbox.rows()  # before the first visit, which may find a paper for it
        daemon._keep_house()
        daemon._keep_house()
        assert store.outbox.rows() == [row]
        assert (row["letter"], row["state"]) == ({"kind": "greeting"}, "owed")
        assert row["due_at"] == SetClock().now()
        daemon._senders.shutdown()
        daemon.parts.fetcher.close()


def test_a_file_written_while_it_is_taken_up_is_taken_up_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sources.yaml"
    text = "defaults: {{timezone: {}}}\nsources:\n  - {{id: lamps, kind: listing, url: 'https://x.example/'}}\n"
    path.write_text(text.format("UTC"), encoding="utf-8")
    config = configuration.load(path)
    with open_store(config) as store:
        daemon = Daemon(config, store, SetClock(), StringIO())
        take_up = daemon._take_up

        def while_somebody_writes(parts: Parts) -> None:
            take_up(parts)
            path.write_text(text.format("Europe/Berlin"), encoding="utf-8")

        path.write_text(text.format("Asia/Tokyo"), encoding="utf-8")
        monkeypatch.setattr(daemon, "_take_up", while_somebody_writes)
        daemon._reload()
        monkeypatch.setattr(daemon, "_take_up", take_up)
        daemon._reload()
        assert daemon.parts.config.timezone == "Europe/Berlin"
        daemon._senders.shutdown()
        daemon.parts.fetcher.close()
