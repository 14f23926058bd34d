"""Whether a notice is only a cover letter, and which of its attachments is the paper. Pure.

Most ministries put a draft or a new regulation into a file, and a page before it that only asks for
comments or says that it was issued. When in doubt the page itself is the paper.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.model import AttachmentText
from watcher.text import letters, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class MainText:
    text: str
    """The paper's text, one paragraph per line."""
    attachments: tuple[int, ...] = ()
    """Which files it was taken from, in order; none when the page is the paper."""


def main_text(title: str, page_text: str, files: Sequence[tuple[str, AttachmentText]]) -> MainText:
    """The text of the paper that a notice is about.

    It is that of an attachment when the notice is short and only announces, forwards or asks for
    comments, and the paper it names stands in a file that was read. Several drafts of one notice are
    joined under their names. Forms, explanations and lists of names are no papers, unless the notice
    is about one.
    """
    if not _may_cover(title, page_text):
        return MainText(text=page_text)
    names = _names(title, page_text)
    several = len(names) > 1 or bool(_SEVERAL.search(title))
    papers = [
        paper
        for at, (name, content) in enumerate(files)
        if (paper := _paper(at, name, content, names, several)) is not None
    ]
    if not several and any(paper.exact for paper in papers):
        papers = [paper for paper in papers if paper.exact]
    chosen = sorted(_without_copies(papers), key=lambda paper: paper.at)
    size = sum(len(paper.letters) for paper in chosen)
    if not chosen or size < min(_LEAST, len(letters(page_text)) / 2):
        return MainText(text=page_text)
    return MainText(text="\n".join(_told(chosen)), attachments=tuple(p.at for p in chosen))


_LEAST = 200  # letters from which a file is long enough to be the paper of any letter


def _told(papers: Sequence["_Paper"]) -> Iterator[str]:
    for paper in papers:
        head = letters("".join(paper.text.split("\n")[:3]))
        if len(papers) > 1 and letters(paper.title) not in head:
            yield paper.title
        yield paper.text


# ---------------------------------------------------------------- the letter

_LONGEST = 1500  # letters of a letter; longer pages say something themselves
_QUOTED = 2  # articles that a letter may quote
_ARTICLE = re.compile(r"^\s*第[一二三四五六七八九十百零〇\d]{1,6}条", re.M)
_ABOUT_ANOTHER = re.compile(
    r"解读|答记者问|问答|图解|一图读懂|(?:采纳|反馈|征求意见的?|处理)情况|意见汇总"
)


def _may_cover(title: str, page_text: str) -> bool:
    if _ABOUT_ANOTHER.search(_BOOK.sub("", title)):
        return False
    return len(letters(page_text)) <= _LONGEST and len(_ARTICLE.findall(page_text)) <= _QUOTED


# ---------------------------------------------------------------- what it is about

_BOOK = re.compile(r"《((?:[^《》]|《[^《》]{0,100}》){2,200})》")
_SEVERAL = re.compile(r"等[\d一二两三四五六七八九十]{1,4}(?:[项个部份类]|份)|系列")
_ISSUED = re.compile(
    r"(?:印发|发布|公布|颁布|颁发|下发|转发)(?P<name>[^《》]{4,100}?)(?:的(?:通知|公告|通告|决定|函|命令))?$"
)
_ASKED = (
    re.compile(
        r"(?:征求|征集|征询)(?:对|关于|社会各界对)?(?P<name>[^《》]{4,100}?)的?(?:修改)?意见"
    ),
    re.compile(r"(?:关于|就)(?P<name>[^《》]{4,100}?)(?:公开|再次|面?向社会)*(?:征求|征集|征询)"),
)
_ASKS = re.compile(r"征求|征集|征询")
_DRAFT = r"公开征求意见稿|征求意见稿|意见稿|征集意见稿|修[订正]草案|草案|送审稿|报批稿|讨论稿|修[订改]稿|审议稿"
_IS_DRAFT = re.compile(_DRAFT)
_BRACKETS = re.compile(r"[（(【\[〔][^（）()【】\[\]〔〕]{0,60}[)）】\]〕]")
_MARKS = re.compile(rf"{_DRAFT}|全文|正文|文本|最终|第[一二三四]次|再次|二次")
_BEHIND = 8  # characters behind 》 in which a draft may be called one: 《…》标准征求意见稿
_NAME = 4  # letters of the shortest name that can be looked for


def _names(title: str, page_text: str) -> list[str]:
    """The cores of the names of the papers that a notice is about."""
    found = _BOOK.findall(title)
    if not found:
        bare = one_line(title)
        hits = [hit for pattern in (*_ASKED, _ISSUED) if (hit := pattern.search(bare))]
        if hits:
            found = [hits[0]["name"]]
        elif bare and not _ASKS.search(bare):
            found = [bare]
        else:  # 关于公开征求意见的通知
            found = [
                book[1]
                for book in _BOOK.finditer(page_text)
                if _IS_DRAFT.search(book[1] + page_text[book.end() : book.end() + _BEHIND])
            ]
    cores = (_core(name) for name in found)
    return list(dict.fromkeys(core for core in cores if len(core) >= _NAME))


def _core(name: str) -> str:
    """A name without what tells its editions apart: brackets and marks of a draft."""
    bare = _BRACKETS.sub("", _BRACKETS.sub("", name))
    return letters(_MARKS.sub("", bare)) or letters(name)


# ---------------------------------------------------------------- the files

_RANKS = {"docx": 0, "doc": 1, "wps": 1, "ofd": 2, "pdf": 3, "xls": 4, "xlsx": 4}
"""Which copy of a paper is read best."""
_SUFFIX = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|rtf|html?)$", re.I)
_ANNEX = re.compile(
    r"^[\s《]*附\s*[件录表]?\s*(?:[\d一二三四五六七八九十]{1,3})?\s*[-－.．:：、\s]*"
)
_ORDER = re.compile(r"^\s*[(（]?\d{1,2}[)）.．、\s]+")
_ASIDE = re.compile(
    r"(?:反馈|意见|回复|征询|建议)[意见]*表|回执|汇总表|登记表|申[请报]表|报名表|推荐表|统计表|信息表|承诺书|委托书|模板|格式"
    r"|(?:起草|编制|修订|制定|制修订|修改|编写|的|有关|情况)说明|说明$|解读|对照|对比|比对|问答|图解|背景|论证|评估报告|采纳"
    r"|(?:单位|人员|专家|企业|机构|起草人|联系人)[^，。]{0,6}(?:名单|一览|列表|目录)|名单$|联系方式|通讯录|英文|译[文本稿]|english",
    re.I,
)
"""Words for what comes with a paper: forms, explanations, lists of names, translations."""
_SECTION = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零〇\d]{1,6}[编章节条]|[一二三四五六七八九十]{1,3}、|目\s*[录次]|[前引]\s*言)"
)
_HEAD = 8  # lines among which a paper's own title stands
_TITLE = 160  # letters of the longest head


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    at: int
    title: str
    exact: bool
    """It is called as the notice says, and no more."""
    kind: str
    text: str
    letters: str


def _paper(
    at: int, name: str, content: AttachmentText, names: Sequence[str], several: bool
) -> _Paper | None:
    """The file as the paper, or one of the papers, that the notice is about; None when it is not."""
    if content.quality != "ok" or content.kind not in _RANKS:
        return None
    title = _title_of(name)
    head = _head_of(content.text)
    if _is_aside(title, names) or _is_aside(head, names):
        return None
    draft = bool(_IS_DRAFT.search(title) or _IS_DRAFT.search(head))
    if not (_is_called(title, head, names) or (several and draft)):
        return None
    return _Paper(
        at=at,
        title=title,
        exact=_core(title) in names or _core(head) in names,
        kind=content.kind,
        text=content.text,
        letters=letters(content.text),
    )


def _title_of(name: str) -> str:
    """A file's name without 附件1：, number and extension, out of its marks 《》."""
    bare = _ORDER.sub("", _ANNEX.sub("", _SUFFIX.sub("", one_line(name))))
    book = _BOOK.fullmatch(bare)
    return book[1] if book else bare


def _head_of(text: str) -> str:
    """The lines above a paper's first sentence."""
    lines: list[str] = []
    for line in text.split("\n", _HEAD)[:_HEAD]:
        if line.endswith(("。", "；", "：")) or _SECTION.match(line):
            break
        if rest := _ANNEX.sub("", line):
            lines.append(rest)
        if sum(map(len, lines)) > _TITLE:
            break
    return "".join(lines)[:_TITLE]


def _is_aside(title: str, names: Sequence[str]) -> bool:
    """Whether a title says, beyond the names of the papers, that it is of something else."""
    rest = letters(title)
    for core in names:
        rest = rest.replace(core, "")
    return bool(_ASIDE.search(rest))


def _is_called(title: str, head: str, names: Sequence[str]) -> bool:
    own, first = _core(title), _core(head)
    for core in names:
        if core in own or core in first:
            return True
        if own in core and len(own) >= max(_NAME, 0.6 * len(core)):  # a shortened name
            return True
    return False


# ---------------------------------------------------------------- copies

_GRAM = 8
_SAMPLE = 20_000
_SHARED = 0.6  # of the shorter one's wording that two copies of one paper share
_LONGER = 1.3  # a copy so much longer is the whole one


def _without_copies(papers: Sequence[_Paper]) -> list[_Paper]:
    """Each paper once: the copy that is read best, or one that holds clearly more."""
    kept: list[_Paper] = []
    for paper in sorted(papers, key=lambda paper: _RANKS[paper.kind]):
        same = next((k for k, other in enumerate(kept) if _are_copies(paper, other)), None)
        if same is None:
            kept.append(paper)
        elif len(paper.letters) > _LONGER * len(kept[same].letters):
            kept[same] = paper
    return kept


def _are_copies(one: _Paper, other: _Paper) -> bool:
    first, second = _grams(one.letters), _grams(other.letters)
    return len(first & second) >= _SHARED * max(min(len(first), len(second)), 1)


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _GRAM] for at in range(min(len(text), _SAMPLE)))
