"""Kill the real daemon 200 times while Slack, its webhook and a mail server fail, and count what arrived.

50 papers, three teams, each with a Slack channel and an address. Slack answers 500, 503, 429 with
Retry-After, hangs, resets, and takes messages without answering; it refuses the credential for a
while, and is down for another; the mail server is busy, greylists, and hangs up before and after it
took a mail. Once with a bot's token and once with a webhook, side by side. Then the weather calms
down, everything settles, and an operator retries of the dead rows those that did not arrive.
Half an hour; --kills 20 takes four minutes.
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the servers stand in tests/

from measure.figures import last_line, table

from tests.e2e.fault_run import Figures, run

COLUMNS = (
    *("owed", "sent", "lost", "dead", "resent", "twice_slack", "twice_mail", "more_than_twice"),
    *("unmarked", "out_of_order", "unsettled", "faults_met", "clock_hours", "seconds"),
)


def measured(medium: str, kills: int, seed: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return run(
            Path(folder),
            medium=medium,
            kills=kills,
            seed=seed,
            say=lambda line: print(line, file=sys.stderr, flush=True),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--medium", choices=["bot", "webhook", "both"], default="both")
    given = parser.parse_args()
    media = ["bot", "webhook"] if given.medium == "both" else [given.medium]
    with ThreadPoolExecutor(len(media)) as pool:
        runs = list(pool.map(lambda medium: measured(medium, given.kills, given.seed), media))
    print(f"{given.kills} kills each, seed {given.seed}")
    table(
        ["what", *(f"slack by {each.medium}, mail" for each in runs)],
        [[name, *(f"{getattr(each, name):g}" for each in runs)] for name in COLUMNS],
    )
    for each in runs:
        print(f"{each.medium}: {each.met}")
    last_line("faults", {each.medium: each.as_dict() for each in runs})
    if any(each.wrong() for each in runs):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
