"""One probe from the first fetch to the proposal; what the daemon would do, done by its own code."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from watcher.config.entries import CHINA, block, source_id
from watcher.errors import ExtractError, FetchError, Reason, SourceError
from watcher.extract.lists.fingerprint import fingerprint
from watcher.extract.lists.jpaas import unit_url
from watcher.extract.paper.page import read_page
from watcher.facts import facts_of
from watcher.facts.bodies import body_of_host
from watcher.gather import fetch_list, fetch_paper, rows_of
from watcher.identity import address_identity
from watcher.model import Attachment, Item, Page, PageText, Validators
from watcher.probe.advice import on_list, on_trouble
from watcher.probe.compare import unstable
from watcher.probe.describe import answer_of, listed_of, robots_of, trouble_of, words
from watcher.probe.recognise import (
    candidates,
    encoding_of,
    feeds_of,
    name_of,
    paper_of,
    preset_of,
)
from watcher.probe.recorder import Recorder
from watcher.render.probe import File, Paper, Sheet, Trouble, Twice
from watcher.render.scraped import clean
from watcher.sandbox import read_attachment
from watcher.settings import Manners, Rule, Source, Structure

FILES = 2
"""Attachments of a paper that are fetched and read."""
_BEGINNING = 200  # characters of a paper's text that are shown
_REMEDY = re.compile(r"`(?:(?P<cookies>cookies: true)|tls: (?P<tls>legacy|seclevel1))`")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A page and the rows that a source reads from it."""

    source: Source
    page: Page
    items: list[Item]


class _Unread(Exception):
    """No way to read the list was found; `sheet` says what was found instead."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Prober:
    fetcher: Recorder
    watched: Mapping[str, str] = field(default_factory=dict)
    """What the configuration watches already: id by identity of the address."""
    zone: str = CHINA
    """The time zone of the configuration."""
    progress: Callable[[str], None] = lambda _: None
    """Told what is being done."""

    def address(self, url: str, kind: str | None = None) -> Sheet:
        """Probe an address of which nothing is known; `kind` says how to read it, else it is found."""
        source = Source(
            id=source_id(url, self.watched.values()),
            name="",
            kind=kind or "listing",
            url=url,
            body=body_of_host(url),
            every=timedelta(minutes=30),
            timezone=self.zone,
        )
        try:
            page, reading = self._found(source, kind)
        except _Unread as exc:
            return exc.sheet
        named = replace(reading.source, name=name_of(page, source))
        sheet = self._sheet(page, replace(reading, source=named), words(named))
        known = self.watched.get(address_identity(url))
        note = f"It is watched already, as {known}: `watcher probe {known}` reads it as configured."
        return replace(sheet, advice=(note, *sheet.advice)) if known else sheet

    def source(self, source: Source) -> Sheet:
        """Probe a configured source as it is configured; if that fails, as an address."""
        self.progress(f"fetching {source.url}")
        try:
            page = _there(fetch_list(self.fetcher, source, Validators()))
            reading = _Reading(source=source, page=page, items=rows_of(source, page))
        except FetchError as exc:
            return self._refused(source, exc, None)
        except ExtractError as exc:
            return self._otherwise(source, exc)
        return self._sheet(page, reading, f"as it is configured: {words(source)}", configured=True)

    def _otherwise(self, source: Source, error: ExtractError) -> Sheet:
        """What is found when the configured way to read a source does not work."""
        failed = f"as configured ({words(source)}): {error}"
        try:
            if source.kind == "library":
                raise _Unread(self._refused(source, error, None))
            page, reading = self._found(replace(source, rule=Rule()), None)
        except _Unread as exc:
            return replace(exc.sheet, tried=(failed, *exc.sheet.tried))
        kept = replace(reading.source, every=source.every)
        sheet = self._sheet(page, replace(reading, source=kept), words(kept))
        note = "As it is configured the list cannot be read any more; the YAML below reads it."
        return replace(sheet, tried=(failed, *sheet.tried), advice=(note, *sheet.advice))

    # ------------------------------------------------------------ finding the list

    def _found(self, source: Source, kind: str | None) -> tuple[Page, _Reading]:
        """The page and the best way to read a list from it; _Unread when there is none."""
        self.progress(f"fetching {source.url}")
        try:
            source, page = self._opened(source)
        except FetchError as exc:
            raise _Unread(self._refused(source, exc, None)) from exc
        try:
            ways = candidates(page, source, kind)
        except ExtractError as exc:
            raise _Unread(self._refused(source, exc, page)) from exc
        readings, failures = [], []
        for way in ways:
            try:
                readings.append(self._read(way, page))
            except SourceError as exc:
                failures.append((way, exc))
        best = _best(readings)
        if kind is None and (best is None or best.source.kind == "listing"):
            paper = paper_of(page, best.items if best else [])
            if paper is not None:
                raise _Unread(self._is_paper(source, page, paper))
        if best is None:
            sheet = self._refused(source, failures[-1][1], page)
            others = tuple(f"{words(way)}: {exc}" for way, exc in failures[:-1])
            raise _Unread(replace(sheet, tried=others))
        if best.source.kind == "listing" and best.source.rule == Rule():
            rule = Rule(preset=preset_of(best.items))
            best = replace(best, source=replace(best.source, rule=rule))
        return page, best

    def _opened(self, source: Source) -> tuple[Source, Page]:
        """The first answer; what a refusal itself says may help is tried, each once."""
        tried = [source.manners]
        while True:
            try:
                return source, _there(self.fetcher.fetch(source.url, manners=source.manners))
            except FetchError as exc:
                remedies = _remedies(source.manners, str(exc))
                fresh = next((manners for manners in remedies if manners not in tried), None)
                if fresh is None:
                    raise
                self.progress(f"trying again: {exc}")
                tried.append(fresh)
                source = replace(source, manners=fresh)

    def _read(self, source: Source, page: Page) -> _Reading:
        if source.rule.preset == "jpaas":
            self.fetcher.what = "unit"
            unit = unit_url(page) or source.url
            answer = self.fetcher.fetch(unit, manners=source.manners, referer=source.url)
            page = _there(answer)
        return _Reading(source=source, page=page, items=rows_of(source, page))

    # ------------------------------------------------------------ what it comes to

    def _sheet(
        self, page: Page, reading: _Reading, recognised: str, *, configured: bool = False
    ) -> Sheet:
        """What a list that can be read comes to; what is configured is proposed as it is."""
        source, items = reading.source, reading.items
        twice = self._again(reading)
        paper, trouble = self._first_paper(source, items)
        today = self.fetcher.clock.now().astimezone(ZoneInfo(self.zone)).date()
        proposed = replace(source, structure=Structure(seen=today, sure="high"))
        if trouble is not None and not trouble.transient and not configured:
            proposed = replace(proposed, detail=replace(source.detail, follow=False))
        feeds = feeds_of(page)
        listed = listed_of(reading.page, reading.items, reading.source.rule)
        return Sheet(
            asked=source.url,
            recognised=recognised,
            kind=source.kind,
            preset=source.rule.preset,
            robots=robots_of(source),
            answer=answer_of(reading.page),
            encoding=encoding_of(reading.page),
            listed=listed,
            twice=twice,
            paper=paper,
            paper_trouble=trouble,
            feeds=feeds,
            advice=tuple(on_list(proposed, listed, twice, feeds, trouble)),
            yaml=block(proposed, zone=self.zone),
        )

    def _again(self, reading: _Reading) -> Twice:
        source = reading.source
        self.progress("fetching it again")
        self.fetcher.what = "again"
        try:
            page = _there(fetch_list(self.fetcher, source, Validators()))
            items = rows_of(source, page)
        except SourceError as exc:
            said = f"the second fetch failed: {exc}"
            return Twice(same_bytes=False, same_fingerprint=False, unstable=(said,))
        one, other = (fingerprint(p, source.kind, source.rule) for p in (reading.page, page))
        return Twice(
            same_bytes=page.body == reading.page.body,
            same_fingerprint=one == other,
            unstable=unstable(reading.items, items),
        )

    def _first_paper(
        self, source: Source, items: Sequence[Item]
    ) -> tuple[Paper | None, Trouble | None]:
        """The page of the first row that has one, or why it cannot be read; None of what is not followed."""
        item = next((item for item in items if item.url), None)
        followed = source.detail.follow and source.kind != "brief"  # its items are all there is
        if item is None or item.url is None or not followed:
            return None, None
        self.progress(f"fetching the first paper, {clean(item.url)}")
        self.fetcher.what = "paper"
        try:
            page = _there(fetch_paper(self.fetcher, source, item.url, Validators()))
            text = read_page(page, source.detail)
        except SourceError as exc:
            return None, trouble_of(exc)
        text = replace(
            text, title=text.title or item.title, published=text.published or item.published
        )
        return self._paper(source, item.url, text), None

    def _paper(self, source: Source, url: str, text: PageText) -> Paper:
        facts = facts_of(
            text.title or "",
            text.text,
            published=text.published,
            issuer=text.issuer,
            doc_number=text.doc_number,
            source_body=source.body,
            url=url,
        )
        self.fetcher.what = "attachment"
        looked = [self._file(source, one, url) for one in text.attachments[:FILES]]
        rest = [File(name=one.name, url=one.url) for one in text.attachments[FILES:]]
        return Paper(
            url=url,
            title=text.title,
            published=text.published,
            signed=text.signed,
            doc_number=facts.doc_number,
            bodies=facts.bodies,
            stage=facts.stage.value if facts.stage else None,
            doc_type=facts.doc_type.value if facts.doc_type else None,
            deadline=facts.deadline,
            characters=len(text.text),
            begins=text.text[:_BEGINNING],
            files=(*looked, *rest),
        )

    def _file(self, source: Source, attachment: Attachment, referer: str) -> File:
        self.progress(f"fetching an attachment, {clean(attachment.name)}")
        file = File(name=attachment.name, url=attachment.url)
        manners = replace(source.manners, render=False)
        try:
            page = _there(self.fetcher.fetch(attachment.url, manners=manners, referer=referer))
        except FetchError as exc:
            return replace(file, quality="not fetched", reason=str(exc))
        read = read_attachment(page.body, attachment.name)
        return replace(
            file,
            kind=read.kind,
            quality=read.quality,
            characters=len(read.text),
            reason=read.reason,
        )

    # ------------------------------------------------------------ what else it may be

    def _is_paper(self, source: Source, page: Page, text: PageText) -> Sheet:
        sheet = self._refused(
            source, ExtractError(Reason.NOT_A_LISTING, "this is a paper's page, not a list"), page
        )
        advice = "Probe the list that leads to it; `watcher extract FILE --as page` reads a paper."
        return replace(
            sheet,
            recognised="a paper's page",
            paper=self._paper(source, page.url, text),
            advice=(advice,),
        )

    def _refused(self, source: Source, error: SourceError, page: Page | None) -> Sheet:
        trouble = trouble_of(error)
        robots = None if page is None else robots_of(source)
        return Sheet(
            asked=source.url,
            recognised="nothing that can be watched as it is",
            robots=robots,
            answer=answer_of(page) if page else None,
            encoding=encoding_of(page) if page else None,
            feeds=feeds_of(page) if page else (),
            trouble=trouble,
            advice=tuple(on_trouble(source, error, page)),
        )


def _there(page: Page | None) -> Page:
    """A page that was asked for unconditionally, and so cannot be unchanged."""
    if page is None:
        raise FetchError("answered that nothing changed, without being asked", transient=True)
    return page


def _remedies(manners: Manners, refusal: str) -> Iterator[Manners]:
    """Manners with what a refusal itself recommends: its cookie back, an older TLS.

    Never more than that: what needs the site's leave (robots, another name) is the operator's.
    """
    for found in _REMEDY.finditer(refusal):
        if found["cookies"]:
            yield replace(manners, cookies=True)
        else:
            yield replace(manners, tls=found["tls"])


def _best(readings: Sequence[_Reading]) -> _Reading | None:
    """Of a column page's own rows and those of its unit, the latter unless they add nothing."""
    if len(readings) < 2:
        return readings[0] if readings else None
    unit, plain = readings[:2]
    keys = {item.key for item in plain.items}
    return plain if all(item.key in keys for item in unit.items) else unit
