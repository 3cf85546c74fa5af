"""Every address of the desk is tried by everybody who may not use it."""

import re

import pytest
from fastapi.routing import APIRoute

from bot.web.desk.frame import PLACES

OPEN = {"/desk/sign-in", "/desk/static/{name}", "/desk/language"}
#: Whoever is signed in.
SHARED = {"/desk", "/desk/sign-out", "/desk/sign-out-everywhere"}
#: Who alone may use the addresses below a path.
ONLY = {
    "/desk/inquiries": "staff",
    "/desk/jobs": "staff",
    "/desk/bench": "staff",
    "/desk/questions": "staff",
    "/desk/corpus": "staff",
    "/desk/trail": "staff",
    "/desk/figures": "manager",
    "/desk/calendar": "manager",
    "/desk/calendar.ics": "manager",
    "/desk/requests": "manager",
    "/desk/records": "manager",
    "/desk/introductions": "manager",
    "/desk/pairs": "manager",
    "/desk/letters": "manager",
    "/desk/assistant": "manager",
}


def routes(site):
    routers = [route.original_router for route in site.routes if hasattr(route, "original_router")]
    return [
        (method, route.path)
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


def owner(path):
    found = [place for place in ONLY if path == place or path.startswith(f"{place}/")]
    return ONLY[max(found, key=len)] if found else None


def guarded(site):
    return [(method, path) for method, path in routes(site) if path not in OPEN]


def called(client, method, path, **data):
    return client.request(method, re.sub(r"\{[a-z_]+(:path)?\}", "1", path), **({"data": data} if data else {}))


def test_every_address_belongs_to_somebody(desk):
    unknown = {path for _, path in guarded(desk.site) if path not in SHARED and owner(path) is None}
    assert not unknown, "say in ONLY who may use them"
    assert len(routes(desk.site)) > 10


def test_a_stranger_gets_nothing(desk):
    stranger = desk.browser()
    for method, path in guarded(desk.site):
        reply = called(stranger, method, path, **({"words": "x"} if method == "POST" else {}))
        assert reply.status_code in (303, 403), (method, path, reply.status_code)
        if reply.status_code == 303:
            assert reply.headers["location"].startswith("/desk/sign-in?next=/desk"), path
            assert reply.text == ""


@pytest.mark.parametrize("name", ["staff", "manager"])
def test_the_other_role_is_refused_everywhere(desk, name):
    client = desk.browser(name)
    foreign = [(method, path) for method, path in guarded(desk.site) if owner(path) not in (None, name)]
    assert foreign
    word = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get("/desk").text)[1]
    for method, path in foreign:
        reply = called(client, method, path, **({"csrf": word, "words": "x"} if method == "POST" else {}))
        assert reply.status_code == 403, (method, path, reply.status_code)
        assert "只有" in reply.text


def test_nothing_is_changed_by_a_form_without_its_word(desk):
    client = desk.browser("both")
    for method, path in guarded(desk.site):
        if method == "POST":
            assert called(client, method, path, words="x").status_code == 403, path


def test_the_navigation_shows_what_may_be_used_and_all_of_it_opens(desk):
    for name in ("staff", "manager", "both"):
        client = desk.browser(name)
        page = client.get("/desk").text
        for place in PLACES:
            mine = owner(place.path) in (None, name) or name == "both"
            assert (f'href="{place.path}"' in page) is mine, (name, place.path)
            if mine:
                assert client.get(place.path).status_code == 200, (name, place.path)
