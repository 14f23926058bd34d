"""XML elements by their local names: one format comes in several namespaces.

OOXML has a transitional and a strict dialect, and some writers of OFD have namespaces of their own.
"""

import re
from collections.abc import Iterator

from lxml import etree


def name_of(element: etree._Element) -> str:
    """The local name, "" for a comment or processing instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def all_of(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if name_of(child) == name]


def first(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((c for c in element if name_of(c) == name), None) if element is not None else None


def below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """`element` itself and all below it that are called `name`, in document order."""
    return (e for e in element.iter() if name_of(e) == name)


def attribute(element: etree._Element, name: str) -> str | None:
    return next((str(v) for k, v in element.items() if str(k).rpartition("}")[2] == name), None)


def val(element: etree._Element | None) -> str | None:
    """An element's `val` attribute, whatever its namespace."""
    return attribute(element, "val") if element is not None else None


def is_on(flag: etree._Element | None) -> bool:
    """Whether a switch such as `<w:vanish/>` is there and not turned off."""
    return flag is not None and val(flag) not in ("0", "false", "off")


_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,9}\s*")


def int_of(text: str | None) -> int | None:
    """The integer in `text`, None where it is none or has more than 9 digits."""
    return int(text) if text is not None and _INTEGER.fullmatch(text) else None
