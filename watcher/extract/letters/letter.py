"""A letter to what it says: subject, sender, day, text and files; then to an item or a brief. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from watcher.errors import ExtractError
from watcher.extract.brief.brief import Outline, brief_outline
from watcher.extract.letters.letterhead import id_of, sender_of, sent_at, unforwarded
from watcher.extract.letters.mime import Part, take_apart, words
from watcher.extract.letters.webversion import address_in, offered_line, offered_link
from watcher.extract.markup import drop_unseen, lines_of, tree
from watcher.model import AttachmentText, Item, Page
from watcher.text import normalize, one_line

Files = Sequence[tuple[str, AttachmentText]]
"""Attached files, read: name and what the reader of attachments made of it."""

SUMMARY = 20_000
"""Characters of an item's text."""
COVER_NOTE = 2_000
"""Characters below which a letter may be no more than a note to what comes with it."""

_HTML = 1_000_000  # characters that are read; a newsletter has a tenth of that
_MARKS = 40_000  # "<" in a page; a newsletter written with Word has a third of that
_TEXT = 500_000
_FILES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """A letter, read. One that was forwarded as an attachment is what it forwards."""

    message_id: str
    """Without its angle brackets; a hash of the letter where it has none."""
    subject: str
    sender: tuple[str, str]
    """Name and address, "" for what is missing."""
    date: datetime | None
    """Aware: when it was sent, else when it arrived."""
    html: str | None
    """The pages that it is, or that are attached to it, one behind the other."""
    text: str
    """What a reader sees of the HTML, else the plain text; one paragraph per line."""
    plain: str | None = None
    """The plain text as it was written, alone or beside the HTML."""
    files: tuple[tuple[str, bytes], ...] = ()
    """Name and bytes of what is attached, but for pictures, signatures and invitations."""
    view_url: str | None = None
    """Where it stands on the web, as newsletters offer it; nothing in it names the reader."""


def read_letter(raw: bytes) -> LetterText:
    """Read a letter in any dress, in bounded time; whatever the bytes are, something comes out."""
    return _read(take_apart(raw), f"sha256-{hashlib.sha256(raw).hexdigest()[:40]}")


def _read(letter: Part, name: str) -> LetterText:
    """`name` is what the letter is called by if it does not say so itself."""
    found = _Found()
    found.take(letter)
    subject = words(letter.field("subject"))
    plain = "\n".join(found.plain)[:_TEXT] or None
    page = _page("\n".join(found.html))
    text, day = unforwarded(page.text or normalize(plain or ""), subject)
    html = page.html
    for part in found.attached:  # a newsletter may come as an attached page
        is_page = part.kind == "text/html"
        told = _page(part.text) if is_page else _Page(text=normalize(_lines(part)))
        html, text = f"{html}\n{told.html}", f"{text}\n{told.text}"
    read = LetterText(
        message_id=id_of(letter) or name,
        subject=subject,
        sender=sender_of(letter),
        date=day or sent_at(letter),
        html=html.strip()[:_HTML] or None,
        text=text.strip()[:_TEXT],
        plain=unforwarded(plain, subject)[0] if plain else None,
        files=tuple(found.files[:_FILES]),
        view_url=page.view_url
        or offered_line(plain or "")
        or address_in(letter.field("archived-at")),
    )
    for number, part in enumerate(found.letters):
        inner = _read(part, f"{read.message_id}-{number}" if number else read.message_id)
        read = _together(read, inner, alone=len(found.letters) == 1)
    return read


def _together(outer: LetterText, inner: LetterText, *, alone: bool) -> LetterText:
    """A letter and one that is attached to it; with a mere note it is but the envelope of that."""
    files = (*inner.files, *outer.files)[:_FILES]
    if alone and len(outer.text) < COVER_NOTE:
        subject, date = inner.subject or outer.subject, inner.date or outer.date
        return replace(inner, files=files, subject=subject, date=date)
    text = "\n".join(filter(None, (outer.text, inner.subject, inner.text)))[:_TEXT]
    return replace(outer, text=text, files=files, view_url=outer.view_url or inner.view_url)


# ---------------------------------------------------------------- what the parts hold

_UNREAD = re.compile(
    r"(?:image|audio|video|font)/|text/(?:calendar|x-amp-html|watch-html|vcard|x-vcard)"
    r"|application/(?:pgp-|(?:x-)?pkcs7-signature|ics)|message/"
)


@dataclass(slots=True)
class _Found:
    """What the parts of one letter hold, in their order."""

    html: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    letters: list[Part] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    """Pages and texts that are files, not the letter itself."""

    def take(self, part: Part) -> None:
        match part.kind:
            case "message/rfc822":
                self.letters += part.parts
            case "multipart/alternative":
                self._choose(part)
            case _ if part.parts:
                for inner in part.parts:
                    self.take(inner)
            case "text/html" | "text/plain" if part.attached:
                self.attached.append(part)
            case "text/html":
                self.html.append(part.text)
            case "text/plain" | "text/markdown" | "text/enriched":
                self.plain.append(_lines(part))
            case kind if part.body and not _UNREAD.match(kind):
                form = kind.rpartition("/")[2]
                unnamed = "winmail.dat" if form == "ms-tnef" else f"unnamed.{form}"
                self.files.append((part.name or unnamed, part.body))

    def _choose(self, part: Part) -> None:
        """Of parts that say the same: the last page, and the first text."""
        told = []
        for inner in part.parts:
            one = _Found(files=self.files, letters=self.letters, attached=self.attached)
            one.take(inner)
            told.append(one)
        self.html += next((one.html for one in reversed(told) if one.html), [])
        self.plain += next((one.plain for one in told if one.plain), [])


def _lines(part: Part) -> str:
    """Plain text; lines that flow on (RFC 3676) are one."""
    text = part.text[:_TEXT].replace("\r\n", "\n")
    if part.param("format").lower() == "flowed":
        joint = "" if part.param("delsp").lower() == "yes" else " "
        text = re.sub(r"(?<=[^ \n]) \n(?![ >\n]|-- \n)", joint, text)
    return text


_DATA = re.compile(r"""=\s*(["'])\s*data:[^"']*\1""", re.I)
_WORDED = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class _Page:
    html: str = ""
    text: str = ""
    """What a reader sees of it."""
    view_url: str | None = None


def _page(html: str) -> _Page:
    """Read a page from its top, as far as newsletters go; one so deep that no mailer wrote it is none."""
    html = _DATA.sub('=""', html)[:_HTML]  # some mailers write their pictures right into it
    html = "<".join(html.split("<", _MARKS)[:_MARKS])
    try:
        soup = tree(html)
    except ExtractError:
        return _Page()
    url = offered_link(soup.find_all("a", href=True))
    drop_unseen(soup)
    for title in soup.find_all("title"):
        title.decompose()
    return _Page(html, "\n".join(line for line in lines_of(soup) if _WORDED.search(line)), url)


# ---------------------------------------------------------------- items

_NOISE = re.compile(
    r"^\s*(?:(?:re|aw|antw|sv|fwd?|wg|tr|回复|答复|转发|轉寄|回覆|转|自动转发)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]"
    r"|\[(?:external|extern|ext|spam|bulk|外部邮件|外部)\]|【外部邮件】)\s*",
    re.I,
)
_LIST = re.compile(r"^\s*\[[^\[\]]{1,40}\]\s*(?=.*\w)")
_TITLE = 300
_SUBJECTLESS = 120
_ENOUGH = 8
_NAMES = 1_200


def title_of(letter: LetterText) -> str | None:
    """The subject without Re:, Fwd: and a list's [name]; the first words of one without a subject.

    A list's name goes only when what is left can stand alone: "[Lamp Weekly] No 5" stays.
    """
    title = letter.subject
    while (bare := _NOISE.sub("", title)) != title:
        title = bare
    bare = _NOISE.sub("", _LIST.sub("", title))
    if len(re.findall(r"\w", bare)) >= _ENOUGH:
        title = bare
    if not title.strip():
        title = next(iter(letter.text.split("\n")), "")[:_SUBJECTLESS]
    return one_line(title)[:_TITLE] or None


def letter_items(
    letter: LetterText, files: Files = (), *, zone: str = "Asia/Shanghai"
) -> list[Item]:
    """The one item that a letter is; its day is the one in `zone` on which it was sent.

    Its text is the letter's, or, where that is a mere note, the longest attached file's. What is
    attached is named below, and what could not be read of it with the reason.
    """
    text = letter.text
    longest = max((read.text for _, read in files), key=len, default="")
    if len(text) < COVER_NOTE and len(longest) > 3 * len(text):
        text = longest
    told = _attached(letter, files)
    room = SUMMARY - len(told) - 1
    return [
        Item(
            key=f"mid:{letter.message_id}",
            title=title_of(letter),
            url=letter.view_url,
            published=letter.date.astimezone(ZoneInfo(zone)).date() if letter.date else None,
            summary=f"{text[:room]}\n{told}".strip(),
        )
    ]


def _attached(letter: LetterText, files: Files) -> str:
    """One line that names the files of a letter."""
    faults = {name: read.reason or read.quality for name, read in files if read.quality != "ok"}
    names = dict.fromkeys([*(name for name, _ in letter.files), *(name for name, _ in files)])
    told = [f"{name} (not read: {faults[name]})" if name in faults else name for name in names]
    return one_line(f"Attached: {', '.join(told)}")[:_NAMES] if told else ""


# ---------------------------------------------------------------- briefs

_LONGEST, _LINES = (
    150_000,
    2_000,
)  # characters and lines; the longest brief known has 20,000 and 200
_BODY = re.compile(r"<body\b[^<>]{0,2000}>", re.I)


def brief_page(letter: LetterText, files: Files = ()) -> Page | None:
    """The brief that a letter is or brings, as a page for `facts.brief.read_brief`; None if it is none.

    Looked for in its HTML, its plain text and its files; the one with most items is taken. Where
    the brief itself does not say when it was issued, the day of the letter stands above it. The
    page's address is the letter's place on the web, else `mid:` and its Message-ID.
    """
    texts = [letter.plain or "", letter.text, *(read.text for _, read in files)]
    texts = [text for text in texts if len(text) < _LONGEST and text.count("\n") < _LINES]
    if letter.html and letter.text in texts:
        texts.insert(0, letter.html)
    best, most, issued = "", 0, ""
    for text in texts:
        outline = _outline(text)
        count = _items_in(outline) if outline else 0
        if outline and count > most:
            best, most, issued = text, count, outline.issued
    if not most:
        return None
    if not issued and letter.date is not None:
        best = _dated(best, letter.date)
    return Page(
        url=letter.view_url or f"mid:{letter.message_id}",
        body=best.encode("utf-8", "replace"),
        content_type="text/html; charset=utf-8",
    )


def _outline(text: str) -> Outline | None:
    try:
        return brief_outline(text) if text.strip() else None
    except ExtractError:
        return None


def _items_in(outline: Outline) -> int:
    """How many items there are, 0 where what there is may stand in any letter.

    "Summary:" below a line makes no brief: two items at least name a paper or are dated news.
    """
    telling = [
        item
        for item in outline.items
        if (
            item.date
            if item.section != "top5"
            else item.doc_title_en or item.doc_title_zh or item.bodies
        )
    ]
    return len(outline.items) if len(telling) > 1 else 0


def _dated(text: str, day: datetime) -> str:
    """A brief with the day it came at its head, in the form in which briefs print it."""
    line = f"{day:%B} {day.day}, {day.year}"
    body = _BODY.search(text)
    if body:
        return f"{text[: body.end()]}<p>{line}</p>{text[body.end() :]}"
    return f"<p>{line}</p>{text}" if text.lstrip().startswith("<") else f"{line}\n\n{text}"
