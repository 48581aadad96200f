"""The order of answers: the later one holds, whatever else of the series was changed meanwhile."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import history
from bot.answering import date_called, give_answer
from bot.calendar.answers import COMING, MailDesk, take
from bot.calendar.envelopes import parse_mail
from bot.calendar.replies import read_replies
from bot.invitations import seat_for
from bot.meeting_dates import next_dates
from bot.meetings import Series
from bot.people import Person
from bot.projects import Project
from bot.rsvps import Said, answers_to
from tests.client_replies import Answer, outlook
from tests.imap import ImapServer
from tests.mailed import Post, open_mailed, tuesday


def moves(post: Post, day: int) -> None:
    """A date of December is moved to the next day, and calendars are told of that one alone."""
    post.office.passes(minutes=10)
    post.office.says(f"/po-meet move {day} dec to {day + 1} dec 14:00 sure=yes")
    post.office.passes(minutes=10)
    post.published(1)
    post.office.passes(minutes=10)


def test_a_later_answer_by_mail_outdoes_a_click_after_another_date_moved(post: Post) -> None:
    post.published(0)
    moves(post, 8)
    post.office.says("/po-meet yes 1 dec", post.office.ben)
    post.office.passes(hours=5)
    post.says("DECLINED", 1, sequence=0, comment="Ill")  # the only number his calendar knows
    assert "Can’t: Ben: “Ill”" in post.shows(1)
    assert "Ben cannot come: Ill" in post.office.told(post.office.anna)[-1]
    post.office.passes(hours=1)
    post.office.says("/po-meet maybe 1 dec", post.office.ben)
    assert "Maybe: Ben" in post.shows(1)


def test_a_later_answer_to_all_outdoes_one_from_a_calendar_that_knows_more(post: Post) -> None:
    post.published(0)
    moves(post, 8)
    post.says("ACCEPTED", sequence=1)
    post.office.passes(hours=5)
    post.says("DECLINED", sequence=0)
    assert "Can’t: Ben" in post.shows(1)
    assert "There: Ben" in post.shows(9)  # the later one is to when it was before it moved
    post.office.passes(hours=1)
    post.says("TENTATIVE", sequence=1)
    assert ("Maybe: Ben" in post.shows(1), "Maybe: Ben" in post.shows(9)) == (True, True)
    post.office.says("/po undo", post.office.ben)
    assert "Can’t: Ben" in post.shows(1)
    assert "There: Ben" in post.shows(9)


# --- In any order --------------------------------------------------------------------------------


KINDS = st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE"])
NEWEST = 2
BY_MAIL = st.tuples(
    KINDS, st.sampled_from([None, 1, 8]), st.integers(0, NEWEST), st.integers(0, 30), st.just(False)
)
CLICKED = st.tuples(
    KINDS, st.sampled_from([1, 8]), st.just(NEWEST), st.integers(0, 30), st.just(True)
)
SAID = st.lists(st.one_of(BY_MAIL, CLICKED), min_size=2, max_size=5, unique_by=lambda one: one[1:4])
Several = Sequence[tuple[str, int | None, int, int, bool]]


def outcome(post: Post, several: Several) -> list[tuple[str, str]]:
    """What holds for the next three meetings after Ben's answers were done in that order."""
    office = post.office
    with office.bot.sessions() as session:
        history.begin(session, None, "answered by mail", office.now)
        series = session.scalars(select(Series).where(Series.uid == post.uid)).one()
        project = session.get_one(Project, series.project_id)
        desk = MailDesk(session, office.now, timedelta(0), timedelta(minutes=10))
        ben = session.scalars(select(Person).where(Person.name == "Ben")).one()
        seat = seat_for(session, series, ben)
        assert seat is not None
        for number, (partstat, day, sequence, minutes, is_click) in enumerate(several):
            at = office.now - timedelta(minutes=60 - minutes)
            words = f"{sequence}-{minutes}"
            if is_click and day is not None:
                found = date_called(desk, series, project, f"2026-12-{day:02}")
                give_answer(desk, project, found, seat, Said(COMING[partstat], words, at, sequence))
                continue
            answer = Answer(
                post.uid, "ben@firm.example", partstat, tuesday(day) if day else None, sequence,
                at, comment=words, number=str(number),
            )  # fmt: skip
            assert take(desk, read_replies(parse_mail(outlook(answer))))
        coming = next_dates(session, series, project, office.now, 3)
        rows = [list(answers_to(session, found).values()) for found in coming]
        session.rollback()
        return [(row.coming.value, row.remark or "") for each in rows for row in each]


@pytest.fixture(scope="module")
def lasting(imap: ImapServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """One office for many examples: each is rolled back."""
    file = tmp_path_factory.mktemp("answers") / "jourfixe.db"
    with open_mailed(f"sqlite:///{file}", imap.postbox()) as post:
        post.office.passes(days=-1)
        for sequence in (0, 1, 2):
            post.published(sequence)
            post.office.passes(minutes=1)
        post.office.passes(days=1)
        yield post


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=SAID, data=st.data())
def test_the_order_answers_come_in_does_not_matter(
    lasting: Post, said: Several, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(said))
    assert outcome(lasting, said) == outcome(lasting, shuffled)


@pytest.fixture(scope="module")
def moved(imap: ImapServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """One office for many examples: 8 December was moved between two changes of the others."""
    file = tmp_path_factory.mktemp("answers") / "jourfixe.db"
    with open_mailed(f"sqlite:///{file}", imap.postbox()) as post:
        post.published(0)
        moves(post, 8)
        post.published(2)
        post.office.passes(days=1)
        yield post


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=SAID, data=st.data())
def test_the_order_answers_come_in_does_not_matter_where_a_date_moved(
    moved: Post, said: Several, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(said))
    assert outcome(moved, said) == outcome(moved, shuffled)
