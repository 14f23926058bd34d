"""Empty the outbox: claim per target, render, send, record."""

import logging
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from watcher.clock import Clock
from watcher.due import due_at
from watcher.errors import Blame, DeliveryError, StoreError
from watcher.notify import Notifier, Pace, Sent
from watcher.settings import Cadence, Config, Target
from watcher.store import Store
from watcher.store.batch import Batch
from watcher.teams import Teams
from watcher.wording import Wording

log = logging.getLogger(__name__)

PATIENCE = timedelta(days=5)
"""Retry by age, as mail does: restarts must not use up a delivery's chances."""
LATE = timedelta(minutes=5)
"""What leaves so long after it was due is held to its team's quiet hours anew."""
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
    wording: Wording
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
            if (until := self._quiet_until(batch)) is not None:
                self.store.outbox.put_back(batch, self.clock.now(), until)
                continue
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

    def _quiet_until(self, batch: Batch) -> datetime | None:
        """When what is late may be sent, if that is not now: its team's quiet hours have begun.

        What was due within such hours was asked for by a person, who waits for it.
        """
        now, first = self.clock.now(), batch.rows[0]
        if first.team is None or now - first.due_at < LATE:
            return None
        teams = Teams(self.store, self.config.teams).all(now)
        found = (
            (team, wants)
            for team in teams
            for wants in team.subscriptions
            if team.id == first.team and first.subscription in (wants.id, None)
        )
        team, wants = next(found, (None, None))
        if team is None or wants is None:
            return None
        allowed = partial(due_at, Cadence(), wants.quiet, wants.days, ZoneInfo(team.timezone))
        until = allowed(now)
        return until if until > now and allowed(first.due_at) == first.due_at else None

    def _wait(self, target: Target) -> float:
        return self.clock.real_seconds(self.pace.wait(target, self.clock.now()))

    def _send(self, batch: Batch, attempt: Attempt) -> Sent:
        notifier = self.notifiers.get(batch.target.kind)
        if notifier is None:
            raise DeliveryError(
                f"channels.{batch.target.kind} is not configured", blame=Blame.CHANNEL
            )
        try:
            message = self.wording.message(batch)
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
                thread=self.wording.thread(batch),
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


def _backoff(batch: Batch, now: datetime) -> timedelta:
    """As long again as it has been refused for: 15 s, 30 s, 1 min … 1 h, whatever restarts there were.

    Spread by up to a fifth, so that targets do not come back in step.
    """
    age = now - batch.refused_at if batch.refused_at else timedelta(0)
    spread = zlib.crc32(f"{batch.key}/{batch.attempts}".encode()) % 1000 / 5000
    return min(max(age, _FIRST_WAIT), _LONGEST_WAIT) * (1 + spread)
