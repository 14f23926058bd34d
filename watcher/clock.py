"""The one clock. `WATCHER_CLOCK_RATE` makes a process's time run faster, for tests of long times."""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Aware UTC time: `anchor` + (real time since `anchor`) x `rate`.

    Processes that share an anchor agree on the time, also after a restart.
    """

    rate: float = 1.0
    anchor: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        real = datetime.now(UTC)
        return real if self.rate == 1 else self.anchor + (real - self.anchor) * self.rate

    def real_seconds(self, span: timedelta) -> float:
        """How long `span` of this clock lasts on the wall."""
        return span.total_seconds() / self.rate

    def sleep(self, span: timedelta, stop: threading.Event | None = None) -> None:
        """Wait for `span` of this clock, or until `stop` is set."""
        seconds = max(0.0, self.real_seconds(span))
        if stop is None:
            time.sleep(seconds)
        else:
            stop.wait(seconds)


def clock_from(environ: Mapping[str, str] = os.environ) -> Clock:
    """The process's clock.

    `WATCHER_CLOCK_RATE` is how many times faster it runs (1); `WATCHER_CLOCK_ANCHOR`, an ISO
    instant, is where fast time began, so that a restarted process goes on where it was.
    """
    rate = float(environ.get("WATCHER_CLOCK_RATE", "1"))
    if rate <= 0:
        raise ValueError(f"WATCHER_CLOCK_RATE must be above 0, not {rate}")
    anchor = environ.get("WATCHER_CLOCK_ANCHOR")
    return Clock(rate, datetime.fromisoformat(anchor).astimezone(UTC)) if anchor else Clock(rate)
