"""A file of papers with their right sectors, to test rules against: what `watcher rules test` reads."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import yaml

from watcher.classify.bounded import compose, read
from watcher.classify.engine import NONE
from watcher.classify.measure import Case
from watcher.errors import ConfigError

_NULL = "tag:yaml.org,2002:null"
_TEXTS = ("text", "doc_title_zh", "doc_title_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A case, and what else is known of the paper before the rules are asked."""

    case: Case
    text: str = ""
    url: str | None = None
    published: date | None = None


def read_gold(path: Path, sectors: Collection[str]) -> list[Question]:
    """The questions of a gold file, of the sectors there are.

    The file has `items`, each with id, title and primary (a code or none); where known
    secondary, accept (further good answers), text or doc_title_zh and doc_title_en, address, and
    published or date. Other keys are left alone. Raises ConfigError with every fault as
    `FILE:LINE: path: problem`.
    """
    root = compose(read(path, "gold"), str(path), "gold")
    items = dict(_keys(root)).get("items")
    if not isinstance(items, yaml.SequenceNode):
        line = root.start_mark.line + 1 if root else 1
        raise ConfigError([f"{path}:{line}: items: must be a list of papers with their sectors"])
    problems: list[str] = []
    questions = []
    for n, node in enumerate(items.value):
        row = _Row(dict(_keys(node)))
        faults = list(row.faults({*sectors, NONE}))
        where = f"{path}:{node.start_mark.line + 1}: items[{n}]"
        problems += [f"{where}.{fault}" for fault in faults]
        if not faults:
            questions.append(row.question())
    if problems:
        raise ConfigError(problems)
    return questions


def _keys(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value) for key, value in node.value)


@dataclass(frozen=True, slots=True)
class _Row:
    keys: dict[str, yaml.Node]

    def faults(self, codes: Collection[str]) -> Iterator[str]:
        for key in ("id", "title", "primary"):
            if not self.word(key):
                yield f"{key}: must be given"
        for key in ("secondary", "accept"):
            if key in self.keys and self.words(key) is None:
                yield f"{key}: must be a list of sectors"
        for key in ("primary", "secondary", "accept"):
            for code in [self.word(key)] if key == "primary" else self.words(key) or ():
                if code and code not in codes:
                    near = get_close_matches(code, codes, 1)
                    yield f"{key}: no sector {code!r}" + (f"; nearest: {near[0]}" if near else "")

    def question(self) -> Question:
        case = Case(
            id=self.word("id"),
            title=self.word("title"),
            primary=self.word("primary"),
            secondary=self.words("secondary") if "secondary" in self.keys else None,
            accept=self.words("accept") or (),
        )
        return Question(
            case=case,
            text="\n".join(filter(None, map(self.word, _TEXTS))),
            url=self.word("address") or None,
            published=_day(self.word("published") or self.word("date")),
        )

    def word(self, key: str) -> str:
        node = self.keys.get(key)
        if not isinstance(node, yaml.ScalarNode) or node.tag == _NULL:
            return ""
        return str(node.value).strip()

    def words(self, key: str) -> tuple[str, ...] | None:
        """The words of a list; () for null, None for what is no list of words."""
        node = self.keys.get(key)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.tag == _NULL):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            return None
        if not all(isinstance(one, yaml.ScalarNode) for one in node.value):
            return None
        return tuple(str(one.value).strip() for one in node.value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:  # only a month is known, or nothing
        return None
