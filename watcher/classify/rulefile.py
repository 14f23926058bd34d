"""Rule files to a rule book: reads taxonomy.yaml and the user's own file of the same shape on top."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import yaml

from watcher.classify.rules import NOISE_WEIGHTS, WEIGHTS, RuleBook, Rules, Sector, Term, fold
from watcher.errors import ConfigError

_BUILT_IN = "taxonomy.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError([f"{path}:1: rules: cannot be read: {exc}"]) from exc
    return _Reader(str(path)).read(text, _built_in())


@dataclass
class _Reader:
    """Walks one file's YAML nodes, so that every fault has its line."""

    name: str
    problems: list[str] = field(default_factory=list)
    said: set[tuple[str, str]] = field(default_factory=set)
    references: list[tuple[yaml.Node, str, str]] = field(default_factory=list)
    """Sector codes that the file mentions, checked when all sectors are known."""

    def read(self, text: str, below: RuleBook) -> RuleBook:
        """The book of `text` on top of `below`."""
        try:
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as exc:
            mark = getattr(exc, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            problem = getattr(exc, "problem", None) or "not YAML"
            raise ConfigError([f"{self.name}:{line}: rules: {problem}"]) from exc
        if root is None:
            return below
        top = self._mapping(root, "rules", _TOP)
        sectors, terms, off = self._sectors(top.get("sectors"), below)
        noise, noise_off = self._noise(top.get("noise"))
        masks = [*self._strings(top.get("masks"), "masks"), *self._bodies(top.get("bodies"))]
        homes = self._homes(top.get("homes"))
        self._check_references(sectors)
        if self.problems:
            raise ConfigError(self.problems)
        return RuleBook(
            sectors=sectors,
            terms=_overlay(below.terms, terms, off),
            noise=_overlay(below.noise, noise, noise_off),
            masks=tuple(dict.fromkeys([*below.masks, *masks])),
            homes={**below.homes, **homes},
        )

    # ------------------------------------------------------------ parts of a file

    def _sectors(
        self, node: yaml.Node | None, below: RuleBook
    ) -> tuple[dict[str, Sector], list[Term], set[tuple[str, str]]]:
        sectors = dict(below.sectors)
        terms: list[Term] = []
        off: set[tuple[str, str]] = set()
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
                        off.add((code, fold(self._scalar(line, at).removesuffix("*"))))
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

    def _noise(self, node: yaml.Node | None) -> tuple[list[Term], set[tuple[str, str]]]:
        terms: list[Term] = []
        off: set[tuple[str, str]] = set()
        kinds = {} if node is None else self._mapping(node, "noise", None)
        for kind, groups in kinds.items():
            for key, lines in self._groups(groups, f"noise.{kind}", (*NOISE_WEIGHTS, "off")):
                for line, at in lines:
                    if key == "off":
                        off.add((kind, fold(self._scalar(line, at).removesuffix("*"))))
                    else:
                        terms.extend(self._term(line, at, kind, NOISE_WEIGHTS[key]))
        return terms, off

    def _bodies(self, node: yaml.Node | None) -> list[str]:
        if node is None:
            return []
        keys = self._mapping(node, "bodies", ("stems", "endings"))
        stems = self._strings(keys.get("stems"), "bodies.stems")
        endings = self._strings(keys.get("endings"), "bodies.endings")
        return [stem + ending for stem in stems for ending in endings]

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
            text = self._scalar(keys.get("term"), f"{path}.term")
            companions = self._strings(keys.get("with"), f"{path}.with")
            unless = self._strings(keys.get("unless"), f"{path}.unless")
        else:
            text, companions, unless = self._scalar(node, path), [], []
        if not text.removesuffix("*").strip():
            if not isinstance(node, yaml.SequenceNode):
                self._fault(node, path, "a term must not be empty")
            return
        if (target, fold(text)) in self.said:
            self._fault(node, path, f"{text!r} stands twice under {target!r}")
        self.said.add((target, fold(text)))
        yield Term(
            text=text,
            target=target,
            weight=weight,
            companions=tuple(companions),
            unless=tuple(unless),
        )

    # ------------------------------------------------------------ nodes

    def _fault(self, node: yaml.Node, path: str, problem: str) -> None:
        self.problems.append(f"{self.name}:{node.start_mark.line + 1}: {path}: {problem}")

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
        found = []
        for n, item in enumerate(self._items(node, path)):
            text = self._scalar(item, f"{path}[{n}]")
            if text:
                found.append(text)
            elif isinstance(item, yaml.ScalarNode):
                self._fault(item, f"{path}[{n}]", "must not be empty")
        return found


def _overlay(
    below: tuple[Term, ...], above: list[Term], off: set[tuple[str, str]]
) -> tuple[Term, ...]:
    """Terms of both, where the same spelling of the same sector is said once, by the upper file."""
    merged = {(t.target, t.spelling): t for t in (*below, *above)}
    return tuple(term for key, term in merged.items() if key not in off)
