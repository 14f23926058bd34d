"""Pages that stand in for the one asked for, and papers that only speak of such things.

The second table matters more: a paper that is refused by mistake is a paper missed.
"""

from time import monotonic

import pytest

from watcher.errors import ExtractError
from watcher.extract.condition import open_page
from watcher.extract.lists.listing import listing
from watcher.extract.paper.page import read_page
from watcher.extract.refusal import refuse
from watcher.model import Page
from watcher.settings import Rule

URL = "https://www.demo.gov.cn/x/"


def html(body: str, title: str = "", head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


MENU = "".join(f'<li><a href="/c{n}/">栏目名称{n}</a></li>' for n in range(24))
SCRIPT = '<script src="/4QbVtADbnLVIc/c.FxJzG50F.js" r="m"></script>'

CHALLENGES = {
    "EdgeOne": html("", head='<script>document.cookie="EO_Bot_Ssid="+a()+";path=/";location.reload()</script>'),
    "EdgeOne, later": html('<script>document.cookie="__tst_status="+(3*7)+"#;";go()</script>'),
    "加速乐, first answer": "<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname</script>",
    "加速乐, second answer": '<script>go({"bts":["1790000000.1|0|a"],"tn":"__jsl_clearance_s","vt":"3600"})</script>',
    "瑞数": html("", head='<meta content="xx" r="m"><script>$_ts=window["$_ts"]||{};$_ts.nsd=1;</script>' + SCRIPT),
    "瑞数, later": html('<input type="hidden" id="onload">', head=SCRIPT + "<script>_$cd(17)</script>"),
    "Cloudflare": html("<noscript>Enable JavaScript and cookies to continue</noscript>", "Just a moment..."),
    "Alibaba's slider": html('<div id="nc">请按住滑块，拖动到最右边</div><script src="//g.alicdn.com/sd/nch5/index.js"></script>'),
    "WeChat": html('<h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a href="javascript:">去验证</a>'),
    "a code to type": html('<form><img src="/c.jpg"><input name="code">请输入验证码后继续访问</form>', "安全检查"),
    "a check of persons": html("<p>为了您的访问安全，请进行人机身份验证</p>"),
    "asks for scripts": html("<noscript>本网站需要启用JavaScript才能正常访问</noscript><script>f()</script>"),
    "asks for scripts in English": html("<p>Please turn JavaScript on and reload the page.</p>"),
    "browser without scripts": html("<p>您的浏览器不支持JavaScript，请更换浏览器。</p>"),
}  # fmt: skip
BLOCKS = {
    "nginx 502": "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>",
    "nginx 504": html("<center><h1>504 Gateway Time-out</h1></center>", "504 Gateway Time-out"),
    "503 alone": html("<h1>503 Service Temporarily Unavailable</h1>"),
    "Tengine 405": html("<h1>405 Not Allowed</h1>Powered by Tengine", "405 Not Allowed"),
    "IIS 403": html("<h1>服务器错误</h1><h2>403 - 禁止访问: 访问被拒绝。</h2><h3>您无权使用所提供的凭据查看此目录或页面。</h3>"),
    "IIS 500": html("<h1>Server Error in '/' Application.</h1><h2>Runtime Error</h2>", "Runtime Error"),
    "Tomcat 500": html("<h1>HTTP Status 500 – Internal Server Error</h1>", "HTTP Status 500 – Internal Server Error"),
    "Cloudflare 1020": html("<h1>Error 1020</h1><p>Access denied. Ray ID: 7a</p>", "Access denied"),
    "Cloudflare block": html("<h1>Sorry, you have been blocked</h1><p>You are unable to access demo.cn</p>"),
    "maintenance": html("<h2>网站维护公告</h2><p>本网站于5月1日进行系统维护，期间暂停访问。</p>", "网站维护"),
    "maintenance, a sentence": html("<p>系统升级中，请稍后访问……</p>"),
    "maintenance, a picture": html('<img src="/w.jpg" alt="网站升级维护">', "网站升级维护中"),
    "maintenance among menus": html(f"<ul>{MENU}</ul><h2>系统维护中</h2>", "某某网"),
    "single sign-on": html('<form><input name="u"><input type="password"><input type="submit" value="登 录"></form>', "统一身份认证平台"),
    "single sign-on with a manual": html('<input type="password"><a href="/操作手册.docx">操作手册</a>', "统一身份认证平台"),
    "single sign-on, built by a script": html('<div id="app"></div>', "统一身份认证"),
    "session over, in a script": html('<script>alert("会话已过期，请重新登录！");top.location="/login.jsp"</script>'),
    "session over": html("<p>登录超时，请重新登录</p>"),
    "session over in English": html("<p>Session expired, please log in again.</p>"),
    "site closed": html("<p>该网站已关闭</p>", "站点已关闭"),
    "site stopped": html("<h1>抱歉，站点已暂停</h1><p>该站点已经被管理员停止运行。</p>", "没有找到站点"),
    "site moved": html("<p>网站已迁移，本站已停止服务。</p>"),
    "not registered": html("<p>该网站未备案，暂时无法访问</p>"),
    "firewall": html("<h1>网站防火墙</h1><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>", "网站防火墙"),
    "address refused": html("<p>您的IP地址不在允许访问范围内</p>"),
    "address on a list": html("<p>抱歉！您的IP 1.2.3.4 已被列入黑名单，禁止访问</p>"),
    "region": html("<p>Sorry, this site is not available in your region.</p>"),
    "too often": html("<p>操作太频繁，请稍后再试</p>"),
    "too many": html("<p>当前访问人数过多，请稍后再试！</p>"),
    "busy": html("<p>系统正忙，请稍候重试</p>", "系统提示"),
}  # fmt: skip
NOTHING = {
    "no such page": html('<h3>您访问的页面不存在或已被删除！</h3><a href="/">返回首页</a>', "错误页面"),
    "404": html("<p>抱歉，您要访问的页面找不到了</p><p>5秒后返回首页</p>", "404"),
    "in a sentence": html("<p>对不起，没有找到您要访问的页面</p>", "提示信息"),
    "among menus": html(f"<ul>{MENU}</ul><h2>页面不存在</h2>", "页面不存在"),
    "taken down": html("<h2>该内容已被发布者删除</h2>"),
    "against the rules": html("<h2>此内容因违规无法查看</h2>"),
    "an empty server": html("<h1>Welcome to nginx!</h1><p>The web server is working.</p>", "Welcome to nginx!"),
    "a shell for scripts": html('<div id="app"></div><script src="/static/app.1.js"></script>', "竹业平台"),
    "a shell that says so": html("<noscript>It doesn't work without JavaScript enabled.</noscript><div id=app></div>"),
    "a way elsewhere": html("", head='<meta http-equiv="refresh" content="0;url=/index.html">'),
}  # fmt: skip
STAND_INS = (
    [(page, "challenge") for page in CHALLENGES.values()]
    + [(page, "blocked") for page in BLOCKS.values()]
    + [(page, "empty") for page in NOTHING.values()]
)


@pytest.mark.parametrize(("body", "reason"), STAND_INS, ids=[*CHALLENGES, *BLOCKS, *NOTHING])
def test_what_stands_in_for_the_page(body: str, reason: str) -> None:
    page = Page(url=URL, body=body.encode())
    with pytest.raises(ExtractError) as as_list:
        listing(page, Rule())
    with pytest.raises(ExtractError) as as_paper:
        read_page(page)
    assert (as_list.value.reason, as_paper.value.reason) == (reason, reason)


def paper(title: str, body: str, below: str = "", head: str = "") -> str:
    crumbs = '<a href="/">首页</a> &gt; <a href="/tz/">通知公告</a>'
    return html(f"<div>{crumbs}</div><h1>{title}</h1>{below}<div>{body}</div>", title, head)


def rows(*titles: str, days: bool = True) -> str:
    made = (
        f'<li><a href="./t2026050{n}_1.html">{title}</a>{f"<i>2026-05-0{n}</i>" if days else ""}</li>'
        for n, title in enumerate(titles, 1)
    )
    return html(f"<ul>{''.join(made)}</ul>", "通知公告")


LOGIN_BOX = '<form>用户<input name="u">密码<input type="password"></form>'
DATED = "<p>发布时间：2026-04-28 来源：信息中心</p>"
GENUINE = {
    "three rows": rows("电梯维护保养规则", "网络安全防火墙技术要求", "统一身份认证接入规范"),
    "three rows without days": rows("电梯维护保养规则", "防火墙技术要求", "统一身份认证规范", days=False),
    "one row": rows("关于暂停服务收费的决定"),
    "rows of upgrades and logins": rows("系统升级期间暂停受理业务", "请登录新平台填报数据", "页面不存在怎么办"),
    "rows under a login box": LOGIN_BOX + rows("竹材分级的若干问题", "藤材分级的若干问题"),
    "an upgrade announced": paper("关于系统升级期间暂停服务的公告", "<p>5月1日起暂停服务，敬请谅解。</p>"),
    "an upgrade announced, dated": paper("信用信息公示系统升级公告", "<p>5月1日至3日进行系统升级。</p>", DATED),
    "maintenance, dated": paper("系统维护通知", "<p>各单位：5月1日进行系统维护。</p>", DATED),
    "lifts": paper("电梯维护保养规则", "<p>为了规范电梯维护保养工作，制定本规则。</p>"),
    "lifts, in a file": paper("电梯维护保养须知", '<a href="/download.jsp?id=3">附件</a>'),
    "gateways": paper("工业互联网网关技术要求", "<p>规定了网关的技术要求。</p>"),
    "firewalls": paper("信息安全技术 防火墙安全技术要求", "<p>代替旧版。</p>"),
    "single sign-on": paper("政务服务平台统一身份认证接入要求", "<p>一、总体要求</p>"),
    "faces": paper("人脸识别安全验证技术规范（征求意见稿）", "<p>意见请发邮箱 a@b.cn。</p>"),
    "how to log in": paper("网上办事大厅用户登录操作指南", "<p>首次使用须注册。</p>"),
    "log in to report": paper("年度报告填报说明", "<p>请登录国家平台填报，逾期不予受理。</p>"),
    "accounts": paper("互联网用户账号登录管理规定", "<p>自2026年5月1日起施行。</p>"),
    "restricted data": paper("限制访问类数据目录（2026年版）", "<p>一、地理信息；二、水文数据。</p>"),
    "a service paused": paper("暂停服务贸易若干措施的通告", "<p>自即日起执行。</p>"),
    "kilns closed": paper("关闭淘汰类砖瓦窑厂名单", "<p>共12家。</p>"),
    "a standard's number": paper("GB 502—2026 阻燃剂", "<p>代替 GB 502—2016。</p>"),
    "a voltage": paper("500 kV架空输电线路设计规范", "<p>自发布之日起实施。</p>"),
    "an announcement's number": paper("公告 2026年第403号", "<p>批准下列标准。</p>"),
    "404 drugs": paper("404种药品价格调整目录", "<p>见下表。</p>"),
    "information that does not exist": paper("政府信息不存在情形的认定规则", "<p>一、总则</p>"),
    "servers": paper("服务器错误注入测试方法", "<p>规定了注入的方法。</p>"),
    "codes to type": paper("网站验证码适老化改造要求", "<p>输入验证码的时限应当可以调整。</p>"),
    "platforms under construction": paper("数据平台建设期间资金管理办法", "<p>一、总则</p>"),
    "a login box beside": html(f"{LOGIN_BOX}<h1>竹材分级办法</h1><p>第一条 为了规范竹材分级，制定本办法。</p>"),
    "what a challenge leaves behind": paper("竹材进口", '<a href="./P02.pdf">全文</a>', head=SCRIPT),
    "standard meta": paper("网站维护须知", "<p>略</p>", head='<meta name="ArticleTitle" content="x">'),
    "a note for old browsers": paper("竹材分级", "<noscript>请启用JavaScript</noscript><p>全文如下。</p>", DATED),
    "platforms, built": paper("智慧水利平台建设", "<p>进展情况如下。</p>"),
    "platforms, taken down": paper("网贷平台下线清退情况", "<p>共12家。</p>"),
    "trading watched": paper("交易平台异常交易监测", "<p>监测情况如下。</p>"),
    "information systems": paper("信息系统运行维护", "<p>经费情况如下。</p>"),
    "somebody fined": paper("某公司因违规操作被处罚", "<p>罚款三万元。</p>"),
    "somebody barred": paper("处罚决定书送达", "<p>该公司三年内被限制参加政府采购。</p>"),
    "resources": paper("水资源文件失效", "<p>下列文件失效。</p>"),
    "the right to be forgotten": paper("如何行使个人信息删除权", "<p>向处理者提出请求。</p>"),
    "information that does not exist, a question": paper("政府信息不存在怎么答复", "<p>答：书面告知。</p>"),
    "cars": paper("汽车功能安全验证", "<p>申请人需要通过现场验证。</p>"),
    "English": html("<h1>Measures on site maintenance of grids</h1><p>In force from May 1, 2026.</p>"),
    "English, access": html("<h1>Notice on unauthorized access to data</h1><p>Published 6 May 2026</p>"),
}  # fmt: skip


@pytest.mark.parametrize("body", GENUINE.values(), ids=GENUINE)
def test_what_only_speaks_of_such_things(body: str) -> None:
    assert open_page(Page(url=URL, body=body.encode())).text == body


@pytest.mark.parametrize(
    "unit", ["<a>", "<a ", "<title", "<h1>", "<div", "<input", 'alert("', "关于", "javascript ", "<a >     "]
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "<script>{}</script>"])
def test_a_page_made_to_hurt_is_judged_in_no_time(unit: str, around: str) -> None:
    started = monotonic()
    try:
        refuse(around.format(unit * (300_000 // len(unit))), URL)
    except ExtractError as exc:
        assert URL in str(exc)
    assert monotonic() - started < 5  # a tenth of a second on an idle machine
