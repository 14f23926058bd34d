"""A compiled brief as a message: the whole of it for mail, what leads and how to get the rest for Slack."""

from collections.abc import Iterator, Mapping
from typing import Any

from watcher.compiled import CompiledBrief, Entry
from watcher.model import Message
from watcher.render import slack, terminal
from watcher.render.brief import words as say
from watcher.render.brief.marks import paragraphs
from watcher.render.brief.page import brief_html
from watcher.render.scraped import clean, cut, web_link

WIDTH = 78  # RFC 5322, 2.1.1
_HEADLINE, _QUOTE = 140, 160
_SHOWN = 10
"""Leading papers in a Slack message; editors may have picked more than it has room for."""


def brief_message(kind: str, brief: CompiledBrief) -> Message:
    """The brief for a target of `kind`; kinds without a form of their own have the plain text."""
    subject = f"{say.heading(brief)} · {say.span(brief.start, brief.end)} · {_counts(brief)}"
    text = "\n".join(_lines(brief, WIDTH))
    if kind == "slack":
        return Message(
            subject=slack.mrkdwn(subject, 600),
            text=slack.escape(text, 20_000),
            blocks=tuple(_blocks(brief)),
        )
    html = brief_html(brief, to_write="") if kind == "email" else None
    return Message(subject=subject, text=text, html=html)


def _counts(brief: CompiledBrief) -> str:
    count = len(brief.entries)
    return f"{count} paper{'' if count == 1 else 's'}"


def command(brief: CompiledBrief) -> str:
    """What compiles the same papers on the command line."""
    team = f" --team {brief.team}" if brief.team else ""
    return f"watcher brief --from {brief.start} --to {brief.end}{team}"


# ---------------------------------------------------------------- plain text


def _lines(brief: CompiledBrief, width: int) -> Iterator[str]:
    yield from terminal.wrap(say.heading(brief), width)
    yield f"Reporting period: {say.span(brief.start, brief.end)}"
    for part in say.sections(brief):
        yield from ("", part.name.upper())
        for place, entry in enumerate(part.entries, start=1):
            if part.leading:
                yield ""
                yield from _entry(entry, place, width)
            else:
                yield from _news(entry, brief, width)
    yield ""
    empty = say.EMPTY if brief.empty else ""
    edit = f"To edit it: {command(brief)} --out brief.md"
    for line in (empty, say.left_out(brief), "" if empty else say.MADE, edit):
        if line:
            yield from terminal.wrap(line, width)


def _entry(entry: Entry, place: int, width: int) -> Iterator[str]:
    yield from terminal.wrap(f"{place}. {say.headline(entry)}", width, "   ")
    glance, comment = entry.edits.get("at_a_glance"), entry.edits.get("comment")
    if glance:
        yield from _written("At a glance", glance.text, width)
    else:
        if entry.sentence:
            said = f"{say.quoted(entry.sentence)} ({say.where(entry.sentence)})"
            yield from terminal.wrap(f"   At a glance: {said}", width, "   ")
        for point in entry.points:
            english = f"{clean(point.said.text)}: " if point.said else ""
            said = f"{english}{say.quoted(point.quote)} ({say.where(point.quote)})"
            yield from terminal.wrap(f"   - {said}", width, "     ")
    if comment:
        yield from _written("Comment", comment.text, width)
    yield from terminal.wrap(f"   Article: {say.article(entry)}", width, "   ")
    if address := web_link(entry.url):
        yield f"   {address}"
    yield from terminal.wrap(f"   {say.bodies_label(entry)}: {say.bodies(entry)}", width, "   ")
    yield f"   Date: {say.dated(entry)}"
    if entry.told:
        yield f"   {say.TOLD}: {say.source(entry)}"
    for role, title, url in say.related(entry):
        yield from terminal.wrap(f"   Also in this period: {role}: {title}", width, "   ")
        if url:
            yield f"   {url}"


def _written(label: str, edited: str, width: int) -> Iterator[str]:
    yield f"   {label}:"
    for paragraph in paragraphs(edited):
        mark = "   - " if paragraph.bullet else "   "
        yield from terminal.wrap(mark + paragraph.text, width, " " * len(mark))


def _news(entry: Entry, brief: CompiledBrief, width: int) -> Iterator[str]:
    if line := entry.edits.get("line"):
        said = " ".join(paragraph.text for paragraph in paragraphs(line.text))
    else:
        said = f"{say.news_text(entry)} ({say.source(entry)})"
    yield from terminal.wrap(f"- {say.news_day(entry, brief)}: {said}", width, "  ")
    if address := web_link(entry.url):
        yield f"  {address}"


# ---------------------------------------------------------------- Slack


def _blocks(brief: CompiledBrief) -> Iterator[Mapping[str, Any]]:
    yield slack.header(f"{say.heading(brief)} · {say.span(brief.start, brief.end)}")
    for place, entry in enumerate(brief.top[:_SHOWN], start=1):
        title = slack.link(cut(say.headline(entry), _HEADLINE), web_link(entry.url))
        lines = [f"*{place}.* {title}"]
        said = " · ".join(filter(None, (_who(entry), say.kind(entry), say.dated(entry))))
        lines.append(slack.mrkdwn(said, 300))
        if entry.sentence and "at_a_glance" not in entry.edits:
            lines.append(slack.mrkdwn(f"› {cut(say.quoted(entry.sentence), _QUOTE)}", 600))
        yield slack.section("\n".join(lines))
    if brief.empty:
        yield slack.section(slack.mrkdwn(say.EMPTY))
    counts = [
        f"{part.name}: {len(part.entries)}" for part in say.sections(brief) if not part.leading
    ]
    small = [
        " · ".join(counts),
        f"The whole brief: {command(brief)} --format docx --out brief.docx",
    ]
    yield slack.context(slack.mrkdwn(line, 900) for line in small if line)


def _who(entry: Entry) -> str:
    names = [body.code or clean(body.chinese) for body in entry.bodies[:3]]
    more = len(entry.bodies) - len(names) + entry.others
    return ", ".join(filter(None, names)) + (f" and {more} more" if more else "")
