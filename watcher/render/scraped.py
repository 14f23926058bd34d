"""Scraped text made fit to be shown: one clean line, cut where a sentence ends; web addresses only.

Escaping for a medium is done in that medium's own module.
"""

import re
from urllib.parse import urlsplit

from watcher.text import canonical_url, one_line

# What `one_line` leaves and a reader still cannot see, or a wire cannot carry: bidirectional
# isolates, interlinear and musical marks, tag characters, signs that join numerals, lone
# surrogates (JSON's "\ud800" makes them).
_UNSEEN = re.compile(
    "[\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f]"
)
_LONGEST = 20_000  # characters looked at; no line shown is nearly as long
_SENTENCE_END = re.compile(r"[。！？；]|[.!?;](?=\s)")
_PAUSE = re.compile(r"[，、：]|[,:](?=\s)|\s")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def clean(text: str | None) -> str:
    """`text` on one line, without control, invisible and unencodable characters. Idempotent."""
    return one_line(_UNSEEN.sub("", (text or "")[:_LONGEST]))


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters; what is cut ends in "…".

    Chinese has no blanks to cut at: the last sentence end in the second half of what fits, else
    the last comma, pause mark or blank in its last two thirds, else wherever it must be.
    """
    if len(text) <= limit:
        return text
    head = text[: max(limit - 1, 0)]
    ends = [m.end() for m in _SENTENCE_END.finditer(head) if m.end() * 2 >= limit]
    if ends:
        return head[: ends[-1]] + "…"
    pauses = [m.start() for m in _PAUSE.finditer(head) if m.start() * 3 >= limit]
    return (head[: pauses[-1]] if pauses else head).rstrip() + "…"


def web_link(url: str | None) -> str | None:
    """`url` as a whole ASCII http(s) address, or None when it is not one (javascript:, mailto:, …).

    User names are dropped: `https://www.gov.cn@evil.example` would read as gov.cn.
    """
    cleaned = clean(url)
    try:
        parts = urlsplit(cleaned)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        if parts.scheme.lower() not in ("http", "https") or not host:
            return None
        whole = canonical_url(cleaned)
        found = urlsplit(whole).hostname or ""
        whole = whole.replace(found, host, 1) if not found.isascii() else whole
        host = f"[{host}]" if ":" in host else host
    except (ValueError, UnicodeError):
        return None
    whole = _LONE_PERCENT.sub("%25", whole)
    return whole if _HOST.fullmatch(host.lower()) and whole.isascii() else None
