"""What follows an alert: the thread it belongs to, and the alert itself put right when its paper changes."""

from collections.abc import Iterable
from dataclasses import replace

from watcher.errors import StoreError
from watcher.link.lineage import subjects
from watcher.model import Alert, ChangeKind, Document
from watcher.render.differs import since
from watcher.render.people import shown
from watcher.settings import Target
from watcher.store import Store
from watcher.store.papers import StoredChange
from watcher.store.postings import Review

_STANDS = (ChangeKind.MODIFIED, ChangeKind.WITHDRAWN, ChangeKind.RESTORED)
_SAID = {"reviewed": "Reviewed", "not_relevant": "Marked not relevant"}


def thread(store: Store, target: Target, document: Document) -> str:
    """The place of the first alert that `target` got of this paper or its lineage; "" for none.

    A draft's rounds, its final, interpretations and amendments are one thread; what is only
    suggested to belong is not, because a wrong thread hides a paper from who should see it.
    """
    family = {document.id}
    if store.papers.links(document.id) or subjects(document.title, document.facts):
        try:
            steps = store.links.lineage(document.id)
        except StoreError:  # it turned out to be another paper, just now
            steps = ()
        family |= {step.document.id for step in steps if step.state != "suggested"}
    return store.postings.thread_of(target, family)


def put_right(alert: Alert, after: Iterable[StoredChange], review: Review | None) -> Alert:
    """An alert as it should read now, by what became of its paper `after` it and was said of it."""
    news = [change for change in after if change.kind in _STANDS]
    last = news[-1] if news else None
    gone = last is not None and last.kind is ChangeKind.WITHDRAWN
    said = _SAID.get(review.state) if review else None
    posting = replace(
        alert.posting,
        since=since(last.kind, last.was, last.at, alert.timezone) if last else "",
        reviewed=f"{said} by {shown(review.by)}" if review and said else "",
    )
    return replace(alert, kind=ChangeKind.WITHDRAWN if gone else alert.kind, posting=posting)
