"""Faults between keys: equal ids, names of nothing, things that exclude or need each other.

Works on the plain tree, so that they are reported beside the faults of single values.
"""

from collections.abc import Iterator

from watcher.config import values
from watcher.config.tree import Fault, Path, Plain, Tree

_SELECTORS = ("row", "link", "title", "date")
_DETAIL = ("title", "body", "published", "attachments")
_TARGETS = ("slack", "email", "webhook", "apprise", "console")
_LISTED = {"webhook": "webhooks", "apprise": "apprise"}
"""Kinds of target that name one of several channels, and the list that these stand in."""


def crosscheck(tree: Tree) -> Iterator[Fault]:
    sources, teams = _items(tree.value, "sources"), _items(tree.value, "teams")
    yield from _equal_ids(tree, sources)
    yield from _equal_ids(tree, teams)
    yield from _fallbacks(tree, sources)
    for path, source in sources:
        yield from _rule(tree, (*path, "rule"), _get(source, "rule"))
        yield from _selectors(tree, path, source)
        yield from _address(tree, path, source)
    channels = _get(tree.value, "channels")
    for path, target in _items(_get(tree.value, "operators"), "to", ("operators",)):
        yield from _target(tree, path, target, channels)
    for path, team in teams:
        yield from check_team(tree, path, team, channels)
    for key in _LISTED.values():
        yield from _equal_ids(tree, _items(channels, key, ("channels",)))
    yield from _slack(tree, _get(channels, "slack"))
    yield from _email(tree, _get(channels, "email"))
    yield from _translate(tree, _get(tree.value, "translate"))


def check_team(tree: Tree, path: Path, team: Plain, channels: Plain) -> Iterator[Fault]:
    """Faults between the keys of one team; `channels` are those that are configured."""
    for where, target in _items(team, "to", path):
        yield from _target(tree, where, target, channels)
    subscriptions = _items(team, "subscriptions", path)
    yield from _equal_ids(tree, subscriptions)
    for where, subscription in subscriptions:
        yield from check_subscription(tree, where, subscription)


def check_subscription(tree: Tree, path: Path, subscription: Plain) -> Iterator[Fault]:
    """Faults between the keys of one subscription."""
    yield from _brief(tree, path, subscription)


def _get(value: Plain, key: str) -> Plain:
    return value.get(key) if isinstance(value, dict) else None


def _items(value: Plain, key: str, path: Path = ()) -> list[tuple[Path, Plain]]:
    found = _get(value, key)
    items = found if isinstance(found, list) else []
    return [((*path, key, n), item) for n, item in enumerate(items)]


def _equal_ids(tree: Tree, items: list[tuple[Path, Plain]]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for path, item in items:
        here = (*path, "id")
        if isinstance(name := _get(item, "id"), str):
            if name in first:
                problem = f"duplicate id {values.quoted(name)}; the first is on line {first[name]}"
                yield tree.fault(here, problem)
            first.setdefault(name, tree.line(here))


def _fallbacks(tree: Tree, sources: list[tuple[Path, Plain]]) -> Iterator[Fault]:
    ids = [name for _, source in sources if isinstance(name := _get(source, "id"), str)]
    for path, source in sources:
        here, name = (*path, "fallback"), _get(source, "fallback")
        if not isinstance(name, str):
            continue
        if name == _get(source, "id"):
            yield tree.fault(here, "a source cannot stand in for itself")
            continue
        others = dict.fromkeys(each for each in ids if each != _get(source, "id"))
        try:
            values.known("source", name, others, {})
        except ValueError as exc:
            yield tree.fault(here, str(exc))


def _rule(tree: Tree, path: Path, rule: Plain) -> Iterator[Fault]:
    given = [key for key in _SELECTORS if _get(rule, key) is not None]
    if given and "row" not in given and _get(rule, "preset") is None:
        problem = f"{given[0]!r} is looked up in a row; give 'row' as well, or a preset"
        yield tree.fault((*path, given[0]), problem)


def _address(tree: Tree, path: Path, source: Plain) -> Iterator[Fault]:
    kind = _get(source, "kind")
    if isinstance(source, dict) and kind != "library" and _get(source, "url") is None:
        yield tree.fault((*path, "url"), "this key is required")
    mailbox = _get(source, "mailbox")
    if kind == "mailbox" and mailbox is None:
        yield tree.fault((*path, "mailbox"), "a mailbox needs its username and password here")
    elif kind != "mailbox" and mailbox is not None:
        yield tree.fault((*path, "mailbox"), "only a source of kind mailbox has one")


def _selectors(tree: Tree, path: Path, source: Plain) -> Iterator[Fault]:
    """What is no CSS selector; the rules of an endpoint are dotted paths and stay unchecked."""
    places: list[tuple[str, tuple[str, ...]]] = [("detail", _DETAIL)]
    if _get(source, "kind") == "listing":
        places.append(("rule", (*_SELECTORS, "next")))
    for part, keys in places:
        for key in keys:
            selector = _get(_get(source, part), key)
            if isinstance(selector, str) and (problem := _no_selector(selector)):
                yield tree.fault((*path, part, key), problem)


def _no_selector(text: str) -> str | None:
    from soupsieve import SelectorSyntaxError, compile  # few files name selectors at all

    try:
        compile(text)
    except SelectorSyntaxError as exc:
        return f"{values.quoted(text)} is no CSS selector: {str(exc).splitlines()[0]}"
    return None


def _brief(tree: Tree, path: Path, subscription: Plain) -> Iterator[Fault]:
    """What only a digest can be: a brief of its period, or word that the period was empty."""
    now = _get(subscription, "when") in (None, "now")
    if now and _get(subscription, "when_empty") == "say":
        problem = (
            "what comes at once has no empty periods; "
            "give when: daily 08:00, weekly mon 08:00 or monthly 1 08:00"
        )
        yield tree.fault((*path, "when_empty"), problem)
    if now and _get(subscription, "as") == "brief":
        problem = (
            "a brief covers a period; give when: daily 08:00, weekly mon 08:00 or monthly 1 08:00"
        )
        yield tree.fault((*path, "as"), problem)


def _target(tree: Tree, path: Path, target: Plain, channels: Plain) -> Iterator[Fault]:
    if not isinstance(target, dict):
        return  # a fault of the schema
    kinds = [kind for kind in _TARGETS if kind in target]
    if len(kinds) != 1:
        if set(target) <= set(_TARGETS):  # else the unknown key says enough
            problem = (
                'give one of slack: "#channel", email: address, webhook: id, apprise: id '
                'or console: "-"'
            )
            yield tree.fault(path, problem)
        return
    (kind,) = kinds
    here = (*path, kind)
    if kind != "console" and target[kind] is None:
        hint = '; a # begins a comment: write slack: "#channel" in quotes'
        yield tree.fault(here, "is empty" + (hint if kind == "slack" else ""))
    elif kind in _LISTED:
        yield from _listed(tree, here, target[kind], channels, _LISTED[kind])
    elif kind != "console" and _get(channels, kind) is None:
        yield tree.fault(here, f"needs channels.{kind}, which is not configured")


def _listed(tree: Tree, here: Path, name: Plain, channels: Plain, key: str) -> Iterator[Fault]:
    ids = [id_ for _, each in _items(channels, key) if isinstance(id_ := _get(each, "id"), str)]
    if not ids:
        yield tree.fault(here, f"needs channels.{key}, which names none")
    elif isinstance(name, str):
        try:
            values.known("channel", name, dict.fromkeys(ids), {})
        except ValueError as exc:
            yield tree.fault(here, str(exc))


def _slack(tree: Tree, slack: Plain) -> Iterator[Fault]:
    if not isinstance(slack, dict):
        return
    given = [key for key in ("token", "webhook") if slack.get(key) is not None]
    path: Path = ("channels", "slack")
    if len(given) == 2:
        yield tree.fault((*path, "webhook"), "token and webhook are both given; keep one of them")
    elif not given:
        yield tree.fault(path, "give token: env:SLACK_BOT_TOKEN or webhook: env:SLACK_WEBHOOK_URL")
    elif slack.get("app_token") is not None and given != ["token"]:
        yield tree.fault(
            (*path, "app_token"), "needs 'token' beside it: a webhook cannot be pressed"
        )


def _email(tree: Tree, email: Plain) -> Iterator[Fault]:
    for key, other in (("username", "password"), ("password", "username")):
        if _get(email, key) is not None and _get(email, other) is None:
            yield tree.fault(("channels", "email", key), f"needs {other!r} beside it")


def _translate(tree: Tree, translate: Plain) -> Iterator[Fault]:
    """DeepL needs its key; an openai server needs its address and model; neither has the other's keys."""
    needs, others = {
        "deepl": (("key",), ("model",)),
        "openai": (("url", "model"), ("glossary",)),
    }.get(str(_get(translate, "service")), ((), ()))
    for key in needs:
        if _get(translate, key) is None:
            yield tree.fault(("translate", key), "this service needs it")
    for key in others:
        if _get(translate, key) is not None:
            yield tree.fault(("translate", key), "this service has no such key")
