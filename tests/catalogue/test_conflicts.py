from bot.catalogue.conflicts import find_disagreements
from bot.types import Document, DocumentMetadata


def document(identifier: str, text: str, date: str | None = None) -> Document:
    return Document(identifier, text, "hash", DocumentMetadata(identifier, date=date))


def test_one_product_under_two_names_is_shown() -> None:
    (found,) = find_disagreements(
        [
            document("a", "多家银行推出产品，如东海银行的“惠民知产贷”、南山银行的“快贷通”。"),
            document("b", "东海银行的“惠民知产担”面向科技企业。"),
        ]
    )
    assert set(found.values) == {"“惠民知产贷”", "“惠民知产担”"}
    assert {statement.document_id for statement in found.statements} == {"a", "b"}


def test_two_names_in_one_document_are_two_things() -> None:
    assert not find_disagreements(
        [
            document("a", "东海银行的“惠民知产贷”和东海银行的“惠民知产担”是两种产品。"),
            document("b", "东海银行的“惠民知产担”面向科技企业。"),
        ]
    )


def test_a_figure_told_twice_of_the_same_date_differs() -> None:
    (found,) = find_disagreements(
        [
            document("a", "截至2024年6月，青禾创新带由六市一区共同建设推进。"),
            document("b", "截至2024年6月，青禾创新带由七市一区共同建设推进。"),
        ]
    )
    assert found.values == ("六市", "七市")


def test_different_dates_are_no_disagreement() -> None:
    assert not find_disagreements(
        [
            document("a", "青禾创新园开园时入驻企业20家。", "2019-12-05"),
            document("b", "青禾创新园入驻企业31家。", "2020-08-18"),
        ]
    )


def test_different_things_are_no_disagreement() -> None:
    assert not find_disagreements(
        [
            document("a", "人才公寓给予最高30万元运营支持。", "2025-01-01"),
            document("b", "创新大赛一等奖奖金为50万元。", "2025-01-01"),
        ]
    )
