"""A ministry with eight old papers and the text of a draft, and a house that has its baseline."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.house import DRAFT, OLD, TEXT, House, house, listing, paper, source
from tests.loopback import Loopback


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback({"/list.html": listing(*OLD), DRAFT[0]: paper(DRAFT[1], *TEXT)}) as server:
        yield server


@pytest.fixture
def home(site: Loopback, tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, sources=[source(site)], site=site) as made:
        made.poll()
        yield made
