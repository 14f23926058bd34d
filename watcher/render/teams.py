"""Teams and subscriptions in words, for the terminal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from rich.cells import cell_len

from watcher.render.scraped import clean
from watcher.render.terminal import pad, wrap
from watcher.settings import Cadence, Quiet, Subscription

_NOT_SAID = ("id", "since", "before")
_DAYS = ("deadlines", "in_force")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def keys_of(subscription: Subscription) -> dict[str, Any]:
    """What a subscription says, in the keys and words of sources.yaml; its defaults are left out."""
    plain = Subscription(id="")
    return {
        each.name.rstrip("_"): _word(each.name, getattr(subscription, each.name))
        for each in fields(subscription)
        if each.name not in _NOT_SAID
        and getattr(subscription, each.name) != getattr(plain, each.name)
    }


def _word(name: str, value: Any) -> Any:
    match value:
        case Cadence():
            return cadence_words(value)
        case Quiet(start=start, end=end):
            return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
        case tuple() if name in _DAYS:
            return [f"{days}d" for days in value]
        case tuple():
            return list(value)
    return value


def cadence_words(when: Cadence) -> str:
    """now, daily 08:00, weekly mon 08:00, monthly 1 08:00."""
    day = {"weekly": f"{_WEEKDAYS[when.day % 7]} ", "monthly": f"{when.day} "}.get(when.every, "")
    return (
        when.every if when.every == "now" else f"{when.every} {day}{when.hour:02}:{when.minute:02}"
    )


def in_words(subscription: Subscription) -> str:
    """`sectors data-security, ai-computing; stages final; when daily 08:00`."""
    said = keys_of(subscription)
    return "; ".join(f"{key} {_listed(value)}" for key, value in said.items()) or "everything"


def _listed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, list) else str(value)


def team_lines(rows: Iterable[Mapping[str, Any]], width: int) -> list[str]:
    """Teams as `watcher teams list --json` has them, each with its subscriptions below it."""
    lines: list[str] = []
    for row in rows:
        where = row["defined"] or ("made at run time" if row["made"] else "by default")
        head = f"{row['id']} – {row['name']}: {', '.join(row['to'])}; {row['timezone']}; {where}"
        lines += wrap(clean(head), width, "    ")
        lines += [
            f"    {line}" for mute in row["mutes"] for line in wrap(clean(mute), width - 4, "  ")
        ]
        lines += _subscription_lines(row["subscriptions"], width)
        if not row["subscriptions"]:
            lines.append("    no subscription: it hears nothing")
    return lines


def _subscription_lines(rows: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    name_width = max((cell_len(row["id"]) for row in rows), default=0) + 2
    lines = []
    for row in rows:
        since = f"; listens since {row['since_words']}" if row["since"] else ""
        muted = "".join(f"; {mute}" for mute in row["mutes"])
        text = f"  {pad(row['id'], name_width)}{clean(row['words'] + since + muted)}"
        lines += wrap(text, width, " " * (name_width + 2))
    return lines
