"""`watcher deliveries` in this process: what became of each, retry and release."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.store.samples import LAW, MAIL, NOW, OPS, item, show
from watcher.cli import cli
from watcher.greet import greeting
from watcher.settings import Subscription, Team
from watcher.store import Store
from watcher.store.storms import STORM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(
        "sources:\n  - {id: lamps, kind: listing, url: 'https://x.example/'}\n", encoding="utf-8"
    )
    state = tmp_path / "state"
    state.mkdir()
    with Store(f"sqlite:///{state}/watcher.db", state) as store:
        store.db.upgrade()
        show(store)
        show(store, item("a"), to=(LAW, MAIL))
        for target, answer in ((LAW, "ts 1.1 in C1"), (MAIL, "550 no such user")):
            batch = store.outbox.claim(target, NOW)
            assert batch is not None
            store.outbox.hand_over(batch, NOW, blind=False)
            if target is LAW:
                store.outbox.mark_sent(batch, answer, NOW)
            else:
                store.outbox.bury(batch, answer, NOW)
        store.outbox.notify([OPS], "it is listed as dead", ["550"], NOW)
    return tmp_path


def watcher(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--config", str(folder / "sources.yaml"), *words])


def test_the_log_of_a_paper_says_who_answered_what(folder: Path) -> None:
    said = watcher(folder, "deliveries", "log", "--paper", "1").output
    for words in ("slack:#law (law)", "handed over", "ts 1.1 in C1", "dead", "550 no such user"):
        assert words in said
    assert said.index("ts 1.1") < said.index("550 no such")
    rows = [json.loads(line) for line in _lines(folder, "log", "--team", "law", "--json")]
    assert [row["what"] for row in rows if row["target"] == "slack:#law"] == [
        "owed",
        "handed over",
        "sent",
    ]
    assert "it is listed as dead" in watcher(folder, "deliveries", "log", "3").output


def _lines(folder: Path, *words: str) -> list[str]:
    return watcher(folder, "deliveries", *words).stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("log", "--paper", "7"), "no paper has the number 7"),
        (("log", "99"), "the ledger has nothing of it"),
        (("release", "slack:#law"), "slack:#law: nothing is held"),
        (("retry", "1"), "0 owed again; 1 not dead, or unknown"),
    ],
)
def test_what_is_not_there_is_said(folder: Path, words: tuple[str, ...], says: str) -> None:
    done = CliRunner().invoke(
        cli,
        ["--config", str(folder / "sources.yaml"), "deliveries", *words],
        standalone_mode=False,
    )
    assert done.return_value == 1
    assert says in done.output


@pytest.mark.parametrize("words", [("log",), ("retry",)])
def test_what_is_meant_must_be_named(folder: Path, words: tuple[str, ...]) -> None:
    assert watcher(folder, "deliveries", *words).exit_code == 2


def test_dead_ones_are_owed_again(folder: Path) -> None:
    assert "1 owed again" in watcher(folder, "deliveries", "retry", "--all").output
    assert [json.loads(line)["target"] for line in _lines(folder, "--state", "owed", "--json")] == [
        str(OPS),
        str(MAIL),
    ]


def test_a_storm_is_listed_and_released(folder: Path) -> None:
    with Store(f"sqlite:///{folder}/state/watcher.db", folder / "state") as store:
        for n in range(STORM):
            show(store, item(f"s{n}"))
    listed = watcher(folder, "deliveries", "list").output
    assert "alerts to slack:#law are held (1)" in listed
    assert "1 delivery owed now" in watcher(folder, "deliveries", "release", "slack:#law").output
    assert _lines(folder, "--state", "held", "--json") == []


def test_a_letter_is_listed_by_what_it_is_for(folder: Path) -> None:
    law = Team(
        id="law", name="Law", timezone="UTC", to=(LAW,), subscriptions=(Subscription(id="s"),)
    )
    with Store(f"sqlite:///{folder}/state/watcher.db", folder / "state") as store:
        store.calendar.owe_letter(greeting(law, LAW, NOW), NOW)
    listed = watcher(folder, "deliveries").output
    assert "greeting of a new team" in listed and "None" not in listed
    assert json.loads(_lines(folder, "--json")[0])["letter"] == "greeting"
