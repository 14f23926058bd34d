"""What `watcher rules` shows: notes on rules, and how they did in a test."""

from collections.abc import Sequence

from rich.cells import cell_len

from watcher.classify.lint import Note
from watcher.classify.measure import Miss, Report, Tally
from watcher.render.scraped import clean
from watcher.render.terminal import pad, wrap

_INDENT = "    "


def note_lines(notes: Sequence[Note], width: int) -> list[str]:
    """Notes a line each, where first, the longest wrapped; then how many of each kind."""
    lines: list[str] = []
    for note in notes:
        lines += wrap(clean(f"{note.where}: {note.kind}: {note.text}"), width, _INDENT)
    kinds = dict.fromkeys(note.kind for note in notes)
    counts = [f"{sum(n.kind == kind for n in notes)} {kind}" for kind in kinds]
    count = f"{len(notes)} note{'' if len(notes) == 1 else 's'}"
    return [*lines, *wrap(f"{count}: {', '.join(counts)}" if notes else "no notes", width)]


def report_lines(report: Report, worst: int, width: int) -> list[str]:
    """The figures, what was taken for what, each sector, and the `worst` surest misses."""
    if not report.cases:
        return ["no cases: nothing was measured"]
    blocks = [
        _figures(report),
        _confusion(report, width),
        _sectors(report),
        _misses(report.misses, worst, width),
    ]
    return [
        line for n, block in enumerate(filter(None, blocks)) for line in ([""] if n else []) + block
    ]


def _figures(report: Report) -> list[str]:
    rows = [
        ("cases", str(report.cases)),
        ("primary right", _share(report.primary)),
        ("noise kept out", _share(report.none_recall)),
        ("papers lost as noise", _share(report.false_none)),
        ("sectors micro-F1", _share(report.micro_f1)),
        ("sector among answers", _share(report.hit_any)),
    ]
    return [f"{name:<22}{value:>6}" for name, value in rows]


def _confusion(report: Report, width: int) -> list[str]:
    """A table of the sectors that were missed by those they were taken for; a list where it is too wide."""
    wrong = {pair: count for pair, count in report.confusion.items() if pair[0] != pair[1]}
    if not wrong:
        return []
    rows = sorted({right for right, _ in wrong})
    columns = sorted({answer for _, answer in wrong})
    first = max(cell_len(code) for code in rows)
    # columns are numbered, and their codes stand in the rows below: names side by side are too wide
    cell = max(3, len(str(len(columns))), *(len(str(count)) for count in wrong.values())) + 1
    head = "taken for".ljust(first) + "".join(f"{n:>{cell}}" for n in range(1, len(columns) + 1))
    if len(head) > width:
        pairs = sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))
        return ["wrong (right → answered)", *(f"  {r} → {a}  {count}" for (r, a), count in pairs)]
    table = [
        row.ljust(first) + "".join(f"{wrong.get((row, column), '·'):>{cell}}" for column in columns)
        for row in rows
    ]
    legend = "   ".join(f"{n} {code}" for n, code in enumerate(columns, 1))
    return [head, *table, *wrap(legend, width)]


def _sectors(report: Report) -> list[str]:
    first = max(len("sector"), *(cell_len(code) for code in report.sectors))
    lines = [f"{'sector':<{first}}  wanted  given  right  precision  recall"]
    for code, tally in sorted(report.sectors.items(), key=_poorest):
        lines.append(
            f"{pad(code, first)}  {tally.wanted:>6}  {tally.given:>5}  {tally.right:>5}"
            f"  {_share(tally.precision):>9}  {_share(tally.recall):>6}"
        )
    return lines


def _poorest(sector: tuple[str, Tally]) -> tuple[float, str]:
    return (sector[1].f1 or 0.0, sector[0])


def _misses(misses: Sequence[Miss], worst: int, width: int) -> list[str]:
    if not misses or worst < 1:
        return []
    shown = misses[:worst]
    lines = [f"misses, the surest first ({len(shown)} of {len(misses)})"]
    for miss in shown:
        case, answer = miss.case, miss.answer
        said = f"{case.id}: {case.primary} was right, {answer.primary} was said"
        lines += wrap(clean(said + (f" ({answer.score:.2f})" if answer.evidence else "")), width)
        lines += [_INDENT + line for line in wrap(clean(case.title), width - len(_INDENT))]
        spoke = [
            f"{e.term} → {e.sector} ({e.field} {e.start}–{e.end}, {e.weight:g})"
            for e in answer.evidence
        ]
        why = "; ".join(spoke) or "no term spoke, or noise outweighed them"
        lines += [_INDENT + line for line in wrap(clean(why), width - len(_INDENT))]
    return lines


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
