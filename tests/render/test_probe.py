"""A probe's findings on a terminal: they fit, nothing scraped drives it, addresses and YAML stay whole."""

from dataclasses import replace
from datetime import date

import pytest
from rich.cells import cell_len

from watcher.render.probe import (
    Answer,
    Encoding,
    File,
    Listed,
    Paper,
    Row,
    Sheet,
    Trouble,
    Twice,
    probe_lines,
)

YAML = '  - id: lamps\n    name: 灯具局 意见征集\n    url: "https://x.example/' + "a" * 90 + '"\n'
TITLE = "灯具局关于公开征求《智能灯具数据管理办法（征求意见稿）》意见的通知"
STABLE = Twice(same_bytes=True, same_fingerprint=True, unstable=())
GOOD = Sheet(
    asked="https://x.example/list/",
    recognised="a list on a page, found by its own conventions",
    robots="does not forbid it",
    kind="listing",
    answer=Answer(
        url="https://www.x.example/list/index.html",
        content_type="text/html",
        size=20713,
        conditional=False,
    ),
    encoding=Encoding(header=None, document="gb2312", used="gb18030", broken=2),
    listed=Listed(
        rows=20,
        undated=3,
        unaddressed=1,
        first=(
            Row(
                title=TITLE * 2,
                url="https://x.example/" + "b" * 120,
                published=date(2026, 9, 20),
                deadline=date(2026, 10, 20),
            ),
            Row(title=None, url=None, published=None, deadline=None),
        ),
        next_page="https://x.example/list/index_1.html",
    ),
    twice=STABLE,
    paper=Paper(
        url="https://x.example/" + "b" * 120,
        title=TITLE,
        published=date(2026, 9, 20),
        signed=date(2026, 9, 18),
        doc_number="灯规〔2026〕7号",
        bodies=("MIIT", "CAC"),
        stage="draft_for_comments",
        doc_type="measures",
        deadline=date(2026, 10, 20),
        characters=5120,
        begins="灯具局起草了有关办法，现向社会公开征求意见。" * 8,
        files=(
            File(
                name="附件1.docx",
                url="https://x.example/1",
                kind="docx",
                quality="ok",
                characters=9,
            ),
            File(
                name="附件2.pdf",
                url="https://x.example/2",
                kind="pdf",
                quality="encrypted",
                reason="it wants a password",
            ),
            File(name="附件3.doc", url="https://x.example/3"),
        ),
    ),
    feeds=("https://x.example/rss.xml",),
    advice=("The page offers a feed, which changes its form less often: probe that as well.",),
    yaml=YAML,
)
BAD = Sheet(
    asked="https://x.example/list/",
    recognised="nothing that can be watched as it is",
    tried=("a column of the jpaas generation (大汉): not-a-listing: success is false",),
    trouble=Trouble(reason="challenge", message="'https://x.example/' sent a script check"),
)
ESCAPES = "\x1b[31m\x07\u202e\ud800"


def hostile(sheet: Sheet) -> Sheet:
    """The same with control characters wherever a page can put words."""
    assert sheet.listed is not None
    assert sheet.paper is not None
    row = replace(sheet.listed.first[0], title=TITLE + ESCAPES, url="https://x/" + ESCAPES)
    file = replace(sheet.paper.files[0], name=ESCAPES + "a\nb", reason=ESCAPES)
    return replace(
        sheet,
        asked=sheet.asked + ESCAPES,
        robots=ESCAPES,
        tried=(ESCAPES,),
        feeds=("https://x/" + ESCAPES,),
        advice=("x" + ESCAPES,),
        listed=replace(sheet.listed, first=(row,), next_page="https://x/" + ESCAPES),
        twice=Twice(same_bytes=False, same_fingerprint=False, unstable=(ESCAPES,)),
        paper=replace(sheet.paper, title=ESCAPES + TITLE, begins=ESCAPES, files=(file,)),
        trouble=Trouble(reason="x", message=ESCAPES),
    )


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("sheet", [GOOD, BAD, hostile(GOOD)], ids=["good", "bad", "hostile"])
def test_it_fits_and_cannot_drive_the_terminal(sheet: Sheet, width: int) -> None:
    lines = probe_lines(sheet, width)
    yaml = (sheet.yaml or "").rstrip("\n").split("\n")
    wide = [line for line in lines if cell_len(line) > width and "https://" not in line]
    assert wide == []
    assert all(char.isprintable() for line in lines for char in line)
    assert lines[-len(yaml) :] == yaml or not sheet.yaml, "the YAML is last, and whole"
    "\n".join(lines).encode("utf-8")


@pytest.mark.parametrize(
    "said",
    [
        "  answered     20,713 bytes, text/html",
        "  led on to    https://www.x.example/list/index.html",
        "               no ETag or Last-Modified: it is sent whole at every visit",
        "  encoding     gb18030, 2 characters broken (header: none; document: gb2312)",
        "  robots.txt   does not forbid it",
        "  its feed     https://x.example/rss.xml",
        "  rows         20, 3 without a day and 1 without an address",
        "  next page    https://x.example/list/index_1.html",
        "  twice        the same, byte for byte",
        "First 2 of 20 rows",
        "              comments until 2026-10-20",
        "  no day      (no title)",
        "The first paper",
        "  number       灯规〔2026〕7号",
        "  bodies       MIIT, CAC",
        "  stage        draft_for_comments · measures",
        "  attachment   附件1.docx (docx, ok, 9 characters)",
        "  attachment   附件2.pdf (pdf, encrypted: it wants a password)",
        "  attachment   附件3.doc (not looked at)",
        "To paste under sources: in sources.yaml",
    ],
)
def test_what_is_said(said: str) -> None:
    assert said in probe_lines(GOOD, 80)


def test_a_list_shown_whole_is_not_called_its_first_rows() -> None:
    assert GOOD.listed is not None
    few = replace(GOOD, listed=replace(GOOD.listed, rows=len(GOOD.listed.first)))
    assert "The rows" in probe_lines(few, 80)


def test_a_file_that_was_not_fetched_has_no_kind() -> None:
    assert GOOD.paper is not None
    gone = File(
        name="说明.doc", url="https://x.example/1", quality="not fetched", reason="HTTP 404"
    )
    lines = probe_lines(replace(GOOD, paper=replace(GOOD.paper, files=(gone,))), 80)
    assert "  attachment   说明.doc (not fetched: HTTP 404)" in lines


@pytest.mark.parametrize(
    ("twice", "said"),
    [
        (STABLE, "the same, byte for byte"),
        (replace(STABLE, same_bytes=False), "only what stands around the list differs"),
        (
            Twice(same_bytes=False, same_fingerprint=False, unstable=()),
            "every visit reads the page",
        ),
        (Twice(same_bytes=False, same_fingerprint=False, unstable=("a",)), "the rows differ"),
    ],
)
def test_two_fetches_are_judged(twice: Twice, said: str) -> None:
    assert said in " ".join(" ".join(probe_lines(replace(GOOD, twice=twice), 80)).split())


def test_trouble_comes_with_what_was_tried() -> None:
    text = "\n".join(probe_lines(BAD, 120))
    assert "  tried        a column of the jpaas generation (大汉): not-a-listing: success" in text
    assert "  trouble      challenge: 'https://x.example/' sent a script check" in text
    assert "To paste" not in text
