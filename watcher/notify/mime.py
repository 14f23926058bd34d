"""A message as a mail: its headers, and a text and an HTML part, in plain ASCII."""

import hashlib
import re
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import quote

from watcher.model import Message
from watcher.text import one_line

_ID_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_LONGEST_SUBJECT = 1_000
# What no mail can carry or no reader should meet: control characters but line feed and tab, and
# lone surrogates, which UTF-8 has no bytes for.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def mime(
    message: Message,
    sender: str,
    recipient: str,
    key: str,
    *,
    now: datetime,
    repeat: bool = False,
    thread: str = "",
) -> MIMEMultipart:
    """`message` as multipart/alternative in plain ASCII: no server needs SMTPUTF8 or 8BITMIME.

    The subject is on one line of at most 1,000 characters; line ends of every kind become one
    kind, and control characters and lone surrogates are left out.

    The classic MIME classes and not EmailMessage: that one decodes an encoded word found in a
    subject and would pass a line break in it on to the next header (CVE-2024-6923).
    """
    mail = MIMEMultipart("alternative")
    encoded = Header(_subject(message.subject), "utf-8", header_name="Subject")
    mail["Subject"] = encoded  # type: ignore[assignment] # typeshed knows no Header values
    name, address = parseaddr(sender)
    mail["From"] = formataddr((" ".join(name.split()), address))
    mail["To"] = recipient
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(key, address)
    if _MESSAGE_ID.fullmatch(thread):
        # the first mail about the paper, and not all between: a header of bounded length ties
        # them together as well
        mail["In-Reply-To"] = mail["References"] = thread
    for header, value in _list_headers(message.audience, address):
        mail[header] = value
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation answers, please
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # the same, to Exchange
    if repeat:
        mail["X-Watcher-Possible-Repeat"] = "yes"
    mail.attach(_part(_body(message.text), "plain"))
    if message.html is not None:
        mail.attach(_part(_body(message.html), "html"))
    return mail


def message_id(key: str, sender: str) -> str:
    """`<key@domain>`: one delivery has one Message-ID, whoever sends it and however often."""
    safe = key if _ID_SAFE.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{safe}@{_domain(sender)}>"


def _list_headers(audience: str, sender: str) -> list[tuple[str, str]]:
    """What mail programs sort and unsubscribe by (RFC 2919, RFC 2369); none without an audience.

    Unsubscribing is a mail to the sender, which a person reads. There is no one-click form (RFC
    8058): that needs an address on the web that acts by itself.
    """
    names = [part for part in audience.split("/") if _ID_SAFE.fullmatch(part)]
    if not names:
        return []
    named = "/".join(names)
    subject = quote(f"unsubscribe {named}", safe="")
    labels = [re.sub("[^A-Za-z0-9]+", "-", name).strip("-") for name in reversed(names)]
    return [
        ("List-Id", f"{named} <{'.'.join(labels)}.watcher.{_domain(sender)}>"),
        ("List-Unsubscribe", f"<mailto:{sender}?subject={subject}>"),
        ("Precedence", "list"),
    ]


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2] or "localhost"


def _subject(text: str) -> str:
    return one_line(_UNFIT.sub(" ", text))[:_LONGEST_SUBJECT]


def _body(text: str) -> str:
    return _UNFIT.sub("", re.sub("\r\n?", "\n", text))


def _part(text: str, subtype: str) -> MIMEText:
    if text.isascii():
        charset = Charset("utf-8")
        charset.body_encoding = QP  # readable on the wire, and no line is too long
        return MIMEText(text, subtype, charset)  # type: ignore[arg-type] # typeshed knows only str
    # base64 hides line ends from the transport: they must be right before (RFC 2045, 6.8)
    return MIMEText(text.replace("\n", "\r\n"), subtype, "utf-8")
