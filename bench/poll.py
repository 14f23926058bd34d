"""Let the daemon watch N ministries for a day of rounds, beside its peers, and say what a check costs and what was told.

Rounds: baseline (first visit), unchanged (only a visitor counter differs, so every page's bytes do), publish10 (a
tenth of the lists have one new row), waf (a shield answers for a twentieth), after-waf (they answer again, a tenth
published), reorder (an old row moves to the top) and retitle (a title is edited). Then, with an answer's latency,
start (a restarted process) and unchanged. Each case runs in a process of its own; the ministries, and the peers, run
in others. Needs Linux, where all of 127.0.0.0/8 is loopback. robots.txt is honoured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measure import peers
from measure.figures import Figures, Runs, last_line, table
from measure.ministries import Ministries, server_in_use, serving

OURS = "watcher"
FLOOR = "floor"
EVERY_ROUND = ("waf", "after-waf", "reorder", "retitle")
DEPLOYED = {"MALLOC_ARENA_MAX": "2"}
"""What deploy/ sets for the process."""
FEW = 200
"""From more sites on, peers run the first three rounds alone: the slowest takes half a minute for each."""


@dataclass(frozen=True, slots=True)
class Case:
    """What was measured with so many sites, answering so late."""

    sites: int
    latency: float
    """Milliseconds."""
    found: dict[str, Mapping[str, Runs]] = field(default_factory=dict)
    """By who and round."""

    def medians(self) -> dict[str, object]:
        rounds = {
            who: {name: runs.medians() for name, runs in of.items()}
            for who, of in self.found.items()
        }
        return {"sites": self.sites, "latency_ms": self.latency, "rounds": rounds}


def grouped(pairs: Sequence[tuple[str, Figures]]) -> Mapping[str, Runs]:
    found: dict[str, list[Figures]] = {}
    for name, figures in pairs:
        found.setdefault(name, []).append(figures)
    return {name: Runs(runs) for name, runs in found.items()}


def module(name: str, *args: object) -> Any:
    """Run a module of `measure` in a process of its own, as deploy/ would; what it prints last is its answer."""
    command = [sys.executable, "-m", f"measure.{name}", *map(str, args)]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
        env=os.environ | DEPLOYED,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


def ours(
    ministries: Ministries, sites: int, state: Path, rounds: Sequence[str], seed: str
) -> Mapping[str, Runs]:
    answer = module("rounds", ministries.port, sites, state, *rounds, f"--seed={seed}")
    peak = {"peak_mb": answer["peak_mb"]}
    return grouped([(name, figures | peak) for name, figures in answer["rounds"]])


def theirs(sites: int, latency: float, names: Sequence[str]) -> dict[str, Mapping[str, Runs]]:
    """The peers' rounds. The slowest is left out where it would take minutes."""
    found: dict[str, Mapping[str, Runs]] = {}
    for name in names:
        if name == "webchanges" and (sites > FEW or latency):
            continue
        runs = peers.rounds(name, sites, faults=sites <= FEW and not latency, latency=latency)
        found[name] = {phase: Runs(figures) for phase, figures in runs.items()}
    return found


def cases(args: argparse.Namespace, sites: int, names: Sequence[str]) -> list[Case]:
    quick, late = Case(sites, 0), Case(sites, args.latency_ms)
    with (
        serving(sites, own=args.own_server) as ministries,
        tempfile.TemporaryDirectory() as folder,
    ):
        state, seed = Path(folder), str(args.seed)
        calm = ["unchanged"] * args.repeat
        rounds = ["baseline", *calm, *["publish10"] * args.repeat, *EVERY_ROUND]
        quick.found[OURS] = ours(ministries, sites, state, rounds, seed)
        report(quick)
        show_parts(module("parts", ministries.port, sites, state), quick)
        ministries.slow_down(args.latency_ms)
        late.found[OURS] = ours(ministries, sites, state, ["start", *calm], seed)
    for case in (quick, late):
        if names and (case is quick or sites <= FEW):
            case.found.update(theirs(sites, case.latency, names))
            report(case)
        elif case is late:
            report(case)
    return [quick, late]


# ---------------------------------------------------------------- what is shown


def report(case: Case) -> None:
    print(f"\n{case.sites} sites, answers after {case.latency:g} ms")
    us = case.found[OURS]
    rows = []
    for who, found in case.found.items():
        for name, runs in found.items():
            told = (runs.cell(what) for what in ("found", "published", "false", "errors"))
            ratios = ("", "")
            if who != OURS and name in us:
                ratios = (
                    f"{runs.median('cpu_ms') / us[name].median('cpu_ms'):.1f}",
                    f"{us[name].median('checks_per_s') / runs.median('checks_per_s'):.1f}",
                )
            speeds = runs.cell("checks_per_s"), runs.cell("cpu_ms", 2)
            rows.append([f"{who} {name}", *speeds, *ratios, *told, runs.cell("peak_mb")])
    speed = ("checks/s", "CPU ms/check", "x our CPU", "we x faster")
    table(("round", *speed, "whole", "published", "false", "errors", "peak MB"), rows)
    sys.stdout.flush()


def show_parts(parts: Mapping[str, float], case: Case) -> None:
    print("\nwhere the CPU of an unchanged check goes: each part alone in one thread, least of 5")
    whole = case.found[OURS]["unchanged"].median("cpu_ms")
    alone = sum(spent for name, spent in parts.items() if not name.startswith(FLOOR))
    shown = {**parts, "threads, ticks, a crowd": whole - alone, "the daemon, whole": whole}
    table(("part", "CPU ms/check"), [[name, f"{spent:.3f}"] for name, spent in shown.items()])
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--latency-ms", type=float, default=200, help="before each late answer")
    parser.add_argument("--repeat", type=int, default=3, help="of unchanged and publish10")
    parser.add_argument("--seed", type=int, default=1, help="which lists publish")
    parser.add_argument("--no-peers", action="store_true", help="even where they are there")
    parser.add_argument("--own-server", action="store_true", help="even where the kit's is there")
    args = parser.parse_args()
    names = [] if args.no_peers else peers.there()
    print(
        f"{server_in_use(own=args.own_server)}; each site on a host of its own; "
        f"beside us: {', '.join(names) or 'nobody'}; median (least-greatest)",
        flush=True,
    )
    found = [case.medians() for sites in args.sites for case in cases(args, sites, names)]
    last_line("poll", {"cases": found})


if __name__ == "__main__":
    main()
