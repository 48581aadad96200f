"""Mail settings: which servers mails leave by and answers are read from, and in whose name."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

ADDRESS = re.compile(r'[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]+@[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]+')
"""A mail address as it may stand in a command to a mail server."""

TLS_PORTS = {"smtps": 465, "imaps": 993}
PORTS = {"smtp": 25, "imap": 143}
SUBMISSION_PORT = 587  # where one logs in
INBOX = "INBOX"


class Security(StrEnum):
    """How a connection to a mail server is kept secret."""

    TLS = "TLS"
    REQUIRED = "STARTTLS"
    OFFERED = "STARTTLS where it is offered"
    NONE = "no encryption"


@dataclass(frozen=True)
class MailServer:
    """Where a mail server is and how one logs in there; *folder* is where answers come in."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = INBOX

    @classmethod
    def read(cls, url: str, protocol: str) -> Self:
        """The server *url* names. Raises ValueError; what it says shows no password."""
        parts = _split(url)
        schemes = (protocol, f"{protocol}s")
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"{schemes[0]}://host or {schemes[1]}://user:password@host is needed")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if user and not password:
            raise ValueError("a user without a password: user:password@host is needed")
        port = parts.port or TLS_PORTS.get(parts.scheme) or PORTS[parts.scheme]
        if parts.port is None and parts.scheme == "smtp" and user:
            port = SUBMISSION_PORT
        folder = unquote(parts.path.strip("/")) or INBOX
        security = _security(parts, may_do_without=protocol == "smtp" and not user)
        return cls(parts.hostname, port, security, user, password, folder)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 # raises where it is none
    except ValueError:
        raise ValueError(
            "the port or the host cannot be read; is a sign to be %-encoded?"
        ) from None
    return parts


def _security(parts: SplitResult, *, may_do_without: bool) -> Security:
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    wanted = given.pop("starttls", None)
    is_tls = parts.scheme in TLS_PORTS
    if given or wanted not in (None, "no", "require") or (wanted and is_tls):
        raise ValueError(
            "after the ? there may only be starttls=require or starttls=no, not with "
            "TLS from the start"
        )
    if is_tls:
        return Security.TLS
    if wanted == "no":
        return Security.NONE
    return Security.OFFERED if may_do_without and wanted is None else Security.REQUIRED


class MailSettings(BaseModel):
    """The part of the settings mail goes by; without `SMTP_URL` nobody is mailed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    smtp_url: str = Field(
        "",
        alias="SMTP_URL",
        repr=False,
        description="The server mails leave by: `smtp://user:password@host:587` (STARTTLS) or "
        "`smtps://user:password@host` (TLS); `?starttls=no` does without. Empty: nobody is mailed.",
    )
    mail_from: str = Field(
        "",
        alias="MAIL_FROM",
        description="The mailbox mails come from and answers go to: "
        "`Jourfixe <office@firm.example>`. It must be yours, and stay the same.",
    )
    imap_url: str = Field(
        "",
        alias="IMAP_URL",
        repr=False,
        description="Where answers to `MAIL_FROM` are read: `imaps://user:password@host/INBOX`, or "
        "`imap://` with STARTTLS; `?starttls=no` does without. Empty: they are not read.",
    )
    mail_poll_seconds: float = Field(
        60,
        alias="JOURFIXE_MAIL_POLL_SECONDS",
        gt=0,
        description="How often the mailbox at `IMAP_URL` is looked into, in seconds.",
    )
    mail_unread_folder: str = Field(
        "Jourfixe/Unread",
        alias="JOURFIXE_MAIL_UNREAD_FOLDER",
        min_length=1,
        description="The folder for mails nobody here understands; it is made where there is none.",
    )
    mail_ca_file: Path | None = Field(
        None,
        alias="MAIL_CA_FILE",
        description="Certificates of authorities to trust at mail servers, besides the system's.",
    )

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp(cls, value: str) -> str:
        if value:
            MailServer.read(value, "smtp")
        return value

    @field_validator("imap_url")
    @classmethod
    def _check_imap(cls, value: str) -> str:
        if value:
            MailServer.read(value, "imap")
        return value

    @field_validator("mail_from")
    @classmethod
    def _check_from(cls, value: str) -> str:
        address = parseaddr(value)[1]
        if value and (not ADDRESS.fullmatch(address) or not value.isprintable()):
            raise ValueError("Name <mailbox@host> is needed")
        if not address.isascii():
            raise ValueError("its address must be ASCII: not every server takes another one")
        return value

    @field_validator("mail_ca_file")
    @classmethod
    def _check_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file {value}")
        return value

    @model_validator(mode="after")
    def _check_sender(self) -> Self:
        if bool(self.smtp_url) != bool(self.mail_from):
            given, missing = (
                ("SMTP_URL", "MAIL_FROM") if self.smtp_url else ("MAIL_FROM", "SMTP_URL")
            )
            raise ValueError(f"{given} is set, {missing} is not: mail needs both, or neither.")
        return self

    @property
    def smtp(self) -> MailServer | None:
        """The server mails leave by; None where nobody is mailed."""
        return MailServer.read(self.smtp_url, "smtp") if self.smtp_url else None

    @property
    def imap(self) -> MailServer | None:
        """The server answers are read from; None where they are not."""
        return MailServer.read(self.imap_url, "imap") if self.imap_url else None

    def mail_tls(self) -> SSLContext:
        """What certificates of mail servers are checked with."""
        context = create_default_context()
        if self.mail_ca_file is not None:
            context.load_verify_locations(self.mail_ca_file)
        return context

    @property
    def mail_address(self) -> str:
        """The address mails come from, without its name."""
        return parseaddr(self.mail_from)[1]
