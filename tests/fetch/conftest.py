"""A loopback site, and a fetcher that is allowed to reach it and in no hurry to be polite."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from tests.loopback import Loopback
from watcher.clock import Clock
from watcher.fetch import Fetcher
from watcher.settings import Manners, Network

LOCAL = Network(allow_addresses=("127.0.0.0/8",))
QUICK = Manners(gap=timedelta(0), robots="ignore")
SOON = timedelta(seconds=0.3)
"""A deadline for what is meant to run into it."""


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback() as site:
        yield site


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with closing(Fetcher(LOCAL, Clock(), deadline=timedelta(seconds=10))) as fetcher:
        yield fetcher


@pytest.fixture
def hasty() -> Iterator[Fetcher]:
    with closing(Fetcher(LOCAL, Clock(), deadline=SOON)) as fetcher:
        yield fetcher
