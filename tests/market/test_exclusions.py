"""What is not wanted: read from the clause, never a reason, never found by."""

import pytest

from bot.market.exclusions import excluded_in, wanted_text
from bot.market.records import Need, Offer
from bot.types import GateName, RecordKind


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("不要机器人，找电池快充", ["机器人"]),
        ("我们想找电池快充，不要机器人", ["机器人"]),
        ("不想用摄像头和麦克风", ["摄像头", "麦克风"]),
        ("不考虑含氟、含铅的材料", ["含氟", "含铅"]),
        ("不能装摄像头，但要能报警", ["摄像头"]),
        ("除了超声波清洗，其他都行", ["超声波清洗"]),
        ("除活性炭以外的材料都可以", ["活性炭"]),
        ("进口设备除外", ["进口设备"]),
        ("拒绝使用有机溶剂", ["有机溶剂"]),
        ("又不想天天加药", ["加药"]),
        ("能不能用无人机拍", []),
        ("是不是要换电机", []),
        ("不仅要电池，还要管理系统", []),
        ("不得不使用有机溶剂", []),
        ("除了降噪还要散热", []),
        ("不要太吵", []),
        ("不要超过5万元", []),
        ("要求不断裂、不变形", []),
        ("现场辨别掺假", []),
        ("除尘效率要高", []),
        ("不锈钢焊接", []),
    ],
)
def test_what_is_excluded_is_read_from_the_clause(text, terms):
    assert [each.term for each in excluded_in(text)] == terms


@pytest.mark.parametrize("text", ["不要机器人，找电池快充", "找电池快充，不要机器人，只要模块", "找电池快充"])
def test_what_is_wanted_keeps_its_place(text):
    wanted = wanted_text(text)
    assert len(wanted) == len(text)
    assert "机器人" not in wanted
    assert wanted.index("电池快充") == text.index("电池快充")


@pytest.fixture
def shelf(market):
    market.store.save_many(
        [
            Offer(id="o-arm", title="示例：电池快充站换枪机器人", description="用机器人自动插拔充电枪。"),
            Offer(id="o-pack", title="示例：液冷电池快充模块", description="大电流，二十分钟充满。"),
            Offer(id="o-soil", title="示例：盐碱地改良菌剂", description="一季见效。"),
        ],
        actor="t",
        publish=True,
    )
    market.store.save_many(
        [Need(id="n-bot", title="示例：仓库搬运", description="不要机器人，要人工省力装置。")], actor="t", publish=True
    )
    return market


def test_what_is_excluded_is_not_proposed_and_is_no_reason(shelf):
    result = shelf.matcher.match_text("我们想找液冷电池快充模块，不要机器人", kind=RecordKind.OFFER)
    assert [match.id for match in result.proposed] == ["o-pack"]
    arm = next(match for match in result.matches if match.id == "o-arm")
    assert {gate.name: gate.passed for gate in arm.gates}[GateName.EXCLUSIONS] is False
    for match in result.matches:
        assert all("机器人" not in reason.need_quote for reason in match.reasons)


def test_a_record_is_not_found_by_what_it_excludes(shelf):
    (match,) = shelf.matcher.match_text("机器人", kind=RecordKind.NEED).matches
    assert match.id == "n-bot" and match.parts.lexical == 0 and match.basis.words == ()
    (match,) = shelf.matcher.match_text("省力装置", kind=RecordKind.NEED).matches
    assert match.parts.lexical > 0 and match.basis.words


def test_a_need_record_told_in_running_text_excludes_too(shelf):
    need = Need(id="", title="液冷电池快充模块", description="不要机器人。")
    assert [match.id for match in shelf.matcher.match_need(need).proposed] == ["o-pack"]
