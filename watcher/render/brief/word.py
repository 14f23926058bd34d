"""A compiled brief as a Word file: real headings, a table of contents, lists and links (ECMA-376 part 1)."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from watcher.compiled import CompiledBrief, Entry
from watcher.render.brief import words as say
from watcher.render.brief.marks import Paragraph, Run, paragraphs
from watcher.render.scraped import clean, web_link

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_WORD}.numbering+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)
_NUMBERING = (
    f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/>'
    '<w:pPr><w:ind w:left="454" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest a zip can say: the same brief gives the same bytes


def _style(
    name: str,
    title: str,
    *,
    size: int,
    run: str = "",
    paragraph: str = "",
    level: int | None = None,
) -> str:
    outline = f'<w:outlineLvl w:val="{level}"/>' if level is not None else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{title}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}{outline}</w:pPr>'
        f'<w:rPr>{run}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


_BLUE = '<w:color w:val="1F3F5B"/>'
_STYLES = (
    f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri" w:eastAsia="SimSun"/>'
    '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-GB" w:eastAsia="zh-CN"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    '<w:spacing w:after="100" w:line="269" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + _style("Title", "Title", size=40, run=f"<w:b/>{_BLUE}")
    + _style(
        "Heading1",
        "heading 1",
        size=28,
        run=f"<w:b/>{_BLUE}",
        paragraph='<w:keepNext/><w:spacing w:before="360" w:after="140"/>',
        level=0,
    )
    + _style(
        "Heading2",
        "heading 2",
        size=24,
        run="<w:b/>",
        paragraph='<w:keepNext/><w:spacing w:before="260" w:after="80"/>',
        level=1,
    )
    + _style("TOC1", "toc 1", size=21, run="<w:b/>", paragraph='<w:spacing w:after="40"/>')
    + _style("TOC2", "toc 2", size=21, paragraph='<w:spacing w:after="40"/><w:ind w:left="284"/>')
    + _style(
        "ListBullet",
        "List Bullet",
        size=21,
        paragraph='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>',
    )
    + _style("Small", "Small print", size=17, run='<w:color w:val="595959"/>')
    + '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:rPr><w:color w:val="0B4F8A"/><w:u w:val="single"/></w:rPr></w:style></w:styles>'
)


def brief_docx(brief: CompiledBrief) -> bytes:
    """The whole brief; the table of contents is a field that Word and LibreOffice can make anew."""
    writer = _Writer()
    body = "".join(writer.body(brief))
    document = (
        f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}<w:sectPr>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1247" w:bottom="1247" '
        'w:left="1247" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )
    title = f"{say.heading(brief)}, {say.span(brief.start, brief.end)}"
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS,
        "docProps/core.xml": _CORE.format(title=escape(title)),
        "word/styles.xml": _STYLES,
        "word/numbering.xml": _NUMBERING,
        "word/_rels/document.xml.rels": writer.relations(),
        "word/document.xml": document,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, xml in parts.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _HEAD + xml)
    return out.getvalue()


def _run(text: str, style: str = "") -> str:
    marks = {"bold": "<w:b/>", "italic": "<w:i/>", "link": '<w:rStyle w:val="Hyperlink"/>'}
    properties = f"<w:rPr>{marks[style]}</w:rPr>" if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _paragraph(content: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{content}</w:p>"


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


@dataclass(slots=True)
class _Writer:
    """Writes the body and remembers the addresses that it links to."""

    links: dict[str, str] = field(default_factory=dict)
    """Relation ids by address."""
    bookmarks: int = 0

    def relations(self) -> str:
        own = (
            f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId2" Type="{_R}/numbering" Target="numbering.xml"/>'
        )
        others = "".join(
            f'<Relationship Id="{id_}" Type="{_R}/hyperlink" Target={quoteattr(url)} '
            'TargetMode="External"/>'
            for url, id_ in self.links.items()
        )
        return f'<Relationships xmlns="{_PACKAGE}/relationships">{own}{others}</Relationships>'

    def link(self, text: str, url: str | None) -> str:
        address = web_link(url)
        if address is None:
            return _run(text)
        id_ = self.links.setdefault(address, f"rId{len(self.links) + 3}")
        return f'<w:hyperlink r:id="{id_}">{_run(text, "link")}</w:hyperlink>'

    def heading(self, text: str, level: int, anchor: str) -> str:
        self.bookmarks += 1
        mark = self.bookmarks
        content = (
            f'<w:bookmarkStart w:id="{mark}" w:name="{_anchor(anchor)}"/>{_run(text)}'
            f'<w:bookmarkEnd w:id="{mark}"/>'
        )
        return _paragraph(content, f"Heading{level}")

    def labelled(self, label: str, content: str) -> str:
        return _paragraph(_run(f"{label}: ", "bold") + content)

    # ------------------------------------------------------------ the parts

    def body(self, brief: CompiledBrief) -> Iterator[str]:
        yield _paragraph(_run(say.heading(brief)), "Title")
        yield self.labelled("Reporting period", _run(say.span(brief.start, brief.end)))
        parts = say.sections(brief)
        if not parts:
            yield _paragraph(_run(say.EMPTY))
        else:
            yield from _contents(parts)
        for part in parts:
            yield self.heading(part.name, 1, part.anchor)
            for place, entry in enumerate(part.entries, start=1):
                if part.leading:
                    yield from self.entry(entry, place)
                else:
                    yield self.news(entry, brief)
        for line in (say.left_out(brief), say.MADE):
            if line:
                yield _paragraph(_run(line), "Small")

    def entry(self, entry: Entry, place: int) -> Iterator[str]:
        title = f"{place}. {say.headline(entry)}"
        yield self.heading(title, 2, f"paper-{entry.document}")
        glance, comment = entry.edits.get("at_a_glance"), entry.edits.get("comment")
        if glance:
            yield from self.written("At a glance", paragraphs(glance.text))
        elif entry.sentence or entry.points:
            said = entry.sentence
            words = f"{say.quoted(said)} ({say.where(said)})" if said else ""
            yield self.labelled("At a glance", _run(words))
            for point in entry.points:
                english = _run(f"{clean(point.said.text)}: ", "bold") if point.said else ""
                words = f"{say.quoted(point.quote)} ({say.where(point.quote)})"
                yield _paragraph(english + _run(words), "ListBullet")
        if comment:
            yield from self.written("Comment", paragraphs(comment.text))
        else:
            yield self.labelled("Comment", _run(say.TO_WRITE, "italic"))
        link = self.link(say.LINK, entry.url)
        yield self.labelled("Article", _run(f"{say.article(entry)} (") + link + _run(")"))
        yield self.labelled(say.bodies_label(entry), _run(say.bodies(entry)))
        yield self.labelled("Date", _run(say.dated(entry)))
        if entry.told:
            yield self.labelled(say.TOLD, _run(say.source(entry)))
        for role, other, url in say.related(entry):
            yield self.labelled("Also in this period", _run(f"{role}: ") + self.link(other, url))
        yield _paragraph(_run(f"Why it leads: {say.reasons(entry)}"), "Small")

    def news(self, entry: Entry, brief: CompiledBrief) -> str:
        day = _run(f"{say.news_day(entry, brief)}: ", "bold")
        if line := entry.edits.get("line"):
            return _paragraph(day + "".join(map(self.runs, paragraphs(line.text))), "ListBullet")
        link = self.link(say.source(entry), entry.url)
        return _paragraph(day + _run(f"{say.news_text(entry)} (") + link + _run(")"), "ListBullet")

    def written(self, label: str, edited: Iterable[Paragraph]) -> Iterator[str]:
        """What an editor wrote, its label before the first paragraph."""
        first, *rest = [*edited] or [Paragraph(bullet=False, runs=())]
        if first.bullet:
            yield self.labelled(label, "")
            rest = [first, *rest]
        else:
            yield self.labelled(label, self.runs(first))
        for paragraph in rest:
            yield _paragraph(self.runs(paragraph), "ListBullet" if paragraph.bullet else "")

    def runs(self, paragraph: Paragraph) -> str:
        return "".join(map(self.run, paragraph.runs))

    def run(self, run: Run) -> str:
        return self.link(run.text, run.url) if run.url else _run(run.text, run.style)


def _contents(parts: Iterable[say.Section]) -> Iterator[str]:
    """A field with what it would show, so that it is there before anybody makes it anew."""
    lines: list[tuple[int, str, str]] = []
    for part in parts:
        lines.append((1, part.name, part.anchor))
        if part.leading:
            lines += [
                (2, f"{place}. {say.headline(entry)}", f"paper-{entry.document}")
                for place, entry in enumerate(part.entries, start=1)
            ]
    begin = (
        _field("begin")
        + '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z </w:instrText></w:r>'
        + _field("separate")
    )
    for rank, (level, text, anchor) in enumerate(lines):
        link = f'<w:hyperlink w:anchor="{_anchor(anchor)}">{_run(text)}</w:hyperlink>'
        first = begin if rank == 0 else ""
        last = _field("end") if rank == len(lines) - 1 else ""
        yield _paragraph(first + link + last, f"TOC{level}")


def _anchor(name: str) -> str:
    """A bookmark's name: letters, digits and underscores."""
    return "b_" + name.replace("-", "_")
