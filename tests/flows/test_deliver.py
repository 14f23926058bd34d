"""Deliveries against a real Slack API and a real mail server that refuse: rows stay owed, operators are told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.flows.house import DRAFT, OLD, House, house, listing, source
from tests.loopback import Loopback
from tests.slack_api import SlackApi
from tests.smtp_sink import SmtpSink
from watcher.settings import (
    Config,
    DetailRule,
    EmailChannel,
    Quiet,
    Secret,
    SlackChannel,
    Subscription,
    Target,
    Team,
)
from watcher.store import outbox
from watcher.store import schema as t

LAW = Target(kind="slack", address="#law")
MAIL = Target(kind="email", address="a@example.org")
OPS = Target(kind="console", address="ops")


@dataclass
class Office:
    home: House
    slack: SlackApi
    smtp: SmtpSink

    def news(self, n: int = 0) -> None:
        """Owe one alert to Slack and to mail."""
        row = (f"/doc/draft{n}.html", DRAFT[1].replace("智能", f"智能{n}型"))
        shown = self.home.site.routes["/list.html"]
        assert isinstance(shown, bytes)
        top = listing(row)
        item = top[top.index(b"<li>") : top.index(b"</ul>")]
        self.home.site.routes["/list.html"] = shown.replace(b"<li>", item + b"<li>", 1)
        assert self.home.poll(minutes=30).changes == 1

    def states(self) -> dict[str, str]:
        rows = self.home.parts.store.outbox.rows()
        return {row["target"]: row["state"] for row in rows if row["change_id"]}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with (
        Loopback({"/list.html": listing(*OLD)}) as site,
        SlackApi(channels={"law": "C1"}) as slack,
        SmtpSink() as smtp,
    ):
        team = Team(
            id="law",
            name="Law",
            timezone="Europe/Berlin",
            to=(LAW, MAIL),
            subscriptions=(Subscription(id="all"),),
        )
        config = Config(
            path=tmp_path / "sources.yaml",
            state=tmp_path,
            teams=(team,),
            operators=(OPS,),
            slack=SlackChannel(token=Secret("xoxb-test", "env:SLACK"), base_url=slack.url),
            email=EmailChannel(
                host="127.0.0.1", port=smtp.port, sender="w@example.org", tls="none"
            ),
        )
        watched = source(site, detail=DetailRule(follow=False))
        with house(tmp_path, sources=[watched], site=site, config=config) as home:
            home.poll()
            yield Office(home, slack, smtp)


def test_both_are_told(office: Office) -> None:
    office.news()
    office.home.deliver()
    assert [post.channel for post in office.slack.posts] == ["#law"]
    assert [mail.recipients for mail in office.smtp.mails] == [("a@example.org",)]
    assert office.states() == {"slack:#law": "sent", "email:a@example.org": "sent"}


def test_a_digest_in_several_messages_says_which_each_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 1)
    office.news(1)
    office.news(2)
    with office.home.parts.store.db.write() as tx:
        tx.execute(t.delivery.update().values(digest="law/all/2026-11-02T07:00Z"))
    for _ in range(2):
        office.home.deliver(minutes=1)
    assert [
        (
            "Message 1 of 2." in post.said,
            "Message 2 of 2." in post.said,
            "1 of 1 source" in post.said,
        )
        for post in office.slack.posts
    ] == [(True, False, True), (False, True, False)], "what was read is told once"
    [mail] = office.smtp.mails
    assert "Message 1" not in mail.said and "2 papers" in mail.said


def test_a_mail_names_its_list_and_how_to_leave_it(office: Office) -> None:
    office.news()
    office.home.deliver()
    [mail] = office.smtp.mails
    assert mail.message["List-Id"] == "law/all <all.law.watcher.example.org>"
    assert "unsubscribe%20law%2Fall" in mail.message["List-Unsubscribe"]
    assert "Sent for law/all." in mail.said
    assert abs(mail.message["Date"].datetime - office.home.clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["500", "429", "close", "drop", "internal_error", "html"])
def test_a_moment_of_slacks_delays_and_loses_nothing(office: Office, kind: str) -> None:
    office.news()
    office.slack.fail_next(2, kind, retry_after=30)
    office.home.deliver()
    assert office.states()["slack:#law"] == "owed"
    assert office.states()["email:a@example.org"] == "sent", "mail does not wait for Slack"
    for _ in range(4):
        office.home.deliver(minutes=2)
    assert len(office.slack.posts) == 1, "once, also when the first answer was lost"
    assert office.states()["slack:#law"] == "sent"


def test_order_is_kept_through_a_failure(office: Office) -> None:
    office.news(1)
    office.slack.fail_next(1, "500")
    office.home.deliver()
    office.news(2)
    office.home.deliver()
    office.home.deliver(minutes=5)
    assert ["智能1型" in post.said for post in office.slack.posts] == [True, False]


def test_a_refused_token_keeps_rows_owed_and_operators_are_told_once(office: Office) -> None:
    office.slack.accept("xoxb-renewed")
    office.news()
    said = office.home.deliver()
    said += office.home.deliver()
    for _ in range(3):
        said += office.home.deliver(hours=1)
    assert office.states() == {"slack:#law": "owed", "email:a@example.org": "sent"}
    assert said.count("slack refuses us") == 1
    assert "invalid_auth" in said
    assert "xoxb" not in said
    office.slack.accept("xoxb-test")
    said = office.home.deliver(hours=6) + office.home.deliver()
    assert office.states()["slack:#law"] == "sent"
    assert "slack takes messages again" in said
    assert len(office.slack.posts) == 1


def test_what_slack_will_never_take_is_buried_and_listed(office: Office) -> None:
    office.news(1)
    office.slack.fail_next(1, "invalid_blocks")
    said = office.home.deliver() + office.home.deliver()
    assert office.states()["slack:#law"] == "dead"
    assert "will not take a message" in said
    office.news(2)
    office.home.deliver()
    assert len(office.slack.posts) == 1


def test_a_delivery_is_given_up_by_age_not_by_count(office: Office) -> None:
    office.news()
    office.slack.fail_next(10_000, "500")
    for _ in range(24 * 4):
        office.home.deliver(hours=1)
    assert office.states()["slack:#law"] == "owed"
    for _ in range(30):
        office.home.deliver(hours=1)
    assert office.states()["slack:#law"] == "dead"


@pytest.mark.parametrize(
    ("step", "reply", "state"),
    [
        ("connect", "421 too busy", "owed"),
        ("rcpt", "450 greylisted", "owed"),
        ("rcpt", "550 no such user", "dead"),
        ("data", "451 try later", "owed"),
        ("data", "554 rejected", "dead"),
        ("mail", "550 sender refused", "owed"),
    ],
)
def test_a_refusing_mail_server(office: Office, step: str, reply: str, state: str) -> None:
    office.news()
    office.smtp.refuse(step, reply)
    office.home.deliver()
    assert office.states() == {"slack:#law": "sent", "email:a@example.org": state}
    office.home.deliver(hours=7)
    assert office.states()["email:a@example.org"] == ("dead" if state == "dead" else "sent")
    assert len(office.smtp.mails) == (state == "owed")


def test_a_channel_that_was_taken_out_of_the_configuration(office: Office) -> None:
    office.news()
    deliverer = office.home.parts.deliverer
    without = {kind: n for kind, n in deliverer.notifiers.items() if kind != "slack"}
    office.home.parts = replace(office.home.parts, deliverer=replace(deliverer, notifiers=without))
    said = office.home.deliver() + office.home.deliver()
    assert "channels.slack is not configured" in said
    assert office.states()["slack:#law"] == "owed"


def test_notices_that_come_together_are_one_message(office: Office) -> None:
    store, now = office.home.parts.store, office.home.clock.now()
    for name in ("mofcom", "nmpa", "nhc"):
        store.outbox.notify([OPS], f"{name} cannot be read", ["no route"], now)
    said = office.home.deliver()
    assert "3 notices" in said
    assert all(f"{name} cannot be read" in said for name in ("mofcom", "nmpa", "nhc"))
    assert office.home.deliver() == ""


def test_a_mail_that_is_never_answered_for_goes_out_twice_and_no_more(office: Office) -> None:
    office.news()
    office.smtp.refuse("lost", times=2)
    said = " ".join("".join(office.home.deliver(minutes=2) for _ in range(5)).split())
    assert office.states()["email:a@example.org"] == "dead"
    first, second = (mail.message for mail in office.smtp.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert "Possible repeat" not in first["Subject"]
    assert second["Subject"].startswith("Possible repeat")
    assert "email:a@example.org does not answer" in said
    assert "it has probably arrived" in said
    (dead,) = office.home.parts.store.outbox.rows("dead")
    assert f"`watcher deliveries retry {dead['id']}`" in said
    office.home.parts.store.outbox.retry([dead["id"]], office.home.clock.now())
    office.home.deliver(minutes=2)
    assert office.states()["email:a@example.org"] == "sent"
    assert office.smtp.mails[2].message["X-Watcher-Possible-Repeat"] == "yes"


def test_what_was_refused_in_words_is_not_counted_as_unanswered(office: Office) -> None:
    office.news()
    office.smtp.refuse("lost")
    office.home.deliver()
    office.smtp.refuse("data", "451 later", times=2)
    for _ in range(4):
        office.home.deliver(hours=2)
    assert office.states()["email:a@example.org"] == "sent"
    assert len(office.smtp.mails) == 2


def test_a_room_that_refuses_us_does_not_stop_the_others(office: Office) -> None:
    home, tax = office.home, Target(kind="slack", address="#tax")
    config = home.parts.config
    teams = (replace(config.teams[0], to=(tax, LAW)),)
    poller = home.parts.poller
    home.parts = replace(
        home.parts,
        poller=replace(poller, understanding=replace(poller.understanding, teams=teams)),
        deliverer=replace(home.parts.deliverer, config=replace(config, teams=teams)),
    )
    office.news()
    said = home.deliver() + home.deliver()
    assert "slack:#tax refuses us" in said
    assert "channel_not_found" in said
    assert [post.channel for post in office.slack.posts] == ["#law"]
    (suspended,) = home.parts.store.outbox.suspended()
    assert suspended["address"] == "slack:#tax"


def test_a_storm_is_told_to_operators_once(office: Office) -> None:
    rows = [(f"/doc/s{n}.html", DRAFT[1].replace("智能", f"智能{n}型")) for n in range(40)]
    office.home.site.routes["/list.html"] = listing(*rows, *OLD, day="2026-11-02")
    assert office.home.poll(minutes=30).changes == 40
    said = " ".join("".join(office.home.deliver(minutes=1) for _ in range(3)).split())
    assert said.count("alerts to slack:#law are held: too many came at once") == 1
    assert "`watcher deliveries release slack:#law` sends them" in said
    assert len(office.slack.posts) == 30
    assert office.home.parts.store.storms.release(LAW, office.home.clock.now()) == 10
    office.home.deliver()
    assert len(office.slack.posts) == 40


def test_a_wish_to_wait_holds_the_whole_room(office: Office) -> None:
    office.news(1)
    office.slack.fail_next(1, "429", retry_after=300)
    office.home.deliver()
    office.home.deliver(minutes=4)
    assert not office.slack.posts
    office.home.deliver(minutes=1)
    assert len(office.slack.posts) == 1


@pytest.mark.parametrize(
    ("wants", "back", "allowed"),
    [
        pytest.param(
            Subscription(id="all", quiet=Quiet(start=22 * 60, end=7 * 60)),
            "2026-11-04 00:00",
            "2026-11-04 06:00",
            id="quiet hours",
        ),
        pytest.param(
            Subscription(id="all", days="workdays"),
            "2026-11-07 12:00",
            "2026-11-08 23:00",
            id="a weekend",
        ),
    ],
)
def test_what_an_outage_made_late_keeps_out_of_quiet_hours(
    office: Office, wants: Subscription, back: str, allowed: str
) -> None:
    """The contract holds for a second try, too; what a person asks for goes at any hour."""
    home = office.home
    deliverer = home.parts.deliverer
    (law,) = home.parts.config.teams
    config = replace(home.parts.config, teams=(replace(law, subscriptions=(wants,)),))
    deliverer = replace(deliverer, config=config)
    home.clock.pass_(hours=9)
    office.news()
    office.slack.fail_next(1, "500")
    assert deliverer.drain(LAW) == 0
    home.clock.hands[0] = datetime.fromisoformat(back).replace(tzinfo=UTC)
    assert deliverer.drain(LAW) == 0
    home.clock.hands[0] = datetime.fromisoformat(allowed).replace(tzinfo=UTC) - timedelta(minutes=1)
    assert deliverer.drain(LAW) == 0
    home.clock.pass_(minutes=1)
    assert deliverer.drain(LAW) == 1
    home.clock.hands[0] = datetime.fromisoformat(back).replace(tzinfo=UTC) + timedelta(days=7)
    (mail,) = (row for row in home.parts.store.outbox.rows("owed") if row["target"] == str(MAIL))
    home.parts.store.outbox.bury_all(MAIL, "a test", home.clock.now())
    home.parts.store.outbox.retry([mail["id"]], home.clock.now())
    home.clock.pass_(minutes=10)
    assert deliverer.drain(MAIL) == 1
