"""What a paper's page says about the paper: title, dates, number and issuer, as worded there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bs4 import Tag
from bs4.element import PageElement

from watcher.extract.markup import attr, clean_title, in_frame, inner_text, words
from watcher.text import find_date, letters, normalize, parse_date

Labels = Mapping[str, str]

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


def _first(metas: Labels, names: Iterable[str]) -> str:
    return next((metas[name] for name in names if metas.get(name)), "")


# ---------------------------------------------------------------- labelled values

_LABELS = {
    "issuer": "发文机关 发布机构 发布机关 发布单位 发文单位 制定机关 公布机关",
    "signed": "成文日期 生成日期 发文日期 印发日期 成文时间 制发日期 签发日期 公文日期",
    "number": "发文字号 发布文号 发文文号 文号 公文文号 文件编号",
    "published": "发布日期 发布时间 发表时间 公开日期 发稿时间 公布日期 上网日期",
    "source": "来源 信息来源 文章来源 稿件来源",
}
_SPACED = {
    label: (kind, re.compile(r"\s*".join(label)))
    for kind, names in _LABELS.items()
    for label in names.split()
}
_ANY = "|".join(sorted((r"\s*".join(label) for label in _SPACED), key=len, reverse=True))
_PAIR = re.compile(
    rf"(?:^|[\s|｜【\[])(?P<label>{_ANY})(?P<mark>[ \u3000]*[】\]]?[ \u3000]*[:：]|[】\]]|\t|$)?"
    r"[ \u3000]*\t?(?P<value>[^\t]*)"
)
_NEXT_LABEL = re.compile(r"\s*[【\[]?[\u4e00-\u9fff\s]{2,8}[:：】]")
_LATER = re.compile(rf"\s(?:{_ANY}|浏览|字体|字号|分享|打印|点击|类型|作者|责任编辑)\s*[:：]")
# Without a colon (mee: a label's own box, then the value) the value must look like one.
_NEVER = re.compile(r"(?!)")
_BARE = {
    "issuer": re.compile(
        r"[\u4e00-\u9fff\s、]{2,40}(?:部|委|委员会|局|厅|办公室|办公厅|院|政府|署|会|司|行)$"
    ),
    "signed": re.compile(r"20\d\d|19\d\d|二"),
    "published": re.compile(r"20\d\d|19\d\d|二"),
    "number": re.compile(r"[\u4e00-\u9fff]{1,20}[〔\[【（(]\s*(?:19|20)\d\d"),
}
_EMPTY_VALUES = frozenset(("", "无", "-", "--", "—", "/", "本网", "本站", "本网站", "null"))


def labelled(lines: Sequence[str]) -> dict[str, str]:
    """The values of known labels in `lines` (cells apart by tabs): issuer, signed, number, …

    Labels may be spread with blanks (索 引 号) or stand in 【】 (mofcom); the value follows the colon,
    in the next cell, or on the next line. A label without a value gives nothing.
    """
    found: dict[str, str] = {}
    for at, line in enumerate(lines):
        for match in _PAIR.finditer(line):
            kind = next(k for k, form in _SPACED.values() if form.fullmatch(match["label"]))
            value = match["value"].strip()
            if match["mark"] is None and not _BARE.get(kind, _NEVER).match(value):
                continue
            if not value and "\t" not in line and at + 1 < len(lines):
                following = lines[at + 1]
                value = "" if _NEXT_LABEL.match(following) or len(following) > 60 else following
            later = _LATER.search(value)
            value = (value[: later.start()] if later else value).strip(" \t|【】[]")
            if value not in _EMPTY_VALUES and (kind == "source" or len(value) <= 80):
                found.setdefault(kind, value)
    return found


# ---------------------------------------------------------------- title

_TITLE_BOXES = (
    "h1#con_title, ucaptitle, .art-title, .neiright_Title, .article-title h1, h1.article-title"
    ", .share-title, h1.title, .info_title, .content_title, .moe-detail-box h1, .newsTitle .title"
    ", .con-title, .h-title, .xxgk_title, .detail-title, .art_title, .bt_title"
)
_SUFFIX = re.compile(r"\s*(?:_+|[|｜]|--+|\s[-–—]\s).*$")
_SITE = re.compile(
    r"\s*[-–—]\s*[^-–—]{2,40}(?:网|网站|门户|政府|政府网|委员会|办公室|部|局|厅|官网|平台|中心)$"
)
_NOT_A_TITLE = re.compile(r"您访问的链接|当前所?在?的?位置|即将离开|网站导航|^首页|无障碍|^\s*$")


def title_of(soup: Tag, metas: Labels) -> str | None:
    """The paper's title: as the site's meta tag has it, else its heading, else `<title>` cut.

    A heading counts when `<title>` holds it, so that a dialog's or a site's own heading does not.
    """
    head = soup.find("title")
    whole = clean_title(inner_text(head)) if head is not None else ""
    meta = clean_title(_first(metas, ("articletitle", "article_title")))
    heads = [clean_title(inner_text(tag)) for tag in soup.select(_TITLE_BOXES)]
    heads += [clean_title(inner_text(tag)) for tag in soup.find_all(("h1", "h2", "h3"))]
    heads = [h for h in heads if len(h) >= 4 and not _NOT_A_TITLE.search(h)]
    if meta:
        # a meta title may hold blanks from a broken source line (mohurd); the heading has not
        same = (h for h in heads if letters(h) == letters(meta))
        return next((h for h in same if h.count(" ") < meta.count(" ")), meta)
    cut = _SITE.sub("", _SUFFIX.sub("", whole))
    held = [h for h in heads if letters(h) and letters(h) in letters(whole)]
    if held:
        exact = (h for h in held if letters(h) == letters(cut))
        return next(exact, None) or max(held, key=lambda h: len(letters(h)))
    if heads and len(letters(cut)) < 6:
        return heads[0]
    return cut or None


# ---------------------------------------------------------------- dates

_PUBLISHED_METAS = (
    "pubdate publishdate firstpublishedtime publish_time publishtime article:published_time"
    " og:release_date createdate"
)
_LONGEST_DATE_LINE = 80
_SHORT_DATE = 60  # characters of an element that is called a date
_NEAR_TITLE = 14  # lines below the title among which its date stands
_DATE_WORDS = frozenset(("time", "date", "pubtime", "pubdate", "publishtime", "shijian", "riqi"))


_OTHER_DATE = re.compile(r"成文|生成|发文|印发|实施|失效|施行|有效|截止|修订|更新")


def published_of(labels: Labels, metas: Labels) -> date | None:
    """When the site put the page up, as its table or its meta tags say."""
    metas_day = (parse_date(metas.get(name)) for name in _PUBLISHED_METAS.split())
    return parse_date(labels.get("published")) or next((d for d in metas_day if d), None)


def date_above(above: Sequence[str], title: str | None, mark: PageElement) -> date | None:
    """The date that stands above a paper's text: below its title, else in an element called so.

    `above` are the page's lines before the text, `mark` where the text was; dates after it are
    other papers'.
    """
    wanted = letters(title or "")
    start = next((i for i, line in enumerate(above) if wanted and wanted in letters(line)), None)
    if start is not None:
        for line in above[start + 1 : start + 1 + _NEAR_TITLE]:
            if _OTHER_DATE.search(line) or len(line) > _LONGEST_DATE_LINE:
                continue
            if day := parse_date(line):
                return day
    for tag in mark.find_all_previous(("span", "div", "p", "li", "td", "i", "em", "time")):
        if not isinstance(tag, Tag) or not words(tag) & _DATE_WORDS or in_frame(tag):
            continue
        if len(text := inner_text(tag)) <= _SHORT_DATE and (day := parse_date(text)):
            return day
    return None


_SIGNATURE = 40  # characters of the longest line that signs a paper


def signed_of(labels: Labels, lines: Sequence[str]) -> date | None:
    """The paper's own date: 成文日期 in a table, else the date line under the signature.

    A notice that issues a text has its signature before that text, so the first signed date line
    counts, not the last line.
    """
    if day := parse_date(labels.get("signed")):
        return day
    for at, line in enumerate(lines):
        if at == 0 or (day := whole_date(line)) is None:
            continue
        before = lines[at - 1]
        if len(before) <= _SIGNATURE and not re.search(r"[。；：:;，]$", before):
            return day
    return next((d for line in lines[-3:] if (d := whole_date(line))), None)


def whole_date(line: str) -> date | None:
    """The date that a line consists of, or None."""
    tight = "".join(normalize(line).split()).strip("（）()")
    found = find_date(tight)
    return found[0] if found and found[1] == 0 and found[2] == len(tight) else None


# ---------------------------------------------------------------- number

_YEAR = r"(?:19|20)\d\d"
_BRACKETED = rf"[\u4e00-\u9fff]{{1,24}}\s*[〔\[【（(﹝［]\s*{_YEAR}\s*[〕\]】）)﹞］]\s*第?\s*\d+(?:-\d+)?\s*号"
_ORDERED = (
    rf"[\u4e00-\u9fff\s、]{{0,60}}?(?:令|公告|通告|公示)\s*[（(〔]?\s*(?:{_YEAR}\s*年?)?\s*[）)〕]?\s*第\s*[\d〇零一二三四五六七八九十百]+\s*号"
    rf"|{_YEAR}\s*年\s*第\s*\d+\s*号(?:令|公告)?"
)
_NUMBER_LINE = re.compile(rf"[（(]?\s*(?:{_BRACKETED}|{_ORDERED})\s*[）)]?")
_IN_TITLE = re.compile(
    rf"[（(]({_BRACKETED}|{_YEAR}\s*年\s*第\s*\d+\s*号)[）)]\s*$|^([\u4e00-\u9fff]{{2,20}}公告\s*{_YEAR}年第\d+号)|({_YEAR}年第\d+号令)$"
)
_HEAD_LINES = 5


def number_of(labels: Labels, lines: Sequence[str], title: str | None) -> str | None:
    """The paper's own number: from the page's table, a line of its own at the head, or the title.

    A number inside a sentence names another paper and never counts.
    """
    if (value := labels.get("number")) and re.search(r"\d", value):
        return value
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if _NUMBER_LINE.fullmatch(line):
            joined = line.strip("（）() ") if line[0] in "（(" else line
            if at and re.match(r"^第", line) and re.search(r"(?:令|公告|通告)$", lines[at - 1]):
                return lines[at - 1] + joined
            return joined
        if (
            at
            and re.fullmatch(r"第\s*\S{1,8}\s*号", line)
            and re.search(r"(?:令|公告|通告)$", lines[at - 1])
        ):
            return lines[at - 1] + line
    hit = _IN_TITLE.search(title or "")
    return next((group for group in hit.groups() if group), None) if hit else None


# ---------------------------------------------------------------- issuer

_SITE_NAME = re.compile(r"(?:网|网站|日报|客户端|本网|本站)$")


def issuer_of(labels: Labels, metas: Labels) -> str | None:
    """The issuing body as the page words it, or None; a site or newspaper is no issuer."""
    candidates = [
        labels.get("issuer", ""),
        _first(metas, ("contentsource", "contensource")),  # mnr drops the t
        labels.get("source", ""),
    ]
    for candidate in candidates:
        value = re.sub(r"^(?:来源|信息来源)\s*[:：]\s*", "", " ".join(candidate.split()))
        if value not in _EMPTY_VALUES and not _SITE_NAME.search(value) and len(value) <= 60:
            return value
    return None
