"""Compare an invented regulation with its revision: watcher's diff, and others on the same texts.

The others: diff-match-patch alone, difflib, `git diff --word-diff` by character, and redlines where it is
installed. What is quadratic (difflib) is left out above its size, and said to be.

The revision follows a seeded script of edits, so that the truth is known: words put for others, sentences and
articles added and dropped, articles moved, everything renumbered and citations brought after. Each run is a
fresh process; the time is the comparison's alone, the memory what it added to the process's peak.
"""

import argparse
import difflib
import importlib
import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from diff_match_patch import diff_match_patch
from measure import invented
from measure.figures import Figures, Runs, fresh, last_line, peak_mb, table, timed
from measure.regulation import Truth, regulation

from watcher.diff import Entry, TextDiff, diff_texts

Hunks = Iterable[tuple[str, str]]
OPS = {-1: "delete", 0: "equal", 1: "insert"}


def watcher(old: str, new: str) -> TextDiff:
    return diff_texts(old, new)


def dmp(old: str, new: str) -> Sequence[tuple[int, str]]:
    return diff_match_patch().diff_main(old, new)  # type: ignore[no-any-return]  # untyped library


def by_difflib(old: str, new: str) -> Sequence[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found: list[tuple[str, str]] = []
    for tag, i, to, j, until in matcher.get_opcodes():
        if tag == "equal":
            found.append(("equal", old[i:to]))
        else:
            found += [("delete", old[i:to]), ("insert", new[j:until])]
    return found


def git(old: str, new: str) -> Sequence[tuple[str, str]]:
    """`git diff --word-diff`, every character a word: by white space a Chinese article is one."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("old", "new")]
        for path, text in zip(paths, (old, new), strict=True):
            path.write_text(text, encoding="utf-8")
        command = [
            "git",
            "diff",
            "--no-index",
            "--word-diff=porcelain",
            "--word-diff-regex=[^[:space:]]",
        ]
        done = subprocess.run(
            [*command, "-U1000000", *map(str, paths)], capture_output=True, text=True, check=False
        )
    ops = {" ": "equal", "-": "delete", "+": "insert", "~": "equal"}
    body = done.stdout.partition("@@\n")[2].splitlines()
    return [(ops[line[0]], line[1:]) for line in body if line[:1] in ops]


def redlines(old: str, new: str) -> Sequence[tuple[str, str]]:
    """Its Markdown: what is gone in <del>, what came in <ins>."""
    marked = (
        importlib.import_module("redlines")
        .Redlines(old, new, markdown_style="none")
        .output_markdown
    )
    found = []
    for piece in re.split(r"(<(?:del|ins)\b[^>]*>.*?</(?:del|ins)>)", marked, flags=re.DOTALL):
        tag = re.match(r"<(del|ins)\b[^>]*>", piece)
        op = {"del": "delete", "ins": "insert"}[tag[1]] if tag else "equal"
        found.append((op, re.sub(r"<[^>]*>", "", piece)))
    return found


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


def judge_hunks(found: Hunks, _: Truth) -> Figures:
    return changed(found)


def judge_dmp(found: Sequence[tuple[int, str]], _: Truth) -> Figures:
    return changed((OPS[op], text) for op, text in found)


ENGINES: Mapping[str, tuple[Callable[[str, str], object], Callable[..., Figures]]] = {
    "watcher": (watcher, judge_watcher),
    "diff-match-patch": (dmp, judge_dmp),
    "difflib": (by_difflib, judge_hunks),
    "git --word-diff": (git, judge_hunks),
    "redlines": (redlines, judge_hunks),
}
SIZES = (5_000, 20_000, 100_000)
LARGEST = {"difflib": 20_000, "redlines": 100_000}
"""Characters; beyond, difflib takes minutes."""


def absent(engine: str, size: int) -> str:
    """Why `engine` is left out; empty when it is not."""
    if engine == "redlines" and importlib.util.find_spec("redlines") is None:
        return "not installed (pip install redlines)"
    if engine.startswith("git") and shutil.which("git") is None:
        return "not installed"
    most = LARGEST.get(engine, size)
    return f"left out above {most:,} characters" if size > most else ""


def pathological(seed: int) -> Mapping[str, tuple[str, str]]:
    """Texts made to take long."""
    chance = invented.dice(f"pathological {seed}")

    def noise(length: int) -> str:
        return "".join(chr(0x4E00 + chance.randrange(2500)) for _ in range(length))

    def articles(number: int, step: int) -> str:
        return "".join(
            f"第{n + 1}条　灯具{n * step % 997}应当备案{n % 13}。\n" for n in range(number)
        )

    return {
        "two unrelated 200k texts": (noise(200_000), noise(200_000)),
        "5,000 one-line articles": (articles(5000, 7), articles(5000, 11)),
        "one article of 200k": (f"第一条　{noise(200_000)}", f"第一条　{noise(200_000)}"),
        "an empty side": (articles(3000, 7), ""),
        "a scan without text": ("\f\n\f", noise(3000)),
    }


def endure(name: str, seed: int) -> Figures:
    old, new = pathological(seed)[name]
    before = peak_mb()
    found, spent = timed(lambda: diff_texts(old, new))
    told = sum(found.stats.values())
    return {
        "seconds": spent.wall, "mb": peak_mb() - before, "coarse": found.coarse, "entries": told
    }  # fmt: skip


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
    parser.add_argument(
        "--size", type=int, action="append", help=f"characters of the draft; default {SIZES}"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--once", choices=sorted(ENGINES), help="one run in this process: JSON")
    parser.add_argument("--endure", help="one pathological case in this process: JSON")
    args = parser.parse_args()
    if args.once:
        print(json.dumps(run(args.once, args.size[0], args.seed)))
        return
    if args.endure:
        print(json.dumps(endure(args.endure, args.seed)))
        return
    medians = {str(size): compared(size, args.seed, args.repeat) for size in args.size or SIZES}
    names = list(pathological(args.seed))
    lasted = {name: fresh(__file__, "--endure", name, "--seed", args.seed) for name in names}
    print("texts made to take long, watcher:")
    columns = ("seconds", "mb", "coarse", "entries")
    rows = [
        [
            name,
            f"{f['seconds']:.2f}",
            f"{f['mb']:.1f}",
            "yes" if f["coarse"] else "no",
            f"{f['entries']:,}",
        ]
        for name, f in lasted.items()
    ]
    table(["texts", *columns], rows)
    last_line("diff", {**medians, "pathological": lasted})


def compared(size: int, seed: int, repeat: int) -> dict[str, object]:
    """Run all engines on one size, print the table, return the medians."""
    old, new, truth = regulation(size, seed)
    print(
        f"draft {len(old):,} characters, final {len(new):,}; truth: {truth.chars:,} characters in "
        f"{truth.islands} edits, {truth.of('moved')} moves, {truth.of('inserted')} articles new, "
        f"{truth.of('deleted')} gone; median of {repeat} (least-greatest)",
        flush=True,
    )
    left_out = {engine: why for engine in ENGINES if (why := absent(engine, size))}
    runs: dict[str, list[Figures]] = {engine: [] for engine in ENGINES if engine not in left_out}
    for _ in range(repeat):
        for engine, done in runs.items():  # in turn, so that all meet the same neighbours
            done.append(fresh(__file__, "--once", engine, "--size", size, "--seed", seed))
    found = {engine: Runs(done) for engine, done in runs.items()}
    report(found, truth)
    for engine, why in left_out.items():
        print(f"{engine}: {why}")
    print()
    medians = {engine: each.medians() for engine, each in found.items()}
    return {"chars": len(old), "true_chars": truth.chars, **medians}


if __name__ == "__main__":
    main()
