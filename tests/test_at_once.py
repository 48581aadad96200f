"""What two do at once: the second finds what the first has done, or hears why it cannot be."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Select, func, select, text

from bot.agenda import AgendaItem, Topic
from bot.meetings import EarlierRule, Invitee, Meeting, MeetingState, Series
from bot.people import Person
from bot.projects import Project
from bot.register import WITHDRAWN
from bot.registers.actions import Action
from tests.office import Office

PATIENCE_S = 20

pytestmark = pytest.mark.parametrize("database_kind", ["postgres"])  # SQLite lets nobody be second


@pytest.fixture
def board(office: Office) -> Office:
    """A meeting today at 9:30 there is a row of, for Ben has said to come; he leads, too."""
    office.says("/po project people @ben lead")
    office.says('/po-meet new "Board" every tue 9:30-10:30 with @anna @ben')
    office.says("/po-meet invite")
    office.says("/po-meet yes", office.ben)
    office.delivered()
    return office


@contextmanager
def held(office: Office, rows: Select[Any]) -> Iterator[None]:
    """Nobody writes *rows* meanwhile: who wants to waits."""
    with office.bot.sessions.begin() as session:
        session.execute(rows.with_for_update()).all()
        yield


def at_once(office: Office, rows: Select[Any], *works: Callable[[], Any]) -> list[Any]:
    """What comes of each of *works*, of which all have begun before *rows* may be written."""
    with ThreadPoolExecutor(len(works)) as crew:
        with held(office, rows):
            begun = []
            for number, work in enumerate(works, 1):
                begun.append(crew.submit(work))
                office.box.wait_for(partial(are_waiting, office, number))
        return [one.result(PATIENCE_S) for one in begun]


def both_say(office: Office, rows: Select[Any], first: str, second: str) -> Sequence[str]:
    """What Anna reads who has typed *first*, and Ben who has typed *second* a moment later."""
    return at_once(
        office, rows, lambda: office.says(first), lambda: office.says(second, office.ben)
    )


def are_waiting(office: Office, number: int) -> bool:
    """Whether so many wait for what others hold."""
    locks = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    with office.bot.sessions() as session:
        return int(session.scalar(locks) or 0) >= number


def state(office: Office) -> MeetingState:
    found: MeetingState = office.stored(lambda session: session.scalar(select(Meeting.state)))
    return found


def sections(office: Office) -> dict[str, int]:
    """How often each part that is found by itself is on the agenda."""
    count = select(AgendaItem.section, func.count()).group_by(AgendaItem.section)
    return {row[0].value: row[1] for row in office.stored(lambda s: s.execute(count).all())}


MEETING, SERIES, PROJECT = select(Meeting), select(Series), select(Project)


def test_what_was_cancelled_a_moment_ago_is_not_started(board: Office) -> None:
    cancelled, started = both_say(
        board, MEETING, "/po-meet cancel sure=yes", "/po-meet start Board"
    )
    assert "cancelled" in cancelled
    assert "cancelled" not in started
    assert state(board) is MeetingState.CANCELLED
    assert not any("Minutes of" in seen for seen in board.sees())


def test_what_has_begun_a_moment_ago_is_not_cancelled(board: Office) -> None:
    _started, cancelled = both_say(
        board, MEETING, "/po-meet start Board", "/po-meet cancel sure=yes"
    )
    assert "It has begun already." in cancelled
    assert state(board) is MeetingState.OPEN


def test_what_two_start_at_once_has_one_agenda(board: Office) -> None:
    board.says("/po-action add @ben order paint by fri")
    both_say(board, MEETING, "/po-meet start Board", "/po-meet start Board")
    assert state(board) is MeetingState.OPEN
    assert set(sections(board).values()) == {1}


def test_what_two_publish_at_once_is_one_agenda(board: Office) -> None:
    board.says("/po-action add @ben order paint by fri")
    first, second = both_say(board, MEETING, "/po-meet publish", "/po-meet publish")
    assert "is in the channel." in first
    assert "Post it anew?" in second
    assert set(sections(board).values()) == {1}


def test_what_is_published_by_hand_while_the_clock_publishes_it_is_one_agenda(
    board: Office,
) -> None:
    board.says("/po-action add @ben order paint by fri")
    board.says("/po-meet yes 1 dec", board.ben)
    board.waits_until(30, 8, 59)
    board.now = board.now.replace(hour=9, minute=0)
    first = select(Meeting).order_by(Meeting.day.desc()).limit(1)
    by_hand, _job = at_once(
        board, first, lambda: board.says("/po-meet publish day=2026-12-01"), board.ticks
    )
    assert "is in the channel." in by_hand
    assert set(sections(board).values()) == {1}
    assert sum("1 overdue" in seen for seen in board.sees()) == 1


def test_what_was_cancelled_a_moment_ago_is_not_moved(board: Office) -> None:
    _cancelled, moved = both_say(
        board, MEETING, "/po-meet cancel sure=yes", "/po-meet move 24 nov to wed 14:00 sure=yes"
    )
    assert "It is cancelled" in moved
    assert state(board) is MeetingState.CANCELLED


def test_a_topic_for_a_meeting_that_has_just_begun_comes_to_the_next_one(board: Office) -> None:
    _started, added = both_say(
        board, MEETING, "/po-meet start Board", "/po-meet topic Who paints the door"
    )
    assert "Tue 1 Dec" in added
    topics = board.stored(lambda session: session.scalars(select(Topic)).all())
    assert [topic.meeting_id for topic in topics] == [None]


def test_of_two_rhythms_given_at_once_the_second_follows_the_first(board: Office) -> None:
    first, second = both_say(
        board,
        SERIES,
        "/po-meet change every wed 9:00 from 7 dec",
        "/po-meet change every thu 15:00 from 7 dec",
    )
    assert "every Tue, 09:30–10:30 → every Wed" in first
    assert "every Wed, 09:00–10:00 → every Thu" in second
    assert len(board.stored(lambda session: session.scalars(select(EarlierRule)).all())) == 1


def test_what_has_ended_a_moment_ago_is_not_paused(board: Office) -> None:
    ended, paused = both_say(board, SERIES, "/po-meet end sure=yes", "/po-meet pause")
    assert "has ended" in ended
    assert "has ended" in paused or "no meeting ahead" in paused
    series = board.stored(lambda session: session.scalars(select(Series)).one())
    assert series.state.value == "ended"


def test_who_is_invited_by_two_at_once_is_invited_once(board: Office) -> None:
    first, second = both_say(board, SERIES, "/po-meet invite @carla", "/po-meet invite @carla")
    assert "NOT SAVED" not in first + second
    assert "already" in second
    seats = board.stored(lambda session: session.scalars(select(Invitee)).all())
    assert len(seats) == 3


def test_of_two_meetings_planned_at_once_by_one_name_there_is_one(board: Office) -> None:
    line = '/po-meet new "Steering" every thu 9:00-10:00 with @anna @ben'
    _first, second = both_say(board, PROJECT, line, line)
    assert "There is a meeting of that name already." in second


def test_who_undoes_twice_at_once_undoes_two_things(board: Office) -> None:
    for number in range(3):
        board.says(f"/po-action add order {number} cans")
    newest = select(Action).order_by(Action.id.desc()).limit(1)
    first, second = at_once(board, newest, *2 * [lambda: board.says("/po undo")])
    assert ("order 2 cans" in first, "order 1 cans" in second) == (True, True)
    left = select(Action.title).where(Action.outcome.is_distinct_from(WITHDRAWN))
    assert board.stored(lambda session: session.scalars(left).all()) == ["order 0 cans"]


def test_of_two_projects_made_at_once_by_one_name_there_is_one(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    gamma = office.box.channel("gamma", members=[office.anna, office.ben])
    _first, second = at_once(
        office,
        select(Person).where(Person.name == "Anna"),
        lambda: office.says("/po project new Beta", where=beta),
        lambda: office.says("/po project new Beta", office.ben, gamma),
    )
    assert "NOT SAVED" not in second
