"""Who issues a paper: read from the head of its title, its number, its metadata or its signature."""

import re

from watcher.extract.paper.signature import signature as read_signature
from watcher.facts.bodies import BODIES, BodyMention, find_bodies
from watcher.facts.title import read_title
from watcher.text import cn_number, normalize

_HEAD_ENDS = re.compile(
    r"关于|印发|转发|联合|公开|征求|(?<!新闻)发布(?!会)|公布|颁布|公告|通告|通知|令(?=[（(第\d\s]|$)"
)
_SEGMENT = re.compile(r"——|--|[|｜]|[！!。？?]")
_OTHERS = re.compile(r"等\s*(?P<n>[二两三四五六七八九十百\d]+)\s*(?:个)?(?:部门|部委|单位|部|家)")
_COUNT_ONLY = re.compile(r"^(?P<n>[二两三四五六七八九十百\d]+)\s*(?:个)?(?:部门|部委|单位)")
_PASSES_ON = re.compile(r"转发(?P<names>[^《》]{2,40}?)(?:等部门|等单位|关于|《)")
_JOINS = re.compile(r"[\s、,，和与及同]*(?:办公厅|办公室|综合司)?[\s、,，和与及同]*$")


def issuing_bodies(
    title: str,
    text: str = "",
    issuer: str | None = None,
    source_body: str | None = None,
    doc_number: str | None = None,
) -> tuple[str, ...]:
    """Return the codes of the bodies that issue a paper with a Chinese title, in the order named.

    Witnesses in order: the title's head, the bodies named in its number, `issuer` (the page's own
    metadata), the signature below `text`, the organ's letters of the number, and at last
    `source_body`. 等十二部门 names one of twelve: the signature may name the others, and "+N" stands
    for those that nobody names. A bare 三部门 adds "+N" to whoever the others name.
    """
    head = _head_bodies(title)
    if not head and _names_another(title):
        return ()
    named = (
        head
        or _codes(find_bodies(doc_number or ""))
        or _codes(find_bodies(issuer or ""))
        or signature(text)
        or _by_number(doc_number)
        or ((source_body,) if source_body else ())
    )
    if not named:
        return ()
    together = _together(title)
    if together > len(named) and (signers := signature(text)) and named[0] in signers:
        named = tuple(dict.fromkeys((*named, *signers)))[:together]
    rest = together - len(named)
    return (*named, f"+{rest}") if rest > 0 else named


def _head_bodies(title: str) -> tuple[str, ...]:
    parsed = read_title(title)
    mentions: list[BodyMention] = []
    for segment in _SEGMENT.split(parsed.outer):
        segment = segment.strip().removeprefix("访").removeprefix("解读").strip()
        end = _HEAD_ENDS.search(segment)
        head = segment[: end.start()] if end else ""
        if head and not re.search(r"[，；]", head):
            mentions += find_bodies(head)
        else:
            mentions += _chain(segment)
        if passed := _PASSES_ON.search(segment):
            mentions += find_bodies(passed["names"])
    return _codes(tuple(mentions))


_AGENCY = re.compile(
    r"(?:政府|办公厅|办公室|委员会|领导小组|联席会议|法院|检察院|协会|联合会|中心|[省市区县][^，\s]{0,12}[厅局委办])$"
)


def _names_another(title: str) -> bool:
    """Whether the title begins with a body without a code, such as a local government."""
    outer = read_title(title).outer
    end = _HEAD_ENDS.search(outer)
    return bool(end and any(_AGENCY.search(name) for name in outer[: end.start()].split()))


_ORGAN = re.compile(r"(?:[部厅局委办署院会行室]|政府|中心|总局|法院|集团)$")
_NAME_LETTERS = 30


def named_issuer(title: str, issuer: str | None = None) -> str | None:
    """The body that the title's head, or else the page's metadata, names; for those without a code."""
    outer = read_title(title).outer
    end = _HEAD_ENDS.search(outer)
    head = outer[: end.start()].strip() if end else ""
    for name in (head, normalize(issuer or "").strip()):
        if (
            len(name) <= _NAME_LETTERS
            and not re.search(r"[，。；、！？《》\n]", name)
            and _ORGAN.search(name)
        ):
            return name
    return None


def _chain(segment: str) -> list[BodyMention]:
    """The bodies a sentence begins with: 国家发展改革委副主任…出席国务院… begins with one."""
    chain: list[BodyMention] = []
    reached = 0
    for mention in find_bodies(segment):
        if not _JOINS.match(segment[reached : mention.start]):
            break
        chain.append(mention)
        reached = mention.end
    return chain


def _codes(mentions: tuple[BodyMention, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.code for mention in mentions))


def _together(title: str) -> int:
    """How many bodies a title says issue the paper (等十二部门), 0 when it does not say."""
    outer = read_title(title).outer
    match = _OTHERS.search(outer) or _COUNT_ONLY.search(outer)
    return cn_number(match["n"]) if match else 0


def _by_number(doc_number: str | None) -> tuple[str, ...]:
    number = doc_number or ""
    fits = [
        (len(prefix), body.code)
        for body in BODIES.values()
        for prefix in body.numbers
        if number.startswith(prefix)
    ]
    return (max(fits)[1],) if fits else ()


_SIGNATURE_LINES = 12
_DATE_LINE = re.compile(r"\d{4}\s*年|[二〇○零一三四五六七八九]{4}年")
_OFFICES = re.compile(r"[\s、]|办公厅|办公室|综合司|秘书局")


def signature(text: str) -> tuple[str, ...]:
    """Codes of the bodies that sign a paper: in the block above its date, each on a line or several
    on one, also when the text it issues follows; else in lines at the end that hold nothing but names.
    """
    signed = read_signature(text.split("\n"))
    codes = [_signer(name) for name in signed.bodies] if signed else []
    if found := tuple(dict.fromkeys(code for code in codes if code)):
        return found
    last: dict[str, None] = {}
    for line in normalize(text[-2000:]).split("\n")[-_SIGNATURE_LINES:]:
        line = _DATE_LINE.split(line)[0].strip()
        mentions = find_bodies(line)
        rest = line
        for mention in reversed(mentions):
            rest = rest[: mention.start] + rest[mention.end :]
        if mentions and len(_OFFICES.sub("", rest)) <= 2:
            last.update((mention.code, None) for mention in mentions)
    return tuple(last)


def _signer(name: str) -> str | None:
    """The code of the body whose name a signer's begins with: 教育部办公厅 is the ministry's."""
    return next((mention.code for mention in find_bodies(name) if mention.start == 0), None)
