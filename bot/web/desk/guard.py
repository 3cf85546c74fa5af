"""Who is at the desk: the cookie, the role a page asks for, and forms that only the desk's own pages may send."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse

from bot.accounts.accounts import WHOLE, Accounts
from bot.accounts.records import Role, SignIn, User
from bot.web.texts import Language

ROOT = "/desk"
SIGN_IN = f"{ROOT}/sign-in"
COOKIE = "desk"
LANGUAGE_COOKIE = "desk_language"


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody signed in; ``csrf`` goes into every form of theirs."""

    user: User
    token: str
    language: str = Language.CHINESE

    @property
    def csrf(self) -> str:
        """A word that only pages made for this sign-in hold."""
        return form_word(self.token)


class SignInNeeded(Exception):
    """Nobody is signed in; the page asked for is opened after signing in."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(address)


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets requests to the desk through. Safe to share between threads."""

    accounts: Accounts

    def signed(self, request: Request) -> Signed | None:
        """Whose request it is, by its cookie."""
        token = request.cookies.get(COOKIE, "")
        user = self.accounts.signed_in(token) if token else None
        return Signed(user, token, language_of_request(request)) if user is not None else None

    def any_role(self, request: Request) -> Signed:
        """Somebody signed in, whatever their role. Raises :class:`SignInNeeded`."""
        signed = self.signed(request)
        if signed is None:
            raise SignInNeeded(request.url.path if request.method == "GET" else ROOT)
        return signed

    def only(self, role: Role) -> Callable[[Request], Signed]:
        """Somebody signed in with ``role``. Raises :class:`SignInNeeded` or HTTP 403."""

        def check(request: Request) -> Signed:
            signed = self.any_role(request)
            if not signed.user.may(role):
                raise HTTPException(403, f"这里只有{role.label}能用")
            return signed

        return check


def language_of_request(request: Request) -> str:
    """The language somebody chose at the desk; else what the browser asks for, Chinese where it asks for neither."""
    chosen = request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language", "")
    return Language.ENGLISH if chosen.strip().lower().startswith("en") else Language.CHINESE


def own_form(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse a form that a page of this desk did not make. Raises HTTP 403.

    The cookie is not sent with requests that another site starts (SameSite); this holds where a browser is old.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "表单不是从工作台页面发出的")
    if not hmac.compare_digest(csrf.encode(), form_word(request.cookies.get(COOKIE, "")).encode()):
        raise HTTPException(403, "表单已失效：请返回上一页刷新后再提交")


def form_word(token: str) -> str:
    """The word in the forms made for the sign-in of ``token``; it does not tell the token."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()


OwnForm = Depends(own_form)


def keep(response: RedirectResponse, done: SignIn, *, secure: bool) -> RedirectResponse:
    """``response`` with the cookie of a sign-in: unread by scripts, never sent along from other sites."""
    response.set_cookie(
        COOKIE,
        done.token,
        max_age=int(WHOLE.total_seconds()),
        path=ROOT,
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return response


def forget(response: RedirectResponse) -> RedirectResponse:
    """``response`` without the cookie."""
    response.delete_cookie(COOKIE, path=ROOT)
    return response


def own_address(address: str) -> str:
    """``address`` when it is a page of the desk, else the first page: nobody is led elsewhere after signing in."""
    parts = urlsplit(address)
    inside = parts.path == ROOT or parts.path.startswith(f"{ROOT}/")
    return address if inside and not parts.scheme and not parts.netloc and "\\" not in address else ROOT


def sign_in_address(back_to: str) -> str:
    """The address of the sign-in page that leads back to ``back_to``."""
    return f"{SIGN_IN}?next={quote(own_address(back_to), safe='/')}"
