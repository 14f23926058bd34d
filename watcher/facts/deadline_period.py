"""The last day of a period for comments, counted from publication or from a day named."""

import re
from datetime import date

from watcher.facts.day import add_days, add_months, add_workdays, chinese_days
from watcher.facts.spanned import Spanned
from watcher.text import cn_number

_CALL = re.compile(
    r"征求|征集|征询|听取|反馈|(?:提出|提交|书面|有关|修改|宝贵)[^，]{0,6}(?:意见|建议)|意见"
)
_SPAN = (
    r"(?P<n>\d{1,3}|[一二两三四五六七八九十百]{1,6})\s*"
    r"(?P<unit>个?工作日|日历天|个?日历日|个?自然日|日|天|个月|个?星期|周)"
)
_WITHIN = r"\s*(?:之?内|以内|为止|止)"
_PUBLICATION = r"公告|公示|通知|通告|发布|公布|印发|刊登|征求意见"
_COUNTED = (
    re.compile(rf"征求意见\s*(?P<words>{_SPAN})(?!前)"),
    re.compile(
        r"(?:征求意见|意见反馈|反馈意见|公开征求意见|征集意见|意见征集)(?:的)?(?:时间|期限|期|周期)(?:为|是|共|：|:)?\s*"
        rf"(?P<words>{_SPAN})"
    ),
    re.compile(
        rf"(?P<words>(?:自(?:[^，。；到受]{{0,12}}?(?:{_PUBLICATION}|本)[^，。；到受]{{0,8}}?)之?日起?|"
        rf"本?(?:{_PUBLICATION}){{1,2}}(?:之日起?|之?后)|即日起)\s*(?:计算)?(?:至|，|的)?(?:为期|公示|(?:公开)?征求意见)?\s*{_SPAN}"
        rf"(?:{_WITHIN})?)"
    ),
    re.compile(
        rf"(?:征求|征集|征询|听取)[^。]{{0,60}}?(?:为期|(?:时间|期限|时限)[为是]?)\s*(?P<words>{_SPAN})"
    ),
    re.compile(
        r"(?:(?<![申提])请(?:各[^，。]{0,8})?|(?:社会|公众|各界|有关单位)[^，。；]{0,16}可以?)[在于]\s*"
        rf"(?P<words>{_SPAN}{_WITHIN})"
    ),
)
_SINCE = re.compile(rf"[）)]?\s*起\s*[，,]?\s*(?:为期|共|计)?\s*{_SPAN}")
_OF_A_CASE = re.compile(
    r"收到|受理|送达|补正|申请|当事人|应当|已[于经自]|施行|实施|生效|废止|有效期|申报|报名"
)


def last_day_counted(sentence: str, published: date | None) -> Spanned[date] | None:
    """The last day of a period that is counted from publication or from a day named."""
    if not _CALL.search(sentence) or _OF_A_CASE.search(sentence):
        return None
    for day in chinese_days(sentence, published):
        counted = _SINCE.match(sentence, day.end)
        first = day.after(published)
        if counted and first and (on := _after(first, counted)):
            return Spanned(on, day.start, counted.end())
    for pattern in _COUNTED:
        counted = pattern.search(sentence)
        if counted and published and (on := _after(published, counted)):
            return Spanned(on, *counted.span("words"))
    return None


def _after(first: date, found: re.Match[str]) -> date | None:
    count, unit = cn_number(found["n"]), found["unit"].removeprefix("个")
    if not 0 < count <= 365:
        return None
    if unit == "工作日":
        return add_workdays(first, count)
    if unit == "月":
        return add_months(first, count)
    return add_days(first, count * 7 if unit in ("周", "星期") else count)
