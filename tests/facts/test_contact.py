"""Where comments go: every way an address is written, and the addresses that are for other things."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.contacts import ADDRESSES, CALL, TRAPS, Case
from watcher.facts.contact import comments_to


@pytest.mark.parametrize("case", ADDRESSES, ids=lambda case: case.text[-40:])
def test_an_address_is_read_and_its_place_told(case: Case) -> None:
    found = comments_to(case.text)
    assert tuple(address.value for address in found) == case.to
    words = tuple(case.text[address.start : address.end] for address in found)
    assert words == (case.words or case.to)


@pytest.mark.parametrize("case", TRAPS, ids=lambda case: case.text[-40:])
def test_other_addresses_are_not_for_comments(case: Case) -> None:
    assert comments_to(case.text) == ()


@given(st.text("灯，。\u200b \n\r\t\u3000", max_size=40))
def test_the_place_indexes_the_text_as_given(lead: str) -> None:
    text = lead + "\n" + CALL + "邮箱：fgs@\u200blamp.gov.cn"
    (found,) = comments_to(text)
    assert found.value == "fgs@lamp.gov.cn"
    assert text[found.start : found.end] == "fgs@\u200blamp.gov.cn"


def test_a_list_of_offices_is_cut() -> None:
    many = "".join(f"邮箱：a{n}@lamp.gov.cn\n" for n in range(30))
    assert len(comments_to(CALL + many)) == 12


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "a@", "a@a.", "http://", "www.", "地址：", "寄至", "征求", "传真", "意见", "\n", "@",
     "a@lamp.gov.cn ", "地址：市区路", "邮编", "(at)", "1", "征求意见"],
)  # fmt: skip
@pytest.mark.parametrize("lead", ["", CALL])
def test_no_text_holds_the_reader_up(piece: str, lead: str) -> None:
    begun = process_time()
    comments_to(lead + piece * (100_000 // len(piece)))
    assert process_time() - begun < 1.0
