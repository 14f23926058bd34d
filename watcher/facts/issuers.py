"""Who issues a paper: read from the head of its title, its number, its metadata or its signature."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from watcher.extract.paper.signature import signature as read_signature
from watcher.facts.bodies import BODIES, BodyMention, find_bodies
from watcher.facts.folded import Folded
from watcher.facts.said import NUMBER, TEXT, TITLE, Said
from watcher.facts.spanned import Spanned
from watcher.facts.title import Title, read_title
from watcher.text import cn_number, normalize

_HEAD_ENDS = re.compile(
    r"关于|印发|转发|联合|公开|征求|(?<!新闻)发布(?!会)|公布|颁布|公告|通告|通知|令(?=[（(第\d\s]|$)"
)
_SEGMENT = re.compile(r"——|--|[|｜]|[！!。？?]")
_LEADS_IN = re.compile(r"\s*(?:访)?(?:解读)?(?:经[^，]{2,20}(?:同意|批准|授权)，)?\s*")
_COUNT = r"(?P<n>\d{1,3}|[二两三四五六七八九十百]{1,4})\s*(?:个)?"
_OTHERS = re.compile(rf"等\s*{_COUNT}(?:部门|部委|单位|家单位|部(?!分|位|署))")
_COUNT_ONLY = re.compile(rf"^{_COUNT}(?:部门|部委|单位)")
_PASSES_ON = re.compile(r"转发(?P<names>[^《》]{2,40}?)(?:等[^《》]{0,6}部门|等单位|关于|《)")
_PASSES_ON_BOOK = re.compile(r"转发《》")
_JOINS = re.compile(r"[\s、,，和与及同]*(?:办公厅|办公室|综合司)?[\s、,，和与及同]*$")


def issuing_bodies(
    title: str,
    text: str = "",
    issuer: str | None = None,
    source_body: str | None = None,
    doc_number: str | None = None,
) -> tuple[str, ...]:
    """The codes of the bodies that issue a paper with a Chinese title: see `issuers_of`."""
    found = issuers_of(
        read_title(title), text, issuer=issuer, source_body=source_body, doc_number=doc_number
    )
    return tuple(said.value for said in found)


def issuers_of(
    title: Title,
    text: str = "",
    *,
    issuer: str | None = None,
    source_body: str | None = None,
    doc_number: str | None = None,
    published: date | None = None,
) -> tuple[Said[str], ...]:
    """Return the bodies that issue a paper with a Chinese title, in the order named, each once.

    Witnesses in order: the title's head, the bodies named in its number, `issuer` (the page's own
    metadata), the signature below `text`, the opening of a text when several act together, the
    organ's letters of the number, and at last `source_body`. 等十二部门 names one of twelve:
    signature and opening may name the others, and "+N" stands for those that nobody names. A bare
    三部门 adds "+N" to whoever the others name. A number with 联 (工信部联规) says that its signers
    issue together, and so do the signers below a title that names nobody. `published` settles
    former names that moved from one body to another.
    """
    find = partial(find_bodies, on=published)
    own, passed = _head(title, find)
    head = _once((*own, *passed))
    if not head and _names_another(title):
        return ()
    count = _together(title)
    together = count.value if count else 0
    if together and passed:
        together += len(own)  # 转发甲部等五部门 counts those whose paper is passed on
    joint = together > len(head) or not head or "联" in (doc_number or "").split("〔")[0]
    signers = _signers(text, find) if joint else ()
    named = (
        head
        or (doc_number and _once(Said(hit.code, NUMBER) for hit in find(doc_number)))
        or (issuer and _once(Said(hit.code) for hit in find(issuer)))
        or signers
        or (_opening(text, None, find) if together else ())
        or _by_number(doc_number)
        or ((Said(source_body),) if source_body else ())
    )
    if not named:
        return ()
    if named[0].value in {signer.value for signer in signers}:
        most = max(together, len(named)) if together else None
        named = _once((*named, *signers))[:most]
    if together > len(named):
        named = _once((*named, *_opening(text, named[0].value, find)))[:together]
    rest = together - len(named)
    if count is None or rest <= 0:
        return named
    return (*named, Said(f"+{rest}", TITLE, count.start, count.end))


_Find = Callable[[str], tuple[BodyMention, ...]]


def _head(title: Title, find: _Find) -> tuple[tuple[Said[str], ...], tuple[Said[str], ...]]:
    """The bodies the title begins with, and those whose paper they pass on (转发)."""
    outer = title.outer
    own: list[Said[str]] = []
    passed: list[Said[str]] = []

    def place(hits: Sequence[BodyMention], shift: int) -> list[Said[str]]:
        return [_in_title(title, hit, shift) for hit in hits]

    begins = 0
    for stop in (*(match.span() for match in _SEGMENT.finditer(outer)), (len(outer), 0)):
        segment, shift = outer[begins : stop[0]], begins
        begins = stop[1]
        if lead := _LEADS_IN.match(segment):
            segment, shift = segment[lead.end() :], shift + lead.end()
        end = _HEAD_ENDS.search(segment)
        head = segment[: end.start()] if end else ""
        hits = (
            find(head)
            if head and not re.search(r"[，；]", head)
            else _chain(find(segment), segment)
        )
        own += place(hits, shift)
        if match := _PASSES_ON.search(segment):
            passed += place(find(match["names"]), shift + match.start("names"))
    if title.books and (match := _PASSES_ON_BOOK.search(outer)):
        number = outer[: match.start()].count("《》")
        name = title.books[number]
        passed += [
            Said(hit.code, TITLE, at + hit.start, at + hit.end)
            for at in (title.book_at(number),)
            for hit in _chain(find(name), name)
        ]
    return _once(own), _once(passed)


def _in_title(title: Title, hit: BodyMention, shift: int) -> Said[str]:
    return Said(hit.code, TITLE, *title.in_whole(hit.start + shift, hit.end + shift))


def _once(named: Iterable[Said[str]]) -> tuple[Said[str], ...]:
    found: dict[str, Said[str]] = {}
    for one in named:
        found.setdefault(one.value, one)
    return tuple(found.values())


_AGENCY = re.compile(
    r"(?:政府|办公厅|办公室|委员会|领导小组|联席会议|法院|检察院|协会|联合会|中心|[省市区县][^，\s]{0,12}[厅局委办])$"
)


def _names_another(title: Title) -> bool:
    """Whether the title begins with a body without a code, such as a local government."""
    outer = title.outer
    end = _HEAD_ENDS.search(outer)
    return bool(end and any(_AGENCY.search(name) for name in outer[: end.start()].split()))


_ORGAN = re.compile(r"(?:[部厅局委办署院会行室]|政府|中心|总局|法院|集团)$")
_NAME_LETTERS = 30


def named_issuer(title: Title, issuer: str | None = None) -> Said[str] | None:
    """The body that the title's head, or else the page's metadata, names; for those without a code."""
    end = _HEAD_ENDS.search(title.outer)
    head = title.outer[: end.start()] if end else ""
    name, lead = head.strip(), len(head) - len(head.lstrip())
    if _is_organ(name):
        return Said(name, TITLE, *title.in_whole(lead, lead + len(name)))
    name = normalize(issuer or "").strip()
    return Said(name) if _is_organ(name) else None


def _is_organ(name: str) -> bool:
    short = len(name) <= _NAME_LETTERS and not re.search(r"[，。；、！？《》\n]", name)
    return short and bool(_ORGAN.search(name))


def _chain(hits: Sequence[BodyMention], segment: str) -> list[BodyMention]:
    """The bodies a sentence begins with: 国家发展改革委副主任…出席国务院… begins with one."""
    chain: list[BodyMention] = []
    reached = 0
    for hit in hits:
        if not _JOINS.match(segment[reached : hit.start]):
            break
        chain.append(hit)
        reached = hit.end
    return chain


def _together(title: Title) -> Spanned[int] | None:
    """How many bodies a title says issue the paper (等十二部门), and where in `Title.whole`.

    Behind 关于 others are counted (关于表彰…等五单位的决定), but for those whose paper is passed on.
    """
    outer = title.outer
    match = _OTHERS.search(outer) or _COUNT_ONLY.search(outer)
    if match is None:
        return None
    before = outer[: match.start()]
    if "关于" in before and "转发" not in before:
        return None
    return Spanned(cn_number(match["n"]), *title.in_whole(*match.span()))


def _by_number(doc_number: str | None) -> tuple[Said[str], ...]:
    number = doc_number or ""
    fits = [
        (len(prefix), body.code)
        for body in BODIES.values()
        for prefix in body.numbers
        if number.startswith(prefix)
    ]
    return (Said(max(fits)[1], NUMBER),) if fits else ()


_OPENING = 600
_DO_IT = re.compile(
    rf"(?:办公厅|办公室|综合司)?\s*(?:等\s*{_COUNT}(?:部门|部委|单位))?"
    r"(?:近日|日前|今日|今天|于)?[^，。；：《\n]{0,10}?(?:联合|印发|发布|公布|出台|下发|制定)"
)


def _opening(text: str, leader: str | None, find: _Find) -> tuple[Said[str], ...]:
    """The bodies that a text's opening says act together, with the leader (None: whoever it is):
    甲部、乙部等五部门近日联合印发.
    """
    head = text[:_OPENING]
    for row in _rows(find(head), head):
        led = leader is None or leader in {member.code for member in row}
        if len(row) > 1 and led and _DO_IT.match(head, row[-1].end):
            return tuple(Said(member.code, TEXT, member.start, member.end) for member in row)
    return ()


def _rows(hits: Sequence[BodyMention], text: str) -> Iterator[list[BodyMention]]:
    """Bodies that stand in a row, with nothing but 、 and its like between them."""
    row: list[BodyMention] = []
    for hit in hits:
        if row and not _JOINS.match(text[row[-1].end : hit.start]):
            yield row
            row = []
        row.append(hit)
    if row:
        yield row


_SIGNATURE_LINES = 12
_SIGNATURE_TEXT = 2000
_DATE_LINE = re.compile(r"\d{4}\s*年|[二〇○零一二三四五六七八九]{4}年")
_OFFICES = re.compile(r"[\s、]|办公厅|办公室|综合司|秘书局")
_COPIED_TO = re.compile(r"\s*(?:抄\s*送|抄\s*报|主\s*送|分\s*送|印\s*送)")


def signature(text: str) -> tuple[str, ...]:
    """Codes of the bodies that sign a paper: see `_signers`."""
    return tuple(signer.value for signer in _signers(text, find_bodies))


def _signers(text: str, find: _Find) -> tuple[Said[str], ...]:
    """The bodies that sign a paper: in the block above its date, each on a line or several on one,
    also when the text it issues follows; else in lines at the end that hold nothing but names.
    Those that a copy goes to (抄送) stand below and sign nothing.
    """
    lines = text.split("\n")
    found: list[Said[str]] = []
    if signed := read_signature(lines):
        for name, at in zip(signed.bodies, signed.lines, strict=True):
            before = sum(map(len, lines[:at])) + at
            hits = find(name)
            if hits and hits[0].start == 0:
                found += (_on_line(hit, lines[at], before) for hit in _chain(hits, name))
    if found:
        return _once(found)
    begins = max(len(text) - _SIGNATURE_TEXT, 0)
    tail = text[begins:].rstrip().split("\n")
    for at, raw in enumerate(tail):
        if _COPIED_TO.match(raw):
            break
        if at >= len(tail) - _SIGNATURE_LINES:
            line = _DATE_LINE.split(normalize(raw))[0].strip()
            hits = find(line)
            rest = line
            for hit in reversed(hits):
                rest = rest[: hit.start] + rest[hit.end :]
            if hits and len(_OFFICES.sub("", rest)) <= 2:
                found += (_on_line(hit, raw, begins) for hit in hits)
        begins += len(raw) + 1
    return _once(found)


def _on_line(hit: BodyMention, line: str, begins: int) -> Said[str]:
    """A body found in a line that was folded; the line begins at `begins` of the text."""
    start = line.find(hit.term)
    end = start + len(hit.term)
    if start < 0:  # 财　政　部
        clean = "".join(normalize(line).split())
        start = clean.index(hit.term.replace(" ", ""))
        start, end = Folded(line, clean).span(start, start + len(hit.term.replace(" ", "")))
    return Said(hit.code, TEXT, begins + start, begins + end)
