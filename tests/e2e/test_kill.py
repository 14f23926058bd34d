"""kill -9 at random moments: everything owed arrives, and only what cannot be settled arrives twice."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import Product
from tests.e2e.real_sites import Site, first_round, second_round, sites
from tests.flows.house import DRAFT, OLD, listing
from tests.loopback import Loopback
from tests.slack_api import SlackApi
from tests.smtp_sink import SmtpSink
from watcher.text import letters

KILLS = 5
BEFORE_PUBLICATION = 2
CHANNELS = ("#one", "#two", "#three")
ADDRESSES = ("a@example.org", "b@example.org")


class SlowSlack(SlackApi):
    """Takes a message, then lets its sender wait: many kills fall between."""

    def post(self, channel: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        answer = super().post(channel, wanted)
        time.sleep(0.1)
        return answer


@pytest.fixture
def slack() -> Iterator[SlackApi]:
    with SlowSlack(token="xoxb-test") as api:
        yield api


def settings(site: Loopback, slack: SlackApi, smtp: SmtpSink) -> dict[str, object]:
    return {
        "state": "state",
        "network": {"allow_addresses": ["127.0.0.0/8"]},
        "sources": [each.source(site) for each in sites()],
        "teams": [
            {
                "id": "everyone",
                "to": [*({"slack": c} for c in CHANNELS), *({"email": a} for a in ADDRESSES)],
                "subscriptions": [
                    {
                        "id": "all",
                        "sectors": ["foreign-investment", "vehicles", "health", "data-security"],
                        "secondary": "false",
                    }
                ],
            }
        ],
        "channels": {
            "slack": {"token": "env:SLACK_TOKEN", "base_url": slack.url},
            "email": {
                "host": "127.0.0.1",
                "port": str(smtp.port),
                "from": "w@example.org",
                "tls": "none",
            },
        },
    }


def baseline_set(product: Product) -> bool:
    return all(row["last_good_at"] for row in product.rows("sources"))


def all_sent(product: Product, count: int) -> bool:
    rows = product.rows("deliveries", "--limit", "1000")
    return len(rows) >= count and all(row["state"] == "sent" for row in rows)


def by_title(said: str, titles: list[str]) -> str:
    (title,) = [t for t in titles if letters(t) in letters(said)]
    return title


def test_five_kills(tmp_path: Path, site: Loopback, slack: SlackApi, smtp: SmtpSink) -> None:
    """While lists and papers are read; `test_faults` kills what sends, under faults of its providers."""
    seed = int(os.environ.get("WATCHER_TEST_SEED", random.randrange(10**6)))
    print(f"WATCHER_TEST_SEED={seed}")  # noqa: T201 - shown when the test fails
    chance = random.Random(seed)
    all_sites: list[Site] = sites()
    first_round(site, all_sites)
    product = Product(
        tmp_path,
        settings(site, slack, smtp),
        environ={"SLACK_TOKEN": "xoxb-test"},
    )
    titles = [row.title for each in all_sites for row in each.added if row.sector != "none"]
    targets = len(CHANNELS) + len(ADDRESSES)
    try:
        for kill in range(KILLS):
            if kill == BEFORE_PUBLICATION:
                product.start()
                product.wait(lambda: baseline_set(product), "the baseline")
                product.kill()
                assert not slack.posts
                assert not smtp.mails
                second_round(site, all_sites)
            product.start()
            time.sleep(chance.uniform(0.5, 3.0))
            product.kill()
        product.start(ready=True)
        product.wait(lambda: all_sent(product, targets * len(titles)), "everything owed")
        assert product.stop() == 0
    finally:
        product.end()

    posts = Counter((post.channel, by_title(post.said, titles)) for post in slack.posts)
    mails = Counter((mail.recipients[0], by_title(mail.said, titles)) for mail in smtp.mails)
    assert set(posts) == {(c, t) for c in CHANNELS for t in titles}, "every owed message arrives"
    assert set(mails) == {(a, t) for a in ADDRESSES for t in titles}
    assert posts.total() == len(posts), "nothing twice"
    repeats = [mail for mail in smtp.mails if mail.message["X-Watcher-Possible-Repeat"]]
    doubled = mails.total() - len(mails)
    assert doubled <= KILLS * len(ADDRESSES), "at most the one in flight to each address at a kill"
    assert doubled <= len(repeats), "and marked as a possible repeat"


def test_a_restarted_daemon_takes_over_at_once(
    tmp_path: Path, site: Loopback, slack: SlackApi, smtp: SmtpSink
) -> None:
    """At the real clock's rate: the dead one's leases would last five minutes, and nobody waits for them."""
    site.routes["/list.html"] = listing(*OLD)
    made = settings(site, slack, smtp)
    entry = {
        "id": "lamps",
        "kind": "listing",
        "url": site.url("/list.html"),
        "every": "1s",
        "gap": "0s",
    }
    made["sources"] = [entry | {"detail": {"follow": "false"}}]
    product = Product(tmp_path, made, environ={"SLACK_TOKEN": "xoxb-test"}, rate=1)
    try:
        product.start(ready=True)
        product.wait(lambda: baseline_set(product), "the baseline")
        slack.fail_next(len(CHANNELS), "hang")
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        product.wait(
            lambda: slack.calls.count("chat.postMessage") >= len(CHANNELS), "sends that hang"
        )
        product.kill()
        assert not slack.posts
        killed = time.monotonic()
        product.start()
        product.wait(lambda: len(slack.posts) == len(CHANNELS), "the deliveries")
        assert time.monotonic() - killed < 60
        assert product.stop() == 0
    finally:
        product.end()
    assert Counter(post.channel for post in slack.posts) == Counter(CHANNELS)
