"""kill -9 at random moments under faults of every kind: nothing is lost, and nobody is spammed."""

import os
import random
from pathlib import Path

import pytest

from tests.e2e.fault_run import PAPERS, TEAMS, run

KILLS = 10


@pytest.mark.parametrize("medium", ["bot", "webhook"])
def test_ten_kills(tmp_path: Path, medium: str) -> None:
    seed = int(os.environ.get("WATCHER_TEST_SEED", random.randrange(10**6)))
    figures = run(tmp_path, medium=medium, kills=KILLS, seed=seed)
    print(figures.as_dict())  # noqa: T201 - the figures are what it is for; shown when it fails
    assert figures.wrong() == {}
    assert figures.owed == PAPERS * len(TEAMS) * 2
    assert figures.faults_met > 20, "the weather was rough"
