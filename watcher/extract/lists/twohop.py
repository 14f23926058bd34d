"""Consultations whose page is a script: where their JSON is found (NDRC's consultation system).

A list row leads to `sa.html#/<key>`. A first answer turns the key into the article's id, a second
gives the article, which `read_page` reads.
"""

import re
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from watcher.errors import ExtractError, Reason
from watcher.extract.condition import Form, load_json, open_page
from watcher.model import Page

_SERVICE = "/public/submission-service"
_KEY = re.compile(r"/?([\w-]{1,100})/?")
_ID = re.compile(r"[\w-]{1,100}")


def first_hop(item_url: str) -> str | None:
    """Where the answer stands that tells an item's article, None for an address of another kind."""
    try:
        parts = urlsplit(item_url)
    except ValueError:  # an address that is none
        return None
    key = _KEY.fullmatch(parts.fragment)
    if key is None or not parts.path.endswith("/sa.html"):
        return None
    return urljoin(item_url, f"{_SERVICE}/article/access-url?shortKey={key[1]}")


def second_hop(page: Page, item_url: str) -> str:
    """Where the article's JSON stands, from the first answer; on the item's own host.

    The answer is `{"status": 1, "data": "https://…/article.html?articleId=<id>"}`. Raises
    ExtractError not-a-listing when it says that it failed or names no article, and as `open_page`
    does when it is no answer at all.
    """
    content = open_page(page)
    if content.form is not Form.JSON:
        raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} did not answer JSON")
    value = load_json(content.text, page.url)
    answer = value if isinstance(value, dict) else {}
    article = _article_id(answer.get("data"))
    if str(answer.get("status", 1)) not in ("1", "200") or article is None:
        raise ExtractError(
            Reason.NOT_A_LISTING,
            f"{page.url!r} names no article: {str(answer.get('message', ''))[:200]!r}",
        )
    address = f"{_SERVICE}/column/getArticleDetail?articleId={quote(article)}"
    return urljoin(item_url, address)


def _article_id(address: object) -> str | None:
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    found = parse_qs(parts.query).get("articleId") or parse_qs(
        parts.fragment.partition("?")[2]
    ).get("articleId")
    return found[0] if found and _ID.fullmatch(found[0]) else None
