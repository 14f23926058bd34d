"""What editors change is kept: by command, and by the Markdown that they change and hand back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.briefs.papers import brief as brief_of
from tests.briefs.papers import entry
from tests.briefs.shelf import MONTH
from tests.flows.house import House
from watcher import brief as briefs
from watcher.compiled import CompiledBrief, Edit, Entry
from watcher.render.brief import BRIEF_FORMATS, brief_docx, brief_json, brief_markdown, brief_page
from watcher.render.brief.markdown import ReturnedError, escape, returned
from watcher.render.brief.marks import paragraphs
from watcher.render.scraped import clean
from watcher.store.briefs import Kept

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def home(month: House) -> Iterator[House]:
    """The month without edits; those of a test are undone behind it."""
    yield month
    store = month.parts.store
    for team in (None, "law"):
        for id_ in {kept.document for kept in store.briefs.edits(team, *MONTH)}:
            briefs.restore(store, MONTH, team, id_, by="test", now=NOW)


def compiled(home: House) -> CompiledBrief:
    return briefs.compile_brief(home.parts.store, home.parts.config, *MONTH)


def change(home: House, id_: int, **values: str | int | None) -> None:
    briefs.edit(home.parts.store, MONTH, None, id_, values, by="ada", now=NOW)


def handed_back(home: House, edit: Callable[[str], str]) -> briefs.Outcome:
    """Let an editor change the file, and keep it."""
    text = edit(brief_markdown(compiled(home)).decode())
    return briefs.keep(home.parts.store, returned(text.encode()), by="ada", now=NOW)


def ids(entries: tuple[Entry, ...]) -> list[int]:
    return [each.document for each in entries]


# ---------------------------------------------------------------- by command


def test_words_are_kept_and_told_from_compiled_ones(home: House) -> None:
    first = compiled(home).top[0]
    change(
        home, first.document, headline="Lamps **lead**", comment="See [law](https://example.org/a)."
    )
    again = compiled(home).top[0]
    assert again.document == first.document
    assert again.headline == first.headline
    assert {name: (e.text, e.by, e.stale) for name, e in again.edits.items()} == {
        "headline": ("Lamps **lead**", "ada", False),
        "comment": ("See [law](https://example.org/a).", "ada", False),
    }
    made = compiled(home)
    assert (
        '"edited": {\n        "headline": {\n          "text": "Lamps **lead**"'
        in brief_json(made).decode()
    )
    page = BeautifulSoup(brief_page(made), "lxml")
    assert page.select("h3")[0].get_text() == "1. Lamps lead"
    assert page.select_one('.comment a[href="https://example.org/a"]') is not None
    assert "### 1. Lamps **lead**" in brief_markdown(made).decode()
    change(home, first.document, headline=None)
    assert set(compiled(home).top[0].edits) == {"comment"}


def test_papers_are_picked_dropped_and_moved(home: House) -> None:
    before = compiled(home)
    one, two, *_ = ids(before.top)
    picked = before.policy[0].document
    change(home, picked, place=2)
    change(home, one, place=0)
    after = compiled(home)
    assert ids(after.top)[:3] == [two, picked, ids(before.top)[2]]
    assert len(after.top) == 5
    assert after.top[1].picked
    assert after.dropped == (one,)
    assert one not in ids(after.entries)
    change(home, two, section="policy")
    moved = compiled(home)
    assert two in ids(moved.policy)
    assert two not in ids(moved.top)
    for id_ in (one, two, picked):
        assert briefs.restore(home.parts.store, MONTH, None, id_, by="ada", now=NOW) == 1
    assert compiled(home) == before


def test_a_picked_draft_stands_beside_its_final(home: House) -> None:
    draft = compiled(home).top[0].related[0].document
    change(home, draft, place=5)
    made = compiled(home)
    assert made.top[0].related == ()
    assert made.top[4].document == draft


def test_a_paper_that_the_brief_would_not_have_may_be_picked(home: House) -> None:
    made = compiled(home)
    papers = home.parts.store.papers.newest(limit=1000)
    have = {*ids(made.entries), *(r.document for e in made.top for r in e.related)}
    outside = next(each.document for each in papers if each.document.id not in have)
    change(home, outside.id, place=1)
    assert ids(compiled(home).top)[0] == outside.id


def test_who_last_took_a_place_has_it(home: House) -> None:
    one, two = ids(compiled(home).policy)[:2]
    store = home.parts.store
    briefs.edit(store, MONTH, None, one, {"place": 1}, by="ada", now=NOW)
    briefs.edit(store, MONTH, None, two, {"place": 1}, by="bob", now=NOW + timedelta(hours=1))
    assert ids(compiled(home).top)[:2] == [two, one]


def test_a_paper_whose_words_changed_since_is_named(home: House) -> None:
    first = compiled(home).top[0].document
    stale = Kept(
        document=first, field="comment", value="Old.", against="of other words", by="ada", at=NOW
    )
    home.parts.store.briefs.keep(None, *MONTH, [stale])
    made = compiled(home)
    assert made.top[0].edits["comment"].stale
    assert any(f"paper {first} has changed since ada edited its comment" in n for n in made.notes)


def test_edits_of_other_briefs_are_others(home: House) -> None:
    first = compiled(home).top[0].document
    store = home.parts.store
    briefs.edit(store, MONTH, "law", first, {"comment": "For the team."}, by="ada", now=NOW)
    assert compiled(home).top[0].edits == {}
    team = home.parts.config.teams[0]
    made = briefs.compile_brief(store, home.parts.config, *MONTH, team=team)
    assert made.top[0].edits["comment"].text == "For the team."


@pytest.mark.parametrize("words", ["<!-- watcher end -->", "x" * 20_001])
def test_words_that_would_damage_the_file_are_refused(home: House, words: str) -> None:
    with pytest.raises(ValueError, match=r"damage|too many"):
        change(home, compiled(home).top[0].document, comment=words)


# ---------------------------------------------------------------- by the file


def test_a_file_handed_back_unchanged_keeps_nothing(home: House) -> None:
    assert handed_back(home, lambda text: text).nothing
    assert handed_back(home, lambda text: text.replace("\n", "\r\n")).nothing
    assert not briefs.unkept(home.parts.store, returned(brief_markdown(compiled(home))))


def test_changed_blocks_are_kept_and_come_back_as_written(home: House) -> None:
    top = compiled(home).top
    first, second = top[0].document, top[1].document
    news = compiled(home).policy[0].document
    comment = "Strict on leaks.\n\n- Fines rise\n- [Law](https://example.org/law)"

    def edit(text: str) -> str:
        text = text.replace(f"### 1. {top[0].headline.text}", "### 1. Lamps must *say so*")
        place = text.index(f"comment of {second}")
        head, tail = text[:place], text[place:]
        text = head + tail.replace("**Comment:**", f"**Comment:** {comment}", 1)
        line = next(row for row in text.splitlines() if f"watcher line of {news}:" in row)
        day, mark = line.split(":**")[0], line[line.index("<!--") :]
        return text.replace(
            line, f"{day}:** Lamps, reworded ([MIIT](https://example.org/m)) {mark}"
        )

    kept = handed_back(home, edit)
    assert set(kept.changed) == {(first, "headline"), (second, "comment"), (news, "line")}
    made = compiled(home)
    assert made.top[0].edits["headline"].text == "Lamps must *say so*"
    assert made.top[1].edits["comment"].text == comment
    text = brief_markdown(made).decode()
    assert "### 1. Lamps must *say so*\n" in text
    assert f"**Comment:** {comment}\n<!-- watcher end -->" in text
    assert "Lamps, reworded ([MIIT](https://example.org/m)) <!--" in text
    assert handed_back(home, lambda text: text).nothing
    for write in BRIEF_FORMATS.values():
        assert write(made)


def test_deleted_entries_are_left_out_and_a_new_order_is_kept(home: House) -> None:
    before = compiled(home)
    first, second, third, *_ = ids(before.top)
    news = before.policy[0].document

    def edit(text: str) -> str:
        starts = [text.index(f'<a id="paper-{id_}"></a>') for id_ in ids(before.top)]
        end = text.index('<a id="policy-news"></a>')
        parts = [text[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
        lines = text[end:].splitlines(keepends=True)
        rest = "".join(line for line in lines if f"watcher line of {news}:" not in line)
        return text[: starts[0]] + parts[2] + parts[1] + "".join(parts[3:]) + rest

    kept = handed_back(home, edit)
    assert set(kept.dropped) == {first, news}
    assert kept.placed == (third, second, *ids(before.top)[3:])
    after = compiled(home)
    assert ids(after.top)[:4] == list(kept.placed)
    assert set(after.dropped) == {first, news}


def cut(pattern: str, text: str) -> str:
    made, count = re.subn(pattern, "", text, count=1, flags=re.M)
    assert count
    return made


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda t: cut(r"^<!-- watcher end -->\n", t), "has no end mark"),
        (lambda t: cut(r"^<!-- watcher headline of \d+: \w+ -->\n", t), "an end mark where no block"),
        (lambda t: cut(r"^<!-- watcher brief .*\n", t), "this is no brief that watcher wrote"),
        (lambda t: cut(r"^<!-- watcher rest.*\n", t), "'watcher rest', is missing"),
        (lambda t: t.replace("<!-- watcher comment of", "<!-- watcher coment of", 1), "no field 'coment'"),
        (lambda t: re.sub(r"headline of \d+", "headline of 4711", t, count=1), "4711 was not in this brief"),
        (lambda t: t.replace("<!-- watcher headline of ", "<!-- watcher headline ", 1), "mark is damaged"),
        (lambda t: t + "\nBy Ada\n", "stands outside of what can be kept"),
        (lambda t: t.replace("**Date:** November", "**Date:** December", 1), "outside of what can be kept"),
        (lambda t: t.replace("to=2026-11-22", "to=2026-11-31"), "a day that does not exist"),
        (
            lambda t: cut(r"^<!-- watcher comment of \d+: \w+ -->\n[^<]*<!-- watcher end -->\n", t),
            "its comment is gone",
        ),
        (lambda t: t + t, "a second headline of"),
        (lambda t: "", "this is no brief that watcher wrote"),
        (lambda t: t.encode("utf-16"), "not UTF-8"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_whole(
    home: House, damage: Callable[[str], str | bytes], problem: str
) -> None:
    made = damage(
        brief_markdown(compiled(home)).decode().replace("**Comment:**", "**Comment:** New")
    )
    body = made if isinstance(made, bytes) else made.encode()
    with pytest.raises(ReturnedError, match=re.escape(problem)) as caught:
        briefs.keep(home.parts.store, returned(body), by="ada", now=NOW)
    assert "nothing of it was kept" in str(caught.value)
    assert home.parts.store.briefs.edits(None, *MONTH) == []


# ---------------------------------------------------------------- laws

TEXTS = st.text(
    st.one_of(
        st.sampled_from(list("\\`*_{}[]()<>#+-.!|~&$:@=\"' \n1w灯。")),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_escaped_words_are_read_as_those_words(text: str) -> None:
    markdown = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    page = BeautifulSoup(markdown.render(escape(text)), "lxml")
    assert {tag.name for tag in page.find_all()} <= {"html", "body", "p"}
    assert page.get_text().strip() == clean(text)
    assert (
        "".join(p.text for p in paragraphs(f"x {escape(text)}")).strip()
        == f"x {clean(text)}".strip()
    )


def written(text: str, field: str) -> CompiledBrief:
    edit = Edit(text=text, by="ada", at=NOW, stale=False)
    return brief_of(replace(entry(7), edits={field: edit}), entry(8))


@settings(max_examples=100, deadline=None)
@given(TEXTS.map(str.strip).filter(lambda t: "<!-- watcher" not in t and "\r" not in t))
def test_what_was_written_comes_back_as_it_was(text: str) -> None:
    body = brief_markdown(written(text, "comment"))
    assert returned(body).changed == ()
    assert brief_docx(written(text, "comment"))
    assert brief_page(written(text, "at_a_glance"))


@settings(max_examples=100, deadline=None)
@given(TEXTS.map(str.strip).filter(lambda t: "<!-- watcher" not in t and t.splitlines() != []))
def test_what_an_editor_writes_is_what_is_read_back(text: str) -> None:
    body = brief_markdown(brief_of(entry(7), entry(8))).decode()
    place = body.index("comment of 8")
    body = body[:place] + body[place:].replace("**Comment:**", f"**Comment:** {text}", 1)
    (changed,) = returned(body.encode()).changed
    assert (changed.document, changed.field) == (8, "comment")
    assert (changed.text or "").split() == text.split()


def test_the_command_keeps_and_compiles(home: House, tmp_path: Path) -> None:
    """The command line on the same store: what it writes, it reads; a file with unkept words is spared."""
    from click.testing import CliRunner

    from watcher.cli import cli

    config = tmp_path / "sources.yaml"
    state = home.parts.config.state
    config.write_text(
        f"state: {state}\nsources:\n  - {{id: lamps, name: L, kind: listing, url: 'http://127.0.0.1/'}}\n"
    )
    out = tmp_path / "brief.md"
    period = ["--from", "2026-10-23", "--to", "2026-11-22"]

    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, ["--config", str(config), "brief", *words])
        return f"{result.exit_code} {result.output}"

    assert run(*period, "--out", str(out)).startswith(f"0 {out}: 20 papers")
    out.write_text(out.read_text().replace("**Comment:**", "**Comment:** Mine.", 1))
    assert "holds changes that are not kept" in run(*period, "--out", str(out))
    first = compiled(home).top[0].document
    assert run("keep", str(out), "--by", "ada") == f"0 {first}: kept comment\n"
    assert run(*period, "--out", str(out)).startswith("0 ")
    assert "**Comment:** Mine." in out.read_text()
    assert "nothing was changed" in run("keep", str(out))
    assert run("edit", str(first), *period, "--pick", "3") == f"0 {first}: kept place\n"
    assert ids(compiled(home).top)[2] == first
    assert run("edit", str(first), *period, "--restore") == f"0 {first}: 2 edits undone\n"
    assert run("edit", "99999", *period, "--drop").startswith("2 ")
    assert run("edit", str(first), *period).startswith("2 ")
    assert run("--from", "2026-11-22", "--to", "2026-10-23").startswith("2 ")
    assert run(*period, "--team", "nobody").startswith("2 ")
    assert run(*period, "--format", "json").startswith('0 {\n  "period"')
    wrong = tmp_path / "brief.pdf"  # a PDF reader would call it damaged
    assert "no brief is written as .pdf" in run(*period, "--out", str(wrong))
    assert not wrong.exists()
    assert run(*period, "--out", str(wrong), "--format", "html").startswith("0 ")
    assert "13 more papers are not listed under policy news; --all-news" in run(
        *period, "--news", "1"
    )
    assert "not listed" not in run(*period, "--all-news")
