"""The audience agrees with the rights: who is told of a project by the clock may read it."""

import pytest
from sqlalchemy import select

from bot.audience import readers, roles_in
from bot.people import Person
from bot.projects import Project
from bot.rights import Right, Rights
from tests.office import Office


@pytest.mark.both_databases
@pytest.mark.parametrize("visibility", ["public", "internal", "restricted"])
def test_the_clock_tells_those_who_may_read(office: Office, visibility: str) -> None:
    office.says("/po project people @gus member")
    office.says("/po project people @dora sponsor")
    office.says("/po role @ben portfolio", office.dora)
    eve = office.box.user("eve", real_name="Eve")
    office.says("/po my", eve)
    for who in (office.ben, office.carla):
        office.says("/po my", who)
    office.says(f"/po project set visibility={visibility}")
    with office.bot.sessions() as session:
        people = session.scalars(select(Person)).all()
        (project,) = session.scalars(select(Project)).all()
        told = readers(session, people, [project], roles_in(session, [project.id]))
        for person in people:
            may = Rights(session, person, office.now).may(Right.READ, project)
            assert ((person.id, project.id) in told) == (may and not person.is_bot), person.handle
        assert len(people) >= 6
