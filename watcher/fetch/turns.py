"""Who may ask a host now: in order of arrival, few at once, and not sooner than a gap after the last."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

AT_ONCE = 2
"""Requests under way at one host. Two, so that one slow attachment does not hold up its list."""
_FORGET = 4096  # hosts remembered before idle ones are dropped


@dataclass(slots=True)
class _Seat:
    queue: deque[object] = field(default_factory=deque)
    running: int = 0
    last: float = float("-inf")


class Turns:
    """Turns at hosts, shared by all threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._seats: dict[str, _Seat] = {}
        self._closed = False

    def take(self, host: str, *, gap: float, patience: float) -> bool:
        """Wait for a turn at `host`, at most `patience` seconds; False if none came.

        A request may begin `gap` seconds after the one before it began. Each turn taken is
        given back with `leave`.
        """
        ticket = object()
        until = self._monotonic() + patience
        with self._changed:
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
                    self._changed.wait(wake - now)
                return False
            finally:
                seat.queue.remove(ticket)
                self._changed.notify_all()

    def leave(self, host: str) -> None:
        with self._changed:
            self._seats[host].running -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Turn away all who wait and all who come."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _seat(self, host: str) -> _Seat:
        if len(self._seats) >= _FORGET and host not in self._seats:
            hour_ago = self._monotonic() - 3600
            self._seats = {
                name: seat
                for name, seat in self._seats.items()
                if seat.running or seat.queue or seat.last > hour_ago
            }
        return self._seats.setdefault(host, _Seat())
