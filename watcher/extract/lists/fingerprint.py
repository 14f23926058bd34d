"""Whether a list can hold other rows than before, told from its bytes: no tree is built for the many that cannot."""

import hashlib
import re

from watcher.model import Page
from watcher.settings import Rule

# Second bytes of GBK, Big5 and Shift_JIS begin at 0x40: tags and digits stand out in every charset of the field.
_ANCHOR = re.compile(rb"<a\b[^>]*>.*?</a\s*>", re.I | re.S)
_DAY = re.compile(rb"(?:19|20)\d\d\D{1,3}\d{1,2}\D{1,3}\d{1,2}|\b\d{10,13}\b")
_HTML = re.compile(rb"<(?:!doctype|html|head|body|div|ul|li|table|a)\b", re.I)
_FEW = 3


def fingerprint(page: Page, kind: str, rule: Rule) -> str:
    """A digest that stays the same as long as the rows do.

    Of an HTML list it is a digest of its links and its days, in their order: visitor counters,
    tokens and what else makes each page unique do not count. A rule that reads titles or days by
    selectors of its own may look elsewhere; then, and for feeds and JSON, every byte counts.
    """
    digest = hashlib.sha256()
    anchors: list[bytes] = []
    if (
        kind == "listing"
        and not (rule.title or rule.link or rule.date)
        and _HTML.search(page.body[:4096])
    ):
        anchors = _ANCHOR.findall(page.body)
    if len(anchors) < _FEW:
        digest.update(page.body)
    else:
        for part in (*anchors, *_DAY.findall(page.body)):
            digest.update(part)
            digest.update(b"\0")
    return digest.hexdigest()
