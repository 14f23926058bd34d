"""What happens in the tour, step by step, and how one knows that watcher saw it; runs nothing itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from watcher.demo import papers
from watcher.demo.ministries import Ministries
from watcher.demo.process import Row

GREETING = """\
watcher, an offline tour of about a minute. All of it is invented: the Bureau
of Lamps, the Ministry of Shadows, the General Administration of Sundials,
their papers and the brief. The watcher that reads them is the real one.
"""
BASELINE = """\
Four lists and a brief are read for the first time. What stands there now is
the baseline: known, but not news. One of the sites is written in GBK and cuts
its titles; all of them count their visitors, so no page is twice the same.
"""
NEXT = """\
What to do next
  watcher demo --keep FOLDER    the tour again, keeping its database to look at
  watcher check                 is sources.yaml right? names every fault
  watcher poll                  read all its sources once: sets the baseline
  watcher run                   watch for real, until Ctrl-C
README.md says the rest; deploy/README.md how to keep it running.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens at the ministries, and how one knows that watcher saw it."""

    heading: str
    said: str
    act: Callable[[], object]
    seen: Callable[[Row], bool]
    """Whether this row of `watcher items` is what the step leads to."""
    named: tuple[str, ...] = ()
    """The alert says one of these; () means that nobody may be alerted."""


def story(ministries: Ministries) -> tuple[Step, ...]:
    """The five steps of the tour, in order."""
    today = ministries.today

    def regulation(row: Row, stage: str) -> bool:
        return papers.REGULATION in str(row["title"]) and row["stage"] == stage

    def due(row: Row, day: date) -> bool:
        return row["deadline"] == day.isoformat()

    return (
        Step(
            heading="The Bureau of Lamps publishes a draft for comment",
            said="A new row on its list of drafts, and a page with the draft's text.",
            act=ministries.publish_draft,
            seen=lambda row: (
                regulation(row, "draft_for_comments")
                and due(row, papers.deadline(today, corrected=False))
            ),
            named=(papers.REGULATION,),
        ),
        Step(
            heading="The Bureau corrects its draft",
            said=(
                "Only the paper's own page changes: an article, and a week more to comment. The\n"
                "list stays as it was. New papers are read again after an hour, a day, and so on;\n"
                "the clock of this tour runs fast, so the hour takes a few seconds."
            ),
            act=ministries.publish_correction,
            seen=lambda row: (
                regulation(row, "draft_for_comments")
                and due(row, papers.deadline(today, corrected=True))
            ),
            named=(papers.REGULATION,),
        ),
        Step(
            heading="The Bureau issues the final",
            said="On another list, under another title; the draft has to be found again.",
            act=ministries.publish_final,
            seen=lambda row: regulation(row, "final") and row["source"] == "lamp-papers",
            named=(papers.REGULATION,),
        ),
        Step(
            heading="The Administration of Sundials puts up a notice nobody needs",
            said="Who is on duty over the winter solstice: recorded, and nobody is told.",
            act=ministries.publish_noise,
            seen=lambda row: "冬至" in str(row["title"]) and row["primary"] in (None, "none"),
        ),
        Step(
            heading="Analysts publish their brief",
            said=(
                "Two leading papers and some news. One of them is the final from before, which is\n"
                "not told twice; the other is news to us."
            ),
            act=ministries.publish_brief,
            seen=lambda row: row["source"] == "lantern-brief" and _names_export(str(row["title"])),
            named=EXPORT_RULES,
        ),
    )


EXPORT_RULES = (
    "Shadows may not leave",
    "Cross-border Transfer of Shadow Data",
    "影子数据跨境流动",
)
"""Names of what is new in the brief: its heading, and the paper's titles."""


def _names_export(title: str) -> bool:
    return any(name in title for name in EXPORT_RULES)
