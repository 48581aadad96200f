"""Answers by mail: what they say of one date or of all, beside what is clicked in Slack."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.meetings import Series
from tests.client_replies import CLIENTS, google, outlook
from tests.imap import ImapServer
from tests.mailed import Post, open_mailed


def goes_out(post: Post) -> None:
    """Calendars are told what there is to tell."""
    post.office.passes(minutes=6)
    post.office.ticks()
    post.office.delivered()


def test_an_answer_to_all_holds_for_each_not_answered_singly(post: Post) -> None:
    post.says("DECLINED", 8)
    post.says("ACCEPTED")
    assert "There: Ben" in post.shows(1)
    assert "Can’t: Ben" in post.shows(8)
    assert "There: Ben" in post.shows(15)
    post.says("TENTATIVE")
    assert "Maybe: Ben" in post.shows(15)
    assert "Can’t: Ben" in post.shows(8)
    post.office.says("/po-meet yes 15 dec", post.office.ben)
    assert "There: Ben" in post.shows(15)
    assert "Maybe: Ben" in post.shows(22)


def test_the_chair_reads_once_of_all_dates(post: Post) -> None:
    post.says("DECLINED", comment="<!channel> *I* left the team")
    text = post.told()
    assert "Ben can never come: <!channel> *I* left the team" in text
    assert "every Tue, 10:00–10:45" in text
    raw = post.office.told_messages(post.office.anna)[-1]
    assert "<!channel>" not in raw.text  # nothing anybody wrote is markup


def test_the_chair_reads_of_the_dates_before_another_rhythm_what_was_said_of_them(
    post: Post,
) -> None:
    post.office.says("/po-meet change every wed 11:00 from 14 dec")
    post.says("DECLINED", comment="Away")
    told = post.told()
    assert "Ben can come on none of the dates until Sun 13 Dec 2026: Away" in told
    assert "Jour fixe · every Tue, 10:00–10:45" in told
    assert "every Wed" not in told
    assert "No answer yet: Anna, Ben" in post.shows(16)


def test_a_date_that_is_moved_asks_anew(post: Post) -> None:
    post.published(0)
    post.says("ACCEPTED")
    post.says("ACCEPTED", 1)
    post.office.passes(hours=1)
    post.office.says("/po-meet move 1 dec to 2 dec 14:00 sure=yes")
    post.office.says("/po-meet move 8 dec to 9 dec 14:00 sure=yes")
    assert "No answer yet: Anna, Ben" in post.shows(2)
    assert "No answer yet: Anna, Ben" in post.shows(9)
    assert "There: Ben" in post.shows(15)
    # The mail about it is not out yet: whoever answers now answers to the time it was at.
    post.says("DECLINED", 1, sequence=0, stamp=post.office.now + timedelta(minutes=1))
    post.says("DECLINED", sequence=0, stamp=post.office.now + timedelta(minutes=2))
    assert "No answer yet: Anna, Ben" in post.shows(2)
    post.office.passes(minutes=5)
    post.published(1)
    post.office.passes(minutes=5)
    post.says("DECLINED", 1, sequence=0)
    assert "No answer yet: Anna, Ben" in post.shows(2)
    post.says("ACCEPTED", 1, sequence=1)
    assert "There: Ben" in post.shows(2)
    assert "No answer yet: Anna, Ben" in post.shows(9)
    post.says("TENTATIVE", sequence=1)
    assert "Maybe: Ben" in post.shows(9)


def test_an_answer_to_an_older_state_of_what_did_not_move_counts(post: Post) -> None:
    post.published(0)
    post.office.passes(hours=1)
    post.office.says("/po-meet move 8 dec to 9 dec 14:00 sure=yes")
    post.published(1)
    post.office.passes(hours=1)
    post.says("ACCEPTED", 1, sequence=0)
    assert "There: Ben" in post.shows(1)


def test_a_changed_rhythm_asks_anew_and_forgets_nothing_before(post: Post) -> None:
    post.says("ACCEPTED")
    post.office.says("/po-meet change every wed 11:00 from 14 dec")
    assert "There: Ben" in post.shows(8)
    assert "No answer yet: Anna, Ben" in post.shows(16)
    post.says("DECLINED", 22)  # a Tuesday there is no more
    assert "No answer yet: Anna, Ben" in post.shows(23)


def test_an_answer_to_the_rhythm_before_is_none_to_the_one_after(post: Post) -> None:
    post.published(0)
    post.says("ACCEPTED")
    post.office.passes(hours=1)
    post.office.says("/po-meet change every thu 15:00 from 26 nov")
    assert "No answer yet: Anna, Ben" in post.shows(3)
    before = post.office.told(post.office.anna)
    # The mail about it is not out yet: whoever answers now answers to the rhythm there was.
    post.says("DECLINED", sequence=0, stamp=post.office.now + timedelta(minutes=1))
    post.office.passes(minutes=5)
    post.published(1)
    post.office.passes(minutes=5)
    post.says("DECLINED", sequence=0)
    assert post.office.told(post.office.anna) == before
    for day in (3, 10):
        assert "No answer yet: Anna, Ben" in post.shows(day)
    assert "No answer yet: Anna, Ben" in post.office.says("/po-meet show 26 nov")
    post.says("TENTATIVE", sequence=1)
    assert "Maybe: Ben" in post.shows(3)


def test_an_answer_to_one_date_of_the_rhythm_before_is_none_to_the_one_after(post: Post) -> None:
    post.published(0)
    post.office.passes(hours=1)
    post.office.says("/po-meet change every tue 15:00 from 26 nov")
    post.published(1)
    post.office.passes(minutes=5)
    post.says("DECLINED", 8, sequence=0, by=CLIENTS["Nextcloud"])  # names the day, not the hour
    assert "No answer yet: Anna, Ben" in post.shows(8)
    post.says("DECLINED", 8, sequence=1, by=CLIENTS["Nextcloud"])
    assert "Can’t: Ben" in post.shows(8)


def test_what_became_an_earlier_rhythm_takes_no_answer_to_the_one_before_it(post: Post) -> None:
    post.published(0)
    post.office.passes(hours=1)
    post.office.says("/po-meet change every thu 15:00 from 26 nov")
    post.published(1)
    post.office.passes(hours=1)
    post.office.says("/po-meet change every wed 11:00 from 14 dec")
    post.says("ACCEPTED", sequence=0)
    assert "No answer yet: Anna, Ben" in post.shows(3)
    post.says("ACCEPTED", sequence=1)
    assert "There: Ben" in post.shows(3)
    assert "No answer yet: Anna, Ben" in post.shows(16)


def test_a_rhythm_that_is_taken_back_has_the_answers_it_had(post: Post) -> None:
    post.published(0)
    post.says("ACCEPTED")
    post.office.passes(minutes=5)
    post.office.says("/po-meet change every thu 15:00 from 26 nov")
    post.office.says("/po undo")
    assert "There: Ben" in post.shows(1)
    post.office.says("/po-meet change every thu 15:00 from 26 nov")
    post.says("DECLINED", sequence=0)  # come between, it is to the one before
    assert "No answer yet: Anna, Ben" in post.shows(3)
    post.office.says("/po undo")
    assert "Can’t: Ben" in post.shows(1)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ("move 8 dec to wed 14:00 sure=yes", "move 9 dec to tue 8 dec 10:00 sure=yes"),
        ("cancel 8 dec sure=yes", "restore 8 dec"),
        ("change every thu 15:00 from 1 dec", "change every tue 10:00 from 1 dec"),
    ],
)
def test_what_is_put_right_before_calendars_are_told_has_the_answers_it_had(
    imap: ImapServer, database_url: str, there: str, back: str
) -> None:
    with open_mailed(database_url, imap.postbox(), is_mailing=True) as post:
        goes_out(post)
        post.says("ACCEPTED", who="boss@firm.example")
        post.says("DECLINED", 8)
        post.office.passes(hours=1)
        post.office.says(f"/po-meet {there}")
        post.office.says(f"/po-meet {back}")
        shown = post.shows(8)
        assert "There: boss@firm.example (optional)" in shown
        assert "Can’t: Ben" in shown
        before = len(post.office.box.mails)
        goes_out(post)
        assert len(post.office.box.mails) == before
        post.says("TENTATIVE", 8)
        assert "Maybe: Ben" in post.shows(8)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ("move 8 dec to wed 14:00 sure=yes", "move 9 dec to tue 8 dec 10:00 sure=yes"),
        ("cancel 8 dec sure=yes", "restore 8 dec"),
        ("change every thu 15:00 from 1 dec", "change every tue 10:00 from 1 dec"),
    ],
)
def test_what_is_changed_back_after_calendars_were_told_asks_anew(
    imap: ImapServer, database_url: str, there: str, back: str
) -> None:
    with open_mailed(database_url, imap.postbox(), is_mailing=True) as post:
        goes_out(post)
        post.says("ACCEPTED", who="boss@firm.example")
        post.says("DECLINED", 8)
        for line in (there, back):
            post.office.passes(hours=1)
            post.office.says(f"/po-meet {line}")
            goes_out(post)
        assert "No answer yet: Anna, Ben, Carla, Gus (optional), boss@firm" in post.shows(8)
        post.says("ACCEPTED", 8, sequence=2)
        assert "There: Ben" in post.shows(8)


@pytest.mark.parametrize(("minutes", "holds"), [(1, True), (60, False)])
def test_what_was_paused_asks_anew_once_calendars_were_told(
    imap: ImapServer, database_url: str, minutes: int, holds: bool
) -> None:
    with open_mailed(database_url, imap.postbox(), is_mailing=True) as post:
        goes_out(post)
        post.says("ACCEPTED", who="boss@firm.example")
        post.says("DECLINED", 8)
        post.office.says("/po-meet pause")
        if not holds:
            goes_out(post)
        post.office.passes(minutes=minutes)
        post.office.says("/po-meet resume")
        goes_out(post)
        shown = post.shows(8)
        assert ("Can’t: Ben" in shown, "There: boss@firm" in shown) == (holds, holds)
        assert ("There: boss@firm" in post.shows(15)) == holds
        post.says("TENTATIVE", 8, sequence=0 if holds else 2)
        assert "Maybe: Ben" in post.shows(8)


def test_what_comes_in_while_a_date_is_elsewhere_counts_once_it_is_back(post: Post) -> None:
    post.published(0)
    post.office.passes(hours=1)
    post.office.says("/po-meet move 8 dec to wed 14:00 sure=yes")
    post.says("DECLINED", 8, sequence=0)
    assert "No answer yet: Anna, Ben" in post.shows(9)
    post.office.says("/po-meet move 9 dec to tue 8 dec 10:00 sure=yes")
    assert "Can’t: Ben" in post.shows(8)


def test_what_was_said_to_a_time_in_between_is_no_answer_to_the_one_it_has_again(
    post: Post,
) -> None:
    post.published(0)
    post.office.passes(hours=1)
    post.office.says("/po-meet move 8 dec to wed 14:00 sure=yes")
    post.office.passes(minutes=1)
    post.office.says("/po-meet no 9 dec", post.office.ben)
    post.office.says("/po-meet move 9 dec to tue 8 dec 10:00 sure=yes")
    assert "No answer yet: Anna, Ben" in post.shows(8)


def test_what_is_over_or_cancelled_changes_nothing(post: Post) -> None:
    post.office.says("/po-meet cancel 8 dec sure=yes")
    before = post.office.told(post.office.anna)
    post.says("ACCEPTED", 8)
    post.says(
        "ACCEPTED",
        None,
        number="none",
        by=lambda a: outlook(a.but(recurrence=datetime(2026, 12, 3, 9, tzinfo=UTC))),
    )  # a Thursday
    post.says(
        "ACCEPTED",
        None,
        by=lambda a: outlook(a.but(recurrence=datetime(9999, 12, 28, 9, tzinfo=UTC))),
    )
    post.office.now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    post.says("ACCEPTED", 1)
    assert post.office.told(post.office.anna) == before
    assert post.box.read() == 4


def test_a_change_of_clocks_moves_no_answer(post: Post) -> None:
    summer = datetime(2027, 3, 30, 8, tzinfo=UTC)  # 10:00 in Berlin
    post.says("DECLINED", by=lambda answer: CLIENTS["Outlook"](answer.but(recurrence=summer)))
    post.says(
        "ACCEPTED",
        by=lambda answer: google(answer.but(recurrence=datetime(2027, 3, 23, 9, tzinfo=UTC))),
    )
    assert "Can’t: Ben" in post.office.says("/po-meet show 2027-03-30")
    assert "There: Ben" in post.office.says("/po-meet show 2027-03-23")


def test_what_takes_place_once_is_answered_without_its_date(post: Post) -> None:
    office = post.office
    office.says("/po-meet new Kickoff on 3 dec 14:00 with @ben")
    office.says("/po-meet invite of Kickoff")
    post.uid = office.stored(
        lambda session: session.scalars(select(Series.uid).where(Series.title == "Kickoff")).one()
    )
    post.says("DECLINED")
    assert "Can’t: Ben" in office.says("/po-meet show 3 dec")


# --- Slack and mail, one truth -------------------------------------------------------------------


def test_the_later_answer_holds_through_whichever_door_it_comes(post: Post) -> None:
    office = post.office
    at = office.now
    office.passes(hours=1)
    office.says("/po-meet yes tue", office.ben)
    post.says("DECLINED", 1, stamp=at)  # said before he clicked, come after it
    assert "There: Ben" in post.shows()
    office.passes(hours=1)
    post.says("DECLINED", 1)
    assert "Can’t: Ben" in post.shows()
    office.passes(hours=1)
    office.says("/po-meet maybe tue", office.ben)
    assert "Maybe: Ben" in post.shows()


def test_a_clock_that_is_ahead_outdoes_nobody(post: Post) -> None:
    post.says("DECLINED", 1, stamp=post.office.now + timedelta(days=30))
    post.office.passes(minutes=1)
    post.office.says("/po-meet yes tue", post.office.ben)
    assert "There: Ben" in post.shows()


def test_an_answer_by_mail_is_in_the_trail_and_can_be_undone(post: Post) -> None:
    post.says("DECLINED", 1)
    assert "answered by mail" in post.office.says("/po audit")
    post.office.says("/po undo", post.office.ben)
    assert "No answer yet: Anna, Ben" in post.shows()
