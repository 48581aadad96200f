"""The weekly report: what changed since the last one that was sent, and what comes, once each."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.delivery.occurrences import Occurrence
from bot.delivery.outbox import Delivery
from bot.history import Change
from bot.progress import SETTLED
from bot.register import TITLE_LIMIT
from slackbox import Message
from tests.office import NOW, Office, open_office
from tests.statements import statements

LINE = re.compile(r"^([!✓+→•]) ([A-Z]\d+) · (.*)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def begun(request: pytest.FixtureRequest) -> None:
    """The clock has met the project before anything is due."""
    if "office" in request.fixturenames:
        request.getfixturevalue("office").ticks()


def reports(office: Office) -> list[str]:
    """The reports the channel has, without what stands in their threads."""
    return [office.box.text_of(message) for message in posted(office) if not message.thread_ts]


def posted(office: Office) -> list[Message]:
    """The messages of reports, each followed by what stands in its thread."""
    office.delivered()
    sent = set(
        office.stored(
            lambda s: s.scalars(select(Delivery.ts).where(Delivery.key.startswith("report:"))).all()
        )
    )
    found = []
    for message in office.anna.reads(office.alpha):
        if message.ts in sent:
            thread = office.anna.reads(office.alpha, message)
            found += [message, *(m for m in thread if m.ts != message.ts)]
    return found


def outcomes(office: Office) -> list[tuple[str, str | None]]:
    """What became of the turns of the report."""
    rows = office.stored(
        lambda s: s.scalars(
            select(Occurrence).where(Occurrence.job == "report").order_by(Occurrence.id)
        ).all()
    )
    return [(row.outcome.value, row.why) for row in rows]


def told(text: str) -> list[tuple[str, str]]:
    """The lines about changes: their mark and whom they are about."""
    changes = re.split(r"^(?:Due by |\d+ overdue|Top risks)", text, flags=re.MULTILINE)[0]
    return [(mark, name) for mark, name, _words in LINE.findall(changes)]


@pytest.mark.both_databases
def test_a_friday_tells_what_changed_and_what_comes(office: Office) -> None:
    office.says("/po-status amber Supplier late by a week, pilot still in June")
    office.says("/po-action add @anna send contract draft by next fri")
    office.says("/po-action add @ben order test devices by thu")
    office.says("/po-action add book the room by wed")
    office.says("/po-risk add Supplier has no capacity p4 i5 owner @ben")
    office.says("/po-risk add Customs delay p2 i3")
    office.says("/po decision add We use test site B because cheaper")
    office.says('/po ms add "Pilot live" 30 june owner @anna')
    office.says("/po ms baseline set")
    office.passes(hours=5)
    office.says("/po-action done A2 all ordered", office.ben)
    office.says("/po-risk occurred R2")
    office.waits_until(27, 15)
    (report,) = reports(office)
    assert report.splitlines() == [
        "Alpha, week to Fri 27 Nov 2026",
        "🟡 AMBER → · Supplier late by a week, pilot still in June",
        "Since Tue 24 Nov 2026, 09:00",
        "Milestones · 1 new",
        "+ M1 · Pilot live · Anna · Wed 30 Jun 2027",
        "Decisions · 1 new",
        "+ D1 · We use test site B · new · “cheaper”",
        "Issues · 1 new",
        "+ I1 · Customs delay · low",
        "Risks · 1 occurred, 1 new",
        "! R2 · Customs delay · added and occurred, now I1",
        "+ R1 · Supplier has no capacity · 20 of 25, critical · Ben · review Tue 1 Dec 2026",
        "Actions · 1 closed, 2 new",
        "✓ A2 · order test devices · added and done, 2 working days early · Ben · “all ordered”",
        "+ A3 · book the room · Wed 25 Nov 2026",
        "+ A1 · send contract draft · Anna · Fri 4 Dec 2026",
        "Due by Fri 4 Dec 2026",
        "• A1 · Fri 4 Dec · send contract draft · Anna",
        "1 overdue",
        "• A3 · book the room · 2 working days late",
        "Top risks",
        "• R1 · Supplier has no capacity · 20 of 25, critical · Ben",
    ]


@pytest.mark.both_databases
def test_the_next_one_tells_only_what_changed_since(office: Office) -> None:
    office.says("/po-status green All well")
    office.says("/po-action add @anna send contract draft by next fri")
    office.says("/po-action add @ben order devices by 15 dec")
    office.says("/po-risk add Customs delay p2 i3")
    office.says('/po ms add "Pilot live" 30 june owner @anna')
    office.waits_until(27, 15)
    office.waits_until(30, 9)
    office.says("/po-status amber Customs hold the devices")
    office.says("/po-action move A1 +2 weeks waiting for legal")
    office.says("/po-action give A2 @carla")
    office.says("/po-risk score R1 p3 i5 papers are missing")
    office.says("/po ms forecast M1 15 july supplier late")
    office.waits_until(4, 15, month=12)
    report = reports(office)[-1]
    assert "🟡 AMBER (was GREEN) ↘ · Customs hold the devices" in report
    assert "Since Fri 27 Nov 2026, 15:00" in report
    slipped = "→ M1 · Pilot live · Wed 30 Jun 2027 → Thu 15 Jul 2027, +11 working days · Anna"
    assert f"{slipped} · “supplier late”" in report
    assert "• R1 · Customs delay · 6 → 15, rising · “papers are missing”" in report
    moved = "→ A1 · send contract draft · Fri 4 Dec → Fri 18 Dec · Anna · “waiting for legal”"
    assert moved in report
    assert "• A2 · order devices · Ben → Carla" in report
    assert told(report) == [("→", "M1"), ("•", "R1"), ("→", "A1"), ("•", "A2")]


def test_a_milestone_is_reached_against_its_baseline(office: Office) -> None:
    office.says('/po ms add "Kick-off" 25 nov owner @anna')
    office.says("/po ms baseline set")
    office.waits_until(27, 15)
    office.waits_until(30, 10)
    office.says("/po ms done M1")
    office.waits_until(4, 15, month=12)
    reached = "✓ M1 · Kick-off · reached Mon 30 Nov, +3 working days · Anna"
    assert reached in reports(office)[-1]


def test_where_nothing_changed_one_line_says_so(office: Office) -> None:
    office.says("/po-status green All well")
    office.says("/po-action add @anna send contract draft by thu")
    office.waits_until(27, 15)
    office.waits_until(29, 20)
    office.waits_until(4, 15, month=12)
    assert reports(office)[-1] == (
        "🟢 Alpha · GREEN · no change since Fri 27 Nov 2026, 15:00 · 1 overdue (last week: 1)"
    )


def test_on_a_monday_last_week_is_not_the_night_before(office: Office) -> None:
    office.says("/po settings job report mon 9:00")
    for what in ("send contract draft", "order devices", "book the room"):
        office.says(f"/po-action add @anna {what} by wed")
    office.ticks()
    office.waits_until(29, 20)
    office.waits_until(30, 9)
    assert "3 overdue" in reports(office)[-1]
    assert "last week" not in reports(office)[-1]
    office.says("/po-action done A1, A2")
    office.waits_until(6, 20, month=12)
    office.waits_until(7, 9, month=12)
    assert "1 overdue (last week: 3)" in reports(office)[-1]


def test_what_was_undone_has_not_happened(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by next fri")
    office.waits_until(27, 15)
    office.waits_until(30, 9)
    office.says("/po-action done A1")
    office.says("/po undo")
    office.says("/po-action add order devices")
    office.says("/po undo")
    office.waits_until(4, 15, month=12)
    assert "no change since" in reports(office)[-1]


def test_an_undo_of_what_was_told_is_told(office: Office) -> None:
    office.waits_until(27, 14, 58)
    office.says("/po-action add @anna send contract draft by next fri")
    office.waits_until(27, 15)
    office.waits_until(27, 15, 5)
    office.says("/po undo")
    office.waits_until(4, 15, month=12)
    first, second = reports(office)
    assert told(first) == [("+", "A1")]
    assert "• A1 · send contract draft · taken back" in second


def test_a_report_that_was_given_up_is_told_with_the_next(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by next fri")
    office.delivered()
    office.box.faults.add("chat.postMessage", "error:msg_too_long")
    office.waits_until(27, 15)
    assert reports(office) == []
    office.waits_until(30, 9)
    office.says("/po-action add @anna order devices by 15 dec")
    office.waits_until(4, 15, month=12)
    (report,) = reports(office)
    assert "Since Tue 24 Nov 2026, 09:00" in report
    assert told(report) == [("+", "A1"), ("+", "A2")]


def test_downtime_over_two_weeks_makes_one_late_report(office: Office) -> None:
    office.waits_until(27, 15)
    office.waits_until(30, 9)
    office.says("/po-action add @anna send contract draft by 18 dec")
    office.waits_until(14, 9, month=12)
    first, late = reports(office)
    assert "no change since" in first
    assert "Alpha, week to Fri 11 Dec 2026" in late
    since = "Since Fri 27 Nov 2026, 15:00 · late: it was due Fri 11 Dec 2026, 15:00"
    assert since in late
    assert told(late) == [("+", "A1")]
    assert outcomes(office) == [("sent", None), ("sent", None), ("merged", None)]


def test_a_first_report_after_downtime_tells_a_young_project_as_a_whole(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by 18 dec")
    office.waits_until(14, 9, month=12)
    (late,) = reports(office)
    assert told(late) == [("+", "A1")]


def test_another_day_and_hour_may_be_chosen(office: Office) -> None:
    office.says("/po settings job report thu 16:00")
    office.waits_until(26, 15, 59)
    assert reports(office) == []
    office.waits_until(26, 16)
    assert len(reports(office)) == 1
    office.waits_until(27, 15)
    assert len(reports(office)) == 1


def test_before_a_holiday_it_comes_the_day_before(office: Office) -> None:
    office.says("/po project set country=DE zone=Europe/Berlin")
    for day in (4, 11, 18):
        office.waits_until(day, 15, month=12)
    known = len(reports(office))
    office.waits_until(24, 15, month=12)
    assert "week to Thu 24 Dec" in reports(office)[-1] or "Fri 18 Dec" in reports(office)[-1]
    office.waits_until(25, 15, month=12)
    assert len(reports(office)) == known + 1


def test_what_not_everybody_there_may_read_is_not_posted(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by next fri")
    office.says("/po project set visibility=restricted")
    office.waits_until(27, 15)
    assert reports(office) == []
    assert outcomes(office) == [("skipped", "not everybody in its channel may read it")]


def test_what_was_skipped_is_told_when_it_may_be_read(office: Office) -> None:
    office.says("/po project set visibility=restricted")
    office.says("/po-action add @anna send contract draft by next fri")
    office.waits_until(27, 15)
    office.says("/po project set visibility=internal")
    office.waits_until(4, 15, month=12)
    (report,) = reports(office)
    assert told(report) == [("+", "A1")]


def test_a_project_taken_back_reports_nothing(office: Office) -> None:
    office.says("/po undo")
    office.waits_until(27, 15)
    assert reports(office) == []


def test_what_people_typed_is_never_markup(office: Office) -> None:
    titles = ["*bold* _it_ `code` <!channel> & <@U1>", "# head\n---\n> small", "~~ :smile: {{ x }}"]
    for title in titles:
        office.says(f"/po-action add {title} by next fri")
    office.waits_until(27, 15)
    (report,) = reports(office)
    assert "+ A1 · *bold* _it_ `code` <!channel> & <@U1>" in report
    assert "~~ :smile: {{ x }}" in report
    (message,) = posted(office)
    kinds = {block["type"] for block in message.blocks}
    assert kinds <= {"header", "rich_text", "context"}


def test_a_long_title_is_shortened(office: Office) -> None:
    office.types(f"/po-action add {'x' * (TITLE_LIMIT - 100)} by next fri")
    office.waits_until(27, 15)
    assert "x…" in reports(office)[0]
    assert len(reports(office)[0]) < 1000


def test_a_busy_week_goes_on_in_the_thread_in_order(office: Office) -> None:
    words = "with many words " * 12
    for number in range(1, 11):
        office.says(f"/po-action add Task {number} {words}")
        office.says(f"/po-action done A{number} {words}")
        office.says(f"/po issue add Trouble {number} {words}")
        office.says(f"/po issue resolve I{number} {words}")
        office.says(f"/po-risk add Danger {number} {words}")
        office.says(f"/po-risk close R{number} {words}")
        office.delivered()  # the cards
    office.waits_until(27, 15)
    first, *replies = posted(office)
    assert replies
    assert {reply.thread_ts for reply in replies} == {first.ts}
    lines = [line for message in posted(office) for line in told(office.box.text_of(message))]
    assert lines == [("✓", f"{letter}{number}") for letter in "IRA" for number in range(1, 11)]


def test_who_left_hands_over_and_it_is_told(office: Office) -> None:
    office.says("/po-action add @ben order devices by 15 dec")
    office.waits_until(27, 15)
    office.waits_until(30, 9)
    office.box.change(office.ben, deleted=True)
    office.box.wait_for(
        lambda: office.stored(lambda s: s.scalar(select(Change).where(Change.line == "Ben left")))
    )
    office.waits_until(4, 15, month=12)
    assert "• A1 · order devices · Ben → Anna" in reports(office)[-1]


# --- Any two weeks --------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """An action as the test believes it to be."""

    due: int
    owner: str
    is_open: bool = True
    is_there: bool = True


@dataclass
class Weeks:
    """What was typed, and from it what each report has to tell."""

    tasks: dict[str, Task] = field(default_factory=dict)
    states: list[tuple[datetime, dict[str, Task]]] = field(default_factory=list)
    undoable: list[tuple[datetime, str, Task | None]] = field(default_factory=list)

    def at(self, moment: datetime) -> dict[str, Task]:
        """How things stood then."""
        known = [tasks for at, tasks in self.states if at <= moment]
        return known[-1] if known else {}

    def expected(self, since: datetime, until: datetime) -> set[tuple[str, str]]:
        """What is to be told of the time between two reports."""
        old, new = self.at(since - SETTLED), self.at(until - SETTLED)
        lines = {(mark(old.get(name), task), name) for name, task in new.items()}
        return {(sign, name) for sign, name in lines if sign}


def mark(old: Task | None, new: Task) -> str:
    """What kind of news it is that *old* has become *new*."""
    if not new.is_there:
        return "•" if old is not None and old.is_there else ""
    if old is None:
        return "+" if new.is_open else "✓"
    if old == new:
        return ""
    if old.is_open and not new.is_open:
        return "✓"
    return "→" if old.due != new.due else "•"


STEPS = st.tuples(
    st.sampled_from(["add", "done", "reopen", "move", "give", "undo"]),
    st.integers(0, 5),
    st.sampled_from([1, 5, 40, 600, 1500, 2900]),
)
WEEKS = [NOW.replace(day=27, hour=15), NOW.replace(month=12, day=4, hour=15),
         NOW.replace(month=12, day=11, hour=15)]  # fmt: skip


@given(steps=st.lists(STEPS, min_size=5, max_size=25))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_typed_is_told_once_in_one_report(
    migrated_sqlite: Path, steps: list[tuple[str, int, int]]
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "any.db")
        copyfile(migrated_sqlite, file)
        with open_office(f"sqlite:///{file}") as office:
            office.ticks()
            weeks = Weeks()
            for step, number, minutes in steps:
                pass_by(office, office.now + timedelta(minutes=minutes))
                do(office, weeks, step, number)
            pass_by(office, WEEKS[-1])
            shown = [set(told(text)) for text in reports(office)]
    edges = [NOW, *WEEKS]
    expected = [weeks.expected(*pair) for pair in pairwise(edges)]
    assert shown == expected


def pass_by(office: Office, moment: datetime) -> None:
    """Let time pass until *moment*, every report in between being made on its hour."""
    for due in WEEKS:
        if office.now < due <= moment:
            office.now = due
            office.ticks()
    office.now = max(office.now, moment)


def do(office: Office, weeks: Weeks, step: str, number: int) -> None:
    """Type what *step* means, where there is something to do it to."""
    if step == "undo":
        undo(office, weeks)
        return
    name = f"A{len(weeks.tasks) + 1}" if step == "add" else f"A{number + 1}"
    before = weeks.tasks.get(name)
    after, words = wanted(step, number, before)
    if after is None or after == before:
        return
    answer = office.says(f"/po-action {step} {words.format(name=name)}")
    assert f"{name} · Task" in answer
    weeks.undoable.append((office.now, name, before))
    note_down(office, weeks, name, after)


def wanted(step: str, number: int, task: Task | None) -> tuple[Task | None, str]:
    """What becomes of a task, and the words for it; None where that cannot be."""
    if step == "add":
        return Task(number, "anna"), f"Task by 2027-03-{number + 1:02} @anna"
    if task is None or not task.is_there or task.is_open is (step == "reopen"):
        return None, ""
    if step == "move":
        day = (task.due + number) % 20
        return replace(task, due=day), f"{{name}} 2027-03-{day + 1:02}"
    if step == "give":
        owner = ["anna", "ben", "carla"][number % 3]
        return replace(task, owner=owner), f"{{name}} @{owner}"
    return replace(task, is_open=step == "reopen"), "{name}"


def undo(office: Office, weeks: Weeks) -> None:
    """Take back what was done last, as long as that is possible."""
    if weeks.undoable and office.now - weeks.undoable[-1][0] <= timedelta(minutes=10):
        _at, name, before = weeks.undoable.pop()
        office.says("/po undo")
        note_down(office, weeks, name, before or replace(weeks.tasks[name], is_there=False))


def note_down(office: Office, weeks: Weeks, name: str, task: Task) -> None:
    weeks.tasks = weeks.tasks | {name: task}
    weeks.states.append((office.now, weeks.tasks))


# --- No table is read as a whole ------------------------------------------------------------


def test_a_report_reads_no_table_as_a_whole(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by next fri")
    office.says("/po-risk add Customs delay p2 i3")
    with statements(office) as asked:
        office.waits_until(27, 15)
    selects = [(sql, given) for sql, given in asked if sql.startswith("SELECT")]
    big = {"action", "risk", "issue", "decision", "milestone", "change", "change_item"}
    assert selects
    with office.bot.sessions.kw["bind"].connect() as connection:
        for sql, given in selects:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).scalars("detail")
            for step in plan:
                assert not (step.startswith("SCAN") and step.split()[1] in big), sql


def test_many_new_ones_are_counted_and_the_nearest_told(office: Office) -> None:
    for day in range(1, 9):
        office.says(f"/po-action add part {day}  of two blanks by {20 - day} dec")
    office.waits_until(27, 15)
    (report,) = reports(office)
    assert "Actions · 8 new" in report
    assert told(report) == [("+", f"A{number}") for number in (8, 7, 6, 5, 4)]
    assert "part 8  of two blanks" in report
    assert "not shown: 3 new" in report


def test_what_came_and_was_taken_back_is_no_news(office: Office) -> None:
    office.says("/po-action add write protocol")
    office.says("/po-action add order pumps")
    office.says("/po undo")
    office.waits_until(27, 15)
    (report,) = reports(office)
    assert told(report) == [("+", "A1")]


def test_why_a_thing_was_dropped_is_no_reason_once_it_is_open_again(office: Office) -> None:
    office.says("/po-action add write protocol by 18 dec")
    office.waits_until(27, 15)
    office.says("/po-action drop A1 not needed")
    office.says("/po-action reopen A1")
    office.says("/po-action move A1 +1 week")
    office.waits_until(4, 15, month=12)
    assert "not needed" not in reports(office)[-1]
