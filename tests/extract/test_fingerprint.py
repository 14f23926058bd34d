"""What may change on a list's page without its rows, and what may not."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.house import OLD, listing
from watcher.extract.lists.fingerprint import fingerprint
from watcher.model import Page
from watcher.settings import Rule

PAGE = listing(*OLD).replace(
    b"</body>", b'<p>visitors <i id="c">1024</i></p><script>t=1</script></body>'
)


def of(body: bytes, kind: str = "listing", **rule: str) -> str:
    return fingerprint(Page(url="https://x.example/", body=body), kind, Rule(**rule))


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ("1024", "1025", True),
        ("t=1", "t=2", True),
        ("1号", "9号", False),
        ("/doc/1.html", "/doc/11.html", False),
        ("2026-11-01", "2026-11-02", False),
        ("</ul>", '<li><a href="/new.html">新</a></li></ul>', False),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_what_counts(old: str, new: str, alike: bool, codec: str) -> None:
    text = PAGE.decode()
    assert old in text
    assert (of(text.encode(codec)) == of(text.replace(old, new, 1).encode(codec))) is alike


def rows(*rows: str) -> bytes:
    """A list in other clothes: its rows as they stand, and a counter below."""
    return f"<html><body>{''.join(rows)}<p>visitors <i>1024</i></p></body></html>".encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<LI><A HREF="/1.html">灯</A>', '<LI><A HREF="/2.html">灯</A>'),
        ('<a\nhref="/1.html"\n>灯</a >', '<a\nhref="/1.html"\n>烛</a >'),
        ('<a href="/1.html"><article>灯</article>一</a>', '<a href="/1.html"><article>灯</article>二</a>'),
        ('<a href="/1.html">灯<li>', '<a href="/1.html">烛<li>'),  # never closed
        ('<li onclick="go(12)">灯</li>', '<li onclick="go(13)">灯</li>'),
        ('<li onClick="go(12)">灯</li>', '<li onClick="go(12)">烛</li>'),
        ('<div data-url="/d/12">灯</div>', '<div data-url="/d/13">灯</div>'),
        ('<td><a href="/1.html">灯</a></td><td>甲</td>', '<td><a href="/1.html">灯</a></td><td>乙</td>'),
        ('<a href="/1.html">灯</a>2026-3-5', '<a href="/1.html">灯</a>2026-3-6'),
        ('<a href="/1.html">灯</a>2026 年 3 月 5 日', '<a href="/1.html">灯</a>2026 年 3 月 6 日'),
        ('<a href="/1.html">灯</a><b>05</b><i>2026-03</i>', '<a href="/1.html">灯</a><b>06</b><i>2026-03</i>'),
        ('<a href="/1.html">灯</a><i>2026.03</i><b>05</b>', '<a href="/1.html">灯</a><i>2026.03</i><b>06</b>'),
        ('<a href="/1.html">灯</a><u class="end">1767225600000</u>', '<a href="/1.html">灯</a><u class="end">1767312000000</u>'),
    ],
)  # fmt: skip
def test_a_changed_row_of_any_form_counts(old: str, new: str) -> None:
    others = [f'<li><a href="/o{n}.html">别的</a>2026-01-0{n}' for n in range(1, 4)]
    before, after = of(rows(*others, old)), of(rows(*others, new))
    assert before != after
    assert before != of(rows(*others)), "a row more"
    assert of(rows(*others, old)) != of(rows(old, *others)), "another order"


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
words = st.text(st.sampled_from("关于印发灯具管理办法的通知ab12"), min_size=1, max_size=12)


@given(
    st.lists(st.tuples(words, words, days), min_size=4, max_size=8),
    st.lists(st.tuples(words, words, days), min_size=4, max_size=8),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_other_rows_other_digest(
    one: list[tuple[str, str, date]], two: list[tuple[str, str, date]], codec: str
) -> None:
    def page(found: list[tuple[str, str, date]], visitors: int) -> bytes:
        items = "".join(
            f'<li><a href="/{path}" title="{title}">{title}</a> {day}' for path, title, day in found
        )
        return f"<html><ul>{items}</ul><b>{visitors}</b></html>".encode(codec)

    assert of(page(one, 1)) == of(page(one, 2))
    assert (of(page(one, 1)) == of(page(two, 1))) is (one == two)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>" + b"<a " * 3_000_000,
        b"<html><a " + b"<" * 10_000_000,
        b"<html>" + b"<a x</ab" * 1_000_000,
        b"<html><a >" + b"2011 " * 2_000_000,
        b"<html><a >" * 3 + b"1" * 10_000_000,
    ],
    ids=["opened", "broken", "never closed", "years", "digits"],
)
def test_a_crafted_page_takes_no_longer(body: bytes) -> None:
    began = time.process_time()
    of(body)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("feed", {}), ("endpoint", {}), ("listing", {"title": "span.t"}), ("listing", {"date": "i"})],
)
def test_every_byte_counts_where_rows_may_come_from_elsewhere(
    kind: str, rule: dict[str, str]
) -> None:
    assert of(PAGE, kind, **rule) != of(PAGE.replace(b"1024", b"1025"), kind, **rule)


def test_pages_without_links_are_not_all_alike() -> None:
    assert of(b"<html><body>blocked</body></html>") != of(b"<html><body>empty</body></html>")
