"""Letters from an IMAP folder of a real server, Dovecot; what no real server does is in test_imap."""

import itertools
import re
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

import pytest

from tests.dovecot import OTHER_PASSWORD, OTHER_USER, TRUST, Dovecot, box, dovecot
from watcher.errors import FetchError
from watcher.fetch import mailbox
from watcher.fetch.mailbox import Letter, Post, mark_read, read_mailbox
from watcher.settings import Mailbox

_NUMBERS = itertools.count(1)


def mail(subject: str, sender: str = "Ministry <news@lamps.example>", size: int = 0) -> bytes:
    text = "light\r\n" + "x" * 70 * (size // 72) + "\r\n"
    return f"From: {sender}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain;\r\n charset=us-ascii\r\n\r\n{text}".encode()


def subjects(post: Post) -> str:
    lines = (line for letter in post.letters for line in letter.raw.split(b"\r\n"))
    return " ".join(line[9:].decode() for line in lines if line.startswith(b"Subject: "))


class Folder:
    """A folder of its own for each test."""

    def __init__(self, server: Dovecot, name: str) -> None:
        self.server = server
        self.name = name
        server.create(name)

    def url(self, scheme: str = "imaps", host: str = "localhost") -> str:
        port = self.server.imaps if scheme == "imaps" else self.server.imap
        return f"{scheme}://{host}:{port}/{quote(self.name)}"

    def deliver(self, *letters: bytes) -> None:
        self.server.deliver(*letters, folder=self.name)

    def seen(self) -> list[int]:
        flags = self.server.flags(self.name)
        return [uid for uid, found in flags.items() if b"\\Seen" in found]

    def read(self, position: str | None = None, who: Mailbox | None = None, **how: Any) -> Post:
        return read_mailbox(self.url(), who or box(), position, ssl_context=TRUST, **how)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def folder(server: Dovecot) -> Folder:
    return Folder(server, f"f{next(_NUMBERS)}")


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_letters_come_over_tls_as_they_are(folder: Folder, scheme: str, host: str) -> None:
    letters = [mail("one"), mail("two", size=70_000), b"no header at all\r\n"]
    folder.deliver(*letters)
    said = len(folder.server.said())
    post = read_mailbox(folder.url(scheme, host), box(), None, ssl_context=TRUST)
    assert post.letters == tuple(Letter(uid=n, raw=raw) for n, raw in enumerate(letters, 1))
    assert not post.more
    login = next(line for line in folder.server.said()[said:].splitlines() if "Login:" in line)
    assert ", TLS," in login


def test_nothing_is_marked(folder: Folder) -> None:
    folder.deliver(mail("one"), mail("two"))
    folder.server.flag(1, r"\Flagged", folder.name)
    before = folder.server.flags(folder.name)
    assert subjects(folder.read()) == "one two"
    assert folder.server.flags(folder.name) == before
    assert folder.seen() == []


def test_an_empty_folder_and_what_comes_into_it(folder: Folder) -> None:
    post = folder.read()
    assert post.letters == ()
    for name in ("one", "two"):
        folder.deliver(mail(name))
        post = folder.read(post.position)
        assert subjects(post) == name
    again = folder.read(post.position)
    assert (again.letters, again.position) == ((), post.position)


def test_a_first_reading_gives_the_newest_and_later_ones_lose_nothing(folder: Folder) -> None:
    folder.deliver(*(mail(f"old{n}") for n in range(4)))
    post = folder.read(limit=3)
    assert (subjects(post), post.more) == ("old1 old2 old3", False)
    folder.deliver(*(mail(f"new{n}") for n in range(5)))
    read = []
    for _ in range(3):
        post = folder.read(post.position, limit=2)
        read.append((subjects(post), post.more))
    assert read == [("new0 new1", True), ("new2 new3", True), ("new4", False)]


def test_a_folder_numbered_anew_is_read_anew(folder: Folder) -> None:
    folder.deliver(mail("one"), mail("two"))
    position = folder.read().position
    folder.server.delete(folder.name)
    time.sleep(1.1)  # UIDVALIDITY is a time in seconds
    folder.server.create(folder.name)
    folder.deliver(*(mail(f"again{n}") for n in range(3)))
    post = folder.read(position, limit=2)
    assert subjects(post) == "again1 again2"
    assert post.position.split(":")[0] != position.split(":")[0]
    assert post.position.endswith(":3")


@pytest.mark.parametrize("position", ["", "junk", "7", "1:", ":1", "0x1:2", "99999999999:1"])
def test_a_position_of_nobodys_is_a_first_reading(folder: Folder, position: str) -> None:
    folder.deliver(mail("one"), mail("two"))
    assert subjects(folder.read(position, limit=1)) == "two"


SENDERS = [
    ("ministry", "Ministry <news@lamps.example>"),
    ("capitals", "NEWS@Lamps.Example"),
    ("inner", "bulbs@inner.lamps.example"),
    ("posing", '"news@lamps.example" <evil@elsewhere.example>'),
    ("longer", "news@lamps.example.evil.example"),
    ("prefixed", "fakenews@lamps.example"),
    ("encoded", "=?utf-8?B?54Gv?= <news@lamps.example>"),
    ("folded", '"A very long name of a very dutiful lamp office\r\n in two lines" <news@lamps.example>'),
    ("nobody", "undisclosed:;"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("senders", "expected"),
    [
        (("news@lamps.example",), "ministry capitals encoded folded"),
        (("@lamps.example",), "ministry capitals prefixed encoded folded"),
        (("@inner.lamps.example", "evil@elsewhere.example"), "inner posing"),
        (("@LAMPS.example",), "ministry capitals prefixed encoded folded"),
        (("lamps.example",), ""),
    ],
)
def test_senders_are_compared_by_address(
    folder: Folder, senders: tuple[str, ...], expected: str
) -> None:
    folder.deliver(*(mail(subject, sender) for subject, sender in SENDERS))
    who = box(senders=senders)
    post = folder.read(who=who)
    assert subjects(post) == expected
    assert post.position.endswith(f":{len(SENDERS)}")
    assert subjects(folder.read(f"{post.position.split(':')[0]}:0", who)) == expected


def test_the_limit_counts_letters_of_the_senders(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "CHUNK", 3)
    pairs = ((mail(f"good{n}"), mail(f"other{n}", "other@x.example")) for n in range(5))
    folder.deliver(*itertools.chain.from_iterable(pairs))
    who = box(senders=("news@lamps.example",))
    post = folder.read(who=who, limit=2)
    assert (subjects(post), post.more) == ("good3 good4", False)
    start = f"{post.position.split(':')[0]}:0"
    post = folder.read(start, who, limit=2)
    assert (subjects(post), post.more, post.position[-2:]) == ("good0 good1", True, ":4")
    assert subjects(folder.read(post.position, who)) == "good2 good3 good4"


def test_how_far_a_first_reading_looks_back_for_senders(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "CHUNK", 2)
    monkeypatch.setattr(mailbox, "LOOK_BACK", 3)
    others = [mail("other", "other@x.example")] * 2
    folder.deliver(mail("far"), mail("near"), *others)
    post = folder.read(who=box(senders=("@lamps.example",)), limit=2)
    assert (subjects(post), post.more) == ("near", False)
    assert post.position.endswith(":4")


def test_a_letter_too_large_comes_as_its_header(folder: Folder) -> None:
    folder.deliver(mail("small"), mail("huge", size=50_000), mail("last"))
    post = folder.read(max_bytes=20_000)
    assert subjects(post) == "small huge last"
    raw = post.letters[1].raw
    assert raw.startswith(b"From: Ministry <news@lamps.example>\r\nSubject: huge\r\n")
    assert re.search(rb"too large to be read here: 0.04\d+ MB or more, 0.02 MB are read", raw)
    assert raw.count(b"MIME-Version: 1.0") == 1
    assert (b"us-ascii" in raw, len(raw) < 1000) == (False, True)


def test_many_large_letters_come_in_parts(folder: Folder) -> None:
    start = folder.read().position
    folder.deliver(*(mail(f"n{n}", size=9_000) for n in range(6)))
    post = folder.read(start, max_bytes=10_000)
    assert (subjects(post), post.more) == ("n0 n1 n2 n3", True)
    post = folder.read(post.position, max_bytes=10_000)
    assert (subjects(post), post.more) == ("n4 n5", False)


def test_a_first_reading_leaves_old_large_letters_for_good(folder: Folder) -> None:
    """Else they would come as news when it is read again."""
    folder.deliver(*(mail(f"n{n}", size=9_000) for n in range(6)))
    post = folder.read(max_bytes=10_000)
    assert (subjects(post), post.more) == ("n2 n3 n4 n5", False)
    assert folder.read(post.position).letters == ()


@pytest.mark.parametrize(
    "name", ["政策 简报", "R&D", 'a "lamp"', "per%cent", "back\\slash", "a#b?c;d", "Ünter/Öbst/灯"]
)
def test_folders_of_any_name(server: Dovecot, name: str) -> None:
    from imap_tools.utils import encode_folder

    with server.client() as client:
        assert client.create(encode_folder(name))[0] == "OK"  # type: ignore[arg-type]
    url = f"imaps://localhost:{server.imaps}/{quote(name)}"
    assert read_mailbox(url, box(), None, ssl_context=TRUST).letters == ()


def test_levels_are_parted_as_the_server_does() -> None:
    with dovecot(separator=".", starttls=False) as server:
        server.create("INBOX.China.Lamps")
        server.deliver(mail("deep"), folder="INBOX.China.Lamps")
        base = f"imap://localhost:{server.imap}"  # no TLS at all, on this very machine
        for path in ("INBOX/China/Lamps", "INBOX.China.Lamps"):
            assert subjects(read_mailbox(f"{base}/{path}", box(), None)) == "deep"
        with pytest.raises(FetchError, match=r"there are 'INBOX', 'INBOX/China'"):
            read_mailbox(f"{base}/China", box(), None)


def test_the_inbox_when_no_folder_is_named(server: Dovecot) -> None:
    server.deliver(mail("inbox"))
    for tail in ("", "/", "/inbox"):
        url = f"imaps://localhost:{server.imaps}{tail}"
        assert subjects(read_mailbox(url, box(), None, ssl_context=TRUST)).endswith("inbox")


def test_a_name_and_password_beyond_ascii(folder: Folder) -> None:
    folder.deliver(mail("one"))
    assert subjects(folder.read(who=box(OTHER_USER, OTHER_PASSWORD))) == "one"
    with pytest.raises(FetchError, match=r"refuses the name or password of deng@lamps.example"):
        folder.read(who=box(OTHER_USER, OTHER_PASSWORD + "了"))


# ---------------------------------------------------------------- what is marked


def test_only_what_was_handed_over_is_marked(folder: Folder) -> None:
    folder.deliver(*(mail(f"n{n}") for n in range(4)))
    post = folder.read(limit=2)
    mark_read(
        folder.url(),
        box(),
        [x.uid for x in post.letters],
        position=post.position,
        ssl_context=TRUST,
    )
    assert folder.seen() == [3, 4]
    mark_read(folder.url(), box(), [], ssl_context=TRUST)
    assert folder.seen() == [3, 4]


def test_marking_deletes_nothing(folder: Folder) -> None:
    """Another client has marked a letter for deletion: it stays until that client says so."""
    folder.deliver(mail("one"), mail("two"))
    folder.server.flag(1, r"\Deleted", folder.name)
    mark_read(folder.url(), box(), [2], ssl_context=TRUST)
    assert {uid: sorted(flags) for uid, flags in folder.server.flags(folder.name).items()} == {
        1: [b"\\Deleted"],
        2: [b"\\Seen"],
    }


def test_numbers_of_an_old_numbering_mark_nothing(folder: Folder) -> None:
    folder.deliver(mail("one"))
    mark_read(folder.url(), box(), [1], position="1:1", ssl_context=TRUST)
    assert folder.seen() == []


# ---------------------------------------------------------------- refusals


def test_a_wrong_password(folder: Folder) -> None:
    wrong = "another lamp"
    with pytest.raises(
        FetchError,
        match=r"refuses the name or password of watch@lamps.example at localhost .*Authentication failed",
    ) as e:
        folder.read(who=box(password=wrong))
    assert not e.value.transient
    assert wrong not in "".join(traceback.format_exception(e.value))


def test_an_absent_folder_names_those_there_are(server: Dovecot) -> None:
    url = f"imaps://localhost:{server.imaps}/{quote('不存在')}"
    with pytest.raises(FetchError, match=r"no folder '不存在' .*there are '") as e:
        read_mailbox(url, box(), None, ssl_context=TRUST)
    assert not e.value.transient


# ---------------------------------------------------------------- TLS


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_a_certificate_nobody_vouches_for(folder: Folder, scheme: str) -> None:
    with pytest.raises(FetchError, match=r"certificate not accepted \(self.signed") as e:
        read_mailbox(folder.url(scheme), box(), None)
    assert not e.value.transient


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_a_certificate_for_another_name(folder: Folder, scheme: str) -> None:
    url = folder.url(scheme, "127.0.0.2")
    with pytest.raises(FetchError, match=r"certificate not accepted .*mismatch") as e:
        read_mailbox(url, box(), None, ssl_context=TRUST)
    assert not e.value.transient


def test_a_plain_port_taken_for_a_tls_one(server: Dovecot) -> None:
    with pytest.raises(FetchError, match="TLS handshake failed"):
        read_mailbox(f"imaps://localhost:{server.imap}/INBOX", box(), None, ssl_context=TRUST)


# ---------------------------------------------------------------- lost connections


@contextmanager
def relay(port: int, after: int, then: Callable[[], None]) -> Iterator[int]:
    """Hand on what client and server say, until the server has said `after` bytes."""
    outer = socket.create_server(("127.0.0.1", 0))
    said = 0

    def hand_on(source: socket.socket, sink: socket.socket, *, counted: bool) -> None:
        nonlocal said
        with suppress(OSError):
            while data := source.recv(4096):
                if counted and said < after <= said + len(data):
                    sink.sendall(data[: after - said])
                    then()
                    break
                said += len(data) if counted else 0
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with suppress(OSError):
            client, _ = outer.accept()
            with client, socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=hand_on, args=(client, server), kwargs={"counted": False})  # fmt: skip
                back.start()
                hand_on(server, client, counted=True)
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
                back.join()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield outer.getsockname()[1]
    finally:
        with suppress(OSError):
            outer.shutdown(socket.SHUT_RDWR)
        outer.close()
        thread.join()


@pytest.mark.parametrize(
    ("after", "first", "kept", "later"),
    [
        (20_000, False, None, "n0 n1 n2 n3 n4"),
        (100_000, False, "n0 n1", "n2 n3 n4"),
        (20_000, True, None, "n0 n1 n2 n3 n4"),
        (100_000, True, "n3 n4", ""),
    ],
)
def test_a_server_killed_in_the_middle_of_a_letter(
    after: int, first: bool, kept: str | None, later: str
) -> None:
    """What was read whole is handed over; the next reading begins with the letter that was cut."""
    with dovecot(starttls=False) as server:
        url = f"imap://127.0.0.1:{server.imap}/INBOX"
        position = None if first else read_mailbox(url, box(), None).position
        server.deliver(*(mail(f"n{n}", size=40_000) for n in range(5)))
        with relay(server.imap, after, server.kill) as port:
            cut = f"imap://127.0.0.1:{port}/INBOX"
            if kept is None:
                with pytest.raises(FetchError, match="lost in the middle") as e:
                    read_mailbox(cut, box(), position)
                assert e.value.transient
            else:
                post = read_mailbox(cut, box(), position)
                assert (subjects(post), post.more) == (kept, not first)
                position = post.position
        server.start()
        assert subjects(read_mailbox(url, box(), position)) == later
