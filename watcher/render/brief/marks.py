"""What editors write, read as little Markdown: paragraphs, bullets, bold, italics and web links; the rest is text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.render.scraped import clean, web_link

LONGEST = 20_000
"""Characters of one edit."""
_BULLET = re.compile(r"\s{0,3}[-*•]\s+")
_INLINE = re.compile(
    r"\\(?P<plain>[!-/:-@\[-`{-~])"
    r"|\[(?P<label>(?:[^\]\\]|\\.){1,300})\]\((?P<url>[^\s()<>]{1,1000})\)"
    r"|\*\*(?P<bold>[^*\s](?:[^*]{0,500}[^*\s])?)\*\*"
    r"|(?<![\w*])\*(?P<italic>[^*\s](?:[^*]{0,500}[^*\s])?)\*(?![\w*])"
    r"|(?<!\w)_(?P<under>[^_\s](?:[^_]{0,500}[^_\s])?)_(?!\w)"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    text: str
    style: str = ""
    """bold, italic or ""."""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    bullet: bool
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def paragraphs(markdown: str) -> list[Paragraph]:
    """Paragraphs and bullets; lines that follow one another without a blank line are one paragraph."""
    found: list[tuple[bool, list[str]]] = []
    open_ = False
    for line in markdown[:LONGEST].splitlines():
        bullet = _BULLET.match(line)
        if not line.strip():
            open_ = False
        elif bullet or not open_:
            found.append((bullet is not None, [line[bullet.end() :] if bullet else line]))
            open_ = True
        else:
            found[-1][1].append(line)
    return [
        Paragraph(bullet=bullet, runs=tuple(_runs(" ".join(line.strip() for line in lines))))
        for bullet, lines in found
    ]


def _runs(text: str) -> Iterator[Run]:
    """Stretches of one style, in order."""
    plain: list[str] = []
    place = 0
    for match in _INLINE.finditer(text):
        plain.append(text[place : match.start()])
        place = match.end()
        if match["plain"]:
            plain.append(match["plain"])
            continue
        if said := "".join(plain):
            yield Run(text=_clean(said))
        plain = []
        if match["url"]:
            label, url = _clean(_ESCAPED.sub(r"\1", match["label"])), web_link(match["url"])
            yield Run(text=label, url=url) if url else Run(text=f"{label} ({_clean(match['url'])})")
        else:
            style = "bold" if match["bold"] else "italic"
            inner = match["bold"] or match["italic"] or match["under"]
            yield Run(text=_clean(_ESCAPED.sub(r"\1", inner)), style=style)
    plain.append(text[place:])
    if said := "".join(plain):
        yield Run(text=_clean(said))


def _clean(text: str) -> str:
    """`clean`, with the blanks at its ends, which join one run to the next."""
    bare = clean(text)
    if not bare:
        return " " if text else ""
    return f"{' ' * text[:1].isspace()}{bare}{' ' * text[-1:].isspace()}"
