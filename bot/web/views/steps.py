"""The steps of registering, in one line; the page's script marks the one that is shown."""

from __future__ import annotations

from bot.web.markup import Html, tag, text
from bot.web.texts import Language
from bot.web.texts.views import ViewTexts

_LABEL = {Language.CHINESE: "步骤", Language.ENGLISH: "Steps"}
_STEPS = {
    Language.CHINESE: {"tell": "说一说", "form": "核对", "preview": "别人看到的样子", "receipt": "回执"},
    Language.ENGLISH: {"tell": "Tell", "form": "Check", "preview": "What others see", "receipt": "Receipt"},
}


def steps_line(texts: ViewTexts) -> Html:
    """From telling to the receipt."""
    steps = _STEPS[texts.language].items()
    items = (
        tag("li", tag("span", text(f"{number}"), aria_hidden="true"), text(label), data_step=name)
        for number, (name, label) in enumerate(steps, 1)
    )
    return tag("ol", *items, class_="steps", aria_label=_LABEL[texts.language])
