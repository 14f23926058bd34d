"""The daemon: polls, reads and delivers what the database says is due. The only user of apscheduler."""

import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import urlsplit

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from watcher import config as configuration
from watcher import reread
from watcher.clock import Clock
from watcher.crew import Crew
from watcher.errors import ConfigError, StoreError
from watcher.health import to_read, to_visit
from watcher.parts import Parts, assemble
from watcher.settings import Config, Source, Target
from watcher.store import Store
from watcher.store.sources import SourceState, Unchanged
from watcher.teams import Registrar

if TYPE_CHECKING:
    from watcher.notify.socket import Envelope, SlackSocket

log = logging.getLogger(__name__)

TICK = 0.5  # real seconds between looks at what is due
HOUSE = 10.0
TRANSLATE = 60.0
HEALTH = timedelta(hours=1)
VISITS = 208
"""Lists asked for at once. They are waited for, not worked on: a place costs a thread of 20 kB and the page it
holds, and at 200 ms an answer 208 places ask for 1,000 a second: more would only contend for one processor."""
FIRST_VISITS = 64
"""As many of them while more lists than this were never read: each then waits with its page for one of two desks."""
READINGS = 16
"""Papers read at once, in places of their own, so that neither slow lists nor slow papers hold up the other."""
SENDERS = 8
STOP_WITHIN = 8.0  # real seconds that running work gets to end in


class Daemon:
    """Owns the loops of one state folder. `run` blocks until `stop` is called.

    One thread, that of `run`, decides what is visited and read: clock and crews call it.
    """

    parts: Parts

    def __init__(self, config: Config, store: Store, clock: Clock, console: TextIO) -> None:
        self.store = store
        self.clock = clock
        self.console = console
        self._stop = threading.Event()
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._fatal: StoreError | None = None
        self._visits = Crew("visit", VISITS, self._met, self._caller(self._start_visits))
        self._readings = Crew("read", READINGS, self._met, self._caller(self._start_readings))
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="send")
        self._lock = threading.Lock()
        self._sending: set[Target] = set()
        self._unchanged: list[Unchanged] = []
        self._config_seen = _changed_at(config)
        self._checked_at: datetime | None = None
        self._reread: tuple[str, datetime] | None = None
        self._socket: SlackSocket | None = None
        self._take_up(assemble(config, store, clock, console))

    def stop(self) -> None:
        """Safe in a signal handler: neither line waits for what the thread of `run` may hold."""
        self._stop.set()
        self.look()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def look(self) -> None:
        """Start what is due now, not at the next tick."""
        self._calls.put(self._start_due)

    def run(self) -> None:
        """Poll, read and deliver until stopped. Raises StoreError when the database fails."""
        scheduler = BackgroundScheduler(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        scheduler.add_listener(self._job_failed, EVENT_JOB_ERROR)
        for name, job, seconds in (
            ("look", self.look, TICK),
            ("deliver", self._deliver, TICK),
            ("keep house", self._caller(self._keep_house), HOUSE),
            ("read history again", self._read_again, HOUSE),
            ("translate", self._translate, TRANSLATE),
        ):
            scheduler.add_job(job, "interval", seconds=seconds, id=name, name=name)
        scheduler.start()
        self._listen()
        config = self.parts.config
        active = sum(source.enabled for source in config.sources)
        log.info("watching %d sources for %d teams", active, len(config.teams))
        try:
            while not self.stopped:
                self._answer_calls()
        finally:
            self._end(scheduler)
        if self._fatal is not None:
            raise self._fatal

    def _caller(self, work: Callable[[], None]) -> Callable[[], None]:
        return partial(self._calls.put, work)

    def _answer_calls(self) -> None:
        """Wait for a call and do what was called for, each thing once."""
        calls = [self._calls.get()]
        while not self._calls.empty():
            calls.append(self._calls.get())
        for work in dict.fromkeys(calls):
            if self.stopped:
                return
            try:
                work()
            except StoreError as exc:
                self._fail(exc)
            except Exception as exc:  # the next call may meet other work
                log.critical("a bug in %s", work.__name__, exc_info=exc)

    def _end(self, scheduler: BackgroundScheduler) -> None:
        log.info("stopping")
        guard = threading.Timer(STOP_WITHIN, self._leave)  # transactions are whole or not at all
        guard.daemon = True
        guard.start()
        if self.parts.titles is not None:  # a service may take longer to answer than we have
            self.parts.titles.translator.close()
        self._hang_up()
        scheduler.shutdown(wait=True)
        self.parts.fetcher.close()
        self._visits.close()
        self._readings.close()
        self._senders.shutdown(wait=True, cancel_futures=True)
        if self._fatal is None:
            self._flush()
        guard.cancel()

    def _leave(self) -> None:
        log.warning("work did not end within %s s; leaving it to its lease", STOP_WITHIN)
        logging.shutdown()
        os._exit(1 if self._fatal else 0)

    # ------------------------------------------------------------ what is due

    def _start_due(self) -> None:
        self._start_visits()
        self._start_readings()

    def _start_visits(self) -> None:
        """Record what is done, and visit what is due."""
        self._flush()
        parts, crew, room = self.parts, self._visits, self._visits.room
        if self._unread > FIRST_VISITS:
            room -= VISITS - FIRST_VISITS
        if room <= 0:
            return
        ids = [id_ for id_ in self._to_visit if crew.takes(self._hosts[id_])]
        due = self.store.sources.claim_due(ids, self.clock.now(), room)
        for state in due:
            source = self._to_visit[state.id]
            crew.start(self._hosts[source.id], partial(self._visit, parts, source, state))
        crew.served(all_due=len(due) < room)

    def _start_readings(self) -> None:
        """Read what papers are due."""
        parts, crew, room = self.parts, self._readings, self._readings.room
        if room == 0:
            return
        ids = [id_ for id_ in self._to_read if crew.takes(self._hosts[id_])]
        due = self.store.papers.claim_due(ids, self.clock.now(), room)
        for one in due:
            source = self._to_read[one.document.source_id]
            crew.start(self._hosts[source.id], partial(parts.follower.read, one, source))
        crew.served(all_due=len(due) < room)

    def _visit(self, parts: Parts, source: Source, state: SourceState) -> None:
        outcome = parts.poller.visit(source, state)
        if outcome.unchanged is not None:
            with self._lock:
                self._unchanged.append(outcome.unchanged)

    def _flush(self) -> None:
        """Record the visits that found nothing new, together."""
        with self._lock:
            visits, self._unchanged = self._unchanged, []
        self.store.sources.record_unchanged(visits)

    # ------------------------------------------------------------ other ticks

    def _deliver(self) -> None:
        for target in self.parts.deliverer.due_targets():
            with self._lock:
                if target in self._sending:
                    continue
                self._sending.add(target)
            self._senders.submit(self._drain, target).add_done_callback(self._look_at)

    def _drain(self, target: Target) -> None:
        try:
            self.parts.deliverer.drain(target, self._stop)
        finally:
            with self._lock:
                self._sending.discard(target)

    def _translate(self) -> None:
        """In the scheduler's own thread, so that nothing waits for the service."""
        if self.parts.titles is not None:
            self.parts.titles.translate_due(self._stop)

    def _keep_house(self) -> None:
        """See to a changed sources.yaml, stand-ins, what the calendar makes due, and who is silent."""
        self._reload()
        config, now = self.parts.config, self.clock.now()
        self._look_over(config)
        self.parts.greeter.tick()
        self.parts.reminder.tick()
        self.parts.briefer.tick()
        if self._checked_at is None:
            gc.freeze()  # what is loaded by now stays: looking through it again is a tenth of a visit
        if self._checked_at is None or now - self._checked_at >= HEALTH:
            self._checked_at = now
            self.parts.health.check()

    def _read_again(self) -> None:
        """Conclude anew what other rules concluded: at the start, when rules changed, and each hour.

        In the scheduler's own thread: it may take long.
        """
        understanding, now = self.parts.follower.understanding, self.clock.now()
        rules = understanding.fingerprint
        if self._reread and self._reread[0] == rules and now - self._reread[1] < HEALTH:
            return
        sources = self.parts.config.sources_by_id
        reread.apply(self.store, understanding, sources, self.clock, stop=self._stop)
        self._reread = (rules, now)

    def _reload(self) -> None:
        """Take up a changed sources.yaml or file of rules; a faulty one leaves the last good in force."""
        path = self.parts.config.path
        seen = _changed_at(self.parts.config)
        if seen == self._config_seen:
            return
        self._config_seen = seen
        try:
            config = configuration.load(path)
            parts = assemble(config, self.store, self.clock, self.console)
        except ConfigError as exc:
            problems = "; ".join(exc.problems)
            log.error("the last good configuration stays in force: %s", problems)  # noqa: TRY400 - the operator's fault, no traceback
            return
        old = self.parts
        self._take_up(parts)
        if (
            config.rules != old.config.rules
        ):  # what was written since it was loaded is taken up next
            self._config_seen = (seen[0], *_changed_at(config)[1:])
        old.fetcher.close()
        if _socket_key(old.config) != _socket_key(config):
            self._hang_up()
            self._listen()
        self.store.outbox.lift_suspensions()
        log.info("took up the changed %s", path)

    def _take_up(self, parts: Parts) -> None:
        sources = parts.config.sources
        ids = [source.id for source in sources]
        self.store.sources.sync(ids, self.clock.now())
        self.store.papers.rehome(ids)
        Registrar(self.store, parts.config).listen(self.clock.now())
        self._hosts = {source.id: urlsplit(source.url).netloc for source in sources}
        self._to_read = to_read(parts.config)
        self._look_over(parts.config)
        parts.greeter.tick()  # before the first visit: who was told of a paper already is not greeted
        self.parts = parts

    def _look_over(self, config: Config) -> None:
        """Say which sources are to be visited now, and how many of them were never read."""
        states = self.store.sources.states()
        self._to_visit = to_visit(config, states)
        self._unread = sum(states[id_].baseline_at is None for id_ in self._to_visit)

    # ------------------------------------------------------------ Slack's socket

    def _listen(self) -> None:
        """Let people in Slack act, where a bot's and an app's token are given."""
        slack = self.parts.config.slack
        if self.parts.interactions is None or slack is None or slack.app_token is None:
            return
        from watcher.notify.socket import SlackSocket  # slack_sdk takes a quarter of a second

        self._socket = SlackSocket(slack.app_token, self._answer, self._refused, slack.base_url)
        self._socket.start()

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _answer(self, envelope: "Envelope") -> Mapping[str, Any] | None:
        interactions = self.parts.interactions
        if interactions is None:
            return None
        try:
            return interactions.answer(envelope.kind, envelope.payload)
        except StoreError as exc:  # not acknowledged: Slack sends it to whoever listens next
            self._fail(exc)
            raise

    def _refused(self, why: str) -> None:
        """Tell operators that nobody hears what people do in Slack."""
        lines = [f"{why}. Until that is mended buttons and /watcher do nothing; alerts are sent as before.",
                 "Renew channels.slack.app_token (xapp-…, scope connections:write)."]  # fmt: skip
        subject, now = "Slack's socket cannot be opened", self.clock.now()
        log.warning("%s: %s", subject, " ".join(lines))
        try:
            self.store.outbox.notify(self.parts.config.operators, subject, lines, now)
        except StoreError as exc:
            self._fail(exc)

    # ------------------------------------------------------------ faults

    def _look_at(self, future: "Future[None]") -> None:
        if not future.cancelled() and isinstance(error := future.exception(), Exception):
            self._met(error)

    def _met(self, error: Exception) -> None:
        """One visit's bug must not stop the others; a failing database must stop everything."""
        if isinstance(error, StoreError):
            self._fail(error)
        else:
            log.critical(
                "a bug; the work it met is tried again when its lease ends", exc_info=error
            )

    def _job_failed(self, event: JobExecutionEvent) -> None:
        if isinstance(event.exception, StoreError):
            self._fail(event.exception)
        else:
            log.critical("a bug in tick %s", event.job_id, exc_info=event.exception)

    def _fail(self, error: StoreError) -> None:
        if self._fatal is None:
            log.critical("%s; stopping rather than losing or repeating alerts", error)
            self._fatal = error
        self.stop()


def run(config: Config, store: Store, clock: Clock, console: TextIO) -> None:
    """Run the daemon until SIGTERM or SIGINT. Raises LoopsTaken when another one runs on this state."""
    with store.loops():
        store.outbox.lift_suspensions()  # it may have been given the credential that was missing
        daemon = Daemon(config, store, clock, console)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: daemon.stop())
        daemon.run()


def _socket_key(config: Config) -> tuple[str, ...]:
    """What the connection to Slack's socket is made from; () for none."""
    slack = config.slack
    if slack is None or slack.token is None or slack.app_token is None:
        return ()
    return slack.app_token.reveal(), slack.base_url or ""


def _changed_at(config: Config) -> tuple[tuple[int, int] | None, ...]:
    """When sources.yaml and the file of rules were written, and their sizes; None for a missing one."""
    found: list[tuple[int, int] | None] = []
    for path in (config.path, config.rules):
        try:
            status = path.stat() if path else None
        except OSError:
            status = None
        found.append((status.st_mtime_ns, status.st_size) if status else None)
    return tuple(found)
