"""Titles in English, ahead of being asked for: the newest papers whose gloss is incomplete are translated.

Nothing waits for this. An alert shows the translation if there is one by then, else the gloss.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from watcher.clock import Clock
from watcher.gloss import gloss
from watcher.settings import Target
from watcher.store import Store
from watcher.store.translations import Translations
from watcher.text import one_line
from watcher.translate import TranslateError, Translator

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Titles in one look."""
NEWEST = 500
"""How far back papers are looked at; older ones keep their gloss, and the month its budget."""
LONGEST = 300
"""Characters; what is longer is no title."""
REFUSED = timedelta(days=1)
"""How long a service that refuses us is left alone; a changed configuration begins anew."""
_PERSISTENT = 5
"""So many refusals of titles in a row are about what is asked in general, such as an unknown model."""
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Titles:
    """Has titles translated: `translate_due` once a minute is enough. For one thread."""

    store: Store
    translator: Translator
    budget: int
    """Characters per calendar month (UTC)."""
    clock: Clock
    operators: tuple[Target, ...] = ()
    _rest_until: datetime | None = field(default=None, init=False)
    _pause: timedelta = field(default=_FIRST_PAUSE, init=False)
    _in_a_row: int = field(default=0, init=False)
    _refusal: str | None = field(default=None, init=False)
    _told_month: tuple[int, int] | None = field(default=None, init=False)

    @property
    def _kept(self) -> Translations:
        return self.store.translations

    def translate_due(self, stop: threading.Event | None = None) -> int:
        """Translate what is due, the newest first; return how many titles got a translation."""
        now = self.clock.now()
        if self._rest_until is not None and now < self._rest_until:
            return 0
        claimed = self._claim(now)
        done = 0
        for start in range(0, len(claimed), self.translator.most):
            batch = claimed[start : start + self.translator.most]
            if (stop is not None and stop.is_set()) or self._rests():
                self._kept.release(claimed[start:], self.clock.now())
                break
            done += self._translate(batch)
        return done

    def _rests(self) -> bool:
        return self._rest_until is not None and self.clock.now() < self._rest_until

    def _claim(self, now: datetime) -> list[str]:
        """Titles for this look, within what is left of the month's budget."""
        newest = self.store.papers.newest(limit=NEWEST)
        titles = list(dict.fromkeys(each.document.title for each in newest))
        titles = [title for title in titles if len(title) <= LONGEST and needs_translation(title)]
        asked = self._kept.asked(titles, now)
        waiting = [title for title in titles if title not in asked]
        if not waiting:
            return []
        left = self.budget - self._kept.spent(now)
        chosen: list[str] = []
        for title in waiting[:AT_ONCE]:
            left -= len(one_line(title))
            if left < 0:
                self._tell_spent(now)
                break
            chosen.append(title)
        return self._kept.claim(chosen, now) if chosen else []

    def _translate(self, batch: Sequence[str]) -> int:
        name = self.translator.name
        try:
            answers = self.translator.translate(batch)
        except TranslateError as exc:
            self._failed(batch, exc)
            return 0
        now = self.clock.now()
        self._pause, self._refusal, self._rest_until = _FIRST_PAUSE, None, None
        self._in_a_row = 0
        good = {t: a.text for t, a in zip(batch, answers, strict=True) if a.text is not None}
        self._kept.put(good, name, now)
        for title, answer in zip(batch, answers, strict=True):
            if answer.text is None:
                problem = answer.problem or "no answer"
                log.info("no translation of %r by %s: %s", title, name, problem)
                self._kept.fail([title], problem, now, charged=True)
        return len(good)

    def _failed(self, batch: Sequence[str], error: TranslateError) -> None:
        """Rest, so that a service in trouble is not pressed; the titles themselves step aside as well."""
        now = self.clock.now()
        self._in_a_row = self._in_a_row + 1 if error.about_titles else 0
        if error.permanent or self._in_a_row >= _PERSISTENT:
            self._kept.release(batch, now)
            self._rest_until = now + REFUSED
            if self._refusal != str(error):
                self._refusal = str(error)
                self._tell(
                    "titles are not translated", [f"{error}.", "Alerts show glosses instead."]
                )
            return
        self._kept.fail(batch, str(error), now, charged=False)
        if error.about_titles:
            log.warning("%d titles: %s", len(batch), error)
            return
        pause = max(self._pause, error.retry_after or timedelta(0))
        self._rest_until = now + pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        log.warning("%s; trying again in %s", error, pause)

    def _tell_spent(self, now: datetime) -> None:
        if self._told_month != (now.year, now.month):
            self._told_month = (now.year, now.month)
            log.warning(
                "this month's %d characters of translation are used up; titles show glosses until %s",
                self.budget,
                f"{(now.replace(day=1) + timedelta(days=32)):%Y-%m}-01",
            )

    def _tell(self, subject: str, lines: Sequence[str]) -> None:
        log.warning("%s: %s", subject, " ".join(lines))
        self.store.outbox.notify(self.operators, subject, lines, self.clock.now())


@lru_cache(maxsize=4096)
def needs_translation(title: str) -> bool:
    """Whether a title holds Chinese that the gloss leaves as it is."""
    return not gloss(title).complete
