"""What is written into sources.yaml: it reads back as meant, and the rest of the file stays as it was."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.real import ROOT
from watcher.config import load
from watcher.config.entries import add_to_file, block, flow, insert, name_from, source_id, span
from watcher.errors import ConfigError
from watcher.settings import DetailRule, Manners, Rule, Source, Structure

LAMPS = Source(
    id="lamps", name="灯具局", kind="listing", url="https://a.example/", every=timedelta(minutes=30)
)
FULL = Source(
    id="lamp-drafts",
    name='灯具局: "意见" #1, {征集}',
    kind="endpoint",
    url="https://a.example/x?q=[1,2]&t=#/a",
    every=timedelta(hours=2),
    body="MIIT",
    timezone="Asia/Urumqi",
    rule=Rule(preset="json", row="data.list", title="a", next="null"),
    detail=DetailRule(follow=False, body=".TRS_Editor > p:nth-of-type(2)", attachments="[href]"),
    fallback="lamps",
    complete=True,
    allow_empty=True,
    alert_since=date(2026, 11, 1),
    manners=Manners(
        tls="legacy",
        headers=(("Referer", "https://a.example/ x"), ("X-On", "on")),
        user_agent="Mozilla/5.0 (x; y)",
        cookies=True,
        gap=timedelta(seconds=90),
        robots="ignore",
        render=True,
    ),
    structure=Structure(seen=date(2026, 9, 20), sure="high"),
    enabled=False,
)


def loaded(folder: Path, text: str) -> tuple[Source, ...]:
    path = folder / "sources.yaml"
    path.write_bytes(text.encode())
    return load(path, {}).sources


@pytest.mark.parametrize(
    "source", [LAMPS, FULL, replace(FULL, id="x", body=None)], ids=lambda s: s.id
)
def test_what_is_written_reads_back_as_meant(tmp_path: Path, source: Source) -> None:
    others = [LAMPS] if source.fallback else []
    expected = (*others, source)
    text = "sources:\n" + "".join(map(block, expected))
    assert loaded(tmp_path, text) == expected
    text = f"sources: [{', '.join(map(flow, expected))}]\n"
    assert loaded(tmp_path, text) == expected


def test_a_library_needs_no_address(tmp_path: Path) -> None:
    text = "sources:\n  - {id: nhc-library, kind: library, body: NHC}\n"
    (library,) = loaded(tmp_path, text)
    assert "url" not in block(library)
    assert loaded(tmp_path, "sources:\n" + block(library)) == (library,)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.text(max_size=30))
def test_any_scraped_name_can_be_written(tmp_path: Path, words: str) -> None:
    source = replace(LAMPS, name=name_from(words) or LAMPS.id)
    assert loaded(tmp_path, "sources:\n" + block(source)) == (source,)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.miit.gov.cn/gzcy/yjzj/index.html", "miit-yjzj"),
        ("https://www.mofcom.gov.cn/zcfb/index.html", "mofcom-zcfb"),
        ("https://www.pbc.gov.cn/tiaofasi/144941/3581332/index.html", "pboc-tiaofasi-3581332"),
        ("https://merics.org/en/rss", "merics-rss"),
        ("https://www.chinalawtranslate.com/feed/", "chinalawtranslate-feed"),
        ("https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json", "gov-zuixinzhengce"),
        ("https://jxj.beijing.gov.cn/jxdt/tzgg/", "bj-jxj-tzgg"),
        ("http://127.0.0.1:8080/list.html", "127-0-0-1"),
        ("http://127.0.0.1:8080/%E9%80%9A%E7%9F%A5/", "127-0-0-1"),
        ("https://例え.jp/", "jp"),
        ("https://x.example/" + "a" * 200, "x-example-" + "a" * 30),
    ],
)
def test_ids(url: str, expected: str) -> None:
    assert source_id(url, set()) == expected
    assert source_id(url, {expected}) == f"{expected}-2"
    assert source_id(url, {expected, f"{expected}-2"}) == f"{expected}-3"


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(seconds=90), "90s"),
        (timedelta(minutes=30), "30m"),
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=2), "2h"),
        (timedelta(days=7), "7d"),
        (timedelta(0), "0s"),
    ],
)
def test_durations(length: timedelta, written: str) -> None:
    assert span(length) == written


OLD = '{id: a, kind: feed, url: "https://x.example/"}'
FORMS = {
    "block of braces": f"# 头\nsources:\n  # one\n  - {OLD}   # 尾\n\n# teams\nteams: []\n",
    "braces on two lines": 'sources:\n  - {id: a, kind: feed,   # high\n     url: "https://x.example/"}\n',
    "block of blocks": (
        "sources:\n  - id: a\n    kind: feed\n    url: https://x.example/   # 注\n    # more\n"
        "\n  # the end\nweb:\n  port: 8001\n"
    ),
    "no indent": f"sources:\n- {OLD}\n- id: b\n  kind: feed\n  url: https://y.example/\n",
    "deep indent": f"sources:\n      - {OLD}\n",
    "last key empty": "sources:\n  - id: a\n    kind: feed\n    url: https://x.example/\n    body:\n\n# x\nteams:\n",
    "last value nested": (
        "sources:\n  - id: a\n    kind: listing\n    url: https://x.example/\n    rule:\n"
        "      row: li\n      # why\nteams: []\n"
    ),
    "block scalar": "sources:\n  - id: a\n    kind: feed\n    url: >-\n      https://x.example/\n\n\nteams: []\n",
    "in brackets": f"sources: [{OLD}]\nteams: []\n",
    "in brackets, a comma at the end": f"sources: [\n  {OLD},  # one\n]\n",
    "empty brackets": "sources: []\nteams: []\n",
    "all braces": f"{{sources: [{OLD}], teams: []}}\n",
    "no newline at the end": f"sources:\n  - {OLD}",
    "windows": f"# 头\r\nsources:\r\n  - {OLD}  # 尾\r\n\r\nteams: []\r\n",
    "byte order mark": f"\ufeffsources:\n  - {OLD}\n",
    "quoted key": f'"sources":\n  - {OLD}\n',
    "after teams": f"teams: []\nsources:\n  - {OLD}\n# the end",
    "document marks": f"---\nsources:\n  - {OLD}\n...\n",
    "astral": f"# 😀𠀀\nsources:\n  - {OLD} # 😀\nteams: []\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_file_of_any_form_is_added_to(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(text.encode())
    path.chmod(0o640)
    before = load(path, {}).sources
    add_to_file(path, [LAMPS, replace(FULL, fallback=None)])
    after = path.read_bytes().decode()
    assert load(path, {}).sources == (*before, LAMPS, replace(FULL, fallback=None))
    assert path.stat().st_mode & 0o777 == 0o640
    lines = iter(after.splitlines())
    if not text.splitlines()[0].startswith(("sources: [", "{")):
        assert all(line in lines for line in text.splitlines()), "every old line stands, in order"
    assert after.count("\r\n") == (after.count("\n") if "\r\n" in text else 0)
    assert [p.name for p in tmp_path.iterdir()] == ["sources.yaml"]


def test_the_shipped_file_is_added_to(tmp_path: Path) -> None:
    shipped = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    after = insert(shipped, [LAMPS])
    assert after.replace(block(LAMPS), "", 1) == shipped
    assert after.index("id: lamps") < after.index("--- who hears of it")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text(FORMS["in brackets"], encoding="utf-8")
    link = tmp_path / "sources.yaml"
    link.symlink_to(real)
    add_to_file(link, [LAMPS])
    assert link.is_symlink()
    assert [source.id for source in load(real, {}).sources] == ["a", "lamps"]


@pytest.mark.parametrize(
    ("text", "source", "says"),
    [
        (FORMS["no indent"], replace(LAMPS, id="a"), "duplicate id 'a'"),
        (FORMS["no indent"], replace(LAMPS, url="https://a b/"), "holds a blank"),
        (FORMS["no indent"], replace(LAMPS, kind="no"), "no kind 'no'"),
        (f"sources:\n  - &x {OLD}\n  - *x\n", LAMPS, "duplicate id"),
        ("sources:\n", LAMPS, "required"),
        (f"lists: &l\n  - {OLD}\nsources: *l\n", LAMPS, "unknown key"),
    ],
)
def test_what_cannot_be_added_changes_nothing(
    tmp_path: Path, text: str, source: Source, says: str
) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        add_to_file(path, [source])
    assert path.read_text(encoding="utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == ["sources.yaml"]


def test_the_time_zone_of_the_file_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(f"defaults: {{timezone: Asia/Urumqi}}\nsources:\n  - {OLD}\n", encoding="utf-8")
    add_to_file(path, [replace(LAMPS, timezone="Asia/Urumqi"), replace(LAMPS, id="b")])
    assert [s.timezone for s in load(path, {}).sources[1:]] == ["Asia/Urumqi", "Asia/Shanghai"]
    assert path.read_text(encoding="utf-8").count("Urumqi") == 1


def test_what_would_read_back_otherwise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(FORMS["windows"], encoding="utf-8", newline="")
    with pytest.raises(ConfigError, match="paste the YAML by hand"):
        add_to_file(path, [replace(LAMPS, name=" 灯具局")])
    assert path.read_bytes().decode() == FORMS["windows"]
