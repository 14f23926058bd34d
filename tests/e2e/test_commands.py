"""The command line as a person meets it: clear messages and exit codes on real processes."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import WATCHER, Product, team
from tests.flows.house import ARTICLES, DRAFT, FINAL, OLD, listing, paper
from tests.loopback import Loopback, Reply, redirect
from tests.real import ROOT


def settings(site: Loopback, **more: object) -> dict[str, object]:
    entry = {
        "id": "lamps",
        "kind": "listing",
        "url": site.url("/list.html"),
        "every": "10m",
        "gap": "0s",
    }
    return {
        "state": "state",
        "network": {"allow_addresses": ["127.0.0.0/8"]},
        "sources": [entry | more],
        "teams": [team("everyone", {"console": "-"})],
    }


@pytest.fixture
def site() -> Iterator[Loopback]:
    with Loopback({"/list.html": listing(*OLD)}) as server:
        yield server


@pytest.fixture
def product(tmp_path: Path, site: Loopback) -> Iterator[Product]:
    made = Product(tmp_path, settings(site))
    yield made
    made.end()


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        (None, "no such file"),
        ("sources: [\n", "sources.yaml:2: (file):"),
        (
            "sources:\n  - id: a\n    kind: listing\n    url: https://x.example/\n    evry: 5m\n",
            "sources.yaml:5: sources[0].evry: unknown key; did you mean 'every'?",
        ),
        ("", "the file is empty"),
    ],
)
@pytest.mark.parametrize("command", ["check", "run", "poll"])
def test_a_bad_configuration(tmp_path: Path, yaml: str | None, says: str, command: str) -> None:
    path = tmp_path / "sources.yaml"
    if yaml is not None:
        path.write_text(yaml)
    done = subprocess.run(
        [*WATCHER, "--config", "sources.yaml", command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.rstrip().endswith("1 problem; nothing was started")
    assert done.stdout == ""
    assert not (tmp_path / "state").exists()


def test_the_shipped_configuration_is_fine(tmp_path: Path) -> None:
    done = subprocess.run(
        [*WATCHER, "--config", str(ROOT / "sources.yaml"), "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "sources.yaml: fine." in done.stdout


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Reply(status=500), "500"),
        (Reply(body=listing(*OLD), only=100), "cut off"),
        (Reply(body=bytes(30_000_000), encoding="gzip"), "20 MB"),
        (redirect("http://169.254.169.254/latest/meta-data/"), "169.254.169.254"),
        (
            b"<html><body><form action='/login'>\xe7\x94\xa8\xe6\x88\xb7\xe7\x99\xbb\xe5\xbd\x95</form></body></html>",
            "blocked",
        ),
    ],
    ids=["500", "half a body", "bomb", "redirect inside", "login"],
)
def test_a_source_that_fails(
    product: Product, site: Loopback, fault: Reply | bytes, says: str
) -> None:
    assert product.run("poll").returncode == 0
    site.routes["/list.html"] = fault
    done = product.run("poll")
    assert done.returncode == 1
    assert says in done.stdout
    (row,) = product.rows("sources")
    assert says in row["health"]
    site.routes["/list.html"] = listing(DRAFT, *OLD)
    done = product.run("poll")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "lamps: 1 change")
    assert [r["title"] for r in product.rows("items", "--limit", "1")] == [DRAFT[1]]


def test_a_held_source_tells_nothing_until_it_is_released(product: Product, site: Loopback) -> None:
    product.run("poll")
    done = product.run("sources", "hold", "lamps", "--reason", "a redesign")
    assert "`watcher sources release lamps` sends them" in done.stdout
    site.routes["/list.html"] = listing(DRAFT, *OLD)
    polled = product.run("poll").stdout
    assert "lamps: 1 change; its alerts are held" in polled
    assert DRAFT[1] not in polled.replace("\n", "")
    (held,) = product.rows("deliveries", "--state", "held")
    assert (held["state"], held["title"]) == ("held", DRAFT[1])
    (row,) = product.rows("sources")
    assert (row["health"], row["holding"], row["held_reason"]) == ("ok", True, "a redesign")
    shown = " ".join(product.run("sources").stdout.split())
    assert "all alerts are held: a redesign; `watcher sources release lamps` sends" in shown
    released = product.run("sources", "release", "lamps")
    assert "lamps: 1 delivery owed now; the hold is over" in released.stdout
    product.wait(  # an alert waits a quarter of an hour for a text that cannot be read
        lambda: DRAFT[1][:16] in product.run("poll").stdout.replace("\n", ""), "what was held"
    )
    nothing = product.run("sources", "release", "lamps")
    assert (nothing.returncode, nothing.stderr) == (1, "lamps: nothing is held\n")


def test_what_is_held_can_be_discarded(product: Product, site: Loopback) -> None:
    product.run("poll")
    product.run("sources", "hold", "lamps")
    site.routes["/list.html"] = listing(DRAFT, *OLD)
    product.run("poll")
    done = product.run("sources", "release", "lamps", "--discard")
    assert "lamps: 1 delivery discarded" in done.stdout
    (dead,) = product.rows("deliveries", "--state", "dead")
    assert (dead["title"], dead["error"]) == (DRAFT[1], "discarded while it was held")


def test_a_stand_in_is_named_while_its_source_fails(tmp_path: Path, site: Loopback) -> None:
    made = settings(site, fallback="library")
    helper = {"id": "library", "kind": "listing", "url": site.url("/other.html"), "gap": "0s"}
    made["sources"] = [*made["sources"], helper | {"enabled": "false"}]  # type: ignore[misc]  # a list
    product = Product(tmp_path, made)
    site.routes["/list.html"] = Reply(status=412)
    for _ in range(3):
        assert product.run("poll").returncode == 1
    lamps, library = product.rows("sources")
    assert (lamps["failures"], lamps["stood_in_by"]) == (3, "library")
    assert (library["health"], library["stands_in_for"]) == ("not read yet", ["lamps"])
    shown = " ".join(product.run("sources").stdout.split())
    assert "library stands in" in shown
    assert "stands in for lamps" in shown
    assert "2 sources: 1 failing, 1 unread" in shown


OPML = (
    '<?xml version="1.0"?><opml version="2.0"><body><outline text="Lamps">'
    '<outline type="rss" text="Lamp News" xmlUrl="https://news.example/rss"/>'
    '<outline type="rss" text="Lamps again" xmlUrl="http://www.news.example/rss"/>'
    '<outline type="rss" text="Known" xmlUrl="{known}"/>'
    '<outline type="rss" text="Old &#27; Reader" xmlUrl="feed://old.example/"/>'
    '<outline type="rss" text="Key" xmlUrl="https://me:secret@paid.example/rss"/>'
    "</outline></body></opml>"
)


def test_a_subscription_list_becomes_sources(
    product: Product, site: Loopback, tmp_path: Path
) -> None:
    file = tmp_path / "lamps.opml"
    file.write_text(OPML.format(known=site.url("/list.html")).replace("&#27; ", ""))
    before = product.config.read_text()
    printed = product.run("sources", "import", str(file))
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("  - id: news-example-rss\n    name: Lamp News\n")
    assert printed.stdout.count("- id:") == 1
    left_out = [line for line in printed.stderr.splitlines() if line.startswith("left out: ")]
    assert left_out == [
        "left out: Old Reader: 'feed://old.example/' is no http or https address",
        "left out: Lamps again: is in this list already as news-example-rss",
        "left out: Known: is watched already as lamps",
        "left out: Key: holds a user or password; an address must not carry one",
    ]
    assert product.config.read_text() == before
    written = product.run("sources", "import", str(file), "--write")
    assert "1 source added" in written.stdout
    assert [row["id"] for row in product.rows("sources")] == ["lamps", "news-example-rss"]
    again = product.run("sources", "import", str(file), "--write")
    assert (again.returncode, "nothing to add" in again.stderr) == (0, True)


def test_a_subscription_list_needs_no_configuration(tmp_path: Path) -> None:
    product = Product(tmp_path, {})
    product.config.unlink()
    done = product.run("sources", "import", "-", stdin=OPML.format(known="https://x.example/"))
    assert (done.returncode, "not whole XML" in done.stderr) == (1, True), "a control character"
    text = OPML.format(known="https://x.example/").replace("&#27; ", "")
    done = product.run("sources", "import", "-", stdin=text)
    assert (done.returncode, done.stdout.count("- id:")) == (0, 2)
    done = product.run("sources", "import", "-", "--write", stdin=text)
    assert (done.returncode, "no such file" in done.stderr) == (2, True)


def test_a_feed_that_is_a_page(tmp_path: Path, site: Loopback) -> None:
    done = Product(tmp_path, settings(site, kind="feed")).run("poll")
    assert done.returncode == 1
    assert "lamps: not-a-listing" in done.stdout


def test_a_second_daemon_is_refused_and_writes_go_on(product: Product, site: Loopback) -> None:
    product.start(ready=True)
    product.wait(lambda: site.requests, "the first visit")
    done = product.run("run")
    assert done.returncode == 1
    assert "another watcher (process" in done.stderr
    assert "Traceback" not in done.stderr
    site.routes["/list.html"] = listing(DRAFT, *OLD)
    polled = product.run("poll")
    assert polled.returncode == 0, polled.stderr
    assert "a daemon is running on this state and sends what is owed" in polled.stderr
    product.wait(lambda: DRAFT[1][:16] in product.told.replace("\n", ""), "the daemon to tell it")
    assert product.stop() == 0


def test_a_stopped_daemon_ends_within_ten_seconds_whatever_hangs(
    product: Product, site: Loopback
) -> None:
    site.routes["/list.html"] = Reply(delay=60)
    product.start(ready=True)
    product.wait(lambda: site.requests, "the visit that hangs")
    begun = time.monotonic()
    assert product.stop() == 0
    assert time.monotonic() - begun < 10
    assert product.rows("sources")[0]["failures"] == 0, "stopping is nobody's fault"


def test_a_changed_configuration_is_taken_up_and_a_faulty_one_is_not(
    product: Product, site: Loopback
) -> None:
    product.start(ready=True)
    product.wait(lambda: site.requests, "the first visit")
    good = product.config.read_text()
    product.config.write_text(good + "\nnonsense: 1\n")
    product.wait(lambda: "the last good configuration stays in force" in product.log, "the refusal")
    site.routes["/other.html"] = listing(*OLD)
    product.config.write_text(good.replace("/list.html", "/other.html"))
    product.wait(lambda: "/other.html" in site.paths(), "the new address to be read")
    assert product.stop() == 0


def test_logs_are_json_off_a_terminal(product: Product) -> None:
    product.start(ready=True)
    assert product.stop() == 0
    lines = [json.loads(line) for line in product.log.splitlines()]
    assert {"at", "level", "room", "message"} <= lines[0].keys()


def test_drafts_and_finals_are_compared_by_number_and_by_file(
    product: Product, site: Loopback, tmp_path: Path
) -> None:
    product.run("poll")
    site.routes[DRAFT[0]] = paper(DRAFT[1], *ARTICLES)
    changed = (*ARTICLES[:2], ARTICLES[2].replace("三十", "十五"))
    site.routes[FINAL[0]] = paper(FINAL[1], *changed, day="2026-12-20")
    row = listing(FINAL, day="2026-12-20")
    both = listing(DRAFT, *OLD).replace(
        b"<li>", row[row.index(b"<li>") : row.index(b"</ul>")] + b"<li>", 1
    )
    site.routes["/list.html"] = both
    assert product.run("poll").returncode == 0
    final, draft = product.rows("items", "--limit", "2")  # the top of the page first
    shown = product.rows("show", str(final["id"]))[0]
    assert [(link["draft"], link["state"]) for link in shown["links"]] == [(draft["id"], "linked")]
    done = product.run("diff", f"doc:{draft['id']}", f"doc:{final['id']}")
    assert "[-三十-]{+十五+}日" in done.stdout
    version = product.rows("show", str(draft["id"]))[0]["versions"][-1]["id"]
    same = json.loads(product.run("diff", str(version), str(version), "--format", "json").stdout)
    assert same["stats"]["same"] == 3
    missing = product.run("diff", "doc:999", str(version))
    assert missing.returncode == 2
    assert "no file and no paper 999" in missing.stderr


@pytest.mark.parametrize(
    ("words", "stdin", "code", "says"),
    [
        (["extract", "no-such-file", "--as", "page"], "", 2, "no-such-file: No such file"),
        (["extract", "-", "--as", "listing"], "", 1, "empty "),
        (
            ["extract", "-", "--as", "feed"],
            "<html><body><p>x</p></body></html>",
            1,
            "not-a-listing ",
        ),
        (["classify"], "{}", 2, "line 1"),
        (["classify"], "no json", 2, "line 1: not JSON"),
        (["link"], "", 0, ""),
        (["diff", "a", "b"], "", 2, "a: No such file"),
        (["nonsense"], "", 2, "No such command"),
        (["show", "7"], "", 2, "no paper 7"),
        (["show", "doc:7"], "", 2, "no paper 7"),
        (["show", "x"], "", 2, "'x' is not a valid number"),
        (["poll", "nobody"], "", 2, "no source 'nobody'"),
        (["items", "--since", "yesterday"], "", 2, "'yesterday' is no age"),
        (["items", "--since", "9999999d"], "", 2, "'9999999d' is no age"),
        (["items", "--source", "lamp"], "", 2, "no source 'lamp'; nearest: lamps"),
        (["items", "--sector", "enrgy"], "", 2, "no sector 'enrgy'; nearest: energy"),
        (["show", "99999999999999999999"], "", 2, "is not in the range"),
        (["deliveries", "retry", "5"], "", 1, "0 owed again"),
        (["diff", "-", "-"], "x", 2, "not both"),
        (["classify"], '{"id": 1, "title": "a", "text": 5}', 2, '"text" must be a string'),
        (["link"], '{"id": 1, "title": "a", "bodies": "MIIT"}', 2, '"bodies" must be a list'),
        (["check", "--config", "x"], "", 2, "put --config before the command"),
        (["sources", "hold", "lamp"], "", 2, "no source 'lamp'; nearest: lamps"),
        (["sources", "release", "lamps"], "", 1, "lamps: nothing is held"),
        (["sources", "import", "no-such-file"], "", 2, "no-such-file"),
        (["sources", "import", "-"], "<rss/>", 1, "not-a-listing '-' is no OPML"),
        (
            ["sources", "import", "-"],
            '<!DOCTYPE opml [<!ENTITY a "x">]><opml/>',
            1,
            "not-a-listing '-' declares entities",
        ),
        (["sources", "nonsense"], "", 2, "No such command"),
    ],
)
def test_bad_usage(product: Product, words: list[str], stdin: str, code: int, says: str) -> None:
    done = product.run(*words, stdin=stdin)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert says in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["deliveries"], "no deliveries yet"),
        (["deliveries", "--state", "held"], "no delivery is held"),
        (["items"], "no papers yet; `watcher poll` reads the sources once"),
        (["items", "--since", "1h"], "no paper fits"),
    ],
)
def test_nothing_to_show_is_said(product: Product, words: list[str], says: str) -> None:
    done = product.run(*words)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (0, "", says)


def test_ctrl_c_ends_the_daemon_cleanly(product: Product) -> None:
    product.start(ready=True)
    assert product.process is not None
    os.kill(product.process.pid, signal.SIGINT)
    assert product.process.wait(timeout=10) == 0


def test_an_interrupted_poll_leaves_nothing_claimed(tmp_path: Path, site: Loopback) -> None:
    site.routes["/list.html"] = Reply(delay=30)
    entry = {"kind": "listing", "every": "10m", "gap": "0s"}
    settings_ = settings(site) | {
        "sources": [
            entry | {"id": f"lamps{n}", "url": site.url(f"/list.html?{n}")} for n in range(20)
        ]
    }
    product = Product(tmp_path, settings_)
    polling = subprocess.Popen(
        [*WATCHER, "--config", str(product.config), "poll"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    product.wait(lambda: site.requests, "the first visits")
    polling.send_signal(signal.SIGINT)
    polling.communicate(timeout=10)
    assert polling.returncode == 130
    site.routes["/list.html"] = listing(*OLD)
    done = product.run("poll")
    assert done.stdout.count("baseline set") == 20, done.stderr


def test_a_database_whose_driver_is_missing(tmp_path: Path, site: Loopback) -> None:
    made = settings(site) | {"database": "env:DB"}
    done = Product(tmp_path, made, environ={"DB": "postgresql+pg8000://x@127.0.0.1/x"}).run("items")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False) or done.returncode == 2
    assert "pg8000" in done.stderr
