"""The day until which comments on a draft are taken, as English reports say it."""

import re
from datetime import date

from watcher.facts.day import english_days
from watcher.facts.spanned import Spanned

_SENTENCE = re.compile(r"(?:[^.;!?\n]|\.(?!\s+[A-Z“\"]|\s*$)|[;!?](?!\s))+", re.M)
_COMMENT = re.compile(
    r"\b(?:feedback|comments?\b(?! on the)|commenting|public consultation(?! meeting)|consultations?(?! meeting)|opinions?|"
    r"suggestions?|views|input(?! data)|public comment)\b",
    re.I,
)
_OTHER = re.compile(
    r"\b(?:appl(?:y|ications?|icants?)|register|enrol|effect|force|bids?|tender|nominat\w+)\b", re.I
)
_SOLICITS = re.compile(
    r"\b(?:collect|seek|solicit|invit|gather|submit|provide|accept|welcom|open for|send|until)\w*\b"
    r"[^.]{0,60}\b(?:feedback|comments?|opinions?|suggestions?|views|input)\b",
    re.I,
)
_OF_BIDDERS = re.compile(
    r"\bbid(?:s|ders?)?\b|\btenders?\b|\bapplicants? (?:must|shall|should|can|may|have)\b", re.I
)
_COLLECTED = re.compile(
    r"\b(?:were|was|had|has|have) (?:been )?(?:already )?(?:received|collected|accepted|due|solicited|closed)\b|"
    r"\b(?:will|would) respond\b",
    re.I,
)
_EARLIER = re.compile(
    r"\b(?:previous|earlier|preceding|first(?=[ -](?:round|draft)))[ -](?:(?:public|round|draft|comment) ?(?:of )?){0,2}"
    r"(?:consultation|comments?|comment period|call|period|deadline|feedback)\b(?![^.]{0,80}\b(?:extend|postpon))",
    re.I,
)
_UNTIL = re.compile(
    r"\b(?:until|till|by|before|through|to|no later than|ends?(?: on)?|end(?:ing|ed) on|closes?(?: on)?|"
    r"closing(?: on)?|due(?: on| by|:)?|deadline(?: is| of|:)?(?: on)?|deadline [^.;\d]{0,40}\b(?:is|on)|"
    r"deadline [^.;\d]{0,40}:|up to|open until|expires? on)"
    r"\s*(?:midnight on|the end of|[A-Z][a-z]+day,?)?\s*$",
    re.I,
)
_RANGE = re.compile(r"\s*[-–—]\s*")
# What the draft demands by a day, unless commenting is spoken of after it
_DUTY = re.compile(
    r"\b(?:compl[yi]|requires?\b|requiring|must(?=\s(?!be\b|reach|arrive))|mandat|upgrad|complet|achiev|reach(?! (?:the|us|it)\b)|build|built|implement|establish|phas|install|retir|launch|"
    r"form|creat|increas|cut|reduc|replac|publish|issu|finali[sz])\w*\b",
    re.I,
)


def english_deadline(text: str, published: date | None) -> tuple[Spanned[date], str] | None:
    """The deadline with its place in `text`, and its sentence; a day before `published` is over.

    A period (for 30 days) is not counted: a report does not tell the day from which it runs.
    """
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        cue = _COMMENT.search(sentence)
        if not cue or _OF_BIDDERS.search(sentence) or _COLLECTED.search(sentence):
            continue
        if _EARLIER.search(sentence):
            continue
        if _OTHER.search(sentence) and not _SOLICITS.search(sentence):
            continue
        days = english_days(sentence)
        for place, day in enumerate(days):
            between = sentence[days[place - 1].end : day.start] if place else ""
            before = sentence[max(0, day.start - 80) : day.start]
            if not (_UNTIL.search(before) or _RANGE.fullmatch(between)):
                continue
            on = day.after(published)
            if (
                on
                and (published is None or on >= published)
                and not _demanded(sentence[: day.start])
            ):
                at = match.start()
                return Spanned(on, at + day.start, at + day.end), sentence.strip()
    return None


def _demanded(before: str) -> bool:
    """Whether the last thing spoken of before a day is a duty, and not the comments."""
    duties = list(_DUTY.finditer(before))
    cues = list(_COMMENT.finditer(before))
    return bool(duties) and (not cues or cues[-1].start() < duties[-1].start())
