"""Invented rows in layouts of every make, beyond the templates of `shapes`, for the finder that has no rule.

Every title, address and date is made up.
"""

from tests.extract.shapes import Shape, page

HOST = "https://www.demo.gov.cn"
HERE = f"{HOST}/zwgk/tzgg"

BAMBOO = "关于加强竹材流通监管的通知"
RATTAN = "关于印发《藤材分级办法》的通知"
MOSS = "苔藓资源调查工作规程（试行）"


def rows(*told: str) -> tuple[str, ...]:
    """Rows `title | file | published | deadline`, the file relative to the list's folder."""
    parts = (one.split(" | ") for one in told)
    return tuple(
        " | ".join((title, link if "//" in link else f"{HERE}/{link}", day, until))
        for title, link, day, until in parts
    )


THREE = rows(
    f"{BAMBOO} | c_1003.html | 2026-09-08 | -",
    f"{RATTAN} | c_1002.html | 2026-09-07 | -",
    f"{MOSS} | c_1001.html | 2026-09-06 | -",
)
TITLES = ((BAMBOO, "c_1003.html", "08"), (RATTAN, "c_1002.html", "07"), (MOSS, "c_1001.html", "06"))


def each(form: str, joint: str = "\n") -> str:
    """`form` once per paper of THREE, with {t}, {u} and {d} (day of September 2026) filled in."""
    return joint.join(
        form.replace("{t}", t).replace("{u}", u).replace("{d}", d) for t, u, d in TITLES
    )


LAYOUTS: dict[str, Shape] = {
    "a table with a row of headings that are links": Shape(
        html=page(
            "<table><tr><th>序号</th><th><a href='?sort=title'>名称及其排列方式</a></th><th><a href='?sort=date'>发布日期先后</a></th></tr>"
            + each("<tr><td>1</td><td><a href='{u}'>{t}</a></td><td>2026-09-{d}</td></tr>")
            + "</table>"
        ),
        rows=THREE,
    ),
    "a table of two dates: written on, published on": Shape(
        html=page(
            "<table><tr><th>索引号</th><th>名称</th><th>成文日期</th><th>发布日期</th></tr>"
            + each(
                "<tr><td>000014349/2026-00{d}</td><td><a href='{u}'>{t}</a></td><td>2026-08-30</td><td>2026-09-{d}</td></tr>"
            )
            + "</table>"
        ),
        rows=THREE,
    ),
    "two labelled dates in a row": Shape(
        html=page(
            each(
                "<div class='item'><a href='{u}'>{t}</a><p>成文日期：2026-08-30　发布日期：2026-09-{d}　施行日期：2026-12-01</p></div>"
            )
        ),
        rows=THREE,
    ),
    "a definition list per paper, its source and date below": Shape(
        html=page(
            each(
                "<dl><dt><a href='{u}'>{t}</a></dt><dd>来源：竹藤司</dd><dd>时间：2026年9月{d}日</dd></dl>"
            )
        ),
        rows=THREE,
    ),
    "boxes with a summary that tells of other days": Shape(
        html=page(
            each(
                "<div class='card'><div class='tit'><a href='{u}'>{t}</a></div>"
                "<div class='txt'>2025年6月11日，全国竹藤工作会议在某市召开。会议自2025年6月12日起进行两天，审议了有关文件，现将其印发。</div>"
                "<div class='info'><span>竹藤司</span><span>2026-09-{d}</span></div></div>"
            )
        ),
        rows=THREE,
    ),
    "the whole card is a link with heading, summary and date": Shape(
        html=page(
            each(
                "<a class='card' href='{u}'><h4>{t}</h4><p>为进一步规范竹藤流通秩序，现将有关要求通知如下，请各地认真组织实施。</p><span class='day'>2026-09-{d}</span></a>"
            )
        ),
        rows=THREE,
    ),
    "days without a year, the year in the address": Shape(
        html=page(
            "<ul>"
            + each("<li><a href='202609/t202609{d}_7.html'>{t}</a><span>09-{d}</span></li>")
            + "</ul>"
        ),
        rows=tuple(
            f"{t} | {HERE}/202609/t202609{d}_7.html | 2026-09-{d} | -" for t, _, d in TITLES
        ),
    ),
    "days without a year anywhere": Shape(
        html=page("<ul>" + each("<li><a href='{u}'>{t}</a><span>09-{d}</span></li>") + "</ul>"),
        rows=tuple(f"{t} | {HERE}/{u} | - | -" for t, u, _ in TITLES),
    ),
    "a department's link before each paper": Shape(
        html=page(
            "<ul>"
            + each(
                "<li>[<a href='/jgsj/ztcyfzs/'>竹藤产业发展司</a>] <a href='{u}'>{t}</a><span>2026-09-{d}</span></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "a department's link after each paper": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='{u}'>{t}</a><a href='/jgsj/ztcyfzyghs/index.html'>竹藤产业发展与规划科技司</a><i>2026-09-{d}</i></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "pictures that lead to the paper too": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='{u}'><img src='/p/{d}.jpg' alt='图'></a><div><a href='{u}'>{t}</a><em>2026-09-{d}</em></div></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "day in one box, month in another, before the title": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><div class='d'><strong>{d}</strong><em>2026.09</em></div><a href='{u}'>{t}</a></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "month and day in one box, year in another": Shape(
        html=page(
            "<ul>"
            + each("<li><a href='{u}'>{t}</a><p class='d'><b>09-{d}</b><span>2026</span></p></li>")
            + "</ul>"
        ),
        rows=THREE,
    ),
    "year, month and day in boxes of their own": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><div><i>{d}</i><i>9月</i><i>2026年</i></div><h5><a href='{u}'>{t}</a></h5></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "a pinned row and one with a NEW icon": Shape(
        html=page(
            f"<ul><li><a href='c_1003.html'><i class='zd'>置顶</i>{BAMBOO}</a><span>2026-09-08</span></li>"
            f"<li><span class='top'>置顶</span><a href='c_1002.html'>{RATTAN}<sup>NEW</sup></a><span>2026-09-07</span></li>"
            f"<li><a href='c_1001.html'>{MOSS}<img src='/new.gif' alt='new'></a><span>2026-09-06</span></li></ul>"
        ),
        rows=THREE,
    ),
    "interpretations listed inside the rows": Shape(
        html=page(
            "<ul class='z'>"
            + each(
                "<li><a href='{u}'>{t}</a><span>2026-09-{d}</span><ul class='jd'>"
                + "".join(
                    f"<li><a href='/jd/{{d}}{n}.html'>专家解读之{n}：竹藤流通监管的意义与路径</a></li>"
                    for n in range(1, 6)
                )
                + "</ul></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "rows that end with a line break": Shape(
        html=page("<td>" + each("<a href='{u}'>{t}</a>&nbsp;&nbsp;[2026-09-{d}]<br>") + "</td>"),
        rows=THREE,
    ),
    "rows that a rule parts": Shape(
        html=page(
            "<div>" + each("<span>2026-09-{d}</span><a href='{u}'>{t}</a>", "<hr>") + "</div>"
        ),
        rows=THREE,
    ),
    "paragraphs with the date first": Shape(
        html=page(each("<p>2026/09/{d} <a href='{u}'>{t}</a></p>")), rows=THREE
    ),
    "a separator after every other row": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='{u}'>{t}</a><span>2026-09-{d}</span></li>",
                "<li class='line'></li>",
            )
            + "<li class='line'>&nbsp;</li></ul>"
        ),
        rows=THREE,
    ),
    "a script call whose function the page holds": Shape(
        html=page(
            "<ul>"
            + each("<li><a href='#' onclick=\"jump('{d}7')\">{t}</a><span>2026-09-{d}</span></li>")
            + "</ul><script>var a = 1; function jump(id) { window.location.href = '/zwgk/detail.html?id=' + id; }</script>"
        ),
        rows=tuple(
            f"{t} | {HOST}/zwgk/detail.html?id={d}7 | 2026-09-{d} | -" for t, _, d in TITLES
        ),
    ),
    "no address but in a data attribute": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='javascript:void(0)' data-url='{u}'>{t}</a><span>2026-09-{d}</span></li>"
            )
            + "</ul>"
        ),
        rows=THREE,
    ),
    "each row twice, whole and cut": Shape(
        html=page(
            f"<ul><li><a class='pc' href='c_1003.html'>{BAMBOO}</a><a class='wap' href='c_1003.html'>{BAMBOO[:8]}...</a><span>2026-09-08</span></li>"
            f"<li><a class='wap' href='c_1002.html'>{RATTAN[:8]}...</a><a class='pc' href='c_1002.html'>{RATTAN}</a><span>2026-09-07</span></li></ul>"
        ),
        rows=THREE[:2],
    ),
    "a cut text with its column before it, the whole in the attribute": Shape(
        html=page(
            f"<ul><li><a href='c_1003.html' title='{BAMBOO}'>[竹藤司] {BAMBOO[:10]}…</a><span>2026-09-08</span></li>"
            f"<li><a href='c_1002.html' title='{RATTAN}&#10;发布时间：2026-09-07'>{RATTAN}</a><span>2026-09-07</span></li></ul>"
        ),
        rows=THREE[:2],
    ),
    "short titles": Shape(
        html=page(
            "<ul><li><a href='c_1.html'>竹法</a><span>2026-09-08</span></li><li><a href='c_2.html'>竹材条例</a><span>2026-09-07</span></li>"
            "<li><a href='c_3.html'>藤材法</a><span>2026-09-06</span></li><li><a href='c_4.html'>苔藓保护法</a><span>2026-09-05</span></li></ul>"
        ),
        rows=rows(
            "竹法 | c_1.html | 2026-09-08 | -",
            "竹材条例 | c_2.html | 2026-09-07 | -",
            "藤材法 | c_3.html | 2026-09-06 | -",
            "苔藓保护法 | c_4.html | 2026-09-05 | -",
        ),
    ),
    "English, with the months in words": Shape(
        html=page(
            "<ul><li><a href='c_1003.html'>Notice on the Supervision of Bamboo Trade</a><span>Sep 8, 2026</span></li>"
            "<li><a href='c_1002.html'>Measures for the Grading of Rattan</a><span>7 September 2026</span></li>"
            "<li><a href='c_1001.html'>Announcement No. 7 of 2026</a><span>Sept. 06, 2026</span></li></ul>"
        ),
        rows=rows(
            "Notice on the Supervision of Bamboo Trade | c_1003.html | 2026-09-08 | -",
            "Measures for the Grading of Rattan | c_1002.html | 2026-09-07 | -",
            "Announcement No. 7 of 2026 | c_1001.html | 2026-09-06 | -",
        ),
    ),
    "definitions as a feed has them": Shape(
        html=page(
            "<dl>"
            + each(
                "<dt><a href='{u}'>{t}</a></dt><dd>竹藤流通监管的要求。</dd><dd>Tue, {d} Sep 2026 08:00:00 +0800</dd>"
            )
            + "</dl>"
        ),
        rows=THREE,
    ),
    "until when, in a sentence of the row": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='{u}'>{t}</a><span>发布日期：2026-09-{d}</span><span>意见反馈截止时间：2026年10月{d}日</span></li>"
            )
            + "</ul>"
        ),
        rows=tuple(row[:-1] + f"2026-10-{row[-6:-4]}" for row in THREE),
    ),
    "a period of comment with the year once": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='{u}'>{t}</a><span>征集时间：2026-09-{d} 至 2026-10-{d}</span></li>"
            )
            + "</ul>"
        ),
        rows=tuple(row[:-1] + f"2026-10-{row[-6:-4]}" for row in THREE),
    ),
    "a row that is itself the link, to a script": Shape(
        html=page(
            "<ul>"
            + each("<li onclick=\"location.href='{u}'\"><p>{t}</p><span>2026-09-{d}</span></li>")
            + "</ul>"
        ),
        rows=THREE,
    ),
    "titles that begin with a year": Shape(
        html=page(
            "<ul><li><a href='c_1003.html'>2026年竹材标准</a><span>2026-09-08</span></li>"
            "<li><a href='c_1002.html'>3项藤材标准</a><span>2026-09-07</span></li></ul>"
        ),
        rows=rows(
            "2026年竹材标准 | c_1003.html | 2026-09-08 | -",
            "3项藤材标准 | c_1002.html | 2026-09-07 | -",
        ),
    ),
    "files of the paper in its row, with a day of their own": Shape(
        html=page(
            "<ul>"
            + each(
                "<li><a href='{u}'>{t}</a> <span>2026-09-{d}</span> <a href='P{d}.docx'>征求意见稿全文下载.docx</a> <span>截止日期：2026-10-{d}</span></li>"
            )
            + "</ul>"
        ),
        rows=tuple(row[:-1] + f"2026-10-{row[-6:-4]}" for row in THREE),
    ),
    "a title that is no link beside one that is": Shape(
        html=page(
            each(
                "<div class='i'><h4>{t}</h4><p>2026-09-{d}</p><a href='{u}'>查看详情&gt;&gt;</a></div>"
            )
        ),
        rows=THREE,
    ),
    "numbered rows, the number in the link": Shape(
        html=page(
            each(
                "<a class='r' href='{u}'><span>{d}</span><span>{t}</span><span>2026-09-{d}</span></a>"
            )
        ),
        rows=THREE,
    ),
    "the day as a heading above each paper": Shape(
        html=page(each("<h5>2026-09-{d}</h5><p><a href='{u}'>{t}</a></p>")), rows=THREE
    ),
    "the day in the link, before the title": Shape(
        html=page(each("<p><a href='{u}'>2026-09-{d} {t}</a></p>")), rows=THREE
    ),
}
