"""The embedder that the settings name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.encoder.configuration import ModelConfiguration, Prompts, model_missing, read_configuration
from bot.encoder.embedder import Embedder
from bot.encoder.onnx_folder import GRAPH_FILE, open_onnx
from bot.settings import EmbeddingSettings

#: The model in force, and another while two are compared or one takes the other's place.
_KEPT_OPEN = 2


def load_embedder(settings: EmbeddingSettings) -> Embedder:
    """A folder on this machine, a model of the local hub cache, or an embeddings service (with ``base_url``).

    Asks no network: a folder's model is read here, a service is asked at the first text. Raises
    :class:`EmbedderMissing` at once, saying how to get the model.
    """
    if settings.base_url:
        from bot.encoder.service import open_service

        return open_service(settings, Prompts().overridden(settings.query_prompt, settings.passage_prompt))
    folder = Path(settings.model)
    if folder.is_dir():
        return _from_folder(folder, folder.resolve().name, settings)
    cached, name = _hub_cache(settings.model)
    return _from_folder(cached, name, settings)


def _from_folder(folder: Path, name: str, settings: EmbeddingSettings) -> Embedder:
    configuration = read_configuration(folder, name)
    prompts = configuration.prompts.overridden(settings.query_prompt, settings.passage_prompt)
    graph = folder / GRAPH_FILE
    if configuration.mean_pooled and graph.is_file():
        return _opened(folder.resolve(), configuration, prompts, settings.threads, graph.stat().st_mtime_ns)
    from bot.encoder.torch_folder import TorchEmbedder

    return TorchEmbedder(folder, configuration, prompts)


@lru_cache(_KEPT_OPEN)
def _opened(
    folder: Path, configuration: ModelConfiguration, prompts: Prompts, threads: int, changed_ns: int
) -> Embedder:
    """One for the whole process: answers, market and desk share it, until its files change (``changed_ns``)."""
    return open_onnx(folder, configuration, prompts, threads)


def _hub_cache(model: str) -> tuple[Path, str]:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    # Models published without an organisation's name live under this one.
    for name in (model, f"sentence-transformers/{model}"):
        try:
            found = try_to_load_from_cache(name, "modules.json")
        except HFValidationError:
            continue
        if isinstance(found, str):
            return Path(found).parent, name
    raise model_missing(model, "本机文件夹和 Hugging Face 缓存里都没有")
