"""A diff as one self-contained web page: side by side or inline, without script, fit to print."""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined

from watcher.diff import Hunk, TextDiff, summary
from watcher.render.diff.titles import DiffTitles, clean, heading, quiet, verdict
from watcher.render.scraped import clean as one_line

_PAGE = """<!DOCTYPE html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body { font: 16px/1.7 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 1.5rem auto; max-width: 76rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; }
header p { margin: .2rem 0; color: #555; }
label { margin-right: 1rem; cursor: pointer; }
section { border-top: 1px solid #ddd; padding: .6rem 0; }
h2 { font-size: 1rem; margin: 0 0 .3rem; }
h2 small { font-weight: normal; color: #555; }
.substantive h2 small { color: #8a4b00; font-weight: 600; }
.chapter { font-weight: 600; text-align: center; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.inline, .quiet { display: none; }
del { background: #ffe3e0; color: #8c1d18; text-decoration: line-through; }
ins { background: #dcf5e3; color: #0b5426; text-decoration: underline; }
#inline:checked ~ main .sides { display: none; }
#inline:checked ~ main .inline { display: block; }
#all:checked ~ main .quiet { display: block; }
.stub { color: #555; }
@media (max-width: 44rem) { .sides { grid-template-columns: 1fr; gap: .4rem; } }
@media print {
  body { margin: 0; max-width: none; font-size: 10.5pt; }
  input, label { display: none; }
  .sides { display: none; } .inline { display: block; }
  section { break-inside: avoid-page; }
  del, ins { background: none; }
}
</style>
</head>
<body>
<header>
<h1>{{ title }}</h1>
<p>{{ names }}</p>
<p>{{ summary }}</p>
{% if coarse %}<p>Some of this was too large to compare closely: it may be shown as replaced.</p>
{% endif %}</header>
<input type="radio" name="view" id="beside" checked><label for="beside">Side by side</label>
<input type="radio" name="view" id="inline"><label for="inline">Inline</label>
<input type="checkbox" id="all"><label for="all">Unchanged articles too</label>
<main>
{% for row in rows %}<section class="{{ row.style }}">
{% if row.title %}<h2>{{ row.title }} <small>{{ row.verdict }}</small></h2>
{% endif %}{% if row.hunks and row.both %}<div class="sides"><div class="text">{{ shown(row.hunks, "delete") }}</div><div class="text">{{ shown(row.hunks, "insert") }}</div></div>
<div class="text inline">{{ shown(row.hunks, "both") }}</div>
{% elif row.hunks %}<div class="text">{{ shown(row.hunks, "both") }}</div>
{% endif %}</section>
{% endfor %}</main>
</body>
</html>
"""
_HUNKS = (
    "{% for op, text in hunks %}"
    "{% if op == 'delete' %}{% if side != 'insert' %}<del>{{ text }}</del>{% endif %}"
    "{% elif op == 'insert' %}{% if side != 'delete' %}<ins>{{ text }}</ins>{% endif %}"
    "{% else %}{{ text }}{% endif %}{% endfor %}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    style: str
    title: str = ""
    verdict: str = ""
    hunks: tuple[Hunk, ...] = ()
    both: bool = True
    """Whether two columns say more than one."""


def diff_html(diff: TextDiff, titles: DiffTitles) -> bytes:
    """The whole of both texts; unchanged articles are folded away until asked for."""
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    macro = environment.from_string(
        "{% macro shown(hunks, side) %}" + _HUNKS + "{% endmacro %}" + _PAGE
    )
    names = f"{one_line(titles.old)} → {one_line(titles.new)}"
    page = macro.render(
        title=one_line(titles.paper) or names,
        names=names,
        summary=one_line(summary(diff, before=titles.before)),
        coarse=diff.coarse,
        rows=list(_rows(diff)),
    )
    return page.encode()


def _rows(diff: TextDiff) -> Iterator[Row]:
    """The joint text in reading order; an article stands where the new text has it."""
    told: set[int] = set()
    for passage in diff.flow:
        if passage.entry is None:
            chapter = passage.kind == "heading"
            mixed = len({op for op, _ in passage.hunks}) > 1
            folded = not chapter and all(op == "equal" for op, _ in passage.hunks)
            style = "chapter" if chapter else f"{passage.kind} quiet" if folded else passage.kind
            yield Row(style=style, hunks=_clean(passage.hunks), both=mixed and not chapter)
            continue
        entry = diff.entries[passage.entry]
        leaving = bool(entry.new) and all(op == "delete" for op, _ in passage.hunks)
        if leaving:
            yield Row(style="stub", title=heading(entry, diff), verdict=f"{entry.op}: stood here")
        elif passage.entry not in told:
            told.add(passage.entry)
            style = "substantive" if entry.substantive else entry.op
            yield Row(
                style=f"{style} quiet" if quiet(entry) else style,
                title=heading(entry, diff),
                verdict=verdict(entry),
                hunks=_clean(entry.hunks),
                both=len({op for op, _ in entry.hunks}) > 1,
            )


def _clean(hunks: tuple[Hunk, ...]) -> tuple[Hunk, ...]:
    return tuple((op, clean(text)) for op, text in hunks)
