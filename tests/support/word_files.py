"""Small Word files from raw XML, and a measure of their text that knows nothing of the reader."""

import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Mapping
from xml.sax.saxutils import escape

from lxml import etree

from bot.documents.blocks import Block, Extract, Reason
from bot.documents.formats.docx import read_docx
from bot.types import UnitKind

OFFICE = "http://schemas.openxmlformats.org"
W = f"{OFFICE}/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:m="{OFFICE}/officeDocument/2006/math" xmlns:r="{OFFICE}/officeDocument/2006/relationships" '
    f'xmlns:mc="{OFFICE}/markup-compatibility/2006" xmlns:wp="{OFFICE}/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:a="{OFFICE}/drawingml/2006/main" xmlns:pic="{OFFICE}/drawingml/2006/picture" '
    f'xmlns:c="{OFFICE}/drawingml/2006/chart" xmlns:dgm="{OFFICE}/drawingml/2006/diagram" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
RELATIONSHIPS = f"{OFFICE}/package/2006/relationships"
#: Parts with an element around their content.
ROOTS = {
    "styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes",
    "comments": "comments", "settings": "settings",
}  # fmt: skip


def run(text: str, looks: str = "") -> str:
    """A run; a line feed in ``text`` is a manual line break."""
    properties = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n"))
    return f"<w:r>{properties}{inner}</w:r>"


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of text, or of XML where ``content`` begins with ``<``."""
    about = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{about}{content if content.startswith('<') else run(content)}</w:p>"


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def item(text: str, list_id: int = 1, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def cell(content: str, properties: str = "") -> str:
    """A cell of text, or of XML."""
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells; a bare text is a cell of it."""
    inner = "".join(each if each.startswith("<") else cell(each) for each in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def level(text: str, form: str = "decimal", index: int = 0, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(name: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{name}">{"".join(levels)}</w:abstractNum>'


def numbered(name: int, abstract_name: int, more: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{abstract_name}"/>{more}</w:num>'


def style(name: str, inner: str = "", *, sort: str = "paragraph", label: str = "", based_on: str = "") -> str:
    parent = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="{sort}" w:styleId="{name}"><w:name w:val="{label or name}"/>{parent}{inner}</w:style>'


def docx(body: str, parts: Mapping[str, str | bytes] | None = None, **named: str) -> bytes:
    """A Word file. ``named`` parts (``styles=…``) get their root; ``parts`` are whole files by path under word/.

    Headers and footers are parts called ``header…`` and ``footer…``; the id of each relationship is the part's name
    without its suffix.
    """
    files: dict[str, str | bytes] = dict(parts or {})
    for name, inner in named.items():
        root = ROOTS.get(name) or ("hdr" if name.startswith("header") else "ftr")
        files[f"{name}.xml"] = f"<w:{root} {NAMES}>{inner}</w:{root}>"
    links = "".join(
        f'<Relationship Id="{name.rpartition("/")[2].partition(".")[0]}" Type="{OFFICE}/x/{_sort(name)}" Target="{name}"/>'
        for name in files
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONSHIPS}">{links}</Relationships>'
        )
        for name, text in files.items():
            archive.writestr(f"word/{name}", text)
    return buffer.getvalue()


def _sort(name: str) -> str:
    stem = name.rpartition("/")[2].partition(".")[0].rstrip("0123456789")
    return stem.partition("-")[0]


def read(body: str, parts: Mapping[str, str] | None = None, **named: str) -> Extract:
    """The extract of a file of these parts, after checking that none of its text is lost."""
    data = docx(body, parts, **named)
    extract = read_docx(data)
    assert lost(data, extract) == {}
    for block in extract.blocks:
        assert block.text and block.text == block.text.strip() and "\n" not in block.text
        assert block.text.startswith(block.marker)
    return extract


def texts(extract: Extract, *kinds: UnitKind) -> list[str]:
    return [block.text for block in extract.blocks if not kinds or block.kind in kinds]


def dropped(extract: Extract, reason: Reason) -> list[str]:
    return [each.text for each in extract.dropped if each.reason is reason]


def only(extract: Extract) -> Block:
    (block,) = extract.blocks
    return block


#: The title of a document whose one paragraph is under test.
LEAD = paragraph("云溪县产学研合作补助办法")


def check_one(content: str, expected: str, **parts: str) -> None:
    assert texts(read(LEAD + paragraph(content), **parts))[1:] == [expected]


def lost(data: bytes, extract: Extract) -> dict[str, int]:
    """How often each character of the file's XML stands neither in a block nor in the ledger."""
    kept = Counter[str]()
    for text in [block.text for block in extract.blocks] + [each.text for each in extract.dropped]:
        kept += _characters(text)
    return dict(raw_characters(data) - kept)


def raw_characters(data: bytes) -> Counter[str]:
    """Every character of text in any part that readers may see, from the XML alone."""
    found = Counter[str]()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.endswith(".xml") or "word/" not in name or name.endswith(("styles.xml", "numbering.xml")):
                continue
            for node in etree.fromstring(archive.read(name)).iter("{*}t", "{*}delText"):
                found += _characters(node.text or "")
    return found


def _characters(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKC", text).translate(dict.fromkeys((0x2212, 0x2010, 0x2011, 0x2013), "-"))
    for sign, spelled in (("∛", "3√"), ("∜", "4√")):
        plain = plain.replace(sign, spelled)
    # Characters of symbol fonts lie in the private area: what they look like is another character.
    return Counter(each for each in plain if not each.isspace() and not "\ue000" <= each <= "\uf8ff")
