"""kill -9 at random moments under faults of every kind: nothing is lost, and nobody is spammed."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.fault_run import PAPERS, TEAMS, Figures, run

KILLS = 10


def test_ten_kills(tmp_path: Path) -> None:
    """By a bot's token and by a webhook, side by side; mail with both."""
    seed = int(os.environ.get("WATCHER_TEST_SEED", random.randrange(10**6)))
    print(f"WATCHER_TEST_SEED={seed}")  # noqa: T201 - shown when the test fails

    def one(medium: str) -> Figures:
        folder = tmp_path / medium
        folder.mkdir()
        return run(folder, medium=medium, kills=KILLS, seed=seed)

    with ThreadPoolExecutor(2) as pool:
        for figures in pool.map(one, ["bot", "webhook"]):
            print(figures.as_dict())  # noqa: T201 - the figures are what it is for
            assert figures.wrong() == {}
            assert figures.owed == PAPERS * len(TEAMS) * 2
            assert figures.faults_met > 20, "the weather was rough"
