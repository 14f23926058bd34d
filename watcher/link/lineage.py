"""What became of a paper: rounds, final, interpretations, amendments, repeal, in order of date. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from watcher.link.names import cores
from watcher.link.pool import withdraws
from watcher.model import Document, Facts, Link, Stage

ROLES = {
    "explains": "interpretation",
    "amends": "amendment",
    "repeals": "repeal",
    "replaces": "replacement",
    "withdraws": "withdrawal",
}
"""What a paper that has such a relation to another is in the other's lineage."""
_QUOTED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_EXPLAINS = re.compile(
    r"(?:(?:政策|文字|图文|专家|官方|权威)*解读|一图(?:读|看)懂|图解|答记者问|(?:政策)?问答|有关情况|有关负责人就)"
)
_AROUND = re.compile(r"^(?:关于|《)+|(?:的|》|[：:|｜—\-\s])+$|^[：:|｜—\-\s]+")
_SHORTEST = 5
"""Letters of a name that a title has without 《》: shorter ones are words of the sentence."""
_DRAFT = re.compile(r"征求意见稿|草案|送审稿")
_EARLY = timedelta(days=7)
"""An interpretation may be put up some days before its paper is."""


class Subject(NamedTuple):
    """A paper that another is about."""

    relation: str
    title: str
    doc_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A paper in a lineage."""

    document: Document
    role: str
    """draft, round, final, predecessor, or one of `ROLES`."""
    of: int | None
    """The paper of the lineage by which it came in; None for the one that was asked for."""
    state: str
    """asked, linked, suggested, confirmed, or cited: its own words name the paper."""
    score: float | None
    """0..1 for a link that rules found."""
    why: tuple[str, ...]


def subjects(title: str, facts: Facts) -> tuple[Subject, ...]:
    """The papers that a paper explains, amends, repeals, replaces, or (a draft) withdraws."""
    if withdraws(title):
        return tuple(Subject("withdraws", name, None) for name in _QUOTED.findall(title))
    found = [
        Subject(each.relation, each.title, each.doc_number)
        for each in facts.cites
        if each.relation in ROLES
    ]
    if facts.stage is Stage.INTERPRETATION:
        known = {each.title for each in found}
        named = _QUOTED.findall(title) or _unquoted(title)
        found += [Subject("explains", name, None) for name in named if name not in known]
    return tuple(found)


def about(title: str, facts: Facts) -> frozenset[str]:
    """The name cores of what a paper is about: `subjects`, to be found by."""
    return frozenset(core for each in subjects(title, facts) for core in cores(f"《{each.title}》"))


def _unquoted(title: str) -> list[str]:
    """The name that is left of an interpretation's title without what says that it is one."""
    rest = _AROUND.sub("", _AROUND.sub("", _EXPLAINS.sub("", title).strip()))
    return [rest] if len(rest) >= _SHORTEST and rest != title else []


def meant(subject: Subject, by: Document, among: Iterable[Document]) -> Document | None:
    """Which of these papers another names: by number where it gives one, else the newest before it.

    A draft is meant where the name says so, or where no final has it.
    """
    wanted = cores(f"《{subject.title}》")
    named = [
        other
        for other in among
        if other.id != by.id and not other.section and wanted & cores(other.title)
    ]
    if subject.doc_number:
        numbered = [one for one in named if one.facts.doc_number == subject.doc_number]
        named = numbered or [one for one in named if not one.facts.doc_number]
    slack = _EARLY if subject.relation == "explains" else timedelta(0)
    if by.published is not None:
        latest = by.published + slack
        named = [one for one in named if one.published is None or one.published <= latest]
    drafts = bool(_DRAFT.search(subject.title)) or subject.relation == "withdraws"
    fitting = [one for one in named if (one.facts.stage is Stage.DRAFT) is drafts] or named
    return max(fitting, key=lambda one: (one.published or date.min, one.id), default=None)


def lineage(root: int, papers: Mapping[int, Document], links: Sequence[Link]) -> tuple[Step, ...]:
    """The lineage of a paper, or of those that it explains, amends or repeals if it has none itself.

    `papers` are all that may belong to it, `links` all links among them. A notice of several drafts
    leads to the finals of all; a final of such a notice leads to its own drafts only.
    """
    standing = [one for one in links if one.state != "rejected"]
    start = papers[root]
    roots = [start]
    if not any(str(root) in (one.draft, one.final) for one in standing):
        named = [meant(each, start, papers.values()) for each in subjects(start.title, start.facts)]
        targets = [one for one in named if one is not None]
        if targets and (start.facts.stage is not Stage.FINAL or withdraws(start.title)):
            roots = targets
    found: dict[int, Step] = {}
    for one in roots:
        family = _family(one, papers, standing)
        for step in (*family, *_citing([step.document for step in family], papers)):
            kept = found.setdefault(step.document.id, step)
            if kept.of is not None and step.of is None:
                found[step.document.id] = step
    if root not in found:
        found[root] = Step(document=start, role="other", of=None, state="asked", score=None, why=())
    return tuple(sorted(found.values(), key=_order))


def _order(step: Step) -> tuple[date, int, int]:
    roles = ["predecessor", "draft", "round", "withdrawal", "final", *ROLES.values(), "other"]
    return (step.document.published or date.max, roles.index(step.role), step.document.id)


def _family(root: Document, papers: Mapping[int, Document], links: Sequence[Link]) -> list[Step]:
    """Drafts, rounds and finals that belong to one paper, from its links."""
    is_draft = root.facts.stage is Stage.DRAFT
    role = "draft" if is_draft else "final"
    found = {root.id: Step(document=root, role=role, of=None, state="asked", score=None, why=())}

    def take(link: Link, new: str, old: str, role: str) -> bool:
        id_ = int(new)
        if id_ in found or id_ not in papers:
            return False
        found[id_] = Step(
            document=papers[id_],
            role=role,
            of=int(old),
            state=link.state,
            score=link.score,
            why=link.evidence,
        )
        return True

    def rounds(drafts: set[int]) -> set[int]:
        """Add the rounds of drafts, theirs, and so on; papers that come in are as good as asked for."""
        ties = [link for link in links if link.kind == "round" and link.state != "suggested"]
        before = -1
        while before != len(drafts):
            before = len(drafts)
            for link in ties:
                if int(link.draft) in drafts and take(link, link.final, link.draft, "round"):
                    drafts.add(int(link.final))
                elif int(link.final) in drafts and take(link, link.draft, link.final, "draft"):
                    drafts.add(int(link.draft))
        return drafts

    finals = [link for link in links if link.kind == "final"]
    drafts = rounds({root.id}) if is_draft else set[int]()
    ends = {root.id} if not is_draft else set[int]()
    for link in finals:
        taken = int(link.draft) in drafts and take(link, link.final, link.draft, "final")
        if taken and link.state != "suggested":
            ends.add(int(link.final))
    for link in finals:
        taken = int(link.final) in ends and take(link, link.draft, link.final, "draft")
        if taken and link.state != "suggested":
            drafts.add(int(link.draft))
    rounds(drafts)
    later = {int(x.final) for x in links if x.kind == "round" and x.state != "suggested"}
    return [
        replace(step, role="round")
        if step.role == "draft" and (step.document.facts.round or step.document.id in later)
        else step
        for step in found.values()
    ]


def _citing(family: Collection[Document], papers: Mapping[int, Document]) -> Iterable[Step]:
    """Papers outside that are about one of the family, and older ones that its finals do away with."""
    ids = {one.id for one in family}
    known = list(papers.values())
    for paper in known:
        for subject in subjects(paper.title, paper.facts):
            if paper.id in ids and subject.relation == "explains":
                continue
            target = meant(subject, paper, known)
            if target is None:
                continue
            words = (f"names 《{subject.title}》",)
            if target.id in ids and paper.id not in ids:
                yield Step(
                    document=paper,
                    role=ROLES[subject.relation],
                    of=target.id,
                    state="cited",
                    score=None,
                    why=words,
                )
            elif paper.id in ids and target.id not in ids:
                yield Step(
                    document=target,
                    role="predecessor",
                    of=paper.id,
                    state="cited",
                    score=None,
                    why=(f"{subject.relation} it", *words),
                )
