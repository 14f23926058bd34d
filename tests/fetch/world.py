"""Pages for a browser that hears of nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx

from watcher.errors import FetchError
from watcher.fetch.answers import Answer
from watcher.fetch.browser import Browser
from watcher.fetch.questions import Question
from watcher.model import Page

HOME = "http://www.lamps.gov.cn/"
Content = str | bytes | Answer | FetchError | Callable[[Question], Answer]


def reply(
    body: str | bytes = b"", kind: str = "text/html; charset=utf-8", status: int = 200, **more: str
) -> Answer:
    pairs = [("content-type", kind), *((k.replace("_", "-"), v) for k, v in more.items())]
    headers = [(name.encode(), value.encode()) for name, value in pairs]
    return Answer(
        httpx.URL(HOME), status, headers, body.encode() if isinstance(body, str) else body
    )


@dataclass
class World:
    """Pages by address, for what only has names: no server answers to them."""

    pages: dict[str, Content] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def __call__(self, asked: Question) -> Answer:
        self.asked.append(asked)
        content = self.pages.get(asked.url.partition("#")[0])
        match content:
            case None:
                raise FetchError(f"nobody at {asked.url}", transient=False)
            case FetchError():
                raise content
            case str() | bytes():
                content = reply(content)
            case Answer():
                pass
            case _:
                content = content(asked)
        return replace(content, url=httpx.URL(asked.url))

    def addresses(self) -> list[str]:
        return [asked.url for asked in self.asked]


def show(chrome: Browser, world: World, html: Content, path: str = "") -> Page:
    world.pages[HOME + path.partition("#")[0]] = html
    return chrome.render(HOME + path, world, user_agent="watcher/1 (test)")


def text(page: Page) -> str:
    return page.body.decode("utf-8")
