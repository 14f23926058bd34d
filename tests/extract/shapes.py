"""Invented lists in the shapes that ministries' sites have, and what is to be read from them.

Every title, address and date is made up; the markup follows the template named.
"""

from dataclasses import dataclass

LIST_URL = "https://www.demo.gov.cn/zwgk/tzgg/index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    html: str
    rows: tuple[str, ...]
    """`title | address | published | deadline`, "-" for none."""
    url: str = LIST_URL


NAVIGATION = """
<div class="head"><ul class="nav">
 <li><a href="/">首页</a></li><li><a href="/jggk/">机构概况</a></li><li><a href="/zwgk/">政务公开</a></li>
 <li><a href="/xwzx/2026hyzt/index.html">全国竹藤工作会议专题报道</a></li>
</ul></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a></div>
"""
SIDE_BAR = """
<div class="side"><h3>专题专栏</h3>
<dl><dt><a href="/zt/101/">深入学习竹藤产业高质量发展精神</a></dt><dd><span class="date">2026-01-05</span></dd></dl>
<dl><dt><a href="/zt/102/">竹藤标准化三年行动专题回顾</a></dt><dd><span class="date">2025-11-06</span></dd></dl>
<dl><dt><a href="/zt/103/">竹藤科普周活动启动仪式侧记</a></dt><dd><span class="date">2025-10-07</span></dd></dl>
<dl><dt><a href="/zt/104/">竹藤龙头企业名录发布</a></dt><dd><span class="date">2025-09-08</span></dd></dl>
</div>
"""
FOOTER = """
<div class="footer"><a href="http://www.a.gov.cn/">某某部</a> <a href="http://www.b.gov.cn/">某某局</a>
<p>主办：示例部 更新时间：2026年9月30日 网站标识码bm99000001</p></div>
"""


def page(main: str, *, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告</title>{head}</head><body>'
        f"{NAVIGATION}{SIDE_BAR}<div class='main'>{main}</div>{FOOTER}</body></html>"
    )


SHAPES = {
    "trs: relative links, slashes in dates, status marks, fragments": Shape(
        html=page(
            """<ul class="u-list">
            <li><a href="https://form.demo.gov.cn/sa.html#/zt1" title="【进行中】关于公开征求《竹材管理办法》意见的公告">【进行中】关于公开征求《竹材管理办法》意见的公告</a><span>2026/09/04</span></li>
            <li><a href="https://form.demo.gov.cn/sa.html#/zt2">关于公开征求《藤材管理办法》意见的公告[已结束]</a><span>2026/08/30</span></li>
            <li><a href="./202608/t20260828_11.html">关于印发《竹笋分级办法》的通知</a><span>2026/08/28</span></li>
            <li class="empty"></li></ul>"""
        ),
        rows=(
            "关于公开征求《竹材管理办法》意见的公告 | https://form.demo.gov.cn/sa.html#/zt1 | 2026-09-04 | -",
            "关于公开征求《藤材管理办法》意见的公告 | https://form.demo.gov.cn/sa.html#/zt2 | 2026-08-30 | -",
            "关于印发《竹笋分级办法》的通知 | https://www.demo.gov.cn/zwgk/tzgg/202608/t20260828_11.html | 2026-08-28 | -",
        ),
    ),
    "cut link text, the whole in the title attribute; marks in brackets": Shape(
        html=page(
            """<div id="list">
            <li><a href="./a/t20260203_1.html" title="[已结束]关于《竹编工艺传承保护条例（征求意见稿）》公开征求意见的公告">[已结束]关于《竹编工艺传承保护条例(征求意见稿)...</a><span>2026-02-03</span></li>
            <li><a href="./a/t20260202_2.html" title="关于《藤编工艺传承保护条例（征求意见稿）》公开征求意见的公告">关于《藤编工艺传承保护条例(征求…</a><span>2026-02-02</span></li></div>"""
        ),
        rows=(
            "关于《竹编工艺传承保护条例（征求意见稿）》公开征求意见的公告 | https://www.demo.gov.cn/zwgk/tzgg/a/t20260203_1.html | 2026-02-03 | -",
            "关于《藤编工艺传承保护条例（征求意见稿）》公开征求意见的公告 | https://www.demo.gov.cn/zwgk/tzgg/a/t20260202_2.html | 2026-02-02 | -",
        ),
    ),
    "mofcom: category before, interpretation link inside the row": Shape(
        html=page(
            """<ul class="policy-list">
            <li><em>【竹木贸易】</em> <a href="/zc/art/2026/art_0a1b2c3d4e5f60718293a4b5c6d7e8f9.html" title="示例部公告2026年第7号 公布竹材出口目录">示例部公告2026年第7号 公布竹材出口目录</a>
              <a href="/jd/art/2026/art_ffff2c3d4e5f60718293a4b5c6d7e8f9.html">政策解读</a><span>[2026-09-17]</span></li>
            <li><em>【竹木贸易】</em> <a href="/zc/art/2026/art_1a1b2c3d4e5f60718293a4b5c6d7e8f9.html">示例部公告2026年第6号 公布藤材出口目录</a><span>[2026-09-13]</span></li></ul>
            <ul class="more-list"><li><a href="/zqyj/index.html">政策法规<br>征求意见</a></li><li><a href="/wg/index.html">规章库</a></li></ul>"""
        ),
        rows=(
            "示例部公告2026年第7号 公布竹材出口目录 | https://www.demo.gov.cn/zc/art/2026/art_0a1b2c3d4e5f60718293a4b5c6d7e8f9.html | 2026-09-17 | -",
            "示例部公告2026年第6号 公布藤材出口目录 | https://www.demo.gov.cn/zc/art/2026/art_1a1b2c3d4e5f60718293a4b5c6d7e8f9.html | 2026-09-13 | -",
        ),
    ),
    "cac: heading and date in boxes of their own, scheme left out": Shape(
        html=page(
            """<div id="loadingInfoPage">
            <li><h5><a href="//www.demo.gov.cn/2026-09/18/c_1791482017777471.htm">关于《竹林防火规定（征求意见稿）》公开征求意见的通知</a></h5><div class="times">2026-09-18</div></li>
            <li><h5><a href="//www.demo.gov.cn/2026-09/03/c_1790185079976128.htm">关于竹林防火标准化委员会换届的通知</a></h5><div class="times">2026-09-03</div></li></div>"""
        ),
        rows=(
            "关于《竹林防火规定（征求意见稿）》公开征求意见的通知 | https://www.demo.gov.cn/2026-09/18/c_1791482017777471.htm | 2026-09-18 | -",
            "关于竹林防火标准化委员会换届的通知 | https://www.demo.gov.cn/2026-09/03/c_1790185079976128.htm | 2026-09-03 | -",
        ),
    ),
    "mot: the link wraps title, status and date": Shape(
        html=page(
            """<ul class="news-list">
            <li class="news-item"><a class="news-link" href="./202609/t20260910_41.html"><span class="news-title"><span class="status1">[进行中]</span> - 关于《竹筏运输规则（修订草案）》公开征求意见的通知</span><span class="news-date">2026-09-10</span></a></li>
            <li class="news-item"><a class="news-link" href="https://www.sub.demo.gov.cn/HDJL/202608/t20260808_42.html"><span class="news-title"><span class="status0"></span>竹筏运输规则征求意见采纳情况反馈</span><span class="news-date">2026-08-08</span></a></li></ul>"""
        ),
        rows=(
            "关于《竹筏运输规则（修订草案）》公开征求意见的通知 | https://www.demo.gov.cn/zwgk/tzgg/202609/t20260910_41.html | 2026-09-10 | -",
            "竹筏运输规则征求意见采纳情况反馈 | https://www.sub.demo.gov.cn/HDJL/202608/t20260808_42.html | 2026-08-08 | -",
        ),
    ),
    "table: number, title, document number, date in Chinese": Shape(
        html=page(
            """<table><thead><tr><th>序号</th><th>名称</th><th>文号</th><th>日期</th></tr></thead><tbody>
            <tr><td>1</td><td><a href="../../jigou/202609/t20260903_9.html">关于加强竹桥养护的指导意见</a></td><td>竹规〔2026〕3号</td><td>2026年09月03日</td></tr>
            <tr><td>2</td><td><a href="../../jigou/202607/t20260720_8.html">关于印发《竹桥检测规程》的通知</a></td><td></td><td>2026年7月20日</td></tr></tbody></table>"""
        ),
        rows=(
            "关于加强竹桥养护的指导意见 | https://www.demo.gov.cn/jigou/202609/t20260903_9.html | 2026-09-03 | -",
            "关于印发《竹桥检测规程》的通知 | https://www.demo.gov.cn/jigou/202607/t20260720_8.html | 2026-07-20 | -",
        ),
    ),
    "samr: a period of comment": Shape(
        html=page(
            """<ul><li class="zjnav04Left02_content"><div class="doctitle"><a href="/hd/art/2026/art_7690dba6fb90477cae8299c67f7966d9.html" title="关于公开征求《竹制品
标签
（征求意见稿）》意见的公告">关于公开征求《竹制品标签（征求意见稿）》意见的公告</a></div><div class="doctime tim">2026-09-18至2026-10-18</div><div class="docstatus stu">(进行中)</div></li>
            <li class="zjnav04Left02_content"><div class="doctitle"><a href="/hd/art/2026/art_52ab04656e214654b6255ef099d6bc01.html">关于公开征求《藤制品标签（征求意见稿）》意见的公告</a></div><div class="doctime tim">2026-08-01至2026-08-31</div><div class="docstatus stu">(已结束)</div></li></ul>"""
        ),
        rows=(
            "关于公开征求《竹制品标签（征求意见稿）》意见的公告 | https://www.demo.gov.cn/hd/art/2026/art_7690dba6fb90477cae8299c67f7966d9.html | 2026-09-18 | 2026-10-18",
            "关于公开征求《藤制品标签（征求意见稿）》意见的公告 | https://www.demo.gov.cn/hd/art/2026/art_52ab04656e214654b6255ef099d6bc01.html | 2026-08-01 | 2026-08-31",
        ),
    ),
    "mohurd: only the deadline": Shape(
        html=page(
            """<ul><li class="long-deta"><a href="/gk/art/2026/art_17339_793001.html" title="关于《竹结构设计标准（征求意见稿）》公开征求意见的通知"><span class="title-info">关于《竹结构设计标准（征求意见稿）》公开...</span></a><span class="date-info">截止日期  2026-10-31</span></li>
            <li class="long-deta"><a href="/gk/art/2026/art_17339_793000.html" title="关于《竹结构验收标准（征求意见稿）》公开征求意见的通知"><span class="title-info">关于《竹结构验收标准（征求意见稿）》公开...</span></a><span class="date-info">截止日期  2026-10-30</span></li></ul>"""
        ),
        rows=(
            "关于《竹结构设计标准（征求意见稿）》公开征求意见的通知 | https://www.demo.gov.cn/gk/art/2026/art_17339_793001.html | - | 2026-10-31",
            "关于《竹结构验收标准（征求意见稿）》公开征求意见的通知 | https://www.demo.gov.cn/gk/art/2026/art_17339_793000.html | - | 2026-10-30",
        ),
    ),
    "tc260: a script call instead of an address": Shape(
        html="""<div class="item"><a target="_blank" onclick="jumpDetail('3bb57023c00a464faf4c2f7b9a5524c7','2026-04-12')"> 关于国家标准《竹简数字化》征求意见的通知 </a><span>2026-02-11</span></div>""",
        url="https://www.std.demo.org.cn/portal/suggestion?page=1",
        rows=(
            "关于国家标准《竹简数字化》征求意见的通知 | https://www.std.demo.org.cn/portal/suggestion-detail/3bb57023c00a464faf4c2f7b9a5524c7 | 2026-02-11 | 2026-04-12",
        ),
    ),
    "old tc260: deadline in brackets": Shape(
        html=page(
            """<ul><li class="list-group-item"><a href="/front/postDetail.html?id=20260801093000">关于征求《竹纤维》标准意见的通知</a><span class="list_time">[截至日期:2026-09-30]</span></li>
            <li class="list-group-item"><a href="/front/postDetail.html?id=20260701093000">关于征求《藤纤维》标准意见的通知</a><span class="list_time">[截至日期:2026-08-30]</span></li></ul>"""
        ),
        rows=(
            "关于征求《竹纤维》标准意见的通知 | https://www.demo.gov.cn/front/postDetail.html?id=20260801093000 | - | 2026-09-30",
            "关于征求《藤纤维》标准意见的通知 | https://www.demo.gov.cn/front/postDetail.html?id=20260701093000 | - | 2026-08-30",
        ),
    ),
    "nda: a box of expert interpretations in the same row": Shape(
        html=page(
            """<ul class="u-list">
            <li><a href="../../art/0901/20260901120000123_pc.html">关于印发《竹产业数据要素行动计划》的通知</a><span>2026.09.01</span>
              <div class="jd"><a href="/jd/1/20260902120000123_pc.html">专家解读之一：竹产业数据怎么用</a><a href="/jd/2/20260903120000123_pc.html">专家解读之二：竹产业数据谁来管</a></div></li>
            <li><a href="../../art/0801/20260801120000123_pc.html">关于竹产业公共数据登记的通知</a><span>2026.08.01</span></li></ul>"""
        ),
        rows=(
            "关于印发《竹产业数据要素行动计划》的通知 | https://www.demo.gov.cn/art/0901/20260901120000123_pc.html | 2026-09-01 | -",
            "关于竹产业公共数据登记的通知 | https://www.demo.gov.cn/art/0801/20260801120000123_pc.html | 2026-08-01 | -",
        ),
        url="https://www.demo.gov.cn/sjj/tzgg/index.html",
    ),
    "mof: no dates but in the addresses, other hosts": Shape(
        html=page(
            """<ul class="liBox"><li><a href="http://jjs.demo.gov.cn/zc/202604/t20260409_3987.htm">关于竹制品出口退税政策的公告</a></li>
            <li><a href="http://gss.demo.gov.cn/zc/202603/t20260331_3986.htm">关于调整竹浆进口关税的通知</a></li>
            <li><a href="http://gss.demo.gov.cn/zc/202603/t20260302_3985.htm">关于藤条进口暂定税率的通知</a></li></ul>"""
        ),
        rows=(
            "关于竹制品出口退税政策的公告 | http://jjs.demo.gov.cn/zc/202604/t20260409_3987.htm | 2026-04-09 | -",
            "关于调整竹浆进口关税的通知 | http://gss.demo.gov.cn/zc/202603/t20260331_3986.htm | 2026-03-31 | -",
            "关于藤条进口暂定税率的通知 | http://gss.demo.gov.cn/zc/202603/t20260302_3985.htm | 2026-03-02 | -",
        ),
    ),
    "pbc: folders named by a time stamp, a table row per paper": Shape(
        html=page(
            """<table><tr><td><font class="newslist_style"><a istitle="true" href="/tfs/144941/2026041715444050196/index.html" title="竹业贷款管理办法">竹业贷款管理办法</a></font><span class="hui12">2026-04-17</span></td></tr>
            <tr><td><font class="newslist_style"><a istitle="true" href="/tfs/144941/2026031715444050195/index.html">关于竹业绿色债券的通知</a></font><span class="hui12">2026-03-17</span></td></tr></table>"""
        ),
        rows=(
            "竹业贷款管理办法 | https://www.demo.gov.cn/tfs/144941/2026041715444050196/index.html | 2026-04-17 | -",
            "关于竹业绿色债券的通知 | https://www.demo.gov.cn/tfs/144941/2026031715444050195/index.html | 2026-03-17 | -",
        ),
    ),
    "samr antitrust: title and date are siblings in a box per paper": Shape(
        html=page(
            """<div class="gts_contentLeftListbox">
            <ul><li class="gts_contentLeftList01"><a href="/jz/art/2026/art_aa90dba6fb90477cae8299c67f7966d9.html">关于《竹业反垄断指引》公开征求意见的公告</a></li><li class="gts_contentLeftList01time">2026-05-06</li></ul>
            <ul><li class="gts_contentLeftList01"><a href="/jz/art/2026/art_bb90dba6fb90477cae8299c67f7966d9.html">关于《藤业反垄断指引》公开征求意见的公告</a></li><li class="gts_contentLeftList01time">2026-04-05</li></ul></div>"""
        ),
        rows=(
            "关于《竹业反垄断指引》公开征求意见的公告 | https://www.demo.gov.cn/jz/art/2026/art_aa90dba6fb90477cae8299c67f7966d9.html | 2026-05-06 | -",
            "关于《藤业反垄断指引》公开征求意见的公告 | https://www.demo.gov.cn/jz/art/2026/art_bb90dba6fb90477cae8299c67f7966d9.html | 2026-04-05 | -",
        ),
    ),
    "dt and dd in turn": Shape(
        html=page(
            """<dl><dt><a href="/c/2026/10386242.html">关于竹木运输检疫的公告</a></dt><dd>2026-06-06</dd>
            <dt><a href="/c/2026/10386241.html">关于藤木运输检疫的公告</a></dt><dd>2026-06-05</dd></dl>"""
        ),
        rows=(
            "关于竹木运输检疫的公告 | https://www.demo.gov.cn/c/2026/10386242.html | 2026-06-06 | -",
            "关于藤木运输检疫的公告 | https://www.demo.gov.cn/c/2026/10386241.html | 2026-06-05 | -",
        ),
    ),
    "links and dates in one running box": Shape(
        html=page(
            """<div class="con">·<a href="c123456.html">关于竹席质量抽查结果的通报</a>（2026-03-15）<br>
            ·<a href="c123455.html">关于藤席质量抽查结果的通报</a>（2026-03-14）<br></div>"""
        ),
        rows=(
            "关于竹席质量抽查结果的通报 | https://www.demo.gov.cn/zwgk/tzgg/c123456.html | 2026-03-15 | -",
            "关于藤席质量抽查结果的通报 | https://www.demo.gov.cn/zwgk/tzgg/c123455.html | 2026-03-14 | -",
        ),
    ),
    "day and month in two boxes": Shape(
        html=page(
            """<ul><li><div class="rq"><b>28</b><span>2026-09</span></div><a href="content_7001.htm">关于竹乡旅游服务规范的通知</a></li>
            <li><div class="rq"><b>7</b><span>2026-09</span></div><a href="content_7000.htm">关于竹乡民宿服务规范的通知</a></li></ul>"""
        ),
        rows=(
            "关于竹乡旅游服务规范的通知 | https://www.demo.gov.cn/zwgk/tzgg/content_7001.htm | 2026-09-28 | -",
            "关于竹乡民宿服务规范的通知 | https://www.demo.gov.cn/zwgk/tzgg/content_7000.htm | 2026-09-07 | -",
        ),
    ),
    "hanweb: rows kept in CDATA for a script": Shape(
        html=page(
            """<script type="text/xml"><datastore><recordset>
            <record><![CDATA[<li><a href="/art/2026/9/2/art_74_201.html" title="关于竹产地标志保护的公告">关于竹产地标志保护的公告</a><span>2026-09-02</span></li>]]></record>
            <record><![CDATA[<li><a href="/art/2026/9/1/art_74_200.html">关于藤产地标志保护的公告</a><span>2026-09-01</span></li>]]></record>
            </recordset></datastore></script>"""
        ),
        rows=(
            "关于竹产地标志保护的公告 | https://www.demo.gov.cn/art/2026/9/2/art_74_201.html | 2026-09-02 | -",
            "关于藤产地标志保护的公告 | https://www.demo.gov.cn/art/2026/9/1/art_74_200.html | 2026-09-01 | -",
        ),
    ),
    "a base address": Shape(
        html=page(
            """<ul><li><a href="zc/t20260505_2.html">关于竹材交易的通知</a><span>2026-05-05</span></li>
            <li><a href="zc/t20260504_1.html">关于藤材交易的通知</a><span>2026-05-04</span></li></ul>""",
            head='<base href="https://zc.demo.gov.cn/root/">',
        ),
        rows=(
            "关于竹材交易的通知 | https://zc.demo.gov.cn/root/zc/t20260505_2.html | 2026-05-05 | -",
            "关于藤材交易的通知 | https://zc.demo.gov.cn/root/zc/t20260504_1.html | 2026-05-04 | -",
        ),
    ),
    "a list in parts of five": Shape(
        html=page(
            "".join(
                '<ul class="five">'
                + "".join(
                    f'<li><a href="/x/2026/c_10000{n}.html">关于第{n}批竹种名录的公告</a><span>2026-05-0{n}</span></li>'
                    for n in part
                )
                + "</ul>"
                for part in ((6, 5), (4, 3))
            )
        ),
        rows=tuple(
            f"关于第{n}批竹种名录的公告 | https://www.demo.gov.cn/x/2026/c_10000{n}.html | 2026-05-0{n} | -"
            for n in (6, 5, 4, 3)
        ),
    ),
    "no dates at all, but papers": Shape(
        html=page(
            """<ul><li><a href="/x/2026/c_100003.html">关于竹产品认证目录的公告</a></li>
            <li><a href="/x/2026/c_100002.html">竹产品认证实施规则（试行）</a></li>
            <li><a href="/x/2026/c_100001.html">竹产品认证机构管理办法</a></li>
            <li><a href="/x/index.html">更多&gt;&gt;</a></li></ul>"""
        ),
        rows=(
            "关于竹产品认证目录的公告 | https://www.demo.gov.cn/x/2026/c_100003.html | - | -",
            "竹产品认证实施规则（试行） | https://www.demo.gov.cn/x/2026/c_100002.html | - | -",
            "竹产品认证机构管理办法 | https://www.demo.gov.cn/x/2026/c_100001.html | - | -",
        ),
    ),
    "one row only": Shape(
        html=page(
            '<ul class="list"><li><a href="t20260505_2.html">关于竹材交易的通知</a><span>2026-05-05</span></li></ul>'
        ),
        rows=(
            "关于竹材交易的通知 | https://www.demo.gov.cn/zwgk/tzgg/t20260505_2.html | 2026-05-05 | -",
        ),
    ),
}
