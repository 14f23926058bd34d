"""Who says what of a paper on its page: the first witness is believed, a contradiction is kept."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from watcher.model import Conflict
from watcher.text import letters

RULE, TABLE, META, TEXT, URL = "rule", "table", "meta", "text", "url"
"""In order of trust: a selector of the source's own, the site's metadata table, its government
meta tags, the visible text, the address."""

T = TypeVar("T", str, date)


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    witness: str
    value: T


Differ = Callable[[Said[T], Said[T]], bool]


def settle(
    field: str, said: Sequence[Said[T]], differ: Differ[T]
) -> tuple[T | None, Conflict | None]:
    """What the first witness says, and a Conflict of all of them when another differs from it."""
    if not said:
        return None, None
    believed = said[0]
    if not any(differ(believed, other) for other in said[1:]):
        return believed.value, None
    values = tuple((one.witness, str(one.value)) for one in said)
    return believed.value, Conflict(field=field, values=values)


_FILE_DAYS = timedelta(days=3)
"""An address carries the day its file was made; that it was put up soon after is no contradiction."""


def days_differ(one: Said[date], other: Said[date]) -> bool:
    apart = abs(one.value - other.value)
    return apart > (_FILE_DAYS if URL in (one.witness, other.witness) else timedelta(0))


def titles_differ(one: Said[str], other: Said[str]) -> bool:
    """Whether two titles name two papers: not by blanks, width, a cut end or what a site adds."""
    return _apart(letters(one.value), letters(other.value))


def numbers_differ(one: Said[str], other: Said[str]) -> bool:
    """Whether two numbers are not one in two brackets, or one with and without its organ's name."""
    return _apart(_bare_number(one.value), _bare_number(other.value))


def _bare_number(value: str) -> str:
    return re.sub(r"第(?=\d+号)", "", letters(value))


def issuers_differ(one: Said[str], other: Said[str]) -> bool:
    """Whether two wordings name no body in common; a long and a short name are one (国务院办公厅, 国办)."""
    mine, theirs = _names(one.value), _names(other.value)
    return bool(mine and theirs) and not any(_same_body(a, b) for a in mine for b in theirs)


_SHORT = str.maketrans("", "", "中华人民共和国省市区县和与及部委局员会厅办公")


def _names(value: str) -> list[str]:
    text = unicodedata.normalize("NFKC", value)
    return [name for name in re.split(r"[\s、,;；]+", text) if len(name) > 1]


def _same_body(one: str, other: str) -> bool:
    """工业和信息化部 and 工信部, 国家发展改革委 and 国家发展和改革委员会."""
    short, long = sorted((one.translate(_SHORT), other.translate(_SHORT)), key=len)
    rest = iter(long)
    return all(char in rest for char in short)


def _apart(one: str, other: str) -> bool:
    return bool(one and other) and one not in other and other not in one
