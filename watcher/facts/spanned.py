"""A value with its place in the text it was read from."""

from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Spanned(NamedTuple, Generic[T]):
    """`value` was read at `text[start:end]`."""

    value: T
    start: int
    end: int
