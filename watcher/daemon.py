"""The daemon: ticks that poll, read and deliver what the database says is due. The only user of apscheduler."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from watcher import config as configuration
from watcher.clock import Clock
from watcher.errors import ConfigError, StoreError
from watcher.parts import Parts, assemble
from watcher.settings import Config, Source, Target
from watcher.store import Store
from watcher.store.sources import SourceState, Unchanged

log = logging.getLogger(__name__)

TICK = 0.5  # real seconds between looks at what is due
HOUSE = 10.0
POLLS = 16
SENDERS = 8
STOP_WITHIN = 8.0  # real seconds that running work gets to end in
READ_ALONE = 4  # places kept free for reading pages, so that a slow list cannot hold up a paper


class Daemon:
    """Owns the loops of one state folder. `run` blocks until `stop` is called."""

    def __init__(self, config: Config, store: Store, clock: Clock, console: TextIO) -> None:
        self.store = store
        self.clock = clock
        self.console = console
        self.parts = assemble(config, store, clock, console)
        self._stop = threading.Event()
        self._fatal: StoreError | None = None
        self._polls = ThreadPoolExecutor(POLLS, thread_name_prefix="poll")
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="send")
        self._lock = threading.Lock()
        self._polling = 0
        self._sending: set[Target] = set()
        self._unchanged: list[Unchanged] = []
        self._config_seen = _changed_at(config.path)

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        """Poll, read and deliver until stopped. Raises StoreError when the database fails."""
        config = self.parts.config
        self.store.sources.sync([source.id for source in config.sources], self.clock.now())
        scheduler = BackgroundScheduler(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        scheduler.add_listener(self._job_failed, EVENT_JOB_ERROR)
        for job, seconds in ((self._poll, TICK), (self._deliver, TICK), (self._keep_house, HOUSE)):
            scheduler.add_job(job, "interval", seconds=seconds)
        scheduler.start()
        active = sum(source.enabled for source in config.sources)
        log.info("watching %d sources for %d teams", active, len(config.teams))
        try:
            self._stop.wait()
        finally:
            self._end(scheduler)
        if self._fatal is not None:
            raise self._fatal

    def _end(self, scheduler: BackgroundScheduler) -> None:
        log.info("stopping")
        guard = threading.Timer(STOP_WITHIN, self._leave)  # transactions are whole or not at all
        guard.daemon = True
        guard.start()
        scheduler.shutdown(wait=True)
        self.parts.fetcher.close()
        self._polls.shutdown(wait=True, cancel_futures=True)
        self._senders.shutdown(wait=True, cancel_futures=True)
        if self._fatal is None:
            self._flush()
        guard.cancel()

    def _leave(self) -> None:
        log.warning("work did not end within %s s; leaving it to its lease", STOP_WITHIN)
        logging.shutdown()
        os._exit(1 if self._fatal else 0)

    # ------------------------------------------------------------ ticks

    def _poll(self) -> None:
        """Start what is due: sources to visit, documents to read."""
        self._flush()
        parts, now = self.parts, self.clock.now()
        sources = {source.id: source for source in parts.config.sources if source.enabled}
        room = POLLS - READ_ALONE - self._polling
        if room > 0:
            for state in self.store.sources.claim_due(list(sources), now, room):
                self._start(self._visit, parts, sources[state.id], state)
        room = POLLS - self._polling
        if room > 0:
            for due in self.store.papers.claim_due(list(sources), now, room):
                self._start(parts.follower.read, due, sources[due.document.source_id])

    def _start(self, work: Callable[..., object], *args: object) -> None:
        with self._lock:
            self._polling += 1
        self._polls.submit(work, *args).add_done_callback(self._polled)

    def _polled(self, future: "Future[object]") -> None:
        with self._lock:
            self._polling -= 1
        self._look_at(future)

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

    def _keep_house(self) -> None:
        """Take up a changed sources.yaml; a faulty one leaves the last good one in force."""
        path = self.parts.config.path
        seen = _changed_at(path)
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
        old, self.parts = self.parts, parts
        old.fetcher.close()
        self.store.sources.sync([source.id for source in config.sources], self.clock.now())
        self.store.outbox.lift_suspensions()
        log.info("took up the changed %s", path)

    # ------------------------------------------------------------ faults

    def _look_at(self, future: "Future[Any]") -> None:
        """One visit's bug must not stop the others; a failing database must stop everything."""
        if future.cancelled() or (error := future.exception()) is None:
            return
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
        self._stop.set()


def run(config: Config, store: Store, clock: Clock, console: TextIO) -> None:
    """Run the daemon until SIGTERM or SIGINT. Raises LoopsTaken when another one runs on this state."""
    with store.loops():
        store.outbox.lift_suspensions()  # it may have been given the credential that was missing
        daemon = Daemon(config, store, clock, console)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: daemon.stop())
        daemon.run()


def _changed_at(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
