"""Short ways to say what a source shows and what is owed, for the store's tests."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from watcher.detect import Known, detect
from watcher.model import (
    ChangeKind,
    Classification,
    Document,
    Facts,
    Item,
    Link,
    Notification,
    Stage,
    Validators,
)
from watcher.settings import Target
from watcher.store import Store
from watcher.store.findings import Arrival, Paper, RowChange, Visit
from watcher.store.sources import SourceState

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
OPS = Target(kind="slack", address="#ops")
LAW = Target(kind="slack", address="#law")
MAIL = Target(kind="email", address="a@example.org")


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def item(word: str, **fields: object) -> Item:
    """`item("a")` is the row at https://x.example/a with a title of its own."""
    row = Item(
        key=f"https://x.example/{word}",
        url=f"https://x.example/{word}",
        title=f"灯具局关于印发《{word}号灯具数据管理办法》的通知",
        published=date(2026, 11, 1),
    )
    return replace(row, **fields)  # type: ignore[arg-type]  # keyword by keyword as the noun has them


def document(row: Item, source_id: str = "lamps") -> Document:
    return Document(
        id=0,
        source_id=source_id,
        url=row.url,
        title=row.title or row.key,
        facts=Facts(stage=Stage.FINAL, bodies=("MIIT",), deadline=row.deadline),
        classification=Classification(primary="data-security", score=0.9),
        published=row.published,
        aka=row.aka,
    )


def notice_to(*targets: Target, due: datetime = NOW, digest: str | None = None) -> Notification:
    return Notification(
        team="law",
        subscription="all",
        targets=targets,
        reason="数据 in the title",
        due_at=due,
        digest=digest,
    )


def claim(store: Store, source_id: str = "lamps", now: datetime = NOW) -> SourceState:
    store.sources.sync([source_id], now)
    (state,) = store.sources.claim([source_id], now)
    return state


def show(
    store: Store,
    *rows: Item,
    source_id: str = "lamps",
    now: datetime = NOW,
    to: tuple[Target, ...] = (LAW,),
    due: datetime | None = None,
    digest: str | None = None,
    read_at: datetime | None = None,
    complete: bool = False,
    links: tuple[Link, ...] = (),
    state: SourceState | None = None,
) -> int | None:
    """Let a source show these rows at `now`, as a poll would record it."""
    state = state or claim(store, source_id, now)
    silent = state.baseline_at is None
    notifications = () if silent else (notice_to(*to, due=due or now, digest=digest),)
    found = detect(store.sources.known(source_id), rows, complete=complete)

    def paper(row: Item, base: Document | None = None) -> Paper:
        made = document(row, source_id)
        if base is not None:
            made = replace(made, id=base.id, text=base.text, version_id=base.version_id)
        return Paper(
            document=made, cores=frozenset({row.key}), notifications=notifications, links=links
        )

    def changed(
        kind: ChangeKind, known: Known, row: Item | None, was: str | None = None
    ) -> RowChange:
        base = store.papers.get([known.document_id])[known.document_id]
        made = paper(row, base) if row else Paper(document=base, notifications=notifications)
        return RowChange(kind=kind, known=known, item=row, paper=made, was=was)

    return store.record.visit(
        Visit(
            state=state,
            at=now,
            next_poll_at=now + timedelta(minutes=30),
            validators=Validators(etag='"1"'),
            fingerprint="hash",
            definition="definition",
            row_counts=(len(rows),),
            snapshot=None,
            arrivals=tuple(
                Arrival(item=row, paper=paper(row), next_read_at=read_at, news=not silent)
                for row in found.new
            ),
            changes=(
                *(
                    changed(ChangeKind.MODIFIED, e.known, e.item, e.was)
                    for e in found.edited
                    if e.was
                ),
                *(changed(ChangeKind.RESTORED, known, row) for known, row in found.restored),
                *(changed(ChangeKind.WITHDRAWN, known, None) for known in found.withdrawn),
            ),
            corrections=(*found.moved, *((e.known, e.item) for e in found.edited if e.was is None)),
        )
    )


def owed(store: Store) -> list[str]:
    """Rows of the outbox as "state target title-word", oldest first."""
    return [
        f"{row['state']} {row['target']} {row['title'] or row['notice']['subject']}"
        for row in reversed(store.outbox.rows())
    ]
