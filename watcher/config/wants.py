"""The one door for teams and subscriptions that are made at run time, from the CLI, Slack or the web.

They are said in the keys of sources.yaml, held against the same entries, and their faults are told
in the same words. What was let in once is read again without being held against codes: a sector
that has gone since then must not silence a team.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from watcher.config.build import subscription as built_subscription
from watcher.config.build import team as built_team
from watcher.config.codes import read_codes
from watcher.config.crosscheck import check_subscription, check_team
from watcher.config.schema import Door, SubscriptionEntry, TeamEntry, read
from watcher.config.tree import Fault, Plain, Tree, printable
from watcher.errors import ConfigError
from watcher.settings import Config, Subscription, Team

_OPEN = Door(folder=Path(), environ=os.environ, sectors=None, bodies=None)


def new_team(
    id_: str, name: str | None, timezone: str | None, to: Sequence[Plain], config: Config
) -> Team:
    """A team without subscriptions; ConfigError lists every fault. `to` is as in sources.yaml."""
    said: dict[str, Plain] = {"id": id_, "to": list(to), "subscriptions": []}
    said |= {key: word for key, word in (("name", name), ("timezone", timezone)) if word}
    tree = Tree(value=said)
    channels: dict[str, Plain] = {
        key: "" for key in ("slack", "email") if getattr(config, key) is not None
    }
    channels["webhooks"] = [{"id": each.id} for each in config.webhooks]
    channels["apprise"] = [{"id": each.id} for each in config.apprise]
    entry = read(tree, _door(config), TeamEntry)
    faults = list(check_team(tree, (), said, channels))
    if not to:
        faults.append(Fault(0, "to", "name a target: slack:#channel or email:team@example.org"))
    if isinstance(entry, list) or faults:
        raise _error([*(entry if isinstance(entry, list) else []), *faults])
    return built_team(entry, config.timezone)


def new_subscription(id_: str, wants: Mapping[str, Plain], config: Config) -> Subscription:
    """A subscription of these keys; ConfigError lists every fault."""
    tree = Tree(value={**wants, "id": id_})
    entry = read(tree, _door(config), SubscriptionEntry)
    faults = list(check_subscription(tree, (), tree.value))
    if isinstance(entry, list) or faults:
        raise _error([*(entry if isinstance(entry, list) else []), *faults])
    return built_subscription(entry)


def stored_team(id_: str, name: str, timezone: str, to: Sequence[Plain]) -> Team:
    """A team that was let in before, without its subscriptions."""
    said: Plain = {"id": id_, "name": name, "timezone": timezone, "to": list(to)}
    assert isinstance(said, dict)  # noqa: S101 - for the type checker
    entry = read(Tree(value={**said, "subscriptions": []}), _OPEN, TeamEntry)
    if isinstance(entry, list):
        raise _error(entry)
    return built_team(entry, timezone)


def stored_subscription(id_: str, wants: Mapping[str, Plain]) -> Subscription:
    """A subscription that was let in before."""
    entry = read(Tree(value={**wants, "id": id_}), _OPEN, SubscriptionEntry)
    if isinstance(entry, list):
        raise _error(entry)
    return built_subscription(entry)


def _door(config: Config) -> Door:
    folder = config.path.absolute().parent
    rules: Plain = {"rules": str(config.rules)} if config.rules else {}
    codes = read_codes(Tree(value=rules), folder)
    return Door(folder=folder, environ=os.environ, sectors=codes.sectors, bodies=codes.bodies)


def _error(faults: Sequence[Fault]) -> ConfigError:
    told = dict.fromkeys(f"{_key(fault.path)}{printable(fault.problem)}" for fault in faults)
    return ConfigError(list(told))


def _key(path: str) -> str:
    return "" if path == "(file)" else f"{path}: "
