"""Understand invented papers: their facts and sectors, in documents a second, and the links among them.

Documents are 5,000 characters of invented rules under invented titles, a third of them drafts; the rules are the
built-in ones with invented terms on top, 5,000 spellings in all. The floor finds the same spellings in the same
texts with an Aho-Corasick automaton alone. Linking gets drafts and finals of distinct names, so that the true
links are known. All in one process, one pass of each in turn.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

import yaml
from ahocorasick_rs import AhoCorasick
from measure import invented
from measure.figures import Figures, Runs, Spent, last_line, peak_mb, table, timed

from watcher.classify import NONE, Rules, classify, load_rules
from watcher.classify.folding import fold
from watcher.facts import facts_of
from watcher.link import Paper, link
from watcher.model import Link

FIRST = date(2024, 1, 1)
SECTOR = "data-security"
"""Of the built-in taxonomy; the invented terms go there."""


class Sample(NamedTuple):
    title: str
    text: str
    published: date


def samples(number: int, length: int, seed: int) -> list[Sample]:
    chance = invented.dice(f"samples {seed}")
    return [
        Sample(
            (invented.final_title if n % 3 else invented.draft_title)(
                chance.choice(invented.BODIES), invented.name(n)
            ),
            invented.text(chance, length),
            FIRST + timedelta(days=n % 900),
        )
        for n in range(number)
    ]


# ---------------------------------------------------------------- rules


def spellings() -> set[str]:
    """All that the built-in taxonomy looks for, its masks of body names included."""
    taxonomy = files("watcher.classify").joinpath("taxonomy.yaml").read_text(encoding="utf-8")
    book = yaml.safe_load(taxonomy)
    bodies = book["bodies"]
    masks = {stem + ending for stem in bodies["stems"] for ending in bodies["endings"]}
    terms = [sector["terms"] for sector in book["sectors"]]
    return {
        fold(word.removesuffix("*"))
        for word in (*leaves([terms, book["noise"], book["masks"]]), *masks)
    }


def leaves(node: object) -> Iterator[str]:
    match node:
        case dict():
            yield from leaves(list(node.values()))
        case list():
            for one in node:
                yield from leaves(one)
        case _:
            yield str(node)


def more_terms(known: set[str], number: int) -> list[str]:
    """Invented terms for a file on top, until there are `number` spellings."""
    wanted = max(0, number - len(known))
    short = dict.fromkeys(invented.name(n)[:6] for n in range(50_000))
    return list(islice((term for term in short if term not in known), wanted))


def rules_with(terms: Sequence[str]) -> Rules:
    if not terms:
        return load_rules()
    book = {"sectors": [{"code": SECTOR, "terms": {"plain": sorted(terms)}}]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.yaml"
        path.write_text(yaml.safe_dump(book, allow_unicode=True), encoding="utf-8")
        return load_rules(path)


# ---------------------------------------------------------------- links


def pool(number: int, seed: int) -> tuple[list[Paper], set[tuple[str, str]]]:
    """Papers in any order, a third of them drafts, and the (draft, final) that belong together."""
    chance = invented.dice(f"pool {seed}")
    papers: list[Paper] = []
    true: set[tuple[str, str]] = set()
    for n in count():
        if len(papers) >= number:
            break
        body, name = chance.choice(invented.BODIES), invented.name(n)
        day = FIRST + timedelta(days=chance.randrange(900))
        done = day + timedelta(days=chance.randrange(30, 400))
        final = Paper(id=f"f{n}", title=invented.final_title(body, name), published=done)
        draft = Paper(id=f"d{n}", title=invented.draft_title(body, name), published=day)
        if n % 4 == 0:
            papers.append(draft)
        elif n % 4 == 1:
            papers += [draft, final]
            true.add((draft.id, final.id))
        else:
            papers.append(final)
    chance.shuffle(papers)
    return papers[:number], {pair for pair in true if set(pair) <= {p.id for p in papers[:number]}}


def judge(found: Sequence[Link], true: set[tuple[str, str]]) -> Figures:
    sure = {(one.draft, one.final) for one in found if one.state == "linked"}
    return {
        "found": len(sure & true),
        "true": len(true),
        "false": len(sure - true),
        "suggested": sum(one.state == "suggested" for one in found),
    }


# ---------------------------------------------------------------- measuring

Step = Callable[[Sample], int]


WHAT = {
    "automaton alone": "hits a document",
    "terms (Rules.find)": "terms a document",
    "facts": "with a stage",
    "classify": "with a sector",
    "facts and classify": "with a sector",
}
"""The steps, and what their answers count."""


def steps(rules: Rules, automaton: AhoCorasick) -> dict[str, Step]:
    """What is done to each document, in the order of `WHAT`."""

    def floor(one: Sample) -> int:
        return len(automaton.find_matches_as_indexes(one.text, overlapping=True))

    def terms(one: Sample) -> int:
        return len(rules.find(one.text).found)

    def facts(one: Sample) -> int:
        return facts_of(one.title, one.text, published=one.published).stage is not None

    def sector(one: Sample) -> int:
        return classify(rules, one.title, one.text).primary != NONE

    def both(one: Sample) -> int:
        known = facts_of(one.title, one.text, published=one.published)
        label = classify(rules, one.title, one.text, bodies=known.bodies, stage=known.stage)
        return label.primary != NONE

    return dict(zip(WHAT, (floor, terms, facts, sector, both), strict=True))


def rate(number: int, spent: Spent) -> Figures:
    return {"per_s": number / spent.wall, "cpu_ms": spent.cpu / number * 1000}


def measure(args: argparse.Namespace) -> tuple[int, dict[str, Runs], Runs]:
    """How many spellings there are, the figures of each step, and those of linking."""
    known = spellings()
    terms = more_terms(known, args.terms)
    automaton = AhoCorasick(sorted(known | {*map(fold, terms)}))
    documents = samples(args.documents, args.length, args.seed)
    papers, true = pool(args.papers, args.seed)
    work = steps(rules_with(terms), automaton)
    figures: dict[str, list[Figures]] = {name: [] for name in work}
    links: list[Figures] = []
    for _ in range(args.repeat):
        for name, step in work.items():
            told, spent = timed(partial(total, step, documents))
            figures[name].append(rate(len(documents), spent) | {"told": told / len(documents)})
        found, spent = timed(lambda: link(papers))
        links.append(rate(len(papers), spent) | judge(found, true))
    runs = {name: Runs(found) for name, found in figures.items()}
    return len(known) + len(terms), runs, Runs(links)


def total(step: Step, documents: Sequence[Sample]) -> int:
    return sum(map(step, documents))


def report(found: dict[str, Runs], links: Runs) -> None:
    bare = found["automaton alone"].median("cpu_ms")
    rows = [
        [
            name,
            runs.cell("per_s"),
            runs.cell("cpu_ms", 3),
            f"{runs.median('cpu_ms') / bare:.1f}",
            f"{runs.median('told'):.2f} {WHAT[name]}",
        ]
        for name, runs in found.items()
    ]
    tally = (f"{links.cell(what)} {what}" for what in ("found", "true", "false", "suggested"))
    rows.append(["link", links.cell("per_s"), links.cell("cpu_ms", 3), "-", ", ".join(tally)])
    table(["step", "papers/s", "CPU ms/paper", "x floor", "told"], rows)
    print(f"peak memory: {peak_mb():.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--length", type=int, default=5_000, help="characters of each")
    parser.add_argument("--terms", type=int, default=5_000, help="spellings in all, at least")
    parser.add_argument("--papers", type=int, default=5_000, help="in the pool that is linked")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    terms, found, links = measure(args)
    print(
        f"{args.documents:,} documents of {args.length:,} characters, {terms:,} spellings; "
        f"{args.papers:,} papers to link; median of {args.repeat} (least-greatest)"
    )
    report(found, links)
    medians = {name: runs.medians() for name, runs in {**found, "link": links}.items()}
    last_line("understand", {"spellings": terms, "peak_mb": round(peak_mb(), 1), **medians})


if __name__ == "__main__":
    main()
