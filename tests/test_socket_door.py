"""The Socket Mode door: whatever becomes of the connection, people are answered again."""

from collections.abc import Iterator

import pytest

from slackbox import NoAck
from tests.office import Office, open_office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The usual office, over Socket Mode."""
    with open_office(database_url, is_socket=True) as office:
        yield office


def answers_again(office: Office) -> bool:
    """Whether a command is answered, or Slack has nobody to give it to."""
    try:
        return "Alpha" in office.says("/po project show")
    except NoAck:
        return False


def test_commands_clicks_forms_and_events_come_over_the_socket(office: Office) -> None:
    answer = office.types("/po-action add @ben order paint")
    assert "A1 · order paint · Ben" in answer.text
    office.anna.clicks("Edit", answer)
    office.anna.fills({"Title": "order green paint"})
    assert office.anna.submits() == {}
    office.anna.says("@Jourfixe action done A1", office.alpha)
    assert "green paint" in office.says("/po-action closed")
    (notice,) = office.told_messages(office.ben)
    assert office.box.text_of(notice) == "A1 is closed · order green paint"


def test_one_connection_is_opened_and_no_token_asked_twice(office: Office) -> None:
    for _again in range(5):
        office.says("/po project show")
    assert office.box.connections == 1
    methods = [call.method for call in office.box.calls]
    assert methods.count("apps.connections.open") == 1
    assert methods.count("auth.test") == 1


@pytest.mark.parametrize("times", [1, 3])
def test_a_dropped_connection_comes_back(office: Office, times: int) -> None:
    for _again in range(times):
        office.box.drop_sockets()
        office.box.wait_for(lambda: answers_again(office))
    assert "A1" in office.says("/po-action add order paint")


def test_what_happens_without_a_connection_is_told_when_it_is_back(office: Office) -> None:
    office.box.faults.add("apps.connections.open", "error_before", times=2)
    office.box.drop_sockets()
    office.anna.says("@Jourfixe action add order paint", office.alpha, wait=False)
    office.box.wait_for(lambda: answers_again(office))
    office.box.wait_for(lambda: "order paint" in office.says("/po-action list"))


def test_refreshes_lose_nothing_and_leave_one_connection(office: Office) -> None:
    for number in range(5):
        office.box.refresh_sockets()
        office.anna.says(f"@Jourfixe action add paint {number}", office.alpha, wait=False)
        office.box.wait_for(lambda: answers_again(office))
    office.box.wait_for(lambda: office.says("/po-action list").count("paint") == 5)
    listed = office.says("/po-action list")
    assert all(listed.count(f"paint {number}") == 1 for number in range(5))
    office.box.wait_for(lambda: office.box.connections == 1)


def test_a_warning_before_a_disconnect_is_heeded(office: Office) -> None:
    office.box.refresh_sockets("warning")
    office.box.wait_for(lambda: answers_again(office))


def test_an_outage_of_slack_is_survived(office: Office) -> None:
    office.says("/po-action add before")
    office.delivered()
    office.box.stop()
    office.box.wait_for(lambda: not office.bot.parts_ready()["slack"])
    office.box.start()
    office.box.wait_for(lambda: answers_again(office))
    assert "A2" in office.says("/po-action add after")
    assert any("after" in text for text in office.sees())
    assert all(office.bot.parts_ready().values())
