"""`watcher diff` as people run it: on files of every kind, on stored versions, in a pipe and on a terminal."""

import json
import os
import pty
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.diff.lamps import DRAFT, FINAL
from tests.e2e.product import WATCHER, Product, team
from tests.flows.house import ARTICLES, OLD, listing, paper
from tests.flows.house import DRAFT as NOTICE
from tests.loopback import Loopback
from tests.real import shared

STRICTER = ARTICLES[2].replace("三十", "十五")


def run(
    *words: str | Path, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*WATCHER, "diff", *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **(environ or {})},
        timeout=60,
    )


def on_terminal(*words: str | Path, **environ: str) -> str:
    """What a person sees who runs it on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "LESS", "PAGER")}
    process = subprocess.Popen(
        [*WATCHER, "diff", *map(str, words)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**clean, "TERM": "xterm", "COLUMNS": "80", **environ},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end was closed
            break
        if not read:
            break
        said += read
    os.close(ours)
    assert process.wait(60) == 0
    return said.decode().replace("\r\n", "\n")


@pytest.fixture(name="pair")
def two_files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "draft.txt", tmp_path / "final.txt"
    old.write_text(DRAFT, encoding="utf-8")
    new.write_text(FINAL, encoding="utf-8")
    return old, new


@pytest.fixture(name="short")
def two_lines(tmp_path: Path) -> tuple[Path, Path]:
    """Less than a screen, so that no pager waits for a key."""
    old, new = tmp_path / "a.txt", tmp_path / "b.txt"
    old.write_text("第一条 三十日。", encoding="utf-8")
    new.write_text("第一条 十五日。", encoding="utf-8")
    return old, new


def test_a_page_against_a_text(pair: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "final.html"
    page.write_bytes(paper("智能灯具数据管理办法", *FINAL.splitlines()))
    done = run(pair[0], page)
    assert "应当在[-三十-]{+十五+}日内" in done.stdout
    assert done.stdout.startswith(
        "智能灯具数据管理办法   draft.txt → final.html\n8 articles (draft 8)"
    )


@pytest.mark.parametrize(
    ("form", "begins"),
    [("html", "<!DOCTYPE html>"), ("csv", "\ufeffarticle,op,"), ("json", '{"articles": ')],
)
def test_every_form_goes_to_a_pipe_or_a_file(
    pair: tuple[Path, Path], tmp_path: Path, form: str, begins: str
) -> None:
    out = tmp_path / "diff.out"
    assert run(*pair, "--format", form, "--output", out).stdout == ""
    assert out.read_text(encoding="utf-8").startswith(begins)
    assert run(*pair, "--format", form).stdout.splitlines() == out.read_text("utf-8").splitlines()


def test_a_word_file(pair: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "redline.docx"
    run(*pair, "--format", "docx", "-o", out)
    assert "<w:ins " in zipfile.ZipFile(out).read("word/document.xml").decode()
    back = run(out, pair[1], "--format", "json")
    assert json.loads(back.stdout)["stats"]["deleted"] == 0, "read as accepted, as Word shows it"


# ---------------------------------------------------------------- on a terminal


def test_a_terminal_gets_colours(pair: tuple[Path, Path]) -> None:
    said = on_terminal(*pair, "--no-pager")
    assert "\x1b[31;9m三十\x1b[0m\x1b[32;4m十五\x1b[0m" in said
    assert "[-" not in said


@pytest.mark.parametrize(
    "environ",
    [
        {"PAGER": "cat"},
        {"PAGER": "cat", "LESS": "-R"},
        {"LESS": "-S", "PAGER": "less -FX"},
        {"NO_COLOR": "1"},
        {"TERM": "dumb"},
        {"PAGER": "no-such-pager"},
    ],
    ids=["plain pager", "and less set up", "less without colours", "no colour", "dumb", "no pager"],
)
def test_where_colours_would_be_lost_signs_are_written(
    short: tuple[Path, Path], environ: dict[str, str]
) -> None:
    said = on_terminal(*short, **environ)
    assert "[-三十-]{+十五+}日" in said
    assert "\x1b[31" not in said


def test_less_shows_colours_and_leaves_a_short_text_on_the_screen(
    short: tuple[Path, Path],
) -> None:
    assert "\x1b[31;9m三十" in on_terminal(*short)


# ---------------------------------------------------------------- what the store knows


@pytest.fixture(name="product")
def with_an_edited_page(site: Loopback, tmp_path: Path) -> Iterator[Product]:
    """A draft whose text was quietly changed: version 1 is the list's row, 2 and 3 its texts."""
    site.routes["/list.html"] = listing(*OLD)
    made = Product(
        tmp_path,
        {
            "network": {"allow_addresses": ["127.0.0.0/8"]},
            "sources": [
                {
                    "id": "lamps",
                    "name": "灯具局",
                    "kind": "listing",
                    "url": site.url("/list.html"),
                    "every": "1m",
                    "gap": "0s",
                    "robots": "ignore",
                }
            ],
            "teams": [team("law", {"console": "-"})],
        },
    )
    made.run("poll")
    site.routes["/list.html"] = listing(NOTICE, *OLD)
    site.routes[NOTICE[0]] = paper(NOTICE[1], *ARTICLES)
    made.run("poll")
    yield made


def test_versions_are_named_by_paper_and_rank_or_by_their_own_number(product: Product) -> None:
    (draft,) = product.rows("items", "--limit", "1")
    versions = product.rows("show", str(draft["id"]))[0]["versions"]
    last, paper_id = versions[-1], draft["id"]
    told = {
        word: json.loads(product.run("diff", word, f"version:{last['id']}", "--format", "json").stdout)
        for word in (f"doc:{paper_id}", f"{paper_id}@{last['number']}", f"doc:{paper_id}@{last['number']}", str(last["id"]))
    }  # fmt: skip
    assert [answer["stats"]["same"] for answer in told.values()] == [3, 3, 3, 3]
    assert told[f"doc:{paper_id}"]["new"].endswith(f", version {last['number']}")


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("1@99", "paper 1 has no version 99; it has 1"),
        ("999@1", "no file and no paper 999"),
        ("version:99999", "no file and no version 99999"),
        ("doc:x", "doc:x: No such file"),
    ],
)
def test_what_is_not_there_is_said(product: Product, word: str, says: str) -> None:
    done = product.run("diff", word, "doc:1")
    assert done.returncode == 2
    assert says in done.stderr


# ---------------------------------------------------------------- real papers


@pytest.mark.parametrize(
    ("old", "new", "aligned"),
    [
        ("2017-08-09_软性接触镜注册技术审查指导原则（征求意见稿）.docx", "2018-04-26_软性接触镜注册技术审查指导原则.doc", 40),
        ("2021-06-04_人工智能医疗器械注册审查指导原则（征求意见稿）.docx", "2022-03-09_人工智能医疗器械注册审查指导原则（2022年第8号）.docx", 60),
    ],
    ids=["lenses", "ai devices"],
)  # fmt: skip
def test_real_word_files_align_by_their_headings(old: str, new: str, aligned: int) -> None:
    folder = shared("sites/files/attachments/nmpa_cmde")
    answer = json.loads(run(folder / old, folder / new, "--format", "json").stdout)
    both = [entry for entry in answer["articles"] if entry["old"] and entry["new"]]
    assert len(both) >= aligned
    assert answer["coarse"] is False
    assert len(answer["points"]) == 5


# ---------------------------------------------------------------- what cannot be compared


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (None, 2, "other.txt: No such file"),
        (b"", 0, "note: other.txt: no text"),
        ("照明灯具的型号、功率和价格。".encode(), 0, "are these texts of one paper?"),
        (bytes(range(256)) * 40, 1, "other.txt: "),
        (b"%PDF-1.4\nbroken", 1, "other.txt: pdf corrupt"),
        (b"Rar!\x1a\x07\x00" + bytes(64), 1, "other.txt: rar "),
    ],
    ids=["missing", "empty", "another paper", "no text", "broken", "archive"],
)
def test_what_stands_in_the_way_is_said(
    pair: tuple[Path, Path], body: bytes | None, code: int, says: str
) -> None:
    other = pair[0].with_name("other.txt")
    if body is not None:
        other.write_bytes(body)
    done = run(other, pair[1])
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_is_named(pair: tuple[Path, Path]) -> None:
    done = run(*pair, "--format", "html", "-o", pair[0].with_name("none") / "out.html")
    assert done.returncode == 2
    assert "out.html" in done.stderr
    assert "No such file or directory" in done.stderr


def test_show_names_versions_as_diff_takes_them(product: Product) -> None:
    (draft,) = product.rows("items", "--limit", "1")
    shown = product.run("show", str(draft["id"])).stdout
    assert f"{draft['id']}@1" in shown
    assert product.run("diff", f"{draft['id']}@1", f"{draft['id']}@1").returncode in (0, 1)
