"""Sources that are no plain list: the library, consultations behind two answers, mailboxes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.dovecot import Dovecot, box, dovecot
from tests.flows.house import House, house, rows_heard, source
from tests.loopback import Loopback, Reply, Request
from watcher.settings import DetailRule, Rule, Source

# ---------------------------------------------------------------- gov.cn's library


def row(number: int, day: str) -> dict[str, str]:
    return {
        "title": f"国家卫生健康委关于印发《{number}号灯具卫生要求》的通知",
        "url": f"https://www.gov.example/zhengce/{number}.htm",
        "pubtimeStr": day,
        "puborg": "国家卫生健康委",
        "pcode": f"国卫灯发〔2026〕{number}号",
    }


def answer(*rows: dict[str, str]) -> bytes:
    value = {
        "code": 200,
        "msg": "操作成功",
        "searchVO": {"catMap": {"bumenfile": {"listVO": rows}}},
    }
    return json.dumps(value).encode()


def test_the_library_tells_of_one_bodys_papers(tmp_path: Path) -> None:
    asked: list[str] = []
    shown = [row(1, "2026.10.20"), row(2, "2026.10.21")]

    def search(request: Request) -> Reply:
        asked.append(parse_qs(urlsplit(request.path).query)["puborg"][0])
        return Reply(body=answer(*shown), content_type="application/json")

    with Loopback() as site:
        library = source(
            site,
            kind="library",
            body="NHC",
            url=site.url("/search"),
            detail=DetailRule(follow=False),
        )
        site.answer = lambda request: search(request)  # type: ignore[method-assign]  # any query
        with house(tmp_path, sources=[library], site=site) as home:
            home.poll()
            shown.insert(0, row(3, "2026.11.02"))
            assert home.poll(hours=1).changes == 1
            (listed, *_) = home.parts.store.papers.newest()
            assert listed.document.facts.doc_number == "国卫灯发〔2026〕3号"
            assert listed.document.facts.bodies == ("NHC",)
    assert set(asked) == {"国家卫生健康委员会"}


# ---------------------------------------------------------------- behind two answers


def test_a_consultation_is_followed_over_two_answers(tmp_path: Path) -> None:
    content = "<p>现就《智能灯具管理办法（征求意见稿）》公开征求意见。</p><p>征求意见时间为2026年11月2日至2026年12月2日。</p>"
    detail = {
        "articleTitle": "关于征求《智能灯具管理办法（征求意见稿）》意见的公告",
        "articleContent": content,
        "publishDate": "2026-11-02",
    }
    with Loopback() as site:
        rows = [
            (
                "/sa.html#/lampsa",
                "关于向社会公开征求《智能灯具管理办法（征求意见稿）》意见的公告",
                "2026/11/02",
            )
        ]
        rows += [
            (
                f"/sa.html#/old{n}",
                f"关于向社会公开征求《{n}型灯具管理办法》意见的公告",
                "2026/10/20",
            )
            for n in range(5)
        ]
        page = "".join(
            f'<li><a href="{u}" title="【进行中】{t}">【进行中】{t}</a><span>{d}</span></li>'
            for u, t, d in rows
        )
        frame = "<!DOCTYPE html><html><head><title>意见征求</title></head><body><ul class='u-list'>{}</ul></body></html>"
        site.routes = {
            "/list.html": frame.format("".join(page.partition("</li>")[2])),
            "/public/submission-service/article/access-url?shortKey=lampsa": Reply(
                body=json.dumps(
                    {"status": 1, "data": "https://x.example/article.html?articleId=a-1"}
                ).encode(),
                content_type="application/json",
            ),
            "/public/submission-service/column/getArticleDetail?articleId=a-1": Reply(
                body=json.dumps({"status": 1, "data": detail}).encode(),
                content_type="application/json",
            ),
        }
        one = source(site, rule=Rule(preset="two-hop"), body="NDRC")
        with house(tmp_path, sources=[one], site=site) as home:
            home.poll()
            site.routes["/list.html"] = frame.format(page)
            assert home.poll(minutes=30).changes == 1
            home.read()
            (listed, *_) = home.parts.store.papers.newest()
            assert listed.document.facts.deadline == date(2026, 12, 2)
            text = home.parts.store.papers.get([listed.document.id])[listed.document.id].text
            assert text.startswith("现就《智能灯具管理办法（征求意见稿）》公开征求意见。")


# ---------------------------------------------------------------- mailboxes


@pytest.fixture(scope="module")
def mail() -> Iterator[Dovecot]:
    with dovecot(starttls=False) as server:
        yield server


def letter(number: int, subject: str, text: str) -> bytes:
    return (
        f"From: Lamp News <news@lamps.example>\r\nTo: watch@lamps.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <{number}@lamps.example>\r\nDate: Mon, 2 Nov 2026 09:0{number}:00 +0100\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


@pytest.fixture
def post(mail: Dovecot, tmp_path: Path) -> Iterator[House]:
    with Loopback() as site:
        letters = Source(
            id="letters",
            name="Lamp News",
            kind="mailbox",
            url=f"imap://localhost:{mail.imap}/News",
            every=source(site).every,
            timezone="Europe/Berlin",
            mailbox=box(),
        )
        with house(tmp_path, sources=[letters], site=site) as home:
            yield home


def test_letters_arrive_once_each(mail: Dovecot, post: House) -> None:
    mail.create("News")
    mail.deliver(letter(1, "Old news", "MIIT said something about lamps."), folder="News")
    post.poll()
    assert post.poll(minutes=30).unchanged is not None
    mail.deliver(
        letter(2, "Data rules for smart lamps", "The data security of smart lamps."), folder="News"
    )
    mail.deliver(letter(3, "Lamps and batteries", "Power batteries for lamps."), folder="News")
    assert post.poll(minutes=30).changes == 2
    assert post.poll(minutes=30).unchanged is not None
    assert sorted(rows_heard(post)) == ["new Data rules for smart lamps", "new Lamps and batteries"]
    (newest, *_) = post.parts.store.papers.newest()
    versions = post.parts.store.papers.versions(newest.document.id)
    assert versions[0].snapshot is not None
    assert b"Message-ID: <" in post.parts.store.snapshots.get(versions[0].snapshot)


def test_a_refused_password_is_the_sources_fault(mail: Dovecot, post: House) -> None:
    wrong = replace(post.source, mailbox=box(password="wrong"))
    (state,) = post.parts.store.sources.claim([wrong.id], post.clock.now())
    outcome = post.parts.poller.visit(wrong, state)
    assert outcome.error is not None
    assert "refuses" in outcome.error
    assert "wrong" not in outcome.error.replace("wrong name", "")
