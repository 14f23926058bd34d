"""Index pages of briefs in English: rows that stand alike, each with a link and most with a day."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from watcher.errors import ExtractError, Reason
from watcher.extract.markup import drop_unseen, tree
from watcher.model import Item
from watcher.text import canonical_url, one_line, parse_date

_AROUND = ("nav", "footer", "form", "aside")
_LEAST = 3
"""Rows that make a list."""
_WORDED = 20
"""Characters that the titles of a list without days have, in the middle; those of a menu are short."""
_ROW = 3_000
"""Characters of a row; longer ones are whole articles."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"(?P<{{0}}>{'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH = re.compile(
    rf"\b(?:{_NAME.format('a')}\s+(?P<b>\d{{1,2}})(?:st|nd|rd|th)?,?|(?P<c>\d{{1,2}})(?:st|nd|rd|th)?\s+{_NAME.format('d')})"
    r"\s+(?P<year>20\d\d)\b",
    re.I,
)


def issue_rows(text: str, url: str) -> list[Item]:
    """The issues on an index page in page order, with the day that stands in their row.

    Of all places where three or more elements stand alike, each with a link, it is the one with
    most days; without any day the one whose titles say most. Raises ExtractError
    (`not-a-listing`) where nothing is like that.
    """
    soup = tree(text)
    drop_unseen(soup)
    for name in _AROUND:
        for tag in soup.find_all(name):
            tag.decompose()
    lists = [rows for rows in _lists(soup, url) if _is_list(rows)]
    if not lists:
        raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} is no brief and lists no issues")
    return max(lists, key=lambda rows: (_days(rows), len(rows)))


def _lists(soup: BeautifulSoup, url: str) -> Iterator[list[Item]]:
    for parent in soup.find_all(True):
        alike: defaultdict[tuple[str, str], list[Tag]] = defaultdict(list)
        for child in parent.find_all(True, recursive=False):
            alike[child.name, " ".join(child.get_attribute_list("class")[:1] or [""])].append(child)
        for children in alike.values():
            if len(children) >= _LEAST:
                found = [row for child in children if (row := _row(child, url))]
                yield list({row.key: row for row in reversed(found)}.values())[::-1]


def _row(tag: Tag, url: str) -> Item | None:
    """The link with most words in an element, as a row."""
    links = [tag] if tag.name == "a" else tag.find_all("a", href=True)
    worded = [(one_line(link.get_text(" ")), str(link.get("href") or "")) for link in links]
    title, href = max(worded, key=lambda link: len(link[0]), default=("", ""))
    said = one_line(tag.get_text(" "))
    address = urldefrag(urljoin(url, href)).url
    place = urlsplit(address)
    if not title or len(said) > _ROW or not place.scheme.startswith("http"):
        return None
    if place.netloc != urlsplit(url).netloc or canonical_url(address) == canonical_url(url):
        return None
    return Item(key=canonical_url(address), url=address, title=title, published=_day(tag, said))


def _day(tag: Tag, said: str) -> date | None:
    stamped = tag.find("time", datetime=True)
    if isinstance(stamped, Tag) and (day := parse_date(str(stamped["datetime"])[:10])):
        return day
    if not (match := _ENGLISH.search(said)):
        return parse_date(said)
    month = (match["a"] or match["d"]).lower()[:3]
    try:
        return date(int(match["year"]), _MONTHS.index(month) + 1, int(match["b"] or match["c"]))
    except ValueError:
        return None


def _days(rows: Sequence[Item]) -> int:
    return sum(row.published is not None for row in rows)


def _is_list(rows: Sequence[Item]) -> bool:
    if len(rows) < _LEAST:
        return False
    lengths = sorted(len(row.title or "") for row in rows)
    return _days(rows) * 2 > len(rows) or lengths[len(lengths) // 2] >= _WORDED
