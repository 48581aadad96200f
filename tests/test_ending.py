"""The end: asked to stop, the bot is gone within 20 s, whatever Slack does."""

import gc
import time
from contextlib import suppress
from weakref import ref

import pytest

from bot.app import LAST_S
from bot.config import read_settings
from tests.office import open_office

LONGEST_S = 20
HANGING_S = 3.0


def test_the_bot_ends_in_time_while_slack_hangs(database_url: str) -> None:
    with open_office(database_url, is_socket=True, JOURFIXE_HTTP_SECONDS=HANGING_S) as office:
        for number in range(10):
            office.says(f"/po-action add paint {number}")
        receipts = [office.types(f"/po-action add glue {number}") for number in range(12)]
        office.delivered()
        for method in ("*", "response_url"):
            office.box.faults.add(method, "hang", times=None)
        for receipt in receipts:
            with suppress(TimeoutError):
                office.anna.clicks("Undo", receipt)
        began = time.monotonic()
        office.bot.stop()
        assert time.monotonic() - began < LAST_S + 2 * HANGING_S
        office.box.faults.clear()


def test_what_a_call_may_take_leaves_time_to_end() -> None:
    assert LAST_S + read_settings().http_seconds < LONGEST_S


@pytest.mark.parametrize("is_socket", [False, True])
def test_a_bot_that_ended_is_forgotten(database_url: str, is_socket: bool) -> None:
    with open_office(database_url, is_socket=is_socket, is_mailing=True) as office:
        office.says("/po-action add @anna order paint by fri")
        office.delivered()
        ended = ref(office.bot)
    del office
    gc.collect()
    assert ended() is None
