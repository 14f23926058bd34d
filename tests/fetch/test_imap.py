"""What an IMAP server may answer but should not: refusals, silence, nonsense; each a FetchError in words."""

import socket
import ssl
import time
import traceback
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dovecot import CERTIFICATE, TRUST, box
from tests.fetch.imap_liar import HANG_UP, LETTER, Liar
from watcher.errors import FetchError
from watcher.fetch import imap
from watcher.fetch.mailbox import mark_read, read_mailbox

# ---------------------------------------------------------------- refusals

SECRET = "".join(("secret", "ive-lamp"))  # a traceback shows lines of this file


@pytest.mark.parametrize("echo", ["%t NO nobody is called {}\r\n", "%t BAD {} what\r\n"])
def test_a_server_that_repeats_the_password(echo: str) -> None:
    with Liar({"LOGIN": echo.format(SECRET).encode()}) as server, pytest.raises(FetchError) as e:
        read_mailbox(server.url, box("deng", SECRET), None)
    assert "refuses the name or password of deng@127.0.0.1" in str(e.value)
    assert SECRET not in "".join(traceback.format_exception(e.value))


def test_a_line_break_in_a_password_is_no_command() -> None:
    with Liar() as server, pytest.raises(FetchError, match="control character"):
        read_mailbox(server.url, box(password="a\r\nx DELETE INBOX"), None)
    assert server.heard == ["CAPABILITY"]


@pytest.mark.parametrize(
    ("answers", "transient", "words"),
    [
        ({"LOGIN": b"%t NO [UNAVAILABLE] later\r\n"}, True, "lets nobody in now"),
        ({"LOGIN": b"%t NO [ALERT] Too many simultaneous connections\r\n"}, True, "lets nobody in"),
        ({"LOGIN": b"* BYE enough\r\n"}, True, "hung up: enough"),
        (
            {"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%t OK done\r\n"},
            False,
            "takes no passwords",
        ),
        ({"EXAMINE": b"%t NO [INUSE] locked\r\n"}, True, "'INBOX' cannot be opened .*locked"),
        ({"EXAMINE": b"%t NO [NOPERM] no\r\n"}, False, "'INBOX' cannot be opened"),
        ({"EXAMINE": b"%t OK done\r\n"}, False, "has no UIDVALIDITY"),
        ({"UID SEARCH": b"%t NO no\r\n"}, True, "does not search"),
        ({"RFC822.SIZE": b"%t NO no\r\n"}, True, "does not tell of letters 1 to 1"),
    ],
)
def test_what_a_server_refuses(answers: dict[str, bytes], transient: bool, words: str) -> None:
    with Liar(answers) as server, pytest.raises(FetchError, match=words) as e:
        read_mailbox(server.url, box(), None)
    assert e.value.transient is transient


def test_of_many_folders_some_are_named() -> None:
    many = b"".join(b'* LIST () "." "A.B%02d"\r\n' % n for n in range(12)) + b"%t OK done\r\n"
    answers = {"LIST": many, "EXAMINE": b"%t NO what\r\n"}
    with Liar(answers) as liar, pytest.raises(FetchError, match=r"'A/B09' and 2 more$"):
        read_mailbox(liar.url, box(), None)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b'* LIST () "/" {4}\r\na"b"\r\n', "'a\"b\"'"),
        (b'* LIST () NIL "flat"\r\n', "'flat'"),
        (b'* LIST () "\\\\" "a\\\\b"\r\n', "'a/b'"),
        (b'* LIST () "/" "&A"\r\n', "'&A'"),
        (b'* LIST ((((((( "/" x\r\n', "none"),
        (b"* LIST\r\n", "none"),
    ],
)
def test_how_servers_list_folders(line: bytes, shown: str) -> None:
    answers = {"LIST": line + b"%t OK done\r\n", "EXAMINE": b"%t NO what\r\n"}
    with Liar(answers) as server, pytest.raises(FetchError) as e:
        read_mailbox(server.url, box(), None)
    assert str(e.value).endswith(f"there are {shown}")


@pytest.mark.parametrize(
    "url",
    [
        "https://lamps.example/INBOX",
        "imaps:///INBOX",
        "imaps://lamps.example:0x10/INBOX",
        "imaps://lamps.example:99999/INBOX",
        "imaps://deng:secret@lamps.example/INBOX",
        "imaps://lamps.example/INBOX?x",
        "imaps://lamps.example/INBOX#x",
        "imaps://lamps.example/%FF",
        "imaps://[::1/INBOX",
        "",
    ],
)
def test_what_is_no_address_of_a_folder(url: str) -> None:
    with pytest.raises(FetchError, match="must read imaps://HOST/FOLDER") as e:
        read_mailbox(url, box(), None)
    assert not e.value.transient
    assert "secret" not in str(e.value)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"SELECT": b"* OK [UIDVALIDITY 7] x\r\n%t OK [READ-ONLY] x\r\n"}, "can only be read"),
        ({"UID STORE": b"%t NO [NOPERM] not yours\r\n"}, r"cannot be marked .*not yours"),
    ],
)
def test_a_folder_that_takes_no_marks(answers: dict[str, bytes], words: str) -> None:
    with Liar(answers) as server, pytest.raises(FetchError, match=words) as e:
        mark_read(server.url, box(), [1])
    assert not e.value.transient


# ---------------------------------------------------------------- TLS


@pytest.mark.parametrize("greeting", [b"* OK ready\r\n", b"* PREAUTH welcome\r\n"])
def test_no_password_and_no_letter_in_plain_text_over_a_network(
    greeting: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap.Line, "local", False)
    capable = {"CAPABILITY": b"* CAPABILITY IMAP4rev1" + b" STARTTLS" * greeting.startswith(b"* P") + b"\r\n%t OK done\r\n"}  # fmt: skip
    with (
        Liar(capable, greeting=greeting) as server,
        pytest.raises(FetchError, match="offers no STARTTLS") as e,
    ):
        read_mailbox(server.url, box(), None)
    assert server.heard == ["CAPABILITY"]
    assert not e.value.transient


def starttls(answer: bytes) -> dict[str, bytes]:
    capable = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%t OK done\r\n"
    return {"CAPABILITY": capable, "STARTTLS": answer}


def test_starttls_refused() -> None:
    with Liar(starttls(b"%t NO not today\r\n")) as server:
        with pytest.raises(FetchError, match="refuses STARTTLS"):
            read_mailbox(server.url, box(), None)
        assert server.heard == ["CAPABILITY", "STARTTLS"]


def test_what_is_slipped_in_before_tls_is_not_heard() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Liar(starttls(b"%t OK go\r\n* BYE slipped in\r\n"), tls=context) as server:
        post = read_mailbox(server.url, box(), None, ssl_context=TRUST)
    assert [letter.raw for letter in post.letters] == [LETTER]


# ---------------------------------------------------------------- silence and ends


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError, match="mail server not reached: connection refused") as e:
        read_mailbox(f"imap://127.0.0.1:{port}", box(), None)
    assert e.value.transient


def test_a_host_that_cannot_have_an_address() -> None:
    with pytest.raises(FetchError, match="name does not resolve"):
        read_mailbox(f"imaps://{'a' * 70}.example", box(), None)


def test_a_handshake_that_never_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(FetchError, match=r"in full within 0.3 s") as e:
            read_mailbox(f"imaps://127.0.0.1:{silent.getsockname()[1]}", box(), None, timeout=0.3)
    assert time.monotonic() - began < 2
    assert e.value.transient


@pytest.mark.parametrize(
    "server",
    [
        Liar(greeting=None),
        Liar(greeting=b"* OK " + b"slowly " * 20, drip=0.05),
        Liar({"CAPABILITY": None}),
        Liar({"LOGIN": None}),
        Liar({"EXAMINE": None}),
        Liar({"UID SEARCH": None}),
        Liar({"RFC822.SIZE": None}),
        Liar({"BODY.PEEK[]": None}),
        Liar({"BODY.PEEK[]": b"* 1 FETCH (UID 1 BODY[]<0> {500}\r\n" + b"slowly " * 70}, drip=0.05),
    ],
    ids=lambda liar: str(liar.answers or liar.greeting)[:50],
)
def test_an_answer_that_does_not_come_in_time(server: Liar) -> None:
    began = time.monotonic()
    with server, pytest.raises(FetchError, match="did not answer in full within") as e:
        read_mailbox(
            server.url, box(), None, timeout=3.0 if server.drip and server.answers else 0.3
        )
    assert time.monotonic() - began < 8
    assert e.value.transient


def test_a_server_that_does_not_let_go() -> None:
    """What was read counts, whatever becomes of the good-bye."""
    with Liar({"LOGOUT": HANG_UP}) as server:
        assert [x.raw for x in read_mailbox(server.url, box(), None).letters] == [LETTER]


@pytest.mark.parametrize(
    "command", ["CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "RFC822.SIZE", "BODY.PEEK[]"]
)
@pytest.mark.parametrize(
    "last_words", [HANG_UP, b"* BYE shutting down\r\n", b"* 1 FETCH (UID 1 BO" + HANG_UP]
)
def test_a_connection_that_ends(command: str, last_words: bytes) -> None:
    with (
        Liar({command: last_words}) as server,
        pytest.raises(FetchError, match=r"lost in the middle|hung up: shutting down") as e,
    ):
        read_mailbox(server.url, box(), None, timeout=5)
    assert e.value.transient


# ---------------------------------------------------------------- nonsense


@pytest.mark.parametrize(
    "greeting",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"220 mail.lamps.example ESMTP\r\n",
        b"\r\n",
        b"* NO go away\r\n",
        b"* OK\n",
        b"\xff\xfe\x00\r\n",
        b"* OK {5}\r\nhello\r\n",
    ],
)
def test_a_server_that_speaks_something_else(greeting: bytes) -> None:
    with (
        Liar({"CAPABILITY": b"ok\r\n"}, greeting=greeting) as server,
        pytest.raises(FetchError, match="does not answer in IMAP") as e,
    ):
        read_mailbox(server.url, box(), None, timeout=5)
    assert e.value.transient


@pytest.mark.parametrize(
    "answers",
    [
        {"LOGIN": b"* OK " + b"x" * 1_100_000},
        {"LOGIN": b"* OK more\r\n" * 100_000},
        {"LOGIN": b"* OK {999999999999999}\r\n"},
        {"UID SEARCH": b"* SEARCH" + b" 1" * 10_100_000},
        {"RFC822.SIZE": b"* 1 FETCH (UID 1 BODY[] {40000000}\r\n"},
        {"BODY.PEEK[]": b"* 1 FETCH (UID 1 BODY[]<0> {5000000}\r\n"},
    ],
    ids=lambda answers: str(answers)[:60] if isinstance(answers, dict) else None,
)
def test_a_server_without_measure(answers: dict[str, bytes]) -> None:
    with Liar(answers) as server, pytest.raises(FetchError, match="more than it was asked") as e:
        read_mailbox(server.url, box(), None, max_bytes=1_000_000)
    assert not e.value.transient


def fetched(*lines: bytes) -> dict[str, bytes]:
    return {"BODY.PEEK[]": b"".join(line + b"\r\n" for line in lines) + b"%t OK done\r\n"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (fetched(), None),  # removed meanwhile
        (fetched(b"* 1 FETCH (FLAGS (\\Seen))"), None),
        (fetched(b"* 1 FETCH (UID 9 BODY[]<0> {2}", b"x)"), None),
        (fetched(b"* 1 FETCH (BODY[]<0> {4}", b"a: b UID 1 FLAGS ())"), b"a: b"),
        (fetched(b"* 2 FETCH (UID 2 FLAGS ())", b'* 1 FETCH (UID 1 BODY[]<0> "a\\"b")'), b'a"b'),
        (fetched(b"* 1 FETCH (UID 1 BODY[]<0> NIL)"), b""),
        ({"UID SEARCH": b"* SEARCH\r\n* SEARCH 1\r\n%t OK done\r\n"}, LETTER),
        ({"UID SEARCH": b"%t OK done\r\n"}, None),
        (
            {
                "RFC822.SIZE": b'* 1 FETCH (BODY[HEADER.FIELDS (FROM)]<0> "From: UID 7 <x@y>" UID 1 RFC822.SIZE 9)\r\n%t OK done\r\n'
            },
            LETTER,
        ),
        (
            {
                "CAPABILITY": b"* CAPABILITY IMAP4rev1 ID\r\n%t OK done\r\n",
                'ID ("name" "watcher"': b"%t BAD x\r\n",
            },
            LETTER,
        ),
    ],
    ids=lambda answers: str(answers)[:60] if isinstance(answers, dict) else None,
)
def test_the_dialects_of_servers(answers: dict[str, bytes], expected: bytes | None) -> None:
    with Liar(answers) as server:
        post = read_mailbox(server.url, box(), None)
    assert [letter.raw for letter in post.letters] == ([] if expected is None else [expected])


def test_we_say_who_we_are_before_a_folder_is_opened() -> None:
    """163.com and its kin answer "Unsafe Login" to SELECT and EXAMINE else."""
    capable = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ID\r\n%t OK done\r\n",
        "ID (": b"%t OK done\r\n",
    }
    with Liar(capable) as server:
        read_mailbox(server.url, box(), None)
    verbs = [words.split()[0] for words in server.heard]
    assert verbs.index("LOGIN") < verbs.index("ID") < verbs.index("EXAMINE")


@pytest.mark.parametrize("header", [b"* 1 FETCH (UID 1 BODY[HEADER]<0> {12}\r\nSubject: a\r\n)\r\n", b""])  # fmt: skip
def test_a_letter_the_server_cannot_give(header: bytes) -> None:
    answers = {"BODY.PEEK[]": b"%t NO broken\r\n", "BODY.PEEK[HEADER]": header + b"%t OK done\r\n"}
    with Liar(answers) as server:
        post = read_mailbox(server.url, box(), None)
    (letter,) = post.letters
    assert letter.raw.startswith(b"Subject: a\r\nMIME" if header else b"MIME-Version")
    assert b"could not be given by the mail server. It is number 1 in" in letter.raw
    assert post.position == "7:1"


WORD = st.sampled_from(
    [b"* ", b"%t ", b"OK", b"NO", b"BAD", b"FETCH (", b"UID 1 ", b"SEARCH 1", b"{3}\r\n", b"\r\n", b"1 ",
     b"[UIDVALIDITY 7]", b"BODY[]", b'"', b"\\", b"(", b")", b"LIST", b"CAPABILITY IMAP4rev1", b"\xff", b"+ ", b"BYE"]
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(
    command=st.sampled_from(["CAPABILITY", "LOGIN", "EXAMINE", "LIST", "SEARCH", "SIZE", "PEEK[]"]),
    words=st.lists(WORD, max_size=12),
)
def test_whatever_a_server_says(command: str, words: list[bytes]) -> None:
    """Letters, or a FetchError: nothing else comes out of a reading, and it ends."""
    said = b"".join(words) + b"\r\n%t OK done\r\n"
    with Liar({command: said}) as server, suppress(FetchError):
        post = read_mailbox(server.url, box(), None, timeout=0.2)
        assert post.position.startswith("7:")
