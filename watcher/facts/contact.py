"""Where comments on a draft go: the addresses that stand in the passage that asks for them."""

import re
from collections.abc import Iterator

from watcher.facts.folded import Folded
from watcher.facts.spanned import Spanned
from watcher.text import canonical_url, normalize

_LONGEST = 100_000
_MOST = 12  # addresses of one notice; more is a list of offices
_LINES, _CHARACTERS = 40, 4_000  # how long a passage about comments gets

_PAPER_BEGINS = re.compile(r"^[^\S\n]*第一[条章编]", re.M)
_CALLS = re.compile(
    r"(?:征求|征集|征询|听取)[^。\n]{0,80}(?:意见|建议)|(?:意见|建议)[^。\n]{0,40}(?:反馈|发送|发至|寄|提出|函告|传真|提交)|"
    r"(?:反馈|提出|提交)[^。\n]{0,40}(?:意见|建议)|\b(?:[Cc]omments|[Ff]eedback|[Oo]pinions)\b"
)
_SIGNED = re.compile(r"^\s*(?:\d{4}|二[〇○零]\S\S)\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日\s*$")
_FOOTER = re.compile(
    r"版权所有|主办单位|主办[:：]|承办单位|网站标识码|ICP备|公网安备|网站地图|联系我们|Copyright|技术支持"
)
# What the addresses of a line are for, when it is not comments
_OTHER_MATTER = re.compile(
    r"报名|应聘|招聘|投标|开标|监督|举报|投诉|纪检|申报|系统咨询|平台咨询|参会|获取招标|缴费|索取|订阅|媒体"
)
_COMMENT = re.compile(r"意见|建议|反馈|comment|feedback|opinion", re.I)
_ONLY_TO_READ = re.compile(r"查看|查阅|下载|浏览|全文|刊登|公布于|公布在|发布于|阅读|转载|来源")
_ANSWERS = re.compile(
    r"提出|提交|反馈|填写|填报|留言|发表|进入|参与|征集|征求意见|意见征|submit|comment", re.I
)

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+/-])(?P<name>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}) ?"
    r"(?:@|＠|[（(\[] ?(?:at|AT|@) ?[）)\]]|#) ?"
    r"(?P<host>[A-Za-z0-9-]{1,63}"
    # a blank at a dot belongs to the address only before what addresses end with
    r"(?:[.．][A-Za-z0-9-]{1,63}|(?: [.．] ?|[.．] )(?:gov|com|org|net|edu|ac|cn)(?![A-Za-z0-9])){1,5}"
    r"(?<=[A-Za-z]))"
)
_WEB = re.compile(
    r"(?P<address>https?://[A-Za-z0-9.-]{3,100}(?::\d{1,5})?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'*+,;=%-]{0,300})?|"
    r"(?<![A-Za-z0-9@＠.-])(?:[A-Za-z0-9-]{1,40}\.){1,4}(?:cn|com|org|net)(?::\d{1,5})?(?![A-Za-z0-9.@-])"
    r"(?:/[A-Za-z0-9._~/?#&=%-]{0,300})?)"
)
_POST = re.compile(
    r"(?:(?:通信|通讯|邮寄|邮政|信函|寄送|来信|来函|联系|收信|收件)?地\s*址|(?:邮寄|寄送|寄|函寄|寄送材料)[至到往])(?:为|是)?\s*[:：]?\s*"
    r"(?P<place>(?![:：])[^，,。；;\n（(]{4,80})"
)
_NO_POST = re.compile(r"(?:网|邮箱|邮件|网站|电子)\s*$")
_PLACE = re.compile(r"省|市|区|县|路|街|号|大道|胡同|信箱|大厦|院|楼")
_PLACE_ENDS = re.compile(
    r"\s*(?:邮\s*编|邮政编码|收件人|收信人|联系人|联系电话|电\s*话|传\s*真|电子|邮\s*箱|E-?mail)",
    re.I,
)
_POSTCODE = re.compile(
    r"[^。\n]{0,40}?\n?[^。\n]{0,8}?(?:邮\s*编|邮政编码)\s*[:：为]?\s*(?P<code>\d{6})(?!\d)"
)
_FAX = re.compile(
    r"传\s*真(?:号码)?\s*(?:）|\))?\s*[:：为至到]?\s*"
    r"(?P<number>(?:\+?86[- ]?)?[（(]?0\d{2,3}[）)]?\s?[-—－–]?\s?\d{3,4} ?\d{4}(?!\d)(?:-\d{1,5})?)"
)


def comments_to(text: str) -> tuple[Spanned[str], ...]:
    """Return where `text` asks for comments to be sent, in order, each once, with its place.

    Mail addresses in lower case; web addresses as `canonical_url` spells them; postal addresses
    with their postcode behind a blank; fax numbers as "fax 010-12345678". Only in the passage that
    begins with the call for comments and ends with the date below it, the draft or the site's
    footer; a line about registering, complaints or reading the paper is passed over.
    """
    text = text[:_LONGEST]
    clean = normalize(text)
    if paper := _PAPER_BEGINS.search(clean):
        clean = clean[: paper.start()]
    folded = Folded(text, clean)
    found: dict[str, Spanned[str]] = {}
    for at, line, context in _lines(clean):
        for address in _addresses(line, context, clean[at : at + len(line) + 60]):
            if len(found) < _MOST and address.value not in found:
                place = folded.span(at + address.start, at + address.end)
                found[address.value] = Spanned(address.value, *place)
    return tuple(found.values())


def _lines(clean: str) -> Iterator[tuple[int, str, str]]:
    """The lines of the passage about comments, each with its start and the line that led to it."""
    call = _CALLS.search(clean)
    if not call:
        return
    at = clean.rfind("\n", 0, call.start()) + 1
    context = ""
    for line in clean[at : at + _CHARACTERS].split("\n", _LINES)[:_LINES]:
        if _SIGNED.match(line) or _FOOTER.search(line):
            return
        for part in re.finditer(r"[^。；;]+", line):
            yield at + part.start(), part[0], context
            context = part[0] if _COMMENT.search(part[0]) or len(part[0]) > 25 else context
        at += len(line) + 1


def _addresses(part: str, context: str, ahead: str) -> list[Spanned[str]]:
    """The addresses in a part of a line; `context` is the sentence before, `ahead` goes on behind."""
    said = part if _COMMENT.search(part) else f"{part}{context}"
    if _OTHER_MATTER.search(part) and not _COMMENT.search(part):
        return []
    if _OTHER_MATTER.search(context) and not _COMMENT.search(said):
        return []
    found = [*_mails(part), *_posts(part, ahead), *_faxes(part)]
    if _ANSWERS.search(said) and not (
        _ONLY_TO_READ.search(part) and not re.search(r"提出|提交|反馈|填写|填报|留言", part)
    ):
        taken = [range(other.start, other.end) for other in found]  # the host of a mail address
        found += [web for web in _webs(part) if not any(web.start in one for one in taken)]
    return sorted(found, key=lambda address: address.start)


def _mails(part: str) -> Iterator[Spanned[str]]:
    for match in _MAIL.finditer(part):
        host = match["host"].replace(" ", "").replace("．", ".")
        yield Spanned(f"{match['name']}@{host}".lower(), *match.span())


def _webs(part: str) -> Iterator[Spanned[str]]:
    for match in _WEB.finditer(part):
        address = match["address"].rstrip(".,;:!?'&=-")
        whole = address if "://" in address else f"http://{address}"
        try:
            yield Spanned(canonical_url(whole), match.start(), match.start() + len(address))
        except ValueError:  # http://[
            continue


def _posts(part: str, ahead: str) -> Iterator[Spanned[str]]:
    for match in _POST.finditer(part):
        if _NO_POST.search(part[max(0, match.start() - 6) : match.start()]):
            continue
        ends = _PLACE_ENDS.search(match["place"])
        place = match["place"][: ends.start()].rstrip() if ends else match["place"].rstrip()
        if len(_PLACE.findall(place)) < 2 or "@" in place or "://" in place:
            continue
        start = match.start("place")
        code = _POSTCODE.match(ahead, start + len(place))
        end = code.end("code") if code else start + len(place)
        yield Spanned(f"{place} {code['code']}" if code else place, start, end)


def _faxes(part: str) -> Iterator[Spanned[str]]:
    for match in _FAX.finditer(part):
        number = re.sub(r"[（(\s]", "", match["number"])
        number = re.sub(r"[）)—－–]-?", "-", number)
        yield Spanned(f"fax {number}", *match.span("number"))
