"""`watcher probe` as a new user meets it: on real pages, without a configuration, its YAML pasted as it is."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import ministry_pages as ministry
from tests.e2e.product import Product
from tests.loopback import Loopback, Reply
from tests.real import shared

_HOSTS = re.compile(rb"https?://[\w.-]+\.(?:gov\.cn|com|cn|org)(?::\d+)?(?=[/\"'])")


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """An installation that nobody has configured yet."""
    made = Product(tmp_path, {})
    made.config.unlink()
    yield made
    made.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """A real page on loopback; what its addresses lead to is looked for there as well."""

    path: str
    file: str
    kind: str
    preset: str | None = None
    rows: int
    others: tuple[tuple[str, str], ...] = ()
    """(path, file) of what belongs to it."""
    column: str | None = None
    """An invented jpaas column page before the real answer."""


HOPS = "/public/submission-service"
REAL = {
    "mofcom": Real(
        path="/zcfb/index.html",
        file="mofcom/list_zcfb_20250927.html",
        kind="listing",
        rows=8,
        others=(
            (
                "/zcfb/zc/art/2025/art_36f85c3deac44d2a82cd351d7e849950.html",
                "mofcom/detail_20250926_ev_export_licence.html",
            ),
        ),
    ),
    "nmpa": Real(
        path="/yaopin/ypggtg/index.html",
        file="nmpa/list_ypggtg_20251014.html",
        kind="listing",
        rows=20,
    ),
    "mee": Real(
        path="/hdjl/yjzj/", file="mee/list_yjzj_20260920.html", kind="listing", preset="trs", rows=3
    ),
    "ndrc": Real(
        path="/hdjl/yjzq/",
        file="ndrc/list_yjzq_20260920.html",
        kind="listing",
        preset="two-hop",
        rows=4,
        others=(
            (f"{HOPS}/article/access-url", "ndrc/api_access-url_sdgsglbf.json"),
            (f"{HOPS}/column/getArticleDetail", "ndrc/api_getArticleDetail_sdgsglbf.json"),
        ),
    ),
    "miit": Real(
        path="/unit",
        file="miit/list_yjzj_20260920.json",
        kind="listing",
        preset="jpaas",
        rows=4,
        column="/gzcy/yjzj/index.html",
    ),
    "gov": Real(
        path="/zhengce/zuixin/ZUIXINZHENGCE.json",
        file="gov_cn/ZUIXINZHENGCE_rows_2026.json",
        kind="endpoint",
        rows=4,
    ),
    "shenzhen": Real(
        path="/feed.xml", file="feeds/real/shenzhen_policy_rss.xml", kind="feed", rows=165
    ),
}


def serve(site: Loopback, real: Real) -> str:
    """Put a real page and what belongs to it on loopback; return its address."""
    here = site.url("").encode()
    for path, file in ((real.path, real.file), *real.others):
        body = _HOSTS.sub(here, shared(f"sites/files/{file}").read_bytes())
        site.routes[path] = Reply(body=body, content_type="text/html")
    if real.column is not None:
        site.routes[real.column] = ministry.column(real.path)
    return site.url(real.column or real.path)


@pytest.mark.parametrize("real", REAL.values(), ids=REAL)
def test_the_yaml_of_a_real_page_works_unchanged(
    product: Product, site: Loopback, real: Real
) -> None:
    address = serve(site, real)
    done = product.run("probe", address, "--allow", "127.0.0.0/8", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    (found,) = (json.loads(line) for line in done.stdout.splitlines())
    assert (found["kind"], found["preset"]) == (real.kind, real.preset)
    assert found["listed"]["rows"] == real.rows
    assert found["twice"]["unstable"] == []
    if real.others:
        assert found["paper"]["characters"] > 200

    network = "network: {allow_addresses: [127.0.0.0/8]}\n"
    product.config.write_text(f"{network}sources:\n{found['yaml']}", encoding="utf-8")
    polled = product.run("poll")
    assert "baseline set" in polled.stdout, polled.stdout + polled.stderr
    (state,) = product.rows("sources")
    assert (state["health"], state["usual_rows"]) == ("ok", real.rows)
    assert state["structure"]["sure"] == "high"
    titles = [item["title"] for item in product.rows("items", "--limit", "1000")]
    assert [row["title"] for row in found["listed"]["first"]] == titles[:5]


def test_a_source_is_probed_as_it_is_configured(product: Product, site: Loopback) -> None:
    site.routes |= {"/list": ministry.listing(ministry.rows()), "/doc/0.html": ministry.paper()}
    product.config.write_text(
        "network: {allow_addresses: [127.0.0.0/8]}\n"
        f'sources:\n  - {{id: lamps, kind: listing, url: "{site.url("/list")}", every: 5m}}\n',
        encoding="utf-8",
    )
    done = product.run("probe", "lamps")
    assert (done.returncode, done.stderr) == (0, "")
    assert "recognised   as it is configured" in done.stdout
    assert done.stdout.index("- id: lamps\n    kind: listing\n") > 0
    assert "every: 5m" in done.stdout
    assert not (product.folder / "state").exists(), "a probe needs no store and makes none"


def test_what_is_fetched_is_kept_and_never_overwritten(
    product: Product, site: Loopback, tmp_path: Path
) -> None:
    site.routes |= {"/list": ministry.listing(ministry.rows()), "/doc/0.html": ministry.paper()}
    folder = tmp_path / "fixture"
    words = ("probe", site.url("/list"), "--allow", "127.0.0.0/8", "--save", str(folder))
    done = product.run(*words)
    assert f"3 answers kept in {folder}" in done.stderr
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert before["01-list.html"].decode() == ministry.listing(ministry.rows())
    again = product.run(*words)
    assert again.returncode == 2
    assert "the folder is not empty; nothing is overwritten" in again.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_list_that_cannot_be_read(product: Product, site: Loopback, tmp_path: Path) -> None:
    site.routes["/list"] = Reply(status=412)
    folder = tmp_path / "kept"
    done = product.run("probe", site.url("/list"), "--allow", "127.0.0.0/8", "--save", str(folder))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("fetch 127.0.0.1: HTTP 412, an anti-bot")
    assert "render: true" in " ".join(done.stdout.split())
    assert "To paste" not in done.stdout
    assert [path.name for path in folder.iterdir()] == ["index.yaml"]


def test_hostile_words_do_not_reach_the_terminal(product: Product, site: Loopback) -> None:
    rows = [(url, f"{title}\x1b[31m\x07", day) for url, title, day in ministry.rows()]
    site.routes["/list"] = ministry.listing(rows).replace("意见征集_", "意见\x1b]0;x\x07征集_")
    done = product.run("probe", site.url("/list"), "--allow", "127.0.0.0/8")
    assert done.returncode == 0, done.stderr
    assert "意见" in done.stdout
    assert all(char.isprintable() or char == "\n" for char in done.stdout)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["http://127.0.0.1:1/"], 1, "network.allow_addresses"),
        (["http://127.0.0.1:1/", "--allow", "127.0.0.0/8"], 1, "connection refused"),
        (["http://127.0.0.1/", "--allow", "127.0.0.1/8"], 2, "did you mean 127.0.0.0/8?"),
        (["http://user:pass@x.example/"], 2, "must not carry one"),
        (["ftp://x.example/"], 2, "is no address"),
        (["lamps"], 2, "'lamps' is no address (https://…), and there is no"),
        (["http://x.example/", "--kind", "library"], 2, "is not one of"),
        ([], 2, "Missing argument"),
    ],
)
def test_bad_usage(product: Product, words: list[str], code: int, says: str) -> None:
    done = product.run("probe", *words)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert says in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lamp"], "no source 'lamp'; nearest: lamps"),
        (["lamps", "--kind", "feed"], "--kind is for an address"),
        (["post"], "post is a mailbox; `watcher poll post` reads it"),
    ],
)
def test_bad_usage_of_a_source(product: Product, words: list[str], says: str) -> None:
    product.config.write_text(
        'sources:\n  - {id: lamps, kind: feed, url: "https://x.example/"}\n'
        "  - id: post\n    kind: mailbox\n    url: imaps://x.example/INBOX\n"
        "    mailbox: {username: a, password: file:secret}\n",
        encoding="utf-8",
    )
    (product.folder / "secret").write_text("x", encoding="utf-8")
    done = product.run("probe", *words)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr


def test_a_faulty_configuration_is_not_passed_over(product: Product) -> None:
    product.config.write_text("sources: [\n", encoding="utf-8")
    done = product.run("probe", "https://x.example/")
    assert done.returncode == 2
    assert "sources.yaml:2" in done.stderr
