"""Stage, round and document type of a Chinese title, with the address and text as further witnesses."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from watcher.facts.deadline import comment_deadline
from watcher.facts.number import find_number
from watcher.facts.spanned import Spanned
from watcher.facts.title import Title, strip_tail
from watcher.model import DocType, Stage
from watcher.text import cn_number

# ---------------------------------------------------------------- stage

_BRIEFING = re.compile(r"新闻办|国新办|新闻发布会|(?<!颁)发布会")
_EXPLAINS = re.compile(
    r"解读|解析|详解|答记者问|记者问|读懂|图解|一图|政策问答|政策解答|政策吹风会|例行吹风会|常见问题|热点解答|"
    r"有问必答|百问百答|明白纸|编制说明|起草说明|施工图|路线图"
)
_ANSWERS_COMMENTS = re.compile(
    r"(?:意见|建议)(?:和建议|建议)?[的及和与其]{0,2}(?:采纳|吸收|反馈|处理|办理|汇总|公开征求){0,2}"
    r"(?:情况|结果|处理表|汇总表|一览表)|采纳情况|意见的?(?:反馈|答复|回复)$"
)
_CALLED_OFF = re.compile(r"(?:终止|撤回)对?《[^》]*意见稿[）)]?》|终止(?:公开)?征[求集]意见")
# 关于规范公开征求意见工作的通知 rules how to call, and calls for nothing
_ON_CALLING = re.compile(
    r"征[求集]意见(?:工作)?的?(?:制度|机制|程序|规则|办法|规定|指南)|"
    r"(?:做好|规范|加强|改进|完善)[^，。]{0,30}征[求集]意见工作的"
)
_CALLS_FOR_COMMENTS = re.compile(
    r"(?:征求|征集|征询|听取)[^，。]*?(?:意见|(?<!立项|项目|选题|课题|计划)建议)|报批意见|标准[^《》，。]{0,12}报批稿?的?公示|意见征[集询]|"
    r"公开征[求询]|征[求询]意见|(?:欢迎|(?<![申提])请)[^，。]{0,60}提出[^，。]{0,8}(?:意见|建议)"
)
# 印发《公开征求意见工作规则》 names no draft: inside 《》 the mark of one is 稿 or 草案
_DRAFT_MARK = re.compile(r"公开征求意见(?![^《》]*》)|送审稿|草案.{0,3}征求|意见稿")
# 能源法（草案）, 公园法（草案二次审议稿）, 规范条件（公示稿）; but not what a meeting passed or a notice issues
_DRAFT_NAME = re.compile(
    r"(?:草案|修[订正]草案|讨论稿|报批稿|公示稿)"
    r"(?:[（(]?[一二三四]次审议稿[）)]?)?(?=\s*(?:[》）)】\]”]|$))"
)
_NO_CALL = re.compile(
    r"通过|审议(?!稿)|印发|讨论(?!稿)|发布《|公布《|颁布|(?:说明|议案|报告|审查意见|审议结果)$"
)
_APPOINTS = re.compile(
    r"任免|任命|免去|职务任免|任职的?(?:通知|决定)?$|免职|人事(?:任免|变动)|干部任职"
)
_SPEAKS = re.compile(r"讲话|致辞|演讲|贺信|贺电|署名文章|发言(?:全文)?$|主旨发言")
_BATCH = r"[（(]第[一二三四五六七八九十百零〇\d]+批[）)]"
_ENDS = r"(?:[（(][^）)]*[）)])?(?:》|、|的?(?:通知|公告|通告|公示|函)|$)"
_NAMES_CHOSEN = re.compile(
    r"名单|拟(?:入选|认定|推荐|支持|立项|发布|表彰|确定|批准)|公示|入围|入选|"
    rf"(?:公布|发布|印发|推介|通报)[^，。]*(?:结果|案例|清单){_ENDS}|{_BATCH}{_ENDS}"
)
_INVITES = re.compile(
    r"(?:申报|推荐(?!性)|遴选|评选|征集|征文|报名|招募|招聘|招录|揭榜)[^《》，。]{0,24}"
    r"(?:通知|公告|通告|启事|工作|函|邀请)|组织(?:开展|申报)?[^《》，。]{0,60}(?:申报|认定|遴选|推荐(?!性)|评选|征集|揭榜)|"
    r"关于(?:组织|开展|做好)?(?:申报|推荐(?!性)|遴选|征集)[^《》，。]{1,80}的(?:通知|公告|通告|函)$|"
    r"揭榜挂帅|申报指南的?(?:通知|公告)|项目指南的?(?:通知|公告)|(?:招标|招募|招聘)(?:公告|启事)|受理.*申请"
)
_LISTS = re.compile(rf"《[^》]*{_BATCH}》")  # 印发《…示范项目清单（第一批）》
_CHOSEN = re.compile(r"公布|公示|名单|结果|通过|入围|入选")
_FORM = re.compile(
    r"(?:通知|公告|通告|意见|决定|批复|复函|函|命令|规定|办法|细则|条例|规则|准则|方案|规划|计划|纲要|"
    r"指南|指引|指导原则|导则|规范|规范条件|标准|规程|目录|清单|措施|要点|决议|法|令|公报|建议|倡议|要求)$"
)
_ABOUT = re.compile(
    r"关于[^？！]+的(?:通知|意见|决定|公告|通告|批复|复函|函|规定|报告|令|决议|命令|指导意见|实施意见)"
)
_NOTICE = re.compile(r"关于.+的(?:通知|意见|决定|公告|通告|批复|复函|函|规定|令|决议|命令)$")
_ISSUES = re.compile(r"(?:印发|发布|公布|颁布|出台)《|令[（(]?第|第\d+号令|公告\d{4}年第|公告〔")

_NEWS_WORDS = re.compile(
    r"[？！]$|^访|——访|举行|举办|召开|出席|会见|调研|强调|[:：](?!.*(?:意见稿|草案))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A stage and how it was found: `certain` when the title says it outright."""

    stage: Stage
    certain: bool
    at: tuple[int, int] | None = None
    """Where `Title.whole` says it; None when nothing there does, or the column decided."""


def stage_of(title: Title, url: str | None = None) -> Reading:
    """Return the stage a Chinese title speaks of.

    Marks outside 《》 go before marks inside: 《X（征求意见稿）》解读 explains. A title without any form
    of a paper is news, or what the site's column says (see `column_of`).
    """
    outer, whole = title.outer, title.whole
    column = column_of(url)
    if (sure := _sure_stage(title)) is not None:
        return Reading(stage=sure.value, certain=True, at=(sure.start, sure.end))
    about = _ABOUT.search(outer)
    paper = about or _ISSUES.search(outer)
    numbered = paper is None and find_number(whole) is not None
    if (paper or numbered) and column is not Stage.INTERPRETATION:
        at = title.in_whole(*paper.span()) if paper else None
        return Reading(stage=Stage.FINAL, certain=bool(about), at=at)
    if column in (Stage.INTERPRETATION, Stage.NEWS):
        talk = column is Stage.NEWS or _NEWS_WORDS.search(outer)
        return Reading(stage=Stage.NEWS if talk else Stage.INTERPRETATION, certain=False)
    form = _FORM.search(strip_tail(whole).rstrip("》"))
    if paper or numbered or form or column is Stage.FINAL:
        at = form.span() if form else None
        return Reading(stage=Stage.FINAL, certain=False, at=at)
    return Reading(stage=Stage.NEWS, certain=False)


def _sure_stage(title: Title) -> Spanned[Stage] | None:
    """The stage a mark of the title names beyond doubt, and where in `title.whole`."""
    outer, whole = title.outer, title.whole

    def said(stage: Stage, mark: re.Match[str]) -> Spanned[Stage]:
        return Spanned(stage, *title.in_whole(*mark.span()))

    notice = bool(_NOTICE.search(strip_tail(outer)))  # 关于做好政策解读工作的通知 explains nothing
    if not notice and (mark := _BRIEFING.search(outer)):
        return said(Stage.NEWS, mark)
    if not notice and (mark := _EXPLAINS.search(outer)):
        return said(Stage.INTERPRETATION, mark)
    if mark := _ANSWERS_COMMENTS.search(outer):
        return said(Stage.NEWS, mark)
    if mark := _CALLED_OFF.search(whole):
        return Spanned(Stage.NEWS, *mark.span())
    on_calling = not title.books and _ON_CALLING.search(outer)
    if not on_calling and (mark := _CALLS_FOR_COMMENTS.search(outer)):
        return said(Stage.DRAFT, mark)
    if not on_calling and (mark := _DRAFT_MARK.search(whole)):
        return Spanned(Stage.DRAFT, *mark.span())
    if (mark := _DRAFT_NAME.search(whole)) and not _NO_CALL.search(outer):
        return Spanned(Stage.DRAFT, *mark.span())
    if mark := _APPOINTS.search(outer):
        return said(Stage.APPOINTMENT, mark)
    if (mark := _INVITES.search(outer)) and not _CHOSEN.search(outer):
        return said(Stage.CALL, mark)
    if mark := _NAMES_CHOSEN.search(outer):
        return said(Stage.LIST, mark)
    if mark := _LISTS.search(whole):
        return Spanned(Stage.LIST, *mark.span())
    return said(Stage.SPEECH, mark) if (mark := _SPEAKS.search(outer)) else None


_BARE_NOTICE = re.compile(r"关于.+的(?:公告|通告|通知|函|公示)$")


def is_notice(title: Title) -> bool:
    """Whether a title is a bare 关于…的公告 or 通知, which may issue a paper or call for comments."""
    return bool(_BARE_NOTICE.search(strip_tail(title.outer)))


# What a column of a ministry's site holds, by the names its addresses use: zcjd 政策解读, yjzj 意见征集,
# zcfb 政策发布; gov.cn keeps papers under /zhengce/zhengceku/ and /gongbao/, articles on policy under
# /zhengce/YYYYMM/ and current affairs under /yaowen/.
_COLUMNS = (
    (Stage.INTERPRETATION, re.compile(r"/(?:zcjd|zcjiedu|jiedu|zcwd|jdhy|xwfbh_jd)/")),
    (Stage.DRAFT, re.compile(r"/(?:yjzj|zqyj|yjzq|zjdc|gkzqyj)/")),
    (
        Stage.FINAL,
        re.compile(r"/(?:zhengceku|gongbao|zcfb|zcwj|wjfb|fzggwl|ghxwj|gfxwj|gkml|gkmlpt)/"),
    ),
    (Stage.NEWS, re.compile(r"/(?:yaowen|xwdt|xwfb|jiaotongyaowen|gzdt|news)/")),
    (Stage.INTERPRETATION, re.compile(r"gov\.cn/zhengce/\d{4}-?\d{2}/")),
)


def column_of(url: str | None) -> Stage | None:
    """What the column an address lies in usually holds, or None when its path does not tell."""
    if not url:
        return None
    parts = urlsplit(url)
    path = f"{parts.hostname or ''}{parts.path.lower()}"
    return next((stage for stage, pattern in _COLUMNS if pattern.search(path)), None)


_TEXT_CALLS = re.compile(
    r"(?:现|拟|予以|特此|特)[^。\n]{0,24}(?:公开)?(?:征求|征集|征询|听取)[^。\n]{0,24}意见"
    r"|(?:请|欢迎)[^。\n]{0,40}(?:提出|反馈)[^。\n]{0,16}(?:意见|建议)"
)
_TEXT_ISSUES = re.compile(
    r"现(?:将[^。\n]{0,80})?(?:印发|发布|公布|通知|公告)(?:给你们|如下)|现予以?(?:印发|发布|公布)|"
    r"现(?:印发|发布|公布)[^。\n]{0,30}(?:施行|执行|实施)"
)
_TEXT_HEAD = 3000


def stage_in_text(text: str) -> Spanned[Stage] | None:
    """The stage a notice's own words give in its opening, when the title was silent."""
    head = text[:_TEXT_HEAD]
    if mark := _TEXT_CALLS.search(head):
        return Spanned(Stage.DRAFT, *mark.span())
    return Spanned(Stage.FINAL, *mark.span()) if (mark := _TEXT_ISSUES.search(head)) else None


_TEXT_OPENING = 1500
_TEXT_SEEKS = re.compile(
    r"(?<!经)(?<!已)(?<!曾)(?:公开|广泛|书面)?征[求集询](?!了|到)[^。\n]{0,40}?意见"
    r"(?!稿|[^。\n]{0,6}(?:基础上|情况|结果)|后)|征求意见稿"
)
_TEXT_ASKS = re.compile(
    r"(?:(?<![申提])请|欢迎|(?<![许认])可)[^。\n]{0,80}(?:(?:提出|反馈|提交)[^。\n]{0,40}(?:意见|建议)"
    r"|(?:意见|建议)[^。\n]{0,60}(?:反馈|寄|发送|提交))"
)
_TEXT_SENDS_DRAFT = re.compile(r"征求意见稿[^。\n]{0,12}印发")


def calls_in_text(text: str, published: date | None) -> Spanned[Stage] | None:
    """Where a notice's opening calls for comments beyond doubt, whatever its title says, or None.

    It must both speak of seeking opinions (or of a 征求意见稿) and ask for them or set a last day;
    a notice that issues a paper and welcomes opinions on the way does not.
    """
    head = text[:_TEXT_OPENING]
    seeks = _TEXT_SEEKS.search(head)
    if not seeks or (_TEXT_ISSUES.search(head) and not _TEXT_SENDS_DRAFT.search(head)):
        return None
    asks = bool(_TEXT_ASKS.search(head)) or comment_deadline(head, published) is not None
    return Spanned(Stage.DRAFT, *seeks.span()) if asks else None


_TH = r"第?(?P<n>[二三四五2345])"
_OPENLY = r"(?:向社会|面向社会|全社会|公开|书面|网上){0,3}"
_SEEKS = rf"(?:(?:就|对|将|关于)?《》[^，。]{{0,8}})?{_OPENLY}(?:征求|征集|征询|听取|意见稿|意见征)"
# 第二次全国土壤普查 and 第二轮土地承包 are no rounds: the count stands right at what it counts
_ROUND_SAID = (re.compile(rf"{_TH}[次轮]{_SEEKS}"), re.compile(rf"(?:再次|再度|重新){_SEEKS}"))
_ROUND_NAMED = re.compile(
    rf"{_TH}次?审(?:议)?稿|(?:稿|草案)[）)]?[（(]?{_TH.replace('<n>', '<of>')}[次轮稿版]|"
    rf"[（(]{_TH.replace('<n>', '<draft>')}次?稿[）)]"
)


def round_of(title: Title) -> Spanned[int] | None:
    """2 for a second call for comments (再次, 第二次, 二次征求意见稿), 3 for a third; None for a first.

    Readings of a law's draft count too: 草案二次审议稿 is its second.
    """
    for said in _ROUND_SAID:
        if mark := said.search(title.outer):
            at = title.in_whole(*mark.span())
        elif mark := said.search(title.whole):  # 《X（第二次征求意见稿）》
            at = mark.span()
        else:
            continue
        return Spanned(cn_number(mark["n"]) if said.groups else 2, *at)
    if mark := _ROUND_NAMED.search(title.whole):
        return Spanned(cn_number(mark["n"] or mark["of"] or mark["draft"]), *mark.span())
    return None


# ---------------------------------------------------------------- document type

_NOUNS: tuple[tuple[DocType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{words})$"))
    for kind, words in (
        (DocType.OPINIONS, "(?<!征求|征集|征询|反馈)意见"),
        (DocType.GUIDELINE, "指南|指引|指导原则|裁量基准|操作手册|手册"),
        (DocType.RULES, "规则|准则|规范条件|守则|章程|管理规范|行为规范|服务规范"),
        (DocType.STANDARD, "标准|规范|规程|导则|技术要求|管理要求|技术规格"),
        (DocType.REGULATIONS, "条例|决定"),
        (DocType.MEASURES, "办法|规定|细则"),
        (DocType.PLAN, "规划|计划|方案|纲要|行动|战略|蓝图|路线图"),
        (DocType.CATALOGUE, "目录"),
        (DocType.LIST, "名单|清单"),
        (DocType.LAW, "(?<![办语做方])法|法典"),
        (DocType.REPLY, "批复|复函|答复"),
        (DocType.ANNOUNCEMENT, "公告|通告|公示|决议|公报"),
        (DocType.LETTER, "函"),
        (DocType.NOTICE, "通知|要点|措施|通报|任务"),
        (DocType.MEASURES, "令"),
    )
)
_STANDARDS = re.compile(
    r"(?:国家|行业|职业|团体|强制性|推荐性)[^《》，。]{0,8}标准|标准[^《》]{0,8}(?:报批|公示|立项)"
)
_BATCH_OF_STANDARDS = re.compile(r"》等?[^《》]{0,6}\d*项?[^《》]{0,12}标准")
_STATE_COUNCIL = re.compile(r"^(?:中华人民共和国)?国务院(?:办公厅)?(?:关于|令)")
_CALL_BEHIND = re.compile(
    r"(?:向社会|面向社会)?(?:公开)?(?:征求|征集|征询)意见$"
)  # X法（草案）征求意见
_ORDERS = re.compile(
    r"令[^（(《]{0,20}号\s*[（(]([^（(）)]+)[)）]$"
)  # 某部令〔2026〕第2号（某办法）
_PASSES_ON = re.compile(r"转发.{2,40}关于.+?(意见|方案|办法)的通知")
_PART = re.compile(r"\s*(?:第[一二三四五六七八九十\d]+部分|——|—)")  # …指导原则 第3部分：三维内窥镜


def _by_noun(name: str, at: int) -> Spanned[DocType] | None:
    """The form that the last noun of a name tells; the name begins at `at` of a title."""
    name = strip_tail(strip_tail(_CALL_BEHIND.sub("", name)).rstrip("》").rstrip())
    for kind, noun in _NOUNS:
        if found := noun.search(name):
            return Spanned(kind, at + found.start(), at + found.end())
    part = _PART.search(name)
    return _by_noun(name[: part.start()], at) if part else None


_BY_STAGE = {
    Stage.INTERPRETATION: DocType.INTERPRETATION,
    Stage.NEWS: DocType.NEWS,
    Stage.CORPORATE: DocType.NEWS,
    Stage.SPEECH: DocType.MEETING,
    Stage.APPOINTMENT: DocType.APPOINTMENT,
    Stage.CALL: DocType.NOTICE,
    Stage.LIST: DocType.LIST,
}

_CARRIES = (DocType.NOTICE, DocType.ANNOUNCEMENT, DocType.LETTER, DocType.OPINIONS)


def doc_type_of(
    title: Title, stage: Stage, at: tuple[int, int] | None = None
) -> Spanned[DocType] | None:
    """Return the form of the paper, by the last noun of its name (gold/README, Document types).

    A notice that issues a paper has the paper's form; a State Council 规定 ranks as regulations.
    What is no paper has the form of its stage, and stands where the stage does (`at`; without it
    nowhere: `0, 0`).
    """
    outer = title.outer
    if stage in _BY_STAGE:
        if stage is Stage.LIST and not re.search(r"关于|公示|通知|公告", outer):
            last = _book(title, -1)
            if last and last.value is DocType.CATALOGUE:
                return last
        return Spanned(_BY_STAGE[stage], *(at or (0, 0)))
    batch = _BATCH_OF_STANDARDS.search(outer) or (
        _STANDARDS.search(outer) if re.search(r"颁布|发布|征求", outer) else None
    )
    if batch:
        return Spanned(DocType.STANDARD, *title.in_whole(*batch.span()))
    own = _own_form(title)
    if stage is Stage.DRAFT and title.subject is None and (first := _book(title, 0)):
        carries = own is None or own.value in _CARRIES  # 关于《灯具条例（修订草案）》的公告
        return first if carries else own
    if own and own.value is DocType.REPLY:
        return own
    if title.subject is not None:
        named = _by_noun(title.subject, title.subject_at)
        # 印发…工作要点的通知 issues no paper of a form of its own
        if named and named.value not in (DocType.ANNOUNCEMENT, DocType.NOTICE):
            return named
        return named if stage is Stage.DRAFT else own or named
    if own and own.value is DocType.NOTICE and (passed := _PASSES_ON.search(outer)):
        return _by_noun(passed[1], title.in_whole(*passed.span(1))[0])
    if own and own.value is DocType.MEASURES and _STATE_COUNCIL.search(outer):
        return Spanned(DocType.REGULATIONS, own.start, own.end)
    if own is None and (ordered := _ORDERS.search(outer)) and not title.books:
        return _by_noun(ordered[1], ordered.start(1))
    return own or _book(title, 0)


def _own_form(title: Title) -> Spanned[DocType] | None:
    """The form that the words around the books tell."""
    if title.outer.endswith("《》"):
        return None
    own = _by_noun(title.outer.replace("《》", "  "), 0)
    return own and Spanned(own.value, *title.in_whole(own.start, own.end))


def _book(title: Title, number: int) -> Spanned[DocType] | None:
    return _by_noun(title.books[number], title.book_at(number)) if title.books else None
