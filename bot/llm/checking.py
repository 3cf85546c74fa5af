"""Look what a model service can do of what the product needs, for ``doctor``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from bot.llm.capabilities import Limit, Way
from bot.llm.failures import FailureReason, ModelCallError
from bot.llm.messages import system, user
from bot.llm.service import ModelService

_INSTRUCTION = "请用中文回答，只回答一句话。"
_GREETING = "请用一句话说明今天可以做什么。"
_SAMPLE = "把这句话里的名称和数量取出来：仓库里有三台显微镜。"
#: How many model names a remedy lists.
NAMES_SHOWN = 8

_WAYS = {
    Way.TOOL: "工具调用",
    Way.JSON_SCHEMA: "按 JSON Schema 输出",
    Way.JSON_OBJECT: "JSON 输出",
    Way.TEXT: "在提示里写明结构",
}


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing a service can do or not; ``ok`` is false where the product has to do without."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What was found; ``remedy`` is empty and ``latency_ms`` given when the service answered."""

    ok: bool
    found: str
    remedy: str = ""
    reason: FailureReason | None = None
    latency_ms: float | None = None
    abilities: tuple[Ability, ...] = ()


class _Sample(BaseModel):
    """名称和数量"""

    name: str
    count: int


def check_service(service: ModelService) -> ModelCheck:
    """Ask the service for a short reply and for a small record; say what it can do and what is missing."""
    started = time.perf_counter()
    try:
        pieces = len(list(service.stream([system(_INSTRUCTION), user(_GREETING)])))
    except ModelCallError as error:
        remedy = error.remedy
        if error.reason is FailureReason.MODEL_NOT_FOUND:
            remedy = _with_names(service, remedy)
        return ModelCheck(False, f"{service.model_name}：{_told(error)}", remedy, error.reason)
    latency = _milliseconds(started)
    found = f"{service.model_name} @ {service.address}，{latency:.0f} 毫秒"
    structured = _structured(service)
    abilities = (_streaming(service, pieces), structured, *_particulars(service))
    return ModelCheck(True, found, latency_ms=latency, abilities=abilities)


def _streaming(service: ModelService, pieces: int) -> Ability:
    name = "逐段输出"
    if not service.capabilities.text.streaming:
        return Ability(name, True, "服务不支持，回答整段出现", "要边写边看，换支持流式输出（stream）的服务")
    if pieces < 2:
        return Ability(
            name, True, "服务接受，但整段送到", "检查中间的代理是否缓存了流式输出（如 nginx 的 proxy_buffering）"
        )
    return Ability(name, True, f"支持，这次分 {pieces} 段")


def _structured(service: ModelService) -> Ability:
    name = "结构化输出"
    started = time.perf_counter()
    try:
        service.structured([system(_INSTRUCTION), user(_SAMPLE)], _Sample)
    except ModelCallError as error:
        remedy = f"{error.remedy}；起草需求、提取卡片要用它，换支持工具调用或 JSON 输出的模型"
        return Ability(name, False, _told(error), remedy)
    way = service.capabilities.way
    return Ability(name, True, f"支持，方式是{_WAYS[way or Way.TEXT]}，{_milliseconds(started):.0f} 毫秒")


def _particulars(service: ModelService) -> Iterator[Ability]:
    known = service.capabilities
    if known.system_role:
        yield Ability("系统角色", True, "支持")
    else:
        yield Ability("系统角色", True, "不支持，指令并入用户消息", "换支持 system 角色的模型，更守规矩")
    if known.reasoning:
        remedy = "思考占用时间和篇幅：可调大 max_tokens 与 timeout_seconds，或关掉模型的思考"
        yield Ability("思考", True, "模型先思考再回答，思考不会显示", remedy)
    else:
        yield Ability("思考", True, "没有见到")
    if not known.temperature:
        yield Ability("温度", True, "不能设定，同一问题的措辞会有出入", "要稳定的措辞，换可设 temperature 的模型")
    if known.limit is Limit.NONE:
        yield Ability("长度限制", True, "不能设定，过长的回答由程序截断", "换可设 max_tokens 的服务，以免多计费用")


def _told(error: ModelCallError) -> str:
    return f"{error.message}（{error.value}）" if error.value else error.message


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _with_names(service: ModelService, remedy: str) -> str:
    try:
        names = service.model_names()
    except ModelCallError:
        return remedy
    return f"{remedy}。服务上有：{'、'.join(names[:NAMES_SHOWN])}" if names else remedy
