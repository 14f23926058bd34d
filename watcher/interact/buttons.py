"""What the buttons of an alert do: review it, mute, correct its sector; and take that back."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.classify import sector_names
from watcher.correct import Label, value_of
from watcher.errors import ConfigError
from watcher.interact.acts import Button, Person, Submitted
from watcher.interact.slack import Slack
from watcher.render.alert import sector_name
from watcher.render.people import shown
from watcher.render.slack_actions import (
    LINKS,
    MUTE,
    MUTE_PAPER,
    MUTE_SUBSCRIPTION,
    NOT_RELEVANT,
    OPEN_DIFF,
    REVIEWED,
    WRONG_SECTOR,
    Pressed,
    read,
)
from watcher.render.slack_answers import (
    NO_SECTOR,
    SECTOR,
    UNDO,
    WRONG_SECTOR_FORM,
    answer,
    closing,
    sector_form,
)
from watcher.render.slack_diff import diff_window
from watcher.settings import Config
from watcher.store import Store
from watcher.store.acts import Told
from watcher.store.reviews import OPEN
from watcher.teams import Registrar
from watcher.wording import Wording

log = logging.getLogger(__name__)

MUTED_FOR = timedelta(days=7)
_MENU = frozenset({MUTE_PAPER, MUTE_SUBSCRIPTION, WRONG_SECTOR})
_WORDS = {REVIEWED: "reviewed", NOT_RELEVANT: "not relevant"}
STALE = "This belongs to an alert that I do not know any more; nothing was changed."
NOT_YET = "This alert is still being put down as sent; nothing was changed, try again in a minute."
NO_DIFF = "Both texts are not known any more, or they do not differ now."
DONE_BEFORE = "There is nothing to take back any more; nothing was changed."


@dataclass(frozen=True, slots=True)
class _Answer:
    words: str
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    store: Store
    config: Config
    slack: Slack
    wording: Wording
    conclude: Callable[[int], object]

    # ------------------------------------------------------------ pressing

    def pressed(self, act: Button, now: datetime) -> None:
        """Do what a button says, once, and tell who pressed it."""
        if act.action in LINKS:
            return
        pressed = read(act.value)
        told = self.store.acts.alert(pressed.delivery) if pressed else None
        why = _refusal(act, pressed, told)
        if pressed is None or told is None or why:
            log.info("a press of %.40r by %s: %s", act.action, act.person.id, why)
            self.slack.respond(act.response_url, answer([why]))
            return
        if act.action == OPEN_DIFF:
            self._show_diff(act, told)
            return
        if act.action == MUTE and pressed.action == WRONG_SECTOR:
            self._ask_for_sector(act, told)
            return
        try:
            with self.store.acts.once(act.id, now) as new:
                done = self._do(act, pressed, told, now) if new else None
        except ConfigError as exc:  # what it is about is gone, or another had been quicker
            done = _Answer("; ".join(exc.problems))
        if done is None:  # sent again; it was answered
            return
        body = answer([done.words], undo=pressed if done.undo else None, replace=act.action == UNDO)
        self.slack.respond(act.response_url, body)

    def _do(self, act: Button, pressed: Pressed, told: Told, now: datetime) -> _Answer:
        Registrar(self.store, self.config).find(told.team, now)  # else it is gone
        if act.action == UNDO:
            return self._undo(act.person, pressed, told, now)
        if pressed.action in _WORDS:
            return self._review(act.person, pressed.action, told, now)
        return self._mute(act.person, pressed.action, told, now)

    def _review(self, person: Person, state: str, told: Told, now: datetime) -> _Answer:
        said = self.store.postings.review(told.paper, told.team)
        if said is not None and said.state == state:
            return _Answer(f"{shown(said.by)} marked this {_WORDS[state]} already.")
        self.store.reviews.say(told.paper, told.team, state, person.by, now)
        hint = " To hear less of its kind, use the menu beside it." if state == NOT_RELEVANT else ""
        return _Answer(
            f"Marked as {_WORDS[state]}; the message says so to everybody.{hint}", undo=True
        )

    def _mute(self, person: Person, action: str, told: Told, now: datetime) -> _Answer:
        people = Registrar(self.store, self.config)
        team = people.find(told.team, now)
        if action == MUTE_SUBSCRIPTION:
            if not told.subscription:
                return _Answer("This alert belongs to no subscription; nothing was changed.")
            if self._muted(told.team, told.subscription, None, now):
                return _Answer(f"{told.subscription} is muted already.")
            people.mute(team.id, person.by, now, subscription=told.subscription, span=MUTED_FOR)
            words = (
                f"Nothing of {told.subscription} for {MUTED_FOR.days} days, for all of {team.name}."
            )
            return _Answer(words, undo=True)
        if self._muted(told.team, None, told.paper, now):
            return _Answer("This paper is muted already.")
        people.mute(team.id, person.by, now, paper=told.paper)
        words = f"No more of this paper, its later rounds and its final, for all of {team.name}."
        return _Answer(words, undo=True)

    def _muted(self, team: str, subscription: str | None, paper: int | None, now: datetime) -> bool:
        return any(
            (mute.team, mute.subscription, mute.document_id) == (team, subscription, paper)
            for mute in self.store.teams.roll(now).mutes
        )

    # ------------------------------------------------------------ taking back

    def _undo(self, person: Person, pressed: Pressed, told: Told, now: datetime) -> _Answer:
        """Take back what this person did, unless another has done something since."""
        people = Registrar(self.store, self.config)
        match pressed.action:
            case action if action in _WORDS:
                said = self.store.postings.review(told.paper, told.team)
                if said is None or (said.state, said.by) != (action, person.by):
                    return _Answer(DONE_BEFORE)
                self.store.reviews.say(told.paper, told.team, OPEN, person.by, now)
            case action if action == MUTE_SUBSCRIPTION:
                if not self._muted(told.team, told.subscription, None, now):
                    return _Answer(DONE_BEFORE)
                people.unmute(told.team, now, subscription=told.subscription)
            case _:
                if not self._muted(told.team, None, told.paper, now):
                    return _Answer(DONE_BEFORE)
                people.unmute(told.team, now, paper=told.paper)
        return _Answer("Taken back.")

    # ------------------------------------------------------------ what is opened

    def _show_diff(self, act: Button, told: Told) -> None:
        """Show the whole comparison, as it is now, to who asked for it. Nothing is changed."""
        comparison = self.wording.comparison(told.key)
        if comparison is None or comparison.found is None:
            self.slack.respond(act.response_url, answer([NO_DIFF]))
            return
        window = diff_window(told.title, comparison.found, comparison.before, comparison.command)
        if not self.slack.open(act.trigger, window):
            words = f"Slack did not open it; press again, or run {comparison.command}."
            self.slack.respond(act.response_url, answer([words]))

    # ------------------------------------------------------------ a wrong sector

    def _ask_for_sector(self, act: Button, told: Told) -> None:
        names = {code: english for code, (english, _) in sector_names(self.config.rules).items()}
        now = self.store.papers.get([told.paper])[told.paper].classification.primary
        if not self.slack.open(act.trigger, sector_form(told.key, told.title, now, names)):
            words = "Slack did not open the form; nothing was changed, press again."
            self.slack.respond(act.response_url, answer([words]))

    def submitted(self, act: Submitted, now: datetime) -> Mapping[str, Any]:
        """Store what somebody says the sector is; return what the form shows then."""
        chosen, told = act.chosen.get(SECTOR, ""), self._asked_about(act)
        known = {*sector_names(self.config.rules), NO_SECTOR}
        if act.form != WRONG_SECTOR_FORM or told is None or chosen not in known:
            log.info("a form of %s was refused", act.person.id)
            return _shown(STALE)
        before = self.store.papers.get([told.paper])[told.paper]
        was = value_of(before, SECTOR)
        with self.store.acts.once(act.id, now) as new:
            if new and was != chosen:
                self._label(told.paper, chosen, act.person, now)
        if new and was != chosen:
            self.conclude(told.paper)
        if new and was == chosen:
            words = f"It is in {_sector(chosen)} already; nothing was changed."
        else:
            words = f"Stored: it belongs to {_sector(chosen)}. Rules will not change that again."
        return _shown(words)

    def _asked_about(self, act: Submitted) -> Told | None:
        try:
            about = json.loads(act.about or "null")
        except (ValueError, RecursionError):
            return None
        key = about.get("k") if isinstance(about, dict) else None
        return self.store.acts.alert(key) if isinstance(key, str) and key.isascii() else None

    def _label(self, paper: int, value: str, person: Person, now: datetime) -> None:
        self.store.labels.add(
            Label(document_id=paper, field=SECTOR, value=value, by=person.by, at=now)
        )


def _shown(words: str) -> dict[str, Any]:
    return {"response_action": "update", "view": closing([words])}


def _sector(code: str) -> str:
    return "no sector" if code == NO_SECTOR else sector_name(code)


def _refusal(act: Button, pressed: Pressed | None, told: Told | None) -> str:
    """Why a press is not acted on; "" when it is."""
    if pressed is None or told is None or pressed.document not in told.documents:
        return STALE
    fits = {
        OPEN_DIFF: pressed.action == OPEN_DIFF,
        REVIEWED: pressed.action == REVIEWED,
        NOT_RELEVANT: pressed.action == NOT_RELEVANT,
        MUTE: pressed.action in _MENU,
        UNDO: act.ephemeral and pressed.action != WRONG_SECTOR,
    }
    if not fits.get(act.action, False) or pressed.team not in ("", told.team):
        return STALE
    if not told.place:
        return NOT_YET
    channel, _, message = told.place.rpartition("/")
    if channel != act.channel or (act.action != UNDO and message != act.message):
        return STALE
    return ""
