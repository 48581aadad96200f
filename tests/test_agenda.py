"""The agenda: built from what is open, arranged by its hosts, published, sent as a file."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import history
from bot.agenda import AgendaItem, Topic, carry
from bot.agenda_building import Agenda, build, prepare
from bot.meeting_dates import meeting_on, next_dates
from bot.meetings import Meeting, MeetingState, Series
from bot.minutes import Minutes
from bot.projects import Project
from bot.register import Entry, connect
from bot.registers import REGISTERS
from bot.registers.actions import Action
from bot.registers.decisions import Decision
from bot.registers.issues import Issue
from bot.registers.milestones import Milestone
from bot.registers.risks import Risk
from bot.values import Severity
from tests.office import Office
from tests.statements import Statement, statements

TUESDAYS = '"Jour fixe" every tue 10:00-10:45 with @ben @carla'


def meets(office: Office, line: str = TUESDAYS) -> None:
    """A series of Anna's, with everybody invited; some time goes by."""
    office.anna.clicks("Invite", office.types(f"/po-meet new {line}"))
    office.passes(minutes=5)


def agenda(office: Office, who: Any = None) -> list[str]:
    """The agenda of the next meeting as *who* (Anna) reads it, line by line."""
    return office.says("/po-meet agenda", who).splitlines()


def below(lines: list[str], heading: str) -> list[str]:
    """What stands below the item whose line begins with *heading*, up to the next item."""
    start = next(n for n, line in enumerate(lines) if heading in line and " min · " in line)
    rest = lines[start + 1 :]
    end = next(
        (n for n, line in enumerate(rest) if " min · " in line or line[:1] == "["), len(rest)
    )
    return rest[:end]


def changes(office: Office, change: Any) -> Any:
    """Something done at the database, on the record."""
    with office.bot.sessions.begin() as session:
        history.begin(session, None, "test", office.now)
        told = change(session)
        history.write(session)
        return told


def test_without_meetings_there_is_no_agenda(office: Office) -> None:
    assert "Alpha has no meeting ahead." in office.says("/po-meet agenda")


def test_an_agenda_without_anything_open_asks_for_topics(office: Office) -> None:
    meets(office)
    assert "Nothing is open that would have to be talked about." in "\n".join(agenda(office))


def test_actions_are_overdue_due_before_the_next_meeting_or_blocked(office: Office) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by tomorrow")
    office.says("/po-action add @carla order devices by next fri")
    office.says("/po-action add @carla order more devices by next fri")
    office.says("/po-action add @ben book the room by 14 dec")
    office.says("/po-action block A2 supplier on strike")
    office.passes(days=3)
    found = below(agenda(office), "Actions")
    assert found[0] == "1 overdue, 1 due by Tue 8 Dec, 1 blocked, 1 more on their way"
    assert found[1:3] == ["Overdue", "• A1 · send contract draft · Ben · 2 working days late"]
    assert found[3] == "Due by Tue 8 Dec"
    assert found[4] == "• A3 · Fri 4 Dec · order more devices · Carla"
    assert found[5] == "Blocked"
    assert found[6] == "• A2 · order devices · blocked by supplier on strike · Carla · Fri 4 Dec"
    assert "book the room" not in " ".join(found)


def test_what_is_all_of_one_owner_is_presented_by_them(office: Office) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by tomorrow")
    office.says("/po issue add Test system is down severity high owner @carla by fri")
    lines = agenda(office)
    assert any(line.startswith("1 · What changed · 5 min · Anna") for line in lines)
    assert any(line.startswith("2 · Actions · 3 min · Ben") for line in lines)
    assert not any("Issues" in line and "Anna" in line for line in lines)


def test_risks_are_there_when_high_new_or_risen(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p4 i5 @ben")
    office.says("/po-risk add Key tester leaves p2 i2 @carla")
    office.says("/po-risk add Rain p1 i1 @carla")
    office.passes(days=40)  # a first meeting goes back to a week ago only
    meets(office)
    office.says("/po-risk score R2 p2 i4 she has an offer")
    office.says("/po-risk add Snow p1 i2 @ben")
    found = below(agenda(office), "Risks")
    assert found[0] == "1 scored 15 or more, 1 new, 1 risen, 1 more below"
    assert found[1] == "• R1 · Supplier has no capacity · 20 of 25, critical · Ben"
    assert found[2] == "• R2 · Key tester leaves · 8 of 25, medium · Carla · was 4"
    assert found[3] == "• R4 · Snow · 2 of 25, low · Ben · new"


def test_milestones_are_there_when_late_or_slipping(office: Office) -> None:
    office.says("/po ms add Pilot live by 15 dec owner @anna")
    office.says("/po ms add Contract signed by 25 nov owner @ben")
    office.says("/po ms add Party by 20 dec owner @ben")
    office.says("/po ms baseline set")
    meets(office)
    office.passes(hours=4)
    office.says("/po ms forecast M1 22 dec supplier late")
    office.passes(days=3)
    found = below(agenda(office), "Milestones")
    assert found[0] == "1 late, 1 slipping, 1 more on plan"
    assert found[1] == "Late"
    assert found[2] == "• M2 · Wed 25 Nov · Contract signed · Ben · +2 working days"
    assert found[3:] == [
        "Slipping",
        "• M1 · Tue 22 Dec · Pilot live · slip +5 working days · Anna · “supplier late”",
    ]


def test_a_decision_comes_back_when_its_day_has_come(office: Office) -> None:
    meets(office)
    office.says("/po decision add We use site B because cheaper revisit fri")
    office.says("/po decision add We use site C because nearer revisit in 3 months")
    assert "Decisions" not in "\n".join(agenda(office))  # today's meeting
    office.passes(hours=4)
    assert below(agenda(office), "Decisions to revisit") == [
        "1 to revisit",
        "• D1 · We use site B · revisit Fri 27 Nov",
    ]


def test_a_decision_comes_back_when_its_actions_are_late_or_done(office: Office) -> None:
    meets(office)
    office.says("/po decision add We use site B")
    office.says("/po-action add @ben sign the lease by tomorrow")

    def link(session: Session) -> None:
        (decision,) = session.scalars(select(Decision)).all()
        (action,) = session.scalars(select(Action)).all()
        connect(session, decision, action, "became")

    changes(office, link)
    assert "Decisions" not in "\n".join(agenda(office))
    office.passes(days=2)
    assert "• D1 · We use site B · A1 is late" in below(agenda(office), "Decisions to revisit")
    office.says("/po-action done A1")
    assert "• D1 · We use site B · A1 is done" in below(agenda(office), "Decisions to revisit")


def test_a_change_of_status_is_talked_about(office: Office) -> None:
    office.says("/po-status green All well")
    meets(office)
    assert "Status" not in "\n".join(agenda(office))
    office.says("/po-status amber Supplier late")
    assert below(agenda(office), "Status") == [
        "changed since Tue 24 Nov",
        "• 🟢 GREEN → 🟡 AMBER · Supplier late",
    ]


def test_what_changed_is_told_since_the_last_meeting(office: Office) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by fri")
    office.passes(days=1)  # the meeting of Tuesday is over
    office.says("/po-action done A1")
    found = below(agenda(office), "What changed")
    assert found[0] == "since Tue 24 Nov: 1 closed"
    assert found[1] == "✓ A1 · send contract draft · done, 2 working days early · Ben"


def closed(office: Office, session: Session, *, version: int = 1) -> Meeting:
    """The meeting of 24 November, held, with minutes that wait."""
    series = session.scalars(select(Series)).one()
    project = session.get_one(Project, series.project_id)
    found = next_dates(session, series, project, office.now, 1)[0]
    meeting = meeting_on(session, found)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, found.ends_at
    minutes = Minutes(
        meeting_id=meeting.id, version=version, text="…", digest="0", made_at=found.ends_at
    )
    session.add(minutes)
    session.flush()
    return meeting


def test_the_last_minutes_wait_for_approval(office: Office) -> None:
    meets(office)
    changes(office, lambda session: closed(office, session, version=2))
    office.passes(days=1)
    lines = agenda(office)
    assert below(lines, "Minutes of Tue 24 Nov") == ["version 2 waits for approval"]


def test_what_was_not_come_to_is_carried_and_counted(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site 15m @carla", office.ben)
    office.says("/po-action add @ben send contract draft by tomorrow")

    def hold(session: Session) -> None:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        found = next_dates(session, series, project, office.now, 1)[0]
        built = prepare(session, project, meeting_on(session, found), office.now)
        meeting = built.date.meeting
        assert meeting is not None
        for item in session.scalars(select(AgendaItem)).all():
            carry(session, meeting, item, office.now)
        meeting.state, meeting.closed_at = MeetingState.CLOSED, found.ends_at

    for times in ("carried once", "carried twice", "carried 3 times: decide, delegate, drop"):
        changes(office, hold)
        office.passes(days=7)
        lines = agenda(office)
        assert any(line.startswith(times) for line in below(lines, "Decide test site"))
        assert any(line == times.partition(":")[0] for line in below(lines, "Actions"))
    answer = office.types("/po-meet agenda")
    office.anna.clicks("Make it an action …", answer)
    office.anna.fills({"Owner": office.ben})
    assert office.anna.submits() == {}
    assert "Decide test site" in office.says("/po-action")
    assert "Decide test site · 15 min" not in "\n".join(agenda(office))


def test_an_item_moves_by_menu_and_stays_where_it_was_put(office: Office) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by tomorrow")
    office.says("/po-risk add Supplier has no capacity p4 i5 @ben")
    answer = office.types("/po-meet agenda")
    office.anna.clicks("Up", answer, near="3 · Risks")
    office.says("/po-meet topic Decide test site")
    titles = [line.split(" · ")[1] for line in agenda(office) if " min · " in line]
    assert titles == ["What changed", "Risks", "Actions", "Decide test site"]


def test_what_is_dropped_stays_away_and_what_is_parked_waits(office: Office) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by tomorrow")
    office.says("/po-meet topic Decide test site")
    office.says("/po-meet item actions drop")
    told = office.types("/po-meet item T1 park")
    assert "Actions" not in told.text
    assert told.text.splitlines()[-3:-1] == ["• Decide test site", "[Back: Decide test site]"]
    office.anna.clicks("Back: Decide test site", told)
    assert any(line.startswith("2 · Decide test site") for line in agenda(office))
    assert "Actions" in office.says("/po-meet item actions back")


def test_what_is_dropped_does_not_have_what_comes_later_fall_behind_the_topics(
    office: Office,
) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by tomorrow")
    office.says("/po-meet topic Decide test site")
    assert any(line.startswith("1 · What changed") for line in agenda(office))
    office.says("/po-meet item 1 drop")
    office.says("/po-risk add Supplier has no capacity p4 i5 @ben")
    titles = [line.split(" · ")[1] for line in agenda(office) if " min · " in line]
    assert titles == ["Actions", "Risks", "Decide test site"]


def test_what_the_office_puts_on_the_agenda_is_turned_into_nothing(office: Office) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by tomorrow")
    answer = office.says("/po-meet turn 1 into action")
    assert "“What changed” is on the agenda as long as there is something to say" in answer
    assert "A2" not in office.says("/po-action")


def test_minutes_and_presenter_are_edited_and_kept(office: Office) -> None:
    meets(office)
    office.says("/po-action add @ben send contract draft by tomorrow")
    office.anna.clicks("Edit …", office.types("/po-meet agenda"), near="2 · Actions")
    assert "Minutes: 3" in office.box.text_of(office.anna.view)
    office.anna.fills({"Minutes": "20", "Presenter": office.carla})
    assert office.anna.submits() == {}
    office.says("/po-action add @ben send another draft by tomorrow")
    assert any(line.startswith("2 · Actions · 20 min · Carla") for line in agenda(office))


def test_the_form_says_what_a_minute_is(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site")
    office.types("/po-meet item T1")
    office.anna.fills({"Minutes": "soon"})
    assert office.anna.submits() == {"Minutes": "How many minutes? Such as 15."}


def test_the_whole_order_is_a_text(office: Office) -> None:
    meets(office)
    for words in ("one", "two", "three"):
        office.says(f"/po-meet topic {words}")
    office.types("/po-meet reorder")
    view = office.box.text_of(office.anna.view)
    assert "T1 · one · 10 min\nT2 · two · 10 min\nT3 · three · 10 min" in view
    order = "T3 · three · 25 min\nT1 · one · 10 min"
    office.anna.fills({"Order": order})
    assert office.anna.submits() == {}
    titles = [line.split(" · ")[1:3] for line in agenda(office) if " min · " in line]
    assert titles == [["three", "25 min"], ["one", "10 min"], ["two", "10 min"]]
    office.says("/po-meet reorder 3 2")
    titles = [line.split(" · ")[1:2] for line in agenda(office) if " min · " in line]
    assert titles == [["two"], ["one"], ["three"]]


def test_too_much_for_the_time_says_by_how_much(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Everything 60m")
    assert "▰▰▰▰▰▰▰▰▰▰ 60 of 45 minutes · 15 minutes too many" in agenda(office)


def test_only_hosts_arrange(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site", office.ben)
    lines = agenda(office, office.carla)
    assert not any("Reorder" in line for line in lines)
    assert "one has to be" in office.says("/po-meet item 1 up", office.carla)
    assert "one has to be" in office.says("/po-meet publish", office.carla)
    assert "30 min" in office.says("/po-meet item T1 30m", office.ben)  # it is Ben's


def test_publishing_asks_before_it_posts_twice(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site 15m @carla")
    assert "The agenda for Tue 24 Nov 2026 is in the channel." in office.says("/po-meet publish")
    assert "1 · Decide test site · 15 min · Carla" in office.sees()[-1]
    answer = office.types("/po-meet publish")
    assert "Post it anew?" in answer.text
    office.anna.clicks("Post it anew", answer)
    first, second = office.sees()[-2:]
    assert "There is a newer agenda" in first
    assert "1 · Decide test site" in second


def test_a_published_agenda_shows_what_holds(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site 15m @carla")
    office.says("/po-meet publish")
    office.says("/po-meet topic Choose a colour 5m", office.ben)
    assert "2 · Choose a colour · 5 min · Ben" in office.sees()[-1]
    office.says("/po-meet item T2 up")
    assert "1 · Choose a colour · 5 min · Ben" in office.sees()[-1]
    office.says("/po undo")
    assert "2 · Choose a colour · 5 min · Ben" in office.sees()[-1]


def test_an_agenda_published_by_mistake_is_taken_back(office: Office) -> None:
    meets(office)
    office.anna.clicks("Undo", office.types("/po-meet publish"))
    assert "Anna took this agenda back." in office.sees()[-1]


def test_a_long_agenda_goes_on_in_the_thread(office: Office) -> None:
    meets(office)

    def propose(session: Session) -> None:
        series = session.scalars(select(Series)).one()
        for number in range(30):
            session.add(
                Topic(project_id=series.project_id, series_id=series.id, raised_by=1,
                      raised_at=office.now, title=f"{number} {'site ' * 80}")
            )  # fmt: skip

    def settle(session: Session) -> None:
        for topic in session.scalars(select(Topic)):
            topic.closed_at = office.now

    changes(office, propose)
    office.says("/po-meet publish")
    office.delivered()
    head = next(
        m for m in office.anna.reads(office.alpha)
        if m.ephemeral_for is None and "1 · 0 site" in office.box.text_of(m)
    )  # fmt: skip
    told = [office.box.text_of(m) for m in office.anna.reads(office.alpha, thread=head)]
    assert len(told) > 1
    for number in range(1, 31):
        assert sum(text.count(f"{number} · {number - 1} site") for text in told) == 1
    assert "[I’ll be there]" in told[0]
    changes(office, settle)
    office.says("/po-meet topic Decide test site")
    office.delivered()
    told = [office.box.text_of(m) for m in office.anna.reads(office.alpha, thread=head)]
    assert "1 · Decide test site" in told[0]
    assert set(told[1:]) == {"—"}


def test_the_agenda_comes_as_a_file(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide *test* site 15m @carla")
    office.says("/po-action add @ben send contract draft by tomorrow")
    assert "alpha-agenda-2026-11-24.md" in office.says("/po-meet agenda file")
    office.delivered()
    (file,) = office.told_messages(office.anna)[-1].files
    text = (office.box.backend.workspace.files[file].content or b"").decode()
    assert text.startswith("# Jour fixe, Tue 24 Nov 2026\n\n- Alpha · Tue 24 Nov, 10:00")
    assert (
        "## 3. Decide \\*test\\* site\n\n15 min · Carla  \n*proposed by Anna, Tue 24 Nov*" in text
    )
    assert "- **A1** · Wed 25 Nov · send contract draft · Ben" in text


def test_once_the_meeting_has_begun_its_agenda_stands(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site")

    def begin(session: Session) -> None:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        found = next_dates(session, series, project, office.now, 1)[0]
        prepare(session, project, meeting_on(session, found), office.now)
        session.scalars(select(Meeting)).one().state = MeetingState.OPEN

    changes(office, begin)
    office.says("/po-action add @ben send contract draft by tomorrow")
    assert "Actions" not in "\n".join(agenda(office))
    assert "The meeting has begun" in office.says("/po-meet item T1 drop")
    assert "Added for Tue 1 Dec 2026" in office.says("/po-meet topic Choose a colour")


def test_who_comes_is_shown_and_a_cancelled_meeting_says_so(office: Office) -> None:
    meets(office)
    office.says("/po-meet publish")
    office.delivered()
    card = next(m for m in office.ben.reads(office.alpha) if "of 45 min" in office.box.text_of(m))
    office.ben.clicks("Can’t", card)
    office.says("/po-meet yes", office.carla)
    assert "There: Carla · Can’t: Ben" in office.sees()[-1]
    office.says("/po-meet cancel sure=yes")
    assert any("Cancelled: Jour fixe, Tue 24 Nov 2026." in text for text in office.sees())


def fills_up(office: Office, count: int) -> None:
    """Open entries in every register, all of which were just raised."""

    def fill(session: Session) -> None:
        project = session.scalars(select(Project)).one()
        due = date(2026, 11, 20)
        for number in range(1, count // 5 + 1):
            entries: list[Entry] = [
                Action(due=due),
                Risk(probability=4, impact=4),
                Issue(severity=Severity.HIGH),
                Decision(due=due),
                Milestone(due=due),
            ]
            for entry in entries:
                entry.project_id, entry.number, entry.title = project.id, number, f"entry {number}"
                entry.opened_by, entry.opened_at = 1, office.now
            session.add_all(entries)

    changes(office, fill)


def test_an_agenda_of_500_open_entries_takes_one_query_for_each_register(office: Office) -> None:
    meets(office)
    fills_up(office, 500)
    office.passes(minutes=1)
    seen: list[Statement] = []

    def look(session: Session) -> Agenda:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        (found,) = next_dates(session, series, project, office.now, 1)
        with statements(office) as asked:
            agenda = build(session, project, found, office.now)
        seen.extend(asked)
        return agenda

    built: Agenda = office.stored(look)
    told = [" ".join(sql.split()) + " " for sql, _values in seen]
    for register in REGISTERS:
        table = register.entry.__tablename__
        assert sum(f"FROM {table} " in sql for sql in told) == 1, table
    assert len(seen) <= 16
    assert [len(slot.point.groups[0].lines) for slot in built.slots] == [500, *[100] * 5]
    assert "and 88 more" in "\n".join(office.says("/po-meet agenda").splitlines())
