"""A letter taken apart (RFC 5322, MIME) as mailers really write it. Pure: bytes in, parts out.

The standard library reads single headers here, not whole letters: its parser compares every line
with the boundary of every level around it, and a letter made to be slow takes hours.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote_to_bytes

from watcher.errors import ExtractError
from watcher.text import decode, one_line

DEEPEST = 20
"""Parts in parts; what real mailers write stays under 8, forwarded letters included."""
MOST = 400
"""Parts of one letter; further ones are left in one piece, as a file that nobody can read."""

_HEADER = 256_000  # bytes of a header that are looked at
_VALUE = 4_000  # characters of one value: the standard library's time grows with its square
_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A letter, or a piece of one."""

    fields: tuple[tuple[str, str], ...]
    """Its header as read: names in lower case, values on one line, words still encoded."""
    kind: str
    """text/plain, multipart/mixed …; in lower case."""
    body: bytes = b""
    """Without its transfer encoding; nothing where there are parts."""
    parts: tuple["Part", ...] = ()

    def field(self, name: str) -> str:
        """The first field of that name, or ""."""
        return next((value for known, value in self.fields if known == name), "")

    @property
    def attached(self) -> bool:
        """Whether it is a file; a name in Content-Type alone makes a text no file."""
        said = self.field("content-disposition")
        return said.lower().startswith("attachment") or bool(_param(said, "filename"))

    @property
    def name(self) -> str | None:
        """Its file name, whichever of four ways the mailer wrote it; no path."""
        given = _param(self.field("content-disposition"), "filename")
        name = given or _param(self.field("content-type"), "name")
        return one_line(re.split(r"[/\\]", name)[-1])[-_NAME:] or None

    def param(self, name: str) -> str:
        """A parameter of Content-Type, or ""."""
        return _param(self.field("content-type"), name)

    @property
    def text(self) -> str:
        return characters(self.body, self.param("charset"))


def take_apart(raw: bytes) -> Part:
    """Read a letter; whatever the bytes are, something comes out, in time linear to their length."""
    return _part(raw, "text/plain", [MOST], 0)


# ---------------------------------------------------------------- parts

_KIND = re.compile(r"\s*([\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100})")
_BOUNDARY = re.compile(rb"\s*--(\S{1,200})[ \t]*\r?\n")


def _part(raw: bytes, default: str, budget: list[int], depth: int) -> Part:
    """`budget` holds how many parts may still be told apart."""
    block, body = _halves(raw)
    fields = tuple(_fields(block))
    header = Part(fields=fields, kind=default)
    told = _KIND.match(header.field("content-type"))
    kind = told[1].lower() if told else default
    if kind == "application/octet-stream" and (header.name or "").lower().endswith(".eml"):
        kind = "message/rfc822"
    coding = header.field("content-transfer-encoding").strip().lower()
    inner: tuple[Part, ...] = ()
    if kind.startswith("multipart/") or kind == "message/rfc822":
        if depth >= DEEPEST or budget[0] <= 0:
            return Part(fields=(), kind="application/octet-stream", body=raw)
        if kind == "message/rfc822":
            inner = (_part(_plain(body, coding), "text/plain", budget, depth + 1),)
        else:
            usual = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            pieces = _split(body, header.param("boundary"), budget)
            inner = tuple(_part(piece, usual, budget, depth + 1) for piece in pieces)
        if inner:
            return Part(fields=fields, kind=kind, parts=inner)
        kind = "text/plain"  # it says that it has parts, and has none
    return Part(fields=fields, kind=kind, body=_plain(body, coding))


def _split(body: bytes, boundary: str, budget: list[int]) -> Iterator[bytes]:
    """The pieces between boundaries; one that is not announced is taken from the first line."""
    mark = boundary.rstrip().encode("utf-8", "replace")
    if not mark or b"--" + mark not in body:
        found = _BOUNDARY.match(body)
        if found is None:
            return
        mark = found[1]
    line = re.compile(rb"\n--" + re.escape(mark) + rb"(--)?[ \t]*\r?(?=\n|\Z)")
    start: int | None = None
    for match in line.finditer(b"\n" + body):
        if start is not None:
            budget[0] -= 1
            yield body[start : max(start, match.start() - 1)].removesuffix(b"\r")
        start = match.end()  # in `body` this is behind the line's end
        if match[1]:
            return
        if budget[0] <= 0:
            break
    if start is not None:  # the last boundary is missing: the letter was cut off
        yield body[start:]


def _halves(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body. Text that does not begin with a field is all body."""
    raw = re.sub(rb"\A(?:\xef\xbb\xbf)?>?From [^\n]*\n", b"", raw)  # a mailbox file's own line
    if blank := re.match(rb"[ \t]*\r?\n", raw):
        return b"", raw[blank.end() :]
    if not _FIELD.match(raw[:_HEADER]):
        return b"", raw
    end = re.search(rb"\n\r?\n", raw)
    return (raw[: end.start() + 1], raw[end.end() :]) if end else (raw, b"")


_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)")


def _fields(block: bytes) -> Iterator[tuple[str, str]]:
    at = 0
    block = block[:_HEADER]
    while at < len(block):
        if match := _FIELD.match(block, at):
            value = one_line(characters(match[2][: 4 * _VALUE]))[:_VALUE]
            yield match[1].decode("ascii").lower(), value
            at = match.end() + 1
        else:  # not a field: what follows may be one
            end = block.find(b"\n", at)
            at = end + 1 if end >= 0 else len(block)


_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def _plain(body: bytes, coding: str) -> bytes:
    """`body` without its transfer encoding, as far as it can be read."""
    if coding == "quoted-printable":
        return binascii.a2b_qp(body)
    if coding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:  # cut off, or with a list's footer behind it
            digits = _BASE64.sub(b"", body)
            digits = digits[: len(digits) - (len(digits) % 4 == 1)]
            return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
    return body


# ---------------------------------------------------------------- values

_SEVEN_BITS = {"hz-gb-2312": "hz", "iso-2022-jp": "iso2022_jp", "iso-2022-kr": "iso2022_kr"}


def characters(raw: bytes, charset: str = "") -> str:
    """`raw` as text, by the label or in spite of it; what nothing reads becomes U+FFFD."""
    if codec := _SEVEN_BITS.get(charset.lower()):  # such bytes are good UTF-8 as well, and noise
        return raw.decode(codec, "replace")
    try:
        return decode(raw, f"text/plain; charset={charset}" if charset else None)
    except ExtractError:
        return raw.decode("utf-8", "replace")


_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,40})?\?([BbQq])\?([^?]*)\?=", re.A)


def words(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) read, on one line.

    Neighbours of one charset are put together before they are decoded: mailers cut characters
    in two between them.
    """
    out: list[str] = []
    charset, held = "", b""
    end = 0
    for match in _WORD.finditer(value):
        gap = value[end : match.start()]
        label = match[1].lower()
        if held and (gap.strip() or label != charset):
            out.append(characters(held, charset))
            held = b""
        if gap.strip() or not end:
            out.append(gap)
        charset, end = label, match.end()
        word = match[3].encode("utf-8", "replace")
        quoted = match[2] in "Qq"
        held += binascii.a2b_qp(word, header=True) if quoted else _plain(word, "base64")
    out += (characters(held, charset) if held else "", value[end:])
    return one_line("".join(out))


_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2}){2}")


def _param(value: str, name: str) -> str:
    """A parameter of a header: plain, continued (RFC 2231), as an encoded word, or escaped."""
    header = Message()
    header["content-type"] = value[:_VALUE]
    try:
        found = header.get_param(name, "")
    except (ValueError, LookupError, TypeError, AttributeError):  # it stumbles over broken ones
        return ""
    if isinstance(found, tuple):  # (charset, language, text as Latin-1)
        return characters(str(found[2]).encode("latin-1", "replace"), str(found[0] or ""))
    text = words(str(found))
    return characters(unquote_to_bytes(text)) if _ESCAPES.search(text) else text
