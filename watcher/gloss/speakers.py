"""Who speaks: the bodies that a title begins with, in short English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.facts.bodies import BODIES, find_bodies
from watcher.gloss.glossary import glossary
from watcher.text import cn_number

_GAP = re.compile(r"[\s、,，]*(?:和|与|及|以及|会同|联合)?[\s、,，]*")
_OFFICE = re.compile(r"(?:办公厅|办公室|综合司|秘书局|党组)")
_PART = re.compile(
    r"(?!关于)[^\s关于印发就《》、，：:]{1,12}?(?:司|局|处|中心)(?=关于|有关|相关|负责|就|《|解读|印发|发布|公开|$)"
)
_OFFICIAL = re.compile(
    r"(?:[^\s关于就《》、，：:]{1,14}?)?(?:有关|相关)?(?:司局|部门|方面)?(?:负责人|负责同志)|新闻发言人|发言人"
)
_OTHERS = re.compile(
    r"\s*等\s*(?P<n>[二两三四五六七八九十百\d]{1,4})?\s*(?:个)?(?:部门|部委|单位|部|家)(?:办公厅)?"
)
_COUNT = re.compile(
    r"(?P<n>[二两三四五六七八九十百\d]{1,4})\s*(?:个)?(?:部门|部委|单位)(?:联合)?(?=印|发|关|就|出|公|明|开|部|规|推|：|:)"
)
_LOCAL = re.compile(
    r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)?(?P<what>人民政府办公厅|人民政府|政府)?"
)
_ORGAN = re.compile(
    r"(?:(?!关于|印发|转发|发布|公布|征求)[^\s《》、，。：:！？!?]){2,32}?(?:委员会|办公室|联席会议|工作机制|领导小组|人民政府|协会|联合会|总局|办公厅|中心|[部局委署院厅])"
    r"(?=\s|、|关于|印发|等)"
)
_BESIDE = re.compile(r"[（(]([^（）()\s]{2,16})[）)]")  # 市场监管总局（国家标准委）
_SPEAKS = re.compile(r"\s*(?:等|关于|印发|发布|公布|转发|公告|通告|令|公开征求|联合)")
_ENOUGH = 3  # names on a line; of more, the first stands for all
_MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """`text` names them in short ("MIIT and 11 others", "" for nobody); `end` is where they end."""

    text: str
    end: int


def speakers(title: str, codes: Sequence[str] = ()) -> Speakers:
    """Read the bodies at the head of `title`; `codes` (as in `Facts.bodies`) fill in for 三部门 or nobody."""
    if match := _COUNT.match(title):
        said = say_codes(codes) if len(codes) > 1 else f"{_count(match['n'])} departments"
        return Speakers(text=said, end=match.end())
    names: list[str] = []
    unknown: list[str] = []
    end = 0
    for _ in range(_MOST):
        gap = _GAP.match(title, end)
        start = gap.end() if gap and end else end
        name, reached = _one(title, start, alone=start == end > 0)
        if reached == start:
            break
        if name is None:
            unknown.append(title[start:reached])
        elif name not in names:
            names.append(name)
        end = reached
        if (beside := _BESIDE.match(title, end)) and (code := _code(beside[1])):
            names += [_short(code)] if _short(code) not in names else []
            end = beside.end()
    if not names and not (unknown and _SPEAKS.match(title, end)):
        return Speakers(text=say_codes(codes), end=0)
    if not names:
        names, unknown = unknown[:1], unknown[1:]
    others = len(unknown)
    open_ended = False
    if match := _OTHERS.match(title, end):
        end = match.end()
        if match["n"]:
            others = max(others, _count(match["n"]) - len(names))
        else:
            open_ended = True
    return Speakers(text=_said(names, others, open_ended), end=end)


def say_codes(codes: Sequence[str]) -> str:
    """`("MIIT", "+11")` as "MIIT and 11 others"; "" for none. Unknown codes are said as they are."""
    rest = sum(int(code[1:]) for code in codes if code.startswith("+") and code[1:].isdecimal())
    return _said([_short(code) for code in codes if not code.startswith("+")], rest, False)


def _count(numeral: str) -> int:
    try:
        return cn_number(numeral)
    except ValueError:
        return 0


def _short(code: str) -> str:
    tables, body = glossary(), BODIES.get(code)
    if code in tables.bodies or body is None:
        return tables.bodies.get(code, code)
    return body.abbr[0] if body.abbr else body.en[0]


def _code(name: str) -> str | None:
    """The code of the body of this name, or None when it is none or more than a name."""
    return next((m.code for m in find_bodies(name) if m.end - m.start == len(name)), None)


def _one(title: str, start: int, *, alone: bool) -> tuple[str | None, int]:
    """The body that stands at `start` and where it ends; its name is None when it has no English.

    `alone` says that nothing parts it from the name before it: then only a known one counts.
    """
    window = title[start : start + 60]
    tables = glossary()
    mention = next((m for m in find_bodies(window)[:1] if m.start == 0), None)
    organ = tables.organ.match(window)
    if organ and (mention is None or organ.end() >= mention.end):
        return tables.organs[organ[0]], _tail(title, start + organ.end())
    if mention is not None:
        return _short(mention.code), _tail(title, start + mention.end)
    if place := tables.place.match(window):
        name, end = _local(title, start, place)
        if name:
            return name, end
    if not alone and (unknown := _ORGAN.match(window)):
        return None, start + unknown.end()
    return None, start


def _tail(title: str, end: int) -> int:
    """Where a body's name ends with its office, its department or its official."""
    for pattern in (_OFFICE, _PART, _OFFICIAL):
        if match := pattern.match(title, end):
            end = match.end()
    return end


def _local(title: str, start: int, place: re.Match[str]) -> tuple[str | None, int]:
    match = _LOCAL.match(title, start + place.end())
    if match is None:
        return None, start
    if match["what"]:
        return f"{glossary().places[place[1]]} government", match.end()
    alone = title.startswith((":", "："), match.end())
    return (glossary().places[place[1]], match.end()) if alone else (None, start)


def _said(names: Sequence[str], others: int, open_ended: bool) -> str:
    if not names:
        return f"{others} departments" if others else ""
    if len(names) > _ENOUGH:
        names, others = names[:1], others + len(names) - 1
    if open_ended:
        return f"{', '.join(names)} and others"
    if others:
        return f"{', '.join(names)} and {others} other{'s' if others > 1 else ''}"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
