"""What the HTML part of a mail may hold: words, tables and links to the web, and nothing that acts."""

from lxml import html as lxml_html

from watcher.render.scraped import web_link

TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "table",
        "tbody",
        "tr",
        "td",
        "p",
        "span",
        "strong",
        "b",
        "small",
        "br",
        "h1",
        "h2",
        "ul",
        "li",
        "a",
        "del",
        "ins",
    ]
)
ATTRIBUTES = frozenset(
    [
        "lang",
        "charset",
        "name",
        "content",
        "style",
        "role",
        "width",
        "border",
        "cellpadding",
        "cellspacing",
        "align",
        "id",
        "href",
    ]
)


def check_html(source: str) -> None:
    """No tag, attribute or address but those known to be harmless; nothing is fetched."""
    tree = lxml_html.document_fromstring(source)
    ids = {str(element.get("id")) for element in tree.iter() if element.get("id")}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            assert element.text in (_OUTLOOK, _OUTLOOK_END)
            continue
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES
        assert "url(" not in element.get("style", "")
        if element.tag == "a" and element.get("href") is not None:
            href = str(element.get("href"))
            assert href.removeprefix("#") in ids if href[0] == "#" else web_link(href) == href
        else:
            assert element.get("href") is None


_OUTLOOK = (
    '[if mso]><table role="presentation" width="600" border="0" cellpadding="0" cellspacing="0">'
    "<tr><td><![endif]"
)
_OUTLOOK_END = "[if mso]></td></tr></table><![endif]"
