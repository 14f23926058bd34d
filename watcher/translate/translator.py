"""What every translator is: titles in, answers out, and how it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from watcher.errors import WatcherError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one title: a text that passed the checks, or why there is none."""

    text: str | None = None
    problem: str | None = None


class TranslateError(WatcherError):
    """The service gave no answer at all.

    `permanent`: it will refuse until the operator acts (credential, quota, address); else
    `retry_after` is its own wish. `about_titles`: it refused what it was asked, not who asks.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        about_titles: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.about_titles = about_titles
        self.retry_after = retry_after


class Translator(Protocol):
    """A service that puts Chinese titles into English."""

    name: str
    """As readers know it: DeepL."""
    most: int
    """Titles it takes at once."""

    def translate(self, titles: Sequence[str]) -> list[Answer]:
        """One answer per title, in order; TranslateError when the service gave none."""
        ...

    def close(self) -> None: ...
