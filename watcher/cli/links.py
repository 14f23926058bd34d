"""The `links` command: what became of drafts; links confirmed and rejected, lineages, drafts left waiting."""

import getpass
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.listings import ROW_ID, as_json, opened, say, show_lines, width
from watcher.clock import clock_from

if TYPE_CHECKING:
    from watcher.model import Document
    from watcher.store.links import Tie

_STATES = ("linked", "suggested", "confirmed", "rejected")


@click.group()
def links() -> None:
    """Show what drafts became, and say which links are right."""


draft = click.argument("draft", metavar="DRAFT", type=ROW_ID)
final = click.argument("final", metavar="FINAL", type=ROW_ID)
note = click.option("--note", default="", help="Why, in your own words.")
by = click.option("--by", metavar="NAME", help="Who says so [default: the user who runs this].")
limit = click.option("--limit", type=click.IntRange(1, 100_000), default=30, show_default=True)


@links.command(name="list")
@click.option("--state", type=click.Choice(_STATES))
@limit
@as_json
@click.pass_obj
def list_(path: str, state: str | None, limit: int, as_json: bool) -> None:
    """List links, the newest first; --state suggested are those that wait for a person."""
    with opened(path) as (config, store):
        ties = store.links.listed(state=state, limit=limit)
    if as_json:
        for tie in ties:
            say(_row(tie))
        return
    from watcher.render.links import link_lines

    show_lines(link_lines(ties, config.timezone, width()))
    if not ties:
        click.echo(f"no link is {state}" if state else "no links yet", err=True)


@links.command()
@draft
@final
@note
@by
@as_json
@click.pass_obj
def confirm(path: str, draft: int, final: int, note: str, by: str | None, as_json: bool) -> None:
    """Say that FINAL came of DRAFT (or is its next round); rules never undo it."""
    _decide(path, draft, final, "confirmed", note, by, as_json=as_json)


@links.command()
@draft
@final
@note
@by
@as_json
@click.pass_obj
def reject(path: str, draft: int, final: int, note: str, by: str | None, as_json: bool) -> None:
    """Say that FINAL did not come of DRAFT; the pair is never linked or suggested again."""
    _decide(path, draft, final, "rejected", note, by, as_json=as_json)


@links.command()
@click.argument("document", metavar="ID", type=ROW_ID)
@as_json
@click.pass_obj
def lineage(path: str, document: int, as_json: bool) -> None:
    """Show what belongs to paper ID by date: rounds, final, interpretations, amendments, repeal."""
    with opened(path) as (_, store):
        steps = store.links.lineage(document)
    if as_json:
        for step in steps:
            row = {name: getattr(step, name) for name in ("role", "of", "state", "score", "why")}
            say(_paper(step.document) | row)
        return
    from watcher.render.links import lineage_lines

    show_lines(lineage_lines(steps, document, width()))


@links.command()
@click.option("--months", type=click.IntRange(0, 1200), default=18, show_default=True)
@limit
@as_json
@click.pass_obj
def waiting(path: str, months: int, limit: int, as_json: bool) -> None:
    """List drafts older than --months that have no final and no later round, the oldest first.

    Of a notice of several drafts, those that wait while others have theirs.
    """
    today = clock_from().now().date()
    with opened(path) as (_, store):
        drafts = store.links.waiting(_months_before(today, months), limit=limit)
    if as_json:
        for each in drafts:
            days = (today - each.document.published).days if each.document.published else None
            more = {"days": days, "names": each.names, "suggested": each.suggested}
            say(_paper(each.document) | more)
        return
    from watcher.render.links import waiting_lines

    show_lines(waiting_lines(drafts, today, width()))
    if not drafts:
        click.echo(f"no draft has waited {months} months for its final", err=True)


def _decide(
    path: str, draft: int, final: int, state: str, note: str, by: str | None, *, as_json: bool
) -> None:
    with opened(path) as (_, store):
        known = {listed.document.id for listed in store.papers.newest(ids=[draft, final])}
        for id_ in (draft, final):
            if id_ not in known:
                raise click.UsageError(f"no paper {id_}; `watcher items` lists them")
        if draft == final:
            raise click.UsageError("a paper cannot be linked to itself; name a draft and its final")
        tie = store.links.decide(
            draft, final, state, by=by or _user(), note=note, at=clock_from().now()
        )
        others = [
            other.final
            for other in store.links.of([tie.draft.id])
            if state == "confirmed"
            and other.draft == tie.link.draft
            and (other.state, other.kind) == ("linked", tie.link.kind)
        ]
    if as_json:
        say(_row(tie))
        return
    was = tie.decision.was if tie.decision and tie.decision.was else "not linked"
    click.echo(f"{tie.draft.id} → {tie.final.id} is {state}; it was {was}")
    for other in others:
        click.echo(f"{tie.draft.id} → {other} is still linked; reject it if it is wrong", err=True)


def _row(tie: "Tie") -> Mapping[str, Any]:
    return {
        "draft": tie.draft.id,
        "final": tie.final.id,
        "kind": tie.link.kind,
        "state": tie.link.state,
        "score": tie.link.score,
        "evidence": tie.link.evidence,
        "draft_title": tie.draft.title,
        "draft_published": tie.draft.published,
        "final_title": tie.final.title,
        "final_published": tie.final.published,
        "at": tie.at,
        "decision": asdict(tie.decision) if tie.decision else None,
    }


def _paper(document: "Document") -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "published": document.published,
        "stage": document.facts.stage,
        "bodies": document.facts.bodies,
        "url": document.url,
    }


def _months_before(day: date, months: int) -> date:
    """The same day some months ago, the month's last where it has no such day."""
    count = day.year * 12 + day.month - 1 - months
    for last in (day.day, 30, 29, 28):
        try:
            return date(count // 12, count % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    return date.min


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as exc:  # a container's user may have no name
        raise click.UsageError("this user has no name; say --by NAME") from exc


COMMANDS = (links,)
