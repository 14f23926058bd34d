"""A good sources.yaml becomes the Config that the other rooms read; secrets stay hidden."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.real import ROOT
from watcher.config import load, notes
from watcher.errors import ConfigError
from watcher.settings import (
    LIBRARY,
    Cadence,
    Config,
    DetailRule,
    Manners,
    Network,
    Quiet,
    Rule,
    Source,
    Structure,
    Subscription,
    Target,
    Team,
    Translate,
    Web,
)

SOURCE = """
sources:
  - {id: a, kind: listing, url: "https://www.example.gov.cn/tzgg/"}
"""
EVERY_KEY = """
defaults: {every: 45m, timezone: Asia/Shanghai}
database: env:DATABASE_URL
state: var
network:
  contact: "mailto:ops@example.org"
  allow_addresses: [127.0.0.1, "fd00::/8", 10.0.0.0/8]
  proxy: http://proxy.example.org:3128
rules: rules.yaml
sources:
  - id: lamp-drafts
    name: 灯具局 意见征集
    body: MIIT
    kind: listing
    url: https://www.example.gov.cn/yjzj/
    every: 20m
    timezone: Asia/Urumqi
    rule: {preset: trs, row: "ul.list > li", link: a, title: a, date: span, next: a.next}
    detail: {follow: true, title: h1, body: .TRS_Editor, published: .date, attachments: .fj a}
    fallback: lamp-feed
    complete: true
    allow_empty: true
    alert_since: 2026-11-01
    tls: legacy
    headers: {Referer: "https://www.example.gov.cn/", X-On: on}
    user_agent: Mozilla/5.0 (compatible)
    cookies: true
    gap: 2s
    robots: ignore
    enabled: false
  - {id: lamp-feed, kind: feed, url: "http://feed.example.org/rss"}
teams:
  - id: data-law
    name: Data & cyber law
    timezone: Europe/Berlin
    to: [{slack: "#china-data"}, {email: data-law@example.org}, {console: "-"}, {slack: "#china-data"}]
    subscriptions:
      - id: drafts
        sectors: [data-security, lamps]
        bodies: [MIIT, PBoC]
        stages: [draft_for_comments, final]
        keywords: [数据出境, AI]
        exclude: [招聘]
        secondary: false
        min_score: 0.4
        when: weekly mon 08:00
        as: brief
        days: workdays
        quiet: 22:00-07:30
        deadlines: [7d, 2d]
        in_force: [7d]
        events: [closed, no_final]
        when_empty: say
    greet: false
channels:
  slack: {token: env:SLACK_BOT_TOKEN, app_token: file:app.token, base_url: "http://127.0.0.1:8080"}
  email: {host: smtp.example.org, port: 587, from: China policy <watcher@example.org>,
          username: watcher, password: file:smtp.password, tls: tls}
  webhooks: [{id: crm, url: "https://crm.example.org/in", secret: file:app.token}]
  apprise: [{id: chat, url: file:app.token}]
operators: {to: [{slack: C0123456789}]}
translate: {service: deepl, key: env:DEEPL_KEY, url: "https://deepl.example.org", timeout: 5s,
            characters_per_month: 500_000, glossary: lamps}
web: {host: 0.0.0.0, port: 8001, public_url: https://watcher.example.org}
"""
ENVIRON = {
    "DATABASE_URL": "postgresql://watcher:hunter2@db/watcher",
    "SLACK_BOT_TOKEN": "xoxb-hunter2",
    "DEEPL_KEY": "hunter2:fx",
}


def loaded(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ or {})


@pytest.fixture
def every_key(tmp_path: Path) -> Config:
    (tmp_path / "app.token").write_text("xapp-hunter2\n", encoding="utf-8")
    (tmp_path / "smtp.password").write_text(" hunter2 \n", encoding="utf-8")
    rules = "sectors:\n  - {code: lamps, name_en: Lamps, name_zh: 灯具, terms: {strong: [灯具]}}\n"
    (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
    return loaded(tmp_path, EVERY_KEY, ENVIRON)


def test_every_key_of_a_source(every_key: Config) -> None:
    assert every_key.sources == (
        Source(
            id="lamp-drafts",
            name="灯具局 意见征集",
            body="MIIT",
            kind="listing",
            url="https://www.example.gov.cn/yjzj/",
            every=timedelta(minutes=20),
            timezone="Asia/Urumqi",
            rule=Rule(
                preset="trs", row="ul.list > li", link="a", title="a", date="span", next="a.next"
            ),
            detail=DetailRule(
                follow=True, title="h1", body=".TRS_Editor", published=".date", attachments=".fj a"
            ),
            fallback="lamp-feed",
            complete=True,
            allow_empty=True,
            alert_since=date(2026, 11, 1),
            manners=Manners(
                tls="legacy",
                headers=(("Referer", "https://www.example.gov.cn/"), ("X-On", "on")),
                user_agent="Mozilla/5.0 (compatible)",
                cookies=True,
                gap=timedelta(seconds=2),
                robots="ignore",
            ),
            enabled=False,
        ),
        Source(
            id="lamp-feed",
            name="lamp-feed",
            kind="feed",
            url="http://feed.example.org/rss",
            every=timedelta(minutes=45),
        ),
    )


def test_every_key_of_a_team(every_key: Config) -> None:
    assert every_key.teams == (
        Team(
            id="data-law",
            name="Data & cyber law",
            timezone="Europe/Berlin",
            to=(
                Target(kind="slack", address="#china-data"),
                Target(kind="email", address="data-law@example.org"),
                Target(kind="console", address="-"),
            ),
            subscriptions=(
                Subscription(
                    id="drafts",
                    sectors=("data-security", "lamps"),
                    bodies=("MIIT", "PBoC"),
                    stages=("draft_for_comments", "final"),
                    keywords=("数据出境", "AI"),
                    exclude=("招聘",),
                    secondary=False,
                    min_score=0.4,
                    when=Cadence(every="weekly", hour=8, minute=0, day=0),
                    as_="brief",
                    days="workdays",
                    quiet=Quiet(start=22 * 60, end=7 * 60 + 30),
                    deadlines=(7, 2),
                    in_force=(7,),
                    events=("closed", "no_final"),
                    when_empty="say",
                ),
            ),
            greet=False,
        ),
    )


def test_every_key_of_the_rest(every_key: Config, tmp_path: Path) -> None:
    slack, email, database = every_key.slack, every_key.email, every_key.database
    assert slack and slack.token and slack.app_token and email and email.password and database
    assert (slack.token.reveal(), slack.app_token.reveal()) == ("xoxb-hunter2", "xapp-hunter2")
    assert (slack.base_url, slack.webhook) == ("http://127.0.0.1:8080/", None)
    assert (email.host, email.port, email.tls) == ("smtp.example.org", 587, "tls")
    assert email.sender == "China policy <watcher@example.org>"
    assert (email.username, email.password.reveal()) == ("watcher", "hunter2")
    assert database.reveal() == "postgresql://watcher:hunter2@db/watcher"
    assert every_key.network == Network(
        contact="mailto:ops@example.org",
        allow_addresses=("127.0.0.1/32", "fd00::/8", "10.0.0.0/8"),
        proxy="http://proxy.example.org:3128",
    )
    assert every_key.operators == (Target(kind="slack", address="C0123456789"),)
    assert every_key.web == Web(host="0.0.0.0", port=8001, public_url="https://watcher.example.org")
    translate = every_key.translate
    assert translate and translate.key and translate.key.reveal() == "hunter2:fx"
    assert translate == Translate(
        service="deepl",
        key=translate.key,
        url="https://deepl.example.org",
        characters_per_month=500_000,
        timeout=timedelta(seconds=5),
        glossary="lamps",
    )
    assert "hunter2" not in repr(translate)
    assert (every_key.state, every_key.rules) == (tmp_path / "var", tmp_path / "rules.yaml")


def test_a_mailbox_and_a_library(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(
        """
sources:
  - {id: nhc-finals, kind: library, body: NHC, structure: {seen: 2026-09-20, sure: high}}
  - id: letters
    kind: mailbox
    url: imaps://imap.example.org:993/INBOX/China
    render: true
    mailbox: {username: reader, password: env:SECRET, from: [a@example.org, "@example.net"]}
""",
        encoding="utf-8",
    )
    library, letters = load(path, {"SECRET": "hunter2"}).sources
    assert library.url == LIBRARY
    assert library.structure == Structure(seen=date(2026, 9, 20), sure="high")
    assert letters.mailbox is not None
    assert letters.mailbox.senders == ("a@example.org", "@example.net")
    assert letters.mailbox.password.reveal() == "hunter2"
    assert letters.manners.render
    assert "hunter2" not in repr(letters)


def test_no_secret_is_printed(every_key: Config) -> None:
    assert "hunter2" not in repr(every_key)
    assert "Secret(env:SLACK_BOT_TOKEN)" in repr(every_key)


def test_notes_name_what_is_not_done(every_key: Config) -> None:
    assert [note.partition(": ")[0] for note in notes(every_key)] == [
        "web",
    ]  # the first source is off, so nothing of it is missed


@pytest.mark.parametrize(
    ("keys", "noted"),
    [
        ("kind: listing, url: 'https://x.cn/', robots: ignore", ["sources[0].robots"]),
        ("kind: listing, url: 'https://x.cn/', user_agent: x", ["sources[0].user_agent"]),
        ("kind: listing, url: 'https://x.cn/', robots: ignore, enabled: false", []),
        ("kind: listing, url: 'https://x.cn/', rule: {preset: two-hop}, fallback: b", []),
        ("kind: library, body: NHC", []),
    ],
)
def test_notes_on_sources(tmp_path: Path, keys: str, noted: list[str]) -> None:
    other = "{id: b, kind: feed, url: 'https://y.cn/'}"
    config = loaded(tmp_path, f"sources: [{{id: a, {keys}}}, {other}]")
    assert [note.partition(": ")[0] for note in notes(config)] == noted


@pytest.mark.parametrize(
    ("url", "noted"),
    [
        ("http://models.example.org/v1", ["translate.url"]),
        ("https://models.example.org/v1", []),
        ("http://127.0.0.1:11434/v1", []),
    ],
)
def test_a_key_sent_in_clear_is_noted(tmp_path: Path, url: str, noted: list[str]) -> None:
    keys = f"service: openai, model: m, key: env:DEEPL_KEY, url: '{url}'"
    config = loaded(tmp_path, f"{SOURCE}translate: {{{keys}}}\n", ENVIRON)
    assert [note.partition(": ")[0] for note in notes(config)] == noted


@pytest.mark.parametrize(
    ("to", "noted"),
    [
        ("to: [{email: a@example.org}]", ["operators.to"]),
        ('to: [{console: "-"}]', []),
        ("to: [{email: a@example.org}]}]\noperators: {to: [{email: b@example.org}]", []),
    ],
)
def test_alerts_that_nobody_looks_after_are_noted(
    tmp_path: Path, to: str, noted: list[str]
) -> None:
    ending = "}]" if "operators" not in to else "}"
    text = f"{SOURCE}channels: {{email: {{}}}}\nteams: [{{id: t, subscriptions: [], {to}{ending}\n"
    found = notes(loaded(tmp_path, text))
    assert [note.partition(": ")[0] for note in found] == noted


def test_keywords_without_sectors_are_noted(tmp_path: Path) -> None:
    team = "teams: [{id: t, subscriptions: [{id: s, keywords: [稀土]}]}]"
    (note,) = notes(loaded(tmp_path, SOURCE + team))
    assert note.startswith("teams[0].subscriptions[0].keywords: without sectors every sector")


def test_the_least_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, SOURCE)
    (source,) = config.sources
    assert (source.every, source.timezone) == (timedelta(minutes=30), "Asia/Shanghai")
    assert config.state == tmp_path / "state"
    (team,) = config.teams
    assert team.to == (Target(kind="console", address="-"),)
    assert team.subscriptions == (Subscription(id="all"),)


@pytest.mark.parametrize(
    "to", ["", "to: []", "to: null", "to: [{console: }]", "to: [{console: x}]"]
)
def test_who_names_no_channel_reads_the_console(tmp_path: Path, to: str) -> None:
    team = f"teams:\n  - id: t\n    subscriptions: []\n    {to}\n"
    config = loaded(tmp_path, SOURCE + team)
    assert config.teams[0].to == (Target(kind="console", address="-"),)


def test_scalars_stay_what_was_written(tmp_path: Path) -> None:
    text = """
    sources: [{id: on, name: 12:30, kind: feed, url: "http://x.cn/", fallback: ~, every: "90s"}]
    teams: [{id: "1", name: 2026-11-22, subscriptions: [{id: no, keywords: [off, 1e3, 0x10]}]}]
    """
    config = loaded(tmp_path, text)
    (source,), (team,) = config.sources, config.teams
    assert (source.id, source.name, source.fallback) == ("on", "12:30", None)
    assert (team.id, team.name, team.subscriptions[0].id) == ("1", "2026-11-22", "no")
    assert team.subscriptions[0].keywords == ("off", "1e3", "0x10")


def test_anchors_and_merges(tmp_path: Path) -> None:
    text = """
    sources:
      - &usual {id: a, kind: feed, url: "http://x.cn/", every: 5m, gap: 3s}
      - {<<: *usual, id: b, every: 6m}
    """
    a, b = loaded(tmp_path, text).sources
    assert (a.id, a.every, a.manners.gap) == ("a", timedelta(minutes=5), timedelta(seconds=3))
    assert (b.id, b.every, b.manners.gap) == ("b", timedelta(minutes=6), timedelta(seconds=3))


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        ("postgresql://watcher@db/watcher", True),
        ("postgresql+psycopg:///watcher?host=/run/postgresql", True),
        ("sqlite:////var/lib/watcher.db", True),
        ("postgresql://watcher:@db/watcher", False),
        ("postgresql://db/watcher?password=hunter2", False),
    ],
)
def test_database_addresses(tmp_path: Path, address: str, accepted: bool) -> None:
    text = f"{SOURCE}\ndatabase: {address}\n"
    if accepted:
        database = loaded(tmp_path, text).database
        assert database is not None
        assert database.reveal() == address
    else:
        with pytest.raises(ConfigError, match="not the secret itself"):
            loaded(tmp_path, text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("now", Cadence()),
        ("daily 08:00", Cadence(every="daily", hour=8)),
        ("daily 8:05", Cadence(every="daily", hour=8, minute=5)),
        ("weekly Sun 23:59", Cadence(every="weekly", hour=23, minute=59, day=6)),
        ("weekly friday 07:00", Cadence(every="weekly", hour=7, day=4)),
        ("monthly 28 00:00", Cadence(every="monthly", day=28)),
    ],
)
def test_cadences(tmp_path: Path, written: str, expected: Cadence) -> None:
    team = f"teams: [{{id: t, subscriptions: [{{id: s, when: {written}}}]}}]"
    assert loaded(tmp_path, SOURCE + team).teams[0].subscriptions[0].when == expected


# ---------------------------------------------------------------- the file that comes with watcher


def test_the_shipped_file_needs_no_environment() -> None:
    config = load(ROOT / "sources.yaml", {})
    assert notes(config) == []
    assert {target.kind for team in config.teams for target in team.to} == {"console"}
    bodies = {source.body for source in config.sources}
    assert {"SC", "MIIT", "NDRC", "MOST", "CAC", "SAMR", "MOFCOM", "MEE", "MOF"} <= bodies
    assert {"MOHRSS", "NHC", "NMPA", "CNIPA", "MOT", "CAAC", "NEA", "MPS", "MOHURD"} <= bodies
    assert {"PBoC", "MOE", "MARA", "TC260", "BJ-JXJ"} <= bodies


def test_the_example_in_the_shipped_file_is_right(tmp_path: Path) -> None:
    text = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    before, start, after = text.partition("# teams:\n")
    example = "".join(line.removeprefix("# ") for line in (start + after).splitlines(True))
    environ = {"SLACK_BOT_TOKEN": "xoxb-1", "SMTP_PASSWORD": "x"}
    config = loaded(tmp_path, before + example.replace("\n#\n", "\n\n"), environ)
    assert [team.id for team in config.teams] == ["data-law"]
    assert config.slack and config.email and config.operators
