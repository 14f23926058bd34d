"""Names of papers in English: known ones, and those made wholly of known words in a sure order."""

import re
from collections.abc import Mapping

from watcher.gloss.glossary import glossary
from watcher.gloss.marks import bracketed, nth, take_marks
from watcher.text import cn_number

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_PEOPLES = "中华人民共和国"
# 十五五 is the 15th; 十五 alone may be the number fifteen, and 第十五个五年规划 is written out
_FIVE_YEARS = re.compile(
    r"(?<![第〇零一二三四五六七八九十百])[“\"]?(十[一二三四五六七八九])五[”\"]?"
    r"(?:时期|期间)?(?![个年次批届号家项条章件名期版日月人类种])"
)
_FIVE_YEARS_SPELT = re.compile(r"第(十[一二三四五六七八九]?)个五年(?=规划|计划)")
_YEAR_AHEAD = re.compile(r"^(\d{4})年度?(?=\D)")
_AND = re.compile(r"、|和|与|及其|及|以及")
_SMALL = {"a", "an", "and", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_PART = re.compile(r"\s*第[一二三四五六七八九十\d]{1,3}(?:部分[:：]|号(?=[—－-]))")
_BRACKET = re.compile(r"[（(][^（）()]{1,40}[）)]$")
_LONGEST = 60  # characters of a name that is worth taking apart


def say_name(name: str, names: Mapping[str, str]) -> str:
    """A paper's name in English with its marks behind it; an unknown one is left in 《》 behind its form.

    《灯具管理办法（试行）》 is said as: measures 《灯具管理办法》 (trial).
    """
    core, marks = take_marks(name.replace("\n", " "))
    if not HAN.search(core):
        return f"{core}{bracketed(marks)}"
    english = known(core, names)
    if english is None and (year := _YEAR_AHEAD.match(core)):
        english = known(core[year.end() :], names)
        marks = [year[1], *marks] if english else marks
    if english is not None:
        return f"the {english}{bracketed(marks)}"
    if five := _FIVE_YEARS.search(core) or _FIVE_YEARS_SPELT.search(core):
        marks = [f"{nth(cn_number(five[1]))} FYP", *marks]
    form = form_of(core)
    return f"{form} 《{core}》{bracketed(marks)}" if form else f"《{core}》{bracketed(marks)}"


def form_of(name: str) -> str | None:
    """The form of a paper by the last noun of its name: measures, action plan, law."""
    tables = glossary()
    name = _PART.split(_BRACKET.sub("", name))[0].strip()
    if match := tables.form.search(name):
        return tables.forms[match[1]]
    return "law" if re.search(r"(?<![办语做方执司说用无书算])法$", name) and len(name) > 2 else None


def known(name: str, names: Mapping[str, str]) -> str | None:
    """The English of a name without marks, or None where any part of it is not known."""
    name = name.strip(" “”\"'")
    bare = name.removeprefix(_PEOPLES)
    for table in (names, glossary().names):
        for each in (name, bare):
            if each in table:
                return table[each].removeprefix("the ").removeprefix("The ")
    if len(bare) > _LONGEST:
        return None
    return _five_year(bare) or _composed(bare)


def _five_year(name: str) -> str | None:
    """“十五五”机器人产业发展规划, 机器人产业“十五五”发展规划: the 15th Five-Year Development Plan for …."""
    match = _FIVE_YEARS.search(name)
    if match is None:
        return None
    ahead, behind = name[: match.start()], name[match.end() :]
    if not behind.endswith(("规划", "方案", "计划")):
        return None
    # 工业绿色低碳发展“十五五”规划 is a plan for a development, 机器人产业发展“十五五”规划 for an industry
    whole = say_nouns(ahead) if behind == "规划" else None
    english = f"Plan for {capitals(whole)}" if whole else _composed(ahead + behind)
    return f"{nth(cn_number(match[1]))} Five-Year {english}" if english else None


def _composed(name: str) -> str | None:
    """A name by its end: the longest end whose rest is made of terms."""
    for end, shape in glossary().shapes.items():
        if name.endswith(end) and (english := say_nouns(name[: -len(end)])):
            return shape.format(capitals(english))
    return None


def say_nouns(text: str) -> str | None:
    """A chain of known nouns, in the same order; None where a part of it is not known.

    A row of nouns reads alike in both languages: 智能网联汽车准入 is intelligent connected vehicle
    access, and what is open in one (A和B的C) stays open in the other.
    """
    if not text or len(text) > _LONGEST:
        return None
    if term := glossary().terms.get(text):
        return term.last
    for end, growth in glossary().growths.items():
        if text.endswith(end) and (of := say_nouns(text.removesuffix(end))):
            return f"the {growth} of {of}"
    words = _segmented(text)
    if words is None:
        return None
    terms = glossary().terms
    english: list[str] = []
    for n, word in enumerate(words):
        if word not in terms:
            if not english or n == len(words) - 1 or words[n - 1] not in terms:
                return None
            english.append("," if word == "、" and _joined_later(words, n) else "and")
        elif n == len(words) - 1 or words[n + 1] not in terms:
            last = terms[word].last
            if last is None:
                return None
            english.append(last)
        else:
            english.append(terms[word].before)
    return " ".join(english).replace(" ,", ",")


def _joined_later(words: list[str], here: int) -> bool:
    return any(_AND.fullmatch(word) for word in words[here + 1 :])


def _segmented(text: str) -> list[str] | None:
    """`text` cut into terms and joining words: as few of them as can be; None when it cannot."""
    tables = glossary()
    best: list[list[str] | None] = [[], *([None] * len(text))]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - tables.longest_term), end):
            before, word = best[start], text[start:end]
            if before is None or not (word in tables.terms or _AND.fullmatch(word)):
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = [*before, word]
    return best[-1]


def capitals(text: str) -> str:
    """`text` as a title: small words stay small, capitals stay capitals."""
    words = re.split("([ -])", text)
    return "".join(w if w in _SMALL or not w else w[0].upper() + w[1:] for w in words)
