"""How fast sectors are found: documents a second by number of terms, and time by length of text.

Documents are invented rules of 5,000 characters. The terms are the words those rules are made of and,
up to the number wanted, invented names of papers, so that a document holds the same terms whatever their
number: what is measured is the cost of terms that do not occur. Beside our matching, on the folded texts
and the same terms, in the same process: the automaton of ahocorasick_rs alone, pyahocorasick (when it is
installed), and one compiled `re` alternation, which finds no terms that lie in or across others. Each
step runs for a while over and over; CPU time counts.
"""

import argparse
import importlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

from ahocorasick_rs import AhoCorasick
from measure import invented
from measure.figures import Figures, Runs, last_line, peak_mb, table

from watcher.classify import Rules, Sector, classify
from watcher.classify.folding import folded, spelling
from watcher.classify.rules import WEIGHTS, RuleBook, Term
from watcher.facts import facts_of

SECTORS = 26
TERMS = (200, 2_000, 20_000)
LENGTHS = (1_000, 5_000, 20_000, 100_000)
DOCUMENTS = 40
AT = 2_000
"""Terms when the texts grow."""

Step = Callable[[str], int]
TITLE = invented.final_title(invented.BODIES[0], invented.name(1))


def vocabulary() -> Iterator[str]:
    """Distinct terms of two characters and more: first the words of the texts, then names."""
    said = (word for words in invented.WORDS.values() for word in words)
    names = (invented.name(n)[: 4 + n % 5] for n in range(50_400))
    seen: set[str] = set()
    for word in (*said, *names):
        term = spelling(word.strip("，").replace("{n}", ""))
        if len(term) > 1 and term not in seen:
            seen.add(term)
            yield term


def rules_of(terms: Sequence[str]) -> Rules:
    """Rules with `terms` dealt out to the sectors, each a plain one."""
    codes = [f"s{n:02}" for n in range(SECTORS)]
    return Rules(
        RuleBook(
            sectors={code: Sector(code=code, name_en=code, name_zh=code) for code in codes},
            terms=tuple(
                Term(text=term, target=code, weight=WEIGHTS["plain"])
                for term, code in zip(terms, cycle(codes), strict=False)
            ),
        )
    )


def matchers(terms: Sequence[str]) -> dict[str, Step]:
    """What finds the same terms with less; each takes a folded text and counts what it finds."""
    automaton = AhoCorasick(terms)
    pattern = re.compile("|".join(map(re.escape, sorted(terms, key=len, reverse=True))))
    found: dict[str, Step] = {
        "ahocorasick_rs alone": lambda text: len(
            automaton.find_matches_as_indexes(text, overlapping=True)
        ),
        "re alternation": lambda text: sum(1 for _ in pattern.finditer(text)),
    }
    try:
        peer = importlib.import_module("ahocorasick").Automaton()
    except ImportError:
        return found
    for term in terms:
        peer.add_word(term, len(term))
    peer.make_automaton()
    return found | {"pyahocorasick": lambda text: sum(1 for _ in peer.iter(text))}


def ours(rules: Rules) -> dict[str, Step]:
    """Our steps; each takes a text as it comes."""

    def both(text: str) -> int:
        facts = facts_of(TITLE, text)
        found = classify(rules, TITLE, text, bodies=facts.bodies, stage=facts.stage)
        return len(found.evidence)

    return {
        "matching (Rules.find)": lambda text: len(rules.find(text).found),
        "classify": lambda text: len(classify(rules, TITLE, text).evidence),
        "all facts and classify": both,
    }


def speed(step: Step, texts: Sequence[str], seconds: float) -> Figures:
    """Documents a second of CPU, and what one step finds in a document of the first round."""
    done, found = 0, 0
    start = time.process_time()
    for text in cycle(texts):
        found += step(text)
        done += 1
        spent = time.process_time() - start
        if spent > seconds or done >= 20 * len(texts):
            break
    return {"per_s": done / spent, "ms": spent / done * 1000, "found": found / done}


def texts_of(length: int, number: int, seed: int) -> list[str]:
    chance = invented.dice(f"classify {seed} {length}")
    return [invented.text(chance, length) for _ in range(number)]


def repeated(step: Step, texts: Sequence[str], args: argparse.Namespace) -> Runs:
    step(texts[0])  # what is built at the first use is not what is measured
    return Runs([speed(step, texts, args.seconds) for _ in range(args.repeat)])


def by_terms(args: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Print and return documents a second of each step, by number of terms."""
    texts = texts_of(5_000, DOCUMENTS, args.seed)
    flat = [folded(text).text for text in texts]
    rows: dict[str, list[str]] = {}
    figures: dict[str, dict[str, float]] = {}
    for number in TERMS:
        terms = list(islice(vocabulary(), number))
        steps = [(name, step, texts) for name, step in ours(rules_of(terms)).items()]
        steps += [(name, step, flat) for name, step in matchers(terms).items()]
        for name, step, given in steps:
            runs = repeated(step, given, args)
            rows.setdefault(name, []).extend((runs.cell("per_s"), f"{runs.median('found'):.0f}"))
            figures.setdefault(name, {})[str(number)] = round(runs.median("per_s"), 2)
    head = [cell for number in TERMS for cell in (f"{number:,} terms", "found")]
    table(["documents/s", *head], [[name, *cells] for name, cells in rows.items()])
    if "pyahocorasick" not in figures:
        print("pyahocorasick is not installed: not run")
    return figures


def by_length(args: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Print and return milliseconds for each 1,000 characters, by length of the text."""
    steps = ours(rules_of(list(islice(vocabulary(), AT))))
    rows: dict[str, list[str]] = {name: [] for name in steps}
    figures: dict[str, dict[str, float]] = {name: {} for name in steps}
    for length in LENGTHS:
        texts = texts_of(length, max(2, DOCUMENTS * 1_000 // length), args.seed)
        for name, step in steps.items():
            runs = repeated(step, texts, args)
            per = runs.median("ms") / length * 1_000
            rows[name].append(f"{per:.4f}")
            figures[name][str(length)] = round(per, 5)
    head = [f"{length:,} chars" for length in LENGTHS]
    table(["ms for 1,000 characters", *head], [[name, *cells] for name, cells in rows.items()])
    return figures


def hostile(seconds: float) -> list[list[str]]:
    """Rows of milliseconds for 1,000,000 characters of what might be slow."""
    rules = rules_of(list(islice(vocabulary(), AT)))
    cases = {
        "blanks": " ",
        "line ends": "\n",
        "spaced out": "灯 ",
        "one term": "灯具生产企业",
        "Latin": "Aa ",
    }
    rows = []
    for name, piece in cases.items():
        text = (piece * 1_000_000)[:1_000_000]
        took = speed(lambda given: len(rules.find(given).found), [text], seconds)
        rows.append([name, f"{took['ms']:.0f}"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=0.5, help="for each step, each time")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"documents of 5,000 characters; median of {args.repeat} (least-greatest)")
    terms = by_terms(args)
    print(f"\n{AT:,} terms")
    lengths = by_length(args)
    print(f"\n1,000,000 characters, {AT:,} terms")
    rows = hostile(args.seconds)
    table(["text", "ms"], rows)
    print(f"peak memory: {peak_mb():.0f} MB")
    last_line("classify", {"per_s": terms, "ms_per_1000_chars": lengths, "hostile_ms": dict(rows)})


if __name__ == "__main__":
    main()
