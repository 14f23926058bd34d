"""What a paper says at a glance: one sentence and a few bullets, chosen by rule from its own words. Pure.

Nothing is reworded: each is a stretch of the paper with its place. English beside it is made by a
template from facts whose place is known.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from watcher.compiled import Point, Quote, Said
from watcher.model import Document, FactSpan, PolicyTarget
from watcher.render.alert import target_words

POINTS = 5
"""Bullets at most."""
_SENTENCES = 600  # of one paper that are looked at
_SHORTEST, _SHORTEST_HEAD, _LONGEST = 12, 6, 220
_LONG_POINT = 150
_TOLD = 3  # targets that one bullet's English names

_LABEL = re.compile(
    r"\s*(?:(?P<article>第[〇零一二三四五六七八九十百千\d]{1,7}条(?:之[一二三四五六七八九十])?)"
    r"|(?P<head>[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
    r"|[•·●◆■▪—-]))\s*"
)
_END = re.compile(
    r"[。！？；!?;]+[”’」』）)]*|(?<=[a-z)”\"])\.(?=\s+[A-Z“\"])|(?<=[a-z)”\"])\.\s*$"
)
_BLANK = " \t\u3000\u00a0"
_HAN = re.compile("[\u3400-\u9fff]")

_BOILERPLATE = re.compile(
    r"印发给你们|遵照执行|贯彻执行|贯彻落实。|各省|各有关单位|联系人|联系电话|联系方式|电子邮箱|邮政编码|传真|附件|"
    r"反馈意见|意见反馈|征求意见|意见发送|特此|现将|现予|予以公[布告]|信封|登录|点击|来源[：:]|责任编辑|打印|负责解释|起施行|同时废止|"
    r"通信地址|截止时间|截止日期|欢迎|社会各界|提出[^，。]{0,6}意见"
)
_PURPOSE = re.compile(
    r"^(?:为(?:了|贯彻|深入|落实|进一步|加强|规范|推动|推进|促进|保障|加快|全面|切实|做好|指导|支持|履行|引导|提升|"
    r"提高|完善|健全|强化|维护|防范|更好|统筹|积极|有效|充分|构建|打造|培育|实现|优化|建立|发挥|深化|助力|[^，。]{2,40}，)"
    r"|根据[^，。]{2,80}[，、]|依据[^，。]{2,80}[，、]|旨在)"
)
_MADE = re.compile(r"制定|制订|印发|提出(?:以下|如下)|起草|开展|决定|发布")
_AIM = re.compile(r"目标(?:是|为|：)|总体要求|到20\d\d年|力争|旨在|主要任务")
_SAYS = re.compile(r"提出|明确|聚焦|适用于|规定了|支持|推动|加快")
_DEFINES = re.compile(r"所称|是指|下列用语|含义")

_TERM = re.compile(
    r"(?:\d+|[一二三四五六七八九十百]+)个?(?:工作日|日|天|个?月|年|小时)(?:以?内|之前|前)|每(?:半?年|季度|月)"
)
_PENALTY = re.compile(r"罚款|没收|责令|吊销|处分")
_FORBIDS = re.compile(r"不得|禁止|严禁")
_BINDS = re.compile(r"应当|必须|须(?!知)")
_DUTY = re.compile(r"评估|备案|报告|申报|申请|审查|审批|许可|登记|取得")
_PLANS = re.compile(
    r"支持|鼓励|推动|推进|建设|加快|建立|开展|培育|加强|完善|打造|淘汰|实施|提高|降低"
)
_NUMBERS = re.compile(
    r"\d+(?:\.\d+)?(?:%|％|万|亿|个|家|项|以上)|百分之|[二三四五六七八九十百千]{2,}[个家项万]"
)
_OFFICES = re.compile(r"负责[^，。]{0,24}(?:工作|管理)|职责分工|按照职责|职责范围内")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    field: str
    start: int
    end: int
    text: str
    where: str
    line: int
    head: bool
    """It opens a numbered paragraph of a plan."""
    rank: int
    """How many sentences of the field stand before it."""
    cut: bool = False

    def quote(self, document: int) -> Quote:
        return Quote(
            document=document,
            field=self.field,
            start=self.start,
            end=self.end,
            text=self.text,
            where=self.where,
            cut=self.cut,
        )


def at_a_glance(document: Document) -> tuple[Quote | None, tuple[Point, ...]]:
    """The sentence that says what a paper is for, and at most `POINTS` bullets in the paper's order.

    A brief's own item gives what stands under its "At a glance". Bullets of other papers are
    numbers they set themselves, then the day by which to comment or from which it is in force,
    then what they oblige, forbid or plan. (None, ()) where nothing but boilerplate was read.
    """
    if document.section:
        return _of_item(document)
    text = list(islice(_sentences("text", document.text), _SENTENCES))
    notice = list(islice(_sentences("notice", document.notice), _SENTENCES))
    lead = _lead(text) or _lead(notice)
    if lead is None:
        lead = next((s for s in (*text, *notice) if len(s.text) >= 20 and not _noise(s)), None)
    taken = [lead] if lead else []
    points = [*_targets(document, [*text, *notice]), *_days(document, [*text, *notice])]
    points = points[:POINTS]
    for each in _duties(text, [*taken, *points], POINTS - len(points)):
        points.append(Point(quote=each.quote(document.id)))
    points.sort(key=lambda point: (point.quote.field != "text", point.quote.start))
    return (_short(lead, _LONGEST).quote(document.id) if lead else None), tuple(points)


# ---------------------------------------------------------------- sentences


def _sentences(field: str, words: str) -> Iterator[_Sentence]:
    """Sentences with their places; the number of an article or paragraph is not part of them."""
    place = rank = number = 0
    for line in words.split("\n"):
        if line.strip():
            number += 1
            label = _LABEL.match(line)
            begin = label.end() if label else len(line) - len(line.lstrip())
            where = f"paragraph {number}"
            if label and label["article"]:
                where = label["article"]
            first = True
            for start, end in _split(line, begin):
                yield _Sentence(
                    field=field,
                    start=place + start,
                    end=place + end,
                    text=words[place + start : place + end],
                    where=where,
                    line=number,
                    head=first and label is not None and label["article"] is None,
                    rank=rank,
                )
                rank += 1
                first = False
        place += len(line) + 1


def _split(line: str, begin: int) -> Iterator[tuple[int, int]]:
    """Stretches of a line that end where a sentence does; a rest without an end is none."""
    start = begin
    for match in _END.finditer(line, begin):
        end = match.end()
        while start < end and line[start] in _BLANK:
            start += 1
        if start < end:
            yield start, len(line[:end].rstrip())
        start = end


def _short(sentence: _Sentence, limit: int) -> _Sentence:
    """A sentence of at most `limit` characters: a longer one ends at its last comma before that."""
    if len(sentence.text) <= limit:
        return sentence
    head = sentence.text[:limit]
    end = max(head.rfind(mark) for mark in "，、：,")
    end = end if end > limit // 3 else limit
    return replace(sentence, end=sentence.start + end, text=sentence.text[:end], cut=True)


def _noise(sentence: _Sentence) -> bool:
    return (
        len(sentence.text) < (_SHORTEST_HEAD if sentence.head else _SHORTEST)
        or not _HAN.search(sentence.text)
        or sentence.text.endswith(("？", "?"))
        or (_BOILERPLATE.search(sentence.text) is not None and not _drafts(sentence.text))
    )


def _drafts(text: str) -> bool:
    """为了…，某部起草了《…》，现向社会公开征求意见: a letter's one sentence that says what a draft is for."""
    return _PURPOSE.search(text) is not None and _MADE.search(text) is not None


def _lead(sentences: Sequence[_Sentence]) -> _Sentence | None:
    """The sentence that says most plainly what the paper is for; of equals the first."""
    best: tuple[float, _Sentence] | None = None
    for each in sentences[:80]:
        if _noise(each) or len(each.text) > 2 * _LONGEST:
            continue
        score = 6.0 * bool(_PURPOSE.search(each.text))
        score += 2.0 * bool(score and _MADE.search(each.text))
        score += 5.0 * bool(_AIM.search(each.text)) + 3.0 * bool(_SAYS.search(each.text))
        score -= 3.0 * bool(_DEFINES.search(each.text)) + 0.1 * each.rank
        if score >= 2.5 and (best is None or score > best[0]):
            best = score, each
    return best[1] if best else None


# ---------------------------------------------------------------- bullets


def _targets(document: Document, sentences: Sequence[_Sentence]) -> Iterator[Point]:
    """One bullet for each sentence that sets numbers, with these numbers in English."""
    told: dict[_Sentence, list[tuple[PolicyTarget, int]]] = {}
    for nth, target in enumerate(document.facts.targets):
        span = _span(document, f"targets.{nth}")
        if span and (sentence := _around(span, sentences)):
            told.setdefault(sentence, []).append((target, span.end))
    for sentence, found in islice(told.items(), POINTS - 1):
        targets = found[:_TOLD]
        words = "; ".join(target_words(target) for target, _ in targets)
        yield Point(
            quote=_reaching(sentence, targets[-1][1]).quote(document.id),
            said=Said(text=words, template="target"),
        )


def _reaching(sentence: _Sentence, place: int) -> _Sentence:
    """As much of a long sentence as holds `place`."""
    short = _short(sentence, max(_LONG_POINT, place - sentence.start + 40))
    return short if place <= short.end else sentence


def _days(document: Document, sentences: Sequence[_Sentence]) -> Iterator[Point]:
    facts = document.facts
    for name, day, words in (
        ("deadline", facts.deadline, "Comments until"),
        ("effective", facts.effective, "In force from"),
    ):
        span = _span(document, name)
        if day and span and (found := _around(span, sentences)):
            quote = _short(found, _LONG_POINT)
            if span.end > quote.end:
                quote = found
            yield Point(
                quote=quote.quote(document.id),
                said=Said(text=f"{words} {day:%B} {day.day}, {day.year}", template=name),
            )


def _span(document: Document, fact: str) -> FactSpan | None:
    return next((span for span in document.facts.spans if span.fact == fact), None)


def _around(span: FactSpan, sentences: Iterable[_Sentence]) -> _Sentence | None:
    return next(
        (
            each
            for each in sentences
            if each.field == span.field and each.start <= span.start < each.end
        ),
        None,
    )


def _duties(
    sentences: Sequence[_Sentence], taken: Sequence[_Sentence | Point], most: int
) -> list[_Sentence]:
    """The weightiest of what a paper obliges, forbids or plans, one a paragraph, in its order."""
    held = [each.quote if isinstance(each, Point) else each for each in taken]
    scored: list[tuple[int, _Sentence]] = []
    for each in sentences:
        if _noise(each) or len(each.text) > _LONG_POINT:
            continue
        if any(h.field == each.field and h.start < each.end and each.start < h.end for h in held):
            continue
        if (score := _weight(each)) >= 2:
            scored.append((score, each))
    chosen: dict[int, _Sentence] = {}
    for _, each in sorted(scored, key=lambda pair: (-pair[0], pair[1].start)):
        if len(chosen) >= most:
            break
        chosen.setdefault(each.line, each)
    return sorted(chosen.values(), key=lambda each: each.start)


def _weight(sentence: _Sentence) -> int:
    text = sentence.text
    if _DEFINES.search(text) or _OFFICES.search(text) or _PURPOSE.search(text):
        return 0
    return (
        3 * bool(_TERM.search(text))
        + 3 * bool(_PENALTY.search(text))
        + 2 * bool(_FORBIDS.search(text))
        + 2 * bool(_NUMBERS.search(text))
        + bool(_BINDS.search(text))
        + bool(_DUTY.search(text))
        + bool(_PLANS.search(text))
        + (1 + (len(text) <= 40)) * sentence.head
    )


# ---------------------------------------------------------------- a brief's own item

_GLANCE = re.compile(
    r"\s*(?:at[ -]a[ -]glance|in brief|key (?:points|takeaways)|summary|in a nutshell)\s*[:：.,|–—]\s*",
    re.I,
)
_OVER = re.compile(
    r"\s*(?:(?:[\w'’&./-]+\s+){0,3}(?:comments?|commentary|analysis|assessment|take|view)"
    r"|why it matters|what it means|more on the topic|article|policy name|document|paper|issuing bod(?:y|ies)"
    r"|issued by|date)\s*[:：|]",
    re.I,
)
_BULLET = re.compile(r"\s*[•·●▪*–-]\s+")
_SENTENCE = re.compile(r".*?[.!?:](?=\s+[A-Z“\"]|\s*$)")
_BULLETS = 5


def _of_item(document: Document) -> tuple[Quote | None, tuple[Point, ...]]:
    """What stands under "At a glance" of a brief's item, before its comment."""
    sentence: Quote | None = None
    points: list[Point] = []
    place = 0
    for number, line in enumerate(document.text.split("\n"), start=1):
        start, here = place, f"paragraph {number}"
        place += len(line) + 1
        if _OVER.match(line):
            break
        if bullet := _BULLET.match(line):
            if document.section == "top5" and len(points) < _BULLETS and line[bullet.end() :]:
                quote = _quote(document, start + bullet.end(), start + len(line), here)
                points.append(Point(quote=quote))
            continue
        label = _GLANCE.match(line)
        begin = label.end() if label else 0
        if sentence is None and (found := _SENTENCE.match(line, begin)) and found[0].strip():
            sentence = _quote(document, start + begin, start + found.end(), here)
    return sentence, tuple(points)


def _quote(document: Document, start: int, end: int, where: str) -> Quote:
    text = document.text[start:end]
    end -= len(text) - len(text.rstrip())
    return Quote(
        document=document.id,
        field="text",
        start=start,
        end=end,
        text=document.text[start:end],
        where=where,
    )
