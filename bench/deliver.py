"""Let the real daemon drain 10,000 owed deliveries at the rates its providers allow, and say what that costs.

4,000 alerts to 40 Slack channels and 6,000 mails to 100 addresses, all owed before it starts; a Slack
API and a mail server on loopback, in this process. The clock runs `--factor` times faster, and the
allowed rates with it: five minutes at 4, twenty at 1. CPU is of the daemon alone, per cent of one
core as it would be at the real rate.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from measure.figures import last_line, table

sys.path.insert(0, str(Path(__file__).parents[1]))  # the servers stand in tests/

from tests.e2e.product import Product
from tests.slack_api import SlackApi
from tests.smtp_sink import SmtpSink
from tests.store.samples import item, show
from watcher.notify.pace import BOT
from watcher.settings import EmailChannel, Target
from watcher.store import Store

ROOMS, ADDRESSES = 40, 100
TO_ROOM, TO_ADDRESS = 100, 60
PATIENCE = 3600.0  # real seconds


def targets(rooms: int, addresses: int) -> tuple[list[Target], list[Target]]:
    return (
        [Target(kind="slack", address=f"#room{n}") for n in range(rooms)],
        [Target(kind="email", address=f"reader{n}@example.org") for n in range(addresses)],
    )


def owe(store: Store, share: float, product: Product) -> int:
    """Write what is owed, a paper a minute until now: faster would be held as a storm."""
    rooms, addresses = targets(ROOMS, ADDRESSES)
    papers = max(1, round(TO_ROOM * share))
    start = product.anchor - timedelta(minutes=papers + 20)
    show(store, now=start)
    for n in range(papers):
        to = (*rooms, *(addresses if n < round(TO_ADDRESS * share) else ()))
        show(store, item(f"n{n}"), to=to, now=start + timedelta(minutes=n + 1))
    return papers * ROOMS + round(TO_ADDRESS * share) * ADDRESSES


def least(share: float) -> float:
    """Seconds of the clock that the allowed rates alone take."""
    room = round(TO_ROOM * share)
    mails = round(TO_ADDRESS * share) * ADDRESSES
    return max(
        room * BOT.each.total_seconds(),
        room * ROOMS * BOT.all.total_seconds(),
        mails * 60 / EmailChannel().per_minute,
    )


def settings(slack: SlackApi, smtp: SmtpSink) -> dict[str, object]:
    rooms, addresses = targets(ROOMS, ADDRESSES)
    to = [*({"slack": x.address} for x in rooms), *({"email": x.address} for x in addresses)]
    mail = {"host": "127.0.0.1", "port": str(smtp.port), "from": "w@example.org", "tls": "none"}
    idle = {"id": "lamps", "kind": "listing", "url": "https://x.example/", "enabled": "false"}
    return {
        "state": "state",
        "sources": [idle],
        "teams": [{"id": "law", "to": to, "subscriptions": [{"id": "all"}]}],
        "channels": {"slack": {"token": "env:SLACK_TOKEN", "base_url": slack.url}, "email": mail},
    }


def spent(pid: int) -> tuple[float, float]:
    """Seconds of CPU and the most megabytes of memory that a process has used (Linux)."""
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    cpu = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return cpu, int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(folder: Path, factor: float, share: float) -> dict[str, float]:
    with SlackApi() as slack, SmtpSink() as smtp:
        product = Product(
            folder, settings(slack, smtp), environ={"SLACK_TOKEN": "xoxb-test"}, rate=factor
        )
        with Store(f"sqlite:///{folder}/state/watcher.db", _made(folder / "state")) as store:
            store.db.upgrade()
            owed = owe(store, share, product)
        try:
            pid = product.start(ready=True).pid
            at_start, _ = spent(pid)
            began = time.monotonic()
            product.wait(
                lambda: len(slack.posts) + len(smtp.mails) >= owed, "what is owed", PATIENCE
            )
            wall = time.monotonic() - began
            at_end, peak = spent(pid)
            product.stop()
        finally:
            product.end()
        arrived = {(p.channel, p.delivery) for p in slack.posts}
        gaps = _gaps(slack)
    return {
        "owed": owed,
        "arrived": len(arrived) + len({m.message["Message-ID"] for m in smtp.mails}),
        "seconds of the clock": round(wall * factor, 1),
        "least by the rates": round(least(share), 1),
        "least gap in one room, s": round(gaps * factor, 2),
        "CPU s": round(at_end - at_start, 1),
        "CPU ms a message": round(1000 * (at_end - at_start) / owed, 2),
        "CPU % at the real rate": round(100 * (at_end - at_start) / (wall * factor), 1),
        "peak MB": round(peak, 1),
    }


def _gaps(slack: SlackApi) -> float:
    """The least real seconds between two messages of one room."""
    last: dict[str, float] = {}
    least = float("inf")
    for post in slack.posts:
        least = min(least, post.at - last.get(post.channel, float("-inf")))
        last[post.channel] = post.at
    return least


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--factor", type=float, default=4, help="how much faster the clock runs")
    parser.add_argument("--share", type=float, default=1, help="of the 10,000")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), given.factor, given.share)
    table(["what", "figure"], [[name, f"{value:,g}"] for name, value in figures.items()])
    last_line("deliver", {"factor": given.factor, **figures})


if __name__ == "__main__":
    main()
