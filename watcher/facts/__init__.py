"""Conclusions from a paper's title and text: stage, form, number, issuing bodies, comment deadline.

Pure: no clock, no network; unknown is None or empty, never a guess.
"""

import re
from datetime import date

from watcher.facts.bodies import body_of_host
from watcher.facts.deadline import Deadline, comment_deadline
from watcher.facts.english import english_doc_type, english_issuers, english_stage
from watcher.facts.issuers import issuing_bodies, named_issuer
from watcher.facts.number import find_number, normal_number, number_in_text
from watcher.facts.stage import (
    calls_in_text,
    column_of,
    doc_type_of,
    is_notice,
    round_of,
    stage_in_text,
    stage_of,
)
from watcher.facts.title import Title, read_title
from watcher.model import DocType, Facts, Stage

__all__ = ["facts_of"]

_HAN = re.compile(r"[\u4e00-\u9fff]")
_TITLE_LINES, _TITLE_LENGTH = 3, 200


def facts_of(
    title: str,
    text: str = "",
    *,
    published: date | None = None,
    issuer: str | None = None,
    doc_number: str | None = None,
    source_body: str | None = None,
    url: str | None = None,
) -> Facts:
    """Conclude what a title and its text say of a paper; works on a title alone.

    Chinese titles are read by their forms; English headlines (briefs, newsletters) by their
    leading clause, or by the Chinese title when the text begins with one. `issuer` and
    `doc_number` are what the page's metadata say; `url` is its address, whose column tells papers
    from news and whose host the body that shows it; `source_body` is the code of the body whose
    list it came from. Host and list are the weakest witnesses, for when nothing else tells.
    """
    if not _HAN.search(title):
        return _english(title, text, published, source_body)
    return _chinese(
        read_title(title),
        text,
        published=published,
        issuer=issuer,
        doc_number=doc_number,
        source_body=body_of_host(url) or source_body,
        url=url,
    )


def _chinese(
    title: Title,
    text: str,
    *,
    published: date | None,
    issuer: str | None,
    doc_number: str | None,
    source_body: str | None,
    url: str | None,
) -> Facts:
    number = normal_number(doc_number) or find_number(title.outer)
    stage = _stage(title, text, number, url, published)
    if number is None and stage in (Stage.FINAL, Stage.LIST):
        number = number_in_text(text)
    draft = stage is Stage.DRAFT
    deadline = comment_deadline(f"{title.whole}\n{text}", published) if draft else None
    bodies = issuing_bodies(title.whole, text, issuer, source_body, number)
    return Facts(
        stage=stage,
        round=round_of(title) if draft else None,
        doc_type=_form(title, stage, number),
        doc_number=None if draft and not doc_number else number,
        bodies=bodies,
        issuer=None if bodies else named_issuer(title.whole, issuer),
        deadline=deadline.on if deadline else None,
        deadline_quote=deadline.quote if deadline else None,
    )


def _stage(
    title: Title, text: str, number: str | None, url: str | None, published: date | None
) -> Stage:
    reading = stage_of(title, url)
    if reading.certain and reading.stage is Stage.FINAL:
        draft = is_notice(title) and calls_in_text(text, published)
        return Stage.DRAFT if draft else Stage.FINAL
    if reading.certain or reading.stage not in (Stage.FINAL, Stage.NEWS):
        return reading.stage
    told = stage_in_text(text)
    column = column_of(url)
    if told is Stage.DRAFT or (told is None and column is Stage.DRAFT):
        return Stage.DRAFT
    article = column in (Stage.NEWS, Stage.INTERPRETATION)  # it may quote the notice it is about
    return Stage.FINAL if (told and not article) or number else reading.stage


def _form(title: Title, stage: Stage, number: str | None) -> DocType | None:
    form = doc_type_of(title, stage)
    if form is None and number and re.search(r"公告|通告", number):
        return DocType.ANNOUNCEMENT
    return form


def _english(title: str, text: str, published: date | None, source_body: str | None) -> Facts:
    lines = [line.strip() for line in text.split("\n", _TITLE_LINES)[:_TITLE_LINES]]
    chinese = next((s for s in lines if _HAN.search(s) and len(s) <= _TITLE_LENGTH), None)
    bodies = english_issuers(title)
    stage = english_stage(title, issued=bool(bodies))
    form = english_doc_type(title, stage, bodies)
    if chinese is not None:
        named = read_title(chinese)
        stage = stage_of(named).stage
        form = doc_type_of(named, stage)
        bodies = issuing_bodies(chinese) or bodies
    deadline: Deadline | None = None
    if stage is Stage.DRAFT:
        deadline = comment_deadline(f"{title}\n{text}", published)
    return Facts(
        stage=stage,
        doc_type=form,
        bodies=bodies or ((source_body,) if source_body else ()),
        deadline=deadline.on if deadline else None,
        deadline_quote=deadline.quote if deadline else None,
    )
