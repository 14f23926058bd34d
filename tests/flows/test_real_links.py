"""Real Word drafts and finals are linked: from the command line, and through a store that reads the files."""

import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.product import WATCHER
from tests.flows.house import OLD, House, house, listing, source
from tests.loopback import Loopback, Reply, Route
from tests.real import shared
from watcher.extract.attachment import read_attachment

LENSES = (
    "2017-08-09_软性接触镜注册技术审查指导原则（征求意见稿）.docx",
    "2018-04-26_软性接触镜注册技术审查指导原则.doc",
)
DEVICES = (
    "2021-06-04_人工智能医疗器械注册审查指导原则（征求意见稿）.docx",
    "2022-03-09_人工智能医疗器械注册审查指导原则（2022年第8号）.docx",
)
OTHER_NAME = "某类产品的评审要点"
"""Nothing but the text says then whose final it is."""


def real(name: str) -> tuple[str, str, bytes]:
    """(day, title, bytes) of a file."""
    path = shared("sites/files/attachments/nmpa_cmde") / name
    day, _, title = path.stem.partition("_")
    return day, title, path.read_bytes()


def row(id_: str, name: str, title: str | None = None) -> dict[str, str]:
    day, own, body = real(name)
    text = read_attachment(body, name).text
    return {"id": id_, "title": title or own, "published": day, "text": text}


@pytest.mark.parametrize("called", [None, OTHER_NAME], ids=["own names", "another name"])
def test_the_command_links_them(called: str | None) -> None:
    rows = [
        row("lenses draft", LENSES[0]),
        row("lenses", LENSES[1], called),
        row("devices draft", DEVICES[0]),
        row("devices", DEVICES[1], called and called.replace("产品", "器械")),
    ]
    done = subprocess.run(
        [*WATCHER, "link"],
        input="\n".join(map(json.dumps, rows)),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(one["draft"], one["final"]): one["state"] for one in found} == {
        ("lenses draft", "lenses"): "linked",
        ("devices draft", "devices"): "linked",
    }
    assert all(any("the texts share" in why for why in one["evidence"]) for one in found)


def page(title: str, day: str, words: str, file: str, name: str) -> bytes:
    return (
        f'<!DOCTYPE html><html><head><title>{title}</title><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{day} 10:00"></head><body><h1>{title}</h1>'
        f'<div class="TRS_Editor"><p>{words}</p><p>附件：<a href="{file}">{name}</a></p></div></body></html>'
    ).encode()


@pytest.mark.parametrize(("draft", "final"), [LENSES, DEVICES], ids=["lenses", "devices"])
@pytest.mark.parametrize("called", [None, OTHER_NAME], ids=["own name", "another name"])
def test_a_store_links_them_by_texts_known_only_as_attachments(
    tmp_path: Path, draft: str, final: str, called: str | None
) -> None:
    asked, core, asked_bytes = real(draft)
    issued, own, issued_bytes = real(final)
    title = called or own
    notice = f"关于公开征求《{core}》意见的通知"
    words = "现予公布，自发布之日起施行。"
    routes: dict[str, Route] = {
        "/list.html": listing(*OLD, day="2017-01-05"),
        "/d.html": page(
            notice, asked, "现公开征求意见，请于一个月内反馈。", "/d.docx", f"{core}.docx"
        ),
        "/d.docx": Reply(body=asked_bytes, content_type="application/octet-stream"),
        "/f.html": page(title, issued, words, "/f.doc", f"{title}{Path(final).suffix}"),
        "/f.doc": Reply(body=issued_bytes, content_type="application/octet-stream"),
    }

    def shown(url: str, what: str, day: str) -> bytes:
        page = listing((url, what), day=day)
        return page[page.index(b"<li>") : page.index(b"</ul>")]

    with Loopback(routes) as site:
        lists = replace(source(site), every=timedelta(minutes=30))
        with house(tmp_path, sources=[lists], site=site, deadline=timedelta(seconds=20)) as home:
            home.poll()
            rows = shown("/d.html", notice, asked)
            for more in (b"", shown("/f.html", title, issued)):
                rows = more + rows
                body = listing(*OLD, day="2017-01-05").replace(b"<li>", rows + b"<li>", 1)
                site.routes["/list.html"] = body
                home.poll(minutes=30)
                home.read()
            assert links(home) == [(notice, title, "linked")]


def links(home: House) -> list[tuple[str, str, str]]:
    ties = home.parts.store.links.listed()
    assert all(any("the texts share" in why for why in tie.link.evidence) for tie in ties)
    return [(tie.draft.title, tie.final.title, tie.link.state) for tie in ties]
