"""Whatever stands in sources.yaml, the answer is a Config or a ConfigError that a terminal can show."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.config.test_load import ENVIRON, EVERY_KEY
from watcher.config import load, notes
from watcher.errors import ConfigError

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, "", " ", "x", "1", "-1", "١", "９", "now", "a\nb", "\x1b[31m", "a" * 300, "1/0"),
        *([], {}, [None], [[]], {"a": None}, {"": ""}, {"id": ["x"]}, ["x", "x"], True),
        *(
            "env:SLACK_BOT_TOKEN",
            "env:",
            "file:",
            "file:sources.yaml",
            "file:/dev/null",
            "file:a\0b",
        ),
        *("https://x", "//x", "http://\u2100.com", "http://[", "::1", "[::1]", "Europe", "../.."),
        *("9999-12-31", "99999d", "0d", "daily 25:00", "24:00-25:00", "li:has(", "*", "<<"),
    ]
)
BASE: Any = yaml.load(EVERY_KEY, yaml.BaseLoader)  # noqa: S506 - text alone, our own


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every key and item."""
    steps: list[Any] = []
    if isinstance(tree, dict | list):
        steps = list(tree if isinstance(tree, dict) else range(len(tree)))
    here = [path] if path else []
    return here + [place for step in steps for place in places(tree[step], (*path, step))]


def answer(path: Path, body: bytes) -> None:
    path.write_bytes(body)
    try:
        notes(load(path, {"A": "x", **ENVIRON}))
    except ConfigError as exc:
        for problem in exc.problems:  # one line each, with file, line and path
            assert problem.isprintable()
            assert problem.removeprefix(f"{path}:").split(":")[0].isdecimal()
            assert "hunter2" not in problem


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(places(BASE)), JUNK), min_size=1, max_size=3))
def test_junk_in_any_place(
    tmp_path_factory: pytest.TempPathFactory, replaced: list[tuple[tuple[Any, ...], Any]]
) -> None:
    tree = copy.deepcopy(BASE)
    for place, junk in replaced:
        inner = tree
        try:
            for step in place[:-1]:
                inner = inner[step]
            inner[place[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue  # an earlier replacement took the place away
    text = yaml.safe_dump(tree, allow_unicode=True)
    answer(tmp_path_factory.getbasetemp() / "junk.yaml", text.encode())


WORDS = st.sampled_from(
    [
        *"{}[]:-,&*!|>'\"%@`#?~",
        *("\n", "\n  ", "\n    - ", ": ", " ", "<<: *a", "&a ", "*a", "!x ", "null", "\t", "\x00"),
        *("sources", "id", "kind", "listing", "url", "https://x.cn/", "teams", "to", "slack"),
        *("channels", "token", "env:A", "file:/", "rules", "state", "headers", "subscriptions"),
        *("when", "daily 08:00", "sectors", "database", "network", "proxy", "10.0.0.0/8", "7d"),
        *("defaults", "timezone", "Europe", "../..", "http://[", "\\ud800", "三", "９"),
    ]
)


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=200))
@example("sources: [{id: a, kind: feed, url: 'http://[::1'}]")
@example("rules: [1]\nstate: [1]\nsources: {}\nteams: 3\nchannels: []\noperators: {to: {}}")
@example("sources: [{id: a, kind: [x], url: [y], headers: {a: [b]}, rule: x, detail: []}]")
@example('sources: []\nstate: "a\\0b"\nrules: "a\\0b"\nchannels: {slack: {token: "file:a\\0b"}}')
@example(f"sources: []\nstate: {'a' * 5000}\nrules: {'a' * 5000}")
@example("sources: []\ndefaults: {timezone: ../../etc}\n")
@example("sources: []\nteams: [{id: t, subscriptions: [{as: x, id: {a: b}}], to: [[{}]]}]")
def test_anything_is_a_config_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    body = text.encode("utf-8", "surrogatepass")
    answer(tmp_path_factory.getbasetemp() / "any.yaml", body)
