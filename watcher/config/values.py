"""Single values of sources.yaml: text to durations, times, zones, addresses; ValueError says what to write."""

import ipaddress
import re
import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from urllib.parse import parse_qs, urlsplit

from watcher.settings import Cadence, Quiet

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
_LISTED = 30  # choices up to this many are named in the message
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})


def quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def nearest(word: str, labels: Mapping[str, str]) -> str | None:
    """The choice whose label is most like `word`; `labels` leads from every label to its choice."""
    folded = {label.casefold(): choice for label, choice in labels.items()}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def known(what: str, word: str, choices: Iterable[str], aliases: Mapping[str, str]) -> str:
    """`word` if it is among `choices`; else a ValueError that names the nearest."""
    choices = list(choices)
    if word in choices:
        return word
    close = nearest(word, {**aliases, **{choice: choice for choice in choices}})
    if close:
        hint = f"; nearest: {close}"
    else:
        hint = f"; one of {', '.join(choices)}" if 0 < len(choices) <= _LISTED else ""
    raise ValueError(f"no {what} {quoted(word)}{hint}")


def line(text: str) -> str:
    """Words on one line."""
    if not text.strip():
        raise ValueError("is empty")
    if not text.isprintable():
        raise ValueError("holds a line break or a control character")
    return text.strip()


def identifier(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        raise ValueError(f"{quoted(text)} is no id; use letters, digits, - . and _")
    return text


def truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{quoted(text)} is neither true nor false")
    return text == "true"


def port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise ValueError(f"{quoted(text)} is no port; write a number from 1 to 65535")
    return int(text)


def whole(text: str) -> int:
    """A whole number, with _ between its thousands if one likes."""
    digits = text.replace("_", "")
    if not re.fullmatch(r"[0-9]{1,12}", digits):
        raise ValueError(f"{quoted(text)} is no whole number; write one such as 200000")
    return int(digits)


def share(text: str) -> float:
    if not re.fullmatch(r"[01]|[01]?\.[0-9]{1,6}", text) or float(text) > 1:
        raise ValueError(f"{quoted(text)} is no share; write a number from 0 to 1")
    return float(text)


def duration(text: str) -> timedelta:
    """30s, 20m, 2h, 7d."""
    match = re.fullmatch(r"([0-9]{1,5})([smhd])", text)
    if not match:
        raise ValueError(f"{quoted(text)} is no duration; write 30s, 20m, 2h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def interval(text: str) -> timedelta:
    every = duration(text)
    if every < timedelta(seconds=1):
        raise ValueError(f"{quoted(text)} is too short; the least is 1s")
    return every


def days_before(text: str) -> int:
    before = duration(text)
    if before % timedelta(days=1):
        raise ValueError(f"{quoted(text)} is not whole days; write 7d")
    return before.days


def day(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"{quoted(text)} is no date; write 2026-11-22")


def cadence(text: str) -> Cadence:
    """now, daily 08:00, weekly mon 08:00, monthly 1 08:00."""
    words = text.lower().split()
    match words:
        case ["now"]:
            return Cadence()
        case ["daily", time] if at := re.fullmatch(_TIME, time):
            return Cadence(every="daily", hour=int(at[1]), minute=int(at[2]))
        case ["weekly", weekday, time] if weekday[:3] in _WEEKDAYS and (
            at := re.fullmatch(_TIME, time)
        ):
            number = _WEEKDAYS.index(weekday[:3])
            return Cadence(every="weekly", hour=int(at[1]), minute=int(at[2]), day=number)
        case ["monthly", number, time] if re.fullmatch(r"[1-9]|1[0-9]|2[0-8]", number) and (
            at := re.fullmatch(_TIME, time)
        ):
            return Cadence(every="monthly", hour=int(at[1]), minute=int(at[2]), day=int(number))
        case ["monthly", "29" | "30" | "31", _]:
            raise ValueError(f"{quoted(text)} is missing in some months; use a day from 1 to 28")
    raise ValueError(
        f"{quoted(text)} is no time to send; "
        "write now, daily 08:00, weekly mon 08:00 or monthly 1 08:00"
    )


def quiet(text: str) -> Quiet:
    """22:00-07:00; may pass midnight."""
    match = re.fullmatch(rf"{_TIME}\s*-\s*{_TIME}", text)
    if not match:
        raise ValueError(f"{quoted(text)} are no quiet hours; write 22:00-07:00")
    start, end = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
    if start == end:
        raise ValueError(f"{quoted(text)} begin and end at one time, so nothing would be sent")
    return Quiet(start=start, end=end)


def zone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        close = nearest(text, {name: name for name in zoneinfo.available_timezones()})
        hint = f"nearest: {close}" if close else "write one such as Europe/Berlin"
        raise ValueError(f"no time zone {quoted(text)}; {hint}") from None
    return text


def network(text: str) -> str:
    """An address or a CIDR."""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        pass
    try:
        right = str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise ValueError(f"{quoted(text)} is no network; write 10.0.0.0/8") from None
    raise ValueError(f"{quoted(text)} has bits beyond its mask; did you mean {right}?")


def url(text: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """An absolute address without credentials. What may hold a password is not quoted."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no address; its host or port cannot be read") from None
    if "@" in parts.netloc or ("@" in text and not host):
        raise ValueError("holds a user or password; an address must not carry one")
    if parts.scheme not in schemes or not host:
        raise ValueError(f"{quoted(text)} is no address; write {schemes[-1]}://host/path")
    if not text.isprintable() or " " in text:
        raise ValueError(f"{quoted(text)} holds a blank or a control character")
    return text


def database(text: str) -> str:
    """A SQLAlchemy address of SQLite or PostgreSQL; never quoted, for it may hold a password."""
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        scheme = ""
    if scheme.split("+")[0] not in ("sqlite", "postgresql") or "://" not in text:
        raise ValueError("is no database address; write postgresql://host/name or sqlite:///PATH")
    return text


def holds_password(address: str) -> bool:
    parts = urlsplit(address)
    return parts.password is not None or "password" in parse_qs(parts.query)


def contact(text: str) -> str:
    if re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", text) and text.isprintable():
        return text
    if text.startswith("https://"):
        return url(text)
    raise ValueError(f"{quoted(text)} is no contact; write mailto:you@example.org or https://…")


def mail_address(text: str) -> str:
    name, _, domain = text.rpartition("@")
    if name.isascii() and not domain.isascii() and (plain := _ascii_host(domain)):
        raise ValueError(f"{quoted(text)} is not plain ASCII; write {name}@{plain}")
    if not text.isascii():
        raise ValueError(f"{quoted(text)} is not plain ASCII, and not every mail server takes it")
    if not re.fullmatch(r"[!-~]+@[!-~]+", text) or re.search(r'[<>,;:"()\\]|@.*@', text):
        raise ValueError(f"{quoted(text)} is no mail address; write team@example.org")
    return text


def _ascii_host(name: str) -> str | None:
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def mail_sender(text: str) -> str:
    """An address, or @domain for every address there."""
    return "@" + host(text[1:]) if text.startswith("@") else mail_address(text)


def sender(text: str) -> str:
    """team@example.org, or China policy <team@example.org>."""
    match = re.fullmatch(r"([^<>,;:\"()\\@]*)<(.*)>", line(text))
    if match:
        return f"{match[1].strip()} <{mail_address(match[2])}>".strip()
    return mail_address(text)


def slack_channel(text: str) -> str:
    if not re.fullmatch(r"#[^\s,#@]{1,80}|[CDGUW][A-Z0-9]{6,20}", text) or not text.isprintable():
        raise ValueError(f'{quoted(text)} is no channel; write "#channel" in quotes, or its id')
    return text


def host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._:\[\]-]{1,253}", text):
        raise ValueError(f"{quoted(text)} is no host")
    return text


def header(name: str, value: object) -> tuple[str, str]:
    """One HTTP header (RFC 9110, 5.1 and 5.5). Its value is not quoted."""
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise ValueError(f"{quoted(name)} is no header name")
    if name.lower() in _CREDENTIALS:
        raise ValueError(f"{name} is a credential; sources are read without one")
    if not isinstance(value, str) or not re.fullmatch(r"[ -~]*", value):
        raise ValueError(f"the value of {name} must be plain ASCII on one line")
    return name, value


def user_agent(text: str) -> str:
    if not re.fullmatch(r"[!-~]([ -~]*[!-~])?", text):
        raise ValueError("must be plain ASCII on one line")
    return text
