"""Word's automatic numbers: which number a paragraph shows, in the form the document asks for.

ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (number formats).
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def chinese(number: int, digits: str = "零一二三四五六七八九", units: str = "十百千万") -> str:
    """`number` as it is counted: 10 十, 12 十二, 110 一百一十, 1003 一千零三; below 100,000."""
    if not 0 < number < 100_000:
        return str(number)
    pieces: list[str] = []
    for power in range(4, -1, -1):
        digit = number // 10**power % 10
        if digit:
            pieces.append(digits[digit] + (units[power - 1] if power else ""))
        elif pieces and pieces[-1] != digits[0]:
            pieces.append(digits[0])
    text = "".join(pieces).rstrip(digits[0])
    return text[1:] if 10 <= number < 20 and digits[1] == "一" else text


def _letters(number: int, first: str) -> str:
    # Word counts a … z, aa, bb, cc, up to 30 letters
    if number > 780:
        return str(number)
    return chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def _enclosed(number: int, first: int, count: int) -> str:
    return chr(first + number - 1) if 1 <= number <= count else str(number)


def written(number: int, form: str) -> str:
    """`number` in one of Word's formats; a format not known is shown as digits.

    So is what no list counts to: below 0 or from 100,000.
    """
    if not 0 <= number < 100_000:
        return "" if form in ("bullet", "none") else str(number)
    match form:
        case (
            "chineseCounting" | "chineseCountingThousand" | "taiwaneseCounting"
            | "taiwaneseCountingThousand" | "japaneseCounting" | "ideographLegalTraditional"
        ):  # fmt: skip
            return chinese(number)
        case "chineseLegalSimplified" | "japaneseLegal":
            return chinese(number, _LEGAL, "拾佰仟万")
        case "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital":
            return "".join(_DIGITS[int(d)] for d in str(number))
        case "ideographTraditional":
            return _STEMS[(number - 1) % 10]
        case "ideographZodiac":
            return _BRANCHES[(number - 1) % 12]
        case "decimalZero":
            return f"{number:02d}"
        case "decimalFullWidth" | "decimalFullWidth2":
            return "".join(chr(ord("０") + int(d)) for d in str(number))
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return _enclosed(number, 0x2460, 20)
        case "decimalEnclosedParen":
            return _enclosed(number, 0x2474, 20)
        case "decimalEnclosedFullstop":
            return _enclosed(number, 0x2488, 20)
        case "upperLetter":
            return _letters(number, "A")
        case "lowerLetter":
            return _letters(number, "a")
        case "upperRoman":
            return _roman(number)
        case "lowerRoman":
            return _roman(number).lower()
        case "bullet" | "none":
            return ""
    return str(number)


# ---------------------------------------------------------------- the document's lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a paragraph says of its own numbering: list, level, and style that may say it."""

    num: str | None = None
    level: int | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    """Higher levels' numbers are shown as digits (isLgl)."""


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of one document, asked in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._abstracts: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._styles: dict[str, Place] = {}
        self._parents: dict[str, str] = {}
        self._listing: dict[str, str | None] = {}
        self._style_levels: dict[tuple[str, str], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label(self, place: Place) -> str:
        """The number the next paragraph shows, with what separates it from the text, or ""."""
        num, level = self._resolve(place)
        listed = self._lists.get(num or "")
        if listed is None:
            return ""
        form = listed.levels.get(level)
        if form is None:
            return ""
        counts = self._count(num or "", listed, level)
        if form.form == "bullet":
            return ""
        text = form.text
        for other in range(8, -1, -1):
            if f"%{other + 1}" in text:
                there = listed.levels.get(other, _Level())
                shown = "decimal" if form.legal and other < level else there.form
                text = text.replace(f"%{other + 1}", written(counts.get(other, there.start), shown))
        gap = (
            ""
            if form.suffix == "nothing" or not text or text.endswith((" ", "\u3000", "、"))
            else " "
        )
        return text + gap

    def _count(self, num: str, listed: _List, level: int) -> dict[int, int]:
        """Step the counter of `level`; the lists of one abstract definition count together."""
        counts = self._counts[listed.abstract]
        start = listed.levels[level].start
        if level in listed.starts and (num, level) not in self._started:
            self._started.add((num, level))
            counts[level] = listed.starts[level]
        else:
            counts[level] = (
                counts[level] + 1 if level in counts else listed.starts.get(level, start)
            )
        for lower in [other for other in counts if other > level]:
            restart = listed.levels.get(lower, _Level()).restart
            if restart is None or (restart and level < restart):
                del counts[lower]
        return counts

    def _resolve(self, place: Place) -> tuple[str | None, int]:
        """The list and level of a paragraph: its own words first, then its style's."""
        num, level = place.num, place.level
        if place.style and (num is None or level is None):
            num, level = self._of_style(num, level, place.style)
        return num, level or 0

    def _of_style(
        self, num: str | None, level: int | None, style: str
    ) -> tuple[str | None, int | None]:
        """What a style and those it is based on add to `num` and `level`.

        With the list known nothing is added. Else the first style of the chain that names a list
        decides; it is looked up once per style, however long the chain.
        """
        if num is not None:
            return num, level
        if style not in self._listing:
            self._listing[style] = self._first_listing(style)
        named = self._listing[style]
        if named is None:
            return None, level
        own = self._styles[named]
        if level is None:
            level = own.level
        if level is None and own.num is not None and own.num in self._lists:
            level = self._level_of_style(own.num, named)
        return own.num, level

    def _first_listing(self, style: str) -> str | None:
        """The first style from `style` down its chain that names a list."""
        seen: set[str] = set()
        at: str | None = style
        while at and at not in seen:
            if at in self._listing:
                found = self._listing[at]
                break
            seen.add(at)
            if self._styles.get(at, Place()).num is not None:
                found = at
                break
            at = self._parents.get(at)
        else:
            found = None
        self._listing.update(dict.fromkeys(seen, found))
        return found

    def _level_of_style(self, num: str, style: str) -> int | None:
        return self._style_levels.get((self._lists[num].abstract, style))

    def _read_lists(self, root: etree._Element) -> None:
        for abstract in _all(root, "abstractNum"):
            own_id = _attribute(abstract, "abstractNumId") or ""
            levels: dict[int, _Level] = {}
            for element in _all(abstract, "lvl"):
                at = int_of(_attribute(element, "ilvl")) or 0
                levels[at] = _level(element)
                if style := val(_one(element, "pStyle")):
                    self._style_levels[own_id, style] = at
            self._abstracts[own_id] = levels
        for num in _all(root, "num"):
            own_id = val(_one(num, "abstractNumId")) or ""
            made = _List(abstract=own_id, levels=dict(self._abstracts.get(own_id, {})))
            for override in _all(num, "lvlOverride"):
                at = int_of(_attribute(override, "ilvl")) or 0
                if (level := _one(override, "lvl")) is not None:
                    made.levels[at] = _level(level)
                if (start := int_of(val(_one(override, "startOverride")))) is not None:
                    made.starts[at] = start
            self._lists[_attribute(num, "numId") or ""] = made

    def _read_styles(self, root: etree._Element) -> None:
        for style in _all(root, "style"):
            own_id = _attribute(style, "styleId") or ""
            numbers = _one(_one(style, "pPr"), "numPr")
            self._styles[own_id] = Place(
                num=val(_one(numbers, "numId")), level=int_of(val(_one(numbers, "ilvl")))
            )
            if parent := val(_one(style, "basedOn")):
                self._parents[own_id] = parent


def _level(element: etree._Element) -> _Level:
    legal = _one(element, "isLgl")
    return _Level(
        start=int_of(val(_one(element, "start"))) or 0 if _one(element, "start") is not None else 1,
        form=val(_one(element, "numFmt")) or "decimal",
        text=val(_one(element, "lvlText")) or "",
        suffix=val(_one(element, "suff")) or "tab",
        restart=int_of(val(_one(element, "lvlRestart"))),
        legal=legal is not None and val(legal) not in ("0", "false", "off"),
    )


# ---------------------------------------------------------------- elements by local name


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return [c for c in element if isinstance(c.tag, str) and c.tag.rpartition("}")[2] == name]


def _one(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(iter(_all(element, name)), None) if element is not None else None


def _attribute(element: etree._Element, name: str) -> str | None:
    return next((str(v) for k, v in element.items() if str(k).rpartition("}")[2] == name), None)


def val(element: etree._Element | None) -> str | None:
    """An element's `val` attribute, whatever its namespace."""
    return _attribute(element, "val") if element is not None else None


_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,9}\s*")


def int_of(text: str | None) -> int | None:
    """The integer in `text`, None where it is none or has more than 9 digits."""
    return int(text) if text is not None and _INTEGER.fullmatch(text) else None
