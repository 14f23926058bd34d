"""A team made beside the running daemon is told of what comes from then on, and of older papers when asked."""

from pathlib import Path

from tests.e2e.product import Product, team
from tests.flows.house import DRAFT, FINAL, OLD, listing, paper
from tests.loopback import Loopback
from tests.slack_api import SlackApi
from watcher import config as configuration
from watcher.clock import Clock
from watcher.store import open_store
from watcher.teams import Registrar


def test_a_team_made_beside_the_daemon(tmp_path: Path, site: Loopback, slack: SlackApi) -> None:
    site.routes |= {
        "/list.html": listing(*OLD),
        DRAFT[0]: paper(DRAFT[1], "第一条 为了加强管理，制定本办法。"),
        FINAL[0]: paper(FINAL[1], "第一条 为了加强管理，制定本办法。"),
    }
    source = {
        "id": "lamps",
        "kind": "listing",
        "url": site.url("/list.html"),
        "every": "1m",
        "gap": "0s",
        "robots": "ignore",
    }
    settings = {
        "state": "state",
        "network": {"allow_addresses": ["127.0.0.0/8"]},
        "sources": [source],
        "teams": [team("law", {"console": "-"})],
        "channels": {"slack": {"token": "env:SLACK_TOKEN", "base_url": slack.url}},
    }
    secret = {"SLACK_TOKEN": "xoxb-test"}
    product = Product(tmp_path, settings, environ=secret)
    config = configuration.load(product.config, secret)
    clock = Clock(product.rate, product.anchor)
    try:
        product.start(ready=True)
        with open_store(config) as store:  # as another process has it
            people = Registrar(store, config)
            product.wait(lambda: store.sources.states()["lamps"].baseline_at, "the baseline")
            site.routes["/list.html"] = listing(DRAFT, *OLD)
            product.wait(lambda: product.told, "the file's team to hear of the draft")
            people.add("lamps", [{"slack": "#lamps"}, {"slack": "#two"}], "anna", clock.now())
            people.subscribe("lamps", "all", {}, "anna", clock.now())
            site.routes["/list.html"] = listing(FINAL, DRAFT, *OLD, day="2026-11-20")
            product.wait(lambda: len(slack.posts) == 2, "the new team to hear of the final")
            assert all("智能灯具数据安全管理办法" in post.said for post in slack.posts)
            told = product.run("teams", "backfill", "lamps", "--since", "2026-10-01")
            assert (
                "9 papers since 2026-10-01 that lamps was not told of, in 1 message" in told.stdout
            )
            product.wait(lambda: len(slack.posts) == 4, "the papers of before")
            assert {post.channel for post in slack.posts[2:]} == {
                post.channel for post in slack.posts[:2]
            }
            product.wait(lambda: not store.outbox.rows("owed"), "all to be sent")
            assert people.remove("lamps", "anna", clock.now()) == 0
    finally:
        product.end()
