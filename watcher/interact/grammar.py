"""What people write after `/watcher subscribe`, in the keys of sources.yaml. Pure and forgiving.

Words that name a sector, a stage, a body or a time are that; Chinese and quoted words are keywords.
A word that is nearly a name is asked about, not taken as a keyword: the typo would hear nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from watcher.config.values import quoted
from watcher.gloss.names import HAN
from watcher.model import Stage

_QUOTED = r'"[^"]*"|“[^”]*”|„[^“”]*[“”]|「[^」]*」|《[^》]*》'
_CHUNK = re.compile(rf"(?:(?P<key>[a-z_]{{2,12}})[:=]\s*)?(?:(?P<quoted>{_QUOTED})|(?P<word>[^\s,，、;；]+))", re.I)  # fmt: skip
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?", re.I)
_SPAN = re.compile(r"\d{1,3}d", re.I)
_HOURS = re.compile(r"(\d{1,2}(?::\d{2})?)[-–](\d{1,2}(?::\d{2})?)")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS: Mapping[str, str] = {
    "sector": "sectors", "sectors": "sectors", "stage": "stages", "stages": "stages",
    "body": "bodies", "bodies": "bodies", "keyword": "keywords", "keywords": "keywords",
    "exclude": "exclude", "without": "exclude", "not": "exclude", "deadlines": "deadlines",
    "remind": "deadlines", "reminder": "deadlines", "reminders": "deadlines", "when": "", "as": "as", "name": "as", "quiet": "quiet", "days": "days",
}  # fmt: skip
_FILLING = frozenset(["and", "or", "&", "+", "about", "of", "on", "in", "at", "by", "from", "the", "papers", "paper", "all", "everything", "every", "with", "for", "to", "please", "me", "us"])  # fmt: skip
_OF_TIME = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend", "day", "days", "week", "weeks", "month", "months", "hour", "hours", "before", "ahead", "each", "hourly", "immediately", "instantly", "morning", "noon", "evening", "night"])  # fmt: skip
_STAGES: Mapping[Stage, Sequence[str]] = {
    Stage.DRAFT: ("draft", "drafts", "consultation", "consultations", "征求意见稿"),
    Stage.FINAL: ("finals",),
    Stage.INTERPRETATION: ("interpretations", "explanation", "explanations", "解读"),
    Stage.CALL: ("call", "calls"),
    Stage.LIST: ("lists",),
    Stage.SPEECH: ("speeches",),
    Stage.APPOINTMENT: ("appointments",),
    Stage.CORPORATE: ("company",),
}
_LONGEST = 7
"""Words of a name: "Industrial internet, 5G & telecom" has five."""
_MOST = 40
"""Words that are read."""
_NEARLY = 0.8
"""From this likeness on a word is taken for a name mistyped."""
_DEFAULT_HOUR = "08:00"


@dataclass(frozen=True, slots=True)
class Names:
    """What sectors, bodies and stages can be called, casefolded, and their codes."""

    sectors: Mapping[str, str]
    bodies: Mapping[str, str]
    stages: Mapping[str, str]

    @classmethod
    def of(
        cls, sectors: Mapping[str, Iterable[str]], bodies: Mapping[str, Iterable[str]]
    ) -> "Names":
        """From codes and their names."""
        return cls(
            _called(sectors),
            _called(bodies),
            _called({str(stage): _STAGES.get(stage, ()) for stage in Stage}),
        )


def _called(codes: Mapping[str, Iterable[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in codes.items():
        for name in (code, code.replace("-", " ").replace("_", " "), *names):
            found.setdefault(" ".join(_words(name)), code)
    return found


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.split(r"[\s,，、;；]+", text) if word]


@dataclass(slots=True)
class Wish:
    """What was asked for, and what was not understood."""

    wants: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    """The subscription's id, where one was given."""
    faults: list[str] = field(default_factory=list)

    def add(self, key: str, value: str) -> None:
        values = self.wants.setdefault(key, [])
        if value not in values:
            values.append(value)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    key: str
    quoted: bool


def parse(text: str, names: Names) -> Wish:
    """`text` as the keys of a subscription; what it does not say is left out."""
    wish, words = Wish(), _split(text)
    if len(words) > _MOST:
        wish.faults.append(f"that is too much: at most {_MOST} words")
        return wish
    while words:
        taken = _keyed(words, wish, names) or _time(words, wish) or _named(words, wish, names)
        if not taken:
            _loose(words[0], wish, names)
            taken = 1
        del words[:taken]
    if wish.wants.get("keywords") and not wish.wants.get("sectors"):
        wish.wants["require"] = wish.wants.pop("keywords")  # else every sector is heard besides
    return wish


def _split(text: str) -> list[_Word]:
    """Words, quoted ones whole; those after `key:` and its commas belong to that key."""
    found: list[_Word] = []
    key, end = "", -1
    for match in _CHUNK.finditer(text):
        given = _KEYS.get((match["key"] or "").casefold(), "")
        between = text[end : match.start()] if end >= 0 else " "
        carried = key if between and not between.strip(",，、") else ""
        if match["key"] and match["key"].casefold() not in _KEYS:  # 08:00 has a colon, too
            word = match[0]
        else:
            word = match["quoted"][1:-1] if match["quoted"] else match["word"]
        key, end = given or carried, match.end()
        if word.strip():
            found.append(_Word(word.strip(), key, bool(match["quoted"])))
    return found


def _keyed(words: Sequence[_Word], wish: Wish, names: Names) -> int:
    """Take what stands under a key of its own, or after `without`, `as`, `quiet` and `remind`."""
    first = words[0]
    key, value, taken = first.key, first.text, 1
    if not key and not first.quoted and first.text.casefold() in ("without", "except", "not"):
        key = "exclude"
    elif not key and not first.quoted and first.text.casefold() in ("as", "quiet"):
        key = first.text.casefold()
    elif not key and first.text.casefold() in ("remind", "reminder", "reminders", "deadlines"):
        return 1
    if not key:
        return 0
    if not first.key:
        if len(words) < 2:
            wish.faults.append(f"what comes after {quoted(first.text)}?")
            return 1
        value, taken = words[1].text, 2
    match key:
        case "as":
            wish.name = value
        case "quiet" | "days":
            wish.wants[key] = _hours(value) if key == "quiet" else value
        case "sectors" | "bodies" | "stages":
            table: Mapping[str, str] = getattr(names, key)
            wish.add(key, str(table.get(" ".join(_words(value)), value)))
        case _:
            wish.add(key, value)
    return taken


def _time(words: Sequence[_Word], wish: Wish) -> int:
    """Take a cadence: now, daily 8:00, weekly mon 8am, monthly 1; days of reminders; workdays."""
    first = words[0].text.casefold()
    if words[0].quoted:
        return 0
    if first in ("workdays", "weekdays"):
        wish.wants["days"] = "workdays"
        return 1
    if _SPAN.fullmatch(first):
        wish.add("deadlines", first)
        return 1
    if first.isdecimal() and len(words) > 1 and words[1].text.casefold() in ("day", "days"):
        wish.add("deadlines", f"{first}d")
        return 2 + (len(words) > 2 and words[2].text.casefold() in ("before", "ahead"))
    if first not in ("now", "daily", "weekly", "monthly"):
        return 0
    taken, said = 1, [first]
    if first in ("weekly", "monthly"):
        taken += len(words) > 1 and words[1].text.casefold() == "on"
    if first == "weekly":
        day = words[taken].text[:3].casefold() if taken < len(words) else ""
        said.append(day if day in _DAYS else _DAYS[0])
        taken += day in _DAYS
    if first == "monthly":
        day = words[taken].text.rstrip(".") if taken < len(words) else ""
        said.append(day if day.isdecimal() else "1")
        taken += day.isdecimal()
    if first != "now":
        at = taken < len(words) and words[taken].text.casefold() == "at"
        time = _clock(words[taken + at].text) if taken + at < len(words) else None
        said.append(time or _DEFAULT_HOUR)
        taken += at + 1 if time else 0
    wish.wants["when"] = " ".join(said)
    return taken


def _clock(text: str) -> str | None:
    """8, 8am, 8:00, 08.00 → 08:00."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, half = int(match[1]), (match[3] or "").casefold()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{match[2] or '00'}"


def _hours(text: str) -> str:
    match = _HOURS.fullmatch(text)
    start, end = (_clock(match[1]), _clock(match[2])) if match else (None, None)
    return f"{start}-{end}" if start and end else text


def _named(words: Sequence[_Word], wish: Wish, names: Names) -> int:
    """Take the longest row of words that is a name."""
    free = 0
    while free < min(len(words), _LONGEST) and not (words[free].quoted or words[free].key):
        free += 1
    for count in range(free, 0, -1):
        phrase = " ".join(word.text.casefold() for word in words[:count])
        for key, table in (
            ("stages", names.stages),
            ("sectors", names.sectors),
            ("bodies", names.bodies),
        ):
            if phrase in table:
                wish.add(key, str(table[phrase]))
                return count
    return 0


def _loose(word: _Word, wish: Wish, names: Names) -> None:
    """Take one word that is no name."""
    if word.quoted or HAN.search(word.text):
        wish.add("keywords", word.text)
    elif _is_time(word.text.casefold()):
        wish.faults.append(
            f"{quoted(word.text)} says no time that I understand; write for example "
            f'weekly mon 9:00, or remind 7d; for a keyword write "{word.text}" in quotes'
        )
    elif word.text.casefold() not in _FILLING:
        known = {**names.bodies, **names.sectors, **names.stages}
        latin = [name for name in known if not HAN.search(name)]
        near = get_close_matches(word.text.casefold(), latin, n=1, cutoff=_NEARLY)
        if near:
            wish.faults.append(
                f"no sector, stage or body {quoted(word.text)}; nearest: {known[near[0]]}; "
                f'for a keyword write "{word.text}" in quotes'
            )
        else:
            wish.add("keywords", word.text)


def _is_time(word: str) -> bool:
    """Whether a word is meant for a time: as a keyword it would hear next to nothing."""
    named = word in _DAYS or word in _OF_TIME
    return named or bool(_TIME.fullmatch(word) or _HOURS.fullmatch(word))
