"""Stage, round and form of titles as ministries word them."""

import pytest

from watcher.facts.stage import column_of, doc_type_of, round_of, stage_in_text, stage_of
from watcher.facts.title import read_title

DRAFT = "draft_for_comments"
CALL = "call_for_applications"


@pytest.mark.parametrize(
    ("title", "stage", "form"),
    [
        # drafts: NOTES §6
        ("关于公开征求《灯具管理办法》意见的通知", DRAFT, "measures"),
        ("关于《灯具管理办法》征求意见的通知", DRAFT, "measures"),
        ("关于《灯具管理办法》（征求意见稿）公开征求意见的通知", DRAFT, "measures"),
        ("公开征求对《灯具安全指引（征求意见稿）》的意见", DRAFT, "guideline"),
        ("关于向社会公开征求《灯具条例（征求意见稿）》意见的公告", DRAFT, "regulations"),
        ("关于对《灯具规划》征求意见的通知", DRAFT, "plan"),
        ("灯具管理规定（公开征求意见稿）", DRAFT, "measures"),
        ("《灯具法（修订草案）（征求意见稿）》", DRAFT, "law"),
        ("关于征求《灯具目录（2026年版）》意见的函", DRAFT, "catalogue"),
        ("关于公开征求《灯具能效》等14项强制性国家标准意见的公示", DRAFT, "standard"),
        ("关于《灯具标准》等8项行业标准报批意见的公示", DRAFT, "standard"),
        ("《灯具标准》等21项行业标准报批公示", DRAFT, "standard"),
        ("关于公开征求灯具管理办法意见的通知", DRAFT, "measures"),
        ("灯具审查指导原则 第3部分：路灯（征求意见稿）", DRAFT, "guideline"),
        ("【进行中】关于《灯具规则（征求意见稿）》公开征求意见的公告", DRAFT, "rules"),
        # drafts by their name or by other words
        ("中华人民共和国灯具法（草案）", DRAFT, "law"),
        ("灯具公园法（草案二次审议稿）", DRAFT, "law"),
        ("灯具公园法（草案）（三次审议稿）", DRAFT, "law"),
        ("《灯具条例（修订草案）》", DRAFT, "regulations"),
        ("关于《灯具条例（修订草案）》的公告", DRAFT, "regulations"),
        ("灯具条例修正草案", DRAFT, "regulations"),
        ("灯具安全指南（讨论稿）", DRAFT, "guideline"),
        ("灯具标准（报批稿）", DRAFT, "standard"),
        ("灯具行业规范条件（公示稿）", DRAFT, "rules"),
        ("关于《灯具行业规范条件（公示稿）》的公示", DRAFT, "rules"),
        ("关于公开征询《灯具办法》意见的通知", DRAFT, "measures"),
        ("《灯具办法》意见征询函", DRAFT, "measures"),
        ("邀请公众就《灯具办法》提出意见", DRAFT, "measures"),
        ("灯具会议审议通过《灯具法（草案）》", "news", "news"),
        ("灯具会议讨论并原则通过《灯具条例（修订草案）》", "news", "news"),
        ("关于印发《灯具条例草案》的通知", "final", "regulations"),
        ("关于申请提出灯具立法建议的通知", "final", "notice"),
        # the period is extended: comments are still taken
        ("关于延长《灯具办法（征求意见稿）》公开征求意见期限的公告", DRAFT, "measures"),
        ("关于征求《取消灯具审批的决定（征求意见稿）》意见的公告", DRAFT, "regulations"),
        ("关于取消《灯具审批规定》的决定（征求意见稿）", DRAFT, "regulations"),
        ("关于开展灯具规划公开征求意见工作的公告", DRAFT, "plan"),
        ("灯具法（草案二次审议稿）征求意见", DRAFT, "law"),
        ("灯具法（三审稿）公开征求意见", DRAFT, "law"),
        # finals
        ("关于印发《公开征求灯具意见工作规则》的通知", "final", "rules"),
        ("关于印发《灯具公开征求意见工作规则》的通知", "final", "rules"),
        ("关于做好灯具文件公开征求意见工作的通知", "final", "notice"),
        ("关于印发《灯具产业规划》的通知", "final", "plan"),
        ("关于印发灯具行动方案的通知", "final", "plan"),
        ("关于发布《灯具导则》的公告", "final", "standard"),
        ("关于发布《灯具能效》等10项推荐性行业标准的公告 2026年第5号", "final", "standard"),
        ("《灯具管理办法》 2025年第31号令", "final", "measures"),
        ("灯具管理暂行办法", "final", "measures"),
        ("灯具数据管理条例", "final", "regulations"),
        ("国务院关于灯具出口的规定", "final", "regulations"),
        ("国务院关于灯具产业的意见", "final", "opinions"),
        ("国务院关于《灯具规划》的批复", "final", "reply"),
        ("关于同意建设灯具基地的复函", "final", "reply"),
        ("关于请做好灯具清理工作的函", "final", "letter"),
        ("关于灯具分类有关工作的公告", "final", "announcement"),
        ("关于落实《灯具办法》有关事项的通知（灯发〔2025〕205号）", "final", "notice"),
        ("关于做好灯具政策解读工作的通知", "final", "notice"),
        ("关于加强灯具常见问题防治的通知", "final", "notice"),
        ("关于印发2026年灯具工作要点的通知", "final", "notice"),
        ("关于修改、废止部分灯具文件的决定", "final", "regulations"),
        ("灯具行业规范条件（2026年本）", "final", "rules"),
        ("灯具局等九部门联合印发《灯具金融方案》", "final", "plan"),
        ("灯具产品注册审查指导原则（2024年第12号）", "final", "guideline"),
        ("关于灯具文件征求意见制度的规定", "final", "measures"),
        ("灯具局令〔2026〕第2号（灯具兑换办法）", "final", "measures"),
        ("灯具局令〔2026〕第4号（灯具局关于修改部分规章的决定)", "final", "regulations"),
        # interpretations, also of drafts
        ("《灯具管理办法》解读", "interpretation", "interpretation"),
        ("一图读懂《灯具管理办法》", "interpretation", "interpretation"),
        ("灯具局负责人就《关于灯具的通知》答记者问", "interpretation", "interpretation"),
        ("专家解读｜灯具规则的意义", "interpretation", "interpretation"),
        ("《灯具条例（征求意见稿）》解读", "interpretation", "interpretation"),
        ("灯具备案常见问题", "interpretation", "interpretation"),
        # calls, lists, people
        ("关于组织开展2026年灯具示范企业申报工作的通知", CALL, "notice"),
        ("关于开展灯具创新任务揭榜挂帅工作的通知", CALL, "notice"),
        ("关于征集灯具典型案例的通知", CALL, "notice"),
        ("关于征集2026年灯具标准立项建议的通知", CALL, "notice"),
        ("关于受理灯具公寓申请的公告", CALL, "notice"),
        ("关于申报2026年度灯具企业研发投入支持计划（第二批）的通知", CALL, "notice"),
        ("关于推荐2026年度国家灯具企业公共服务示范平台（基地）创建对象的通知", CALL, "notice"),
        ("关于推荐性灯具标准工作的通知", "final", "notice"),
        ("关于公布灯具试点项目名单的通知", "list", "list"),
        ("关于公布“宽带+灯具”入围试点项目(第一批)的通知", "list", "list"),
        ("关于印发《灯具示范项目清单（第一批）》的通知", "list", "list"),
        ("灯具奖拟入选名单公示", "list", "list"),
        ("国务院任免国家工作人员", "appointment", "appointment"),
        ("部长在灯具大会上的讲话", "speech", "meeting"),
        # news, and what only looks like a call for comments
        ("国务院新闻办举行发布会 介绍灯具运行情况", "news", "news"),
        ("灯具下乡忙", "news", "news"),
        ("关于《灯具办法（征求意见稿）》公开征求意见情况的反馈", "news", "news"),
        ("关于《灯具办法（征求意见稿）》公开征求意见结果的公告", "news", "news"),
        ("关于《灯具办法（征求意见稿）》公开征求意见的反馈", "news", "news"),
        ("《灯具办法（征求意见稿）》意见采纳情况", "news", "news"),
        ("《灯具办法（征求意见稿）》公开征求意见及采纳情况的说明", "news", "news"),
        ("关于对《灯具办法（征求意见稿）》意见建议处理情况的公告", "news", "news"),
        ("灯具标准征求意见汇总处理表", "news", "news"),
        ("关于终止《灯具办法（征求意见稿）》公开征求意见的公告", "news", "news"),
        ("关于撤回《灯具办法（征求意见稿）》的公告", "news", "news"),
    ],
)
def test_titles(title: str, stage: str, form: str) -> None:
    parsed = read_title(title)
    found = stage_of(parsed).stage
    kind = doc_type_of(parsed, found)
    assert (found.value, kind and kind.value) == (stage, form)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于《灯具办法（征求意见稿）》公开征求意见的通知", None),
        ("关于《灯具办法（征求意见稿）》再次公开征求意见的公告", 2),
        ("关于第二次征求《灯具原则》意见的通知", 2),
        ("关于《灯具原则》第三次征求意见的通知", 3),
        ("灯具标准（二次征求意见稿）", 2),
        ("关于第一次征求《灯具原则》意见的通知", None),
        ("关于再次对《灯具办法》征求意见的公告", 2),
        ("关于重新公开征求《灯具办法》意见的公告", 2),
        ("关于《灯具办法（第二次征求意见稿）》公开征求意见的通知", 2),
        ("关于《灯具办法》（修订草案第二次征求意见稿）向社会公开征求意见的公告", 2),
        ("灯具办法（征求意见稿）（第二稿）", 2),
        ("灯具办法（征求意见稿第三版）", 3),
        ("灯具法（草案二次审议稿）", 2),
        ("灯具法（修订草案）（三次审议稿）", 3),
        ("灯具法（三审稿）公开征求意见", 3),
        # what is counted is not the draft
        ("关于公开征求《第二次全国灯具普查条例（征求意见稿）》意见的通知", None),
        ("关于《第二轮灯具延期办法（征求意见稿）》公开征求意见的通知", None),
        ("关于征求《第二批灯具目录》意见的函", None),
        ("关于征求《灯具改造方案第二轮修订（征求意见稿）》意见的函", None),
        ("关于公开征求灯具行业第二轮修订标准意见的通知", None),
    ],
)
def test_rounds(title: str, expected: int | None) -> None:
    found = round_of(read_title(title))
    assert (found and found.value) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.gov.cn/zhengce/zhengceku/202608/content_1.htm", "final"),
        ("https://www.gov.cn/zhengce/202608/content_1.htm", "interpretation"),
        ("https://www.gov.cn/yaowen/liebiao/202608/content_1.htm", "news"),
        ("https://www.example.gov.cn/gzcy/yjzj/art/1.html", DRAFT),
        ("https://www.example.gov.cn/zwgk/zcjd/art/1.html", "interpretation"),
        ("https://www.example.gov.cn/a/1.html", None),
        (None, None),
    ],
)
def test_columns(url: str | None, expected: str | None) -> None:
    assert column_of(url) == expected


def test_a_column_decides_only_what_the_title_leaves_open() -> None:
    articles = "https://www.gov.cn/zhengce/202608/content_1.htm"
    assert stage_of(read_title("灯具推动绿色转型"), articles).stage == "interpretation"
    assert stage_of(read_title("关于灯具管理办法的解读"), "https://x.cn/zcfb/1").stage == (
        "interpretation"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我局起草了《灯具办法》，现向社会公开征求意见。", DRAFT),
        ("欢迎社会各界提出宝贵意见。", DRAFT),
        ("现将《灯具办法》印发给你们，请遵照执行。", "final"),
        ("灯具行业今年运行平稳。", None),
    ],
)
def test_the_text_speaks_when_the_title_is_silent(text: str, expected: str | None) -> None:
    found = stage_in_text(text)
    assert (found and found.value) == expected
