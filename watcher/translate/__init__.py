"""Titles in English by a service the operator has chosen. Its address is the operator's, so it is trusted.

Only titles leave the house, never texts. No answer is believed unchecked (see `check`).
"""

from watcher.settings import Translate
from watcher.translate.deepl import DeepL
from watcher.translate.openai import OpenAICompatible
from watcher.translate.translator import Answer, TranslateError, Translator

__all__ = ["Answer", "DeepL", "OpenAICompatible", "TranslateError", "Translator", "translator"]


def translator(settings: Translate | None, proxy: str | None = None) -> Translator | None:
    """The configured translator, or None. `proxy` is for services that are not on this machine."""
    if settings is None:
        return None
    kind = DeepL if settings.service == "deepl" else OpenAICompatible
    return kind(settings, proxy)
