"""What a letter's file has besides the words of its blocks."""

from __future__ import annotations

import io

import pytest
from docx import Document

from bot.introductions.files import to_docx
from bot.introductions.records import Form, Introduction, Language, Stage
from bot.printing.blocks import Block, BlockKind


@pytest.mark.parametrize(
    ("language", "subject"), [(Language.CHINESE, "主题：风机"), (Language.ENGLISH, "Subject: 风机")]
)
def test_a_subject_is_named_and_a_signature_has_room(language, subject):
    blocks = (
        Block(BlockKind.SUBJECT, "风机"),
        Block(BlockKind.SIGNATURE, "签名："),
        Block(BlockKind.SIGNATURE, "3月1日"),
    )
    drafted = Introduction("n1", "o1", Stage.JOINT, Form.EMAIL, "", blocks=blocks, language=language)
    document = Document(io.BytesIO(to_docx(drafted)))
    assert [each.text for each in document.paragraphs] == [subject, "签名：" + "＿" * 8, "3月1日"]
    assert document.core_properties.title == Form.EMAIL.label
