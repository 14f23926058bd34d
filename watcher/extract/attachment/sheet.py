"""Spreadsheets (.xls, .xlsx, WPS's .et) to rows of text, through calamine where the extra is installed."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from watcher.extract.attachment import ole
from watcher.extract.attachment.package import CHARACTERS, Unreadable, opened
from watcher.text import one_line


def read_sheet(body: bytes) -> list[str]:
    """The rows of the sheets that are shown, cells joined by tabs. Raises Unreadable.

    Where several sheets hold something, each begins with its name.
    """
    try:
        import python_calamine as calamine
    except ImportError as exc:
        reason = "spreadsheets need the extra: install watcher[attachments]"
        raise Unreadable("unsupported", reason) from exc
    if body.startswith(ole.MAGIC):
        if _is_locked(body):  # the library would say that it knows no such format
            raise Unreadable("encrypted", "it needs a password")
    else:
        with opened(body):  # refuses what inflates without end, which the library would not
            pass
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        sheets = {name: list(_rows(book.get_sheet_by_name(name).to_python())) for name in shown}
    except calamine.CalamineError as exc:
        raise Unreadable("corrupt", f"it is no whole workbook: {exc}") from exc
    except BaseException as exc:  # a panic of the library's Rust, which is no Exception
        if type(exc).__name__ != "PanicException":
            raise
        raise Unreadable("corrupt", f"it is no whole workbook: {exc}") from exc
    full = {name: rows for name, rows in sheets.items() if rows}
    if len(full) == 1:
        return next(iter(full.values()))
    return [line for name, rows in full.items() for line in (one_line(name), *rows)]


_PASSWORD = 0x2F  # the record FILEPASS, [MS-XLS] 2.4.117
_FIRST = 50  # records among which it stands


def _is_locked(body: bytes) -> bool:
    box = ole.CompoundFile(body)
    stream = box.stream("Workbook") or box.stream("Book") or b""
    at = 0
    for _ in range(_FIRST):
        kind, size = (int.from_bytes(stream[at + n : at + n + 2], "little") for n in (0, 2))
        if kind == _PASSWORD:
            return True
        at += 4 + size
    return False


def _rows(cells: Iterable[Sequence[object]]) -> Iterator[str]:
    size = 0
    for row in cells:
        line = "\t".join(map(_cell, row)).rstrip("\t")
        size += len(line)
        if size > CHARACTERS:
            raise Unreadable("too-large", f"it has more than {CHARACTERS} characters")
        if line:
            yield line


def _cell(value: object) -> str:
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case _:
            return one_line(str(value))
