"""Stores with a month of papers: the demo's, read from its loopback ministries, and the seed briefs' items."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from tests.flows.house import House, house, source
from tests.loopback import Loopback, Reply
from tests.real import shared
from watcher.demo.ministries import Ministries
from watcher.settings import Rule, Source

TODAY = date(2026, 11, 22)
MONTH = date(2026, 10, 23), date(2026, 11, 22)
SEEDS = ("000_1688f27be7832a10", "001_1ca46a3f3b5daeb1", "004_c989b5cafa1a4b07")


@contextmanager
def demo_month(folder: Path) -> Iterator[House]:
    """All that the demo's ministries and its analysts publish, polled and read as news."""
    with Ministries(TODAY) as ministries, Loopback() as site:
        sources = [
            source(
                site,
                id=each.id,
                name=each.name,
                kind=each.kind,
                url=ministries.base + each.path,
                rule=Rule(preset=each.preset),
            )
            for each in ministries.sources
        ]
        with house(folder, sources=sources, site=site) as home:
            home.clock.hands[0] = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
            poll_all(home, sources)
            for publish in (
                ministries.publish_draft,
                ministries.publish_correction,
                ministries.publish_final,
                ministries.publish_noise,
                ministries.publish_brief,
            ):
                publish()
                poll_all(home, sources)
                read_all(home, sources)
            yield home


@contextmanager
def seed_issues(folder: Path) -> Iterator[House]:
    """The items of briefs that analysts published, each issue a source of kind brief."""
    routes = {
        f"/{name}.txt": Reply(
            body=shared(f"seeds/{name}.txt").read_bytes(), content_type="text/plain; charset=utf-8"
        )
        for name in SEEDS
    }
    with Loopback(dict(routes)) as site:
        sources = [
            source(
                site,
                id=f"issue-{name[:3]}",
                name=f"Issue {name[:3]}",
                kind="brief",
                url=site.url(f"/{name}.txt"),
            )
            for name in SEEDS
        ]
        with house(folder, sources=sources, site=site) as home:
            poll_all(home, sources)
            yield home


def poll_all(home: House, sources: Sequence[Source]) -> None:
    home.clock.pass_(hours=1)
    for each in sources:
        (state,) = home.parts.store.sources.claim([each.id], home.clock.now())
        outcome = home.parts.poller.visit(each, state)
        assert outcome.error is None, outcome.error
        if outcome.unchanged:
            home.parts.store.sources.record_unchanged([outcome.unchanged])


def read_all(home: House, sources: Sequence[Source]) -> None:
    by_id = {each.id: each for each in sources}
    for one in home.parts.store.papers.claim_due(list(by_id), home.clock.now(), 200):
        home.parts.follower.read(one, by_id[one.document.source_id])
