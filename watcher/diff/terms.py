"""Words of a regulation that carry substance: what they are and what they say. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from watcher.diff.figures import FIGURES, Term

__all__ = ["Term", "terms"]

_FIGURED = r"0-9零〇一二三四五六七八九十百千万亿日天月年元%％‰倍人户次岁吨台辆件米个"
_WORDS = (
    # 不可以 before 可以: the first alternative that fits is taken
    ("obligation", "in principle", "原则上|一般(?=应当|不得|不应)"),
    ("obligation", "must not", r"不得|禁止|严禁|不可以|不应当?|不准"),
    ("obligation", "need not", r"可以不|无需|无须|不需要?|不必|免予|免于"),
    ("obligation", "must", r"必须|须(?=[在按经向由])"),
    ("obligation", "shall", r"应当|应(?=[在按经向由于将对申备建设公])|有义务"),
    ("obligation", "may", r"可以|有权|(?<![不许认方尚])可(?=[在向由按依将以通自])"),
    ("obligation", "encouraged", r"鼓励|倡导|(?<![适便事时权不])宜(?=[在按采由建设用对将以有选])"),
    ("penalty", "", r"通报批评|警告|没收违法所得|没收|暂扣|吊销|停业整顿|加处|滞纳金|市场禁入"),
    ("penalty", "责令改正", r"责令(?:限期)?(?:改正|整改)"),
    ("penalty", "", r"责令(?:停产停业|关闭|召回|下架|(?:停止|暂停)[^，。；、\n]{2,6})"),
    ("penalty", "", r"失信(?:主体)?名单|黑名单|异常名录|信用(?:记录|档案|惩戒)"),
    ("penalty", "", r"(?:撤销|取消)(?=[^，。；、\n]{0,8}(?:许可|资格|资质|证书|登记|备案|认定))"),
    ("penalty", "", r"限制从业|拘留|追究刑事责任|降低资质等级|罚款"),
    ("penalty", "处分", r"(?:依法)?给予(?:行政|政务|纪律)?处分"),
    ("obligation", "must not", r"\b(?:must not|shall not|may not|is prohibited|are prohibited)\b"),
    ("obligation", "shall", r"\b(?:shall|must|is required to|are required to)\b"),
    ("obligation", "may", r"\b(?:may|is entitled to|are entitled to)\b"),
    ("obligation", "encouraged", r"\b(?:should|is encouraged to|are encouraged to)\b"),
    ("exception", "", r"\b(?:except|unless|exempt(?:ed)?|excluding)\b"),
    # 三十日以上五十日以下: which side of a figure is meant
    (
        "threshold",
        "or more",
        rf"(?<=[{_FIGURED}])(?:\(含\)|（含）|含本数)?以上|不(?:得)?(?:低|少|小)于|至少",
    ),
    (
        "threshold",
        "or less",
        rf"(?<=[{_FIGURED}])(?:\(含\)|（含）|含本数)?以[下内]|不(?:得)?(?:高|多|大|超)(?:于|过)|至多",
    ),
    ("threshold", "more than", r"(?<!不)(?<!不得)(?:超过|高于|多于|大于)"),
    ("threshold", "less than", r"(?<!不)(?<!不得)(?:低于|少于|小于)|不满(?!意)|未满|不足"),
    (
        "exception",
        "",
        r"不包括|豁免|不受[^，。；\n]{1,20}限制|不在此限",
    ),
    ("scope", "", r"不适用(?:于)?|适用于?(?!条件|范围|场景|对象|情形|性|标准|法律)|参照|境外|境内"),
)
# Where any of these can begin: without it every alternative is tried at every character.
_BEGINS = "原一不禁严可无免必须应有鼓倡宜通警没暂吊停加滞市责失黑异信撤取限拘追降罚依给以含（(至超高多大低少小未豁适参境msiaeu"
_WORD = re.compile(
    f"(?=[{_BEGINS}])(?:{'|'.join(f'(?P<w{n}>{words})' for n, (_, _, words) in enumerate(_WORDS))})"
)
# Who must, may or must not: the words before the verb, from the clause's start on. Authorities
# change their names with every reform of the government: that is no change of what is asked.
_ADDRESSEE = re.compile(
    r"(?:(?<=[。；，：\n])|^)(?P<who>[^。；，：\n]{0,24}(?:者|人|机构|单位|企业|公司|平台|组织|商|所))"
    r"(?=(?:应当|不得|可以|必须|禁止|不应|应|须)(?!用))"
)
_EXTENT = re.compile(
    r"适用于(?!本)(?P<to>[^。；\n]{2,80})"
    r"|(?:(?<=[。；\n])|^)(?P<who>[^。；\n]{2,80})，(?:均|应当|都)?(?:适用|遵守)本(?:办法|规定|条例|细则|法|规则|指引|指南)"
    r"|\bappl(?:y|ies) to (?P<reach>[^.;\n]{2,120})"
    r"|所[称指][^，。；\n]{1,30}，?(?:是|系)?指(?P<means>[^。；\n]{2,120})"
)
_EXCEPTED = re.compile(
    r"(?:但是?|其中|或者?)?(?P<x>[^，。；：\n]{0,40}?(?:另有(?:规定|约定)(?:的?除外)?|除外)|除(?!外)[^，。；\n]{1,40}外(?!部))"
)
_IDLE = re.compile(r"以及|或者|[\s的和及与或、，等]")
_NARROW = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


def terms(text: str) -> list[Term]:
    """All words of `text` that carry substance, in order; no character belongs to two."""
    readers: tuple[Callable[[str], Iterator[Term]], ...] = (*FIGURES, _words, _addressees)
    taken = bytearray(len(text))
    found = []
    narrow = text.translate(_NARROW)

    def as_written(term: Term) -> Term:
        written = text[term.start : term.end]
        return term if term.text == written else replace(term, text=written)

    for read in readers:
        for term in read(narrow):
            if not any(taken[term.start : term.end]):
                taken[term.start : term.end] = b"\x01" * (term.end - term.start)
                found.append(as_written(term))
    # A phrase is told instead of the words of its own kind in it; others in it, like 可以, stay.
    phrases = [*_extents(narrow), *_exceptions(narrow)]
    inside = {(term.kind, at) for term in phrases for at in range(term.start, term.end)}
    found = [term for term in found if (term.kind, term.start) not in inside]
    found += map(as_written, phrases)
    return sorted(found, key=lambda term: term.start)


def _addressees(text: str) -> Iterator[Term]:
    for m in _ADDRESSEE.finditer(text):
        yield Term("scope", m.start(), m.end(), m[0], m[0], form="addressee", alone=False)


def _exceptions(text: str) -> Iterator[Term]:
    """Who or what is excepted, as it stands: 小型企业除外."""
    for m in _EXCEPTED.finditer(text):
        yield Term(
            "exception", m.start("x"), m.end(), m["x"], m["x"], _IDLE.sub("", m["x"]), "extent"
        )


def _extents(text: str) -> Iterator[Term]:
    """What a regulation applies to, and what a word in it stands for."""
    for m in _EXTENT.finditer(text):
        group = m.lastgroup or ""
        said = m[group]
        yield Term("scope", m.start(group), m.end(group), said, said, _IDLE.sub("", said), "extent")


def _words(text: str) -> Iterator[Term]:
    for m in _WORD.finditer(text):
        kind, sense = _WORDS[int((m.lastgroup or "w0")[1:])][:2]
        yield Term(kind, m.start(), m.end(), m[0], m[0], sense or m[0])
