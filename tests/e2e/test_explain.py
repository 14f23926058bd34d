"""explain, labels and replay on the real command line, over a store made by polling a ministry."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.e2e.product import Product, team
from tests.e2e.test_commands import settings
from tests.flows.house import DRAFT, OLD, TEXT, listing, paper
from tests.loopback import Loopback, Route

LAMPS_ARE_ENERGY = "sectors:\n  - code: energy\n    terms:\n      decisive: [灯具]\n"
HOLIDAY = ("/doc/holiday.html", "工业和信息化部领导调研灯具行业人才招聘工作")


def teams() -> list[dict[str, object]]:
    return [
        team("law", {"console": "-"}, ["data-security"]),
        {
            "id": "finance",
            "timezone": "Europe/Berlin",
            "to": [{"console": "other"}],
            "subscriptions": [
                {"id": "finals", "stages": ["final"]},
                {"id": "energy", "sectors": ["energy"], "keywords": ["稀土"]},
                {"id": "sure", "min_score": "0.99"},
                {"id": "calm", "exclude": ["征求"]},
            ],
        },
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Eight papers of a first visit, then a draft (9) of which the team law is told."""
    routes: dict[str, Route] = {"/list.html": listing(*OLD), DRAFT[0]: paper(DRAFT[1], *TEXT)}
    with Loopback(routes) as site:
        product = Product(tmp_path_factory.mktemp("house"), settings(site) | {"teams": teams()})
        assert product.run("poll").returncode == 0
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        assert "1 change" in product.run("poll").stdout
        product.wait(lambda: "sent" in states(product), "the alert to be sent")
        yield product
        product.end()


def states(product: Product) -> list[str]:
    product.run("poll")
    return [row["state"] for row in product.rows("deliveries")]


def said(product: Product, *words: str, code: int = 0) -> str:
    """What a command prints, on one line with single blanks."""
    done = product.run(*words)
    assert done.returncode == code, done.stderr
    return " ".join((done.stdout + done.stderr).split())


def explained(product: Product, *words: str) -> dict[str, Any]:
    (row,) = product.rows("explain", *words)
    return row


# ---------------------------------------------------------------- explain


@pytest.fixture(scope="module")
def draft(made: Product) -> str:
    """What is said of the draft, without blanks: lines may break anywhere."""
    return said(made, "explain", "9").replace(" ", "")


@pytest.mark.parametrize(
    "words",
    [
        f"9 灯具局 draft {DRAFT[1]}",
        "数据安全 (title 14–18)",
        "close ai-computing: named less strongly than data-security — 智能 (title 10–12)",
        "draft_for_comments",
        "2026-12-02 — ",
        "2026年12月2日",
        "law / all heard: sent 20",
        "because law / all: 数据安全 in the title",
        "finance / finals not: stage draft_for_comments is not among [final]",
        "finance / energy not: sector data-security is not among [energy]; none of its keywords",
        "< min_score 0.99",
        "finance / calm not: excluded by 征求 in the title",
    ],
)
def test_a_paper_is_explained(draft: str, words: str) -> None:
    assert words.replace(" ", "") in draft


@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_an_explanation_fits_its_width(made: Product, columns: str) -> None:
    narrow = Product(made.folder, made.settings, {"COLUMNS": columns}, anchor=made.anchor)
    for words in (["explain", "9"], ["explain", "1"], ["labels", "list"]):
        lines = narrow.run(*words).stdout.splitlines()
        assert max(map(cell_len, lines), default=0) <= int(columns)


def test_one_team_alone(made: Product) -> None:
    told = said(made, "explain", "9", "--team", "law")
    assert "law / all" in told
    assert "finance" not in told


def test_a_paper_of_the_first_visit_was_silent(made: Product) -> None:
    assert "finance / finals not: it is outside all sectors" in said(made, "explain", "1")
    (hearing,) = [
        each
        for each in explained(made, "1", "--team", "finance")["teams"]
        if each["subscription"] == "calm"
    ]
    assert hearing["heard"] is False
    assert hearing["reason"].startswith("it stood on the first visit to lamps, which is silent")


def test_an_explanation_as_json_holds_places_that_say_it(made: Product) -> None:
    row = explained(made, "9")
    (sector,) = row["sectors"]
    first = sector["evidence"][0]
    assert row["title"][first["start"] : first["end"]] == first["term"] == "数据安全"
    (heard,) = [each for each in row["teams"] if each["heard"]]
    assert (heard["team"], heard["deliveries"][0]["state"]) == ("law", "sent")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["explain", "99"], "no paper 99; `watcher items` lists them"),
        (["explain", "9", "--team", "lawn"], "no team 'lawn'; nearest: law"),
        (["explain", "x"], "'x' is not a valid number"),
        (["labels", "set", "99", "sector", "energy"], "no paper 99"),
        (["labels", "set", "9", "sector", "energi"], "no sector 'energi'; nearest: energy"),
        (["labels", "set", "9", "sector", "energy", "health"], "sector has one value, not 2"),
        (
            ["labels", "set", "9", "secondary", "energy,consume"],
            "no sector 'consume'; nearest: consumer",
        ),
        (["labels", "set", "9", "stage", "finall"], "no stage 'finall'; nearest: final"),
        (["labels", "set", "9", "doc_type", "mesures"], "no doc_type 'mesures'; nearest: measures"),
        (["labels", "set", "9", "bodies", "MIITT"], "no body 'MIITT'; nearest: MIIT"),
        (["labels", "set", "9", "deadline", "2026-13-01"], "'2026-13-01' is no day"),
        (["labels", "set", "9", "deadline", "2026-W01-1"], "'2026-W01-1' is no day"),
        (["labels", "set", "9", "deadline", "0226-12-01"], "'0226-12-01' is no day"),
        (["labels", "set", "9", "stage", ""], "stage has no value; write none"),
        (["labels", "set", "9", "bodies", "MIIT", "+９"], "no body '+９'"),
        (["labels", "set", "9", "colour", "red"], "'colour' is not one of"),
        (["labels", "set", "9", "sector", "energy", "--by", "rules"], "name a person"),
        (["labels", "set", "9", "sector", "energy", "--by", " rules "], "name a person"),
        (["labels", "list", "99"], "no paper 99; `watcher items` lists them"),
        (["labels", "unset", "8", "sector"], "paper 8 has no label for sector"),
        (["replay"], "say either --rules FILE, to compare, or --apply"),
        (["replay", "--apply", "--since", "3d"], "--since and --team compare only"),
        (["replay", "--rules", "missing.yaml"], "does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said(made: Product, words: list[str], says: str) -> None:
    assert says in said(made, *words, code=2)


@pytest.mark.parametrize("since", ["yesterday", "2026-99-01", "30"])
def test_an_unreadable_since_is_refused(made: Product, since: str) -> None:
    (made.folder / "same.yaml").write_text("", encoding="utf-8")
    rules = str(made.folder / "same.yaml")
    assert "write" in said(made, "replay", "--rules", rules, "--since", since, code=2)


def test_faulty_rules_are_named_with_their_line(made: Product) -> None:
    (made.folder / "bad.yaml").write_text("sectors:\n  - kode: x\n", encoding="utf-8")
    assert "bad.yaml:2" in said(made, "replay", "--rules", str(made.folder / "bad.yaml"), code=2)


# ---------------------------------------------------------------- labels and replay, one story


def test_a_correction_stands_is_shown_and_can_be_taken_back(made: Product) -> None:
    sent = made.rows("deliveries")
    told = said(made, "labels", "set", "9", "sector", "energy", "--by", "anna", "--note", "lamps")
    assert told == "9: sector is energy; rules said data-security"
    assert said(made, "labels", "set", "doc:9", "bodies", "MIIT,CAC", "--by", "bo").startswith(
        "9: bodies is MIIT CAC; rules said"
    )
    shown = said(made, "explain", "9")
    assert "rules said data-security 0." in shown
    assert "corrected by anna on" in shown
    assert "energy (lamps)" in shown
    assert "finance / energy not: console:- was told for law / all" in shown
    (row,) = made.rows("items", "--sector", "energy")
    assert (row["id"], row["bodies"]) == (9, ["MIIT", "CAC"])
    assert [(r["field"], r["value"], r["by"]) for r in made.rows("labels", "list")] == [
        ("sector", "energy", "anna"),
        ("bodies", "MIIT CAC", "bo"),
    ]
    assert "sector: energy – anna," in said(made, "labels", "list")
    assert said(made, "labels", "unset", "9", "sector", "--by", "bo") == (
        "9: sector is data-security again, as rules say"
    )
    assert said(made, "labels", "unset", "9", "bodies", "--by", "bo").startswith(
        "9: bodies is none"
    )
    assert made.rows("labels", "list") == []
    assert len(made.rows("labels", "list", "9")) == 6
    assert "no labels yet" in said(made, "labels", "list")
    assert made.rows("items", "--sector", "energy") == []
    assert made.rows("deliveries") == sent


def test_changed_rules_are_tried_before_they_are_applied(made: Product) -> None:
    rules = made.folder / "new.yaml"
    rules.write_text(LAMPS_ARE_ENERGY, encoding="utf-8")
    sent = made.rows("deliveries")
    shown = made.run("replay", "--rules", str(rules), "--since", "30d").stdout
    assert shown.splitlines()[:3] == [
        "9 papers looked at: 9 in another primary sector; nothing was sent",
        "  law: 0 papers more, 0 fewer",
        "  finance: 9 papers more, 0 fewer",
    ]
    assert "data-security → energy (also data-security)" in shown
    assert "+ finance / energy: 灯具 in the title" in shown
    assert "finance" not in said(made, "replay", "--rules", str(rules), "--team", "law")
    rows = made.rows("replay", "--rules", str(rules))
    assert [row["id"] for row in rows] == list(range(9, 0, -1))
    assert rows[0]["more"] == [
        {"team": "finance", "subscription": "energy", "reason": "灯具 in the title"}
    ]
    assert made.rows("replay", "--rules", str(rules), "--since", "2099-01-01") == []
    assert made.rows("items", "--sector", "energy") == []

    in_force = dict(made.settings) | {"rules": str(rules)}
    changed = Product(made.folder, in_force, anchor=made.anchor)
    assert "concluded by other rules than are in force" in said(changed, "explain", "9")
    assert said(changed, "replay", "--apply") == (
        "9 papers read again; 9 papers labelled otherwise now"
    )
    assert json.loads(changed.run("replay", "--apply", "--json").stdout) == {
        "read": 0,
        "changed": [],
    }
    assert len(changed.rows("items", "--sector", "energy")) == 9
    assert "concluded by other rules" not in said(changed, "explain", "9")
    assert changed.rows("deliveries") == sent


def test_what_speaks_against_a_sector_and_what_is_masked_is_said(tmp_path: Path) -> None:
    with Loopback({"/list.html": listing(HOLIDAY, *OLD)}) as site:
        rules = tmp_path / "rules.yaml"
        rules.write_text(
            "sectors:\n  - code: energy\n    terms:\n      plain: [灯具, 行业人才]\n"
            "noise:\n  visits:\n    always: [领导调研]\nmasks: [灯具行业人才]\n",
            encoding="utf-8",
        )
        product = Product(tmp_path, settings(site) | {"rules": str(rules)})
        product.run("poll")
        (row,) = [row for row in product.rows("items") if row["title"] == HOLIDAY[1]]
        shown = said(product, "explain", str(row["id"]))
        assert "领导调研 (title 7–11) says visits: it speaks against every sector" in shown
        assert "灯具行业人才 (title 11–17) is a phrase of its own: not counted for energy" in shown


def test_the_daemon_takes_up_changed_rules_and_tells_nobody(tmp_path: Path) -> None:
    with Loopback({"/list.html": listing(*OLD)}) as site:
        rules = tmp_path / "rules.yaml"
        rules.write_text("", encoding="utf-8")
        product = Product(tmp_path, settings(site) | {"rules": str(rules)})
        product.start(ready=True)
        try:
            product.wait(lambda: len(product.rows("items")) == len(OLD), "the first visit")
            rules.write_text(LAMPS_ARE_ENERGY, encoding="utf-8")
            product.wait(
                lambda: len(product.rows("items", "--sector", "energy")) == len(OLD),
                "history to be read again",
            )
            assert product.rows("deliveries") == []
            assert product.stop() == 0
        finally:
            product.end()
