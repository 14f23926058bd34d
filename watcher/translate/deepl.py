"""DeepL's API v2 (developers.deepl.com/docs/api-reference/translate)."""

from collections.abc import Sequence

from watcher.settings import Translate
from watcher.text import one_line
from watcher.translate.check import checked
from watcher.translate.post import Service
from watcher.translate.translator import Answer, TranslateError

_FREE, _PAID = "https://api-free.deepl.com", "https://api.deepl.com"


class DeepL:
    name = "DeepL"
    most = 50  # DeepL's own limit of texts in one request

    def __init__(self, settings: Translate, proxy: str | None = None) -> None:
        key = settings.key
        free = key is not None and key.reveal().endswith(":fx")  # DeepL marks keys of the free plan
        base = (settings.url or (_FREE if free else _PAID)).rstrip("/")
        self._glossary = settings.glossary
        self._service = Service(
            self.name, f"{base}/v2/translate", settings.timeout, key, "DeepL-Auth-Key", proxy
        )

    def __repr__(self) -> str:
        return f"DeepL({self._service!r})"

    def close(self) -> None:
        self._service.close()

    def translate(self, titles: Sequence[str]) -> list[Answer]:
        """One answer per title, in order; TranslateError when the service gave none."""
        question: dict[str, object] = {
            "text": [one_line(title) for title in titles],
            "source_lang": "ZH",
            "target_lang": "EN-US",
            "split_sentences": "0",
        }
        if self._glossary is not None:
            question["glossary_id"] = self._glossary
        answer = self._service.ask(question)
        rows = answer.get("translations") if isinstance(answer, dict) else None
        if not isinstance(rows, list) or len(rows) != len(titles):
            raise TranslateError(f"{self.name}: the answer does not hold one text per title")
        texts = [row.get("text") if isinstance(row, dict) else None for row in rows]
        return [checked(title, text) for title, text in zip(titles, texts, strict=True)]
