"""Where a jpaas column page gets its list from."""

from urllib.parse import parse_qs, urlsplit

import pytest

from watcher.extract.lists.jpaas import unit_url
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


@pytest.mark.parametrize(
    ("data", "passed_on"),
    [
        ("""{'webId':'w1','paramJson':'{&quot;pageNo&quot;:1,&quot;pageSize&quot;:&quot;24&quot;}'}""", '{"pageNo":1,"pageSize":"24"}'),
        ("""{&quot;webId&quot;:&quot;w1&quot;,&quot;paramJson&quot;:{&quot;pageNo&quot;: 1}}""", '{"pageNo":1}'),
        ("""{'webId':'w1','paramJson':'{\\'pageNo\\':1}'}""", '{"pageNo":1}'),
        ("""{'webId':'w1','paramJson':'{'pageNo':1}'}""", None),
        ("""{'webId':'w1'}""", None),
    ],
)  # fmt: skip
def test_a_nested_parameter_is_passed_on_as_compact_json(data: str, passed_on: str | None) -> None:
    html = f'<html><body><script url="{GATEWAY}" querydata="{data}"></script></body></html>'
    found = unit_url(Page(url=URL, body=html.encode()))
    assert found is not None
    query = {name: values[0] for name, values in parse_qs(urlsplit(found).query).items()}
    assert (query["webId"], query.get("paramJson")) == ("w1", passed_on)


def test_other_pages_are_no_column_pages() -> None:
    assert unit_url(Page(url=URL, body=b"<html><body><p>querydata</p></body></html>")) is None
    assert unit_url(Page(url=URL, body=b"{}")) is None
    assert unit_url(Page(url=URL, body=b"")) is None
