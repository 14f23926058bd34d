"""Whether a list can hold other rows than before, told from its bytes: no tree is built for the many that cannot."""

import hashlib
import re

from watcher.model import Page
from watcher.settings import Rule

# Second bytes of GBK, Big5 and Shift_JIS begin at 0x40: tags and digits stand out in every charset of the field.
# `re` runs through a page ten times faster for a pattern that begins with fixed bytes than for one that begins
# with a choice or a boundary. Possessive, so that no crafted page makes one of them go back.
_ANCHOR = re.compile(rb"<[aA]\s[^<]*+(?:<(?!/[aA][\s>])[^<]*+)*+")
_CALLS = (re.compile(rb"on[cC]lick[^>]*+"), re.compile(rb"data-(?:url|href|link)[^>]*+"))
"""Where other elements lead that are links to a script."""
_DAY = re.compile(rb"20\d\d[^\d<]{1,9}\d{1,2}(?:[^\d<]{1,9}\d{1,2}|[^\d<]{0,9}<)")
"""A day, or a month: its day may stand in a box of its own, before or after."""
_BESIDE = 40  # bytes: `</b></p><p class="day">05`
_STAMP = re.compile(rb"1\d{9,12}(?!\d)")
_HTML = re.compile(rb"<(?:!doctype|html|head|body|div|ul|li|table|a)\b", re.I)
_FEW = 3


def fingerprint(page: Page, kind: str, rule: Rule) -> str:
    """A digest that stays the same as long as the rows do.

    Of an HTML list it is a digest of all but its digits, and of those digits that stand in
    links and days: a visitor counter or a clock, which makes each page unique, does not count.
    A rule that reads titles or days by selectors of its own may look elsewhere; then, and for
    feeds and JSON, every byte counts.
    """
    body = page.body
    if (
        kind == "listing"
        and not (rule.title or rule.link or rule.date)
        and _HTML.search(body, 0, 4096)
    ):
        start = max(body.find(b"<body"), 0)  # half a page is the styles and scripts of its head
        links = [link for each in (_ANCHOR, *_CALLS) for link in each.findall(body, start)]
        if len(links) >= _FEW:
            days = _DAY.findall(body, start)
            if any(day.endswith(b"<") for day in days):
                days = [_around(body, day) for day in _DAY.finditer(body, start)]
            stamps = _STAMP.findall(body, start)
            wording = body.translate(None, b"0123456789")
            body = b"\0".join((wording, *links, *days, *stamps))
    return hashlib.sha256(body).hexdigest()


def _around(body: bytes, day: re.Match[bytes]) -> bytes:
    return body[max(0, day.start() - _BESIDE) : day.end() + _BESIDE]
