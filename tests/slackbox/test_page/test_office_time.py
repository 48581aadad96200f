"""Office time on the page: shown and moved where the box was given one, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from slackbox import OfficeTime, Step

from .conftest import Desktop, Office

MONDAY = datetime(2026, 11, 23, 6, 55, tzinfo=UTC)  # 07:55 where Anna and Ben are


class AppTime:
    """An app's time, which stands still until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY
        steps = (
            Step("+1 h", lambda now: now + timedelta(hours=1)),
            Step("Next day", lambda now: now + timedelta(days=1)),
        )
        self.offered = OfficeTime(lambda: self.now, self._move, steps)

    def _move(self, to: datetime) -> None:
        self.now = to


@pytest.fixture
def time(office: Office) -> Iterator[AppTime]:
    """The box's app lets its time be moved, for one test."""
    time = AppTime()
    office.box.office_time = time.offered
    yield time
    office.box.office_time = None


def test_without_office_time_there_is_nothing_to_move(opens: Desktop) -> None:
    expect(opens().get_by_role("region", name="Office time")).to_have_count(0)


def test_office_time_stands_at_the_foot_of_the_sidebar(opens: Desktop, time: AppTime) -> None:
    foot = opens().get_by_role("region", name="Office time").get_by_role("time")
    expect(foot).to_have_text("Mon 23 Nov 2026, 07:55")


def test_a_leap_moves_it_on_every_page(opens: Desktop, office: Office, time: AppTime) -> None:
    anna, ben = opens(), opens(office.ben)
    anna.get_by_role("button", name="+1 h").click()
    for page in (anna, ben):
        expect(page.locator(".office-now")).to_have_text("Mon 23 Nov 2026, 08:55")
    assert time.now == MONDAY + timedelta(hours=1)


def test_a_moment_is_set_by_day_and_hour(opens: Desktop, time: AppTime) -> None:
    page = opens()
    page.get_by_role("button", name="Set…").click()
    expect(page.get_by_label("Day and hour")).to_have_value("2026-11-23T07:55")
    page.get_by_label("Day and hour").fill("2026-11-30T08:25")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator(".office-now")).to_have_text("Mon 30 Nov 2026, 08:25")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_it_does_not_go_back_and_says_why(opens: Desktop, time: AppTime) -> None:
    page = opens()
    page.get_by_role("button", name="Set…").click()
    page.get_by_label("Day and hour").fill("2026-11-20T08:25")
    page.get_by_role("button", name="Set", exact=True).click()
    alert = page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_contain_text("forward only, for what was sent was sent")
    expect(alert).to_contain_text("It is Mon 23 Nov 2026, 07:55 now.")
    assert time.now == MONDAY


def test_messages_carry_the_office_time_they_came_at(
    opens: Desktop, office: Office, time: AppTime
) -> None:
    page = opens()
    office.anna.says("Before the leap", office.alpha)
    page.get_by_role("button", name="Next day").click()
    expect(page.locator(".office-now")).to_have_text("Tue 24 Nov 2026, 07:55")
    office.anna.says("After the leap", office.alpha)
    first = page.get_by_role("article").filter(has_text="Before the leap")
    second = page.get_by_role("article").filter(has_text="After the leap")
    expect(first.locator("time")).to_have_attribute("title", "Monday, 23 November 2026 at 07:55")
    expect(second.locator("time")).to_have_attribute("title", "Tuesday, 24 November 2026 at 07:55")
    expect(page.get_by_role("separator", name="Yesterday")).to_be_visible()
    expect(page.get_by_role("separator", name="Today")).to_be_visible()


def test_a_phone_has_it_in_its_drawer(opens: Desktop, time: AppTime) -> None:
    page = opens(phone=True)
    page.locator(".drawer-button").click()
    expect(page.locator(".office-now")).to_be_in_viewport()
    page.get_by_role("button", name="+1 h").click()
    expect(page.locator(".office-now")).to_have_text("Mon 23 Nov 2026, 08:55")
