"""The sources.yaml that comes with watcher: broad enough, and honest about what it knows."""

from datetime import date

import pytest

from tests.real import ROOT
from watcher.config import load, notes
from watcher.settings import Config, Source

NEWSLETTERS = {"merics", "china-law-translate", "sinocism"}
BODIES = (
    "SC MIIT NDRC MOST CAC SAMR MOFCOM MEE MOF MOHRSS NHC NMPA CNIPA MOT CAAC NEA MPS MOHURD PBoC MOE"
    " MARA TC260 BJ-JXJ NDA MOJ NPCSC"
)
BLOCKED = "NHC NMPA MPS MOHRSS PBoC"
GATHERED = date(2026, 11, 22)
"""When the evidence was gathered; none of it was seen later."""


@pytest.fixture(scope="module")
def config() -> Config:
    return load(ROOT / "sources.yaml", {})


def enabled(config: Config) -> list[Source]:
    return [source for source in config.sources if source.enabled]


def test_it_watches_enough(config: Config) -> None:
    assert len(enabled(config)) >= 40
    assert {source.body for source in enabled(config)} >= set(BODIES.split())
    assert {source.id for source in enabled(config)} >= NEWSLETTERS
    assert notes(config) == []


def test_every_source_says_how_old_and_how_sure_its_evidence_is(config: Config) -> None:
    silent = [source.id for source in config.sources if source.structure is None]
    assert silent == []
    later = [s.id for s in config.sources if s.structure and s.structure.seen > GATHERED]
    assert later == []


@pytest.mark.parametrize("body", BLOCKED.split())
def test_what_a_plain_client_cannot_read_has_a_stand_in(config: Config, body: str) -> None:
    ministry = [s for s in enabled(config) if s.body == body and s.kind == "listing"]
    stand_ins = {s.fallback for s in ministry} - {None}
    assert len(stand_ins) == 1
    (library,) = [config.sources_by_id[id_ or ""] for id_ in stand_ins]
    assert (library.kind, library.body, library.enabled) == ("library", body, False)


def test_no_list_is_watched_twice(config: Config) -> None:
    urls = [source.url for source in config.sources if source.kind != "library"]
    assert len(urls) == len(set(urls))


def test_each_source_reads_well() -> None:
    text = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    assert "Nothing below was verified live." in text
    assert max(len(line) for line in text.splitlines()) <= 135
