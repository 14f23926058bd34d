"""Compare an invented regulation with its revision: watcher's diff, and diff-match-patch on the same texts.

The revision follows a seeded script of edits, so that the truth is known: words put for others, sentences and
articles added and dropped, articles moved, everything renumbered and citations brought after. Each run is a
fresh process; the time is the comparison's alone, the memory what it added to the process's peak.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from diff_match_patch import diff_match_patch
from measure.figures import Figures, Runs, fresh, last_line, peak_mb, table, timed
from measure.regulation import Truth, regulation

from watcher.diff import Entry, TextDiff, diff_texts

Hunks = Iterable[tuple[str, str]]
OPS = {-1: "delete", 0: "equal", 1: "insert"}


def watcher(old: str, new: str) -> TextDiff:
    return diff_texts(old, new)


def dmp(old: str, new: str) -> Sequence[tuple[int, str]]:
    return diff_match_patch().diff_main(old, new)  # type: ignore[no-any-return]  # untyped library


def changed(hunks: Hunks) -> Figures:
    """Characters and islands (stretches between two equals) that hunks report."""
    chars = islands = 0
    for differs, run in groupby(hunks, key=lambda hunk: hunk[0] != "equal"):
        if differs:
            chars += sum(len(text) for _, text in run)
            islands += 1
    return {"chars": chars, "islands": islands}


def judge_watcher(found: TextDiff, truth: Truth) -> Figures:
    parts = [changed(entry.hunks) for entry in found.entries]
    told = {told_of(entry) for entry in found.entries}
    return {
        **{name: sum(part[name] for part in parts) for name in ("chars", "islands")},
        "right": len(told & truth.told),
        "moves_named": sum(one in truth.told for one in told if one[0] == "moved"),
        "moves_false": sum(one not in truth.told for one in told if one[0] == "moved"),
        "coarse": found.coarse,
    }


def told_of(entry: Entry) -> tuple[str, int, int]:
    """What `entry` says became of an article, in the words of `Truth`; splits and merges by their first."""
    old, new = (int(side[0]) if side else 0 for side in (entry.old, entry.new))
    return entry.op, old, new


def judge_dmp(found: Sequence[tuple[int, str]], _: Truth) -> Figures:
    return changed((OPS[op], text) for op, text in found)


ENGINES: Mapping[str, tuple[Callable[[str, str], object], Callable[..., Figures]]] = {
    "watcher": (watcher, judge_watcher),
    "diff-match-patch": (dmp, judge_dmp),
}


def run(engine: str, size: int, seed: int) -> Figures:
    compare, judge = ENGINES[engine]
    old, new, truth = regulation(size, seed)
    compare("第一条　甲乙丙。\n", "第一条　甲丁丙。\n")  # imports are not the comparison's
    before = peak_mb()
    found, spent = timed(lambda: compare(old, new))
    memory = {"seconds": spent.wall, "cpu_s": spent.cpu, "mb": peak_mb() - before}
    figures = memory | judge(found, truth)
    for name in ("chars", "islands"):
        figures[f"{name}_ratio"] = figures[name] / getattr(truth, name)
    return figures


def report(found: Mapping[str, Runs], truth: Truth) -> None:
    columns = {
        "seconds": ("seconds", 2),
        "CPU s": ("cpu_s", 2),
        "MB": ("mb", 1),
        "chars/true": ("chars_ratio", 2),
        "islands/true": ("islands_ratio", 2),
        "articles right": ("right", 0),
        "moves named": ("moves_named", 0),
        "false": ("moves_false", 0),
    }
    rows = [
        [engine, *(runs.cell(name, digits) for name, digits in columns.values())]
        for engine, runs in found.items()
    ]
    told, moves = str(len(truth.told)), str(truth.of("moved"))
    rows.append(["truth", "", "", "", "1.00", "1.00", told, moves, "0"])
    table(["engine", *columns], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=100_000, help="characters of the draft")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--once", choices=sorted(ENGINES), help="one run in this process: JSON")
    args = parser.parse_args()
    if args.once:
        print(json.dumps(run(args.once, args.size, args.seed)))
        return
    old, new, truth = regulation(args.size, args.seed)
    print(
        f"draft {len(old):,} characters, final {len(new):,}; truth: {truth.chars:,} characters in "
        f"{truth.islands} edits, {truth.of('moved')} moves, {truth.of('inserted')} articles new, "
        f"{truth.of('deleted')} gone; median of {args.repeat} (least-greatest)",
        flush=True,
    )
    runs: dict[str, list[Figures]] = {engine: [] for engine in ENGINES}
    for _ in range(args.repeat):
        for engine, done in runs.items():  # in turn, so that both meet the same neighbours
            done.append(fresh(__file__, "--once", engine, "--size", args.size, "--seed", args.seed))
    found = {engine: Runs(done) for engine, done in runs.items()}
    report(found, truth)
    medians = {engine: runs.medians() for engine, runs in found.items()}
    last_line("diff", {"chars": len(old), "true_chars": truth.chars, **medians})


if __name__ == "__main__":
    main()
