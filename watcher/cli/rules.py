"""The `rules` commands: look a rule file over, and test rules against papers whose sector is known."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.listings import as_json, opened, say, show_lines, width

if TYPE_CHECKING:
    from watcher.classify import Rules
    from watcher.classify.goldfile import Question
    from watcher.classify.measure import Case, Report
    from watcher.model import Classification
    from watcher.store import Store


@click.group()
def rules() -> None:
    """Look over and test the rules that say which sector a paper is for."""


@rules.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@as_json
@click.pass_obj
def check(path: str, file: str | None, as_json: bool) -> None:
    """Look a rule file over: faults, and terms that never count, count twice or stand alone.

    Without FILE the one that the configuration names under `rules:` is looked over, and where it
    names none, the built-in rules.
    """
    from watcher.classify import load_rules
    from watcher.classify.lint import lint
    from watcher.render.rules import note_lines

    own = Path(file) if file else _configured(path)
    loaded = load_rules(own)
    notes = lint(loaded, str(own) if own else None)
    if as_json:
        for note in notes:
            say(note._asdict())
        return
    show_lines(note_lines(notes, width()))
    terms = len(loaded.book.terms) + len(loaded.book.noise)
    count = f"{len(loaded.sectors)} sectors, {terms} terms, {len(loaded.book.masks)} masks"
    click.echo(f"{own or 'built-in rules'}: {count}, fingerprint {loaded.fingerprint}")


@rules.command()
@click.argument("gold", required=False, type=click.Path(dir_okay=False))
@click.option("--labels", is_flag=True, help="Test against the sectors readers gave papers.")
@click.option(
    "--rules", "rules_path", type=click.Path(dir_okay=False), help="Your own rules on top."
)
@click.option(
    "--worst",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    metavar="N",
    help="Show so many misses.",
)
@as_json
@click.pass_obj
def test(
    path: str, gold: str | None, labels: bool, rules_path: str | None, worst: int, as_json: bool
) -> None:
    """Test rules against papers whose sector is known: a GOLD file, or readers' --labels.

    Without --rules, those that the configuration names are tested where there is a configuration,
    else the built-in ones.
    """
    from watcher.classify import load_rules
    from watcher.classify.measure import measure
    from watcher.render.rules import report_lines

    if (gold is None) == (not labels):
        raise click.UsageError("give a GOLD file, or --labels")
    own = Path(rules_path) if rules_path else _configured(path, needed=labels)
    judged = load_rules(own)
    if gold is not None:
        from watcher.classify.goldfile import read_gold

        answers = list(_asked(judged, read_gold(Path(gold), judged.sectors.keys())))
    else:
        with opened(path) as (_, store):
            answers = list(_labelled(judged, store))
    report = measure(answers)
    if as_json:
        say(_plain(report, worst))
    else:
        show_lines(report_lines(report, worst, width()))


def _configured(path: str, *, needed: bool = False) -> Path | None:
    """The rule file that the configuration names; None also where there is no configuration."""
    from watcher import config as configuration

    if not needed and not Path(path).exists():
        return None
    return configuration.load(Path(path)).rules


def _asked(
    judged: "Rules", questions: "Iterable[Question]"
) -> "Iterator[tuple[Case, Classification]]":
    """What the rules say of each paper of a gold file, its facts read as `watcher classify` does."""
    from watcher.classify import classify
    from watcher.facts import facts_of

    for one in questions:
        title = one.case.title
        facts = facts_of(title, one.text, published=one.published, url=one.url)
        yield (
            one.case,
            classify(judged, title, one.text, bodies=facts.bodies, stage=facts.stage),
        )


def _labelled(judged: "Rules", store: "Store") -> "Iterator[tuple[Case, Classification]]":
    """What the rules say of each paper whose sector a reader gave, by what is known of it now."""
    from watcher.classify import classify
    from watcher.classify.measure import Case

    standing = store.labels.standing()
    primary = {
        label.document_id: label.value or "none" for label in standing if label.field == "sector"
    }
    also = {label.document_id: label.value for label in standing if label.field == "secondary"}
    for id_, document in sorted(store.papers.get(list(primary)).items()):
        said = also.get(id_)
        case = Case(
            id=str(id_),
            title=document.title,
            primary=primary[id_],
            secondary=None if said is None else tuple(w for w in said.split() if w != "none"),
        )
        yield (
            case,
            classify(
                judged,
                document.title,
                document.text,
                notice=document.notice,
                bodies=document.facts.bodies,
                stage=document.facts.stage,
            ),
        )


def _plain(report: "Report", worst: int) -> dict[str, Any]:
    """The report as one JSON object."""
    wrong = sorted((r, a, n) for (r, a), n in report.confusion.items() if r != a)
    return {
        "cases": report.cases,
        "primary": report.primary,
        "none_recall": report.none_recall,
        "false_none": report.false_none,
        "micro_f1": report.micro_f1,
        "hit_any": report.hit_any,
        "confusion": [{"right": r, "answered": a, "cases": n} for r, a, n in wrong],
        "sectors": {
            code: asdict(tally) | {"precision": tally.precision, "recall": tally.recall}
            for code, tally in report.sectors.items()
        },
        "misses": [
            {
                "id": miss.case.id,
                "title": miss.case.title,
                "right": miss.case.primary,
                "answered": miss.answer.primary,
                "score": miss.answer.score,
                "evidence": [asdict(one) for one in miss.answer.evidence],
            }
            for miss in report.misses[:worst]
        ],
    }


COMMANDS = (rules,)
