"""What one person in Slack is answered, and the forms that are opened for them. Pure.

Every line is escaped here; a line is plain text unless it is made by `linked`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watcher.render.alert import sector_name
from watcher.render.scraped import clean, cut, web_link
from watcher.render.slack import PAYLOAD, TEXT, Block, context, escape, link, mrkdwn, section
from watcher.render.slack_actions import Pressed, value
from watcher.settings import Subscription

UNDO = "undo"
"""action_id of the button that takes back what was just done."""
WRONG_SECTOR_FORM, SECTOR = "wrong_sector", "sector"
"""callback_id of the form, and action_id of its one field."""
NO_SECTOR = "none"
_LINE, _SMALL, _OPTIONS, _LABEL, _AROUND = 900, 1600, 100, 75, 10


_SEVERAL = {"draft_for_comments": "drafts for comment", "final": "finals"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ready mrkdwn, or several that belong together."""

    mrkdwn: str
    apart: bool = False
    """With a blank line before it."""


def linked(head: str, urgent: str, title: str, title_too: str, url: str | None) -> Line:
    """A paper: a line of what, who and when, `urgent` first; its title, linked where it has a
    usable address; its title in the other language."""
    first = " · ".join(filter(None, [urgent and f"*{_plain(urgent)}*", _plain(head)]))
    rest = [mrkdwn(cut(clean(title_too), 120), 400)] if title_too else []
    return Line("\n".join([first, link(clean(title), web_link(url)), *rest]), apart=True)


def bold(text: str) -> Line:
    return Line(f"*{_plain(text)}*")


def code(text: str) -> Line:
    """Something to type; mrkdwn has no escape within code, so its marks are taken out."""
    return Line(f"`{_plain(text)}`")


def _plain(text: str, limit: int = _LINE) -> str:
    return mrkdwn(cut(clean(text), limit // 2), limit) or "–"


def blocks_of(
    lines: Iterable[str | Line], small: Iterable[str] = (), room: int = PAYLOAD
) -> list[Block]:
    """Lines as sections, as many as there is `room` for in characters, and small print below."""
    printed = [_plain(line, _SMALL) for line in small if line]
    blocks: list[Block] = []
    text, left_out = "", 0
    room -= sum(map(_size, printed))
    for line in lines:
        ready = line.mrkdwn if isinstance(line, Line) else _plain(line)
        room -= _size(ready)
        if room < 0:
            left_out += 1
        elif text and len(text) + 2 + len(ready) > TEXT:
            blocks.append(section(text))
            text = ready
        else:
            apart = isinstance(line, Line) and line.apart
            text = f"{text}\n{apart * chr(10)}{ready}" if text else ready
    if text:
        blocks.append(section(text))
    if left_out:
        printed.insert(0, f"{left_out} more that there is no room for")
    return [*blocks, *([context(printed)] if printed else [])]


def _size(text: str) -> int:
    """Characters that a line costs, with its share of what stands around it."""
    return len(json.dumps(text, ensure_ascii=False)) + _AROUND


def answer(
    lines: Sequence[str | Line],
    small: Iterable[str] = (),
    *,
    undo: Pressed | None = None,
    replace: bool = False,
) -> dict[str, Any]:
    """The body of an answer that only one person sees; with `replace` in place of the one before."""
    blocks = blocks_of(lines, small)
    if undo is not None:
        text = {"type": "plain_text", "text": "Undo", "emoji": False}
        button = {"type": "button", "text": text, "action_id": UNDO, "value": value(undo)}
        blocks.append({"type": "actions", "elements": [button]})
    first = lines[0] if lines else ""
    body: dict[str, Any] = {
        "response_type": "ephemeral",
        "text": first.mrkdwn if isinstance(first, Line) else _plain(first),
        "blocks": blocks,
    }
    return body | {"replace_original": replace}


# ---------------------------------------------------------------- forms


def sector_form(key: str, title: str, now: str, sectors: Mapping[str, str]) -> dict[str, Any]:
    """The form in which somebody says what a paper's sector really is.

    `key`: of the delivery it is about; `now`: the sector it is in; `sectors`: code to name.
    """
    options = [_option(code, sectors[code]) for code in sectors][: _OPTIONS - 1]
    options.append(_option(NO_SECTOR, "No sector"))
    standing = next((each for each in options if each["value"] == now), None)
    select = {
        "type": "static_select",
        "action_id": SECTOR,
        "placeholder": _text("Choose a sector"),
        "options": options,
        **({"initial_option": standing} if standing else {}),
    }
    return {
        "type": "modal",
        "callback_id": WRONG_SECTOR_FORM,
        "private_metadata": json.dumps({"k": key}),
        "title": _text("The sector is wrong"),
        "submit": _text("Correct it"),
        "close": _text("Cancel"),
        "blocks": [
            section(f"*{_plain(title, 600)}*"),
            {
                "type": "input",
                "block_id": SECTOR,
                "label": _text("It belongs to"),
                "element": select,
            },
            context(["Everybody's copy is corrected; nobody is alerted."]),
        ],
    }


def closing(lines: Sequence[str | Line]) -> dict[str, Any]:
    """What stands in a form once it was sent."""
    return {
        "type": "modal",
        "title": _text("The sector is wrong"),
        "close": _text("Close"),
        "blocks": blocks_of(lines),
    }


def _option(code: str, name: str) -> dict[str, Any]:
    return {
        "text": _text(escape(cut(clean(name), _LABEL) or clean(code) or "–", _LABEL)),
        "value": code,
    }


def _text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


# ---------------------------------------------------------------- words


def hearing(wants: Subscription) -> str:
    """What a subscription hears, in a sentence without its end."""
    parts = ["papers"]
    if wants.sectors:
        parts.append(f"of {_or(wants.sectors, sector_name)}")
    elif not wants.require:
        parts.append("of every sector")
    if wants.require:
        parts.append(f"with {_or(wants.require)}")
    if wants.keywords:
        parts.append(f"and any paper with {_or(wants.keywords)}")
    if wants.stages:
        parts.append("(only " + _or(wants.stages, _stage) + ")")
    if wants.bodies:
        parts.append("by " + _or(wants.bodies))
    if wants.exclude:
        parts.append("without " + _or(wants.exclude))
    return " ".join(parts)


def _stage(code: str) -> str:
    return _SEVERAL.get(code, code.replace("_", " "))


def _or(values: Sequence[str], name: Callable[[str], str] = str) -> str:
    named = [name(value) for value in values]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
