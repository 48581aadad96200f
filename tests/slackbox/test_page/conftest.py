"""A box with people, a channel, an app, and one real browser looking at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from slackbox import Box
from tests.browser import PATIENCE_MS, open_browser

from .desk import HELP, MANIFEST, desk


@dataclass(frozen=True)
class Office:
    """The workspace the page shows: two people of a channel, one of them in another one too."""

    box: Box
    anna: Any
    ben: Any
    alpha: Any
    beta: Any
    bot: WebClient


@pytest.fixture(scope="package")
def office() -> Iterator[Office]:
    with Box(port=0) as box:
        app = box.install(MANIFEST)
        box.command_help = HELP
        box.first_lines = ["/desk-add a first thing"]
        anna = box.user("anna", real_name="Anna Kern", email="anna@firm.example")
        ben = box.user("ben", real_name="Ben Okafor", email="ben@firm.example")
        alpha = box.channel("alpha", members=[anna, ben], private=False, with_bot=True)
        beta = box.channel("beta", members=[ben], private=False, with_bot=True)
        client = WebClient(token=app.bot_token, base_url=box.api_url, retry_handlers=[])
        handler = SocketModeHandler(desk(client), app.app_token, web_client=client)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt declares no types here
        yield Office(box, anna, ben, alpha, beta, client)
        handler.close()  # type: ignore[no-untyped-call]  # the same


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


class Desktop:
    """How a test opens the page: as whom, where, on what kind of screen."""

    def __init__(self, browser: Browser, office: Office) -> None:
        self._browser, self._office = browser, office
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(
        self, who: Any = None, place: Any = None, *, phone: bool = False, scheme: Any = "light"
    ) -> Page:
        size: Any = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 860}
        context = self._browser.new_context(
            viewport=size, color_scheme=scheme, has_touch=phone, is_mobile=phone
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        who = who or self._office.anna
        place = place if isinstance(place, str) else (place or self._office.alpha).id
        page.goto(f"{self._office.box.url}/?as={who.id}#{place}")
        page.locator(".identity").wait_for(state="attached")
        return page

    def close(self) -> None:
        """Close every window; an exception in the page's own code fails the test."""
        for context in self._contexts:
            context.close()
        assert self.complaints == []


@pytest.fixture
def opens(browser: Browser, office: Office) -> Iterator[Callable[..., Page]]:
    desktop = Desktop(browser, office)
    yield desktop
    for person in (office.anna, office.ben):
        while person.view:
            person.closes()
    desktop.close()
