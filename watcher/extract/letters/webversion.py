"""Where a letter stands on the web, as newsletters offer it: "view this mail in your browser"."""

import re
from collections.abc import Iterable

from bs4 import Tag

from watcher.extract.markup import attr, inner_text, resolve
from watcher.text import canonical_url

_THIS = r"(?:(?:this|the|our|it|an?|e-?mail|mail|message|newsletter|issue|post|edition|bulletin|brief(?:ing)?)\s+){0,4}"
_OFFER = re.compile(
    rf"\b(?:view|read|open|see|display)\s+{_THIS}(?:online\b|on\s+(?:the\s+)?web\b|as\s+(?:a\s+)?web\s?page"
    r"|(?:in|with)\s+(?:(?:your|a|the|web|internet)\s+){0,3}browser)"
    r"|\b(?:web|browser|online)[ -]?version\b|\bnot\s+display(?:ing|ed)?\s+(?:correctly|properly)\b"
    r"|\bim (?:web)?browser\b|\bonline[ -]?ansicht\b|\bim internet (?:ansehen|lesen)\b"
    r"|浏览器(?:中|里|内)?(?:查看|打开|浏览|阅读)|网页版|在线(?:查看|浏览|阅读)|(?:无法|不能|未能)正常(?:显示|浏览|查看|阅读)",
    re.I,
)
_LINE = 200  # characters of a line that offers, without the address
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'，。；）】]{4,2000}", re.I)


def offered_link(links: Iterable[Tag]) -> str | None:
    """The link whose words say so, else the only one in a line that says so."""
    beside = None
    for link in links:
        url = resolve(attr(link, "href"), "")
        if url is None:
            continue
        if _OFFER.search(inner_text(link)[:_LINE]):
            return impersonal(url)
        line = link.parent
        if beside is None and line is not None and len(line.find_all("a", limit=2)) == 1:
            around = inner_text(line)
            beside = url if len(around) <= _LINE and _OFFER.search(around) else None
    return impersonal(beside) if beside else None


def offered_line(text: str) -> str | None:
    """The address in the line of plain text that offers it, or right below."""
    lines = [line for line in text.split("\n") if line]
    for at, line in enumerate(lines):
        said = _ADDRESS.sub(" ", line)
        if len(said) <= _LINE and _OFFER.search(said):
            for told in lines[at : at + 2]:
                if address := _ADDRESS.search(told):
                    return impersonal(address[0])
    return None


def address_in(value: str) -> str | None:
    """The address in a header, such as Archived-At (RFC 5064)."""
    address = _ADDRESS.search(value)
    return impersonal(address[0]) if address else None


_PERSONAL = re.compile(r"(?<=[?&])(?:utm_\w+|mc_[ce]id)=[^&#]*&?", re.I)
# Mailchimp's e= names the reader: whoever has the link could unsubscribe the mailbox with it.
_MAILCHIMP = re.compile(r"https?://(?:[\w-]+\.)*(?:mailchi\.mp|campaign-archive\d?\.com)/", re.I)
_READER = re.compile(r"(?<=[?&])e=\w*&?")


def impersonal(url: str) -> str | None:
    """One spelling of an address, without what tells one reader of the letter from another."""
    url = _PERSONAL.sub("", url)
    if _MAILCHIMP.match(url):
        url = _READER.sub("", url)
    try:
        return canonical_url(re.sub(r"[?&]+(?=#|$)", "", url))
    except ValueError:
        return None
