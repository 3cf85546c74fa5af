"""The page for everyone: axe finds nothing anywhere, 320 px to wide, zoom, keyboard, folding header, titles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.settings import Settings
from bot.types import PrivateContact, RecordKind
from bot.web.texts import ENGLISH
from tests.support import places
from tests.support.looked_through import BY_COLOUR, BY_SIZE, in_the_dark, shown_there, violations
from tests.support.market_forms import NEED_FORM, OFFER_FORM
from tests.support.served import replace_port
from tests.support.visits import go, open_menu
from tests.web.conftest import ServedPage, Visitor

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
ELSEWHERE: tuple[str, ...] = ()
"""Selectors of Gradio's own parts that cannot be mended from here, each with its reason beside it."""

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
    """What axe finds wrong with what is shown now, in the light and, where colours count, in the dark."""
    wrong = violations(page, place, without=ELSEWHERE)
    with in_the_dark(page):
        return wrong + violations(page, f"{place} (dark)", BY_COLOUR, ELSEWHERE)


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


# A phone's window is another kind than a desk's; within a kind the window is made wider and narrower.
@pytest.mark.parametrize(
    "widths", [(320, 390), (640, 800, 1024, 1280, 1440, 1920)], ids=lambda each: f"{each[0]}-{each[-1]}"
)
def test_nothing_is_wider_than_the_window_and_no_words_run_into_others(visit, widths):
    visitor = visit({"width": widths[0], "height": 720})
    page = visitor.page
    visitor.ask(places.ASKED_FOR_ROWS)
    wrong = []
    for language in ("zh-CN", "en"):
        if language == "en":
            places.in_english(page)
        for view in ("chat", "eligibility", "market", "publish", "mine", "introduce"):
            go(page, view)
            for width in widths:
                page.set_viewport_size({"width": width, "height": 720})
                wider = page.evaluate(WIDER, "#log" if view == "chat" else "#views")
                wrong += [(width, language, view, each) for each in wider]
                wrong += [(width, language, view, each) for each in page.evaluate(OVERLAPS)]
    assert not wrong, "\n".join(map(str, wrong))


#: What sticks out of the window, and of the frame within it.
WIDER = """frame => {
  const inside = document.querySelector(frame);
  return [
    ['window', document.documentElement.scrollWidth - window.innerWidth],
    [frame, inside.scrollWidth - inside.clientWidth],
  ].filter(([, by]) => by > 0);
}"""
OVERLAPS = """() => {
  const parts = [...document.querySelectorAll('.masthead :is(h1, button:not(.skip), .until, .mode)')]
    .filter((each) => each.checkVisibility()).map((each) => [each, each.getBoundingClientRect()]);
  return parts.flatMap(([one, a], at) => parts.slice(at + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => `${one.textContent} / ${other.textContent}`));
}"""


@pytest.mark.parametrize("widths", [(320, 390), (768,)], ids=["phone", "tablet"])
def test_on_a_phone_the_header_folds_into_one_menu(visit, widths):
    page = visit({"width": widths[0], "height": 740}).page
    for language in ("zh", "en"):
        if language == "en":
            places.in_english(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 740})
            go(page, "chat")
            folds_into_one_menu(page, f"{width} {language}")


def folds_into_one_menu(page, place: str) -> None:
    assert page.locator(".masthead").bounding_box()["height"] <= 64, place
    inside = ("[data-go=mine]", "[data-choose-language=zh-CN]", "[data-conversations]", "[data-restart]", ".mode")
    assert not any(page.is_visible(each) for each in inside), place
    menu = page.locator("[data-menu]")
    assert menu.get_attribute("aria-expanded") == "false", place
    menu.focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true", place
    assert all(page.is_visible(each) for each in inside), place
    assert page.evaluate("document.activeElement.closest('#masthead-menu') !== null"), place
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false" and not page.is_visible("[data-go=mine]"), place
    assert page.evaluate("document.activeElement.matches('[data-menu]')"), place
    page.keyboard.press("Enter")
    page.click("[data-go=mine]")
    page.wait_for_selector("#views .view[data-name=mine]", state="visible")
    assert menu.get_attribute("aria-expanded") == "false", place


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


@pytest.fixture(scope="module")
def conversed(browser, served) -> Iterator[tuple[Visitor, list[str]]]:
    """A visitor with an answer and a refusal, and what was announced of the answer; tests only read it."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    visitor = Visitor(context.new_page(), served.address)
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
    visitor.ask(places.REFUSED)
    yield visitor, heard
    context.close()


def test_an_answer_is_announced_once_and_whole(conversed):
    visitor, heard = conversed
    page = visitor.page
    assert len(heard) == 1 and heard[0] == page.text_content("#exchange-1 .answer")
    assert page.get_attribute("#log", "aria-live") == "off"
    assert page.get_attribute("#announced", "role") == "status"


def test_the_office_stands_apart_and_plain_only_where_there_is_no_answer(conversed):
    page = conversed[0].page
    for number, plain in ((1, False), (2, True)):
        above = page.locator(f"#exchange-{number} .actions").bounding_box()
        button = page.locator(f"#exchange-{number} .ask-office button").first
        assert button.bounding_box()["y"] - above["y"] - above["height"] >= 24
        assert button.evaluate("each => each.matches('.primary')") is plain


def test_nothing_moves_for_who_asked_for_less_motion(conversed):
    moving = conversed[0].page.evaluate(
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


def test_axe_finds_nothing_at_the_desk(browser, served, on_file):
    from bot.accounts.accounts import Accounts
    from bot.accounts.records import Role
    from bot.introductions.letters import Letters
    from bot.introductions.records import Form, Language, Stage
    from bot.settings import OfficeSettings

    market, (*_, need, offer) = served.assistant.market, on_file
    drafted = served.assistant.introduce(need, offer, Form.LETTER, Stage.ASK_NEED_OWNER, Language.CHINESE).introduction
    kept = Letters(market, OfficeSettings()).keep(drafted, actor="示例")
    accounts = Accounts(market.store.database)
    accounts.add("示例职员", "示例密码-correct-horse", [Role.STAFF, Role.MANAGER])
    context = browser.new_context(viewport=DESKTOP)
    try:
        page = context.new_page()
        wrong = []
        for place in (*DESK_PAGES, f"pairs/{need}/{offer}", f"letters/{kept.id}"):
            page.goto(f"{served.address}/desk/{place}".rstrip("/"))
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            wrong += found_at_the_desk(page, place)
            if place == "sign-in":
                page.fill("[name=name]", "示例职员")
                page.fill("[name=password]", "示例密码-correct-horse")
                page.click("[type=submit]")
                page.wait_for_selector("nav")
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)


def found_at_the_desk(page, place: str) -> list[str]:
    """What is wrong in each size, light and dark; all rules again where another size shows other things."""
    wrong, shown = [], None
    for size in (DESKTOP, PHONE, SMALL):
        page.set_viewport_size(size)
        here, before, shown = f"{place or 'start'} at {size['width']}", shown, shown_there(page)
        wrong += violations(page, f"{here} (light)", BY_SIZE if shown == before else ())
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        wrong += [f"{here}: wider by {wider}"] if wider > 0 else []
        with in_the_dark(page, by_class=False):
            wrong += violations(page, f"{here} (dark)", BY_COLOUR)
    page.set_viewport_size(DESKTOP)
    return wrong
