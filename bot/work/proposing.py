"""Having a model read a document and propose catalogue records; they wait for somebody to look at them."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from bot.catalogue.proposals import propose
from bot.curation.proposals import ProposalBook
from bot.errors import UsageError
from bot.index.search_index import SearchIndex
from bot.llm import Deadline, ModelService
from bot.store.database import shared_database
from bot.work.progress import Work


def proposing(work: Work) -> dict[str, Any]:
    """Propose records from the document named in the parameters; gives how many are new and how many were untraced."""
    settings = work.settings
    if not settings.llm.configured:
        raise UsageError("没有配置模型服务", remedy="在 bot.toml 的 [llm] 里写明 base_url 和 model")
    work.progress("请模型读文件", 0, 1)
    with closing(SearchIndex.open(settings.data_dir)) as index:
        document = index.document(str(work.parameters["document"]))

    def deadline() -> Deadline:
        # Asked before each part: the place where the work can be stopped.
        work.progress("请模型读文件", 0, 1)
        return Deadline.after(settings.llm.timeout_seconds)

    made = propose(ModelService(settings.llm), document, deadline)
    new = ProposalBook(shared_database(settings.resolved_database_url)).keep(made, by=work.by)
    return {"document": document.id, "new": new, "left_out": len(made.left_out)}
