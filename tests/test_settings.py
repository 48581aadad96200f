"""Settings: read from the environment or .env, frozen, and every mistake named clearly."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import Settings, SettingsError, read_settings

SERVING = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def complaint(**given: str) -> str:
    """What is said about settings that cannot be used."""
    with pytest.raises(SettingsError) as caught:
        read_settings(**given).check_to_serve()
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "SLACK_BOT_TOKEN is missing"),
        ({}, "SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET and PORT"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "Set SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, "PORT is missing"),
        ({**SERVING, "SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN begins with xoxb-"),
        ({**SERVING, "SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN begins with xapp-"),
        ({**SERVING, "PORT": "eighty"}, "PORT: "),
        ({**SERVING, "PORT": "70000"}, "PORT: "),
        ({**SERVING, "PORT": "-1"}, "PORT: "),
        ({**SERVING, "SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL: "),
        ({**SERVING, "DATABASE_URL": "mysql://root@localhost/jourfixe"}, "DATABASE_URL: "),
        ({**SERVING, "DATABASE_URL": "jourfixe.db"}, "DATABASE_URL: "),
        ({**SERVING, "DATABASE_URL": "sqlite://"}, "DATABASE_URL: "),
        ({**SERVING, "JOURFIXE_ROOT": "/po"}, "JOURFIXE_ROOT: "),
        ({**SERVING, "JOURFIXE_ROOT": "P O"}, "JOURFIXE_ROOT: "),
        ({**SERVING, "JOURFIXE_ADMINS": "@anna"}, "JOURFIXE_ADMINS: "),
        ({**SERVING, "JOURFIXE_PROJECT_MAKERS": "U012AB3CD, anna"}, "JOURFIXE_PROJECT_MAKERS: "),
        ({**SERVING, "JOURFIXE_DATE_ORDER": "year"}, "JOURFIXE_DATE_ORDER: "),
        ({**SERVING, "JOURFIXE_UNDO_MINUTES": "0"}, "JOURFIXE_UNDO_MINUTES: "),
        ({**SERVING, "JOURFIXE_GATHER_SECONDS": "x"}, "JOURFIXE_GATHER_SECONDS: "),
        ({**SERVING, "JOURFIXE_PEOPLE_HOURS": "0"}, "JOURFIXE_PEOPLE_HOURS: "),
        ({**SERVING, "JOURFIXE_MEMBERS_MINUTES": "-1"}, "JOURFIXE_MEMBERS_MINUTES: "),
        (
            {**SERVING, "JOURFIXE_LEASE_SECONDS": "30"},
            "must be more than 3 times JOURFIXE_HTTP_SECONDS",
        ),
        (
            {**SERVING, "JOURFIXE_BACKOFF_MAX_SECONDS": "1"},
            "must not be less than JOURFIXE_BACKOFF",
        ),
        ({**SERVING, "JOURFIXE_LEASE_SECONDS": "0"}, "JOURFIXE_LEASE_SECONDS: "),
        ({**SERVING, "JOURFIXE_LOG_FORMAT": "xml"}, "JOURFIXE_LOG_FORMAT: "),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(given: dict[str, str], told: str) -> None:
    assert told in complaint(**given)


def test_every_mistake_is_told_at_once() -> None:
    told = complaint(PORT="x", SLACK_API_URL="y", JOURFIXE_UNDO_MINUTES="z")
    assert len(told.splitlines()) == 3


def test_no_complaint_shows_a_token() -> None:
    told = complaint(SLACK_BOT_TOKEN="xapp-secret", SLACK_APP_TOKEN="xoxb-secret", PORT="1")
    assert "secret" not in told


def test_settings_are_frozen() -> None:
    settings = read_settings()
    with pytest.raises(ValidationError):
        settings.port = 80


def test_lists_of_people_have_commas_or_blanks() -> None:
    settings = read_settings(JOURFIXE_ADMINS=" U012AB3CD, W9 ,U7")
    assert settings.admins == {"U012AB3CD", "W9", "U7"}
    assert read_settings(JOURFIXE_ADMINS="").admins == frozenset()


def test_a_setting_left_empty_is_not_set(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("".join(f"{field.alias}=\n" for field in Settings.model_fields.values()))
    settings = read_settings(_env_file=empty)
    assert settings.database_url == "sqlite:///jourfixe.db"
    assert settings.port is None
    assert settings.undo_minutes == 10


def test_settings_come_from_a_file_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("JOURFIXE_ROOT=pmo\nJOURFIXE_UNDO_MINUTES=5\n# a remark\nSOMETHING_ELSE=1\n")
    assert read_settings(_env_file=file).root == "pmo"
    assert read_settings(_env_file=file, JOURFIXE_ROOT="po").root == "po"


def test_every_setting_is_described_and_named_as_its_kin() -> None:
    for field in Settings.model_fields.values():
        name = field.alias or ""
        assert field.description
        assert name.startswith(("JOURFIXE_", "SLACK_")) or name in ("PORT", "DATABASE_URL")


def test_no_test_depends_on_settings_of_this_machine() -> None:
    names = {field.alias for field in Settings.model_fields.values()}
    assert not names & os.environ.keys()
