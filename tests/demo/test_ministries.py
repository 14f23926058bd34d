"""The invented ministries answer as real site generations do, in every state of the tour."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest

from tests.demo.asking import get
from watcher.demo import pages, papers
from watcher.demo.ministries import BRIEF_PATH, HOST, Ministries

TODAY = date(2026, 11, 22)
DRAFTS, FINALS, SHADOWS, SUNDIALS = papers.COLUMNS
LISTS = {column.id: column.path for column in papers.COLUMNS}


@pytest.fixture
def ministries() -> Iterator[Ministries]:
    with Ministries(TODAY) as running:
        yield running


def titles(ministries: Ministries, column: papers.Column) -> list[str]:
    """The whole titles a list shows, newest first."""
    if column.site == "jpaas":
        answer = json.loads(get(ministries.base, pages.jpaas_answer(column).address).body)
        text = answer["data"]["html"]
    else:
        charset = "gb2312" if column.site == "gbk" else "utf-8"
        text = get(ministries.base, column.path).body.decode(charset)
    return re.findall(r'<a href="[^"]+"[^>]* title="([^"]+)"', text)


@pytest.mark.parametrize("column", papers.COLUMNS, ids=lambda column: column.id)
def test_each_list_begins_with_its_baseline(ministries: Ministries, column: papers.Column) -> None:
    expected = [paper.title for paper in papers.baseline(TODAY) if paper.column is column]
    assert len(expected) == 8
    assert titles(ministries, column) == expected


@pytest.mark.parametrize("column", papers.COLUMNS, ids=lambda column: column.id)
def test_each_row_leads_to_its_paper(ministries: Ministries, column: papers.Column) -> None:
    for paper in papers.baseline(TODAY):
        if paper.column is column:
            got = get(ministries.base, paper.path)
            assert got.status == 200
            text = got.body.decode("gb18030" if column.site == "gbk" else "utf-8")
            assert paper.title in text
            assert "虚构" in text


@pytest.mark.parametrize(
    ("act", "column", "title"),
    [
        ("draft", DRAFTS, "灯具局关于公开征求《智能灯具数据管理办法（征求意见稿）》意见的通知"),
        ("final", FINALS, "灯具局关于印发《智能灯具数据管理办法》的通知"),
        ("noise", SUNDIALS, "日晷总局关于冬至假期值班安排的通知"),
    ],
)
def test_publishing_puts_one_row_on_top_of_one_list(
    ministries: Ministries, act: str, column: papers.Column, title: str
) -> None:
    before = {id_: titles(ministries, papers.COLUMNS_BY_ID[id_]) for id_ in LISTS}
    publish = {
        "draft": ministries.publish_draft,
        "final": ministries.publish_final,
        "noise": ministries.publish_noise,
    }[act]
    for _ in range(2):  # the second time is no news
        publish()
        after = {id_: titles(ministries, papers.COLUMNS_BY_ID[id_]) for id_ in LISTS}
        assert after == before | {column.id: [title, *before[column.id]]}


def test_a_correction_changes_the_page_and_leaves_the_list(ministries: Ministries) -> None:
    paper = ministries.publish_draft()
    rows = titles(ministries, DRAFTS)
    first = get(ministries.base, paper.path).body.decode()
    assert ministries.publish_correction().path == paper.path
    second = get(ministries.base, paper.path).body.decode()
    assert titles(ministries, DRAFTS) == rows
    assert "2026年12月22日" in first and "2026年12月29日" not in first
    assert "2026年12月29日" in second and "2026年12月22日" not in second


def test_a_correction_needs_a_draft(ministries: Ministries) -> None:
    with pytest.raises(ValueError, match="no draft to correct"):
        ministries.publish_correction()


def test_the_brief_is_replaced_by_its_next_issue(ministries: Ministries) -> None:
    first = get(ministries.base, BRIEF_PATH)
    ministries.publish_final()
    ministries.publish_brief()
    second = get(ministries.base, BRIEF_PATH, If_None_Match=first.headers["ETag"])
    assert second.status == 200
    assert "Shadows may not leave" not in first.body.decode()
    assert "Shadows may not leave" in second.body.decode()
    assert f'的通知) (<a href="{papers.final(TODAY).path}">Link</a>)' in second.body.decode()


# ---------------------------------------------------------------- as real servers answer


def test_the_gbk_site_names_its_charset_in_the_page_alone(ministries: Ministries) -> None:
    got = get(ministries.base, SHADOWS.path)
    assert got.headers["Content-Type"] == "text/html"
    assert b"charset=gb2312" in got.body
    with pytest.raises(UnicodeDecodeError):
        got.body.decode("utf-8")
    shown = re.findall(r'title="([^"]+)" target="_blank">([^<]+)</a>', got.body.decode("gb2312"))
    assert all(whole.startswith(cut.removesuffix("…")) for whole, cut in shown)
    assert sum(cut.endswith("…") for _, cut in shown) >= 5


def test_a_gbk_paper_holds_characters_that_gb2312_lacks(ministries: Ministries) -> None:
    paper = next(p for p in papers.baseline(TODAY) if "陶喆" in p.text)
    body = get(ministries.base, paper.path).body
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")
    assert "陶喆、朱镕" in body.decode("gb18030")


@pytest.mark.parametrize("path", [*LISTS.values(), BRIEF_PATH])
def test_the_visitor_counter_makes_every_page_unique(ministries: Ministries, path: str) -> None:
    assert get(ministries.base, path).body != get(ministries.base, path).body


def test_the_rows_of_jpaas_hold_no_counter(ministries: Ministries) -> None:
    address = pages.jpaas_answer(SUNDIALS).address
    assert get(ministries.base, address).body == get(ministries.base, address).body


def test_the_jpaas_column_names_the_address_of_its_rows(ministries: Ministries) -> None:
    page = get(ministries.base, SUNDIALS.path).body.decode()
    found = re.search(r'<script url="([^"]+)" querydata="([^"]+)">', page)
    assert found is not None
    data = json.loads(found[2].replace("&#39;", '"'))
    assert (found[1], data["pageId"]) == (pages.JPAAS_PATH, "sundial-notices")


@pytest.mark.parametrize(
    ("header", "value", "changed", "status"),
    [
        ("If_None_Match", "{ETag}", False, 304),
        ("If_None_Match", '"other", {ETag}', False, 304),
        ("If_None_Match", '"other"', False, 200),
        ("If_Modified_Since", "{Last-Modified}", False, 304),
        ("If_Modified_Since", "Mon, 01 Jan 2001 00:00:00 GMT", False, 200),
        ("If_Modified_Since", "yesterday", False, 200),
        ("If_None_Match", "{ETag}", True, 200),
        ("If_Modified_Since", "{Last-Modified}", True, 200),
    ],
)
def test_the_bureau_of_lamps_answers_conditional_requests(
    ministries: Ministries, header: str, value: str, changed: bool, status: int
) -> None:
    first = get(ministries.base, DRAFTS.path)
    if changed:
        ministries.publish_draft()
    second = get(ministries.base, DRAFTS.path, **{header: value.format_map(first.headers)})
    assert second.status == status
    assert bool(second.body) == (status == 200)


def test_a_tag_goes_before_a_date(ministries: Ministries) -> None:
    first = get(ministries.base, DRAFTS.path)
    second = get(
        ministries.base,
        DRAFTS.path,
        If_None_Match='"other"',
        If_Modified_Since=first.headers["Last-Modified"],
    )
    assert second.status == 200


@pytest.mark.parametrize("path", [SHADOWS.path, pages.jpaas_answer(SUNDIALS).address])
def test_other_sites_give_no_validators(ministries: Ministries, path: str) -> None:
    headers = get(ministries.base, path).headers
    assert not {"ETag", "Last-Modified"} & headers.keys()


def test_what_is_not_there_is_not_found(ministries: Ministries) -> None:
    assert get(ministries.base, papers.draft(TODAY).path).status == 404
    assert get(ministries.base, "/robots.txt").body.startswith(b"User-agent: *")


def test_a_head_request_has_no_body(ministries: Ministries) -> None:
    got = get(ministries.base, DRAFTS.path, method="HEAD")
    assert (got.status, got.body) == (200, b"")


def test_requests_are_counted_by_path(ministries: Ministries) -> None:
    for _ in range(3):
        get(ministries.base, DRAFTS.path + "?from=list")
    assert ministries.asked[DRAFTS.path] == 3


# ---------------------------------------------------------------- loopback only


def test_the_server_listens_on_loopback_alone(ministries: Ministries) -> None:
    host, _, port = ministries.base.removeprefix("http://").partition(":")
    assert host == HOST == "127.0.0.1"
    with pytest.raises(OSError):  # a wildcard address would answer on all of 127.0.0.0/8
        socket.create_connection(("127.0.0.2", int(port)), timeout=1).close()


def test_the_server_ends_with_its_block() -> None:
    with Ministries(TODAY) as running:
        host, _, port = running.base.removeprefix("http://").partition(":")
    with pytest.raises(OSError):
        socket.create_connection((host, int(port)), timeout=1).close()


def test_playing_ministries_needs_no_other_room() -> None:
    """The server must not borrow from what it is there to exercise."""
    program = "import sys, watcher.demo.ministries; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    rooms = {name.split(".")[1] for name in loaded if name.startswith("watcher.")}
    assert rooms == {"demo"}
