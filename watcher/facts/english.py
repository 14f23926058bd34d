"""What an English headline or leading clause says of a paper: who issues it, its stage and form."""

import re
from datetime import date

from watcher.facts.bodies import BodyMention, find_bodies
from watcher.facts.spanned import Spanned
from watcher.model import DocType, Stage

NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_COUNT = rf"(?P<n>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})"
_AGENCIES = r"(?:\w+\s+){0,2}?(?:agencies|ministries|departments|bodies|authorities|regulators|institutions)"
_LED_BY = re.compile(rf"\b{_COUNT}\s+{_AGENCIES},?\s+(?:led|headed|including|spearheaded)\b", re.I)
_AND_OTHERS = re.compile(
    rf"\b(?:and|with|alongside)\s+{_COUNT}\s+other\s+(?:\w+\s+){{0,2}}?\w+", re.I
)

_SPEAKING = (
    "issue|release|publish|announce|launch|unveil|circulate|approve|adopt|promulgate|introduce|"
    "roll|intend|plan|set|make|made|call|stress|urge|say|said|pledge|reveal|report|propose|"
    "solicit|seek|sought|start|begin|began|open|invite|publicize|revise|update|amend|order|ban|"
    "establish|outline|detail|warn|expand|extend|hold|held|sign|grant|appoint|push|encourage"
)
_VERB = re.compile(
    rf"\b(?:(?:has|have|had|will|jointly|also|recently|today)\s+)*(?:{_SPEAKING})(?:e?s|e?d|ted|ned)?\b"
)


def english_issuers(lead: str) -> tuple[str, ...]:
    """The codes of the bodies that are the subject of an English clause: see `subject_bodies`."""
    return tuple(said.value for said in subject_bodies(lead))


def subject_bodies(lead: str, on: date | None = None) -> tuple[Spanned[str], ...]:
    """Return the bodies that are the subject of an English clause, as codes with their places.

    Six agencies led by X adds "+5"; X and five other ministries adds "+5". An abbreviation in
    brackets behind a full name is not a body of its own (briefs misprint them).
    """
    verb = _VERB.search(lead)
    subject = lead[: verb.start()] if verb else lead[:60]
    named = _named(subject, on)
    if not named:
        return ()
    if match := _LED_BY.search(lead):
        rest = _number(match["n"]) - len(named)
    elif match := _AND_OTHERS.search(subject):
        rest = _number(match["n"])
    else:
        return named
    return (*named, Spanned(f"+{rest}", *match.span())) if rest > 0 else named


def named_bodies(text: str) -> tuple[str, ...]:
    """Codes of all bodies named in an English phrase, once each, brackets behind a name left out."""
    return tuple(said.value for said in _named(text))


def _named(text: str, on: date | None = None) -> tuple[Spanned[str], ...]:
    kept: list[BodyMention] = []
    for mention in find_bodies(text, on):
        behind = kept and text[kept[-1].end : mention.start].strip() in ("(", "（")
        if not behind:
            kept.append(mention)
    once: dict[str, Spanned[str]] = {}
    for mention in kept:
        once.setdefault(mention.code, Spanned(mention.code, mention.start, mention.end))
    return tuple(once.values())


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBER_WORDS[word.lower()]


_ISSUING = (
    r"(?:issue|release|publish|announce|launch|unveil|circulate|adopt|promulgate|introduce|roll|"
    r"intend|plan|set|make|made|revise|amend|publiciz|publicis|update)\w*"
)
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = tuple(
    (stage, re.compile(pattern))
    for stage, pattern in (
        (
            Stage.APPOINTMENT,
            r"\b(?:was|were|is|been|be)\s+(?:re)?(?:appointed|named|elected|nominated|removed|dismissed)\b"
            r"|\b(?:appoints?|appointed)\b[^,;]{0,80}\bas\b",
        ),
        (Stage.FINAL, r"\bfinal(?:ized|ised)?\s+(?:version|rules|text|draft|measures|guidelines)"),
        (
            Stage.DRAFT,
            r"(?i)\bdraft(?:s|ed)?\b(?!\s+by)|\bfor\s+(?:public\s+)?comments?\b|\bpublic\s+consultation\b"
            r"|\b(?:collect|seek|solicit|gather|invit)\w*\s+(?:public\s+)?(?:feedback|comments?|opinions)\b"
            r"|\brequest(?:s|ed)?\s+for\s+comments?\b",
        ),
        (
            Stage.CALL,
            r"(?i)\b(?:launch|open|start|invit|announc|accept|issue|release)\w*\s+(?:an?\s+|the\s+)?applications?\b"
            r"|\bapplication\s+call\b|\bcall\s+for\s+(?:the\s+)?(?:applications?|proposals?|submissions?|projects?)\b"
            r"|\bcall\w*\s+for\s+applicants\b",
        ),
        (
            Stage.INTERPRETATION,
            r"(?i)\b(?:interpretations?|explanations?|q&a)\b\s*(?:of|on|for|about)\b|\bexplains?\b",
        ),
        (
            Stage.LIST,
            r"(?i)\b(?:issue|release|publish|announce|unveil|circulate)\w*\s+(?:\w+\s+){0,3}?"
            r"(?:list|lists|batch)\s+of\b|\bannouncement\s+of\s+the\s+\w+\s+batch\b",
        ),
        (
            Stage.SPEECH,
            r"\b(?:Xi\s+Jinping|Li\s+Qiang|Li\s+Keqiang|Premier|President|Minister|[Vv]ice[- ]\w+)\b[^,;]{0,60}?"
            r"\b(?:called|stress\w*|said|says|urged?\w*|emphasi\w+|pledged?\w*|told|delivered|spoke)\b",
        ),
    )
)
_BUSINESS = re.compile(
    r"\b(?:compan(?:y|ies)|firms?|start-?ups?|\w*makers?|manufacturers?|suppliers?|giants?|joint\s+ventures?|"
    r"automotive|invest\w*|acqui\w+|deals?|shares?|stakes?|unit|plants?|\w*factor(?:y|ies)|sales|sells?|sold|"
    r"businesses|production|produces?|vehicles?|cars?|EVs?|chips?|IPO|merger|subsidiary|imports?|exports?|"
    r"USD|EUR|CNY|RMB|vessel|aircraft|airlines?|[Gg]roup|Corporation|Co\.|Inc\.?|Ltd\.?)\b"
)


def english_stage(lead: str, *, issued: bool) -> Stage:
    """The stage an English lead speaks of: see `stage_said`."""
    return stage_said(lead, issued=issued).value


def stage_said(lead: str, *, issued: bool) -> Spanned[Stage]:
    """The stage an English lead speaks of and where (`0, 0` when nothing there says it); `issued`
    says that a known body is its subject.

    "The final version of guidelines first released as a draft" is final; without body or form it
    is corporate when it speaks of companies and goods, else news.
    """
    for stage, pattern in _STAGES:
        if mark := pattern.search(lead):
            return Spanned(stage, *mark.span())
    if issued and (mark := re.search(rf"\b{_ISSUING}\b", lead)):
        return Spanned(Stage.FINAL, *mark.span())
    if mark := _BUSINESS.search(lead):
        return Spanned(Stage.CORPORATE, *mark.span())
    return Spanned(Stage.NEWS, 0, 0)


_ROUND = re.compile(
    r"(?i)\b(?P<n>second|2nd|third|3rd)\s+(?:public\s+)?(?:draft|round\s+of|reading|version\s+of\s+(?:the|a|its)\s+draft)\b"
)


def round_said(lead: str) -> Spanned[int] | None:
    """Which round of a draft a lead speaks of (a second draft); None for a first or an unsaid one."""
    mark = _ROUND.search(lead)
    return Spanned(2 if mark["n"][0] in "sS2" else 3, *mark.span()) if mark else None


_FORMS: tuple[tuple[DocType, str], ...] = (
    (DocType.PLAN, r"plans?|schemes?|programmes?|blueprints?|roadmaps?|strateg(?:y|ies)|outlines?"),
    (DocType.OPINIONS, r"opinions?"),
    (DocType.GUIDELINE, r"guid(?:elines?|ance|es?)|guidebook"),
    (
        DocType.MEASURES,
        r"measures|provisions|implementation\s+rules|implementing\s+rules|regulations",
    ),
    (DocType.RULES, r"rules"),
    (DocType.STANDARD, r"standards?|specifications?"),
    (DocType.CATALOGUE, r"catalogu?es?"),
    (DocType.LIST, r"lists?"),
    (DocType.LETTER, r"letters?"),
    (DocType.LAW, r"laws?"),
    (DocType.NOTICE, r"notices?|circulars?|instructions|pilots?\b(?!\s+(?:scheme|plan))"),
    (DocType.ANNOUNCEMENT, r"announcements?"),
)
_NOUNS = tuple((kind, re.compile(rf"(?i)\b(?:{words})\b")) for kind, words in _FORMS)
_BY_STAGE = {
    Stage.INTERPRETATION: DocType.INTERPRETATION,
    Stage.SPEECH: DocType.MEETING,
    Stage.APPOINTMENT: DocType.APPOINTMENT,
    Stage.CORPORATE: DocType.NEWS,
    Stage.NEWS: DocType.NEWS,
    Stage.LIST: DocType.LIST,
    Stage.CALL: DocType.NOTICE,
}


def form_said(lead: str, stage: Spanned[Stage], bodies: tuple[str, ...]) -> Spanned[DocType] | None:
    """The form of the paper an English lead speaks of: the first that is named after its verb.

    What is no paper has the form of its stage and stands where that does.
    """
    if stage.value in _BY_STAGE:
        return Spanned(_BY_STAGE[stage.value], stage.start, stage.end)
    verb = _VERB.search(lead)
    begins = verb.end() if verb else 0
    found = [
        (match.start(), match.end(), kind)
        for kind, noun in _NOUNS
        if (match := noun.search(lead, begins))
    ]
    if not found:
        bare = stage.value is Stage.FINAL and bodies
        return Spanned(DocType.NOTICE, stage.start, stage.end) if bare else None
    start, end, kind = min(found)
    if kind in (DocType.RULES, DocType.NOTICE) and {"TC260", "SAC"} & set(bodies):
        kind = DocType.STANDARD
    # what the State Council issues as regulations ranks above a ministry's measures
    elif kind is DocType.MEASURES and bodies[:1] == ("SC",) and "regulations" in lead[begins:]:
        kind = DocType.REGULATIONS
    return Spanned(kind, start, end)
