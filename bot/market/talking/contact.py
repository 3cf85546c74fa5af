"""How to reach somebody, taken out of what is told: it goes to the private contact and never into public text."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.market.names import SURNAME, TITLES, is_word
from bot.market.redaction import CONTACT_KINDS, Finding, FindingKind, redact, scan
from bot.types import PrivateContact

_NAME = rf"{SURNAME}[\u4e00-\u9fff]"
#: White space is folded before, and every repeat is bounded: time grows with the length of the text and no more.
_GIVEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:联系人|联络人|对接人|负责人|姓名)[ :：是为叫]{{0,3}}({_NAME}{{1,2}})(?![\u4e00-\u9fff])",
        rf"(?:联系人|联络人|对接人|负责人|姓名)[ :：是为叫]{{0,3}}({_NAME}{{0,2}}?(?:先生|女士|{TITLES}|工|总))",
        rf"(?:找|联系)({_NAME}{{0,2}}?(?:{TITLES}|工|总))(?![\u4e00-\u9fff])|(?:找|联系)({SURNAME}(?:工|总))(?![\u4e00-\u9fff]|艺)",
        rf"(?:找|联系)({_NAME}{{1,2}}?)(?=就行|就好|即可|联系|[， ,]{{0,2}}(?:电话|手机|微信|1[3-9][0-9]{{9}}))",
        rf"我(?:叫|姓名是)({_NAME}{{1,2}})(?![\u4e00-\u9fff])|我姓([\u4e00-\u9fff])(?![\u4e00-\u9fff])",
        rf"(?:^|[ ，,；;、])({_NAME}{{1,2}})[ ，,:：]{{0,2}}(?=(?:电话|手机|联系电话)?[ :：是]{{0,2}}1[3-9][0-9]{{9}})",
    )
)
_LEFT_OUT = re.compile(
    r"[，,；;、]?[ ]?(?:我的|我们的|我|联系)?(?:人)?"
    r"(?:电话|手机号?|座机|热线|邮箱|电子邮件|e-?mail|微信|wechat|vx|qq|钉钉|联系方式)?"
    r"(?:号码?|同号)?[ :：是为]{0,3}〔(?:电话|邮箱|账号)略〕",
    re.IGNORECASE,
)
_NAME_OUT = re.compile(
    r"[，,；;、]?[ ]?(?:联系人|联络人|对接人|负责人|姓名|我叫|我姓名是|我姓"
    r"|(?:请|可以?|直接|就|有事|都){0,2}(?:找|联系))?[ :：是为叫]{0,3}〔人名略〕"
    r"(?:先生|女士)?(?:就行|就好|即可|联系)?"
)
_ID_CARD_LENGTH = 18


def apart(text: str, contact: PrivateContact) -> tuple[str, PrivateContact]:
    """The public part of ``text``, white space folded, and ``contact`` with what it held."""
    text = "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    reach = [finding for finding in scan(text) if finding.kind in CONTACT_KINDS]
    taken: list[Finding] = []
    for finding in (*reach, *_names(text)):
        if all(finding.end <= other.start or finding.start >= other.end for other in taken):
            taken.append(finding)
            contact = _noted(contact, finding)
    if not taken:
        return text, contact
    return _NAME_OUT.sub("", _LEFT_OUT.sub("", redact(text, taken))).strip("，,；;、 "), contact


def _names(text: str) -> list[Finding]:
    found = []
    for pattern in _GIVEN:
        for match in pattern.finditer(text):
            group = next(number for number, name in enumerate(match.groups(), 1) if name)
            name = match.group(group)
            # 高温, 石墨, 任务 only begin like a surname.
            if not is_word(name) and not (len(name) > 2 and is_word(name[:2])):
                found.append(Finding(FindingKind.PERSON, *match.span(group), name))
    return found


def _noted(contact: PrivateContact, finding: Finding) -> PrivateContact:
    if finding.kind is FindingKind.ACCOUNT:
        # The number of an identity card is nothing to reach anybody by.
        return contact if len(finding.text) >= _ID_CARD_LENGTH else replace(contact, note=f"账号：{finding.text}")
    name = {FindingKind.PHONE: "phone", FindingKind.EMAIL: "email"}.get(finding.kind, "name")
    return replace(contact, **{name: finding.text})
