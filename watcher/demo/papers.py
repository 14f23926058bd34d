"""The invented papers of the tour: package data and a date in, papers out; serves nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import jinja2
import yaml

DAY = timedelta(days=1)
REGULATION = "智能灯具数据管理办法"
"""The invented regulation whose draft, correction and final the tour shows."""
DRAFTED_BEFORE = 2 * DAY
"""The draft goes online some days after its date, as on real sites; a final of the same day would
be no final of it."""
COMMENT_PERIOD = 30 * DAY
EXTENSION = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One list of one invented ministry."""

    id: str
    """Also the id of the source that watches it."""
    ministry: str
    name: str
    path: str
    """Of the list page."""
    site: str
    """The site generation it plays: trs, gbk or jpaas."""

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


COLUMNS = (
    Column(
        id="lamp-drafts",
        ministry="灯具局",
        name="征求意见",
        path="/zwgk/zqyj/index.html",
        site="trs",
    ),
    Column(
        id="lamp-papers",
        ministry="灯具局",
        name="政策文件",
        path="/zwgk/zcwj/index.html",
        site="trs",
    ),
    Column(
        id="shadow-notices",
        ministry="影子部",
        name="通知公告",
        path="/ybzb/tzgg/index.htm",
        site="gbk",
    ),
    Column(
        id="sundial-notices",
        ministry="日晷总局",
        name="通知公告",
        path="/rgzj/tzgg/index.html",
        site="jpaas",
    ),
)
COLUMNS_BY_ID: Mapping[str, Column] = {column.id: column for column in COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One invented paper as its ministry shows it. `text` has one paragraph per line."""

    column: Column
    serial: int
    """Distinguishes the papers of one column; part of the address."""
    title: str
    published: date
    text: str

    @property
    def path(self) -> str:
        day, folder = self.published, self.column.folder
        match self.column.site:
            case "trs":
                return f"{folder}/{day:%Y%m}/t{day:%Y%m%d}_{self.serial}.html"
            case "gbk":
                return f"{folder}/{day:%Y}/{day:%Y%m%d}{self.serial}.htm"
            case _:
                return f"{folder}/art/{day:%Y}/art_{self.serial:032x}.html"


# ---------------------------------------------------------------- package data


def zh(day: date) -> str:
    """2026年11月22日"""
    return f"{day.year}年{day.month}月{day.day}日"


def md(day: date) -> str:
    """November 22"""
    return f"{day:%B} {day.day}"


def en(day: date) -> str:
    """November 22, 2026"""
    return f"{md(day)}, {day.year}"


def relative_to(path: str, page: str) -> str:
    """`path` as TRS writes it on the list page `page`: ./202611/t20261122_1.html."""
    return "./" + path.removeprefix(page.rpartition("/")[0] + "/")


def cut(title: str, width: int) -> str:
    """A title as narrow old lists print it; the whole one stands in the title attribute."""
    return title if len(title) <= width else title[:width] + "…"


@cache
def templates() -> jinja2.Environment:
    """The package's texts and pages; what goes into HTML is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("watcher.demo", "papers"),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html",), default=False),
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"zh": zh, "md": md, "en": en, "relative_to": relative_to, "cut": cut}
    return environment


def _text(name: str, today: date, **values: object) -> str:
    return templates().get_template(name).render(today=today, day=DAY, year=today.year, **values)


def _table(name: str, today: date) -> Any:
    return yaml.safe_load(_text(name, today))


def _months_later(day: date, months: int) -> date:
    """The first of the month that many months after `day`'s: regulations take effect on firsts."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


# ---------------------------------------------------------------- papers


def baseline(today: date) -> tuple[Paper, ...]:
    """What every column had published before the demo began, newest first in each."""
    papers = []
    for id_, rows in _table("columns.yaml", today).items():
        for serial, row in enumerate(reversed(rows), start=1001):
            papers.append(_paper(COLUMNS_BY_ID[id_], serial, row, today))
    return tuple(sorted(papers, key=lambda paper: paper.published, reverse=True))


def _paper(column: Column, serial: int, row: Mapping[str, Any], today: date) -> Paper:
    published = today - row.get("ago", 0) * DAY
    lines = [row["number"]] if "number" in row else []
    named = re.search(r"《(.+?)》", row["title"])
    if "due" in row:
        lines += [
            f"{column.ministry}起草了{named[0] if named else '有关文件'}，现向社会公开征求意见。",
            row["text"],
            f"意见反馈截止时间为{zh(today + row['due'] * DAY)}。",
        ]
    elif named:
        lines += [f"现将{named[0]}予以公布，请结合实际认真贯彻执行。", row["text"]]
    else:
        lines += ["各有关单位：", row["text"]]
    lines += [column.ministry, zh(published)]
    return Paper(
        column=column,
        serial=serial,
        title=row["title"],
        published=published,
        text="\n".join(lines),
    )


def deadline(today: date, *, corrected: bool) -> date:
    """Until when the draft may be commented on."""
    return today + COMMENT_PERIOD + (EXTENSION if corrected else 0 * DAY)


def draft_text(today: date, *, corrected: bool) -> str:
    """The articles of the draft, one paragraph per line."""
    return _text(
        "draft.txt", today, corrected=corrected, drafted_force_on=_months_later(today, 3)
    ).strip()


def final_text(today: date) -> str:
    """The articles of the final, one paragraph per line."""
    return _text("final.txt", today, force_on=_months_later(today, 5)).strip()


def draft(today: date, *, corrected: bool = False) -> Paper:
    """The call for comments with the draft below it; `corrected` is its second wording."""
    notice = _text(
        "draft_notice.txt",
        today,
        corrected=corrected,
        deadline=deadline(today, corrected=corrected),
        signed=today - DRAFTED_BEFORE,
    ).strip()
    return Paper(
        column=COLUMNS_BY_ID["lamp-drafts"],
        serial=1101,
        title=f"灯具局关于公开征求《{REGULATION}（征求意见稿）》意见的通知",
        published=today - DRAFTED_BEFORE,
        text=f"{notice}\n{draft_text(today, corrected=corrected)}",
    )


def final(today: date) -> Paper:
    """The notice that issues the regulation, with its number and text."""
    number = f"灯规〔{today.year}〕7号"
    notice = _text("final_notice.txt", today, number=number).strip()
    return Paper(
        column=COLUMNS_BY_ID["lamp-papers"],
        serial=1101,
        title=f"灯具局关于印发《{REGULATION}》的通知",
        published=today,
        text=f"{notice}\n{final_text(today)}",
    )


def noise(today: date) -> Paper:
    """A notice outside every sector."""
    row = _table("noise.yaml", today)
    return _paper(COLUMNS_BY_ID["sundial-notices"], 1101, row, today)


def brief(today: date, *, issue: int) -> str:
    """The text of the analysts' brief: issue 0 before the demo, issue 1 during it."""
    return _text(("brief_before.txt", "brief_after.txt")[issue], today).strip()
