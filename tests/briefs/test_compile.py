"""Briefs of the demo's month and of the seed items: what stands in them, and that every word has its source."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from tests.briefs.shelf import MONTH
from tests.flows.house import House
from tests.real import absent
from watcher.brief import compile_brief
from watcher.compiled import Body, CompiledBrief, Quote, words_of
from watcher.facts.brief import read_brief
from watcher.model import Page
from watcher.render.brief import BRIEF_FORMATS
from watcher.render.brief.message import brief_message
from watcher.settings import Subscription

ISSUE = date(2023, 10, 25), date(2023, 11, 28)


def compiled(home: House, period: tuple[date, date], **more: Any) -> CompiledBrief:
    return compile_brief(home.parts.store, home.parts.config, *period, **more)


@pytest.fixture(scope="module", params=["month", "issues"])
def which(request: pytest.FixtureRequest) -> tuple[House, CompiledBrief]:
    home = request.getfixturevalue(request.param)
    return home, compiled(home, MONTH if request.param == "month" else ISSUE)


def sources(record: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text of a brief's JSON that has a source, with it."""
    if isinstance(record, dict):
        if "source" in record and "text" in record:
            yield record["text"], record["source"]
        for value in record.values():
            yield from sources(value)
    elif isinstance(record, list):
        for value in record:
            yield from sources(value)


def test_every_quotation_is_found_in_its_document_at_its_place(
    which: tuple[House, CompiledBrief],
) -> None:
    home, brief = which
    record = json.loads(BRIEF_FORMATS["json"](brief))
    quoted = templates = 0
    for text, source in sources(record):
        if "template" in source:
            templates += 1
            continue
        quoted += 1
        document = home.parts.store.papers.get([source["document"]])[source["document"]]
        assert words_of(document, source["field"])[source["start"] : source["end"]] == text
    bullets = [p for entry in record["top5"] for p in entry["at_a_glance"]["points"]]
    assert len(bullets) >= 7
    assert all("document" in bullet["quote"]["source"] for bullet in bullets)
    assert quoted > len(bullets)
    assert all(entry["headline"]["source"] for entry in (*record["top5"], *record["policy"]))


def test_each_section_has_what_belongs_to_it(which: tuple[House, CompiledBrief]) -> None:
    _, brief = which
    assert len(brief.top) == 5
    scores = [entry.score for entry in brief.top]
    assert scores == sorted(scores, reverse=True)
    assert all(entry.reasons for entry in brief.top)
    for news in (brief.policy, brief.corporate):
        assert news
        days = [entry.day for entry in news if entry.day]
        assert days == sorted(days)
    every = [entry.document for entry in brief.entries]
    assert len(every) == len(set(every))


def test_a_final_stands_for_its_draft(month: House) -> None:
    brief = compiled(month, MONTH)
    (final,) = (
        e for e in brief.entries if e.title_zh and "智能灯具数据管理办法" in e.title_zh.text
    )
    assert final.document == brief.top[0].document
    assert [(other.role, "征求意见稿" in other.title) for other in final.related] == [
        ("draft", True)
    ]
    assert ("novelty", "final of a known draft") in {(r.name, r.words) for r in final.reasons}


def test_a_draft_stands_alone_where_its_final_is_of_another_time(month: House) -> None:
    brief = compiled(month, (date(2026, 11, 20), date(2026, 11, 21)))
    (draft,) = (e for e in brief.entries if e.stage == "draft_for_comments")
    assert draft.related == ()
    assert {p.said.template for p in draft.points if p.said} == {"deadline"}


def test_the_items_of_the_issue_of_that_period_lead(issues: House) -> None:
    brief = compiled(issues, ISSUE)
    assert {entry.source for entry in brief.entries} == {"Issue 004"}
    first = brief.top[0]
    assert [body.code for body in first.bodies] == ["MIIT", "MPS", "MOHURD", "MOT"]
    assert first.title_en is not None
    assert first.title_zh is not None
    assert not any("comment" in p.quote.text.lower()[:20] for e in brief.top for p in e.points)


def test_a_teams_brief_holds_what_the_team_wants(month: House) -> None:
    team = month.parts.config.teams[0]
    wants = Subscription(id="data", sectors=("data-security",))
    brief = compiled(month, MONTH, team=replace(team, subscriptions=(wants,)))
    assert 0 < len(brief.entries) < 10
    assert brief.left_out >= 20
    assert brief.team == team.id


def test_news_are_counted_where_they_are_too_many(month: House) -> None:
    brief = compiled(month, MONTH, news=3)
    assert len(brief.policy) == 3
    assert any("11 more papers are not listed" in note for note in brief.notes)


def test_a_period_without_papers_is_a_brief_all_the_same(month: House) -> None:
    brief = compiled(month, (date(2001, 1, 1), date(2001, 1, 31)))
    assert brief.empty
    for write in BRIEF_FORMATS.values():
        assert write(brief)
    for kind in ("email", "slack", "console"):
        message = brief_message(kind, brief)
        assert "No paper of this period matches." in message.text + str(message.blocks)


# ---------------------------------------------------------------- formats


@pytest.mark.parametrize("form", ["html", "md"])
def test_it_is_read_as_the_briefs_of_analysts_are(
    which: tuple[House, CompiledBrief], form: str
) -> None:
    """Its form is theirs: what reads the seeds finds the same in it."""
    _, made = which
    body = BRIEF_FORMATS[form](made)
    if form == "md":
        body = b"\n".join(line for line in body.splitlines() if not line.startswith(b"<!--"))
    read = read_brief(Page(url="https://example.org/", body=body, content_type="text/html"))
    assert read.period == (made.start, made.end)
    counts = Counter(item.section for item in read.items)
    assert counts == {
        "top5": 5,
        "policy": len(made.policy),
        "corporate": len(made.corporate),
    }
    for item, entry in zip(read.items, made.top, strict=False):
        assert item.title == " ".join(entry.headline.text.split())
        assert item.dated == entry.day
        assert len(item.at_a_glance) == len(entry.points)
        if entry.title_en and entry.title_zh and isinstance(entry.title_en, Quote):
            assert item.doc_title_en == entry.title_en.text
            assert item.doc_title_zh == entry.title_zh.text
        assert item.bodies == tuple(body.code for body in entry.bodies if body.code)


def test_the_markdown_reads_as_meant(which: tuple[House, CompiledBrief]) -> None:
    _, brief = which
    html = MarkdownIt("commonmark").render(BRIEF_FORMATS["md"](brief).decode())
    page = BeautifulSoup(html, "lxml")
    assert [h.get_text() for h in page.find_all("h2")] == [
        "Contents",
        "Top 5",
        "Policy news",
        "Corporate news",
    ]
    assert len(page.find_all("h3")) == 5
    points = sum(len(entry.points) for entry in brief.top)
    assert len(page.select("ul > li")) == 3 + points + len(brief.policy) + len(brief.corporate)


def test_the_page_needs_nothing_from_outside(which: tuple[House, CompiledBrief]) -> None:
    _, brief = which
    page = BeautifulSoup(BRIEF_FORMATS["html"](brief), "lxml")
    assert not page.select("script, img, link, iframe, [src]")
    anchors = {a["href"] for a in page.select("nav a")}
    assert all(page.select_one(str(anchor)) for anchor in anchors)
    assert len(page.select("article")) == 5
    shown = page.get_text()
    for entry in brief.top:
        for point in entry.points:
            assert " ".join(point.quote.text.split()) in " ".join(shown.split())


def test_the_word_file_has_headings_contents_and_links(which: tuple[House, CompiledBrief]) -> None:
    _, brief = which
    with zipfile.ZipFile(BytesIO(BRIEF_FORMATS["docx"](brief))) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))  # noqa: S314 - our own
        document = archive.read("word/document.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert document.count('w:val="Heading2"') == 5
    assert "TOC \\o" in document
    assert document.count("<w:hyperlink w:anchor=") == 3 + 5
    assert relations.count('TargetMode="External"') >= 5
    for ref in range(3, 8):
        assert f'r:id="rId{ref}"' in document


@pytest.mark.parametrize("name", ["month"])
def test_libreoffice_opens_the_word_file(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    program = shutil.which("soffice")
    if program is None:
        absent("soffice")
        return
    brief = compiled(request.getfixturevalue(name), MONTH)
    (tmp_path / "brief.docx").write_bytes(BRIEF_FORMATS["docx"](brief))
    subprocess.run(
        [
            program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "brief.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    from pypdfium2 import PdfDocument

    pdf = PdfDocument((tmp_path / "brief.pdf").read_bytes())
    text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    blankless = "".join(text.split())
    for entry in brief.top:
        assert "".join(entry.headline.text.split()) in blankless
    assert "Whyitleads" in blankless


HOSTILE = (
    "](javascript:alert(1)) <script>alert(1)</script> <!-- watcher end --> # * _x_ `y` |z| &lt; "
    "www.evil.example http://evil.example \u202e\x07 1. 2) - +"
)


def test_scraped_words_are_only_words_in_each_format(month: House) -> None:
    made = compiled(month, MONTH)
    first = replace(
        made.top[0],
        headline=replace(made.top[0].headline, text=HOSTILE),
        source=HOSTILE,
        url="javascript:alert(1)",
        sentence=replace(made.top[0].sentence, text=HOSTILE) if made.top[0].sentence else None,
    )
    brief = replace(made, top=(first, *made.top[1:]), team_name=HOSTILE)
    markdown = (
        MarkdownIt("commonmark")
        .enable("table")
        .enable("strikethrough")
        .render(BRIEF_FORMATS["md"](brief).decode())
    )
    for html in (BRIEF_FORMATS["html"](brief).decode(), markdown):
        page = BeautifulSoup(html, "lxml")
        assert not page.find("script")
        links = [str(a.get("href", "")) for a in page.find_all("a")]
        assert all(not link or link.startswith(("#", "http://127.0.0.1")) for link in links)
        assert "alert(1)</script>" in page.get_text()
        assert "\u202e" not in html
    with zipfile.ZipFile(BytesIO(BRIEF_FORMATS["docx"](brief))) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))  # noqa: S314 - our own
        assert "javascript:" not in archive.read("word/_rels/document.xml.rels").decode()
    assert json.loads(BRIEF_FORMATS["json"](brief))["top5"][0]["headline"]["text"] == HOSTILE


def test_a_slack_message_is_valid_whatever_was_scraped(month: House) -> None:
    made = compiled(month, MONTH)
    words = "<!channel> & <https://evil.example|x> " * 300
    hostile = replace(
        made.top[0],
        headline=replace(made.top[0].headline, text=words),
        url="https://example.org/" + "a" * 5000,
        sentence=Quote(document=1, field="text", start=0, end=len(words), text=words, where=words),
        bodies=(Body(code=None, english=None, chinese=words),) * 9,
    )
    brief = replace(made, top=(hostile,) * 60, team="law", team_name=words)
    message = brief_message("slack", brief)
    assert len(message.blocks) <= 50
    assert len(json.dumps(message.blocks)) < 13_200  # Slack's own limit, undocumented
    for plain in (message.subject, message.text):
        assert 0 < len(plain) <= 20_000
        assert not {"<", ">"} & set(plain)
    for block in message.blocks:
        for said in (block.get("text"), *block.get("elements", ())):
            if said:
                assert 0 < len(said["text"]) <= (150 if block["type"] == "header" else 3000)
                assert "<!channel>" not in said["text"]
                assert "<https://evil" not in said["text"]
