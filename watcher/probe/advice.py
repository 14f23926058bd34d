"""What a person can do about what a probe found, in whole sentences."""

from collections.abc import Iterator, Sequence

from watcher.errors import ExtractError, FetchError, Reason, SourceError
from watcher.facts.bodies import BODIES
from watcher.model import Page
from watcher.probe.recognise import frames_of
from watcher.render.probe import Listed, Trouble, Twice
from watcher.render.scraped import clean
from watcher.settings import Source

_CHALLENGES = (412, 521)


def on_list(
    source: Source, listed: Listed, twice: Twice, feeds: Sequence[str], paper: Trouble | None
) -> Iterator[str]:
    """Advice on a list that can be read."""
    if listed.rows and listed.undated == listed.rows:
        yield (
            "No row has a day. Papers are dated by their own pages; give rule: {row, link, date} "
            "if the list shows days all the same."
        )
    if twice.unstable:
        yield "Fetch it again later: rows that differ by chance would be told as news."
    if paper is not None:
        outcome = (
            ". It may pass: papers are followed all the same."
            if paper.transient
            else "."
            if source.detail.follow
            else ", so the YAML says follow: false: titles and days only. Take that out when papers "
            "can be read."
        )
        yield f"The first paper could not be read ({paper.reason}: {paper.message}){outcome}"
    if feeds and source.kind == "listing":
        yield "The page offers a feed, which changes its form less often: probe that as well."
    if source.manners.cookies:
        yield "The server wants its cookie back: the YAML says cookies: true."
    if source.manners.tls != "default":
        yield f"An old server: the YAML says tls: {source.manners.tls}; certificates are verified."


def on_trouble(source: Source, error: SourceError, page: Page | None) -> Iterator[str]:
    """Advice on an address that gave no list."""
    if _challenged(error):
        yield from _on_challenge(source)
    elif isinstance(error, FetchError):
        yield from _on_refusal(error)
    elif isinstance(error, ExtractError) and error.reason is Reason.BLOCKED:
        yield "Look at the page in a browser: it may be for some networks, or for a login, only."
    elif isinstance(error, ExtractError) and error.reason in (Reason.EMPTY, Reason.NOT_A_LISTING):
        yield from _on_nothing(page)


def _challenged(error: SourceError) -> bool:
    if isinstance(error, ExtractError):
        return error.reason is Reason.CHALLENGE
    return isinstance(error, FetchError) and error.status in _CHALLENGES


def _on_challenge(source: Source) -> Iterator[str]:
    yield (
        "The site lets no plain client in. With the extra `render` installed, render: true reads "
        "it in a browser that runs the page's scripts."
    )
    if source.body is None or source.body not in BODIES:
        return
    yield (
        f"gov.cn's policy library has the finals of {BODIES[source.body].zh[0]}: give the source "
        f"`fallback: {source.body.lower()}-library` and add {{id: {source.body.lower()}-library, "
        f"kind: library, body: {source.body}, enabled: false}}, which then stands in for it."
    )


def _on_refusal(error: FetchError) -> Iterator[str]:
    if error.status in (401, 403):
        yield (
            "The server refuses watcher by name, or this network. If the site allows it, a "
            "`user_agent:` of your own may be let in."
        )
    elif "allow_addresses" in str(error):
        yield "For a server of your own network use --allow CIDR here."
    elif error.gone:
        yield "The page is gone: look for the column on the site's own front page."
    elif error.transient:
        yield "It may pass: try again later."


def _on_nothing(page: Page | None) -> Iterator[str]:
    frames = frames_of(page) if page is not None else ()
    for frame in frames:
        yield f"The page shows another one in a frame; probe that: {clean(frame)}"
    if page is not None and page.body.lstrip()[:1] in (b"{", b"["):
        yield (
            "JSON without papers in it, so no YAML is proposed. Copy the whole address that the "
            "browser asks for (developer tools, Network), with its parameters, and quote it in the "
            "shell. Where the papers are in it all the same, say where: kind: endpoint and "
            "rule: {row, title, date}, dotted paths."
        )
        return
    yield (
        "No list was found, so no YAML is proposed. If the page shows one in a browser, a script "
        "builds it: probe the JSON address that the browser asks for (developer tools, Network), or "
        "give the source render: true (needs the extra `render`)."
    )
    if page is not None and b"<a" in page.body.lower():
        yield "If the list is there in the page's source, name its parts: rule: {row, link, date}."
