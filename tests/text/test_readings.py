from __future__ import annotations

import pytest

from bot.text.readings import readings, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [("贷", "待"), ("陀", "驼"), ("山", "三"), ("中", "宗"), ("城", "层"), ("因", "英")],
)
def test_what_input_methods_offer_side_by_side_sounds_alike(one, other):
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("one", "other"), [("贷", "货"), ("公", "园"), ("善", "高")])
def test_what_only_looks_alike_does_not(one, other):
    assert sound(one) != sound(other)


def test_characters_of_the_second_level_have_no_reading():
    assert sound("镕") == "" and "镕" not in readings() and len(readings()) == 3755
