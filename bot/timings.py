"""Timings of delivery and the clock: how long they wait for what, as an operator can set it."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

UnreadablePolicy = Literal["hold", "repost"]
LOCK_WAIT_S = 2.0  # Slack waits 3 s for an answer; the rest is for saying so
CALLS = 3  # of the HTTP timeout fit into a lease: as many as an upload makes


class Timings(BaseModel):
    """The part of the settings delivery and the clock go by; all of it is machine time."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    http_seconds: float = Field(
        10,
        alias="JOURFIXE_HTTP_SECONDS",
        gt=0,
        description="After how many seconds without an answer a call of Slack is given up.",
    )
    quick_seconds: float = Field(
        1.2,
        alias="JOURFIXE_QUICK_SECONDS",
        gt=0,
        description="The same for what somebody's answer waits for; two such calls and the answer "
        "must fit into the three seconds Slack waits.",
    )
    lease_seconds: float = Field(
        60,
        alias="JOURFIXE_LEASE_SECONDS",
        gt=0,
        description="After how many seconds another process sends what one that ended was sending.",
    )
    settle_seconds: float = Field(
        45,
        alias="JOURFIXE_SETTLE_SECONDS",
        gt=0,
        description="How long after a lost answer a channel's history is trusted to show the "
        "message if it was posted.",
    )
    reads: int = Field(
        3,
        alias="JOURFIXE_READS",
        ge=1,
        description="How often history must not show a message before it is posted again.",
    )
    read_gap_seconds: float = Field(
        20,
        alias="JOURFIXE_READ_GAP_SECONDS",
        ge=0,
        description="How many seconds lie between two such looks at a channel's history.",
    )
    backoff_seconds: float = Field(
        2,
        alias="JOURFIXE_BACKOFF_SECONDS",
        gt=0,
        description="The pause before the second attempt; it doubles with every further one.",
    )
    backoff_max_seconds: float = Field(
        300,
        alias="JOURFIXE_BACKOFF_MAX_SECONDS",
        gt=0,
        description="The longest pause between two attempts.",
    )
    auth_pause_seconds: float = Field(
        60,
        alias="JOURFIXE_AUTH_PAUSE_SECONDS",
        gt=0,
        description="How long nothing is sent after Slack refused the token; then it is tried.",
    )
    recheck_seconds: float = Field(
        300,
        alias="JOURFIXE_RECHECK_SECONDS",
        gt=0,
        description="How long what not everybody in its channel may read waits before it is looked "
        "at again.",
    )
    retry_seconds: float = Field(
        300,
        alias="JOURFIXE_RETRY_SECONDS",
        gt=0,
        description="The pause before what the clock does is tried again for a project or person "
        "it failed for.",
    )
    lock_seconds: float = Field(
        LOCK_WAIT_S,
        alias="JOURFIXE_LOCK_SECONDS",
        gt=0,
        description="How long one waits for a connection to the database and for what others hold "
        "of it, in seconds; Slack waits three for an answer.",
    )
    beat_seconds: float = Field(
        5,
        alias="JOURFIXE_BEAT_SECONDS",
        gt=0,
        description="How often a process notes in the database that it is there.",
    )
    unreadable_channels: UnreadablePolicy = Field(
        "hold",
        alias="JOURFIXE_UNREADABLE_CHANNELS",
        description="After a lost answer in a channel whose history may not be read: `hold` until "
        "somebody decides (`jourfixe deliveries`; never twice), or `repost` (never lost).",
    )
    unreadable_direct: UnreadablePolicy = Field(
        "repost",
        alias="JOURFIXE_UNREADABLE_DIRECT",
        description="The same for direct messages: better a reminder twice than none.",
    )

    mail_seconds: float = Field(
        30,
        alias="JOURFIXE_MAIL_SECONDS",
        gt=0,
        description="How many seconds a mail may take, with all a server answers; then it is given "
        "up until later.",
    )
    mail_backoff_seconds: float = Field(
        60,
        alias="JOURFIXE_MAIL_BACKOFF_SECONDS",
        gt=0,
        description="The pause before a mail is tried again that was put off; it doubles with "
        "every further one.",
    )
    mail_backoff_max_seconds: float = Field(
        1800,
        alias="JOURFIXE_MAIL_BACKOFF_MAX_SECONDS",
        gt=0,
        description="The longest pause between two attempts at a mail.",
    )
    mail_hours: float = Field(
        48,
        alias="JOURFIXE_MAIL_HOURS",
        gt=0,
        description="For how many hours a mail is tried that its reader's server puts off.",
    )

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        """Refuse timings that would let two processes send the same message."""
        if self.lease_seconds <= CALLS * self.http_seconds:
            raise ValueError(
                f"JOURFIXE_LEASE_SECONDS ({self.lease_seconds:g}) must be more than {CALLS} times "
                f"JOURFIXE_HTTP_SECONDS ({self.http_seconds:g}): an upload is {CALLS} calls."
            )
        if self.backoff_max_seconds < self.backoff_seconds:
            raise ValueError(
                f"JOURFIXE_BACKOFF_MAX_SECONDS ({self.backoff_max_seconds:g}) must not be less "
                f"than JOURFIXE_BACKOFF_SECONDS ({self.backoff_seconds:g})."
            )
        return self

    @property
    def http(self) -> timedelta:
        """How long one call of Slack may take."""
        return timedelta(seconds=self.http_seconds)

    @property
    def lease(self) -> timedelta:
        """How long a delivery belongs to the worker that sends it."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def settle(self) -> timedelta:
        """How long Slack's history may take to show what was posted."""
        return timedelta(seconds=self.settle_seconds)

    @property
    def read_gap(self) -> timedelta:
        """How long to wait before history is read again."""
        return timedelta(seconds=self.read_gap_seconds)

    @property
    def auth_pause(self) -> timedelta:
        """How long to leave a Slack alone that refuses the token."""
        return timedelta(seconds=self.auth_pause_seconds)

    @property
    def recheck(self) -> timedelta:
        """How long to wait before it is asked again who may read in a channel."""
        return timedelta(seconds=self.recheck_seconds)

    @property
    def retry(self) -> timedelta:
        """How long to leave a turn of a job alone that failed."""
        return timedelta(seconds=self.retry_seconds)

    @property
    def mail_patience(self) -> timedelta:
        """How long a mail is tried that its reader's server puts off."""
        return timedelta(hours=self.mail_hours)

    @property
    def beat(self) -> timedelta:
        """How long lies between two beats."""
        return timedelta(seconds=self.beat_seconds)

    def backoff(self, attempts: int) -> timedelta:
        """The pause after so many attempts, without its jitter."""
        pause = self.backoff_seconds * 2.0 ** min(attempts - 1, 30)
        return timedelta(seconds=min(max(pause, self.backoff_seconds), self.backoff_max_seconds))

    def for_mail(self) -> Self:
        """The timings of mail: what applies to a call of Slack applies to a mail as a whole."""
        longest = max(self.mail_backoff_seconds, self.mail_backoff_max_seconds)
        return self.model_copy(
            update={
                "http_seconds": self.mail_seconds,
                "lease_seconds": max(self.lease_seconds, CALLS * self.mail_seconds),
                "backoff_seconds": self.mail_backoff_seconds,
                "backoff_max_seconds": longest,
                "unreadable_channels": "repost",  # the same mail twice is shown once
            }
        )

    def policy(self, channel: str) -> UnreadablePolicy:
        """What becomes of a doubtful message to *channel* where nobody may look."""
        is_direct = channel.startswith(("U", "W", "D"))
        return self.unreadable_direct if is_direct else self.unreadable_channels
