"""The machine-readable commands on files and JSON lines: extract, classify, link; diff stands beside."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.compare import diff
from watcher.cli.given import bytes_of

if TYPE_CHECKING:
    from watcher.model import Brief, Facts, Page
    from watcher.settings import DetailRule, Rule, Source


def _say(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


# ---------------------------------------------------------------- extract


@click.command()
@click.argument("file")
@click.option(
    "--as",
    "kind",
    required=True,
    type=click.Choice(["listing", "feed", "endpoint", "page", "attachment", "brief"]),
)
@click.option(
    "--url",
    default="",
    help="The address the bytes came from; rows with relative links are found with it only.",
)
@click.option(
    "--rule",
    "rule_path",
    type=click.Path(dir_okay=False),
    help="A YAML file with a rule (and detail).",
)
@click.option("--source", "source_id", help="Read as this source of the configuration would be.")
@click.option(
    "--json", "as_json", is_flag=True, help="Accepted for clarity; the answer is always JSON."
)
@click.pass_obj
def extract(
    path: str,
    file: str,
    kind: str,
    url: str,
    rule_path: str | None,
    source_id: str | None,
    as_json: bool,
) -> None:
    """Read a saved list, feed, page, attachment or brief and print what it says as JSON."""
    from watcher.model import Page
    from watcher.settings import DetailRule, Rule

    rule, detail, body_code = Rule(), DetailRule(), None
    if source_id is not None:
        source = _source(path, source_id)
        rule, detail, body_code, url = source.rule, source.detail, source.body, url or source.url
    if rule_path is not None:
        rule, detail = _rules(rule_path)
    page = Page(
        url=url or (Path(file).absolute().as_uri() if file != "-" else ""), body=bytes_of(file)
    )
    if kind == "page":
        _say(_page(page, detail, body_code))
    elif kind == "attachment":
        from watcher.sandbox import read_attachment

        _say(asdict(read_attachment(page.body, file)))
    elif kind == "brief":
        from watcher.facts.brief import read_brief

        _say(_brief(read_brief(page)))
    else:
        _say({"items": _rows(page, kind, rule)})


def _source(path: str, source_id: str) -> "Source":
    from watcher import config as configuration

    source = configuration.load(Path(path)).sources_by_id.get(source_id)
    if source is None:
        raise click.UsageError(f"no source {source_id!r} in {path}")
    return source


def _rules(path: str) -> "tuple[Rule, DetailRule]":
    from watcher import config as configuration

    return configuration.load_reading(Path(path))


def _rows(page: "Page", kind: str, rule: "Rule") -> list[dict[str, Any]]:
    from watcher.extract.extractors import EXTRACTORS

    items = EXTRACTORS[kind](page, rule)
    return [
        {
            "title": item.title,
            "url": item.url,
            "published": _day(item.published),
            "deadline": _day(item.deadline),
        }
        for item in items
    ]


def _page(page: "Page", detail: "DetailRule", source_body: str | None) -> dict[str, Any]:
    from watcher.extract.paper.page import read_page
    from watcher.facts import facts_of

    read = read_page(page, detail)
    facts = facts_of(
        read.title or "",
        read.text,
        published=read.published,
        issuer=read.issuer,
        doc_number=read.doc_number,
        source_body=source_body,
        signed=read.signed,
        url=page.url,
    )
    return {
        "title": read.title,
        "published": _day(read.published),
        "signed": _day(read.signed),
        **_facts(facts),
        "text": read.text,
        "attachments": [asdict(attachment) for attachment in read.attachments],
        "conflicts": [asdict(conflict) for conflict in read.conflicts],
    }


def _facts(facts: "Facts") -> dict[str, Any]:
    """What is concluded of a paper, as scripts read it."""
    return {
        "bodies": facts.bodies,
        "stage": facts.stage,
        "doc_type": facts.doc_type,
        "doc_number": facts.doc_number,
        "deadline": _day(facts.deadline),
        "effective": _day(facts.effective),
        "comments_to": facts.comments_to,
        "targets": [asdict(target) for target in facts.targets],
        "companies": facts.companies,
        "cites": [asdict(citation) for citation in facts.cites],
        "spans": [asdict(span) for span in facts.spans],
    }


def _brief(brief: "Brief") -> dict[str, Any]:
    def item(entry: Any) -> dict[str, Any]:
        fields = asdict(entry)
        fields["date"] = _day(fields.pop("dated"))
        fields["deadline"] = _day(entry.deadline)
        return fields

    period = [day.isoformat() for day in brief.period] if brief.period else None
    return {"period": period, "items": [item(entry) for entry in brief.items]}


# ---------------------------------------------------------------- classify, link


def _lines() -> Iterator[dict[str, Any]]:
    """The JSON objects on standard input, one a line."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise click.UsageError(f"standard input, line {number}: not JSON: {exc}") from exc
        if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("title"), str):
            raise click.UsageError(
                f'standard input, line {number}: expected an object with "id" and "title"'
            )
        for name in ("text", "url", "published", "source_body"):
            if not isinstance(row.get(name), str | None):
                raise click.UsageError(f'standard input, line {number}: "{name}" must be a string')
        bodies = row.get("bodies")
        if bodies is not None and not (
            isinstance(bodies, list) and all(isinstance(code, str) for code in bodies)
        ):
            raise click.UsageError(
                f'standard input, line {number}: "bodies" must be a list of codes'
            )
        yield row


def _date(row: dict[str, Any]) -> date | None:
    """The day a row gives; None where it gives none, or only a month."""
    value = str(row.get("published") or "")
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        if value and not re.fullmatch(r"\d{4}(-\d{2})?", value):
            click.echo(f"{row['id']}: published {value!r} is no date; taken as unknown", err=True)
        return None


@click.command()
@click.option(
    "--rules", "rules_path", type=click.Path(dir_okay=False), help="Your own rules on top."
)
def classify(rules_path: str | None) -> None:
    """Classify papers: JSON lines in (id, title, text…), JSON lines out."""
    from watcher.classify import classify as judge
    from watcher.classify import load_rules
    from watcher.facts import facts_of

    rules = load_rules(Path(rules_path) if rules_path else None)
    for row in _lines():
        text = row.get("text") or ""
        facts = facts_of(
            row["title"],
            text,
            published=_date(row),
            source_body=row.get("source_body"),
            url=row.get("url"),
        )
        label = judge(rules, row["title"], text, bodies=facts.bodies, stage=facts.stage)
        answer = {
            "id": row["id"],
            "primary": label.primary,
            "secondary": label.secondary,
            "score": label.score,
            **_facts(facts),
            "evidence": [asdict(evidence) for evidence in label.evidence],
        }
        if facts.round is not None:
            answer["round"] = facts.round
        _say(answer)


@click.command()
def link() -> None:
    """Tie drafts to their finals: JSON lines of papers in, one JSON line a link out."""
    from watcher.link import Paper
    from watcher.link import link as tie

    rows = list(_lines())
    papers = [
        Paper(
            id=str(row["id"]),
            title=row["title"],
            published=_date(row),
            bodies=tuple(row.get("bodies") or ()),
            text=row.get("text") or "",
        )
        for row in rows
    ]
    ids = {str(row["id"]): row["id"] for row in rows}
    for found in tie(papers):
        answer = asdict(found) | {"draft": ids[found.draft], "final": ids[found.final]}
        if found.kind == "final":
            del answer["kind"]
        _say(answer)


COMMANDS = (extract, classify, link, diff)
