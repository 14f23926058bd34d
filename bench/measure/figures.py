"""Meters and tables: run a script's case in fresh processes, take medians, print them."""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

Found = TypeVar("Found")
Figures = dict[str, float]


class Spent(NamedTuple):
    """Seconds of wall and of this process's CPU (all threads)."""

    wall: float
    cpu: float


def timed(work: Callable[[], Found]) -> tuple[Found, Spent]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, Spent(time.perf_counter() - wall, time.process_time() - cpu)


def peak_mb() -> float:
    """The most memory this process has held so far.

    `ru_maxrss` is the last resort: on Linux a child inherits it from whoever started it.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def fresh(script: str, *args: object) -> Figures:
    """Run `script` in a process of its own and return the figures on its last line."""
    command = [sys.executable, script, *map(str, args)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


class Runs:
    """The same figures from several runs of one thing."""

    def __init__(self, runs: Sequence[Figures]) -> None:
        self._runs = runs

    def median(self, name: str) -> float:
        return statistics.median(run[name] for run in self._runs)

    def cell(self, name: str, digits: int = 0) -> str:
        """The median, and in brackets the least and the greatest when they differ; - for no such figure."""
        found = [run[name] for run in self._runs if name in run]
        if not found:
            return "-"
        low, middle, high = (f"{edge(found):,.{digits}f}" for edge in (min, statistics.median, max))
        return middle if low == high else f"{middle} ({low}-{high})"

    def medians(self) -> Figures:
        return {name: round(self.median(name), 4) for name in self._runs[0]}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
        print("  ".join(cells).rstrip())


def last_line(name: str, figures: Mapping[str, object]) -> None:
    """The figures once more, for scripts: one line of JSON, the last of the output."""
    print(json.dumps({"bench": name, **figures}, ensure_ascii=False), flush=True)
