"""Conclusions from a paper's title and text: stage, form, number, bodies, days, targets, papers cited.

Pure: no clock, no network; unknown is None or empty, never a guess. What was read in title or text
comes with its place.
"""

import re
from datetime import date

from watcher.facts.bodies import body_of_host
from watcher.facts.contents import with_contents
from watcher.facts.english import form_said, round_said, stage_said, subject_bodies
from watcher.facts.issuers import issuers_of, named_issuer
from watcher.facts.number import number_in_text
from watcher.facts.said import NUMBER, TITLE, Fields, Said, in_text, in_title
from watcher.facts.settle import last_day, own_number, settled_form, settled_stage
from watcher.facts.spanned import Spanned
from watcher.facts.stage import doc_type_of, round_of, stage_of
from watcher.facts.title import Title, read_title
from watcher.model import Facts, FactSpan, Stage

__all__ = ["facts_of"]

_HAN = re.compile(r"[\u4e00-\u9fff]")
_TITLE_LINES, _TITLE_LENGTH = 3, 200


def facts_of(
    title: str,
    text: str = "",
    *,
    notice: str = "",
    published: date | None = None,
    signed: date | None = None,
    issuer: str | None = None,
    doc_number: str | None = None,
    source_body: str | None = None,
    url: str | None = None,
) -> Facts:
    """Conclude what a title and its text say of a paper; works on a title alone.

    `notice` is the cover letter of a paper that is its attachment: stage, number, signature and
    deadline are read from it then, and `text` is the paper alone; without one `text` is both.

    Chinese titles are read by their forms; English headlines (briefs, newsletters) by their
    leading clause, or by the Chinese title when the text begins with one. `issuer` and
    `doc_number` are what the page's metadata say; `url` is its address, whose column tells papers
    from news and whose host the body that shows it; `source_body` is the code of the body whose
    list it came from. Host and list are the weakest witnesses, for when nothing else tells.
    """
    letter, field = (notice, "notice") if notice else (text, "text")
    if not _HAN.search(title):
        facts = _english(title, letter, field, published, source_body)
    else:
        parts = read_title(title)
        facts = _chinese(
            parts,
            letter,
            Fields(title, parts, field),
            published=published,
            issuer=issuer,
            doc_number=doc_number,
            source_body=body_of_host(url) or source_body,
            url=url,
        )
    return with_contents(facts, title, text, notice, published=published, signed=signed)


def _chinese(
    title: Title,
    letter: str,
    fields: Fields,
    *,
    published: date | None,
    issuer: str | None,
    doc_number: str | None,
    source_body: str | None,
    url: str | None,
) -> Facts:
    number = own_number(title, letter, doc_number)
    stage = settled_stage(title, letter, number, url, published)
    if number is None and stage.value in (Stage.FINAL, Stage.LIST):
        number = in_text(number_in_text(letter))
    draft = stage.value is Stage.DRAFT
    round_ = in_title(round_of(title)) if draft else None
    form = settled_form(title, stage, number)
    shown = None if draft and not doc_number else number
    bodies = issuers_of(
        title,
        letter,
        issuer=issuer,
        source_body=source_body,
        doc_number=number.value if number else None,
        published=published,
    )
    another = None if bodies else named_issuer(title, issuer)
    deadline = last_day(title.whole, letter, published) if draft else None
    return Facts(
        stage=stage.value,
        round=round_.value if round_ else None,
        doc_type=form.value if form else None,
        doc_number=shown.value if shown else None,
        bodies=tuple(body.value for body in bodies),
        issuer=another.value if another else None,
        deadline=deadline.value[0] if deadline else None,
        deadline_quote=deadline.value[1] if deadline else None,
        spans=(
            *fields.span("stage", stage),
            *fields.span("round", round_),
            *fields.span("doc_type", form),
            *fields.span("doc_number", shown),
            *_body_spans(fields, bodies, number),
            *fields.span("issuer", another),
            *fields.span("deadline", deadline),
        ),
    )


def _body_spans(
    fields: Fields, bodies: tuple[Said[str], ...], number: Said[str] | None = None
) -> tuple[FactSpan, ...]:
    """A body that follows from the paper's number stands where the number does."""
    return tuple(
        span
        for place, body in enumerate(bodies)
        for span in fields.span(f"bodies.{place}", number if body.field == NUMBER else body)
    )


def _english(
    title: str, letter: str, field: str, published: date | None, source_body: str | None
) -> Facts:
    fields = Fields(title, None, field)
    named = subject_bodies(title, published)
    bodies = tuple(Said(one.value, TITLE, one.start, one.end) for one in named)
    read = stage_said(title, issued=bool(bodies))
    stage = Said(read.value, TITLE, read.start, read.end)
    form = in_title(form_said(title, read, tuple(one.value for one in named)))
    round_ = in_title(round_said(title))
    above = fields
    if chinese := _chinese_line(letter):
        parts = read_title(chinese.value)
        fields = Fields(chinese.value, parts, field, (field, chinese.start))
        told = stage_of(parts)
        stage = Said(told.stage, TITLE, *(told.at or (0, 0)))
        form = in_title(doc_type_of(parts, told.stage, told.at))
        round_ = in_title(round_of(parts))
        if issuers := issuers_of(parts, published=published):
            bodies, above = issuers, fields
    if not bodies and source_body:
        bodies = (Said(source_body),)
    draft = stage.value is Stage.DRAFT
    round_ = round_ if draft else None
    deadline = last_day(title, letter, published) if draft else None
    return Facts(
        stage=stage.value,
        round=round_.value if round_ else None,
        doc_type=form.value if form else None,
        bodies=tuple(body.value for body in bodies),
        deadline=deadline.value[0] if deadline else None,
        deadline_quote=deadline.value[1] if deadline else None,
        spans=(
            *fields.span("stage", stage),
            *fields.span("round", round_),
            *fields.span("doc_type", form),
            *_body_spans(above, bodies),
            *Fields(title, None, field).span("deadline", deadline),
        ),
    )


def _chinese_line(text: str) -> Spanned[str] | None:
    """The first Chinese line of a text's head, which is the title of the paper a headline is about."""
    begins = 0
    for line in text.split("\n", _TITLE_LINES)[:_TITLE_LINES]:
        if len(name := line.strip()) <= _TITLE_LENGTH and _HAN.search(name):
            start = begins + len(line) - len(line.lstrip())
            return Spanned(name, start, start + len(name))
        begins += len(line) + 1
    return None
