"""A paper and its attachments: fetched each on its own, read in the sandbox, in nobody's way."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.flows.house import ARTICLES, DRAFT, OLD, House, house, listing, source
from tests.loopback import Loopback, Reply, Route, conditional
from watcher.files import TRIES
from watcher.settings import Subscription
from watcher.store.findings import File

NAME = "智能灯具数据安全管理办法（征求意见稿）.docx"
LETTER = (
    "为加强智能灯具数据安全管理，我局起草了《智能灯具数据安全管理办法（征求意见稿）》，现向社会公开征求意见。",
    "意见反馈截止日期为2026年12月2日。",
)
CHAPTERS = tuple(
    f"第{n}条 " + "处理者应当采取必要措施保障智能灯具数据安全。" * 3 for n in "四五六七八九"
)


def docx(*paragraphs: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
    return box.getvalue()


PAPER = docx("智能灯具数据安全管理办法（征求意见稿）", *ARTICLES, *CHAPTERS)


def notice(*files: tuple[str, str], letter: tuple[str, ...] = LETTER) -> bytes:
    """A page that asks for comments on what is attached."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in letter)
    links = "".join(f'<p>附件：<a href="{url}">{name}</a></p>' for url, name in files)
    return (
        f'<!DOCTYPE html><html><head><title>x</title><meta name="ArticleTitle" content="{DRAFT[1]}">'
        f'<meta name="PubDate" content="2026-11-01 10:00"></head><body><h1>{DRAFT[1]}</h1>'
        f'<div class="TRS_Editor">{text}{links}</div></body></html>'
    ).encode()


@pytest.fixture
def site() -> Iterator[Loopback]:
    routes: dict[str, Route] = {
        "/list.html": listing(*OLD),
        DRAFT[0]: notice(("/doc/a.docx", NAME)),
        "/doc/a.docx": Reply(body=PAPER, content_type="application/octet-stream"),
    }
    with Loopback(routes) as server:
        yield server


@pytest.fixture
def home(site: Loopback, tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, sources=[source(site)], site=site) as made:
        made.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        made.poll(minutes=30)
        yield made


def state(home: House) -> tuple[str, str, list[File]]:
    """The draft's text, its notice and its files."""
    papers = home.parts.store.papers
    (listed,) = [one for one in papers.newest() if one.document.title == DRAFT[1]]
    document = papers.get([listed.document.id])[listed.document.id]
    return document.text, document.notice, home.parts.store.attachments.of(document.id)


def test_the_text_of_a_cover_letter_is_its_attachments(home: House) -> None:
    home.read()
    text, letter, (file,) = state(home)
    assert ARTICLES[0] in text
    assert CHAPTERS[-1] in text
    assert LETTER[0] not in text
    assert LETTER[0] in letter
    assert file.content is not None
    assert (file.content.kind, file.content.quality) == ("docx", "ok")
    assert file.snapshot is not None
    assert home.parts.store.snapshots.get(file.snapshot) == PAPER
    shown = home.deliver()
    assert "2 Dec" in shown  # the deadline stands in the letter alone


@pytest.mark.parametrize(
    ("answer", "quality", "says"),
    [
        (Reply(body=b"%PDF-1.7 broken"), "corrupt", None),
        (Reply(body=b"\x00\x01 nothing known"), "unsupported", None),
        (Reply(body=docx("")), "no-text", None),
        (Reply(status=404), None, "404"),
        (Reply(status=500), None, "500"),
        (Reply(body=bytes(30_000_000), encoding="gzip"), None, "20 MB"),
        (Reply(reset=True), None, "127.0.0.1"),
    ],
)
def test_an_attachment_that_cannot_be_read_is_in_nobodys_way(
    home: House, answer: Reply, quality: str | None, says: str | None
) -> None:
    home.site.routes["/doc/a.docx"] = answer
    home.read()
    text, letter, (file,) = state(home)
    assert LETTER[0] in text
    assert letter == ""
    assert (file.content and file.content.quality) == quality
    assert says is None or says in (file.error or "")
    assert DRAFT[1][:14] in home.deliver()


def test_a_late_attachment_completes_the_paper_and_is_no_news(home: House) -> None:
    home.site.routes["/doc/a.docx"] = Reply(status=503)
    home.read()
    assert DRAFT[1][:14] in home.deliver()
    home.site.routes["/doc/a.docx"] = Reply(body=PAPER)
    assert home.read(minutes=3) == 1
    text, letter, _ = state(home)
    assert CHAPTERS[-1] in text
    assert LETTER[0] in letter
    assert home.deliver(minutes=1) == ""


def test_an_attachment_is_tried_again_and_at_last_left_alone(home: House) -> None:
    home.site.routes["/doc/a.docx"] = Reply(status=503)
    for _ in range(TRIES + 3):
        home.read(hours=5)
    _, _, (file,) = state(home)
    assert file.failures == TRIES
    asked = home.site.paths().count("/doc/a.docx")
    home.read(days=1)
    assert home.site.paths().count("/doc/a.docx") == asked


def test_a_replaced_attachment_is_a_correction(home: House) -> None:
    home.read()
    home.deliver()
    changed = [*ARTICLES[:2], ARTICLES[2].replace("三十日", "十五日"), *CHAPTERS]
    home.site.routes["/doc/a.docx"] = Reply(
        body=docx("智能灯具数据安全管理办法（征求意见稿）", *changed)
    )
    home.read(hours=1)
    shown = home.deliver()
    assert f"the text of {NAME} was changed" in shown.replace("\n", " ")
    assert "十五日" in state(home)[0]


def test_an_unchanged_page_with_a_replaced_attachment(home: House) -> None:
    """The page answers 304; what is attached does not."""
    home.site.routes[DRAFT[0]] = conditional(notice(("/doc/a.docx", NAME)))
    home.read()
    home.deliver()
    home.site.routes["/doc/a.docx"] = Reply(
        body=docx(
            "智能灯具数据安全管理办法（征求意见稿）",
            *ARTICLES,
            *CHAPTERS,
            "第十条 施行日期另行公布。",
        )
    )
    home.read(hours=1)
    assert "was changed" in home.deliver()
    assert "第十条" in state(home)[0]


def test_an_added_attachment_is_told_and_a_new_address_is_not(home: House) -> None:
    home.read()
    home.deliver()
    home.site.routes[DRAFT[0]] = notice(("/doc/a.docx?token=2", NAME))
    home.site.routes["/doc/a.docx?token=2"] = Reply(body=PAPER)
    home.read(hours=1)
    assert home.deliver() == ""
    more = ("/doc/b.docx", "起草说明.docx")
    home.site.routes[DRAFT[0]] = notice(("/doc/a.docx", NAME), more)
    home.site.routes["/doc/b.docx"] = Reply(body=docx("起草说明", "一、起草背景"))
    home.read(days=1)
    assert "起草说明.docx was added" in home.deliver().replace("\n", " ")


def test_a_page_that_lost_its_attachments_is_a_fault(home: House) -> None:
    home.read()
    before = state(home)[0]
    home.site.routes[DRAFT[0]] = notice()
    home.read(hours=1)
    assert state(home)[0] == before
    assert home.deliver(hours=1).count(DRAFT[1][:14]) <= 1


def test_nothing_is_asked_twice_when_nothing_changed(home: House) -> None:
    home.site.routes[DRAFT[0]] = conditional(notice(("/doc/a.docx", NAME)))
    home.site.routes["/doc/a.docx"] = conditional(PAPER)
    home.read()
    home.deliver()
    asked = len(home.site.requests)
    home.read(hours=1)
    assert home.site.paths()[asked:] == [DRAFT[0], "/doc/a.docx"]
    assert all("if-none-match" in request.headers for request in home.site.requests[asked:])
    assert home.deliver() == ""


def test_a_late_attachment_is_told_to_whom_it_alone_concerns(
    site: Loopback, tmp_path: Path
) -> None:
    """The team's word stands in the file, which could not be read at first."""
    wanted = Subscription(id="leaks", sectors=("none",), keywords=("数据泄露",))
    site.routes["/doc/a.docx"] = Reply(status=503)
    with house(tmp_path, sources=[source(site)], site=site, subscription=wanted) as home:
        home.poll()
        site.routes["/list.html"] = listing(DRAFT, *OLD)
        home.poll(minutes=30)
        home.read()
        assert home.deliver(hours=1) == ""
        site.routes["/doc/a.docx"] = Reply(body=PAPER)
        home.read(minutes=3)
        assert DRAFT[1][:14] in home.deliver()
        assert home.deliver(hours=1) == ""


def test_a_file_put_up_after_its_page_is_read(home: House) -> None:
    home.site.routes["/doc/a.docx"] = Reply(status=404)
    home.read()
    home.site.routes["/doc/a.docx"] = Reply(body=PAPER)
    home.read(hours=1)
    assert CHAPTERS[-1] in state(home)[0]


FIRST, SECOND = docx("附表一", ARTICLES[0]), docx("附表二", ARTICLES[1])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param("1 附件,2 附件", "3 附件,4 附件", "", id="two of one name, new addresses"),
        pytest.param("1 附件,2 附件", "4 附件,3 附件", "", id="the same in another order"),
        pytest.param("1 附件,2 附件", "2 附件,1 附件", "", id="another order"),
        pytest.param("1 附件", "3 附件1", "", id="another name and address"),
        pytest.param("1 附件,2 附件", "1 附件二,2 附件一", "", id="other names"),
        pytest.param("1 附件", "1 附件,2 附件", "附件 was added", id="one more of the same name"),
        pytest.param("1 附件,2 乙", "1 附件", "", id="one less"),
        pytest.param("1 附件", "2 附件", "the text of 附件 was changed", id="another text"),
    ],
)
def test_what_is_said_of_files(home: House, before: str, after: str, said: str) -> None:
    """Odd numbers are addresses of the first text, even ones of the second."""

    def page(files: str) -> bytes:
        named = (file.split() for file in files.split(","))
        return notice(*((f"/doc/{n}.docx", f"{name}.docx") for n, name in named), letter=CHAPTERS)

    for n in range(1, 5):
        home.site.routes[f"/doc/{n}.docx"] = Reply(body=FIRST if n % 2 else SECOND)
    home.site.routes[DRAFT[0]] = page(before)
    home.read()
    home.deliver()
    home.site.routes[DRAFT[0]] = page(after)
    home.read(hours=1)
    shown = home.deliver().replace("\n", " ").replace(".docx", "")
    assert said in shown
    assert said or not ("was added" in shown or "the text of 附件" in shown)


def test_slow_files_do_not_take_the_time_of_the_others(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reading has time for one file; the next begins with those that are left."""
    ticks = iter(range(0, 100_000, 60))
    slow = SimpleNamespace(monotonic=lambda: next(ticks))
    monkeypatch.setattr("watcher.files.time", slow)
    files = [(f"/doc/{n}.docx", f"附表{n}.docx") for n in range(4)]
    for url, _ in files:
        home.site.routes[url] = Reply(body=FIRST)
    home.site.routes[DRAFT[0]] = notice(*files, letter=CHAPTERS)
    for _ in files:
        home.read(minutes=2)
    assert [file.content is not None for file in state(home)[2]] == [True] * len(files)
