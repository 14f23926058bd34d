"""A compiled brief as one self-contained web page, for a phone, a desk and paper; mails have the same page."""

from functools import cache
from typing import TYPE_CHECKING, Any

from watcher.compiled import CompiledBrief, Entry, Quote
from watcher.render.brief import words as say
from watcher.render.brief.marks import paragraphs
from watcher.render.scraped import clean, web_link

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def _template() -> "Template":
    # costs 50 ms, and only pages need it
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("watcher.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("brief.html")


def brief_page(brief: CompiledBrief) -> bytes:
    return brief_html(brief).encode()


def brief_html(brief: CompiledBrief, *, to_write: str = say.TO_WRITE) -> str:
    """The page; where no comment is written it says `to_write`, "" for readers who will not write it."""
    parts = [
        {
            "name": part.name,
            "anchor": part.anchor,
            "leading": part.leading,
            "entries": [
                _leading(entry) if part.leading else _news(entry, brief) for entry in part.entries
            ],
        }
        for part in say.sections(brief)
    ]
    page = _template().render(
        heading=say.heading(brief),
        span=say.span(brief.start, brief.end),
        empty=say.EMPTY,
        parts=parts,
        to_write=to_write,
        left_out=say.left_out(brief),
        made=say.MADE,
    )
    return page.lstrip()


def _leading(entry: Entry) -> dict[str, Any]:
    edits = entry.edits
    glance = edits.get("at_a_glance")
    comment = edits.get("comment")
    return {
        "document": entry.document,
        "headline": say.headline(entry),
        "glance": paragraphs(glance.text) if glance else None,
        "sentence": _quote(entry.sentence) if entry.sentence else None,
        "points": [
            {"said": clean(point.said.text) if point.said else "", **_quote(point.quote)}
            for point in entry.points
        ],
        "comment": paragraphs(comment.text) if comment else None,
        "article": say.article(entry),
        "told_by": say.source(entry) if entry.told else "",
        "url": web_link(entry.url),
        "bodies": say.bodies(entry),
        "bodies_label": say.bodies_label(entry),
        "date": say.dated(entry),
        "related": list(say.related(entry)),
        "why": say.reasons(entry),
    }


def _news(entry: Entry, brief: CompiledBrief) -> dict[str, Any]:
    line = entry.edits.get("line")
    return {
        "day": say.news_day(entry, brief),
        "line": paragraphs(line.text) if line else None,
        "text": say.news_text(entry),
        "source": say.source(entry),
        "url": web_link(entry.url),
    }


def _quote(quote: Quote) -> dict[str, str]:
    return {"text": say.quoted(quote), "where": say.where(quote)}
