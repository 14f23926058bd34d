"""The nouns of a compiled brief: what it says of a period, each sentence with the place it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from watcher.model import DocType, Document, Stage

FIELDS = ("headline", "at_a_glance", "comment", "line")
"""What an editor writes of a paper: `line` is its line in the news. Where it stands is its place."""
TOP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a paper as they stand at `[start:end]` of its `field`, see `words_of`."""

    document: int
    field: str
    start: int
    end: int
    text: str
    where: str = ""
    """The same place for people: 第三条, paragraph 12."""
    cut: bool = False
    """Its sentence goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words that a template of ours made of facts, or a translation; `template` names it."""

    text: str
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One bullet at a glance: the paper's words, and what they set in English where facts tell."""

    quote: Quote
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a paper ranks where it does: words and the points they gave."""

    name: str
    """bodies, stage, breadth, targets, novelty or care."""
    words: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What an editor put in the place of what was compiled; Markdown, as it was written."""

    text: str
    by: str
    at: datetime
    stale: bool
    """The paper's words have changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An issuing body; one without a code has the name that the paper gives it."""

    code: str | None
    english: str | None
    chinese: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another paper of the same matter in the period: a draft, an earlier round, an interpretation."""

    document: int
    role: str
    title: str
    url: str | None
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper of a compiled brief; among the leading ones with what it says at a glance."""

    document: int
    digest: str
    """Of the paper's words: an edit made of other ones may no longer hold."""
    headline: Said | Quote
    title_en: Said | Quote | None
    """None where no English is known."""
    title_zh: Quote | None
    url: str | None
    source: str
    """Where it was read: the source's name."""
    told: bool = False
    """It is an item of another brief: what is quoted are that brief's words, not the paper's."""
    day: date | None
    """When it was published, else signed."""
    section: str
    """top5, policy or corporate."""
    stage: Stage | None
    doc_type: DocType | None = None
    round: int | None = None
    withdrawn: bool = False
    bodies: tuple[Body, ...] = ()
    others: int = 0
    """Issuing bodies that the paper counts and does not name."""
    sentence: Quote | None = None
    points: tuple[Point, ...] = ()
    score: int = 0
    reasons: tuple[Reason, ...] = ()
    picked: bool = False
    """An editor gave it its place."""
    related: tuple[Related, ...] = ()
    edits: Mapping[str, Edit] = field(default_factory=dict)
    """By the names of `FIELDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledBrief:
    """A period's papers in the form of a brief."""

    start: date
    end: date
    team: str | None
    """The team's id; None for a brief of all sectors."""
    team_name: str
    top: tuple[Entry, ...]
    policy: tuple[Entry, ...]
    corporate: tuple[Entry, ...]
    left_out: int = 0
    """Papers of the period that are outside all sectors, or that the team does not want."""
    dropped: tuple[int, ...] = ()
    """Papers that an editor left out."""
    notes: tuple[str, ...] = ()
    """What the editor should know, one sentence each."""

    @property
    def empty(self) -> bool:
        return not (self.top or self.policy or self.corporate)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (*self.top, *self.policy, *self.corporate)


def words_of(document: Document, field: str) -> str:
    """What a paper says in a field: title, text, notice, or aka.0 for the first of its other titles."""
    name, _, nth = field.partition(".")
    words = getattr(document, name)
    return str(words[int(nth)] if nth else words)
