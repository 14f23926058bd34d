"""Fixed-layout pages to paragraphs: lines joined, furniture off, and PDFs that cannot be read."""

import io
import re
import sys
from collections.abc import Iterable
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.real import shared
from watcher.extract.attachment import read_attachment
from watcher.extract.attachment.layout import SOFT_HYPHEN, Line, Sheet, paragraphs

Drawn = tuple[float, float, float, str]
"""Distance from the left and the top, size, text; in points."""
WIDTH, HEIGHT = 595, 842
LEFT, TOP, SIZE, STEP, COLUMNS = 90, 120, 16, 28, 26
SENTENCE = "竹材经营者应当建立台账，如实记录竹材的来源、数量、规格和去向，并于每年一月底前向主管部门报送上一年度的经营情况。"


def pdf(*pages: Iterable[Drawn], trailer: str = "") -> bytes:
    """A PDF whose font says which characters it draws, a full-width or half-width each."""
    drawn = [list(page) for page in pages]
    letters = sorted({c for page in drawn for *_, text in page for c in text})
    codes = "\n".join(f"<{ord(c):04x}> <{ord(c):04x}>" for c in letters)
    unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def"
        f" 1 begincodespacerange <0000> <ffff> endcodespacerange {len(letters)} beginbfchar {codes}"
        " endbfchar endcmap end end"
    )
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "",
        "<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/F/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[32 126 500]/FontDescriptor 6 0 R>>",
        f"<</Length {len(unicode)}>>stream\n{unicode}\nendstream",
        "<</Type/FontDescriptor/FontName/F/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
    ]
    kids = []
    for page in drawn:
        content = "".join(_shown(*line) for line in page)
        parts.append(f"<</Length {len(content)}>>stream\n{content}endstream")
        parts.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]"
            f"/Resources<</Font<</F 3 0 R>>>>/Contents {len(parts)} 0 R>>"
        )
        kids.append(f"{len(parts)} 0 R")
    parts[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(f"{len(body):010d} 00000 n \n")
        body += f"{number} 0 obj\n{part}\nendobj\n".encode()
    return (
        body
        + (
            f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{''.join(places)}"
            f"trailer<</Size {len(parts) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(body)}\n%%EOF"
        ).encode()
    )


def _shown(left: float, down: float, size: float, text: str) -> str:
    codes = "".join(f"{ord(c):04x}" for c in text)
    slant = "0.7 0.7 -0.7 0.7" if text.startswith("内部") else "1 0 0 1"
    return f"BT /F {size} Tf {slant} {left} {HEIGHT - down} Tm <{codes}> Tj ET\n"


def page_of(*texts: str, indent: int = 2, number: str = "", head: str = "") -> list[Drawn]:
    """A page as a word processor sets it: 26 characters a line, first lines indented."""
    lines: list[Drawn] = [(250, 50, 9, head)] if head else []
    down = TOP
    for text in texts:
        first = indent
        while text:
            lines.append((LEFT + SIZE * first, down, SIZE, text[: COLUMNS - first]))
            text, first, down = text[COLUMNS - first :], 0, down + STEP
    return [*lines, (290, 790, 12, number)] if number else lines


def lines_of(body: bytes) -> list[str]:
    read = read_attachment(body)
    assert (read.kind, read.quality, read.reason) == ("pdf", "ok", None)
    return read.text.split("\n")


def test_sentences_are_joined_across_lines() -> None:
    page = page_of("第一条 " + SENTENCE, "第二条 " + SENTENCE, "（一）毛竹；", SENTENCE)
    assert lines_of(pdf(page)) == [
        "第一条 " + SENTENCE,
        "第二条 " + SENTENCE,
        "（一）毛竹；",
        SENTENCE,
    ]


def test_sentences_are_joined_across_pages() -> None:
    cut = 2 * COLUMNS - 2
    pages = page_of(SENTENCE[:cut], number="— 1 —"), page_of(SENTENCE[cut:], indent=0, number="— 2 —")  # fmt: skip
    assert lines_of(pdf(*pages)) == [SENTENCE]


def test_a_paragraph_that_fills_its_last_line_ends_there() -> None:
    full = SENTENCE[: 2 * COLUMNS - 3] + "。"
    assert lines_of(pdf(page_of(full, full, "末段。"))) == [full, full, "末段。"]


def test_paragraphs_that_are_not_indented_end_with_their_sentence() -> None:
    full = SENTENCE[: 2 * COLUMNS - 1] + "。"
    page = page_of(full, full, "第三条 " + SENTENCE, indent=0)
    assert lines_of(pdf(page)) == [full, full, "第三条 " + SENTENCE]


@pytest.mark.parametrize("number", ["— {} —", "- {} -", "{}", "第 {} 页", "第{}页 共5页", "{} / 5"])
def test_page_numbers_and_heads_go(number: str) -> None:
    texts = [f"{SENTENCE}{n}" for n in "甲乙丙丁戊"]
    pages = [
        page_of(text, head="竹材管理办法", number=number.format(n))
        for n, text in enumerate(texts, 1)
    ]
    assert lines_of(pdf(*pages)) == texts


def test_heads_of_left_and_right_pages_go() -> None:
    texts = [f"{SENTENCE}{n}" for n in "甲乙丙丁戊己"]
    heads = cycle(["竹材管理办法", "国家竹木局公告"])
    pages = [page_of(text, head=next(heads)) for text in texts]
    assert lines_of(pdf(*pages)) == texts


def test_a_watermark_goes_and_a_table_keeps_its_head_once() -> None:
    rows = [(LEFT, 400, SIZE, "序号"), (LEFT + 200, 400, SIZE, "单位名称")]
    mark = (200, 600, 40, "内部资料")
    pages = [[*page_of(f"{SENTENCE}{n}"), *rows, mark] for n in "甲乙丙"]
    assert lines_of(pdf(*pages)) == [f"{SENTENCE}甲", "序号 单位名称", f"{SENTENCE}乙", f"{SENTENCE}丙"]  # fmt: skip


def test_the_heads_of_annexes_stay() -> None:
    pages = [[(LEFT, 70, SIZE, f"附件{n}"), *page_of(f"{SENTENCE}{n}")] for n in range(1, 5)]
    assert [line for line in lines_of(pdf(*pages)) if line.startswith("附件")] == ["附件1", "附件2", "附件3", "附件4"]  # fmt: skip


def test_numbers_inside_a_page_stay() -> None:
    page = [*page_of(SENTENCE), (LEFT, 400, SIZE, "12"), (LEFT, 500, SIZE, "总计")]
    assert lines_of(pdf(page)) == [SENTENCE, "12", "总计"]


def line(text: str, left: float = 0, right: float = 100, down: float = 50, size: float = 4) -> Line:
    return Line(text=text, left=left, right=right, down=down, size=size)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("Bamboo deal", 8), line("ers keep", right=60)], ["Bamboo deal ers keep"]),
        ([line("Bamboo deal" + SOFT_HYPHEN, 8), line("ers", right=60)], ["Bamboo dealers"]),
        ([line("按照", 8, 70), line("GB/T19973规定", right=90)], ["按照GB/T19973规定"]),
        ([line("按照", 8, 70), line("规定办理", right=90)], ["按照", "规定办理"]),
        ([line("目录", 40, 60), line("一、总则......4", 0), line("二、经营......5", 0)],
         ["目录", "一、总则......4", "二、经营......5"]),
        ([line("标题甲乙丙丁", 8, size=8), line("正文", 0)], ["标题甲乙丙丁", "正文"]),
        ([line("甲", 0, 20), line("乙", 60, 80)], ["甲 乙"]),
        ([line("甲", 0, 20), line("乙", 20.5, 80)], ["甲乙"]),
        ([], []),
    ],
)  # fmt: skip
def test_lines_and_words(lines: list[Line], expected: list[str]) -> None:
    below = [
        line if line.left >= 20 and n and lines[n - 1].right <= line.left else
        Line(text=line.text, left=line.left, right=line.right, down=50.0 + 6 * n, size=line.size)
        for n, line in enumerate(lines)
    ]  # fmt: skip
    assert paragraphs([Sheet(width=120, height=200, lines=tuple(below))]) == expected


@given(
    st.lists(
        st.lists(
            st.builds(
                Line,
                text=st.text(min_size=1, max_size=9),
                left=st.floats(0, 500),
                right=st.floats(0, 600),
                down=st.floats(0, 842),
                size=st.floats(0.1, 40),
            ),
            max_size=6,
        ),
        max_size=5,
    )
)
def test_any_layout_gives_lines(pages: list[list[Line]]) -> None:
    sheets = [Sheet(width=595, height=842, lines=tuple(lines)) for lines in pages]
    assert all(text and "\n" not in text for text in paragraphs(sheets))


ENCRYPTED = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{0}>/U<{0}>>>/ID[<00><00>]".format("41" * 32)


@pytest.mark.parametrize(
    ("body", "quality", "says"),
    [
        (pdf([]), "no-text", "pictures"),
        (pdf([(LEFT, 790, 12, "— 1 —")]), "no-text", "pictures"),
        (pdf(page_of("\ue001\ue002\ue003\ue004甲")), "no-text", "fonts"),
        (pdf(page_of(SENTENCE), trailer=ENCRYPTED), "encrypted", "password"),
        (pdf(page_of(SENTENCE))[:200], "corrupt", ""),
        (b"\n\n%PDF-1.7\nbroken", "corrupt", ""),
    ],
)  # fmt: skip
def test_pdfs_that_cannot_be_read_say_why(body: bytes, quality: str, says: str) -> None:
    read = read_attachment(body, "a.doc")
    assert (read.kind, read.quality, read.text) == ("pdf", quality, "")
    assert says in (read.reason or "")


def test_a_pdf_of_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.extract.attachment.pdf._PAGES", 1)
    assert read_attachment(pdf([], [])).quality == "too-large"
    monkeypatch.setattr("watcher.extract.attachment.pdf.CHARACTERS", 9)
    assert read_attachment(pdf(page_of(SENTENCE))).quality == "too-large"


def test_without_the_extra_a_pdf_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    read = read_attachment(b"%PDF-1.7\n")
    assert (read.kind, read.quality) == ("pdf", "unsupported")
    assert "watcher[attachments]" in (read.reason or "")


def real() -> bytes:
    (file,) = shared("sites/files/attachments/nmpa_cmde").glob("*.pdf")
    return file.read_bytes()


def test_pages_that_lie_on_their_side_read_alike() -> None:
    import pypdfium2 as pdfium

    whole, first, turned = (
        pdfium.PdfDocument(real()),
        pdfium.PdfDocument.new(),
        pdfium.PdfDocument.new(),
    )
    pages = range(3, 8)
    first.import_pages(whole, list(pages))
    for number in pages:
        picture = whole.page_as_xobject(number, turned).as_pageobject()
        page = turned.new_page(842, 595)
        picture.set_matrix(pdfium.PdfMatrix(0, 1, -1, 0, 842, 0))
        page.insert_obj(picture)
        page.set_rotation(90)
        page.gen_content()
    upright, on_its_side = (saved(document) for document in (first, turned))
    assert lines_of(on_its_side) == lines_of(upright)


def saved(document: Any) -> bytes:
    box = io.BytesIO()
    document.save(box)
    return box.getvalue()


def test_a_real_draft_is_read_in_sentences() -> None:
    lines = lines_of(real())
    long = [text for text in lines if len(text) > 60 and "..." not in text]
    whole = [text for text in long if re.search(r"[。；：）]$", text)]
    assert len(long) > 50
    assert len(whole) >= 0.95 * len(long)
    assert not any(re.fullmatch(r"\d+|征求意见稿", text) for text in lines)
