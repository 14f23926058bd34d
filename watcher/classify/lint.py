"""What is odd about rules that are not faulty: terms that never count, or count twice. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from watcher.classify.folding import spelling
from watcher.classify.rules import NOISE_WEIGHTS, WEIGHTS, Rules, Term

TITLE_STRENGTH = WEIGHTS["strong"]


class Note(NamedTuple):
    """Something a person should look at; nothing is stopped by it."""

    where: str
    """FILE:LINE, or the file alone."""
    kind: str
    """dead, two sectors, short, idle or weak sector."""
    text: str


def lint(rules: Rules, file: str | None = None) -> list[Note]:
    """Notes on all rules, or on the terms and sectors that `file` (as it was loaded) has a part in."""
    terms = [*rules.book.terms, *rules.book.noise]
    notes = [
        *(note for term in terms for note in _dead(term, rules)),
        *_masked(terms, rules, file),
        *_plural(terms),
        *(note for term in terms for note in _idle_words(term)),
        *_twice(rules.book.terms, "sectors", WEIGHTS, file),
        *_twice(rules.book.noise, "kinds of noise", NOISE_WEIGHTS, file),
        *(note for term in terms for note in _short(term)),
        *(Note(*_parted(line)) for line in rules.book.idle),
    ]
    if file is not None:
        notes = [note for note in notes if _file(note.where) == file]
        touched = {term.target for term in terms if _file(term.where) == file}
    else:
        touched = {*rules.sectors}
    notes += _weak(rules, touched, file)
    return sorted(
        dict.fromkeys(notes), key=lambda note: (note.kind, *_order(note.where), note.text)
    )


def _dead(term: Term, rules: Rules) -> Iterator[Note]:
    """A term whose exclusion is there wherever the term is, or that needs what it excludes."""
    for word in term.unless:
        if _within(word, term, rules):
            yield Note(
                term.where,
                "dead",
                f"{term.text!r} never counts: it excludes {word!r}, which it contains",
            )
    barred = set(map(spelling, term.unless))
    if term.companions and {*map(spelling, term.companions)} <= barred:
        yield Note(term.where, "dead", f"{term.text!r} never counts: it excludes all that it needs")


def _masked(terms: Iterable[Term], rules: Rules, file: str | None) -> Iterator[Note]:
    masks = {spelling(mask): where for mask, where in rules.book.masks.items()}
    for term in terms:
        where = masks.get(term.spelling)
        if where is not None:
            text = f"{term.text!r} ({term.target}) never counts: it is a mask as well"
            yield Note(where if _file(where) == file else term.where, "dead", text)


def _plural(terms: Sequence[Term]) -> Iterator[Note]:
    """A Latin term's plural that is listed beside it, though the term finds it."""
    singular = {(term.target, term.spelling) for term in terms if not term.text.endswith("*")}
    for term in terms:
        for ending in ("s", "es"):
            base = term.spelling.removesuffix(ending)
            if base.isascii() and base != term.spelling and (term.target, base) in singular:
                text = f"{term.text!r} adds nothing: {base!r} has its plural already"
                yield Note(term.where, "idle", text)


def _idle_words(term: Term) -> Iterator[Note]:
    """Companions that change nothing, because the term brings one along."""
    for word in term.companions:
        if spelling(word) == term.spelling:
            yield Note(
                term.where,
                "idle",
                f"{term.text!r} is its own companion: the others are never needed",
            )
    for words in (term.companions, term.unless):
        firsts = {spelling(word): word for word in reversed(words)}
        for spelled, count in Counter(map(spelling, words)).items():
            if count > 1:
                text = f"{firsts[spelled]!r} stands twice among the conditions of {term.text!r}"
                yield Note(term.where, "idle", text)


def _within(word: str, term: Term, rules: Rules) -> bool:
    """Whether `word` is found in every text that has `term`, as the engine finds it."""
    text = term.spelling
    return any(text[start:end] == spelling(word) for start, end in rules.words(text))


def _twice(
    terms: Iterable[Term], what: str, weights: Mapping[str, float], file: str | None
) -> Iterator[Note]:
    """Spellings that speak for several targets; a file's own line is named rather than a built-in one."""
    names = {weight: name for name, weight in weights.items()}
    by_spelling: dict[str, list[Term]] = {}
    for term in terms:
        by_spelling.setdefault(term.spelling, []).append(term)
    for same in by_spelling.values():
        if len({term.target for term in same}) > 1:
            said = ", ".join(f"{t.target} ({names[t.weight]})" for t in same)
            first = next((t for t in same if _file(t.where) == file), same[0])
            yield Note(first.where, f"two {what}", f"{first.text!r} counts for {said}")


def _short(term: Term) -> Iterator[Note]:
    if len(term.spelling) == 1 and not term.companions:
        text = f"{term.text!r} is one character, and part of many words: give it companions (with)"
        yield Note(term.where, "short", text)


def _weak(rules: Rules, codes: Iterable[str], file: str | None) -> Iterator[Note]:
    best: dict[str, float] = {}
    for term in rules.book.terms:
        best[term.target] = max(best.get(term.target, 0.0), term.weight)
    for code in sorted(set(codes) & rules.sectors.keys()):
        if best.get(code, 0.0) < TITLE_STRENGTH:
            text = f"{code!r} has no strong term: a title that names it once gives it nothing to stand on"
            yield Note(file or "rules", "weak sector", text)


def _parted(line: str) -> tuple[str, str, str]:
    where, _, text = line.partition(": ")
    return where, "idle", text


def _file(where: str) -> str:
    return where.rpartition(":")[0]


def _order(where: str) -> tuple[str, int]:
    file, _, line = where.rpartition(":")
    return file, int(line) if line.isdigit() else 0
