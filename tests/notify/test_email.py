"""Mail over a real local server: who is blamed for what, and what arrives."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.real import absent
from tests.smtp_sink import SmtpSink
from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify.email import EmailNotifier
from watcher.settings import EmailChannel, Secret, Target

TARGET = Target(kind="email", address="lamps@example.org")
MESSAGE = Message(
    subject="Draft for comment · LAMP: 智能灯具数据管理办法（征求意见稿）",
    text="智能灯具数据管理办法\n.\n..two dots\nhttps://lamp.example/1",
    html="<p>智能灯具数据管理办法</p>",
)
SENDER = "Watcher <watcher@lamp.example>"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


def notifier(port: int, tls: str = "none", **more: str) -> EmailNotifier:
    password = Secret(more.pop("password"), "env:SMTP_PASSWORD") if "password" in more else None
    channel = EmailChannel(
        host="127.0.0.1",
        port=port,
        sender=SENDER,
        tls=tls,
        username=more.get("username"),
        password=password,
    )
    return EmailNotifier(channel, timeout=2)


def refusal(
    sender: EmailNotifier, target: Target = TARGET, *, ambiguous: bool = False
) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.send(target, MESSAGE, key="7", ambiguous=ambiguous)
    return caught.value


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def test_what_arrives(sink: SmtpSink) -> None:
    receipt = notifier(sink.port).send(TARGET, MESSAGE, key="7", ambiguous=False).receipt
    [mail] = sink.mails
    assert (mail.sender, mail.recipients) == ("watcher@lamp.example", ("lamps@example.org",))
    assert mail.message["Subject"] == MESSAGE.subject
    assert mail.message["From"] == "Watcher <watcher@lamp.example>"
    assert mail.message["To"] == "lamps@example.org"
    assert mail.message["Message-ID"] == receipt == "<7@lamp.example>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Date"].datetime.tzinfo is not None
    assert mail.message["X-Watcher-Possible-Repeat"] is None
    assert body(mail.message, "plain") == MESSAGE.text
    assert body(mail.message, "html") == MESSAGE.html
    assert mail.raw.isascii()


def test_dots_survive_when_they_open_a_line(sink: SmtpSink) -> None:
    text = "two lines\n.\n..and dots\n." + "x" * 2000
    message = Message(subject="dots", text=text)
    notifier(sink.port).send(TARGET, message, key="7", ambiguous=False)
    assert body(sink.mails[0].message, "plain") == text


@pytest.mark.parametrize(
    ("step", "reply", "blame", "ambiguous"),
    [
        ("connect", "421 4.3.2 busy", Blame.MOMENT, False),
        ("connect", "554 5.7.1 your address is not welcome", Blame.CHANNEL, False),
        ("mail", "451 4.3.0 later", Blame.MOMENT, False),
        ("mail", "421 4.3.2 closing", Blame.MOMENT, False),
        ("mail", "550 5.7.1 not your domain", Blame.CHANNEL, False),
        ("mail", "530 5.7.0 authenticate first", Blame.CHANNEL, False),
        ("rcpt", "450 4.2.1 grey list", Blame.MOMENT, False),
        ("rcpt", "421 4.3.2 closing", Blame.MOMENT, False),
        ("rcpt", "550 5.1.1 no such user", Blame.MESSAGE, False),
        ("rcpt", "530 5.7.0 authenticate first", Blame.CHANNEL, False),
        ("data", "451 4.3.0 later", Blame.MOMENT, False),
        ("data", "554 5.6.0 content refused", Blame.MESSAGE, False),
        ("cut", "", Blame.MOMENT, False),
        ("lost", "", Blame.MOMENT, True),
    ],
)
def test_blame(sink: SmtpSink, step: str, reply: str, blame: Blame, ambiguous: bool) -> None:
    sink.refuse(step, reply)
    error = refusal(notifier(sink.port))
    assert (error.blame, error.ambiguous) == (blame, ambiguous)
    assert len(sink.mails) == (step == "lost")
    notifier(sink.port).send(TARGET, MESSAGE, key="7", ambiguous=False)  # the server goes on


@pytest.mark.parametrize(
    ("reply", "blame"),
    [
        ("535 5.7.8 wrong password hunter2", Blame.CHANNEL),
        ("454 4.7.0 temporary failure", Blame.MOMENT),
    ],
)
def test_blame_at_login(reply: str, blame: Blame) -> None:
    with SmtpSink(login=("watcher", "hunter2")) as sink:
        sink.refuse("auth", reply, times=2)  # smtplib tries each mechanism
        error = refusal(notifier(sink.port, username="watcher", password="hunter2"))
    assert error.blame is blame
    assert "hunter2" not in str(error)


def test_login() -> None:
    with SmtpSink(login=("watcher", "hunter2")) as sink:
        sender = notifier(sink.port, username="watcher", password="hunter2")
        sender.send(TARGET, MESSAGE, key="7", ambiguous=False)
        assert len(sink.mails) == 1
        assert refusal(notifier(sink.port)).blame is Blame.CHANNEL
        wrong = notifier(sink.port, username="watcher", password="wrong")
        assert refusal(wrong).blame is Blame.CHANNEL
        odd = notifier(sink.port, username="watcher", password="密码")
        assert refusal(odd).blame is Blame.CHANNEL


def test_a_server_without_login(sink: SmtpSink) -> None:
    error = refusal(notifier(sink.port, username="watcher", password="hunter2"))
    assert error.blame is Blame.CHANNEL
    assert "drop username" in str(error)


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refusal(notifier(port))
    assert (error.blame, error.ambiguous) == (Blame.MOMENT, False)
    assert not refusal(notifier(port), ambiguous=True).ambiguous  # this attempt, that is


def test_a_possible_repeat_says_so(sink: SmtpSink) -> None:
    sink.refuse("lost")
    assert refusal(notifier(sink.port)).ambiguous
    notifier(sink.port).send(TARGET, MESSAGE, key="7", ambiguous=True)
    first, second = (mail.message for mail in sink.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert second["X-Watcher-Possible-Repeat"] == "yes"


def test_one_connection_takes_several_mails_and_a_broken_one_is_replaced(sink: SmtpSink) -> None:
    sender, before = notifier(sink.port), sink.connections  # it is tried when it starts
    for n in range(3):
        sender.send(TARGET, MESSAGE, key=str(n), ambiguous=False)
    assert sink.connections - before == 1
    sink.refuse("rcpt", "550 5.1.1 no such user")
    assert refusal(sender).blame is Blame.MESSAGE
    sink.refuse("lost")
    assert refusal(sender).ambiguous
    sender.send(TARGET, MESSAGE, key="4", ambiguous=False)
    assert sink.connections - before == 3
    kept = sender._idle[0][0].sock
    assert kept is not None
    kept.shutdown(socket.SHUT_RDWR)  # as a server that tires of us
    sender.send(TARGET, MESSAGE, key="5", ambiguous=False)
    assert (sink.connections - before, len(sink.mails)) == (4, 6)


def test_the_dot_is_not_said_when_the_hand_over_is_refused(sink: SmtpSink) -> None:
    def refuse(*, blind: bool) -> None:
        raise DeliveryError("enough", blame=Blame.MESSAGE)

    sender = notifier(sink.port)
    with pytest.raises(DeliveryError, match="enough"):
        sender.send(TARGET, MESSAGE, key="7", ambiguous=True, hand_over=refuse)
    sender.send(TARGET, MESSAGE, key="8", ambiguous=False)
    assert [mail.message["Message-ID"] for mail in sink.mails] == ["<8@lamp.example>"]


# ---------------------------------------------------------------- encryption


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed, with its key, in one PEM file."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=lamp"
    extra = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run([*command.split(), *extra], check=True, capture_output=True)
    except FileNotFoundError:
        absent("the openssl command")
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("implicit", [False, True])
def test_encryption_is_verified(certificate: Path, implicit: bool) -> None:
    tls = "tls" if implicit else "starttls"
    with SmtpSink(tls=server_context(certificate), implicit_tls=implicit) as sink:
        error = refusal(notifier(sink.port, tls))
        assert error.blame is Blame.CHANNEL
        assert "certificate not verified" in str(error)
        channel = EmailChannel(host="127.0.0.1", port=sink.port, sender=SENDER, tls=tls)
        trusting = ssl.create_default_context(cafile=f"{certificate}.crt")
        EmailNotifier(channel, context=trusting).send(TARGET, MESSAGE, key="7", ambiguous=False)
        assert len(sink.mails) == 1


@pytest.mark.parametrize(
    ("reply", "blame"),
    [
        ("454 4.7.0 TLS not available now", Blame.MOMENT),
        ("502 5.5.1 no TLS here", Blame.CHANNEL),
    ],
)
def test_a_refused_starttls_sends_nothing_in_clear(
    certificate: Path, reply: str, blame: Blame
) -> None:
    with SmtpSink(tls=server_context(certificate)) as sink:
        sink.refuse("starttls", reply)
        assert refusal(notifier(sink.port, "starttls")).blame is blame
        assert sink.mails == []


def test_what_is_asked_for_but_not_offered_is_the_operators(sink: SmtpSink) -> None:
    plain = refusal(notifier(sink.port, "starttls"))
    assert (plain.blame, "offers no STARTTLS" in str(plain)) == (Blame.CHANNEL, True)
    assert refusal(notifier(sink.port, "tls")).blame is Blame.CHANNEL
    assert sink.mails == []


# ---------------------------------------------------------------- headers


def test_a_server_that_knows_only_helo(sink: SmtpSink) -> None:
    """Without 8BITMIME, SMTPUTF8 or any other extension; the mail is plain ASCII in short lines."""
    sink.refuse("ehlo", "502 5.5.1 command not implemented")
    notifier(sink.port).send(TARGET, MESSAGE, key="7", ambiguous=False)
    [mail] = sink.mails
    assert mail.raw.isascii() and max(map(len, mail.raw.split(b"\r\n"))) <= 998
    assert mail.message["Subject"] == MESSAGE.subject
    assert body(mail.message, "plain") == MESSAGE.text


def test_a_refused_recipient_leaves_the_others_alone(sink: SmtpSink) -> None:
    sink.refuse("rcpt", "550 5.1.1 no such user")
    assert refusal(notifier(sink.port)).blame is Blame.MESSAGE
    other = Target(kind="email", address="other@example.org")
    notifier(sink.port).send(other, MESSAGE, key="8", ambiguous=False)
    assert [mail.recipients for mail in sink.mails] == [("other@example.org",)]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lamps",
        "lamps@example.org\r\nBcc: all@example.org",
        "灯@example.org",
        "lamps@灯.example",
        "a b@example.org",
        "lamps@example.org>",
    ],
)
def test_what_is_no_address_is_no_recipient(sink: SmtpSink, address: str) -> None:
    try:
        notifier(sink.port).send(
            Target(kind="email", address=address), MESSAGE, key="7", ambiguous=False
        )
    except DeliveryError as exc:
        assert exc.blame is Blame.MESSAGE
    assert {r for mail in sink.mails for r in mail.recipients} <= {"lamps@example.org"}
    assert all(mail.message["Bcc"] is None for mail in sink.mails)
