"""Where a jpaas column page gets its list from."""

from urllib.parse import parse_qs, urlsplit

from watcher.extract.jpaas import unit_url
from watcher.model import Page

GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"

COLUMN = """<html><head><meta charset="utf-8"></head><body>
<script url="{path}" querydata="{{'parseType':'buildstatic','webId':'w1','tplSetId':'t1','pageType':'page','tagId':'导航','pageId':'p1'}}"></script>
<script url="{path}" querydata="{{'parseType':'bulidstatic','webId':'w1','tplSetId':'t1','pageType':'column','tagId':'右侧内容','editType':'null','pageId':'p1'}}"></script>
</body></html>"""
URL = "https://www.demo.gov.cn/gzcy/yjzj/index.html"


def test_the_list_unit_is_chosen_and_its_chinese_tag_is_utf8() -> None:
    found = unit_url(Page(url=URL, body=COLUMN.format(path=GATEWAY).encode()))
    assert found is not None
    parts = urlsplit(found)
    assert (parts.netloc, parts.path) == ("www.demo.gov.cn", GATEWAY)
    assert "tagId=%E5%8F%B3%E4%BE%A7%E5%86%85%E5%AE%B9" in parts.query
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert query["parseType"] == "bulidstatic"
    assert query["pageId"] == "p1"


def test_a_nested_parameter_is_passed_on_as_compact_json() -> None:
    data = """{'webId':'w1','paramJson':'{\\'pageNo\\':1}','pageType':'column'}"""
    html = f'<html><body><script url="{GATEWAY}" querydata="{data}"></script></body></html>'
    found = unit_url(Page(url=URL, body=html.encode()))
    assert found is not None
    assert "webId=w1" in found


def test_other_pages_are_no_column_pages() -> None:
    assert unit_url(Page(url=URL, body=b"<html><body><p>querydata</p></body></html>")) is None
    assert unit_url(Page(url=URL, body=b"{}")) is None
    assert unit_url(Page(url=URL, body=b"")) is None
