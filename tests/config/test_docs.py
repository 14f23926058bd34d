"""The docs name every key that sources.yaml may hold, and every code."""

import re

from pydantic import BaseModel

from tests.real import ROOT
from watcher.classify import sector_names
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
