"""What Prometheus reads: requests, answers by outcome, how long they took, who waits, whether the model is well."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.types import Answer

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one process; several behind a proxy are asked one by one and added up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "assistant_requests_total", "Requests by route and status.", ("route", "status"), registry=self.registry
        )
        self._took = Histogram(
            "assistant_request_seconds",
            "Time to the end of a reply.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._answers = Counter(
            "assistant_answers_total", "Answers by outcome and mode.", ("outcome", "mode"), registry=self.registry
        )
        self._answering = Histogram(
            "assistant_answer_seconds", "Time to a whole answer.", ("mode",), buckets=_SECONDS, registry=self.registry
        )

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request that has ended."""
        self._requests.labels(route, str(status)).inc()
        self._took.labels(route).observe(seconds)

    def answer(self, answer: Answer) -> None:
        """Count a whole answer; nothing of its words."""
        self._answers.labels(answer.outcome.value, answer.mode.value).inc()
        self._answering.labels(answer.mode.value).observe(answer.elapsed_ms / 1000)

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Tell ``value`` whenever somebody reads the figures."""
        Gauge(f"assistant_{name}", what, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


CONTENT_TYPE = CONTENT_TYPE_LATEST
