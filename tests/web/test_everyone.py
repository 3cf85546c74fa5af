"""The page for everyone: axe finds nothing anywhere, 320 px to wide, zoom, keyboard, folding header, titles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.settings import Settings
from bot.types import PrivateContact, RecordKind
from bot.web.texts import ENGLISH
from tests.support import places
from tests.support.market_forms import NEED_FORM, OFFER_FORM
from tests.support.served import replace_port
from tests.support.visits import go, open_menu
from tests.web.conftest import ServedPage

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ELSEWHERE: list[str] = []
"""Selectors of Gradio's own parts that cannot be mended from here, each with its reason beside it."""

#: All else is the same in the light.
IN_THE_DARK = {"runOnly": ["color-contrast"]}

_PRIVATE = ("kind", "unit", "contact_name", "contact_phone", "contact_email")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    """The page over scripted answers, tables among them."""
    from bot.assistant import Assistant
    from bot.web.app import build_app, launch

    settings = replace_port(Settings(data_dir=tmp_path_factory.mktemp("data")))
    assistant = places.TabulatingAssistant(behind=Assistant(settings))
    page = build_app(assistant, settings)
    launch(page, settings)
    yield ServedPage(f"http://127.0.0.1:{settings.port}", assistant)
    page.close()


@pytest.fixture(scope="module")
def on_file(served):
    """Receipts and ids of a need and an offer that fit, and the receipt of an inquiry with an answer."""
    market = served.assistant.market
    shown = [{key: form[key] for key in form if key not in _PRIVATE} for form in (NEED_FORM, OFFER_FORM)]
    need = market.submit(RecordKind.NEED, shown[0], owner="示例矿业有限公司")
    offer = market.submit(RecordKind.OFFER, shown[1], owner="示例叶片研究所")
    left = served.assistant.inquiries.leave("租房补贴怎么领？", PrivateContact(phone="13800000000"), agreed=True)
    (inquiry,) = served.assistant.inquiries.listed()
    served.assistant.inquiries.reply(inquiry.id, "请看一楼公告栏。", by="示例工作人员")
    ids = [market.claim(each.receipt)[1].id for each in (need, offer)]
    return need.receipt, left.receipt, *ids


def found(page, place: str) -> list[str]:
    """What axe finds wrong with what is shown now, in the light and in the dark."""
    wrong = []
    for dark, options in ((False, {}), (True, IN_THE_DARK)):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=dark)
        result = Axe().run(page, context={"exclude": ELSEWHERE} if ELSEWHERE else None, options=options).response
        wrong += [
            f"{place}{' (dark)' if dark else ''}: {rule['id']}: {node['target']} {node['html'][:140]}"
            for rule in result["violations"]
            for node in rule["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    page.wait_for_function("!document.body.classList.contains('dark')")
    return wrong


# Each place once wide and once narrow, once in either language: rules look at one of them at a time.
@pytest.mark.parametrize(("viewport", "language"), [(DESKTOP, "zh"), (PHONE, "en")], ids=["desktop-zh", "phone-en"])
def test_axe_finds_nothing(visit, on_file, viewport, language):
    visitor = visit(viewport)
    record, inquiry, need, offer = on_file
    if language == "en":
        places.in_english(visitor.page)
    wrong = []
    for tour in (
        places.conversation(visitor),
        places.views(visitor, record, inquiry),
        places.letter(visitor, need, offer),
    ):
        for place in tour:
            wrong += found(visitor.page, place)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)


@pytest.mark.parametrize("width", [320, 390, 640, 800, 1024, 1280, 1440, 1920])
def test_nothing_is_wider_than_the_window_and_no_words_run_into_others(visit, width):
    visitor = visit({"width": width, "height": 720})
    page = visitor.page
    visitor.ask(places.ASKED_FOR_ROWS)
    for language in ("zh-CN", "en"):
        if language == "en":
            places.in_english(page)
        for view in ("chat", "eligibility", "market", "publish", "mine", "introduce"):
            go(page, view)
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (language, view)
            frame = page.locator("#log" if view == "chat" else "#views")
            assert frame.evaluate("each => each.scrollWidth - each.clientWidth") <= 0, (language, view)
        assert page.evaluate(OVERLAPS) == [], language


OVERLAPS = """() => {
  const parts = [...document.querySelectorAll('.masthead :is(h1, button:not(.skip), .until, .mode)')]
    .filter((each) => each.checkVisibility()).map((each) => [each, each.getBoundingClientRect()]);
  return parts.flatMap(([one, a], at) => parts.slice(at + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => `${one.textContent} / ${other.textContent}`));
}"""


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_the_header_folds_into_one_menu(visit, width, language):
    page = visit({"width": width, "height": 740}).page
    if language == "en":
        places.in_english(page)
    assert page.locator(".masthead").bounding_box()["height"] <= 64
    inside = ("[data-go=mine]", "[data-choose-language=zh-CN]", "[data-conversations]", "[data-restart]", ".mode")
    assert not any(page.is_visible(each) for each in inside)
    menu = page.locator("[data-menu]")
    assert menu.get_attribute("aria-expanded") == "false"
    menu.focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    assert all(page.is_visible(each) for each in inside)
    assert page.evaluate("document.activeElement.closest('#masthead-menu') !== null")
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false" and not page.is_visible("[data-go=mine]")
    assert page.evaluate("document.activeElement.matches('[data-menu]')")
    page.keyboard.press("Enter")
    page.click("[data-go=mine]")
    page.wait_for_selector("#views .view[data-name=mine]", state="visible")
    assert menu.get_attribute("aria-expanded") == "false"


def test_the_list_of_conversations_gives_the_focus_back_to_what_can_be_seen(visit):
    page = visit(PHONE).page
    open_menu(page)
    page.click("[data-conversations]")
    page.click("[data-close-conversations]")
    assert page.evaluate("document.activeElement.matches('[data-menu]')")


def test_the_list_of_conversations_speaks_the_language_of_the_page(visit):
    visitor = visit(DESKTOP)
    places.in_english(visitor.page)
    visitor.ask(places.ASKED)
    visitor.page.click("[data-conversations]")
    names = visitor.page.locator(".conversation-list :is([data-rename], [data-delete])").all_text_contents()
    assert names == [ENGLISH.kept.rename, ENGLISH.kept.delete]


def test_the_first_key_leads_past_the_header(visit):
    page = visit(DESKTOP).page
    for view, target in (("chat", "#question textarea"), ("mine", "#views .view[data-name=mine] h2")):
        go(page, view)
        page.evaluate("document.activeElement.blur()")
        page.focus(".skip")
        assert page.locator(".skip").bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("target => document.activeElement.matches(target)", target)


def test_the_window_is_named_after_the_view_in_the_language_of_the_page(visit):
    page = visit(DESKTOP).page
    name = page.title()
    titles = set()
    for view in ("eligibility", "market", "publish", "mine", "introduce"):
        go(page, view)
        assert page.title() == f"{page.inner_text(f'[data-go={view}]')} · {name}"
        titles.add(page.title())
    assert len(titles) == 5
    places.in_english(page)
    assert page.title().startswith("Introduce · ") and page.evaluate("document.documentElement.lang") == "en"
    page.go_back()
    page.wait_for_function("document.title.startsWith('My receipts')")
    go(page, "chat")
    assert "·" not in page.title()


def test_an_answer_is_announced_once_and_whole(visit):
    visitor = visit(DESKTOP)
    page = visitor.page
    page.evaluate(
        """() => {
          window.heard = [];
          new MutationObserver(() => {
            const told = document.querySelector('#announced')?.textContent;
            if (told && told !== window.heard.at(-1)) window.heard.push(told);
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )
    visitor.ask(places.ASKED)
    page.wait_for_function("window.heard.length > 0")
    heard = page.evaluate("window.heard")
    assert len(heard) == 1 and heard[0] == page.text_content("#exchange-1 .answer")
    assert page.get_attribute("#log", "aria-live") == "off"
    assert page.get_attribute("#announced", "role") == "status"


def test_the_office_stands_apart_and_plain_only_where_there_is_no_answer(visit):
    visitor = visit(DESKTOP)
    page = visitor.page
    visitor.ask(places.ASKED)
    visitor.ask(places.REFUSED)
    for number, plain in ((1, False), (2, True)):
        above = page.locator(f"#exchange-{number} .actions").bounding_box()
        button = page.locator(f"#exchange-{number} .ask-office button").first
        assert button.bounding_box()["y"] - above["y"] - above["height"] >= 24
        assert button.evaluate("each => each.matches('.primary')") is plain


def test_nothing_moves_for_who_asked_for_less_motion(visit):
    visitor = visit(DESKTOP)
    visitor.ask(places.ASKED)
    moving = visitor.page.evaluate(
        """() => [...document.querySelectorAll('.gradio-container *')].filter((each) => {
          const style = getComputedStyle(each);
          return style.transitionDuration.split(',').some((one) => parseFloat(one) > 0)
            || (style.animationName !== 'none' && style.animationIterationCount === 'infinite');
        }).map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert moving == []


DESK_PAGES = (
    *("sign-in", "", "inquiries", "inquiries?all=1", "inquiries/1", "requests"),
    *("introductions?waiting=all", "assistant", "trail"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, {"width": 320, "height": 640}], ids=["desktop", "phone", "small"])
def test_axe_finds_nothing_at_the_desk(browser, served, on_file, viewport, scheme):
    from bot.accounts.accounts import Accounts
    from bot.accounts.records import Role
    from bot.introductions.letters import Letters
    from bot.introductions.records import Form, Language, Stage
    from bot.settings import OfficeSettings

    market, (*_, need, offer) = served.assistant.market, on_file
    drafted = served.assistant.introduce(need, offer, Form.LETTER, Stage.ASK_NEED_OWNER, Language.CHINESE).introduction
    kept = Letters(market, OfficeSettings()).keep(drafted, actor="示例")
    accounts = Accounts(market.store.database)
    name = f"示例{viewport['width']}{scheme}"
    accounts.add(name, "示例密码-correct-horse", [Role.STAFF, Role.MANAGER])
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    try:
        page = context.new_page()
        wrong = []
        for place in (*DESK_PAGES, f"pairs/{need}/{offer}", f"letters/{kept.id}"):
            page.goto(f"{served.address}/desk/{place}".rstrip("/"))
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            result = Axe().run(page, options=IN_THE_DARK if scheme == "dark" else {}).response
            wrong += [f"{place}: {each['id']}: {node['html'][:140]}" for each in result["violations"]
                      for node in each["nodes"]]  # fmt: skip
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            wrong += [f"{place}: wider by {wider}"] if wider > 0 else []
            if place == "sign-in":
                page.fill("[name=name]", name)
                page.fill("[name=password]", "示例密码-correct-horse")
                page.click("[type=submit]")
                page.wait_for_selector("nav")
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)
