"""Papers named in 《》: which names are papers, with which number, and why they are named."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.facts.cites import STRENGTH, citations, title_citations


def told(text: str, title: str = "") -> str:
    """What is read of a text, as "甲办法 basis 〔2020〕1号; 乙办法 repeals"."""
    read = (one.value for one in citations(title, text))
    return "; ".join(
        " ".join(filter(None, (cite.title, cite.relation, cite.doc_number))) for cite in read
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # basis: what is made on the ground of it
        ("根据《中华人民共和国灯具法》，制定本办法。", "中华人民共和国灯具法 basis"),
        (
            "为了规范灯具生产，根据《中华人民共和国灯具法》《灯油管理条例》等法律、行政法规，制定本办法。",
            "中华人民共和国灯具法 basis; 灯油管理条例 basis",
        ),
        (
            "依据《灯具法》第十条、《灯油管理条例》第五条的规定，我局起草了《灯罩管理办法（征求意见稿）》，现公开征求意见。",
            "灯具法 basis; 灯油管理条例 basis; 灯罩管理办法（征求意见稿） cites",
        ),
        (
            "按照《国务院办公厅关于推进灯具下乡的意见》（国办发〔2026〕3号）要求，现就有关事项通知如下：",
            "国务院办公厅关于推进灯具下乡的意见 basis 国办发〔2026〕3号",
        ),
        (
            "为深入贯彻落实《灯具产业发展规划（2026—2030年）》，加快推广节能灯，制定本行动方案。",
            "灯具产业发展规划（2026—2030年） basis",
        ),
        ("根据工作安排，现将《灯芯技术规范》等14项标准予以公示。", "灯芯技术规范 cites"),
        ("企业应当按照《灯具检验规程》开展自检。", "灯具检验规程 cites"),
        ("违反本条规定的，依照《灯具法》处罚。本办法由灯具局制定。", "灯具法 cites"),
        (
            "根据2016年2月6日《国务院关于修改部分行政法规的决定》第一次修订\n第一条",
            "国务院关于修改部分行政法规的决定 cites",
        ),
        # repeals
        (
            "本办法自2027年1月1日起施行。2015年3月1日公布的《灯罩管理办法》（灯具局令第12号）同时废止。",
            "灯罩管理办法 repeals 灯具局令第12号",
        ),
        ("本规定自公布之日起施行，同时废止《灯芯管理规定》。", "灯芯管理规定 repeals"),
        (
            "自本办法施行之日起，《灯芯管理规定》（灯局发〔2010〕5号）、《灯罩管理办法》（灯局发〔2012〕7号）同时废止。",
            "灯芯管理规定 repeals 灯局发〔2010〕5号; 灯罩管理办法 repeals 灯局发〔2012〕7号",
        ),
        (
            "《灯芯管理规定》（2010年5月1日公布，2015年6月1日修订）和2012年公布的《灯罩管理办法》自2027年1月1日起废止。",
            "灯芯管理规定 repeals; 灯罩管理办法 repeals",
        ),
        (
            "经研究，决定废止以下规章：\n一、《灯芯管理规定》（灯具局令第3号）\n二、《灯罩管理办法》（灯具局令第4号）\n三、原油灯部《灯油专营办法》",
            "灯芯管理规定 repeals 灯具局令第3号; 灯罩管理办法 repeals 灯具局令第4号; 灯油专营办法 repeals",
        ),
        (
            "下列规范性文件自2027年1月1日起废止：\n1.《灯芯抽检细则》；\n2.《灯罩标识办法》；\n3.《灯座规范条件》。",
            "灯芯抽检细则 repeals; 灯罩标识办法 repeals; 灯座规范条件 repeals",
        ),
        ("《灯芯管理规定》\n《灯罩管理办法》\n同时废止。", "灯芯管理规定 repeals; 灯罩管理办法 repeals"),
        ("根据《灯具法》，《灯芯管理规定》予以废止。", "灯具法 cites; 灯芯管理规定 repeals"),
        ("《灯芯管理规定》等3件规范性文件停止执行。", "灯芯管理规定 repeals"),
        ("已废止的《灯芯管理规定》不再作为依据。", "灯芯管理规定 cites"),
        ("本办法自2027年1月1日起施行，原《灯芯管理规定》不再执行。", "灯芯管理规定 repeals"),
        ("按照《灯具法》，本办法自2027年1月1日起废止。", "灯具法 cites"),
        ("执行《灯具法》，同时废止《灯芯管理规定》。", "灯具法 cites; 灯芯管理规定 repeals"),
        ("《灯芯管理规定》予以废止、《灯罩管理办法》予以废止。", "灯芯管理规定 repeals; 灯罩管理办法 repeals"),
        # replaces
        ("本标准代替《灯芯技术规范》（GB 1234-2015）。", "灯芯技术规范 replaces"),
        ("《灯罩技术条件》被本规范替代。", "灯罩技术条件 replaces"),
        # amends
        ("决定对《灯罩管理办法》作如下修改：\n一、删去第五条。", "灯罩管理办法 amends"),
        ("将《灯罩管理办法》第五条修改为：“灯罩应当透光。”", "灯罩管理办法 amends"),
        ("我局对《灯芯管理规定》进行了修订，现公开征求意见。", "灯芯管理规定 amends"),
        ("我局组织修订了《灯芯管理规定》。", "灯芯管理规定 amends"),
        (
            "对下列规章予以修改：\n一、《灯芯管理规定》第三条改为第四条。\n二、《灯罩管理办法》删去第二款。",
            "灯芯管理规定 amends; 灯罩管理办法 amends",
        ),
        ("我局修订形成了《灯罩管理办法（修订草案征求意见稿）》。", "灯罩管理办法（修订草案征求意见稿） cites"),
        # issues
        ("现将《灯具下乡行动方案》印发给你们，请认真贯彻执行。", "灯具下乡行动方案 issues"),
        (
            "《灯罩管理办法》已经2026年8月1日灯具局第5次局务会议审议通过，现予公布，自2027年1月1日起施行。",
            "灯罩管理办法 issues",
        ),
        ("灯具局印发《灯具下乡行动方案》，提出五项任务。", "灯具下乡行动方案 issues"),
        ("2018年，灯具局印发《灯具下乡行动方案》，取得实效。", "灯具下乡行动方案 cites"),
        ("根据《灯具法》，现发布《灯芯技术规范》。", "灯具法 basis; 灯芯技术规范 issues"),
        ("根据《灯具法》有关规定，现予公布。", "灯具法 basis"),
        ("为落实《灯具规划》，灯具局印发了《灯罩管理办法》。", "灯具规划 basis; 灯罩管理办法 issues"),
        (
            "根据《灯具条例》，现就有关事项通知如下。\n五、本通知与《关于灯杆的通知》不一致的，以本通知为准。",
            "灯具条例 basis; 关于灯杆的通知 cites",
        ),
        # explains
        ("现就《灯罩管理办法》作如下解读。", "灯罩管理办法 explains"),
        ("灯具局有关负责人就《灯罩管理办法》答记者问", "灯罩管理办法 explains"),
        ("一图读懂《灯罩管理办法》", "灯罩管理办法 explains"),
        # each paper once, with its strongest relation and the number one mention has
        (
            "根据《灯具法》，制定本办法。违反《灯具法》（灯令第1号）的，依照《中华人民共和国灯具法》处罚。",
            "灯具法 basis 灯令第1号",
        ),
        ("《灯芯管理规定》有效期届满。本办法施行，《灯芯管理规定》同时废止。", "灯芯管理规定 repeals"),
        # short names stand for their papers
        (
            "《灯芯管理规定》（以下简称《规定》）实施多年。本办法施行后，《规定》同时废止。",
            "灯芯管理规定 repeals",
        ),
        ("《灯芯管理规定》（灯局发〔2010〕5号，以下简称《规定》）明确了要求。", "灯芯管理规定 cites 灯局发〔2010〕5号"),
        (
            "本办法施行后，《灯芯管理规定》（灯具局令第3号，以下简称《规定》）同时废止。",
            "灯芯管理规定 repeals 灯具局令第3号",
        ),
        (
            "根据《灯具法》（以下简称《灯法》）和《灯油管理条例》，制定本办法。",
            "灯具法 basis; 灯油管理条例 basis",
        ),
        ("企业应当遵守《办法》和《通知》。", ""),
        # names within names
        (
            "按照《关于印发〈灯具规划〉的通知》（灯局发〔2026〕5号）执行。",
            "关于印发〈灯具规划〉的通知 cites 灯局发〔2026〕5号",
        ),
        ("按照《关于印发《灯具规划》的通知》办理。", "关于印发《灯具规划》的通知 cites"),
        ("见《关于贯彻《关于印发《灯具规划》的通知》的意见》。", "关于贯彻《关于印发《灯具规划》的通知》的意见 cites"),
        ("《关于印发《灯具规划》的通知要求各地落实。", "灯具规划 issues"),
        ("《 灯罩办法 》第三条", "灯罩办法 cites"),
        ("《灯具产业\n发展规划》提出目标。", "灯具产业发展规划 cites"),
        # numbers in their many forms
        ("《灯罩标准》（2021年第68号）", "灯罩标准 cites 2021年第68号"),
        ("《灯罩办法》(国办发(2020)1号)", "灯罩办法 cites 国办发〔2020〕1号"),
        ("《灯罩办法》国办发〔2020〕1号", "灯罩办法 cites 国办发〔2020〕1号"),
        ("《灯罩办法》（2020年修订）第3条", "灯罩办法 cites"),
        # no papers
        ("《人民日报》记者报道，《灯具周刊》转载。", ""),
        ("填写《灯具补贴申请表》《承诺书》，附《营业执照》和《灯具生产许可证》。", ""),
        ("学习《习近平谈治国理政》，观看电影《油灯》。", ""),
        ("《灯具白皮书》和《灯具示范项目名单》", "灯具白皮书 cites; 灯具示范项目名单 cites"),
        ("《灯的故事》一书出版。", ""),
        ("他读《灯下漫笔》，唱《灯火里的歌》，看《三盏灯》。", ""),
        ("《中国灯具2025》提出目标。", "中国灯具2025 cites"),
        ("对《灯芯卫生规范》等14项强制性国家标准制修订计划项目公开征求意见", "灯芯卫生规范 cites"),
        ("没有书名号的灯具管理办法同时废止。", ""),
    ],
)  # fmt: skip
def test_papers_named(text: str, expected: str) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("灯具局关于印发《灯具下乡行动方案》的通知", "灯具下乡行动方案 issues"),
        ("灯具局关于发布《灯芯技术规范》等两项标准的公告", "灯芯技术规范 issues"),
        ("国务院关于修改《灯油管理条例》的决定", "灯油管理条例 amends"),
        ("灯具局关于废止《灯芯管理规定》的决定", "灯芯管理规定 repeals"),
        (
            "关于废止《灯芯管理规定》《灯罩管理办法》的公告",
            "灯芯管理规定 repeals; 灯罩管理办法 repeals",
        ),
        ("《灯具下乡行动方案》解读", "灯具下乡行动方案 explains"),
        ("《灯具下乡行动方案》政策解读之二", "灯具下乡行动方案 explains"),
        ("解读《灯具下乡行动方案》", "灯具下乡行动方案 explains"),
        ("关于《灯罩管理办法》的解读", "灯罩管理办法 explains"),
        ("灯具局有关负责同志就《灯罩管理办法》答记者问", "灯罩管理办法 explains"),
        ("一图读懂｜《灯罩管理办法》", "灯罩管理办法 explains"),
        ("国务院办公厅关于转发灯具局等部门《灯具回收方案》的通知", "灯具回收方案 issues"),
        ("灯具局副局长介绍《灯具下乡行动方案》有关情况并回答记者提问", "灯具下乡行动方案 explains"),
        ("关于印发〈灯具下乡行动方案〉的通知", "灯具下乡行动方案 issues"),
        ("关于公开征求《灯罩管理办法（征求意见稿）》意见的通知", ""),
        ("关于贯彻落实《灯油管理条例》的通知", ""),
        ("灯具局公告", ""),
    ],
)
def test_papers_that_a_title_acts_on(title: str, expected: str) -> None:
    found = title_citations(title)
    assert "; ".join(f"{one.value.title} {one.value.relation}" for one in found) == expected
    assert all(title[one.start : one.end] == one.value.title for one in found)


def test_what_the_title_does_counts_in_the_text() -> None:
    assert told("《灯罩管理办法》共五章。", "《灯罩管理办法》解读") == "灯罩管理办法 explains"


def test_at_most_a_hundred_papers() -> None:
    text = "".join(f"《灯具第{n}号标准》。" for n in range(300))
    assert len(citations("", text)) == 100


@given(
    st.lists(
        st.sampled_from(
            ["《", "》", "〈", "〉", "灯罩管理办法", "废止", "、", "。", "，", "\n", "根据", "制定", "（",
             "）", "国办发〔2020〕1号", "以下简称", "一、", "修改", "a"]
        ),
        max_size=60,
    ).map("".join)
)  # fmt: skip
def test_spans_lie_in_the_text_and_are_ordered(text: str) -> None:
    found = citations("", text)
    places = [place for one in found for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    for one in found:
        inside = text[one.start : one.end].replace("\n", "")
        assert one.value.title == inside
        assert one.value.relation in STRENGTH
    assert len({one.value.title for one in found}) == len(found)


@pytest.mark.parametrize(
    "unit",
    ["《", "》", "《甲", "《甲办法》", "《甲办法》、", "（", "《甲办法》（（", "根据《甲", "废止", "\n一、", "〈甲", "《甲办法》同时，", "《甲办法》自起"],
)  # fmt: skip
def test_crafted_text_does_not_hang(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = process_time()
    citations("", text)
    assert process_time() - began < 2
