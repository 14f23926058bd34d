"""The columns of a table of papers, by their headings: numbers, issuing bodies and kinds of dates."""

import re
from collections.abc import Iterator

from bs4 import Tag

from watcher.extract.lists.links import short_text

Columns = dict[int, str]
"""Which column holds what: number, issuer, published, signed or until."""

_SAYS = (
    ("number", re.compile(r"(?:发文|公文|文件)?(?:文号|字号|编号)|文件号")),
    ("issuer", re.compile(r"(?:发文|发布|公布|制定|印发)(?:机关|机构|单位|部门)")),
    ("until", re.compile(r"(?:征集|征求意见|反馈|意见反馈)?(?:截止|截至|结束)(?:日期|时间|日)?")),
    ("published", re.compile(r"(?:发布|公布|公开|上网|开始|起始)(?:日期|时间|日)")),
    (
        "signed",
        re.compile(r"(?:成文|生成|发文|印发|制定|实施|施行|生效|失效|废止)(?:日期|时间|日)"),
    ),
)
_LONGEST = 12  # characters of a heading
_HEADINGS = 3  # rows at the top of a table among which its headings are
_WIDEST = 60  # columns


def columns_of(row: Tag) -> Columns:
    """What the heading of the table of `row` says of its columns; empty without such a heading."""
    table = row.find_parent("table")
    for head in table.find_all("tr", limit=_HEADINGS) if isinstance(table, Tag) else ():
        if head is row:
            break
        if columns := _headings(head):
            return columns
    return {}


def _headings(head: Tag) -> Columns:
    columns: Columns = {}
    for place, cell in _cells(head):
        text = re.sub(r"[\s:：]", "", short_text(cell, 2 * _LONGEST) or "")
        kind = next((kind for kind, form in _SAYS if form.fullmatch(text)), None)
        if kind is not None:
            columns.setdefault(place, kind)
    return columns


def values(row: Tag, columns: Columns) -> dict[str, str]:
    """What a row's cells say, by kind of column; of several of one kind the first that says anything."""
    said: dict[str, str] = {}
    for place, cell in _cells(row) if columns else ():
        text = short_text(cell, 80)
        if text and place in columns:
            said.setdefault(columns[place], text)
    return said


def _cells(row: Tag) -> Iterator[tuple[int, Tag]]:
    place = 0
    for cell in row.find_all(("td", "th"), recursive=False):
        yield place, cell
        span = str(cell.get("colspan") or "1")
        place += int(span) if span.isascii() and span.isdecimal() and len(span) < 3 else 1
        if place > _WIDEST:
            return
