"""Every noun of papers and alerts that several rooms share, frozen, without behaviour.

What the operator decides (sources, teams, channels) is in `settings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from watcher.posting import Posting
from watcher.settings import Target


class Stage(StrEnum):
    """Where a paper stands; the taxonomy's codes."""

    DRAFT = "draft_for_comments"
    FINAL = "final"
    INTERPRETATION = "interpretation"
    CALL = "call_for_applications"
    LIST = "list"
    SPEECH = "speech"
    APPOINTMENT = "appointment"
    CORPORATE = "corporate"
    NEWS = "news"


class DocType(StrEnum):
    """What form a paper has; the taxonomy's codes."""

    PLAN = "plan"
    OPINIONS = "opinions"
    NOTICE = "notice"
    MEASURES = "measures"
    REGULATIONS = "regulations"
    RULES = "rules"
    GUIDELINE = "guideline"
    STANDARD = "standard"
    CATALOGUE = "catalogue"
    LIST = "list"
    ANNOUNCEMENT = "announcement"
    REPLY = "reply"
    LETTER = "letter"
    INTERPRETATION = "interpretation"
    MEETING = "meeting"
    NEWS = "news"
    LAW = "law"
    APPOINTMENT = "appointment"


class ChangeKind(StrEnum):
    NEW = "new"
    MODIFIED = "modified"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    # the calendar's, not the site's: comments soon close or have closed, it is in force soon, a
    # draft of long ago has no final text
    DEADLINE, CLOSED, IN_FORCE, NO_FINAL = "deadline", "closed", "in_force", "no_final"


class Cause(StrEnum):
    """What made a version: the list row alone, the paper's own page, or a changed rule of ours."""

    LISTED = "listed"
    PAGE = "page"
    RULE = "rule"


# ---------------------------------------------------------------- what is fetched and found


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the server gave us to ask "has it changed?" next time."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes as a server sent them. `url` is where they came from after redirects."""

    url: str
    body: bytes
    content_type: str | None = None
    """The raw Content-Type header; its charset is one witness among several."""
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTarget:
    """A number a paper sets itself: by 2027, more than 500 factories."""

    quantity: str
    value: float | int | tuple[float | int, float | int]
    unit: str
    by_year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of a list, feed, endpoint or brief, as published now."""

    key: str
    """Stable within its source: the canonical address with its fragment, else the row's own id."""
    title: str | None
    url: str | None
    published: date | None = None
    deadline: date | None = None
    """A comment deadline, where the list carries it."""
    summary: str = ""
    """Text that came with the row (a feed's summary, a brief's bullet), as plain text."""
    section: str | None = None
    """top5, policy or corporate, for items of a brief."""
    bodies: tuple[str, ...] = ()
    stage: Stage | None = None
    aka: tuple[str, ...] = ()
    """Other titles of the same paper, such as the Chinese title in a brief."""
    targets: tuple[PolicyTarget, ...] = ()
    """What a brief says that the paper wants reached."""
    doc_number: str | None = None
    issuer: str | None = None
    """The issuing body as the list words it, unresolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Witnesses of one page that disagree; the first in order was believed."""

    field: str
    """title, published, signed, doc_number or issuer."""
    values: tuple[tuple[str, str], ...]
    """(witness, what it says), in order of trust. Witnesses: rule, table, meta, text, url."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A paper's page, read: what the page says, before anything is concluded from it."""

    title: str | None
    published: date | None
    """When the site put it up."""
    signed: date | None
    """The paper's own date (成文日期)."""
    doc_number: str | None
    issuer: str | None
    """The issuing body as the page's own metadata words it, unresolved."""
    text: str
    """Main text, one paragraph per line."""
    attachments: tuple[Attachment, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentText:
    """An attachment, read. A failure is a labelled quality with its reason, never an exception."""

    kind: str
    """docx, doc, wps, pdf, ofd, xls, xlsx, zip, rar or unknown; found by magic bytes."""
    quality: str
    """ok, no-text, encrypted, corrupt, too-large or unsupported."""
    text: str = ""
    reason: str | None = None


# ---------------------------------------------------------------- briefs


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefItem:
    """One item of a brief, with what its wording says (see CONTRACT: extract --as brief)."""

    section: str
    """top5, policy or corporate."""
    ordinal: int
    """From 1 within the section."""
    title: str
    """The heading of a leading paper; the leading clause of a news bullet."""
    dated: date | None
    doc_title_zh: str | None = None
    doc_title_en: str | None = None
    bodies: tuple[str, ...] = ()
    stage: Stage | None = None
    deadline: date | None = None
    at_a_glance: tuple[str, ...] = ()
    """The bullets under "At a glance"."""
    targets: tuple[PolicyTarget, ...] = ()
    sources: tuple[str, ...] = ()
    text: str = ""
    """The item's whole text as printed: at a glance, comment, article; or the whole bullet."""
    doubts: tuple[str, ...] = ()
    """What is odd about its dates, one sentence each; they stand as printed, or are unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    period: tuple[date, date] | None
    items: tuple[BriefItem, ...]


# ---------------------------------------------------------------- what is concluded


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A paper that a paper names, and why."""

    title: str
    """The name between the outermost 《》, as it stands there."""
    relation: str = "cites"
    """cites, basis (根据《…》制定), repeals, replaces, amends, issues (印发《…》) or explains."""
    doc_number: str | None = None
    """The number in brackets behind the name, in its normal form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpan:
    """Where a fact was read: `field[start:end]` says it."""

    fact: str
    """The name in `Facts`; one of several values has its place behind a dot: bodies.0, targets.2."""
    field: str
    """title, text, or notice for the words of a cover letter (`Document.notice`)."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What title and text say of a paper. None and () mean unknown, never a guess."""

    stage: Stage | None = None
    round: int | None = None
    """Which round of a draft: 2 for a second call for comments, None when it is the first or no draft."""
    doc_type: DocType | None = None
    doc_number: str | None = None
    bodies: tuple[str, ...] = ()
    """Codes of bodies.yaml; "+11" means "and eleven more that are not named"."""
    issuer: str | None = None
    """The issuing body as the paper names it, where it has no code (most local governments)."""
    deadline: date | None = None
    deadline_quote: str | None = None
    """The sentence the deadline was read from."""
    comments_to: tuple[str, ...] = ()
    """Where comments on a draft go: mail addresses, web addresses, postal addresses."""
    effective: date | None = None
    """The day a final takes effect."""
    targets: tuple[PolicyTarget, ...] = ()
    companies: tuple[str, ...] = ()
    cites: tuple[Citation, ...] = ()
    spans: tuple[FactSpan, ...] = ()
    """Where each fact stands; one read from a page's metadata or address has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a sector was given: `term` stands at `[start:end]` of the `field` (title, text or notice)."""

    sector: str
    term: str
    rule_term: str
    field: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    primary: str = "none"
    """A sector's code, or "none"."""
    secondary: tuple[str, ...] = ()
    score: float = 0.0
    """Certainty of the primary sector, 0..1."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper with an identity over time, as the store knows it now."""

    id: int
    source_id: str
    """The source that saw it first."""
    url: str | None
    title: str
    facts: Facts
    classification: Classification
    published: date | None = None
    signed: date | None = None
    section: str | None = None
    aka: tuple[str, ...] = ()
    text: str = ""
    """Of its latest version; "" while the page has not been read."""
    notice: str = ""
    """What its page says itself, where that is a cover letter and `text` is its attachment's."""
    version_id: int | None = None
    """The latest version that all this was concluded from."""
    attachments: tuple[Attachment, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    """Where witnesses of its page disagree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation of two documents by id: a draft and its final, or two rounds of a draft."""

    draft: str
    final: str
    state: str
    """linked or suggested (people later confirm or reject)."""
    score: float
    evidence: tuple[str, ...] = ()
    kind: str = "final"
    """final, or round: then `draft` is the earlier and `final` the later round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fact for readers: what became of a document."""

    kind: ChangeKind
    document: Document
    was: str | None = None
    """For a modification, one line on what differs (a title, a deadline, the text)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishTitle:
    """A Chinese title in English that its publisher did not write."""

    text: str
    by: str
    """Who made it: "by pattern and glossary", or "machine translation, DeepL"."""
    machine: bool = False
    """Translated by a machine: nobody has checked it, and wherever it is shown that is said."""


# ---------------------------------------------------------------- who hears of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A decision that targets hear of a change no older than `since`, with the reason one can read."""

    team: str
    subscription: str
    targets: tuple[Target, ...]
    reason: str
    due_at: datetime
    digest: str | None = None
    """Rows that share a digest key and a target leave in one message."""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """All that a message about one change can say; rendered once per medium."""

    kind: ChangeKind
    document: Document
    reason: str
    """Why this reader hears of it."""
    source_name: str
    seen_at: datetime
    timezone: str
    was: str | None = None
    draft: Document | None = None
    """The draft this final is linked to, when it is."""
    link: Link | None = None
    diff_summary: str | None = None
    """One line: 31 articles (draft 28): 14 same, 9 changed, … Against the draft; of a correction,
    against the text before."""
    diff_summary_zh: str | None = None
    """The same in Chinese."""
    diff_points: tuple[str, ...] = ()
    """The weightiest of these changes, quoted, one line each."""
    review: str | None = None
    """How to see the whole comparison: the command that shows it."""
    sightings: tuple[str, ...] = ()
    """Names of the other sources that show the same paper."""
    english: EnglishTitle | None = None
    """Its Chinese title in English, where no source gave one."""
    delivery: str = ""
    """The delivery's own id; it goes into the message, so that what was sent can be settled."""
    posting: Posting = field(default_factory=Posting)
    """What can be done with it where it is posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a notifier sends, rendered for one medium."""

    subject: str
    """One line: the mail's subject, the fallback text of Slack's blocks."""
    text: str
    """The whole message as plain text."""
    html: str | None = None
    blocks: tuple[Mapping[str, Any], ...] = ()
    """Slack Block Kit."""
    broadcast: bool = False
    """In a thread, show it in the channel too."""
    edits: str = ""
    """The place of the posted message that it replaces."""
    data: Mapping[str, Any] | None = None
    """What a webhook posts (docs/webhook.md)."""
    audience: str = ""
    """Whom it was made for, `team/subscription` or `team`; "" for operators."""
