"""The `library` kind: gov.cn's search of the State Council's and all ministries' final papers."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from watcher.errors import ExtractError, Reason
from watcher.extract.condition import Form, load_json, open_page
from watcher.extract.lists.endpoint import read_json, refuse_failure, row_of
from watcher.extract.lists.rows import distinct
from watcher.model import Item, Page
from watcher.settings import LIBRARY, Rule

_MINISTRIES, _STATE_COUNCIL = "zhengcelibrary_bm", "zhengcelibrary_gw"
_IN_STATE_COUNCIL = frozenset(("国务院", "国务院办公厅"))


def search_url(
    body_name_zh: str | None, *, page: int = 1, size: int = 50, base: str | None = None
) -> str:
    """The address of the library's papers by one issuing body (None: all ministries), newest first.

    `page` counts from 1, `size` is the rows asked for (the site may give fewer). `base` is another
    address of the search; what its query says stays, body, page and size aside.
    """
    parts = urlsplit(base or LIBRARY)
    of_council = body_name_zh in _IN_STATE_COUNCIL
    query = {
        "t": _STATE_COUNCIL if of_council else _MINISTRIES,
        "q": "",
        "timetype": "timeqb",
        "sort": "pubtime",
        "sortType": "1",
        "searchfield": "title",
        "type": "gwyzcwjk",
    }
    query |= dict(parse_qsl(parts.query, keep_blank_values=True))
    if body_name_zh:
        query["puborg"] = body_name_zh
    query |= {"p": str(page), "n": str(size)}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def read_library(page: Page, rule: Rule) -> list[Item]:
    """Read the papers of a search answer, in its order, with number and issuing body.

    They stand in `searchVO.listVO`, or in `searchVO.catMap.*.listVO` by kind of paper. Raises
    ExtractError empty when the search found nothing (code 1001, empty lists), not-a-listing when
    the lists are null, which is how the search fails.
    """
    content = open_page(page)
    if content.form is not Form.JSON:
        raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} is no answer of the search")
    if rule.row is not None:
        return read_json(content.text, page.url, rule)
    value = load_json(content.text, page.url)
    if isinstance(value, dict):
        refuse_failure(value, page.url)
    lists = list(_lists(value))
    rows = [row for found in lists if isinstance(found, list) for row in found]
    items = [item for row in rows if (item := row_of(row, page.url)) is not None]
    if items:
        return distinct(items)
    if rows or not lists or any(found is None for found in lists):
        raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} has no papers where they should be")
    raise ExtractError(Reason.EMPTY, f"{page.url!r} answered an empty list")


def _lists(value: Any) -> Iterator[Any]:
    """What stands in the places of the answer's lists, also when it is no list."""
    found = value.get("searchVO") if isinstance(value, dict) else None
    if not isinstance(found, dict):
        return
    if "listVO" in found:
        yield found["listVO"]
    kinds = found.get("catMap")
    for kind in kinds.values() if isinstance(kinds, dict) else ():
        if isinstance(kind, dict) and "listVO" in kind:
            yield kind["listVO"]
