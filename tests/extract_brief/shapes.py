"""The invented brief written in other shapes: as texts with other marks, and as pages of several makers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from watcher.extract.brief.brief import Outline, RawItem
from watcher.extract.brief.parts import split_date

LABELS = ("At a glance:", "LP comment:", "Article:", "Issuing body:", "Date:")
Mark = Callable[[int], str]


def paper_of(item: RawItem) -> str:
    title = f"{item.doc_title_en} ({item.doc_title_zh}) (Link)"
    return title if item.doc_title_zh else ""


def same(date: str) -> str:
    return date


def day_first(date: str) -> str:
    month, day, *year = date.replace(",", "").split()
    return " ".join((day, month, *year))


def shortened(date: str) -> str:
    month, rest = date.split(" ", 1)
    return f"{month[:3]}. {rest}"


@dataclass(frozen=True, kw_only=True)
class Text:
    """How a brief is written as plain text or markdown."""

    number: str = "{n}. "
    heading: str = "{}"
    bullet: Mark = field(default=lambda n: "•")
    news_bullet: Mark | None = None
    news: str = "{date}: {rest}"
    labels: Sequence[str] = LABELS
    names: tuple[str, str] = ("Policy news", "Corporate news")
    above: str = ""
    order: str = "tpc"
    date: Callable[[str], str] = same
    gap: str = "\n\n"
    foot: str = ""
    """What stands at the foot of each page: a line after every third bullet."""

    def write(self, brief: Outline) -> str:
        parts = {"t": self._leading(brief), "p": self._news(brief, 0), "c": self._news(brief, 1)}
        blocks = [self.above, *(block for key in self.order for block in parts[key]), "Author(s)"]
        return self.gap.join(filter(None, blocks))

    def _leading(self, brief: Outline) -> list[str]:
        blocks = []
        glance, comment, paper, bodies, date = self.labels
        leading = [item for item in brief.items if item.section == "top5"]
        for n, item in enumerate(leading, 1):
            blocks.append(self.heading.format(self.number.format(n=n) + item.title))
            blocks.append(f"{glance} {item.glance}")
            blocks.append("\n".join(f"{self.bullet(i)} {b}" for i, b in enumerate(item.bullets, 1)))
            if comment:
                blocks.append(f"{comment} {item.comment}".replace("\n", self.gap))
            tail = [(paper, paper_of(item)), (bodies, item.bodies), (date, item.date)]
            tail[2] = (date, self.date(item.date) if item.date else "")
            blocks.append("\n".join(f"{label} {value}" for label, value in tail if value))
        return blocks

    def _news(self, brief: Outline, which: int) -> list[str]:
        section = ("policy", "corporate")[which]
        rows = []
        for n, item in enumerate((i for i in brief.items if i.section == section), 1):
            date, rest = split_date(item.text)
            mark = (self.news_bullet or self.bullet)(n)
            rows.append(f"{mark} {self.news.format(date=self.date(date), rest=rest)}".strip())
            if self.foot:
                rows += ["", self.foot.format(n), ""]
        return [self.names[which], "\n".join(rows)]


def marks(template: str) -> Mark:
    return lambda n: template.format(n)


TEXTS = {
    "dashes": Text(bullet=marks("-")),
    "stars": Text(bullet=marks("*")),
    "numbered bullets": Text(bullet=marks("{}.")),
    "bullets numbered with brackets": Text(bullet=marks("{})")),
    "headings without numbers": Text(number=""),
    "1) for 1.": Text(number="{n}) "),
    "#1": Text(number="#{n} "),
    "headings in bold": Text(heading="**{}**"),
    "headings in bold without numbers": Text(number="", heading="**{}**"),
    "no comment": Text(labels=("At a glance:", "", "Article:", "Issuing body:", "Date:")),
    "news first": Text(order="pct"),
    "companies first": Text(order="tcp"),
    "day first": Text(date=day_first),
    "short months": Text(date=shortened),
    "Updates": Text(names=("Policy Updates", "Corporate News")),
    "longer names": Text(names=("Policy and regulation", "Company news")),
    "capitals": Text(names=("POLICY NEWS:", "CORPORATE NEWS:")),
    "Round-up": Text(names=("## Policy round-up", "## Business & industry updates")),
    "In focus": Text(above="In focus"),
    "Top 5": Text(above="LANTERN TOP 5"),
    "other labels": Text(labels=("In brief:", "Our view:", "Policy paper:", "Issued by:", "Published:")),
    "dashes behind labels": Text(labels=("At a glance –", "Comment –", "Document –", "Issuing authorities –", "Date –")),
    "labels in lines of their own": Text(labels=("At a glance\n", "LP comment\n", "Article\n", "Issuing body\n", "Date\n")),
    "labels in bold": Text(labels=("**At a glance:**", "**Our take:**", "**Original document:**", "**Issuing bodies:**", "**Release date:**")),
    "no blank lines": Text(gap="\n"),
    "news without bullets": Text(news_bullet=marks("")),
    "news with a dash": Text(news="{date} – {rest}"),
    "a bare date": Text(news="{date} {rest}"),
    "a date in square brackets": Text(news="[{date}] {rest}"),
    "a date in brackets": Text(news="({date}) {rest}"),
    "a date in bold": Text(news="**{date}** {rest}"),
    "a bar behind the date": Text(news="{date} | {rest}"),
    "numbered news": Text(news_bullet=marks("{}.")),
    "page numbers": Text(foot="LANTERN PAPERS | {}"),
    "a running foot": Text(foot="Lantern Papers, all about lamps"),
}  # fmt: skip


# ---------------------------------------------------------------- pages


def _list(rows: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>" if rows else ""


def _labelled(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<p><strong>{label}:</strong> {value}</p>" for label, value in rows)


@dataclass(frozen=True, kw_only=True)
class Web:
    """How a brief's parts are marked up."""

    heading: str = "<h2>{}</h2>"
    numbered: bool = True
    label: str = "<p><strong>{}:</strong> {}</p>"
    running: str = "<p>{}</p>"
    bullets: Callable[[Sequence[str]], str] = _list
    tail: Callable[[Sequence[tuple[str, str]]], str] = _labelled
    news: Callable[[Sequence[tuple[str, str]]], str] = field(
        default=lambda rows: _list([f"<em>{date}:</em> {rest}" for date, rest in rows])
    )
    page: str = "<!DOCTYPE html><html><head><title>L</title></head><body>{}</body></html>"

    def write(self, brief: Outline) -> str:
        blocks = []
        leading = [item for item in brief.items if item.section == "top5"]
        for n, item in enumerate(leading, 1):
            number = f"{n}. " if self.numbered else ""
            blocks.append(self.heading.format(number + escape(item.title)))
            blocks.append(self.label.format("At a glance", escape(item.glance)))
            blocks.append(self.bullets([escape(bullet) for bullet in item.bullets]))
            first, *more = escape(item.comment).split("\n")
            blocks.append(self.label.format("LP comment", first))
            blocks += [self.running.format(line) for line in more]
            rows = (("Article", paper_of(item)), ("Issuing body", item.bodies), ("Date", item.date))
            linked = '(<a href="/1">Link</a>)'
            blocks.append(
                self.tail([(k, escape(v).replace("(Link)", linked)) for k, v in rows if v])
            )
        for section in ("policy", "corporate"):
            blocks.append(self.heading.format(f"{section.title()} news"))
            texts = [split_date(item.text) for item in brief.items if item.section == section]
            blocks.append(self.news([(date, escape(rest)) for date, rest in texts]))
        return self.page.format("\n".join(blocks) + "<h3>Authors</h3><p>A. Wick</p>")


def _cells(rows: Sequence[tuple[str, str]]) -> str:
    return f"<table>{''.join(f'<tr><td>{a}</td><td>{b}</td></tr>' for a, b in rows)}</table>"


def _terms(rows: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{a}</dt><dd>{b}</dd>' for a, b in rows)}</dl>"


def _marked_cells(rows: Sequence[str]) -> str:
    return _cells([("&bull;&nbsp;", row) for row in rows])


def _lines(rows: Sequence[str]) -> str:
    return "".join(f"• {row}<br>" for row in rows) + "<br>"


def _dated(write: Callable[[Sequence[str]], str]) -> Callable[[Sequence[tuple[str, str]]], str]:
    return lambda rows: write([f"{date}: {rest}" for date, rest in rows])


WEB = {
    "div and br": Web(
        heading="<b>{}</b><br><br>",
        label="<b>{}:</b> {}<br><br>",
        running="{}<br><br>",
        bullets=_lines,
        tail=lambda rows: "".join(f"<b>{k}:</b> {v}<br>" for k, v in rows) + "<br>",
        news=_dated(_lines),
        page="<html><body><div><div>{}</div></div></body></html>",
    ),
    "bold paragraphs": Web(
        heading="<p><strong>{}</strong></p>", numbered=False, label="<p><b>{}</b>: {}</p>"
    ),
    "layout tables": Web(
        heading='<table><tr><td><span style="font-weight:bold">{}</span></td></tr></table>',
        label="<table><tr><td><strong>{}:&nbsp;</strong>{}</td></tr></table>",
        bullets=_marked_cells,
        news=_dated(_marked_cells),
    ),
    "headings with buttons": Web(
        heading='<h2 class="header-anchor-post">{}<div><button>Link</button></div></h2>',
        numbered=False,
    ),
    "blocks": Web(
        heading='<h3 class="wp-block-heading"><strong>{}</strong></h3>',
        tail=lambda rows: f"<p>{'<br />'.join(f'<b>{k}:</b> {v}' for k, v in rows)}</p>",
    ),
    "paragraphs in bullets": Web(
        heading='<div><h2 style="x"><b>{}</b></h2></div>',
        bullets=lambda rows: _list([f"<p style='margin:0'><span>{row}</span></p>" for row in rows]),
    ),
    "tables of facts": Web(numbered=False, tail=_cells, news=_cells),
    "terms": Web(tail=_terms, news=_terms),
    "labels as headings": Web(numbered=False, label="<h4>{}</h4><p>{}</p>"),
    "ordered lists": Web(bullets=lambda rows: _list(rows).replace("ul>", "ol>")),
    "footnotes": Web(running="<p>{}<sup><a href='#f1'>1</a></sup></p>", label="<p><b>{}:</b> {}<sup>[2]</sup></p>"),
}  # fmt: skip
