"""A report as the bytes of a file, by the ending of its name."""

from __future__ import annotations

from bot.catalogue.eligibility.report import Report, markdown
from bot.errors import UsageError
from bot.printing.paper import paper

SUFFIXES = (".md", ".docx", ".pdf")


def report_file(report: Report, suffix: str) -> bytes:
    """The report as .md, .docx or .pdf; raises :class:`UsageError` for any other ending."""
    if suffix == ".md":
        return markdown(report).encode("utf-8")
    if suffix == ".docx":
        from bot.printing.word import to_docx

        return to_docx(paper(report))
    if suffix == ".pdf":
        from bot.printing.pdf import to_pdf

        return to_pdf(paper(report))
    raise UsageError("不能写成这种文件", value=suffix or "没有扩展名", remedy=f"可选：{'、'.join(SUFFIXES)}")
