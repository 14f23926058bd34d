"""Empty the outbox: claim per target, render, send, record."""

import logging
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from watcher import brief as briefs
from watcher.clock import Clock
from watcher.diff import diff_texts, summary
from watcher.diff.points import summary_zh
from watcher.errors import Blame, DeliveryError, StoreError
from watcher.followup import comparison, put_right, thread
from watcher.gloss import reading
from watcher.greet import everyone
from watcher.greet import words as letter_words
from watcher.health import coverage
from watcher.model import Alert, ChangeKind, Document, Link, Message, Stage
from watcher.notify import Notifier, Pace, Sent
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

log = logging.getLogger(__name__)

PATIENCE = timedelta(days=5)
"""Retry by age, as mail does: restarts must not use up a delivery's chances."""
POINTS, QUOTED = 3, 24
"""Changes that an alert quotes, and characters of each: a phone's screen holds no more."""
REPEATS = 2
"""What nobody can be asked about is handed over so often, the last time marked as a possible repeat."""
SHORT = 0.6
"""Real seconds that a sender waits for a turn; for a later one the next tick comes again."""
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(hours=1)


class ClaimLostError(Exception):
    """Somebody else has these rows now, or they say something else by now: nothing was sent."""


class SilentError(DeliveryError):
    """Every hand-over that was allowed ended without an answer."""

    def __init__(self, target: Target) -> None:
        super().__init__(
            f"{target}: handed over twice without an answer: it has probably arrived",
            blame=Blame.MESSAGE,
        )


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One try at one batch. Notifiers call it right before the message may arrive."""

    store: Store
    batch: Batch
    clock: Clock
    handed: bool = False
    blind: bool = False

    def __call__(self, *, blind: bool) -> None:
        if blind and self.batch.exposed >= REPEATS:
            raise SilentError(self.batch.target)
        if not self.store.outbox.hand_over(self.batch, self.clock.now(), blind=blind):
            raise ClaimLostError
        self.handed, self.blind = True, blind

    def in_doubt(self, error: DeliveryError) -> bool:
        """Whether this attempt, or an earlier one that nothing settled, may have arrived."""
        return error.ambiguous or (self.blind if self.handed else self.batch.ambiguous)

    def answered(self, error: DeliveryError) -> bool:
        return self.handed and (error.answered or not error.ambiguous)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    store: Store
    notifiers: Mapping[str, Notifier]
    config: Config
    clock: Clock
    pace: Pace = field(default_factory=lambda: Pace({}))

    def due_targets(self) -> list[Target]:
        """Whom something is owed now. What is owed to targets no longer configured is buried."""
        now = self.clock.now()
        due = self.store.outbox.due_targets(now)
        if not due:
            return due
        teams = Teams(self.store, self.config.teams).all(now)
        wanted = {target for team in teams for target in team.to}
        wanted.update(self.config.operators)
        for target in due:
            if target not in wanted:
                gone = "no longer in the configuration"
                count = self.store.outbox.bury_all(target, gone, now)
                self._tell(f"{target} is no longer configured", f"{count} owed to it are dead.")
        self._tell_of_storms(now)
        return self.pace.longest_ago([target for target in due if target in wanted])

    def drain(
        self, target: Target, stop: threading.Event | None = None, *, patience: float = SHORT
    ) -> int:
        """Send what is due for one target, in order; return how many messages went out.

        Ends between two messages when `stop` is set, or when the target's next turn is further than
        `patience`, in real seconds.

        At least once: what a crash leaves open is settled by the delivery's own id in the message
        where the medium can be asked (Slack with a bot token), and else repeated once, marked.
        """
        sent = 0
        while not (stop and stop.is_set()) and self._wait(target) <= patience:
            batch = self.store.outbox.claim(target, self.clock.now())
            if batch is None:
                break
            self.clock.sleep(self.pace.take(target, self.clock.now()), stop)
            if stop and stop.is_set():
                self.store.outbox.put_back(batch)
                break
            attempt = Attempt(store=self.store, batch=batch, clock=self.clock)
            try:
                done = self._send(batch, attempt)
            except ClaimLostError:
                self.store.outbox.put_back(batch)
                continue
            except DeliveryError as exc:
                self._refused(attempt, exc)  # what it holds up, the next claim does not give
                continue
            self._sent(attempt, done)
            sent += 1
        return sent

    def _wait(self, target: Target) -> float:
        return self.clock.real_seconds(self.pace.wait(target, self.clock.now()))

    def _send(self, batch: Batch, attempt: Attempt) -> Sent:
        notifier = self.notifiers.get(batch.target.kind)
        if notifier is None:
            raise DeliveryError(
                f"channels.{batch.target.kind} is not configured", blame=Blame.CHANNEL
            )
        try:
            message = self._render(batch)
        except (StoreError, DeliveryError):
            raise
        except Exception as exc:
            log.critical("a bug in rendering delivery %d", batch.rows[0].id, exc_info=exc)
            raise DeliveryError(f"cannot be rendered: {exc!r}", blame=Blame.MESSAGE) from exc
        if message is None:
            return Sent(receipt="nothing to say: not sent")
        try:
            return notifier.send(
                batch.target,
                replace(message, audience=batch.audience),
                key=batch.key,
                ambiguous=batch.ambiguous,
                thread=self._thread(batch),
                hand_over=attempt,
            )
        except (DeliveryError, StoreError, ClaimLostError):
            raise
        except Exception as exc:  # a bug in one notifier is no reason to try it without pause
            log.critical("a bug in sending to %s", batch.target, exc_info=exc)
            raise DeliveryError(
                f"a bug in watcher: {exc!r}", blame=Blame.MOMENT, ambiguous=attempt.handed
            ) from exc

    def _sent(self, attempt: Attempt, done: Sent) -> None:
        batch = attempt.batch
        healed = self.store.outbox.mark_sent(
            batch,
            done.receipt,
            self.clock.now(),
            place=done.place,
            found=batch.ambiguous and not attempt.handed,
        )
        for address in healed:
            self._tell(f"{address} takes messages again", "What was owed is being sent.")
        log.info("sent %d to %s (%s)", len(batch.rows), batch.target, done.receipt)

    def _refused(self, attempt: Attempt, error: DeliveryError) -> None:
        batch, now, outbox = attempt.batch, self.clock.now(), self.store.outbox
        target, said = batch.target, str(error)
        doubt, answered = attempt.in_doubt(error), attempt.answered(error)
        if error.blame is Blame.MESSAGE and batch.rows[0].notice is not None:
            outbox.bury(batch, said, now, ambiguous=doubt)
            # telling operators of it would not get through either
            log.error("%s will not take a notice: %s", target, error)
            return
        match error.blame:
            case Blame.MESSAGE:
                outbox.bury(batch, said, now, ambiguous=doubt)
                told = (
                    "does not answer"
                    if isinstance(error, SilentError)
                    else "will not take a message"
                )
                self._tell(
                    f"{target} {told}",
                    said,
                    f"It is listed as dead; `watcher deliveries retry {batch.rows[0].id}` sends it again.",
                )
            case Blame.CHANNEL | Blame.TARGET:
                whole = error.blame is Blame.CHANNEL
                if outbox.suspend(
                    batch, said, now, whole=whole, ambiguous=doubt, answered=answered
                ):
                    self._tell(
                        f"{target.kind if whole else target} refuses us",
                        said,
                        "Its messages stay owed and are tried again from time to time.",
                    )
            case Blame.MOMENT if batch.refused_at and now - batch.refused_at > PATIENCE:
                outbox.bury(
                    batch, f"gave up after {PATIENCE.days} days: {said}", now, ambiguous=doubt
                )
                self._tell(f"gave up on a message to {target}", said)
            case Blame.MOMENT:
                until = now + (error.retry_after or _backoff(batch, now))
                outbox.postpone(
                    batch,
                    until,
                    said,
                    now,
                    ambiguous=doubt,
                    answered=answered,
                    hold=error.retry_after is not None,
                )
                log.warning("%s: %s (again at %s)", target, error, until)

    def _tell_of_storms(self, now: datetime) -> None:
        for storm in self.store.storms.standing():
            subject = f"alerts to {storm['target']} are held: too many came at once"
            release = f"watcher deliveries release {storm['target']}"
            lines = (
                f"{storm['count']} so far; `{release}` sends them, with --discard it does not.",
            )
            once = f"storm {storm['first']}"
            self.store.outbox.notify(self.config.operators, subject, lines, now, once=once)

    def _tell(self, subject: str, *lines: str) -> None:
        log.warning("%s: %s", subject, " ".join(lines))
        self.store.outbox.notify(self.config.operators, subject, lines, self.clock.now())

    # ------------------------------------------------------------ what a message says

    def _render(self, batch: Batch) -> Message | None:
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
            return render_letter(kind, self._letter(first, first.letter))
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

    def _letter(self, row: Owed, says: Mapping[str, Any]) -> Letter:
        now = self.clock.now()
        teams = everyone(self.store, self.config, now)
        team = next((each for each in teams if each.id == row.team), None)
        if team is None:
            raise DeliveryError(f"no team {row.team} is configured", blame=Blame.MESSAGE)
        return letter_words(self.store, self.config, team, says, row.subscription or "", now)

    def _thread(self, batch: Batch) -> str:
        """The place that a message about one paper follows; digests and letters follow nothing."""
        first = batch.rows[0]
        if first.change_id is None or first.digest is not None:
            return ""
        document = self.store.papers.change(first.change_id).document
        return thread(self.store, batch.target, document)

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
        was, before, there = self._text_before(change, draft)
        here = f"doc:{change.document.id}"
        slack = self.config.slack
        compared = diff_texts(was, change.document.text) if was else None
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
            review=f"watcher diff {there} {here}" if compared else None,
            sightings=tuple(elsewhere),
            english=reading(change.document, self.store.translations.get([title])),
            delivery=row.key,
            posting=Posting(
                team=row.team or "",
                subscription=row.subscription or "",
                pressable=bool(slack and slack.token and slack.app_token),
                compare_url=comparison(self.config, there, here) if compared else None,
            ),
        )

    def _zone(self, team: str | None) -> str:
        """The time zone of a team, which may have been made at run time."""
        zones = {each.id: each.timezone for each in self.config.teams}
        if team is not None and team not in zones:
            made = Teams(self.store, self.config.teams).all(self.clock.now())
            zones |= {each.id: each.timezone for each in made}
        return zones.get(team or "", self.config.timezone)

    def _text_before(self, change: StoredChange, draft: Document | None) -> tuple[str, str, str]:
        """What the text is to be compared with ("" for nothing), what a summary calls that, and the
        name that `watcher diff` knows it by.

        A correction is compared with what it corrects: its readers heard of the rest before.
        """
        now = change.document.text
        if change.kind is ChangeKind.MODIFIED:
            version = change.before_id and self.store.papers.version(change.before_id)
            was, name = version.text if version else "", "before"
            there = f"version:{change.before_id}"
        else:
            was, name = draft.text if draft else "", "draft"
            there = f"doc:{draft.id}" if draft else ""
        return (was if now and was != now else ""), name, there

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


def _backoff(batch: Batch, now: datetime) -> timedelta:
    """As long again as it has been refused for: 15 s, 30 s, 1 min … 1 h, whatever restarts there were.

    Spread by up to a fifth, so that targets do not come back in step.
    """
    age = now - batch.refused_at if batch.refused_at else timedelta(0)
    spread = zlib.crc32(f"{batch.key}/{batch.attempts}".encode()) % 1000 / 5000
    return min(max(age, _FIRST_WAIT), _LONGEST_WAIT) * (1 + spread)
