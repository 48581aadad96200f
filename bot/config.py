"""The settings, read once from the environment or a ``.env`` file, then frozen."""

import re
from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.mail_settings import MailSettings
from bot.timings import Timings

USER_ID = re.compile(r"[UW][A-Z0-9]+")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Names = Annotated[frozenset[str], NoDecode]


class SettingsError(Exception):
    """The settings cannot be used; the text says which and why, a line for each."""


class Settings(Timings, MailSettings, BaseSettings):
    """What an operator can set. The description of each field is its line in the README."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    slack_bot_token: str = Field(
        "", alias="SLACK_BOT_TOKEN", description="The bot's token, `xoxb-…`. Needed to serve."
    )
    slack_app_token: str = Field(
        "",
        alias="SLACK_APP_TOKEN",
        description="The app's token, `xapp-…`. When set, Slack is reached over Socket Mode.",
    )
    slack_signing_secret: str = Field(
        "",
        alias="SLACK_SIGNING_SECRET",
        description="Checks the signature of requests. Needed for HTTP mode.",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        alias="SLACK_API_URL",
        description="Where Slack's Web API is; the workspace in a box sets it.",
    )
    port: int | None = Field(
        None,
        alias="PORT",
        ge=0,
        le=65535,
        description="Opens the web door on this port: health, and Slack's requests in HTTP mode.",
    )
    host: str = Field(
        "0.0.0.0",  # noqa: S104 - an operator who sets PORT asks for the port to be open
        alias="JOURFIXE_HOST",
        description="On which address of this machine the web door listens.",
    )
    public_url: str = Field(
        "",
        alias="PUBLIC_URL",
        description="Where people's calendars reach the web door, `https://pm.firm.example`; "
        "needed for feeds, with PORT.",
    )
    database_url: str = Field(
        "sqlite:///jourfixe.db",
        alias="DATABASE_URL",
        description="The database: `sqlite:///file.db` or `postgresql://user@host/name`.",
    )
    root: str = Field(
        "po",
        alias="JOURFIXE_ROOT",
        pattern=r"^[a-z][a-z0-9_]{0,20}$",
        description="The name of the root command, without the slash, where two apps clash.",
    )
    admins: Names = Field(
        frozenset(),
        alias="JOURFIXE_ADMINS",
        description="Slack user ids, with commas, that hold the workspace's roles at first.",
    )
    project_makers: Names = Field(
        frozenset(),
        alias="JOURFIXE_PROJECT_MAKERS",
        description="Slack user ids that alone may make projects; empty: every full member.",
    )
    date_order: Literal["", "day", "month"] = Field(
        "",
        alias="JOURFIXE_DATE_ORDER",
        description="How `03/04` is read: `day` first, `month` first, or empty: asked back.",
    )
    font_folder: str = Field(
        "",
        alias="JOURFIXE_FONT_FOLDER",
        description="A folder with more fonts for pictures and PDF, for other scripts than Latin, "
        "Greek and Cyrillic.",
    )
    undo_minutes: int = Field(
        10, alias="JOURFIXE_UNDO_MINUTES", ge=1, description="How long Undo works, in minutes."
    )
    gather_seconds: int = Field(
        120,
        alias="JOURFIXE_GATHER_SECONDS",
        ge=0,
        description="What is told to one person within these seconds is one message.",
    )
    people_hours: int = Field(
        24,
        alias="JOURFIXE_PEOPLE_HOURS",
        ge=1,
        description="After how many hours names, zones and locales are asked of Slack again.",
    )
    members_minutes: int = Field(
        10,
        alias="JOURFIXE_MEMBERS_MINUTES",
        ge=1,
        description="After how many minutes a channel's members are asked of Slack again.",
    )
    tick_seconds: float = Field(
        15,
        alias="JOURFIXE_TICK_SECONDS",
        gt=0,
        description="How often the clock looks whether something is due, in seconds.",
    )
    office_clock: str = Field(
        "",
        alias="JOURFIXE_OFFICE_CLOCK",
        description="Moves office time, in a workspace on this machine only: "
        "`2026-11-23T07:55+01:00`, with `@` the moment from which on and `x60` its speed.",
    )
    log_format: Literal["text", "json"] = Field(
        "text", alias="JOURFIXE_LOG_FORMAT", description="How log lines are written."
    )

    @field_validator("admins", "project_makers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(name for name in value.replace(",", " ").split() if name)
        return value

    @field_validator("port", mode="before")
    @classmethod
    def _empty_port(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("admins", "project_makers")
    @classmethod
    def _check_ids(cls, value: frozenset[str]) -> frozenset[str]:
        for name in value:
            if not USER_ID.fullmatch(name):
                raise ValueError(f"{name} is no Slack user id, such as U012AB3CD")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: str) -> str:
        if value.startswith(("postgresql://", "postgresql+psycopg://")):
            return value
        file = value.removeprefix("sqlite:///")
        if file in (value, "", ":memory:"):
            raise ValueError("sqlite:///file.db or postgresql://user@host/name is needed")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("an address that begins with http:// or https:// is needed")
        return value if value.endswith("/") else f"{value}/"

    @field_validator("public_url")
    @classmethod
    def _check_public(cls, value: str) -> str:
        parts = urlsplit(value)
        is_whole = parts.scheme in ("http", "https") and parts.hostname
        if value and (not is_whole or parts.query or parts.fragment or parts.username):
            raise ValueError("an address such as https://pm.firm.example is needed")
        return value.rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether the workspace is one on this machine, in which office time may be moved."""
        return urlsplit(self.slack_api_url).hostname in LOOPBACK

    @property
    def people_age(self) -> timedelta:
        """How old what is known of a person may be."""
        return timedelta(hours=self.people_hours)

    @property
    def members_age(self) -> timedelta:
        """How old what is known of a channel's members may be."""
        return timedelta(minutes=self.members_minutes)

    def check_to_serve(self) -> None:
        """Raise `SettingsError` unless these settings reach Slack one way or the other."""
        gaps = []
        if not self.slack_bot_token:
            gaps.append("SLACK_BOT_TOKEN is missing: the bot's token (xoxb-…) from your Slack app.")
        if not self.slack_app_token and not self.slack_signing_secret:
            gaps.append(
                "Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET and PORT "
                "for HTTP."
            )
        elif not self.slack_app_token and self.port is None:
            gaps.append("PORT is missing: HTTP mode needs the port Slack's requests come to.")
        if self.public_url and self.port is None:
            gaps.append("PORT is missing: feeds at PUBLIC_URL come from the web door.")
        if self.slack_bot_token.startswith(("xapp-", "xoxp-")):
            gaps.append("SLACK_BOT_TOKEN begins with xoxb-; this is another kind of token.")
        if self.slack_app_token.startswith(("xoxb-", "xoxp-")):
            gaps.append("SLACK_APP_TOKEN begins with xapp-; this is another kind of token.")
        if gaps:
            raise SettingsError("\n".join(gaps))


def read_settings(**given: object) -> Settings:
    """The settings of this process; *given* ones win. Raises `SettingsError`."""
    try:
        return Settings(**given)  # type: ignore[arg-type] # checked by pydantic itself
    except ValidationError as error:
        lines = (": ".join([*map(str, e["loc"]), e["msg"]]) for e in error.errors())
        raise SettingsError("\n".join(lines)) from None
