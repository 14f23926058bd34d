"""Which list and level a .docx paragraph belongs to: numbering.xml, styles.xml and its own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from watcher.extract.attachment.elements import all_of, attribute, first, int_of, is_on, val
from watcher.extract.attachment.numbering import Level, NumberedList, Numbering


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a paragraph says of its own numbering: list, level, and style that may say it."""

    num: str | None = None
    level: int | None = None
    style: str | None = None


class DocxLists:
    """The lists of one document; `label` counts its paragraphs, asked in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._style_levels: dict[tuple[str, str], int] = {}
        self._lists = self._read_lists(numbering) if numbering is not None else {}
        self._styles: dict[str, Place] = {}
        self._parents: dict[str, str] = {}
        self._listing: dict[str, str | None] = {}
        if styles is not None:
            self._read_styles(styles)
        self._numbering = Numbering(self._lists)

    def label(self, place: Place) -> str:
        """The number the next paragraph shows, with what separates it from the text, or ""."""
        num, level = place.num, place.level
        if place.style and (num is None or level is None):
            num, level = self._of_style(num, level, place.style)
        return self._numbering.label(num, level or 0)

    def _of_style(
        self, num: str | None, level: int | None, style: str
    ) -> tuple[str | None, int | None]:
        """What a style and those it is based on add to `num` and `level`.

        With the list known nothing is added. Else the first style of the chain that names a list
        decides; it is looked up once per style, however long the chain.
        """
        if num is not None:
            return num, level
        if style not in self._listing:
            self._listing[style] = self._first_listing(style)
        named = self._listing[style]
        if named is None:
            return None, level
        own = self._styles[named]
        if level is None:
            level = own.level
        if level is None and own.num is not None and own.num in self._lists:
            level = self._style_levels.get((self._lists[own.num].abstract, named))
        return own.num, level

    def _first_listing(self, style: str) -> str | None:
        """The first style from `style` down its chain that names a list."""
        seen: set[str] = set()
        at: str | None = style
        while at and at not in seen:
            if at in self._listing:
                found = self._listing[at]
                break
            seen.add(at)
            if self._styles.get(at, Place()).num is not None:
                found = at
                break
            at = self._parents.get(at)
        else:
            found = None
        self._listing.update(dict.fromkeys(seen, found))
        return found

    def _read_lists(self, root: etree._Element) -> Mapping[str, NumberedList]:
        abstracts: dict[str, _Abstract] = {}
        by_style: dict[str, str] = {}
        for element in all_of(root, "abstractNum"):
            own_id = attribute(element, "abstractNumId") or ""
            made = abstracts[own_id] = _Abstract(follows=val(first(element, "numStyleLink")))
            if style := val(first(element, "styleLink")):
                by_style[style] = own_id
            for level in all_of(element, "lvl"):
                at = int_of(attribute(level, "ilvl")) or 0
                made.levels[at] = _level(level)
                if style := val(first(level, "pStyle")):
                    self._style_levels[own_id, style] = at
        lists: dict[str, NumberedList] = {}
        for num in all_of(root, "num"):
            own_id = val(first(num, "abstractNumId")) or ""
            abstract = abstracts.get(own_id, _Abstract())
            if abstract.follows in by_style:  # a list style: its levels are kept elsewhere
                own_id = by_style[abstract.follows]
                abstract = abstracts[own_id]
            listed = NumberedList(abstract=own_id, levels=dict(abstract.levels))
            for override in all_of(num, "lvlOverride"):
                at = int_of(attribute(override, "ilvl")) or 0
                if (own := first(override, "lvl")) is not None:
                    listed.levels[at] = _level(own)
                if (start := int_of(val(first(override, "startOverride")))) is not None:
                    listed.starts[at] = start
            lists[attribute(num, "numId") or ""] = listed
        return lists

    def _read_styles(self, root: etree._Element) -> None:
        for style in all_of(root, "style"):
            own_id = attribute(style, "styleId") or ""
            numbers = first(first(style, "pPr"), "numPr")
            self._styles[own_id] = Place(
                num=val(first(numbers, "numId")), level=int_of(val(first(numbers, "ilvl")))
            )
            if parent := val(first(style, "basedOn")):
                self._parents[own_id] = parent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Abstract:
    levels: dict[int, Level] = field(default_factory=dict)
    follows: str | None = None
    """The list style whose definition holds for this one (numStyleLink)."""


def _level(element: etree._Element) -> Level:
    start = first(element, "start")
    return Level(
        start=1 if start is None else int_of(val(start)) or 0,
        form=val(first(element, "numFmt")) or "decimal",
        text=val(first(element, "lvlText")) or "",
        suffix=val(first(element, "suff")) or "tab",
        restart=int_of(val(first(element, "lvlRestart"))),
        legal=is_on(first(element, "isLgl")),
    )
