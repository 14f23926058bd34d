"""The paper's own document number (发文字号) in its title or text, in normal form."""

from watcher.extract.paper.numbers import normal_number, own_number, title_number

__all__ = ["find_number", "normal_number", "number_in_text"]

_HEAD = 12  # lines of a text that are looked at


def find_number(title: str) -> str | None:
    """The number a title carries for its own paper, as 〔2026〕7号, or None; not one that it cites."""
    return title_number(title)


def number_in_text(text: str) -> str | None:
    """The number at the head of a paper's text: a short line that holds nothing else.

    A number further down names another paper, such as the one that is replaced.
    """
    return own_number([line.strip() for line in text.split("\n", _HEAD)[:_HEAD]])
