"""The tables of `glossary.yaml`, read at first use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A noun: as it stands before another noun, and as it stands last."""

    before: str
    last: str | None
    """None where it cannot stand last: national."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """What `glossary.yaml` holds; its head says what each table is."""

    bodies: Mapping[str, str]
    organs: Mapping[str, str]
    places: Mapping[str, str]
    names: Mapping[str, str]
    forms: Mapping[str, str]
    shapes: Mapping[str, str]
    terms: Mapping[str, Term]
    growths: Mapping[str, str]
    verbs: Mapping[str, str]
    longest_term: int
    organ: re.Pattern[str]
    place: re.Pattern[str]
    form: re.Pattern[str]
    verb: re.Pattern[str]


@cache
def glossary() -> Glossary:
    raw = yaml.load(  # a C loader of plain scalars: the file is the package's own
        files("watcher.gloss").joinpath("glossary.yaml").read_text(encoding="utf-8"),
        Loader=yaml.CSafeLoader,
    )
    terms = {}
    for word, english in raw.pop("terms").items():
        before, _, last = english.partition("/")
        terms[word] = Term(before=before, last=None if last == "-" else last or before)
    raw["shapes"] = dict(sorted(raw["shapes"].items(), key=lambda each: -len(each[0])))
    return Glossary(
        **raw,
        terms=terms,
        longest_term=max(map(len, terms)),
        organ=re.compile(_any(raw["organs"])),
        place=re.compile(f"({_any(raw['places'])})"),
        form=re.compile(f"({_any(raw['forms'])})$"),
        verb=re.compile(_any(raw["verbs"])),
    )


def _any(words: Iterable[str]) -> str:
    """An alternative of `words` that tries the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
