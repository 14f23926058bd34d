"""What a reader is shown of a title: the translation with its mark, else the gloss."""

import pytest

from tests.real import ROOT
from watcher.gloss import Translation, gloss, key_of, reading
from watcher.gloss.reading import GLOSSARY
from watcher.model import Classification, Document, EnglishTitle, Facts

MADE = Translation(text="Notice on lamps", by="DeepL")


def paper(title: str, facts: Facts | None = None) -> Document:
    return Document(
        id=1,
        source_id="lamps",
        url=None,
        title=title,
        facts=facts or Facts(),
        classification=Classification(),
    )


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "关于灯具的通知",
            EnglishTitle(text="Notice on lamps", by="machine translation, DeepL", machine=True),
        ),
        ("关于风筝的通知", EnglishTitle(text="Notice on 风筝", by=GLOSSARY)),
        (
            "网络数据安全管理条例",
            EnglishTitle(text="Network Data Security Management Regulations", by=GLOSSARY),
        ),
        ("Notice  on Kites", None),
    ],
)
def test_a_reading(title: str, shown: EnglishTitle | None) -> None:
    translations = {"关于灯具的通知": MADE, "网络数据安全管理条例": MADE, "Notice on Kites": MADE}
    assert reading(paper(title), translations) == shown


def test_a_reading_knows_the_papers_facts() -> None:
    facts = Facts(bodies=("MIIT", "+2"))
    shown = reading(paper("三部门关于灯具的通知", facts), {})
    assert shown is not None
    assert shown.text == "MIIT and 2 others · Notice on 灯具"


def test_a_key_is_of_the_words_not_of_the_blanks() -> None:
    assert key_of(" 灯具\n通知 ") == key_of("灯具 通知")
    assert key_of("灯具通知") != key_of("灯具通告")


def test_the_example_of_the_docs_is_right() -> None:
    text = (ROOT / "docs" / "translation.md").read_text(encoding="utf-8")
    title, shown = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    assert gloss(title).text == shown
