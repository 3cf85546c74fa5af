"""What a suggested partner stands on: its quote in a document, and the organisations on file."""

from __future__ import annotations

import pytest

from bot.answering.composition import compose
from bot.answering.draft import Draft, DraftMeetingPlace, DraftPartner, Passage, Statement
from bot.assistant import Assistant
from bot.types import (
    Document,
    DocumentMetadata,
    Intent,
    MeetingPlace,
    PartnerSuggestion,
    Status,
)

# --- composing -----------------------------------------------------------------------------------


def _document(text: str) -> Document:
    return Document("notice.txt", text, "", DocumentMetadata(title="通知", date="2025-03-10"))


def test_composing_hands_out_markers_and_drops_a_figure_that_no_quote_holds() -> None:
    document = _document("举办对接会，共有12家企业参加。")
    passage = Passage(document.id, 0, len(document.text))
    draft = Draft(
        Intent.PARTNER,
        (Statement("资料中写明的地方："),),
        partners=(
            DraftPartner(PartnerSuggestion("a", "甲院", "共有12家企业参加", None, None), passage),
            DraftPartner(PartnerSuggestion("b", "乙院", "共有15家企业参加", None, None), passage),
        ),
        meeting_places=(
            DraftMeetingPlace(MeetingPlace("对接会", "活动", "12家企业参加", Status.COMPLETED, None, None), passage),
            DraftMeetingPlace(MeetingPlace("另一会", "活动", "15家企业参加", Status.COMPLETED, None, None), passage),
        ),
    )
    answer = compose(draft, "问", "问", lambda _: document)
    assert [(partner.organisation_id, partner.marker) for partner in answer.partners] == [("a", 1)]
    assert [(place.name, place.marker) for place in answer.meeting_places] == [("对接会", 1)]


# --- the corpus ----------------------------------------------------------------------------------

NAMED_IN_THE_DOCUMENTS = (
    *(
        "上化院",
        "上电科",
        "华东电力设计院",
        "菲尔兹中国中心",
        "上海集成电路研究中心",
        "清华中心",
        "华东师大",
        "上海大学",
    ),
    *("中以（上海）创新园", "德国Drivery孵化器", "新加坡全时科技", "区融资服务中心"),
    *("新材料链式联盟", "机器人链式联盟", "新能源链式联盟", "司法鉴定链式联盟", "地理信息测绘链式联盟"),
    *("中国银行", "建设银行", "交通银行", "浦发银行", "上海农商银行"),
)


@pytest.mark.parametrize("name", NAMED_IN_THE_DOCUMENTS)
def test_organisations_that_the_documents_name_are_on_file(assistant: Assistant, name: str) -> None:
    holders = [o for o in assistant.catalogue.organisations if name in (o.name, *o.aliases)]
    assert len(holders) == 1
    for line in (*holders[0].fields, *holders[0].profile):
        text = assistant.document(line.document or holders[0].document).text
        assert "".join(line.quote.split()) in "".join(text.split())


def test_names_that_look_alike_are_kept_apart(assistant: Assistant) -> None:
    names = {name for o in assistant.catalogue.organisations for name in (o.name, *o.aliases)}
    assert "上海集成电路研究中心" in names
    assert "上海集成电路研发中心" not in names
