"""``bot doctor``: what is configured, what is missing, what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.ask import guarded
from bot.commands.calling import as_given
from bot.errors import AssistantError
from bot.settings import INGEST, PROGRAM, Settings, load_settings
from bot.upkeep.check import Check

__all__ = ["Check", "doctor", "model_checks", "run_checks"]

#: Files named by one check.
MOST_SHOWN = 5


def doctor(
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """检查配置：有什么、缺什么、怎么办。"""

    def run() -> int:
        from bot.serialization import to_line

        checks = tuple(_as_given(each) for each in run_checks(load_settings(data_dir=data)))
        if as_json:
            print(to_line({"checks": [asdict(check) for check in checks]}))
        else:
            for check in checks:
                print(f"{'✓' if check.ok else '✗'} {check.name}：{check.found}")
                if check.remedy:
                    print(f"    → {check.remedy}")
        return 0 if all(check.ok for check in checks) else 1

    raise typer.Exit(guarded(run))


def _as_given(check: Check) -> Check:
    return replace(check, found=as_given(check.found), remedy=as_given(check.remedy))


def run_checks(settings: Settings) -> Iterator[Check]:
    """Look at the machine, the corpus, the embedding model, the index, the market and the model service."""
    from bot.upkeep.checks import machine_checks

    yield Check("Python", True, sys.version.split()[0])
    yield from machine_checks(settings)
    yield _corpus(settings)
    yield _embedder(settings)
    yield _index(settings)
    if settings.chroma.configured:
        yield _vectors(settings)
    yield from _reading(settings)
    yield _market(settings)
    yield _office(settings)
    yield from model_checks(settings)


def _corpus(settings: Settings) -> Check:
    from bot.documents.corpus import list_corpus_files

    try:
        listing = list_corpus_files(settings.corpus_dir)
    except AssistantError as error:
        remedy = f"用 BOT_CORPUS_DIR 指到资料文件夹，或运行 {INGEST} --corpus 文件夹"
        return Check("资料库", False, f"{error.message}：{error.value}", remedy)
    return Check("资料库", bool(listing.files), f"{settings.corpus_dir}，{len(listing.files)} 份文件")


def _embedder(settings: Settings) -> Check:
    from bot.encoder import load_embedder

    try:
        embedder = load_embedder(settings.embedding)
        return Check("向量模型", True, f"{embedder.fingerprint}，{embedder.dimension} 维")
    except AssistantError as error:
        return Check("向量模型", False, settings.embedding.model, str(error))


def _index(settings: Settings) -> Check:
    from bot.index.search_index import SearchIndex
    from bot.retrieval.encoder import query_encoder
    from bot.retrieval.retriever import Retriever

    try:
        index = SearchIndex.open(settings.data_dir, chroma=settings.chroma)
        found = f"{len(index.document_ids)} 份文件，{index.chunk_count} 个片段"
        encoder = query_encoder(index, settings.embedding)
        # A real search: a file that opens may still be damaged.
        Retriever(index, encoder).search("支持", 1)
    except AssistantError as error:
        return Check("索引", False, str(settings.data_dir), str(error))
    if encoder is None:
        return Check("索引", False, f"{found}；建索引的向量模型用不了，现在只按字词查找", f"运行 {INGEST}")
    if encoder.fingerprint != _fingerprint(settings):
        return Check("索引", False, f"{found}；仍用建索引时的向量模型 {encoder.fingerprint}", f"运行 {INGEST}")
    return Check("索引", True, found)


def _vectors(settings: Settings) -> Check:
    """Whether the Chroma server holds the vectors of the index in force."""
    from bot.index.search_index import SearchIndex

    try:
        with closing(SearchIndex.open(settings.data_dir, chroma=settings.chroma)) as index:
            index.check_dense()
            return Check("向量库", True, f"{settings.chroma.url}，{index.chunk_count} 个片段的向量")
    except AssistantError as error:
        return Check("向量库", False, f"{settings.chroma.url}：{error.message}", error.remedy)


def _reading(settings: Settings) -> Iterator[Check]:
    """What is missing from the texts on file, apart from page furniture."""
    from bot.index.search_index import SearchIndex

    try:
        index = SearchIndex.open(settings.data_dir)
        lost = [
            (name, [each for each in left_out if not each.furniture], warnings)
            for name, left_out, warnings in index.readings()
        ]
    except AssistantError:
        # Told by the check of the index.
        return
    troubled = [(name, parts, warnings) for name, parts, warnings in lost if parts or warnings]
    if not troubled:
        yield Check("正文完整", True, "没有未收入正文的文字")
        return
    shown = "；".join(
        f"{name}（{'、'.join(dict.fromkeys([part.what for part in parts])) or warnings[0]}）"
        for name, parts, warnings in troubled[:MOST_SHOWN]
    )
    more = f" 等 {len(troubled)} 份" if len(troubled) > MOST_SHOWN else ""
    remedy = f"核对这些文件；{INGEST} --json 的 dropped 列出全部"
    yield Check("正文完整", True, f"有文字未收入正文：{shown}{more}", remedy)


def _fingerprint(settings: Settings) -> str:
    from bot.encoder import load_embedder

    try:
        return load_embedder(settings.embedding).fingerprint
    except AssistantError:
        return ""


def _market(settings: Settings) -> Check:
    from bot.market.service import Market

    market = Market(settings)
    if not market.on_file:
        return Check("需求库", True, "还没有登记（在页面“发布”或导入名单之后就有）")
    try:
        published, waiting = market.newest(1)[1], len(market.handed_over())
    except AssistantError as error:
        return Check("需求库", False, "打不开", str(error))
    remedy = f"用 {PROGRAM} market requests 查看，联系对方后改为“已检查”或结束" if waiting else ""
    return Check("需求库", True, f"已发布 {published} 条，等技术经理人处理 {waiting} 条", remedy)


def _office(settings: Settings) -> Check:
    missing = settings.office.missing
    if not missing:
        return Check("信函", True, f"{settings.office.name}，单位信息齐全")
    remedy = "需要的写进 bot.toml 的 [office]，没有写的不出现在信函里"
    return Check("信函", True, f"单位信息未设：{'、'.join(missing)}", remedy)


def model_checks(settings: Settings) -> Iterator[Check]:
    """Whether the model service answers, and what it can do of what is needed."""
    if not settings.llm.configured:
        yield Check("模型服务", True, "未配置（离线作答，功能完整）")
        return
    from bot.llm import ModelService, check_service

    checked = check_service(ModelService(settings.llm))
    yield Check("模型服务", checked.ok, checked.found, checked.remedy)
    for ability in checked.abilities:
        yield Check(f"模型服务·{ability.name}", ability.ok, ability.found, ability.remedy)
