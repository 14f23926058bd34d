"""The docs name every key that sources.yaml may hold, and its example of own rules is right."""

import re
from pathlib import Path

from pydantic import BaseModel

from tests.real import ROOT
from watcher.classify import load_rules, sector_names
from watcher.config import schema
from watcher.model import Stage

TEXT = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
TRANSLATION = (ROOT / "docs" / "translation.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[a-z_]+(?:-[a-z]+)*", TEXT + TRANSLATION))


def keys() -> set[str]:
    entries = [
        each
        for each in vars(schema).values()
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]
    fields = [(name, field) for entry in entries for name, field in entry.model_fields.items()]
    return {field.alias or name for name, field in fields}


def test_every_key_is_explained() -> None:
    assert len(keys()) > 50
    assert sorted(keys() - WORDS) == []


def test_every_code_is_listed() -> None:
    assert sorted(set(sector_names()) - WORDS) == []
    assert sorted(set(Stage) - WORDS) == []


def test_the_example_of_own_rules_is_taken(tmp_path: Path) -> None:
    (example,) = [
        block for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.S) if "lamps" in block
    ]
    path = tmp_path / "rules.yaml"
    path.write_text(example, encoding="utf-8")
    assert "lamps" in load_rules(path).sectors
