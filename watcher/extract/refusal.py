"""Whether a page stands in for the one asked for: a challenge, a login, an error, a closed site.

Refusing a paper by mistake loses it, and papers are written about maintenance, logins and firewalls
too. So a page that bears the signs of a paper or of a list is never refused, and what is looked for
are sentences that only a refusal says, not words.
"""

import re
from itertools import islice

from watcher.errors import ExtractError, Reason
from watcher.extract.walk import Run, runs

_SHORT = 300  # visible characters of a page that a script is still to build, or of a lone sentence
_NOTICE = 1500  # visible characters of the longest refusal, login or maintenance page
_BLANK = 40
_ONE_THING = 24  # characters of a heading that says nothing else

_META = re.compile(r"""name=["']?(?:ArticleTitle|PubDate)\b""", re.I)
_PAPER = re.compile(
    r"关于.{2,80}(?:公告|通知|通告|通报|意见|决定|办法|规定|函|批复|报告|说明|解释|令)"
    r"|[〔\[（(]20\d\d[〕\]）)]\s*\d{1,5}\s*号|第[一二三四五六七八九十百0-9]{1,5}条"
    r"|(?:发布|印发|成文|发文|生成)(?:时间|日期)|来\s{0,4}源\s*[：:]|发文字号|发文机关|索\s{0,4}引\s{0,4}号"
)
_NAMED = re.compile(  # what notices of maintenance are called, 公告 and 通知, is not among them
    r"(?:办法|规定|规则|规范|细则|条例|标准|要求|方法|目录|名录|名单|清单|指南|方案|规划|计划|意见|决定|通报|批复|函|纲要"
    r"|准则|指引|制度|预案|导则|程序|措施|解读|安排|事项)(?:\s*[（(][^（）()]{1,20}[）)])?$"
)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)\b|download|附件", re.I)
_DAY = re.compile(r"20\d\d\s?[-/.年]\s?\d")
_TITLED = 8  # characters of the shortest title of a paper
_NEAR = 16  # characters between a row's title and its day

# One sign of each product is enough, on a page that shows nothing.
_CHALLENGE = re.compile(
    r"EO_Bot_Ssid|__tst_status"  # Tencent EdgeOne (mohrss)
    r"|__jsl_clearance|__jsluid"  # 知道创宇加速乐 (mps)
    r"""|\$_ts\b|_\$_ts|\sr=["']?m["'\s>]"""  # 瑞数 (nhc, nmpa)
    r"|acw_sc__v2|arg1\s*=|g\.alicdn\.com/(?:sd|captcha)"  # Alibaba
    r"|WZWS|wzwschallenge"  # 网站卫士 (pbc)
    r"|/cdn-cgi/challenge|cf[-_]chl|Just a moment"
    r"|_waf_|safedog|yunsuo_session",
    re.I,
)
_ASKS_CHECK = re.compile(
    r"^(?:安全|滑动|访问|行为|身份)验证(?:$|[，。！页中])|人机[^。<>]{0,4}验证|去验证|环境异常"
    r"|完成[^。<>]{0,10}验证[^。<>]{0,4}(?:后|即可|以)[^。<>]{0,8}(?:访问|浏览|继续)"
    r"|(?:按住|拖动)[^。<>]{0,8}滑块|请输入[^。<>]{0,8}验证码|verify (?:that )?you are (?:a )?human",
    re.I,
)
_ASKS_SCRIPT = re.compile(
    r"(?:enable|turn on|activate|requires?|turn|need)\s+java\s?script"
    r"|java\s?script\s+(?:is\s+)?(?:disabled|required|on\b)"
    r"|(?:启用|开启|打开|允许|支持)\s*java\s?script|java\s?script.{0,8}(?:禁用|未启用|未开启)",
    re.I,
)
_RELOADS = re.compile(r"document\.cookie\s*=|location\.reload\s*\(", re.I)
_APP_SHELL = re.compile(r"""<div[^<>]{1,300}id=["']?(?:app|root|__next|__nuxt)["'\s>]""", re.I)
_ALERT = re.compile(r"""alert\(\s*["']([^"'<>]{2,100})""")

_STATUS = (
    r"^(?:(?:http|error|status|错误|代码)\W{0,3}){0,3}(?:40[0135-9]|429|50\d|52\d)\W{0,4}"
    r"(?:$|forbidden|unauthorized|not allowed|method|too many|bad|gateway|service|internal|server|error|time"
    r"|错误|禁止|拒绝|访问|服务)"
)
_IN_ENGLISH = (
    r"^\W*unauthorized(?: access)?\W*$"
    r"|\b(?:access (?:is |was )?(?:denied|forbidden|restricted)|permission denied|403 forbidden|bad gateway"
    r"|gateway time-?out|service (?:temporarily )?unavailable|server error|too many requests"
    r"|request (?:was |has been )?(?:blocked|rejected|denied)|request could not be satisfied"
    r"|(?:you|ip) [^.]{0,30}(?:blocked|banned)|(?:under|down for|scheduled) maintenance"
    r"|(?:please|must) (?:log|sign) ?in|session (?:has )?(?:expired|timed out)"
    r"|not available in your (?:region|country))\b"
)
_REFUSED = (
    r"(?:您|你|该|此|当前|本次)[^。！<>]{0,12}(?:访问|请求|操作|IP|URL|地址)[^。！<>]{0,40}(?:被|遭)[^。！<>]{0,12}"
    r"(?:拦截|拒绝|阻断|禁止|限制|封禁|列入黑名单)"
    r"|(?:访问|请求)已?被(?:拦截|拒绝|阻断|禁止|限制)|(?:访问|请求|操作)(?:过于频繁|太频繁|频率过|过快|超时)"
    r"|(?:访问|请求)(?:受限|受到限制|异常|出错|失败)|(?:禁止|拒绝|限制|无法|不能|暂停)访问(?:$|[，。！：:\s本该])"
    r"|IP[^。<>]{0,16}不在[^。<>]{0,10}范围|(?:您|你)[^。<>]{0,8}(?:无权|没有权限|暂无权限)|(?:没有|无)访问权限|权限不足"
    r"|访问(?:人数|量)过[多大]|(?:请求|提交)[^。<>]{0,20}不合法|(?:请|并|，)稍[后候](?:再|重)?(?:新)?(?:试|访问|刷新|登[录陆])"
)
_LOGIN = (
    r"(?:请|需要|必须)(?:您)?(?:先|重新)?登[录陆](?:系统|平台|账号)?(?:后|$|[，。！,.!\s])"
    r"|(?:登[录陆]|会话)[^。<>]{0,6}(?:超时|过期|失效)"
)
_WORKS = "(?:维护|升级|检修|改版|调试)"
_SITE = "(?:本?网站|[本该]站|站点|[本该](?:系统|平台)|网页|页面)"
_UNWELL = (
    r"(?:系统|平台|服务器?|网页|页面)(?:内部|正|现)?(?:错误|异常|不可用|繁忙|忙|开小差|出错)(?:$|[，。！：:\s请])|网关(?:超时|错误)"
    rf"|{_SITE}[^，。！<>]{{0,12}}{_WORKS}(?:中|期间|公告|通知|提示|$|[，。！…\s])|{_SITE}[^，。！<>]{{0,6}}建设中"
    rf"|{_SITE}[^，。！<>]{{0,30}}进行[^，。！<>]{{0,12}}{_WORKS}"
    rf"|(?:系统|平台|服务器?)[^，。！<>]{{0,6}}{_WORKS}(?:中|期间|公告|通知|提示)|^(?:系统|平台|服务器?)(?:正在)?(?:{_WORKS}){{1,2}}$"
    rf"|{_SITE}[^，。！<>]{{0,8}}(?:关闭|停用|关停|下线|停止(?:服务|运行|访问)|暂停(?:服务|访问|使用|$))"
    rf"|(?:没有找到|未找到)站点|{_SITE}[^，。！<>]{{0,4}}(?:未|没有)备案|^(?:网站|云|web\s?应用)?防火墙$"
)
_BLOCKED = re.compile("|".join((_STATUS, _IN_ENGLISH, _REFUSED, _LOGIN, _UNWELL)), re.I)
_LOGIN_HEAD = re.compile(r"^.{0,16}(?:统一(?:身份)?认证|登[录陆])(?:平台|系统|中心|页面?|界面)?$")
_PASSWORD = re.compile(r"""<input[^<>]{1,300}type=["']?password""", re.I)
_GONE = re.compile(
    r"^(?:error\W{0,3}|错误\W{0,3})?404(?:$|\s|\W*not found)|^not found$|welcome to (?:nginx|tengine|openresty)"
    r"|\b(?:page|file|url|resource) (?:was )?(?:not found|does not exist|has been removed)"
    r"|(?:页面|网页|文章|链接|(?:访问|查看|浏览|请求|查找)的(?:信息|内容|文件))[^。，<>]{0,6}"
    r"(?:不存在|找不到|未找到|失效|走丢|(?:已|被)[^。，<>]{0,8}删除)"
    r"|(?:找不到|没有找到|未找到)[^。，<>]{0,12}(?:页面|网页|文章)|内容(?:已|被)[^。，<>]{0,8}删除|内容因违规",
    re.I,
)
_HEAD = re.compile(r"<(title|h[1-3])\b[^<>]{0,300}>", re.I)


def refuse(html: str, url: str) -> None:
    """Raise ExtractError challenge, blocked or empty when `html` stands in for the page."""
    seen = runs(html, _NOTICE)
    size = sum(len(run.text) for run in seen)
    if size >= _NOTICE or _META.search(html) or _lists(seen):
        return
    heads = _heads(html)
    if _PAPER.search("\n".join([*heads, *(run.text for run in seen)])):
        return
    links = html.lower().count("<a ")
    if links < 8 and _PASSWORD.search(html):
        raise ExtractError(Reason.BLOCKED, f"{url!r} is a login page")
    # a login page offers its manual; nothing else that stands in for another has files
    files = any(run.link and _FILE.search(run.link + run.text) for run in seen)
    if files or any(map(_NAMED.search, heads)):
        return
    # among many links a long heading is one of the site's own
    said = [head for head in heads if links < 20 or len(head) <= _ONE_THING]
    if size < _SHORT and links < 8:  # what stands in links is said of other pages
        said.append(" ".join(run.text for run in seen if not run.link))
    if size < _BLANK:
        said += _ALERT.findall(html)[:3]
    if size < _SHORT:
        _refuse_check(html, size, said, url)
    if hit := next((s for s in said if _BLOCKED.search(s)), None):
        raise ExtractError(Reason.BLOCKED, f"{url!r} answered {hit[:60]!r} instead of the page")
    if any(map(_GONE.search, said)):
        raise ExtractError(Reason.EMPTY, f"{url!r} says that there is no such page")
    if (size < _BLANK or "<input" in html.lower()) and any(map(_LOGIN_HEAD.search, said)):
        raise ExtractError(Reason.BLOCKED, f"{url!r} is a login page")


def _lists(seen: list[Run]) -> bool:
    """Whether there is a row of a list: a link with a title, and a day in it or beside it."""
    for before, run, after in zip([None, *seen], seen, [*seen[1:], None], strict=False):
        if run.link and len(run.text) >= _TITLED:
            beside = (before.text[-_NEAR:] if before else "", after.text[:_NEAR] if after else "")
            if any(map(_DAY.search, (run.text, *beside))):
                return True
    return False


def _heads(html: str) -> list[str]:
    """The title and the first two headings."""
    found: list[str] = []
    for opened in islice(_HEAD.finditer(html), 3):
        inner = html[opened.end() : opened.end() + _SHORT]
        inner = re.split(rf"</{opened[1]}", inner, maxsplit=1, flags=re.I)[0]
        if text := " ".join(run.text for run in runs(inner, _SHORT)):
            found.append(text)
    return found


def _refuse_check(html: str, size: int, said: list[str], url: str) -> None:
    """Refuse a page that lets only browsers or people in."""
    if sign := _CHALLENGE.search(html):
        raise ExtractError(Reason.CHALLENGE, f"{url!r} sent a script check ({sign[0].strip()!r})")
    if hit := next((s for s in said if _ASKS_CHECK.search(s)), None):
        raise ExtractError(Reason.CHALLENGE, f"{url!r} wants a person: {hit[:60]!r}")
    if _ASKS_SCRIPT.search(html) and not _APP_SHELL.search(html):
        raise ExtractError(Reason.CHALLENGE, f"{url!r} asks for a browser with JavaScript")
    if size < _BLANK and _RELOADS.search(html):
        raise ExtractError(Reason.CHALLENGE, f"{url!r} sent a script that reloads the page")
