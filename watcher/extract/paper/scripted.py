"""Files named in the strings of an inline script, where a site writes its list of them (nra, TRS)."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from watcher.extract.markup import attr, inner_text, resolve
from watcher.extract.paper.filenames import EXTENSIONS, FILE, no_name, tidy
from watcher.model import Attachment

_MOST = 50_000  # characters; more is a library
_LISTS = re.compile(r"appendix|attach|fujian|annex|附件|fileList|filePath|fileUrl", re.I)
_ANY_FILE = re.compile(rf"\.(?:{EXTENSIONS})\b", re.I)
_STRING = re.compile(r""""([^"\n]{1,600})"|'([^'\n]{1,600})'""")
_SPLIT = re.compile(r"[;|,#]+")
_SEPARATED = re.compile(rf"\.(?:{EXTENSIONS})\s*[;|,#]|[;|,#][^;|,#]+\.(?:{EXTENSIONS})$", re.I)


def lists_files(code: str) -> bool:
    """Whether a script says by the names in it that it lists files."""
    return len(code) <= _MOST and bool(_LISTS.search(code) and _ANY_FILE.search(code))


def scripted_files(code: str, base: str) -> list[Attachment]:
    """The files in such a script: links written as markup, or plain strings, an address with its
    name before or behind it.
    """
    plain = code.replace('\\"', '"').replace("\\'", "'").replace("\\/", "/")
    offers = list(_linked(plain)) if "<a" in plain else list(_named(_strings(code)))
    return [
        Attachment(name=name or unquote(urlsplit(url).path.rsplit("/", 1)[-1]), url=url)
        for name, href in offers
        if (url := resolve(href, base)) and FILE.search(urlsplit(url).path)
    ]


def _linked(code: str) -> Iterator[tuple[str, str]]:
    for link in BeautifulSoup(code, "lxml").find_all("a", href=True):
        yield tidy(inner_text(link) or attr(link, "title")), attr(link, "href").strip("'\"")


def _strings(code: str) -> list[str]:
    """The string literals of a script, one that lists several with ; or | taken apart."""
    found: list[str] = []
    for match in _STRING.finditer(code):
        text = (match[1] or match[2] or "").replace("\\/", "/").strip()
        found += _SPLIT.split(text) if _SEPARATED.search(text) else [text]
    return [text.strip() for text in found if text.strip()]


def _named(strings: list[str]) -> Iterator[tuple[str, str]]:
    """Addresses of files with the nearest string beside them that can be a name.

    Of as many names as addresses, the ones all before the others, each is its fellow's.
    """
    addresses = [at for at, text in enumerate(strings) if _is_address(text)]
    names = [at for at, text in enumerate(strings) if _is_name(text)]
    apart = names and addresses and (names[-1] < addresses[0] or addresses[-1] < names[0])
    if apart and len(names) == len(addresses):
        yield from ((tidy(strings[n]), strings[a]) for n, a in zip(names, addresses, strict=True))
        return
    for at in addresses:
        beside = [*strings[max(at - 2, 0) : at][::-1], *strings[at + 1 : at + 3]]
        yield next((tidy(text) for text in beside if _is_name(text)), ""), strings[at]


def _is_address(text: str) -> bool:
    return bool(FILE.search(text)) and ("/" in text or text.isascii()) and " " not in text


def _is_name(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and not _is_address(text) and not no_name(text)
