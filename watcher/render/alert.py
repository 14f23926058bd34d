"""What an alert says, in plain words and before any medium: the one place that words facts.

Unknown facts are left out or said to be unknown; nothing is inferred here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from watcher.model import (
    Alert,
    ChangeKind,
    DocType,
    Document,
    EnglishTitle,
    Facts,
    PolicyTarget,
    Stage,
)
from watcher.render.days import CHINA as CHINA
from watcher.render.days import clock_time as clock_time
from watcher.render.days import countdown as countdown
from watcher.render.days import day as day
from watcher.render.days import days_left as days_left
from watcher.render.days import moment as moment
from watcher.render.days import period as period
from watcher.render.differs import changed, in_short, quoted, whole
from watcher.render.events import deadline_moved, event_urgency, is_event
from watcher.render.scraped import clean, cut, web_link

URGENT_DAYS = 7

_STAGES: Mapping[Stage, str] = {
    Stage.DRAFT: "Draft for comment",
    Stage.FINAL: "Final",
    Stage.INTERPRETATION: "Interpretation",
    Stage.CALL: "Call for applications",
    Stage.LIST: "List",
    Stage.SPEECH: "Speech",
    Stage.APPOINTMENT: "Appointment",
    Stage.CORPORATE: "Company news",
    Stage.NEWS: "News",
}
_SHORT_STAGES: Mapping[Stage, str] = {
    Stage.DRAFT: "draft",
    Stage.CALL: "call",
    Stage.CORPORATE: "company",
}
_KINDS: Mapping[ChangeKind, str] = {
    ChangeKind.MODIFIED: "Correction",
    ChangeKind.WITHDRAWN: "Withdrawn",
    ChangeKind.RESTORED: "Back again",
    ChangeKind.DEADLINE: "Deadline near",
    ChangeKind.CLOSED: "Comments closed",
    ChangeKind.IN_FORCE: "In force soon",
    ChangeKind.NO_FINAL: "No final yet",
}
_DOC_TYPES: Mapping[DocType, str] = {
    kind: kind.value.capitalize() for kind in DocType if kind is not DocType.NEWS
}
_ARTICLE = re.compile(r"^\s*第[〇零一二三四五六七八九十百千\d]+条", re.M)
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_NAMED_BODIES = 3
_POINTS = 3
_MACHINE = " [machine translation]"
_ISSUER = 30
_TITLE, _LINE, _QUOTE = 200, 280, 80  # characters: a phone shows about 40 a line, 15 lines


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertText:
    """One alert in words; every string is clean, on one line and of bounded length."""

    what: str
    """Draft for comment, Final, Correction · final, …"""
    short: str
    """The same in one word for a digest's column."""
    who: str
    """"" for a brief's corporate news, which no body issues."""
    urgency: str | None
    """29 days left · until Tue 7 Nov 2023; None where no deadline is at stake."""
    urgent: bool
    title: str
    title_too: str | None
    """The title in the other language, where there is one."""
    sectors: tuple[str, ...]
    changed: tuple[str, ...]
    """What differs from before or from the draft, one line each, the weightiest quoted."""
    in_short: tuple[str, ...]
    """The same in a line or two, without quotations: for a phone."""
    quoted: tuple[str, ...]
    """The quotations alone."""
    whole: str
    """The command that shows the whole comparison; "" where there is none."""
    points: tuple[str, ...]
    """What the paper sets: its first day in force, what it replaces, its targets; one line each."""
    facts: tuple[str, ...]
    """Form, number and date of the paper, its deadline's wording, and what was read of it."""
    seen: str
    why: str
    url: str | None
    since: str
    """What became of it since it was told; "" when nothing did."""
    reviewed: str
    """Who said what of it: "Reviewed by Ann"."""
    dated: date | None
    delivery: str

    @property
    def heading(self) -> str:
        return f"{self.what} · {self.who}" if self.who else self.what

    @property
    def short_heading(self) -> str:
        """draft · MIIT, for a line of a digest."""
        return f"{self.short} · {self.who}" if self.who else self.short

    @property
    def subject(self) -> str:
        """One line for a mail's subject or a phone's notification."""
        parts = [self.heading]
        if self.urgency:
            parts.append(self.urgency.split(" · ")[0])
        return f"{' · '.join(parts)}: {cut(self.title, 100)}"


def alert_text(alert: Alert, now: datetime) -> AlertText:
    """Word `alert` as its reader, in `alert.timezone`, should read it at `now`."""
    document, facts = alert.document, alert.document.facts
    title, title_too = titles(document, alert.english)
    draft = cut(titles(alert.draft)[0], 100) if alert.draft else ""
    urgency, days = _urgency(alert, now)
    brief = in_short(alert, draft)
    return AlertText(
        what=_what(alert),
        short=_short(alert),
        who="" if document.section == "corporate" else who(facts.bodies, facts.issuer),
        urgency=urgency,
        urgent=days is not None and 0 <= days <= URGENT_DAYS,
        title=title,
        title_too=title_too,
        sectors=tuple(map(sector_name, sector_codes(document))),
        changed=tuple(changed(alert, draft)),
        in_short=brief,
        quoted=quoted(alert, brief),
        whole=whole(alert),
        points=tuple(_points(alert.kind, facts)),
        facts=tuple(_facts(alert)),
        seen=_seen(alert),
        why="Why you: " + (cut(clean(alert.reason), _LINE) or "no reason recorded"),
        url=web_link(document.url),
        since=cut(clean(alert.posting.since), _LINE),
        reviewed=cut(clean(alert.posting.reviewed), 120),
        dated=document.published or document.signed,
        delivery=clean(alert.delivery),
    )


# ---------------------------------------------------------------- what, who, how urgent


def _what(alert: Alert) -> str:
    kind, facts = alert.kind, alert.document.facts
    stage = _STAGES.get(facts.stage) if facts.stage else None
    if stage and facts.stage is Stage.DRAFT and (facts.round or 1) > 1:
        stage = f"{stage}, round {facts.round}"
    if kind is ChangeKind.NEW:
        return stage or "Paper of unknown stage"
    said = deadline_moved(alert) or _KINDS[kind]
    return f"{said} · {stage[0].lower()}{stage[1:]}" if stage else said


def _short(alert: Alert) -> str:
    kind, facts = alert.kind, alert.document.facts
    stage = "paper"
    if facts.stage:
        stage = _SHORT_STAGES.get(facts.stage, _STAGES[facts.stage].lower())
    if kind is ChangeKind.NEW:
        return stage
    return f"{(deadline_moved(alert) or _KINDS[kind]).lower()}: {stage}"


def who(bodies: Iterable[str], issuer: str | None = None) -> str:
    """Issuing bodies by their short codes; "+11" means eleven more that the paper does not name.

    `issuer` is the body as the paper names it, for those that have no code.
    """
    codes = list(dict.fromkeys(cut(clean(code), 20) for code in bodies))
    unnamed = sum(int(c[1:]) for c in codes if re.fullmatch(r"\+[0-9]{1,3}", c))
    named = [code for code in codes if code and not code.startswith("+")]
    if not named:
        if unnamed:
            return f"{unnamed} bodies, not named"
        return cut(clean(issuer), _ISSUER) if issuer else "body unknown"
    more = unnamed + len(named[_NAMED_BODIES:])
    return ", ".join(named[:_NAMED_BODIES]) + (f" and {more} more" if more else "")


def _urgency(alert: Alert, now: datetime) -> tuple[str | None, int | None]:
    """How soon something is at stake, in words and in days; None where nothing is."""
    facts, kind = alert.document.facts, alert.kind
    if kind is ChangeKind.WITHDRAWN:
        return None, None
    if said := event_urgency(alert, now):
        soon = facts.effective if kind is ChangeKind.IN_FORCE else None
        return said, days_left(soon, now, alert.timezone)
    if first := _first_day(kind, facts):
        ahead = (days_left(first, now, alert.timezone) or 0) >= 0
        return f"in force {'from' if ahead else 'since'} {day(first)}", None
    days = days_left(facts.deadline, now, alert.timezone)
    if facts.deadline is None or days is None:
        return ("deadline unknown" if facts.stage is Stage.DRAFT else None), None
    if days < 0:
        return f"comments closed {day(facts.deadline)}", days
    return f"{countdown(days)} · until {day(facts.deadline)}", days


def _first_day(kind: ChangeKind, facts: Facts) -> date | None:
    """The day on which it takes effect, where that is what a reader must know first."""
    final = facts.stage is Stage.FINAL and facts.deadline is None
    return facts.effective if kind is ChangeKind.IN_FORCE or final else None


# ---------------------------------------------------------------- the paper


def titles(document: Document, given: EnglishTitle | None = None) -> tuple[str, str | None]:
    """The title in English, from a source or else from `given`, and in Chinese."""
    known = [text for text in map(clean, (document.title, *document.aka)) if text]
    if not known:
        return "(no title)", None
    english = next((text for text in known if not _CHINESE.search(text)), None)
    chinese = next((text for text in known if _CHINESE.search(text)), None)
    if english is None and given is not None:
        english = marked(given)
    if english and chinese:
        return cut(english, _TITLE), cut(chinese, _TITLE)
    return cut(known[0], _TITLE), None


def marked(given: EnglishTitle) -> str | None:
    """An English title of ours, on one line; a machine's says that it is one."""
    text = cut(clean(given.text), _TITLE - len(_MACHINE))
    return text + _MACHINE if text and given.machine else text or None


def sector_codes(document: Document) -> tuple[str, ...]:
    """The primary sector first, then the others; () when it is in none."""
    given = document.classification
    codes = dict.fromkeys((given.primary, *given.secondary))
    return tuple(code for code in codes if code and code != "none")


def sector_name(code: str) -> str:
    """A sector's English name, or its code where the operator's own rules made it."""
    # classify reads its taxonomy when it is first used; nobody should pay for that at import
    from watcher.classify import sector_names

    named = sector_names().get(code)
    return cut(clean(named[0] if named else code), 80)


def _points(kind: ChangeKind, facts: Facts) -> Iterable[str]:
    """Three lines at most, the ones that bind first."""
    if kind is ChangeKind.WITHDRAWN or (is_event(kind) and kind is not ChangeKind.IN_FORCE):
        return
    lines = []
    if facts.effective and not _first_day(kind, facts):
        lines.append(f"In force from {day(facts.effective)}")
    for relation, words in (("repeals", "Repeals"), ("replaces", "Replaces"), ("amends", "Amends")):
        if names := [cut(clean(c.title), 60) for c in facts.cites if c.relation == relation]:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            lines.append(f"{words} 《{names[0]}》{more}")
    lines += [target_words(target) for target in facts.targets]
    yield from lines[:_POINTS]


_OF_THE_NUMBER = re.compile(
    r"(?:(?:\s+(?:to|by|in|of|over|above|than|more|less|least|most|at)){1,4}(?:\s+20\d\d)?){1,2}$"
)
"""What is left of a number in English words when it is taken out of them: "rate to over by 2028"."""


def target_words(target: PolicyTarget) -> str:
    """培育智能工厂: at least 500 家 by 2027."""
    unit, _, bound = cut(clean(target.unit), 20).partition(" (")
    low, high = target.value if isinstance(target.value, tuple) else (target.value, None)
    number = f"{low:,}" + (f"–{high:,}" if high is not None else "")
    least = {"min)": "at least ", "max)": "at most "}.get(bound, "")
    unit = "%" if unit == "percent" else f" {unit}"
    year = f" by {target.by_year}" if target.by_year else ""
    quantity = _OF_THE_NUMBER.sub("", clean(target.quantity))
    return f"{cut(quantity, 80)}: {least}{number}{unit}{year}"


def _facts(alert: Alert) -> Iterable[str]:
    document, facts, given = alert.document, alert.document.facts, alert.english
    if given is not None and titles(document, given) != titles(document):
        yield f"English title: {cut(clean(given.by), 60)}"
    parts = [_DOC_TYPES.get(facts.doc_type, "") if facts.doc_type else ""]
    parts.append(cut(clean(facts.doc_number), 40))
    if document.published:
        parts.append(f"published {day(document.published)}")
    elif document.signed:
        parts.append(f"dated {day(document.signed)}")
    if line := " · ".join(filter(None, parts)):
        yield line[0].upper() + line[1:]
    if alert.kind is ChangeKind.WITHDRAWN:
        return
    if facts.deadline and (quote := clean(facts.deadline_quote)):
        yield f"Deadline as written: “{cut(quote, _QUOTE)}”"
    if document.url:
        yield _read(document)


def _read(document: Document) -> str:
    """How much of the paper was read, so that nobody takes a list row for the whole."""
    articles = len(_ARTICLE.findall(document.text))
    if not document.text:
        text = "Text not read yet"
    elif articles > 1:
        text = f"Text: {articles} articles"
    else:
        text = f"Text: {len(document.text):,} characters"
    if count := len(document.attachments):
        kinds = {PurePosixPath(clean(a.name)).suffix.lower() for a in document.attachments}
        named = ", ".join(sorted(kind for kind in kinds if 1 < len(kind) < 7))
        text += f" · {count} attachment{'s' * (count > 1)}" + (
            f" ({cut(named, 40)})" if named else ""
        )
    return text


def _seen(alert: Alert) -> str:
    first = cut(clean(alert.source_name), 60) or "an unnamed source"
    others = [cut(clean(name), 40) for name in alert.sightings if clean(name)]
    others = [name for name in dict.fromkeys(others) if name != first]
    also = ", ".join(others[:3])
    if len(others) > 3:
        also += f" and {len(others) - 3} more"
    text = f"Seen {moment(alert.seen_at, alert.timezone)} at {first}"
    if is_event(alert.kind):  # nobody saw anything then: the day came
        text = f"Seen at {first}"
    return f"{text}; also at {also}" if also else text


def oldest_first(alerts: Iterable[Alert]) -> list[Alert]:
    """Alerts in the order in which they happened."""
    return sorted(alerts, key=lambda alert: (alert.seen_at, alert.document.id))
