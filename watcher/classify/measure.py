"""How well rules answer: cases with their right answers in, figures and misses out. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.classify.engine import NONE
from watcher.model import Classification


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A paper with the sectors a person gave it."""

    id: str
    title: str
    primary: str
    """A sector's code, or none."""
    secondary: tuple[str, ...] | None = ()
    """None when nobody said: then secondary sectors are not judged."""
    accept: tuple[str, ...] = ()
    """Further answers that are as good as `primary`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A case that the rules answered otherwise."""

    case: Case
    answer: Classification


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one sector: how often it was right, was given, was wanted."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.given)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.wanted)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.right, self.given + self.wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Shares are of 1, and None where there was nothing to judge."""

    cases: int
    primary: float | None
    """Of all cases."""
    none_recall: float | None
    """Of the cases for nobody: how many were kept out."""
    false_none: float | None
    """Of the cases for somebody: how many were kept out."""
    micro_f1: float | None
    """Over primary and secondary sectors of the cases whose secondary sectors are known."""
    hit_any: float | None
    """Of the cases for somebody: how many have their sector among the answers."""
    confusion: Mapping[tuple[str, str], int]
    """(right, answered) -> cases, the right answers among them."""
    sectors: Mapping[str, Tally]
    """By primary sector, `none` among them."""
    misses: tuple[Miss, ...]
    """The surest first."""


def measure(answers: Sequence[tuple[Case, Classification]]) -> Report:
    """Judge answers as a second labeller would: the primary sector, then the set of sectors."""
    confusion = Counter((_wanted(case, said), said.primary) for case, said in answers)
    given, wanted = Counter[str](), Counter[str]()
    for (right, answer), count in confusion.items():
        wanted[right] += count
        given[answer] += count
    somebody = [(case, said) for case, said in answers if _wanted(case, said) != NONE]
    hits = sum(_wanted(case, said) in (said.primary, *said.secondary) for case, said in somebody)
    misses = [
        Miss(case=case, answer=said)
        for case, said in answers
        if _wanted(case, said) != said.primary
    ]
    return Report(
        cases=len(answers),
        primary=_share(sum(confusion[code, code] for code in wanted), len(answers)),
        none_recall=_share(confusion[NONE, NONE], wanted[NONE]),
        false_none=_share(given[NONE] - confusion[NONE, NONE], len(somebody)),
        micro_f1=_micro(answers).f1,
        hit_any=_share(hits, len(somebody)),
        confusion=dict(confusion),
        sectors={
            code: Tally(confusion[code, code], given[code], wanted[code])
            for code in sorted({*given, *wanted})
        },
        misses=tuple(sorted(misses, key=lambda miss: (-miss.answer.score, miss.case.id))),
    )


def _wanted(case: Case, said: Classification) -> str:
    return said.primary if said.primary in case.accept else case.primary


def _micro(answers: Iterable[tuple[Case, Classification]]) -> Tally:
    right = given = wanted = 0
    for case, said in answers:
        if case.secondary is None:
            continue
        gold = {case.primary, *case.secondary} - {NONE}
        ours = {said.primary, *said.secondary} - {NONE}
        right, given, wanted = right + len(gold & ours), given + len(ours), wanted + len(gold)
    return Tally(right, given, wanted)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
