"""Addresses that a page's own scripts make: which function opens what, and what a link's call gives it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bs4 import Tag

from watcher.extract.markup import attr

_MOST = 200  # functions that are looked at
_LONGEST = 200_000  # characters of a page's scripts that are looked at
_BODY = 1500  # characters of a function that are looked at
_FUNCTION = re.compile(
    r"(?<![\w$])(?:function\s+(?P<n1>[\w$]{1,60})\s*|(?P<n2>[\w$]{1,60})\s*[=:]\s*function\s*)"
    r"\((?P<params>[\w$,\s]{0,200})\)\s*\{"
)
_PART = r"'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"|[\w$]{1,60}"
_OPENS = re.compile(
    r"(?:location(?:\.href)?\s*=(?!=)|location\.(?:assign|replace)\s*\(|\.open\s*\()\s*"
    rf"(?P<made>(?:{_PART})(?:\s*\+\s*(?:{_PART})){{0,12}})\s*[;,)}}\n]"
)
_PARTS = re.compile(_PART)
_CALL = re.compile(r"(?:^|[;\s:]|return\s)(?P<name>[\w$]{1,60})\s*\((?P<given>[^()]{0,500})\)")
_GIVEN = re.compile(r"\s*(?:'(?P<a>[^']*)'|\"(?P<b>[^\"]*)\"|(?P<c>[^,'\"]*))\s*(?:,|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener:
    """A function of the page that leads to an address: its parameters, and what it joins together."""

    params: tuple[str, ...]
    parts: tuple[str, ...]
    """Quoted text, or the name of a parameter."""

    def address(self, given: tuple[str, ...]) -> str | None:
        """The address it makes of what it is given, None when it needs more than that."""
        known = dict(zip(self.params, given, strict=False))
        made: list[str] = []
        for part in self.parts:
            if part[0] in "'\"":
                made.append(part[1:-1])
            elif part in known:
                made.append(known[part])
            else:
                return None
        return "".join(made)


def openers(soup: Tag) -> dict[str, Opener]:
    """The functions of a page's inline scripts that open an address made of their parameters."""
    found: dict[str, Opener] = {}
    for text in _scripts(soup):
        for match in _FUNCTION.finditer(text):
            if len(found) >= _MOST:
                return found
            body = text[match.end() : match.end() + _BODY].partition("function")[0]
            opens = _OPENS.search(body)
            params = tuple(name.strip() for name in match["params"].split(",") if name.strip())
            parts = tuple(_PARTS.findall(opens["made"])) if opens else ()
            if set(parts) & set(params):
                found[match["n1"] or match["n2"]] = Opener(params=params, parts=parts)
    return found


def _scripts(soup: Tag) -> Iterator[str]:
    left = _LONGEST
    for script in soup.find_all("script"):
        text = script.string
        if text and left > 0 and "function" in text and ("location" in text or "open" in text):
            yield text[:left]
            left -= len(text)


def call_of(link: Tag) -> tuple[str, tuple[str, ...]] | None:
    """The function that a link calls and what it gives it: `jump('7')` is ("jump", ("7",))."""
    href = attr(link, "href").strip()
    script = href[11:] if href[:11].lower() == "javascript:" else ""
    for text in (attr(link, "onclick"), script):
        if call := _CALL.search(text[:2000]):
            given = _GIVEN.finditer(call["given"].strip().rstrip(","))
            values = [next((g for g in one.groups() if g is not None), "").strip() for one in given]
            return call["name"], tuple(values[:-1])  # behind the last comma there is nothing
    return None


def called_address(link: Tag, known: Mapping[str, Opener]) -> str | None:
    """The address that a link's script call leads to, as the page's own function makes it."""
    if not known or (call := call_of(link)) is None:
        return None
    name, given = call
    return known[name].address(given) if name in known else None
