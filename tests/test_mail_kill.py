"""Processes end in the midst of a burst of mails: none is lost, and twice is the same mail."""

import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.db import Sessions, reading
from bot.delivery.outbox import Delivery, State
from slackbox import Box
from tests.crew import Crew, opened
from tests.mail_office import MAILING, letter, promises
from tests.post import END, HANG, Post, open_post

MAILS, KILLS = 200, 8
QUICKER = {
    "JOURFIXE_LEASE_SECONDS": 4,
    "JOURFIXE_HTTP_SECONDS": 1,
    "JOURFIXE_MAIL_SECONDS": 1,
    "JOURFIXE_MAIL_BACKOFF_SECONDS": 0.2,
}
TOS = [f"p{number}@firm.example" for number in range(MAILS)]


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


@pytest.fixture
def crew(empty_database_url: str, tmp_path: Path, post: Post) -> Iterator[Crew]:
    """Nobody works yet, on an empty database."""
    with Box() as box:
        crew = Crew(box, empty_database_url, tmp_path)
        crew.settings |= QUICKER | {"SMTP_URL": post.url(), "MAIL_FROM": MAILING["MAIL_FROM"]}
        try:
            yield crew
        finally:
            crew.kills_all()


def promised(crew: Crew) -> None:
    """A mail to each, promised at once."""
    with opened(crew.url) as sessions:
        promises(sessions, {to: letter(sessions, to, to, "Jour fixe") for to in TOS})


def waiting(sessions: Sessions) -> int:
    """How many mails are not sent."""
    with reading(sessions) as session:
        query = select(func.count()).where(Delivery.state != State.SENT)
        return session.scalar(query) or 0


def has_more_than(post: Post, count: int) -> bool:
    """Whether more arrived by now."""
    return len(post.mails) > count


@pytest.mark.both_databases
def test_killed_in_the_midst_of_a_burst_no_mail_is_lost(crew: Crew, post: Post) -> None:
    chance = random.Random(7)
    crew.hires(2)
    crew.is_there(2)
    promised(crew)
    with opened(crew.url) as sessions:
        for _kill in range(KILLS):
            crew.box.wait_for(partial(has_more_than, post, len(post.mails)), timeout=30)
            time.sleep(chance.uniform(0, 0.1))
            crew.kills(chance.choice(crew.running))
            crew.hires()
        is_midst = waiting(sessions) > 0
        crew.box.wait_for(lambda: waiting(sessions) == 0, timeout=60)
    doubles = len(post.mails) - MAILS
    print(f"{KILLS} kills, {len(post.mails)} mails, {doubles} of them doubles")
    assert is_midst
    assert {mail.to for mail in post.mails} == set(TOS)
    assert len({mail.data for mail in post.mails}) == MAILS
    assert len({mail.message_id for mail in post.mails}) == MAILS


def test_asked_to_end_a_process_ends_in_time_though_the_mail_server_hangs(
    crew: Crew, post: Post
) -> None:
    crew.settings |= {"JOURFIXE_MAIL_SECONDS": 40}
    post.fails(END, HANG)
    crew.hires()
    crew.is_there(1)
    promised(crew)
    crew.box.wait_for(lambda: post.mails, timeout=20)
    (member,) = crew.running
    member.process.send_signal(signal.SIGTERM)
    assert member.process.wait(timeout=20) == 0
    crew.leaves(member)
