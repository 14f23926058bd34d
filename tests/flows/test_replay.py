"""What lists do to one paper over time, replayed: each line says what they show in turn, and what is heard.

A row is "address | title | day"; a bare path stands on the list's own server. Round 0 is the baseline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.flows.house import House, house, listing, paper, rows_heard, source
from tests.loopback import Loopback, Reply, conditional
from watcher.settings import DetailRule, Source

LAMPS = "https://www.lamps.gov.cn"
A = f"{LAMPS}/art/1.html | 关于印发《智能灯具安全管理办法》的通知 | 2026-10-30"
B = f"{LAMPS}/art/2.html | 关于印发《感应灯具安全管理办法》的通知 | 2026-10-29"
C = f"{LAMPS}/art/3.html | 关于印发《应急灯具安全管理办法》的通知 | 2026-10-28"
D = f"{LAMPS}/art/4.html | 关于印发《舞台灯具安全管理办法》的通知 | 2026-10-27"
OLD = (A, B, C, D)
N = f"{LAMPS}/art/9.html | 关于印发《车用灯具数据安全管理办法》的通知 | 2026-11-02"
SUBJECT = "关于做好二〇二六年冬季灯具安全检查工作的通知"


def dressed(row: str, old: str, new: str) -> str:
    assert old in row
    return row.replace(old, new)


def rows(*lines: str) -> str:
    """A list page of these rows."""
    items = ""
    for line in lines:
        url, title, *day = (part.strip() for part in line.split("|"))
        shown = f"<span>{day[0]}</span>" if day and day[0] else ""
        items += f'<li><a href="{url}">{title}</a>{shown}</li>\n'
    return (
        "<!DOCTYPE html><html><head><title>通知公告</title></head><body>"
        '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>'
        f'<ul class="list">{items}</ul><div class="footer">灯具局 版权所有</div></body></html>'
    )


def feed(*lines: str, guids: str | None = "", links: bool = True) -> Reply:
    """The same as RSS; `guids` is a part of each GUID, None leaves them out."""
    items = ""
    for number, line in enumerate(lines):
        url, title, day = (part.strip() for part in line.split("|"))
        link = f"<link>{url}</link>" if links else ""
        guid = "" if guids is None else f'<guid isPermaLink="false">{guids}{number}</guid>'
        items += f"<item><title>{title}</title>{link}{guid}<pubDate>{day}</pubDate></item>"
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
    )
    return Reply(body=body.encode(), content_type="application/rss+xml")


Shows = Sequence[str] | Reply
"""The rows of the first list (or an answer as it is)."""


@dataclass(frozen=True, kw_only=True)
class Case:
    id: str
    rounds: Sequence[Shows | Mapping[str, Shows]]
    """What "one", the first list, shows in turn; or both lists by name, "one" and "two"."""
    heard: Sequence[str] = ()
    """In order, "new" or "modified" or … and the title; nothing else may be heard."""
    one: Mapping[str, object] = field(default_factory=dict)
    """How the first source is configured."""
    two: Mapping[str, object] = field(default_factory=dict)


def news(*lines: str) -> list[str]:
    return [f"new {line.split('|')[1].strip()}" for line in lines]


def modified(*lines: str) -> list[str]:
    return [f"modified {line.split('|')[1].strip()}" for line in lines]


A2 = dressed(A, "智能灯具", "智慧灯具")
TWIN = (
    f"{LAMPS}/art/7.html | 关于公布灯具安全检查结果名单的通知 | 2026-11-02",
    f"{LAMPS}/art/8.html | 关于公布灯具安全检查结果名单的通知 | 2026-11-02",
)
BATCHES = (
    f"{LAMPS}/art/7.html | 关于发布《智能灯具产品目录（第一批）》的公告 | 2026-11-02",
    f"{LAMPS}/art/8.html | 关于发布《智能灯具产品目录（第二批）》的公告 | 2026-11-02",
)
SERIES = (
    f"{LAMPS}/art/7.html | 关于发布2025年度智能灯具典型案例的通知 | 2026-11-02",
    f"{LAMPS}/art/8.html | 关于发布2026年度智能灯具典型案例的通知 | 2026-11-02",
)
UNDATED = tuple(row.rsplit("|", 1)[0] for row in OLD)
MIRROR = dressed(N, f"{LAMPS}/art/9.html", "https://www.gov.example/zhengce/99.htm")
COLUMN = (
    f"{LAMPS}/experts.html | 灯具标准化技术委员会换届公告 | 2026-10-30",
    f"{LAMPS}/experts.html | 灯具标准化技术委员会征集专家公告 | 2026-10-29",
)
DAILY = tuple(
    f"{LAMPS}/d/{n}.html | 关于灯具检验证明文件待领取信息发布的公告 | 2026-11-0{n}" for n in (1, 2)
)
FEED = {"kind": "feed"}


def _elsewhere(row: str) -> str:
    return row.replace(LAMPS, "https://www.gov.example")


CASES = [
    Case(id="nothing new", rounds=[OLD, OLD, OLD]),
    Case(id="a new paper", rounds=[OLD, (N, *OLD), (N, *OLD)], heard=news(N)),
    Case(id="reordered", rounds=[OLD, (D, B, A, C), OLD]),
    Case(id="pinned on top and still in its place", rounds=[OLD, (C, *OLD), OLD]),
    Case(id="scrolled off and back", rounds=[OLD, (N, A, B), OLD], heard=news(N)),
    Case(id="shifted to the next page and back", rounds=[OLD, OLD[1:], OLD]),
    Case(id="https for http", rounds=[[dressed(r, "https", "http") for r in OLD], OLD]),
    Case(id="wap for www", rounds=[OLD, [dressed(r, "www.", "wap.") for r in OLD], OLD]),
    Case(id="tracking parameters", rounds=[OLD, [dressed(r, ".html", ".html?spm=7") for r in OLD]]),
    Case(
        id="another session in each address",
        rounds=[
            [dressed(r, ".html", f".jsp;jsessionid={n}?id=1") for r in OLD]
            for n in ("AA", "BB", "CC")
        ],
    ),
    Case(
        id="a cache buster in each address",
        rounds=[
            [dressed(r, ".html", f".html?t=17640000000{n}") for r in OLD] for n in (10, 11, 12)
        ],
    ),
    Case(
        id="a folder for its index file",
        rounds=[
            [f"{LAMPS}/a/index.html | 关于印发《智能灯具安全管理办法》的通知 |", *OLD[1:]],
            [f"{LAMPS}/a/ | 关于印发《智能灯具安全管理办法》的通知 |", *OLD[1:]],
        ],
    ),
    Case(
        id="another path, same title and day",
        rounds=[OLD, [dressed(r, "/art/", "/2026/art_") for r in OLD]],
    ),
    Case(
        id="a changed title is one correction", rounds=[OLD, (A2, B, C, D)] * 1, heard=modified(A2)
    ),
    Case(
        id="a title changed and changed back is two",
        rounds=[OLD, (A2, B, C, D), OLD],
        heard=modified(A, A),
    ),
    Case(
        id="a title cut and whole", rounds=[[dressed(A, "管理办法》的通知", "…"), B, C], [A, B, C]]
    ),
    Case(
        id="a status mark that changes",
        rounds=[
            [dressed(A, "关于", "【进行中】关于"), B, C],
            [dressed(A, "关于", "【已结束】关于"), B, C],
        ],
    ),
    Case(id="width and blanks", rounds=[[dressed(A, "关于印发", "关于 印发"), B, C], [A, B, C]]),
    Case(id="another day", rounds=[OLD, [dressed(A, "10-30", "10-31"), *OLD[1:]], OLD]),
    Case(id="days gone from the list", rounds=[OLD, UNDATED, OLD]),
    Case(id="twins on one list are two papers", rounds=[OLD, (*TWIN, *OLD)], heard=news(*TWIN)),
    Case(id="batches are two papers", rounds=[OLD, (*BATCHES, *OLD)], heard=news(*BATCHES)),
    Case(id="a yearly series is two papers", rounds=[OLD, (*SERIES, *OLD)], heard=news(*SERIES)),
    Case(
        id="batches on two lists are two papers",
        rounds=[{"one": OLD, "two": OLD}, {"one": (BATCHES[0], *OLD), "two": (BATCHES[1], *OLD)}],
        heard=news(*BATCHES),
    ),
    Case(
        id="a mirror",
        rounds=[{"one": OLD, "two": OLD}, {"one": (N, *OLD)}, {"two": (MIRROR, *OLD)}],
        heard=news(N),
    ),
    Case(
        id="a mirror that says who speaks",
        rounds=[
            {"one": OLD, "two": OLD},
            {"one": (N, *OLD)},
            {"two": (dressed(MIRROR, "关于", "工业和信息化部关于"), *OLD)},
        ],
        heard=news(N),
    ),
    Case(
        id="a mirror two days later",
        rounds=[
            {"one": OLD, "two": OLD},
            {"one": (N, *OLD)},
            {"two": (dressed(MIRROR, "11-02", "11-04"), *OLD)},
        ],
        heard=news(N),
    ),
    Case(
        id="the same address under another title",
        rounds=[
            {"one": OLD, "two": OLD},
            {"one": (N, *OLD)},
            {"two": (f"{N.split('|')[0]} | 车用灯具有了新办法 | 2026-11-03", *OLD)},
        ],
        heard=news(N),
    ),
    Case(
        id="two ministries in the same words",
        rounds=[
            {"one": OLD, "two": OLD},
            {
                "one": (f"{LAMPS}/art/7.html | {SUBJECT} | 2026-11-02", *OLD),
                "two": (f"https://www.roads.gov.cn/7.html | {SUBJECT} | 2026-11-02", *OLD),
            },
        ],
        one={"body": "MIIT"},
        two={"body": "MOT"},
        heard=[f"new {SUBJECT}"] * 2,
    ),
    Case(
        id="a joint paper on the lists of both",
        rounds=[{"one": OLD, "two": OLD}, {"one": (N, *OLD), "two": (MIRROR, *OLD)}],
        one={"body": "MIIT"},
        two={"body": "MOF"},
        heard=news(N),
    ),
    Case(
        id="a truly empty list that fills again",
        rounds=[OLD, Reply(body=rows().encode()), OLD],
        one={"allow_empty": True},
    ),
    Case(id="a list that is empty by a fault", rounds=[OLD, Reply(body=rows().encode()), OLD]),
    Case(id="a fault between", rounds=[OLD, Reply(status=502), (N, *OLD)], heard=news(N)),
    Case(
        id="withdrawn from a complete list, and restored",
        rounds=[{"one": OLD, "two": OLD[1:]}, {"one": OLD[1:]}, {"one": OLD}],
        one={"complete": True},
        heard=[f"withdrawn {A.split('|')[1].strip()}", f"restored {A.split('|')[1].strip()}"],
    ),
    Case(
        id="papers without a page of their own",
        rounds=[
            (*COLUMN, *OLD),
            (f"{LAMPS}/experts.html | 灯具标准化技术委员会年会公告 | 2026-11-02", *COLUMN, *OLD),
        ],
        heard=["new 灯具标准化技术委员会年会公告"],
    ),
    Case(
        id="a paper that has a shared address to itself for a while",
        rounds=[(COLUMN[0], *OLD), (*COLUMN, *OLD), (COLUMN[1], *OLD), (*COLUMN, *OLD)],
        heard=news(COLUMN[1]),
    ),
    Case(
        id="the same without days",
        rounds=[
            (COLUMN[0].rsplit("|", 1)[0], *OLD),
            (*(row.rsplit("|", 1)[0] for row in COLUMN), *OLD),
            (COLUMN[1].rsplit("|", 1)[0], *OLD),
        ],
        heard=news(COLUMN[1]),
    ),
    Case(
        id="a third paper at an address that two shared",
        rounds=[
            (COLUMN[0], *OLD),
            (*COLUMN, *OLD),
            (f"{LAMPS}/experts.html | 灯具标准化技术委员会年会公告 | 2026-11-02", *OLD),
        ],
        heard=[*news(COLUMN[1]), "new 灯具标准化技术委员会年会公告"],
    ),
    Case(
        id="withdrawn, and put up again on another list",
        rounds=[
            {"one": OLD, "two": OLD[1:]},
            {"one": OLD[1:]},
            {"two": (dressed(A, "/art/", "/b/"), *OLD[1:])},
        ],
        one={"complete": True},
        heard=[f"withdrawn {A.split('|')[1].strip()}", *news(A)],
    ),
    Case(
        id="a notice that comes every day in the same words, and its mirror",
        rounds=[
            {"one": (DAILY[0], *OLD), "two": OLD},
            {"one": (*DAILY, *OLD)},
            {"two": (_elsewhere(DAILY[1]), *OLD)},
            {"two": (*map(_elsewhere, DAILY), *OLD)},
        ],
        heard=news(DAILY[1]),
    ),
    Case(
        id="a feed whose GUIDs churn",
        rounds=[feed(*OLD, guids="a"), feed(*OLD, guids="b"), feed(N, *OLD, guids="c")],
        one=FEED,
        heard=news(N),
    ),
    Case(
        id="a feed without links whose GUIDs churn",
        rounds=[
            feed(*OLD, guids="a", links=False),
            feed(*OLD, guids="b", links=False),
            feed(N, *OLD, guids="c", links=False),
        ],
        one=FEED,
        heard=news(N),
    ),
    Case(
        id="a feed of the list",
        rounds=[{"one": feed(*OLD), "two": OLD}, {"one": feed(N, *OLD)}, {"two": (N, *OLD)}],
        one=FEED,
        heard=news(N),
    ),
    Case(
        id="another address in the configuration is our doing",
        rounds=[OLD, (N, *OLD)],
        one={"moved": True},
    ),
]


def play(folder: Path, case: Case) -> list[str]:
    """What is heard of a case, in order."""
    with Loopback() as site:
        unfollowed = DetailRule(follow=False)
        moves = "moved" in case.one
        given = {name: value for name, value in case.one.items() if name != "moved"}
        one = source(site, detail=unfollowed, id="one", url=site.url("/one"), **given)
        two = source(site, detail=unfollowed, id="two", url=site.url("/two"), **case.two)
        with house(folder, sources=[one, two], site=site) as home:
            for number, shows in enumerate(case.rounds):
                lists = shows if isinstance(shows, Mapping) else {"one": shows, "two": OLD}
                for name, what in lists.items():
                    site.routes[f"/{name}"] = what if isinstance(what, Reply) else rows(*what)
                if number and moves:
                    site.routes["/moved"] = site.routes["/one"]
                    one = replace(one, url=site.url("/moved"))
                _visit(home, one, two)
                _visit(home, one, two)  # and nothing comes twice
            return rows_heard(home)


def _visit(home: House, *sources: Source) -> None:
    store = home.parts.store
    for each in sources:
        home.clock.pass_(minutes=30)
        (state,) = store.sources.claim([each.id], home.clock.now())
        outcome = home.parts.poller.visit(each, state)
        if outcome.unchanged:
            store.sources.record_unchanged([outcome.unchanged])
    home.deliver()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_heard(case: Case, tmp_path: Path) -> None:
    assert sorted(play(tmp_path, case)) == sorted(case.heard)


def test_there_are_situations_enough() -> None:
    assert len({case.id for case in CASES}) == len(CASES) >= 30


# ---------------------------------------------------------------- judged by what their pages say

NUMBERED = "工信部灯〔2026〕12号"
FULL = ("/doc/a.html", "关于印发《智能灯具数据安全管理办法》的通知")
BARE = ("/doc/b.html", "智能灯具数据安全管理办法")
READ = ("/doc/c.html", "《智能灯具数据安全管理办法》解读")
TWO = (
    ("/doc/d.html", "关于发布智能灯具注册审查指导原则的通告"),
    ("/doc/e.html", "关于发布感应灯具注册审查指导原则的通告"),
)
LONG = "智能灯具数据处理者应当建立健全数据安全管理制度。" * 8


@pytest.mark.parametrize(
    ("first", "second", "heard"),
    [
        pytest.param(FULL, BARE, 1, id="one paper under two titles"),
        pytest.param(FULL, READ, 2, id="an interpretation that quotes the number"),
        pytest.param(*TWO, 2, id="two papers of one announcement"),
    ],
)
def test_a_number_tells_what_titles_cannot(
    first: tuple[str, str], second: tuple[str, str], heard: int, tmp_path: Path
) -> None:
    filler = tuple((f"/old/{n}.html", f"{n}号灯具安全管理办法的通知") for n in range(4))
    with Loopback() as site:
        one = source(site, id="one", url=site.url("/one"), body="MIIT")
        two = replace(one, id="two", url=site.url("/two"))
        for url, title in (first, second):
            site.routes[url] = paper(title, NUMBERED, LONG)
        site.routes |= {"/one": listing(*filler), "/two": listing(*filler)}
        with house(tmp_path, sources=[one, two], site=site) as home:
            _visit(home, one, two)
            site.routes["/one"] = listing(first, *filler)
            _visit(home, one, two)
            _read(home, one)
            site.routes["/two"] = listing(second, *filler)
            _visit(home, one, two)
            _read(home, two)
            assert len(rows_heard(home)) == heard


def _read(home: House, each: Source) -> None:
    for due in home.parts.store.papers.claim_due(["one", "two"], home.clock.now(), 50):
        home.parts.follower.read(due, each)


def test_a_paper_unread_while_its_list_answers_304(tmp_path: Path) -> None:
    with (
        Loopback(
            {"/list.html": conditional(listing(*OLD_ROWS)), FULL[0]: Reply(status=503)}
        ) as site,
        house(tmp_path, sources=[source(site)], site=site) as home,
    ):
        home.poll()
        site.routes["/list.html"] = conditional(listing(FULL, *OLD_ROWS))
        home.poll(minutes=30)
        home.read()
        site.routes[FULL[0]] = paper(FULL[1], NUMBERED, LONG)
        assert home.poll(minutes=5).unchanged is not None
        assert home.read(minutes=5) == 1
        (heard,) = home.parts.store.outbox.rows()
        assert heard["title"] == FULL[1]
        document = home.parts.store.papers.get([heard["document_id"]])[heard["document_id"]]
        assert document.text.endswith(LONG)


OLD_ROWS = tuple((f"/old/{n}.html", f"关于印发《{n}号灯具安全管理办法》的通知") for n in range(4))


def test_one_paper_in_two_places_of_a_list_is_corrected_once(tmp_path: Path) -> None:
    """Two rows of the list show what turned out to be one paper; both get another title."""
    twins = [(url, FULL[1]) for url in ("/doc/a.html", "/doc/b.html")]
    with Loopback({"/list.html": listing(*OLD_ROWS)}) as site:
        for url, title in twins:
            site.routes[url] = paper(title, NUMBERED, LONG)
        with house(tmp_path, sources=[source(site, body="MIIT")], site=site) as home:
            home.poll()
            site.routes["/list.html"] = listing(*twins, *OLD_ROWS)
            home.poll(minutes=30)
            home.read()
            assert len(rows_heard(home)) == 1
            home.deliver(minutes=30)
            retitled = FULL[1].replace("智能", "智慧")
            site.routes["/list.html"] = listing(*((url, retitled) for url, _ in twins), *OLD_ROWS)
            assert home.poll(minutes=30).changes == 1
            assert rows_heard(home)[1:] == [f"modified {retitled}"]
            assert home.poll(minutes=30).unchanged is not None
