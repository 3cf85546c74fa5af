"""What can go wrong with a model service, told without a word of what the service or the key said.

Providers echo parts of the key and of the prompt in their error texts; a failure therefore carries our
own words only, never those of the exception it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from bot.errors import ModelServiceError


class FailureReason(StrEnum):
    """Why no usable reply came; shared by code and tests."""

    NOT_CONFIGURED = "not_configured"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNAUTHORISED = "unauthorised"
    NOT_FOUND = "not_found"
    REDIRECTED = "redirected"
    MODEL_NOT_FOUND = "model_not_found"
    RATE_LIMITED = "rate_limited"
    BAD_REQUEST = "bad_request"
    SERVER_ERROR = "server_error"
    CUT = "cut"
    TOO_LONG = "too_long"
    CONTENT_FILTER = "content_filter"
    GARBAGE = "garbage"
    CIRCUIT_OPEN = "circuit_open"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class _Words:
    message: str
    remedy: str


_WORDS: dict[FailureReason, _Words] = {
    FailureReason.NOT_CONFIGURED: _Words(
        "模型服务没有配置好", "在 bot.toml 的 [llm] 或环境变量里写明 base_url、model 和密钥"
    ),
    FailureReason.REFUSED: _Words("连不上模型服务", "确认服务已启动、地址与端口正确、网络可达"),
    FailureReason.TIMEOUT: _Words("模型服务没有在限定时间内答完", "稍后再试，或调大 timeout_seconds、budget_seconds"),
    FailureReason.UNAUTHORISED: _Words("模型服务不认这个密钥", "检查 api_key_file 里的密钥是否正确、是否过期"),
    FailureReason.NOT_FOUND: _Words("这个地址上没有模型服务", "base_url 通常以 /v1 结尾，请核对"),
    FailureReason.REDIRECTED: _Words(
        "模型服务把请求转到了别处，没有跟去", "把 base_url 写成服务的真实地址；若被转到登录页面，先放行或登录"
    ),
    FailureReason.MODEL_NOT_FOUND: _Words("服务上没有这个模型", "核对 model 的写法，或先在服务上部署它"),
    FailureReason.RATE_LIMITED: _Words("模型服务限流", "等限流过去，或提高配额"),
    FailureReason.BAD_REQUEST: _Words(
        "模型服务不接受这个请求", "确认该模型支持对话补全；若用于提取，还需支持工具调用或 JSON 输出"
    ),
    FailureReason.SERVER_ERROR: _Words("模型服务内部出错", "稍后再试，或查看服务自己的日志"),
    FailureReason.CUT: _Words("模型的回答中途断了", "稍后再试；经常如此时检查代理与网络"),
    FailureReason.TOO_LONG: _Words("模型的回答没完没了，已截断", "换一个模型，或调小 max_tokens"),
    FailureReason.CONTENT_FILTER: _Words(
        "模型服务的内容审核拦下了这次回答", "换一种问法；经常如此时联系服务方调整审核，或换一个模型"
    ),
    FailureReason.GARBAGE: _Words("模型服务的回应看不懂", "确认 base_url 指向 OpenAI 兼容的接口，且没有被网页登录拦住"),
    FailureReason.CIRCUIT_OPEN: _Words("模型服务刚刚连续失败，暂时不再调用", "过一会儿会自动再试"),
    FailureReason.BUSY: _Words("同时问模型的人太多", "稍后再问，或调大 llm.at_once"),
}


_CERTIFICATE_REMEDY = "服务的证书不被这台机器信任：装上签发它的根证书，或用 SSL_CERT_FILE 指明"
_PROXY_REMEDY = "检查环境变量里的代理 HTTPS_PROXY、HTTP_PROXY、NO_PROXY"


class ModelCallError(ModelServiceError):
    """A failed call. ``retry_after`` is what the service asked for, in seconds."""

    def __init__(
        self,
        reason: FailureReason,
        *,
        value: object = None,
        tried: str = "",
        remedy: str = "",
        retry_after: float | None = None,
    ) -> None:
        words = _WORDS[reason]
        super().__init__(words.message, value=value, tried=tried, remedy=remedy or words.remedy)
        self.reason = reason
        self.retry_after = retry_after


def translated(error: Exception, address: str, *, begun: bool = False) -> ModelCallError:
    """The failure behind an exception of the HTTP client; its text is not passed on.

    ``address`` is the public address tried, ``begun`` says that a response had begun. Anything not
    recognised is ``GARBAGE``: the client could not read what came.
    """
    import httpx2

    if isinstance(error, ModelCallError):
        return error
    tried = type(error).__name__
    if isinstance(error, httpx2.TimeoutException):
        return ModelCallError(FailureReason.TIMEOUT, value=address)
    if isinstance(error, httpx2.ConnectError):
        # Only looked at, never repeated.
        remedy = _CERTIFICATE_REMEDY if "certificate" in str(error).lower() else ""
        return ModelCallError(FailureReason.REFUSED, value=address, remedy=remedy)
    if isinstance(error, httpx2.ProxyError):
        return ModelCallError(FailureReason.REFUSED, value=address, tried=tried, remedy=_PROXY_REMEDY)
    if isinstance(error, httpx2.RemoteProtocolError) and not begun and "disconnected" not in str(error).lower():
        return ModelCallError(FailureReason.GARBAGE, value=address, tried=tried)
    if isinstance(error, httpx2.NetworkError | httpx2.RemoteProtocolError):
        return ModelCallError(FailureReason.CUT, value=address, tried=tried)
    return ModelCallError(FailureReason.GARBAGE, value=address, tried=tried)


def retry_seconds(text: str) -> float | None:
    """Seconds that a ``Retry-After`` header asks for: a number or a date; None for anything else."""
    text = text.strip()
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
