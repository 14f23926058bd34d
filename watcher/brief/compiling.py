"""Compile a period's papers into a brief in the form of analysts' briefs, with what editors made of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from watcher.brief.matters import day_of, matters_of
from watcher.compiled import (
    FIELDS,
    TOP,
    Body,
    CompiledBrief,
    Edit,
    Entry,
    Quote,
    Related,
    Said,
    words_of,
)
from watcher.facts.bodies import BODIES
from watcher.glance import at_a_glance
from watcher.gloss import reading
from watcher.gloss.names import HAN
from watcher.gloss.reading import Translation
from watcher.model import Document, Stage
from watcher.rank import Candidate, Care, Ranked, rank
from watcher.render.alert import marked
from watcher.route import why_not
from watcher.settings import Config, Subscription, Team
from watcher.store import Store
from watcher.store.briefs import PLACE, SECTION, Kept, Seen
from watcher.store.links import STANDING
from watcher.text import text_hash

NEWS = 40
"""Papers listed under policy news, the highest ranked; an editor may ask for more."""
_AT_ONCE = 200
_LEADING = frozenset((Stage.FINAL, Stage.DRAFT, Stage.CALL, Stage.LIST, Stage.INTERPRETATION, None))
_NO_CARE = Care()


def compile_brief(
    store: Store,
    config: Config,
    start: date,
    end: date,
    *,
    team: Team | None = None,
    subscriptions: Sequence[Subscription] | None = None,
    seen: Seen | None = None,
    news: int | None = NEWS,
) -> CompiledBrief:
    """The brief of the papers from `start` to `end` (both days in China, and both in it).

    Without a team of all that is in a sector; with one of what its subscriptions want, or those
    of `subscriptions`. `seen` narrows it to what was known at one time, for briefs that are sent.
    `news`: how many papers stand under policy news; None for all.
    """
    kept = store.briefs.edits(team.id if team else None, start, end)
    wishes = _Wishes.of(kept)
    ids = {*store.briefs.papers(start, end, seen), *wishes.places}
    documents = _documents(store, ids)
    wanted = {
        id_: document
        for id_, document in documents.items()
        if id_ in wishes.picked or _wanted(document, team, subscriptions)
    }
    dropped = sorted(wanted.keys() & wishes.dropped)
    papers = {id_: wanted[id_] for id_ in wanted if id_ not in wishes.dropped}
    links = [link for link in store.links.of(papers) if link.state in STANDING]
    gone = store.briefs.withdrawn(papers)
    leads, related = matters_of(papers, links, wishes.picked)
    care = store.briefs.care(leads)
    finals = {int(link.final) for link in links if link.kind == "final"}
    ranked = rank(
        [
            Candidate(document=papers[id_], care=care.get(id_, _NO_CARE), had_draft=id_ in finals)
            for id_ in leads
        ]
    )
    may_lead = [r.document for r in ranked if _may_lead(papers[r.document], r.document in gone)]
    top = _places([id_ for id_ in may_lead if id_ not in wishes.sections], wishes.places)
    writer = _Writer(
        config=config,
        translations=store.translations.get([papers[id_].title for id_ in leads]),
        ranked={r.document: r for r in ranked},
        related=related,
        papers=papers,
        gone=gone,
        wishes=wishes,
    )
    rest = [r.document for r in ranked if r.document not in top]
    corporate = [id_ for id_ in rest if writer.section(id_) == "corporate"]
    policy = [id_ for id_ in rest if writer.section(id_) == "policy"]
    shown = policy[:news]
    entries = {id_: writer.entry(id_, leading=id_ in top) for id_ in (*top, *shown, *corporate)}
    return CompiledBrief(
        start=start,
        end=end,
        team=team.id if team else None,
        team_name=team.name if team else "",
        top=tuple(entries[id_] for id_ in top),
        policy=tuple(_by_day(entries[id_] for id_ in shown)),
        corporate=tuple(_by_day(entries[id_] for id_ in corporate)),
        left_out=len(documents) - len(wanted),
        dropped=tuple(dropped),
        notes=tuple(_notes(wishes, entries, dropped, len(policy) - len(shown), top)),
    )


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What an editor wants, by paper."""

    words: Mapping[int, Mapping[str, Kept]] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)
    """Those that are to stand at a place of the top."""
    dropped: frozenset[int] = frozenset()
    sections: Mapping[int, str] = field(default_factory=dict)

    @property
    def picked(self) -> Collection[int]:
        return self.places.keys()

    @classmethod
    def of(cls, kept: Iterable[Kept]) -> "_Wishes":
        words: dict[int, dict[str, Kept]] = {}
        places: dict[int, Kept] = {}
        sections: dict[int, str] = {}
        for each in kept:
            if each.field in FIELDS:
                words.setdefault(each.document, {})[each.field] = each
            elif each.field == PLACE:
                places[each.document] = each
            elif each.field == SECTION:
                sections[each.document] = each.value
        # of two that want one place the one that was put there last has it
        order = sorted(places.values(), key=lambda k: k.at, reverse=True)
        return cls(
            words=words,
            places={k.document: int(k.value) for k in order if k.value},
            dropped=frozenset(k.document for k in order if k.value == 0),
            sections={id_: name for id_, name in sections.items() if id_ not in places},
        )


def digest(document: Document) -> str:
    """What tells that a paper's words have changed since an edit."""
    return text_hash(document.title, document.text, document.notice)[:12]


def _documents(store: Store, ids: Collection[int]) -> dict[int, Document]:
    every = sorted(ids)
    found: dict[int, Document] = {}
    for start in range(0, len(every), _AT_ONCE):
        found |= store.papers.get(every[start : start + _AT_ONCE])
    return found


def _wanted(
    document: Document, team: Team | None, subscriptions: Sequence[Subscription] | None
) -> bool:
    if subscriptions is None and team is not None:
        subscriptions = team.subscriptions
    if subscriptions is not None:
        return any(why_not(document, each).heard for each in subscriptions)
    known = document.classification.primary not in ("", "none")
    return known or document.section is not None or document.facts.stage is Stage.DRAFT


def _may_lead(document: Document, gone: bool) -> bool:
    return not gone and document.section in (None, "top5") and document.facts.stage in _LEADING


def _by_day(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda each: (each.day or date.max, each.document))


def _places(ranked: Sequence[int], wanted: Mapping[int, int]) -> list[int]:
    """The leading papers: each that was picked at its place, the others around it by rank."""
    free = [id_ for id_ in ranked if id_ not in wanted]
    slots: dict[int, int] = {}
    for id_, place in wanted.items():
        while place in slots:
            place += 1
        slots[place] = id_
    top: list[int] = []
    while len(top) < TOP and (free or slots):
        at = slots.pop(len(top) + 1, None)
        if at is None and not free:
            at = slots.pop(min(slots))
        top.append(free.pop(0) if at is None else at)
    return [*top, *(slots[place] for place in sorted(slots))]


# ---------------------------------------------------------------- the words of an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    config: Config
    translations: Mapping[str, Translation]
    ranked: Mapping[int, Ranked]
    related: Mapping[int, tuple[Related, ...]]
    papers: Mapping[int, Document]
    gone: Collection[int]
    wishes: _Wishes

    def section(self, id_: int) -> str:
        if id_ in self.wishes.sections:
            return self.wishes.sections[id_]
        document = self.papers[id_]
        companies = document.section == "corporate" or document.facts.stage is Stage.CORPORATE
        return "corporate" if companies else "policy"

    def entry(self, id_: int, *, leading: bool) -> Entry:
        document = self.papers[id_]
        facts = document.facts
        headline, english, chinese = self._titles(document)
        sentence, points = at_a_glance(document) if leading else (None, ())
        source = self.config.sources_by_id.get(document.source_id)
        unnamed = sum(int(code[1:]) for code in facts.bodies if code.startswith("+"))
        return Entry(
            document=id_,
            digest=digest(document),
            headline=headline,
            title_en=english,
            title_zh=chinese,
            url=document.url,
            source=source.name if source else document.source_id,
            told=document.section is not None,
            day=day_of(document),
            section="top5" if leading else self.section(id_),
            stage=facts.stage,
            doc_type=facts.doc_type,
            round=facts.round,
            withdrawn=id_ in self.gone,
            bodies=tuple(_bodies(document)),
            others=unnamed,
            sentence=sentence,
            points=points,
            score=self.ranked[id_].score,
            reasons=self.ranked[id_].reasons,
            picked=id_ in self.wishes.picked,
            related=self.related.get(id_, ()),
            edits={
                name: Edit(
                    text=str(kept.value),
                    by=kept.by,
                    at=kept.at,
                    stale=kept.against != digest(document),
                )
                for name, kept in self.wishes.words.get(id_, {}).items()
            },
        )

    def _titles(self, document: Document) -> tuple[Said | Quote, Said | Quote | None, Quote | None]:
        """Headline, title in English, title in Chinese; a brief's own heading is the headline."""
        fields = ["title", *(f"aka.{n}" for n in range(len(document.aka)))]
        if document.section and len(fields) > 1:
            fields = fields[1:]
        names = [_whole(document, name) for name in fields]
        english: Said | Quote | None = next((n for n in names if not HAN.search(n.text)), None)
        chinese = next((n for n in names if HAN.search(n.text)), None)
        if english is None and (made := reading(document, self.translations)):
            template = made.by if made.machine else "gloss"
            english = Said(text=marked(made) or document.title, template=template)
        headline = _whole(document, "title") if document.section else english or chinese
        return headline or _whole(document, "title"), english, chinese


def _whole(document: Document, name: str) -> Quote:
    words = words_of(document, name)
    return Quote(
        document=document.id, field=name, start=0, end=len(words), text=words, where="title"
    )


def _bodies(document: Document) -> Iterator[Body]:
    facts = document.facts
    if document.section == "corporate":
        return
    for code in facts.bodies:
        if code in BODIES:
            yield Body(code=code, english=BODIES[code].en[0], chinese=BODIES[code].zh[0])
        elif not code.startswith("+"):
            yield Body(code=code, english=None, chinese=None)
    if not facts.bodies and facts.issuer:
        yield Body(code=None, english=None, chinese=facts.issuer)


def _notes(
    wishes: _Wishes,
    entries: Mapping[int, Entry],
    dropped: Sequence[int],
    more: int,
    top: Sequence[int],
) -> Iterator[str]:
    for id_, entry in entries.items():
        for name, edit in entry.edits.items():
            if edit.stale:
                yield (
                    f"paper {id_} has changed since {edit.by} edited its {_plain(name)} on "
                    f"{edit.at:%Y-%m-%d}: check that it still holds"
                )
    for id_ in sorted(wishes.words.keys() - entries.keys() - set(dropped)):
        names = ", ".join(_plain(name) for name in wishes.words[id_])
        yield f"paper {id_} is not in this brief now; what was edited of it is kept: {names}"
    for id_ in top:
        entry = entries[id_]
        if entry.sentence is None and not entry.points and "at_a_glance" not in entry.edits:
            yield f"paper {id_}: nothing of its text could be quoted at a glance"
    if more > 0:
        papers = "paper is" if more == 1 else "papers are"
        yield f"{more} more {papers} not listed under policy news; --all-news lists all"


def _plain(name: str) -> str:
    return name.replace("_", " ")
