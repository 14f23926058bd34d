"""Let finals arrive in a store that holds many papers already: how long until each has its links.

The store is filled with invented drafts and finals of 3,000 characters, so that every key of the index is as
crowded as names of one country's ministries make it. Then come finals one by one: of a draft by its name, renamed
by a word, renamed altogether with nine tenths of its text, and of no draft. Each is understood as a poll would understand it (links
are looked for), and recorded. On SQLite, and on a throw-away PostgreSQL where its server is installed.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from measure import invented
from measure.figures import Figures, Runs, last_line, table, timed

from watcher.classify import Rules, load_rules
from watcher.link import found_by
from watcher.model import (
    ChangeKind,
    Classification,
    Document,
    Facts,
    Item,
    Stage,
    Validators,
)
from watcher.store import Store
from watcher.store.findings import Arrival, Paper, Visit
from watcher.understand import Understanding

ROOT = Path(__file__).parents[1]
LIST = "bench"
FIRST = date(2024, 1, 1)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
LENGTH = 3000
AT_ONCE = 500
CASES = ("same name", "one word", "text alone", "no draft")


def paper(n: int, title: str, stage: Stage, text: str, day: int) -> Document:
    return Document(
        id=0,
        source_id=LIST,
        url=f"https://bench.example/{n}",
        title=title,
        facts=Facts(stage=stage, bodies=("MIIT",)),
        classification=Classification(),
        published=FIRST + timedelta(days=day),
        text=text,
    )


def words(n: int, seed: int) -> str:
    text: str = invented.text(invented.dice(f"links {seed} {n}"), LENGTH)
    return text


def known(n: int, seed: int) -> Document:
    """The n-th paper that the store holds: two drafts, then a final of another name."""
    body = invented.BODIES[n % len(invented.BODIES)]
    title = invented.final_title if n % 3 == 2 else invented.draft_title
    stage = Stage.FINAL if n % 3 == 2 else Stage.DRAFT
    return paper(n, title(body, invented.name(n)), stage, words(n, seed), n % 500)


def coming(case: str, n: int, many: int, seed: int) -> Document:
    """A final of the n-th paper, which is a draft; or of none that the store holds."""
    body = invented.BODIES[n % len(invented.BODIES)]
    name, text = invented.name(n), words(n, seed)
    if case == "one word":
        name = f"{name[: len(name) // 2]}相关{name[len(name) // 2 :]}"
    elif case == "text alone":
        name = f"第{invented.numeral(n % 9000)}号试点事项操作要点"
        text = text[: len(text) * 9 // 10]
    elif case == "no draft":
        name, text = invented.name(many + n), words(many + n, seed)
    place = many + CASES.index(case) * many + n
    return paper(place, invented.final_title(body, name), Stage.FINAL, text, 700)


def record(store: Store, papers: Sequence[Paper]) -> None:
    store.sources.sync([LIST], NOW)
    (state,) = store.sources.claim([LIST], NOW)
    store.record.visit(
        Visit(
            state=state,
            at=NOW,
            next_poll_at=NOW,
            validators=Validators(),
            fingerprint="",
            definition="",
            row_counts=(1,),
            snapshot=None,
            arrivals=tuple(_arrival(one) for one in papers),
        )
    )


def _arrival(paper: Paper) -> Arrival:
    document = paper.document
    key = document.url or ""
    item = Item(key=key, url=key, title=document.title, published=document.published)
    return Arrival(item=item, paper=paper, next_read_at=None, news=False)


def fill(store: Store, many: int, seed: int) -> None:
    for start in range(0, many, AT_ONCE):
        papers = []
        for n in range(start, min(start + AT_ONCE, many)):
            document = known(n, seed)
            cores, near = found_by(document)
            papers.append(Paper(document=document, cores=cores, near=near))
        record(store, papers)


def measured(
    store: Store, rules: Rules, case: str, many: int, runs: int, seed: int
) -> tuple[Runs, int]:
    """Milliseconds until links are known, and until they are recorded; how many have the right link."""
    understanding = Understanding(store, rules, ())
    found: list[Figures] = []
    right = 0
    drafts = [n for n in range(many) if n % 3 != 2]
    chance = invented.dice(f"{case} {seed}")
    for n in chance.sample(drafts, runs):
        document = coming(case, n, many, seed)
        made, linking = timed(
            lambda one=document: understanding.paper(one, ChangeKind.NEW, NOW, silent=True)
        )
        _, recording = timed(lambda one=made: record(store, [one]))
        linked = [one for one in made.links if one.state == "linked"]
        titles = {d.title for d in store.papers.get([int(one.draft) for one in linked]).values()}
        wanted = set() if case == "no draft" else {known(n, seed).title}
        found.append(
            {
                "link_ms": linking.wall * 1000,
                "link_cpu_ms": linking.cpu * 1000,
                "record_ms": recording.wall * 1000,
            }
        )
        right += titles == wanted
    return Runs(found), right


@contextmanager
def stores(on: Sequence[str]) -> Iterator[list[tuple[str, Store]]]:
    """Empty stores on these databases."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = [("SQLite", f"sqlite:///{folder}/papers.db")] if "sqlite" in on else []
        if "postgresql" in on:
            sys.path.insert(0, str(ROOT))
            from tests.postgres import cluster

            urls.append(("PostgreSQL", stack.enter_context(cluster()).database()))
        opened = []
        for name, url in urls:
            store = stack.enter_context(Store(url, folder))
            store.db.upgrade()
            opened.append((name, store))
        yield opened


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=20_000, help="papers that the store holds")
    parser.add_argument("--runs", type=int, default=30, help="arrivals of each case")
    parser.add_argument("--seed", type=int, default=1)
    has_server = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    both = ["sqlite", "postgresql"] if has_server else ["sqlite"]
    parser.add_argument("--on", nargs="+", choices=["sqlite", "postgresql"], default=both)
    asked = parser.parse_args()
    rules = load_rules(None)
    rows: list[list[str]] = []
    medians: dict[str, dict[str, Figures]] = {}
    with stores(asked.on) as opened:
        for name, store in opened:
            _, filling = timed(lambda store=store: fill(store, asked.papers, asked.seed))
            print(f"{name}: {asked.papers} papers recorded in {filling.wall:.0f} s", flush=True)
            medians[name] = {}
            for case in CASES:
                runs, right = measured(store, rules, case, asked.papers, asked.runs, asked.seed)
                medians[name][case] = runs.medians() | {"right": right / asked.runs}
                cells = [runs.cell(key) for key in ("link_ms", "link_cpu_ms", "record_ms")]
                rows.append([f"{name}, {case}", *cells, f"{right} of {asked.runs}"])
    table(["arrival", "link ms", "link CPU ms", "record ms", "right"], rows)
    last_line("links", {"papers": asked.papers, "found": medians})


if __name__ == "__main__":
    main()
