"""Papers to pages, in the structures of real site generations; pure but for the package's templates.

The structures follow what the generations have in common on saved pages: TRS WCM (static lists,
`.TRS_Editor`, the standard meta tags), sites of the 2000s (GBK named only in a meta tag, tables,
titles cut) and 大汉 jpaas (an HTML fragment inside a JSON answer).
"""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from watcher.demo.papers import Column, Paper, templates

JPAAS_PATH = "/api-gateway/jpaas-publish-server/front/page/build/unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class JpaasAnswer:
    """Where a jpaas column page has its rows from."""

    path: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def querydata(self) -> str:
        """As the column page writes it: JSON with single quotes."""
        return json.dumps(dict(self.parameters), ensure_ascii=False).replace('"', "'")

    @property
    def address(self) -> str:
        return f"{self.path}?{urlencode(self.parameters)}"


def jpaas_answer(column: Column) -> JpaasAnswer:
    return JpaasAnswer(
        path=JPAAS_PATH,
        parameters=(
            ("parseType", "bulidstatic"),  # misspelt like this on the real sites
            ("webId", "demo0001"),
            ("tplSetId", "demo0002"),
            ("pageType", "column"),
            ("tagId", "分页列表"),
            ("editType", "null"),
            ("pageId", column.id),
        ),
    )


def list_page(column: Column, papers: Sequence[Paper], visitors: int) -> str:
    """The column's list page; of jpaas, the page that only names the rows' address."""
    if column.site == "jpaas":
        return _render(
            "jpaas_column.html", column=column, answer=jpaas_answer(column), visitors=visitors
        )
    return _render(f"{column.site}_list.html", column=column, papers=papers, visitors=visitors)


def jpaas_rows(papers: Sequence[Paper]) -> str:
    """The JSON answer that holds the rows of a jpaas column."""
    fragment = _render("jpaas_list.html", papers=papers)
    answer = {"code": "200", "success": True, "data": {"html": fragment}}
    return json.dumps(answer, ensure_ascii=False)


def paper_page(paper: Paper, visitors: int) -> str:
    column = paper.column
    return _render(f"{column.site}_paper.html", column=column, paper=paper, visitors=visitors)


# ---------------------------------------------------------------- the brief

Block = tuple[str, list[str]]
_SECTION = re.compile(r"(Policy|Corporate) news")
_HEADING = re.compile(r"\d+\. ")
_LINK = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\) \(Link\)")


def brief_page(text: str, papers: Sequence[Paper], visitors: int) -> str:
    """An issue of the brief on the web; (Link) leads to a paper of `papers` where its title is known."""
    page = _render("brief.html", blocks=_blocks(text), visitors=visitors)
    return _LINK.sub(lambda match: _linked(match, papers), page)


def _linked(match: re.Match[str], papers: Sequence[Paper]) -> str:
    title = html.unescape(match[1])
    found = next((paper for paper in papers if title in paper.title), None)
    return match[0].replace("Link", f'<a href="{found.path}">Link</a>') if found else match[0]


def _blocks(text: str) -> list[Block]:
    """Lines to (tag, lines): headings, paragraphs, and bullets gathered into lists."""
    blocks: list[Block] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("•"):
            if not blocks or blocks[-1][0] != "list":
                blocks.append(("list", []))
            blocks[-1][1].append(line.removeprefix("•").strip())
        elif _SECTION.fullmatch(line):
            blocks.append(("h2", [line]))
        else:
            blocks.append(("h3" if _HEADING.match(line) else "p", [line]))
    return blocks


def _render(name: str, **values: object) -> str:
    return templates().get_template(name).render(**values).strip() + "\n"
