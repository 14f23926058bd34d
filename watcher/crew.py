"""Threads for one kind of work that mostly waits for servers, few of them at one host."""

import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

AT_ONE_HOST = 2
"""Of each kind: as many as may ask it at once (`fetch.turns`)."""
REFILL = 4
"""More work is called for as soon as one place in so many is free: claims are made in batches."""


class Crew:
    """Threads for one kind of work, few of them at one host.

    What is handed over for a busy host waits here, without a thread: a host that a hundred sources
    share would else fill every place, and the last would wait longer than a fetch is patient.
    """

    def __init__(
        self,
        name: str,
        places: int,
        failed: Callable[[Exception], None],
        call: Callable[[], None],
    ) -> None:
        """`failed` is told what work raised; `call` is called when there is room for more that may
        be due, and when all work is done.
        """
        self._places = places
        self._failed = failed
        self._call = call
        self._pool = ThreadPoolExecutor(places, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._at: Counter[str] = Counter()
        self._working = 0
        self._waiting: dict[str, deque[Callable[[], object]]] = {}
        self._hungry = False
        self._closed = False

    @property
    def room(self) -> int:
        return self._places - self._working

    def takes(self, host: str) -> bool:
        """Whether work for `host` would begin now."""
        return self._at[host] < AT_ONE_HOST

    def start(self, host: str, work: Callable[[], object]) -> None:
        with self._lock:
            if not self.takes(host):
                self._waiting.setdefault(host, deque()).append(work)
                return
            self._at[host] += 1
            self._working += 1
        self._pool.submit(self._work, host, work)

    def served(self, *, all_due: bool) -> None:
        """Say whether all that was due has been handed over, or only what there was room for."""
        self._hungry = not all_due
        if self._hungry:
            self._call_for_more()

    def close(self) -> None:
        """Wait for what is under way; what waits is left to its lease."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, host: str, work: Callable[[], object]) -> None:
        """Do this, and then what waits for the same host."""
        next_: Callable[[], object] | None = work
        while next_ is not None:
            try:
                next_()
            except Exception as exc:  # noqa: BLE001  # handed on; the next work may be sound
                self._failed(exc)
            next_ = self._next(host)
        if self._hungry or self._working == 0:
            self._call_for_more()

    def _next(self, host: str) -> Callable[[], object] | None:
        with self._lock:
            if (waiting := self._waiting.get(host)) and not self._closed:
                return waiting.popleft()
            self._waiting.pop(host, None)
            self._at[host] -= 1
            if not self._at[host]:
                del self._at[host]
            self._working -= 1
            return None

    def _call_for_more(self) -> None:
        if self.room >= max(self._places // REFILL, 1):
            self._hungry = False
            self._call()
