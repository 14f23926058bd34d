"""Values a page gives beside their labels: `<meta>` tags, metadata tables, the line under a title."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bs4 import Tag

from watcher.extract.markup import attr
from watcher.extract.paper.paragraphs import CELLS

Values = Mapping[str, str]

# ---------------------------------------------------------------- <meta>


def metas_of(soup: Tag) -> dict[str, str]:
    """The page's `<meta>` values by lower-case name; the first that is not empty counts.

    Names follow 《政府网站发展指引》 (国办发〔2017〕47号): ArticleTitle, PubDate, ContentSource; gov.cn has
    its own (firstpublishedtime).
    """
    found: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        name = (attr(meta, "name") or attr(meta, "property")).lower()
        value = attr(meta, "content").strip()
        if name and value:
            found.setdefault(name, value)
    return found


def first(values: Values, names: Iterable[str]) -> str:
    """The first of the named values that is there, else ""."""
    return next((values[name] for name in names if values.get(name)), "")


# ---------------------------------------------------------------- labels

_LABELS = {
    "title": "标题 名称 信息名称 文件名称 公文名称 文件标题 信息标题",
    "issuer": "发文机关 制定机关 发文单位 公布机关 制发机关 发文机构 印发机关 成文机关",
    "publisher": "发布机构 发布机关 发布单位 公开机构 公开单位 公开责任部门 信息发布单位 发布部门",
    "signed": "成文日期 生成日期 发文日期 印发日期 成文时间 制发日期 签发日期 公文日期 签署日期 发文时间 印发时间 生成时间",
    "number": "发文字号 发布文号 发文文号 文号 公文文号 文件编号 公文字号 文件号 文件字号 发文号",
    "published": "发布日期 发布时间 发表时间 公开日期 公开时间 发稿时间 公布日期 上网日期 发布于 上传时间 信息公开日期",
    "source": "来源 信息来源 文章来源 稿件来源 供稿单位 信息提供",
    # only tell that a table speaks of the paper
    "catalogue": "索引号 主题分类 主题词 体裁分类 组配分类 信息分类 分类 公文种类 统一编号 文件状态 有效性 效力状态 实施日期"
    " 失效日期 生效日期 废止日期 施行日期 信息类别 关键词",
}
_KINDS = {label: kind for kind, names in _LABELS.items() for label in names.split()}
_BLANKS = r"[ \u3000]*"
_LONGEST_FIRST = sorted(_KINDS, key=len, reverse=True)
_ANY = "|".join(_BLANKS.join(label) for label in _LONGEST_FIRST)
_LONG = "|".join(label for label in _LONGEST_FIRST if len(label) > 3)  # no words of a value
_PAIR = re.compile(
    rf"(?:^|[\s|｜【\[])(?P<label>{_ANY})"
    rf"(?P<mark>{_BLANKS}[】\]]?{_BLANKS}[:：]|[】\]]|\t|$)?{_BLANKS}\t?(?P<value>[^\t]*)"
)
# What ends a value on one line with others; some follow without a blank (yuexiu).
_LATER = re.compile(
    rf"\s(?:{_ANY}|浏览[次数量]{{0,2}}|阅读[次数量]{{0,2}}|点击[次数量数]{{0,2}}|访问[次数量]{{0,2}}|类型|作者|责任编辑|编辑)\s*[:：]"
    rf"|(?:{_LONG})\s*[:：]"
    r"|\s*(?:字体|字号|分享到?|打印|收藏|视力保护色|【\s*字|类型\s*[:：])|\s[【\[]"
)
_NEXT_LABEL = re.compile(r"\s*[【\[]?[\u4e00-\u9fff\s]{2,8}[:：】]")
_NEVER = re.compile(r"(?!)")
# Without a colon (mee: a label's own box, then the value) the value must look like one.
_BARE = {
    "issuer": re.compile(
        r"[\u4e00-\u9fff\s、]{2,40}(?:部|委|委员会|局|厅|办公室|办公厅|院|政府|署|会|司|行)$"
    ),
    "signed": re.compile(r"20\d\d|19\d\d|二"),
    "published": re.compile(r"20\d\d|19\d\d|二"),
    "number": re.compile(r"[\u4e00-\u9fff]{1,20}[〔\[【（(]\s*(?:19|20)\d\d"),
    "title": re.compile(r"(?=.*(?:关于|《|通知|公告|办法|意见|规定|函)).{6,}"),
}
_BARE["publisher"] = _BARE["issuer"]
_EMPTY = frozenset(("", "无", "-", "--", "—", "/", "暂无", "null", "无文号", "0"))
_LONGEST_VALUE = 80
_LONGEST_LINE = 1000  # a line beyond this is text
_AROUND = 2  # lines before the first and after the last row of a metadata table that belong to it


@dataclass(frozen=True, slots=True)
class Labelled:
    table: Values
    """From a table of metadata: it tells at least two things that only such tables tell."""
    line: Values
    """From elsewhere on the page, such as the line under the title; of several the last, which is
    nearest to the text below."""


@dataclass(frozen=True, slots=True)
class _Pair:
    at: int
    kind: str
    value: str


def labelled(lines: Sequence[str]) -> Labelled:
    """The values of known labels in `lines` (cells apart by tabs): issuer, signed, number, …

    Labels may be spread with blanks (索 引 号) or stand in 【】 (mofcom); the value follows the colon,
    in the next cell, or on the next line. A label without a value gives nothing.
    """
    pairs = [pair for at in range(len(lines)) for pair in _pairs(lines, at)]
    rows = [pair.at for pair in pairs if pair.kind not in ("published", "source")]
    kinds = {pair.kind for pair in pairs} - {"published", "source"}
    table: dict[str, str] = {}
    line: dict[str, str] = {}
    inside = range(0)
    if len(kinds) > 1 or len(rows) > 1:
        inside = range(min(rows) - _AROUND, max(rows) + _AROUND + 1)
    for pair in pairs:
        if pair.value in _EMPTY:
            continue
        if pair.at in inside:
            table.setdefault(pair.kind, pair.value)
        else:
            line[pair.kind] = pair.value
    return Labelled(table, line)


def _pairs(lines: Sequence[str], at: int) -> Iterator[_Pair]:
    line = lines[at] if len(lines[at]) <= _LONGEST_LINE else ""
    rest = line
    while match := _PAIR.search(rest):
        later = _LATER.search(match["value"])
        end = match.start("value") + later.start() if later else match.end()
        kind = _KINDS["".join(match["label"].split())]
        value = rest[match.start("value") : end].strip(" \t|【】[]")
        rest = rest[max(end, match.end("label")) :]
        if match["mark"] is None and not _BARE.get(kind, _NEVER).match(value):
            continue
        if not value and CELLS not in line and at + 1 < len(lines):
            following = lines[at + 1].strip()
            value = "" if _NEXT_LABEL.match(following) or len(following) > 60 else following
        if len(value) <= (_LONGEST_LINE if kind == "title" else _LONGEST_VALUE):
            yield _Pair(at, kind, value)
