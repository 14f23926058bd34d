"""What trails a name: its round, its years, its edition, its number. Each has one English form."""

import re

from watcher.text import cn_number

NUMERAL = r"(?:\d{1,6}|[一二三四五六七八九十百零〇两]{1,6})"
"""In one script or the other: what `cn_number` reads."""
_N = NUMERAL
_YEARS = r"(\d{4})年?\s*(?:[-－‐‑‒―—–~～至]{1,2})\s*(\d{4})年?"
_CALL = r"(?:公开)?征[求询]?意见稿?"
_DRAFTS = {
    "草案": "draft",
    "修订草案": "revised draft",
    "修正草案": "amendment draft",
    "修正案草案": "amendment draft",
    "修订稿": "revised draft",
    "修改稿": "revised draft",
    "草案修改稿": "revised draft",
    "草案修订稿": "revised draft",
    "讨论稿": "discussion draft",
    "送审稿": "draft for review",
    "报批稿": "draft for approval",
    "公示稿": "draft for public notice",
    "": "draft",
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DRAFT = "|".join(sorted(filter(None, _DRAFTS), key=len, reverse=True))
_PLAIN = {
    "试行": "trial",
    "暂行": "interim",
    "修订": "revised",
    "修订版": "revised",
    "修正": "amended",
    "全文": "full text",
    "英文版": "English version",
}
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"({_N})次审议稿", "{nth} reading draft"),
        (_YEARS, "{a}–{b}"),
        (r"(\d{4})年?版", "{a} edition"),
        (r"[Vv]?(\d{1,2}\.\d{1,2})版?", "version {a}"),
        (r"(\d{4})年(\d{1,2})月(?:份|\d{1,2}日)?", "{month} {a}"),
        (r"(\d{4})年?(?:修订版?|修正版?|修订稿)", "{a} revision"),
        (r"(\d{4})年(?:度|本)?", "{a}"),
        (r"(\d{4})", "{a}"),
        (rf"第({_N})批", "batch {n}"),
        (rf"第({_N})版", "edition {n}"),
        (rf"第({_N})期", "issue {n}"),
        (rf"第({_N})部分", "part {n}"),
        (rf"(?:公告|令)?(\d{{4}})年?第({_N})号[公通]?[告令]?", "No. {m} of {a}"),
        (rf"[^\d\s《》（）()〔\[]{{0,16}}[〔\[](\d{{4}})[〕\]](?:第)?({_N})号", "No. {m} of {a}"),
        (rf"[^\d\s《》（）()]{{2,20}}令第({_N})号", "Order No. {n}"),
        (rf"第({_N})号", "No. {n}"),
        (r"([一二三四五六七八九十])", "part {n}"),
    )
)
_TAIL = re.compile(
    r"\s*(?:(?P<round>[（(](?P<in>[^（）()]{1,40}(?:[（(][^（）()]{1,20}[）)])?)[）)])"
    r"|[【\[](?P<square>[^【】\[\]]{1,30})[】\]]"
    rf"|(?P<bare>{_YEARS}|\d{{4}}年?(?:修订|修正)?版|[Vv]?\d{{1,2}}\.\d{{1,2}}版|(?:{_DRAFT})?{_CALL}|(?:{_DRAFT})"
    rf"|(?:公告)?\d{{4}}年第{_N}号[公通]?[告令]?))\s*$"
)
_TAIL_ENDS = tuple("）)】]年版稿案号告令") + tuple("0123456789")
_SPLIT = re.compile(r"[\s，,、；;]+")
_NTH = {1: "1st", 2: "2nd", 3: "3rd"}


def nth(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 21st."""
    ending = 4 if number % 100 in (11, 12, 13) else number % 10
    return f"{number}{_NTH[ending][1:]}" if ending in _NTH else f"{number}th"


def say_mark(inner: str) -> str | None:
    """The English of what stands in a bracket behind a name; None when it is no mark."""
    inner = re.sub(r"年\s+第", "年第", inner.strip(" （）()【】[]"))
    if not inner:
        return None
    parts = _SPLIT.split(inner)
    if len(parts) > 1:
        said = [say_mark(part) for part in parts[:4]]
        return None if None in said or len(parts) > 4 else ", ".join(filter(None, said))
    if inner in _PLAIN:
        return _PLAIN[inner]
    if match := _ASKED.fullmatch(inner):
        return _asked(match)
    if inner in _DRAFTS:
        return _DRAFTS[inner]
    if match := re.fullmatch(rf"({_DRAFT})[（(]?({_N})次审议稿", inner):
        return f"{_DRAFTS[match[1]]}, {nth(cn_number(match[2]))} reading"
    for pattern, form in _FORMS:
        if match := pattern.fullmatch(inner):
            return _filled(form, match)
    return None


_ASKED = re.compile(
    rf"(?P<draft>{_DRAFT}|修[订正改])?(?:(?P<again>再次)|第?(?P<n>{_N})[次轮])?(?:{_CALL}|意见稿)"
)


def _asked(match: re.Match[str]) -> str:
    draft = match["draft"] or ""
    said = f"{_DRAFTS.get(draft, 'revised draft')} for comments"
    if match["again"]:
        return f"{said}, renewed"
    return f"{nth(cn_number(match['n']))} {said}" if match["n"] else said


def _filled(form: str, match: re.Match[str]) -> str | None:
    first, second = match[1], match[2] if match.re.groups > 1 else match[1]
    if "{n" not in form and "{m}" not in form and "{month}" not in form:
        return form.format(a=first, b=second)
    try:
        n, m = cn_number(first), cn_number(second)
    except ValueError:
        return None
    if "{month}" in form and not 1 <= m <= 12:
        return None
    month = _MONTHS[m - 1] if "{month}" in form else ""
    return form.format(a=first, n=n, m=m, nth=nth(n), month=month)


def take_marks(name: str) -> tuple[str, list[str]]:
    """`name` without the marks it ends in, and these in English, in their order.

    Stops at a bracket that is no mark, which stays part of the name.
    """
    said: list[str] = []
    name = name.strip()
    while name.endswith(_TAIL_ENDS) and (match := _TAIL.search(name, max(0, len(name) - 70))):
        mark = say_mark(match["in"] or match["square"] or match["bare"])
        if mark is None or match.start() == 0:
            break
        said.insert(0, mark)
        name = name[: match.start()].rstrip()
    return name, said


def bracketed(marks: list[str]) -> str:
    """` (trial) (2024–2026)`, each once; nothing for no marks."""
    return "".join(f" ({mark})" for mark in dict.fromkeys(marks))
