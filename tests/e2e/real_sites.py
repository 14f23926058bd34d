"""Real pages, feeds and briefs from ../shared on loopback, without some of their rows until these are published."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.loopback import Loopback, conditional
from tests.real import shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A real row that is held back in the first round."""

    mark: str
    """Words of the row that no other row has."""
    title: str
    """As it should be told."""
    sector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    id: str
    kind: str
    path: str
    file: Path
    block: str
    """A regular expression with {mark} for one row and no more than one."""
    added: tuple[Added, ...]
    body: str | None = None

    @property
    def whole(self) -> bytes:
        return self.file.read_bytes()

    @property
    def before(self) -> bytes:
        """The page without the rows that are to be added."""
        text = self.file.read_text(encoding="utf-8")
        for row in self.added:
            pattern = self.block.replace("{mark}", re.escape(row.mark))
            text, count = re.subn(pattern, "", text, flags=re.DOTALL)
            assert count == 1, f"{row.mark!r} is in {count} rows of {self.file.name}"
        return text.encode()

    def source(self, site: Loopback) -> dict[str, object]:
        entry: dict[str, object] = {
            "id": self.id,
            "name": self.id,
            "kind": self.kind,
            "url": site.url(self.path),
            "every": "10m",
            "gap": "0s",
        }
        return entry | ({"body": self.body} if self.body else {})


LIST_ROW = r"<li>(?:(?!<li>).)*?{mark}(?:(?!<li>).)*?</li>"
FEED_ROW = r"<item>(?:(?!<item>).)*?{mark}.*?</item>"
BULLET = r"\n[^\n]*{mark}[^\n]*"


def sites() -> list[Site]:
    """The full MOFCOM list, the NMPA list, the Shenzhen feed and a seed brief."""
    return [
        Site(
            id="mofcom",
            kind="listing",
            body="MOFCOM",
            path="/zcfb/index.html",
            file=shared("sites/files/mofcom/list_zcfb_20250927.html"),
            block=LIST_ROW,
            added=(
                Added(
                    mark="art_59a4cfccc52143d0af8b163be6d10802",
                    title="商务部公告2025年第52号 公布对原产于墨西哥和美国的进口碧根果发起反倾销立案调查的公告",
                    sector="foreign-investment",
                ),
                Added(
                    mark="art_a1d87a74d7c44f52a7dbce77454bcc6d",
                    title="商务部公告2025年第51号 公布将3家美国实体列入出口管制管控名单决定",
                    sector="foreign-investment",
                ),
            ),
        ),
        Site(
            id="nmpa",
            kind="listing",
            body="NMPA",
            path="/yaopin/ypggtg/index.html",
            file=shared("sites/files/nmpa/list_ypggtg_20251014.html"),
            block=LIST_ROW,
            added=(
                Added(
                    mark="20251014104752137.html",
                    title="国家药监局关于修订人纤维蛋白原说明书的公告（2025年第101号）",
                    sector="health",
                ),
                Added(
                    mark="20250912092255131.html",
                    title="国家药监局关于优化创新药临床试验审评审批有关事项的公告（2025年第86号）",
                    sector="health",
                ),
            ),
        ),
        Site(
            id="shenzhen",
            kind="feed",
            path="/feed.xml",
            file=shared("sites/files/feeds/real/shenzhen_policy_rss.xml"),
            block=FEED_ROW,
            added=(
                Added(
                    mark="第一批功能型无人车测试",
                    title="关于申报2026年度南山区第一批功能型无人车测试及应用试点的通知",
                    sector="vehicles",
                ),
                Added(
                    mark="深圳市促进外贸提质增效三年行动计划——“出口深圳”专项措施]]></title>",
                    title="深圳市促进外贸提质增效三年行动计划——“出口深圳”专项措施",
                    sector="foreign-investment",
                ),
                Added(  # of no sector: nobody is to hear of it
                    mark="栏目更新情况说明",
                    title="栏目更新情况说明",
                    sector="none",
                ),
            ),
        ),
        Site(
            id="brief",
            kind="brief",
            path="/brief.txt",
            file=shared("seeds/003_3d16726731f11a0f.txt"),
            block=BULLET,
            added=(
                Added(
                    mark="Autonomous vehicle startup WeRide",
                    title="Autonomous vehicle startup WeRide becomes first company",
                    sector="vehicles",
                ),
                Added(
                    mark="terminates its plans to launch an EV joint venture",
                    title="Ford Motor terminates its plans to launch an EV joint venture",
                    sector="vehicles",
                ),
            ),
        ),
    ]


def first_round(site: Loopback, all_sites: list[Site]) -> None:
    for each in all_sites:
        site.routes[each.path] = conditional(each.before)


def second_round(site: Loopback, all_sites: list[Site]) -> None:
    for each in all_sites:
        site.routes[each.path] = conditional(each.whole)
