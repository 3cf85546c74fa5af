"""What was found in a text, and how its mark says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What was found."""

    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    CODE = "code"
    PATENT = "patent"
    ADDRESS = "address"
    PERSON = "person"
    ORGANISATION = "organisation"
    LINK = "link"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return _LABELS[self]


_LABELS = {
    FindingKind.PHONE: "电话",
    FindingKind.EMAIL: "邮箱",
    FindingKind.ACCOUNT: "账号",
    FindingKind.CODE: "代码",
    FindingKind.PATENT: "专利号",
    FindingKind.ADDRESS: "地址",
    FindingKind.PERSON: "人名",
    FindingKind.ORGANISATION: "单位名称",
    FindingKind.LINK: "网址",
}
#: Findings that are a way to reach somebody: a record that holds one is not published as it stands.
CONTACT_KINDS = frozenset({FindingKind.PHONE, FindingKind.EMAIL, FindingKind.ACCOUNT})


@dataclass(frozen=True, slots=True)
class Finding:
    """``text[start:end]`` of the scanned text."""

    kind: FindingKind
    start: int
    end: int
    text: str
