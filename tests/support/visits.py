"""What tests of the page in a browser share: where the visitor is, and each way to go away and come back."""

from __future__ import annotations

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
BOX = "#question textarea"
QUESTION = "示例攻关项目支持多少？"
SECOND = "支持期限多长？"
QUOTE = "对示例攻关项目，给予最高不超过30万元支持。"
INTERRUPTIONS = ["reload", "restart", "restart-unseen", "back", "language"]


def open_menu(page) -> None:
    """Where the header is folded, unfold it."""
    button = page.locator("[data-menu]")
    if button.is_visible() and button.get_attribute("aria-expanded") == "false":
        button.click()


def go(page, view: str) -> None:
    """To a view by the header, folded or not."""
    open_menu(page)
    page.click(f"[data-go={view}]")
    if view != "chat":
        page.wait_for_selector(f"#views .view[data-name={view}]", state="visible")


def shown(page, question: str = QUESTION) -> None:
    """The first question stands there with its answer and its evidence."""
    page.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    assert question in page.inner_text("#exchange-1 .question")
    assert "最高不超过30万元" in page.inner_text("#exchange-1 .answer")
    page.click("#exchange-1 .answer .marker >> text=[1]")
    page.wait_for_selector("#evidence-1-1 mark")
    assert page.locator("#evidence-1-1 mark").all_text_contents() == [QUOTE]


def come_back(page, how: str, server) -> None:
    """Each way a page may go away and come back."""
    if how == "reload":
        page.reload()
    elif how == "restart":
        server.restart()
        page.reload()
    elif how == "restart-unseen":
        server.restart()
    elif how == "back":
        page.goto("about:blank")
        page.go_back()
    elif how == "language":
        open_menu(page)
        page.click("[data-choose-language=en]")
        page.wait_for_function("document.documentElement.lang === 'en'")
        page.wait_for_selector("[data-views-language=en]", state="attached")
        return
    page.wait_for_function("document.querySelector('#log[role=log]') !== null")
