"""Days that a Chinese sentence names as the last one for comments."""

import re
from collections.abc import Iterator
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from watcher.facts.day import Day, chinese_days, make_date
from watcher.facts.spanned import Spanned

_AROUND = 400  # characters before and behind a day that may say what it is


class Rank(IntEnum):
    """How surely a day is the public's last one; the higher rank wins."""

    ASKED_OF_OFFICES = 1
    """Lower authorities are asked by then; the public may have a day of its own."""
    ASKED = 2
    EXTENDED = 3


_COMMENT = re.compile(r"意见|建议|反馈|征求|征询|异议")
_OTHER_MATTER = re.compile(
    r"申报|报名|申请|投标|开标|采购|缴|施行|实施|生效|废止|有效期|竣工|完成|举办|召开|印发|参加|推荐|领取|邮寄申|报送(?!.{0,6}意见)|参会|征文|征稿|作品|论文"
)
_OF_GUESTS = re.compile(r"报名|参会|回执")
_IN_FORCE = re.compile(r"施行|实施|生效|废止|有效期")
_LABEL = re.compile(
    r"(?:截止|截至|截稿|结束)(?:日期|时间|日|期限|到|于)?|(?:征求|征集|征询)?意见(?:的)?(?:起止)?(?:时间|期限|日期|期)|"
    r"起止(?:时间|日期)|(?:公示|公开|反馈|征集|征求|征询)(?:的)?(?:时间|时限|期限|日期|期)(?!间)"
    r"|(?:公示|征求意见|意见征集|征集意见)期间(?=\s*[（(]$)"  # 公示期间（A至B）
    r"|征求意见[^，。]{0,4}为期|(?<=[，,：:\s】])(?:期限|时间|时限)(?=[为是：:自从])|"
    r"(?<!经)(?<!经公开)(?:征求意见|意见征集)(?=[（(]$)"
)
_ENDING = ("截", "结束")
_PARENTHESIS = r"[（(][^（()）]{1,16}[）)]"
_TIME = (
    r"(?:\s|上午|下午|中午|晚上|晚|凌晨|北京时间|\d{1,2}(?:[:：]\d{2}){1,2}|"
    rf"\d{{1,2}}[时点](?:\d{{1,2}}分|半|整)?|{_PARENTHESIS}|[，,]?[上下]班(?:时间)?|当[日天]){{0,6}}"
)
_BEFORE = re.compile(
    rf"^{_TIME}[时分]?\s*(?:之前|以前|前(?![期言述沿])|截止|结束|届满|止|为止|之内|以内|内)"
)
_NOT_LATER = re.compile(r"(?:不(?:得)?(?:迟|晚)于|最迟(?:于|在)?|最晚(?:于|在)?)\s*$")
_OPENING = re.compile(r"(?<!公示)[自从于在]\s*$")
_DURING = re.compile(r"^\s*(?:期间|之间|间)")
_RANGE = re.compile(rf"^{_TIME}[^\d]{{0,14}}?(?:[-—–－~～至到])+\s*$")
# 即日起至, 自公告之日起至: the first day of the period is the day of publication
_FROM_NOW = re.compile(
    r"(?:即日|之日|今日|今天|发布|公布|公告)起?\s*[，,]?\s*[-—–－~～至到]{1,2}\s*$"
)
_UNTIL_LABEL = re.compile(
    r"(?:期限|时限)\s*[为是:：]?\s*$|(?:期限?|时间|日期)\s*[为是:：]?\s*(?:截止?|持续|延续)?[至到]\s*$"
)
_NEW_DAY = re.compile(
    r"(?:延长|延(?=[至到])|延期|延后|延至|顺延|推迟|展期|展延|调整|变更|更改|修改|改)(?:[至到为]|至[:：])\s*$"
)
# What a date belongs to that is no last day for comments: 已于…截止, 根据…前征集到的意见, 征求意见稿要求…前
_OVER = re.compile(r"(?:已|业已|已经|曾|均)(?:于|在|经|自)?\s*$")
_EARLIER = re.compile(
    r"(?:原定|原先|原来|原(?=征求|截止|公告|通知|意见)|上一?[轮次]|[首前]轮|第一[轮次]|前期|此前|先前|曾经?于)"
    r"(?:(?!现|请|欢迎|再次|如有)[^。]){0,80}$"
)
_COLLECTED = re.compile(
    r"(?:共|已|累计|总计|合计)计?(?:收到|征集|收集|反馈)|(?:收到|征集到|收集到)[^，。]{0,12}\d+\s*[条份件]"
)
_GATHERED = re.compile(r"^[^，,]{0,6}?(?:征集|收集|征求|征询|收到|反馈|提出)(?:到|来|上来)?的")
_ELSE = re.compile(
    r"^[^，,]{0,6}?(?:召开|举办|举行|开标|申报|申请|报名|缴纳|做好|提交(?:论文|作品|材料)|竣工|出台|发布|印发|备案|[^，,]{0,8}办理|"
    r"完成(?![^，,]{0,8}(?:意见|反馈|征求)))"
)
_RULES = re.compile(
    r"(?:(?:稿|草案|文本|＊[）)]?)\s*(?:中)?(?:要求|规定|明确|提出|拟|指出|设定)|根据|依据|按照)[^，,]{0,40}$|应当[在于]?\s*$"
)
# 10月1日前投产的项目: the day tells which things are meant
_WHICH = re.compile(r"^的|^(?![将把以向通按书发寄反提])[^，,。]{2,8}的(?!意见|建议|反馈|修改|书面)")
_OF_ANOTHER = re.compile(
    r"(?:征文|征稿|投稿|作品|论文|报名|申报|申请|招聘|投标|开标|缴费|推荐|提名|参会|考试|公示名单|课题|选题|案例|人选|过渡期|数据|统计|试点|豁免|补贴|优惠|(?<!征集)(?<!意见)活动)(?:的)?(?:材料)?(?:提交|报送|受理|征集|遴选)?"
    r"(?:截止|截至|截稿|起止|时间|日期|期限)[^。]{0,20}$"
)
_PLANS = re.compile(r"(?:将|拟|计划)[在于]?\s*$")
_CLOSES = re.compile(r"\s*(?:截止|结束|届满)")
_ASKS = re.compile(
    r"(?:(?<![申提])请|欢迎|(?<![许认])可(?![按依]|继续)|希望)[^。]{0,120}?(?:反馈|提出|提交|意见|建议|寄|发送|回复)|"
    r"(?:意见|建议)[^。]{0,40}?(?:(?<!申)请|反馈)"
)
# The call itself runs into the day: 意见征集自即日起至10月16日止
_CALL_RUNS = re.compile(
    r"(?<![经已])(?<!经公开)(?:意见征[集求]|征[集求](?:社会|公众|各方|各界){0,2}意见)(?:活动|工作)?[：:，,\s]{0,3}"
    r"(?:[自从于](?:\s|本?公告|通知|发布|公布|公示|即日|今日|之日|起){0,6}|即日起)[\s，,至到—~～-]{0,4}$"
)
# 自9月16日至10月15日向社会公开征求意见
_CALL_FOLLOWS = re.compile(
    r"止?[，,]?[^，。；]{0,20}征[求集询](?![了到过])[^，。；]{0,10}意见(?!稿|[^。]{0,30}(?:收到|形成|修改|采纳|情况))"
)
# One of several ways to answer, each with its day: 并于10月16日前寄送书面意见
_ANSWERS = re.compile(
    r"(?:寄送|邮寄|寄至|寄出|报送|送达|传真|发送|提交)[^，。]{0,8}(?:意见|建议|反馈)"
)
_OFFICES = re.compile(r"请(?:各省|各地|省级|各市|各有关部门|各部门)")


class _Setting(NamedTuple):
    """What stands around a day of a sentence."""

    opening: str
    """Leads to the day, or to the first day of its period."""
    clause: str
    """From the day named before to this one."""
    rest: str
    """Behind the day, up to the next one."""
    after: str
    """Behind the day and its 前."""
    ends: bool
    """前, 截止 or their like follow."""
    period: bool
    """A period ends with the day: a day and 至 stand before it."""
    since_now: bool
    """The same, and it began with publication: 即日起至."""
    label: str | None


def days_named(
    sentence: str, published: date | None, calls: bool
) -> Iterator[tuple[Rank, Spanned[date]]]:
    """The days of a sentence that may be deadlines, in order, each with its rank.

    Such a day has a label (截止日期) or a request (请…反馈) in its clause, or 截止 behind it. `calls` says
    whether the text calls for comments at all: without that a 公示 is about a list of winners.
    """
    days = chinese_days(sentence, published)
    comments = _COMMENT.search(sentence) is not None
    reached = 0
    for place, day in enumerate(days):
        following = days[place + 1] if place + 1 < len(days) else None
        if following and _RANGE.match(sentence[day.end : following.start]):
            continue  # the first day of a period; its last day decides
        opened = days[place - 1] if place else None
        if opened and not _RANGE.match(sentence[opened.end : day.start]):
            opened = None
        here = _setting(sentence, (reached, day, following), opened, calls)
        reached = day.end
        extended = _NEW_DAY.search(here.clause) is not None
        if not (_told(here) or (here.label and extended)):
            continue
        if not extended and _foreign(here):
            continue
        on = _resolve(day, opened, published)
        if on is None or (published is not None and on < published):
            continue
        rank = _rank(here, extended=extended)
        if rank and _matter(here, comments=comments):
            yield rank, Spanned(on, day.start, day.end)


def _setting(
    sentence: str, around: tuple[int, Day, Day | None], opened: Day | None, calls: bool
) -> _Setting:
    reached, day, following = around
    behind = sentence[day.end : day.end + _AROUND]
    clause = sentence[max(reached, day.start - _AROUND) : day.start]
    opening = sentence[max(0, opened.start - _AROUND) : opened.start] if opened else clause
    ends = _BEFORE.match(behind)
    return _Setting(
        opening=opening,
        clause=clause,
        rest=behind[: following.start - day.end] if following else behind,
        after=behind[ends.end() :] if ends else behind,
        ends=ends is not None,
        period=opened is not None,
        since_now=_FROM_NOW.search(clause) is not None,
        label=_label(clause, calls) or _label(opening, calls),
    )


def _told(here: _Setting) -> bool:
    """Whether the words around a day make it a last day."""
    if here.ends or here.since_now or _NOT_LATER.search(here.clause):
        return True
    if here.period and (_DURING.match(here.rest) or here.label or _calls(here)):
        return True
    # 截止时间 announces a last day by itself, 公示时间 needs a period
    if here.label and (here.label.startswith(_ENDING) or _UNTIL_LABEL.search(here.clause)):
        return True
    return bool(here.period and _OPENING.search(here.opening) and _ASKS.search(here.rest))


def _label(clause: str, calls: bool) -> str | None:
    labels = [
        found[0] for found in _LABEL.finditer(clause) if calls or not found[0].startswith("公示")
    ]
    # of 征集期结束时间 the second word tells that a last day follows
    return next(
        (label for label in labels if label.startswith(_ENDING)), labels[0] if labels else None
    )


def _rank(here: _Setting, *, extended: bool) -> Rank | None:
    clause = here.clause + here.rest
    if extended:
        return Rank.EXTENDED
    if _OFFICES.search(clause):
        return Rank.ASKED_OF_OFFICES
    asked = here.label or _CLOSES.match(here.rest) or _ASKS.search(clause)
    return Rank.ASKED if asked or _ANSWERS.search(clause) or _calls(here) else None


def _calls(here: _Setting) -> bool:
    """Whether the call itself stands before a period or behind it."""
    runs = here.period or here.since_now
    return bool(runs and (_CALL_RUNS.search(here.opening) or _CALL_FOLLOWS.match(here.rest)))


def _foreign(here: _Setting) -> bool:
    """Whether a day belongs to something past or planned, or to what the draft demands."""
    near = re.split(r"[，,]", here.opening)[-1]
    return bool(
        _OVER.search(near)
        or _RULES.search(near)
        or _EARLIER.search(here.clause[-200:])
        or _OF_ANOTHER.search(here.opening[-60:])
        or (_PLANS.search(here.clause) and not _CLOSES.match(here.rest))
        or _GATHERED.match(here.after)
        or _ELSE.match(here.after)
        or (here.ends and _WHICH.match(here.after))
        or _COLLECTED.search(here.after, 0, 60)
    )


def _matter(here: _Setting, *, comments: bool) -> bool:
    """Whether the words around a day speak of comments and not of another matter."""
    clause = here.clause + here.rest
    other = _OTHER_MATTER.search(clause)
    if other and not re.search(r"意见|反馈|征求|征询", clause):
        return False
    if _OF_GUESTS.search(clause) and not re.search(r"意见|建议|征求", clause):
        return False
    if other and _IN_FORCE.search(clause):
        return False
    return comments or (here.label not in (None, "截至") and not other)


def _resolve(day: Day, opened: Day | None, published: date | None) -> date | None:
    if day.year:
        on = make_date(day.year, day.month, day.day)
        backwards = on and opened and opened.year and (opened.near(on) or on) > on
        return None if backwards else on
    if opened is not None and opened.year:
        return day.after(make_date(opened.year, opened.month, opened.day))
    return day.after(published)
