"""`watcher teams` as it is typed: what it prints, and the code it leaves with."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from watcher import cli
from watcher import config as configuration
from watcher.model import Classification, Document, Facts
from watcher.store import open_store
from watcher.store import schema as t
from watcher.store.codec import document_columns

Run = Callable[..., tuple[int, str, str]]
FILE = """\
sources: [{id: a, kind: listing, url: "https://www.example.gov.cn/tzgg/"}]
teams:
  - id: data-law
    name: Data & cyber law
    timezone: Europe/Berlin
    to: [{console: "-"}]
    subscriptions:
      - {id: drafts, sectors: [data-security], quiet: 22:00-07:00, when: weekly mon 08:00}
channels: {email: {host: 127.0.0.1, port: 1, tls: none}}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LOGNAME", "anna")
    Path("sources.yaml").write_text(FILE, encoding="utf-8")

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["watcher", "teams", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return run


def papers(number: int) -> None:
    """So many papers of a first visit."""
    now = datetime(2026, 11, 2, tzinfo=UTC)
    with open_store(configuration.load(Path("sources.yaml"))) as store, store.db.write() as tx:
        for n in range(number):
            document = Document(
                id=0,
                source_id="a",
                url=f"https://www.example.gov.cn/{n}",
                title=f"路灯{n}号通知",
                facts=Facts(),
                classification=Classification(primary="data-security", score=0.9),
            )
            tx.execute(insert(t.document).values(**document_columns(document), first_seen_at=now))


def test_a_team_is_made_and_shown(run: Run) -> None:
    to = ("--to", "email:a@example.org", "--to", "console:-")
    assert run("add", "lamps", "--timezone", "Europe/Berlin", *to)[:2] == (
        0,
        "lamps: made, told at email:a@example.org, console:-\n",
    )
    wants = ("--sectors", "energy, materials", "--no-secondary", "--deadlines", "7d,2d")
    code, out, _ = run("subscribe", "lamps", "s", *wants)
    assert (code, out) == (
        0,
        "lamps / s: hears of sectors energy, materials; secondary false; deadlines 7d, 2d\n",
    )
    code, _, err = run("subscribe", "lamps", "s", "--keywords", "路灯")
    assert "they do not narrow: `require` does" in err
    assert "hears now of everything" in run("subscribe", "lamps", "s")[1]
    assert run("mute", "lamps", "--subscription", "s", "--by", "bo")[0] == 0
    law, lamps = (json.loads(line) for line in run("list", "--json")[1].splitlines())
    assert (law["defined"], law["made"]) == ("sources.yaml:3", False)
    assert law["subscriptions"][0]["wants"] == {
        "sectors": ["data-security"],
        "when": "weekly mon 08:00",
        "quiet": "22:00-07:00",
    }
    assert (lamps["made"], lamps["subscriptions"][0]["mutes"]) == (True, ["muted by bo"])
    shown = run("list")[1]
    assert run()[1] == shown
    assert run("--json")[1] == run("list", "--json")[1]
    assert "data-law – Data & cyber law: console:-; Europe/Berlin; sources.yaml:3\n" in shown
    assert "  s  everything; listens since " in shown
    assert run("show", "lamps")[1] in shown
    assert run("unmute", "lamps", "--subscription", "s")[1] == "lamps / s: hears again\n"
    assert run("unsubscribe", "lamps", "s")[1] == "lamps / s: ended\n"
    assert "no subscription: it hears nothing" in run("show", "lamps")[1]
    assert run("remove", "lamps")[1] == "lamps: removed\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["remove", "data-law"], "data-law is defined in sources.yaml:3; change it there"),
        (["subscribe", "data-law", "x"], "change it there"),
        (["add", "x", "--to", "slack"], "write slack:#channel or email:team@example.org"),
        (["add", "x", "--to", "slack:#x"], "needs channels.slack, which is not configured"),
        (["show", "data-laws"], "no team 'data-laws'; nearest: data-law"),
        (["mute", "data-law", "--subscription", "s", "--paper", "1"], "not both"),
        (["mute", "data-law", "--for", "a week"], "is no age"),
        (["mute", "data-law", "--by", " "], "name a person"),
        (["backfill", "data-law", "--since", "yesterday"], "is no date"),
        (
            ["backfill", "data-law", "--subscription", "x", "--since", "2026-01-01"],
            "no subscription of data-law 'x'; one of drafts",
        ),
    ],
)
def test_bad_usage_says_what_to_write_and_is_2(run: Run, words: list[str], says: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert says in err


def test_a_test_message_reaches_every_target_it_can(run: Run) -> None:
    run("add", "lamps", "--to", "console:-", "--to", "email:a@example.org")
    code, out, err = run("test", "lamps")
    assert code == 1
    assert "Test message for lamps" in out
    assert "console:-: sent: " in out
    assert "email:a@example.org: not sent: " in err
    assert run("test", "data-law")[0] == 0
    last = run("test", "data-law", "--json")[1].splitlines()[-1]
    assert json.loads(last)["sent"] is True
    with open_store(configuration.load(Path("sources.yaml"))) as store:
        assert store.outbox.rows() == []


def test_the_past_is_counted_before_it_is_sent(run: Run) -> None:
    papers(51)
    asked = ("backfill", "data-law", "--since", "2026-01-01")
    count = "51 papers since 2026-01-01 that data-law was not told of, in 3 messages to console:-\n"
    assert run(*asked, "--dry-run") == (0, count, "")
    assert run(*asked) == (1, count, "nothing was sent; add --yes to send more than 50\n")
    assert run("mute", "data-law")[0] == 0
    assert run(*asked, "--yes")[0] == 2
    assert run("unmute", "data-law")[0] == 0
    code, out, _ = run(*asked, "--yes", "--json")
    assert (code, len(out.splitlines())) == (0, 51)
    assert json.loads(out.splitlines()[0])["to"] == ["console:-"]
    assert run(*asked) == (0, "", "nothing since 2026-01-01 that data-law was not told of\n")
    with open_store(configuration.load(Path("sources.yaml"))) as store:
        assert len({row["digest"] for row in store.outbox.rows("owed")}) == 1
