"""Settings: read from the environment or .env, frozen, and every mistake named clearly."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import Settings, SettingsError, read_settings
from bot.mail_settings import Security

PLACES = ("PORT", "PUBLIC_URL", "DATABASE_URL", "SMTP_URL", "IMAP_URL")
MAILING = {"SMTP_URL": "smtp://mail.firm.example", "MAIL_FROM": "PMO <pmo@firm.example>"}
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
        ({**SERVING, "SMTP_URL": MAILING["SMTP_URL"]}, "MAIL_FROM is not: mail needs both"),
        ({**SERVING, "MAIL_FROM": MAILING["MAIL_FROM"]}, "SMTP_URL is not: mail needs both"),
        ({**SERVING, **MAILING, "SMTP_URL": "mail.firm.example"}, "SMTP_URL: "),
        ({**SERVING, **MAILING, "SMTP_URL": "imap://mail.firm.example"}, "SMTP_URL: "),
        ({**SERVING, **MAILING, "SMTP_URL": "smtp://host:port"}, "the port or the host"),
        ({**SERVING, **MAILING, "SMTP_URL": "smtp://pmo@host"}, "a user without a password"),
        ({**SERVING, **MAILING, "SMTP_URL": "smtps://host?starttls=no"}, "not with TLS"),
        ({**SERVING, **MAILING, "SMTP_URL": "smtp://host?tls=1"}, "starttls=require"),
        ({**SERVING, **MAILING, "MAIL_FROM": "the office"}, "MAIL_FROM: "),
        ({**SERVING, **MAILING, "MAIL_FROM": "PMO <pmö@firm.example>"}, "must be ASCII"),
        ({**SERVING, "IMAP_URL": "https://mail.firm.example"}, "IMAP_URL: "),
        ({**SERVING, "MAIL_CA_FILE": "/no/such.pem"}, "there is no file /no/such.pem"),
        ({**SERVING, "PUBLIC_URL": "pm.firm.example", "PORT": "80"}, "PUBLIC_URL: "),
        ({**SERVING, "PUBLIC_URL": "https://pm.firm.example"}, "PORT is missing: feeds"),
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


@pytest.mark.parametrize(
    ("url", "where", "security", "who"),
    [
        ("smtp://localhost", ("localhost", 25), Security.OFFERED, ("", "")),
        ("smtp://localhost:1025?starttls=no", ("localhost", 1025), Security.NONE, ("", "")),
        ("smtp://host?starttls=require", ("host", 25), Security.REQUIRED, ("", "")),
        ("smtp://pmo:p%40ss@host", ("host", 587), Security.REQUIRED, ("pmo", "p@ss")),
        (
            "smtps://pmo@firm.example:pw@host",
            ("host", 465),
            Security.TLS,
            ("pmo@firm.example", "pw"),
        ),
        ("smtp://u:p@[::1]:25?starttls=no", ("::1", 25), Security.NONE, ("u", "p")),
    ],
)
def test_the_address_of_a_mail_server_says_how_it_is_reached(
    url: str, where: tuple[str, int], security: Security, who: tuple[str, str]
) -> None:
    server = read_settings(**MAILING | {"SMTP_URL": url}).smtp
    assert server is not None
    assert (server.host, server.port) == where
    assert (server.security, (server.user, server.password)) == (security, who)


def test_answers_are_read_from_the_folder_that_is_named() -> None:
    server = read_settings(IMAP_URL="imaps://pmo:pw@host/Office/Jour%20fixe").imap
    assert server is not None
    assert (server.port, server.folder, server.security) == (993, "Office/Jour fixe", Security.TLS)
    plain = read_settings(IMAP_URL="imap://pmo:pw@host").imap
    assert plain is not None
    assert (plain.port, plain.folder, plain.security) == (143, "INBOX", Security.REQUIRED)


def test_no_password_of_a_mail_server_is_shown() -> None:
    given = MAILING | {"SMTP_URL": "smtp://pmo:pw-1@host", "IMAP_URL": "imaps://pmo:pw-1@host"}
    settings = read_settings(**given)
    assert "pw-1" not in f"{settings!r} {settings.smtp!r} {settings.imap!r}"
    assert "pw-1" not in complaint(**given | {"SMTP_URL": "smtp://pmo:pw-1@host:x"})


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
        assert name.startswith(("JOURFIXE_", "SLACK_", "MAIL_")) or name in PLACES


def test_no_test_depends_on_settings_of_this_machine() -> None:
    names = {field.alias for field in Settings.model_fields.values()}
    assert not names & os.environ.keys()
