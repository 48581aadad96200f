"""The order of answers: the later one holds, whatever else of the series was changed meanwhile."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.imap import ImapServer, open_imap
from tests.mailed import Post, open_mailed
from tests.test_answers import SAID, Several, outcome


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    with open_imap() as server:
        yield server


@pytest.fixture
def post(database_url: str, imap: ImapServer) -> Iterator[Post]:
    with open_mailed(database_url, imap.postbox()) as post:
        yield post


def moves(post: Post, day: int) -> None:
    """A date of December is moved to the next day, and calendars are told of that one alone."""
    post.office.passes(minutes=10)
    post.office.says(f"/po-meet move {day} dec to {day + 1} dec 14:00")
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
