"""Numbers as Word writes them in lists: 一, 壹, 甲, ①, iv, bb.

ECMA-376 part 1, 17.18.59 (number formats).
"""

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
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
            | "taiwaneseCountingThousand" | "japaneseCounting"
        ):  # fmt: skip
            return chinese(number)
        case "chineseLegalSimplified" | "japaneseLegal":
            return chinese(number, _LEGAL, "拾佰仟万")
        case "ideographLegalTraditional":
            return chinese(number, _TRADITIONAL, "拾佰仟萬")
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
        case "ideographEnclosedCircle":
            return _enclosed(number, 0x3280, 10)
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
