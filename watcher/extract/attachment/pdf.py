"""PDF to lines, through pypdfium2 where the `attachments` extra is installed."""

import re
import threading
from typing import Any

from watcher.extract.attachment.package import Unreadable
from watcher.text import one_line

_PAGES = 2000
_CHARACTERS = 10_000_000
_one_at_a_time = threading.Lock()  # pdfium keeps global state and is not thread-safe


def read_pdf(body: bytes) -> list[str]:
    """The text of a PDF, its wrapped lines joined to paragraphs. Raises Unreadable."""
    try:
        import pypdfium2
    except ImportError as exc:
        reason = "PDF files need the extra: install watcher[attachments]"
        raise Unreadable("unsupported", reason) from exc
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(body)
        except pypdfium2.PdfiumError as exc:
            locked = "password" in str(exc).lower() or "security" in str(exc).lower()
            quality, why = ("encrypted", "it needs a password") if locked else ("corrupt", str(exc))
            raise Unreadable(quality, why) from exc
        try:
            pages = _pages(document)
        except pypdfium2.PdfiumError as exc:
            raise Unreadable("corrupt", f"a page cannot be read: {exc}") from exc
        finally:
            document.close()
    return [line for page in pages for line in unwrap(page)]


def _pages(document: Any) -> list[str]:
    texts: list[str] = []
    count = len(document)
    if count > _PAGES:
        raise Unreadable("too-large", f"it has {count} pages, more than {_PAGES}")
    size = 0
    for number in range(count):
        page = document[number]
        text_page = page.get_textpage()
        texts.append(text_page.get_text_bounded())
        text_page.close()
        page.close()
        size += len(texts[-1])
        if size > _CHARACTERS:
            raise Unreadable("too-large", f"it has more than {_CHARACTERS} characters")
    return texts


_PAGE_NUMBER = re.compile(
    r"[-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共]\s*\d{1,4}\s*页?)?[-—–\s]*"
)
_SENTENCE_END = re.compile(r"[。；！？：:;.!?]$")
_NEW_PARAGRAPH = re.compile(
    r"^(?:第[\d一二三四五六七八九十百千零〇]+[编章节条款]|[（(]?[一二三四五六七八九十]+[）)、]|[（(]?\d+[）)、.．]|附件|附录|注[：:])"
)
_FULL = 0.8


def unwrap(page: str) -> list[str]:
    """Join the lines a page was wrapped into; page numbers are dropped.

    A line runs on when it is nearly as long as the page's longest, ends no sentence, and the next
    starts no article, item or annex.
    """
    lines = [line for raw in page.splitlines() if (line := one_line(raw))]
    lines = [
        line
        for at, line in enumerate(lines)
        if not (at in (0, len(lines) - 1) and _PAGE_NUMBER.fullmatch(line))
    ]
    longest = max(map(len, lines), default=0)
    joined: list[str] = []
    runs_on = False
    for line in lines:
        if runs_on and not _NEW_PARAGRAPH.match(line):
            gap = " " if joined[-1][-1].isascii() and line[0].isascii() else ""
            joined[-1] += gap + line
        else:
            joined.append(line)
        runs_on = len(line) >= longest * _FULL and not _SENTENCE_END.search(line)
    return joined
