"""Signing in and out."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.errors import SignInError
from bot.web.desk.context import Desk
from bot.web.desk.frame import page
from bot.web.desk.guard import ROOT, SIGN_IN, OwnForm, Signed, forget, keep, language_of_request, own_address
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, tag, text

LONGEST_ENTRY = 300

Entry = Annotated[str, Form(max_length=LONGEST_ENTRY)]


def signing_router(desk: Desk) -> APIRouter:
    """The pages to sign in and out."""
    guard = desk.guard
    router = APIRouter()

    @router.get(SIGN_IN, response_model=None)
    def sign_in_page(request: Request, next: str = ROOT) -> HTMLResponse | RedirectResponse:  # noqa: A002 - the name in the address
        if guard.signed(request) is not None:
            return see_other(own_address(next))
        return HTMLResponse(page("登录", _form(own_address(next)), None, language=language_of_request(request)))

    @router.post(SIGN_IN, response_model=None)
    def sign_in(
        request: Request,
        name: Entry = "",
        password: Entry = "",
        next: Entry = ROOT,  # noqa: A002
    ) -> HTMLResponse | RedirectResponse:
        address = request.client.host if request.client else ""
        try:
            done = guard.accounts.sign_in(name, password, address)
        except SignInError as error:
            return HTMLResponse(
                page("登录", _form(own_address(next), name, str(error)), None, language=language_of_request(request)),
                401,
            )
        opened = see_other(own_address(next))
        return keep(opened, done, secure=request.url.scheme == "https")

    @router.post(f"{ROOT}/sign-out", dependencies=[OwnForm])
    def sign_out(signed: Annotated[Signed, Depends(guard.any_role)]) -> RedirectResponse:
        guard.accounts.sign_out(signed.token)
        return forget(see_other(SIGN_IN))

    @router.post(f"{ROOT}/sign-out-everywhere", dependencies=[OwnForm])
    def sign_out_everywhere(signed: Annotated[Signed, Depends(guard.any_role)]) -> RedirectResponse:
        guard.accounts.sign_out_everywhere(signed.user)
        return forget(see_other(SIGN_IN))

    return router


def _form(back_to: str, name: str = "", problem: str = "") -> Html:
    return tag(
        "form",
        tag("p", text(problem), class_="problem", role="alert") if problem else EMPTY,
        _entry("用户名", "name", "text", "username", name),
        _entry("密码", "password", "password", "current-password", ""),
        tag("input", type="hidden", name_="next", value=back_to),
        tag("button", text("登录"), type="submit", class_="primary"),
        tag("p", text("账号由管理员用 bot user add 添加；没有默认账号。"), class_="hint"),
        method="post",
        action=SIGN_IN,
        class_="sign-in",
    )


def _entry(label: str, name: str, kind: str, complete: str, value: str) -> Html:
    box = tag("input", type=kind, id=name, name_=name, value=value, autocomplete=complete, required=True)
    return tag("div", tag("label", text(label), for_=name), box, class_="field")
