"""Frozen records of people, their sign-ins, and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody does at the desk; one person may do both."""

    MANAGER = "manager"
    STAFF = "staff"

    @property
    def label(self) -> str:
        """The role as people read it."""
        return {"manager": "技术经理人", "staff": "工作人员"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with an account; ``removed_at`` ends it for good, the trail keeps the name."""

    id: int
    name: str
    roles: frozenset[Role]
    created_at: str
    removed_at: str | None = None

    def may(self, role: Role) -> bool:
        """Whether the account is in force and has ``role``."""
        return self.removed_at is None and role in self.roles


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that succeeded: whose, the token that the browser keeps (shown once), and until when it holds."""

    user: User
    token: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to which thing; ``detail`` never holds a contact or a password."""

    id: int
    at: str
    user_name: str
    action: str
    subject: str = ""
    detail: str = ""
