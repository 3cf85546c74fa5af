"""Any Word file: every character of its XML stands in a block or in the ledger."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.formats.docx import read_docx
from tests.support.word_files import (
    abstract,
    cell,
    docx,
    level,
    lost,
    numbered,
    paragraph,
    row,
    run,
    style,
    table,
)

pytestmark = pytest.mark.slow

WORDS = st.text("甲乙丙丁项目补助2025年10%-<&（）①²㎡；。： \n", min_size=1, max_size=8)
LOOKS = st.sampled_from(
    (
        "", "", "", "<w:b/>", "<w:vanish/>", "<w:strike/>", '<w:vertAlign w:val="superscript"/>',
        '<w:vertAlign w:val="subscript"/>', '<w:rStyle w:val="Up"/>', '<w:rStyle w:val="Hide"/>', '<w:vanish w:val="0"/>',
    )
)  # fmt: skip
STYLES = (
    style("Up", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>', sort="character")
    + style("Hide", "<w:rPr><w:vanish/></w:rPr>", sort="character")
    + style("H", label="heading 1")
    + style("T", label="toc 1")
    + style("Secret", "<w:rPr><w:vanish/></w:rPr>")
    + style("Listed", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
)
NUMBERING = abstract(0, level("第%1条", "chineseCounting"), level("%1.%2", index=1)) + numbered(1, 0) + numbered(2, 0)
MARKS = st.sampled_from(("", "", "", "", '<w:rPr><w:del w:id="1"/></w:rPr>', "<w:rPr><w:vanish/></w:rPr>"))
ABOUT = st.sampled_from(
    (
        "",
        "",
        '<w:pStyle w:val="H"/>',
        '<w:pStyle w:val="T"/>',
        '<w:pStyle w:val="Secret"/>',
        '<w:pStyle w:val="Listed"/>',
    )
    + tuple(
        f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>'
        for depth in (0, 1)
        for name in (0, 1, 2)
    )
)
WRAPPERS = st.sampled_from(
    (
        "{}", "{}", "<w:ins>{}</w:ins>", "<w:del>{}</w:del>", "<w:moveFrom>{}</w:moveFrom>", "<w:moveTo>{}</w:moveTo>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", "<w:hyperlink>{}</w:hyperlink>", '<w:fldSimple w:instr="PAGE">{}</w:fldSimple>',
        "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
        "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>{}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>{}',
        "<w:r><w:pict><v:textbox><w:txbxContent><w:p>{}</w:p></w:txbxContent></v:textbox></w:pict></w:r>",
        "<m:oMath><m:f><m:num>{}</m:num><m:den>{}</m:den></m:f></m:oMath>",
    )
)  # fmt: skip
REFERENCES = st.sampled_from(
    ('<w:r><w:footnoteReference w:id="1"/></w:r>', '<w:r><w:footnoteReference w:id="7"/></w:r>')
)


@st.composite
def wrapped(draw: st.DrawFn) -> str:
    content = run(draw(WORDS), draw(LOOKS))
    for wrapper in draw(st.lists(WRAPPERS, max_size=2)):
        content = wrapper.replace("{}", content)
    return content


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    runs = draw(st.lists(wrapped() | REFERENCES, min_size=1, max_size=4))
    return paragraph("".join(runs), draw(ABOUT) + draw(MARKS))


CELL_ABOUT = st.sampled_from(
    ("", "", "", '<w:gridSpan w:val="2"/>', "<w:vMerge/>", '<w:vMerge w:val="restart"/>', '<w:cellDel w:id="1"/>', "<w:hMerge/>")
)  # fmt: skip
ROW_ABOUT = st.sampled_from(
    ("", "", "", "<w:tblHeader/>", '<w:del w:id="2"/>', '<w:gridBefore w:val="1"/>', "<w:hidden/>")
)


def tables(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    cells = st.builds(cell, content | WORDS.map(lambda text: paragraph(run(text))), CELL_ABOUT)
    rows = st.builds(lambda parts, about: row(*parts, properties=about), st.lists(cells, max_size=4), ROW_ABOUT)
    return st.builds(lambda parts: table(*parts), st.lists(rows, max_size=4))


BODIES = st.lists(st.recursive(paragraphs(), tables, max_leaves=6), max_size=6).map("".join)


@settings(deadline=None, max_examples=300)
@given(BODIES, paragraphs(), paragraphs(), st.sampled_from(("default", "first", "even")), st.booleans())
def test_every_character_stands_in_a_block_or_in_the_ledger(
    body: str, note: str, head: str, variant: str, first: bool
) -> None:
    title_page = "<w:titlePg/>" if first else ""
    section = f'<w:sectPr><w:headerReference w:type="{variant}" r:id="header1"/>{title_page}</w:sectPr>'
    data = docx(
        body + section,
        styles=STYLES,
        numbering=NUMBERING,
        footnotes=f'<w:footnote w:id="1">{note}</w:footnote>',
        comments=f'<w:comment w:id="1">{note}</w:comment>',
        header1=head,
    )
    extract = read_docx(data)
    assert lost(data, extract) == {}
    for block in extract.blocks:
        assert block.text == block.text.strip() != "" and "\n" not in block.text
        assert block.text.startswith(block.marker)
