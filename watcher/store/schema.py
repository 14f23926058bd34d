"""The tables. Instants are integers (microseconds since 1970, UTC), so that both databases order them alike."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = EPOCH
"""The instant that every lease column starts from: long over."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime kept as integer microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite gives row ids to INTEGER keys only; PostgreSQL wants room.
ROW_ID = BigInteger().with_variant(Integer, "sqlite")

source = Table(
    "source",
    metadata,
    Column("id", String, primary_key=True),
    Column("next_poll_at", Instant, nullable=False),
    Column("leased_until", Instant, nullable=False, default=NEVER),
    Column("fence", Integer, nullable=False, default=0),
    Column("baseline_at", Instant),
    Column("last_read_at", Instant),
    Column("last_good_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("failing_since", Instant),
    Column("error", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fingerprint", String),
    Column("definition", String),
    Column("row_counts", JSON, nullable=False, default=list),
    Column("short_since", Instant),
    Column("silent_since", Instant),
    # alerts kept back until an operator releases them: those of some rows, or all (`holding`)
    Column("held_at", Instant),
    Column("held_reason", Text),
    Column("holding", Boolean, nullable=False, default=False),
)

document = Table(
    "document",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("source_id", String, nullable=False),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("published", Date),
    Column("signed", Date),
    Column("section", String),
    Column("aka", JSON, nullable=False, default=list),
    Column("facts", JSON, nullable=False),
    Column("stage", String),
    Column("deadline", Date),
    Column("classification", JSON, nullable=False),
    Column("sector", String, nullable=False),
    # the fingerprint of the rules that concluded this; another one means: conclude it again
    Column("rules", String),
    Column("attachments", JSON, nullable=False, default=list),
    Column("conflicts", JSON, nullable=False, default=list),
    Column("withdrawn_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("version_id", ROW_ID),
    Column("merged_into", ROW_ID),
    # reading its page: a life of its own, apart from the list it stood on
    Column("next_read_at", Instant),
    Column("leased_until", Instant, nullable=False, default=NEVER),
    Column("fence", Integer, nullable=False, default=0),
    Column("reads", Integer, nullable=False, default=0),
    Column("read_failures", Integer, nullable=False, default=0),
    Column("gone", Integer, nullable=False, default=0),
    Column("short", Integer, nullable=False, default=0),
    Column("read_error", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Index("ix_document_next_read_at", "next_read_at"),
    Index("ix_document_first_seen_at", "first_seen_at"),
    Index("ix_document_url", "url"),
    Index("ix_document_merged_into", "merged_into"),
)

sighting = Table(
    "sighting",
    metadata,
    Column("source_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("document_id", ROW_ID, ForeignKey(document.c.id), nullable=False, index=True),
    Column("title", Text),
    Column("url", Text),
    Column("published", Date),
    Column("deadline", Date),
    Column("first_seen_at", Instant, nullable=False),
    Column("gone_at", Instant),
)

name = Table(
    "name",
    metadata,
    Column("name", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("document_id", ROW_ID, ForeignKey(document.c.id), primary_key=True, index=True),
)
"""What a document can be found by: kind "address", "number", "title" or "aka" (see `identity`), "core" or "near"
(see `link`); under "about" stand the cores of papers that it explains, amends or repeals (see `link.lineage`)."""

attachment = Table(
    "attachment",
    metadata,
    Column("document_id", ROW_ID, ForeignKey(document.c.id), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String),
    Column("quality", String),
    Column("reason", Text),
    Column("text", Text, nullable=False, default=""),
    Column("snapshot", String),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("read_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("error", Text),
)
"""The files a document's page offers now, in its order, as last read."""

version = Table(
    "version",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("document_id", ROW_ID, ForeignKey(document.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("notice", Text, nullable=False, default=""),
    Column("text_hash", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("snapshot", String),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("document_id", "number"),
)

change = Table(
    "change",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("kind", String, nullable=False),
    Column("document_id", ROW_ID, ForeignKey(document.c.id), nullable=False, index=True),
    Column("source_id", String, nullable=False),
    Column("before_id", ROW_ID),
    Column("after_id", ROW_ID),
    Column("was", Text),
    Column("at", Instant, nullable=False),
    Column("held", Boolean, nullable=False, default=False),
    # what the calendar made of a paper is said once for each mark: "2023-11-07 7d"
    Column("mark", String),
    Index("uq_change_mark", "document_id", "kind", "mark", unique=True),
)

link = Table(
    "link",
    metadata,
    Column("draft_id", ROW_ID, ForeignKey(document.c.id), primary_key=True),
    Column("final_id", ROW_ID, ForeignKey(document.c.id), primary_key=True, index=True),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("draft_id", ROW_ID, ForeignKey(document.c.id), nullable=False, index=True),
    Column("final_id", ROW_ID, ForeignKey(document.c.id), nullable=False),
    Column("state", String, nullable=False),
    Column("was", String),
    Column("by", String, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
)
"""What people decided of links, never changed; `link.state` is what stands. `was` is what stood before."""

label = Table(
    "label",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("document_id", ROW_ID, ForeignKey(document.c.id), nullable=False, index=True),
    Column("field", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
)
"""Readers' corrections, never changed: of each document and field the latest stands."""

translation = Table(
    "translation",
    metadata,
    # a digest of the source text and of the language it is put into
    Column("key", String, primary_key=True),
    Column("source", Text, nullable=False),
    Column("text", Text),
    Column("by", String),
    Column("characters", Integer, nullable=False, default=0),
    Column("at", Instant, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("retry_at", Instant, nullable=False, default=NEVER),
    Column("error", Text),
)
"""What a translator was asked: `text` is its answer, NULL while it has none; `characters` were charged at `at`."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("change_id", ROW_ID, ForeignKey(change.c.id), index=True),
    Column("notice", JSON(none_as_null=True)),
    # a message to readers that tells of no single change: its kind and what it was made for
    Column("letter", JSON(none_as_null=True)),
    Column("team", String),
    Column("subscription", String),
    Column("target", String, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("digest", String),
    Column("state", String, nullable=False),
    Column("owed_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("retry_at", Instant, nullable=False, default=NEVER),
    Column("leased_until", Instant, nullable=False, default=NEVER),
    Column("fence", Integer, nullable=False, default=0),
    Column("in_flight", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("refused_at", Instant),
    Column("error", Text),
    Column("receipt", Text),
    # where the provider keeps the message (channel/ts, Message-ID): follow-ups are tied to it
    Column("place", String),
    # how often it was handed over without an answer, and the key of the message it was last part of;
    # `in_flight`: it may have arrived
    Column("exposed", Integer, nullable=False, default=0),
    Column("handed", String),
    Column("sent_at", Instant),
    UniqueConstraint("change_id", "target"),
    Index("ix_delivery_due", "state", "target", "due_at"),
    Index("ix_delivery_owed_at", "target", "owed_at"),
)
"""The outbox: one owed sending to one target: a change or a letter for readers, or a notice for operators."""

attempt = Table(
    "attempt",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("delivery_id", ROW_ID, ForeignKey(delivery.c.id), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("what", String, nullable=False),
    Column("said", Text, nullable=False, default=""),
)
"""The ledger, never changed: what became of each delivery at each step, in the provider's words."""

target = Table(
    "target",
    metadata,
    Column("address", String, primary_key=True),
    Column("suspended_at", Instant),
    Column("retry_at", Instant, nullable=False, default=NEVER),
    Column("strikes", Integer, nullable=False, default=0),
    Column("error", Text),
)
"""Who asked for a pause, or refuses us: one target ("slack:#law") or a channel as a whole ("slack").

Nothing is sent there before `retry_at`; `suspended_at` says that operators must act."""

team = Table(
    "team",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("timezone", String, nullable=False),
    Column("targets", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("gone_at", Instant),
)
"""Teams made while watcher runs; those of sources.yaml are not here."""

subscription = Table(
    "subscription",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    # the keys of sources.yaml, as they would stand there
    Column("wants", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("gone_at", Instant),
)
"""What teams made while watcher runs want to hear of."""

listener = Table(
    "listener",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("subscription_id", String, primary_key=True),
    Column("since", Instant, primary_key=True, autoincrement=False),
    # what it has wanted since then, as JSON: one who wants other things than before listens anew
    Column("wants", Text, nullable=False),
)
"""Since when each subscription has been listening, of the file's teams too: older changes are not told to it.
A row for each time it began to want other things, so that what came before that is judged by both."""

mute = Table(
    "mute",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("team_id", String, nullable=False, index=True),
    # one paper, one subscription, or with neither the whole team
    Column("document_id", ROW_ID, ForeignKey(document.c.id)),
    Column("subscription_id", String),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant),
    Column("lifted_at", Instant),
)
"""What a team does not want to hear more of for now."""

review = Table(
    "review",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("document_id", ROW_ID, ForeignKey(document.c.id), nullable=False, index=True),
    Column("team_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What teams said of papers (reviewed, not_relevant, open), never changed: the latest stands."""

interaction = Table(
    "interaction",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""What people did in Slack and was acted on, so that one sent again does nothing."""

brief_edit = Table(
    "brief_edit",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("team_id", String, nullable=False, default=""),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("document_id", ROW_ID),
    Column("field", String, nullable=False),
    Column("value", JSON),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_brief_edit_period", "team_id", "start", "end"),
)
"""What editors changed in a compiled brief, never changed: of each paper and field the latest stands."""
