"""Text as ministries write it: bytes to characters, normal forms, Chinese numerals and dates."""

import codecs
import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import islice
from urllib.parse import quote, urlsplit, urlunsplit

import webencodings

from watcher.errors import ExtractError, Reason

# ---------------------------------------------------------------- bytes to text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_LABEL = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.I | re.A)
_LABEL = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.I)
_MENTIONS = 40  # of a charset looked at, from the top
_READINGS = 4  # labels tried; who names more is playing games
_BAD = 0.001  # share of replacement characters above which a result is not text
_SOUND = 20  # characters of UTF-8 for each fault in it: bytes of another charset have none
_SAMPLE = 8  # letters below which the sense of a reading cannot be judged
# Codecs that stumble over the bytes of another; one-byte codecs read anything and prove nothing.
_PROVING = frozenset(("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"))
_CHINESE = "gb18030"
# What is tried without a label, and the least share of usual characters that makes sense there
# (Japanese kana read as Big5 reach 1/7); against a label that decodes it takes more.
_UNASKED = {_CHINESE: 1 / 8, "big5hkscs": 1 / 4}
_CLEAR, _FEW = 1 / 4, 4
_HIGH = re.compile(rb"[\x80-\xff]")
_LONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
# The commonest characters of Chinese and of official papers, as Beijing and as Taipei write them:
# half the letters of an average title, one in seven at the least; one in twelve at the most where
# the bytes are read by the wrong codec.
_USUAL = frozenset(
    "的一是不了在人有中大来上国个到这为和地出时年得就要下以生会自之过家学对可后成发工也能主业管理部通知公告关于市"
    "行法规定办务政制经本第条应当机日月项施实全省区县高新技术安展意见标准征求件信息保员委同与作用开分及其或等方事"
    "化度期号由电名品示我他们动体进所二三十重长资金來國個說這為時後發業務關於規辦經條應當機項實區縣術標準徵員開對"
    "學會過無與產電號見動體進長資訊"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A body as one codec reads it."""

    codec: str
    text: str
    damage: int
    """Replacement characters, without the one for a character that the end cuts in two."""
    foreign: int
    """Other characters beyond ASCII."""
    letters: int
    """Those of them that words are made of."""
    usual: int
    """Those of the letters that Chinese uses most."""

    @property
    def clean(self) -> bool:
        return self.damage <= _tolerable(self.text)

    @property
    def sense(self) -> float:
        return self.usual / max(1, self.letters)


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the characters of a page, feed or text file, without byte order mark and NULs.

    Order: byte order mark, the NULs of UTF-16, strict UTF-8, the labels of header and document,
    gb18030, Big5, windows-1252. Labels are those of the WHATWG Encoding Standard and mean what
    browsers read by them. Where several labels decode, the reading with most sense as Chinese wins;
    a reading that no label asked for must make some, or be European. A character that the end cuts
    in two, and up to 0.1 % that are broken, become U+FFFD. Raises ExtractError("undecodable") when
    no reading is that good.
    """
    mark, codec = next((m for m in _BOMS if body.startswith(m[0])), (b"", _wide(body)))
    body = body[len(mark) :]
    if codec is not None and codec != "utf-8":
        return _sound(_read(body, codec).text)
    try:
        return _sound(body.decode().replace("\x00", ""))
    except UnicodeDecodeError:
        utf8 = _read(body, "utf-8")
    if utf8.foreign >= max(1, _SOUND * utf8.damage) or (mark and utf8.clean):
        return _sound(utf8.text)
    return _best(body, _declared(body, content_type)).text


def _best(body: bytes, labels: list[str]) -> _Reading:
    """The best reading of what is not UTF-8."""
    declared = [_read(body, codec) for codec in labels]
    proved = [r for r in declared if r.codec in _PROVING and r.clean]
    told = max(proved, key=lambda r: r.sense, default=None)
    if told and (told.letters < _SAMPLE or told.sense >= _UNASKED[_CHINESE]):
        return told
    unasked = {codec: _read(body, codec) for codec in _UNASKED}
    for codec, reading in unasked.items():
        least = _CLEAR if told else _UNASKED[codec]
        if reading.clean and reading.sense >= least and reading.usual >= (_FEW if told else 1):
            return reading
    if told:
        return told
    for reading in declared:  # a UTF-8 of which nothing is right is none
        if reading.clean and (reading.codec != "utf-8" or reading.damage <= 1 + reading.foreign):
            return reading
    if _european(body) and (latin := _read(body, "cp1252")).clean:
        return latin
    chinese = unasked[_CHINESE]
    if not chinese.clean:
        raise _undecodable(min((*declared, *unasked.values()), key=lambda r: r.damage).text)
    if chinese.letters >= _SAMPLE:
        raise ExtractError(
            Reason.UNDECODABLE, "no charset is named that fits, and read as Chinese it is noise"
        )
    return chinese


def _european(body: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone, as accents and curly quotes do; Asian words are runs."""
    first = _HIGH.search(body)
    sample = body[first.start() :][:100_000] if first else b""
    return len(_LONE.findall(sample)) >= 0.9 * len(_HIGH.findall(sample))


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """The codecs that header and document name, the header's first."""
    header = _HEADER_LABEL.search(content_type or "")
    named = [_codec(header[1])] if header else []
    for mention in islice(_LABEL.finditer(body), _MENTIONS):
        codec = _codec(mention[1].decode("ascii"))
        # the bytes of this label were ASCII, so they are no UTF-16
        named.append("utf-8" if codec and codec.startswith("utf-16") else codec)
    return list(dict.fromkeys(filter(None, named)))[:_READINGS]


def _codec(label: str) -> str | None:
    """Python's codec that reads what browsers read by `label`; None where they ignore it."""
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name in ("replacement", "x-user-defined"):
        return None
    # pages declared gb2312 or gbk hold 镕, 喆 and four-byte characters that only gb18030 has
    return _CHINESE if encoding.name == "gbk" else str(encoding.codec_info.name)


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: ASCII in it puts NULs at the same places again and again."""
    head = body[:4096]
    nuls = [head[place::4].count(0) for place in range(4)]
    most = len(head) // 4
    if most > 1 and nuls[3] >= most > nuls[0] and nuls[2] > most * 0.8:
        return "utf-32-le"
    if most > 1 and nuls[0] >= most > nuls[3] and nuls[1] > most * 0.8:
        return "utf-32-be"
    even, odd = nuls[0] + nuls[2], nuls[1] + nuls[3]
    if max(even, odd) < max(4, len(head) // 16):
        return None
    if odd > 4 * even:  # 一 (U+4E00) has a NUL at the other place
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def _read(body: bytes, codec: str) -> _Reading:
    decoder = codecs.getincrementaldecoder(codec)(
        "watcher.chinese" if codec == _CHINESE and b"\x80" in body else "replace"
    )
    text = decoder.decode(body).replace("\x00", "")
    if codec == _CHINESE:  # U+FFFD in UTF-8, taken for GBK by whoever stored the page
        text = text.replace("锟斤拷", "\ufffd\ufffd")
    counts = Counter(text)
    damage = counts.pop("\ufffd", 0)
    foreign = {char: n for char, n in counts.items() if char > "\x7f"}
    cut = bool(decoder.getstate()[0])
    return _Reading(
        codec=codec,
        text=text + "\ufffd" * cut,
        damage=damage,
        foreign=sum(foreign.values()),
        letters=sum(n for char, n in foreign.items() if char.isalpha()),
        usual=sum(n for char, n in foreign.items() if char in _USUAL),
    )


def _replace(fault: UnicodeError) -> tuple[str, int]:
    """Replace what gb18030 cannot read; the lone byte 0x80 is €, as in browsers."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    if fault.object[fault.start] == 0x80:
        return "€", fault.start + 1
    return "\ufffd", fault.end


codecs.register_error("watcher.chinese", _replace)

# Summaries shortened by bytes end in half a character; what stands before it is whole.
_CUT_END = re.compile("(?<!\ufffd)\ufffd{1,3}(?=\\s*(?:<|]]>|…|\\.\\.\\.|$))")


def _sound(text: str) -> str:
    """`text`, whose codec is beyond doubt, unless too much of it is broken."""
    if "\ufffd" in text and _CUT_END.sub("", text).count("\ufffd") > _tolerable(text):
        raise _undecodable(text)
    return text


def _tolerable(text: str) -> float:
    return max(1, len(text) * _BAD)


def _undecodable(text: str) -> ExtractError:
    return ExtractError(
        Reason.UNDECODABLE,
        f"{text.count(chr(0xFFFD))} of {len(text)} characters are unreadable in the best charset",
    )


# ---------------------------------------------------------------- normal forms

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_SIGNS = re.compile(
    r"[\W_]+"
)  # all but what `str.isalnum` says; asking each character takes four times longer
_NARROW = dict.fromkeys(map(ord, "\u00a0\u3000\u2003\u2002\t"), " ") | {
    wide: chr(wide - 0xFEE0)
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for wide in range(ord(first), ord(last) + 1)
}
_WIDE = re.compile(f"[{''.join(map(chr, _NARROW))}]+")  # `translate` alone takes ten times longer


def normalize(text: str) -> str:
    """Fold what readers cannot see: width, spaces, invisible and control characters.

    Chinese punctuation keeps its form (NFKC would turn ：（） into ASCII, and 《》 stay), because
    rules read it; full-width letters and digits become ASCII. Line breaks are kept. Idempotent.
    """
    text = _CONTROL.sub("", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = _WIDE.sub(lambda wide: wide[0].translate(_NARROW), text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(lines).strip("\n")


def one_line(text: str) -> str:
    """`text` on one line, invisible characters gone, runs of white space one blank."""
    return _SPACES.sub(" ", _CONTROL.sub("", _INVISIBLE.sub("", text))).strip()


def letters(text: str) -> str:
    """Only letters and digits, width and case folded: for comparing titles."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


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
