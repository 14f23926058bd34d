"""Links within a pool of papers: who is a draft, and who its final. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from watcher.link.index import Index, Named, Paper, named
from watcher.link.likeness import AKIN, NEARLY_ALL, OTHER, SAME, Texts
from watcher.link.names import Name, folded, several
from watcher.link.pair import DOUBT, ONE_WORD, OTHER_KIND, UNLIKE, Match, agree, match, unlike
from watcher.link.rounds import NEXT_ROUND, rounds
from watcher.model import Link, Stage

_DRAFT = re.compile(r"征求.*意见|征求意见|公开征集.*意见|听取.*意见|意见稿|草案|送审稿|报批公示")
_NEITHER = re.compile(
    r"解读|读懂|图解|一图|答记者问|问答|吹风会|发布会|访谈|宣贯|培训班|培训会|评论|述评|负责人就|有关情况|实施情况"
    r"|采纳情况|反馈情况|意见的?(?:反馈|汇总|答复|处理|回复)|意见情况|修订说明|起草说明|编制说明|立法(?:工作)?计划|征集.*(?:企业|单位|信息)"
)

_YEAR = re.compile(r"((?:19|20)\d\d)(?:年\s*第?|[〕\])）]\s*第?)\s*\d{1,4}\s*号")
_WITHDRAWS = re.compile(
    # not 关于取消灯具审批的通知（征求意见稿）: what is taken back is the draft, or the asking
    r"(?:撤回|撤销|终止|中止|取消|停止)(?:对|就|关于){0,2}(?:《[^》]{2,80}(?:意见稿|草案)[^》]{0,8}》|《[^》]{2,80}》.{0,8}征求|(?:公开)?征求意见)"
    r"|(?:意见稿|草案)[）)]*》?的?(?:撤回|终止|中止)|征求意见(?:工作|活动)?的?(?:撤回|终止|中止)"
)

SURE, POSSIBLE = 0.75, 0.5
"""From where on a link is `linked`, and `suggested`."""
SLOW, TOO_LONG, HOPELESS = 3 * 365, 4 * 365 + 180, 8 * 365
"""Days from a draft to its final: rare, doubtful, and not believed."""


class _Candidate(NamedTuple):
    score: float
    match: Match
    final: Paper
    reasons: tuple[str, ...]


def link(
    papers: Sequence[Paper], known: Sequence[Link] = (), *, only: str | None = None
) -> list[Link]:
    """Tie each draft to the final that came of it, and rounds of one draft to each other.

    A final is later than its draft; interpretations and news are never finals. A notice that
    puts several drafts out at once is tied to the final of each. Works from indexes of names,
    not from all pairs; the result does not depend on the order of `papers`.

    `known` are links from before: a pair that was rejected is not found again; where a draft has a
    final, a better one is only suggested, and not even that where people confirmed the first. With
    `only` the links of that paper alone are looked for.
    """
    ordered = sorted(papers, key=lambda paper: paper.id)
    drafts = [one for paper in ordered if _is_draft(paper) for one in named(paper)]
    finals = [one for paper in ordered if _is_final(paper) for one in named(paper)]
    before = _Before(known, finals)
    calls = Index(drafts)
    mine = drafts if only is None else _concerned(drafts, finals, only)
    ties = _to_finals(mine, calls, finals, before), rounds(drafts, finals)
    return [
        one
        for some in ties
        for one in some
        if (one.draft, one.final) not in before.rejected and only in (None, one.draft, one.final)
    ]


def _concerned(drafts: Sequence[Named], finals: Sequence[Named], paper: str) -> list[Named]:
    """Of the drafts those that are this paper, or that it may be the final of."""
    mine = [final for final in finals if final.paper.id == paper]
    return [
        draft
        for draft in drafts
        if draft.paper.id == paper
        or any(draft.prints & one.prints or match(draft.name, one.name) for one in mine)
    ]


def withdraws(title: str) -> bool:
    """Whether a paper says that a draft is taken back: it is neither draft nor final."""
    return bool(_WITHDRAWS.search(folded(title)))


def unfinished(draft: Paper, came: Sequence[Paper]) -> tuple[str, ...]:
    """Which papers of a notice of several drafts none of `came`, its finals and later rounds, came of.

    One of another name, that people or its text linked, stands for any one of them. Empty for a
    notice of one draft.
    """
    asked = {one.name.loose: one.name for one in named(draft)} if several(draft.title) else {}
    found = [[one.name for one in named(paper)] for paper in came]
    matched = [{key for key in asked if any(agree(asked[key], n) for n in some)} for some in found]
    left = asked.keys() - set[str]().union(*matched)
    if len(asked) < 2 or len(left) <= matched.count(set()):
        return ()
    return tuple(name.said for key, name in asked.items() if key in left)


class _Before:
    """What is known of links from before."""

    def __init__(self, known: Sequence[Link], finals: Iterable[Named]) -> None:
        self.rejected = {(one.draft, one.final) for one in known if one.state == "rejected"}
        self._finals: dict[str, dict[str, str]] = defaultdict(dict)
        for one in known:
            if one.kind == "final" and one.state in ("linked", "confirmed"):
                self._finals[one.draft][one.final] = one.state
        wanted = {final for some in self._finals.values() for final in some}
        self._names: dict[str, list[Name]] = defaultdict(list)
        for final in finals:
            if final.paper.id in wanted:
                self._names[final.paper.id].append(final.name)

    def standing(self, draft: Named) -> dict[str, str]:
        """The finals that a draft has under this of its names, each linked or confirmed."""
        return {
            final: state
            for final, state in self._finals.get(draft.paper.id, {}).items()
            if draft.alone or any(agree(draft.name, name) for name in self._names[final])
        }


def _is_draft(paper: Paper) -> bool:
    title = folded(paper.title)
    if paper.stage is not None:
        return paper.stage is Stage.DRAFT and not withdraws(title)
    return bool(_DRAFT.search(title)) and not _NEITHER.search(title) and not withdraws(title)


def _is_final(paper: Paper) -> bool:
    title = folded(paper.title)
    if paper.stage is not None:
        return paper.stage is Stage.FINAL and not withdraws(title)
    return not (_DRAFT.search(title) or _NEITHER.search(title) or withdraws(title))


# ---------------------------------------------------------------- draft -> final


def _to_finals(
    drafts: Sequence[Named], calls: Index, finals: Sequence[Named], before: _Before
) -> list[Link]:
    index, texts = Index(finals), Texts()
    best: dict[tuple[str, str], _Candidate] = {}
    for draft in drafts:
        candidate = _best(draft, index, calls, texts, before.rejected)
        if candidate is None:
            continue
        candidate = _beside(candidate, before.standing(draft))
        if candidate is None:
            continue
        pair = (draft.paper.id, candidate.final.id)
        if pair not in best or candidate.score > best[pair].score:
            best[pair] = candidate
    claimed = {c.final.id for c in best.values() if c.match.worth > ONE_WORD}
    return [
        _link(draft, final, candidate, rivalled=final in claimed)
        for (draft, final), candidate in sorted(best.items())
    ]


def _link(draft: str, final: str, candidate: _Candidate, *, rivalled: bool) -> Link:
    score, reasons = candidate.score, candidate.reasons
    if rivalled and candidate.match.worth <= ONE_WORD:
        score = min(score, SURE - 0.1)
        reasons = (*reasons, "another draft has the final's very name")
    return Link(
        draft=draft,
        final=final,
        state="linked" if score >= SURE else "suggested",
        score=round(score, 3),
        evidence=reasons,
    )


def _beside(candidate: _Candidate, standing: dict[str, str]) -> _Candidate | None:
    """The candidate as it may be said where the draft has a final already."""
    if not standing or candidate.final.id in standing:
        return candidate
    if "confirmed" in standing.values():
        return None
    others = ", ".join(sorted(standing))
    return candidate._replace(
        score=min(candidate.score, SURE - 0.01),
        reasons=(*candidate.reasons, f"the draft is linked to {others} already"),
    )


def _best(
    draft: Named, finals: Index, calls: Index, texts: Texts, rejected: set[tuple[str, str]]
) -> _Candidate | None:
    """The final that agrees best with a draft's name; of equals the one that came first."""
    candidates = []
    for final in finals.near(draft):
        pair = (draft.paper.id, final.paper.id)
        if draft.paper.id == final.paper.id or pair in rejected:
            continue
        found = match(draft.name, final.name)
        if found is None and draft.prints & final.prints:
            found = unlike(draft.name, final.name)
        candidate = found and _judge(draft, final, found, calls)
        candidate = candidate and _compared(draft, final, candidate, texts)
        if candidate and candidate.score >= POSSIBLE:
            candidates.append(candidate)
    return min(
        candidates,
        key=lambda c: (-round(c.score, 2), c.final.published or date.max, c.final.id),
        default=None,
    )


def _compared(draft: Named, final: Named, candidate: _Candidate, texts: Texts) -> _Candidate | None:
    """The candidate with what the texts say of it, where both papers have one."""
    worth = candidate.match.worth
    doubted = worth <= DOUBT
    share = None
    if draft.paper.text and final.paper.text:
        share = texts.share((draft.paper.id, draft.paper.text), (final.paper.id, final.paper.text))
    if share is None:
        return None if doubted else candidate
    if doubted:
        possible = SAME if worth <= UNLIKE else AKIN
        sure = SAME if worth == DOUBT else NEARLY_ALL  # it must outweigh names that say otherwise
        if share < possible:
            return None
        shift = (SURE + 0.05 if share >= sure else POSSIBLE + 0.15) - worth
    elif share >= SAME:
        shift = 0.03
    elif share >= AKIN:
        shift = 0.0
    elif draft.alone and final.alone:
        # two papers of one ministry may share so much; the names must be equal to outweigh it
        shift = -0.3 if share < OTHER else -0.05 if worth > OTHER_KIND else -0.15
    else:  # all its text is not this paper's: what is missing may stand in another attachment
        return candidate
    return candidate._replace(
        score=min(candidate.score + shift, 0.99),
        reasons=(*candidate.reasons, f"the texts share {share:.0%}"),
    )


def _judge(draft: Named, final: Named, found: Match, calls: Index) -> _Candidate | None:
    """Weigh date, body and edition on top of the names; None when the dates rule it out."""
    score, reasons = found.worth, [found.reason]
    if draft.name.attached:
        reasons.append("named among the attachments of the notice")
    begun, done = draft.paper.published, final.paper.published or _latest(final.paper.title)
    if begun is None or final.paper.published is None:
        score -= 0.06
        reasons.append("a date is not known")
    if begun and done:
        days = (done - begun).days
        if days <= 0 or days > HOPELESS or _superseded(draft, begun, done, calls):
            return None
        score -= 0.3 if days > TOO_LONG else 0.04 if days > SLOW else 0.0
        if final.paper.published:
            reasons.append(f"final {days} days after draft")
    shift, reason = _bodies(draft.paper, final.paper)
    score += shift
    if reason:
        reasons.append(reason)
    if draft.name.edition != final.name.edition and draft.name.edition and final.name.edition:
        score -= 0.02
        reasons.append(f"edition {draft.name.edition} became {final.name.edition}")
    if (draft.name.period, draft.name.ordinals) != (final.name.period, final.name.ordinals):
        score -= 0.05
        reasons.append("period or part is named in one title only")
    return _Candidate(min(score, 0.99), found, final.paper, tuple(reasons))


def _latest(title: str) -> date | None:
    """The last day on which a paper can have been issued, by the year of the number in its title."""
    year = _YEAR.search(title)
    return date(int(year[1]), 12, 31) if year else None


def _superseded(draft: Named, begun: date, done: date, calls: Index) -> bool:
    """Whether another call for comments on the same name, long after this one, came before the final."""
    return any(
        (other.paper.published - begun).days > NEXT_ROUND and other.paper.published < done
        for other in calls.same(draft.name)
        if other.paper.published
    )


def _bodies(draft: Paper, final: Paper) -> tuple[float, str]:
    ours, theirs = ({b for b in p.bodies if not b.startswith("+")} for p in (draft, final))
    shared = sorted(ours & theirs)
    if shared:
        return 0.02, f"same body {', '.join(shared)}"
    if ours and theirs:
        return -0.1, f"body {', '.join(sorted(ours))} became {', '.join(sorted(theirs))}"
    return 0.0, ""
