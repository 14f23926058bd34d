"""What may change on a list's page without its rows, and what may not."""

import pytest

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
