"""Windows of browsers, lent to tests and taken back: one that has shown the page shows it again in a third of the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

# Windows that are kept: each is a process with a hundred megabytes.
_KEPT = 6


@dataclass
class Window:
    """A browser's context with its one page; `key` tells how it was made."""

    key: str
    context: BrowserContext
    page: Page
    alone: bool


class Windows:
    """Windows of visitors. One that comes back has no route, cookie, storage or permission any more, and one empty page."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        # The one that came back last is the last.
        self._free: list[Window] = []

    def lend(self, options: Mapping[str, Any], alone: bool = False) -> Window:
        """Return a window made with these options; one that is lent `alone` is closed when it comes back."""
        key = repr(sorted(options.items()))
        found = next((window for window in reversed(self._free) if window.key == key and not alone), None)
        if found:
            self._free.remove(found)
            return found
        context = self._browser.new_context(**options)
        page = context.new_page()
        # What the page asks before it is left is answered yes.
        page.on("dialog", lambda dialog: dialog.accept())
        return Window(key, context, page, alone)

    def take_back(self, window: Window, *addresses: str) -> None:
        """Empty a window that has been at these addresses, and keep it."""
        if window.alone or window.page.is_closed():
            window.context.close()
            return
        for page in window.context.pages:
            page.unroute_all(behavior="ignoreErrors")
            if page is not window.page:
                page.close()
        window.context.unroute_all(behavior="ignoreErrors")
        window.page.goto("about:blank")
        window.page.mouse.move(0, 0)
        session = window.context.new_cdp_session(window.page)
        for address in addresses:
            session.send("Storage.clearDataForOrigin", {"origin": address.rstrip("/"), "storageTypes": "local_storage"})
        session.detach()
        window.context.clear_cookies()
        window.context.clear_permissions()
        self._free.append(window)
        if len(self._free) > _KEPT:
            self._free.pop(0).context.close()

    def close(self) -> None:
        for window in self._free:
            window.context.close()
