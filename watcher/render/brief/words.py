"""What a compiled brief says in each format alike: its lines in words, clean and before any medium."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from watcher.compiled import Body, CompiledBrief, Entry, Quote, Said
from watcher.gloss.names import HAN
from watcher.model import DocType, Stage
from watcher.render.brief.marks import paragraphs
from watcher.render.scraped import clean, cut, web_link

TITLE = "China policy brief"
LINK, TOLD = "Link", "As told by"
TO_WRITE = "To be written by the analyst."
MADE = (
    "Quotations are the papers' own words, with their place. English titles that no source gave are "
    "glosses by pattern and glossary; one translated by a machine says so."
)
EMPTY = "No paper of this period matches."
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_STAGES = {Stage.DRAFT: "draft for comments", Stage.CALL: "call for applications"}
_LONGEST = 400  # characters of a title
_BODIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    name: str
    anchor: str
    entries: tuple[Entry, ...]

    @property
    def leading(self) -> bool:
        """Whether its papers stand with all that is said of them, or with a line each."""
        return self.anchor == "top"


def sections(brief: CompiledBrief) -> tuple[Section, ...]:
    """The sections that have papers, in order."""
    every = (
        Section(name=f"Top {len(brief.top)}", anchor="top", entries=brief.top),
        Section(name="Policy news", anchor="policy-news", entries=brief.policy),
        Section(name="Corporate news", anchor="corporate-news", entries=brief.corporate),
    )
    return tuple(section for section in every if section.entries)


def long_day(day: date, *, year: bool = True) -> str:
    """October 9, 2023."""
    words = f"{_MONTHS[day.month - 1]} {day.day}"
    return f"{words}, {day.year}" if year else words


def span(start: date, end: date) -> str:
    """September 26 – October 24, 2023."""
    if start == end:
        return long_day(end)
    return f"{long_day(start, year=start.year != end.year)} – {long_day(end)}"


def heading(brief: CompiledBrief) -> str:
    name = cut(clean(brief.team_name), 80)
    return f"{TITLE} · {name}" if name else TITLE


def words(said: Said | Quote) -> str:
    return cut(clean(said.text), _LONGEST)


def headline(entry: Entry) -> str:
    """The headline as plain text, edited or compiled."""
    edit = entry.edits.get("headline")
    said = " ".join(paragraph.text for paragraph in paragraphs(edit.text)) if edit else ""
    return said or words(entry.headline)


def article(entry: Entry) -> str:
    """English title (Chinese title), as far as they are known."""
    texts = [words(name) for name in (entry.title_en, entry.title_zh) if name]
    return f"{texts[0]} ({texts[1]})" if len(texts) > 1 else "".join(texts)


def quoted(quote: Quote) -> str:
    """A paper's words in quotation marks; what was left away at their end shows."""
    return f"“{clean(quote.text)}{' …' if quote.cut else ''}”"


def where(quote: Quote) -> str:
    """第五条; of a cover letter that it is one."""
    place = clean(quote.where)
    return f"cover letter, {place}" if quote.field == "notice" else place


def bodies(entry: Entry) -> str:
    """Ministry of Science and Technology (MOST, 科学技术部); … and 11 more that are not named."""
    named = [_body(body) for body in entry.bodies[:_BODIES]]
    hidden = len(entry.bodies) - len(named)
    text = "; ".join(named)
    if hidden:
        text += f"; and {hidden} more"
    if entry.others:
        joint = " and " if text else ""
        text += f"{joint}{entry.others} more that the paper does not name"
    return text.strip() or "unknown"


def _body(body: Body) -> str:
    if body.english and body.chinese:
        return f"{body.english} ({body.code}, {body.chinese})"
    return cut(clean(body.chinese or body.code), 60)


def bodies_label(entry: Entry) -> str:
    return "Issuing bodies" if len(entry.bodies) + entry.others > 1 else "Issuing body"


def dated(entry: Entry) -> str:
    return long_day(entry.day) if entry.day else "unknown"


def kind(entry: Entry) -> str:
    """draft for comments (round 2) · measures; "" where nothing is known."""
    stage = ""
    if entry.stage:
        stage = _STAGES.get(entry.stage, entry.stage.value)
        if (entry.round or 1) > 1:
            stage += f" (round {entry.round})"
    stage = "" if entry.stage is Stage.NEWS else stage
    form = entry.doc_type.value if entry.doc_type and entry.doc_type is not DocType.NEWS else ""
    parts = [stage, form if form != stage else "", "withdrawn" if entry.withdrawn else ""]
    return " · ".join(filter(None, parts))


def reasons(entry: Entry) -> str:
    """54 points: one central body, MIIT 20 · final, measures 29 · …; what gave none is left out."""
    given = " · ".join(f"{clean(r.words)} {r.points}" for r in entry.reasons if r.points)
    picked = "placed by an editor; " if entry.picked else ""
    return f"{picked}{entry.score} points: {given}"


def related(entry: Entry) -> Iterator[tuple[str, str, str | None]]:
    """What else of the matter the period has: role, title and day, address."""
    for other in entry.related:
        day = f", {long_day(other.day)}" if other.day else ""
        yield other.role, cut(clean(other.title), 160) + day, web_link(other.url)


def news_day(entry: Entry, brief: CompiledBrief) -> str:
    if entry.day is None:
        return "Undated"
    return long_day(entry.day, year=entry.day.year != brief.end.year)


def news_text(entry: Entry) -> str:
    """What a line of news says behind its day: its headline, and what that does not say.

    That is the Chinese title where the headline has no Chinese, and what kind of paper it is: a
    gloss says what it does, and another brief's bullet says it in its own words.
    """
    headline, chinese = words(entry.headline), entry.title_zh
    parts = [headline]
    if chinese is not None and not HAN.search(headline):
        parts.append(words(chinese))
        if not (isinstance(entry.headline, Said) and entry.headline.template == "gloss"):
            parts.append(kind(entry))
    elif entry.withdrawn:
        parts.append("withdrawn")
    return "; ".join(filter(None, parts))


def source(entry: Entry) -> str:
    return cut(clean(entry.source), 60)


def left_out(brief: CompiledBrief) -> str:
    """One line on what of the period is not in the brief; "" for nothing."""
    parts = []
    if brief.left_out:
        why = "that the team did not ask for" if brief.team else "outside all sectors"
        parts.append(f"{brief.left_out} {'paper' if brief.left_out == 1 else 'papers'} {why}")
    if brief.dropped:
        parts.append(f"{len(brief.dropped)} that an editor left out")
    return f"Not in it: {' and '.join(parts)}." if parts else ""
