"""Reading attachments in a child: what it may use, every way it can end, and LibreOffice."""

import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.extract.test_attachment import OLE, docx, p
from tests.extract.test_layout import SENTENCE, page_of, pdf
from tests.extract.test_legacy import LISTS, STYLES, converted, made, whole_docx, word
from tests.real import absent, shared
from watcher import sandbox
from watcher.errors import SourceError
from watcher.extract import attachment
from watcher.sandbox import MB, Limits, read_attachment

__all__ = ["made"]

PAPER = docx(p("竹材经营者应当登记。"))
RICH = rb"{\rtf1\ansi\ansicpg936 \'d6\'f1\'b2\'c4\par}"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (PAPER, "a.docx"),
        (PAPER, "附件 1'\"\n.doc"),
        (pdf(page_of(SENTENCE)), "a.pdf"),
        (b"", "-c"),
        (PAPER, "\0\ud800" + "长" * 300_000 + ".docx"),
        (word("\r"), "a.WPS"),
        (b"\x89PNG", "--help"),
        (OLE, "a.doc"),
        (PAPER[:200], "a.docx"),
        (docx("<w:p/>"), "a.docx"),
    ],
)
def test_a_child_reads_as_we_do(body: bytes, name: str) -> None:
    assert read_attachment(body, name) == attachment.read_attachment(body, name)


@pytest.mark.parametrize(
    ("limits", "kind", "says"),
    [
        (Limits(body=100), "unknown", "larger than"),
        (Limits(seconds=0.01), "unknown", "0.01 seconds"),
        (Limits(output=4), "docx", "its text is larger"),
    ],
)
def test_small_limits(limits: Limits, kind: str, says: str) -> None:
    read = read_attachment(PAPER, "a.docx", limits=limits)
    assert (read.kind, read.quality, read.text) == (kind, "too-large", "")
    assert says in (read.reason or "")


def test_a_file_that_takes_too_much_is_ended() -> None:
    heavy = docx(p("竹") * 250_000)
    read = read_attachment(heavy, "a.docx", limits=Limits(cpu=1))
    assert (read.kind, read.quality) == ("docx", "too-large")
    assert "1 seconds of computing" in (read.reason or "")
    read = read_attachment(heavy, "a.docx", limits=Limits(memory=150 * MB))
    assert (read.kind, read.quality) == ("docx", "too-large")
    assert "memory" in (read.reason or "")


GOOD = json.dumps({"kind": "pdf", "quality": "ok", "text": "好"})


@pytest.mark.parametrize(
    ("program", "quality", "says"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "corrupt", "Segmentation fault"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGABRT)", "corrupt", "Aborted"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "too-large", "memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too-large", "computing"),
        ("raise ValueError('of the file')", "corrupt", "ValueError: of the file"),
        ("raise MemoryError", "too-large", "memory"),
        ("import sys; sys.exit(3)", "corrupt", "code 3"),
        ("import sys; sys.stderr.write('memory allocation of 9 bytes failed'); sys.exit(134)", "too-large", "memory"),
        ("", "corrupt", "stopped in the middle"),
        ("print('pdf')", "corrupt", "stopped in the middle"),
        ("print('pdf'); print('{')", "corrupt", "stopped in the middle"),
        ("print('pdf'); print('[]')", "corrupt", "stopped in the middle"),
        ("print('pdf'); print('{\"other\": 1}')", "corrupt", "stopped in the middle"),
        ("import os\nwhile True: os.write(1, b'x' * 65536)", "too-large", "its text is larger"),
        ("import os\nwhile True: os.write(2, b'x' * 65536)", "too-large", "0.7 seconds"),
        ("import time; time.sleep(60)", "too-large", "0.7 seconds"),
        ("import time, os; os.close(1); os.close(2); time.sleep(60)", "corrupt", "did not end"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 3)", "corrupt", "ignal"),
        ("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", "too-large", "seconds"),
    ],
)  # fmt: skip
def test_every_way_a_child_can_end(
    program: str, quality: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_CHILD", program)
    monkeypatch.setattr(sandbox, "_GRACE", 0.2)
    read = read_attachment(PAPER, "a.docx", limits=Limits(seconds=0.7, output=MB))
    assert (read.quality, read.text) == (quality, "")
    assert says in (read.reason or "")


def child(program: str) -> str:
    return f"import os, sys, json\nsys.path.append(sys.argv[1])\n{program}\nprint('pdf'); print(json.dumps(dict(kind='pdf', quality='ok', text=text)))"


def test_a_child_gets_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setattr(sandbox, "_CHILD", child("text = json.dumps(dict(os.environ))"))
    environment = json.loads(read_attachment(PAPER).text)
    assert environment.keys() <= {"PATH", "LANG", "HOME", "TMPDIR", "LC_CTYPE"}
    assert not Path(environment["HOME"]).exists()


def test_limits_hold_in_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = (
        "import resource as r\nfrom watcher import sandbox\nos.execv = lambda *_: [][0]\n"
        "sys.argv[5:] = ['become', 'x']\ntry: sandbox.child()\nexcept IndexError: pass\n"
        "text = json.dumps([r.getrlimit(x)[0] for x in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)])"
    )
    monkeypatch.setattr(sandbox, "_CHILD", child(asks))
    read = read_attachment(PAPER, limits=Limits(memory=700 * MB, cpu=7, output=MB))
    assert json.loads(read.text) == [700 * MB, 7, MB, 0]


def test_nothing_of_a_child_outlives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grandchild that holds the pipes neither keeps us waiting nor stays."""
    starts = "import subprocess\ntext = str(subprocess.Popen(['sleep', '60']).pid)"
    monkeypatch.setattr(sandbox, "_CHILD", child(starts))
    begun = time.monotonic()
    read = read_attachment(PAPER, limits=Limits(seconds=30))
    assert read.quality == "ok"
    assert time.monotonic() - begun < 10
    assert ended(int(read.text))


def ended(pid: int) -> bool:
    """Whether a process is gone, or only waits to be counted out."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_reader_that_cannot_be_started_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SourceError, match="cannot be read here"):
        read_attachment(PAPER)


def test_no_folder_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_attachment(PAPER)
    monkeypatch.setattr(sandbox, "_CHILD", "open('x', 'w').write('y'); raise ValueError")
    read_attachment(PAPER)
    assert list(tmp_path.iterdir()) == []


def test_files_are_read_side_by_side() -> None:
    texts = [f"第{n}份" for n in range(6)]
    found: dict[str, str] = {}

    def read(text: str) -> None:
        found[text] = read_attachment(docx(p(text))).text

    threads = [Thread(target=read, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {text: text for text in texts}


# ---------------------------------------------------------------- LibreOffice, played


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a program of ours where LibreOffice would be; it writes down what it is asked."""

    def play(script: str) -> Path:
        told = tmp_path / "told"
        program = tmp_path / "soffice"
        program.write_text(f'#!/bin/sh\necho "$@" >> {told}\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return told

    return play


MAKES = 'mkdir -p made; cp "$(dirname "$0")/better.docx" made/paper.docx'


@pytest.mark.parametrize(
    ("body", "name", "form"),
    [
        (word("竹材\r"), "a.doc", "MS Word 97"),
        (word("竹材\r"), "a.wps", "MS Word 97"),
        (word("竹材\r", mark=0xA5DC), "a.doc", "MS WinWord 6.0"),
        (word("竹材\r")[:700], "a.doc", "MS Word 97"),
    ],
)
def test_old_formats_go_through_office(
    body: bytes, name: str, form: str, office: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "better.docx").write_bytes(docx(p("竹材，经办公软件读出")))
    told = office(MAKES)
    read = read_attachment(body, name)
    assert (read.kind, read.quality, read.text) == (name[2:], "ok", "竹材，经办公软件读出")
    assert f"--infilter={form} --convert-to docx:MS Word 2007 XML" in told.read_text()


@pytest.mark.parametrize(
    "body",
    [
        PAPER,
        pdf(page_of(SENTENCE)),
        word("竹\r", flags=0x100),
        word("\r"),
        b"<html>bamboo</html>",
        OLE,
    ],
)
def test_other_files_do_not(body: bytes, office: Callable[[str], Path]) -> None:
    told = office("exit 1")
    read_attachment(body, "a.doc")
    assert not told.exists()


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "exit 0",
        "kill -SEGV $$",
        "sleep 60 & sleep 60",
        "mkdir made; echo broken > made/paper.docx",
        "mkdir -p made/paper.docx",
        'mkdir made; cp "$(dirname "$0")/empty.docx" made/paper.docx',
        "mkdir made; yes | head -c 2000000 > made/paper.docx",
    ],
)
def test_where_office_fails_our_own_reader_stands_in(
    script: str, office: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "empty.docx").write_bytes(docx(p("略")))
    told = office(script)
    read = read_attachment(
        word("竹材经营者应当登记。\r"), "a.doc", limits=Limits(seconds=2, output=MB)
    )
    assert (read.kind, read.quality, read.text) == ("doc", "ok", "竹材经营者应当登记。")
    assert told.exists()


def test_without_office_our_own_reader_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert read_attachment(word("竹材\r"), "a.doc").text == "竹材"


# ---------------------------------------------------------------- LibreOffice itself


@pytest.fixture
def real_office() -> None:
    if shutil.which("soffice") is None:
        absent("soffice")


@pytest.mark.parametrize("form", ["doc", "rtf"])
def test_both_readers_number_alike(form: str, made: Callable[[str], bytes]) -> None:
    body = made(form)
    assert read_attachment(body, "a.doc") == attachment.read_attachment(body, "a.doc")


@pytest.mark.usefixtures("real_office")
def test_real_documents_read_alike() -> None:
    for file in shared("sites/files/attachments/nmpa_cmde").glob("*.doc"):
        body = file.read_bytes()
        assert read_attachment(body, file.name) == attachment.read_attachment(body, file.name)


class Listener:
    """A port that counts who comes, and says nothing."""

    def __init__(self) -> None:
        self.comers = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                self._socket.accept()[0].close()
                self.comers += 1

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


def with_picture(address: str) -> bytes:
    """A paper that shows a picture from elsewhere."""
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    shown = (
        f'<w:p><w:r><w:t>竹材</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        f'<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="{drawing}/main">'
        f'<a:graphicData uri="{drawing}/picture"><pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="picture"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    relation = (
        '<Relationship Id="picture" TargetMode="External" Target="' + address + '"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    return whole_docx(shown, LISTS, STYLES, related_to=relation)


def test_office_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    try:
        address = f"http://127.0.0.1:{listener.port}/picture.png"
        bait = converted(with_picture(address), "doc", tmp_path)
        before = listener.comers
        assert read_attachment(bait, "a.doc").text == "竹材"
        assert listener.comers == before
        monkeypatch.setattr(sandbox, "_SETTINGS", "")  # and without our settings it would
        assert read_attachment(bait, "a.doc").text == "竹材"
        assert listener.comers > before
    finally:
        listener.close()
