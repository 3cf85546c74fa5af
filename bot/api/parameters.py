"""Parameters of a chat completion beside the messages: what does nothing here, and what cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import UsageError

#: Taken and without effect: no model writes the answer, whole originals are quoted, nothing is kept under a name.
WITHOUT_EFFECT = (
    *("model", "temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "max_tokens"),
    *("max_completion_tokens", "stop", "logit_bias", "reasoning_effort", "verbosity", "prediction", "user", "metadata"),
    *("store", "service_tier", "parallel_tool_calls", "safety_identifier", "prompt_cache_key"),
)
_NO_TOOLS = "这里不调用工具"


class UnsupportedError(UsageError):
    """A parameter asks for what no answer here can be; ``param`` is its name."""

    def __init__(self, param: str, why: str, remedy: str) -> None:
        super().__init__(f"{param}：{why}", remedy=remedy)
        self.param = param


def _is_text(form: Any) -> bool:
    return isinstance(form, Mapping) and form.get("type") == "text"


#: By the name of a parameter: whether a value asks for nothing more, and why any other is refused.
REFUSED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "n": (lambda value: value == 1, "一个问题只有一个答复，n 只能是 1"),
    "tools": (lambda value: not value, _NO_TOOLS),
    "functions": (lambda value: not value, _NO_TOOLS),
    "tool_choice": (lambda value: value in ("none", "auto"), _NO_TOOLS),
    "function_call": (lambda value: value in ("none", "auto"), _NO_TOOLS),
    "response_format": (_is_text, "答复是 Markdown 文字；要逐项的 JSON，请用 /api/v1/ask"),
    "logprobs": (lambda value: not value, "答复取自文件原文，没有概率"),
    "top_logprobs": (lambda value: not value, "答复取自文件原文，没有概率"),
    "modalities": (lambda value: value == ["text"], "只答文字"),
    "audio": (lambda value: not value, "只答文字"),
    "web_search_options": (lambda value: value is None, "只查已收录的文件，不上网"),
}
#: Where the choice is this, what might be called is not to be called.
_CHOICE = {"tools": "tool_choice", "functions": "function_call"}


def check_parameters(sent: Mapping[str, Any]) -> None:
    """Raise :class:`UnsupportedError` for the first parameter that asks for what cannot be done."""
    for name, (is_nothing_more, why) in REFUSED.items():
        value = sent.get(name)
        if value is None or is_nothing_more(value) or sent.get(_CHOICE.get(name, "")) == "none":
            continue
        raise UnsupportedError(name, why, f"去掉 {name}")
