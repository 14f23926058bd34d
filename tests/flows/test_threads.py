"""What follows an alert in Slack and by mail: threads, and posted alerts that are put right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.house import (
    ARTICLES,
    DRAFT,
    FINAL,
    OLD,
    House,
    document,
    house,
    listing,
    paper,
    source,
)
from tests.loopback import Loopback
from tests.slack_api import Post, SlackApi
from tests.smtp_sink import SmtpSink
from watcher.settings import (
    Config,
    EmailChannel,
    Secret,
    SlackChannel,
    Subscription,
    Target,
    Team,
)
from watcher.store import schema as t

LAW = Target(kind="slack", address="#law")
MAIL = Target(kind="email", address="a@example.org")
OPS = Target(kind="console", address="ops")
UNTIL, MOVED = "意见反馈截止日期为2026年12月2日。", "意见反馈截止日期为2026年12月20日。"
EXPLAINED = ("/doc/why.html", "《智能灯具数据安全管理办法》解读")


class Desk:
    """A house whose one team reads in Slack and by mail."""

    def __init__(self, home: House, slack: SlackApi, smtp: SmtpSink) -> None:
        self.home, self.slack, self.smtp = home, slack, smtp

    def publish(self, row: tuple[str, str], *paragraphs: str, day: str) -> None:
        """Put a paper on top of the list, let it be read, and send what is owed."""
        self.home.site.routes[row[0]] = paper(row[1], *paragraphs, day=day)
        head = listing(row, day=day)
        shown = self.home.site.routes["/list.html"]
        assert isinstance(shown, bytes)
        item = head[head.index(b"<li>") : head.index(b"</ul>")]
        self.home.site.routes["/list.html"] = shown.replace(b"<li>", item + b"<li>", 1)
        self.home.poll(minutes=30)
        self.home.read()
        self.send()

    def correct(self, row: tuple[str, str], *paragraphs: str, day: str) -> None:
        self.home.site.routes[row[0]] = paper(row[1], *paragraphs, day=day)
        self.home.read(hours=25)
        self.send()

    def send(self) -> None:
        for _ in range(4):
            self.home.deliver(minutes=20)

    def posts(self) -> list[Post]:
        return self.slack.posts

    def updates(self) -> list[tuple[str, str]]:
        """State and receipt of every update that was owed, the oldest first."""
        rows = [row for row in self.home.parts.store.outbox.rows() if row["letter"]]
        return [(row["state"], row["receipt"] or "") for row in reversed(rows)]


def config_of(tmp_path: Path, slack: SlackApi, smtp: SmtpSink, **channel: object) -> Config:
    given: dict[str, object] = {"token": Secret("xoxb-test", "env:SLACK"), "base_url": slack.url}
    team = Team(
        id="law",
        name="Law",
        timezone="Europe/Berlin",
        to=(LAW, MAIL),
        subscriptions=(Subscription(id="all"),),
    )
    return Config(
        path=tmp_path / "sources.yaml",
        state=tmp_path,
        teams=(team,),
        operators=(OPS,),
        slack=SlackChannel(**(given | channel)),  # type: ignore[arg-type] # by its fields' names
        email=EmailChannel(host="127.0.0.1", port=smtp.port, sender="w@example.org", tls="none"),
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Loopback({"/list.html": listing(*OLD)}) as site, SlackApi() as slack, SmtpSink() as smtp:
        config = config_of(tmp_path, slack, smtp, app_token=Secret("xapp-test", "env:APP"))
        with house(tmp_path, sources=[source(site)], site=site, config=config) as home:
            home.poll()
            yield Desk(home, slack, smtp)


@pytest.fixture
def drafted(desk: Desk) -> Desk:
    desk.publish(DRAFT, UNTIL, *ARTICLES, day="2026-11-02")
    return desk


def test_a_final_stands_under_its_draft_and_in_the_channel(drafted: Desk) -> None:
    drafted.home.clock.pass_(days=60)
    drafted.publish(FINAL, *ARTICLES[:2], ARTICLES[2].replace("三十", "十五"), day="2027-01-02")
    first, final = drafted.posts()
    assert (first.thread, first.broadcast) == ("", False)
    assert (final.thread, final.broadcast) == (first.ts, True)
    assert "Final of the draft of" in final.said
    draft_mail, final_mail = (mail.message for mail in drafted.smtp.mails)
    assert draft_mail["In-Reply-To"] is None
    assert draft_mail["Message-ID"] in final_mail["References"]


def test_an_interpretation_stands_in_the_thread_alone(drafted: Desk) -> None:
    drafted.home.clock.pass_(days=60)
    drafted.publish(FINAL, *ARTICLES, day="2027-01-02")
    drafted.publish(EXPLAINED, "为便于理解，现就有关内容解读如下。", day="2027-01-03")
    first, _, explained = drafted.posts()
    assert (explained.thread, explained.broadcast) == (first.ts, False)


def test_another_paper_begins_a_thread_of_its_own(drafted: Desk) -> None:
    other = ("/doc/other.html", "灯具局关于开展节能路灯检查的通知")
    drafted.publish(other, "各地应当检查路灯。", day="2026-11-03")
    assert [post.thread for post in drafted.posts()] == ["", ""]


def test_a_moved_deadline_is_told_in_the_thread_and_put_right_above(drafted: Desk) -> None:
    before = drafted.posts()[0]
    assert "Comments until Wed 2 Dec 2026" in before.said
    drafted.correct(DRAFT, MOVED, *ARTICLES, day="2026-11-02")
    first, correction = drafted.posts()
    assert first.ts == before.ts
    assert "Comments until Sun 20 Dec 2026" in first.said
    assert "Corrected Tue 3 Nov 2026: the deadline was Wed 2 Dec 2026" in first.said
    assert first.delivery == before.delivery, "its buttons and its metadata are the same delivery's"
    assert (correction.thread, correction.broadcast) == (first.ts, True)
    assert "Deadline extended: until Sun 20 Dec 2026 (was Wed 2 Dec 2026)" in correction.said
    assert [state for state, _ in drafted.updates()] == ["sent"]


@pytest.mark.parametrize("word", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_what_slack_will_not_change_is_left_as_it_was(drafted: Desk, word: str) -> None:
    drafted.slack.fail_next(1, word, method="chat.update")
    drafted.correct(DRAFT, MOVED, *ARTICLES, day="2026-11-02")
    assert drafted.updates() == [("sent", f"left as it was ({word})")]
    assert len(drafted.posts()) == 2, "the correction itself is told"


def test_an_update_that_got_no_answer_is_made_again(drafted: Desk) -> None:
    drafted.slack.fail_next(2, "drop", method="chat.update")
    drafted.correct(DRAFT, MOVED, *ARTICLES, day="2026-11-02")
    assert [state for state, _ in drafted.updates()] == ["sent"]
    assert len(drafted.posts()) == 2
    assert "Sun 20 Dec 2026" in drafted.posts()[0].said


def test_what_a_team_said_stands_in_place_of_the_buttons(drafted: Desk) -> None:
    store, now = drafted.home.parts.store, drafted.home.clock.now()
    paper_id = document(drafted.home, DRAFT[1])
    assert '"action_id": "reviewed"' in drafted.posts()[0].said

    def say(state: str, cause: str) -> int:
        with store.db.write() as tx:
            tx.execute(
                t.review.insert().values(
                    document_id=paper_id, team_id="law", state=state, by="Ann", at=now
                )
            )
        return store.postings.reviewed(paper_id, "law", cause, now)

    assert say("reviewed", "review 1") == 1
    assert store.postings.reviewed(paper_id, "law", "review 1", now) == 0, "once for one review"
    drafted.send()
    said = drafted.posts()[0].said
    assert "Reviewed by Ann" in said
    assert '"action_id": "reviewed"' not in said
    assert '"action_id": "open_paper"' in said
    assert store.postings.reviewed(paper_id, "other", "review 1", now) == 0, "of their own alerts"
    assert say("open", "review 2") == 1
    drafted.send()
    assert "Reviewed by" not in drafted.posts()[0].said


def test_an_update_still_owed_is_not_owed_twice(drafted: Desk) -> None:
    store, now = drafted.home.parts.store, drafted.home.clock.now()
    paper_id = document(drafted.home, DRAFT[1])
    assert store.postings.reviewed(paper_id, "law", "review 1", now) == 1
    assert store.postings.reviewed(paper_id, "law", "review 2", now) == 0
    drafted.send()
    assert store.postings.reviewed(paper_id, "law", "review 2", now) == 1


def test_a_digest_starts_no_thread(desk: Desk) -> None:
    desk.publish(DRAFT, UNTIL, *ARTICLES, day="2026-11-02")
    store = desk.home.parts.store
    with store.db.write() as tx:
        tx.execute(t.delivery.update().values(digest="law/all/2026-11-02T07:00Z"))
    assert store.postings.thread_of(LAW, [document(desk.home, DRAFT[1])]) == ""
    desk.correct(DRAFT, MOVED, *ARTICLES, day="2026-11-02")
    assert [post.thread for post in desk.posts()] == ["", ""]
    assert desk.updates() == []


def test_no_buttons_without_somebody_who_listens(tmp_path: Path) -> None:
    with Loopback({"/list.html": listing(*OLD)}) as site, SlackApi() as slack, SmtpSink() as smtp:
        config = config_of(tmp_path, slack, smtp)
        with house(tmp_path, sources=[source(site)], site=site, config=config) as home:
            home.poll()
            Desk(home, slack, smtp).publish(DRAFT, UNTIL, *ARTICLES, day="2026-11-02")
            [post] = slack.posts
            assert "action_id" not in post.said
            assert "|Open paper>" in post.said
