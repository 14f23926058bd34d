"""Stores on both databases; every test of this folder runs on each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster, cluster
from watcher.store import Store


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/watcher.db"
    else:
        server: Cluster = request.getfixturevalue("postgres")
        url = server.database()
    with Store(url, tmp_path) as opened:
        opened.db.upgrade()
        yield opened
