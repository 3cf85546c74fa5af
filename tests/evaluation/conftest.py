from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.evaluation.cases import Case
from bot.types import Answer, Citation, Intent

DOCUMENT = "一、支持\n对联合项目，择优给予单个项目最高不超过 50 万元支持。去年，共立项 17 个。联系电话: 12345678-90"
DOCUMENT_ID = "reply.txt"


@pytest.fixture
def document_text() -> Callable[[str], str]:
    return {DOCUMENT_ID: DOCUMENT, "other.txt": "别的文件"}.__getitem__


@pytest.fixture
def cite() -> Callable[..., Citation]:
    def make(quote: str, marker: int = 1) -> Citation:
        start = DOCUMENT.index(quote)
        return Citation(
            marker=marker,
            document_id=DOCUMENT_ID,
            title="答复",
            document_number=None,
            section="一、支持",
            start=start,
            end=start + len(quote),
            quote=quote,
            date="2025-05-28",
        )

    return make


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    def make(text: str, **fields: object) -> Answer:
        values = {
            "question": "问",
            "standalone_question": "问",
            "intent": Intent.POLICY,
            "abstained": False,
            "answer": text,
        }
        return Answer(**{**values, **fields})

    return make


@pytest.fixture
def make_case() -> Callable[..., Case]:
    def make(case_id: str, *, tags: tuple[str, ...] = ("facts",), **expect: object) -> Case:
        return Case.model_validate({"id": case_id, "question": "问", "tags": tags, "expect": expect})

    return make
