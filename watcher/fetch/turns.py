"""Who may ask a host now: in order of arrival, few at once, and not sooner than a gap after the last."""

import threading
import time
from collections.abc import Callable

AT_ONCE = 2
"""Requests under way at one host. Two, so that one slow attachment does not hold up its list."""
_FORGET = 4096  # hosts remembered before idle ones are dropped


class _Seat:
    """One host: who waits for it, in order, and how many ask it now."""

    __slots__ = ("changed", "last", "queue", "running")

    def __init__(self) -> None:
        self.changed: threading.Condition | None = None
        """Made for the first who has to wait; at most hosts nobody ever does."""
        self.queue: list[object] = []
        self.running = 0
        self.last = float("-inf")

    def wake(self) -> None:
        if self.changed is not None:
            self.changed.notify_all()


class Turns:
    """Turns at hosts, shared by all threads. Who waits for one host is not woken for another."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._seats: dict[str, _Seat] = {}
        self._closed = False

    def take(self, host: str, *, gap: float, patience: float) -> bool:
        """Wait for a turn at `host`, at most `patience` seconds; False if none came.

        A request may begin `gap` seconds after the one before it began. Each turn taken is
        given back with `leave`.
        """
        ticket = object()
        until = self._monotonic() + patience
        with self._lock:
            seat = self._seat(host)
            seat.queue.append(ticket)
            try:
                while not self._closed:
                    now = self._monotonic()
                    first = seat.queue[0] is ticket and seat.running < AT_ONCE
                    ready = seat.last + gap
                    if first and ready <= now:
                        seat.running += 1
                        seat.last = now
                        return True
                    wake = min(until, ready) if first else until
                    if now >= until or (first and ready > until):
                        return False
                    if seat.changed is None:
                        seat.changed = threading.Condition(self._lock)
                    seat.changed.wait(wake - now)
                return False
            finally:
                seat.queue.remove(ticket)
                seat.wake()

    def leave(self, host: str) -> None:
        with self._lock:
            seat = self._seats[host]
            seat.running -= 1
            seat.wake()

    def close(self) -> None:
        """Turn away all who wait and all who come."""
        with self._lock:
            self._closed = True
            for seat in self._seats.values():
                seat.wake()

    def _seat(self, host: str) -> _Seat:
        found = self._seats.get(host)
        if found is not None:
            return found
        if len(self._seats) >= _FORGET:
            hour_ago = self._monotonic() - 3600
            self._seats = {
                name: seat
                for name, seat in self._seats.items()
                if seat.running or seat.queue or seat.last > hour_ago
            }
        return self._seats.setdefault(host, _Seat())
