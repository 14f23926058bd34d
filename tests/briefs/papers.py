"""Short ways to make papers and briefs of them."""

from dataclasses import replace
from datetime import date

from watcher.classify import load_rules
from watcher.compiled import CompiledBrief, Entry, Quote, Said
from watcher.facts import facts_of
from watcher.model import Classification, Document, Facts
from watcher.understand import classified

DAY = date(2026, 11, 2)


def read(title: str, text: str = "", notice: str = "") -> Document:
    """A paper with the facts and sectors that the rules find in it."""
    facts = facts_of(title, text, notice=notice, published=DAY)
    return classify(
        Document(
            id=1,
            source_id="lamps",
            url="https://example.org/1.html",
            title=title,
            facts=facts,
            classification=Classification(),
            published=DAY,
            text=text,
            notice=notice,
        )
    )


def classify(document: Document) -> Document:
    return replace(document, classification=classified(load_rules(None), document))


def plain(id_: int = 1, **given: object) -> Document:
    """A paper of which only what is given is known."""
    document = Document(
        id=id_,
        source_id="lamps",
        url=f"https://example.org/{id_}.html",
        title=f"{id_}号灯具管理办法",
        facts=Facts(),
        classification=Classification(),
        published=DAY,
    )
    facts = {key: given.pop(key) for key in list(given) if key in Facts.__slots__}
    label = {key: given.pop(key) for key in list(given) if key in Classification.__slots__}
    document = replace(
        document,
        facts=replace(document.facts, **facts),  # type: ignore[arg-type]  # as the nouns have them
        classification=replace(document.classification, **label),  # type: ignore[arg-type]
    )
    return replace(document, **given)  # type: ignore[arg-type]


def entry(id_: int, headline: str = "Lamps", *, section: str = "top5") -> Entry:
    return Entry(
        document=id_,
        digest="0123456789ab",
        headline=Said(text=headline, template="gloss"),
        title_en=Said(text=headline, template="gloss"),
        title_zh=Quote(document=id_, field="title", start=0, end=2, text="灯具", where="title"),
        url=f"https://example.org/{id_}.html",
        source="灯具局",
        day=DAY,
        section=section,
        stage=None,
    )


def brief(*top: Entry, policy: tuple[Entry, ...] = ()) -> CompiledBrief:
    return CompiledBrief(
        start=date(2026, 10, 1),
        end=date(2026, 10, 31),
        team=None,
        team_name="",
        top=top,
        policy=policy,
        corporate=(),
    )
