"""What the head of a letter says: its id, who sent it and when; and heads of letters forwarded in the text."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import getaddresses, parsedate_tz

from watcher.extract.letters.mime import Part, words
from watcher.text import find_date, one_line

_ID = re.compile(r"<([^<>\s]{3,250})>")


def id_of(letter: Part) -> str | None:
    """The Message-ID without its brackets, None where there is none that could be one."""
    match = _ID.search(letter.field("message-id"))
    return match[1] if match else None


def sender_of(letter: Part) -> tuple[str, str]:
    """(name, address) of the first sender; "" for what is missing."""
    name, address = next(iter(getaddresses([letter.field("from")])), ("", ""))
    return words(name), one_line(address)


# ---------------------------------------------------------------- when

_CHINA = re.compile(r"\bCST\b(?![^(]*\))")  # the standard means Chicago by it, our letters China
_ZONED = re.compile(r"\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[A-Z]{1,5}\b|[+-](?!0000)\d\d)")
_AHEAD = timedelta(days=1)
_YEARS = range(1990, 2101)


def sent_at(letter: Part) -> datetime | None:
    """When a letter says it was sent; else, or when that cannot be, when it arrived.

    It cannot have been sent a day after it arrived, and a time without a zone is no time.
    """
    stamps = (value.rpartition(";")[2] for known, value in letter.fields if known == "received")
    arrived = next(
        (moment for stamp in stamps if (moment := _moment(stamp)) and moment.tzinfo), None
    )
    sent = _moment(letter.field("date"))
    if sent is None or sent.tzinfo is None:
        return arrived or (sent.replace(tzinfo=UTC) if sent else None)
    return arrived if arrived is not None and sent > arrived + _AHEAD else sent


def _moment(text: str) -> datetime | None:
    """A moment as mail writes it (RFC 5322, with its lapses) or in ISO 8601; naive without a zone."""
    text = text.strip()[:100]
    try:
        text = _CHINA.sub("+0800", text)
        parsed = parsedate_tz(text)
        if parsed is None:
            moment = datetime.fromisoformat(text)
        else:  # without a zone it says that it was UTC
            zone = timezone(timedelta(seconds=parsed[9] or 0)) if _ZONED.search(text) else None
            moment = datetime(*parsed[:6], tzinfo=zone)
        return moment if moment.year in _YEARS else None
    except (ValueError, OverflowError, TypeError, IndexError):  # the parser stumbles as well
        return None


# ---------------------------------------------------------------- letters forwarded in the text

_PREFIX = re.compile(
    r"^(?:\s*(?:re|aw|antw|回复|答复)\s*[:：])*\s*(?:fwd?|wg|tr|转发|轉寄|转)\s*[:：]", re.I
)
_MARK = re.compile(
    r"^[-–—_=*>\s]*(?:begin )?(?:(?P<forwarded>forwarded (?:message|by)|转发的?(?:原始)?邮件|weitergeleitete nachricht)"
    r"|original message|original-?nachricht|原始邮件|ursprüngliche nachricht)[-–—_=*:：\s]*$",
    re.I,
)
_HEAD = re.compile(
    r"^[*>\s|]*(?:(?P<who>from|发件人|寄件者|von)|(?P<when>sent|date|发送时间|发送日期|寄件日期|日期|时间|gesendet|datum)"
    r"|to|收件人|an|cc|抄送|kopie|(?:subject|主题|主旨|betreff)|reply-to|回复|importance|attachments?|附件)"
    r"\s*\**\s*[:：|]\s*\**\s*(?P<value>.*)$",
    re.I,
)
_TOP = 80  # lines in which the head of a forwarded letter is looked for
_LEAST, _MOST = 3, 20  # lines of a head
_FORWARDS = 4


def unforwarded(text: str, subject: str) -> tuple[str, datetime | None]:
    """`text` without the heads of letters forwarded in it, and the day the innermost was sent.

    A head is "From: … Sent: … To: … Subject: …" as mail programs write it above the letter. It is
    one only where subject or text say that they forward: a reply quotes with such heads, too.
    """
    lines = text.split("\n")
    day: datetime | None = None
    forwards = bool(_PREFIX.match(subject))
    at = 0
    for _ in range(_FORWARDS):
        found = _head(lines, at, forwards=forwards)
        if found is None:
            break
        start, end, written = found
        day = written or day
        del lines[start:end]
        at = start
    return "\n".join(lines), day


def _head(lines: list[str], at: int, *, forwards: bool) -> tuple[int, int, datetime | None] | None:
    """Where the next head begins and ends, the line above that announces it included."""
    for start in range(at, min(len(lines), at + _TOP)):
        if not (first := _HEAD.match(lines[start][:500])):
            continue
        end, kinds, day = start, 0, None
        who = bool(first["who"])
        while end < min(len(lines), start + _MOST) and (head := _HEAD.match(lines[end][:500])):
            who = who or bool(head["who"])
            day = day or (_day(head["value"]) if head["when"] else None)
            kinds += 1
            end += 1
        if kinds < _LEAST or not who:
            continue
        above = start - 1 if start and not lines[start - 1].strip() else start
        mark = _MARK.match(lines[above - 1][:200]) if above else None
        if forwards or (mark and mark["forwarded"]):
            return (above - 1 if mark else start), end, day
    return None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN = re.compile(
    rf"\b(?P<m>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})\b"
    rf"|\b(?P<d2>\d{{1,2}})\.?\s+(?P<m2>{'|'.join(_MONTHS)})[a-z]*\.?,?\s+(?P<y2>\d{{4}})\b",
    re.I,
)


def _day(text: str) -> datetime | None:
    """The day as written, at noon UTC: the same day wherever our readers are."""
    found = find_date(text)
    day = found[0] if found else None
    if day is None and (match := _WRITTEN.search(text)):
        month = _MONTHS.index((match["m"] or match["m2"]).lower()) + 1
        try:
            day = date(int(match["y"] or match["y2"]), month, int(match["d"] or match["d2"]))
        except ValueError:
            return None
    return datetime.combine(day, time(12), UTC) if day and day.year in _YEARS else None
