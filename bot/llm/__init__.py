"""The language-model service: one class that knows it, its failures, its deadline and its circuit."""

from bot.llm.breaker import CircuitBreaker
from bot.llm.checking import ModelCheck, check_service
from bot.llm.deadline import Deadline
from bot.llm.failures import FailureReason, ModelCallError
from bot.llm.messages import ChatMessage, Role, system, user
from bot.llm.service import ModelService

__all__ = [
    "ChatMessage",
    "CircuitBreaker",
    "Deadline",
    "FailureReason",
    "ModelCallError",
    "ModelCheck",
    "ModelService",
    "Role",
    "check_service",
    "system",
    "user",
]
