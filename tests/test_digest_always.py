"""Whatever people do in two weeks: one digest a working day at most, and only of what is so."""

import tempfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.notices import Notice
from bot.delivery.outbox import Delivery
from bot.migrate import upgrade
from bot.people import Person as Known
from bot.projects import Project
from bot.registers.actions import Action
from bot.values import Visibility
from slackbox import Person
from tests.office import Office, open_office

BERLIN = ZoneInfo("Europe/Berlin")
WHO = st.sampled_from(["anna", "ben", "carla"])
NUMBER = st.integers(1, 4)
DO = st.one_of(
    st.tuples(st.just("add"), WHO, st.integers(0, 9)),
    st.tuples(st.sampled_from(["done", "drop", "accept", "reopen", "unblock"]), WHO, NUMBER),
    st.tuples(st.sampled_from(["move", "give", "block", "snooze"]), WHO, NUMBER),
    st.tuples(st.sampled_from(["undo", "away", "leave", "join", "click"]), WHO, NUMBER),
    st.tuples(st.sampled_from(["restrict", "open"]), WHO, NUMBER),
    st.tuples(st.just("pass"), WHO, st.integers(1, 20)),
    st.tuples(st.just("pass"), WHO, st.integers(1, 20)),
)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
@given(st.lists(DO, min_size=25, max_size=40))
def test_never_two_digests_a_day_and_never_a_word_of_what_is_not_so(
    steps: list[tuple[str, str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'jourfixe.db'}"
        upgrade(url)
        with open_office(url) as office:
            _live(office, steps)


def _live(office: Office, steps: list[tuple[str, str, int]]) -> None:
    people = {"anna": office.anna, "ben": office.ben, "carla": office.carla}
    for number, who in enumerate(people, start=1):
        office.says(f"/po-action add @{who} thing {number} by {24 + number} nov")
    office.ticks()
    told: set[int] = set()
    for verb, name, number in steps:
        _does(office, verb, people[name], number)
        office.ticks()
        told = _check(office, told)


def _does(office: Office, verb: str, who: Person, number: int) -> None:
    lines = {
        "add": f"/po-action add @{who.name} another by {24 + number} nov",
        "move": f"/po-action move A{number} +3 days",
        "give": f"/po-action give A{number} @{who.name}",
        "block": f"/po-action block A{number} waiting",
        "snooze": f"/po snooze A{number} for 2 wd",
        "undo": "/po undo",
        "away": "/po away until in 3 days",
        "restrict": "/po project set visibility=restricted",
        "open": "/po project set visibility=internal",
    }
    if verb == "pass":
        office.passes(hours=number)
    elif verb == "leave":
        if who.id in office.alpha.members and who is not office.anna:
            who.leaves(office.alpha)
    elif verb == "join":
        if who.id not in office.alpha.members:
            who.joins(office.alpha)
    elif verb == "click":
        _clicks(who, office)
    else:
        by = office.anna if verb in ("add", "give", "restrict", "open") else who
        office.says(lines.get(verb, f"/po-action {verb} A{number}"), by)
    office.box.settle()


def _clicks(who: Person, office: Office) -> None:
    """Whatever stands first in the last digest."""
    for message in reversed(office.told_messages(who)):
        shown = office.box.text_of(message)
        if shown.startswith("Your day") and "[Done]" in shown:
            lines = shown.splitlines()
            first = next(n for n, line in enumerate(lines) if "[Done]" in line)
            who.clicks("Done", message, near=lines[first - 1])
            return


def _check(office: Office, told: set[int]) -> set[int]:
    """That all digests are as they ought to be; the answer is those seen."""
    with office.bot.sessions() as session:
        rows = session.execute(
            select(Delivery, Known)
            .join(Known, Known.slack_id == Delivery.channel)
            .where(Delivery.key.startswith("digest:"), Delivery.parent_id.is_(None))
        ).all()
        days = Counter((person.id, _day(delivery.made_at)) for delivery, person in rows)
        assert set(days.values()) <= {1}
        assert all(day.weekday() < 5 for _person, day in days)
        for delivery, person in rows:
            if delivery.id in told:
                continue
            notices = session.scalars(select(Notice).where(Notice.delivery_id == delivery.id))
            names = [n.about.rpartition("-A")[2] for n in notices if "-A" in n.about]
            for action in session.scalars(
                select(Action).where(Action.number.in_([int(name) for name in names]))
            ):
                assert action.closed_at is None
                assert action.blocked_by is None
                owner = session.get(Known, action.owner_id) if action.owner_id else None
                is_lost = owner is None or not _reads(office, session, owner)
                is_lead = person.slack_id == office.anna.id
                assert action.owner_id == person.id or (is_lost and is_lead)
            assert _reads(office, session, person) or not names
        return {delivery.id for delivery, _person in rows}


def _reads(office: Office, session: Session, person: Known) -> bool:
    """Whether *person* may read the project now."""
    is_open = session.scalars(select(Project)).one().visibility is Visibility.INTERNAL
    is_lead = person.slack_id == office.anna.id
    return is_lead or (is_open and person.slack_id in office.alpha.members)


def _day(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()
