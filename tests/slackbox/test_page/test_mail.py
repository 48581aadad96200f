"""The mails that went out, as people see them on the page."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.mails import DROPPED, MOVED, SERIES, hand_in, written

from .conftest import Office

Opens = Callable[..., Page]

HOSTILE = """\
<script>parent.document.title = "owned"; parent.owned = 1</script>
<img src="x" onerror="parent.document.title = 'owned'">
<svg onload="parent.document.title = 'owned'"></svg>
<iframe srcdoc="<script>top.document.title = 'owned'</script>"></iframe>
<a href="javascript:parent.document.title = 'owned'">click</a>
<form action="/box/message" method="post"><button>send</button></form>
<meta http-equiv="refresh" content="0;url=javascript:parent.document.title='owned'">
<style>body { background: url(SPY) }</style>
<p>harmless words</p>
"""


@pytest.fixture(autouse=True)
def empty(office: Office) -> Iterator[None]:
    """No mails of earlier tests, nor what they did to calendars."""
    yield
    office.box.call(office.box.backend.post.clear)


def row(page: Page, text: str) -> Locator:
    """The newest mail in the list that says *text*."""
    return page.locator(".mail-row").filter(has_text=text).first


def marked(page: Page, mark: str) -> list[str]:
    """What is said of the days drawn with *mark*."""
    cells = page.locator(f".month td.{mark}")
    cells.first.wait_for(state="attached")
    return [cell.get_attribute("aria-label") or "" for cell in cells.all()]


def test_a_mail_that_goes_out_is_counted_and_listed_at_once(opens: Opens, office: Office) -> None:
    page = opens()
    link = page.locator("#sidebar").get_by_role("link", name="Mail")
    hand_in(office.box, written("Agenda of Tuesday"))
    expect(link).to_have_accessible_name("Mail, 1 unread")
    link.click()
    expect(row(page, "Agenda of Tuesday")).to_contain_text("Anna Kern")
    hand_in(office.box, written("And one more"), written("And another"))
    expect(page.locator(".mail-row")).to_have_count(3)
    expect(page.locator(".mail-row").first).to_contain_text("And another")
    expect(link).to_have_accessible_name("Mail, 3 unread")


def test_an_opened_mail_is_read_as_html_as_plain_text_and_as_a_file(
    opens: Opens, office: Office
) -> None:
    hand_in(office.box, written("Invitation", html="<h1>Do come</h1>", lines=SERIES))
    page = opens(place="mail")
    row(page, "Invitation").click()
    expect(page.get_by_text("Desk <desk@office.example>")).to_be_visible()
    expect(page.frame_locator(".mail-html").get_by_role("heading")).to_have_text("Do come")
    page.get_by_role("tab", name="Plain text").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("Invitation, in plain words.")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tabpanel")).to_contain_text("RRULE:FREQ=WEEKLY")
    expect(page.locator("#sidebar").get_by_role("link", name="Mail")).to_have_accessible_name(
        "Mail"
    )


def test_the_calendar_part_is_a_small_calendar(opens: Opens, office: Office) -> None:
    hand_in(
        office.box,
        written("Invitation", lines=SERIES),
        written("Moved", lines=MOVED),
        written("Cancelled", lines=DROPPED, method="CANCEL"),
    )
    page = opens(place="mail/m1")
    card = page.get_by_role("region", name="Calendar")
    expect(card).to_contain_text("Invitation")
    expect(card).to_contain_text("every week on Tuesday, until 23 Mar 2027, 10:00–10:45")
    expect(card).to_contain_text("Europe/Berlin")
    expect(card).to_contain_text("Room 4")
    expect(card).to_contain_text("Anna Kern (anna@firm.example) · chair")
    row(page, "Moved").click()
    expect(card).to_contain_text("Tue 1 Dec 2026, 10:00 → Wed 2 Dec 2026, 14:00–14:45")
    assert marked(page, "left") == ["Tuesday, 1 December: moved to Wed 2 Dec, 14:00"]
    assert marked(page, "moved") == ["Wednesday, 2 December: 14:00"]
    row(page, "Cancelled").click()
    expect(card.locator("s").first).to_have_text("Tue 8 Dec 2026, 10:00–10:45")
    expect(card.locator(".mail-badge")).to_have_text("Cancellation")
    assert "Tuesday, 8 December: cancelled" in marked(page, "dropped")


def test_hostile_html_does_nothing(opens: Opens, office: Office) -> None:
    spy = socket.create_server(("127.0.0.1", 0))
    spy.setblocking(False)
    page = opens(place="mail")
    html = HOSTILE.replace("SPY", f"http://127.0.0.1:{spy.getsockname()[1]}/")
    hand_in(office.box, written("Invitation", html=html))
    row(page, "Invitation").click()
    frame = page.frame_locator(".mail-html")
    expect(frame.get_by_text("harmless words")).to_be_visible()
    frame.get_by_text("click").click()
    frame.get_by_role("button", name="send").click()
    page.wait_for_timeout(300)
    assert page.title().startswith("Mail · ")
    assert page.evaluate("window.owned") is None
    direct = page.context.new_page()
    direct.goto(f"{office.box.url}/box/mails/m1")
    assert direct.title() != "owned"
    with pytest.raises(BlockingIOError):
        spy.accept()
    spy.close()


def test_hostile_names_are_only_text(opens: Opens, office: Office) -> None:
    title = "<img src=x onerror=alert(1)>"
    hand_in(office.box, written(title, lines=SERIES, title=title))
    page = opens(place="mail/m1")
    expect(page.locator(".mail-head h3")).to_have_text(title)
    expect(page.locator(".calendar-card h4")).to_have_text(title)
    expect(row(page, title)).to_be_visible()


def test_mails_are_found_by_words(opens: Opens, office: Office) -> None:
    hand_in(office.box, written("Red paint"), written("Red glue", "eva@else.example"))
    page = opens(place="mail")
    expect(page.locator(".mail-row")).to_have_count(2)
    page.get_by_role("searchbox").fill("else")
    expect(page.locator(".mail-row")).to_have_count(1)
    expect(row(page, "Red glue")).to_be_visible()
    page.get_by_role("searchbox").fill("nothing of the sort")
    expect(page.get_by_text("No mail has these words.")).to_be_visible()


def test_the_list_is_walked_by_keyboard(opens: Opens, office: Office) -> None:
    hand_in(office.box, written("First"), written("Second"))
    page = opens(place="mail")
    row(page, "Second").focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, "First")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".mail-head h3")).to_have_text("First")
    expect(row(page, "First")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Choose a mail to read it.")).to_be_visible()
    expect(row(page, "First")).to_be_focused()


def test_a_phone_shows_the_list_or_a_mail(opens: Opens, office: Office) -> None:
    hand_in(office.box, written("Invitation", html="<p>Do come</p>", lines=SERIES))
    page = opens(place="mail", phone=True)
    row(page, "Invitation").click()
    expect(page.locator(".mail-list")).to_be_hidden()
    expect(page.locator(".month").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Back to the mails").click()
    expect(row(page, "Invitation")).to_be_focused()
    expect(page.locator(".mail-reading")).to_be_hidden()


def test_five_hundred_mails_keep_the_page_quick(opens: Opens, office: Office) -> None:
    post = office.box.backend.post
    for n in range(500):
        content = written(f"Mail {n}", lines=SERIES).as_bytes()
        office.box.call(partial(post.keep, "desk@office.example", ("anna@firm.example",), content))
    page = opens(place="mail")
    expect(page.locator(".mail-row")).to_have_count(100)
    began = time.monotonic()
    row(page, "Mail 450").click()
    expect(page.locator(".mail-head h3")).to_have_text("Mail 450")
    hand_in(office.box, written("And one more"))
    expect(page.locator(".mail-row").first).to_contain_text("And one more")
    page.get_by_role("button", name="Older mails").click()
    expect(page.locator(".mail-row")).to_have_count(200)
    assert time.monotonic() - began < 4


def test_a_burst_of_mails_is_looked_at_together(opens: Opens, office: Office) -> None:
    asked: list[Any] = []
    page = opens(place="mail")
    expect(page.get_by_text("No mail has gone out yet.")).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    hand_in(office.box, *(written(f"Mail {n}") for n in range(100)))
    expect(page.locator(".mail-row")).to_have_count(100)
    assert len([url for url in asked if "/box/mails" in url]) < 20


def test_an_invitation_is_answered_with_a_click(opens: Opens, office: Office) -> None:
    office.box.mailbox("desk@office.example")
    hand_in(office.box, written("Invitation", lines=SERIES), written("Moved", lines=MOVED))
    page = opens(place="mail/m1")
    page.get_by_role("button", name="Maybe").click()
    expect(page.get_by_role("status")).to_contain_text("as the answer of Anna Kern")
    expect(page.get_by_role("button", name="Maybe", pressed=True)).to_be_visible()
    assert office.box.mails[0].answer == "TENTATIVE"
    row(page, "Moved").click()
    expect(page.get_by_role("button", name="Maybe", pressed=False)).to_be_visible()
    row(page, "Invitation").click()
    expect(page.get_by_role("button", name="Maybe", pressed=True)).to_be_visible()
