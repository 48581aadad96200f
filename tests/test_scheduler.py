"""The scheduler: whatever happens while it works, each subject gets its turn."""

import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from bot import schedules
from bot.db import open_sessions
from bot.errors import MissingFactsError
from bot.job import AnyJob, ProjectJob, Result, Round
from bot.jobs import JOBS
from bot.jobs.digest import DIGEST
from bot.jobs.report import REPORT
from bot.knowing import Facts
from bot.people import Person
from bot.scheduler import Scheduler
from bot.schedules import Schedule
from slackbox import Channel
from tests.office import Office, open_office


class Nobody:
    """A directory that does not tell, and does *asked* instead."""

    def __init__(self, asked: Callable[[], object] = lambda: None) -> None:
        self.asked = asked
        self.times = 0

    def fetch(self, missing: MissingFactsError) -> bool:
        self.times += 1
        self.asked()
        return False


def clock_of(office: Office, job: AnyJob, directory: Facts | None = None) -> Scheduler:
    """One more scheduler of the office's, for one job."""
    bot = office.bot
    return Scheduler(
        bot.sessions,
        [job],
        office.settings,
        lambda: office.now,
        directory or Nobody(),
        bot.worker.wake,
    )


def report_while(happens: Callable[[], object]) -> ProjectJob:
    """The weekly report; *happens* comes once, between what it first reads and what it writes."""
    to_come = [happens]

    class Interrupted(ProjectJob):
        def load(self, session: Session, ids: Collection[int]) -> Any:
            found = super().load(session, ids)
            if to_come:
                to_come.pop()()
            return found

    return Interrupted(**{each.name: getattr(REPORT, each.name) for each in fields(REPORT)})


def reports(office: Office) -> list[str]:
    """The weekly reports Anna reads in #alpha."""
    return [text for text in office.sees() if text.startswith("Alpha · ")]


# --- People change what it goes by while it works -------------------------------------------


@pytest.mark.both_databases
def test_a_job_switched_off_and_on_while_it_is_planned_still_comes(office: Office) -> None:
    office.ticks()
    office.says("/po settings job report off")
    on_again = report_while(lambda: office.says("/po settings job report on"))
    clock_of(office, on_again).tick()
    office.waits_until(27, 15, 5)
    assert len(reports(office)) == 1


@pytest.mark.both_databases
def test_of_two_hours_typed_while_it_is_planned_the_last_one_holds(office: Office) -> None:
    office.ticks()
    office.says("/po settings job report 11:00")
    later = report_while(lambda: office.says("/po settings job report 14:00"))
    clock_of(office, later).tick()
    office.waits_until(27, 11, 5)
    assert reports(office) == []
    office.waits_until(27, 14, 5)
    assert len(reports(office)) == 1


# --- Not everything can be done -------------------------------------------------------------


def digest_refused_of(name: str) -> AnyJob:
    """The personal digest, where the database refuses what is written of one person."""

    def build(round_: Round[Person]) -> Sequence[Result]:
        built = zip(round_.due, DIGEST.build(round_), strict=True)
        return [
            replace(result, write=_refused) if due.subject.name == name else result
            for due, result in built
        ]

    return replace(DIGEST, build=build)  # type: ignore[arg-type] # it is a job of people


def _refused(session: Session) -> None:
    session.execute(text("INSERT INTO gate (name, closed_until) VALUES (NULL, NULL)"))


@pytest.mark.both_databases
def test_what_the_database_refuses_of_one_keeps_nothing_from_the_others(office: Office) -> None:
    for who in (office.anna, office.ben, office.carla):
        office.says(f"/po-action add @{who.name} order paint by 2026-11-25")
    office.ticks()
    office.now = office.now.replace(day=25)
    clock_of(office, digest_refused_of("Ben")).tick()
    assert "Your day" in office.told(office.anna)[-1]
    assert "Your day" in office.told(office.carla)[-1]
    assert not any("Your day" in text for text in office.told(office.ben))


def digest_that_fails(times: int) -> AnyJob:
    """The personal digest, which fails so many times."""
    to_come = [ValueError("a slip of ours")] * times

    def build(round_: Round[Person]) -> Sequence[Result]:
        if to_come:
            raise to_come.pop()
        return DIGEST.build(round_)

    return replace(DIGEST, build=build)  # type: ignore[arg-type] # it is a job of people


@pytest.mark.parametrize(("seconds", "comes"), [(0.1, True), (300, False)])
def test_what_failed_is_tried_again_after_the_pause_an_operator_sets(
    database_url: str, seconds: float, comes: bool
) -> None:
    with open_office(database_url, JOURFIXE_RETRY_SECONDS=seconds) as office:
        office.says("/po-action add @ben order paint by 2026-11-25")
        office.ticks()
        office.now = office.now.replace(day=25)
        clock = clock_of(office, digest_that_fails(times=10))

        def has_come() -> bool:
            clock.tick()
            return any("Your day" in text for text in office.told(office.ben))

        if comes:
            office.box.wait_for(has_come)
        else:
            assert not any(has_come() for _try in range(3))


def test_of_what_the_database_refuses_nothing_is_logged_but_the_statement(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.says("/po-action add @ben order the secret paint by 2026-11-25")
    office.ticks()
    with office.bot.sessions.begin() as session:
        session.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON notice "
                "BEGIN SELECT raise(abort, 'disk full'); END"
            )
        )
    office.waits_until(25, 9)
    assert "disk full" in caplog.text
    assert "INSERT INTO notice" in caplog.text
    assert "secret" not in caplog.text


def restricted_projects(office: Office, count: int) -> list[Channel]:
    """So many more projects whose reports wait until it is known anew who is in their channels."""
    office.ticks()
    channels = [
        office.box.channel(f"secret{number}", members=[office.anna]) for number in range(count)
    ]
    for number, channel in enumerate(channels):
        office.says(f"/po project new Secret{number}", where=channel)
        office.says("/po project set visibility=restricted", where=channel)
    office.ticks()
    with office.bot.sessions.begin() as session:
        session.execute(text("UPDATE channel SET refreshed_at = NULL"))
    office.now = office.now.replace(day=27, hour=15, minute=5)
    return channels


def test_a_slack_that_does_not_answer_is_asked_no_more_in_that_beat(office: Office) -> None:
    restricted_projects(office, 5)
    slack = Nobody()
    clock_of(office, REPORT, slack).tick()
    assert slack.times == 1
    assert len(reports(office)) == 1


def test_asked_to_end_the_scheduler_leaves_the_rest_for_its_next_start(office: Office) -> None:
    channels = restricted_projects(office, 5)
    slack = Nobody(lambda: ending.stop())
    ending = clock_of(office, REPORT, slack)
    ending.tick()
    assert slack.times == 1
    assert reports(office) == []
    office.ticks()
    assert len(reports(office)) == 1
    assert office.sees(where=channels[-1])


def test_where_slack_will_not_tell_who_is_there_the_turn_is_skipped_and_says_so(
    office: Office,
) -> None:
    for who in (office.ben, office.carla):
        office.says(f"/po project people @{who.name} member")
    office.says("/po project set visibility=restricted")
    office.ticks()
    with office.bot.sessions.begin() as session:
        there = {"channel": office.alpha.id, "user": "U0GHOST"}
        session.execute(
            text("INSERT INTO channel_member (channel_id, slack_id) VALUES (:channel, :user)"),
            there,
        )
    office.waits_until(27, 15, 5)
    told = office.says("/po jobs")
    assert "3:00 PM · skipped: Slack does not tell who is in its channel" in told
    assert "next: Friday, December 4th, 3:00 PM" in told


# --- Replicas -------------------------------------------------------------------------------


def test_two_that_meet_a_new_project_at_once_plan_its_jobs_once(postgres_url: str) -> None:
    jobs = [(job.name, job.subject) for job in JOBS]
    with open_office(postgres_url) as office, ThreadPoolExecutor(1) as threads:
        office.ticks()
        other = open_sessions(postgres_url)

        def complete() -> None:
            with other.begin() as session:
                schedules.complete(session, jobs)

        with office.bot.sessions.begin() as session:
            session.execute(delete(Schedule))
        with office.bot.sessions.begin() as session:
            schedules.complete(session, jobs)
            waiting = threads.submit(complete)
            time.sleep(0.3)
        waiting.result()
        other.kw["bind"].dispose()
        count = select(func.count()).select_from(Schedule)
        once = select(func.count()).select_from(
            select(Schedule.job, Schedule.subject_id).distinct().subquery()
        )
        assert office.stored(lambda s: s.scalar(count)) == office.stored(lambda s: s.scalar(once))
