"""PDF files with a text layer."""

from __future__ import annotations

from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.formats.plain import paragraphs_of
from bot.documents.furniture import without_page_furniture
from bot.documents.paragraphs import Extract, Paragraph
from bot.errors import DocumentError

#: Fewer characters a page than this on average, and the pages are pictures with a stamp of text.
MIN_CHARACTERS_PER_PAGE = 10
#: U+FFFE marks a hyphen at a line end, U+FFFD a glyph the font has no meaning for.
_UNKNOWN = "\ufffd"
MAX_UNKNOWN_SHARE = 0.2


def read_pdf(data: bytes) -> Extract:
    """The text of all pages in order, running heads and page numbers gone, lines joined across pages.

    Raises :class:`DocumentError` for encrypted and damaged files and for scans without text.
    """
    pages, title = _pages(data)
    characters = sum(len("".join(page.split())) for page in pages)
    if characters < MIN_CHARACTERS_PER_PAGE * len(pages):
        raise DocumentError(
            "PDF 没有文字层，可能是扫描件",
            value=f"{len(pages)} 页共 {characters} 个字",
            remedy="先做文字识别（OCR）另存后放入，或找原文",
        )
    if sum(page.count(_UNKNOWN) for page in pages) > characters * MAX_UNKNOWN_SHARE:
        raise DocumentError("PDF 的文字层是乱码", tried="读取文字层", remedy="另存为 docx 或 txt，或做文字识别（OCR）")
    lines = without_page_furniture([fold_characters(page).split("\n") for page in pages])
    paragraphs = paragraphs_of([line for page in lines for line in page])
    return Extract(tuple(Paragraph(text) for text in paragraphs), title=tidy_blanks(title) or None)


def _pages(data: bytes) -> tuple[list[str], str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError("PDF 有密码，打不开", remedy="去掉密码另存后放入") from None
        raise DocumentError("PDF 已损坏或不是 PDF", tried=str(error), remedy="重新下载或另存一份") from None
    try:
        return [_page_text(document, index) for index in range(len(document))], _title(document)
    except pypdfium2.PdfiumError as error:
        raise DocumentError("PDF 有一页读不了", tried=str(error), remedy="重新下载或另存一份") from None
    finally:
        document.close()


def _page_text(document: object, index: int) -> str:
    page = document[index]  # type: ignore[index]
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_bounded())
    finally:
        text_page.close()
        page.close()


def _title(document: object) -> str:
    """The title in the file's properties, unless it is a program's or a file's name."""
    title = str(document.get_metadata_dict().get("Title") or "")  # type: ignore[attr-defined]
    noise = ("untitled", "microsoft", ".doc", ".wps", ".pdf", "无标题", "未命名", "幻灯片")
    return "" if any(word in title.lower() for word in noise) else title
