"""Masks, companions, exclusions, overlaps and fields, on small rule books of our own."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from watcher.classify import NONE, Rules, Sector, classify, load_rules
from watcher.classify import engine as judging
from watcher.classify.folding import fold, folded
from watcher.classify.rules import RuleBook, Term


def term(
    text: str,
    target: str = "lamps",
    weight: float = 4.0,
    *,
    companions: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
) -> Term:
    return Term(text=text, target=target, weight=weight, companions=companions, unless=unless)


def book(*terms: Term, noise: tuple[Term, ...] = (), masks: tuple[str, ...] = ()) -> RuleBook:
    codes = {one.target for one in terms}
    return RuleBook(
        sectors={code: Sector(code=code, name_en=code, name_zh=code) for code in codes},
        terms=terms,
        noise=noise,
        masks=dict.fromkeys(masks, "own.yaml:1"),
    )


def spoken(rules: Rules, text: str) -> list[str]:
    """What counts in `text`, as it stands there; twice what counts for two."""
    hits = rules.find(text)
    return [
        text[slice(*hits.text.span(start, end))]
        for n, start, end in hits.found
        for _ in hits.entry(n).sectors
    ]


@pytest.mark.parametrize(
    ("terms", "text", "counted"),
    [
        (["灯", "路灯", "智能路灯"], "智能路灯、路灯、灯", ["智能路灯", "路灯", "灯"]),
        (["智能路灯", "灯"], "智能的路灯", ["灯"]),
        # what overlaps without lying in the other counts as well
        (["数据安全", "安全生产"], "数据安全生产", ["数据安全", "安全生产"]),
        (["数据安全", "据安", "安全生产"], "数据安全生产", ["数据安全", "安全生产"]),
        (["灯", "灯灯"], "灯灯灯", ["灯灯", "灯灯"]),
        (["lamp", "street lamp"], "Street lamps and lamps", ["Street lamps", "lamps"]),
        (["lamp", "lamps"], "lamps", ["lamps", "lamps"]),
        (["lamp", "street lamp", "lamps"], "street lamps", ["street lamps"]),
        (["big li*", "lis"], "big lis", ["big li", "lis"]),
        (["lamp*"], "Lampshades", ["Lamp"]),
        (["lamp*"], "lamps", ["lamp"]),
        (["lamp"], "lampshade, clamp, lampe", []),
        (["box"], "boxes", ["boxes"]),
        (["battery"], "Batteries; battery", ["Batteries", "battery"]),
        (["battery", "batteries"], "batteries", ["batteries"]),
        (["day"], "daies, days", ["days"]),
        (["5g"], "5G工厂、15G、5GB", ["5G"]),
        (["智能 路灯"], "智能路灯", ["智能路灯"]),
        (["智能路灯"], "智 能\n路燈", ["智 能\n路燈"]),
    ],
)
def test_the_longest_term_counts(terms: list[str], text: str, counted: list[str]) -> None:
    rules = Rules(book(*map(term, terms)))
    assert spoken(rules, text) == counted


def test_a_term_that_lets_its_word_go_on_opens_no_other_sector_s() -> None:
    rules = Rules(book(term("lamp"), term("lamp*", "rain"), noise=(term("lamp", "fairs"),)))
    for text, sectors, noise in (
        ("lampshade", ["rain"], 0),
        ("lamps", ["lamps", "rain"], 1),
        ("a lamp 灯", ["lamps", "rain"], 1),
        ("clamp", [], 0),
    ):
        hits = rules.find(text)
        entries = [hits.entry(n) for n, _, _ in hits.found]
        assert [t.target for entry in entries for t in entry.sectors] == sectors, text
        assert sum(len(entry.noise) for entry in entries) == noise, text


SMALL = "灯路ab s"


@settings(max_examples=300, deadline=None)
@given(
    terms=st.lists(st.text("灯路abs", min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    stems=st.sets(st.integers(0, 7)),
    text=st.text(SMALL, max_size=14),
)
def test_what_counts_is_what_lies_in_nothing_longer(
    terms: list[str], stems: set[int], text: str
) -> None:
    """The one pass over the matches finds what comparing all of them with all finds."""
    rules = Rules(book(*(term(f"{t}*" if n in stems else t) for n, t in enumerate(terms))))
    hits = rules.find(text)
    spans = set(rules.words(hits.text.text))
    whole = {
        (start, end)
        for start, end in spans
        if not any((s, e) != (start, end) and s <= start and end <= e for s, e in spans)
    }
    assert {(start, end) for _, start, end in hits.found} == whole
    assert [start for _, start, _ in hits.found] == sorted(start for _, start, _ in hits.found)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("国家路灯局", []),
        ("國家路燈局", []),
        ("国家 路灯\n局", []),
        ("国家路灯局管路灯", ["路灯"]),
        # a mask hides what lies in it, not what reaches beyond it
        ("国家路灯局部维修", ["局部维修"]),
        ("大国家路灯局", ["大国家路灯局"]),
        ("Ministry of Lamps", []),
        ("Ministry of Lamps and lamps", ["lamps"]),
    ],
)
def test_a_mask_hides_what_lies_in_it(text: str, counted: list[str]) -> None:
    terms = map(term, ["路灯", "国家", "局部维修", "大国家路灯局", "lamp"])
    rules = Rules(book(*terms, masks=("国家路灯局", "Ministry of Lamps")))
    assert spoken(rules, text) == counted


CONDITIONAL = Rules(
    book(
        term("开关", companions=("路灯", "台灯")),
        term("光源", unless=("激光", "laser")),
        term("灯泡", companions=("玻璃",), unless=("塑料",)),
        term("灯泡", target="glass"),
        term("灯泡厂"),
        term("laser*", target="beams"),
    )
)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("路灯的开关", ["开关"]),
        ("开关在台灯上", ["开关"]),
        ("開關在檯燈上", ["開關"]),
        ("路 燈的開 關", ["開 關"]),
        ("门的开关", []),
        ("路灯。\n门的开关", []),
        ("光源", ["光源"]),
        ("激光光源", []),
        ("laser 光源", ["laser"]),
        ("lasers 光源", ["lasers"]),
        ("lasered 光源", ["laser", "光源"]),
        ("laserbeam 光源", ["laser", "光源"]),
        ("激光。\n光源", ["光源"]),
        ("玻璃灯泡", ["灯泡", "灯泡"]),
        ("灯泡", ["灯泡"]),
        ("玻璃、塑料灯泡", ["灯泡"]),
        # a longer term without conditions covers it
        ("玻璃灯泡厂", ["灯泡厂"]),
    ],
)
def test_companions_and_exclusions(text: str, counted: list[str]) -> None:
    assert spoken(CONDITIONAL, text) == counted


def test_a_term_that_is_not_allowed_covers_nothing() -> None:
    rules = Rules(book(term("激光光源", companions=("医院",)), term("光源")))
    assert spoken(rules, "激光光源") == ["光源"]
    assert spoken(rules, "医院的激光光源") == ["激光光源"]


def test_a_conditional_term_counts_as_often_as_it_is_allowed() -> None:
    rules = Rules(book(term("灯泡", companions=("玻璃",)), term("灯泡", target="glass")))
    found = classify(rules, "", "玻璃灯泡。\n灯泡。\n玻璃灯泡。")
    spans = {(e.sector, e.start) for e in found.evidence}
    assert spans <= {("lamps", 2), ("glass", 2)}
    assert spoken(rules, "玻璃灯泡。\n灯泡。\n玻璃灯泡。") == ["灯泡"] * 5


# ---------------------------------------------------------------- fields

LAMPS = Rules(book(term("路灯"), term("台灯"), term("雨伞", target="umbrellas")))
FILLER = "本办法由主管部门负责解释。\n"


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (("路灯", "", ""), ("", "路灯", "")),
        (("", "路灯台灯", ""), ("", FILLER * 80 + "路灯台灯", "")),
        (("", "路灯台灯", ""), ("", "", "")),
    ],
)
def test_a_title_weighs_more_than_the_lead_and_that_more_than_the_body(
    stronger: tuple[str, str, str], weaker: tuple[str, str, str]
) -> None:
    scores = [
        classify(LAMPS, title, text, notice=notice).score
        for title, text, notice in (stronger, weaker)
    ]
    assert scores[0] > scores[1]


@pytest.mark.parametrize(
    ("terms", "title", "counted"),
    [
        # a phrase that two terms of a sector read in part speaks once, by the heavier
        ((term("路灯"), term("灯业")), "路灯业", ["路灯"]),
        ((term("路灯", weight=2.5), term("灯业")), "路灯业", ["灯业"]),
        # what stands apart elsewhere, or speaks for another sector, counts as ever
        ((term("路灯"), term("灯业")), "路灯业和灯业", ["灯业", "路灯"]),
        ((term("路灯"), term("灯业", "trade")), "路灯业", ["灯业", "路灯"]),
        ((term("路灯"), term("灯业"), term("灯业", "trade")), "路灯业", ["灯业", "路灯"]),
        # a third term between the two, or one that only the silent one touches
        (
            (term("大路灯"), term("路灯业", "trade"), term("灯业界")),
            "大路灯业界",
            ["大路灯", "路灯业"],
        ),
        ((term("大路"), term("路灯"), term("灯业")), "大路灯业", ["大路", "灯业"]),
    ],
)
def test_a_phrase_counts_once_for_a_sector(
    terms: tuple[Term, ...], title: str, counted: list[str]
) -> None:
    assert sorted(e.term for e in classify(Rules(book(*terms)), title).evidence) == sorted(counted)


def test_a_decisive_term_leaves_room_for_a_second_sector() -> None:
    rules = Rules(book(term("路灯", weight=16.0), term("贸易", "trade")))
    found = classify(rules, "路灯贸易办法")
    assert (found.primary, found.secondary) == ("lamps", ("trade",))


def test_a_cover_letter_counts_as_the_first_paragraphs_do() -> None:
    in_text = classify(LAMPS, "关于有关事项的公告", "路灯和台灯")
    in_notice = classify(
        LAMPS, "关于有关事项的公告", FILLER, notice="各单位：\n现将路灯和台灯办法印发。"
    )
    assert in_notice.primary == "lamps"
    assert in_notice.score == in_text.score
    assert {e.field for e in in_notice.evidence} == {"notice"}
    assert [e.start for e in in_notice.evidence] == [7, 10]


def test_a_term_in_letter_and_text_counts_once() -> None:
    once = classify(LAMPS, "", "路灯和台灯")
    twice = classify(LAMPS, "", "路灯和台灯", notice="路灯和台灯")
    assert once.score == twice.score


def test_white_space_does_not_move_the_end_of_the_lead() -> None:
    text = "灯" * (judging.LEAD - 10) + "路灯台灯。\n" + FILLER * 60
    spaced = " ".join(text)
    assert classify(LAMPS, "", text).score == classify(LAMPS, "", spaced).score > 0


# ---------------------------------------------------------------- laws

RULES = load_rules()
BY_FOLD: dict[str, list[str]] = {}
for _char in (*map(chr, range(0x3400, 0xA000)), *map(chr, range(0x2E80, 0x2FE0))):
    BY_FOLD.setdefault(fold(_char), []).append(_char)
WORDS = [one.text.removesuffix("*") for one in RULES.book.terms if "\n" not in one.text]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from([*RULES.book.masks, "，", "。\n", "（", "》", "《", "AI芯片", "5G 工厂"]),
        st.text("的和第一条年2031AI", max_size=3),
    ),
    max_size=15,
).map("".join)
BLANKS = [" ", "　", "\xa0", "\u200b", " 　", "\n"]


def is_ideograph(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def variant(text: str, chance: st.DataObject) -> str:
    """`text` in other widths, cases and scripts, with white space amid its Chinese."""
    written = []
    for n, char in enumerate(text):
        also = [char, *BY_FOLD.get(char, ())]
        if "!" <= char <= "~":
            also += [chr(ord(char) + 0xFEE0), char.upper(), char.lower()]
        written.append(chance.draw(st.sampled_from(also)))
        after = text[n + 1 : n + 2]
        if (
            is_ideograph(char)
            and after
            and is_ideograph(after)
            and after not in "第一二三四五六七八九十"
        ):
            written.append(chance.draw(st.sampled_from(["", "", *BLANKS])))
    return "".join(written)


@settings(max_examples=120, deadline=None)
@given(title=TEXTS, text=TEXTS, chance=st.data())
def test_variants_of_spelling_change_nothing(title: str, text: str, chance: st.DataObject) -> None:
    other_title, other_text = variant(title, chance), variant(text, chance)
    found, other = classify(RULES, title, text), classify(RULES, other_title, other_text)
    assert other.primary == found.primary
    assert other.secondary == found.secondary
    assert other.score == found.score
    assert [(e.sector, e.rule_term) for e in other.evidence] == [
        (e.sector, e.rule_term) for e in found.evidence
    ]
    fields = {"title": other_title, "text": other_text}
    for e in other.evidence:
        assert e.term == fields[e.field][e.start : e.end]
        assert folded(e.term).text.startswith(folded(e.rule_term.removesuffix("*")).text)


UNRELATED = ("路灯座", "钟楼匠", "zzquux", "\ue000\ue001")


def with_clocks(tier: int) -> Rules:
    """The built-in rules and a sector of terms that occur nowhere."""
    sector = Sector(code="clocks", name_en="Clocks", name_zh="钟表", tier=tier, behind=("energy",))
    terms = tuple(term(word, "clocks", 16.0) for word in UNRELATED)
    return Rules(
        replace(
            RULES.book,
            sectors={"clocks": sector, **RULES.book.sectors},
            terms=(*terms, *RULES.book.terms),
        )
    )


WIDER = [with_clocks(tier) for tier in (0, 1, 2)]


@settings(max_examples=120, deadline=None)
@given(title=TEXTS, text=TEXTS, notice=TEXTS, wider=st.sampled_from(WIDER))
def test_an_unrelated_sector_changes_no_answer(
    title: str, text: str, notice: str, wider: Rules
) -> None:
    parts = (title, text, notice)
    assume(not any(word in folded(part).text for word in UNRELATED for part in parts))
    assert classify(wider, title, text, notice=notice) == classify(
        RULES, title, text, notice=notice
    )


# ---------------------------------------------------------------- fingerprint

LINE = term("灯泡", companions=("玻璃",))
BASE = replace(book(LINE, term("雨伞", "rain"), masks=("国家路灯局",)), homes={"LAMP": "lamps"})


@pytest.mark.parametrize(
    "changed",
    [
        replace(BASE, terms=BASE.terms[:1]),
        replace(BASE, terms=(replace(LINE, weight=2.5), *BASE.terms[1:])),
        replace(BASE, terms=(replace(LINE, companions=()), *BASE.terms[1:])),
        replace(BASE, terms=(replace(LINE, unless=("塑料",)), *BASE.terms[1:])),
        replace(BASE, terms=(replace(LINE, target="rain"), *BASE.terms[1:])),
        replace(BASE, terms=(replace(LINE, text="灯泡*"), *BASE.terms[1:])),
        replace(BASE, noise=(LINE,)),
        replace(BASE, masks={}),
        replace(BASE, homes={"LAMP": "rain"}),
        replace(BASE, sectors={**BASE.sectors, "rain": replace(BASE.sectors["rain"], tier=1)}),
        replace(
            BASE, sectors={**BASE.sectors, "rain": replace(BASE.sectors["rain"], behind=("lamps",))}
        ),
    ],
)
def test_what_can_change_an_answer_changes_the_fingerprint(changed: RuleBook) -> None:
    assert Rules(changed).fingerprint != Rules(BASE).fingerprint


def test_names_and_order_do_not_change_the_fingerprint() -> None:
    other = replace(
        BASE,
        terms=tuple(replace(one, where="other.yaml:9") for one in reversed(BASE.terms)),
        sectors={
            code: replace(BASE.sectors[code], name_en="Other") for code in reversed([*BASE.sectors])
        },
        idle=("own.yaml:1: nothing",),
    )
    assert Rules(other).fingerprint == Rules(BASE).fingerprint


def test_the_engine_s_version_is_part_of_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Rules(BASE).fingerprint
    monkeypatch.setattr("watcher.classify.rules.ENGINE", 10_000)
    assert Rules(BASE).fingerprint != before


def test_every_process_has_the_same_fingerprint() -> None:
    code = "from watcher.classify import load_rules; print(load_rules().fingerprint)"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == RULES.fingerprint


def test_no_rules_find_nothing() -> None:
    assert classify(Rules(RuleBook()), "数据安全", "数据安全").primary == NONE
