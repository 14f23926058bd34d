"""The fault run: the real daemon killed at random moments while Slack, its webhook and a mail server fail.

`run(folder, medium="bot", kills=10)` publishes 50 papers for three teams, each with a Slack channel
and an address, and returns the figures; `Figures.faults()` says what should not have been.
`tests/e2e/test_faults.py` runs it short, `bench/faults.py` long.
"""

import asyncio
import itertools
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import Envelope, Session

from tests.e2e.product import Product
from tests.flows.house import OLD, listing
from tests.loopback import Loopback
from tests.slack_api import POST, WEBHOOK, Fault, SlackApi
from tests.smtp_sink import SmtpSink
from watcher.render.repeat import MARK

PAPERS = 50
TEAMS: Mapping[str, tuple[str, str]] = {
    "Alpha": ("#alpha", "alpha@example.org"),
    "Beta": ("#beta", "beta@example.org"),
    "Gamma": ("#gamma", "gamma@example.org"),
}
SETTLED_WITHIN = 240.0  # real seconds
ROUGH_ON = 8.0  # real seconds after the last kill
AT_ONCE, AT_ONCE_WITHIN = 25, 3.0
"""So many papers are shown at once, and real seconds until the next: more would be held as a storm."""
SLACK_FAULTS = {
    "500": 8,
    "503": 3,
    "429": 6,
    "close": 3,
    "hang": 3,
    "drop": 5,
    "internal_error": 2,
    "none": 70,
}
MAIL_FAULTS = {
    "connect": ("421 4.3.2 too busy", 4),
    "rcpt": ("450 4.2.1 greylisted", 10),
    "data": ("451 4.3.0 try later", 5),
    "cut": ("", 4),
    "lost": ("", 6),
}
"""Per cent of the conversations; "lost" takes the mail, "cut" does not."""
VANISHED = 2
"""Per cent of the mails that are neither taken nor answered."""


class Weather:
    """What the providers do, by chance; one seed gives one sequence of chances."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self.rough = True
        self.refusing = False
        """Slack refuses the credential."""
        self.down = False
        """Slack answers 503 to everything."""
        self.met: Counter[str] = Counter()

    def happens(self, percent: float, what: str) -> bool:
        with self._lock:
            if not self.rough or self._chance.uniform(0, 100) >= percent:
                return False
            self.met[what] += 1
            return True

    def slack(self, method: str) -> Fault | None:
        with self._lock:
            if self.refusing:
                kind = "no_service" if method == WEBHOOK else "invalid_auth"
            elif self.down:
                kind = "503"
            elif self.rough:
                kind = self._chance.choices([*SLACK_FAULTS], [*SLACK_FAULTS.values()])[0]
            else:
                kind = "none"
            if kind == "none":
                return None
            self.met[f"slack {kind}"] += 1
            return Fault(kind, POST, self._chance.choice([20, 60, 300]))


class RoughSlack(SlackApi):
    def __init__(self, weather: Weather) -> None:
        names = (*(room.removeprefix("#") for room, _ in TEAMS.values()), WEBHOOK)
        super().__init__(
            token="xoxb-test", channels={name: f"C{n:04d}" for n, name in enumerate(names)}
        )
        self.weather = weather

    def fault(self, method: str) -> Fault | None:
        with self._lock:
            self.calls.append(method)
        return self.weather.slack(method)

    def hang(self) -> None:
        self._stop.wait(2.0)

    def post(self, channel: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Take it, then let the sender wait: many kills fall between."""
        answer = super().post(channel, wanted)
        time.sleep(0.05)
        return answer


class RoughSmtp(SmtpSink):
    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self.weather = weather

    def refusal(self, step: str) -> str | None:
        reply, percent = MAIL_FAULTS.get(step, ("", 0))
        return reply if self.weather.happens(percent, f"mail {step}") else None

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        if self.weather.happens(VANISHED, "mail vanished"):
            server.transport.abort()
            return "250 OK"
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.02)
        return answer


@dataclass(slots=True, kw_only=True)
class Figures:
    medium: str
    kills: int
    seed: int
    owed: int = 0
    sent: int = 0
    lost: int = 0
    dead: int = 0
    """Ended as dead: handed over twice without an answer."""
    resent: int = 0
    """Of these, did not arrive and were sent again by `watcher deliveries retry`."""
    twice_slack: int = 0
    twice_mail: int = 0
    more_than_twice: int = 0
    unmarked: int = 0
    """Copies beyond the first that do not say that they may be repeats."""
    out_of_order: int = 0
    unsettled: int = 0
    """Rows that are neither sent nor dead at the end."""
    operators_told: int = 0
    faults_met: int = 0
    clock_hours: float = 0.0
    seconds: float = 0.0
    met: dict[str, int] = field(default_factory=dict)

    def wrong(self) -> dict[str, int]:
        """What should be nothing."""
        names = ["lost", "more_than_twice", "unmarked", "out_of_order", "unsettled"]
        if self.medium == "bot":
            names.append("twice_slack")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def run(folder: Path, *, medium: str, kills: int, seed: int, say: Any = None) -> Figures:
    """Publish, kill and restart; then let the weather calm down, and count what arrived."""
    weather = Weather(seed)
    figures = Figures(medium=medium, kills=kills, seed=seed)
    began = time.monotonic()
    with (
        Loopback({"/list.html": listing(*OLD)}) as site,
        RoughSlack(weather) as slack,
        RoughSmtp(weather) as smtp,
    ):
        product = Product(
            folder,
            _settings(site, slack, smtp, medium),
            environ={"SLACK_TOKEN": "xoxb-test", "SLACK_HOOK": slack.webhook_url},
        )
        house = _House(product, site, slack, smtp, medium)
        try:
            weather.rough = False
            product.start()
            product.wait(house.baseline_set, "the baseline")
            product.kill()
            weather.rough = True
            chance = random.Random(seed + 1)
            for kill in range(kills):
                house.publish(round(PAPERS * (kill + 1) / max(1, kills * 0.8)))
                weather.refusing = 0.3 <= kill / kills < 0.4
                weather.down = 0.5 <= kill / kills < 0.6
                product.start(ready=chance.random() < 0.8)
                time.sleep(chance.uniform(0.0, 3.0))
                product.kill()
                if say and kill % 10 == 9:
                    say(
                        f"{medium}: {kill + 1} kills, {house.states()}, {time.monotonic() - began:.0f} s"
                    )
            weather.refusing = weather.down = False
            product.start(ready=True)
            house.publish_the_rest()
            time.sleep(ROUGH_ON)
            weather.rough = False
            product.wait(lambda: not house.open(), "everything to be settled", SETTLED_WITHIN)
            house.retry_what_did_not_arrive(figures)
            product.wait(lambda: not house.open(), "what was sent again", SETTLED_WITHIN)
            product.stop()
        finally:
            product.end()
        house.count(figures)
    figures.met = dict(weather.met.most_common())
    figures.faults_met = weather.met.total()
    figures.seconds = round(time.monotonic() - began, 1)
    figures.clock_hours = round(figures.seconds * product.rate / 3600, 1)
    return figures


def _settings(site: Loopback, slack: SlackApi, smtp: SmtpSink, medium: str) -> dict[str, object]:
    channel = (
        {"token": "env:SLACK_TOKEN", "base_url": slack.url}
        if medium == "bot"
        else {"webhook": "env:SLACK_HOOK"}
    )
    mail = {"host": "127.0.0.1", "port": str(smtp.port), "from": "w@example.org", "tls": "none"}
    return {
        "state": "state",
        "network": {"allow_addresses": ["127.0.0.0/8"]},
        "sources": [
            {
                "id": "lamps",
                "kind": "listing",
                "url": site.url("/list.html"),
                "every": "1m",
                "gap": "0s",
                "robots": "ignore",
                "detail": {"follow": "false"},
            }
        ],
        "teams": [
            {
                "id": name.lower(),
                "name": name,
                "to": [{"slack": room}, {"email": address}],
                "subscriptions": [{"id": "all"}],
            }
            for name, (room, address) in TEAMS.items()
        ],
        "operators": {"to": [{"console": "true"}]},
        "channels": {"slack": channel, "email": mail},
    }


@dataclass(slots=True)
class _House:
    product: Product
    site: Loopback
    slack: SlackApi
    smtp: SmtpSink
    medium: str
    shown: int = 0
    published: float = 0.0
    resent: set[int] = field(default_factory=set)

    def publish(self, count: int) -> None:
        """Let the list show so many papers, the newest on top, as far as that is no storm of them."""
        calm = time.monotonic() - self.published > AT_ONCE_WITHIN
        if self.shown and not (calm and self.all_known()):
            return
        self.shown = max(self.shown, min(count, PAPERS, self.shown + AT_ONCE))
        self.published = time.monotonic()
        now = self.product.anchor + (datetime.now(UTC) - self.product.anchor) * self.product.rate
        rows = [(f"/doc/n{n}.html", _title(n)) for n in range(self.shown, 0, -1)]
        self.site.routes["/list.html"] = listing(*rows, *OLD, day=f"{now:%Y-%m-%d}")

    def publish_the_rest(self) -> None:
        while self.shown < PAPERS:
            self.product.wait(self.all_known, "the papers shown")
            time.sleep(0.2)
            self.publish(PAPERS)
        self.product.wait(self.all_known, "the last papers")

    def all_known(self) -> bool:
        return sum(self.states().values()) >= self.shown * len(TEAMS) * 2

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        path = self.product.folder / "state" / "watcher.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(query).fetchall()

    def baseline_set(self) -> bool:
        try:
            return bool(self.ask("SELECT 1 FROM source WHERE baseline_at IS NOT NULL"))
        except sqlite3.OperationalError:  # the tables are being made
            return False

    def states(self) -> dict[str, int]:
        found = self.ask(
            "SELECT state, count(*) FROM delivery WHERE change_id IS NOT NULL GROUP BY state"
        )
        return {str(state): int(count) for state, count in found}

    def open(self) -> int:
        return sum(count for state, count in self.states().items() if state not in ("sent", "dead"))

    def rows(self) -> list[tuple[int, str, str, str]]:
        """Every alert owed: its number, target, state and title."""
        return [
            (int(a), str(b), str(c), str(d))
            for a, b, c, d in self.ask(
                "SELECT delivery.id, target, state, title FROM delivery "
                "JOIN change ON change.id = change_id JOIN document ON document.id = document_id "
                "ORDER BY delivery.id"
            )
        ]

    def arrived(self) -> dict[tuple[str, str], list[tuple[int, bool]]]:
        """Of every target and title, where its copies stand among all that arrived, and their marks."""
        found: dict[tuple[str, str], list[tuple[int, bool]]] = {}
        addresses = {name: (f"slack:{room}", f"email:{to}") for name, (room, to) in TEAMS.items()}
        for place, post in enumerate(list(self.slack.posts)):
            (team,) = [name for name in TEAMS if f"Why you: {name}" in post.said]
            key = (addresses[team][0], _title_in(post.said))
            found.setdefault(key, []).append((place, MARK in post.said))
        for place, mail in enumerate(list(self.smtp.mails)):
            key = (f"email:{mail.recipients[0]}", _title_in(mail.said))
            found.setdefault(key, []).append((place, mail.said.startswith(MARK)))
        return found

    def retry_what_did_not_arrive(self, figures: Figures) -> None:
        """As an operator would who asks the readers of what is listed as dead."""
        arrived = self.arrived()
        dead = [
            (id_, target, title) for id_, target, state, title in self.rows() if state == "dead"
        ]
        self.resent = {id_ for id_, target, title in dead if (target, title) not in arrived}
        figures.dead, figures.resent = len(dead), len(self.resent)
        if self.resent:
            done = self.product.run("deliveries", "retry", *map(str, sorted(self.resent)))
            assert done.returncode == 0, done.stderr

    def count(self, figures: Figures) -> None:
        rows, arrived = self.rows(), self.arrived()
        figures.owed = len(rows)
        figures.sent = sum(state == "sent" for _, _, state, _ in rows)
        figures.unsettled = figures.owed - figures.sent - sum(s == "dead" for _, _, s, _ in rows)
        wanted = {
            (address, _title(n))
            for n in range(1, PAPERS + 1)
            for room, to in TEAMS.values()
            for address in (f"slack:{room}", f"email:{to}")
        }
        figures.lost = len(wanted - set(arrived))
        for (target, _), copies in arrived.items():
            more = len(copies) - 1
            figures.twice_slack += more > 0 and target.startswith("slack:")
            figures.twice_mail += more > 0 and target.startswith("email:")
            figures.more_than_twice += more > 1
            figures.unmarked += sum(not marked for _, marked in copies[1:])
        for target in {target for _, target, _, _ in rows}:
            places = [
                arrived[target, title][0][0]
                for id_, to, _, title in rows
                if to == target and id_ not in self.resent and (to, title) in arrived
            ]
            figures.out_of_order += sum(a > b for a, b in itertools.pairwise(places))
        told = self.ask("SELECT count(*) FROM delivery WHERE notice IS NOT NULL")
        figures.operators_told = int(told[0][0])


def _title(n: int) -> str:
    return f"灯具局关于印发《{n:03d}号智能灯具数据安全管理办法》的通知"


def _title_in(said: str) -> str:
    (number,) = {said[at - 3 : at] for at in _places(said, "号智能灯具数据")}
    return _title(int(number))


def _places(text: str, part: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(part, at)]
