"""Text as ministries write it: bytes to characters, normal forms, Chinese numerals and dates."""

import codecs
import hashlib
import re
import unicodedata
from datetime import date
from urllib.parse import quote, urlsplit, urlunsplit

from watcher.errors import ExtractError, Reason

# ---------------------------------------------------------------- bytes to text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Labels that mean more than Python's codec of that name reads (WHATWG Encoding Standard, 4.2):
# pages declared gb2312 or gbk hold 镕, 喆 and four-byte characters that only gb18030 has.
_WIDER = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "utf-16": "utf-16-le",
}
# What pages are written in; Python knows more under the same roof (hex, rot13, idna, unicode_escape).
_CHARSETS = re.compile(
    r"utf-(8|16|32)(-[lb]e)?|gb18030|big5.*|euc_.*|iso2022_.*|iso8859.*|cp\d+|koi8.*|mac.*|tis-620|hz|johab"
)
_LABEL = re.compile(
    rb"""(?:charset\s*=\s*|<\?xml[^>]{0,200}?encoding\s*=\s*)["']?\s*([A-Za-z0-9_.:\-]+)""", re.I
)
_LABEL_WINDOW = 16_384
_BAD = 0.001  # share of replacement characters above which a result is not text


def _codec(label: str | None) -> str | None:
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    name = _WIDER.get(name, name)
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return codec if _CHARSETS.fullmatch(codec) else None


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the characters of a page, feed or text file.

    Order: byte order mark, strict UTF-8, the labels of header and document (whichever decodes
    cleanly), gb18030. Never guesses by statistics. Raises ExtractError("undecodable") when more
    than 0.1 % of every reading are replacement characters.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _accept(body[len(bom) :].decode(name, "replace"))
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    header = re.search(r"charset\s*=\s*([^;\s]+)", content_type or "", re.I)
    labels = [header[1]] if header else []
    labels += [m.decode("ascii") for m in _LABEL.findall(body[:_LABEL_WINDOW])]
    readings: list[str] = []
    for codec in dict.fromkeys(filter(None, [*map(_codec, labels), "gb18030"])):
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            readings.append(body.decode(codec, "replace"))
    readings.append(body.decode("utf-8", "replace"))
    return _accept(min(readings, key=lambda text: text.count("\ufffd")))


def _accept(text: str) -> str:
    damage = text.count("\ufffd")
    if damage > max(1, len(text) * _BAD):
        raise ExtractError(
            Reason.UNDECODABLE,
            f"{damage} of {len(text)} characters are unreadable in every charset tried",
        )
    return text


# ---------------------------------------------------------------- normal forms

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_NARROW = dict.fromkeys(map(ord, "\u00a0\u3000\u2003\u2002\t"), " ") | {
    wide: chr(wide - 0xFEE0)
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for wide in range(ord(first), ord(last) + 1)
}


def normalize(text: str) -> str:
    """Fold what readers cannot see: width, spaces, invisible and control characters.

    Chinese punctuation keeps its form (NFKC would turn ：（） into ASCII, and 《》 stay), because
    rules read it; full-width letters and digits become ASCII. Line breaks are kept. Idempotent.
    """
    text = _CONTROL.sub("", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = text.translate(_NARROW)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(lines).strip("\n")


def one_line(text: str) -> str:
    """`text` on one line, invisible characters gone, runs of white space one blank."""
    return _SPACES.sub(" ", _CONTROL.sub("", _INVISIBLE.sub("", text))).strip()


def letters(text: str) -> str:
    """Only letters and digits, width and case folded: for comparing titles."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def text_hash(*parts: str | None) -> str:
    """A stable digest of what a reader would call the same text (white space aside)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(_SPACES.sub("", normalize(part or "")).encode())
        digest.update(b"\x00")
    return digest.hexdigest()


def canonical_url(url: str) -> str:
    """One spelling for one address: host in lower case, no default port, escapes uniform.

    Keeps query and fragment: some lists tell their rows apart by the fragment alone (NDRC).
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and port != {"http": 80, "https": 443}.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    safe = "%/:=&?~+!$,;'@()*[]"
    return urlunsplit(
        (
            parts.scheme.lower(),
            host,
            quote(parts.path or "/", safe=safe),
            quote(parts.query, safe=safe),
            quote(parts.fragment, safe=safe + "#"),
        )
    )


# ---------------------------------------------------------------- numerals and dates

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000}


def cn_number(text: str) -> int:
    """Read 一百四十三, 二〇二六, 三千万 or 12 as an integer; ValueError when it is none."""
    text = unicodedata.normalize("NFKC", text)
    if text.isdecimal():
        return int(text)
    if not text or any(c not in _DIGIT and c not in _UNIT and c not in "万亿" for c in text):
        raise ValueError(f"not a Chinese number: {text!r}")
    if all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif char in _UNIT:
            section += (digit or (1 if not section else 0)) * _UNIT[char]
            digit = 0
        elif char == "万":
            total += (section + digit) * 10_000
            section = digit = 0
        else:  # 亿 counts all before it: 一万亿
            total = (total + section + digit) * 100_000_000
            section = digit = 0
    return total + section + digit


_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2}|[二一][〇零○ＯO一二三四五六七八九]{3})\s*[-./年]\s*"
    r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*[-./月]\s*"
    r"(?P<d>3[01]|[12]\d|0?[1-9]|三?十[一二三四五六七八九]?|二十[一二三四五六七八九]?|[一二三四五六七八九])"
    r"(?!\d)\s*[日号]?"
)
_URL_DATE = re.compile(
    r"(?:/t|/|_|-|=|\b)(?P<y>20[0-4]\d)[-/]?(?P<m>0[1-9]|1[0-2])[-/]?(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?=\d{6,13}(?!\d)|[_/.\-&]|$)"
)


def find_date(text: str, start: int = 0) -> tuple[date, int, int] | None:
    """First whole date in `text` from `start`, with its span; impossible dates are passed over.

    Reads 2026-10-07, 2026/10/7, 2026.10.7, 2026年10月7日 (blanks allowed) and 二〇二六年十月七日.
    """
    for match in _DATE.finditer(text, start):
        year = match["y"].replace("○", "〇").replace("Ｏ", "〇").replace("O", "〇")
        try:
            found = date(cn_number(year), cn_number(match["m"]), cn_number(match["d"]))
        except ValueError:
            continue
        return found, match.start(), match.end()
    return None


def parse_date(text: str | None) -> date | None:
    """The first whole date in `text`, or None; full-width digits are read."""
    found = find_date(normalize(text)) if text else None
    return found[0] if found else None


def url_date(url: str) -> date | None:
    """The date that TRS (`t20260903_…`) and numeric-stamp addresses carry, or None."""
    for match in _URL_DATE.finditer(urlsplit(url).path):
        try:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
    return None
