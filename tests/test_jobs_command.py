"""Jobs: what was posted by itself and what will be, for people in Slack and for operators."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from bot.__main__ import main
from bot.config import read_settings
from bot.delivery.outbox import Delivery, State
from bot.errors import UserError
from bot.jobs_table import print_jobs
from tests.office import Office


def test_the_jobs_of_a_project_say_when_they_come_next(office: Office) -> None:
    office.ticks()
    told = office.says("/po jobs")
    assert told.startswith("What the clock does for Alpha")
    assert (
        "Weekly report (report) · the project's week, to its channel\n"
        "Fri 15:00 · next: Friday, November 27th" in told
    )
    assert "• nothing yet" in told


def test_what_became_of_each_turn_is_told_with_its_reason(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    office.ticks()
    office.says("/po away until fri")
    office.waits_until(25, 9)
    office.waits_until(27, 9)
    office.delivered()
    lines = office.says("/po jobs", where=office.anna.dm).splitlines()
    assert lines[0] == "What the clock does for you"
    assert lines[3:6] == [
        "• Friday, November 27th, 8:30 AM · sent",
        "• Thursday, November 26th, 8:30 AM · missed, told with the next one",
        "• Wednesday, November 25th, 8:30 AM · skipped: away until Fri 27 Nov 2026",
    ]


def test_what_was_empty_late_or_cannot_be_posted_says_so(office: Office) -> None:
    office.ticks()
    office.waits_until(27, 17)
    office.delivered()
    told = office.says("/po jobs")
    assert "• Friday, November 27th, 3:00 PM · sent, late" in told
    assert "• Friday, November 27th, 12:00 PM · nothing to say" in told
    with office.bot.sessions.begin() as session:
        held = update(Delivery).where(Delivery.key.startswith("report:"))
        session.execute(held.values(state=State.HELD, ts=None, error="is_archived"))
    told = office.says("/po jobs")
    assert "held back: it cannot be posted just now (is_archived)" in told


def test_a_job_that_is_off_comes_never_and_one_that_is_owed_at_once(office: Office) -> None:
    office.ticks()
    office.says("/po settings job stale off")
    office.says("/po settings job report mon 08:00")
    told = office.says("/po jobs")
    assert "to lead and office\noff\n" in told
    assert "Mon 08:00 · next: at once" in told


def test_moments_are_seen_in_the_readers_own_zone(office: Office) -> None:
    nina = office.box.user("nina", tz="America/New_York")
    nina.joins(office.alpha)
    office.ticks()
    assert "next: Friday, November 27th, 9:00 AM" in office.says("/po jobs", nina)


def test_where_no_project_is_ones_own_are_shown(office: Office) -> None:
    lunch = office.box.channel("lunch", members=[office.anna])
    answer = office.types("/po jobs", where=lunch)
    assert "What the clock does for you" in answer.text
    office.anna.clicks("ALPHA", answer)
    office.box.wait_for(lambda: "What the clock does for Alpha" in answer.text)


def test_a_guest_learns_nothing_of_a_projects_jobs(office: Office) -> None:
    assert "report" not in office.says("/po jobs", office.gus)
    assert "may read" in office.says("/po jobs in ALPHA", office.gus)
    assert "may read" in office.says("/po jobs preview report in ALPHA", office.gus)


def test_a_preview_is_seen_by_who_asks_alone_and_posts_nothing(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    before = office.sees()
    answer = office.types("/po jobs preview report")
    assert answer.ephemeral_for == office.anna.id
    assert "A preview of what would be said now; only you see it." in answer.text
    assert "Alpha" in answer.text
    assert office.sees() == before


def test_a_preview_of_my_digest_says_what_waits(office: Office) -> None:
    assert "no digest would come" in office.says("/po jobs preview digest")
    office.says("/po-action add @anna water the plants by tomorrow")
    office.now = office.now.replace(day=25)
    assert "water the plants" in office.says("/po jobs preview digest", where=office.anna.dm)


def test_what_has_no_preview_says_why(office: Office) -> None:
    assert "so it has no preview" in office.says("/po jobs preview escalation")
    assert "Did you mean report?" in office.says("/po jobs preview raport")


def test_a_preview_is_a_click_behind_the_settings(office: Office) -> None:
    office.ticks()
    answer = office.types("/po settings job report thu 16:00")
    office.anna.clicks("Preview", answer)
    office.box.wait_for(lambda: "A preview" in answer.text)


def shown(office: Office, capsys: pytest.CaptureFixture[str], project: str | None = None) -> str:
    """What an operator reads, blanks of the columns folded."""
    print_jobs(office.settings, project, office.now)
    return "\n".join(" ".join(line.split()) for line in capsys.readouterr().out.splitlines())


@pytest.mark.both_databases
def test_an_operator_sees_every_job_with_its_counts(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.ticks()
    office.says("/po settings job stale off")
    office.waits_until(27, 17)
    told = shown(office, capsys)
    assert "report project 1 0 0 2026-11-27 16:00 2026-12-04 14:00 1 sent" in told
    assert "stale project 1 1 0 — — —" in told
    assert "escalation project 1 0 0 2026-11-27 16:00 2026-11-30 08:00 1 empty, 2 merged" in told


def test_an_operator_sees_what_is_late(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.ticks()
    office.now = office.now.replace(day=27, hour=17)
    assert "report project 1 0 1 — 2026-11-27 14:00 —" in shown(office, capsys)


@pytest.mark.both_databases
def test_an_operator_sees_the_turns_of_one_project(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.ticks()
    office.says("/po settings job stale off")
    office.waits_until(27, 15)
    told = shown(office, capsys, "alpha")
    assert "ALPHA · Alpha · Europe/Berlin" in told
    assert "stale next — off" in told
    assert "report next 2026-12-04 14:00 Fri 15:00" in told
    assert "2026-W48 2026-11-27 14:00 2026-11-27 14:00 sent report:" in told


def test_a_project_or_a_database_that_is_not_there_is_named(office: Office, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no project GAMMA"):
        print_jobs(office.settings, "gamma", office.now)
    file = tmp_path / "empty.db"
    empty = read_settings(DATABASE_URL=f"sqlite:///{file}")
    with pytest.raises(UserError, match="no database yet"):
        print_jobs(empty, None, office.now)
    assert not file.exists()
    file.touch()
    with pytest.raises(UserError, match="doctor"):
        print_jobs(empty, None, office.now)


def test_a_moved_clock_beside_a_real_slack_is_explained_to_an_operator(office: Office) -> None:
    real = read_settings(
        DATABASE_URL=office.settings.database_url,
        JOURFIXE_OFFICE_CLOCK="2026-11-24T09:00+01:00@2026-11-24T08:00:00+00:00x1",
    )
    with pytest.raises(UserError, match="JOURFIXE_OFFICE_CLOCK: "):
        print_jobs(real)


def test_the_command_line_has_it(office: Office) -> None:
    told = CliRunner(env={"DATABASE_URL": office.settings.database_url}).invoke(main, ["jobs"])
    assert told.exit_code == 0, told.output
    assert "Jobs (moments in UTC)" in told.output
    missing = CliRunner(env={"DATABASE_URL": office.settings.database_url}).invoke(
        main, ["jobs", "--project", "gamma"]
    )
    assert missing.exit_code == 2
    assert "There is no project GAMMA." in missing.output
