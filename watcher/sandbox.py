"""Read attachments in processes of their own, so that no file can hang, crash or fill this one.

What a child may use is limited, it gets nothing of our environment, and however it ends the answer is
a labelled quality. Word's old formats go through LibreOffice where it is installed.
"""

import json
import os
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from watcher.errors import SourceError
from watcher.model import AttachmentText

MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the reading of one file may take. A child that wants more is ended."""

    body: int = 50 * MB
    """Bytes of the file itself."""
    memory: int = 1024 * MB
    """Bytes of addresses, of each process."""
    seconds: float = 60.0
    """By the clock, for each of the two programs a file may need."""
    cpu: int = 45
    """Seconds of computing, of each process."""
    output: int = 60 * MB
    """Bytes of the answer, and of any file that is written."""


LIMITS = Limits()


def read_attachment(body: bytes, name: str = "", *, limits: Limits = LIMITS) -> AttachmentText:
    """Read a file that a paper hands out; `name` only tells kinds apart that share a container.

    Never raises for what the bytes are. Raises SourceError when no process can be started, which is
    no fault of the file: it is worth trying again.
    """
    if len(body) > limits.body:
        return _refused("unknown", "too-large", f"it is larger than {limits.body // MB} MB")
    try:
        with tempfile.TemporaryDirectory(prefix="watcher-", ignore_cleanup_errors=True) as folder:
            return _read(Path(folder), body, name, limits)
    except OSError as exc:
        raise SourceError(f"attachments cannot be read here: {exc}") from exc


def _read(folder: Path, body: bytes, name: str, limits: Limits) -> AttachmentText:
    paper = folder / "paper"
    paper.write_bytes(body)
    plain = _by_reader(folder, paper, name, limits)
    form = _office_form(body, plain)
    office = shutil.which("soffice")
    if form is None or office is None:
        return plain
    converted = _by_office(office, folder, paper, form, limits)
    if converted is None:
        return plain
    found = _by_reader(folder, converted, "paper.docx", limits)
    # LibreOffice drops what it does not understand without a word
    if found.quality != "ok" or len(found.text) < len(plain.text) / 2:
        return plain
    return AttachmentText(kind=plain.kind, quality="ok", text=found.text)


def _refused(kind: str, quality: str, reason: str) -> AttachmentText:
    return AttachmentText(kind=kind, quality=quality, reason=reason)


# ---------------------------------------------------------------- our own reader

_CHILD = "import sys; sys.path.append(sys.argv[1]); from watcher.sandbox import child; child()"
_ROOT = str(Path(__file__).resolve().parents[1])


def _by_reader(folder: Path, paper: Path, name: str, limits: Limits) -> AttachmentText:
    with paper.open("rb") as stdin:
        end = _run(["read", _ending(name)], folder, limits, stdin)
    kind, _, answer = end.said.decode("utf-8", "replace").partition("\n")
    if end.fault is not None:
        return _refused(kind or "unknown", *end.fault)
    try:
        return AttachmentText(**json.loads(answer))
    except (TypeError, ValueError):
        return _refused(kind or "unknown", "corrupt", "its reader stopped in the middle")


def _ending(name: str) -> str:
    """All of a name that tells kinds apart, in characters that any command line takes."""
    return "".join(c for c in name[-8:] if c.isascii() and c.isprintable())


def child() -> None:
    """What a child does: limit itself, then read standard input, or become LibreOffice.

    A reader says the kind first, in case that it does not come to say more.
    """
    memory, cpu, output = map(int, sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))  # at the second it is killed unasked
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    task, *words = sys.argv[5:]
    if task == "become":
        os.execv(words[0], words)  # noqa: S606 - the program that we were told to become
    from watcher.extract import attachment

    body, out = sys.stdin.buffer.read(), sys.stdout.buffer
    out.write(f"{attachment.kind_of(body, words[0])}\n".encode())
    out.flush()
    found = attachment.read_attachment(body, words[0])
    out.write(json.dumps(asdict(found), ensure_ascii=False).encode("utf-8", "replace"))
    out.flush()
    os._exit(0)  # nothing is left to do that could go wrong


# ---------------------------------------------------------------- LibreOffice

_COMPOUND = b"\xd0\xcf\x11\xe0"  # rich text and saved pages are read as well without it, or better
_one_at_a_time = threading.Lock()  # each takes a core and 200 MB


def _office_form(body: bytes, plain: AttachmentText) -> str | None:
    """LibreOffice's name for what it is to read, None when it is not asked.

    The name is always given: left to guess, it takes broken files for plain text.
    """
    old = plain.kind in ("doc", "wps") and body.startswith(_COMPOUND)
    if not old or plain.quality not in ("ok", "corrupt", "unsupported"):
        return None
    return "MS WinWord 6.0" if plain.quality == "unsupported" else "MS Word 97"


def _by_office(office: str, folder: Path, paper: Path, form: str, limits: Limits) -> Path | None:
    """The .docx that LibreOffice makes of `paper`, None when it makes none."""
    settings = folder / "office" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    words = [
        f"-env:UserInstallation={(folder / 'office').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        f"--infilter={form}",
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "made")),
        str(paper),
    ]
    with _one_at_a_time:
        _run(["become", office, *words], folder, limits, subprocess.DEVNULL)
    made = folder / "made" / "paper.docx"
    return made if made.is_file() else None


# A paper can name pictures and texts elsewhere. LibreOffice would fetch them, from inside our network:
# a proxy that nobody answers at is the one setting that stops all of it.
_PROXY = "/org.openoffice.Inet/Settings"
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SWITCHES = (
    (_PROXY, "ooInetProxyType", "2"),
    *((_PROXY, f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
    *((_PROXY, f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS", "FTP")),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)
_SETTINGS = "\n".join(
    (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">',
        *(
            f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
            for path, name, value in _SWITCHES
        ),
        "</oor:items>",
    )
)


# ---------------------------------------------------------------- processes


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """How a child ended."""

    said: bytes
    fault: tuple[str, str] | None = None
    """Quality and reason, None when all went well."""


_HUNGRY = (b"MemoryError", b"memory allocation", b"bad_alloc", b"out of memory", b"Cannot allocate")
_CHUNK = _LAST_WORDS = 64 * 1024
_GLANCE = 0.5  # seconds between looks at whether a silent child still lives
_GRACE = 5.0  # seconds a child has for its end after its last word


def _run(task: Sequence[str], folder: Path, limits: Limits, stdin: IO[bytes] | int) -> _End:
    """Run a child in a group of its own and wait for it; nothing of the group outlives this call.

    Raises OSError when it cannot be started.
    """
    sizes = (limits.memory, limits.cpu, limits.output)
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
    }
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, and no shell
        [sys.executable, "-I", "-c", _CHILD, _ROOT, *map(str, sizes), *task],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    try:
        said, warned, fault = _heard(process, limits)
        if fault is None:
            process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        fault = "corrupt", "its reader said its last word and did not end"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with process:  # closes its pipes and waits for it
            pass
    return _End(said=said, fault=fault or _fault(process.returncode, warned, limits))


def _heard(
    process: subprocess.Popen[bytes], limits: Limits
) -> tuple[bytes, bytes, tuple[str, str] | None]:
    """What a child says and what it complains of, until it ends or says or takes too much."""
    said, warned = bytearray(), bytearray()
    fault: tuple[str, str] | None = None
    end = time.monotonic() + limits.seconds
    with selectors.DefaultSelector() as open_pipes:
        for pipe, kept in ((process.stdout, said), (process.stderr, warned)):
            if pipe is not None:
                open_pipes.register(pipe, selectors.EVENT_READ, kept)
        while open_pipes.get_map() and fault is None:
            ready = open_pipes.select(min(_GLANCE, max(end - time.monotonic(), 0)))
            for key, _ in ready:
                if data := os.read(key.fd, _CHUNK):
                    key.data.extend(data)
                else:
                    open_pipes.unregister(key.fileobj)
            del warned[:-_LAST_WORDS]
            if len(said) > limits.output:
                fault = "too-large", f"its text is larger than {limits.output // MB} MB"
            elif time.monotonic() > end:
                fault = "too-large", f"reading it takes more than {limits.seconds:g} seconds"
            elif not ready and process.poll() is not None:
                break  # a grandchild holds the pipes open; it is ended with the group
    return bytes(said), bytes(warned), fault


def _fault(code: int, warned: bytes, limits: Limits) -> tuple[str, str] | None:
    """Quality and reason for the way a child ended by itself, None when it ended well."""
    if code == 0:
        return None
    if code == -signal.SIGXCPU:
        return "too-large", f"reading it takes more than {limits.cpu} seconds of computing"
    if code == -signal.SIGKILL or any(sign in warned for sign in _HUNGRY):
        return "too-large", f"reading it takes more than {limits.memory // MB} MB of memory"
    how = f"code {code}" if code > 0 else signal.strsignal(-code) or f"signal {-code}"
    last = warned.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    return "corrupt", f"its reader ended with {how}: {last}".rstrip(": ")
