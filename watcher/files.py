"""The attachments of a document: fetched each on its own, read in the sandbox, never in the way of the page."""

import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.model import Attachment, Validators
from watcher.sandbox import read_attachment
from watcher.settings import Source
from watcher.store.findings import File
from watcher.store.snapshots import Snapshots
from watcher.text import text_hash

log = logging.getLogger(__name__)

MOST = 30
"""Attachments of one document that are read; no notice is known to have more that matter."""
SECONDS = 100.0
"""Real time for the attachments of one reading; those left over have their turn in the next."""
TRIES = 8
"""Failures after which an attachment that never could be fetched is left alone."""
_MISSING = 3
"""Failures that a missing file counts for: it is asked for again after 8 and 64 minutes."""
_RETRY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReader:
    fetcher: Fetcher
    snapshots: Snapshots
    clock: Clock

    def read(
        self,
        source: Source,
        offered: Sequence[Attachment],
        known: Sequence[File],
        *,
        referer: str,
    ) -> list[File]:
        """The files that a page offers, in its order, as they are after one more look at each.

        What cannot be fetched keeps what was known of it, with the reason. FetchError is raised only
        when the process is stopping.
        """
        offered = offered[:MOST]
        before = _matched(offered, known)
        files = [replace(before.get(a.url, File(attachment=a)), attachment=a) for a in offered]
        until = time.monotonic() + SECONDS
        # those never read come first: the time must not go to the same slow files again and again
        for at in sorted(range(len(files)), key=lambda at: files[at].content is not None):
            if time.monotonic() < until and not given_up(files[at]):
                files[at] = self._read(source, files[at], referer)
        return files

    def _read(self, source: Source, file: File, referer: str) -> File:
        now = self.clock.now()
        try:
            page = self.fetcher.fetch(
                file.attachment.url,
                manners=replace(source.manners, render=False),
                validators=file.validators if file.content else Validators(),
                referer=referer,
            )
        except FetchError as exc:
            if self.fetcher.closed:
                raise
            log.info("attachment %s: %s", file.attachment.url, exc)
            if exc.gone:  # a page is often put up before its files
                failures = file.failures + _MISSING
            else:
                failures = file.failures + 1 if exc.transient else max(TRIES, file.failures + 1)
            return replace(file, failures=failures, error=str(exc))
        if page is None:
            return replace(file, read_at=now, failures=0, error=None)
        same = file.content is not None and file.snapshot == _sha(page.body)
        return replace(
            file,
            content=file.content if same else read_attachment(page.body, file.attachment.name),
            snapshot=self.snapshots.put(page.body),
            validators=page.validators,
            read_at=now,
            failures=0,
            error=None,
        )


def given_up(file: File) -> bool:
    """Whether a file that never was read is not tried any more."""
    return file.content is None and file.failures >= TRIES


def next_try(files: Sequence[File], now: datetime) -> datetime | None:
    """When to look again for the sake of files that are still to be read; None when there are none."""
    waiting = [f.failures for f in files if f.content is None and not given_up(f)]
    return now + _RETRY * 2 ** min(waiting) if waiting else None


def changed_files(
    files: Sequence[File], known: Sequence[File], offered_before: Sequence[Attachment]
) -> Iterator[str]:
    """What readers should hear of a document's files, a sentence each.

    A file that could not be read before is no news, nor is one whose place, name or address alone
    differs (some sites make new addresses for every visitor): its text was known.
    """
    offered = [file.attachment for file in files]
    stood = _pairs(offered, offered_before)
    before = _matched(offered, known)
    texts = {text_hash(_text(file)) for file in known if _text(file)}
    for file in files:
        name, url = file.attachment.name, file.attachment.url
        if _text(file) and text_hash(_text(file)) in texts:
            continue
        old = before.get(url)
        if url not in stood:
            yield f"{name} was added"
        elif old and _text(old) and _text(file):
            yield f"the text of {name} was changed"


def _text(file: File) -> str:
    return file.content.text if file.content and file.content.quality == "ok" else ""


def _matched(offered: Sequence[Attachment], known: Sequence[File]) -> dict[str, File]:
    """What is known of each offered file, by its address now."""
    pairs = _pairs(offered, [file.attachment for file in known])
    return {
        url: known[at]
        if known[at].attachment.url == url
        else replace(known[at], validators=Validators())
        for url, at in pairs.items()
    }


def _pairs(offered: Sequence[Attachment], before: Sequence[Attachment]) -> dict[str, int]:
    """Which file of `before` each offered one is, by its address now.

    It is the one of the same address, else the next of the same name that is nobody else's.
    """
    at_url = {attachment.url: at for at, attachment in enumerate(before)}
    found = {a.url: at_url[a.url] for a in offered if a.url in at_url}
    taken = set(found.values())
    free: dict[str, list[int]] = {}
    for at, attachment in enumerate(before):
        if at not in taken:
            free.setdefault(attachment.name, []).append(at)
    for attachment in offered:
        if attachment.url not in found and free.get(attachment.name):
            found[attachment.url] = free[attachment.name].pop(0)
    return found


def _sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
