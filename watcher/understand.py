"""What poll and follow conclude from an item or a text: facts, labels, links, and who hears of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from watcher import link as linking
from watcher.classify import Rules, classify
from watcher.correct import Label, corrected, standing
from watcher.extract.paper.cover import main_text
from watcher.facts import facts_of
from watcher.facts.bodies import BODIES, body_of_host
from watcher.heard import heard_before
from watcher.model import (
    AttachmentText,
    Change,
    ChangeKind,
    Classification,
    Document,
    Facts,
    FactSpan,
    Item,
    Link,
    Notification,
    PageText,
)
from watcher.route import route
from watcher.settings import Source, Team
from watcher.store import Store
from watcher.store.findings import NEW, Paper
from watcher.teams import Teams
from watcher.text import one_line

PATIENCE = timedelta(minutes=15)
"""How long an alert waits for the paper's text before it goes with what is known."""


_CROWD = 40
"""A key that more papers of one visit share says nothing."""


@dataclass(frozen=True, slots=True)
class Together:
    """Papers that arrive in one visit, none of them known yet, by what they may be linked by."""

    papers: tuple[Document, ...] = ()
    by_key: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Their places in `papers`, for keys that several share."""

    def place(self, document: Document) -> str:
        """What stands for a paper's id among these."""
        return next((_place(n) for n, one in enumerate(self.papers) if one is document), NEW)

    def like(self, keys: Iterable[str]) -> list[tuple[str, Document]]:
        """Those with one of these keys, each with what stands for its id."""
        found = {n for key in keys for n in self.by_key.get(key, ())}
        return [(_place(n), self.papers[n]) for n in sorted(found)]


ALONE = Together()


@dataclass(frozen=True, slots=True)
class Understanding:
    """The pure rooms put together, over one store and one configuration."""

    store: Store
    rules: Rules
    teams: tuple[Team, ...]
    """Those of the file; whoever else listens is asked for at each routing."""

    @property
    def fingerprint(self) -> str:
        """Of the rules that all this is concluded by."""
        return self.rules.fingerprint

    def from_item(self, item: Item, source: Source) -> Document:
        """The document that a row alone tells of; id 0."""
        title = one_line(item.title or "") or item.url or item.key
        facts = facts_of(
            title,
            item.summary,
            published=item.published,
            issuer=item.issuer,
            doc_number=item.doc_number,
            source_body=source.body,
            url=item.url,
        )
        facts = _told(
            facts,
            bodies=item.bodies,
            stage=item.stage,
            deadline=item.deadline,
            targets=item.targets,
        )
        document = Document(
            id=0,
            source_id=source.id,
            url=item.url,
            title=title,
            facts=facts,
            classification=classify(self.rules, title),
            published=item.published,
            section=item.section,
            aka=item.aka,
            text=item.summary,
        )
        return self._labelled(document)

    def edited(self, known: Document, item: Item, source: Source) -> Document:
        """A known document whose row reads otherwise now."""
        fresh = self.from_item(item, source)
        facts = replace(
            known.facts,
            stage=fresh.facts.stage or known.facts.stage,
            deadline=item.deadline or known.facts.deadline,
        )
        facts = replace(facts, spans=_places(facts, known.facts, fresh.facts))
        return self._labelled(
            replace(
                known, title=fresh.title, facts=facts, published=item.published or known.published
            ),
            self._labels(known),
        )

    def from_page(
        self,
        known: Document,
        page: PageText,
        source: Source,
        files: Sequence[tuple[str, AttachmentText]] = (),
    ) -> Document:
        """A known document with what its page says, and its attachments where they are the paper.

        Where its page is a cover letter, that says the deadline, the number and who issues it; the
        text that is classified, linked and compared is the paper's.
        """
        title = known.title
        if page.title and (
            not title or "…" in title or title.endswith("...") or title == known.url
        ):
            title = one_line(page.title)
        published = page.published or known.published
        main = main_text(title, page.text, files)
        notice = page.text if main.attachments else ""
        facts = facts_of(
            title,
            main.text,
            notice=notice,
            published=published,
            signed=page.signed or known.signed,
            issuer=page.issuer,
            doc_number=page.doc_number,
            source_body=source.body,
            url=known.url,
        )
        facts = _settled(facts, known.facts)
        return self._labelled(
            replace(
                known,
                title=title,
                facts=facts,
                published=published,
                signed=page.signed or known.signed,
                text=main.text,
                notice=notice,
                attachments=page.attachments or known.attachments,
                conflicts=page.conflicts,
            ),
            self._labels(known),
        )

    def again(self, document: Document, source: Source | None) -> Document:
        """A known document concluded anew from its stored words; no reader's label is put on top.

        What only the page's metadata or the list said stays known where the words say nothing else.
        `source` is where it was seen first, if that is still configured.
        """
        known = _not_in_words(document.facts)
        source_body = source.body if source else None
        # the host and the list are the weakest witnesses: bodies that are not theirs were named
        named = known.bodies if known.bodies != (body_of_host(document.url) or source_body,) else ()
        told = "、".join(BODIES[code].zh[0] for code in named if code in BODIES)
        facts = facts_of(
            document.title,
            document.text,
            notice=document.notice,
            published=document.published,
            signed=document.signed,
            issuer=told or known.issuer,
            doc_number=known.doc_number,
            source_body=None if named else source_body,
            url=document.url,
        )
        facts = _settled(facts, known)
        if document.section:  # a brief's item is what the brief says it is
            said = document.facts
            facts = _told(facts, bodies=said.bodies, stage=said.stage, deadline=said.deadline)
        return self._labelled(replace(document, facts=facts))

    def by_today(self, document: Document, source: Source | None) -> Document:
        """A known document as the rules of today and readers see its stored words.

        What differs from this is the page's change, not one of rules, which is no news.
        """
        return corrected(self.again(document, source), self._labels(document))

    def _labels(self, document: Document) -> tuple[Label, ...]:
        return standing(self.store.labels.of(document.id))

    def _labelled(self, document: Document, labels: Sequence[Label] = ()) -> Document:
        """`document` with its sectors, as readers corrected it: also its stage tips the sector."""
        document = corrected(document, labels)
        return corrected(replace(document, classification=classified(self.rules, document)), labels)

    def paper(
        self,
        document: Document,
        kind: ChangeKind,
        now: datetime,
        *,
        silent: bool,
        was: str | None = None,
        text_follows: bool = False,
        beside: Together = ALONE,
    ) -> Paper:
        """`document` with its name cores, its links, and the notifications of this change.

        `text_follows`: the paper's page is about to be read, and alerts wait a while for it.
        `beside` are the papers that it arrives with: a draft's final is the best of them.
        """
        cores, near, links = self._links(document, beside)
        notifications: Sequence[Notification] = ()
        if not silent:
            before, follows = heard_before(self.store, document, kind, links)
            heard = self.store.papers.heard(before) if before else {}
            change = Change(kind=kind, document=document, was=was)
            wait = PATIENCE if text_follows else timedelta(0)
            teams = Teams(self.store, self.teams).listening(now, document, links)
            notifications = route(change, teams, now, heard=heard, follows=follows, wait=wait)
        return Paper(
            document=document,
            cores=cores,
            near=near,
            links=links,
            notifications=tuple(notifications),
            rules=self.fingerprint,
        )

    def together(self, documents: Sequence[Document]) -> Together:
        """Papers that arrive in one visit, in the order they are recorded, to be linked beside each other."""
        places: dict[str, list[int]] = defaultdict(list)
        for n, document in enumerate(documents):
            for key in frozenset[str]().union(*linking.found_by(document)):
                places[key].append(n)
        shared = {key: some for key, some in places.items() if 1 < len(some) <= _CROWD}
        return Together(tuple(documents), shared)

    def links(self, document: Document) -> tuple[Link, ...]:
        """What a known document is linked to by the rules of today."""
        return self._links(document, ALONE)[2]

    def ties(self, arrivals: Sequence[Paper]) -> tuple[Link, ...]:
        """Links among papers that arrived together: none of them was known when the others were."""
        cores = _shared(paper.cores for paper in arrivals)
        near = _shared(paper.near for paper in arrivals)
        if not cores and not near:
            return ()
        found = self.store.links.candidates(cores, near)
        return self._linked([document for document in found if linking.linkable(document)])

    def _links(
        self, document: Document, beside: Together
    ) -> tuple[frozenset[str], frozenset[str], tuple[Link, ...]]:
        """What a document can be found by: equal names, near ones; and what it is linked to."""
        cores, near = linking.found_by(document)
        if not cores:
            return cores, near, ()
        others = [
            d
            for d in self.store.links.candidates(cores, near)
            if d.id != document.id and linking.linkable(d)
        ]
        if document.id:
            return cores, near, self._linked([*others, document], only=str(document.id))
        me = beside.place(document)
        fellows = dict(beside.like(cores | near)) | {me: document}
        papers = [
            *self._as_papers(others),
            *(linking.as_paper(d, id_) for id_, d in fellows.items()),
        ]
        known = self.store.links.of(document.id for document in others)
        return (
            cores,
            near,
            tuple(
                replace(
                    one,
                    draft=NEW if one.draft == me else one.draft,
                    final=NEW if one.final == me else one.final,
                )
                for one in linking.link(papers, known, only=me)
                if fellows.keys().isdisjoint({one.draft, one.final} - {me})  # `ties` links these
            ),
        )

    def _linked(self, documents: Sequence[Document], only: str | None = None) -> tuple[Link, ...]:
        """Links among documents, beside what is known of them: what people rejected stays away."""
        known = self.store.links.of(document.id for document in documents if document.id)
        return tuple(linking.link(self._as_papers(documents, only), known, only=only))

    def _as_papers(
        self, documents: Sequence[Document], anew: str | None = None
    ) -> list[linking.Paper]:
        """Known papers as linking knows them; of `anew` the text may be newer than what is known."""
        prints = self.store.links.prints(d.id for d in documents if str(d.id) != anew)
        return [linking.as_paper(d, str(d.id), prints.get(d.id)) for d in documents]


def classified(rules: Rules, document: Document) -> Classification:
    """The sectors that rules give a document, whatever it was given before."""
    return classify(
        rules,
        document.title,
        document.text,
        notice=document.notice,
        bodies=document.facts.bodies,
        stage=document.facts.stage,
    )


def _shared(names: Iterable[frozenset[str]]) -> set[str]:
    """The names that several have."""
    counts = Counter(name for some in names for name in some)
    return {name for name, count in counts.items() if count > 1}


def _place(n: int) -> str:
    return f"{NEW}-{n:06}"  # in their order: of two that are as good the first is taken


def _told(facts: Facts, **listed: Any) -> Facts:
    """`facts` with those that the list itself gives; nobody read these in words."""
    given = {k: value for k, value in listed.items() if value and value != getattr(facts, k)}
    if "deadline" in given:
        given["deadline_quote"] = None
    return replace(facts, **given, spans=tuple(s for s in facts.spans if _name(s) not in given))


def _places(facts: Facts, known: Facts, fresh: Facts) -> tuple[FactSpan, ...]:
    """Where facts stand when the title is another: what stood in the old one stands there no more."""
    kept = [span for span in known.spans if span.field != "title"]
    found = [
        span
        for span in fresh.spans
        if span.field == "title" and getattr(fresh, _name(span)) == getattr(facts, _name(span))
    ]
    return (*kept, *found)


def _name(span: FactSpan) -> str:
    return span.fact.partition(".")[0]


def _not_in_words(facts: Facts) -> Facts:
    """Of facts only those that no words say, as their missing place shows: metadata said them.

    What was read from words is read again: rules that no longer find it there take it back.
    """
    read = {_name(span) for span in facts.spans}
    if facts.deadline_quote:
        read.add("deadline")
    unknown = Facts()
    return replace(facts, **{name: getattr(unknown, name) for name in read}, spans=())


def _settled(page: Facts, listed: Facts) -> Facts:
    """What the page says, and where it is silent what the list said."""
    return replace(
        page,
        stage=page.stage or listed.stage,
        round=page.round or listed.round,
        doc_type=page.doc_type or listed.doc_type,
        doc_number=page.doc_number or listed.doc_number,
        bodies=page.bodies or listed.bodies,
        deadline=page.deadline or listed.deadline,
        targets=page.targets or _not_in_words(listed).targets,  # a brief's
    )
