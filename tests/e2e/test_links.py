"""`watcher links` on the real command line, over a store made by polling a ministry."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rich.cells import cell_len

from tests.e2e.product import Product
from tests.e2e.test_commands import settings
from tests.flows.house import OLD, listing
from tests.loopback import Loopback

NAME = "智能灯具远程控制数据安全管理办法"
DRAFT = ("/doc/d.html", f"关于公开征求《{NAME}（征求意见稿）》意见的通知")
FINAL = ("/doc/f.html", f"灯具局关于印发《{NAME.replace('办法', '规定')}》的通知")
WORDS = ("/doc/w.html", f"《{NAME.replace('办法', '规定')}》解读")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Eight old papers, a draft (9), months later its renamed final (10) and an interpretation (11)."""
    rows = [listing(DRAFT, day="2024-03-01"), listing(FINAL, day="2024-12-20")]
    rows.append(listing(WORDS, day="2024-12-21"))
    lines = [row[row.index(b"<li>") : row.index(b"</ul>")] for row in rows]
    with Loopback({"/list.html": listing(*OLD)}) as site:
        config: dict[str, Any] = settings(site)
        config["sources"][0]["detail"] = {"follow": False}
        product = Product(tmp_path_factory.mktemp("house"), config)
        shown = b""
        product.run("poll")
        for line in lines:
            shown = line + shown
            site.routes["/list.html"] = listing(*OLD).replace(b"<li>", shown + b"<li>", 1)
            assert "1 change" in product.run("poll").stdout
        yield product
        product.end()


def ids(product: Product) -> dict[str, int]:
    return {row["title"]: row["id"] for row in product.rows("items")}


def state(product: Product) -> str:
    (row,) = product.rows("links", "list")
    return str(row["state"])


def test_a_lineage_and_what_waits(made: Product) -> None:
    known = ids(made)
    asked = str(known[FINAL[1]])
    steps = [(row["id"], row["role"], row["state"]) for row in made.rows("links", "lineage", asked)]
    assert steps == [
        (known[DRAFT[1]], "draft", "linked"),
        (known[FINAL[1]], "final", "asked"),
        (known[WORDS[1]], "interpretation", "cited"),
    ]
    waiting = [row["id"] for row in made.rows("links", "waiting", "--months", "0")]
    assert known[DRAFT[1]] not in waiting


@pytest.mark.parametrize("columns", ["40", "100"])
def test_listings_fit_their_width(made: Product, columns: str) -> None:
    narrow = Product(made.folder, made.settings, {"COLUMNS": columns}, anchor=made.anchor)
    for words in (["list"], ["lineage", "9"], ["waiting", "--months", "1"]):
        lines = narrow.run("links", *words).stdout.splitlines()
        assert max(map(cell_len, lines), default=0) <= int(columns)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["confirm", "9", "99"], 2, "no paper 99; `watcher items` lists them"),
        (["reject", "99", "9"], 2, "no paper 99"),
        (["confirm", "9", "9"], 2, "cannot be linked to itself"),
        (["lineage", "99"], 1, "no paper 99"),
        (["list", "--state", "sure"], 2, "sure"),
        (["waiting", "--months", "-1"], 2, "-1"),
        (["waiting", "--months", "1200"], 0, "no draft has waited 1200 months"),
        (["list", "--state", "rejected"], 0, "no link is rejected"),
    ],
)
def test_what_cannot_be_is_said(made: Product, words: list[str], code: int, said: str) -> None:
    done = made.run("links", *words)
    assert done.returncode == code
    assert said in done.stderr


def test_links_are_listed_confirmed_and_rejected(made: Product) -> None:
    known = ids(made)
    pair = str(known[DRAFT[1]]), f"doc:{known[FINAL[1]]}"
    (row,) = made.rows("links", "list")
    assert (row["draft"], row["final"], row["state"]) == (
        known[DRAFT[1]],
        known[FINAL[1]],
        "linked",
    )
    assert row["decision"] is None
    assert made.rows("links", "list", "--state", "suggested") == []

    done = made.run("links", "reject", *pair, "--by", "anna", "--note", "another paper")
    assert (done.returncode, "is rejected; it was linked" in done.stdout) == (0, True)
    assert state(made) == "rejected"
    (row,) = [
        row
        for row in made.rows("links", "waiting", "--months", "18")
        if row["id"] == known[DRAFT[1]]
    ]
    assert row["days"] > 18 * 30
    assert DRAFT[1][:8] in made.run("links", "waiting").stdout
    shown = made.run("links", "list").stdout
    assert "rejected by anna on " in shown
    assert "another paper" in shown

    done = made.run("links", "confirm", *pair, "--by", "bo", "--json")
    said = json.loads(done.stdout)
    assert (said["state"], said["decision"]["by"], said["decision"]["was"]) == (
        "confirmed",
        "bo",
        "rejected",
    )

    decided = [("anna", "linked", "rejected", "another paper"), ("bo", "rejected", "confirmed", "")]
    for command in ("show", "explain"):
        (row,) = made.rows(command, pair[0])
        (link,) = row["links"]
        said = [tuple(one[k] for k in ("by", "was", "state", "note")) for one in link["decisions"]]
        assert said == decided
        assert (link["state"], link["other"], link["title"]) == (
            "confirmed",
            known[FINAL[1]],
            FINAL[1],
        )
        words = " ".join(made.run(command, pair[0]).stdout.split())
        assert f"final: paper {known[FINAL[1]]}" in words
        assert "rejected by anna on " in words
        assert "it was linked: another paper" in words
