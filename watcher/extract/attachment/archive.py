"""Archives (.zip, .rar): what they hold is listed, not opened."""

import io
import zipfile

from watcher.extract.attachment.package import Unreadable
from watcher.text import one_line

_MOST = 2000
_UTF_8_NAME = 0x800


def list_zip(body: bytes) -> list[str]:
    """The names of the files in a zip, with their folders. Raises Unreadable."""
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        return _told([_name(part) for part in box.infolist() if not part.is_dir()])


def _name(part: zipfile.ZipInfo) -> str:
    if part.flag_bits & _UTF_8_NAME:
        return part.filename
    try:
        return _decoded(part.filename.encode("cp437"))
    except UnicodeEncodeError:
        return part.filename


def _decoded(raw: bytes) -> str:
    """A name whose archive does not say what it is written in: UTF-8, else as Chinese Windows does."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def list_rar(body: bytes) -> list[str]:
    """The names of the files in a rar, with their folders. Raises Unreadable."""
    try:
        import rarfile  # type: ignore[import-untyped]  # it comes without types
    except ImportError as exc:
        reason = "RAR files need the extra: install watcher[attachments]"
        raise Unreadable("unsupported", reason) from exc
    try:
        with rarfile.RarFile(io.BytesIO(body), part_only=True) as box:
            names = [
                part.filename
                if part.flags & rarfile.RAR_FILE_UNICODE or part.orig_filename is None
                # the library would take Chinese names for UTF-16
                else _decoded(part.orig_filename).replace("\\", "/")
                for part in box.infolist()
                if not part.is_dir()
            ]
            locked = not names and box.needs_password()
    except rarfile.PasswordRequired as exc:
        raise Unreadable("encrypted", "its list of files needs a password") from exc
    except rarfile.Error as exc:
        raise Unreadable("corrupt", f"it is not a whole rar file: {exc}") from exc
    if locked:
        raise Unreadable("encrypted", "its list of files needs a password")
    if not names:
        raise Unreadable("corrupt", "it lists no files")
    return _told(names)


def _told(names: list[str]) -> list[str]:
    lines = [
        line for name in names if not name.startswith("__MACOSX/") and (line := one_line(name))
    ]
    rest = len(lines) - _MOST
    return lines if rest <= 0 else [*lines[:_MOST], f"and {rest} more"]
