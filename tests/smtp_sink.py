"""A local mail server: aiosmtpd that keeps what it takes and refuses what it is told to.

`with SmtpSink() as smtp:` gives `smtp.port` and `smtp.mails`; `smtp.refuse("rcpt", "450 4.2.1 later")`
spoils the next conversation at that step.
"""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, AnyStr, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

STEPS = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "lost", "cut")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail taken, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes

    @property
    def said(self) -> str:
        """Subject and text, as a person reads them."""
        part = self.message.get_body(("plain",))
        return f"{self.message['Subject']}\n{part.get_content() if part else ''}"


@dataclass
class SmtpSink:
    """`login` is the user and password asked for; `tls` a server context, offered as STARTTLS."""

    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    mails: list[Mail] = field(default_factory=list)
    connections: int = 0
    """How many were opened, refused ones too."""

    def __post_init__(self) -> None:
        self._refusals: dict[str, deque[str]] = {step: deque() for step in STEPS}
        self._controller = _Controller(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def refuse(self, step: str, reply: str = "", times: int = 1) -> None:
        """Answer `reply` at the next `times` `step`s.

        "lost" takes the mail and hangs up instead of answering; "cut" hangs up at DATA.
        """
        self._refusals[step].extend([reply] * times)

    def refusal(self, step: str) -> str | None:
        waiting = self._refusals[step]
        return waiting.popleft() if waiting else None

    def authenticate(self, given: LoginPassword) -> AuthResult:
        if reply := self.refusal("auth"):
            return AuthResult(success=False, handled=False, message=reply)
        known = self.login and tuple(part.encode() for part in self.login)
        return AuthResult(success=(given.login, given.password) == known, handled=False)

    # ------------------------------------------------------------ aiosmtpd's hooks

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.refusal("mail"):
            return reply
        if self.login and not session.authenticated:
            return "530 5.7.0 authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.refusal("rcpt"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        if reply := self.refusal("data"):
            return reply
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(
            Mail(
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                message=message,
                raw=content,
            )
        )
        if self.refusal("lost") is not None:
            server.transport.abort()
            await asyncio.sleep(0.05)
        return "250 OK"


class _Controller(Controller):
    def __init__(self, sink: SmtpSink, **options: Any) -> None:
        self._sink = sink
        context = sink.tls if sink.implicit_tls else None
        super().__init__(sink, ssl_context=context, **options)

    def factory(self) -> SMTP:
        return _Smtp(self._sink)

    def _trigger_server(self) -> None:
        # port 0 was asked for; the test connection needs the one that was given
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call] # aiosmtpd is half typed


class _Smtp(SMTP):
    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink
        login = sink.login is not None
        super().__init__(
            sink,
            hostname="sink.example",
            enable_SMTPUTF8=False,
            tls_context=None if sink.implicit_tls else sink.tls,
            auth_require_tls=False,
            auth_exclude_mechanism=None if login else ("LOGIN", "PLAIN"),
            authenticator=lambda server, session, envelope, kind, given: sink.authenticate(given),
        )

    async def push(self, status: AnyStr) -> None:
        text = status.decode() if isinstance(status, bytes) else status
        if text.startswith("220 sink.example"):
            self._sink.connections += 1
        if text.startswith("220 sink.example") and (reply := self._sink.refusal("connect")):
            await super().push(reply)
            self._hang_up()
        elif text.startswith("354") and self._sink.refusal("cut") is not None:
            self._hang_up()
        else:
            await super().push(status)

    def _hang_up(self) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:
        if reply := self._sink.refusal("ehlo"):
            await self.push(reply)
            return
        await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if reply := self._sink.refusal("starttls"):
            await self.push(reply)
            return
        await super().smtp_STARTTLS(arg)
