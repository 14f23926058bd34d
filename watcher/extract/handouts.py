"""The files a paper's page hands out: by extension, by the site's way to download, in scripts."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from watcher.extract.markup import attr, in_frame, inline, inner_text, resolve
from watcher.model import Attachment
from watcher.text import canonical_url

_EXTENSIONS = r"docx?|wps|pdf|ofd|xlsx?|et|csv|zip|rar|7z|pptx?|ceb|cebx|rtf|tiff?"
_FILE = re.compile(rf"\.(?:{_EXTENSIONS})$", re.I)
# Downloads whose address has no extension: cac, mohurd, tc260, ndrc and common CMS forms.
_DOWNLOAD = re.compile(
    r"downloadfile\.jsp|/document/download\b|/sysFile/downloadFile/|/file-submission/|/downloadFile\b"
    r"|[?&](?:fileName|fileUrl|filepath|attachId|fText)=",
    re.I,
)
_NAME_PARAMETERS = ("filename", "ftext", "name", "attachname")
_NO_NAME = re.compile(
    r"^(?:下载|点击下载|附件下载|下载文件|点此下载|查看|预览|下载附件|download)?$", re.I
)
_SCRIPTED = re.compile(r"""['"]([^'"<>\s]+\.(?:docx?|wps|pdf|ofd|xlsx?|zip|rar))['"]""", re.I)
_SCRIPT_NAMES = re.compile(r"appendix|attach|fujian", re.I)


def handouts(soup: BeautifulSoup, base: str) -> tuple[Attachment, ...]:
    """Every file offered by the page, in page order, each address once.

    Looks in the paper's text and beside it (samr and caac list files below the text), not in menus
    and footers; into inline scripts that write such a list (nra) and PDF viewers in frames (miit).
    `soup` still holds its scripts.
    """
    found: dict[str, Attachment] = {}
    for tag in soup.find_all(("a", "iframe", "embed", "script")):
        if tag.name == "script":
            for attachment in _scripted(tag, base):
                found.setdefault(canonical_url(attachment.url), attachment)
            continue
        url = resolve(attr(tag, "href") or attr(tag, "src"), base)
        if url is None or not _offers_file(tag, url) or in_frame(tag):
            continue
        name = _name(tag, url)
        key = canonical_url(url)
        if key not in found or _NO_NAME.match(found[key].name):
            found[key] = Attachment(name=name, url=url)
    return tuple(found.values())


def _offers_file(tag: Tag, url: str) -> bool:
    parts = urlsplit(url)
    if _FILE.search(parts.path) or (tag.name == "a" and tag.has_attr("download")):
        return True
    values = [value for _, value in parse_qsl(parts.query)]
    return tag.name == "a" and (bool(_DOWNLOAD.search(url)) or any(map(_FILE.search, values)))


def _name(tag: Tag, url: str) -> str:
    parts = urlsplit(url)
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    given = [inner_text(tag), attr(tag, "title"), attr(tag, "download")]
    given += [query.get(name, "") for name in _NAME_PARAMETERS]
    name = next((n for n in map(inline, given) if not _NO_NAME.match(n)), "")
    return name or unquote(parts.path.rsplit("/", 1)[-1]) or url


def _scripted(script: Tag, base: str) -> list[Attachment]:
    """Files in the string of an inline script whose variable says that it lists them."""
    code = script.string or ""
    if not _SCRIPT_NAMES.search(code) or len(code) > 50_000:
        return []
    plain = code.replace('\\"', '"').replace("\\'", "'").replace("\\/", "/")
    if "<a" in plain:
        links = BeautifulSoup(plain, "lxml").find_all("a", href=True)
        offers = [(inner_text(a), attr(a, "href").strip("'\"")) for a in links]
    else:
        offers = [("", href) for href in _SCRIPTED.findall(plain)]
    return [
        Attachment(name=name or unquote(urlsplit(url).path.rsplit("/", 1)[-1]), url=url)
        for name, href in offers
        if (url := resolve(href, base)) and _FILE.search(urlsplit(url).path)
    ]
