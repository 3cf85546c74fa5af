"""The language-model service: one class that knows it, its failures, its deadline and its circuit."""

from bot.llm.breaker import CircuitBreaker
from bot.llm.capabilities import Capabilities, Way
from bot.llm.checking import Ability, ModelCheck, check_service
from bot.llm.deadline import Deadline
from bot.llm.failures import FailureReason, ModelCallError
from bot.llm.messages import ChatMessage, Role, fenced, system, user
from bot.llm.service import ModelService
from bot.llm.structured import Growing

__all__ = [
    "Ability",
    "Capabilities",
    "ChatMessage",
    "CircuitBreaker",
    "Deadline",
    "FailureReason",
    "Growing",
    "ModelCallError",
    "ModelCheck",
    "ModelService",
    "Role",
    "Way",
    "check_service",
    "fenced",
    "system",
    "user",
]
