"""Answers by mail: what they change in meetings, agendas and minutes, what the chair decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select

from bot import history
from bot.answering import date_called, give_answer
from bot.calendar.answers import COMING, MailDesk, take
from bot.calendar.envelopes import parse_mail
from bot.calendar.replies import read_replies
from bot.invitations import seat_for
from bot.meeting_cards import post_card
from bot.meeting_dates import next_dates
from bot.meetings import Series
from bot.minutes import Minutes
from bot.people import Person as PersonRow
from bot.projects import Project
from bot.rsvps import Said, answers_to
from slackbox import Person
from tests.client_replies import (
    CLIENTS,
    Answer,
    bounce,
    calendar,
    counter,
    delegated,
    google,
    mail,
    outlook,
)
from tests.imap import ImapServer, open_imap
from tests.mailed import Post, open_mailed, tuesday
from tests.post import Post as PostOffice
from tests.post import open_post


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    with open_imap() as server:
        yield server


@pytest.fixture
def post(database_url: str, imap: ImapServer) -> Iterator[Post]:
    with open_mailed(database_url, imap.postbox()) as post:
        yield post


def told(post: Post, who: Person | None = None) -> str:
    """What somebody (Anna) was told last."""
    return post.office.told(who or post.office.anna)[-1]


# --- One date, and all ------------------------------------------------------------------------


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
    text = told(post)
    assert "Ben can never come: <!channel> *I* left the team" in text
    assert "every Tue, 10:00–10:45" in text
    raw = post.office.told_messages(post.office.anna)[-1]
    assert "<!channel>" not in raw.text  # nothing anybody wrote is markup


def test_a_date_that_is_moved_asks_anew(post: Post) -> None:
    post.published(0)
    post.says("ACCEPTED")
    post.says("ACCEPTED", 1)
    post.office.passes(hours=1)
    post.office.says("/po-meet move 1 dec to 2 dec 14:00")
    post.office.says("/po-meet move 8 dec to 9 dec 14:00")
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
    post.office.says("/po-meet move 8 dec to 9 dec 14:00")
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


def test_what_is_over_or_cancelled_changes_nothing(post: Post) -> None:
    post.office.says("/po-meet cancel 8 dec")
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


# --- Slack and mail, one truth ----------------------------------------------------------------


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


def test_an_answer_to_all_is_undone_on_every_card(post: Post) -> None:
    posts_card(post)
    post.says("DECLINED")
    assert "Can’t: Ben" in card(post)
    post.office.says("/po undo", post.office.ben)
    assert "No answer yet: Anna, Ben" in card(post)
    assert "No answer yet: Anna, Ben" in post.shows(8)


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
        ben = session.scalars(select(PersonRow).where(PersonRow.name == "Ben")).one()
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


# --- What an answer changes -------------------------------------------------------------------


def posts_card(post: Post) -> None:
    with post.office.bot.sessions.begin() as session:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        (found,) = next_dates(session, series, project, post.office.now, 1)
        assert post_card(session, project, found, post.office.now) is not None
    post.office.delivered()


def card(post: Post) -> str:
    return next(text for text in post.office.sees() if "Propose a topic" in text)


@pytest.mark.both_databases
def test_the_card_in_the_channel_shows_it(post: Post) -> None:
    posts_card(post)
    post.says("ACCEPTED", 1)
    assert "There: Ben" in card(post)
    post.says("DECLINED", by=lambda a: google(a.but(who="boss@firm.example")))
    assert "Can’t: boss@firm.example (optional)" in card(post)
    assert "boss@firm.example can never come" in told(post)


def test_a_presenter_who_declines_leaves_a_gap_the_chair_can_fill(post: Post) -> None:
    office = post.office
    office.says("/po-meet topic Budget 10m @ben day=2026-12-01")
    post.says("DECLINED", 1, comment="Ill")
    text = told(post)
    assert "Ben cannot come: Ill" in text
    assert "Ben presents 1 (Budget) and cannot come." in text
    assert "[Delegate …]" in text
    assert "Ben presents 1 (Budget) and cannot come." in office.says("/po-meet agenda on 1 dec")
    office.anna.clicks("Park", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "Parked" in office.says("/po-meet agenda on 1 dec"))


def test_quorum_and_regrets_follow(post: Post) -> None:
    post.says("DECLINED", comment="Abroad")
    assert "Quorum" not in post.shows(1)
    post.says("DECLINED", 1, who="carla@firm.example")
    assert "Quorum at risk: 2 of 3 required cannot come." in post.shows(1)


def test_regrets_are_in_the_minutes(post: Post) -> None:
    office = post.office
    post.says("DECLINED", comment="Abroad")
    post.says("ACCEPTED", 1, who="boss@firm.example")
    office.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    office.says("/po-meet start")
    office.says("/po-meet close")
    text = office.stored(lambda session: session.scalars(select(Minutes.text)).one())
    assert "- Regrets: Ben (Abroad)\n" in text
    assert "- Accepted by mail: boss@firm.example\n" in text


# --- What the chair decides -------------------------------------------------------------------


def test_who_sends_another_is_a_question(post: Post) -> None:
    office = post.office
    post.arrives(delegated(post.answer("DELEGATED", 1, comment="She knows"), "dora@firm.example"))
    text = told(post)
    assert "Ben cannot come and would send dora@firm.example: She knows" in text
    assert "No answer yet: Anna, Ben" in post.shows()
    assert "Dora" not in post.shows()
    office.anna.clicks("Invite dora@firm.example", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "Dora" in post.shows())


def test_another_time_is_a_question_with_a_form(post: Post) -> None:
    office = post.office
    wish = datetime(2026, 12, 2, 13, tzinfo=UTC)
    post.arrives(counter(post.answer("", 1, comment="A train"), wish, 30))
    text = told(post)
    assert "Ben proposes another time: Wed 2 Dec, 14:00–14:30: A train" in text
    assert "10:00–10:45" in post.shows()
    office.anna.clicks("Move …", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: office.anna.view is not None)
    office.anna.fills({"Reason": "Ben’s train"})
    assert office.anna.submits() == {}
    assert "14:00–14:30" in office.says("/po-meet show 2 dec")


def test_a_stranger_is_a_question_asked_once(post: Post) -> None:
    office = post.office
    before = len(office.told(office.anna))
    for number in range(3):
        post.says("ACCEPTED", 1, who="eva@else.example", number=f"eva-{number}")
    post.says("DECLINED", 8, who="udo@else.example")
    (text,) = office.told(office.anna)[before:]
    assert "eva@else.example" in text
    assert "would come, but is not invited" in text
    assert "eva@else.example" not in post.shows()
    office.anna.clicks("Invite eva@else.example", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "eva@else.example" in post.shows())


def test_a_maybe_with_a_reason_is_a_question_that_can_be_left(post: Post) -> None:
    office = post.office
    post.says("TENTATIVE", 1, comment="Only after eleven")
    text = told(post)
    assert "Ben may not be able to come: Only after eleven" in text
    assert "[Move …]" in text
    office.anna.clicks("Leave it", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "It is left as it is." in told(post))
    assert "[Move …]" not in told(post)
    assert "10:00–10:45" in post.shows()


def test_only_who_was_asked_leaves_it(post: Post) -> None:
    post.says("TENTATIVE", 1, comment="Only after eleven")
    line = "/po-meet leave rsvp:1:2026-12-01:2"
    assert "You were not asked that." in post.office.says(line, post.office.carla)
    assert "[Move …]" in told(post)


@pytest.mark.parametrize(("sender", "counts"), [("carla", True), ("gus", False), ("eve", False)])
def test_somebody_of_the_office_may_answer_for_another(
    post: Post, sender: str, counts: bool
) -> None:
    address = f"{sender}@firm.example"
    line = f'ATTENDEE;SENT-BY="mailto:{address}";PARTSTAT=DECLINED:mailto:ben@firm.example'
    answer = post.answer("DECLINED", sender=address)
    text = calendar([f"UID:{post.uid}", "RECURRENCE-ID:20261201T090000Z", line])
    post.arrives(mail(answer, "text/calendar; method=REPLY", text.encode()))
    assert ("Can’t: Ben" in post.shows()) is counts
    assert (post.box.put_aside() == []) is counts


def test_nobody_is_asked_who_may_not_read_the_project(post: Post) -> None:
    office = post.office
    assert "Ben chairs" in office.says("/po-meet chair @ben")
    office.says("/po project people @carla lead")
    office.says("/po project set visibility=restricted")
    post.says("ACCEPTED", 1, who="eva@else.example")
    assert "eva@else.example" not in "".join(office.told(office.ben))
    assert "eva@else.example" in "".join(office.told(office.carla))


# --- There and back again ---------------------------------------------------------------------


@dataclass(frozen=True)
class Invitation:
    """What somebody's mail client keeps of an invitation that arrived."""

    message_id: str
    sequence: int
    uid: str


@pytest.fixture
def loop(database_url: str, imap: ImapServer) -> Iterator[tuple[Post, PostOffice]]:
    """An office that invites by SMTP, and whose invitations are out."""
    with open_post() as out:
        mailing = {"SMTP_URL": out.url(), "MAIL_FROM": "Jourfixe <office@firm.example>"}
        with open_mailed(database_url, imap.postbox(), **mailing) as post:
            goes_out(post, out, 4)
            yield post, out


def goes_out(post: Post, out: PostOffice, count: int) -> None:
    """Five minutes later what was changed is mailed."""
    post.office.passes(minutes=6)
    post.office.ticks()
    post.office.delivered()
    post.office.box.wait_for(lambda: len(out.mails) == count)


def invitation(out: PostOffice, to: str) -> Invitation:
    """The newest invitation that arrived there."""
    found = out.to(to)[-1]
    (part,) = (p for p in found.parsed.walk() if p.get_content_type() == "text/calendar")
    event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
    return Invitation(found.message_id, int(str(event["SEQUENCE"])), str(event["UID"]))


def test_an_invitation_goes_out_and_its_answer_comes_back(loop: tuple[Post, PostOffice]) -> None:
    post, out = loop
    first = invitation(out, "ben@firm.example")
    assert first.uid == post.uid
    post.says("ACCEPTED", sequence=first.sequence)
    assert "There: Ben" in post.shows()
    post.office.says("/po-meet move 1 dec to 2 dec 14:00")
    post.office.passes(minutes=1)
    post.says("ACCEPTED", 1, sequence=first.sequence)  # the mail about it is not out yet
    assert "No answer yet: Anna, Ben" in post.shows(2)
    goes_out(post, out, 8)
    second = invitation(out, "ben@firm.example")
    assert second.sequence == first.sequence + 1
    post.says("DECLINED", 1, sequence=second.sequence)
    assert "Can’t: Ben" in post.shows(2)
    assert "There: Ben" in post.shows(8)
    post.office.passes(minutes=10)
    post.office.ticks()
    post.office.delivered()
    assert len(out.mails) == 8  # nobody is mailed because somebody answered


def test_a_mail_that_came_back_marks_the_address_and_is_told_once(
    loop: tuple[Post, PostOffice],
) -> None:
    post, out = loop
    office = post.office
    number = invitation(out, "boss@firm.example").message_id
    before = len(office.told(office.anna))
    report = bounce(number, "forwarded@else.example")
    post.arrives(report, report.replace(b"bounce-", b"again-"))
    (text,) = office.told(office.anna)[before:]
    assert "A mail to boss@firm.example was refused: 550 5.1.1 no such user here" in text
    assert "[Mail it again]" in text
    assert (post.box.read(), post.box.put_aside()) == (2, [])
    office.says("/po-meet move 1 dec to 2 dec 14:00")
    goes_out(post, out, 7)
    assert len(out.to("boss@firm.example")) == 1


def test_a_mail_that_is_not_ours_did_not_come_back_to_us(post: Post) -> None:
    post.arrives(bounce("<0123456789abcdef@firm.example>", "boss@firm.example"))
    assert post.box.put_aside() == ["<bounce-boss@firm.example@client.example>"]
