"""What title, text, metadata and address say together of a Chinese paper: number, stage, form, deadline."""

import re
from datetime import date

from watcher.facts.deadline import comment_deadline
from watcher.facts.number import normal_number, number_in_text, number_in_title
from watcher.facts.said import TEXT, TITLE, Said, in_text, in_title
from watcher.facts.stage import (
    calls_in_text,
    column_of,
    doc_type_of,
    is_notice,
    stage_in_text,
    stage_of,
)
from watcher.facts.title import Title
from watcher.model import DocType, Stage


def own_number(title: Title, letter: str, doc_number: str | None) -> Said[str] | None:
    """The paper's number by its metadata, which title or text may say again, else by its title."""
    found = number_in_title(title.outer)
    value = normal_number(doc_number) or (found.value if found else None)
    if value is None:
        return None
    if found and found.value == value:
        return Said(value, TITLE, *title.in_whole(found.start, found.end))
    again = in_text(number_in_text(letter))
    return again if again and again.value == value else Said(value)


def settled_stage(
    title: Title, letter: str, number: Said[str] | None, url: str | None, published: date | None
) -> Said[Stage]:
    """The title decides where it is certain; else the letter, the number and the address's column."""
    reading = stage_of(title, url)
    read = Said(reading.stage, TITLE, *(reading.at or (0, 0)))
    if reading.certain and reading.stage is Stage.FINAL:
        calls = calls_in_text(letter, published) if is_notice(title) else None
        return in_text(calls) or read
    if reading.certain or reading.stage not in (Stage.FINAL, Stage.NEWS):
        return read
    told = in_text(stage_in_text(letter))
    column = column_of(url)
    if told and told.value is Stage.DRAFT:
        return told
    if told is None and column is Stage.DRAFT:
        return Said(Stage.DRAFT)
    if reading.stage is Stage.FINAL:
        return read if reading.at or not told else told
    if told and column not in (Stage.NEWS, Stage.INTERPRETATION):
        return told  # an article may quote the notice it is about
    return Said(Stage.FINAL, number.field, number.start, number.end) if number else read


_BY_NUMBER = (
    (DocType.ANNOUNCEMENT, re.compile(r"公告|通告")),
    (DocType.LAW, re.compile(r"主席令")),
    (DocType.REGULATIONS, re.compile(r"^(?:国令|(?:中华人民共和国)?国务院令)")),
    (DocType.MEASURES, re.compile(r"令")),
)


def settled_form(
    title: Title, stage: Said[Stage], number: Said[str] | None
) -> Said[DocType] | None:
    """The form by the title's nouns, else by the kind that the number names: 灯具局令第5号."""
    at = (stage.start, stage.end) if stage.field == TITLE else None
    form = in_title(doc_type_of(title, stage.value, at))
    if form is None and number:
        kind = next((kind for kind, mark in _BY_NUMBER if mark.search(number.value)), None)
        return Said(kind, number.field, number.start, number.end) if kind else None
    return form


def last_day(title: str, letter: str, published: date | None) -> Said[tuple[date, str]] | None:
    """The last day for comments and the sentence that says so."""
    found = comment_deadline(f"{title}\n{letter}", published)
    if found is None:
        return None
    said = found.on, found.quote
    if found.end <= len(title):
        return Said(said, TITLE, found.start, found.end)
    begins = len(title) + 1
    return Said(said, TEXT, max(found.start - begins, 0), found.end - begins)
