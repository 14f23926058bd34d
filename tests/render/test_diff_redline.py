"""LibreOffice reads our tracked changes as we mean them: it accepts them to the final text, rejects them to the draft."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tests.diff.lamps import DRAFT, FINAL, blankless, regulation
from tests.real import absent, shared
from watcher.cli.given import bytes_of
from watcher.diff import diff_texts
from watcher.render.diff import DiffTitles, diff_docx
from watcher.sandbox import read_attachment

TITLES = DiffTitles(old="draft", new="final", paper="智能灯具数据管理办法")
WORD_PAIRS = {
    "lenses": (
        "2017-08-09_软性接触镜注册技术审查指导原则（征求意见稿）.docx",
        "2018-04-26_软性接触镜注册技术审查指导原则.doc",
    ),
    "ai devices": (
        "2021-06-04_人工智能医疗器械注册审查指导原则（征求意见稿）.docx",
        "2022-03-09_人工智能医疗器械注册审查指导原则（2022年第8号）.docx",
    ),
}
BASIC = """Sub Settle(source, accepted, rejected)
  SettleOne(source, accepted, ".uno:AcceptAllTrackedChanges")
  SettleOne(source, rejected, ".uno:RejectAllTrackedChanges")
  StarDesktop.terminate()
End Sub

Sub SettleOne(source, target, order)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  paper = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  helper = createUnoService("com.sun.star.frame.DispatchHelper")
  helper.executeDispatch(paper.CurrentController.Frame, order, "", 0, Array())
  Dim plain(1) As New com.sun.star.beans.PropertyValue
  plain(0).Name = "FilterName"
  plain(0).Value = "Text (encoded)"
  plain(1).Name = "FilterOptions"
  plain(1).Value = "UTF8,LF"
  paper.storeToURL(target, plain())
  paper.close(True)
End Sub
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" \
script:language="StarBasic">{}</script:module>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A LibreOffice with a profile of its own, in which one macro settles all tracked changes."""

    program: str
    home: Path

    def __post_init__(self) -> None:
        """A first start lays the profile out, with an empty Module1 that takes the macro."""
        self._run("--terminate_after_init")
        module = self.home / "profile" / "user" / "basic" / "Standard" / "Module1.xba"
        module.write_text(_MODULE.format(escape(BASIC)))

    def _run(self, order: str) -> None:
        profile = (self.home / "profile").as_uri()
        subprocess.run(
            [
                self.program,
                "--headless",
                "--norestore",
                f"-env:UserInstallation={profile}",
                order,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )

    def settled(self, docx: bytes) -> tuple[str, str]:
        """The texts that are left when all changes of `docx` are accepted, and when rejected."""
        source = self.home / "redline.docx"
        targets = [self.home / "accepted.txt", self.home / "rejected.txt"]
        source.write_bytes(docx)
        for target in targets:
            target.unlink(missing_ok=True)
        given = ",".join(f'"{path.as_uri()}"' for path in (source, *targets))
        self._run(f"macro:///Standard.Module1.Settle({given})")
        accepted, rejected = (target.read_text(encoding="utf-8-sig") for target in targets)
        return accepted, rejected


@pytest.fixture(name="office", scope="module")
def one_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    program = shutil.which("soffice")
    if program is None:
        absent("soffice")
        raise AssertionError("absent() does not return")
    return Office(program=program, home=tmp_path_factory.mktemp("office"))


def lines(text: str) -> list[str]:
    """Lines that say something: how a text ends, and blanks, are not ours to keep."""
    return [bare for line in text.splitlines() if (bare := blankless(line))]


def real(name: str) -> str:
    path = shared(f"sites/files/attachments/nmpa_cmde/{name}")
    return read_attachment(bytes_of(str(path)), path.name).text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(DRAFT, FINAL, id="a draft and its final"),
        pytest.param(
            regulation("purpose", "scope", "terms", "force"),
            regulation("scope", "purpose", "export", "force"),
            id="moved and replaced",
        ),
        pytest.param(DRAFT, "", id="all gone"),
        pytest.param("", FINAL, id="all new"),
        pytest.param(
            regulation("purpose", "force"),
            regulation("purpose", "force") + "\n附件\n一、目录 <甲> & 乙",
            id="a new end",
        ),
        pytest.param(
            regulation("purpose", "force", "scope"), regulation("purpose"), id="the end gone"
        ),
    ],
)
def test_libreoffice_settles_to_both_texts(office: Office, old: str, new: str) -> None:
    docx = diff_docx(diff_texts(old, new), TITLES)
    accepted, rejected = office.settled(docx)
    assert lines(accepted) == lines(new)
    assert lines(rejected) == lines(old)


@pytest.mark.parametrize("pair", WORD_PAIRS.values(), ids=WORD_PAIRS)
def test_libreoffice_settles_real_papers(office: Office, pair: tuple[str, str]) -> None:
    old, new = map(real, pair)
    docx = diff_docx(diff_texts(old, new), TITLES)
    accepted, rejected = office.settled(docx)
    assert lines(accepted) == lines(new)
    assert lines(rejected) == lines(old)
