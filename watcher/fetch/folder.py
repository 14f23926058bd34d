"""An IMAP folder from its address to its opening: TLS, login, and how the server names folders."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError
from imap_tools.imap_utf7 import utf7_decode

from watcher import __version__
from watcher.errors import FetchError
from watcher.fetch.imap import Box, Line, Patience, censored, in_words, quoted
from watcher.settings import Mailbox

_PORTS = {"imaps": 993, "imap": 143}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder's address. `path` is joined by whatever the server parts folders with."""

    host: str
    port: int
    tls: bool
    path: tuple[str, ...]


def place_of(url: str) -> Place:
    """Read imaps://HOST[:PORT]/FOLDER, its path percent-encoded; FetchError for anything else."""
    try:
        parts = urlsplit(url)
        default = _PORTS[parts.scheme]
        if not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError
        return Place(
            host=parts.hostname,
            port=parts.port or default,
            tls=parts.scheme == "imaps",
            path=tuple(unquote(step, errors="strict") for step in parts.path.split("/") if step),
        )
    except (ValueError, KeyError):
        raise FetchError(  # not quoted: it may hold a password
            "the address of a mailbox must read imaps://HOST/FOLDER (%3F for ?, %23 for #)",
            transient=False,
        ) from None


# ---------------------------------------------------------------- from the greeting to the folder


@contextmanager
def session(
    place: Place, mailbox: Mailbox, patience: Patience, context: ssl.SSLContext
) -> Iterator[Box]:
    """Connect, see to TLS, log in; hang up at the end."""
    with in_words(place.host, mailbox.password, patience):
        line = Line(place.host, place.port, patience, context if place.tls else None)
        try:
            _see_to_tls(line, place, context)
            box = Box(line)
            if line.state != "AUTH":  # the greeting may have been PREAUTH
                _login(box, place, mailbox)
            _introduce(line)
            yield box
        except BaseException:
            line.shutdown()
            raise
        line.leave()


def _see_to_tls(line: Line, place: Place, context: ssl.SSLContext) -> None:
    """With imap:// the server must offer STARTTLS; on this very machine it may do without."""
    if place.tls:
        return
    if "STARTTLS" in line.capabilities and line.state == "NONAUTH":
        if line.xatom("STARTTLS")[0] != "OK":
            raise FetchError(f"{place.host}: the mail server refuses STARTTLS", transient=True)
        line.secure(context)
        line.learn()
    elif not line.local:
        raise FetchError(
            f"{place.host}: the mail server offers no STARTTLS, and a password does not go over a "
            "network in plain text; try imaps://",
            transient=False,
        )


_LATER = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b|too many|temporar|try again", re.I)


def _login(box: Box, place: Place, mailbox: Mailbox) -> None:
    name, password = mailbox.username, mailbox.password.reveal()
    if "LOGINDISABLED" in box.client.capabilities:
        raise FetchError(
            f"{place.host}: the mail server takes no passwords on this connection", transient=False
        )
    if not (name + password).isprintable():  # a line break would begin a command of its own
        raise FetchError(
            f"{place.host}: the mailbox's name or password holds a control character",
            transient=False,
        )
    try:
        if (name + password).isascii():
            box.login(name, password, initial_folder=None)
        else:
            box.login_utf8(name, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as exc:
        said = exc.command_result[1] if isinstance(exc, MailboxLoginError) else str(exc)
        words = censored(quoted(said), mailbox.password)
        if _LATER.search(words):
            raise FetchError(
                f"{place.host}: the mail server lets nobody in now ({words})", transient=True
            ) from None
        who = f"{name} at {place.host}" if "@" in name else f"{name}@{place.host}"
        raise FetchError(
            f"the mail server refuses the name or password of {who} ({words})", transient=False
        ) from None


def _introduce(line: Line) -> None:
    """Say who is asking (RFC 2971).

    163.com, 126.com and yeah.net answer "Unsafe Login" when a nameless client opens a folder
    (https://github.com/pimalaya/himalaya/issues/651).
    """
    line.learn()
    if "ID" in line.capabilities:
        try:
            line.xatom("ID", f'("name" "watcher" "version" "{__version__}")')
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return  # it could not after all; if it matters, the folder stays shut and says why


def select(box: Box, place: Place, *, readonly: bool) -> int:
    """Open the folder and return its UIDVALIDITY, by which UIDs of one numbering belong together."""
    client = box.client
    mark = "/"
    if len(place.path) > 1:
        mark = next((mark for mark, _ in _listed(client.list('""', '""')[1]) if mark), "/")
    folder = mark.join(place.path) or "INBOX"
    try:
        box.folder.set(folder, readonly=readonly)
    except MailboxFolderSelectError as exc:
        raise _no_folder(box, place, folder, quoted(exc.command_result[1])) from None
    except imaplib.IMAP4.readonly:
        raise FetchError(
            f"{place.host}: folder {folder!r} can only be read, its letters cannot be marked",
            transient=False,
        ) from None
    validity = client.response("UIDVALIDITY")[1][-1]
    if not isinstance(validity, bytes) or not validity.isdigit():
        raise FetchError(
            f"{place.host}: folder {folder!r} has no UIDVALIDITY, its letters cannot be told apart",
            transient=False,
        )
    return int(validity)


def _no_folder(box: Box, place: Place, folder: str, words: str) -> FetchError:
    told = _listed(box.client.list('""', '"*"')[1])
    names = {name: name.replace(mark, "/") if mark else name for mark, name in told}
    if folder in names:
        return FetchError(
            f"{place.host}: folder {folder!r} cannot be opened ({words})",
            transient=bool(_LATER.search(words)),
        )
    shown = [repr(name[:80]) for name in sorted(names.values())[:10]]
    rest = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return FetchError(
        f"{place.host}: no folder {'/'.join(place.path)!r} ({words}); "
        f"there are {', '.join(shown) or 'none'}{rest}",
        transient=False,
    )


_LISTED = re.compile(rb'\([^()]*\) (?:"(\\?.)"|NIL) (.*)', re.S | re.I)


def _listed(said: Sequence[object]) -> Iterator[tuple[str, str]]:
    """(what parts its levels or "", name) of each folder in an answer to LIST."""
    for entry in said:
        head, literal = entry if isinstance(entry, tuple) else (entry, None)
        match = _LISTED.fullmatch(head) if isinstance(head, bytes) else None
        if match is None:
            continue
        raw = literal or match[2]
        if literal is None and raw[:1] == b'"':
            raw = re.sub(rb"\\(.)", rb"\1", raw[1:-1])
        try:
            name = utf7_decode(raw)
        except ValueError:
            name = raw.decode("utf-8", "replace")
        yield (match[1] or b"")[-1:].decode("latin-1"), name
