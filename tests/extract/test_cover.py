"""Which text is the paper: the notice's own, or that of what it hands out."""

import pytest
import yaml

from tests.real import shared
from watcher.extract.paper.cover import main_text
from watcher.extract.paper.page import read_page
from watcher.model import AttachmentText, Page

LETTER = "为加强竹材管理，我局起草了有关文件，现向社会公开征求意见。请于2026年12月2日前反馈。\n附件：见后"
BODY = "\n".join(
    f"第{n}条 竹材经营者应当建立台账，如实记录竹材的来源和去向。" for n in "一二三四五六七八"
)
OTHER = "\n".join(
    f"第{n}条 楠木采伐应当取得许可证，并按照许可的数量采伐。" for n in "一二三四五六七八"
)
THIRD = "\n".join(
    f"第{n}条 藤制品生产企业应当公开其原料产地与检验结果。" for n in "一二三四五六七八"
)
PAGE_RULES = "现将办法印发给你们。\n" + BODY
ASKS = "关于公开征求《竹材管理办法（征求意见稿）》意见的通知"
ISSUES = "国家竹木局关于印发竹材管理办法的通知"
FORM = "意见反馈表\n单位 | 联系人 | 意见 | 理由\n" + "填写说明 请逐条填写。\n" * 20
WHY = (
    "《竹材管理办法（征求意见稿）》起草说明\n一、起草背景\n"
    + "竹材市场近年来发展迅速，现行规定已不适应。\n" * 20
)


def file(text: str, kind: str = "docx", quality: str = "ok") -> AttachmentText:
    reason = None if quality == "ok" else "why"
    return AttachmentText(kind=kind, quality=quality, text=text, reason=reason)


def named(title: str, body: str = BODY) -> str:
    return f"{title}\n{body}"


DRAFT = named("竹材管理办法\n（征求意见稿）")
DRAFT_NAME = "竹材管理办法（征求意见稿）.docx"

SITUATIONS: list[tuple[str, str, str, list[tuple[str, AttachmentText]], tuple[int, ...]]] = [
    ("one draft", ASKS, LETTER, [(DRAFT_NAME, file(DRAFT))], (0,)),
    ("draft, explanation and form", ASKS, LETTER,
     [("附件1：" + DRAFT_NAME, file(DRAFT)), ("附件2：《竹材管理办法（征求意见稿）》起草说明.docx", file(WHY)),
      ("附件3：意见反馈表.doc", file(FORM, "doc"))], (0,)),
    ("the draft comes last", ASKS, LETTER,
     [("反馈表.wps", file(FORM, "wps")), ("编制说明.pdf", file(WHY, "pdf")), (DRAFT_NAME, file(DRAFT))], (2,)),
    ("only an explanation and a form", ASKS, LETTER,
     [("起草说明.docx", file(WHY)), ("征求意见反馈表.docx", file(FORM))], ()),
    ("a plan that begins with its background", "关于印发《竹材发展规划》的通知", "请认真落实。",
     [("附件.docx", file("竹材发展规划\n一、发展背景\n" + "竹材产业规模持续扩大，质量稳步提升。\n" * 20))], (0,)),
    ("names say nothing", ASKS, LETTER,
     [("附件1.docx", file(DRAFT)), ("附件2.docx", file(WHY)), ("附件3.docx", file(FORM))], (0,)),
    ("a form under a name that says nothing", ASKS, LETTER,
     [("附件.docx", file("附件2\n《竹材管理办法（征求意见稿）》意见反馈表\n" + FORM))], ()),
    ("a name made by the site", ASKS, LETTER, [("P020261103512.docx", file("附件1\n" + DRAFT))], (0,)),
    ("the same draft as pdf, docx and ofd", ASKS, LETTER,
     [("竹材管理办法.pdf", file(DRAFT, "pdf")), (DRAFT_NAME, file(DRAFT)), ("竹材管理办法.ofd", file(DRAFT, "ofd"))], (1,)),
    ("as doc and pdf", ASKS, LETTER, [("竹材管理办法.pdf", file(DRAFT, "pdf")), ("竹材管理办法.doc", file(DRAFT, "doc"))], (1,)),
    ("a copy that is cut off", ASKS, LETTER,
     [("竹材管理办法.docx", file(DRAFT[:150])), ("竹材管理办法.pdf", file(DRAFT, "pdf"))], (1,)),
    ("the docx cannot be read", ASKS, LETTER,
     [(DRAFT_NAME, file("", quality="encrypted")), ("竹材管理办法.pdf", file(DRAFT, "pdf"))], (1,)),
    ("nothing can be read", ASKS, LETTER, [(DRAFT_NAME, file("", quality="no-text"))], ()),
    ("an archive is only listed", ASKS, LETTER, [("附件.zip", file(DRAFT_NAME, "zip", "unsupported"))], ()),
    ("issued without marks", ISSUES, "现将《竹材管理办法》印发给你们，请遵照执行。",
     [("竹材管理办法.pdf", file(named("竹材管理办法"), "pdf"))], (0,)),
    ("issued with marks and a table", "关于印发《竹材管理办法》的通知", "请遵照执行。",
     [("竹材管理办法.docx", file(named("竹材管理办法"))), ("竹材经营单位名单.xlsx", file("甲公司\n" * 90, "xlsx"))], (0,)),
    ("an annex beside the paper", "关于印发《竹材管理办法》的通知", "请遵照执行。",
     [("1.竹材管理办法.docx", file(named("竹材管理办法"))), ("2.竹材管理办法实施细则.docx", file(named("竹材管理办法实施细则", OTHER)))], (0,)),
    ("the page holds the paper", ISSUES, PAGE_RULES, [("竹材管理办法.docx", file(named("竹材管理办法")))], ()),
    ("the page says much itself", ASKS, "竹材关系生态安全。" * 300, [(DRAFT_NAME, file(DRAFT))], ()),
    ("two drafts", "关于公开征求《竹材管理办法（征求意见稿）》《楠木采伐规定（征求意见稿）》意见的通知", LETTER,
     [("楠木采伐规定（征求意见稿）.docx", file(named("楠木采伐规定", OTHER))), (DRAFT_NAME, file(DRAFT)),
      ("意见反馈表.docx", file(FORM))], (0, 1)),
    ("several, one of them named", "关于公开征求《竹材管理办法（征求意见稿）》等3项规章意见的通知", LETTER,
     [(DRAFT_NAME, file(DRAFT)), ("楠木采伐规定（征求意见稿）.doc", file(named("楠木采伐规定", OTHER), "doc")),
      ("藤制品规定（征求意见稿）.docx", file(named("藤制品规定", THIRD))), ("三项规章起草说明.docx", file(WHY)),
      ("楠木采伐规定（征求意见稿）.pdf", file(named("楠木采伐规定", OTHER), "pdf"))], (0, 1, 2)),
    ("an interpretation", "《竹材管理办法》解读", "日前印发的办法有三个特点。", [("竹材管理办法.docx", file(DRAFT))], ()),
    ("what was said to a draft", "关于《竹材管理办法》公开征求意见采纳情况的公告", "共收到意见12条。", [("竹材管理办法.docx", file(DRAFT))], ()),
    ("forms to apply with", "关于受理竹农补助申请的公告", "请填写附件后提交。", [("竹农补助申请表.docx", file(FORM)), ("诚信承诺书.docx", file(FORM))], ()),
    ("another paper", ASKS, LETTER, [("楠木采伐规定.docx", file(named("楠木采伐规定", OTHER)))], ()),
    ("a list is what is announced", "关于公布第五批竹材示范企业名单的通告", "现予公布。",
     [("第五批竹材示范企业名单.xlsx", file("竹材示范企业\n" * 60, "xlsx"))], (0,)),
    ("a list beside a letter", "关于开展竹材检查的通知", "请做好准备。", [("企业名单.xlsx", file("甲公司\n" * 90, "xlsx"))], ()),
    ("the title names nothing", "关于公开征求意见的通知", "我局起草了《竹材管理办法（征求意见稿）》，现征求意见。",
     [(DRAFT_NAME, file(DRAFT)), ("说明.docx", file(WHY))], (0,)),
    ("a draft called one behind its name", "", "征求《竹材管理要求》标准征求意见稿的意见。",
     [("《竹材管理要求》标准征求意见稿文本.pdf", file(named("竹材管理要求"), "pdf")),
      ("《竹材管理要求》标准编制说明.pdf", file(WHY, "pdf"))], (0,)),
    ("a decision to amend", "关于公开征求《关于修改〈竹材管理办法〉的决定（征求意见稿）》意见的通知", LETTER,
     [("修改前后对照表.docx", file(DRAFT)), ("关于修改《竹材管理办法》的决定（征求意见稿）.docx", file(DRAFT))], (1,)),
    ("a table of what changes", ASKS, LETTER, [("竹材管理办法修订对照表.docx", file(DRAFT))], ()),
    ("a translation", ASKS, LETTER, [("竹材管理办法（征求意见稿）英文版.docx", file(DRAFT)), (DRAFT_NAME, file(DRAFT))], (1,)),
    ("a page without words", "竹材管理办法", "", [("竹材管理办法.pdf", file(named("竹材管理办法"), "pdf"))], (0,)),
    ("a bare name over a link", "竹材管理办法", "附件：竹材管理办法", [("竹材管理办法.doc", file(named("竹材管理办法"), "doc"))], (0,)),
    ("a paper shorter than its letter", ASKS, LETTER * 4, [(DRAFT_NAME, file("竹材管理办法\n略"))], ()),
    ("no files", ASKS, LETTER, [], ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "page", "files", "expected"),
    [pytest.param(*rest, id=what) for what, *rest in SITUATIONS],
)
def test_the_paper_of_a_notice(
    title: str,
    page: str,
    files: list[tuple[str, AttachmentText]],
    expected: tuple[int, ...],
) -> None:
    found = main_text(title, page, files)
    assert found.attachments == expected
    if not expected:
        assert found.text == page
    for at in expected:
        assert files[at][1].text in found.text


def test_several_papers_stand_under_their_names() -> None:
    title = "关于公开征求《竹材管理办法》《楠木采伐规定》意见的通知"
    files = [("附件1：竹材管理办法.docx", file(BODY)), ("附件2：楠木采伐规定.docx", file(named("楠木采伐规定", OTHER)))]  # fmt: skip
    assert main_text(title, LETTER, files).text == "\n".join(
        ["竹材管理办法", BODY, "楠木采伐规定", OTHER]
    )


LETTERS = (
    ("cac/detail_c_1784217637474922.htm", 0),
    ("mee/detail_hdjl_t20260914_1166201.shtml", 0),
    ("miit/detail_art_ebc8c235.html", 0),
    ("miit/detail_art_3c2e4c31.html", 0),
    ("moe/detail_t20240208_1114758.html", 0),
    ("ndrc/api_getArticleDetail_sdgsglbf.json", 0),
    ("samr/detail_art_645badc2.html", 0),
    ("local_guangzhou/02_积分入学指引_2026.html", None),
    ("local_guangzhou/12_天河人才公寓申请公告_2025.html", None),
)


@pytest.mark.parametrize(("page", "at"), LETTERS)
def test_the_files_of_real_notices(page: str, at: int | None) -> None:
    """Their files are not kept: each is stood in for by an invented text under its real name."""
    key = yaml.load(shared("sites/truth.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    url = next(row["url"] for row in key if row["file"] == page)
    read = read_page(Page(url=url, body=shared(f"sites/files/{page}").read_bytes()))
    files = [(a.name, file(named(a.name.partition(".")[0]))) for a in read.attachments]
    found = main_text(read.title or "", read.text, files)
    assert found.attachments == (() if at is None else (at,))
