"""Visitors who come one after another to the same browser: what it was sent stays there, all they left is cleared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.web.conftest import Visitor

#: All that a site can keep in a browser; what the browser keeps by itself to fetch less is not among it.
_LEFT = "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage"


class Rooms:
    """Contexts of a browser by their options, each used by one visitor at a time."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._free: dict[str, list[Any]] = {}

    @contextmanager
    def visits(self, served: str) -> Iterator[Callable[..., Visitor]]:
        """Opens pages as new visitors; all is left and cleared at the end."""
        taken = []

        def open_page(viewport: dict | None = None, address: str | None = None, **options: Any) -> Visitor:
            size = viewport or {"width": 1440, "height": 900}
            phone = size["width"] < 500
            options |= {"viewport": size, "has_touch": phone, "is_mobile": phone, "reduced_motion": "reduce"}
            free = self._free.setdefault(repr(sorted(options.items())), [])
            context = free.pop() if free else self._new(served, options)
            taken.append((free, context))
            return Visitor(context.new_page(), address or served)

        try:
            yield open_page
        finally:
            for free, context in taken:
                self._clear(context, served)
                free.append(context)

    def _new(self, served: str, options: dict) -> Any:
        context = self._browser.new_context(**options)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served)
        context.set_default_timeout(20_000)
        return context

    def _clear(self, context: Any, served: str) -> None:
        """A page's own storage goes with the page."""
        for page in context.pages[1:]:
            page.close()
        (last,) = context.pages
        last.unroute_all(behavior="ignoreErrors")
        last.goto("about:blank")
        session = context.new_cdp_session(last)
        session.send("Storage.clearDataForOrigin", {"origin": served, "storageTypes": _LEFT})
        last.close()

    def close(self) -> None:
        for free in self._free.values():
            for context in free:
                context.close()
