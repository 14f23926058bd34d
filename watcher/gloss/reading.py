"""What a reader is shown of a title: its translation if there is one, else its gloss."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from watcher.gloss.gloss import gloss
from watcher.gloss.names import HAN
from watcher.model import Document, EnglishTitle
from watcher.text import one_line

LANGUAGE = "en"
GLOSSARY = "by pattern and glossary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A title put into English by a machine."""

    text: str
    by: str
    """The service, as readers know it: DeepL."""

    @property
    def mark(self) -> str:
        """What must stand beside it: nobody has checked it."""
        return f"machine translation, {self.by}"


def key_of(title: str) -> str:
    """What a title's translation is kept by: a digest of its text on one line, and of the language."""
    return hashlib.sha256(f"{LANGUAGE}\n{one_line(title)}".encode()).hexdigest()


def reading(document: Document, translations: Mapping[str, Translation]) -> EnglishTitle | None:
    """One line of English for a document's Chinese title, and who made it; None for an English title.

    `translations` is by title, as `store.translations.get` gives it.
    """
    if not HAN.search(document.title):
        return None
    made = gloss(document.title, document.facts)
    translation = translations.get(document.title)
    if translation is None or made.complete:
        return EnglishTitle(text=made.text, by=GLOSSARY)
    return EnglishTitle(text=translation.text, by=translation.mark, machine=True)
