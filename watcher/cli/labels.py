"""The `labels` command: readers' corrections of what rules concluded."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from watcher.cli.given import person
from watcher.cli.listings import ROW_ID, as_json, known, opened, say, show_lines, width
from watcher.clock import clock_from
from watcher.correct import FIELDS, NONE, RULES, UNSET, Label, value_of
from watcher.model import DocType, Stage

if TYPE_CHECKING:
    from watcher.settings import Config
    from watcher.store import Store


@click.group()
def labels() -> None:
    """Correct what rules concluded of a paper; a correction is never overwritten by them."""


field = click.argument("field", type=click.Choice(FIELDS))
paper = click.argument("document", metavar="ID", type=ROW_ID)
note = click.option("--note", default="", help="Why, in your own words.")
by = click.option("--by", metavar="NAME", help="Who says so [default: the user who runs this].")


@labels.command(name="list")
@click.argument("document", metavar="[ID]", type=ROW_ID, required=False)
@as_json
@click.pass_obj
def list_(path: str, document: int | None, as_json: bool) -> None:
    """List the labels that stand; with ID all that one paper was ever given, rules' word first."""
    with opened(path) as (config, store):
        if document is not None:
            _must_exist(store, document)
        found = store.labels.standing() if document is None else store.labels.of(document)
        if as_json:
            for label in found:
                say(asdict(label))
            return
        papers = store.papers.newest(ids={label.document_id for label in found}, limit=len(found))
        titles = {listed.document.id: listed.document.title for listed in papers}
        from watcher.render.explain import label_lines

        show_lines(label_lines(found, titles, config.timezone, width()))
        if not found:
            click.echo("no labels yet; `watcher labels set ID FIELD VALUE` adds one", err=True)


@labels.command(name="set")
@paper
@field
@click.argument("values", metavar="VALUE", nargs=-1, required=True)
@note
@by
@as_json
@click.pass_obj
def set_(
    path: str,
    document: int,
    field: str,
    values: tuple[str, ...],
    note: str,
    by: str | None,
    as_json: bool,
) -> None:
    """Say what FIELD of paper ID really is: a code, several for secondary and bodies, a day, none.

    The paper is corrected at once; nobody is alerted.
    """
    with opened(path) as (config, store):
        value = _checked(config, field, values)
        _add(config, store, document, field, value, note, by, as_json=as_json)


@labels.command()
@paper
@field
@note
@by
@as_json
@click.pass_obj
def unset(path: str, document: int, field: str, note: str, by: str | None, as_json: bool) -> None:
    """Take the label of FIELD back: what rules say holds again."""
    with opened(path) as (config, store):
        stands = {label.field for label in _standing(store, document)}
        if field not in stands:
            raise click.UsageError(f"paper {document} has no label for {field}")
        _add(config, store, document, field, UNSET, note, by, as_json=as_json)


def _standing(store: "Store", document: int) -> tuple[Label, ...]:
    from watcher.correct import standing

    return standing(store.labels.of(document))


def _add(
    config: "Config",
    store: "Store",
    document: int,
    field: str,
    value: str,
    note: str,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    from watcher import reread
    from watcher.classify import load_rules
    from watcher.understand import Understanding

    _must_exist(store, document)
    name = person(by)
    if name == RULES:
        raise click.UsageError(f"--by {name!r}: name a person")
    clock = clock_from()
    label = Label(
        document_id=document, field=field, value=value, by=name, at=clock.now(), note=note
    )
    id_ = store.labels.add(label).id
    understanding = Understanding(store, load_rules(config.rules), config.teams)
    reread.apply(store, understanding, config.sources_by_id, clock, ids=frozenset({id_}))
    now = value_of(store.papers.get([id_])[id_], field)
    if as_json:
        say(asdict(label) | {"document_id": id_, "now": now})
    elif value == UNSET:
        click.echo(f"{id_}: {field} is {now} again, as rules say")
    else:
        (before,) = [each for each in store.labels.of(id_) if _kept(each, field)][-1:]
        click.echo(f"{id_}: {field} is {now}; rules said {before.value}")


def _must_exist(store: "Store", document: int) -> None:
    if not store.papers.newest(ids=[document]):
        raise click.UsageError(f"no paper {document}; `watcher items` lists them")


def _kept(label: Label, field: str) -> bool:
    return label.by == RULES and label.field == field


# ---------------------------------------------------------------- values


def _checked(config: "Config", field: str, values: tuple[str, ...]) -> str:
    """The value as it is stored; UsageError, with the nearest that exists, for any other."""
    words = [word for value in values for word in value.replace(",", " ").split()]
    if not words:
        raise click.UsageError(f"{field} has no value; write none for nothing")
    if words == [NONE]:
        return NONE
    if field not in ("secondary", "bodies") and len(words) > 1:
        raise click.UsageError(f"{field} has one value, not {len(words)}")
    if field == "deadline":
        return _day(words[0])
    what = {"secondary": "sector", "bodies": "body"}.get(field, field)
    for word in words:
        known(what, word, _codes(config, field, word))
    return " ".join(dict.fromkeys(words))


def _codes(config: "Config", field: str, word: str) -> Iterable[str]:
    from watcher.classify import sector_names
    from watcher.facts.bodies import BODIES

    match field:
        case "stage":
            return [stage.value for stage in Stage]
        case "doc_type":
            return [form.value for form in DocType]
        case "bodies":  # +11: and eleven more that are not named
            more = [word] if re.fullmatch(r"\+[1-9][0-9]{0,2}", word) else []
            return [*BODIES, *more]
    return sector_names(config.rules)


def _day(text: str) -> str:
    try:
        if re.fullmatch(r"2\d{3}-\d\d-\d\d", text, re.ASCII):  # no week days, no years of a slip
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise click.UsageError(f"deadline {text!r} is no day; write 2026-12-31 or none")


COMMANDS = (labels,)
