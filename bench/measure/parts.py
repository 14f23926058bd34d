"""What one unchanged check is made of: each part alone, in one thread, over all sites of a state; and the floors.

`python -m measure.parts PORT SITES STATE` prints one JSON object: CPU milliseconds a check, by part.
"""

import argparse
import json
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import cast

import httpx

from measure.ministries import Ministries, host_of
from measure.rounds import Hands, configuration, last_round
from watcher.crew import REFILL
from watcher.daemon import VISITS
from watcher.extract.lists.fingerprint import fingerprint
from watcher.fetch import Fetcher
from watcher.model import Page
from watcher.parts import assemble
from watcher.store import open_store
from watcher.store.sources import LEASE, SourceState, Unchanged

REPEAT = 5
BATCH = VISITS // REFILL


def best(work: Callable[[], object], checks: int) -> float:
    """Least CPU of several runs, in milliseconds a check: what disturbs only adds."""
    spent = []
    for _ in range(REPEAT):
        began = time.thread_time()
        work()
        spent.append(time.thread_time() - began)
    return min(spent) / checks * 1000


def bytes_alone(ministries: Ministries, sites: int) -> float:
    """A request written to an open socket by hand, and as many bytes read as its answer has."""
    talks = []
    for n in range(sites):
        sock = socket.create_connection((host_of(n), ministries.port))
        path = ministries.url(n).partition(f":{ministries.port}")[2]
        talks.append((sock, f"GET {path} HTTP/1.1\r\nHost: {host_of(n)}\r\n\r\n".encode()))

    def everything() -> None:
        for sock, request in talks:
            sock.sendall(request)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += sock.recv(65_536)
            head, _, body = answer.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            missing = length - len(body)
            while missing:
                missing -= len(sock.recv(min(missing, 65_536)))

    found = best(everything, sites)
    for sock, _ in talks:
        sock.close()
    return found


def bare_clients(urls: Sequence[str]) -> float:
    """One `httpx.Client` per host on open connections, nothing read in the pages."""
    context = ssl.create_default_context()
    clients = [httpx.Client(verify=context, trust_env=False) for _ in urls]

    def everything() -> None:
        for client, url in zip(clients, urls, strict=True):
            client.get(url).raise_for_status()

    everything()
    found = best(everything, len(urls))
    for client in clients:
        client.close()
    return found


def parts(ministries: Ministries, sites: int, state: Path) -> dict[str, float]:
    config, clock = configuration(state, ministries, sites), Hands()
    urls = [source.url for source in config.sources]
    sources = config.sources_by_id
    with open_store(config) as store:
        clock.hands[0] = last_round(store)
        made = assemble(config, store, clock, StringIO())
        with closing(made.fetcher) as fetcher:
            pages: dict[str, Page] = {}

            def ask() -> None:
                for source in config.sources:
                    page = fetcher.fetch(source.url, manners=source.manners)
                    assert page is not None  # noqa: S101 - nobody sent it a validator
                    pages[source.id] = page

            claimed: list[SourceState] = []

            def claim() -> None:
                clock.hands[0] += 2 * LEASE
                claimed.clear()
                while due := store.sources.claim_due(list(sources), clock.now(), BATCH):
                    claimed.extend(due)

            def record() -> None:
                done = [
                    Unchanged(state=one, at=clock.now(), next_poll_at=clock.now())
                    for one in claimed
                ]
                for n in range(0, len(done), BATCH):
                    store.sources.record_unchanged(done[n : n + BATCH])

            def digest() -> None:
                for source in config.sources:
                    fingerprint(pages[source.id], source.kind, source.rule)

            ask()  # robots.txt and connections
            found = {
                "floor: bytes through a socket": bytes_alone(ministries, sites),
                "floor: a bare httpx.Client": bare_clients(urls),
                "ask": best(ask, sites),
                "fingerprint": best(digest, sites),
                "claim": best(claim, sites),
                "record": best(record, sites),
            }
            claim()
            silent = replace(made.poller, fetcher=cast("Fetcher", _Known(pages)))
            visits = best(lambda: [silent.visit(sources[s.id], s) for s in claimed], sites)
            found["decide"] = visits - found["fingerprint"]
    return found


class _Known:
    """A fetcher that has been everywhere."""

    closed = False

    def __init__(self, pages: dict[str, Page]) -> None:
        self._pages = {page.url: page for page in pages.values()}

    def fetch(self, url: str, **_: object) -> Page:
        return self._pages[url]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("sites", type=int)
    parser.add_argument("state", type=Path)
    args = parser.parse_args()
    print(json.dumps(parts(Ministries(args.port), args.sites, args.state)))


if __name__ == "__main__":
    main()
