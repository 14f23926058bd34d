"""A real Chromium, whose only world is a function: a Fetcher on loopback, or a few pages by name."""

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import httpx
import pytest

from tests.fetch.conftest import QUICK
from tests.fetch.world import HOME, Content, World, reply, show, text
from tests.loopback import Loopback, Reply, Request
from tests.real import absent
from watcher.errors import FetchError
from watcher.fetch import Fetcher, chromium, rendering
from watcher.fetch.answers import Answer
from watcher.fetch.browser import Browser
from watcher.fetch.questions import Ask, Question


def through(fetcher: Fetcher) -> Ask:
    """Ask real servers under the guard and the limits of a real Fetcher."""

    def ask(asked: Question) -> Answer:
        page = fetcher.fetch(asked.url, manners=replace(QUICK, headers=asked.headers))
        if page is None:
            raise AssertionError("no validators were sent")
        if page.url != asked.url:
            return Answer(httpx.URL(asked.url), 302, [(b"location", page.url.encode())])
        return Answer(
            httpx.URL(page.url), 200, [(b"content-type", (page.content_type or "").encode())],
            page.body,
        )  # fmt: skip

    return ask


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    if chromium.find(None) is None:
        absent("Chromium")
    with closing(Browser(seconds=10, quiet=0.15)) as chrome:
        yield chrome


@pytest.fixture
def world() -> World:
    return World()


LIST = """<!doctype html><meta charset=utf-8><title>征求意见</title><ul id=rows></ul>
<script src=/list.js></script>"""
SCRIPT = """fetch("/api?page=1").then(r => r.json()).then(rows => rows.forEach(row =>
    rows_.insertAdjacentHTML("beforeend", `<li><a href="${row.href}">${row.title}</a></li>`)));
const rows_ = document.getElementById("rows");"""
ROWS = '[{"href": "/2026/1.html", "title": "关于路灯的公告"}, {"href": "/2026/2.html", "title": "灯具标准"}]'

# ------------------------------------------------------------ what is read


def test_a_list_that_scripts_build(chrome: Browser, site: Loopback, fetcher: Fetcher) -> None:
    site.routes.update({
        "/list.html": LIST,
        "/list.js": Reply(body=SCRIPT.encode(), content_type="text/javascript"),
        "/api": Reply(body=ROWS.encode(), content_type="application/json"),
    })  # fmt: skip
    page = chrome.render(site.url("/list.html#top"), through(fetcher), user_agent="watcher/1")
    assert '<li><a href="/2026/2.html">灯具标准</a></li></ul>' in text(page)
    assert text(page).startswith("<!DOCTYPE html><html>")
    assert (page.url, page.content_type) == (site.url("/list.html#top"), "text/html; charset=utf-8")
    assert site.paths() == ["/list.html", "/list.js", "/api?page=1"]


def test_one_zone_one_language_one_name(chrome: Browser, world: World) -> None:
    page = show(
        chrome,
        world,
        "<p id=p><script>p.textContent = [new Date(0).getHours(), navigator.language,"
        "navigator.userAgent, Intl.DateTimeFormat().resolvedOptions().timeZone]</script>",
    )
    assert "8,zh-CN,watcher/1 (test),Asia/Shanghai" in text(page)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (reply("<title>工信部</title>".encode("gbk"), "text/html; charset=gbk"), "工信部"),
        (reply('<meta charset="gb2312">工信部喆'.encode("gbk"), "text/html"), "工信部喆"),
        ("<script>document.title = '\\ud800灯'</script>", "\ufffd灯"),  # half a character
    ],
    ids=["by header", "by meta", "half a surrogate pair"],
)
def test_bytes_become_utf8(content: Content, shown: str, chrome: Browser, world: World) -> None:
    assert shown in text(show(chrome, world, content))


def test_what_is_no_html_comes_as_it_is_and_needs_no_browser(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHER_CHROMIUM", "no-such-program")
    with closing(Browser()) as none:
        page = show(none, world, reply(b"%PDF-1.7", "application/pdf"), "a.pdf")
    assert (page.body, page.content_type) == (b"%PDF-1.7", "application/pdf")


@pytest.mark.parametrize(
    ("html", "ends"),
    [
        ("<script>history.pushState(0, '', '/list/2?x=1#y')</script>", "list/2?x=1#y"),
        ("<script>location.hash = '/detail/7'</script>", "#/detail/7"),
        ("<script>location = '/new'</script>", "new"),
        ("<meta http-equiv=refresh content='0;url=/new'>", "new"),
        (reply(status=302, location="/hop"), "new"),
        (reply(status=301, location="/new#x</script>"), "new#x%3C/script%3E"),
    ],
)
def test_a_page_is_named_by_where_it_ended(
    html: Content, ends: str, chrome: Browser, world: World
) -> None:
    world.pages[HOME + "hop"] = reply(status=307, location="new")
    world.pages[HOME + "new"] = "<title>moved</title>"
    assert show(chrome, world, html).url == HOME + ends


def cookie_wall(how: str) -> Callable[[Question], Answer]:
    """What shields do: a cookie and another try. Who brings the cookie sees the page."""
    walls = {
        "script": reply("<script>document.cookie = 'pass=7'; location.reload()</script>"),
        "error": reply("<script>document.cookie = 'pass=7'; location.reload()</script>", status=521),
        "server": reply("<script>location.reload()</script>", set_cookie="pass=7; HttpOnly"),
        "redirect": reply(status=302, location=HOME, set_cookie="pass=7; Path=/"),
    }  # fmt: skip

    def answer(asked: Question) -> Answer:
        shown = dict(asked.headers).get("cookie")
        return reply("<p>behind the wall") if shown == "pass=7" else walls[how]

    return answer


@pytest.mark.parametrize("how", ["script", "error", "server", "redirect"])
def test_a_cookie_holds_for_one_rendering(how: str, chrome: Browser, world: World) -> None:
    assert "behind the wall" in text(show(chrome, world, cookie_wall(how)))
    assert len(world.asked) == 2


def test_no_cookie_holds_for_the_next(chrome: Browser, world: World) -> None:
    html = "<p id=p><script>p.append(document.cookie || 'none'); document.cookie = 'a=1'</script>"
    for _ in range(2):
        assert ">none<" in text(show(chrome, world, html))


def test_a_challenge_through_the_fetcher(chrome: Browser, site: Loopback, fetcher: Fetcher) -> None:
    def guarded(request: Request) -> Reply:
        if request.headers.get("cookie") == "pass=7":
            return Reply(body=LIST.encode())
        return Reply(body=b"<script>document.cookie='pass=7';location.reload()</script>")

    site.routes["/"] = guarded
    page = chrome.render(site.url("/"), through(fetcher), user_agent="watcher/1")
    assert "征求意见" in text(page)


def test_scripts_may_post_to_their_own_site_alone(chrome: Browser, world: World) -> None:
    def api(asked: Question) -> Answer:
        sent = dict(asked.headers)
        return reply(f"{asked.method} {asked.body.decode()} {sent['content-type']} {sent['token']}")

    world.pages[HOME + "api"] = api
    world.pages["http://www.oil.gov.cn/api"] = api
    page = show(
        chrome,
        world,
        """<script>
        const post = url => fetch(url, {method: "POST", body: '{"page":1}',
            headers: {"content-type": "application/json", token: "t"}});
        post("/api").then(r => r.text()).then(t => document.title = t);
        post("http://www.oil.gov.cn/api").catch(() => document.body.append("refused"));
        </script><form method=post action=/form></form><script>document.forms[0].submit()</script>""",
    )
    assert 'POST {"page":1} application/json t' in text(page)
    assert "refused" in text(page)
    assert world.addresses() == [HOME, HOME + "api"]


def test_a_redirect_of_a_part_is_followed_without_its_cookies(
    chrome: Browser, world: World
) -> None:
    world.pages[HOME + "lib.js"] = reply(status=302, location="https://cdn.example/lib.js")
    world.pages["https://cdn.example/lib.js"] = reply("document.title = 'came'", "text/javascript")
    page = show(
        chrome,
        world,
        "<script>document.cookie = 'a=1'; document.write('<script src=/lib.js></' + 'script>')</script>",
    )
    assert "<title>came</title>" in text(page)
    assert ["cookie" in dict(asked.headers) for asked in world.asked] == [False, True, False]


def test_what_has_no_text_is_not_asked_for(chrome: Browser, world: World) -> None:
    show(
        chrome,
        world,
        """<link rel=icon href=/i.ico><link rel=stylesheet href=/a.css><img src=/a.png>
        <style>@font-face { font-family: f; src: url(/f.woff) } p { font-family: f }</style><p>x
        <video src=/v.mp4 autoplay></video><script src=https://hm.baidu.com/hm.js></script>
        <script>navigator.sendBeacon("/bye"); new EventSource("/news")</script>""",
    )
    assert set(world.addresses()) == {HOME, HOME + "a.css"}, "some Chromiums ask a part twice"


def test_dialogs_and_windows_hold_nothing_up(chrome: Browser, world: World) -> None:
    page = show(
        chrome,
        world,
        "<script>alert(1); document.title = prompt() + '/' + confirm(); open('/advert'); "
        "onbeforeunload = () => 'stay'</script>",
    )
    assert "<title>null/false</title>" in text(page)
    assert world.addresses() == [HOME]


@pytest.mark.parametrize(
    "script",
    [
        "setInterval(() => document.body.append('x'), 20)",
        "const ask = () => fetch('/news').finally(() => setTimeout(ask, 100)); ask()",
    ],
    ids=["moves", "asks"],
)
def test_a_page_that_never_rests_is_read(
    script: str, world: World, monkeypatch: pytest.MonkeyPatch, chrome: Browser
) -> None:
    monkeypatch.setattr(rendering, "_PATIENT", 0.6)
    monkeypatch.setattr(rendering, "_SHARE", 0.25)
    world.pages[HOME + "news"] = reply("{}", "application/json")
    assert "<p>list" in text(show(chrome, world, f"<p>list<script>{script}</script>"))


def test_what_a_page_makes_of_its_functions_deceives_nobody(chrome: Browser, world: World) -> None:
    page = show(
        chrome,
        world,
        """<p>list<script>
        Object.defineProperty(Element.prototype, "outerHTML", {get: () => "a lie"});
        Array.prototype.map = JSON.stringify = Object.keys = Map = () => { throw 1 };
        </script>""",
    )
    assert "<p>list" in text(page)


# ------------------------------------------------------------ what it cannot reach


INSIDE = (
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://[::1]:9/",
    "http://metadata.invalid/",
    "file:///etc/passwd",
    "/to-metadata",
)


def test_a_page_that_reaches_inside_gets_nothing_and_is_read(
    chrome: Browser, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes["/to-metadata"] = Reply(status=302, headers=(("Location", INSIDE[0]),))
    site.routes["/"] = "<p>the list" + "".join(
        f"""<iframe src="{address}"></iframe><script src="{address}"></script>
        <script>fetch("{address}", {{mode: "no-cors"}})
            .then(() => document.title += "inside,", () => document.title += "refused,")</script>"""
        for address in INSIDE
    )
    page = chrome.render(site.url("/"), through(fetcher), user_agent="watcher/1")
    assert f"<title>{'refused,' * len(INSIDE)}</title>" in text(page)
    assert "the list" in text(page)


@pytest.mark.parametrize("how", ["redirect", "script"])
def test_a_page_that_leads_inside_is_refused(
    how: str, chrome: Browser, site: Loopback, fetcher: Fetcher
) -> None:
    inner = "http://169.254.169.254/latest/"
    site.routes["/"] = (
        Reply(status=302, headers=(("Location", inner),))
        if how == "redirect"
        else f"<script>location = '{inner}'</script>"
    )
    with pytest.raises(FetchError, match="not a public one"):
        chrome.render(site.url("/"), through(fetcher), user_agent="watcher/1")


WAYS_OUT = """<p>read<link rel=dns-prefetch href="//TCP"><link rel=preconnect href="http://TCP/">
<link rel=prefetch href="http://TCP/1"><link rel=manifest href="http://TCP/2">
<script type=speculationrules>{"prefetch": [{"source": "list", "urls": ["/ahead"]}]}</script>
<script>
const attempt = f => { try { f() } catch (e) { } };
attempt(() => new WebSocket("ws://TCP/"));
attempt(() => new WebTransport("https://UDP/"));
attempt(() => navigator.sendBeacon("http://TCP/3"));
attempt(() => fetch("http://TCP/4", {keepalive: true}).catch(() => 0));
attempt(() => new SharedWorker(URL.createObjectURL(new Blob(
    ["onconnect = () => 0; fetch('http://TCP/5'); new WebSocket('ws://TCP/6')"]))));
attempt(() => new Worker(URL.createObjectURL(new Blob(["new WebSocket('ws://TCP/7')"]))));
attempt(() => {
    const peer = new RTCPeerConnection({iceServers: [{urls: "stun:UDP"},
        {urls: "turn:TCP?transport=tcp", username: "a", credential: "b"}]});
    peer.createDataChannel("x");
    peer.createOffer().then(offer => peer.setLocalDescription(offer));
});
addEventListener("pagehide", () => navigator.sendBeacon("http://TCP/8"));
</script><a id=a href="#x" ping="http://TCP/9">a</a><script>a.click()</script>"""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_there_is_no_other_way_out(scheme: str, chrome: Browser, world: World) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", 0))
        ways = WAYS_OUT
        for name, sock in (("TCP", tcp), ("UDP", udp)):
            ways = ways.replace(name, f"127.0.0.1:{sock.getsockname()[1]}")
        address = f"{scheme}://www.lamps.gov.cn/"
        world.pages[address] = ways
        assert "<p>read" in text(chrome.render(address, world, user_agent="watcher/1"))
        arrived, _, _ = select.select([tcp, udp], [], [], 0.3)
        assert arrived == []


# ------------------------------------------------------------ what goes wrong


LATER = FetchError("api.lamps.gov.cn: no answer within 10 s", transient=True)


@pytest.mark.parametrize(
    ("html", "message", "transient"),
    [
        ("<script>fetch('//api.lamps.gov.cn/late')</script>", "api.lamps.gov.cn: no answer", True),
        ("<script>fetch('//api.lamps.gov.cn/busy')</script>", "HTTP 503", True),
        (reply("<script></script>", status=412), "HTTP 412, an anti-bot challenge", True),
        (reply("<script></script>", status=404), "HTTP 404", False),
        (LATER, "no answer", True),
        ("<script>location.reload()</script>", "from page to page without end", True),
        ("<script>for (let n = 0; n < 201; n++) fetch(`/x?${n}`)</script>", "more than 200", False),
        ("<a id=a download href='data:,x'></a><script>a.click()</script>", "a download", False),
        ("<p hidden id=p><script>p.append('x'.repeat(2e7))</script>", "larger than 20 MB", False),
        ("<p hidden id=p><script>p.append('灯'.repeat(7e6))</script>", "larger than 20 MB", False),
        ("<script>const a = []; for (;;) a.push(new Array(1e6).fill(.1))</script>", "crashed", True),
    ],
)  # fmt: skip
def test_faults(
    html: Content, message: str, transient: bool, chrome: Browser, world: World
) -> None:
    world.pages["http://api.lamps.gov.cn/late"] = LATER
    world.pages["http://api.lamps.gov.cn/busy"] = reply(status=503)
    with pytest.raises(FetchError, match=message) as e:
        show(chrome, world, html)
    assert e.value.transient is transient


def test_half_a_page_is_no_page(
    chrome: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: Question) -> Answer:
        time.sleep(2.5)
        return reply()

    monkeypatch.setattr(rendering, "_SHARE", 0.2)
    world.pages[HOME + "slow.js"] = slow
    with pytest.raises(FetchError, match="after 1 requests, 1 of them unanswered") as e:
        show(chrome, world, "<p>half<script async src=/slow.js></script>")
    assert e.value.transient
