"""Agendas by themselves: topics are called for, a draft is shown, the agenda is published."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.occurrences import Occurrence
from bot.delivery.outbox import Delivery
from tests.office import Office
from tests.test_agenda import TUESDAYS, meets


@pytest.fixture
def meeting(office: Office) -> Office:
    """Jour fixe on Tuesdays, the first on 1 December; Ben proposed a topic for it."""
    office.ticks()
    meets(office, f"{TUESDAYS} from 1 dec")
    office.says("/po-meet topic Decide test site 15m @carla", office.ben)
    return office


def ledger(office: Office, job: str) -> dict[str, str]:
    """What became of the turns of *job* that were for a meeting."""

    def look(session: Session) -> dict[str, str]:
        rows = session.scalars(select(Occurrence).where(Occurrence.job == job)).all()
        return {row.period: row.outcome.value for row in rows if ":" in row.period}

    told: dict[str, str] = office.stored(look)
    return told


def called(office: Office) -> int:
    return sum("what should we talk about?" in text for text in office.sees())


def agendas(office: Office) -> list[str]:
    """The agendas that stand in the channel."""
    return [text for text in office.sees() if "of 45 minutes" in text]


@pytest.mark.both_databases
def test_two_working_days_before_topics_are_called_for(meeting: Office) -> None:
    meeting.waits_until(26, 9)
    assert called(meeting) == 0
    meeting.waits_until(27, 8, 59)
    assert called(meeting) == 0
    meeting.waits_until(27, 9)
    assert called(meeting) == 1
    message = next(
        m for m in meeting.ben.reads(meeting.alpha) if "what should we" in meeting.box.text_of(m)
    )
    meeting.ben.clicks("Propose a topic …", message)
    meeting.ben.fills({"Topic": "Choose a colour"})
    assert meeting.ben.submits() == {}
    assert "Choose a colour" in meeting.says("/po-meet agenda")


def test_the_chair_is_shown_the_draft_and_may_arrange_it(meeting: Office) -> None:
    meeting.waits_until(27, 9)
    draft = next(text for text in meeting.told(meeting.anna) if "as it would be now" in text)
    assert "It goes to the channel on Mon 30 Nov 2026." in draft
    assert "Decide test site · 15 min · Carla [⋯ Up · Down · Edit … · Park · Drop]" in draft
    message = next(
        m for m in meeting.told_messages(meeting.anna)
        if "as it would be now" in meeting.box.text_of(m)
    )  # fmt: skip
    meeting.anna.clicks("Publish now", message)
    assert len(agendas(meeting)) == 1


@pytest.mark.both_databases
def test_one_working_day_before_the_agenda_is_published_once(meeting: Office) -> None:
    meeting.waits_until(27, 9)
    assert agendas(meeting) == []
    meeting.waits_until(30, 9)
    meeting.waits_until(30, 10)
    (told,) = agendas(meeting)
    assert "Decide test site · 15 min · Carla" in told
    assert "[I’ll be there] [Can’t] [Maybe] [Propose a topic …]" in told
    meeting.waits_until(1, 9, month=12)
    assert len(agendas(meeting)) == 1
    assert ledger(meeting, "agenda") == {"1:2026-12-01:2026-12-01": "sent"}


def test_what_was_published_by_hand_is_not_published_again(meeting: Office) -> None:
    meeting.says("/po-meet publish")
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    assert len(agendas(meeting)) == 1
    assert called(meeting) == 0
    assert ledger(meeting, "agenda") == {"1:2026-12-01:2026-12-01": "skipped"}


def test_after_an_outage_the_draft_comes_late_and_the_agenda_in_time(meeting: Office) -> None:
    meeting.waits_until(27, 15)
    assert called(meeting) == 1
    meeting.waits_until(30, 18)
    assert len(agendas(meeting)) == 1


def test_after_a_longer_one_there_is_only_the_agenda(meeting: Office) -> None:
    meeting.waits_until(30, 12)
    assert called(meeting) == 0
    assert len(agendas(meeting)) == 1
    assert ledger(meeting, "topics") == {"1:2026-12-01:2026-12-01": "merged"}


def test_an_agenda_of_a_meeting_that_is_over_is_dropped_and_recorded(meeting: Office) -> None:
    meeting.waits_until(2, 9, month=12)
    assert agendas(meeting) == []
    assert ledger(meeting, "agenda") == {"1:2026-12-01:2026-12-01": "dropped"}
    assert "missed, and of no use any more: the meeting had begun" in meeting.says("/po jobs")


def test_an_agenda_is_of_use_until_the_meeting_begins(meeting: Office) -> None:
    meeting.waits_until(30, 9)

    def look(session: Session) -> Delivery:
        return session.scalars(select(Delivery).where(Delivery.key.startswith("agenda:"))).one()

    delivery: Delivery = meeting.stored(look)
    assert delivery.useless_at is not None
    left = delivery.useless_at - delivery.due_at  # until Tuesday at ten
    assert abs(left - timedelta(hours=25)) < timedelta(seconds=1)


def test_holidays_are_no_working_days(office: Office) -> None:
    office.ticks()
    office.says("/po project set country=DE subdivision=BE")
    meets(office, '"Jour fixe" every mon 10:00-10:45 with @ben from 28 dec')
    office.waits_until(21, 9, month=12)
    office.waits_until(22, 9, month=12)
    assert called(office) == 0
    office.waits_until(23, 9, month=12)  # Friday is Christmas Day: Thursday and Wednesday are two
    assert called(office) == 1
    office.waits_until(24, 9, month=12)
    assert len(agendas(office)) == 1


def test_a_cancelled_meeting_has_no_agenda(meeting: Office) -> None:
    meeting.says("/po-meet cancel 1 dec sure=yes")
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    assert called(meeting) == 0
    assert agendas(meeting) == []
    meeting.waits_until(4, 9, month=12)  # the one of the week after has its turn
    assert called(meeting) == 1
    assert "Decide test site" in meeting.says("/po-meet agenda")


def test_a_paused_series_is_silent(meeting: Office) -> None:
    meeting.says("/po-meet pause")
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    assert called(meeting) == 0
    assert agendas(meeting) == []


def test_a_published_agenda_says_that_its_series_is_paused_and_comes_back(
    meeting: Office,
) -> None:
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    (published,) = agendas(meeting)
    meeting.says("/po-meet pause")
    paused = "Paused: Jour fixe, Tue 1 Dec 2026 does not take place until the series is resumed."
    assert paused in meeting.sees()
    assert agendas(meeting) == []
    meeting.says("/po-meet yes tue of 1", meeting.ben)
    assert agendas(meeting) == []
    meeting.says("/po-meet resume")
    assert agendas(meeting) == [published]
    meeting.says("/po-meet pause")
    assert agendas(meeting) == []
    assert "Undone" in meeting.says("/po undo")
    assert agendas(meeting) == [published]
    assert paused not in meeting.sees()


def test_a_meeting_moved_after_the_draft_has_its_agenda_before_the_new_day(
    meeting: Office,
) -> None:
    meeting.waits_until(27, 9)
    meeting.says("/po-meet move 1 dec to fri 4 dec 14:00 sure=yes")
    meeting.waits_until(30, 9)
    assert agendas(meeting) == []
    meeting.waits_until(3, 9, month=12)
    (told,) = agendas(meeting)
    assert "Jour fixe, Fri 4 Dec 2026" in told


def test_a_meeting_moved_after_its_agenda_is_published_has_a_new_one(meeting: Office) -> None:
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    meeting.says("/po-meet move 1 dec to fri 4 dec 14:00 sure=yes")
    meeting.waits_until(3, 9, month=12)
    assert any("There is a newer agenda of Jour fixe" in text for text in meeting.sees())
    (told,) = agendas(meeting)
    assert "Jour fixe, Fri 4 Dec 2026" in told


def test_the_chair_is_told_of_presenters_who_cannot_come(meeting: Office) -> None:
    meeting.says("/po away until 7 dec", meeting.carla)
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    warned = next(text for text in meeting.told(meeting.anna) if "a good meeting" in text)
    assert "⚠ Carla presents 1 (Decide test site) and cannot come." in warned


def test_the_chair_is_told_of_a_quorum_at_risk(meeting: Office) -> None:
    meeting.says("/po away until 7 dec", meeting.carla)
    meeting.says("/po away until 7 dec", meeting.ben)
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    warned = next(text for text in meeting.told(meeting.anna) if "a good meeting" in text)
    assert "⚠ Quorum at risk: 2 of 3 required cannot come." in warned


def test_nobody_is_warned_of_nothing(meeting: Office) -> None:
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    assert not any("a good meeting" in text for text in meeting.told(meeting.anna))


def test_where_the_chair_is_gone_the_lead_has_the_draft(office: Office) -> None:
    office.ticks()
    meets(office, f"{TUESDAYS} chair @ben from 1 dec")
    office.box.change(office.ben, deleted=True)
    office.box.settle()
    office.waits_until(27, 9)
    assert any("as it would be now" in text for text in office.told(office.anna))


def test_each_may_be_switched_off(meeting: Office) -> None:
    meeting.says("/po settings job topics off")
    meeting.says("/po settings job agenda off")
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    assert called(meeting) == 0
    assert agendas(meeting) == []


def test_a_restricted_project_says_nothing_where_others_read(meeting: Office) -> None:
    meeting.says("/po project set visibility=restricted")
    meeting.waits_until(27, 9)
    meeting.waits_until(30, 9)
    assert called(meeting) == 0
    assert agendas(meeting) == []
    assert any("as it would be now" in text for text in meeting.told(meeting.anna))
