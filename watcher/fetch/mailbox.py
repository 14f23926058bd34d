"""The edge that reads letters from an IMAP folder: what came since a position, nothing touched."""

import logging
import re
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import getaddresses

from watcher.errors import FetchError
from watcher.fetch.folder import Place, place_of, select, session
from watcher.fetch.imap import WORDS, Box, Patience, in_words, quoted
from watcher.fetch.lines import tls_context
from watcher.settings import Mailbox
from watcher.text import one_line

log = logging.getLogger(__name__)

CHUNK = 200
"""Letters spoken of in one command."""
LOOK_BACK = 5_000
"""Newest letters among which those of `senders` are looked for when a folder is read first."""
AT_ONCE = 4
"""Largest letters' worth of bytes in one reading."""

_NUMBERS = 20_000_000  # bytes of two million letters' numbers
_HEADER = 100_000
_SENDER = 2_000
_LAST_UID = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    uid: int
    raw: bytes
    """The letter as it came; of one too large, its header and a sentence that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What came since the last reading, oldest first."""

    letters: tuple[Letter, ...]
    position: str
    """"UIDVALIDITY:LASTUID", for the next reading."""
    more: bool = False
    """Letters are waiting still: a limit was reached, or a fault cut the reading short."""


def read_mailbox(
    url: str,
    mailbox: Mailbox,
    position: str | None,
    *,
    timeout: float = 60.0,
    limit: int = 200,
    max_bytes: int = 20_000_000,
    ssl_context: ssl.SSLContext | None = None,
) -> Post:
    """Return the letters in the folder at `url` that came after `position`; change nothing there.

    `url` is imaps://HOST[:PORT]/FOLDER, the folder's path percent-encoded, INBOX when it is
    empty. With imap:// the server must offer STARTTLS; only on this very machine may it do
    without. A certificate is always verified, with `ssl_context` or as pages are.

    Without a position, or when the server has numbered its letters anew (another UIDVALIDITY),
    these are the newest `limit` letters, or what of them `timeout` seconds and some tens of
    megabytes have room for; older ones are left alone. Known ones come again, and their
    Message-IDs tell.

    After a position they are the oldest `limit`, and the new position lies no further than what
    is handed over, so that none is lost. A fault in the middle is raised only when nothing was
    read before it; else it shows itself at the next reading: one letter that cannot be read must
    not hold back those before it.
    """
    place, patience = place_of(url), Patience(timeout)
    context = ssl_context or tls_context("default")
    with session(place, mailbox, patience, context) as box:
        validity = select(box, place, readonly=True)
        since = passed = _since(position, validity)
        uids = _uids(box, since)
        if since is None:
            uids = uids[: -max(limit, LOOK_BACK) - 1 : -1]
        letters: list[Letter] = []
        size, more = 0, False
        try:
            with in_words(place.host, mailbox.password, patience):
                for uid, announced in _sizes(box, uids, mailbox.senders):
                    if announced is not None:
                        size += min(announced, max_bytes)
                        full = bool(letters) and size > AT_ONCE * max_bytes
                        if more := full or len(letters) == limit:
                            break
                        letters += _letter(box, place, uid, announced, max_bytes)
                    passed = uid
        except FetchError as exc:
            if not letters and (since is None or passed == since):
                raise
            log.warning("%s; the %d letters before that are kept", exc, len(letters))
            more = True
        if since is None:  # read from the newest downwards
            letters.reverse()
            passed, more = next(iter(uids), 0), False
        return Post(letters=tuple(letters), position=f"{validity}:{passed}", more=more)


def mark_read(
    url: str,
    mailbox: Mailbox,
    uids: Sequence[int],
    *,
    position: str | None = None,
    timeout: float = 60.0,
    ssl_context: ssl.SSLContext | None = None,
) -> None:
    """Set the \\Seen flag of letters that `read_mailbox` handed over.

    `position` is the one that came with them: when the server has numbered its letters anew
    since, these numbers mean other letters now, and none is marked.
    """
    if not uids:
        return
    place = place_of(url)
    context = ssl_context or tls_context("default")
    with session(place, mailbox, Patience(timeout), context) as box:
        validity = select(box, place, readonly=False)
        if position is not None and _since(position, validity) is None:
            return
        for at in range(0, len(uids), CHUNK):
            numbers = ",".join(map(str, uids[at : at + CHUNK]))
            done, said = box.ask("STORE", numbers, "+FLAGS.SILENT", r"(\Seen)")
            if not done:
                raise FetchError(
                    f"{place.host}: letters cannot be marked as read ({quoted(said)})",
                    transient=False,
                )


def _since(position: str | None, validity: int) -> int | None:
    """The last UID that was read, or None when the folder is to be read as if for the first time."""
    match = re.fullmatch(r"([0-9]{1,10}):([0-9]{1,10})", position or "")
    return int(match[2]) if match and int(match[1]) == validity else None


# ---------------------------------------------------------------- which letters


def _uids(box: Box, since: int | None) -> list[int]:
    """The numbers of all letters after `since`, rising."""
    if since is not None and since >= _LAST_UID:
        return []
    wanted = ("ALL",) if since is None else ("UID", f"{since + 1}:*")
    done, said = box.ask("SEARCH", *wanted, allowance=_NUMBERS)
    if not done:
        raise FetchError(
            f"{box.client.host}: the mail server does not search ({quoted(said)})", transient=True
        )
    numbers = {int(word) for line in said if isinstance(line, bytes) for word in line.split()}
    # n:* means the last letter when there is none that new
    return sorted(number for number in numbers if number > (since or 0))


def _sizes(
    box: Box, uids: Sequence[int], senders: Sequence[str]
) -> Iterator[tuple[int, int | None]]:
    """Each of `uids` with the letter's size, None when it is not from `senders` or is gone.

    The sender is compared here: servers search for parts of names, or for whole words.
    """
    what = f"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM)]<0.{_SENDER}>)"
    for at in range(0, len(uids), CHUNK):
        chunk = uids[at : at + CHUNK]
        told = _fetch(box, chunk, what, allowance=WORDS + CHUNK * _SENDER)
        if told is None:
            raise FetchError(
                f"{box.client.host}: the mail server does not tell of letters {chunk[0]} to {chunk[-1]}",
                transient=True,
            )
        sizes = {n: size for n, size, header in told if not senders or _is_from(header, senders)}
        yield from ((uid, sizes.get(uid)) for uid in chunk)


def _is_from(header: bytes, senders: Sequence[str]) -> bool:
    text = header.decode("utf-8", "replace").partition(":")[2]
    address = next((found for _, found in getaddresses([one_line(text)])), "").lower()
    return any(
        address.endswith(sender.lower()) if sender.startswith("@") else address == sender.lower()
        for sender in senders
    )


# ---------------------------------------------------------------- one letter


def _letter(box: Box, place: Place, uid: int, size: int, max_bytes: int) -> Iterator[Letter]:
    """The letter, or nothing when it has been removed meanwhile.

    Of one that is too large, or that the server itself cannot give, only the header is read.
    """
    told: list[_Told] | None = None
    if size <= max_bytes:  # not all servers count rightly, so no more than that is asked for
        what = f"(UID BODY.PEEK[]<0.{max_bytes + 1}>)"
        told = _fetch(box, [uid], what, allowance=max_bytes + WORDS)
        if told is not None:
            raw = next((raw for number, _, raw in told if number == uid), None)
            if raw is None:
                return
            if len(raw) <= max_bytes:
                yield Letter(uid=uid, raw=raw)
                return
            size = len(raw)
    if size > max_bytes:
        why = f"is too large to be read here: {size / 1e6:.3g} MB or more, {max_bytes / 1e6:g} MB are read"
    else:
        why = "could not be given by the mail server"
    told = _fetch(box, [uid], f"(UID BODY.PEEK[HEADER]<0.{_HEADER}>)", allowance=WORDS)
    header = next((raw for number, _, raw in told or () if number == uid), b"")
    note = f"This letter {why}. It is number {uid} in the mailbox at {place.host}."
    yield Letter(uid=uid, raw=_with_note(header, note))


_DRESS = re.compile(rb"^(?:content-[!-9;-~]*|mime-version):[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)


def _with_note(header: bytes, note: str) -> bytes:
    """A letter of `note`, under `header` without what it says of the form of its own text."""
    bare = _DRESS.sub(b"", header.rstrip() + b"\r\n").rstrip()
    form = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return bare + (b"\r\n" if bare else b"") + form + note.encode() + b"\r\n"


_Told = tuple[int, int, bytes]
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)(?:"|$)', re.S)  # one that stays open ends with the line
_UID = re.compile(rb"\bUID ([0-9]{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE ([0-9]{1,15})\b")


def _fetch(box: Box, uids: Sequence[int], what: str, *, allowance: int) -> list[_Told] | None:
    """(UID, size or 0, text) of each letter told of; None when the server says NO."""
    done, said = box.ask("FETCH", ",".join(map(str, uids)), what, allowance=allowance)
    if not done:
        return None
    told: list[_Told] = []
    words: list[bytes] = []
    text: bytes | None = None
    for piece in said:
        if isinstance(piece, tuple):
            words.append(piece[0])
            text = piece[1]
        elif piece is not None:
            line = b" ".join((*words, piece))
            bare = _QUOTED.sub(b'""', line)  # a sender's name may say "UID 7", too
            if uid := _UID.search(bare):
                size = _SIZE.search(bare)
                if text is None:
                    short = _QUOTED.search(line)
                    text = re.sub(rb"\\(.)", rb"\1", short[1]) if short else b""
                told.append((int(uid[1]), int(size[1]) if size else 0, text))
            words, text = [], None
    return told
