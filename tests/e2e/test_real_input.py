"""The whole way on real input: the daemon polls real pages on loopback, a Slack API and a mail server receive."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import Product, team
from tests.e2e.real_sites import Site, first_round, second_round, sites
from tests.loopback import Loopback
from tests.slack_api import SlackApi
from tests.smtp_sink import SmtpSink
from watcher.text import letters

TRADE, CARS, HEALTH = "#trade", "#cars", "health@example.org"
OPS = "#ops"
WHERE = {"foreign-investment": TRADE, "vehicles": CARS, "health": HEALTH}
NAMES = {
    "foreign-investment": "Foreign investment, trade & market access",
    "vehicles": "Vehicles: NEVs, connected cars & batteries",
    "health": "Medical devices & pharma",
}


def settings(
    site: Loopback, slack: SlackApi, smtp: SmtpSink, all_sites: list[Site]
) -> dict[str, object]:
    return {
        "state": "state",
        "network": {"allow_addresses": ["127.0.0.0/8"]},
        "sources": [each.source(site) for each in all_sites],
        "teams": [
            team("trade", {"slack": TRADE}, ["foreign-investment"], secondary="false"),
            team("cars", {"slack": CARS}, ["vehicles"], secondary="false"),
            team("health", {"email": HEALTH}, ["health"], secondary="false"),
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
        "operators": {"to": [{"slack": OPS}]},
    }


@pytest.fixture
def product(tmp_path: Path, site: Loopback, slack: SlackApi, smtp: SmtpSink) -> Iterator[Product]:
    all_sites = sites()
    first_round(site, all_sites)
    made = Product(
        tmp_path, settings(site, slack, smtp, all_sites), environ={"SLACK_TOKEN": "xoxb-test"}
    )
    yield made
    made.end()


def received(slack: SlackApi, smtp: SmtpSink) -> list[tuple[str, str]]:
    """(where, all that was said) of every message to readers.

    Operators may hear that one of these saved pages, months old, has fallen silent.
    """
    posts = [(post.channel, post.said) for post in slack.posts if post.channel != OPS]
    told = [post.said for post in slack.posts if post.channel == OPS]
    assert all("has fallen silent" in said for said in told), told
    posts += [(mail.recipients[0], mail.said) for mail in smtp.mails]
    return posts


def visited(site: Loopback, all_sites: list[Site], times: int, since: int = 0) -> bool:
    counts = Counter(site.paths()[since:])
    return all(counts[each.path] >= times for each in all_sites)


def test_exactly_the_added_items_arrive(
    product: Product, site: Loopback, slack: SlackApi, smtp: SmtpSink
) -> None:
    all_sites = sites()
    product.start()
    product.wait(lambda: visited(site, all_sites, 3), "the baseline and two more rounds")
    assert received(slack, smtp) == [], "the baseline is silent"
    known = len(product.rows("items", "--limit", "1000"))

    second_round(site, all_sites)
    expected = Counter(
        (WHERE[row.sector], letters(row.title))
        for each in all_sites
        for row in each.added
        if row.sector != "none"
    )
    product.wait(lambda: len(received(slack, smtp)) >= expected.total(), "the alerts")
    asked = len(site.requests)
    product.wait(lambda: visited(site, all_sites, 3, since=asked), "three more rounds")
    assert product.stop() == 0

    messages = received(slack, smtp)
    for where, said in messages:
        assert any(w == where and title in letters(said) for w, title in expected), (where, said)
    found = Counter(
        {
            (where, title): sum(w == where and title in letters(said) for w, said in messages)
            for where, title in expected
        }
    )
    assert found == expected, "each once, at the right team"
    assert len(messages) == expected.total()
    for where, said in messages:
        (sector,) = [code for code, target in WHERE.items() if target == where]
        assert letters(NAMES[sector]) in letters(said), "the sector"
        assert "in the title" in said or "in the text" in said, "the reason"
    rows = product.rows("items", "--limit", "1000")
    assert len(rows) == known + sum(len(each.added) for each in all_sites)
    assert all(delivery["state"] == "sent" for delivery in product.rows("deliveries"))

    before, asked = len(received(slack, smtp)), len(site.requests)
    product.start()
    product.wait(lambda: visited(site, all_sites, 2, since=asked), "a rerun")
    assert product.stop() == 0
    assert len(received(slack, smtp)) == before, "the rerun is silent"
