"""A small house for the flows: one store, one loopback ministry, one team, a clock with hands to set."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from tests.loopback import Loopback
from watcher.clock import Clock
from watcher.fetch import Fetcher
from watcher.notify import Pace
from watcher.parts import Parts, assemble
from watcher.poll import Outcome
from watcher.settings import Config, Manners, Network, Source, Subscription, Target, Team
from watcher.store import open_store

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CONSOLE = Target(kind="console", address="-")
OPS = Target(kind="console", address="ops")


@dataclass(frozen=True, slots=True)
class SetClock(Clock):
    """Stands still until its hands are moved."""

    hands: list[datetime] = field(default_factory=lambda: [START])

    def now(self) -> datetime:
        return self.hands[0]

    def pass_(self, **span: float) -> None:
        self.hands[0] += timedelta(**span)


@dataclass
class House:
    parts: Parts
    site: Loopback
    clock: SetClock
    console: StringIO

    @property
    def source(self) -> Source:
        return self.parts.config.sources[0]

    def poll(self, **later: float) -> Outcome:
        """Visit the first source, after some time."""
        self.clock.pass_(**later)
        store = self.parts.store
        (state,) = store.sources.claim([self.source.id], self.clock.now())
        outcome = self.parts.poller.visit(self.source, state)
        if outcome.unchanged:
            store.sources.record_unchanged([outcome.unchanged])
        return outcome

    def read(self, **later: float) -> int:
        """Read what is due; return how many documents were."""
        self.clock.pass_(**later)
        due = self.parts.store.papers.claim_due([self.source.id], self.clock.now(), 50)
        for one in due:
            self.parts.follower.read(one, self.source)
        return len(due)

    def deliver(self, **later: float) -> str:
        """Send what is due; return what the console was shown by it."""
        self.clock.pass_(**later)
        start = self.console.tell()
        for target in self.parts.deliverer.due_targets():
            self.parts.deliverer.drain(target)
        return self.console.getvalue()[start:]


def source(site: Loopback, **more: object) -> Source:
    made = Source(
        id="lamps",
        name="灯具局",
        kind="listing",
        url=site.url("/list.html"),
        every=timedelta(minutes=30),
        manners=Manners(gap=timedelta(0), robots="ignore"),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # field by field as the noun has them


@contextmanager
def house(
    state: Path,
    *,
    sources: Sequence[Source],
    site: Loopback,
    subscription: Subscription | None = None,
    config: Config | None = None,
    deadline: timedelta = timedelta(seconds=2),
) -> Iterator[House]:
    team = Team(
        id="law",
        name="Law",
        timezone="Europe/Berlin",
        to=(CONSOLE,),
        subscriptions=(subscription or Subscription(id="all"),),
    )
    base = config or Config(
        path=state / "sources.yaml", state=state, teams=(team,), operators=(OPS,)
    )
    config = replace(
        base, sources=tuple(sources), network=Network(allow_addresses=("127.0.0.0/8",))
    )
    clock, console = SetClock(), StringIO()
    with open_store(config) as store:
        parts = assemble(config, store, clock, console)
        fetcher = Fetcher(config.network, clock, deadline=deadline)
        parts.fetcher.close()
        parts = replace(
            parts,
            fetcher=fetcher,
            poller=replace(parts.poller, fetcher=fetcher),
            follower=replace(parts.follower, fetcher=fetcher),
            # the clock stands still: turns would never come
            deliverer=replace(parts.deliverer, pace=Pace({})),
        )
        store.sources.sync([each.id for each in sources], clock.now())
        try:
            yield House(parts=parts, site=site, clock=clock, console=console)
        finally:
            fetcher.close()


def listing(*rows: tuple[str, str], day: str = "2026-11-01") -> bytes:
    """A ministry's list page: (address, title) rows between a navigation and a footer."""
    items = "".join(
        f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>'
        for url, title in rows
    )
    return (
        "<!DOCTYPE html><html><head><title>通知公告</title></head><body>"
        '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>'
        f'<ul class="list">{items}</ul><div class="footer">灯具局 版权所有</div></body></html>'
    ).encode()


OLD = tuple(
    (f"/doc/{n}.html", f"灯具局关于印发《{n}号灯具安全管理办法》的通知") for n in range(1, 9)
)
DRAFT = (
    "/doc/draft.html",
    "灯具局关于公开征求《智能灯具数据安全管理办法（征求意见稿）》意见的通知",
)
FINAL = ("/doc/final.html", "灯具局关于印发《智能灯具数据安全管理办法》的通知")


def paper(title: str, *paragraphs: str, day: str = "2026-11-01") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html><head><title>{title}</title><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{day} 10:00"></head><body>'
        f'<div class="article"><h1>{title}</h1><div class="TRS_Editor">{text}</div></div></body></html>'
    ).encode()


ARTICLES = (
    "第一条 为了加强智能灯具数据安全管理，保障个人信息权益，制定本办法。",
    "第二条 处理者应当建立健全智能灯具数据安全管理制度，采取必要措施保障数据安全。",
    "第三条 处理者发现数据泄露的，应当在三十日内报告。",
)
LONG = (
    *ARTICLES,
    *(
        f"第{n}条 处理者在{n}类智能灯具上处理数据的，应当评估风险，并将结果保存三年以上。"
        for n in "四五六七八九"
    ),
)
DEADLINE = "意见反馈截止日期为2026年12月2日。"
TEXT = (DEADLINE, *ARTICLES)
RETITLED = (DRAFT[0], DRAFT[1].replace("智能灯具", "智慧灯具"))


def document(home: House, title: str) -> int:
    papers = home.parts.store.papers.newest(limit=1000)
    (found,) = [listed.document.id for listed in papers if listed.document.title == title]
    return found


def kinds(home: House) -> list[str]:
    papers = home.parts.store.papers
    ids = [listed.document.id for listed in papers.newest(limit=1000)]
    found = sorted((c for i in ids for c in papers.changes(i)), key=lambda c: c.id)
    return [change.kind.value for change in found]


def rows_heard(home: House) -> list[str]:
    """Of every delivery that is owed or sent, its change and title, in the order they were owed."""
    found = []
    for row in home.parts.store.outbox.rows(limit=1000):
        if row["change_id"] is not None:
            change = home.parts.store.papers.change(row["change_id"])
            found.append(f"{change.kind} {row['title']}")
    return found[::-1]
