"""The day until which comments on a draft are taken, read from the sentence that says so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from watcher.facts.day import Day, add_days, add_months, english_days, make_date
from watcher.text import cn_number, normalize

_QUOTE = 160
_LONGEST = 100_000  # a notice says it early; what is longer is the paper itself, or no paper

# ---------------------------------------------------------------- Chinese

_SPLIT_DATE = re.compile(r"(?<=[\d年月])\s+(?=[年月日])|(?<=[年月])\s+(?=\d)")
_SPLIT_RANGE = re.compile(
    r"(?<=日)[ ]?\n\s{0,9}(?=[-—–~～至到])|(?<=[-—–~～至到：:])[ ]?\n\s{0,9}(?=\d)"
)
_SENTENCE = re.compile(r"[^。；;！？!?\n]{1,2000}")
_TITLE = re.compile(r"《[^《》]*》")
# Below this the draft itself begins; 自收到之日起30日内提出意见 in an article is no call to the public.
_PAPER_BEGINS = re.compile(r"^[^\S\n]*第一[条章编]", re.M)
_CN = "〇零○一二三四五六七八九十"
_DAY = re.compile(
    rf"(?:(?P<y>(?<!\d)(?:19|20)\d\d|[二一][{_CN}]{{3}})\s*[-./年]\s*|(?P<same>本年度?|今年|当年))?"
    rf"(?(y)|(?<![\d.]))(?P<m>1[0-2]|0?[1-9]|(?<![{_CN}])十[一二]?|(?<![{_CN}])[一二三四五六七八九])\s*(?P<sep>[-./月])\s*"
    rf"(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])(?![\d])\s*(?P<ri>[日号])?"
)
_NOT_COMMENTS = re.compile(
    r"(?:推荐|审核|初审|评审|审查|专家|盖章|签署|指导|实施|批复|处理|复核|鉴定|书面审核|公示)意见"
)
_COMMENT = re.compile(r"意见|建议|反馈|征求|征集|征询|异议")
_CALL = re.compile(
    r"征求|征集|征询|听取|反馈|(?:提出|提交|书面|有关|修改|宝贵)[^，]{0,6}(?:意见|建议)|意见"
)
_OTHER_MATTER = re.compile(
    r"申报|报名|申请|投标|缴|施行|实施|生效|废止|有效期|竣工|完成|举办|召开|印发|参加|推荐|领取|邮寄申|报送(?!.{0,6}意见)"
)
_LABEL = re.compile(
    r"(?:截止|截至|截稿|结束)(?:日期|时间|日|期限|到|于)?|(?:征求|征集|征询)?意见(?:的)?(?:起止)?(?:时间|期限|日期|期)|"
    r"起止(?:时间|日期)|(?:公示|公开|反馈|征集|征求|征询|公告)(?:的)?(?:时间|期限|日期|期)(?!间)"
)
_BEFORE = re.compile(
    r"^\s*(?:[（(][^）)]{1,12}[）)])?\s*(?:\d{1,2}[:：时点]\d{0,2}分?|上午|下午|中午|晚上?|\d{1,2}[时点])?\s*"
    r"(?:\d{1,2}[:：]\d{2})?\s*(?:下班)?\s*(?:之前|以前|前|截止|止|为止|之内|以内|内)"
)
_DURING = re.compile(r"^\s*(?:期间|之间|间)")
# What a date belongs to that is no last day for comments: 已于…截止, 根据…前征集到的意见, 征求意见稿要求…前
_OVER = re.compile(r"(?:已|业已|已经|曾|均)(?:于|在|经|自)?\s*$")
_GATHERED = re.compile(r"^[^，,]{0,6}?(?:征集|收集|征求|征询|收到|反馈|提出)(?:到|来|上来)?的")
_RULES = re.compile(
    r"(?:(?:稿|草案|文本|＊[）)]?)\s*(?:中)?(?:要求|规定|明确|提出|拟|指出|设定)|根据|依据|按照)[^，,]{0,40}$"
)
_ASKS = re.compile(
    r"(?:(?<![申提])请|欢迎|(?<![许认])可|希望)[^。]{0,120}?(?:反馈|提出|提交|意见|建议|寄|发送|回复)|"
    r"(?:意见|建议)[^。]{0,40}?(?:请|反馈)"
)
_RANGE = re.compile(r"^[^\d]{0,14}?(?:[-—–－~～至到])+\s*$")
_COUNTED = re.compile(
    r"自(?:[^，。；到受]{0,12}?(?:公告|公示|通知|发布|公布|印发|刊登|征求意见|本)[^，。；到受]{0,8}?)之?日起?\s*(?:至|，)?\s*(?P<n>\d{1,3}|[一二两三四五六七八九十百]{1,6})\s*(?:个)?\s*"
    r"(?P<unit>工作日|日历天|自然日|日|天|月|周)\s*(?:之?内|为止|止|以内)?"
)
_PERIOD = re.compile(
    r"(?:征求意见|意见反馈|反馈意见|公开征求意见|征集意见|意见征集)(?:的)?(?:时间|期限|期|周期)(?:为|是|共|：|:)?\s*"
    r"(?P<n>\d{1,3}|[一二两三四五六七八九十百]{1,6})\s*(?:个)?\s*(?P<unit>工作日|日历天|自然日|日|天|月|周)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A comment deadline and the sentence it was read from."""

    on: date
    quote: str


def comment_deadline(text: str, published: date | None = None) -> Deadline | None:
    """Return until when `text` takes comments, or None when no sentence says so.

    Reads Chinese and English. `published` supplies a year left out and the day from which 30日内
    is counted; periods in working days stay unknown, since holidays move. A date counts only with
    words of commenting in its sentence: application, project and public-notice (公示) dates do not.
    """
    text = text[:_LONGEST]
    han, latin = len(re.findall(r"[\u4e00-\u9fff]", text)), len(re.findall(r"[A-Za-z]", text))
    found = _chinese(text, published) if han else None
    return found or (_english(text, published) if latin >= han else None)


def _chinese(text: str, published: date | None) -> Deadline | None:
    clean = _SPLIT_RANGE.sub("", _SPLIT_DATE.sub("", normalize(text)))
    if paper := _PAPER_BEGINS.search(clean):
        clean = clean[: paper.start()]
    sentences = [match[0].strip() for match in _SENTENCE.finditer(clean)]
    if not re.search(r"征求|征集|征询|意见|建议", _NOT_COMMENTS.sub("", clean)):
        return None
    best: tuple[bool, Deadline] | None = None
    for sentence in sentences:
        for asks, on in _dated(_without_titles(sentence), published):
            if best is None or (asks and not best[0]):
                best = asks, Deadline(on=on, quote=_quote(sentence))
    if best:
        return best[1]
    for sentence in sentences:
        if counted := _counted(_without_titles(sentence), published):
            return Deadline(on=counted, quote=_quote(sentence))
    return None


def _without_titles(sentence: str) -> str:
    """Blank what stands in 《》, places kept: a paper called 意见 is no call for opinions."""
    return _TITLE.sub(lambda match: "＊" * len(match[0]), sentence)


def _quote(sentence: str) -> str:
    return sentence if len(sentence) <= _QUOTE else sentence[: _QUOTE - 1] + "…"


def _dated(sentence: str, published: date | None) -> Iterator[tuple[bool, date]]:
    """The dates of a sentence that may be comment deadlines, in order, each with whether it asks.

    A date asks that has a label (截止日期) or a request (请…反馈) in its clause.
    """
    days = list(_days(sentence))
    comments = _COMMENT.search(_NOT_COMMENTS.sub("", sentence)) is not None
    reached = 0
    for place, day in enumerate(days):
        clause = sentence[reached : day.start]
        rest = sentence[day.end :]
        label = _LABEL.search(clause)
        ends = _BEFORE.match(rest)
        ranged = place > 0 and _RANGE.match(sentence[days[place - 1].end : day.start])
        if ranged:
            label = label or _LABEL.search(
                sentence, max(0, days[place - 1].start - 300), days[place - 1].start
            )
        following = days[place + 1].start - day.end if place + 1 < len(days) else len(rest)
        if place + 1 < len(days) and _RANGE.match(rest[:following]):
            continue  # the first day of a period; its last day decides
        reached = day.end
        during = ranged and _DURING.match(rest)
        if not (ends or during or (label and (ranged or _ends_period(label[0])))):
            continue
        if _foreign(clause, rest[ends.end() :] if ends else rest):
            continue
        whole = clause + rest[:following]
        on = _resolve(day, days[place - 1] if ranged else None, published)
        if on is None or (published is not None and on < published):
            continue
        if _matter(whole, comments=comments, labelled=label is not None):
            yield label is not None or _ASKS.search(whole) is not None, on


def _foreign(before: str, after: str) -> bool:
    """Whether the words around a date give it to something past, or to what the draft demands."""
    near = re.split(r"[，,]", before)[-1]
    return bool(_OVER.search(near) or _RULES.search(near) or _GATHERED.match(after))


def _ends_period(label: str) -> bool:
    """Whether a label announces a last day by itself: 截止时间 does, 公示时间 needs a range."""
    return label.startswith(("截", "结束"))


def _matter(clause: str, *, comments: bool, labelled: bool) -> bool:
    """Whether the clause around a date speaks of comments and not of another matter."""
    clean = _NOT_COMMENTS.sub("", clause)
    other = _OTHER_MATTER.search(clean)
    if other and not re.search(r"意见|反馈|征求|征集|征询", clean):
        return False
    if other and re.search(r"施行|实施|生效|废止|有效期", clean):
        return False
    return comments or (labelled and not other)


def _resolve(day: Day, opened: Day | None, published: date | None) -> date | None:
    if day.year:
        return make_date(day.year, day.month, day.day)
    if opened is not None and opened.year:
        return day.after(make_date(opened.year, opened.month, opened.day))
    return day.after(published)


def _days(sentence: str) -> Iterator[Day]:
    for match in _DAY.finditer(sentence):
        sep = match["sep"]
        if sep != "月" and not match["y"]:
            continue  # 3.15 or 1-2 alone is no date
        if sep == "月" and not match["ri"] and not match["y"]:
            continue
        year = match["y"]
        yield Day(
            year=cn_number(year.replace("○", "〇")) if year else None,
            month=cn_number(match["m"]),
            day=cn_number(match["d"]),
            start=match.start(),
            end=match.end(),
        )


def _counted(sentence: str, published: date | None) -> date | None:
    clean = _NOT_COMMENTS.sub("", sentence)
    if not _CALL.search(clean) or re.search(r"施行|实施|生效|废止|有效期|申报|报名", clean):
        return None
    match = _PERIOD.search(clean) or _COUNTED.search(clean)
    if not match or published is None:
        return None
    count, unit = cn_number(match["n"]), match["unit"]
    if unit == "工作日" or not 0 < count <= 365:
        return None
    if unit == "月":
        return add_months(published, count)
    return add_days(published, count * 7 if unit == "周" else count)


# ---------------------------------------------------------------- English

_EN_SENTENCE = re.compile(r"(?:[^.;!?\n]|\.(?!\s+[A-Z“\"]|\s*$)|[;!?](?!\s))+", re.M)
_EN_COMMENT = re.compile(
    r"\b(?:feedback|comments?\b(?! on the)|commenting|public consultation|consultations?|opinions?|"
    r"suggestions?|views|input|public comment)\b",
    re.I,
)
_EN_OTHER = re.compile(
    r"\b(?:appl(?:y|ications?|icants?)|register|enrol|effect|force|bids?|tender|nominat\w+)\b", re.I
)
_EN_SOLICITS = re.compile(
    r"\b(?:collect|seek|solicit|invit|gather|submit|provide|accept|welcom|open for|send|until)\w*\b"
    r"[^.]{0,60}\b(?:feedback|comments?|opinions?|suggestions?|views|input)\b",
    re.I,
)
_EN_UNTIL = re.compile(
    r"\b(?:until|till|by|before|through|to|no later than|ends?(?: on)?|end(?:ing|ed) on|closes?(?: on)?|"
    r"closing(?: on)?|due(?: on| by)?|deadline(?: is| of|:)?(?: on)?|up to|open until|expires? on)"
    r"\s*(?:midnight on|the end of|[A-Z][a-z]+day,?)?\s*$",
    re.I,
)


def _english(text: str, published: date | None) -> Deadline | None:
    for match in _EN_SENTENCE.finditer(text):
        sentence = " ".join(match[0].split())
        cue = _EN_COMMENT.search(sentence)
        if not cue or (_EN_OTHER.search(sentence) and not _EN_SOLICITS.search(sentence)):
            continue
        for day in english_days(sentence):
            if _EN_UNTIL.search(sentence[max(0, day.start - 80) : day.start]) and (
                on := day.after(published)
            ):
                return Deadline(on=on, quote=_quote(sentence))
    return None
