"""Pages that Word, WPS and Excel save under names like .doc and .xls: HTML, alone or in a mail's envelope."""

import re
from email import message_from_bytes

from watcher.errors import ExtractError
from watcher.extract.attachment.package import Unreadable
from watcher.text import decode

_PAGE = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(?:!doctype\s+html|html|!--)", re.I)
_ENVELOPE = re.compile(rb"\s*(?:MIME-Version|From|Subject|Content-Type):", re.I)
_BY_OFFICE = re.compile(
    rb"schemas-microsoft-com:office|content=[\"']?(?:Word\.Document|Excel\.Sheet|Microsoft (?:Word|Excel)|WPS|LibreOffice)",
    re.I,
)
_SHEET = re.compile(rb"office:excel|Excel\.Sheet|Microsoft Excel", re.I)
_HEAD = 16_384


def is_page(body: bytes) -> bool:
    return bool(_PAGE.match(body[:1024].replace(b"\0", b""))) or is_envelope(body)


def is_envelope(body: bytes) -> bool:
    """Whether `body` is a page with its pictures in a mail's form (MHTML)."""
    return bool(_ENVELOPE.match(body)) and b"multipart/related" in body[:_HEAD].lower()


def is_office_made(body: bytes) -> bool:
    """Whether an office program saved this page; others may be a site's error page."""
    return is_envelope(body) or bool(_BY_OFFICE.search(body[:_HEAD].replace(b"\0", b"")))


def is_sheet(body: bytes) -> bool:
    return bool(_SHEET.search(body[:_HEAD].replace(b"\0", b"")))


def read_saved(body: bytes) -> list[str]:
    """The lines of a saved document or sheet. Raises Unreadable.

    Where a file is missing, many sites answer with a page that says so and the code of success:
    a page that no office program made is judged as any page is.
    """
    # brought in here: BeautifulSoup takes longer to load than most files take to read
    from watcher.extract.condition import judge
    from watcher.extract.markup import drop_unseen, lines_of, tree

    html = _page_in(body) if is_envelope(body) else decode(body)
    if not is_office_made(body):
        try:
            judge(html, "the address")
        except ExtractError as exc:
            raise Unreadable("unsupported", f"it is a page of the site, not a file: {exc}") from exc
    try:
        soup = tree(html)
    except ExtractError as exc:
        raise Unreadable("too-large", str(exc)) from exc
    for removed in soup.find_all(("del", "title")):
        if not removed.decomposed:
            removed.decompose()
    drop_unseen(soup)
    return lines_of(soup, "\t" if is_sheet(body) else None)


def _page_in(body: bytes) -> str:
    for part in message_from_bytes(body).walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(payload, bytes):
            return decode(payload, str(part.get("Content-Type")))
    raise Unreadable("no-text", "its envelope holds no page")
