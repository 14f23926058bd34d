"""The demo's month and the seed briefs' items, each read once for all tests that only look at them."""

from collections.abc import Iterator

import pytest

from tests.briefs.shelf import demo_month, seed_issues
from tests.flows.house import House


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with demo_month(tmp_path_factory.mktemp("month")) as home:
        yield home


@pytest.fixture(scope="session")
def issues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with seed_issues(tmp_path_factory.mktemp("issues")) as home:
        yield home
