"""A need that passes the gate, forms as the page sends them, and how to read a receipt from a reply."""

import re

PHONE, MAIL, PERSON = "13912345678", "sun8@example.com", "钱七"
#: A need as its fields hold it.
NEED_VALUES = {
    "title": "矿井轴流风机降噪",
    "description": "风机噪声超过95分贝，现有消声罩体积过大难以下井，需要从叶片入手解决。",
    "indicators": "降到80分贝以下",
    "cooperation": "委托开发",
    "budget": "不超过60万元",
    "region": "示例省",
}
NEED_FORM = {
    "kind": "needs",
    **NEED_VALUES,
    "unit": "示例矿业有限公司",
    "contact_name": PERSON,
    "contact_phone": PHONE,
}
OFFER_FORM = {
    "kind": "offers",
    "title": "矿井轴流风机仿生降噪叶片",
    "description": "用仿生锯齿叶片降低矿井轴流风机的噪声，风量不变。",
    "benefit": "噪声降低12%，每台节约成本3万元",
    "trl": "7",
    "trl_evidence": "已在两座矿井试用",
    "cooperation": "许可",
    "ip_status": "已授权发明专利",
    "region": "示例省",
    "unit": "示例叶片研究所",
    "contact_email": MAIL,
}
CODE = re.compile(r"([0-9A-Z]{5}-){3}[0-9A-Z]{5}")


def receipt(reply) -> str:
    """The first receipt code that a reply shows."""
    return CODE.search(reply.html).group()
