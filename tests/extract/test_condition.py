"""Pages that are not the page: refusals, challenges, cut and unreadable bytes, and look-alikes."""

import pytest

from tests.extract.shapes import SHAPES, page
from watcher.errors import ExtractError
from watcher.extract.condition import Form, form_of, open_page
from watcher.model import Page

URL = "https://www.demo.gov.cn/x/"


def reason(body: str | bytes) -> str | None:
    data = body.encode() if isinstance(body, str) else body
    try:
        open_page(Page(url=URL, body=data))
    except ExtractError as exc:
        return exc.reason.value
    return None


def html(body: str, title: str = "", head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )


LIST = SHAPES["one row only"].html
LONG = page("<p>" + "竹林经营应当遵守规划，不得擅自采伐。" * 120 + "</p>")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # nothing
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (html("<h1>404</h1><p>您访问的页面不存在</p>", "页面不存在"), "empty"),
        # refusals
        (html("<h1>网站维护中</h1><p>本网站将于2026年9月19日进行系统升级维护</p>", "网站维护中"), "blocked"),
        (html("<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>", "403 Forbidden"), "blocked"),
        (html("<center><h1>502 Bad Gateway</h1></center>", "502 Bad Gateway"), "blocked"),
        (html("<h1>504 Gateway Time-out</h1>The server didn't respond in time."), "blocked"),
        (html("<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>", "405"), "blocked"),
        (html("<p>您的访问过于频繁，请稍后再试</p>"), "blocked"),
        (html('<form><input name="u"><input type="password" name="p"><button>登录</button></form>', "统一身份认证"), "blocked"),
        (html('<form>账号<input name="u">密码<input type="password"></form>', "某某系统"), "blocked"),
        # challenges
        (html("", head="<script>window['$_ts']={};$_ts.nsd=95216;</script>"), "challenge"),
        (html("", head="<script>document.cookie='__tst_status='+1+'#';location.reload()</script>"), "challenge"),
        ("<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname</script>", "challenge"),
        ("<html><script>var arg1='A0';document.cookie='acw_sc__v2='+x</script></html>", "challenge"),
        (html("<noscript>Please enable JavaScript and refresh the page</noscript><script>go()</script>"), "challenge"),
        (html("<noscript>请启用JavaScript后继续访问</noscript>", "安全验证"), "challenge"),
        # cut off
        (LIST[: LIST.index("2026-05-05")], "truncated"),
        (LIST[: LIST.index("</ul><") + 4], "truncated"),
        (LIST[: LIST.index("</li></ul>", LIST.index("2026-05-05")) + 5], "truncated"),
        ("<!DOCTYPE html><html><head><script>var a = 1; function f() {", "truncated"),
        # unreadable
        (b"<html><body>" + bytes(range(128, 255)) * 40 + b"</body></html>", "undecodable"),
        (html("<p>대나무 관리 규정에 관한 공고입니다</p>").encode("euc-kr"), "undecodable"),
        # cut off inside a character
        (LIST.encode()[: LIST.encode().index("竹藤标准化".encode()) + 4], "truncated"),
        (LIST.encode("gbk")[: LIST.encode("gbk").index("竹藤标准化".encode("gbk")) + 3], "truncated"),
    ],
)  # fmt: skip
def test_what_is_not_the_page(body: str | bytes, expected: str) -> None:
    assert reason(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        LIST,
        LONG,
        LIST.replace("</body></html>", ""),
        LIST.replace("</html>", ""),
        LIST.replace("<div class='main'>", "</html><div class='main'>"),
        LIST.replace("</head>", "<script>if(a<b){document.cookie='x=1'}</script></head>"),
        LIST.replace("</body>", "<noscript>请启用JavaScript后继续访问</noscript></body>"),
        LIST.replace("</head>", "<script>var acw_sc__v2 = 1;</script></head>"),
        LONG.replace("</body>", '<form><input type="password"></form></body>'),
        html("<h1>关于系统升级维护的公告</h1><p>请登录新系统。</p>", "关于系统升级维护的公告"),
        html("<p>竹</p>", "竹材管理", head='<meta name="ArticleTitle" content="网站维护须知">'),
        '<div class="item"><a href="/a/20260505.html">关于竹材的通知</a></div>',
        html('<div id="app"></div><noscript>please enable JavaScript</noscript>', "竹业平台"),
    ],
)
def test_what_only_looks_like_it(body: str) -> None:
    assert reason(body) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<!-- a --><?xml version='1.0'?>\n<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", Form.FEED),
        ("<rdf:RDF xmlns='x'>", Form.FEED),
        ("<CHANNEL><ITEM/></CHANNEL>", Form.FEED),
        ('<feed xmlns="http://www.w3.org/2005/Atom">', Form.FEED),
        ('<?xml version="1.0"?><!DOCTYPE html><html>', Form.HTML),
        ("<ns0:feed xmlns:ns0='http://www.w3.org/2005/Atom'>", Form.FEED),
        ("<b>Warning</b>: x in a.php<br/>\n<?xml version='1.0'?><rss version='2.0'>", Form.FEED),
        ("<b>Warning</b>: x in a.php<br/>\n<?xml version='1.0'?><html>", Form.HTML),
        ("<rssfeed>", Form.HTML),
        ('{"a": 1}', Form.JSON),
        ("[1]", Form.JSON),
        ("jQuery123_4({})", Form.JSON),
        ("plain words", Form.HTML),
    ],
)
def test_forms(text: str, form: Form) -> None:
    assert form_of(text) is form
