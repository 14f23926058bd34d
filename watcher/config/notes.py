"""What sources.yaml may say already and this version does not act on, said before it disappoints.

A feature that is built takes its line out of `_LATER`.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from watcher.settings import Config, Source, Subscription, Web


def _sources(matters: Callable[[Source], object], key: str) -> Callable[[Config], Iterator[str]]:
    def find(config: Config) -> Iterator[str]:
        for n, source in enumerate(config.sources):
            if source.enabled and matters(source):
                yield f"sources[{n}].{key}"

    return find


def _subscriptions(
    matters: Callable[[Subscription], object], key: str
) -> Callable[[Config], Iterator[str]]:
    def find(config: Config) -> Iterator[str]:
        for t, team in enumerate(config.teams):
            for n, subscription in enumerate(team.subscriptions):
                if matters(subscription):
                    yield f"teams[{t}].subscriptions[{n}].{key}"

    return find


def _web(config: Config) -> Iterator[str]:
    if config.web != Web():
        yield "web"


_LATER: tuple[tuple[Callable[[Config], Iterator[str]], str], ...] = (
    (_web, "there are no web pages yet"),
)


def _key_in_clear(config: Config) -> Iterator[str]:
    asked = config.translate
    if asked and asked.key and asked.url:
        parts = urlsplit(asked.url)
        if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            yield "translate.url"


KEYWORDS_ALONE = (
    "without sectors every sector is heard anyway; keywords add papers outside all sectors, "
    "they do not narrow: `require` does"
)


def _nobody_looks_after_it(config: Config) -> Iterator[str]:
    told = {target.kind for team in config.teams for target in team.to}
    if not config.operators and told - {"console"}:
        yield "operators.to"


_SURPRISING: tuple[tuple[Callable[[Config], Iterator[str]], str], ...] = (
    (_sources(lambda s: s.manners.robots == "ignore", "robots"), "robots.txt is not honoured"),
    (
        _sources(lambda s: s.manners.user_agent, "user_agent"),
        "the site is not told that watcher asks",
    ),
    (
        _nobody_looks_after_it,
        "nobody is told of failing sources, refused channels and alerts that are held",
    ),
    (_key_in_clear, "the key travels without encryption; write https://"),
    (
        _subscriptions(lambda s: s.keywords and not (s.sectors or s.require), "keywords"),
        KEYWORDS_ALONE,
    ),
)


def notes(config: Config) -> list[str]:
    """One line `path: what will not happen` for every such setting, in the file's order of kinds."""
    return [
        f"{path}: {sentence}" for find, sentence in _LATER + _SURPRISING for path in find(config)
    ]
