"""``bot propose``: let the model read a document and propose catalogue records for staff to review."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.commands.batches import DONE
from bot.errors import UsageError
from bot.settings import load_settings


def propose(
    document_id: Annotated[str, typer.Argument(help="文件在资料库中的路径")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """让模型读一份文件，提出卡片、联系方式和机构，供人工审核后粘贴；不会自动入库。"""

    def run() -> int:
        from bot.catalogue.proposals import as_yaml
        from bot.catalogue.proposals import propose as read_document
        from bot.index.search_index import SearchIndex
        from bot.llm import Deadline, ModelService
        from bot.serialization import to_line

        settings = load_settings(data_dir=data)
        if not settings.llm.configured:
            raise UsageError(
                "没有配置模型服务",
                remedy="在 bot.toml 的 [llm] 里写明 base_url 和 model；不用模型时，照资料夹里的说明手写 YAML",
            )
        document = SearchIndex.open(settings.data_dir).document(document_id)
        print(f"正在请模型读 {document_id} …", file=sys.stderr)
        proposals = read_document(
            ModelService(settings.llm), document, lambda: Deadline.after(settings.llm.timeout_seconds)
        )
        if as_json:
            records = {
                "document_id": proposals.document_id,
                "programmes": [record.model_dump(mode="json") for record in proposals.programmes],
                "contacts": [record.model_dump(mode="json") for record in proposals.contacts],
                "organisations": [record.model_dump(mode="json") for record in proposals.organisations],
                "left_out": [asdict(item) for item in proposals.left_out],
            }
            print(to_line(records))
        else:
            print(as_yaml(proposals), end="")
        return DONE

    raise typer.Exit(guarded(run))
