"""The paper's own document number (发文字号) in its title or text, in normal form."""

from watcher.extract.paper.numbers import (
    folded,
    normal_number,
    numbers_in,
    own_number,
    title_number,
)
from watcher.facts.folded import Folded
from watcher.facts.spanned import Spanned

__all__ = ["find_number", "normal_number", "number_in_text", "number_in_title"]

_HEAD = 12  # lines of a text that are looked at


def find_number(title: str) -> str | None:
    """The number a title carries for its own paper, as 〔2026〕7号, or None; not one that it cites."""
    return title_number(title)


def number_in_title(title: str) -> Spanned[str] | None:
    """The same with its place; `title` is one line of normal width."""
    number = title_number(title)
    return _within(title, number) if number else None


def number_in_text(text: str) -> Spanned[str] | None:
    """The number at the head of a paper's text: a short line that holds nothing else.

    A number further down names another paper, such as the one that is replaced.
    """
    lines = text.split("\n", _HEAD)[:_HEAD]
    number = own_number([line.strip() for line in lines])
    if number is None:
        return None
    begins = 0
    for at, line in enumerate(lines):
        if found := _within(line, number):
            return Spanned(number, begins + found.start, begins + found.end)
        above = lines[at - 1] if at else ""
        if above and normal_number(f"{folded(above)}{folded(line)}") == number:  # 某部令, 第N号
            whole = f"{above}\n{line}"
            first = begins - len(above) - 1 + len(whole) - len(whole.lstrip())
            return Spanned(number, first, first + len(whole.strip()))
        begins += len(line) + 1
    return Spanned(number, 0, 0)


def _within(line: str, number: str) -> Spanned[str] | None:
    """Where a line says a number, blanks around it left out."""
    clean = folded(line)
    for found in numbers_in(f"{clean} "):
        if found.normal == number:
            said = clean[found.start : found.end]
            start = found.start + len(said) - len(said.lstrip())
            end = found.start + len(said.rstrip())
            if line != clean:
                start, end = Folded(line, clean).span(start, end)
            return Spanned(number, start, end)
    return None
