"""The 大汉 jpaas column page: where its list really comes from (miit, mofcom, samr, mohurd)."""

import json
import re
from urllib.parse import quote, urlencode, urljoin

from watcher.errors import ExtractError
from watcher.extract.condition import Form, open_page
from watcher.extract.markup import attr, tree
from watcher.model import Page

_LONGEST = 10_000
_LISTS = re.compile(r"列表|分页|内容|右侧|list", re.I)
_PAIR = re.compile(r"['\"](\w+)['\"]\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|([^,}'\"]+))")


def unit_url(page: Page) -> str | None:
    """The address of the answer that holds a column page's list, or None when it has none.

    The parameters stand in `script[url][querydata]`, its value quoted with single quotes; `tagId`
    is Chinese and must be percent-encoded as UTF-8 (GBK is answered with `success:false`).
    """
    try:
        content = open_page(page)
    except ExtractError:
        return None
    if content.form is not Form.HTML or "querydata" not in content.text.lower():
        return None
    units = [
        (attr(script, "url"), _parameters(attr(script, "querydata")))
        for script in tree(content.text).select("script[url][querydata]")
    ]
    units = [(path, data) for path, data in units if path and data]
    if not units:
        return None
    path, data = max(
        units,
        key=lambda unit: (
            unit[1].get("pageType") == "column",
            bool(_LISTS.search(unit[1].get("tagId", ""))),
        ),
    )
    joint = "&" if "?" in path else "?"
    return urljoin(page.url, path) + joint + urlencode(data, quote_via=quote)


def _parameters(raw: str) -> dict[str, str]:
    raw = raw[:_LONGEST]
    try:
        loaded = json.loads(raw if '"' in raw else raw.replace("'", '"'))
    except (ValueError, RecursionError):
        loaded = {m[1]: next((g for g in m.groups()[1:] if g), "") for m in _PAIR.finditer(raw)}
    if not isinstance(loaded, dict):
        return {}
    told = {
        str(name): value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for name, value in loaded.items()
    }
    if not _is_object(told.get("paramJson", "{}")):
        del told["paramJson"]  # quotes within quotes, cut short: the first page needs none
    return told


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
