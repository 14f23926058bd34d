"""A fetcher that remembers what it was sent, so that it can be kept as a fixture."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import yaml

from watcher.clock import Clock
from watcher.fetch import Fetcher
from watcher.model import Page, Validators
from watcher.settings import Manners, Network

_TYPES = {"html": "html", "json": "json", "xml": "xml", "rss": "xml", "atom": "xml", "pdf": "pdf"}
_PLAIN = Manners()
_NOTHING = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    asked: str
    page: Page
    at: datetime
    what: str
    """What it was fetched as: list, unit, again, paper, attachment."""


class Recorder(Fetcher):
    """Keeps every page it fetches, in order; `what` says what the next ones are."""

    def __init__(self, network: Network, clock: Clock) -> None:
        super().__init__(network, clock)
        self.clock = clock
        self.what = "list"
        self.fetched: list[Fetched] = []

    def fetch(
        self,
        url: str,
        *,
        manners: Manners = _PLAIN,
        validators: Validators = _NOTHING,
        accept: str | None = None,
        referer: str | None = None,
    ) -> Page | None:
        page = super().fetch(
            url, manners=manners, validators=validators, accept=accept, referer=referer
        )
        if page is not None:
            at = self.clock.now()
            self.fetched.append(Fetched(asked=url, page=page, at=at, what=self.what))
        return page

    def save(self, folder: Path) -> list[Path]:
        """Write what was fetched, byte for byte, and index.yaml; FileExistsError before overwriting."""
        folder.mkdir(parents=True, exist_ok=True)
        entries, paths = [], []
        for number, one in enumerate(self.fetched, 1):
            path = folder / f"{number:02}-{one.what}.{_extension(one.page)}"
            with path.open("xb") as file:
                file.write(one.page.body)
            paths.append(path)
            entries.append(
                {
                    "file": path.name,
                    "url": one.page.url,
                    "asked": one.asked,
                    "content_type": one.page.content_type,
                    "at": one.at.isoformat(timespec="seconds"),
                }
            )
        index = folder / "index.yaml"
        with index.open("x", encoding="utf-8") as file:
            yaml.safe_dump(entries, file, allow_unicode=True, sort_keys=False, width=10_000)
        return [*paths, index]


def _extension(page: Page) -> str:
    """As the address ends, where that says anything, else by the type the server named."""
    ending = PurePosixPath(urlsplit(page.url).path).suffix.lower().lstrip(".")
    if re.fullmatch(r"[a-z0-9]{2,5}", ending):
        return ending
    words = re.findall(r"[a-z]+", (page.content_type or "").lower())
    return next((_TYPES[word] for word in words if word in _TYPES), "bin")
