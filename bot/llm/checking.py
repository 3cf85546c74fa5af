"""Look whether a model service answers, for ``doctor``."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.llm.failures import FailureReason, ModelCallError
from bot.llm.messages import user
from bot.llm.service import ModelService

_GREETING = "请只回复一个字：好"
#: How many model names a remedy lists.
NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What was found; ``remedy`` is empty and ``latency_ms`` given when the service answered."""

    ok: bool
    found: str
    remedy: str = ""
    reason: FailureReason | None = None
    latency_ms: float | None = None


def check_service(service: ModelService) -> ModelCheck:
    """Ask the service one short question and say what is wrong, if anything."""
    started = time.perf_counter()
    try:
        service.complete([user(_GREETING)])
    except ModelCallError as error:
        remedy = error.remedy
        if error.reason is FailureReason.MODEL_NOT_FOUND:
            remedy = _with_names(service, remedy)
        value = f"（{error.value}）" if error.value else ""
        return ModelCheck(False, f"{service.model_name}：{error.message}{value}", remedy, error.reason)
    latency = round((time.perf_counter() - started) * 1000, 1)
    return ModelCheck(True, f"{service.model_name} @ {service.address}，{latency:.0f} 毫秒", latency_ms=latency)


def _with_names(service: ModelService, remedy: str) -> str:
    try:
        names = service.model_names()
    except ModelCallError:
        return remedy
    return f"{remedy}。服务上有：{'、'.join(names[:NAMES_SHOWN])}" if names else remedy
