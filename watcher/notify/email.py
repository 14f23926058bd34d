"""The mail notifier: one SMTP transaction a message, each refusal blamed on who must act."""

import re
import smtplib
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr

from watcher.clock import Clock
from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify.mime import mime
from watcher.notify.notifier import HandOver, Sent, scrubbed, unrecorded
from watcher.render.repeat import possible_repeat
from watcher.settings import EmailChannel, Target

TIMEOUT = 30.0
IDLE, PER_CONNECTION = 10.0, 20
"""Seconds that a connection is kept for the next mail, and mails it may take: servers have limits."""
_ADDRESS = re.compile(
    r"[!#-'*+\-./0-9=?A-Z^-~]+@(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])"
)


class EmailNotifier:
    """Sends through one mail server; `context` replaces the system's trust, for tests and own CAs."""

    def __init__(
        self,
        channel: EmailChannel,
        timeout: float = TIMEOUT,
        context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._channel = channel
        self._clock = clock or Clock()
        self._timeout = timeout
        # made once: a context with the system's certificates costs 20 ms
        self._context = context or ssl.create_default_context()
        self._sender = parseaddr(channel.sender)[1]
        self._lock = threading.Lock()
        self._idle: list[tuple[smtplib.SMTP, int, float]] = []
        weakref.finalize(self, _close_all, self._idle)

    def send(
        self,
        target: Target,
        message: Message,
        *,
        key: str,
        ambiguous: bool,
        thread: str = "",
        hand_over: HandOver = unrecorded,
    ) -> Sent:
        """Send one mail; its Message-ID is the same for every attempt at one delivery.

        SMTP cannot be asked what it took: after a lost answer the mail is sent again, marked as a
        possible repeat; most mailboxes show two mails of one Message-ID once.
        """
        recipient = _recipient(target)
        said = possible_repeat(message) if ambiguous else message
        mail = mime(
            said,
            self._channel.sender,
            recipient,
            key,
            now=self._clock.now(),
            repeat=ambiguous,
            thread=thread,
        )
        with self._connection(target) as smtp:
            self._prepare(smtp, target, recipient, mail.as_bytes())
            try:
                hand_over(blind=ambiguous)
            except BaseException:
                smtp.close()  # in the middle of a mail, nothing can be said to end it politely
                raise
            self._complete(smtp, target)
        sent_as = str(mail["Message-ID"])
        return Sent(receipt=sent_as, place=sent_as)

    # ------------------------------------------------------------ the conversation

    @contextmanager
    def _connection(self, target: Target) -> Iterator[smtplib.SMTP]:
        """A connection that has said hello, is encrypted as configured and logged in.

        One that took a mail is kept for the next; after any trouble the next begins anew.
        """
        try:
            smtp, mails = self._kept() or (self._opened(target), 0)
            try:
                yield smtp
            except BaseException:
                with suppress(OSError, smtplib.SMTPException):
                    smtp.quit()
                smtp.close()
                raise
            self._keep(smtp, mails + 1)
        except (OSError, smtplib.SMTPException, UnicodeError) as exc:
            raise self._broken(target, exc) from None

    def _opened(self, target: Target) -> smtplib.SMTP:
        channel = self._channel
        smtp = (
            smtplib.SMTP_SSL(
                channel.host, channel.port, timeout=self._timeout, context=self._context
            )
            if channel.tls == "tls"
            else smtplib.SMTP(channel.host, channel.port, timeout=self._timeout)
        )
        try:
            if smtp.sock is not None:
                # the dot follows the mail in a write of its own: it need not wait 40 ms for an ACK
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.ehlo_or_helo_if_needed()
            if channel.tls == "starttls":
                if not smtp.has_extn("starttls"):
                    said = f"{self._where(target)} offers no STARTTLS; set tls to what it has"
                    raise DeliveryError(said, blame=Blame.CHANNEL)
                smtp.starttls(context=self._context)
                smtp.ehlo_or_helo_if_needed()
            if channel.username is not None:
                password = channel.password.reveal() if channel.password else ""
                smtp.login(channel.username, password)
        except BaseException:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()
            raise
        return smtp

    def _kept(self) -> tuple[smtplib.SMTP, int] | None:
        """A connection that took mails lately and still answers, with how many it took."""
        while self._idle:
            with self._lock:
                if not self._idle:
                    break
                smtp, mails, since = self._idle.pop()
            with suppress(OSError, smtplib.SMTPException):
                if time.monotonic() - since < IDLE and smtp.rset()[0] == 250:
                    return smtp, mails
            smtp.close()
        return None

    def _keep(self, smtp: smtplib.SMTP, mails: int) -> None:
        if mails < PER_CONNECTION:
            with self._lock:
                self._idle.append((smtp, mails, time.monotonic()))
        else:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _prepare(self, smtp: smtplib.SMTP, target: Target, recipient: str, content: bytes) -> None:
        """Say all of the mail but the dot that ends it: until then the server may not take it."""
        self._expect(target, "sender", smtp.mail(self._sender), 250)
        self._expect(target, "recipient", smtp.rcpt(recipient), 250, 251)
        self._expect(target, "data", smtp.docmd("DATA"), 354)
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
        smtp.send(re.sub(rb"(?m)^\.", b"..", lines).removesuffix(b"\r\n"))

    def _complete(self, smtp: smtplib.SMTP, target: Target) -> None:
        # smtplib.sendmail() hides which of DATA's two answers was lost; only from here on may
        # the mail have been taken
        try:
            smtp.send(b"\r\n.\r\n")
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as exc:
            said = f"{target}: mail server's last answer was lost: {type(exc).__name__}"
            raise DeliveryError(said, blame=Blame.MOMENT, ambiguous=True) from None
        if not 200 <= answer[0] < 600:
            said = f"{target}: mail server's last answer was no SMTP reply"
            raise DeliveryError(said, blame=Blame.MOMENT, ambiguous=True)
        self._expect(target, "data", answer, 250)

    def _expect(self, target: Target, step: str, answer: tuple[int, bytes], *good: int) -> None:
        code, text = answer
        if code not in good:
            raise self._refusal(target, step, code, text)

    # ------------------------------------------------------------ who must act

    def _refusal(self, target: Target, step: str, code: int, text: bytes | str) -> DeliveryError:
        """A reply other than the wanted one; RFC 5321, 4.2.1: 4 means later, 5 means never."""
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        wording = scrubbed(
            f"{target}: mail server refused the {step}: {code} {said}", [self._channel.password]
        )
        if not 500 <= code < 600:
            return DeliveryError(wording, blame=Blame.MOMENT)
        # 530 asks for a login, wherever it is said
        ours = step in ("recipient", "data") and code != 530
        return DeliveryError(wording, blame=Blame.MESSAGE if ours else Blame.CHANNEL)

    def _broken(self, target: Target, exc: Exception) -> DeliveryError:
        """A conversation that ended before the mail was handed over."""
        where = self._where(target)
        match exc:
            case smtplib.SMTPResponseException():
                step = "login" if isinstance(exc, smtplib.SMTPAuthenticationError) else "session"
                return self._refusal(target, step, exc.smtp_code, exc.smtp_error)
            case smtplib.SMTPServerDisconnected():
                return DeliveryError(f"{where} hung up", blame=Blame.MOMENT)
            case smtplib.SMTPException():  # raised by login() alone
                said = f"{where} offers no login that we know; correct tls, or drop username"
                return DeliveryError(said, blame=Blame.CHANNEL)
            case ssl.SSLCertVerificationError():
                said = f"{where}: certificate not verified: {exc.verify_message}"
                return DeliveryError(said, blame=Blame.CHANNEL)
            case ssl.SSLError() if not isinstance(exc, ssl.SSLEOFError | ssl.SSLZeroReturnError):
                said = f"{where} speaks no TLS that we accept ({exc.reason}); correct port or tls"
                return DeliveryError(said, blame=Blame.CHANNEL)
            case UnicodeError():
                said = f"{where}: user name and password must be ASCII"
                return DeliveryError(said, blame=Blame.CHANNEL)
        said = f"{where} does not answer: {type(exc).__name__}"
        return DeliveryError(said, blame=Blame.MOMENT)

    def _where(self, target: Target) -> str:
        return f"{target}: mail server {self._channel.host}:{self._channel.port}"


def _close_all(idle: list[tuple[smtplib.SMTP, int, float]]) -> None:
    for smtp, _, _ in idle:
        smtp.close()


def _recipient(target: Target) -> str:
    address = parseaddr(target.address)[1]
    if not _ADDRESS.fullmatch(address):
        raise DeliveryError(
            f"{target.kind}: {target.address!r} is no mail address we can write to (ASCII only)",
            blame=Blame.MESSAGE,
        )
    return address
