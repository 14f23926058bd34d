"""A throw-away mail server: Debian's Dovecot on loopback, with a certificate of the tests' own.

`with dovecot() as server:` gives `server.imap` and `server.imaps` (ports) and the mailbox of USER;
`server.deliver(raw, "INBOX")` puts a letter into a folder, as a mail server would.
"""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.real import ROOT, absent
from watcher.settings import Mailbox, Secret

USER, PASSWORD = "watch@lamps.example", "a lamp in the window"
OTHER_USER, OTHER_PASSWORD = "deng@lamps.example", "窗前的灯"
"""Another name for the same mailbox."""
CERTIFICATE = ROOT / "tests" / "fetch" / "server.pem"
"""Names localhost and 127.0.0.1, and is its own issuer."""
TRUST = ssl.create_default_context(cafile=CERTIFICATE)
_BINARY = Path("/usr/sbin/dovecot")
_START_SECONDS = 20.0

_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = {folder.name}
protocols = imap
listen = 127.0.0.1, 127.0.0.2
default_internal_user = {inner}
default_internal_group = {inner_group}
default_login_user = {outer}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
disable_plaintext_auth = no
ssl = {ssl}
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/mail
}}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
namespace inbox {{
  inbox = yes
  separator = {separator}
}}
"""


class Dovecot:
    """Settings, start and end of one server. Run by root it serves as nobody, else as whoever runs it."""

    def __init__(self, folder: Path, *, separator: str, starttls: bool) -> None:
        self.folder = folder
        self.imap, self.imaps = _free_ports()
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        owner = pwd.getpwnam("nobody") if root else me
        inner = pwd.getpwnam("dovecot") if root else me
        outer = "dovenull" if root else me.pw_name
        users = ((USER, PASSWORD), (OTHER_USER, OTHER_PASSWORD))
        (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{word}\n" for name, word in users))
        shutil.copy(CERTIFICATE, folder / "server.pem")
        (folder / "mail").mkdir()
        if root:
            folder.chmod(0o755)
            os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
        settings = _SETTINGS.format(
            folder=folder,
            imap=self.imap,
            imaps=self.imaps,
            separator=separator,
            ssl="yes" if starttls else "no",
            inner=inner.pw_name,
            inner_group=grp.getgrgid(inner.pw_gid).gr_name,
            outer=outer,
            owner=owner.pw_uid,
            owner_group=owner.pw_gid,
        )
        (folder / "dovecot.conf").write_text(settings)

    def start(self) -> None:
        with (self.folder / "stderr").open("ab") as complaints:
            self._process = subprocess.Popen(
                [_BINARY, "-F", "-c", self.folder / "dovecot.conf"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,
                cwd="/",
            )
        until = time.monotonic() + _START_SECONDS
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.imap), 1) as probe:
                if probe.recv(16).startswith(b"* OK"):
                    return
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Dovecot does not start: {self.said()}")
            time.sleep(0.02)

    def said(self) -> str:
        """Its log and its complaints."""
        files = [self.folder / name for name in ("log", "stderr")]
        return "".join(f.read_text(errors="replace") for f in files if f.exists())

    def kill(self) -> None:
        """End it at once with all its processes, sessions under way among them."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    # ------------------------------------------------------------ the mailbox, from another client

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.imap) as client:
            client.login(USER, PASSWORD)
            yield client

    def deliver(self, *letters: bytes, folder: str = "INBOX") -> None:
        with self.client() as client:
            for raw in letters:
                _done(client.append(folder, None, None, raw))

    def create(self, folder: str) -> None:
        with self.client() as client:
            _done(client.create(folder))

    def delete(self, folder: str) -> None:
        with self.client() as client:
            _done(client.delete(folder))

    def flags(self, folder: str = "INBOX") -> dict[int, set[bytes]]:
        """The flags of every letter by UID; looking sets none."""
        with self.client() as client:
            _done(client.select(folder, readonly=True))
            _, said = client.uid("SEARCH", "ALL")
            uids = said[0].split()
            _, said = (
                client.uid("FETCH", b",".join(uids).decode(), "(UID FLAGS)") if uids else ("", [])
            )
        found: dict[int, set[bytes]] = {}
        for line in said:
            words = line.replace(b"(", b" ").replace(b")", b" ").split()
            found[int(words[words.index(b"UID") + 1])] = {w for w in words if w.startswith(b"\\")}
        return found

    def flag(self, uid: int, flag: str, folder: str = "INBOX") -> None:
        with self.client() as client:
            _done(client.select(folder))
            _done(client.uid("STORE", str(uid), "+FLAGS", f"({flag})"))


def _done(result: tuple[str, object]) -> None:
    assert result[0] == "OK", result


def _free_ports() -> tuple[int, int]:
    with closing(socket.socket()) as one, closing(socket.socket()) as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def box(username: str = USER, password: str = PASSWORD, senders: tuple[str, ...] = ()) -> Mailbox:
    """The mailbox as sources.yaml would have it."""
    return Mailbox(username=username, password=Secret(password, "env:IMAP"), senders=senders)


@contextmanager
def dovecot(*, separator: str = "/", starttls: bool = True) -> Iterator[Dovecot]:
    """A server with an empty mailbox; `starttls` offers TLS on the plain port as well."""
    if not _BINARY.exists():
        absent("Dovecot (Debian's package dovecot-imapd)")
    version = subprocess.run([_BINARY, "--version"], check=True, capture_output=True, text=True)
    if not version.stdout.startswith("2.3."):  # 2.4 has another language for its settings
        absent(f"Dovecot 2.3 (this is {version.stdout.strip()})")
    folder = Path(tempfile.mkdtemp(prefix="watcher-mail-", dir="/tmp"))
    try:
        server = Dovecot(folder, separator=separator, starttls=starttls)
        try:
            server.start()
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
