"""`jourfixe deliveries`: what an operator sees of the outbox, and does about it."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.__main__ import main
from bot.delivery.outbox import Delivery
from tests.office import Office, open_office

LOOK = {"channels:history"}


def typed(office: Office, *words: str, code: int = 0) -> str:
    """What an operator reads who types it beside the running bot."""
    settings = office.settings
    environment = {
        "DATABASE_URL": settings.database_url,
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_API_URL": settings.slack_api_url,
        "COLUMNS": "200",
    }
    done: Result = CliRunner().invoke(main, ["deliveries", *words], env=environment)
    assert done.exit_code == code, done.output
    return done.output


def held(office: Office) -> Delivery:
    """The card of A1, whose answer got lost where nobody may look."""
    office.app.scopes -= LOOK
    office.box.faults.add("chat.postMessage", "drop_after", channel=office.alpha)
    office.says("/po-action add order paint")
    return found(office, "held")


def found(office: Office, state: str) -> Delivery:
    """The one delivery in this state, as soon as there is one."""
    query = select(Delivery).where(Delivery.state == state)
    delivery: Delivery = office.box.wait_for(lambda: office.stored(lambda s: s.scalar(query)))
    return delivery


def cards(office: Office) -> int:
    return sum("order paint" in text for text in office.sees())


def test_a_doubtful_card_is_held_where_nobody_may_look_and_the_lead_is_told(office: Office) -> None:
    number = held(office).id
    assert cards(office) == 1
    (told,) = office.told(office.anna)
    assert "I do not know whether a message for Alpha was posted" in told
    assert f"jourfixe deliveries requeue {number}" in told
    listed = typed(office, "list", "--state", "held")
    assert "nobody can tell whether it stands" in listed
    assert "order paint" in listed


def test_a_held_card_is_posted_when_an_operator_says_so(office: Office) -> None:
    number = held(office).id
    assert "will be sent" in typed(office, "requeue", str(number))
    assert cards(office) == 2  # the first stood: whoever requeues has looked, or takes the risk
    assert "sent" in typed(office, "show", str(number))


def test_a_cancelled_card_is_never_posted(office: Office) -> None:
    number = held(office).id
    assert "is cancelled" in typed(office, "cancel", str(number))
    office.says("/po-action done A1")
    assert cards(office) == 1
    assert "order paint" in typed(office, "list", "--state", "cancelled", "--project", "ALPHA")


def test_what_was_sent_cannot_be_cancelled(office: Office) -> None:
    office.says("/po-action add order paint")
    assert cards(office) == 1
    number = found(office, "sent").id
    assert "It was sent already" in typed(office, "cancel", str(number), code=2)


def test_a_delivery_that_is_not_there_is_said_to_be_none(office: Office) -> None:
    for verb in ("show", "requeue", "cancel"):
        assert "There is no delivery 999." in typed(office, verb, "999", code=2)


def test_verify_says_what_is_missing_in_slack_and_changes_nothing(office: Office) -> None:
    office.says("/po-action add order paint")
    office.says("/po-action done A1 it is green")
    assert cards(office) == 1
    assert "messages compared" in typed(office, "verify")
    office.says("/po-action add buy brushes")
    office.sees()
    card = next(
        m for m in office.anna.reads(office.alpha) if "raised by" in m.text and "buy" in m.text
    )
    office.box.call(lambda: office.box.backend.workspace.remove(card))
    assert "stands nowhere" in typed(office, "verify", code=1)


@pytest.mark.both_databases
def test_deliveries_are_listed_from_either_database(database_url: str) -> None:
    with open_office(database_url) as office:
        office.says("/po-action add order paint")
        assert cards(office) == 1
        assert "order paint" in typed(office, "list", "--state", "sent")
