"""Rule files to a rule book: reads taxonomy.yaml and the user's own file of the same shape on top."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import yaml

from watcher.classify.bounded import compose, read
from watcher.classify.folding import spelling
from watcher.classify.rules import NOISE_WEIGHTS, WEIGHTS, RuleBook, Rules, Sector, Term
from watcher.errors import ConfigError

_BUILT_IN = "taxonomy.yaml"
MOST_TERMS = 50_000
"""Of a file, with all its companions, exclusions and masks."""
LONGEST_TERM = 80
"""Characters; the longest names of bodies have about 30."""
_Off: TypeAlias = dict[tuple[str, str], str]
"""What is taken out, as (target, spelling), and where the file says so."""
_TOP = ("sectors", "noise", "masks", "bodies", "homes")
_SECTOR = ("code", "name_en", "name_zh", "definition", "tier", "behind", "terms")


def load_rules(path: Path | None = None) -> Rules:
    """The built-in rules, with the file at `path` on top; the built-in ones are built once.

    A file may add sectors, add terms to a sector, give a term another weight, and take terms
    out (`off`). Raises ConfigError with every fault as `FILE:LINE: path: problem`.
    """
    return _built_in_rules() if path is None else Rules(_book(path))


def sector_names(path: Path | None = None) -> Mapping[str, tuple[str, str]]:
    """Code -> (English, Chinese name) of every sector, without compiling the rules."""
    book = _built_in() if path is None else _book(path)
    return MappingProxyType({code: (s.name_en, s.name_zh) for code, s in book.sectors.items()})


@lru_cache(maxsize=1)
def _built_in_rules() -> Rules:
    return Rules(_built_in())


@lru_cache(maxsize=1)
def _built_in() -> RuleBook:
    text = files("watcher.classify").joinpath(_BUILT_IN).read_text(encoding="utf-8")
    return _Reader(_BUILT_IN).read(text, RuleBook())


def _book(path: Path) -> RuleBook:
    return _Reader(str(path)).read(read(path, "rules"), _built_in())


@dataclass
class _Reader:
    """Walks one file's YAML nodes, so that every fault has its line."""

    name: str
    problems: list[str] = field(default_factory=list)
    said: set[tuple[str, str]] = field(default_factory=set)
    references: list[tuple[yaml.Node, str, str]] = field(default_factory=list)
    """Sector codes that the file mentions, checked when all sectors are known."""
    values: int = 0

    def read(self, text: str, below: RuleBook) -> RuleBook:
        """The book of `text` on top of `below`."""
        root = compose(text, self.name, "rules")
        if root is None:
            return below
        top = self._mapping(root, "rules", _TOP)
        sectors, terms, off = self._sectors(top.get("sectors"), below)
        noise, noise_off = self._noise(top.get("noise"))
        masks = self._masks(top.get("masks")) | self._bodies(top.get("bodies"))
        homes = self._homes(top.get("homes"))
        self._check_references(sectors)
        if self.problems:
            raise ConfigError(self.problems)
        return RuleBook(
            sectors=sectors,
            terms=_overlay(below.terms, terms, off.keys()),
            noise=_overlay(below.noise, noise, noise_off.keys()),
            masks={**masks, **below.masks},
            homes={**below.homes, **homes},
            idle=(*_idle(off, (*below.terms, *terms)), *_idle(noise_off, (*below.noise, *noise))),
        )

    # ------------------------------------------------------------ parts of a file

    def _sectors(
        self, node: yaml.Node | None, below: RuleBook
    ) -> tuple[dict[str, Sector], list[Term], _Off]:
        sectors = dict(below.sectors)
        terms: list[Term] = []
        off: _Off = {}
        for n, item in enumerate(self._items(node, "sectors")):
            path = f"sectors[{n}]"
            keys = self._mapping(item, path, _SECTOR)
            code = self._scalar(keys.get("code"), f"{path}.code")
            if not code:
                self._fault(item, f"{path}.code", "a sector needs its code")
                continue
            sectors[code] = self._sector(code, keys, path, item, sectors.get(code))
            for key, lines in self._groups(keys.get("terms"), f"{path}.terms", (*WEIGHTS, "off")):
                for line, at in lines:
                    if key == "off":
                        word = self._word(line, at)
                        off[code, spelling(word.removesuffix("*"))] = self._where(line)
                    else:
                        terms.extend(self._term(line, at, code, WEIGHTS[key]))
        return sectors, terms, off

    def _sector(
        self,
        code: str,
        keys: Mapping[str, yaml.Node],
        path: str,
        node: yaml.Node,
        known: Sector | None,
    ) -> Sector:
        if code == "none":
            self._fault(node, f"{path}.code", "'none' is not a sector; noise goes under 'noise'")
        if known is None and not {"name_en", "name_zh"} <= keys.keys():
            self._fault(node, path, f"a new sector {code!r} needs name_en and name_zh")
        base = known or Sector(code=code, name_en=code, name_zh=code)
        tier = self._scalar(keys.get("tier"), f"{path}.tier") or str(base.tier)
        if tier not in ("0", "1", "2"):
            self._fault(keys["tier"], f"{path}.tier", f"must be 0, 1 or 2, not {tier!r}")
            tier = "0"
        behind = self._strings(keys.get("behind"), f"{path}.behind")
        if behind:
            self.references += [(keys["behind"], f"{path}.behind", one) for one in behind]
        return replace(
            base,
            name_en=self._scalar(keys.get("name_en"), f"{path}.name_en") or base.name_en,
            name_zh=self._scalar(keys.get("name_zh"), f"{path}.name_zh") or base.name_zh,
            tier=int(tier),
            behind=tuple(behind) or base.behind,
        )

    def _noise(self, node: yaml.Node | None) -> tuple[list[Term], _Off]:
        terms: list[Term] = []
        off: _Off = {}
        kinds = {} if node is None else self._mapping(node, "noise", None)
        for kind, groups in kinds.items():
            for key, lines in self._groups(groups, f"noise.{kind}", (*NOISE_WEIGHTS, "off")):
                for line, at in lines:
                    if key == "off":
                        word = self._word(line, at)
                        off[kind, spelling(word.removesuffix("*"))] = self._where(line)
                    else:
                        terms.extend(self._term(line, at, kind, NOISE_WEIGHTS[key]))
        return terms, off

    def _masks(self, node: yaml.Node | None) -> dict[str, str]:
        return {word: self._where(item) for item, word in self._words(node, "masks")}

    def _bodies(self, node: yaml.Node | None) -> dict[str, str]:
        if node is None:
            return {}
        keys = self._mapping(node, "bodies", ("stems", "endings"))
        stems = self._strings(keys.get("stems"), "bodies.stems")
        endings = self._strings(keys.get("endings"), "bodies.endings")
        if len(stems) * len(endings) > MOST_TERMS:
            self._fault(node, "bodies", f"stems and endings make more than {MOST_TERMS:,} names")
            return {}
        return {stem + ending: self._where(node) for stem in stems for ending in endings}

    def _homes(self, node: yaml.Node | None) -> dict[str, str]:
        homes = {}
        for body, value in ({} if node is None else self._mapping(node, "homes", None)).items():
            homes[body] = self._scalar(value, f"homes.{body}")
            self.references.append((value, f"homes.{body}", homes[body]))
        return homes

    def _check_references(self, sectors: Mapping[str, Sector]) -> None:
        for node, path, code in self.references:
            if code not in sectors:
                near = get_close_matches(code, sectors, 1)
                hint = f"; nearest: {near[0]}" if near else ""
                self._fault(node, path, f"no sector {code!r}{hint}")

    def _groups(
        self, node: yaml.Node | None, path: str, known: tuple[str, ...]
    ) -> Iterator[tuple[str, list[tuple[yaml.Node, str]]]]:
        if node is None:
            return
        for key, value in self._mapping(node, path, known).items():
            at = f"{path}.{key}"
            yield key, [(item, f"{at}[{n}]") for n, item in enumerate(self._items(value, at))]

    def _term(self, node: yaml.Node, path: str, target: str, weight: float) -> Iterator[Term]:
        if isinstance(node, yaml.MappingNode):
            keys = self._mapping(node, path, ("term", "with", "unless"))
            term = keys.get("term")
            text = self._word(node if term is None else term, f"{path}.term")
            companions = self._strings(keys.get("with"), f"{path}.with")
            unless = self._strings(keys.get("unless"), f"{path}.unless")
        else:
            text, companions, unless = self._word(node, path), [], []
        if not text:
            return
        key = (target, spelling(text.removesuffix("*")))
        if key in self.said:
            self._fault(node, path, f"{text!r} stands twice under {target!r}")
        self.said.add(key)
        yield Term(
            text=text,
            target=target,
            weight=weight,
            companions=tuple(companions),
            unless=tuple(unless),
            where=self._where(node),
        )

    # ------------------------------------------------------------ nodes

    def _fault(self, node: yaml.Node, path: str, problem: str) -> None:
        self.problems.append(f"{self._where(node)}: {path}: {problem}")

    def _where(self, node: yaml.Node) -> str:
        return f"{self.name}:{node.start_mark.line + 1}"

    def _mapping(
        self, node: yaml.Node, path: str, known: tuple[str, ...] | None
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, path, "must be a mapping")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._scalar(key, path)
            if name in found:
                self._fault(key, f"{path}.{name}", "said twice")
            elif known is not None and name not in known:
                near = get_close_matches(name, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
                self._fault(key, f"{path}.{name}", f"unknown key; {hint}")
                continue
            found[name] = value
        return found

    def _items(self, node: yaml.Node | None, path: str) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._fault(node, path, "must be a list")
            return []
        self.values += len(node.value)
        if self.values > MOST_TERMS:
            raise ConfigError([f"{self._where(node)}: {path}: more than {MOST_TERMS:,} terms"])
        return list(node.value)

    def _scalar(self, node: yaml.Node | None, path: str) -> str:
        """The node's own spelling: `on` stays "on" and 12:30 stays "12:30"."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, path, "must be a single value")
            return ""
        return str(node.value).strip()

    def _strings(self, node: yaml.Node | None, path: str) -> list[str]:
        return [word for _, word in self._words(node, path)]

    def _words(self, node: yaml.Node | None, path: str) -> list[tuple[yaml.Node, str]]:
        """Companions, masks or codes, each with its node."""
        items = enumerate(self._items(node, path))
        words = [(item, self._word(item, f"{path}[{n}]", stem=False)) for n, item in items]
        return [(item, word) for item, word in words if word]

    def _word(self, node: yaml.Node, path: str, *, stem: bool = True) -> str:
        """A term, companion or mask; "" where it is none, and then a fault says why."""
        text = self._scalar(node, path) if isinstance(node, yaml.ScalarNode) else ""
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, path, "must be a single value")
        elif len(text) > LONGEST_TERM:
            self._fault(node, path, f"longer than {LONGEST_TERM} characters")
        elif "*" in (text[:-1] if stem else text):
            self._fault(node, path, "a * may only end a term")
        elif not spelling(text.removesuffix("*")):
            self._fault(node, path, "must not be empty")
        else:
            return text
        return ""


def _overlay(
    below: tuple[Term, ...], above: list[Term], off: Collection[tuple[str, str]]
) -> tuple[Term, ...]:
    """Terms of both, where the same spelling of the same sector is said once, by the upper file."""
    merged = {(t.target, t.spelling): t for t in (*below, *above)}
    return tuple(term for key, term in merged.items() if key not in off)


def _idle(off: _Off, terms: Sequence[Term]) -> Iterator[str]:
    """What is taken out though it was never in."""
    known = {(term.target, term.spelling) for term in terms}
    for (target, word), where in off.items():
        if (target, word) not in known:
            yield f"{where}: {word!r} is taken out of {target!r}, which does not have it"
