"""Small pieces of a brief's lines: a bullet's date, its leading clause, its sources, a paper's titles."""

import re

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_NUMERIC = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}"
_DATE = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH})(?!\d)"
    rf"(?:\s?(?:[-–—/&]|to|and)\s?(?:{_MONTH}\s+)?\d{{1,2}}(?!\d))?(?:,?\s+\d{{4}})?|{_NUMERIC}"
)
_OPENS = r"\s*[(\[]?\s*"
_DATED = re.compile(
    rf"^{_OPENS}(?P<date>{_DATE})\s*(?:[:：|]|[)\]]\s*[:：|]?(?=\s)|\s[–—-]\s|$)\s*", re.I
)
_BARE = re.compile(rf"^\s*(?P<date>(?i:{_DATE}))[,.]?\s+(?=[A-Z“\"‘'])")


def split_date(text: str, *, bare: bool = False) -> tuple[str, str]:
    """Split "February 4: The …" into the date as printed and the rest; ("", text) without one.

    The date may stand in brackets, be a range of days, or be all there is. `bare`: nothing but a
    blank need stand behind it, as behind a date in italics.
    """
    match = _DATED.match(text) or (_BARE.match(text) if bare else None)
    return (match["date"], text[match.end() :]) if match else ("", text)


# ---------------------------------------------------------------- sources and lead

_TRAILING = ".;, "
_OPENING, _CLOSING = "(（[", ")）]"


_NAMED = re.compile(r"(?<=[.;)\]”\"\w])\s+[(\[]?Sources?\s*[:：]\s*([^:：]{2,300}?)[)\]]?$", re.I)


def trailing_sources(text: str) -> tuple[str, tuple[str, ...]]:
    """Split a bullet into its text and the sources in the bracket that ends it.

    (MOST plan (CN); Caixin article (EN)) names two, as [A, B] and "Sources: A, B" do. A bracket
    that only abbreviates the words before it, such as (NEVs), names none.
    """
    body = text.rstrip(_TRAILING)
    if named := _NAMED.search(body):
        before, inner = body[: named.start()].rstrip(), named[1]
    elif (start := _open_of_last(body)) is not None:
        before, inner = body[:start].rstrip(), body[start + 1 : -1].strip()
        if not inner or _abbreviates(inner, before):
            return text, ()
    else:
        return text, ()
    mark = ";" if ";" in inner else ","
    names = [name.strip() for name in _split_outside(inner, mark)]
    return before, tuple(name for name in names if name)


def _open_of_last(text: str) -> int | None:
    """Where the bracket opens that the last character closes."""
    depth = 0
    if not text.endswith(tuple(_CLOSING)):
        return None
    for at in range(len(text) - 1, -1, -1):
        if text[at] in _CLOSING:
            depth += 1
        elif text[at] in _OPENING:
            depth -= 1
            if depth == 0:
                return at
    return None


def _abbreviates(inner: str, before: str) -> bool:
    letters = inner.rstrip("s")
    if not re.fullmatch(r"[A-Z][A-Z&-]{1,7}", letters):
        return False
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z][\w'’]*", before)).upper()
    wanted = re.sub(r"[^A-Z]", "", letters)
    at = -1
    for letter in reversed(wanted):  # small words between may be skipped
        at = initials.rfind(letter, 0, len(initials) if at < 0 else at)
        if at < 0 or at < len(initials) - 2 * len(wanted) - 1:
            return False
    return True


def _split_outside(text: str, mark: str) -> list[str]:
    """Split at `mark` where no bracket is open."""
    pieces, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in "(（[":
            depth += 1
        elif char in ")）]":
            depth -= 1
        elif char == mark and depth == 0:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


_ABBREVIATED = re.compile(
    r"(?:\b(?:Co|Inc|Ltd|Corp|No|Nos|vs|etc|Mr|Ms|Dr|approx|e\.g|i\.e|U\.S|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
    r"|\b[A-Z])$"
)


def split_lead(text: str) -> str:
    """The leading clause of a bullet: up to its first semicolon or full stop outside brackets."""
    depth = 0
    for at, char in enumerate(text):
        if char in "(（[“":
            depth += 1
        elif char in ")）]”":
            depth = max(0, depth - 1)
        elif (depth == 0 and char in ";；") or (
            depth == 0
            and char == "."
            and re.match(r"\s+[A-Z“\"(]|\s*$", text[at + 1 :])
            and not _ABBREVIATED.search(text[:at])
        ):
            return text[:at].strip()
    return text.strip()


# ---------------------------------------------------------------- a paper's titles

_LINKS = re.compile(
    r"\s*[(\[（]\s*\[?(?:links?(?:\s*\d+)?(?:\s*[,，;]\s*)?)+\]?\s*[)\]）]\s*", re.I
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3}")
_OPENS_CHINESE = '《“"‘「『【'


def document_titles(value: str) -> tuple[str | None, str | None]:
    """Split a paper's line into its English and its Chinese title; None for one that is missing.

    Reads "English title (中文标题) (Link)", with brackets in either title, without brackets around
    the Chinese one, with a closing bracket missing, and "中文标题 (English title)".
    """
    value = _LINKS.sub(" ", value).strip()
    han = _HAN.search(value)
    if not han:
        return value or None, None
    if not _LATIN.search(value[: han.start()]):
        return _chinese_first(value)
    start = _enclosing(value, han.start())
    if start is None:
        start = han.start()
        while start and value[start - 1] in _OPENS_CHINESE + "0123456789+G ":
            start -= 1
        return value[:start].strip() or None, value[start:].strip() or None
    chinese = value[start + 1 :].strip()
    if _depth(chinese) < 0 and chinese.endswith((")", "）")):
        chinese = chinese[:-1].strip()
    return value[:start].strip() or None, chinese or None


def _chinese_first(value: str) -> tuple[str | None, str | None]:
    start = _open_of_last(value)
    if start is None or not _LATIN.search(value[start:]) or _HAN.search(value[start:]):
        return None, value.strip()
    return value[start + 1 : -1].strip(), value[:start].strip()


def _enclosing(text: str, at: int) -> int | None:
    """Where the bracket opens that is still open before `at`."""
    opened: list[int] = []
    for place, char in enumerate(text[:at]):
        if char in "(（":
            opened.append(place)
        elif char in ")）" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _depth(text: str) -> int:
    return sum((char in "(（") - (char in ")）") for char in text)
