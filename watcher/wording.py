"""What a delivery says when it is sent: alerts, digests, letters and notices, from what is known by then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from watcher import brief as briefs
from watcher.clock import Clock
from watcher.diff import TextDiff, diff_texts, summary
from watcher.diff.points import summary_zh
from watcher.errors import Blame, DeliveryError
from watcher.followup import put_right
from watcher.followup import thread as thread_of
from watcher.gloss import reading
from watcher.greet import everyone
from watcher.greet import words as letter_words
from watcher.health import coverage
from watcher.model import Alert, ChangeKind, Document, Link, Message, Stage
from watcher.posting import Posting
from watcher.render import render_alerts, render_notice
from watcher.render.diff import point_lines
from watcher.render.letter import Letter, render_letter
from watcher.settings import Config, Target
from watcher.store import Store
from watcher.store.batch import Batch, Owed
from watcher.store.links import STANDING
from watcher.store.papers import StoredChange
from watcher.store.postings import UPDATE, Posted
from watcher.teams import Teams

POINTS, QUOTED = 3, 24
"""Changes that an alert quotes, and characters of each: a phone's screen holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A paper's text against the one that its readers know."""

    found: TextDiff | None
    """None where one of the texts is not known, or nothing differs."""
    before: str
    """What the older text is called in a summary."""
    command: str
    """Which shows it on a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    store: Store
    config: Config
    clock: Clock

    def message(self, batch: Batch) -> Message | None:
        """The message; None where there is nothing to say when it comes to that (an empty brief)."""
        kind = batch.target.kind
        notices = [row.notice for row in batch.rows if row.notice is not None]
        if len(notices) == 1:
            return render_notice(kind, notices[0]["subject"], notices[0]["lines"])
        if notices:
            lines = [f"{notice['subject']}: {' '.join(notice['lines'])}" for notice in notices]
            return render_notice(kind, f"{len(notices)} notices", lines)
        now, first = self.clock.now(), batch.rows[0]
        if first.letter is not None and first.letter["kind"] == briefs.KIND:
            return briefs.brief_letter(
                self.store, self.config, everyone(self.store, self.config, now), kind, first.letter
            )
        if first.letter is not None and first.letter["kind"] == UPDATE:
            return self._update(kind, first.letter["delivery"])
        if first.letter is not None:
            return render_letter(kind, self._letter(first, first.letter, batch.target))
        alerts = [self._alert(row) for row in batch.rows]
        said = []
        if first.digest:
            part, parts = self.store.outbox.part(batch)
            if part == 1:
                states = self.store.sources.states()
                said.append(coverage(self.config, states, alerts[0].timezone, now))
            if parts > 1:
                said.append(f"Message {part} of {parts}.")
        return render_alerts(kind, alerts, now, " ".join(filter(None, said)))

    def _letter(self, row: Owed, says: Mapping[str, Any], target: Target) -> Letter:
        now = self.clock.now()
        teams = everyone(self.store, self.config, now)
        team = next((each for each in teams if each.id == row.team), None)
        if team is None:
            raise DeliveryError(f"no team {row.team} is configured", blame=Blame.MESSAGE)
        return letter_words(
            self.store, self.config, team, target, says, row.subscription or "", now
        )

    def thread(self, batch: Batch) -> str:
        """The place that a message about one paper follows; digests and letters follow nothing."""
        first = batch.rows[0]
        if first.change_id is None or first.digest is not None:
            return ""
        document = self.store.papers.change(first.change_id).document
        return thread_of(self.store, batch.target, document)

    def _update(self, kind: str, delivery_id: int) -> Message:
        """A posted alert as it should read now, to take its place."""
        posted = self.store.postings.posted(delivery_id)
        if posted is None:
            raise ValueError(f"delivery {delivery_id} has nothing to put right")
        alert = self._alert(posted)
        changes = self.store.papers.changes(alert.document.id)
        later = [change for change in changes if change.id > posted.change_id]
        review = self.store.postings.review(alert.document.id, posted.team)
        message = render_alerts(kind, [put_right(alert, later, review)], self.clock.now())
        return replace(message, edits=posted.place)

    def _alert(self, row: Owed | Posted) -> Alert:
        if row.change_id is None:
            raise ValueError(f"delivery {row.key} is neither an alert nor a notice")
        change = self.store.papers.change(row.change_id)
        names = {source.id: source.name for source in self.config.sources}
        sightings = self.store.papers.sightings(change.document.id)
        elsewhere = dict.fromkeys(
            names.get(s["source_id"], s["source_id"])
            for s in sightings
            if s["source_id"] != change.source_id
        )
        title = change.document.title
        link, draft = self._draft_of(change.document)
        comparison = self._comparison(change, draft)
        slack = self.config.slack
        compared, before = comparison.found, comparison.before
        return Alert(
            kind=change.kind,
            document=change.document,
            reason=row.reason,
            source_name=names.get(change.source_id, change.source_id),
            seen_at=change.at,
            timezone=self._zone(row.team),
            was=change.was,
            draft=draft,
            link=link,
            diff_summary=summary(compared, before=before) if compared else None,
            diff_summary_zh=summary_zh(compared, before=before) if compared else None,
            diff_points=point_lines(compared, POINTS, width=QUOTED) if compared else (),
            review=comparison.command if compared else None,
            sightings=tuple(elsewhere),
            english=reading(change.document, self.store.translations.get([title])),
            delivery=row.key,
            posting=Posting(
                team=row.team or "",
                subscription=row.subscription or "",
                pressable=bool(slack and slack.token and slack.app_token),
            ),
        )

    def _zone(self, team: str | None) -> str:
        """The time zone of a team, which may have been made at run time."""
        zones = {each.id: each.timezone for each in self.config.teams}
        if team is not None and team not in zones:
            made = Teams(self.store, self.config.teams).all(self.clock.now())
            zones |= {each.id: each.timezone for each in made}
        return zones.get(team or "", self.config.timezone)

    def comparison(self, delivery: str) -> Comparison | None:
        """What the alert of this delivery compares, told anew; None for one that is not known."""
        change = self.store.postings.change_of(delivery)
        if change is None:
            return None
        stored = self.store.papers.change(change)
        return self._comparison(stored, self._draft_of(stored.document)[1])

    def _comparison(self, change: StoredChange, draft: Document | None) -> Comparison:
        """A correction is compared with what it corrects: its readers heard of the rest before."""
        now = change.document.text
        if change.kind is ChangeKind.MODIFIED:
            version = change.before_id and self.store.papers.version(change.before_id)
            was, before = version.text if version else "", "before"
            there = f"version:{change.before_id}"
        else:
            was, before = draft.text if draft else "", "draft"
            there = f"doc:{draft.id}" if draft else ""
        return Comparison(
            found=diff_texts(was, now) if was and now and was != now else None,
            before=before,
            command=f"watcher diff {there} doc:{change.document.id}",
        )

    def _draft_of(self, document: Document) -> tuple[Link | None, Document | None]:
        """The newest draft that this document is the final of; of a draft, the round before it."""
        kind = "round" if document.facts.stage is Stage.DRAFT else "final"
        links = {
            int(x.draft): x
            for x in self.store.papers.links(document.id)
            if x.final == str(document.id) and x.kind == kind and x.state in STANDING
        }
        drafts = self.store.papers.get(links)
        if not drafts:
            return None, None
        draft = max(drafts.values(), key=_day)
        return links[draft.id], draft


def _day(document: Document) -> tuple[str, int]:
    return (document.published.isoformat() if document.published else "", document.id)
