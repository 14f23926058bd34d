"""An invented regulation and its revision by a seeded script of edits, with the truth about what changed."""

import random
from dataclasses import dataclass, field
from itertools import count

from measure import invented
from measure.invented import Part, Sentence

EDITED, CITING, DROPPED, ADDED = 0.4, 0.1, 0.05, 0.05
"""Shares of the articles."""
MOVES = 3
NEW_SENTENCE, NO_SENTENCE = 0.15, 0.15
"""Shares of the edits that add or drop a whole sentence; the others put one word for another."""
STOP = Part("stop", "。")


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader of the revision must be told.

    A word for another is both words, an article that is new or gone all of its text, a citation that follows
    its article both numbers. Labels and moves are counted apart: they change no wording.
    """

    chars: int
    islands: int
    """Edits; no two stand side by side."""
    told: frozenset[tuple[str, int, int]]
    """What became of each article: (op, old number, new number), 0 for none."""

    def of(self, op: str) -> int:
        return sum(one[0] == op for one in self.told)


@dataclass(slots=True)
class Article:
    id: int
    sentences: list[Sentence]
    changed: bool = False
    cites: int | None = None
    """Id of the article that its last sentence cites."""


@dataclass(slots=True)
class Tally:
    chars: int = 0
    islands: int = 0

    def add(self, *texts: str) -> None:
        self.chars += sum(map(len, texts))
        self.islands += 1


@dataclass(slots=True)
class Revision:
    """Draft and final as articles, while the script runs."""

    chance: random.Random
    draft: list[Article] = field(default_factory=list)
    final: list[Article] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    moved: set[int] = field(default_factory=set)
    ids: "count[int]" = field(default_factory=count)

    def article(self) -> Article:
        length = self.chance.randint(2, 5)
        return Article(next(self.ids), [invented.sentence(self.chance) for _ in range(length)])

    def write_draft(self, size: int) -> None:
        written = 0
        while written < size:
            article = self.article()
            if self.draft and self.chance.random() < CITING:
                article.cites = self.chance.choice(self.draft).id
            self.draft.append(article)
            written += len(body(article, {})) + 5

    def revise(self) -> None:
        cited = {article.cites for article in self.draft}
        free = [article.id for article in self.draft if article.id not in cited]
        dropped = set(self.chance.sample(free, round(len(self.draft) * DROPPED)))
        kept = [article for article in self.draft if article.id not in dropped]
        movers = self.chance.sample([a for a in kept if a.cites is None], MOVES)
        self.moved = {article.id for article in movers}
        for article in self.draft:
            if article.id in dropped:
                self.tally.add(body(article, {}))
        self.final = [self._edited(article) for article in kept]
        for mover in movers:
            at = next(n for n, article in enumerate(self.final) if article.id == mover.id)
            to = (at + len(kept) // 3) % len(kept)
            self.final.insert(to, self.final.pop(at))
        for _ in range(round(len(self.draft) * ADDED)):
            new = self.article()
            self.tally.add(body(new, {}))
            self.final.insert(self.chance.randrange(2, len(self.final)), new)

    def _edited(self, article: Article) -> Article:
        if article.id in self.moved or self.chance.random() >= EDITED:
            return article
        sentences = list(article.sentences)
        at, kind = self.chance.randrange(len(sentences)), self.chance.random()
        if kind < NEW_SENTENCE:
            sentences.insert(at, invented.sentence(self.chance))
            self.tally.add(invented.spoken(sentences[at]))
        elif kind < NEW_SENTENCE + NO_SENTENCE and len(sentences) > 2:
            self.tally.add(invented.spoken(sentences.pop(at)))
        else:
            for n in range(at, len(sentences), 2):  # an untouched sentence between any two edits
                sentences[n] = self._other_word(sentences[n])
        return Article(article.id, sentences, changed=True, cites=article.cites)

    def _other_word(self, sentence: Sentence) -> Sentence:
        n = self.chance.randrange(len(sentence) - 1)
        slot, old = sentence[n]
        new = next(  # no character in common: what is the least edit is beyond dispute
            word
            for _ in count()
            if not set(word := invented.word(self.chance, slot)) & (set(old) - set("，"))
        )
        self.tally.add(old.strip("，"), new.strip("，"))
        return (*sentence[:n], Part(slot, new), *sentence[n + 1 :])


def body(article: Article, numbers: dict[int, int]) -> str:
    text = "".join(map(invented.spoken, article.sentences))
    if article.cites is None:
        return text
    cited = invented.numeral(numbers.get(article.cites, 1))
    return f"{text}违反本办法第{cited}条的，予以警告。"


def numbered(articles: list[Article]) -> dict[int, int]:
    return {article.id: n for n, article in enumerate(articles, 1)}


def written(articles: list[Article]) -> str:
    numbers = numbered(articles)
    return "".join(
        f"第{invented.numeral(n)}条　{body(article, numbers)}\n"
        for n, article in enumerate(articles, 1)
    )


def regulation(size: int, seed: int) -> tuple[str, str, Truth]:
    """A draft of about `size` characters, its final, and what changed."""
    revision = Revision(invented.dice(f"regulation {size} {seed}"))
    revision.write_draft(size)
    revision.revise()
    old, new = numbered(revision.draft), numbered(revision.final)
    told = {("deleted", old[gone], 0) for gone in old.keys() - new.keys()}
    for article in revision.final:
        if article.id not in old:
            told.add(("inserted", 0, new[article.id]))
            continue
        before, after = old[article.id], new[article.id]
        if article.cites is not None and old[article.cites] != new[article.cites]:
            cited = (invented.numeral(numbers[article.cites]) for numbers in (old, new))
            revision.tally.add(*cited)
        if article.id in revision.moved:
            op = "moved"
        elif article.changed:
            op = "changed"
        else:
            op = "same" if before == after else "renumbered"
        told.add((op, before, after))
    truth = Truth(revision.tally.chars, revision.tally.islands, frozenset(told))
    return written(revision.draft), written(revision.final), truth
