"""Letters to readers that tell of no single paper: a greeting, word of an empty period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.model import Document, EnglishTitle, Message
from watcher.render import mail, slack, terminal
from watcher.render.alert import countdown, day, days_left, titles, who
from watcher.render.scraped import clean, cut, web_link

_LINE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper of a letter; every string is clean and on one line."""

    head: str
    """9 days left · until Wed 2 Dec 2026 · MIIT."""
    title: str
    title_too: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    subject: str
    lines: tuple[str, ...]
    """What it says, a paragraph each."""
    entries: tuple[Entry, ...] = ()
    small: tuple[str, ...] = ()
    """What stands below the papers."""


def letter(
    subject: str,
    lines: Sequence[str],
    entries: Sequence[Entry] = (),
    small: Sequence[str] = (),
) -> Letter:
    """A letter whose words are clean, whatever names and scraped titles they hold."""
    return Letter(
        subject=cut(clean(subject), 140),
        lines=_clean(lines),
        entries=tuple(entries),
        small=_clean(small),
    )


def _clean(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(cut(line, _LINE) for line in map(clean, lines) if line)


def open_paper(
    document: Document, english: EnglishTitle | None, now: datetime, timezone: str
) -> Entry:
    """A paper that is open for comment, by its days left."""
    deadline = document.facts.deadline
    left = days_left(deadline, now, timezone)
    parts = [countdown(left) if left is not None and left >= 0 else ""]
    parts.append(f"until {day(deadline)}" if deadline else "deadline unknown")
    parts.append(who(document.facts.bodies, document.facts.issuer))
    title, too = titles(document, english)
    return Entry(
        head=" · ".join(filter(None, parts)), title=title, title_too=too, url=web_link(document.url)
    )


def render_letter(kind: str, said: Letter) -> Message:
    """The message for a target of `kind`; a medium that has no form of its own takes plain text."""
    if kind == "slack":
        return _slack(said)
    width = mail.WIDTH if kind == "email" else terminal.WIDTH
    text = "\n".join(_lines(said, width))
    html = mail.page("letter.html", subject=said.subject, letter=said) if kind == "email" else None
    return Message(subject=said.subject, text=text, html=html)


def _lines(said: Letter, width: int) -> list[str]:
    lines = terminal.wrap(said.subject, width)
    for line in said.lines:
        lines += ["", *terminal.wrap(line, width)]
    for entry in said.entries:
        lines += ["", *terminal.wrap(f"  {entry.head}", width, "    ")]
        for title in filter(None, (entry.title, entry.title_too)):
            lines += terminal.wrap(f"    {title}", width, "    ")
        if entry.url:
            lines.append(f"    {entry.url}")
    if said.small:
        lines.append("")
    for line in said.small:
        lines += terminal.wrap(line, width, "  ")
    return lines


def _slack(said: Letter) -> Message:
    blocks = [slack.header(said.subject)]
    if said.lines:
        blocks.append(slack.section("\n".join(slack.mrkdwn(line, 900) for line in said.lines)))
    for entry in said.entries:
        lines = [f"*{slack.mrkdwn(entry.head, 300)}*", slack.link(entry.title, entry.url)]
        if entry.title_too:
            lines.append(slack.mrkdwn(cut(entry.title_too, 120), 400))
        blocks.append(slack.section("\n".join(lines)))
    if said.small:
        blocks.append(slack.context(slack.mrkdwn(line, 900) for line in said.small))
    text = "\n".join(_lines(said, terminal.WIDTH))
    return Message(
        subject=slack.mrkdwn(said.subject, 600),
        text=slack.escape(text, 20_000),
        blocks=tuple(blocks),
    )
