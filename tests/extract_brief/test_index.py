"""Index pages of briefs, as publishers' systems write them: their issues, and nothing of a menu."""

from collections.abc import Callable
from datetime import date

import pytest

from watcher.errors import ExtractError, Reason
from watcher.extract.brief.index import issue_rows

URL = "https://lantern.example/papers"
TITLES = ("Smart lamps + Lamp talent", "Bulbs of autumn + Shade", "Lamp data + Glass + Wicks")


def teaser(n: int, title: str) -> str:
    return (
        f'<div class="views-row"><article><a href="/p/{n}"><img src="x.jpg"></a>'
        f'<h3><a href="/p/{n}"><span>{title}</span></a></h3><div>Feb {n}, 2027</div>'
        f"<p>Summary: {title} explained</p></article></div>"
    )


def post(n: int, title: str) -> str:
    return (
        f'<article id="post-{n}"><h2><a href="{URL[:23]}/p/{n}/" rel="bookmark">{title}</a></h2>'
        f'<time datetime="2027-02-0{n}T10:00:00+00:00">a while ago</time>'
        f'<p>In this issue: {title} <a href="/p/{n}/">Read on</a> <a href="/tag/lamps">lamps</a></p></article>'
    )


def preview(n: int, title: str) -> str:
    return f'<div><div><a href="/p/{n}?utm=x">{title}</a></div><div>At a glance</div><time datetime="2027-02-0{n}">x</time></div>'


def line(n: int, title: str) -> str:
    return f'<p>{n} February 2027: <a href="p/{n}">{title}</a> (<a href="{n}.pdf">PDF</a>)</p>'


def tile(n: int, title: str) -> str:
    return f'<a class="tile" href="/p/{n}#top"><b>{title}</b><i>February {n}, 2027</i></a>'


def undated(n: int, title: str) -> str:
    return f'<li><a href="/p/{n}">{title}</a></li>'


def index(rows: str) -> str:
    menu = "".join(f'<li><a href="/{w}">{w}</a></li>' for w in ("home", "about", "team", "jobs"))
    return (
        f"<!DOCTYPE html><html><body><nav><ul>{menu}</ul></nav><div class=menu><ul>{menu}</ul></div>"
        f"<main><h1>Papers</h1><div>{rows}</div></main><footer><ul>{menu}</ul></footer></body></html>"
    )


ROWS: dict[str, Callable[[int, str], str]] = {
    "teasers": teaser,
    "posts": post,
    "previews": preview,
    "lines": line,
    "tiles": tile,
    "titles alone": undated,
}


@pytest.mark.parametrize("row", ROWS)
def test_issues_are_found_in_page_order(row: str) -> None:
    rows = "".join(ROWS[row](n, title) for n, title in zip((3, 2, 1), TITLES, strict=True))
    found = issue_rows(index(rows), URL)
    assert len(found) == len(TITLES)
    for item, title in zip(found, TITLES, strict=True):
        assert (item.title or "").startswith(title)  # a tile's link holds its day as well
    days = [date(2027, 2, n) for n in (3, 2, 1)]
    assert [item.published for item in found] == (days if row != "titles alone" else [None] * 3)
    for item, n in zip(found, (3, 2, 1), strict=True):
        assert (item.url or "").split("?")[0].rstrip("/").endswith(f"/p/{n}")
        assert item.url == item.key
        assert "#" not in (item.url or "")


@pytest.mark.parametrize(
    "rows",
    [
        "",
        teaser(1, TITLES[0]) + teaser(2, TITLES[1]),  # two make no list
        "".join(f'<li><a href="https://elsewhere.example/{n}">{t}</a></li>' for n, t in enumerate(TITLES)),
        "".join(f'<li><a href="#{n}">A long chapter title {n}</a></li>' for n in range(5)),
        "".join(f'<li><a href="mailto:a{n}@x.example">A rather long address {n}</a></li>' for n in range(5)),
        "".join(f"<p>{'lamp ' * 40}</p>" for _ in range(5)),
    ],
    ids=["nothing", "two", "other sites", "chapters", "addresses", "prose"],
)  # fmt: skip
def test_what_lists_no_issues_is_refused(rows: str) -> None:
    with pytest.raises(ExtractError) as caught:
        issue_rows(index(rows), URL)
    assert caught.value.reason is Reason.NOT_A_LISTING


def test_a_day_that_cannot_be_is_unknown() -> None:
    rows = "".join(teaser(n, t) for n, t in zip((3, 2, 1), TITLES, strict=True))
    (first, *others) = issue_rows(index(rows.replace("Feb 3, 2027", "Feb 31, 2027")), URL)
    assert first.published is None
    assert all(other.published for other in others)
