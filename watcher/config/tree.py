"""YAML as a person wrote it: every scalar a str, every key and item with its line, nothing typed yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"
Path: TypeAlias = tuple[str | int, ...]

_DEPTH = 40
_VALUES = 50_000  # after aliases are expanded; a file of 1,000 sources has about 15,000
_CORE = "tag:yaml.org,2002:"
_COMMENT_AFTER_COLON = re.compile(r":\s+#\S")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong, where it stands."""

    line: int
    path: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    value: Plain
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of `path`; of what holds it where it does not stand in the file itself."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, problem: str) -> Fault:
        return Fault(self.line(path), shown(path), problem)


def shown(path: Path) -> str:
    """sources[2].every; odd names are quoted, so that no path breaks a line or a terminal."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if re.fullmatch(r"[\w-]{1,60}", step) else repr(step[:60])
            text += f".{name}" if text else name
    return text or "(file)"


def printable(text: str) -> str:
    """`text` on one line: what a user wrote must not steer the terminal it is told on."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def parse(text: str) -> Tree:
    """Read one YAML document. Whatever is wrong with it is in the tree's `faults`.

    Uses `yaml.compose`, not `load`: YAML 1.1 would make `on` a boolean and 12:30 the number 750.
    """
    try:
        _check_depth(text)
        root = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError as exc:
        return Tree(value=None, faults=[_broken(exc, text)])
    if root is None:
        return Tree(value=None, faults=[Fault(1, "(file)", "the file is empty")])
    walk = _Walk()
    try:
        value = walk.value(root, ())
    except _TooMuch as exc:
        return Tree(value=None, faults=[Fault(exc.line, "(file)", str(exc))])
    return Tree(value=value, lines=walk.lines, faults=walk.faults)


class _TooMuch(yaml.YAMLError):
    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def _check_depth(text: str) -> None:
    """Refuse deep nesting before `compose` meets it: its C recursion has no limit and crashes."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise _TooMuch(line, "nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _broken(error: yaml.YAMLError, text: str) -> Fault:
    if isinstance(error, _TooMuch):
        return Fault(error.line, "(file)", str(error))
    if not isinstance(error, yaml.MarkedYAMLError):  # a ReaderError: a character YAML forbids
        return Fault(_odd_line(text), "(file)", "a control character stands here; remove it")
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark]
    line = marks[0].line + 1 if marks else 1
    problem = f"not YAML: {', '.join(filter(None, [error.context, error.problem]))}"
    rows = text.splitlines()
    near = {mark.line - back for mark in marks for back in (0, 1)}
    if any(_COMMENT_AFTER_COLON.search(rows[n]) for n in near if 0 <= n < len(rows)):
        problem += '; a # after a blank begins a comment: quote it, "#channel"'
    return Fault(line, "(file)", problem)


def _odd_line(text: str) -> int:
    odd = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    return text.count("\n", 0, odd.start()) + 1 if odd else 1


class _Walk:
    """Nodes to plain values; faults are gathered, the first of two equal keys wins."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.seen = 0
        self.open: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Plain:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.seen += 1
        if self.seen > _VALUES:
            raise _TooMuch(line, f"aliases (*name) make more than {_VALUES} values of this file")
        if id(node) in self.open or len(path) > _DEPTH:
            self.add(path, "an alias (*name) refers to what holds it")
            return None
        if not node.tag.startswith(_CORE):
            self.add(path, f"the tag {node.tag[:60]!r} means nothing here; remove it")
        self.open.add(id(node))
        try:
            return self.inner(node, path)
        finally:
            self.open.discard(id(node))

    def inner(self, node: yaml.Node, path: Path) -> Plain:
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, n)) for n, item in enumerate(node.value)]
        return None if node.tag == f"{_CORE}null" else str(node.value)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        merged: list[tuple[yaml.Node, yaml.Node]] = []
        for key, value in node.value:
            if key.tag == f"{_CORE}merge":
                merged.extend(self.merged(value, path))
            elif (name := self.name(key, path)) is not None:
                here = (*path, name)
                if name in found:
                    first = self.lines[here]
                    self.add(here, f"duplicate key; the first is on line {first}", key)
                    continue
                self.lines[here] = key.start_mark.line + 1
                found[name] = self.value(value, here)
        for key, value in merged:  # keys written out win over merged ones, as YAML has it
            name = self.name(key, path)
            if name is not None and name not in found:
                found[name] = self.value(value, (*path, name))
        return found

    def merged(self, node: yaml.Node, path: Path) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for part in parts:
            if isinstance(part, yaml.MappingNode):
                yield from part.value
            else:
                self.add(path, "<< needs a mapping", part)

    def name(self, key: yaml.Node, path: Path) -> str | None:
        if not isinstance(key, yaml.ScalarNode) or key.tag == f"{_CORE}null":
            self.add(path, "a key must be a word", key)
            return None
        name = str(key.value)
        # {token:xoxb-…} is one long key to YAML: what follows the colon may be a secret
        if (colon := name.find(":")) >= 0:
            self.add((*path, name[:colon]), "a blank is missing after the colon", key)
            return None
        return name

    def add(self, path: Path, problem: str, node: yaml.Node | None = None) -> None:
        line = node.start_mark.line + 1 if node else self.lines[path]
        self.faults.append(Fault(line, shown(path), problem))
