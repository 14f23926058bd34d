"""Say what changed between two stretches of text, character by character, numbers and titles kept whole. Pure."""

import re
from collections.abc import Hashable, Sequence
from typing import Literal

from diff_match_patch import diff_match_patch

Op = Literal["equal", "delete", "insert"]
Hunk = tuple[Op, str]

FINE = 16_000_000
"""Greatest product of lengths that is compared character by character: 4,000 each way."""
PIECES = 250_000_000
"""Greatest product of counts (of lines, of articles) that is aligned; its bits take 32 MB."""

_OPS: dict[int, Op] = {-1: "delete", 0: "equal", 1: "insert"}
_DIGIT, _CN = "0-9０-９", "零〇一二三四五六七八九十百千万亿两"
_NUMERAL = rf"[{_DIGIT}{_CN}]+(?:[.,．，][{_DIGIT}]+[{_CN}]*)*"
_OF_IT = r"(?:(?:亿|万)?(?:美元|欧元|港元|元)|[%％‰]|个百分点)"
"""What makes an amount or a percentage of a number; 日, 个月, 条 stand by themselves: [三十→十五]日."""
# What a reader takes in as one: a date, an amount, a share, the number of a document, a title, a
# word of Latin letters, a unit, a word that commands, a term of art. Each alternative is bounded.
_ATOM = re.compile(
    r"《[^《》\n]{1,40}》|[〔\[［（(](?:19|20)[0-9]{2}[〕\]］）)](?:第)?[0-9]{1,5}号"
    rf"|(?:[{_DIGIT}]{{4}}|[{_CN}〇]{{4}})年[{_DIGIT}{_CN}]{{1,3}}月(?:[{_DIGIT}{_CN}]{{1,3}}日)?"
    rf"|[{_DIGIT}{_CN}]{{1,3}}月[{_DIGIT}{_CN}]{{1,3}}日"
    rf"|(?:[百千万]分之)?{_NUMERAL}{_OF_IT}?"
    r"|[A-Za-z]{1,40}|应当|可以|不得|必须|禁止|鼓励|以上|以下|以内|超过"
    r"|个?工作日|个?自然日|个月|周岁|小时|分钟|[平立]方米|千瓦时?|兆瓦时?|公里|人次"
    r"|个人信息|重要数据|核心数据|人工智能|主管部门|处理者|经营者|运营者|法定代表人|未成年人|违法所得"
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SENTENCE = re.compile(r"[^。；\n]*[。；\n]|[^。；\n]+")
_CLAUSE = re.compile(r"[^，、。；,;\n]+|[，、。；,;\n]")


def hunks(old: str, new: str) -> tuple[tuple[Hunk, ...], bool]:
    """Return the hunks that lead from `old` to `new`, and whether they are coarse.

    `equal`+`delete` spell `old`, `equal`+`insert` spell `new`, to the character; between two
    equals a delete comes before an insert, no two neighbours are of one kind, and no boundary
    falls inside a number, a date, an amount, a unit, a document's number, a title, a term of art or
    a Latin word. The same texts give the same hunks on every machine: no clock bounds the work,
    sizes do. Coarse means that some stretch was too large and is shown as replaced.
    """
    if not old or not new or old == new:
        return replaced(old, new), False
    raw, coarse = _compare(old, new, (_LINE, _SENTENCE, _CLAUSE))
    return tuple(_widen(_tidy(raw), old, new)), coarse


def replaced(old: str, new: str) -> tuple[Hunk, ...]:
    """`old` gone and `new` in its place, unless they are one."""
    return tuple(_tidy([("equal", old)] if old == new else [("delete", old), ("insert", new)]))


def _compare(old: str, new: str, levels: Sequence[re.Pattern[str]]) -> tuple[list[Hunk], bool]:
    if old == new:
        return [("equal", old)], False
    if len(old) * len(new) <= FINE:
        return _fine(old, new), False
    if not levels:
        return [("delete", old), ("insert", new)], True
    return _by_pieces(old, new, levels)


def _fine(old: str, new: str) -> list[Hunk]:
    """A shortest edit script, made readable by diff-match-patch.

    Its own `diff_main` is left out: it gives the same length of script, but in Python takes 0.3 s
    for two unlike stretches of 1,100 characters where `common` takes 1 ms, and its default timeout
    of one second makes the answer depend on the machine.
    """
    tail = _same_start(old[::-1], new[::-1])
    old, new, end = old[: len(old) - tail], new[: len(new) - tail], old[len(old) - tail :]
    head = _same_start(old, new)
    inner = _script(old[head:], new[head:])
    script = [part for part in [(0, old[:head]), *inner, (0, end)] if part[1]]
    diff_match_patch().diff_cleanupSemantic(script)
    return [(_OPS[op], text) for op, text in script]


def _same_start(old: str, new: str) -> int:
    """How many characters both begin with; found by halving, for slices compare in no time."""
    least, most = 0, min(len(old), len(new))
    while least < most:
        half = (least + most + 1) // 2
        if old[least:half] == new[least:half]:
            least = half
        else:
            most = half - 1
    return least


def _script(old: str, new: str) -> list[tuple[int, str]]:
    script: list[tuple[int, str]] = []
    i = j = start = 0
    for at, to in [*common(old, new), (len(old), len(new))]:
        if at > i or to > j or at == len(old):
            script.append((0, old[start:i]))
            script += [(-1, old[i:at]), (1, new[j:to])]
            start = at
        i, j = at + 1, to + 1
    return [part for part in script if part[1]]


def _by_pieces(old: str, new: str, levels: Sequence[re.Pattern[str]]) -> tuple[list[Hunk], bool]:
    """Fix the lines (then the sentences, then the clauses) that stand in both, and compare what lies between."""
    olds, news = levels[0].findall(old), levels[0].findall(new)
    if len(olds) * len(news) > PIECES:
        return [("delete", old), ("insert", new)], True
    found: list[Hunk] = []
    coarse = False
    at = to = 0
    for i, j in [*common(olds, news), (len(olds), len(news))]:
        gap, rough = _compare("".join(olds[at:i]), "".join(news[to:j]), levels[1:])
        found += gap
        coarse = coarse or rough
        if i < len(olds):
            found.append(("equal", olds[i]))
        at, to = i + 1, j + 1
    return found, coarse


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of positions.

    Bit-parallel (Hyyrö 2004): one addition of whole rows per element of `new`, so that two
    thousand against two thousand take milliseconds; the rows are kept to walk back on.
    """
    places: dict[Hashable, int] = {}
    for at, item in enumerate(old):
        places[item] = places.get(item, 0) | 1 << at
    full = (1 << len(old)) - 1
    row, rows = full, [full]
    for item in new:
        hit = row & places.get(item, 0)
        row = ((row + hit) | (row - hit)) & full
        rows.append(row)
    pairs = []
    i, j = len(old) - 1, len(new) - 1
    while i >= 0 and j >= 0:
        if rows[j + 1] >> i & 1:
            i -= 1
        elif not rows[j] >> i & 1:
            j -= 1
        else:
            pairs.append((i, j))
            i, j = i - 1, j - 1
    return pairs[::-1]


def _tidy(raw: Sequence[Hunk]) -> list[Hunk]:
    """Join neighbours of one kind, drop empty ones, put deletes before inserts."""
    done: list[Hunk] = []
    held: dict[Op, list[str]] = {"equal": [], "delete": [], "insert": []}

    def flush(*ops: Op) -> None:
        for op in ops:
            if held[op]:
                done.append((op, "".join(held[op])))
                held[op].clear()

    for op, text in raw:
        if text:
            flush(*(("delete", "insert") if op == "equal" else ("equal",)))
            held[op].append(text)
    flush("equal", "delete", "insert")
    return done


def _inside(text: str) -> set[int]:
    """Positions between two characters of what a reader takes in as one."""
    return {at for m in _ATOM.finditer(text) for at in range(m.start() + 1, m.end())}


def _widen(tidy: Sequence[Hunk], old: str, new: str) -> list[Hunk]:
    """Give up equal characters at the edges of a change until no atom is cut: 三[十→十五]日."""
    in_old, in_new = _inside(old), _inside(new)
    if not in_old and not in_new:
        return list(tidy)
    done: list[Hunk] = []
    i = j = 0
    for n, (op, text) in enumerate(tidy):
        start, end = 0, len(text)
        if op == "equal":
            while n and start < end and (i + start in in_old or j + start in in_new):
                start += 1
            last = n == len(tidy) - 1
            while not last and end > start and (i + end in in_old or j + end in in_new):
                end -= 1
            done += [("delete", text[:start]), ("insert", text[:start])]
            done.append(("equal", text[start:end]))
            done += [("delete", text[end:]), ("insert", text[end:])]
        else:
            done.append((op, text))
        i += len(text) if op != "insert" else 0
        j += len(text) if op != "delete" else 0
    return _tidy(done)
