"""Made-up pairs of a need and an offer, as an office meets them: long, short, odd, confidential, patented, foreign."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.market.records import Confidentiality, Need, Offer, Organisation, declared_id
from bot.market.service import Market
from bot.types import PrivateContact, RecordKind


@dataclass(frozen=True)
class Pair:
    """``need`` and ``offer`` are fields over the plain ones; an owner's name ending in * is told by itself.

    ``secrets`` must not stand in a letter before both agreed, ``whole`` must stand in the joint letter.
    """

    id: str
    need: dict[str, Any] = field(default_factory=dict)
    offer: dict[str, Any] = field(default_factory=dict)
    owners: tuple[str, str] = ("示例矿业有限公司", "示例叶片研究所")
    contacts: tuple[PrivateContact, PrivateContact] = (
        PrivateContact(name="钱七", phone="13912345678"),
        PrivateContact(name="孙八教授", email="sun8@example.com"),
    )
    secrets: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


NEED = {
    "title": "矿井轴流风机降噪",
    "description": "风机噪声超过95分贝，现有消声罩体积过大难以下井，需要从叶片入手解决。",
    "indicators": "降到80分贝以下",
    "budget": "不超过60万元",
    "deadline": "2027年6月前",
    "cooperation": "委托开发",
    "region": "示例省",
}
OFFER = {
    "title": "矿井轴流风机仿生降噪叶片",
    "description": "用仿生锯齿叶片降低轴流风机的噪声，风量不变。",
    "benefit": "噪声降低12分贝，每台节约成本3万元",
    "trl": 7,
    "trl_evidence": "已在两座矿井试用",
    "cooperation": "许可",
    "ip_status": "已授权发明专利，可许可",
    "price": "50万元",
    "available_from": "2027年1月",
    "region": "示例市",
}
_SENTENCES = (
    "主通风机房距离居民区不足两百米，夜间噪声投诉频繁。",
    "现用的阻抗复合消声罩重达四吨，无法从副井下放，只能在地面使用。",
    "我们试过在叶片表面开槽，效率下降了百分之六，不能接受。",
    "风机转速为每分钟740转，叶轮直径2.4米，全压2,800帕，风量每秒120立方米。",
    "希望在不更换电机、不改变基础的前提下完成改造。",
    "井下环境湿度常年高于95%，含有硫化氢，材料须耐腐蚀。",
    "改造后还要通过防爆检验，检验费用由我方承担。",
    "现场可以提供一台备用风机作为试验样机，停机窗口每月一次，每次八小时。",
)


def many(count: int, start: int = 0) -> str:
    """``count`` different sentences in a row."""
    return "".join(f"{_SENTENCES[(start + n) % len(_SENTENCES)][:-1]}（第{n + 1}项）。" for n in range(count))


LONG_NEED = {
    "description": many(12),
    "indicators": many(6, 3),
    "current_state": many(6, 5),
    "solver_conditions": many(5, 1),
    "budget": "总额不超过320万元，其中首期80万元，验收后支付其余部分，具体比例双方商定，超支部分由承担方自行解决",
    "funder": "企业自筹七成，其余申请专项资金",
    "deadline": "2027年12月31日前完成样机，2028年6月30日前完成全部四台主通风机的改造和验收",
    "ip_ownership": "改造中形成的知识产权双方共有，任何一方转让须经另一方书面同意",
    "solver_region": "不限，能派人驻场的优先",
    "trl_required": 6,
}
LONG_OFFER = {
    "description": many(12, 2),
    "benefit": many(6, 4),
    "trl_evidence": many(5, 6),
    "missing": many(5, 7),
    "price": "专利普通许可每台15万元，独占许可另议；技术服务按人天计，每人每天3,000元，差旅另计",
    "available_from": "合同签订后六个月交付首台，其余每季度两台",
}
_CHECK = PrivateContact(name="李示例", phone="021-66660000", email="li@example.org")
_OTHER = PrivateContact(name="周示例", phone="13800000000")
_SECRET = Confidentiality.CONFIDENTIAL

PAIRS: tuple[Pair, ...] = (
    Pair("plain"),
    Pair("titles_only", {k: "" for k in NEED if k != "title"}, {**{k: "" for k in OFFER if k != "title"}, "trl": None}),
    Pair("no_owner", owners=("", ""), contacts=(PrivateContact(), PrivateContact())),
    Pair("one_owner", owners=("示例矿业有限公司", ""), contacts=(_CHECK, PrivateContact())),
    Pair("declared_both", owners=("示例矿业有限公司*", "示例名校*"), whole=("示例名校",)),
    Pair("declared_one", owners=("示例矿业有限公司*", "示例叶片研究所")),
    Pair(
        "declared_brackets",
        owners=("示例矿业（集团）有限公司*", "示例大学（本部）"),
        whole=("示例矿业（集团）有限公司",),
    ),
    Pair("confidential_need", {"confidentiality": _SECRET}),
    Pair("confidential_both", {"confidentiality": _SECRET}, {"confidentiality": _SECRET}),
    Pair(
        "confidential_named_in_text",
        {
            "confidentiality": _SECRET,
            "description": "示例矿业有限公司的风机噪声超过95分贝。联系人钱七。希望从叶片入手。",
        },
        secrets=("示例矿业", "钱七"),
    ),
    Pair(
        "phone_in_text",
        {"description": "风机噪声过大。请打13912345678，或者加微信qianqi2027。希望从叶片入手。"},
        secrets=("13912345678", "qianqi2027"),
    ),
    Pair(
        "mail_in_text",
        offer={"description": "叶片降噪。资料请写信到sun8@example.com索取。"},
        secrets=("sun8@example.com",),
    ),
    Pair(
        "patent_granted",
        offer={"ip_status": "已授权发明专利ZL202010123456.7，可许可"},
        secrets=("202010123456", "ZL2020"),
        whole=("ZL202010123456.7",),
    ),
    Pair(
        "patent_publication",
        offer={"description": "用仿生锯齿叶片降低轴流风机的噪声，见专利CN112345678A。风量不变。"},
        secrets=("CN112345678A", "112345678"),
        whole=("CN112345678A",),
    ),
    Pair(
        "patents_many",
        offer={"ip_status": "ZL202010123456.7、ZL202110234567.8、ZL202210345678.9三项发明专利，均可许可"},
        secrets=("202010123456", "202110234567", "202210345678"),
        whole=("ZL202010123456.7", "ZL202110234567.8", "ZL202210345678.9"),
    ),
    Pair(
        "patent_in_title",
        offer={"title": "轴流风机降噪叶片（ZL202010123456.7）"},
        secrets=("202010123456",),
        whole=("ZL202010123456.7",),
    ),
    Pair(
        "patent_in_need",
        {"description": "已有专利ZL201910111222.3的消声罩，体积过大。希望从叶片入手降低轴流风机噪声。"},
        secrets=("201910111222",),
        whole=("ZL201910111222.3",),
    ),
    Pair(
        "patent_beside_shared_word",
        {"description": "轴流风机叶片要降噪。"},
        {
            "title": "叶片",
            "description": "专利ZL202010123456.7所述轴流风机叶片降噪方法，见CN112345678A及其同族专利申请",
        },
        secrets=("202010123456", "CN112345678A"),
        whole=("ZL202010123456.7",),
    ),
    Pair("long_need", LONG_NEED),
    Pair("long_offer", offer=LONG_OFFER),
    Pair("long_both", LONG_NEED, LONG_OFFER),
    Pair(
        "long_and_patented",
        LONG_NEED,
        {**LONG_OFFER, "ip_status": "已授权发明专利ZL202010123456.7，可普通许可"},
        secrets=("202010123456",),
        whole=("ZL202010123456.7",),
    ),
    Pair("very_long", {"description": many(300)}, {"description": many(300, 1), "missing": many(100)}),
    Pair("one_endless_sentence", {"description": "风机降噪，" * 300 + "完"}, {"benefit": "成本低，" * 400 + "完"}),
    Pair(
        "no_full_stops",
        {"description": "噪声大、体积大、难下井\n要从叶片入手\n不换电机"},
        {"benefit": "降噪12分贝\n省电3%"},
    ),
    Pair("line_list", {"indicators": "1、噪声不高于80分贝；\n2、效率下降不超过1%；\n3、寿命不低于24个月。"}),
    Pair(
        "long_titles",
        {"title": "面向高瓦斯矿井主通风系统的" + "大型对旋式" * 8 + "轴流风机降噪技术"},
        {"title": "仿生" * 40 + "叶片"},
    ),
    Pair("longest_title", {"title": "风" * 300}, {"title": "叶" * 300}),
    Pair("latin_mixed", {"description": "现用FBCDZ No.24风机，SPL>95 dB(A)，要求≤80 dB(A)，符合ISO 5801:2017。"}),
    Pair("symbols", {"indicators": "Δp≥2.8kPa，η≥0.82，T∈[−20,60]℃，μ±3σ，10⁻⁶级，H₂S≤6.6×10⁻⁶"}),
    Pair("rare_characters", owners=("示例喆堃科技有限公司", "示例昇玥研究所"), whole=("示例喆堃科技有限公司",)),
    Pair("rarest_characters", {"description": "𬭎材料的叶片㛃形。"}, owners=("示例㛃𬭎有限公司", "示例叶片研究所")),
    Pair(
        "markup",
        {"description": "<b>风机</b> & {need.title} 降噪 ```代码``` **重点**"},
        {"benefit": "{need_owner.name} 好"},
    ),
    Pair("control_characters", {"description": "风机降噪\x0b叶片\x0c换装\u200b试验"}),
    Pair("quotes", {"title": "“静音”风机改造"}, {"title": "《静音叶片》成套技术"}),
    Pair("ends_with_stop", {"title": "风机降噪。", "budget": "60万元。"}, {"cooperation": "许可；"}),
    Pair("colon_at_end", {"description": "要解决的问题有：", "cooperation": "委托开发："}),
    Pair(
        "english_offer",
        offer={
            "title": "Low-noise axial fan blade",
            "description": "Serrated blades cut fan noise by 12 dB. Tested in two mines.",
        },
    ),
    Pair(
        "english_both",
        {"title": "Quieter mine fans", "description": "Fans exceed 95 dB. Hoods do not fit the shaft."},
        {"title": "Low-noise blade", "description": "Serrated blades cut noise by 12 dB. Patent US1234567B2 granted."},
        owners=("Example Mining Ltd.", "Example Blade Institute"),
        secrets=("US1234567B2", "Example Mining"),
        whole=("Example Mining Ltd.",),
    ),
    Pair(
        "foreign_names",
        owners=("Müller Beispiel GmbH", "株式会社サンプル"),
        whole=("Müller Beispiel GmbH", "株式会社サンプル"),
        contacts=(
            PrivateContact(name="Jörg Müller", phone="+49 30 5550000"),
            PrivateContact(name="山田 例", email="rei@example.jp"),
        ),
    ),
    Pair("traditional", {"title": "礦井軸流風機降噪", "description": "風機噪聲超過95分貝。現有消聲罩體積過大。"}),
    Pair(
        "long_names",
        owners=("示例省示例市" + "示例" * 20 + "矿业集团股份有限公司", "示例大学" + "示例" * 15 + "重点实验室"),
    ),
    Pair(
        "long_contact",
        contacts=(PrivateContact(name="钱七", phone="13912345678 转 80123", email="q" * 40 + "@example.com"), _OTHER),
    ),
    Pair(
        "contact_without_name", contacts=(PrivateContact(phone="13912345678"), PrivateContact(email="sun8@example.com"))
    ),
    Pair("no_contact", contacts=(PrivateContact(), PrivateContact())),
    Pair("samples", {"sample": True}, {"sample": True}),
    Pair(
        "nothing_alike",
        {"title": "海水养殖尾水处理", "description": "尾水氨氮超标。", "indicators": "", "budget": "面议"},
    ),
    Pair(
        "gates_against",
        {"budget": "10万元", "trl_required": 9, "deadline": "2026年12月31日前"},
        {"price": "200万元", "trl": 3, "available_from": "2029年"},
    ),
    Pair("exclusions", {"exclusions": "不考虑中介机构、示例竞争对手有限公司"}, {"exclusions": "不接受买断"}),
    Pair(
        "units_in_text",
        offer={"trl_evidence": "已在示例一矿有限公司、示例二矿有限公司试用，联系人吴经理"},
        secrets=("示例一矿有限公司", "吴经理"),
    ),
    Pair(
        "medium_both",
        {"description": many(4), "current_state": many(2, 3)},
        {"description": many(4, 2), "trl_evidence": many(2, 1)},
    ),
)
# Words of the other side that a list of guesses must not betray are tested in tests/market/test_hostile_records.py.


def put_on_file(market: Market, pair: Pair) -> tuple[str, str]:
    """Both records of ``pair`` with their owners and contacts; gives back their ids."""
    ids = (f"{pair.id}-n", f"{pair.id}-o")
    owners: list[str | None] = []
    for name in pair.owners:
        plain = name.removesuffix("*")
        owner_id = declared_id(plain) if name.endswith("*") else f"org-{plain}"[:90]
        owners.append(owner_id if plain else None)
        if plain:
            market.store.save(Organisation(id=owner_id, title=plain), actor="t")
    need = Need(id=ids[0], owner_id=owners[0], **{**NEED, **pair.need})
    offer = Offer(id=ids[1], owner_id=owners[1], **{**OFFER, **pair.offer})
    for kind, record, contact in (
        (RecordKind.NEED, need, pair.contacts[0]),
        (RecordKind.OFFER, offer, pair.contacts[1]),
    ):
        market.store.save_many([record], actor="t", publish=True)
        if contact != PrivateContact():
            market.store.set_contacts(kind, {record.id: contact}, actor="t")
    return ids
